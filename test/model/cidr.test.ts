import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpRange } from '../../src/model/address.ts';
import { cidrsOf } from '../../src/model/cidr.ts';
import { ipSetOf } from '../../src/model/ip-space.ts';

const blocks = (...texts: string[]): string[] =>
  cidrsOf(ipSetOf(texts.flatMap((text) => parseIpRange(text) ?? [])));

describe('addresses as CIDR blocks', () => {
  test.each([
    [['198.51.100.0/24'], ['198.51.100.0/24']],
    [['198.51.100.7'], ['198.51.100.7/32']],
    [
      ['198.51.100.0/26', '198.51.100.64/27'],
      ['198.51.100.0/26', '198.51.100.64/27'],
    ],
    [['198.51.100.64/26', '198.51.100.0/26'], ['198.51.100.0/25']],
    [
      ['198.51.100.1-198.51.100.6'],
      ['198.51.100.1/32', '198.51.100.2/31', '198.51.100.4/31', '198.51.100.6/32'],
    ],
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [['255.255.255.254-255.255.255.255'], ['255.255.255.254/31']],
    [[], []],
  ])('%j are %j', (texts, expected) => {
    expect(blocks(...texts)).toEqual(expected);
  });

  test('hold the same addresses, each block on its own boundary', () => {
    const range = fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 40 })).map(([from, length]) => {
      const to = Math.min(from + length, 255);
      return `198.51.100.${from}-198.51.100.${to}`;
    });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (texts) => {
        const set = ipSetOf(texts.flatMap((text) => parseIpRange(text) ?? []));
        expect(ipSetOf(cidrsOf(set).flatMap((text) => parseIpRange(text) ?? []))).toEqual(set);
      }),
      { seed: 20_261_126 },
    );
  });
});
