import { hasSymbol } from './symbol.ts';

/**
 * Patterns of appliances that are neither one name nor everything below a domain. Labels are lower case.
 * - `labels`: label by label, where `^` is any one label and `*` any one or more; `isOpen` where further labels may follow.
 *   https://docs.paloaltonetworks.com/advanced-url-filtering (guidelines for URL category exceptions)
 * - `domain`: a domain with everything below it.
 */
export type NameShape =
  | { readonly kind: 'labels'; readonly labels: readonly string[]; readonly isOpen: boolean }
  | { readonly kind: 'domain'; readonly domain: string };

/**
 * Does the shape hold every name of a pattern (a name, or `*` and a suffix), none, or some of them? 'some' is also the
 * answer where symbols leave it open.
 */
export function shapeMeets(shape: NameShape, pattern: string): 'all' | 'some' | 'none' {
  if (shape.kind === 'domain') return domainMeets(shape.domain, pattern);
  if (hasSymbol(pattern)) return 'some';
  const { labels, isOpen } = shape;
  if (!pattern.startsWith('*')) return holds(labels, pattern.split('.'), isOpen) ? 'all' : 'none';
  const suffix = pattern.slice(1);
  const [first, ...rest] = labels;
  // `*.example.com` holds whatever ends in `.example.com`.
  if (first === '*' && rest.every(isPlain) && suffix.endsWith(`.${rest.join('.')}`)) return 'all';
  if (isOpen) return 'some';
  return mayEndIn(labels, suffix) ? 'some' : 'none';
}

function domainMeets(domain: string, pattern: string): 'all' | 'some' | 'none' {
  if (pattern === domain || pattern.endsWith(`.${domain}`)) return 'all';
  if (hasSymbol(pattern)) return 'some';
  if (!pattern.startsWith('*')) return 'none';
  const suffix = pattern.slice(1);
  return domain.endsWith(suffix) || `.${domain}`.endsWith(suffix) ? 'some' : 'none';
}

function isPlain(label: string): boolean {
  return label !== '*' && label !== '^';
}

/** Label by label; `*` takes one or more. At most as many steps as labels times labels. */
function holds(labels: readonly string[], name: readonly string[], isOpen: boolean): boolean {
  // Positions in the name up to which the labels so far may reach.
  let reached = new Set([0]);
  for (const label of labels) {
    const next = new Set<number>();
    for (const at of reached) {
      if (label === '*') for (let end = at + 1; end <= name.length; end += 1) next.add(end);
      else if (at < name.length && (label === '^' || label === name[at])) next.add(at + 1);
    }
    reached = next;
  }
  return isOpen ? reached.size > 0 : reached.has(name.length);
}

/** Could a name that the labels hold end in the suffix? Compares plain labels from the right, up to the first wildcard. */
function mayEndIn(labels: readonly string[], suffix: string): boolean {
  const wanted = suffix.split('.');
  for (let back = 1; back <= labels.length && back < wanted.length; back += 1) {
    const label = labels[labels.length - back] ?? '';
    if (label === '*') return true;
    if (label !== '^' && label !== wanted[wanted.length - back]) return false;
  }
  return labels.length >= wanted.length || labels.includes('*');
}
