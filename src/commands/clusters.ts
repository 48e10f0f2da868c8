import { presetSettings, DEFAULT_PRESET, type CheckSettings } from '../checks/catalogue.ts';
import type { Config, ConfigSources } from '../config/config.ts';
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
  const { data } = config;
  const flags = {
    profile: args.profile,
    cloud: args.cloud,
    region: args.region,
    features: args.features,
  };
  const flagSources = sourcesOfFlags(args.sources);
  const common = partOf(data.profile, '/profile', config);
  const commonSources = sourcesOf(data.sources, '/sources', config);
  const inferred = hint === undefined ? {} : { inferred: partOfHint(hint) };
  if (data.clusters === undefined) {
    const sources = flagSources ?? commonSources;
    const profile = resolveProfile({ flags, config: common, sources, ...inferred });
    return [{ name: null, profile, isServedBy: () => true }];
  }
  return data.clusters.map((cluster, at): Cluster => {
    const pointer = `/clusters/${at}`;
    const own = partOf(cluster.profile, `${pointer}/profile`, config);
    const sources = flagSources ?? sourcesOf(cluster.sources, `${pointer}/sources`, config) ?? commonSources;
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

/** The levels and options of checks: the preset of the flag or the configuration, then the configuration's own. */
export function checkSettingsOf(strict: boolean, asOf: string, config: Config): CheckSettings {
  const { data, companyChecks, checkOptions } = config;
  const preset = presetSettings(strict ? 'strict' : (data.preset ?? DEFAULT_PRESET), companyChecks);
  const own = Object.entries(data.checks ?? {}).map(
    ([id, setting]) => [id, typeof setting === 'string' ? setting : setting[0]] as const,
  );
  return { ...preset, levels: new Map([...preset.levels, ...own]), options: checkOptions, asOf };
}

function partOf(raw: unknown, pointer: string, config: Config): ProfilePart[] {
  if (raw === undefined) return [];
  return [profileFromConfig(raw, { path: config.path ?? '', pointer, errorAt: config.errorAt })];
}

function sourcesOf(raw: ConfigSources | undefined, pointer: string, config: Config): Sources | undefined {
  if (raw === undefined) return undefined;
  return sourcesFromConfig(raw, { path: config.path ?? '', pointer }, config.errorAt);
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
