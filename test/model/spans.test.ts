import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  contains,
  holds,
  intersect,
  meets,
  normalise,
  overlaps,
  subtract,
  unite,
} from '../../src/model/spans.ts';
import type { Span, Spans } from '../../src/model/spans.ts';

beforeAll(() => {
  fc.configureGlobal({ seed: 20_250_901 });
});
afterAll(() => {
  fc.resetConfigureGlobal();
});

/** A universe so small that every set in it is a list of its members. */
const UNIVERSE = Array.from({ length: 16 }, (_, number) => number);

const pairs = fc.array(fc.tuple(fc.nat({ max: 16 }), fc.nat({ max: 16 })), { maxLength: 6 });
const spans = pairs.map((list) => normalise(list));

/** By membership alone, whatever the order and overlaps of the intervals. */
function members(list: readonly Span[]): number[] {
  return UNIVERSE.filter((number) => list.some(([from, end]) => from <= number && number < end));
}

function isNormal(list: Spans): boolean {
  return list.every(([from, end], index) => {
    const next = list[index + 1];
    return from < end && (next === undefined || end < next[0]);
  });
}

describe('sets of numbers as intervals', () => {
  test('come to one normal form, sorted and apart, with the same members', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const normal = normalise(list);
        expect(isNormal(normal)).toBe(true);
        expect(members(normal)).toEqual(members(list));
        expect(normalise([...list].reverse())).toEqual(normal);
      }),
    );
  });

  test('touching intervals are one, empty and reversed ones are none', () => {
    expect(
      normalise([
        [4, 6],
        [1, 4],
        [8, 8],
        [9, 7],
      ]),
    ).toEqual([[1, 6]]);
  });

  test.each([
    ['union', unite, (inA: boolean, inB: boolean) => inA || inB],
    ['intersection', intersect, (inA: boolean, inB: boolean) => inA && inB],
    ['difference', subtract, (inA: boolean, inB: boolean) => inA && !inB],
  ] as const)('%s has the members that it should have, in normal form', (_, operation, has) => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const result = operation(a, b);
        const expected = UNIVERSE.filter((number) =>
          has(members(a).includes(number), members(b).includes(number)),
        );
        expect(members(result)).toEqual(expected);
        expect(isNormal(result)).toBe(true);
      }),
    );
  });

  test('containment and overlap are told by members', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        expect(contains(a, b)).toBe(inB.every((number) => inA.includes(number)));
        expect(overlaps(a, b)).toBe(inB.some((number) => inA.includes(number)));
      }),
    );
  });

  test('one interval is inside and meets as its members do', () => {
    fc.assert(
      fc.property(spans, fc.nat({ max: 15 }), fc.integer({ min: 1, max: 16 }), (list, from, size) => {
        const end = Math.min(from + size, UNIVERSE.length);
        const inside = members([[from, end]]);
        expect(holds(list, from, end)).toBe(inside.every((number) => members(list).includes(number)));
        expect(meets(list, from, end)).toBe(inside.some((number) => members(list).includes(number)));
      }),
    );
  });

  test('operands are left as they are', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const before = JSON.stringify([a, b]);
        for (const operation of [unite, intersect, subtract, contains, overlaps]) operation(a, b);
        expect(JSON.stringify([a, b])).toBe(before);
      }),
    );
  });

  test('the last IPv4 and IPv6 address are members like any other', () => {
    const v4: Spans = [[2 ** 32 - 1, 2 ** 32]];
    expect(subtract([[0, 2 ** 32]], v4)).toEqual([[0, 2 ** 32 - 1]]);
    const end = 1n << 128n;
    const v6: Spans<bigint> = [[end - 1n, end]];
    expect(subtract([[0n, end]], v6)).toEqual([[0n, end - 1n]]);
    expect(unite([[0n, end - 1n]], v6)).toEqual([[0n, end]]);
    expect(overlaps([[0n, end - 1n]], v6)).toBe(false);
  });

  test('IPv6 numbers behave as small numbers do', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const far = 1n << 120n;
        const big = (list: Spans): Spans<bigint> =>
          list.map(([from, end]) => [far + BigInt(from), far + BigInt(end)] as const);
        expect(intersect(big(a), big(b))).toEqual(big(intersect(a, b)));
        expect(subtract(big(a), big(b))).toEqual(big(subtract(a, b)));
        expect(contains(big(a), big(b))).toBe(contains(a, b));
      }),
    );
  });

  test('of one interval and the many of a service tag meet where one of the many does', () => {
    const many = fc
      .uniqueArray(fc.nat({ max: 60 }), { minLength: 9, maxLength: 30 })
      .map((list) => normalise(list.map((from): Span => [from * 3, from * 3 + 2])));
    fc.assert(
      fc.property(many, fc.nat({ max: 185 }), fc.integer({ min: 1, max: 12 }), (list, from, length) => {
        const one: Spans = [[from, from + length]];
        const numbers = Array.from({ length }, (_, at) => from + at);
        const isIn = (number: number): boolean =>
          list.some(([start, end]) => start <= number && number < end);
        expect(overlaps(one, list)).toBe(numbers.some(isIn));
        expect(contains(list, one)).toBe(numbers.every(isIn));
      }),
    );
  });
});
