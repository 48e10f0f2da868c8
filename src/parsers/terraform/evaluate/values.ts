import { literalPattern } from '../../../model/literal-pattern.ts';
import type { Place } from '../../../model/place.ts';
import { hasSymbol, isSymbol, symbolOf, type Unknown } from '../../../model/symbol.ts';
import {
  nothing,
  string,
  type Member,
  type ObjectValue,
  type StringValue,
  type UnknownValue,
  type Value,
} from '../../value.ts';

/**
 * Terraform's values as the parsers' Value. Objects and maps are keyed by names as written, since Terraform tells their
 * case apart, until resources are translated for Azure; sets are arrays, sorted and without duplicates.
 */

/** What Terraform itself would refuse: a wrong type, a missing attribute. `try` and `can` catch it. */
export class EvaluationError extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** A text whose meaning is known: what jsonencode() made, or a whole file that file() read. */
export interface MeaningfulText extends StringValue {
  /** The value that jsonencode() was given. */
  readonly encoded?: Value;
  /** The file whose whole text it is. */
  readonly file?: string;
}

const NO_TEXT = string('', { path: '', pointer: '' });

export function meaningOf(value: Value): { readonly encoded?: Value; readonly file?: string } {
  const meaningful: StringValue & Pick<MeaningfulText, 'encoded' | 'file'> =
    value.kind === 'string' ? value : NO_TEXT;
  return meaningful;
}

export function map(entries: Iterable<readonly [string, Value]>, place: Place): ObjectValue {
  const members = new Map<string, Member>();
  for (const [name, value] of entries) members.set(name, { name, value });
  return { kind: 'object', members, place };
}

/** A value that is not known; equal identities mean equal values. */
export function unknown(identity: string, why: Unknown, place: Place, spread = false): UnknownValue {
  const symbol = symbolOf(identity);
  return spread
    ? { kind: 'unknown', symbol, unknown: why, place, spread }
    : { kind: 'unknown', symbol, unknown: why, place };
}

/** The same value, written elsewhere. */
export function moved<T extends Value>(value: T, place: Place): T {
  return { ...value, place };
}

/** An object whose attributes are evaluated one by one, since those of a resource may depend on each other. */
export class LazyObject implements ObjectValue {
  readonly kind = 'object';
  readonly place: Place;
  readonly get: (name: string) => Value | undefined;
  readonly #names: () => readonly string[];
  #members: Map<string, Member> | undefined;

  constructor(place: Place, names: () => readonly string[], get: (name: string) => Value | undefined) {
    this.place = place;
    this.get = get;
    this.#names = names;
  }

  get members(): ReadonlyMap<string, Member> {
    if (this.#members === undefined) {
      this.#members = new Map();
      for (const name of this.#names()) {
        const value = this.get(name);
        if (value !== undefined) this.#members.set(name, { name, value });
      }
    }
    return this.#members;
  }
}

export function memberOf(object: ObjectValue, name: string): Value | undefined {
  return object instanceof LazyObject ? object.get(name) : object.members.get(name)?.value;
}

/** Why the value is not wholly known, itself or, with `deep`, in any part; undefined where it is. */
export function whyUnknown(value: Value, deep = false): UnknownValue | StringValue | undefined {
  switch (value.kind) {
    case 'unknown':
      return value;
    case 'string':
      return value.unknowns === undefined ? undefined : value;
    case 'array': {
      if (!deep)
        return value.items.find((item) => item.kind === 'unknown' && item.spread) as UnknownValue | undefined;
      for (const item of value.items) {
        const why = whyUnknown(item, true);
        if (why !== undefined) return why;
      }
      return undefined;
    }
    case 'object': {
      if (!deep) return undefined;
      for (const { value: member } of value.members.values()) {
        const why = whyUnknown(member, true);
        if (why !== undefined) return why;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

export function reasonOf(value: UnknownValue | StringValue): Unknown {
  if (value.kind === 'unknown') return value.unknown;
  const [first] = value.unknowns ?? [];
  return first ?? { reason: 'the value is not known', supply: 'write it out', place: value.place };
}

/** The text inside a symbol's brackets. */
export function inner(symbol: string): string {
  return isSymbol(symbol) ? symbol.slice(1, -1) : symbol;
}

/** A value as part of an identity: equal texts mean equal values. */
export function identity(value: Value): string {
  switch (value.kind) {
    case 'string':
      return hasSymbol(value.value) && isSymbol(value.value)
        ? inner(value.value)
        : JSON.stringify(value.value);
    case 'number':
      return numberText(value.value);
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'unknown':
      return inner(value.symbol) + (value.spread === true ? '...' : '');
    case 'array':
      return `[${value.items.map(identity).join(', ')}]`;
    case 'object':
      return `{${sortedNames(value)
        .map((name) => `${JSON.stringify(name)}: ${identity(memberOf(value, name) ?? nothing(value.place))}`)
        .join(', ')}}`;
  }
}

/** Terraform keeps and visits the keys of maps and objects in lexical order. */
export function sortedNames(object: ObjectValue): string[] {
  return [...object.members.keys()].sort(byBytes);
}

export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Is it yes, no, or a question of what is not known? */
export function equals(a: Value, b: Value): boolean | undefined {
  if (identity(a) === identity(b)) return true;
  const [first, second] = [whyUnknown(a, true), whyUnknown(b, true)];
  if (first !== undefined || second !== undefined) return mayBeEqual(a, b) ? undefined : false;
  return false;
}

function mayBeEqual(a: Value, b: Value): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'array' && b.kind === 'array') {
    const spread = [...a.items, ...b.items].some((item) => item.kind === 'unknown' && item.spread === true);
    return (
      spread ||
      (a.items.length === b.items.length &&
        a.items.every((item, at) => equals(item, b.items[at] ?? item) !== false))
    );
  }
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.members.size === b.members.size &&
      [...a.members.keys()].every((name) => {
        const other = memberOf(b, name);
        return other !== undefined && equals(memberOf(a, name) ?? other, other) !== false;
      })
    );
  }
  if (a.kind === 'string' && b.kind === 'string') {
    const [whole, partial] = a.unknowns === undefined ? [a.value, b.value] : [b.value, a.value];
    return hasSymbol(whole) || patternOf(partial).test(whole);
  }
  return true;
}

