import { nothing, array, number, string, boolean, type Value } from '../../value.ts';
import {
  byBytes,
  equals,
  identity,
  inner,
  toItems,
  toNumber,
  toSet,
  unknown,
  whyUnknown,
} from '../evaluate/values.ts';
import { fn, MANY, open, Unresolved, type Arguments, type TerraformFunction } from './function.ts';

const MOST_ITEMS = 100_000;

/** A list that is not known stands in the result for any number of items. */
function spread(value: Value): Value {
  return value.kind === 'unknown' ? { ...value, spread: true } : value;
}

function concat(args: Arguments): Value {
  const items = args.values.flatMap((value) =>
    value.kind === 'unknown' ? [spread(value)] : toItems(value, args.place),
  );
  return array(items, args.place);
}

function flatten(args: Arguments): Value {
  const flat = (value: Value): Value[] => {
    if (value.kind === 'array') return value.items.flatMap(flat);
    return [spread(value)];
  };
  if (args.at(0).kind === 'unknown') return args.at(0);
  return array(args.items(0).flatMap(flat), args.place);
}

function distinct(args: Arguments): Value {
  const found = new Map<string, Value>();
  for (const item of args.items(0)) {
    const key = identity(item);
    if (!found.has(key)) found.set(key, item);
  }
  return array([...found.values()], args.place);
}

function contains(args: Arguments): Value {
  const wanted = args.at(1);
  let why: ReturnType<typeof whyUnknown>;
  const collection = args.at(0);
  const items =
    collection.kind === 'object'
      ? [...collection.members.values()].map(({ value }) => value)
      : toItems(collection, args.place);
  for (const item of items) {
    const isEqual = item.kind === 'unknown' && item.spread === true ? undefined : equals(item, wanted);
    if (isEqual === true) return boolean(true, args.place);
    if (isEqual === undefined) why ??= whyUnknown(item, true) ?? whyUnknown(wanted, true);
  }
  return why === undefined ? boolean(false, args.place) : args.unknown(why);
}

/** The items, none of which may be unknown: where the result depends on each. */
function knownItems(args: Arguments, index: number): readonly Value[] {
  const items = args.items(index);
  for (const item of items) {
    const why = whyUnknown(item, true);
    if (why !== undefined) throw new Unresolved(args.unknown(why));
  }
  return items;
}

function range(args: Arguments): Value {
  const [first, second, third] = args.values.map((value) => toNumber(value, args.place));
  const start = second === undefined ? 0 : (first ?? 0);
  const limit = second ?? first ?? 0;
  const step = third ?? (start <= limit ? 1 : -1);
  if (step === 0) throw args.error('the step is 0');
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (count > 1024) throw args.error(`${count} numbers; Terraform makes 1024 at most`);
  return array(
    Array.from({ length: count }, (_, at) => number(start + at * step, args.place)),
    args.place,
  );
}

function slice(args: Arguments): Value {
  const [items, from, to] = [knownSpread(args, 0), args.integer(1), args.integer(2)];
  if (from < 0 || to > items.length || from > to) {
    throw args.error(`${from} to ${to} of a list with ${items.length} items`);
  }
  return array(items.slice(from, to), args.place);
}

/** The items, whose number must be known. */
function knownSpread(args: Arguments, index: number): readonly Value[] {
  const items = args.items(index);
  const open = items.find((item) => item.kind === 'unknown' && item.spread === true);
  if (open?.kind === 'unknown') throw new Unresolved(args.unknown(open));
  return items;
}

function element(args: Arguments): Value {
  const items = knownSpread(args, 0);
  if (items.length === 0) throw args.error('the list is empty');
  const at = args.integer(1) % items.length;
  return items[at < 0 ? at + items.length : at] ?? args.at(0);
}

function sort(args: Arguments): Value {
  const items = knownItems(args, 0);
  const texts = args.texts(0);
  const order = [...texts.keys()].sort((a, b) => byBytes(texts[a] ?? '', texts[b] ?? ''));
  return array(
    order.map((at) => string(texts[at] ?? '', items[at]?.place ?? args.place)),
    args.place,
  );
}

function chunklist(args: Arguments): Value {
  const [items, size] = [knownSpread(args, 0), args.integer(1)];
  if (size <= 0) return array([array(items, args.place)], args.place);
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(array(items.slice(at, at + size), args.place));
  return array(chunks, args.place);
}

function setproduct(args: Arguments): Value {
  const sets = args.values.map((_, index) => knownSpread(args, index));
  const size = sets.reduce((product, items) => product * items.length, 1);
  if (size > MOST_ITEMS) throw args.error(`${size} combinations; at most ${MOST_ITEMS} are evaluated`);
  let rows: Value[][] = [[]];
  for (const items of sets) rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  return array(
    rows.map((row) => array(row, args.place)),
    args.place,
  );
}

