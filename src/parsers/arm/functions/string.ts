import { array, boolean, string, type Value } from '../../value.ts';
import { parseJson } from '../../json/read.ts';
import { ExpressionError } from '../expression.ts';
import { fromPlain, hashOf, isUnknown, unknownValue } from '../values.ts';
import { splitKnown, splitOutsideSymbols } from '../symbols.ts';
import { formatItem } from './format.ts';
import {
  arrayAt,
  integerAt,
  partial,
  strict,
  stringAt,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';
import { concatTexts, mapPieces, partOf, sliceText, textAt } from './text.ts';

const MAX_WIDTH = 100_000;

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string */
export const stringFunctions: FunctionTable = {
  base64: strict(1, 1, (args, call) => text(encode(stringAt(args, 0, call)), call)),
  base64ToJson: strict(1, 1, (args, call) => json(decode(stringAt(args, 0, call), call), call)),
  base64ToString: strict(1, 1, (args, call) => text(decode(stringAt(args, 0, call), call), call)),
  buildUri: strict(1, 1, buildUri),
  dataUri: strict(1, 1, (args, call) =>
    text(`data:text/plain;charset=utf8;base64,${encode(stringAt(args, 0, call))}`, call),
  ),
  dataUriToString: strict(1, 1, dataUriToString),
  endsWith: partial(2, 2, (args, call) => beginsOrEnds(args, call, true)),
  fail: strict(1, 1, (args, call) => {
    throw new ExpressionError(`the template fails by intent: ${stringAt(args, 0, call)}`);
  }),
  format: partial(1, Infinity, format),
  guid: strict(1, Infinity, (args, call) => text(guidOf(args, call), call)),
  newGuid: strict(0, 0, (_args, call) =>
    unknownValue(
      `newGuid() at ${call.place.pointer}`,
      {
        reason: 'newGuid() differs in every deployment',
        supply: 'give its value with --parameters',
        place: call.place,
      },
      call.place,
    ),
  ),
  padLeft: strict(2, 3, padLeft),
  parseUri: strict(1, 1, parseUri),
  replace: partial(3, 3, replace),
  split: partial(2, 2, split),
  startsWith: partial(2, 2, (args, call) => beginsOrEnds(args, call, false)),
  string: partial(1, 1, (args, call) => {
    const [arg] = args;
    if (arg === undefined || arg.kind === 'unknown') return symbolicCall(call, args);
    return arg.kind === 'string' ? arg : concatTexts(args, call);
  }),
  substring: partial(2, 3, substring),
  // Names compare without case everywhere in Azure, so an unknown text stays the same unknown.
  toLower: partial(1, 1, (args, call) =>
    mapPieces(
      textAt(args, 0, call),
      (known) => known.toLowerCase(),
      (identity) => identity,
      call,
    ),
  ),
  toUpper: partial(1, 1, (args, call) =>
    mapPieces(
      textAt(args, 0, call),
      (known) => known.toUpperCase(),
      (identity) => identity,
      call,
    ),
  ),
  trim: strict(1, 1, (args, call) => text(stringAt(args, 0, call).trim(), call)),
  uniqueString: strict(1, Infinity, (args, call) => text(uniqueOf(args, call), call)),
  uri: strict(2, 2, (args, call) =>
    text(joinUri(stringAt(args, 0, call), stringAt(args, 1, call), call), call),
  ),
  uriComponent: strict(1, 1, (args, call) =>
    text(uriText(encodeURIComponent, stringAt(args, 0, call), call), call),
  ),
  uriComponentToString: strict(1, 1, (args, call) =>
    text(uriText(decodeURIComponent, stringAt(args, 0, call), call), call),
  ),
};

function text(value: string, call: Call): Value {
  return string(call.scope.evaluation.bound(value), call.place);
}

function encode(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}

function decode(value: string, call: Call): string {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value))
    throw new ExpressionError(`${call.name}() is given text that is not base64`);
  return Buffer.from(value, 'base64').toString('utf8');
}

function json(value: string, call: Call): Value {
  const raw = parseJson(value);
  if (raw === undefined) throw new ExpressionError(`${call.name}() is given text that is not JSON`);
  return fromPlain(raw, call.place);
}

