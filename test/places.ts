import { expect } from 'vitest';
import { isInnerPlace, type Place } from '../src/model/place.ts';

/** Set-up of every test: a place is what it says, however it keeps that. Files share their set-up, so it is done once. */
const DONE = Symbol.for('places are compared by what they say');

if (!Reflect.has(globalThis, DONE)) {
  Reflect.set(globalThis, DONE, true);
  expect.addEqualityTesters([
    function (a: unknown, b: unknown) {
      if (!isInnerPlace(a) && !isInnerPlace(b)) return undefined;
      return isWhole(a) && isWhole(b) ? this.equals(plain(a), plain(b)) : undefined;
    },
  ]);
}

/** What toMatchObject expects may be a part of a place. */
function isWhole(value: unknown): value is Place {
  return (
    isInnerPlace(value) ||
    (typeof value === 'object' && value !== null && Object.hasOwn(value, 'path') && 'pointer' in value)
  );
}

function plain(place: Place): object {
  if (!isInnerPlace(place)) return place;
  const { path, pointer, key }: Place = place;
  return { path, pointer, ...(key === undefined ? {} : { key }) };
}
