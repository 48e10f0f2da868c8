import { parseIpRange } from '../../model/address.ts';
import type { IpRange } from '../../model/policy.ts';

/** More ranges than that are no longer written by hand, and every rule that names them would be slow. */
const MOST_RANGES = 4096;

/**
 * The addresses of an address and a mask that need not be contiguous. Set bits are ignored (PAN-OS, Cisco routers) or
 * compared (FortiOS, netmasks). Undefined for what is no such mask, or comes to more than 4,096 ranges.
 */
export function wildcardRanges(
  address: string,
  mask: string,
  setBits: 'ignored' | 'compared',
): IpRange[] | undefined {
  const base = numberOf(address);
  const written = numberOf(mask);
  if (base === undefined || written === undefined) return undefined;
  const ignored = setBits === 'ignored' ? written : 2 ** 32 - 1 - written;
  // Bits ignored at the right end make one range; each other one doubles their number.
  let width = 0;
  while (width < 32 && bit(ignored, width)) width += 1;
  const free: number[] = [];
  for (let at = width; at < 32; at += 1) if (bit(ignored, at)) free.push(at);
  if (2 ** free.length > MOST_RANGES) return undefined;
  const size = 2 ** width;
  let fixed = base - (base % size);
  for (const at of free) if (bit(fixed, at)) fixed -= 2 ** at;
  const starts: number[] = [];
  for (let combination = 0; combination < 2 ** free.length; combination += 1) {
    starts.push(free.reduce((sum, at, index) => sum + (bit(combination, index) ? 2 ** at : 0), fixed));
  }
  return starts.sort((a, b) => a - b).map((from) => ({ version: 4, from, to: from + size - 1 }));
}

/** `10.1.0.0` and `255.255.0.0` as one range; undefined where the mask is none or not contiguous. */
export function netmaskRange(address: string, mask: string): IpRange | undefined {
  const ranges = wildcardRanges(address, mask, 'compared');
  return ranges?.length === 1 ? ranges[0] : undefined;
}

function numberOf(text: string): number | undefined {
  const range = text.includes('/') || text.includes('-') ? undefined : parseIpRange(text);
  return range?.version === 4 ? range.from : undefined;
}

function bit(number: number, at: number): boolean {
  return Math.floor(number / 2 ** at) % 2 === 1;
}
