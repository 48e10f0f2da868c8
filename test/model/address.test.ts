import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { formatIpRange, parseIpRange } from '../../src/model/address.ts';

const hex = (octet: number): string => octet.toString(16).padStart(2, '0');
const v4 = (from: number, to = from): object => ({ version: 4, from, to });

describe('reading addresses', () => {
  test.each([
    ['10.1.2.3', v4(0x0a010203)],
    ['255.255.255.255', v4(0xffffffff)],
    ['10.240.0.0/22', v4(0x0af00000, 0x0af003ff)],
    ['0.0.0.0/0', v4(0, 0xffffffff)],
    ['10.1.2.3/32', v4(0x0a010203)],
    ['10.1.2.3-10.1.2.9', v4(0x0a010203, 0x0a010209)],
    ['10.1.2.3-10.1.2.3', v4(0x0a010203)],
    ['::1', { version: 6, from: 1n, to: 1n }],
    ['2001:db8::/32', { version: 6, from: 0x20010db8n << 96n, to: (0x20010db9n << 96n) - 1n }],
    ['FD00::1-fd00::ff', { version: 6, from: (0xfd00n << 112n) + 1n, to: (0xfd00n << 112n) + 255n }],
    ['::ffff:10.0.0.1', { version: 6, from: 0xffff0a000001n, to: 0xffff0a000001n }],
  ])('%s is read', (text, range) => {
    expect(parseIpRange(text)).toEqual(range);
  });

  test('a block with host bits set is its network, as Azure stores it', () => {
    expect(parseIpRange('10.1.2.3/24')).toEqual(parseIpRange('10.1.2.0/24'));
    expect(parseIpRange('fd00::5/64')).toEqual(parseIpRange('fd00::/64'));
  });

  test.each([
    '',
    '*',
    'any',
    '10.1.2.300',
    '010.1.1.1',
    '10.1',
    '10',
    '0x0a.1.1.1',
    '10.1.2.3.4',
    ' 10.1.2.3',
    '10.1.2.3 ',
    '10.1.2.0 /24',
    '10.1.2.0/33',
    '10.1.2.0/',
    '10.1.2.0/024',
    '10.1.2.0/-1',
    '10.1.2.0/24/24',
    '10.1.2.9-10.1.2.3',
    '10.1.2.3 - 10.1.2.9',
    '10.1.2.3-',
    '10.1.2.3-9',
    '10.1.2.0/24-10.1.3.0/24',
    '10.1.2.3-fd00::1',
    'fd00::/129',
    'fe80::1%eth0',
    'fd00:::1',
    'fd00::ff-fd00::1',
    'AzureCloud.westeurope',
    'mcr.microsoft.com',
  ])('"%s" is no address', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });
});

test('four-part addresses are those of ipaddr.js', () => {
  const part = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom('', '0', '00', '01', '255', '256', '-1', 'a', ' 1'),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (parts) => {
      const text = parts.join('.');
      const range = parseIpRange(text);
      expect(range !== undefined).toBe(ipaddr.IPv4.isValidFourPartDecimal(text));
      if (range !== undefined)
        expect(range.from).toBe(Number(`0x${ipaddr.IPv4.parse(text).octets.map(hex).join('')}`));
    }),
    { numRuns: 2000 },
  );
});

describe('writing addresses', () => {
  test.each([
    ['10.1.2.3/32', '10.1.2.3'],
    ['10.240.0.0-10.240.3.255', '10.240.0.0/22'],
    ['0.0.0.0-255.255.255.255', '0.0.0.0/0'],
    ['10.0.0.1-10.0.0.2', '10.0.0.1-10.0.0.2'],
    ['10.0.0.1-10.0.0.8', '10.0.0.1-10.0.0.8'],
    ['FD00:0:0::/64', 'fd00::/64'],
    ['fd00::1-fd00::3', 'fd00::1-fd00::3'],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  ])('%s is written as %s', (text, shortest) => {
    const range = parseIpRange(text);
    expect(range && formatIpRange(range)).toBe(shortest);
  });

  test('what is written reads back as the same range', () => {
    const number = fc.integer({ min: 0, max: 0xffffffff });
    const wide = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    fc.assert(
      fc.property(number, number, wide, wide, (a, b, c, d) => {
        const four = { version: 4 as const, from: Math.min(a, b), to: Math.max(a, b) };
        const six = { version: 6 as const, from: c < d ? c : d, to: c < d ? d : c };
        expect(parseIpRange(formatIpRange(four))).toEqual(four);
        expect(parseIpRange(formatIpRange(six))).toEqual(six);
      }),
    );
  });
});
