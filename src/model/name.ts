import { hasSymbol } from './symbol.ts';

/**
 * Host names and patterns as Azure Firewall application rules match them: a leading `*` is "ends with the rest",
 * at any depth; anything else is equality; a `*` elsewhere matches nothing.
 * https://learn.microsoft.com/azure/firewall/firewall-faq (how wildcards work in target FQDNs)
 *
 * Every pattern is lower case. The languages of two patterns are nested or disjoint, which keeps set algebra small:
 * a part of a pattern is the pattern without finitely many nested ones.
 */

const STAR = 0x2a;

/** Is `*` used in a way that matches something? */
export function isSupportedPattern(pattern: string): boolean {
  return pattern !== '' && !pattern.slice(1).includes('*');
}

export function isWildcard(pattern: string): boolean {
  return pattern.charCodeAt(0) === STAR;
}

/** Every name that `inner` matches is matched by `outer`. Symbols are equal to themselves only. */
export function nameContains(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  if (!isWildcard(outer)) return false;
  if (inner.length < (isWildcard(inner) ? outer.length : Math.max(1, outer.length - 1))) return false;
  return inner.endsWith(outer.slice(1));
}

export function nameOverlaps(a: string, b: string): boolean {
  return nameContains(a, b) || nameContains(b, a);
}

/**
 * Could the two patterns overlap if symbols had other values? Decided on the known text before the first and after the
 * last symbol of each; false only where no value can make them overlap.
 */
export function nameMayOverlap(a: string, b: string): boolean {
  if (nameOverlaps(a, b)) return true;
  if (!hasSymbol(a) && !hasSymbol(b)) return false;
  const x = edges(a);
  const y = edges(b);
  if (!x.gap) return fits(a, y);
  if (!y.gap) return fits(b, x);
  const ends = x.tail.endsWith(y.tail) || y.tail.endsWith(x.tail);
  const starts = x.head.startsWith(y.head) || y.head.startsWith(x.head);
  return ends && starts;
}

interface Edges {
  readonly head: string;
  readonly tail: string;
  /** Something unknown stands between them. */
  readonly gap: boolean;
}

/** Known text at both ends: before the wildcard or first symbol, and after the last symbol or wildcard. */
function edges(pattern: string): Edges {
  const open = isWildcard(pattern);
  const first = open ? 0 : pattern.indexOf('⟦');
  if (first < 0) return { head: pattern, tail: pattern, gap: false };
  const close = pattern.lastIndexOf('⟧');
  return { head: pattern.slice(0, first), tail: pattern.slice(close < 0 ? 1 : close + 1), gap: true };
}

/** A name that is known letter by letter must have room for both ends: `⟦x⟧.example.com` is never `example.com`. */
function fits(name: string, { head, tail }: Edges): boolean {
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
}

/** The names of `base` that none of `except` matches; every exception lies inside the base, none inside another. */
export interface NameSet {
  readonly base: string;
  readonly except: readonly string[];
}

export function nameSet(base: string): NameSet {
  return { base, except: [] };
}

/** The part of the set that the pattern matches; undefined where that is nothing. */
export function nameIntersect(set: NameSet, pattern: string): NameSet | undefined {
  if (nameContains(pattern, set.base)) return set;
  if (!nameContains(set.base, pattern)) return undefined;
  if (set.except.some((hole) => nameContains(hole, pattern))) return undefined;
  return { base: pattern, except: set.except.filter((hole) => nameContains(pattern, hole)) };
}

/**
 * The part of the set that the pattern does not match; undefined where that is nothing.
 * A wildcard is never exhausted by finitely many longer patterns: there is always another label.
 */
export function nameSubtract(set: NameSet, pattern: string): NameSet | undefined {
  if (nameContains(pattern, set.base)) return undefined;
  if (!nameContains(set.base, pattern) || set.except.some((hole) => nameContains(hole, pattern))) return set;
  return {
    base: set.base,
    except: [...set.except.filter((hole) => !nameContains(pattern, hole)), pattern].sort(),
  };
}