function dataUriToString(args: readonly Value[], call: Call): Value {
  const value = stringAt(args, 0, call);
  const found = /^data:([^,]*?)(;base64)?,(.*)$/is.exec(value);
  if (found === null) throw new ExpressionError(`dataUriToString() is given text that is not a data URI`);
  const [, , base64, data = ''] = found;
  return text(base64 === undefined ? uriText(decodeURIComponent, data, call) : decode(data, call), call);
}

/** Both directions refuse some texts: a lone surrogate, a `%` without its digits. */
function uriText(convert: (text: string) => string, value: string, call: Call): string {
  try {
    return convert(value);
  } catch {
    throw new ExpressionError(`${call.name}() is given text that cannot be converted`);
  }
}

function padLeft(args: readonly Value[], call: Call): Value {
  const [first] = args;
  if (first === undefined) return wrongArgument(call, 0, 'a string', first);
  const width = integerAt(args, 1, call);
  const fill = args.length > 2 ? stringAt(args, 2, call) : ' ';
  if (width > MAX_WIDTH) throw new ExpressionError(`padLeft() asks for a text of ${width} characters`, true);
  return text(partOf(first, call).text.padStart(width, fill), call);
}

function beginsOrEnds(args: readonly Value[], call: Call, ends: boolean): Value {
  const whole = textAt(args, 0, call);
  const wanted = textAt(args, 1, call);
  if (wanted.unknowns !== undefined) return symbolicCall(call, args);
  const pieces = splitKnown(whole.value.toLowerCase());
  const edge = pieces.at(ends ? -1 : 0);
  const known = edge === undefined || edge.symbol ? '' : edge.text;
  const searched = wanted.value.toLowerCase();
  const matches = ends ? known.endsWith(searched) : known.startsWith(searched);
  if (matches || whole.unknowns === undefined) return boolean(matches, call.place);
  const possible = ends ? searched.endsWith(known) : searched.startsWith(known);
  return possible ? symbolicCall(call, args) : boolean(false, call.place);
}

function format(args: readonly Value[], call: Call): Value {
  const [template, ...given] = args;
  if (template === undefined || template.kind === 'unknown') return symbolicCall(call, args);
  const pattern = stringAt(args, 0, call);
  const parts: Value[] = [];
  let from = 0;
  const literal = (to: number): void => {
    if (to > from) parts.push(string(pattern.slice(from, to), call.place));
  };
  for (const { 0: found, 1: position, 2: alignment, 3: style, index } of pattern.matchAll(
    /\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^{}]*))?\}|[{}]/g,
  )) {
    literal(index);
    from = index + found.length;
    if (position === undefined) {
      if (found.length < 2)
        throw new ExpressionError(`format() has a single "${found}" in ${JSON.stringify(pattern)}`);
      parts.push(string(found.slice(1), call.place));
      continue;
    }
    const value = given[Number(position)];
    if (value === undefined) {
      throw new ExpressionError(`format() has {${position}} and only ${given.length} values`);
    }
    parts.push(formatItem(value, alignment, style, call));
  }
  literal(pattern.length);
  const joined = concatTexts(parts, call);
  if (template.kind !== 'string' || template.unknowns === undefined || joined.kind !== 'string')
    return joined;
  return string(joined.value, call.place, [...template.unknowns, ...(joined.unknowns ?? [])]);
}

