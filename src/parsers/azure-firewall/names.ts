import type { Destination } from '../../model/policy.ts';
import type { Value } from '../value.ts';
import { textOf, unknownOf, type Report } from './fields.ts';

/** A member of targetFqdns or destinationFqdns. */
export function nameDestination(value: Value, via: 'fqdn' | 'network-fqdn', report: Report): Destination {
  noteUnknown(value, report);
  const text = textOf(value);
  return { kind: 'name', pattern: normaliseName(text), via, text, place: value.place };
}

/**
 * A member of targetUrls: host pattern and path. The scheme is not part of a URL here, but people write it.
 * https://learn.microsoft.com/azure/firewall/premium-features#url-filtering
 */
export function urlDestination(value: Value, report: Report): Destination {
  noteUnknown(value, report);
  const text = textOf(value);
  const rest = text.replace(/^https?:\/\//i, '');
  const slash = indexOutsideSymbols(rest, '/');
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const url = slash < 0 ? '' : rest.slice(slash);
  return { kind: 'name', pattern: normaliseName(host), via: 'url', url, text, place: value.place };
}

export function tagDestination(value: Value, report: Report): Destination {
  noteUnknown(value, report);
  const text = textOf(value);
  return { kind: 'fqdn-tag', tag: text.trim(), text, place: value.place };
}

export function categoryDestination(value: Value, report: Report): Destination {
  noteUnknown(value, report);
  return { kind: 'web-category', text: textOf(value), place: value.place };
}

function noteUnknown(value: Value, report: Report): void {
  const unknown = unknownOf(value);
  if (unknown !== undefined) report.unknown(unknown);
}

/** Lower case, but for symbols, whose text is their identity; without the dot of the DNS root. */
export function normaliseName(text: string): string {
  const lower = text.includes('⟦')
    ? text.replace(/⟦[^⟧]*⟧|[^⟦]+/g, (part) => (part.startsWith('⟦') ? part : part.toLowerCase()))
    : text.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Index of a character that is not inside a symbol, or -1. */
export function indexOutsideSymbols(text: string, character: string): number {
  let inside = false;
  for (let index = 0; index < text.length; index += 1) {
    const here = text.charAt(index);
    if (here === '⟦') inside = true;
    else if (here === '⟧') inside = false;
    else if (!inside && here === character) return index;
  }
  return -1;
}
