import { expect } from 'vitest';
import type { Place } from '../src/model/place.ts';

/** Set-up of every test: a place is what it says, however it keeps that. */
expect.addEqualityTesters([
  function (a: unknown, b: unknown) {
    if (!isPlace(a) || !isPlace(b) || (isPlain(a) && isPlain(b))) return undefined;
    return this.equals(plain(a), plain(b));
  },
]);

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    'pointer' in value &&
    typeof value.pointer === 'string'
  );
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function plain(place: Place): object {
  if (isPlain(place)) return place;
  const { path, pointer, key } = place;
  return { path, pointer, ...(key === undefined ? {} : { key }) };
}
