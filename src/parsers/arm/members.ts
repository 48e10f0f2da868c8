import { child, type Place } from '../../model/place.ts';
import { hasSymbol, type Unknown } from '../../model/symbol.ts';
import { nothing, string, type ArrayValue, type ObjectValue, type Value } from '../value.ts';
import { ExpressionError } from './expression.ts';
import { canonical, kindName, unknownIn, unknownValue } from './values.ts';

interface Live {
  readonly identity: string;
  readonly unknown: Unknown;
  /** Of a resource's properties, its id; of a list in them or of an item there, that with the names of both behind it. */
  readonly id?: string | undefined;
}

/** Objects and lists of which only a part is declared: what else they have is known to Azure alone. */
const live = new WeakMap<ObjectValue | ArrayValue, Live>();

/**
 * Marks an object as partly known: a member that is missing is unknown, not an error.
 * @param id of the resource whose properties it is
 */
export function liveObject(value: ObjectValue, identity: string, unknown: Unknown, id?: string): ObjectValue {
  const marked: ObjectValue = {
    kind: 'object',
    place: value.place,
    get members() {
      return value.members;
    },
  };
  live.set(marked, { identity, unknown, id });
  return marked;
}

/** What stands inside of something that is partly known. */
function liveInside(value: Value, state: Live): Value {
  if (value.kind === 'object') return liveObject(value, state.identity, state.unknown, state.id);
  if (value.kind !== 'array') return value;
  const marked: ArrayValue = {
    kind: 'array',
    place: value.place,
    get items() {
      return value.items;
    },
  };
  live.set(marked, state);
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
  const { identity, unknown, id } = state;
  if (found !== undefined) {
    const inside = id === undefined || found.kind !== 'array' ? undefined : `${id}/${index.value}`;
    return liveInside(found, { identity: `${identity}.${index.value}`, unknown, id: inside });
  }
  if (index.value.toLowerCase() === 'id' && id !== undefined && of.members.has('name'))
    return string(id, place, hasSymbol(id) ? [unknown] : undefined);
  return unknownMember(identity, index, unknown, place);
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
  if (item !== undefined) return itemOf(of, item, index.value);
  if (safe) return nothing(place);
  throw new ExpressionError(`the array has no item ${index.value}; its length is ${items.length}`);
}

/** A child resource that its parent declares, such as a subnet, has an id of its own. */
function itemOf(of: ArrayValue, item: Value, at: number): Value {
  const state = live.get(of);
  if (state === undefined) return item;
  const name = item.kind === 'object' ? item.members.get('name')?.value : undefined;
  const isNamed = state.id !== undefined && name?.kind === 'string';
  const id = isNamed ? `${state.id ?? ''}/${name.value}` : undefined;
  return liveInside(item, { identity: `${state.identity}[${at}]`, unknown: state.unknown, id });
}

/** The place of a member where it is written, else that of its object. */
export function placeOf(of: ObjectValue, name: string): Place {
  return of.members.get(name.toLowerCase())?.value.place ?? child(of.place, name);
}
