import type { Place } from '../../../model/place.ts';
import { array, type Member, type ObjectValue, type Value } from '../../value.ts';

/** Azure's name for each of the provider's; what is not in it is left out. */
export type Names = Readonly<Record<string, string>>;

/** An object under Azure's names. Members remember the provider's, for messages and places. */
export function renamed(
  object: ObjectValue,
  names: Names,
  extra: readonly (readonly [string, Member])[] = [],
): ObjectValue {
  const members = new Map<string, Member>();
  for (const [from, to] of Object.entries(names)) {
    const member = object.members.get(from);
    if (member !== undefined) members.set(to.toLowerCase(), member);
  }
  for (const [name, member] of extra) members.set(name.toLowerCase(), member);
  return { kind: 'object', members, place: namedPlace(object) };
}

/** HCL has no line for a block as a whole; its name says best which one is meant. */
function namedPlace(object: ObjectValue): Place {
  const name = object.members.get('name')?.value;
  return object.place.span !== undefined && name?.place.span !== undefined ? name.place : object.place;
}

export function member(name: string, value: Value): Member {
  return { name, value };
}

export function object(
  entries: readonly (readonly [string, Value | undefined])[],
  place: Place,
): ObjectValue {
  const members = new Map<string, Member>();
  for (const [name, value] of entries) {
    if (value !== undefined) members.set(name.toLowerCase(), { name, value });
  }
  return { kind: 'object', members, place };
}

/** The items of a list of blocks, each changed; what is not known stays as it is. */
export function eachBlock(
  value: Value | undefined,
  change: (block: ObjectValue) => Value,
): Value | undefined {
  if (value === undefined || value.kind === 'null' || value.kind === 'unknown') return value;
  if (value.kind === 'object') return change(value);
  if (value.kind !== 'array') return value;
  return array(
    value.items.map((item) => (item.kind === 'object' ? change(item) : item)),
    value.place,
  );
}

/** The only block of a list that may hold one, or a value in its stead that is not known. */
export function onlyBlock(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'array') return value?.kind === 'null' ? undefined : value;
  return value.items[0];
}

export function memberValue(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind === 'unknown') return value;
  const found = value?.kind === 'object' ? value.members.get(name)?.value : undefined;
  return found?.kind === 'null' ? undefined : found;
}
