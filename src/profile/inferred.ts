import type { ClusterReading, Observed } from '../model/cluster.ts';
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
  return {
    facts,
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
    ...(customDnsServers === undefined ? {} : { customDnsServers }),
    openFacts,
    notes:
      reading.unread === undefined
        ? []
        : [
            `Cluster '${reading.name}' tells nothing of its profile: ${reading.unread}. The defaults hold where flags and configuration say nothing.`,
          ],
  };
}

/** The networks of a cluster's node pools and pods. */
export function sourcesOfCluster({ networks }: ClusterReading): Sources | undefined {
  return networks && { ...originOf(networks), byPool: networks.byPool };
}

function openFact<T>(observed: Observed<T> | undefined): OpenFact<T> | undefined {
  const value = observed?.value;
  return observed === undefined || value === undefined ? undefined : { value, ...originOf(observed) };
}

function originOf({ place }: Pick<Observed<unknown>, 'place'>): Origin {
  return { from: 'inferred', path: place.path, pointer: place.pointer, place };
}
