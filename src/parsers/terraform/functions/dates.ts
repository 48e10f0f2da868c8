import { number, string } from '../../value.ts';
import { fn, open, type Arguments, type TerraformFunction } from './function.ts';

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([-+])(\d\d):(\d\d))$/;

/** Milliseconds since 1970 of an RFC 3339 timestamp, and its offset from UTC in minutes. */
function timestamp(args: Arguments, index: number): { at: number; offset: number } {
  const written = args.text(index);
  const [match, year, month, day, hour, minute, second, sign, hours, minutes] = TIMESTAMP.exec(written) ?? [];
  if (match === undefined) throw args.error(`'${written}' is no timestamp such as 2026-01-31T00:00:00Z`);
  const offset = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return { at: local - offset * 60_000, offset };
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

function duration(args: Arguments, index: number): number {
  const written = args.text(index);
  if (!/^[-+]?(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(written)) {
    throw args.error(`'${written}' is no duration such as 1h30m`);
  }
  const sign = written.startsWith('-') ? -1 : 1;
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return sign * parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS.get(unit) ?? 0), 0);
}

function timeText(at: number, offset: number): string {
  const local = new Date(at + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** https://developer.hashicorp.com/terraform/language/functions/formatdate */
function formatDate(args: Arguments): string {
  const { at, offset } = timestamp(args, 1);
  const date = new Date(at + offset * 60_000);
  const [hour, month, day] = [date.getUTCHours(), date.getUTCMonth(), date.getUTCDay()];
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const zone = timeText(at, offset).slice(19);
  const pieces: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()),
    YY: two(date.getUTCFullYear() % 100),
    MMMM: MONTHS[month] ?? '',
    MMM: (MONTHS[month] ?? '').slice(0, 3),
    MM: two(month + 1),
    M: String(month + 1),
    DD: two(date.getUTCDate()),
    D: String(date.getUTCDate()),
    EEEE: DAYS[day] ?? '',
    EEE: (DAYS[day] ?? '').slice(0, 3),
    hh: two(hour),
    h: String(hour),
    HH: two(twelve),
    H: String(twelve),
    AA: hour < 12 ? 'AM' : 'PM',
    aa: hour < 12 ? 'am' : 'pm',
    mm: two(date.getUTCMinutes()),
    m: String(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    s: String(date.getUTCSeconds()),
    ZZZZZ: zone === 'Z' ? '+00:00' : zone,
    ZZZZ: zone === 'Z' ? '+0000' : zone.replace(':', ''),
    ZZZ: zone === 'Z' ? 'UTC' : zone.replace(':', ''),
    Z: zone,
  };
  return args.text(0).replaceAll(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (whole, literal: string | undefined) => {
    if (literal !== undefined) return literal.replaceAll("''", "'");
    const piece = pieces[whole];
    if (piece === undefined) throw args.error(`'${whole}' is no part of a date`);
    return piece;
  });
}

/** https://developer.hashicorp.com/terraform/language/functions#date-and-time-functions */
export const DATE_FUNCTIONS: readonly TerraformFunction[] = [
  open('timestamp', 0, 0, (args) => args.atRunTime()),
  open('plantimestamp', 0, 0, (args) => args.atRunTime()),
  fn('timeadd', 2, 2, (args) => {
    const { at, offset } = timestamp(args, 0);
    return string(timeText(at + duration(args, 1), offset), args.place);
  }),
  fn('timecmp', 2, 2, (args) => number(Math.sign(timestamp(args, 0).at - timestamp(args, 1).at), args.place)),
  fn('formatdate', 2, 2, (args) => string(formatDate(args), args.place)),
];
