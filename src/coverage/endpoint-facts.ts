import { isWildcard } from '../model/name.ts';
import type { Cloud } from '../model/policy.ts';

/** What the dated facts know about host names as such; made in knowledge.ts for one cloud. */
export interface EndpointFacts {
  readonly cloud: Cloud;
  /** Lower-case names of every region of the cloud. */
  readonly regions: ReadonlySet<string>;
  /** A host that Microsoft no longer serves. */
  retired(pattern: string): { readonly evidence: string; readonly replacement: string } | undefined;
  /** A literal address that stood for a name once. */
  retiredAddress(text: string): { readonly was: string; readonly evidence: string } | undefined;
  /** The region that the suffix of an AzureCloud tag means: `centralfrance` is francecentral. */
  regionOfTag(suffix: string): string;
  /** …and back. */
  tagOfRegion(region: string): string;
  /** A host of another cloud, with its counterpart in this one ('' where there is none). */
  otherCloud(pattern: string): { readonly cloud: Cloud; readonly counterpart: string } | undefined;
  /** Is this a service tag that Azure knows? Takes `Tag` and `Tag.Region`. */
  knowsServiceTag(tag: string): boolean;
  knowsFqdnTag(tag: string): boolean;
}

/** The pattern with each known region label replaced, to compare hosts of different regions. */
export function withoutRegion(pattern: string, regions: ReadonlySet<string>): string {
  return pattern
    .split('.')
    .map((label) => (regions.has(label) ? '<region>' : label))
    .join('.');
}

/** The first known region among the labels. */
export function regionIn(pattern: string, regions: ReadonlySet<string>): string | undefined {
  return pattern.split('.').find((label) => regions.has(label));
}

/**
 * Few edits apart, for names long enough that this is no chance: at most 2 in a name of 10 or more characters, at most 1 in
 * a shorter one. Damerau's transposition counts as one. Host names that differ only in a leading wildcard are no typing
 * errors but another pattern.
 */
export function isTypingErrorOf(written: string, meant: string): boolean {
  const a = isWildcard(written) ? written.slice(1) : written;
  const b = isWildcard(meant) ? meant.slice(1) : meant;
  if (a === b || isWildcard(written) !== isWildcard(meant)) return false;
  const limit = Math.min(a.length, b.length) >= 10 ? 2 : 1;
  if (Math.abs(a.length - b.length) > limit) return false;
  // A different number or other first label of the same length is a sibling, not a slip: westus2 and westus3.
  if (digitsOf(a) !== digitsOf(b)) return false;
  return editDistance(a, b, limit) <= limit;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** Optimal string alignment distance, given up (limit + 1) as soon as it must exceed the limit. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      row.push(value);
      best = Math.min(best, value);
    }
    if (best > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