function patternOf(partial: string): RegExp {
  const parts = partial.split(/⟦[^⟧]*⟧/).map(literalPattern);
  return new RegExp(`^${parts.join('[^]*')}$`);
}

/** A number as Terraform writes it in a text: exact where it is whole, without a float's noise where it is not. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
  return String(Number(value.toPrecision(15)));
}

/** What a value is, for messages. */
export function typeName(value: Value): string {
  switch (value.kind) {
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'boolean':
      return 'a bool';
    case 'null':
      return 'null';
    case 'unknown':
      return 'an unknown value';
    default:
      return `a ${value.kind}`;
  }
}

/** As a string, where Terraform converts; symbols stay inside. */
export function toText(value: Value, place: Place = value.place): StringValue {
  switch (value.kind) {
    case 'string':
      return value;
    case 'number':
      return string(numberText(value.value), value.place);
    case 'boolean':
      return string(String(value.value), value.place);
    case 'unknown':
      return string(value.symbol, value.place, [value.unknown]);
    default:
      throw new EvaluationError(`expected a string, found ${typeName(value)}`, place);
  }
}

export function toNumber(value: Value, place: Place = value.place): number {
  if (value.kind === 'number') return value.value;
  if (value.kind === 'string' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value.value)) {
    return Number(value.value);
  }
  throw new EvaluationError(`expected a number, found ${shownValue(value)}`, place);
}

export function toBoolean(value: Value, place: Place = value.place): boolean {
  if (value.kind === 'boolean') return value.value;
  if (value.kind === 'string') {
    if (value.value === 'true' || value.value === '1') return true;
    if (value.value === 'false' || value.value === '0') return false;
  }
  throw new EvaluationError(`expected true or false, found ${shownValue(value)}`, place);
}

export function toItems(value: Value, place: Place = value.place): readonly Value[] {
  if (value.kind === 'array') return value.items;
  throw new EvaluationError(`expected a list, found ${typeName(value)}`, place);
}

export function toObject(value: Value, place: Place = value.place): ObjectValue {
  if (value.kind === 'object') return value;
  throw new EvaluationError(`expected a map or object, found ${typeName(value)}`, place);
}

function shownValue(value: Value): string {
  return value.kind === 'string' ? `"${value.value.slice(0, 60)}"` : typeName(value);
}

/** Joins texts, whose symbols stay inside. */
export function joined(parts: readonly StringValue[], place: Place): StringValue {
  const unknowns = parts.flatMap((part) => part.unknowns ?? []);
  return string(parts.map((part) => part.value).join(''), place, unknowns);
}

/** Sorted, each value once: what a set is. */
export function toSet(items: readonly Value[]): Value[] {
  const distinct = new Map<string, Value>();
  for (const item of items) {
    const key = identity(item);
    if (!distinct.has(key)) distinct.set(key, item);
  }
  return [...distinct.values()].sort(compareValues);
}

function compareValues(a: Value, b: Value): number {
  if (a.kind === 'string' && b.kind === 'string') return byBytes(a.value, b.value);
  if (a.kind === 'number' && b.kind === 'number') return a.value - b.value;
  if (a.kind === 'unknown' || b.kind === 'unknown')
    return Number(a.kind === 'unknown') - Number(b.kind === 'unknown');
  return 0;
}
