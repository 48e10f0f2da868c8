import { expect } from 'vitest';
import { isInnerPlace, type Place } from '../src/model/place.ts';

/** Set-up of every test: a place is what it says, however it keeps that. Files share their set-up, so it is done once. */
const DONE = Symbol.for('places are compared by what they say');

if (!Reflect.has(globalThis, DONE)) {
  Reflect.set(globalThis, DONE, true);
  expect.addEqualityTesters([
    function (a: unknown, b: unknown) {
      if (!isInnerPlace(a) && !isInnerPlace(b)) return undefined;
      return this.equals(isInnerPlace(a) ? plain(a) : a, isInnerPlace(b) ? plain(b) : b);
    },
  ]);
}

function plain({ path, pointer, key }: Place): object {
  return { path, pointer, ...(key === undefined ? {} : { key }) };
}
