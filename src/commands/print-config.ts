import type { Check } from '../checks/check.ts';
import type { ResolvedCheck } from '../config/check-settings.ts';
import {
  filesOf,
  itemsOf,
  settingOf,
  type CheckSetting,
  type Config,
  type ConfigData,
  type ConfigPlaceOf,
  type Setting,
} from '../config/config.ts';
import {
  comment,
  member,
  yamlText,
  type YamlMember,
  type YamlNode,
  type YamlValue,
} from '../config/yaml-text.ts';
import { hasSymbol } from '../model/symbol.ts';
import { PRIVATE_SERVICES, profileForReport, type Origin, type Profile } from '../profile/index.ts';
import type { LintArguments } from './arguments.ts';
import { azureFlag, type AzureArguments } from './azure-arguments.ts';
import { resolvedChecks } from './check-settings.ts';
import { describedClusters } from './described-clusters.ts';
import type { Io } from './io.ts';
import type { Cluster } from './pipeline.ts';

/** Where a value comes from. */
interface From {
  readonly from: 'default' | 'preset' | 'config' | 'flag' | 'input';
  readonly preset?: string;
  readonly flag?: string;
  readonly path?: string;
  /** Of what the files of clusters tell. */
  readonly pointer?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A value that was resolved; `members` and `items` have origins of their own. */
type Resolved =
  | { readonly value: YamlValue; readonly origin: From }
  | { readonly members: Readonly<Record<string, Resolved>>; readonly origin?: From }
  | { readonly items: readonly Resolved[]; readonly origin?: From };

const DEFAULT: From = { from: 'default' };
/** Known only when files are read. */
const INPUT: From = { from: 'input' };

/**
 * The resolved configuration of a run, each value with its origin: as YAML that is a configuration itself, or as JSON
 * where each value is `{value, from, …}`.
 */
export async function printConfig(
  args: LintArguments,
  config: Config,
  company: readonly Check[],
  io: Io,
  azure?: AzureArguments,
): Promise<string> {
  const resolved = resolve(args, config, company, await describedClusters(args, config, io), azure);
  if (args.format === 'json') return `${JSON.stringify(asJson({ members: resolved }), null, 2)}\n`;
  return yamlText([
    comment('The resolved configuration. Behind each value stands where it comes from.'),
    ...Object.entries(resolved).map(([key, value]) => asMember(key, value)),
  ]);
}

function resolve(
  args: LintArguments,
  config: Config,
  company: readonly Check[],
  clusters: readonly Cluster[],
  azure?: AzureArguments,
): Record<string, Resolved> {
  const [first] = clusters;
  const places = new Places(config);
  const cluster =
    first?.name === null
      ? clusterMembers(first, args, places)
      : { clusters: { items: clusters.map((one) => namedCluster(one, args, places, config)) } };
  return {
    ...cluster,
    clusterFiles: list(config, 'clusterFiles', args.clusters, '--cluster'),
    allow: list(config, 'allow'),
    acceptAddressCoverage: list(config, 'acceptAddressCoverage'),
    privateNames: list(config, 'privateNames'),
    checks: checksOf(args, config, company),
    checkDirectories: list(config, 'checkDirectories'),
    overrides: list(config, 'overrides'),
    suppressions: list(config, 'suppressions'),
    failOn: single(args.failOn, '--fail-on', settingOf(config, 'failOn'), 'error'),
    asOf: single(args.asOf, '--as-of', settingOf(config, 'asOf'), null),
    parameters: list(config, 'parameters', args.parameters, '--parameters'),
    basePolicies: list(config, 'basePolicies', args.basePolicies, '--base-policy'),
    varFiles: list(config, 'varFiles', args.valueFiles, '--var-file'),
    endpoints: list(config, 'endpoints', args.endpoints, '--endpoints'),
    serviceTags: single(args.serviceTags, '--service-tags', settingOf(config, 'serviceTags'), null),
    sourceRoot: single(args.sourceRoot, '--source-root', settingOf(config, 'sourceRoot'), null),
    azure: azureOf(config, azure),
  };
}

const AZURE_KEYS = ['firewallPolicy', 'firewall', 'cluster', 'subscription'] as const;

/** What `aks-egress-lint azure` reads: what is not given is not named. */
function azureOf(config: Config, flags: AzureArguments | undefined): Resolved {
  const setting = settingOf(config, 'azure');
  // One firewall that a flag names stands for both of the configuration.
  const isNamed = flags?.firewallPolicy !== undefined || flags?.firewall !== undefined;
  const members = AZURE_KEYS.flatMap((key): [string, Resolved][] => {
    const given = key === 'cluster' ? flags?.clusters : flags?.[key];
    if (given !== undefined && given.length > 0) {
      return [[key, { value: plain(given), origin: { from: 'flag', flag: azureFlag(key) } }]];
    }
    const value = isNamed && key.startsWith('firewall') ? undefined : setting?.value[key];
    if (value === undefined || setting === undefined) return [];
    return [
      [key, { value: plain(value), origin: originOf({ ...setting, pointer: `${setting.pointer}/${key}` }) }],
    ];
  });
  return members.length === 0 ? { value: {}, origin: DEFAULT } : { members: Object.fromEntries(members) };
}

function single(
  flag: string | undefined,
  name: string,
  setting: Setting<string> | undefined,
  fallback: string | null,
): Resolved {
  if (flag !== undefined) return { value: flag, origin: { from: 'flag', flag: name } };
  return setting === undefined
    ? { value: fallback, origin: DEFAULT }
    : { value: setting.value, origin: originOf(setting) };
}

function list(
  config: Config,
  key: Parameters<typeof itemsOf>[1],
  flags: readonly string[] = [],
  flag = '',
): Resolved {
  const items: Resolved[] = [
    ...itemsOf(config, key).map((setting) => ({
      value: plain(setting.value),
      origin: originOf(setting),
    })),
    ...flags.map((value): Resolved => ({ value, origin: { from: 'flag', flag } })),
  ];
  return items.length === 0 ? { value: [], origin: DEFAULT } : { items };
}

/** What a schema has checked is plain data; keys that are absent stay so. */
function plain(value: ConfigData[keyof ConfigData] | object | string): YamlValue {
  return JSON.parse(JSON.stringify(value)) as YamlValue;
}

function checksOf(args: LintArguments, config: Config, company: readonly Check[]): Resolved {
  const checks = [...resolvedChecks(args.strict, config, company)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    members: Object.fromEntries(
      checks.map(([id, check]) => [
        id,
        { value: plain(settingOfCheck(check)), origin: originOfCheck(check) },
      ]),
    ),
  };
}

function settingOfCheck({ level, options }: ResolvedCheck): CheckSetting {
  return options === undefined ? level : [level, options];
}

function originOfCheck({ origin }: ResolvedCheck): From {
  switch (origin.from) {
    case 'default':
      return { from: 'default', preset: origin.preset };
    case 'flag':
      return { from: 'flag', flag: origin.flag, preset: origin.preset };
    case 'preset':
      return { ...originOf(origin), from: 'preset', preset: origin.preset };
    case 'config':
      return originOf(origin);
  }
}

function originOf({ file, pointer }: ConfigPlaceOf): From {
  return { from: 'config', path: file.path, ...file.positionOf(pointer) };
}

function namedCluster(cluster: Cluster, args: LintArguments, places: Places, config: Config): Resolved {
  const setting = settingOf(config, 'clusters');
  const index = setting?.value.findIndex(({ name }) => name === cluster.name) ?? -1;
  const origin =
    setting === undefined ? DEFAULT : originOf({ ...setting, pointer: `${setting.pointer}/${index}` });
  const { policies, files, endpoints } = setting?.value[index] ?? {};
  return {
    origin,
    members: {
      name: { value: cluster.name, origin },
      ...clusterMembers(cluster, args, places),
      ...(files === undefined ? {} : { files: { value: files, origin } }),
      ...(policies === undefined ? {} : { policies: { value: policies, origin } }),
      ...(endpoints === undefined ? {} : { endpoints: { value: endpoints, origin } }),
    },
  };
}

function clusterMembers(
  { profile }: Cluster,
  args: LintArguments,
  places: Places,
): Record<'profile' | 'sources', Resolved> {
  const { sources } = profile;
  // What a configuration can say: no networks of which only their being there is known.
  const pools = Object.entries(sources?.byPool ?? {}).filter(([, ranges]) => !ranges.some(hasSymbol));
  const [only] = pools;
  const ranges: YamlValue =
    pools.length === 1 && only?.[0] === 'all'
      ? only[1]
      : Object.fromEntries(pools.map(([pool, texts]) => [pool, texts]));
  return {
    profile: { members: profileMembers(profile, args, places) },
    sources:
      sources === undefined || pools.length === 0
        ? { value: null, origin: INPUT }
        : { value: ranges, origin: places.of(sources, '--source') },
  };
}

/** Facts that follow from a list of the configuration. */
const FOLLOWING = new Map([
  ['ubuntuNodes', 'ubuntu'],
  ['azureLinuxNodes', 'azure-linux'],
  ['windowsNodes', 'windows'],
]);

/** The flags that give facts; the named profile gives all others. */
const FLAGS: Readonly<Record<string, string>> = {
  cloud: '--cloud',
  region: '--region',
  features: '--feature',
  gpuNodes: '--feature',
};

/** The facts by the names of the configuration. */
function profileMembers(profile: Profile, args: LintArguments, places: Places): Record<string, Resolved> {
  const facts = profileForReport(profile);
  const from = (name: string, origin: Origin): From => places.of(origin, FLAGS[name] ?? '--profile');
  const members: Record<string, Resolved> = {
    base: { value: profile.base, origin: places.ofBase(args.profile) },
    cloud: { value: profile.cloud, origin: from('cloud', facts['cloud'] ?? DEFAULT_FACT) },
    region:
      profile.region === undefined
        ? { value: null, origin: INPUT }
        : { value: profile.region.value, origin: from('region', profile.region) },
  };
  const systems: string[] = [];
  for (const [name, fact] of Object.entries(facts)) {
    const system = FOLLOWING.get(name);
    if (system !== undefined && fact.value === true) systems.push(system);
    const isOwn = system !== undefined || ['cloud', 'region', 'customDns', 'reachedPrivately'].includes(name);
    if (!isOwn) members[name] = { value: fact.value, origin: from(name, fact) };
  }
  const nodes = [...FOLLOWING.keys()].map((name) => facts[name]);
  const said = nodes.find((fact) => fact?.from !== 'default') ?? DEFAULT_FACT;
  members['nodeOs'] = { value: systems, origin: from('nodeOs', said) };
  members['reachedPrivately'] = reachedPrivately(profile, facts['reachedPrivately'] ?? DEFAULT_FACT, from);
  return members;
}

const DEFAULT_FACT: Origin = { from: 'default' };

/** A list names what is reached privately and denies the rest; what is not known only a named profile can say. */
function reachedPrivately(
  { facts }: Profile,
  origin: Origin,
  from: (name: string, origin: Origin) => From,
): Resolved {
  const known = PRIVATE_SERVICES.filter(
    (service) => facts.get(`reachedPrivately.${service}`)?.value === true,
  );
  const isOpen = PRIVATE_SERVICES.some(
    (service) => facts.get(`reachedPrivately.${service}`)?.value === undefined,
  );
  return { value: isOpen ? null : known, origin: from('reachedPrivately', origin) };
}

/** Places of the configuration by file name and pointer, as origins of facts have them. */
class Places {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  of({ from, path, pointer }: Origin, flag: string): From {
    if (from === 'flag') return { from, flag };
    if (from === 'inferred')
      return { ...INPUT, ...(path === undefined ? {} : { path, pointer: pointer ?? '' }) };
    if (from !== 'config') return DEFAULT;
    const file = filesOf(this.#config).find((one) => one.path === path);
    return file === undefined || pointer === undefined ? this.ofBase(undefined) : originOf({ file, pointer });
  }

