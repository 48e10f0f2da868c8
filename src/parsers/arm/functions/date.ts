import { ExpressionError } from '../expression.ts';
import { number, string, type Value } from '../../value.ts';
import { unknownValue } from '../values.ts';
import { integerAt, strict, stringAt, type Call, type FunctionTable } from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date */
export const dateFunctions: FunctionTable = {
  dateTimeAdd: strict(2, 3, (args, call) => {
    const moved = add(dateAt(args, 0, call), stringAt(args, 1, call));
    const style = args.length > 2 ? stringAt(args, 2, call) : 'M/d/yyyy h:mm:ss tt';
    return string(formatDate(moved, style), call.place);
  }),
  dateTimeFromEpoch: strict(1, 1, (args, call) => {
    const date = new Date(integerAt(args, 0, call) * 1000);
    if (Number.isNaN(date.getTime()))
      throw new ExpressionError('dateTimeFromEpoch() is given no date of this calendar');
    return string(formatDate(date, "yyyy-MM-dd'T'HH:mm:ss'Z'"), call.place);
  }),
  dateTimeToEpoch: strict(1, 1, (args, call) =>
    number(Math.floor(dateAt(args, 0, call).getTime() / 1000), call.place),
  ),
  utcNow: strict(0, 1, (args, call) =>
    unknownValue(
      args.length === 0 ? 'utcNow()' : `utcNow('${stringAt(args, 0, call)}')`,
      {
        reason: 'utcNow() is known only at the time of the deployment',
        supply: 'give its value with --parameters',
        place: call.place,
      },
      call.place,
    ),
  ),
};

function dateAt(args: readonly Value[], position: number, call: Call): Date {
  const text = stringAt(args, position, call);
  // .NET's universal format has a space where ISO 8601 has a T, and a time without zone is UTC here.
  const iso = text
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T')
    // What utcNow() yields.
    .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const date = new Date(/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  if (Number.isNaN(date.getTime()))
    throw new ExpressionError(`${call.name}() is given "${text}", which is not a date`);
  return date;
}

/** https://en.wikipedia.org/wiki/ISO_8601#Durations */
function add(date: Date, duration: string): Date {
  const found =
    /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(
      duration,
    );
  if (found === null || /[PT]$/i.test(duration)) {
    throw new ExpressionError(
      `dateTimeAdd() is given "${duration}", expected an ISO 8601 duration such as P3D or -PT1H`,
    );
  }
  const sign = found[1] === undefined ? 1 : -1;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(2)
    .map((part: string | undefined) => sign * Number(part ?? 0));
  const moved = new Date(date);
  const day = moved.getUTCDate();
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + years * 12 + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(day, lastDay));
  moved.setTime(moved.getTime() + (((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds) * 1000);
  if (Number.isNaN(moved.getTime()))
    throw new ExpressionError(`dateTimeAdd() leaves the calendar with "${duration}"`);
  return moved;
}

/** .NET's standard formats that appear in templates, as custom ones. */
const STANDARD: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function formatDate(date: Date, style: string): string {
  const pattern = STANDARD[style] ?? style;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour = date.getUTCHours();
  const day = DAYS[date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    yy: year.slice(-2),
    MMMM: month,
    MMM: month.slice(0, 3),
    MM: two(date.getUTCMonth() + 1),
    M: String(date.getUTCMonth() + 1),
    dddd: day,
    ddd: day.slice(0, 3),
    dd: two(date.getUTCDate()),
    d: String(date.getUTCDate()),
    HH: two(hour),
    H: String(hour),
    hh: two(hour % 12 || 12),
    h: String(hour % 12 || 12),
    mm: two(date.getUTCMinutes()),
    m: String(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    s: String(date.getUTCSeconds()),
    tt: hour < 12 ? 'AM' : 'PM',
    zzz: '+00:00',
    zz: '+00',
    K: 'Z',
  };
  return pattern.replace(/'([^']*)'|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|t+|z+|K)/g, (found, quoted, escaped) => {
    if (typeof quoted === 'string') return quoted;
    if (typeof escaped === 'string') return escaped;
    if (found.startsWith('f')) {
      return String(date.getUTCMilliseconds())
        .padStart(3, '0')
        .padEnd(found.length, '0')
        .slice(0, found.length);
    }
    const part = parts[found];
    if (part === undefined)
      throw new ExpressionError(`the date format "${style}" has "${found}", which is not supported`);
    return part;
  });
}
