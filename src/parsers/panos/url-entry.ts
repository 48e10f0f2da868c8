import type { NameShape } from '../../model/name-shape.ts';

/** What an entry of a URL list means for whole hosts. */
export type UrlEntry =
  | { readonly kind: 'host'; readonly pattern: string; readonly shape?: NameShape }
  /** Every host, but only requests for some paths, which the firewall sees only where it decrypts. */
  | { readonly kind: 'path'; readonly pattern: string }
  | { readonly kind: 'invalid'; readonly problem: string };

/**
 * Reads an entry of a custom URL category. Tokens stand between `.` and `/`; `*` is one or more of them, `^` exactly one,
 * and a wildcard has to be a whole token. What does not end in a slash or asterisk goes on at its end, unless the firewall
 * appends the slash, as it does by default since 10.2 (`appends`).
 * https://docs.paloaltonetworks.com/advanced-url-filtering (guidelines for URL category exceptions)
 */
export function readUrlEntry(text: string, appends: boolean): UrlEntry {
  const entry = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '');
  const slash = entry.search(/[/?]/);
  const host = (slash < 0 ? entry : entry.slice(0, slash)).replace(/:\d+$/, '');
  const path = slash < 0 ? '' : entry.slice(slash);
  const labels = host.split('.');
  if (host === '' || labels.some((label) => label === ''))
    return { kind: 'invalid', problem: 'it has an empty token' };
  const odd = labels.find((label) => label.length > 1 && /[*^]/.test(label));
  if (odd !== undefined) {
    return { kind: 'invalid', problem: `a wildcard has to be a whole token, and '${odd}' is more` };
  }
  if (path !== '' && path !== '/') return { kind: 'path', pattern: boundOf(labels) };
  const isOpen = path === '' && !appends && labels.at(-1) !== '*';
  const pattern = boundOf(labels);
  const [first, ...rest] = labels;
  const isSimple = (first === '*' ? rest : labels).every((label) => label !== '*' && label !== '^');
  if (isSimple && !isOpen) return { kind: 'host', pattern };
  return { kind: 'host', pattern, shape: { kind: 'labels', labels, isOpen } };
}

/** The narrowest pattern with at most a leading asterisk that holds all hosts of the labels. */
function boundOf(labels: readonly string[]): string {
  const last = labels.findLastIndex((label) => label === '*' || label === '^');
  if (last < 0) return labels.join('.');
  const rest = labels.slice(last + 1);
  return rest.length === 0 ? '*' : `*.${rest.join('.')}`;
}
