import { isWildcard } from '../model/name.ts';
import { withoutRegion } from './endpoint-facts.ts';

/**
 * Names that resemble a name: the same in another region, its apex or subdomains, a typing error of it. Built once over
 * all names of a policy or of the requirements, since each of either is looked up among all of the other.
 */
export class NameLookup<T> {
  readonly #regions: ReadonlySet<string>;
  readonly #exact = new Map<string, T[]>();
  readonly #regionless = new Map<string, { pattern: string; item: T }[]>();
  readonly #byLength = new Map<number, { text: string; digits: string; wildcard: boolean; item: T }[]>();

  constructor(entries: Iterable<readonly [pattern: string, item: T]>, regions: ReadonlySet<string>) {
    this.#regions = regions;
    for (const [pattern, item] of entries) {
      push(this.#exact, pattern, item);
      push(this.#regionless, withoutRegion(pattern, regions), { pattern, item });
      const text = plain(pattern);
      push(this.#byLength, text.length, {
        text,
        digits: digitsOf(text),
        wildcard: isWildcard(pattern),
        item,
      });
    }
  }

  /** Items whose name is the pattern's apex or the wildcard over it. */
  apex(pattern: string): readonly T[] {
    const other = pattern.startsWith('*.') ? pattern.slice(2) : `*.${pattern}`;
    return this.#exact.get(other) ?? [];
  }

  /** Items whose name differs in a region only. */
  otherRegion(pattern: string): readonly T[] {
    const same = this.#regionless.get(withoutRegion(pattern, this.#regions)) ?? [];
    return same.filter((entry) => entry.pattern !== pattern).map(({ item }) => item);
  }

  /**
   * Items whose name is few edits away: 2 in all, 2 in a label of 6 or more characters and 1 in a shorter one, so that
   * crl.microsoft.com is no mcr.microsoft.com; or 1 edit that makes or takes a dot. A transposition counts as one. A
   * different number makes a sibling, no slip: westus2 and westus3.
   */
  typingErrors(pattern: string): readonly T[] {
    const text = plain(pattern);
    const digits = digitsOf(text);
    const found: T[] = [];
    for (let length = text.length - 2; length <= text.length + 2; length++) {
      for (const entry of this.#byLength.get(length) ?? []) {
        if (entry.digits !== digits || entry.wildcard !== isWildcard(pattern) || entry.text === text)
          continue;
        if (isSlip(text, entry.text)) found.push(entry.item);
      }
    }
    return found;
  }
}

/** `archive.ubuntu.com` of `azure.archive.ubuntu.com`; undefined for wildcards and where fewer than three labels are left. */
export function parentOf(name: string): string | undefined {
  const labels = name.split('.').slice(1);
  return isWildcard(name) || labels.length < 3 ? undefined : labels.join('.');
}

function isSlip(a: string, b: string): boolean {
  const left = a.split('.');
  const right = b.split('.');
  if (left.length !== right.length) return Math.min(a.length, b.length) >= 10 && isWithin(a, b, 1);
  let edits = 0;
  for (const [at, label] of left.entries()) {
    const other = right[at] ?? '';
    if (label === other) continue;
    if (isWithin(label, other, 1)) edits += 1;
    else if (Math.min(label.length, other.length) >= 6 && isWithin(label, other, 2)) edits += 2;
    else return false;
  }
  return edits <= 2;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function plain(pattern: string): string {
  return isWildcard(pattern) ? pattern.slice(1) : pattern;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** Is the optimal string alignment distance at most the limit? Only the cells within the limit of the diagonal count. */
function isWithin(a: string, b: string, limit: number): boolean {
  const far = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return false;
  let before: number[] = [];
  let last: number[] = [];
  for (let j = 0; j <= Math.min(limit, b.length); j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [];
    let best = far;
    for (let j = Math.max(0, i - limit); j <= Math.min(b.length, i + limit); j++) {
      let value = j === 0 ? i : Math.min((last[j] ?? far) + 1, (row[j - 1] ?? far) + 1);
      if (j > 0) value = Math.min(value, (last[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (before[j - 2] ?? far) + 1);
      }
      row[j] = value;
      if (value < best) best = value;
    }
    if (best > limit) return false;
    before = last;
    last = row;
  }
  return (last[b.length] ?? far) <= limit;
}
