import { daysBetween } from '../model/day.ts';
import { dateOfData } from './records.ts';

/** Half a year. The article's rows changed in every second month from 2023 to 2025 (MicrosoftDocs/azure-aks-docs). */
const OLD_AFTER_DAYS = 180;

/**
 * What to say of data that is old on a day, as a finished sentence; nothing where it is not.
 * @param day the day on which a run judges, `YYYY-MM-DD`: today, or the one that --as-of pins
 */
export function ageNotices(day: string): string[] {
  const read = dateOfData();
  const age = daysBetween(read, day);
  if (age <= OLD_AFTER_DAYS) return [];
  return [
    `The catalogue of requirements was read on ${read}, ${age} days before ${day}: Microsoft may have changed what AKS ` +
      "needs since then. Update aks-egress-lint; 'aks-egress-lint requirements --diff FILE' compares it with the article as it is now.",
  ];
}
