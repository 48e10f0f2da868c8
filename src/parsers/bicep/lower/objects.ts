import type { Place } from '../../../model/place.ts';
import type { Member, ObjectValue, Value } from '../../value.ts';

/** A member of an object of a template. */
export interface Part {
  readonly name: string;
  readonly value: Value;
  readonly keyPlace?: Place;
}

export function object(parts: readonly Part[], place: Place): ObjectValue {
  return {
    kind: 'object',
    members: new Map(parts.map((part): [string, Member] => [part.name.toLowerCase(), part])),
    place,
  };
}

export function objectOf(entries: readonly (readonly [string, Value])[], place: Place): ObjectValue {
  return object(
    entries.map(([name, value]) => ({ name, value })),
    place,
  );
}
