import type { ClusterReading, ClusterSubnet, HttpProxy, Observed } from '../model/cluster.ts';
import { symbolOf } from '../model/symbol.ts';
import { cloudOfRegion, normaliseRegion } from '../azure/regions.ts';
import type { FactName } from './facts.ts';
import type { OpenFact, Origin, ProfileFact, ProfilePart, Sources } from './profile.ts';

/** What a cluster of the input says, as a part of a profile. */
export function partOfCluster(reading: ClusterReading): ProfilePart {
  const facts = new Map<FactName, ProfileFact>();
  const openFacts = new Map<FactName, string>();
  for (const [name, observed] of reading.facts) {
    facts.set(name, { value: observed.value, ...originOf(observed) });
    if (observed.value === undefined) openFacts.set(name, observed.why ?? 'its value is not known');
  }
  const region = openFact(reading.region);
  const cloud = region && cloudOfRegion(normaliseRegion(region.value));
  if (region !== undefined && cloud !== undefined) facts.set('cloud', { ...region, value: cloud });
  const apiServerFqdn = openFact(reading.apiServerFqdn);
  const customDnsServers = openFact(reading.customDnsServers);
  const dnsServers = openFact(reading.egress.dnsServers);
  return {
    facts,
    // Behind a proxy sources may be the proxy's.
    networks:
      reading.egress.httpProxy === undefined
        ? reading.subnets.map(({ kind, ...rest }) => ({ pool: kind, ...rest }))
        : [],
    ...(dnsServers === undefined ? {} : { dnsServers }),
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
    ...(customDnsServers === undefined ? {} : { customDnsServers }),
    openFacts,
  };
}

/**
 * Where the traffic of a cluster comes from, as far as the input tells: undefined unless all subnets of its pools are known.
 * With an HTTP proxy it is enough to know a part; a network of which nothing but its being there is known stands for the rest.
 */
export function sourcesOfCluster(reading: ClusterReading): Sources | undefined {
  const { subnets, hasUnseenSubnet, egress, place } = reading;
  const proxy = egress.httpProxy?.url.value === undefined ? undefined : egress.httpProxy;
  if (hasUnseenSubnet && proxy?.address === undefined) return undefined;
  const byKind = hasUnseenSubnet ? { all: [symbolOf('the nodes')] } : poolsOf(subnets);
  const origin = originOf({ place: subnets[0]?.place ?? place });
  if (proxy === undefined) return { ...origin, byPool: byKind };
  return { ...origin, byPool: { ...byKind, proxy: proxySources(proxy) }, direct: proxy.exceptions };
}

/** The proxy's address; a network of its own where it has only a name. */
function proxySources({ address, url }: HttpProxy): readonly string[] {
  return [address ?? symbolOf(`the proxy ${url.value ?? ''}`)];
}

/** By pool only where pools differ. */
function poolsOf(subnets: readonly ClusterSubnet[]): Sources['byPool'] {
  const rangesOf = (kind: string): string[] => [
    ...new Set(subnets.filter((subnet) => subnet.kind === kind).flatMap(({ ranges }) => ranges)),
  ];
  const kinds = [...new Set(subnets.map(({ kind }) => kind))];
  if (kinds.length === 1 && kinds[0] === 'linux') return { all: rangesOf('linux') };
  return Object.fromEntries(kinds.map((kind) => [kind, rangesOf(kind)]));
}

function openFact<T>(observed: Observed<T> | undefined): OpenFact<T> | undefined {
  const value = observed?.value;
  return observed === undefined || value === undefined ? undefined : { value, ...originOf(observed) };
}

function originOf({ place }: Pick<Observed<unknown>, 'place'>): Origin {
  return { from: 'inferred', path: place.path, pointer: place.pointer, place };
}
