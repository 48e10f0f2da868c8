import { child, type Place } from '../../model/place.ts';
import type { Unknown } from '../../model/symbol.ts';
import { nothing, type ArrayValue, type ObjectValue, type Value } from '../value.ts';
import { ExpressionError } from './expression.ts';
import { canonical, kindName, unknownIn, unknownValue } from './values.ts';

/** Objects of which only a part is declared: what else they have is known to Azure alone. */
const live = new WeakMap<ObjectValue, { readonly identity: string; readonly unknown: Unknown }>();

/** Marks an object as partly known: a member that is missing is unknown, not an error. */
export function liveObject(value: ObjectValue, identity: string, unknown: Unknown): ObjectValue {
  const marked: ObjectValue = {
    kind: 'object',
    place: value.place,
    get members() {
      return value.members;
    },
  };
  live.set(marked, { identity, unknown });
  return marked;
}

export function isLive(value: Value): boolean {
  return value.kind === 'object' && live.has(value);
}

/** `of.name`, `of['name']`, `of[0]`; with `safe`, null where it is missing. */
export function member(of: Value, index: Value, place: Place, safe: boolean): Value {
  if (of.kind === 'unknown') return unknownMember(of.symbol.slice(1, -1), index, of.unknown, place);
  if (of.kind === 'object') return objectMember(of, index, place, safe);
  if (of.kind === 'array') return arrayItem(of, index, place, safe);
  if (of.kind === 'null' && safe) return nothing(place);
  if (of.kind === 'string' && of.unknowns?.[0] !== undefined) {
    return unknownMember(canonical(of), index, of.unknowns[0], place);
  }
  throw new ExpressionError(`${kindName(of)} has no property or item ${canonical(index)}`);
}

function unknownMember(identity: string, index: Value, unknown: Unknown, place: Place): Value {
  const simple = index.kind === 'string' && /^[\w$]+$/.test(index.value);
  return unknownValue(
    simple ? `${identity}.${index.value}` : `${identity}[${canonical(index)}]`,
    unknown,
    place,
  );
}

function objectMember(of: ObjectValue, index: Value, place: Place, safe: boolean): Value {
  const unknownIndex = unknownIn(index);
  if (unknownIndex !== undefined) return unknownMember(canonical(of), index, unknownIndex, place);
  if (index.kind !== 'string') {
    throw new ExpressionError(`a property of an object is asked for by ${kindName(index)}, not by name`);
  }
  const found = of.members.get(index.value.toLowerCase())?.value;
  const state = live.get(of);
  if (state === undefined) {
    if (found !== undefined) return found;
    if (safe) return nothing(place);
    throw new ExpressionError(`the object has no property '${index.value}'${namesOf(of)}`);
  }
  const declared =
    found?.kind === 'object' ? liveObject(found, `${state.identity}.${index.value}`, state.unknown) : found;
  return declared ?? unknownMember(state.identity, index, state.unknown, place);
}

function namesOf(of: ObjectValue): string {
  const names = [...of.members.values()].slice(0, 6).map((member) => `'${member.name}'`);
  if (of.members.size > names.length) names.push('…');
  return names.length === 0 ? '; it is empty' : `; it has ${names.join(', ')}`;
}

function arrayItem(of: ArrayValue, index: Value, place: Place, safe: boolean): Value {
  const { items } = of;
  const unknownIndex = unknownIn(index);
  if (unknownIndex !== undefined) return unknownMember(canonical(of), index, unknownIndex, place);
  if (index.kind !== 'number') {
    throw new ExpressionError(`an item of an array is asked for by ${kindName(index)}, not by number`);
  }
  const spread = items.findIndex((item) => item.kind === 'unknown' && item.spread === true);
  const unknown = items[spread];
  if (unknown?.kind === 'unknown' && spread <= index.value) {
    return unknownMember(canonical(of), index, unknown.unknown, place);
  }
  const item = items[index.value];
  if (item !== undefined) return item;
  if (safe) return nothing(place);
  throw new ExpressionError(`the array has no item ${index.value}; its length is ${items.length}`);
}

/** The place of a member where it is written, else that of its object. */
export function placeOf(of: ObjectValue, name: string): Place {
  return of.members.get(name.toLowerCase())?.value.place ?? child(of.place, name);
}
