import { symbolOf, type Unknown } from '../../../model/symbol.ts';
import { number, string, type StringValue, type Value } from '../../value.ts';
import type { Text } from '../scope.ts';
import { splitKnown } from '../symbols.ts';
import { textOf } from '../values.ts';
import { symbolicCall, wrongArgument, type Call } from './function.ts';

/** Texts of which parts are symbols: the known text around them is kept as far as a function allows. */

export function concatTexts(args: readonly Value[], call: Call): Value {
  const texts = args.map((arg) => partOf(arg, call));
  return string(
    call.scope.evaluation.bound(texts.map(({ text }) => text).join('')),
    call.place,
    texts.flatMap(({ unknowns }) => unknowns),
  );
}

/** A value as a part of a text; a container with unknowns inside is a symbol as a whole. */
export function partOf(value: Value, call: Call): Text {
  return textOf(value) ?? partOf(symbolicCall({ ...call, name: 'string' }, [value]), call);
}

export function lengthOfText(value: StringValue, call: Call): Value {
  return value.unknowns === undefined ? number(value.value.length, call.place) : symbolicCall(call, [value]);
}

/** A part of a text where it can be told although the text has symbols: before the first one, or all from there on. */
export function sliceText(
  value: StringValue,
  bounds: (size: number) => [from: number, to: number],
  call: Call,
): Value | undefined {
  if (value.unknowns === undefined)
    return string(value.value.slice(...bounds(value.value.length)), call.place);
  const known = value.value.indexOf('⟦');
  const [from, to] = bounds(Infinity);
  if (to <= known) return string(value.value.slice(from, to), call.place);
  if (to === Infinity && from <= known) return string(value.value.slice(from), call.place, value.unknowns);
  return undefined;
}

/** Applies a function to the known parts and wraps the symbols in its name. */
export function mapPieces(
  value: StringValue,
  known: (text: string) => string,
  symbol: (identity: string) => string,
  call: Call,
): Value {
  const pieces = splitKnown(value.value).map((piece) =>
    piece.symbol ? symbolOf(symbol(piece.text.slice(1, -1))) : known(piece.text),
  );
  return string(pieces.join(''), call.place, value.unknowns);
}

/** A text, possibly with symbols; an unknown value counts as one symbol. */
export function textAt(args: readonly Value[], position: number, call: Call): StringValue {
  const arg = args[position];
  if (arg?.kind === 'string') return arg;
  if (arg?.kind === 'unknown') return asText(arg.symbol, arg.unknown, call);
  return wrongArgument(call, position, 'a string', arg);
}

function asText(symbol: string, unknown: Unknown, call: Call): StringValue {
  return string(symbol, call.place, [unknown]);
}
