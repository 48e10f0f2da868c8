import { cloudOfRegion, normaliseRegion, regionsOf } from '../azure/regions.ts';
import type { FactValue } from '../conditions/grammar.ts';
import { UsageError } from '../errors.ts';
import type { Cloud } from '../model/policy.ts';
import { didYouMean } from './did-you-mean.ts';
import { CLOUDS, defaultOf, FACTS, isFactName, type FactName } from './facts.ts';
import { profileFromFlags, type ProfileFlags } from './flags.ts';
import {
  NAMED_PROFILES,
  originOf,
  type OpenFact,
  type Profile,
  type ProfileFact,
  type ProfileName,
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
 * over what the input shows, that over the defaults; a named profile counts as said where it was named, but less than a
 * fact beside it. A fact that nobody settles and that has no safe default is unknown, never false.
 *
 * @throws {UsageError} where names are unknown or the region is not in the cloud
 */
export function resolveProfile(input: ProfileInput = {}): Profile {
  const { flags = {}, config = [], inferred, sources } = input;
  const flagPart = profileFromFlags(flags);
  const parts = [flagPart, ...config, ...(inferred === undefined ? [] : [inferred])];
  const layers = [
    flagPart.facts,
    ...(flagPart.base === undefined ? [] : [factsOfBase(flagPart.base, 'flag')]),
    ...config.flatMap(({ base, facts }) =>
      base === undefined ? [facts] : [facts, factsOfBase(base, 'config')],
    ),
    ...(inferred === undefined ? [] : [inferred.facts]),
  ];
  const said = (name: FactName): ProfileFact | undefined =>
    layers.map((layer) => layer.get(name)).find((fact) => fact !== undefined);

  const region = normalised(first(parts, (part) => part.region));
  const { cloud, notes } = settleCloud(said('cloud'), region);
  const facts = new Map<FactName, ProfileFact>();
  for (const name of FACTS.keys()) {
    const fallback: ProfileFact = { value: defaultOf(name, cloud.value), from: 'default' };
    facts.set(name, name === 'cloud' ? cloud : (said(name) ?? fallback));
  }
  const apiServerFqdn = first(parts, (part) => part.apiServerFqdn);
  const apiServerIps = first(parts, (part) => part.apiServerIps);
  const customDnsServers = first(parts, (part) => part.customDnsServers);
  return {
    base: parts.map(({ base }) => base).find((base) => base !== undefined) ?? 'public',
    given: [flagPart, ...config].some(saysSomething),
    cloud: cloud.value,
    facts,
    ...(region === undefined ? {} : { region }),
    ...(apiServerFqdn === undefined ? {} : { apiServerFqdn }),
    ...(apiServerIps === undefined ? {} : { apiServerIps }),
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

/** What a named profile settles, with the origin of its name. */
function factsOfBase(base: ProfileName, from: 'flag' | 'config'): Map<FactName, ProfileFact> {
  return new Map(
    Object.entries(NAMED_PROFILES[base]).flatMap(([name, value]): [FactName, ProfileFact][] =>
      isFactName(name) ? [[name, { value, from }]] : [],
    ),
  );
}

function normalised(region: OpenFact<string> | undefined): OpenFact<string> | undefined {
  return region === undefined ? undefined : { ...region, value: normaliseRegion(region.value) };
}

function saysSomething(part: ProfilePart): boolean {
  return part.base !== undefined || part.facts.size > 0 || part.region !== undefined;
}

type CloudFact = ProfileFact & { readonly value: Cloud };

/** The cloud that was said; else the one that the region is in; else the default. */
function settleCloud(
  said: ProfileFact | undefined,
  region: OpenFact<string> | undefined,
): { cloud: CloudFact; notes: readonly string[] } {
  const name = CLOUDS.find((known) => known === said?.value);
  const home = region === undefined ? undefined : cloudOfRegion(region.value);
  if (region === undefined || (home !== undefined && name === undefined)) {
    const value = name ?? home ?? CLOUDS[0];
    return { cloud: { ...originOf(said ?? region), value }, notes: [] };
  }
  const value = name ?? CLOUDS[0];
  const cloud: CloudFact = { ...originOf(said), value };
  if (home !== undefined && home !== value) {
    throw new UsageError(
      `The region ${region.value}${placeOf(region)} is in ${home}, but the cloud is ${value}${placeOf(cloud)}. Correct one of them.`,
    );
  }
  if (!/^[a-z0-9]+$/.test(region.value)) {
    throw new UsageError(
      `'${region.value}'${placeOf(region)} is no region. Expected a name such as ${regionsOf(value)[0] ?? ''}.`,
    );
  }
  if (home !== undefined) return { cloud, notes: [] };
  const hint = didYouMean(region.value, regionsOf(value));
  return {
    cloud,
    notes: [`The region ${region.value} is not among those of ${value} that this version knows.${hint}`],
  };
}

function placeOf({ from, path, pointer }: OpenFact<FactValue | undefined> | ProfileFact): string {
  if (from === 'flag') return ' (from a flag)';
  return path === undefined ? '' : ` (${path}${pointer === undefined ? '' : `, ${pointer}`})`;
}
