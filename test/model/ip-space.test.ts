import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIpRange } from '../../src/model/address.ts';
import {
  ALL_ADDRESSES,
  ipContains,
  ipCount,
  ipIntersect,
  ipIsEmpty,
  ipOverlaps,
  ipRanges,
  ipSetOf,
  ipSubtract,
  ipUnite,
  knownAddresses,
  NO_ADDRESS,
  NOT_PUBLIC,
  PUBLIC_V4,
  type IpSet,
} from '../../src/model/ip-space.ts';
import type { IpRange } from '../../src/model/policy.ts';
import { networkRule, policy, symbol } from '../oracle/build.ts';

beforeAll(() => {
  fc.configureGlobal({ seed: 20_250_901 });
});
afterAll(() => {
  fc.resetConfigureGlobal();
});

function range(text: string): IpRange {
  const parsed = parseIpRange(text);
  if (parsed === undefined) throw new Error(`${text} is no range`);
  return parsed;
}

function set(...texts: string[]): IpSet {
  return ipSetOf(texts.map(range));
}

describe('addresses of both families as one set', () => {
  test('two halves of a block are the block', () => {
    expect(ipRanges(set('10.0.0.128/25', '10.0.0.0/25'))).toEqual([range('10.0.0.0/24')]);
    expect(ipRanges(set('2001:db8:8000::/33', '2001:db8::/33'))).toEqual([range('2001:db8::/32')]);
  });

  test('a block without a block inside it is what is before and what is behind', () => {
    expect(ipRanges(ipSubtract(set('10.0.0.0/24'), set('10.0.0.64/26')))).toEqual([
      range('10.0.0.0-10.0.0.63'),
      range('10.0.0.128-10.0.0.255'),
    ]);
  });

  test('the last address of each family belongs to the family', () => {
    const all = set('0.0.0.0/0', '::/0');
    expect(all).toEqual(ALL_ADDRESSES);
    expect(ipContains(all, set('255.255.255.255'))).toBe(true);
    expect(ipRanges(ipSubtract(all, set('0.0.0.0/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe')))).toEqual(
      [range('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')],
    );
  });

  test('the families do not meet', () => {
    // ::a00:1 is the number of 10.0.0.1.
    expect(ipOverlaps(set('10.0.0.1'), set('::a00:1'))).toBe(false);
    expect(ipContains(set('0.0.0.0/0'), set('10.0.0.1', '::1'))).toBe(false);
    expect(ipIsEmpty(ipIntersect(set('0.0.0.0/0'), set('::/0')))).toBe(true);
    expect(ipCount(set('10.0.0.0/24', '10.0.0.0/16', '::/0'))).toBe(65_536);
  });

  test('union, intersection and difference are told by the addresses in them', () => {
    const block = fc
      .tuple(fc.constantFrom(10, 11), fc.nat({ max: 15 }), fc.constantFrom(28, 29, 30, 31, 32))
      .map(([first, last, bits]) => `${first}.0.0.${last}/${bits}`);
    const addresses = ['10.0.0.', '11.0.0.'].flatMap((start) =>
      Array.from({ length: 18 }, (_, last) => set(`${start}${last}`)),
    );
    const members = (of: IpSet): string[] =>
      addresses.filter((address) => ipContains(of, address)).map((address) => JSON.stringify(address.v4));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), fc.array(block, { maxLength: 4 }), (left, right) => {
        const [a, b] = [set(...left), set(...right)];
        const [inA, inB] = [members(a), members(b)];
        expect(members(ipUnite(a, b))).toEqual(
          members(ALL_ADDRESSES).filter((one) => inA.includes(one) || inB.includes(one)),
        );
        expect(members(ipIntersect(a, b))).toEqual(inA.filter((one) => inB.includes(one)));
        expect(members(ipSubtract(a, b))).toEqual(inA.filter((one) => !inB.includes(one)));
        expect(ipOverlaps(a, b)).toBe(inA.some((one) => inB.includes(one)));
        expect(ipContains(a, b)).toBe(inB.every((one) => inA.includes(one)));
        expect(ipSetOf(ipRanges(a))).toEqual(a);
      }),
    );
  });
});

describe('what is public', () => {
  test.each([
    ['private', '10.0.0.0/8'],
    ['private', '172.16.0.0/12'],
    ['private', '192.168.0.0/16'],
    ['shared by carriers', '100.64.0.0/10'],
    ['loopback', '127.0.0.0/8'],
    ['link-local, with the platform metadata service', '169.254.169.254'],
    ['multicast', '224.0.0.0/4'],
    ['reserved, with the broadcast address', '255.255.255.255'],
    ['unique local', 'fd00::/8'],
    ['link-local', 'fe80::/10'],
    ['loopback', '::1'],
  ])('%s addresses are not: %s', (_, text) => {
    expect(ipContains(NOT_PUBLIC, set(text))).toBe(true);
    expect(ipOverlaps(PUBLIC_V4, set(text))).toBe(false);
  });

  test.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '100.128.0.0',
    '192.169.0.0',
    '20.0.0.0/8',
  ])('%s is', (text) => {
    expect(ipContains(PUBLIC_V4, set(text))).toBe(true);
  });

  test('168.63.129.16, the virtual address of the platform, lies in public space', () => {
    expect(ipContains(PUBLIC_V4, set('168.63.129.16'))).toBe(true);
  });

  test('every IPv4 address is one or the other', () => {
    expect(ipUnite(PUBLIC_V4, { v4: NOT_PUBLIC.v4, v6: [] })).toEqual(set('0.0.0.0/0'));
  });
});

describe('the addresses that a rule certainly has', () => {
  const sources = (...from: string[]): IpSet => {
    const [rule] = policy(networkRule('allow', { from })).rules;
    return knownAddresses(rule?.sources ?? []);
  };

  test('are its blocks and ranges, without what is unresolved or not accepted', () => {
    expect(sources('10.0.0.0/24', symbol('nodes'), 'opaque:selector', 'invalid:10.1.2.300')).toEqual(
      set('10.0.0.0/24'),
    );
    expect(sources(symbol('nodes'))).toEqual(NO_ADDRESS);
  });

  test('are all of both families where it says *', () => {
    expect(sources('10.0.0.0/24', '*')).toEqual(ALL_ADDRESSES);
  });
});
