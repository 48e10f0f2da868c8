import { RECORDS } from '../records.ts';
import { unique, type CatalogueRow } from './catalogue.ts';
import { sameServices, type ReadRow } from './match.ts';

/** What the catalogue knows that helps to judge a difference; finished sentences. */

/** Where the article now prints what a correction asks for. */
export function correctionNotes({ records, destinations }: CatalogueRow, found: ReadRow): string[] {
  const right = found.destinations.filter(
    (name) =>
      !destinations.includes(name) &&
      records.some((one) => (one.destinations ?? one.anyOf ?? []).includes(name)),
  );
  return right.map((name) => `The catalogue asks for '${name}' already, as a correction of the article.`);
}

/** Where the catalogue never needed what is gone. */
export function printedOnlyNotes({ records, destinations }: CatalogueRow): string[] {
  const evidence = records.map(({ corrections = [] }) =>
    corrections.find(
      (one) =>
        one.standing === 'documented' &&
        one.condition === undefined &&
        destinations.every((name) => one.destinations.includes(name)),
    ),
  );
  if (evidence.includes(undefined)) return [];
  return [
    `The catalogue has it as printed only: ${unique(evidence.map((one) => one?.evidence ?? '')).join(' ')}`,
  ];
}

/** What the catalogue has of a new row already. */
export function knownNotes({ destinations, services }: ReadRow): string[] {
  const known = RECORDS.filter(
    (record) =>
      (record.destinations ?? record.anyOf ?? []).some(
        (name) => name !== '*' && destinations.includes(name),
      ) && sameServices({ services }, { services: [`${record.protocol} ${record.port}`] }),
  );
  const ids = unique(known.map(({ id }) => id));
  return ids.length === 0 ? [] : [`The catalogue names it elsewhere: ${ids.join(', ')}.`];
}
