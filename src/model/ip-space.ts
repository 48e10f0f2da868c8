import type { Address, IpRange } from './policy.ts';
import {
  contains,
  holds,
  intersect,
  meets,
  normalise,
  overlaps,
  subtract,
  unite,
  type Span,
  type Spans,
} from './spans.ts';

/** Addresses of both families as one set. */
export interface IpSet {
  readonly v4: Spans;
  readonly v6: Spans<bigint>;
}

export const NO_ADDRESS: IpSet = { v4: [], v6: [] };
const V6_END = 1n << 128n;
export const ALL_ADDRESSES: IpSet = { v4: [[0, 2 ** 32]], v6: [[0n, V6_END]] };

function v4(text: string, bits: number): Span {
  const from = text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [from, from + 2 ** (32 - bits)];
}

function v6(high: bigint, bits: number): Span<bigint> {
  const from = high << 112n;
  return [from, from + (1n << BigInt(128 - bits))];
}

/**
 * Destinations that never hold a public service's address: private, shared (CGNAT), loopback, link-local, multicast and
 * reserved. https://www.iana.org/assignments/iana-ipv4-special-registry, …-ipv6-special-registry
 */
export const NOT_PUBLIC: IpSet = {
  v4: normalise([
    v4('0.0.0.0', 8),
    v4('10.0.0.0', 8),
    v4('100.64.0.0', 10),
    v4('127.0.0.0', 8),
    v4('169.254.0.0', 16),
    v4('172.16.0.0', 12),
    v4('192.168.0.0', 16),
    v4('224.0.0.0', 4),
    v4('240.0.0.0', 4),
  ]),
  v6: normalise([v6(0n, 16), v6(0xfc00n, 7), v6(0xfe80n, 10), v6(0xff00n, 8)]),
};

/** The public IPv4 Internet: what "any destination" must at least mean for a public service. */
export const PUBLIC_V4: IpSet = { v4: subtract(ALL_ADDRESSES.v4, NOT_PUBLIC.v4), v6: [] };

export function ipSetOf(ranges: readonly IpRange[]): IpSet {
  const four: Span[] = [];
  const six: Span<bigint>[] = [];
  ranges.forEach((range) => {
    if (range.version === 4) four.push([range.from, range.to + 1]);
    else six.push([range.from, range.to + 1n]);
  });
  return { v4: normalise(four), v6: six.length === 0 ? NO_ADDRESS.v6 : normalise(six) };
}

/** Ranges of a model never change, and the same one is asked for once per need. */
const OF_RANGE = new WeakMap<IpRange, IpSet>();

/** One range as a set. */
export function rangeSet(range: IpRange): IpSet {
  const known = OF_RANGE.get(range);
  if (known !== undefined) return known;
  const set: IpSet =
    range.version === 4
      ? { v4: [[range.from, range.to + 1]], v6: NO_ADDRESS.v6 }
      : { v4: NO_ADDRESS.v4, v6: [[range.from, range.to + 1n]] };
  OF_RANGE.set(range, set);
  return set;
}

/** Lists of a model never change, and the same list is asked for once per flow. */
const KNOWN = new WeakMap<readonly { readonly kind: string }[], IpSet>();

/** The addresses of a source or destination list that are certain; symbols, tags and names are left out. */
export function knownAddresses(
  members: readonly (Address | { readonly kind: 'name' | 'fqdn-tag' | 'web-category' })[],
): IpSet {
  // Most lists have one member, whose set is known by itself.
  if (members.length <= 1) return addressesOf(members);
  let set = KNOWN.get(members);
  if (set === undefined) {
    set = addressesOf(members);
    KNOWN.set(members, set);
  }
  return set;
}

function addressesOf(
  members: readonly (Address | { readonly kind: 'name' | 'fqdn-tag' | 'web-category' })[],
): IpSet {
  let first: IpRange | undefined;
  let ranges: IpRange[] | undefined;
  for (let at = 0; at < members.length; at += 1) {
    const member = members[at];
    if (member?.kind === 'any') return ALL_ADDRESSES;
    if (member?.kind !== 'range') continue;
    if (first === undefined) first = member.range;
    else (ranges ??= [first]).push(member.range);
  }
  if (first === undefined) return NO_ADDRESS;
  return ranges === undefined ? rangeSet(first) : ipSetOf(ranges);
}

export const ipUnite = (a: IpSet, b: IpSet): IpSet => ({ v4: unite(a.v4, b.v4), v6: unite(a.v6, b.v6) });
export const ipIntersect = (a: IpSet, b: IpSet): IpSet => ({
  v4: intersect(a.v4, b.v4),
  v6: intersect(a.v6, b.v6),
});
export const ipSubtract = (a: IpSet, b: IpSet): IpSet => ({
  v4: subtract(a.v4, b.v4),
  v6: subtract(a.v6, b.v6),
});
export const ipContains = (a: IpSet, b: IpSet): boolean => contains(a.v4, b.v4) && contains(a.v6, b.v6);
export const ipOverlaps = (a: IpSet, b: IpSet): boolean =>
  overlaps(a.v4, b.v4) || (a.v6.length > 0 && overlaps(a.v6, b.v6));
/** Is all of a range in the set? */
export const ipHolds = (set: IpSet, range: IpRange): boolean =>
  range.version === 4 ? holds(set.v4, range.from, range.to + 1) : holds(set.v6, range.from, range.to + 1n);
/** Is any of a range in the set? */
export const ipMeets = (set: IpSet, range: IpRange): boolean =>
  range.version === 4 ? meets(set.v4, range.from, range.to + 1) : meets(set.v6, range.from, range.to + 1n);
export const ipIsEmpty = (a: IpSet): boolean => a.v4.length === 0 && a.v6.length === 0;

/** The set as ranges, for messages. */
export function ipRanges(set: IpSet): IpRange[] {
  return [
    ...set.v4.map(([from, end]): IpRange => ({ version: 4, from, to: end - 1 })),
    ...set.v6.map(([from, end]): IpRange => ({ version: 6, from, to: end - 1n })),
  ];
}

/** Number of IPv4 addresses, for comparing how wide two sets are. */
export function ipCount(set: IpSet): number {
  return set.v4.reduce((sum, [from, end]) => sum + (end - from), 0);
}
