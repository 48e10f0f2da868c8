import type { Observed } from '../../model/cluster.ts';
import type { Place } from '../../model/place.ts';
import { booleanOf, listOf, textOf, unknownOf } from '../azure-firewall/fields.ts';
import type { Resource } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';

/** The properties of a resource, or what stands in their stead. */
export function propertiesOf({ body, properties }: Resource): Value {
  const written = body.members.get('properties')?.value;
  return written?.kind === 'unknown' ? written : properties;
}

/** What stands at a path of names in lower case; an unknown value on the way is the answer. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let found = value;
  for (const name of path) {
    if (found?.kind === 'unknown') return found;
    found = found?.kind === 'object' ? found.members.get(name)?.value : undefined;
  }
  return found?.kind === 'null' ? undefined : found;
}

/** Yes or no; `absent` holds where nothing is written, and then the place is that of what would hold it. */
export function flag(
  value: Value | undefined,
  absent: boolean | undefined,
  around: Place,
): Observed<boolean> {
  const answer = booleanOf(value);
  if (answer === 'unknown') return hidden(value, around);
  return { value: answer ?? absent, place: value?.place ?? around };
}

/** The text as written; undefined where nothing is. */
export function text(value: Value | undefined): Observed<string> | undefined {
  if (value === undefined) return undefined;
  if (unknownOf(value) !== undefined) return hidden(value, value.place);
  const written = textOf(value).trim();
  return written === '' ? undefined : { value: written, place: value.place };
}

/** What cannot be decided, with the reason that the input gives. */
export function hidden(value: Value | undefined, around: Place): Observed<never> {
  return undecided(value?.place ?? around, unknownOf(value)?.reason ?? 'its value is not known');
}

export function undecided(place: Place, why: string): Observed<never> {
  return { value: undefined, place, why };
}

/** The objects of a list, and the first item that hides others. */
export function objectsIn(value: Value | undefined): {
  readonly objects: readonly ObjectValue[];
  readonly unseen: Value | undefined;
} {
  const items = listOf(value);
  return {
    objects: items.filter((item) => item.kind === 'object'),
    unseen: items.find((item) => unknownOf(item) !== undefined),
  };
}

/** Texts of a list; undefined where one of them is not known. */
export function textsIn(value: Value | undefined): readonly string[] | undefined {
  const items = listOf(value);
  if (items.some((item) => unknownOf(item) !== undefined)) return undefined;
  return items.map(textOf);
}

/** True where one is, undefined where one may be. */
export function some(all: readonly (boolean | undefined)[]): boolean | undefined {
  if (all.includes(true)) return true;
  return all.includes(undefined) ? undefined : false;
}
