import type { FactValue } from '../conditions/grammar.ts';
import type { Place } from '../model/place.ts';
import type { Cloud } from '../model/policy.ts';
import type { FactName } from './facts.ts';

/** Where a fact comes from; `path` and `pointer` where it was written in a file. */
export interface Origin {
  readonly from: 'flag' | 'config' | 'inferred' | 'default';
  readonly path?: string;
  readonly pointer?: string;
  /** Of what the input shows; for findings. Reports have path and pointer. */
  readonly place?: Place;
}

/** What was said of a fact by flag or configuration, where the cluster in the input shows something else. */
export interface Contradiction {
  /** Names what it is about: a fact of the profile, or the like. */
  readonly fact: string;
  /** Clauses: "the cluster is private". */
  readonly said: string;
  readonly shown: string;
  readonly saidBy: Origin;
  readonly shownAt: Place;
}

/** Undefined where it is not known; then `from` says who left it open. */
export interface ProfileFact extends Origin {
  readonly value: FactValue | undefined;
}

/** A value that is no closed fact: a name, addresses. Absent where it is not known. */
export interface OpenFact<T> extends Origin {
  readonly value: T;
}

/**
 * Which pools' traffic a source list holds; `all` is a list that is not keyed, `proxy` that of an HTTP proxy, which asks in
 * its own name for what nodes and pods want of HTTP and HTTPS.
 */
export const POOLS = ['all', 'linux', 'windows', 'gpu', 'pods', 'proxy'] as const;
export type Pool = (typeof POOLS)[number];

export interface Sources extends Origin {
  /** Address ranges; a symbol for a network that is there and not known. */
  readonly byPool: Readonly<Partial<Record<Pool, readonly string[]>>>;
  /** Names and domains that are reached without the proxy, lower case. */
  readonly direct?: readonly string[];
}

/** Everything about one cluster that decides which requirements apply and on whose traffic they are judged. */
export interface Profile {
  /** The named profile that it builds on. */
  readonly base: ProfileName;
  /** False where nothing but defaults and what the input shows was used. */
  readonly given: boolean;
  readonly cloud: Cloud;
  readonly facts: ReadonlyMap<FactName, ProfileFact>;
  /** As ARM writes it: lower case, no spaces. */
  readonly region?: OpenFact<string>;
  readonly apiServerFqdn?: OpenFact<string>;
  readonly apiServerIps?: OpenFact<readonly string[]>;
  /** Hosts of the cluster's own resources: all that it uses below a wildcard that stands for such hosts. */
  readonly hosts?: OpenFact<readonly string[]>;
  readonly customDnsServers?: OpenFact<readonly string[]>;
  /** Absent where nobody named sources; then the policy's own rules show them. */
  readonly sources?: Sources;
  /** Things worth saying that are no errors, each a finished sentence. */
  readonly notes: readonly string[];
  /** What flags and configuration say otherwise than the cluster in the input. */
  readonly contradictions: readonly Contradiction[];
}

/** Node or pod traffic of a cluster in the input, as far as its addresses are known. */
export interface ShownNetwork {
  readonly pool: Pool;
  /** Of the subnet. */
  readonly name: string;
  readonly ranges: readonly string[];
  readonly place: Place;
}

/** What one place says about a cluster: flags, a configuration, or what the input shows. */
export interface ProfilePart {
  readonly base?: OpenFact<ProfileName>;
  readonly facts: ReadonlyMap<FactName, ProfileFact>;
  readonly region?: OpenFact<string>;
  readonly apiServerFqdn?: OpenFact<string>;
  readonly apiServerIps?: OpenFact<readonly string[]>;
  readonly hosts?: OpenFact<readonly string[]>;
  readonly customDnsServers?: OpenFact<readonly string[]>;
  /** Networks that its traffic comes from; absent where a proxy stands between. */
  readonly networks?: readonly ShownNetwork[];
  /** DNS servers of its virtual network, those too that are no custom ones for a requirement. */
  readonly dnsServers?: OpenFact<readonly string[]>;
  /** Facts that it leaves open, and why: a clause. */
  readonly openFacts?: ReadonlyMap<FactName, string>;
  /** Things worth saying, each a finished sentence. */
  readonly notes?: readonly string[];
}

