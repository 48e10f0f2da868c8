import { string, type Value } from '../../value.ts';
import { ExpressionError } from '../expression.ts';
import { isUnknown, unknownValue } from '../values.ts';
import type { Call } from './function.ts';
import { partOf } from './text.ts';

/**
 * One item of format(): `{0}`, `{0,8}`, `{0:D3}`
 * (https://learn.microsoft.com/dotnet/standard/base-types/composite-formatting).
 */
export function formatItem(
  value: Value,
  alignment: string | undefined,
  style: string | undefined,
  call: Call,
): Value {
  if (alignment === undefined && (style === undefined || style === '')) {
    const { text, unknowns } = partOf(value, call);
    return string(text, call.place, unknowns);
  }
  if (isUnknown(value)) {
    const { text, unknowns } = partOf(value, call);
    const [unknown] = unknowns;
    const item = `${alignment === undefined ? '' : `,${alignment}`}${style === undefined ? '' : `:${style}`}`;
    if (unknown !== undefined) return unknownValue(`format('{0${item}}',${text})`, unknown, call.place);
  }
  const styled =
    value.kind === 'number' && style !== undefined
      ? formatNumber(value.value, style)
      : partOf(value, call).text;
  const width = Number(alignment ?? 0);
  if (Math.abs(width) > 10_000) throw new ExpressionError(`format() asks for a width of ${width}`, true);
  return string(width < 0 ? styled.padEnd(-width) : styled.padStart(width), call.place);
}

/** .NET's standard numeric formats for whole numbers, and custom ones made of zeros. */
function formatNumber(value: number, style: string): string {
  const [, letter = '', digits = ''] = /^([A-Za-z])(\d{0,2})$/.exec(style) ?? [];
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  switch (letter.toLowerCase()) {
    case 'd':
      return sign + String(size).padStart(Number(digits), '0');
    case 'x': {
      const hex = value < 0 ? BigInt.asUintN(64, BigInt(value)).toString(16) : value.toString(16);
      return (letter === 'X' ? hex.toUpperCase() : hex).padStart(Number(digits), '0');
    }
    case 'f':
      return value.toFixed(digits === '' ? 2 : Number(digits));
    case 'n':
      return grouped(value, digits === '' ? 2 : Number(digits));
    case 'p':
      return `${grouped(value * 100, digits === '' ? 2 : Number(digits))} %`;
    case 'g':
      return String(value);
    default:
  }
  if (/^0+$/.test(style)) return sign + String(size).padStart(style.length, '0');
  if (style === '#,##0') return grouped(value, 0);
  throw new ExpressionError(`format() has the format "${style}", which is not supported for numbers`);
}

function grouped(value: number, places: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });
}
