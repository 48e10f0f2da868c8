import { child, keyIn, type Place } from '../../model/place.ts';
import { showSymbols, type Unknown } from '../../model/symbol.ts';
import { JsonObject } from '../json/value.ts';
import type { ObjectValue, Value } from '../value.ts';

/**
 * Reading Azure's properties from a Value. Exports and converters write numbers and booleans as strings, enumerations
 * in any case, and null, "" and [] where nothing is meant; all of that is read alike.
 */

/** What a reader has to tell beside what it returns. */
export interface Report {
  note(message: string, place: Place): void;
  /** Something in a rule, collection or policy that could not be evaluated. */
  unknown(unknown: Unknown): void;
}

/** The first of the members that says something: not null and, where others may, not empty. Names are lower case. */
export function field(
  object: ObjectValue,
  name: string,
  other?: string,
  another?: string,
): Value | undefined {
  const value = object.members.get(name)?.value;
  if (other !== undefined && isEmpty(value)) return field(object, other, another);
  return value?.kind === 'null' ? undefined : value;
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || isBlank(value) || (value.kind === 'array' && value.items.length === 0);
}

/** The objects that hold an element's properties: itself, or its `properties` where they are not flattened. */
export function bodyOf(element: ObjectValue): ObjectValue {
  const properties = element.members.get('properties')?.value;
  return properties?.kind === 'object' ? properties : element;
}

const NOTHING: readonly Value[] = [];

/** A list's items, nested lists opened, blanks left out; a single value counts as a list of one. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || isBlank(value)) return NOTHING;
  if (value.kind !== 'array') return [value];
  const { items } = value;
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at];
    if (item?.kind === 'array' || (item !== undefined && isBlank(item)))
      return items.flatMap((inner) => listOf(inner));
  }
  return items;
}

function isBlank(value: Value): boolean {
  return value.kind === 'null' || (value.kind === 'string' && value.value === '');
}

/** Why the value is not known; undefined where it is. */
export function unknownOf(value: Value | undefined): Unknown | undefined {
  if (value?.kind === 'unknown') return value.unknown;
  return value?.kind === 'string' ? value.unknowns?.[0] : undefined;
}

/** The value as text: symbols for what is not known, '' for containers and null. */
export function textOf(value: Value | undefined): string {
  switch (value?.kind) {
    case 'string':
      return value.value;
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'unknown':
      return value.symbol;
    default:
      return '';
  }
}

/** The text in lower case, for enumerations. */
export function wordOf(value: Value | undefined): string {
  return textOf(value).trim().toLowerCase();
}

/** A finite number, also where it is written as a string; undefined for anything else. */
export function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind === 'number') return value.value;
  if (value?.kind !== 'string' || !/^\s*\d+\s*$/.test(value.value)) return undefined;
  return Number(value.value);
}

/** True or false, also where it is written as a string; undefined where it is blank. */
export function booleanOf(value: Value | undefined): boolean | 'unknown' | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'boolean') return value.value;
  if (unknownOf(value) !== undefined) return 'unknown';
  const word = wordOf(value);
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** The key of a member, where it is written; of an object that an expression makes, the expression. */
export function keyPlace(object: ObjectValue, name: string): Place | undefined {
  const member = object.members.get(name);
  return member && placeOfKey(object, member.name, member.keyPlace);
}

function placeOfKey(object: ObjectValue, written: string, known: Place | undefined): Place {
  return known ?? (isComputed(object) ? object.place : keyIn(object.place, written));
}

/** Every value in what createObject() and its like make stands where the expression does or where an argument came from. */
function isComputed(object: ObjectValue): boolean {
  if (object instanceof JsonObject) return false;
  const { place, members } = object;
  for (const { name, value } of members.values()) {
    if (value.place.path === place.path && value.place.pointer === child(place, name).pointer) return false;
  }
  return members.size > 0;
}

/** A list of a rule with the member that holds it, so that it is looked up once for its items and its place. */
export interface List {
  readonly name: string | undefined;
  readonly keyPlace?: Place | undefined;
  readonly items: readonly Value[];
}

export function listAt(object: ObjectValue, name: string): List {
  const member = object.members.get(name);
  if (member === undefined) return NO_LIST;
  const { name: written, value, keyPlace } = member;
  return { name: written, keyPlace, items: listOf(value) };
}

const NO_LIST: List = { name: undefined, keyPlace: undefined, items: NOTHING };

/** The key of the first of several lists that has members, else of the first that is written at all. */
export function firstKey(object: ObjectValue, lists: readonly List[]): Place | undefined {
  const list = lists.find(({ items }) => items.length > 0) ?? lists.find(({ name }) => name !== undefined);
  return list?.name === undefined ? undefined : placeOfKey(object, list.name, list.keyPlace);
}

/** A name for messages: symbols as expressions, long ones cut. */
export function shown(name: string): string {
  const text = showSymbols(name);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** "policy 'hub'"; "the policy" where it has no name. */
export function called(kind: string, name: string): string {
  return name === '' ? `the ${kind}` : `${kind} '${shown(name)}'`;
}

/** What a value is, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'string':
      return `the text "${value.value.length > 60 ? `${value.value.slice(0, 60)}…` : value.value}"`;
    case 'number':
    case 'boolean':
      return `${value.kind} ${String(value.value)}`;
    case 'array':
    case 'object':
      return `an ${value.kind}`;
    case 'null':
      return 'null';
    case 'unknown':
      return 'a value that could not be evaluated';
  }
}

/** ConvertTo-Json writes what lies deeper than -Depth (2 by default) as type names, or lists as joined text. */
export function isCutOff(text: string): boolean {
  return /^(?:Microsoft\.Azure\.|System\.|@\{)/.test(text);
}

export const CUT_OFF = 'PowerShell cut this export off; repeat it with ConvertTo-Json -Depth 100';
