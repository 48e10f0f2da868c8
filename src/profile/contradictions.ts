import { normaliseRegion } from '../azure/regions.ts';
import { parseIpRange } from '../model/address.ts';
import { ipIntersect, ipOverlaps, ipSetOf, NOT_PUBLIC, type IpSet } from '../model/ip-space.ts';
import { hasSymbol } from '../model/symbol.ts';
import { factDefinition, type FactName } from './facts.ts';
import { factsOfFeature, FEATURES } from './features.ts';
import { sourcesFor, type Contradiction, type Origin, type Profile, type ProfilePart } from './profile.ts';

type Said = Pick<Profile, 'facts' | 'region' | 'apiServerFqdn' | 'customDnsServers' | 'sources'>;

/** What flags and configuration say otherwise than the input shows it. */
export function contradictionsOf(profile: Said, inferred: ProfilePart): Contradiction[] {
  return [
    ...factContradictions(profile, inferred),
    ...regionContradiction(profile, inferred),
    ...serverContradiction(profile, inferred),
    ...resolverContradiction(profile, inferred),
    ...networkContradictions(profile, inferred),
  ];
}

function isSaid(origin: Origin | undefined): origin is Origin {
  return origin?.from === 'flag' || origin?.from === 'config';
}

function* factContradictions({ facts }: Said, inferred: ProfilePart): Generator<Contradiction> {
  for (const [name, shown] of inferred.facts) {
    const held = facts.get(name);
    // Of DNS servers there is more to say than whether there are some.
    if (held === undefined || shown.place === undefined || !isSaid(held) || name === 'customDns') continue;
    if (held.value === undefined || shown.value === undefined || held.value === shown.value) continue;
    if (shown.value === false && isPartOfGroup(name, held, facts, inferred)) continue;
    const { says } = factDefinition(name);
    yield {
      fact: name,
      said: says(held.value),
      shown: says(shown.value),
      saidBy: held,
      shownAt: shown.place,
    };
  }
}

/** Who names a group of features, as Azure Monitor is one, means one of them at least. */
function isPartOfGroup(name: FactName, said: Origin, facts: Said['facts'], inferred: ProfilePart): boolean {
  return GROUPS.some(
    (group) =>
      group.some((member) => member === name) &&
      group.every((member) => {
        const fact = facts.get(member);
        return fact?.value === true && fact.from === said.from && fact.pointer === said.pointer;
      }) &&
      group.some((member) => inferred.facts.get(member)?.value === true),
  );
}

const GROUPS: readonly (readonly FactName[])[] = FEATURES.filter(({ includes }) => includes.length > 1).map(
  factsOfFeature,
);

function* regionContradiction({ region }: Said, inferred: ProfilePart): Generator<Contradiction> {
  const shown = inferred.region;
  if (region === undefined || shown?.place === undefined || !isSaid(region)) return;
  if (normaliseRegion(shown.value) === region.value) return;
  yield {
    fact: 'region',
    said: `the region is ${region.value}`,
    shown: `the region is ${normaliseRegion(shown.value)}`,
    saidBy: region,
    shownAt: shown.place,
  };
}

/** A private cluster may have a public name beside the private one. */
function* serverContradiction({ apiServerFqdn }: Said, inferred: ProfilePart): Generator<Contradiction> {
  const shown = inferred.apiServerFqdn;
  if (apiServerFqdn === undefined || shown?.place === undefined || !isSaid(apiServerFqdn)) return;
  if (inferred.facts.get('privateCluster')?.value !== false) return;
  if (apiServerFqdn.value.toLowerCase() === shown.value.toLowerCase()) return;
  yield {
    fact: 'apiServerFqdn',
    said: `the API server is ${apiServerFqdn.value}`,
    shown: `it is ${shown.value}`,
    saidBy: apiServerFqdn,
    shownAt: shown.place,
  };
}

/** A firewall that is the DNS server may be named or not: it needs no rule. */
function* resolverContradiction(
  { facts, customDnsServers }: Said,
  inferred: ProfilePart,
): Generator<Contradiction> {
  const held = facts.get('customDns');
  const shown = inferred.dnsServers;
  if (!isSaid(held) || held.value === undefined || shown?.place === undefined) return;
  const said = isSaid(customDnsServers) ? customDnsServers.value : [];
  const isOpen = shown.value.some(hasSymbol);
  const custom = inferred.customDnsServers?.value ?? [];
  const isUnheard = said.some((server) => !isOpen && !shown.value.includes(server));
  if (!isUnheard && custom.every((server) => hasSymbol(server) || said.includes(server))) return;
  yield {
    fact: 'customDnsServers',
    said: resolversText(said),
    shown: resolversText(shown.value),
    saidBy: held,
    shownAt: shown.place,
  };
}

function resolversText(servers: readonly string[]): string {
  return servers.length === 0
    ? 'the virtual network uses Azure DNS'
    : `the virtual network uses the DNS servers ${servers.join(', ')}`;
}

/**
 * Sources may be narrower than a subnet, wider, or name one pool of several. What they cannot be is a network that has no
 * address in common with a subnet of the nodes, as far as it is private: behind a translation of addresses a firewall sees
 * public ones.
 */
function* networkContradictions({ sources }: Said, inferred: ProfilePart): Generator<Contradiction> {
  if (sources === undefined || !isSaid(sources)) return;
  for (const { pool, name, ranges, place } of inferred.networks ?? []) {
    if (pool === 'pods' && sources.byPool.pods === undefined) continue;
    const given = sourcesFor(sources, pool);
    const said = ipIntersect(setOf(given), NOT_PUBLIC);
    const shown = comparable(setOf(ranges), said);
    if (shown === undefined || ipOverlaps(said, shown)) continue;
    const what = pool === 'pods' ? 'pods' : 'nodes';
    yield {
      fact: `sources ${name}`,
      said: `the traffic of its ${what} comes from ${given.join(', ')}`,
      shown: `subnet '${name}' of its ${what} is ${ranges.join(', ')}`,
      saidBy: sources,
      shownAt: place,
    };
  }
}

function setOf(texts: readonly string[]): IpSet {
  return ipSetOf(texts.flatMap((text) => parseIpRange(text) ?? []));
}

/** Of a network with addresses of both versions, those of the versions that were said; undefined where there are none. */
function comparable(shown: IpSet, said: IpSet): IpSet | undefined {
  const v4 = said.v4.length > 0 ? shown.v4 : [];
  const v6 = said.v6.length > 0 ? shown.v6 : [];
  return v4.length + v6.length === 0 ? undefined : { v4, v6 };
}
