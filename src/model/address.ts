import ipaddr from 'ipaddr.js';
import type { IpRange } from './policy.ts';

/** `/0` to `/128` without leading zeros; the family's own limit is checked where it is known. */
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Reads an IPv4 or IPv6 address, a CIDR block or an `a-b` range; undefined for anything else. Strict: four decimal parts
 * without leading zeros, no spaces, no zone index, no reversed range. A block with host bits set is read as its network,
 * as Azure stores it.
 */
export function parseIpRange(text: string): IpRange | undefined {
  const dash = text.indexOf('-');
  if (dash >= 0) return between(parseIpAddress(text.slice(0, dash)), parseIpAddress(text.slice(dash + 1)));
  const slash = text.indexOf('/');
  if (slash < 0) {
    const address = parseIpAddress(text);
    return between(address, address);
  }
  const address = parseIpAddress(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  return address !== undefined && PREFIX.test(prefix) ? block(address, Number(prefix)) : undefined;
}

type IpAddress =
  { readonly version: 4; readonly value: number } | { readonly version: 6; readonly value: bigint };

function parseIpAddress(text: string): IpAddress | undefined {
  const four = parseFourParts(text);
  if (four !== undefined) return { version: 4, value: four };
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const value = ipaddr.IPv6.parse(text).parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
  return { version: 6, value };
}

/**
 * Four decimal parts without leading zeros. One expression instead of the seven that ipaddr.js matches for each address,
 * since IP groups hold thousands; the tests hold it to the library's isValidFourPartDecimal.
 */
const FOUR_PARTS = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

function parseFourParts(text: string): number | undefined {
  const parts = FOUR_PARTS.exec(text);
  if (parts === null) return undefined;
  const a = Number(parts[1]);
  const b = Number(parts[2]);
  const c = Number(parts[3]);
  const d = Number(parts[4]);
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
}

function between(from: IpAddress | undefined, to: IpAddress | undefined): IpRange | undefined {
  if (from?.version === 4 && to?.version === 4 && from.value <= to.value) {
    return { version: 4, from: from.value, to: to.value };
  }
  if (from?.version === 6 && to?.version === 6 && from.value <= to.value) {
    return { version: 6, from: from.value, to: to.value };
  }
  return undefined;
}

function block(address: IpAddress, prefix: number): IpRange | undefined {
  if (address.version === 4) {
    if (prefix > 32) return undefined;
    const size = 2 ** (32 - prefix);
    const from = address.value - (address.value % size);
    return { version: 4, from, to: from + size - 1 };
  }
  if (prefix > 128) return undefined;
  const size = 1n << BigInt(128 - prefix);
  const from = address.value - (address.value % size);
  return { version: 6, from, to: from + size - 1n };
}

/** The whole of IPv4, `0.0.0.0/0`. */
export const EVERY_V4: IpRange = { version: 4, from: 0, to: 2 ** 32 - 1 };

export function isEveryV4({ from, to, version }: IpRange): boolean {
  return version === 4 && from === EVERY_V4.from && to === EVERY_V4.to;
}

/** The shortest text: an address, a CIDR block where the range is one, else `a-b`. IPv6 as RFC 5952 writes it. */
export function formatIpRange(range: IpRange): string {
  const from = formatAddress(range.version, range.from);
  if (range.from === range.to) return from;
  const prefix = prefixOf(range);
  return prefix === undefined ? `${from}-${formatAddress(range.version, range.to)}` : `${from}/${prefix}`;
}

function prefixOf(range: IpRange): number | undefined {
  if (range.version === 4) {
    const size = range.to - range.from + 1;
    // Exact for powers of two.
    const bits = Math.log2(size);
    return Number.isInteger(bits) && range.from % size === 0 ? 32 - bits : undefined;
  }
  const size = range.to - range.from + 1n;
  const isPowerOfTwo = (size & (size - 1n)) === 0n;
  return isPowerOfTwo && range.from % size === 0n ? 128 - (size.toString(2).length - 1) : undefined;
}

function formatAddress(version: 4 | 6, value: number | bigint): string {
  if (version === 4) {
    const number = Number(value);
    return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
  }
  const number = BigInt(value);
  const parts = Array.from({ length: 8 }, (_, i) => Number((number >> BigInt(112 - 16 * i)) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}
