import { string, type StringValue, type Value } from '../../value.ts';
import { joined, numberText, toBoolean, toNumber, toText, whyUnknown } from '../evaluate/values.ts';
import { jsonText } from './json.ts';
import { type Arguments } from './function.ts';

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z%])/g;

/** https://developer.hashicorp.com/terraform/language/functions/format; symbols stay inside the text. */
export function format(pattern: string, values: readonly Value[], args: Arguments): Value {
  const parts: StringValue[] = [];
  let from = 0;
  let next = 0;
  let used = 0;
  const take = (position: string | undefined): Value => {
    const at = position === undefined ? next : Number(position) - 1;
    next = at + 1;
    used = Math.max(used, next);
    const value = values[at];
    if (value === undefined) throw args.error(`'${pattern}' needs more than ${values.length} values`);
    return value;
  };
  for (const match of pattern.matchAll(VERB)) {
    const [whole, flags = '', width, precision, position, verb = ''] = match;
    parts.push(string(pattern.slice(from, match.index), args.place));
    from = match.index + whole.length;
    if (verb === '%') {
      parts.push(string('%', args.place));
      continue;
    }
    const size =
      width === '*' ? toNumber(take(undefined), args.place) : width === undefined ? 0 : Number(width);
    const value = take(position);
    if (whyUnknown(value) !== undefined) {
      parts.push(toText(value));
      continue;
    }
    const digits = precision === undefined ? undefined : Number(precision);
    parts.push(string(padded(verbText(verb, value, digits, flags, args), size, flags), args.place));
  }
  if (used < values.length && !/%(?:[-+# 0]*\d*(?:\.\d+)?)\[/.test(pattern)) {
    throw args.error(`'${pattern}' takes ${used} values, found ${values.length}`);
  }
  parts.push(string(pattern.slice(from), args.place));
  return joined(parts, args.place);
}

function padded(value: string, width: number, flags: string): string {
  if (flags.includes('-')) return value.padEnd(width);
  if (flags.includes('0') && /^[-+]?\d/.test(value)) {
    const sign = /^[-+]/.exec(value)?.[0] ?? '';
    return sign + value.slice(sign.length).padStart(width - sign.length, '0');
  }
  return value.padStart(width);
}

function verbText(
  verb: string,
  value: Value,
  precision: number | undefined,
  flags: string,
  args: Arguments,
): string {
  const { place } = args;
  switch (verb) {
    case 'v':
      return plain(value, flags.includes('#'));
    case 's':
      return precision === undefined
        ? toText(value, place).value
        : Array.from(toText(value, place).value).slice(0, precision).join('');
    case 'q':
      return JSON.stringify(toText(value, place).value);
    case 't':
      return String(toBoolean(value, place));
    default:
      return numberVerb(verb, toNumber(value, place), precision, flags, args);
  }
}

function plain(value: Value, quoted: boolean): string {
  switch (value.kind) {
    case 'string':
      return quoted ? JSON.stringify(value.value) : value.value;
    case 'number':
      return numberText(value.value);
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    default:
      return jsonText(value);
  }
}

function numberVerb(
  verb: string,
  value: number,
  precision: number | undefined,
  flags: string,
  args: Arguments,
): string {
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  const whole = (): bigint => BigInt(Math.trunc(value));
  switch (verb) {
    case 'd':
      if (!Number.isInteger(value)) throw args.error(`%d of ${value}; expected a whole number`);
      return sign + whole().toString();
    case 'b':
      return sign + whole().toString(2);
    case 'o':
      return sign + whole().toString(8);
    case 'x':
      return sign + whole().toString(16);
    case 'X':
      return sign + whole().toString(16).toUpperCase();
    case 'f':
    case 'F':
      return sign + value.toFixed(precision ?? 6);
    case 'e':
    case 'E': {
      const made = value.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, 'e$10$2');
      return sign + (verb === 'E' ? made.toUpperCase() : made);
    }
    case 'g':
    case 'G':
      return (
        sign + (precision === undefined ? numberText(value) : String(Number(value.toPrecision(precision))))
      );
    default:
      throw args.error(`there is no verb %${verb}`);
  }
}
