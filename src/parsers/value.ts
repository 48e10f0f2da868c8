import type { Place } from '../model/place.ts';
import type { Unknown } from '../model/symbol.ts';

/**
 * A JSON value that remembers where each part was written and what could not be known.
 * Every format is evaluated to this before firewall resources are read from it, so that a rule list that came through
 * three parameters still points at the literal it was written as.
 */
export type Value =
  StringValue | NumberValue | BooleanValue | NullValue | ArrayValue | ObjectValue | UnknownValue;

export interface StringValue {
  readonly kind: 'string';
  /** May contain symbols (src/model/symbol.ts); then `unknowns` says why, in order of the symbols. */
  readonly value: string;
  readonly place: Place;
  readonly unknowns?: readonly Unknown[];
}
export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  readonly place: Place;
}
export interface BooleanValue {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly place: Place;
}
export interface NullValue {
  readonly kind: 'null';
  readonly place: Place;
}
export interface ArrayValue {
  readonly kind: 'array';
  /** An UnknownValue with `spread` stands for any number of unknown items. */
  readonly items: readonly Value[];
  readonly place: Place;
}
export interface ObjectValue {
  readonly kind: 'object';
  /** Keyed by lower-cased name, since ARM compares names without case; `name` is as written. */
  readonly members: ReadonlyMap<string, Member>;
  readonly place: Place;
}
export interface Member {
  readonly name: string;
  readonly value: Value;
  /** Where the name is written, in formats whose pointers do not tell. */
  readonly keyPlace?: Place;
}
export interface UnknownValue {
  readonly kind: 'unknown';
  /** Identity as symbolOf() makes it: equal symbols mean equal values. */
  readonly symbol: string;
  readonly unknown: Unknown;
  readonly place: Place;
  readonly spread?: boolean;
}

export function string(value: string, place: Place, unknowns?: readonly Unknown[]): StringValue {
  return unknowns === undefined || unknowns.length === 0
    ? { kind: 'string', value, place }
    : { kind: 'string', value, place, unknowns };
}

export function number(value: number, place: Place): NumberValue {
  return { kind: 'number', value, place };
}

export function boolean(value: boolean, place: Place): BooleanValue {
  return { kind: 'boolean', value, place };
}

export function nothing(place: Place): NullValue {
  return { kind: 'null', place };
}

/** A string, number or boolean as a Value; null for anything else. */
export function scalarValue(raw: unknown, place: Place): Value {
  switch (typeof raw) {
    case 'string':
      return string(raw, place);
    case 'number':
    case 'bigint':
      return number(Number(raw), place);
    case 'boolean':
      return boolean(raw, place);
    default:
      return nothing(place);
  }
}

export function array(items: readonly Value[], place: Place): ArrayValue {
  return { kind: 'array', items, place };
}