/** Azure's own values cannot be computed offline; these are as stable and as distinct. */
function guidOf(args: readonly Value[], call: Call): string {
  const seed = args.map((arg) => partOf(arg, call).text).join('-');
  const hex = hashOf(seed) + hashOf(`guid ${seed}`);
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

function uniqueOf(args: readonly Value[], call: Call): string {
  const seed = args.map((arg) => partOf(arg, call).text).join('-');
  const bits = BigInt(`0x${hashOf(seed)}`);
  return Array.from({ length: 13 }, (_, index) =>
    'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number((bits >> BigInt(index * 5)) & 31n)),
  ).join('');
}

function replace(args: readonly Value[], call: Call): Value {
  const whole = textAt(args, 0, call);
  const [from, to] = [textAt(args, 1, call), textAt(args, 2, call)];
  if (from.unknowns !== undefined || from.value === '') return symbolicCall(call, args);
  if (whole.unknowns === undefined) {
    const count = whole.value.split(from.value).length - 1;
    const unknowns = Array.from({ length: count }, () => to.unknowns ?? []).flat();
    return string(
      call.scope.evaluation.bound(whole.value.replaceAll(from.value, () => to.value)),
      call.place,
      unknowns,
    );
  }
  // A longer text could begin in a known part and end in a symbol.
  if (from.value.length > 1 || to.unknowns !== undefined) return symbolicCall(call, args);
  const quoted = [from, to].map(({ value }) => `'${value}'`).join(',');
  return mapPieces(
    whole,
    (known) => known.replaceAll(from.value, () => to.value),
    (identity) => `replace(${identity},${quoted})`,
    call,
  );
}

/** What never has a separator in it: names and ids that Azure gives. */
const SEGMENT =
  /^⟦(?:subscription\(\)\.(?:subscriptionid|tenantid)|resourcegroup\(\)\.(?:name|location)|deployment\(\)\.(?:name|location)|managementgroup\(\)\.name|tenant\(\)\.tenantid|resourcegroup\('[^']*'\)\.location)⟧$/;

function split(args: readonly Value[], call: Call): Value {
  const whole = textAt(args, 0, call);
  const [, by] = args;
  if (by === undefined || by.kind === 'unknown') return symbolicCall(call, args);
  const delimiters = by.kind === 'array' ? arrayAt(args, 1, call).items : [by];
  const known = delimiters.map((_, index) => stringAt(delimiters, index, call));
  const pieces = splitKnown(whole.value);
  const inId =
    /^\/(?:subscriptions|providers)\//i.test(whole.value) && known.every((delimiter) => delimiter === '/');
  const plain = known.every((delimiter) => !/[A-Za-z0-9-]/.test(delimiter));
  if (pieces.some((piece) => piece.symbol && !inId && !(plain && SEGMENT.test(piece.text))))
    return symbolicCall(call, args);
  let parts = [whole.value];
  for (const delimiter of known) {
    if (delimiter !== '') parts = parts.flatMap((part) => splitOutsideSymbols(part, delimiter));
  }
  call.scope.evaluation.grow(parts.length);
  const unknowns = [...(whole.unknowns ?? [])];
  const items = parts.map((part) => {
    const count = splitKnown(part).filter((piece) => piece.symbol).length;
    return string(part, call.place, unknowns.splice(0, count));
  });
  return array(items, call.place);
}

function substring(args: readonly Value[], call: Call): Value {
  const whole = textAt(args, 0, call);
  if (args.slice(1).some(isUnknown)) return symbolicCall(call, args);
  const start = integerAt(args, 1, call);
  const size = args.length > 2 ? integerAt(args, 2, call) : undefined;
  if (
    whole.unknowns === undefined &&
    (start < 0 || start + (size ?? 0) > whole.value.length || (size ?? 0) < 0)
  ) {
    throw new ExpressionError(
      `substring() asks for ${size ?? 'the'} characters from ${start} of a text of ${whole.value.length}`,
    );
  }
  return (
    sliceText(whole, (length) => [start, size === undefined ? length : start + size], call) ??
    symbolicCall(call, args)
  );
}

/** As .NET combines them, but for a base whose last segment is kept only if it ends in a slash. */
function joinUri(base: string, relative: string, call: Call): string {
  try {
    return new URL(relative, base).href;
  } catch {
    throw new ExpressionError(
      `${call.name}() is given ${JSON.stringify(base)}, which is not an absolute URI`,
    );
  }
}

function parseUri(args: readonly Value[], call: Call): Value {
  const value = stringAt(args, 0, call);
  try {
    const { protocol, hostname, port, pathname, search } = new URL(value);
    const query = search === '' ? {} : { query: search };
    return fromPlain(
      {
        scheme: protocol.slice(0, -1),
        host: hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path: pathname,
        ...query,
      },
      call.place,
    );
  } catch {
    throw new ExpressionError(`parseUri() is given ${JSON.stringify(value)}, which is not an absolute URI`);
  }
}

function buildUri(args: readonly Value[], call: Call): Value {
  const [parts] = args;
  if (parts?.kind !== 'object') return wrongArgument(call, 0, 'an object', parts);
  const get = (name: string): string => {
    const value = parts.members.get(name)?.value;
    return value === undefined ? '' : partOf(value, call).text;
  };
  const port = get('port');
  return text(
    `${get('scheme')}://${get('host')}${port === '' ? '' : `:${port}`}${get('path')}${get('query')}`,
    call,
  );
}