export const PROFILE_NAMES = ['public', 'private', 'network-isolated'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

interface NamedProfile {
  readonly settles: Readonly<Partial<Record<FactName, FactValue>>>;
  /** Facts whose default does not hold for such clusters. */
  readonly leavesOpen: readonly FactName[];
}

/** What each named profile says; everything else keeps its default. */
export const NAMED_PROFILES: Readonly<Record<ProfileName, NamedProfile>> = {
  public: { settles: { privateCluster: false, networkIsolated: false }, leavesOpen: [] },
  private: { settles: { privateCluster: true, networkIsolated: false }, leavesOpen: [] },
  // Its own images come through a private registry; for other services private endpoints are only recommended.
  'network-isolated': {
    settles: {
      privateCluster: true,
      networkIsolated: true,
      'reachedPrivately.acr': true,
      'reachedPrivately.mcr': true,
    },
    leavesOpen: ['reachedPrivately.key-vault', 'reachedPrivately.monitor', 'reachedPrivately.storage'],
  },
};

/**
 * The source lists of one kind of traffic, as Requirement.pools names it. Without a key for the pool, its nearest relative
 * stands in: GPU nodes are Linux nodes, pods without a subnet of their own leave with their node's address.
 */
export function sourcesFor(sources: Sources, pool: Pool | 'nodes'): readonly string[] {
  const { all = [], linux = [], windows = [], gpu = [], pods = [], proxy = [] } = sources.byPool;
  const nodes = orElse(unique([...all, ...linux, ...windows, ...gpu]), pods);
  switch (pool) {
    case 'all':
      return unique([...nodes, ...pods]);
    case 'proxy':
      return orElse(unique(proxy), nodes);
    case 'nodes':
      return nodes;
    case 'linux':
      return orElse(unique([...all, ...linux, ...gpu]), nodes);
    case 'gpu':
      return orElse(unique(gpu), unique([...all, ...linux]), nodes);
    case 'windows':
      return orElse(unique([...all, ...windows]), nodes);
    case 'pods':
      return orElse(unique(pods), nodes);
  }
}

function orElse(...lists: (readonly string[])[]): readonly string[] {
  return lists.find((list) => list.length > 0) ?? [];
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}

/** One fact as reports show it. */
export interface ShownFact extends Omit<Origin, 'place'> {
  readonly value: string | boolean | readonly string[];
  /** Of a list of what is on: each thing that may be in it. */
  readonly members?: Readonly<
    Record<string, Omit<Origin, 'place'> & { readonly value: boolean | 'unknown' }>
  >;
}

/** The facts for reports, by the names of the configuration: lists instead of one fact per member; 'unknown' said so. */
export function profileForReport(profile: Profile): Record<string, ShownFact> {
  const report: Record<string, ShownFact> = {};
  const open = (name: string, fact: OpenFact<string | readonly string[]> | undefined): void => {
    report[name] =
      fact === undefined ? { value: 'unknown', from: 'default' } : { ...originOf(fact), value: fact.value };
  };
  for (const [name, fact] of profile.facts) {
    if (isPlain(name)) report[name] = { ...originOf(fact), value: fact.value ?? 'unknown' };
  }
  open('region', profile.region);
  for (const name of ['apiServerFqdn', 'apiServerIps', 'hosts', 'customDnsServers'] as const) {
    if (profile[name] !== undefined) open(name, profile[name]);
  }
  for (const [list, prefix] of [
    ['features', 'features.'],
    ['reachedPrivately', 'reachedPrivately.'],
  ] as const) {
    const members = [...profile.facts].filter(([name]) => name.startsWith(prefix));
    const on = members.filter(([, fact]) => fact.value === true);
    const origin = (on[0] ?? members.find(([, fact]) => fact.from !== 'default') ?? members[0])?.[1];
    const value = on.map(([name]) => name.slice(prefix.length));
    const each = members.map(([name, fact]) => {
      const answer: boolean | 'unknown' = fact.value === undefined ? 'unknown' : fact.value === true;
      return [name.slice(prefix.length), { value: answer, ...originOf(fact) }] as const;
    });
    report[list] = { ...originOf(origin), value, members: Object.fromEntries(each) };
  }
  return report;
}

function isPlain(name: FactName): boolean {
  return !name.includes('.');
}

export function originOf(fact: Origin | undefined): Omit<Origin, 'place'> {
  if (fact === undefined) return { from: 'default' };
  const { from, path, pointer } = fact;
  return {
    from,
    ...(path === undefined ? {} : { path }),
    ...(pointer === undefined ? {} : { pointer }),
  };
}
