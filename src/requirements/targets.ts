import { azureCloudTagRegion } from '../azure/regions.ts';
import { parseIpRange } from '../model/address.ts';
import { nameContains } from '../model/name.ts';
import type { Profile } from '../profile/profile.ts';
import type { RequirementRecord } from './records.ts';
import type { Correction, Necessity, Requirement, Target } from './requirement.ts';

/** The label that stands for the cluster's region in the data, and in rows of profiles without one. */
export const REGION = '<region>';

/** Of a profile, what fills placeholders; nothing for the rows of other clouds, in which the cluster is not. */
export type Filling = Pick<
  Profile,
  'region' | 'apiServerFqdn' | 'apiServerIps' | 'hosts' | 'customDnsServers'
>;

/** Addresses that only the user knows: what to say of them. */
const ADDRESSES: Readonly<Record<string, { fact?: 'apiServerIps' | 'customDnsServers'; supply: string }>> = {
  '<api-server-ip>': {
    fact: 'apiServerIps',
    supply: "give the API server's address as apiServerIps in the profile",
  },
  '<custom-dns-ip>': {
    fact: 'customDnsServers',
    supply: "give the DNS servers' addresses as customDnsServers in the profile",
  },
  '<api-server-subnet>': { supply: "allow the API server's subnet, where the firewall sees that traffic" },
  '<region-cidrs>': {
    supply: "allow the service tag AzureCloud of the region, which holds the region's addresses",
  },
};

const STANDING: Readonly<Record<Necessity, Target['standing']>> = {
  required: 'required',
  recommended: 'recommended',
  conditional: 'required',
};

/**
 * What a record asks for, its placeholders filled from the profile: the region, the API server's name and addresses, the DNS
 * servers, the hosts that wildcards stand for. A printed destination that evidence shows to be unneeded stays as a target of standing `documented`.
 * `corrections` are those of the record that hold for the profile.
 */
export function targetsOf(
  record: RequirementRecord,
  corrections: readonly Correction[],
  profile: Filling,
): Target[] {
  const needed = record.anyOf ?? record.destinations ?? [];
  const printed = (record.documentedDestinations ?? []).filter(
    (destination) =>
      !needed.includes(destination) &&
      corrections.some((one) => one.standing === 'documented' && one.destinations.includes(destination)),
  );
  return [...needed, ...printed].flatMap((destination) => {
    const correction = corrections.find((one) => concerns(one, destination));
    const standing =
      correction === undefined || correction.standing === 'replaced' || correction.replacement === destination
        ? STANDING[record.necessity]
        : correction.standing;
    return fill(destination, record, profile).map((target) => ({
      ...target,
      standing,
      ...(printed.includes(destination) ? { printedOnly: true } : {}),
      ...(correction === undefined ? {} : { correction: correction.evidence }),
    }));
  });
}

function concerns({ destinations, replacement }: Correction, destination: string): boolean {
  return destinations.includes(destination) || replacement === destination;
}

type Filled = Pick<Target, 'destination' | 'kind' | 'standsForHosts' | 'supply' | 'isApiServer'>;

function fill(destination: string, record: RequirementRecord, profile: Filling): Filled[] {
  if (destination === '*') return [{ destination, kind: 'any', standsForHosts: false }];
  const address = ADDRESSES[destination];
  if (address !== undefined) return fillAddress(destination, address, profile);
  const filled = withRegionIn(destination, profile.region?.value ?? REGION);
  // Service tags are written with a capital, hosts without.
  if (/^[A-Z]/.test(destination))
    return [{ destination: filled, kind: 'service-tag', standsForHosts: false }];
  const apiServer = profile.apiServerFqdn?.value;
  if (apiServer !== undefined && destination.startsWith('*.hcp.')) {
    return [{ destination: apiServer, kind: 'name', standsForHosts: false }];
  }
  const standsForHosts = record.standsForHosts?.includes(destination) ?? false;
  const hosts = standsForHosts
    ? (profile.hosts?.value ?? []).filter((host) => nameContains(filled, host))
    : [];
  // Where one of several destinations is enough, two hosts would read as alternatives, but both are needed.
  if (hosts.length === 0 || (record.anyOf !== undefined && hosts.length > 1))
    return [{ destination: filled, kind: 'name', standsForHosts }];
  return hosts.map((host) => ({ destination: host, kind: 'name', standsForHosts: false }));
}

function fillAddress(
  destination: string,
  { fact, supply }: { fact?: 'apiServerIps' | 'customDnsServers'; supply: string },
  profile: Filling,
): Filled[] {
  const known = fact === undefined ? [] : (profile[fact]?.value ?? []).filter(isAddress);
  if (known.length === 0) return [{ destination, kind: 'unknown-address', standsForHosts: false, supply }];
  return known.map((one) => ({
    destination: one,
    kind: 'address',
    standsForHosts: false,
    ...(fact === 'apiServerIps' ? { isApiServer: true } : {}),
  }));
}

function isAddress(text: string): boolean {
  return parseIpRange(text) !== undefined;
}

/** The requirement with its region filled; a name or a symbol. A row without the placeholder is returned as it is. */
export function withRegion(requirement: Requirement, region: string): Requirement {
  if (!requirement.targets.some(({ destination }) => destination.includes(REGION))) return requirement;
  return {
    ...requirement,
    targets: requirement.targets.map((target) => ({
      ...target,
      destination: withRegionIn(target.destination, region),
    })),
  };
}

/** The regional AzureCloud tags of some regions are not spelled like the region. */
function withRegionIn(destination: string, region: string): string {
  const name = destination.startsWith('AzureCloud.') ? azureCloudTagRegion(region) : region;
  return destination.replace(REGION, () => name);
}