function setOf(args: Arguments, keep: (key: string, sets: readonly ReadonlySet<string>[]) => boolean): Value {
  const all = args.values.map((_, index) => knownItems(args, index));
  const sets = all.map((items) => new Set(items.map(identity)));
  return array(toSet(all.flat().filter((item) => keep(identity(item), sets))), args.place);
}

function coalescelist(args: Arguments): Value {
  for (const value of args.values) {
    const why = whyUnknown(value);
    if (why !== undefined) return args.unknown(why);
    if (value.kind === 'array' && value.items.length > 0) return value;
  }
  throw args.error('all lists are empty');
}

function coalesce(args: Arguments): Value {
  for (const value of args.values) {
    if (value.kind === 'null' || (value.kind === 'string' && value.value === '')) continue;
    const why = value.kind === 'unknown' ? value : undefined;
    return why === undefined ? value : args.unknown(why);
  }
  throw args.error('all arguments are null or empty');
}

function compact(args: Arguments): Value {
  return array(
    args.items(0).filter((item) => item.kind !== 'null' && !(item.kind === 'string' && item.value === '')),
    args.place,
  );
}

function every(name: string, decisive: boolean): TerraformFunction {
  return fn(name, 1, 1, (args) => {
    let why: ReturnType<typeof whyUnknown>;
    for (const item of args.items(0)) {
      why ??= whyUnknown(item);
      if (whyUnknown(item) === undefined && item.kind === 'boolean' && item.value === decisive) {
        return boolean(decisive, args.place);
      }
    }
    return why === undefined ? boolean(!decisive, args.place) : args.unknown(why);
  });
}

function one(args: Arguments): Value {
  const items = knownSpread(args, 0);
  if (items.length > 1) throw args.error(`a list with ${items.length} items; expected one or none`);
  return items[0] ?? nothing(args.place);
}

function indexOf(args: Arguments): Value {
  const at = knownItems(args, 0).findIndex((item) => equals(item, args.at(1)) === true);
  if (at < 0) throw args.error('the list does not hold the value');
  return number(at, args.place);
}

/** The result may have fewer items than what is not known has; each is one of it. */
function openSet(args: Arguments): Value | undefined {
  const why = args.values.map((value) => whyUnknown(value, true)).find((found) => found !== undefined);
  if (why === undefined) return undefined;
  const value = args.unknown(why, true);
  return array([value], args.place);
}

/** https://developer.hashicorp.com/terraform/language/functions#collection-functions */
export const LIST_FUNCTIONS: readonly TerraformFunction[] = [
  open('concat', 1, MANY, concat),
  open('flatten', 1, 1, flatten),
  open('distinct', 1, 1, (args) => (args.at(0).kind === 'unknown' ? args.at(0) : distinct(args))),
  open('compact', 1, 1, (args) => (args.at(0).kind === 'unknown' ? args.at(0) : compact(args))),
  open('contains', 2, 2, (args) =>
    args.at(0).kind === 'unknown' ? args.unknown(args.at(0) as never) : contains(args),
  ),
  fn('range', 1, 3, range),
  fn('slice', 3, 3, slice),
  fn('element', 2, 2, element),
  fn('sort', 1, 1, sort),
  fn('reverse', 1, 1, (args) => array([...knownSpread(args, 0)].reverse(), args.place)),
  fn('chunklist', 2, 2, chunklist),
  fn('setproduct', 1, MANY, setproduct),
  open('setunion', 1, MANY, (args) => openSet(args) ?? setOf(args, () => true)),
  open(
    'setintersection',
    1,
    MANY,
    (args) => openSet(args) ?? setOf(args, (key, sets) => sets.every((set) => set.has(key))),
  ),
  open(
    'setsubtract',
    2,
    2,
    (args) =>
      openSet(args) ?? setOf(args, (key, sets) => sets[0]?.has(key) === true && sets[1]?.has(key) === false),
  ),
  open('coalescelist', 1, MANY, coalescelist),
  open('coalesce', 1, MANY, coalesce),
  every('alltrue', false),
  every('anytrue', true),
  open('one', 1, 1, (args) => {
    const value = args.at(0);
    if (value.kind === 'null') return value;
    if (value.kind === 'unknown') return unknown(`one(${inner(value.symbol)})`, value.unknown, value.place);
    return value.kind === 'array' ? one(args) : value;
  }),
  fn('index', 2, 2, indexOf),
];
