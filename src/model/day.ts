/** Whether a text is a day of the calendar as `YYYY-MM-DD`; such texts compare as their days do. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

/** Days from one day to a later one; negative where it is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** The day so many days before another one. */
export function dayBefore(day: string, days: number): string {
  const milliseconds = Date.parse(`${day}T00:00:00Z`) - days * 86_400_000;
  return new Date(milliseconds).toISOString().slice(0, 10);
}
