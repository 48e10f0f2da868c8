import type { Requirement, Target } from '../../src/requirements/requirement.ts';

/** Requirement rows by hand, for tests of coverage that must not depend on the data. */
export function row(
  id: string,
  destinations: readonly (string | Partial<Target>)[],
  options: Partial<Requirement> = {},
): Requirement {
  return {
    id,
    feature: id.split('/')[0] ?? 'core',
    cloud: 'AzureCloud',
    necessity: 'required',
    applies: 'yes',
    why: 'every cluster needs it',
    mode: 'all',
    targets: destinations.map(target),
    protocol: 'HTTPS',
    port: 443,
    purpose: 'test',
    pools: 'all',
    identifiesCluster: false,
    source: { document: 'test', url: 'https://example.com', read: '2026-11-24' },
    ...options,
  };
}

function target(from: string | Partial<Target>): Target {
  const given = typeof from === 'string' ? { destination: from } : from;
  const destination = given.destination ?? '';
  return { destination, kind: kindOf(destination), standing: 'required', standsForHosts: false, ...given };
}

function kindOf(destination: string): Target['kind'] {
  if (destination === '*') return 'any';
  if (destination.startsWith('<')) return destination.includes('>.') ? 'name' : 'unknown-address';
  if (/^[A-Z]/.test(destination)) return 'service-tag';
  return /^[\d.]+$/.test(destination) ? 'address' : 'name';
}
