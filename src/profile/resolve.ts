import { UsageError } from '../errors.ts';
import { contradictionsOf } from './contradictions.ts';
import { defaultOf, factDefinition, FACTS, type FactName } from './facts.ts';
import { profileFromFlags, type ProfileFlags } from './flags.ts';
import { settleLocation } from './location.ts';
import {
  NAMED_PROFILES,
  originOf,
  type OpenFact,
  type Profile,
  type ProfileFact,
  type ProfilePart,
  type Sources,
} from './profile.ts';

export interface ProfileInput {
  readonly flags?: ProfileFlags;
  /** Parts of the configuration, the most specific first: a cluster's, then the one for all clusters. */
  readonly config?: readonly ProfilePart[];
  /** What the input shows of the cluster. */
  readonly inferred?: ProfilePart;
  /** Given by flag or configuration, or shown by the input. */
  readonly sources?: Sources | undefined;
}

/**
 * One profile of everything that is said about a cluster. What a flag says wins over the configuration, the configuration
 * over what the input shows, that over the defaults. A named profile counts as said where it was named, but less than a
 * fact beside it; where several are named, the first counts alone. A fact that nobody settles and that has no safe default
 * is unknown, never false.
 *
 * @throws {UsageError} where names are unknown, or cloud, region and API server contradict each other
 */
export function resolveProfile(input: ProfileInput = {}): Profile {
  const { flags = {}, config = [], inferred, sources } = input;
  const flagPart = profileFromFlags(flags);
  const parts = [flagPart, ...config, ...(inferred === undefined ? [] : [inferred])];
  const naming = parts.find(({ base }) => base !== undefined);
  const base = naming?.base?.value ?? 'public';
  const origin = originOf(naming?.base);
  const { settles, leavesOpen } = NAMED_PROFILES[base];
  const settled = (name: FactName): ProfileFact | undefined => {
    const value = naming === undefined ? undefined : settles[name];
    return value === undefined ? undefined : { value, ...origin };
  };
  const said = (name: FactName): ProfileFact | undefined => {
    for (const part of parts) {
      const fact = part.facts.get(name) ?? (part === naming ? settled(name) : undefined);
      if (fact === undefined) continue;
      // A list adds services to those that the named profile settles: what it leaves out is not off there.
      return isService(name) && fact.value === false ? (settled(name) ?? fact) : fact;
    }
    return leavesOpen.includes(name) ? { value: undefined, ...origin } : undefined;
  };

  const given = [flagPart, ...config];
  const place = placeOf(given, inferred);
  const { apiServerFqdn } = place;
  const apiServerIps = first(parts, (part) => part.apiServerIps);
  const hosts = first(parts, (part) => part.hosts);
  const customDnsServers = first(parts, (part) => part.customDnsServers);
  const { cloud, region, notes } = settleLocation(said('cloud'), place.region, apiServerFqdn);
  const facts = new Map<FactName, ProfileFact>();
  for (const name of FACTS.keys()) {
    const fallback: ProfileFact = { value: defaultOf(name, cloud.value), from: 'default' };
    facts.set(name, name === 'cloud' ? cloud : (said(name) ?? fallback));
  }
  const profile: Omit<Profile, 'contradictions'> = {
    base,
    given: given.some(saysSomething),
    cloud: cloud.value,
    facts,
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
    ...(apiServerIps === undefined ? {} : { apiServerIps }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(customDnsServers === undefined ? {} : { customDnsServers }),
    ...(sources === undefined ? {} : { sources }),
    notes: [...notes, ...(inferred?.notes ?? []), ...stillOpen(facts, inferred)],
  };
  return { ...profile, contradictions: inferred === undefined ? [] : contradictionsOf(profile, inferred) };
}

/**
 * Region and API server: what the input shows counts only where it does not contradict what was said. A contradiction is
 * reported, and what was said holds.
 */
function placeOf(
  given: readonly ProfilePart[],
  inferred: ProfilePart | undefined,
): Pick<ProfilePart, 'region' | 'apiServerFqdn'> {
  const region = first(given, (part) => part.region);
  const apiServerFqdn = first(given, (part) => part.apiServerFqdn);
  const cloud = first(given, (part) => openCloud(part.facts.get('cloud')));
  const shown = { region: inferred?.region, apiServerFqdn: inferred?.apiServerFqdn };
  if (inferred === undefined) return defined({ region, apiServerFqdn });
  const own = defined({ region, apiServerFqdn });
  const withRegion = defined({ ...own, region: region ?? shown.region });
  const kept = fits(cloud, withRegion) ? withRegion : own;
  const withServer = defined({ ...kept, apiServerFqdn: apiServerFqdn ?? shown.apiServerFqdn });
  return fits(cloud, withServer) ? withServer : kept;
}

function openCloud(fact: ProfileFact | undefined): OpenFact<string> | undefined {
  return typeof fact?.value === 'string' ? { ...fact, value: fact.value } : undefined;
}

function fits(
  cloud: OpenFact<string> | undefined,
  { region, apiServerFqdn }: Pick<ProfilePart, 'region' | 'apiServerFqdn'>,
): boolean {
  try {
    settleLocation(cloud, region, apiServerFqdn);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

function defined(place: {
  readonly region?: OpenFact<string> | undefined;
  readonly apiServerFqdn?: OpenFact<string> | undefined;
}): Pick<ProfilePart, 'region' | 'apiServerFqdn'> {
  const { region, apiServerFqdn } = place;
  return {
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
  };
}

/** What the input leaves open and nobody settled, a sentence for each reason. */
function stillOpen(
  facts: ReadonlyMap<FactName, ProfileFact>,
  inferred: ProfilePart | undefined,
): readonly string[] {
  const byReason = new Map<string, FactName[]>();
  for (const [name, why] of inferred?.openFacts ?? []) {
    const fact = facts.get(name);
    if (fact?.from !== 'inferred' || fact.value !== undefined) continue;
    byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  return [...byReason].map(([why, [first, ...others]]) => {
    const { values, says, supply } = factDefinition(first ?? 'cloud');
    const what = values.includes(true) ? `whether ${says(true)}` : `the ${first ?? ''}`;
    if (others.length === 0) return `It is not known ${what}: ${why}. To decide it, ${supply}.`;
    const more = others.length === 1 ? 'another fact' : `${others.length.toFixed()} other facts`;
    return `It is not known ${what}, nor ${more} of the cluster: ${why}. To decide them, give ${keysOf(first, others)} in the profile.`;
  });
}

/** The keys of a configuration that say the facts. */
function keysOf(first: FactName | undefined, others: readonly FactName[]): string {
  const keys = [...(first === undefined ? [] : [first]), ...others].map((name) => {
    if (name === 'customDns') return 'customDnsServers';
    return name.endsWith('Nodes') && name !== 'gpuNodes' ? 'nodeOs' : (name.split('.')[0] ?? name);
  });
  return [...new Set(keys)].join(', ');
}

/** What the first part says that says something. */
function first<T>(
  parts: readonly ProfilePart[],
  read: (part: ProfilePart) => OpenFact<T> | undefined,
): OpenFact<T> | undefined {
  return parts.map(read).find((fact) => fact !== undefined);
}

function isService(name: FactName): boolean {
  return name.startsWith('reachedPrivately.');
}

function saysSomething({ base, facts, region, apiServerFqdn, apiServerIps, hosts }: ProfilePart): boolean {
  return (
    facts.size > 0 || [base, region, apiServerFqdn, apiServerIps, hosts].some((one) => one !== undefined)
  );
}
