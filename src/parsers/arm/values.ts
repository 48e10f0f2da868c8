import type { Place } from '../../model/place.ts';
import { symbolOf, type Unknown } from '../../model/symbol.ts';
import {
  array,
  scalarValue,
  type ArrayValue,
  type Member,
  type ObjectValue,
  type UnknownValue,
  type Value,
} from '../value.ts';
import { MAX_VALUES, tooManyValues } from './scope.ts';
import { splitKnown } from './symbols.ts';

/** The questions that every function of the expression language asks of a value, and makers of ARM's own. */

export function object(entries: Iterable<readonly [name: string, value: Value]>, place: Place): ObjectValue {
  const members = new Map<string, Member>();
  for (const [name, value] of entries) members.set(name.toLowerCase(), { name, value });
  return { kind: 'object', members, place };
}

/** `identity` is canonical text: equal texts mean equal values. */
export function unknownValue(identity: string, unknown: Unknown, place: Place): UnknownValue {
  return { kind: 'unknown', symbol: symbolOf(shorten(identity)), unknown, place };
}

/** Any number of items that are not known. */
export function spreadOf(value: UnknownValue): UnknownValue {
  return { ...value, spread: true };
}

const READABLE = 240;

/** Long identities keep their beginning for the reader and are told apart by a hash of the whole. */
function shorten(identity: string): string {
  const text = identity.toLowerCase();
  return text.length <= READABLE ? text : `${text.slice(0, READABLE - 16)}…${hashOf(text)}`;
}

/** 64 bits of text, as 16 hexadecimal digits; stable over runs and machines, not for secrets. */
export function hashOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The canonical text of a value: equal texts mean equal values, and symbols inside stay recognisable. */
export function canonical(value: Value): string {
  switch (value.kind) {
    case 'string':
      return canonicalText(value.value);
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'unknown':
      return (value.spread === true ? '...' : '') + value.symbol.slice(1, -1);
    case 'array':
    case 'object': {
      let text = canonicalContainers.get(value);
      if (text === undefined) {
        text = abridge(value.kind === 'array' ? canonicalItems(value) : canonicalMembers(value));
        canonicalContainers.set(value, text);
      }
      return text;
    }
  }
}

/** The same map of regions or list of rules is often asked for many times. */
const canonicalContainers = new WeakMap<ArrayValue | ObjectValue, string>();

function canonicalItems({ items }: ArrayValue): string {
  return `[${items.map(canonical).join(',')}]`;
}

function canonicalMembers({ members }: ObjectValue): string {
  const texts = [...members].map(([name, member]) => `${name}:${canonical(member.value)}`);
  return `{${texts.sort().join(',')}}`;
}

/** `hub-⟦x⟧` is `'hub-'+x`, so that a text made of one symbol is equal to what the symbol stands for. */
function canonicalText(text: string): string {
  return splitKnown(text)
    .map((piece) => (piece.symbol ? piece.text.slice(1, -1) : `'${piece.text.replaceAll("'", "''")}'`))
    .join('+');
}

