import {
  settingOf,
  settingsOf,
  valuesOf,
  type Config,
  type ConfigCluster,
  type ConfigPlaceOf,
  type ConfigProfile,
  type ConfigSources,
  type Setting,
} from '../config/config.ts';
import { UsageError } from '../errors.ts';
import type { Policy } from '../model/policy.ts';
import type { CloudHint } from '../parsers/index.ts';
import {
  POOLS,
  didYouMean,
  profileFromConfig,
  resolveProfile,
  settleSources,
  sourcesFromConfig,
  sourcesFromFlags,
  type Pool,
  type Profile,
  type ProfilePart,
  type Sources,
} from '../profile/index.ts';
import type { ProfileArguments } from './arguments.ts';
import type { InferredCluster } from './inferred-clusters.ts';
import type { Cluster } from './pipeline.ts';

/**
 * Flags and configuration as the clusters that they describe: those that the configuration lists
 * and those that the input holds; one without a name where there are none.
 */
export function clustersOf(
  args: ProfileArguments,
  config: Config,
  hint: CloudHint | undefined,
  found: readonly InferredCluster[] = [],
  told: (cluster: string | null) => ProfilePart | undefined = () => undefined,
): readonly Cluster[] {
  const flags = {
    profile: args.profile,
    cloud: args.cloud,
    region: args.region,
    features: args.features,
  };
  const flagSources = sourcesOfFlags(args.sources);
  // What is said last is the most specific.
  const common = settingsOf(config, 'profile').map(partOf).reverse();
  const commonSources = sourcesOf(settingOf(config, 'sources'));
  const clusters = settingOf(config, 'clusters');
  const shown = hint === undefined ? undefined : partOfHint(hint);
  const resolve = (
    name: string | null,
    own: readonly ProfilePart[],
    given: Sources | undefined,
    one?: InferredCluster,
  ): Profile => {
    const seen = [one?.part, told(name), shown].filter((part) => part !== undefined);
    const inferred = seen.length === 0 ? undefined : seen.reduce(behind);
    return resolveProfile({
      flags,
      config: [...own, ...common],
      sources: settleSources(given, one?.sources),
      ...(inferred === undefined ? {} : { inferred }),
    });
  };
  const inferredCluster = (one: InferredCluster): Cluster => ({
    name: one.reading.name,
    profile: resolve(one.reading.name, [], flagSources ?? commonSources, one),
    ...serving(one.isServedBy),
    inferred: one,
  });
  if (clusters === undefined) {
    if (found.length > 0) return found.map(inferredCluster);
    return [{ name: null, profile: resolve(null, [], flagSources ?? commonSources), ...serving(undefined) }];
  }
  const listed = clusters.value.map((cluster, index): Cluster => {
    const at = (key: string): ConfigPlaceOf => ({
      file: clusters.file,
      pointer: `${clusters.pointer}/${index}/${key}`,
    });
    const profile = memberOf(cluster.profile, at('profile'));
    const own = profile === undefined ? [] : [partOf(profile)];
    const { policies } = cluster;
    const named = policies && ((policy: Policy) => policies.some((name) => isNamed(policy, name)));
    const sources = flagSources ?? sourcesOf(memberOf(cluster.sources, at('sources'))) ?? commonSources;
    const one = shownCluster(cluster, found);
    if (one === undefined && found.length > 0 && cluster.files !== undefined)
      throw notInFiles(cluster, at('files'), found);
    return {
      name: cluster.name,
      profile: resolve(cluster.name, own, sources, one),
      ...serving(named ?? one?.isServedBy),
      ...(one === undefined ? {} : { inferred: one }),
    };
  });
  // A cluster of the input that the configuration does not list is judged too, with what holds for all.
  const others = found.filter((one) => !listed.some(({ inferred }) => inferred === one));
  return [...listed, ...others.map(inferredCluster)];
}