  /** Of the named profile: of the flag, else of the most specific file that names one. */
  ofBase(flag: string | undefined): From {
    if (flag !== undefined) return { from: 'flag', flag: '--profile' };
    const naming = filesOf(this.#config).flatMap((file) => {
      const { profile } = file.data;
      if (typeof profile === 'string') return [originOf({ file, pointer: '/profile' })];
      return profile?.['base'] === undefined ? [] : [originOf({ file, pointer: '/profile/base' })];
    });
    return naming.at(-1) ?? DEFAULT;
  }
}

function asMember(key: string, resolved: Resolved): YamlMember {
  if ('value' in resolved && resolved.value === null) {
    return comment(`${key}: ${absent(resolved.origin)}`);
  }
  return member(key, asNode(resolved));
}

function absent(origin: From): string {
  return origin.from === 'input' ? 'taken from the rules' : `not set (${describe(origin)})`;
}

function asNode(resolved: Resolved): YamlNode {
  const remark = resolved.origin === undefined ? {} : { remark: describe(resolved.origin) };
  if ('value' in resolved) return { kind: 'value', value: resolved.value, ...remark };
  if ('items' in resolved) return { kind: 'items', items: resolved.items.map(asNode), ...remark };
  const members = Object.entries(resolved.members).map(([key, value]) => asMember(key, value));
  return { kind: 'keys', members, ...remark };
}

function describe({ from, preset, flag, path, pointer, line, column }: From): string {
  const place = path === undefined ? '' : `${path}${line === undefined ? '' : `:${line}:${column ?? 1}`}`;
  switch (from) {
    case 'default':
      return preset === undefined ? 'default' : `default, preset ${preset}`;
    case 'preset':
      return `preset ${preset ?? ''}, ${place}`;
    case 'config':
      return place;
    case 'flag':
      return preset === undefined ? `flag ${flag ?? ''}` : `flag ${flag ?? ''}, preset ${preset}`;
    case 'input':
      return path === undefined ? 'taken from the rules' : `taken from ${path}#${pointer ?? ''}`;
  }
}

function asJson(resolved: Resolved): unknown {
  if ('value' in resolved) return { value: resolved.value, ...resolved.origin };
  if ('items' in resolved) return resolved.items.map(asJson);
  return Object.fromEntries(Object.entries(resolved.members).map(([key, value]) => [key, asJson(value)]));
}
