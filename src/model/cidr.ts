import { formatIpRange } from './address.ts';
import type { IpSet } from './ip-space.ts';

/** IPv4 addresses of the set as the fewest CIDR blocks, in order: what a reader pastes into a rule. */
export function cidrsOf({ v4 }: Pick<IpSet, 'v4'>): string[] {
  return v4.flatMap(([first, end]) => {
    const blocks: string[] = [];
    for (let from = first; from < end;) {
      const size = largestBlock(from, end - from);
      const text = formatIpRange({ version: 4, from, to: from + size - 1 });
      blocks.push(size === 1 ? `${text}/32` : text);
      from += size;
    }
    return blocks;
  });
}

/** The size of the largest block that begins at the address and is no longer than the rest. */
function largestBlock(from: number, rest: number): number {
  let size = 1;
  while (size * 2 <= rest && from % (size * 2) === 0) size *= 2;
  return size;
}