function serving(
  known: ((policy: Policy) => boolean) | undefined,
): Pick<Cluster, 'isServedBy' | 'mayBeServedByAny'> {
  return { isServedBy: known ?? (() => true), mayBeServedByAny: known === undefined };
}

/** Files and folders of the configuration that hold clusters. */
export function clusterPaths(config: Config): readonly string[] {
  return [
    ...valuesOf(config, 'clusterFiles'),
    ...(settingOf(config, 'clusters')?.value ?? []).flatMap(({ files = [] }) => files),
  ];
}

/** The cluster of the input that the configuration means: by name, else the only one of its files. */
function shownCluster(
  { name, files }: ConfigCluster,
  found: readonly InferredCluster[],
): InferredCluster | undefined {
  const named = found.find(({ reading }) => reading.name.toLowerCase() === name.toLowerCase());
  const [only, ...others] = files === undefined ? [] : found.filter((one) => isIn(one, files));
  return named ?? (others.length === 0 ? only : undefined);
}

function isIn({ reading: { place } }: InferredCluster, files: readonly string[]): boolean {
  return files.some((file) => place.path === file || place.path.startsWith(`${file}/`));
}

function notInFiles(
  { name, files = [] }: ConfigCluster,
  { file, pointer }: ConfigPlaceOf,
  found: readonly InferredCluster[],
): UsageError {
  const there = found.filter((one) => isIn(one, files)).map(({ reading }) => reading.name);
  const what = there.length === 0 ? 'hold no cluster' : `hold the clusters ${there.join(', ')}`;
  return file.errorAt(pointer, `its files ${what}, and none is called '${name}'.`);
}

/**
 * One part of all that the input shows, what is said first counting most: the cluster itself, then lists of Azure about it,
 * then what the files say of the cloud in general.
 */
function behind(part: ProfilePart, other: ProfilePart): ProfilePart {
  const known = [...part.facts].filter(([name, { value }]) => value !== undefined || !other.facts.has(name));
  return { ...other, ...part, facts: new Map([...other.facts, ...known]) };
}

/** Policies are called by name, without case as everywhere in Azure, or by resource id. */
export function isNamed(policy: Policy, name: string): boolean {
  return [policy.name, policy.id].some((known) => known.toLowerCase() === name.toLowerCase());
}

function memberOf<T>(value: T | undefined, place: ConfigPlaceOf): Setting<T> | undefined {
  return value === undefined ? undefined : { value, ...place };
}

function partOf({ value, file, pointer }: Setting<ConfigProfile>): ProfilePart {
  return profileFromConfig(value, { path: file.path, pointer, errorAt: file.errorAt });
}

function sourcesOf(setting: Setting<ConfigSources> | undefined): Sources | undefined {
  if (setting === undefined) return undefined;
  const { value, file, pointer } = setting;
  return sourcesFromConfig(value, { path: file.path, pointer }, file.errorAt);
}

/** `10.1.0.0/24` for every pool, `linux=10.1.0.0/24` for one kind. */
function sourcesOfFlags(values: readonly string[]): Sources | undefined {
  if (values.length === 0) return undefined;
  const byPool: Partial<Record<Pool, readonly string[]>> = {};
  for (const value of values) {
    const [range = '', name = 'all'] = value.split('=').reverse();
    const pool = POOLS.find((known) => known === name);
    if (pool === undefined) {
      const hint = didYouMean(name, POOLS);
      throw new UsageError(
        `--source: there is no kind of pool '${name}'.${hint} Expected ${POOLS.join(', ')}.`,
      );
    }
    byPool[pool] = [...(byPool[pool] ?? []), ...(sourcesFromFlags([range])?.byPool.all ?? [])];
  }
  return { from: 'flag', byPool };
}

function partOfHint({ cloud, path, pointer }: CloudHint): ProfilePart {
  return { facts: new Map([['cloud', { value: cloud, from: 'inferred', path, pointer }]]) };
}
