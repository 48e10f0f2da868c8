import data from '../../rules/azure/retired-endpoints.json' with { type: 'json' };
import type { Cloud } from '../model/policy.ts';

export interface RetiredEndpoint {
  /**
   * `retired`: nothing answers there for AKS any more. `superseded`: another host took over, the old one still serves as a
   * fallback. `never`: no host that anybody can mean.
   */
  readonly kind: 'retired' | 'superseded' | 'never';
  /** A date, month or year. */
  readonly since?: string;
  /** The host to write instead, the region of the written host filled in; '' where there is none. */
  readonly replacement: string;
  /** A finished sentence with its source. */
  readonly evidence: string;
}

interface Entry {
  readonly hosts: readonly string[];
  readonly clouds: readonly string[];
  readonly kind: string;
  readonly since?: string;
  readonly replacement?: string;
  readonly evidence: string;
}

const ENTRIES: readonly Entry[] = data.endpoints;

const REGION = '<region>';

/** The last two labels, which every retired host shares with what is written of it. */
function domainOf(host: string): string {
  return host.split('.').slice(-2).join('.');
}

const BY_DOMAIN = new Map<string, Set<Entry>>();
for (const entry of ENTRIES) {
  for (const host of entry.hosts) {
    const known = BY_DOMAIN.get(domainOf(host)) ?? new Set();
    BY_DOMAIN.set(domainOf(host), known.add(entry));
  }
}

/**
 * What is known of a host or pattern that AKS no longer needs in the cloud; a pattern wider than the retired one is none.
 * @param asOf `YYYY-MM-DD`: what was given up later was in use on that day; the data's own days where absent
 */
export function retiredEndpoint(pattern: string, cloud: Cloud, asOf?: string): RetiredEndpoint | undefined {
  const plain = pattern.toLowerCase();
  for (const entry of BY_DOMAIN.get(domainOf(plain)) ?? []) {
    const { hosts, clouds, kind, since, replacement = '', evidence } = entry;
    if (!clouds.includes(cloud)) continue;
    // A month or a year begins with its first day, before which texts compare as smaller.
    if (since !== undefined && asOf !== undefined && asOf < since) continue;
    for (const host of hosts) {
      const region = matchRegion(host, plain);
      if (region === undefined) continue;
      return {
        kind: kind === 'superseded' || kind === 'never' ? kind : 'retired',
        ...(since === undefined ? {} : { since }),
        replacement: replacement.replace(REGION, () => region),
        evidence: evidence.replaceAll(REGION, () => region),
      };
    }
  }
  return undefined;
}

/** The label at the placeholder where the written pattern is the known one or lies inside it; undefined where it is not. */
function matchRegion(known: string, written: string): string | undefined {
  if (!known.startsWith('*.') && !known.includes(REGION)) return known === written ? REGION : undefined;
  const body = known.replace(/^\*\./, '').replaceAll('.', '\\.').replace(REGION, '([^.]+)');
  // `*.x`, `*x` and hosts below x alike: the retired names are below x.
  const match = new RegExp(`^(?:.+\\.)?${body}$`).exec(written.replace(/^\*\.?/, ''));
  return match === null ? undefined : (match[1] ?? REGION);
}

export interface RetiredAddress {
  /** The name whose address it was. */
  readonly was: string;
  readonly replacement: string;
  readonly evidence: string;
}

/** A literal address that stood for a name once. Takes an address, with or without `/32`. */
export function retiredAddress(text: string): RetiredAddress | undefined {
  const address = text.replace(/\/32$/, '');
  return data.addresses.find((entry) => entry.address === address);
}
