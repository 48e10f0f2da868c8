import type { IpSet } from '../model/ip-space.ts';
import type { ScopedRule } from './rule-index.ts';

/** Network rules by the IPv4 ranges that they write; rules with anything else are always candidates. */
export class AddressIndex {
  readonly #rules: readonly ScopedRule[];
  readonly #always: number[] = [];
  /** By start; `reach` is the farthest end so far, so that a backward search knows when to stop. */
  readonly #ranges: { from: number; end: number; reach: number; index: number }[] = [];

  constructor(rules: readonly ScopedRule[]) {
    this.#rules = rules;
    rules.forEach(({ rule }, index) => {
      const plain = rule.destinations.every(
        (d) => (d.kind === 'range' && d.range.version === 4) || d.kind === 'invalid',
      );
      if (!plain || rule.opaque !== undefined) {
        this.#always.push(index);
        return;
      }
      for (const destination of rule.destinations) {
        if (destination.kind !== 'range' || destination.range.version !== 4) continue;
        const { from, to } = destination.range;
        this.#ranges.push({ from, end: to + 1, reach: to + 1, index });
      }
    });
    this.#ranges.sort((a, b) => a.from - b.from || a.end - b.end);
    let reach = 0;
    for (const range of this.#ranges) {
      reach = Math.max(reach, range.end);
      range.reach = reach;
    }
  }

  candidates(set: IpSet): readonly ScopedRule[] {
    if (set.v6.length > 0 && set.v4.length === 0) return this.#rules;
    const found = new Set(this.#always);
    for (const [from, end] of set.v4) {
      for (let at = this.#firstFrom(end) - 1; at >= 0; at--) {
        const range = this.#ranges[at];
        if (range === undefined || range.reach <= from) break;
        if (range.end > from) found.add(range.index);
      }
    }
    return [...found].sort((a, b) => a - b).flatMap((index) => this.#rules[index] ?? []);
  }

  /** Position of the first range that starts at or after the address. */
  #firstFrom(address: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.from ?? 0) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