/** Containers are told apart by a hash once they are long, so that texts about them stay readable. */
function abridge(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 24)}…${hashOf(text)}${text.slice(-1)}`;
}

/** True where the value itself is not fully known: no value, or a text with symbols. Does not look into containers. */
export function isUnknown(value: Value): boolean {
  return value.kind === 'unknown' || (value.kind === 'string' && value.unknowns !== undefined);
}

/** Why a value, or the first such thing inside it, is not known; undefined where all of it is. */
export function unknownIn(value: Value): Unknown | undefined {
  switch (value.kind) {
    case 'unknown':
      return value.unknown;
    case 'string':
      return value.unknowns?.[0];
    case 'array':
    case 'object': {
      let found = unknownContents.get(value);
      if (found === undefined) {
        found = firstUnknownOf(value) ?? 'none';
        unknownContents.set(value, found);
      }
      return found === 'none' ? undefined : found;
    }
    default:
      return undefined;
  }
}

/** Each container is searched once, however often it stands inside others. */
const unknownContents = new WeakMap<ArrayValue | ObjectValue, Unknown | 'none'>();

function firstUnknownOf(container: ArrayValue | ObjectValue): Unknown | undefined {
  const parts =
    container.kind === 'array'
      ? container.items
      : Array.from(container.members.values(), ({ value }) => value);
  for (const part of parts) {
    const found = unknownIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Three-valued equality, case-sensitive as ARM's: undefined where it hangs on something unknown. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (a === b) return true;
  if (isUnknown(a) || isUnknown(b)) return equalUnknown(a, b);
  if (a.kind !== b.kind) return false;
  if (a.kind === 'array' && b.kind === 'array') return equalArrays(a, b);
  if (a.kind === 'object' && b.kind === 'object') return equalObjects(a, b);
  return canonical(a) === canonical(b);
}

function equalUnknown(a: Value, b: Value): boolean | undefined {
  if (canonical(a) === canonical(b)) return true;
  if (a.kind === 'unknown' || b.kind === 'unknown') return undefined;
  if (a.kind !== 'string' || b.kind !== 'string') return false;
  const [startA, endA] = knownEnds(a.value);
  const [startB, endB] = knownEnds(b.value);
  const startsAgree = startA.startsWith(startB) || startB.startsWith(startA);
  const endsAgree = endA.endsWith(endB) || endB.endsWith(endA);
  return startsAgree && endsAgree ? undefined : false;
}

/** The text before the first symbol and behind the last. */
function knownEnds(text: string): [string, string] {
  const first = text.indexOf('⟦');
  return first < 0 ? [text, text] : [text.slice(0, first), text.slice(text.lastIndexOf('⟧') + 1)];
}

function equalArrays(a: ArrayValue, b: ArrayValue): boolean | undefined {
  if (canonical(a) === canonical(b)) return true;
  if (hasSpread(a) || hasSpread(b)) return undefined;
  if (a.items.length !== b.items.length) return false;
  return allEqual(a.items.map((item, index) => [item, b.items[index]]));
}

function equalObjects(a: ObjectValue, b: ObjectValue): boolean | undefined {
  if (canonical(a) === canonical(b)) return true;
  if (a.members.size !== b.members.size) return false;
  return allEqual([...a.members].map(([name, member]) => [member.value, b.members.get(name)?.value]));
}

function allEqual(pairs: readonly (readonly [Value, Value | undefined])[]): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [a, b] of pairs) {
    const same = b === undefined ? false : equal(a, b);
    if (same === false) return false;
    if (same === undefined) result = undefined;
  }
  return result;
}

export function hasSpread(value: ArrayValue): boolean {
  return value.items.some((item) => item.kind === 'unknown' && item.spread === true);
}

/** As ARM turns a value into text: True and False, compact JSON for containers; undefined where it cannot be known. */
export function textOf(value: Value): { text: string; unknowns: readonly Unknown[] } | undefined {
  switch (value.kind) {
    case 'string':
      return { text: value.value, unknowns: value.unknowns ?? [] };
    case 'number':
      return { text: String(value.value), unknowns: [] };
    case 'boolean':
      return { text: value.value ? 'True' : 'False', unknowns: [] };
    case 'null':
      return { text: '', unknowns: [] };
    case 'unknown':
      return { text: value.symbol, unknowns: [value.unknown] };
    default:
      return unknownIn(value) === undefined
        ? { text: JSON.stringify(toPlain(value)), unknowns: [] }
        : undefined;
  }
}

/** Plain JSON of a fully known value. Throws a fatal ExpressionError where that is more than any template has. */
function toPlain(root: Value): unknown {
  let count = 0;
  const plain = (value: Value): unknown => {
    count += 1;
    if (count > MAX_VALUES) throw tooManyValues();
    switch (value.kind) {
      case 'null':
        return null;
      case 'array':
        return value.items.map(plain);
      case 'object':
        // Not by assignment: `__proto__` is a name like any other.
        return Object.fromEntries(
          Array.from(value.members.values(), (member) => [member.name, plain(member.value)]),
        );
      case 'unknown':
        return value.symbol;
      default:
        return value.value;
    }
  };
  return plain(root);
}

/** Plain JSON as a value, all of it written at one place. */
export function fromPlain(raw: unknown, place: Place): Value {
  if (Array.isArray(raw)) {
    return array(
      raw.map((item: unknown) => fromPlain(item, place)),
      place,
    );
  }
  if (typeof raw !== 'object' || raw === null) return scalarValue(raw, place);
  return object(
    Object.entries(raw).map(([name, item]: [string, unknown]) => [name, fromPlain(item, place)]),
    place,
  );
}

/** For messages: "a string", "an array". */
export function kindName(value: Value): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'unknown':
      return 'an unknown value';
    case 'array':
    case 'object':
      return `an ${value.kind}`;
    default:
      return `a ${value.kind}`;
  }
}
