import { defaultOf, FACTS, type FactName } from './facts.ts';
import { profileFromFlags, type ProfileFlags } from './flags.ts';
import { settleLocation } from './location.ts';
import {
  NAMED_PROFILES,
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
  const base = naming?.base ?? 'public';
  const from = naming === undefined ? 'default' : naming === flagPart ? 'flag' : 'config';
  const { settles, leavesOpen } = NAMED_PROFILES[base];
  const settled = (name: FactName): ProfileFact | undefined => {
    const value = naming === undefined ? undefined : settles[name];
    return value === undefined ? undefined : { value, from };
  };
  const said = (name: FactName): ProfileFact | undefined => {
    for (const part of parts) {
      const fact = part.facts.get(name) ?? (part === naming ? settled(name) : undefined);
      if (fact === undefined) continue;
      // A list adds services to those that the named profile settles: what it leaves out is not off there.
      return isService(name) && fact.value === false ? (settled(name) ?? fact) : fact;
    }
    return leavesOpen.includes(name) ? { value: undefined, from } : undefined;
  };

  const apiServerFqdn = first(parts, (part) => part.apiServerFqdn);
  const apiServerIps = first(parts, (part) => part.apiServerIps);
  const hosts = first(parts, (part) => part.hosts);
  const customDnsServers = first(parts, (part) => part.customDnsServers);
  const named = first(parts, (part) => part.region);
  const { cloud, region, notes } = settleLocation(said('cloud'), named, apiServerFqdn);
  const facts = new Map<FactName, ProfileFact>();
  for (const name of FACTS.keys()) {
    const fallback: ProfileFact = { value: defaultOf(name, cloud.value), from: 'default' };
    facts.set(name, name === 'cloud' ? cloud : (said(name) ?? fallback));
  }
  return {
    base,
    given: [flagPart, ...config].some(saysSomething),
    cloud: cloud.value,
    facts,
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
    ...(apiServerIps === undefined ? {} : { apiServerIps }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(customDnsServers === undefined ? {} : { customDnsServers }),
    ...(sources === undefined ? {} : { sources }),
    notes,
  };
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
