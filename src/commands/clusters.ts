import { settingOf, settingsOf, type Config, type ConfigPlaceOf, type Setting } from '../config/config.ts';
import type { ConfigProfile, ConfigSources } from '../config/config.ts';
import { UsageError } from '../errors.ts';
import type { Policy } from '../model/policy.ts';
import type { CloudHint } from '../parsers/index.ts';
import {
  POOLS,
  didYouMean,
  profileFromConfig,
  resolveProfile,
  sourcesFromConfig,
  sourcesFromFlags,
  type Pool,
  type ProfilePart,
  type Sources,
} from '../profile/index.ts';
import type { ProfileArguments } from './arguments.ts';
import type { Cluster } from './pipeline.ts';

/** Flags and configuration as the clusters that they describe: one without a name, or those that the configuration lists. */
export function clustersOf(
  args: ProfileArguments,
  config: Config,
  hint: CloudHint | undefined,
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
  const inferred = hint === undefined ? {} : { inferred: partOfHint(hint) };
  if (clusters === undefined) {
    const sources = flagSources ?? commonSources;
    const profile = resolveProfile({ flags, config: common, sources, ...inferred });
    return [{ name: null, profile, isServedBy: () => true }];
  }
  return clusters.value.map((cluster, index): Cluster => {
    const at = (key: string): ConfigPlaceOf => ({
      file: clusters.file,
      pointer: `${clusters.pointer}/${index}/${key}`,
    });
    const profile = memberOf(cluster.profile, at('profile'));
    const own = profile === undefined ? [] : [partOf(profile)];
    const sources = flagSources ?? sourcesOf(memberOf(cluster.sources, at('sources'))) ?? commonSources;
    return {
      name: cluster.name,
      profile: resolveProfile({ flags, config: [...own, ...common], sources, ...inferred }),
      isServedBy: (policy) =>
        cluster.policies === undefined || cluster.policies.some((name) => isNamed(policy, name)),
    };
  });
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
