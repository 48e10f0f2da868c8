import { array, boolean, nothing, number, string, type ObjectValue, type Value } from '../../value.ts';
import { ExpressionError } from '../expression.ts';
import { isLive, member } from '../members.ts';
import { splitKnown } from '../symbols.ts';
import { canonical, equal, hasSpread, isUnknown, object, spreadOf, textOf } from '../values.ts';
import { concatTexts, lengthOfText, sliceText } from './text.ts';
import {
  arrayAt,
  integerAt,
  partial,
  strict,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array */
export const arrayFunctions: FunctionTable = {
  array: partial(1, 1, (args, call) => {
    const [arg] = args;
    if (arg === undefined || arg.kind === 'unknown') return symbolicCall(call, args);
    return arg.kind === 'array' ? arg : array([arg], call.place);
  }),
  concat: partial(1, Infinity, concat),
  contains: partial(2, 2, contains),
  createArray: partial(0, Infinity, (args, call) => array(args, call.place)),
  empty: partial(1, 1, empty),
  first: partial(1, 1, (args, call) => atEnd(args, call, 0)),
  last: partial(1, 1, (args, call) => atEnd(args, call, -1)),
  flatten: partial(1, 1, flatten),
  indexFromEnd: partial(2, 2, (args, call) => fromEnd(args, call, false)),
  tryIndexFromEnd: partial(2, Infinity, (args, call) =>
    follow(fromEnd(args.slice(0, 2), call, true), args.slice(2), call),
  ),
  indexOf: strict(2, 2, (args, call) => indexOf(args, call, false)),
  lastIndexOf: strict(2, 2, (args, call) => indexOf(args, call, true)),
  intersection: strict(1, Infinity, intersection),
  join: partial(2, 2, join),
  length: partial(1, 1, length),
  max: strict(1, Infinity, (args, call) =>
    number(
      integers(args, call).reduce((a, b) => Math.max(a, b)),
      call.place,
    ),
  ),
  min: strict(1, Infinity, (args, call) =>
    number(
      integers(args, call).reduce((a, b) => Math.min(a, b)),
      call.place,
    ),
  ),
  range: strict(2, 2, range),
  skip: partial(2, 2, (args, call) => part(args, call, (size, count) => [Math.min(size, count), size])),
  take: partial(2, 2, (args, call) => part(args, call, (size, count) => [0, Math.min(size, count)])),
  tryGet: partial(2, Infinity, tryGet),
  union: partial(1, Infinity, union),
};

function concat(args: readonly Value[], call: Call): Value {
  if (args.some((arg) => arg.kind === 'array')) {
    const items: Value[] = [];
    for (const [position, arg] of args.entries()) {
      if (arg.kind === 'array') for (const item of arg.items) items.push(item);
      else if (arg.kind === 'unknown') items.push(spreadOf(arg));
      else wrongArgument(call, position, 'an array, as before,', arg);
    }
    call.scope.evaluation.grow(items.length);
    return array(items, call.place);
  }
  const wrong = args.findIndex((arg) => arg.kind === 'object');
  if (wrong >= 0) wrongArgument(call, wrong, 'a string or an array', args[wrong]);
  const [only] = args;
  if (only?.kind === 'unknown' && args.length === 1) return only;
  if (args.every((arg) => arg.kind === 'unknown')) return symbolicCall(call, args);
  return concatTexts(args, call);
}

function contains(args: readonly Value[], call: Call): Value {
  const [container, item] = args;
  if (container === undefined || item === undefined) return symbolicCall(call, args);
  if (container.kind === 'array') {
    const matches = container.items.map((member) => equal(member, item));
    if (matches.includes(true)) return boolean(true, call.place);
    return matches.includes(undefined) ? symbolicCall(call, args) : boolean(false, call.place);
  }
  if (container.kind === 'object') {
    if (isUnknown(item)) return symbolicCall(call, args);
    const key = textOf(item)?.text ?? wrongArgument(call, 1, 'a property name', item);
    const found = container.members.has(key.toLowerCase());
    return !found && isLive(container) ? symbolicCall(call, args) : boolean(found, call.place);
  }
  if (container.kind === 'unknown') return symbolicCall(call, args);
  if (container.kind !== 'string')
    return wrongArgument(call, 0, 'an array, an object or a string', container);
  if (isUnknown(item)) return symbolicCall(call, args);
  const wanted = textOf(item)?.text ?? wrongArgument(call, 1, 'a string', item);
  const found = splitKnown(container.value).some((piece) => !piece.symbol && piece.text.includes(wanted));
  return !found && isUnknown(container) ? symbolicCall(call, args) : boolean(found, call.place);
}

function empty(args: readonly Value[], call: Call): Value {
  const [arg] = args;
  switch (arg?.kind) {
    case 'null':
      return boolean(true, call.place);
    case 'array': {
      const known =
        arg.items.length === 0 || arg.items.some((item) => item.kind !== 'unknown' || item.spread !== true);
      return known ? boolean(arg.items.length === 0, call.place) : symbolicCall(call, args);
    }
    case 'object':
      return boolean(arg.members.size === 0 && !isLive(arg), call.place);
    case 'string': {
      const text = splitKnown(arg.value).some((piece) => !piece.symbol && piece.text !== '');
      return isUnknown(arg) && !text ? symbolicCall(call, args) : boolean(arg.value === '', call.place);
    }
    case 'unknown':
      return symbolicCall(call, args);
    default:
      return wrongArgument(call, 0, 'an array, an object or a string', arg);
  }
}

function length(args: readonly Value[], call: Call): Value {
  const [arg] = args;
  switch (arg?.kind) {
    case 'array':
      return hasSpread(arg) ? symbolicCall(call, args) : number(arg.items.length, call.place);
    case 'object':
      return isLive(arg) ? symbolicCall(call, args) : number(arg.members.size, call.place);
    case 'string':
      return lengthOfText(arg, call);
    case 'unknown':
      return symbolicCall(call, args);
    default:
      return wrongArgument(call, 0, 'an array, an object or a string', arg);
  }
}

function atEnd(args: readonly Value[], call: Call, end: 0 | -1): Value {
  const [arg] = args;
  if (arg?.kind === 'array') {
    const item = arg.items.at(end);
    if (item === undefined) return nothing(call.place);
    return item.kind === 'unknown' && item.spread === true ? symbolicCall(call, args) : item;
  }
  if (arg?.kind === 'string') {
    if (isUnknown(arg)) {
      const char = splitKnown(arg.value).at(end);
      return char === undefined || char.symbol
        ? symbolicCall(call, args)
        : string(char.text.at(end) ?? '', call.place);
    }
    return string(arg.value.at(end) ?? '', call.place);
  }
  return arg?.kind === 'unknown'
    ? symbolicCall(call, args)
    : wrongArgument(call, 0, 'an array or a string', arg);
}

function flatten(args: readonly Value[], call: Call): Value {
  const [arg] = args;
  if (arg?.kind === 'unknown') return symbolicCall(call, args);
  const items: Value[] = [];
  for (const inner of arrayAt(args, 0, call).items) {
    if (inner.kind === 'array') for (const item of inner.items) items.push(item);
    else if (inner.kind === 'unknown') items.push(spreadOf(inner));
    else wrongArgument(call, 0, 'an array of arrays', inner);
  }
  call.scope.evaluation.grow(items.length);
  return array(items, call.place);
}

function fromEnd(args: readonly Value[], call: Call, safe: boolean): Value {
  const [container] = args;
  if (container?.kind === 'unknown') return symbolicCall(call, args);
  const { items } = arrayAt(args, 0, call);
  const index = integerAt(args, 1, call);
  const after = items.slice(Math.max(0, items.length - index));
  if (after.some((item) => item.kind === 'unknown' && item.spread === true)) return symbolicCall(call, args);
  const item = index > 0 ? items[items.length - index] : undefined;
  if (item !== undefined) return item;
  if (safe) return nothing(call.place);
  throw new ExpressionError(`the array has no item ${index} from its end; its length is ${items.length}`);
}

/** Texts are searched without case, items of arrays with it, as the reference says of each. */
function indexOf(args: readonly Value[], call: Call, last: boolean): Value {
  const [container, item] = args;
  if (container?.kind === 'array' && item !== undefined) {
    const match = (other: Value): boolean => equal(other, item) === true;
    const found = last ? container.items.findLastIndex(match) : container.items.findIndex(match);
    return number(found, call.place);
  }
  if (container?.kind !== 'string') return wrongArgument(call, 0, 'an array or a string', container);
  if (item?.kind !== 'string') return wrongArgument(call, 1, 'a string', item);
  const text = container.value.toLowerCase();
  const wanted = item.value.toLowerCase();
  return number(last ? text.lastIndexOf(wanted) : text.indexOf(wanted), call.place);
}

function intersection(args: readonly Value[], call: Call): Value {
  const [first, ...others] = args;
  if (first?.kind === 'object') {
    const rest = others.map((other, index) =>
      other.kind === 'object' ? other : wrongArgument(call, index + 1, 'an object, as before,', other),
    );
    const common = [...first.members.entries()].filter(([name, { value }]) =>
      rest.every((other) => {
        const same = other.members.get(name)?.value;
        return same !== undefined && equal(same, value) === true;
      }),
    );
    return object(
      common.map(([, { name, value }]) => [name, value]),
      call.place,
    );
  }
  const base = arrayAt(args, 0, call);
  const sets = others.map((_, index) => new Set(arrayAt(args, index + 1, call).items.map(canonical)));
  const kept = base.items.filter((item) => sets.every((set) => set.has(canonical(item))));
  return array(distinct(kept), call.place);
}

function distinct(items: readonly Value[]): Value[] {
  const seen = new Map<string, Value>();
  for (const item of items) {
    const key = canonical(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function join(args: readonly Value[], call: Call): Value {
  const [list, delimiter] = args;
  if (list?.kind !== 'array' && list?.kind !== 'unknown') return wrongArgument(call, 0, 'an array', list);
  if (list.kind === 'unknown' || hasSpread(list) || delimiter === undefined) return symbolicCall(call, args);
  return concatTexts(
    list.items.flatMap((item, index) => (index === 0 ? [item] : [delimiter, item])),
    call,
  );
}

function integers(args: readonly Value[], call: Call): number[] {
  const [first] = args;
  const values = args.length === 1 && first?.kind === 'array' ? first.items : args;
  if (values.length === 0) throw new ExpressionError(`${call.name}() takes at least one number`);
  return values.map((_, index) => integerAt(values, index, call));
}

const MAX_RANGE = 10_000;

function range(args: readonly Value[], call: Call): Value {
  const start = integerAt(args, 0, call);
  const count = integerAt(args, 1, call);
  if (count < 0 || count > MAX_RANGE) {
    throw new ExpressionError(
      `range() makes 0 to ${MAX_RANGE} numbers, found a count of ${count}`,
      count > MAX_RANGE,
    );
  }
  call.scope.evaluation.grow(count);
  return array(
    Array.from({ length: count }, (_, index) => number(start + index, call.place)),
    call.place,
  );
}

/** skip() and take() of arrays and strings; `bounds` tells which part is kept. */
function part(
  args: readonly Value[],
  call: Call,
  bounds: (size: number, count: number) => [from: number, to: number],
): Value {
  const [container, count] = args;
  if (container === undefined || container.kind === 'unknown' || count?.kind === 'unknown') {
    return symbolicCall(call, args);
  }
  const wanted = Math.max(0, integerAt(args, 1, call));
  if (container.kind === 'string') {
    return sliceText(container, (size) => bounds(size, wanted), call) ?? symbolicCall(call, args);
  }
  const { items } = arrayAt(args, 0, call);
  const spread = items.findIndex((item) => item.kind === 'unknown' && item.spread === true);
  if (spread >= 0 && spread < wanted) return symbolicCall(call, args);
  return array(items.slice(...bounds(items.length, wanted)), call.place);
}

function tryGet(args: readonly Value[], call: Call): Value {
  const [start, ...path] = args;
  return start === undefined ? symbolicCall(call, args) : follow(start, path, call);
}

/** A step of a path is a name or an index; Bicep writes `[^2]` and computed ones as `{value: 2, fromEnd: true}`. */
function follow(start: Value, path: readonly Value[], call: Call): Value {
  let value = start;
  for (const step of path) {
    if (value.kind === 'null') return nothing(call.place);
    const index = step.kind === 'object' ? step.members.get('value')?.value : step;
    const end = step.kind === 'object' ? step.members.get('fromend')?.value : undefined;
    if (index === undefined) return wrongArgument(call, 1, 'names and indexes', step);
    value =
      end?.kind === 'boolean' && end.value
        ? fromEnd([value, index], call, true)
        : member(value, index, call.place, true);
  }
  return value;
}

function union(args: readonly Value[], call: Call): Value {
  if (args.some((arg) => arg.kind === 'array')) {
    const items = args.flatMap((arg, position) =>
      arg.kind === 'unknown'
        ? [spreadOf(arg)]
        : arg.kind === 'array'
          ? arg.items
          : [wrongArgument(call, position, 'an array, as before,', arg)],
    );
    call.scope.evaluation.grow(items.length);
    return array(distinct(items), call.place);
  }
  if (args.some((arg) => arg.kind === 'unknown')) {
    const [only] = args;
    return args.length === 1 && only !== undefined ? only : symbolicCall(call, args);
  }
  const objects = args.map((arg, position) =>
    arg.kind === 'object' ? arg : wrongArgument(call, position, 'an array or an object', arg),
  );
  return objects.reduce((merged, next) => mergeDeep(merged, next, call, 0));
}

const MAX_MERGE_DEPTH = 200;

/** Objects inside objects are merged too; of anything else the later one stays. */
function mergeDeep(a: ObjectValue, b: ObjectValue, call: Call, depth: number): ObjectValue {
  if (depth > MAX_MERGE_DEPTH) throw new ExpressionError('union() of objects that are nested too deep', true);
  const entries = new Map([...a.members].map(([key, { name, value }]) => [key, [name, value] as const]));
  for (const [key, { name, value }] of b.members) {
    const before = entries.get(key)?.[1];
    const both = before?.kind === 'object' && value.kind === 'object';
    entries.set(key, [name, both ? mergeDeep(before, value, call, depth + 1) : value]);
  }
  call.scope.evaluation.grow(entries.size);
  return object(entries.values(), call.place);
}
