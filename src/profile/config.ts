import validate from '../../schemas/profile.schema.json?validator';
import type { FactValue } from '../conditions/grammar.ts';
import { UsageError } from '../errors.ts';
import { parseIpRange } from '../model/address.ts';
import { didYouMean } from './did-you-mean.ts';
import { isFactName, PRIVATE_SERVICES, type FactName } from './facts.ts';
import { factsOfFeature, FEATURE_FACTS } from './features.ts';
import { featureNamed, privateService, profileName } from './names.ts';
import type { OpenFact, Origin, ProfileFact, ProfileName, ProfilePart } from './profile.ts';

/** Where the part of a configuration stands, and how to complain about a pointer in it. */
export interface ConfigPlace {
  readonly path: string;
  /** Of the profile: `/profile`, `/clusters/0/profile`. */
  readonly pointer: string;
  readonly errorAt?: (pointer: string, message: string) => UsageError;
}

/** schemas/profile.schema.json */
interface RawProfile {
  readonly base?: ProfileName;
  readonly region?: string;
  readonly apiServerFqdn?: string;
  readonly apiServerIps?: readonly string[];
  readonly hosts?: readonly string[];
  readonly customDnsServers?: readonly string[] | 'unknown';
  readonly nodeOs?: readonly ('ubuntu' | 'azure-linux' | 'windows')[];
  readonly features?: readonly string[];
  readonly reachedPrivately?: readonly string[];
  readonly [fact: string]: unknown;
}

/** Keys of the profile that are read, in the order of the schema. */
const PROFILE_KEYS = [
  'base',
  'cloud',
  'region',
  'privateCluster',
  'vnetIntegration',
  'networkIsolated',
  'konnectivity',
  'podsCallApiServerByIp',
  'apiServerFqdn',
  'apiServerIps',
  'hosts',
  'customDnsServers',
  'localDns',
  'nodeOs',
  'gpuNodes',
  'nodeOsUpgradeChannel',
  'nodesSinceMarch2021',
  'keyVaultCertificates',
  'features',
  'reachedPrivately',
] as const;

const NODE_OS_FACTS = {
  ubuntu: 'ubuntuNodes',
  'azure-linux': 'azureLinuxNodes',
  windows: 'windowsNodes',
} as const;

/**
 * The profile of a configuration: a named profile or an object of facts.
 *
 * @throws {UsageError} for a wrong form, an unknown name or an invalid address, with its place
 */
export function profileFromConfig(raw: unknown, place: ConfigPlace): ProfilePart {
  const at = new PlaceIn(place);
  if (typeof raw === 'string')
    return {
      base: { value: profileName(raw, (message) => at.error('', message)), ...at.origin('') },
      facts: new Map(),
    };
  if (!isRawProfile(raw)) throw at.error(...firstProblem());
  const { base, region, apiServerFqdn, apiServerIps, hosts, customDnsServers } = raw;
  return {
    ...(base === undefined ? {} : { base: { value: base, ...at.origin('base') } }),
    facts: new Map([...plainFacts(raw, at), ...listFacts(raw, at)]),
    ...(region === undefined ? {} : { region: { value: region, ...at.origin('region') } }),
    ...(apiServerFqdn === undefined
      ? {}
      : {
          apiServerFqdn: { value: hostOf(apiServerFqdn, 'apiServerFqdn', at), ...at.origin('apiServerFqdn') },
        }),
    ...(apiServerIps === undefined ? {} : { apiServerIps: addresses('apiServerIps', apiServerIps, at) }),
    ...(hosts === undefined
      ? {}
      : {
          hosts: {
            value: hosts.map((text, index) => hostOf(text, `hosts/${index.toFixed()}`, at)),
            ...at.origin('hosts'),
          },
        }),
    ...(customDnsServers === undefined || customDnsServers === 'unknown'
      ? {}
      : { customDnsServers: addresses('customDnsServers', customDnsServers, at) }),
  };
}

/** Keys of the profile as places of the file. */
class PlaceIn {
  readonly #place: ConfigPlace;

  constructor(place: ConfigPlace) {
    this.#place = place;
  }

  origin(key: string): Origin {
    return { from: 'config', path: this.#place.path, pointer: this.#pointer(key) };
  }

  #pointer(key: string): string {
    return key === '' ? this.#place.pointer : `${this.#place.pointer}/${key}`;
  }

  error(key: string, message: string): UsageError {
    const { path, errorAt } = this.#place;
    const full = this.#pointer(key);
    return errorAt?.(full, message) ?? new UsageError(`${path}: ${full}: ${message}`);
  }
}

function isRawProfile(raw: unknown): raw is RawProfile {
  return validate(raw);
}

/** Facts that are written under their own name. */
function plainFacts(raw: RawProfile, at: PlaceIn): [FactName, ProfileFact][] {
  return Object.entries(raw).flatMap(([key, value]): [FactName, ProfileFact][] =>
    isFactName(key) && isFactValue(value)
      ? [[key, { value: value === 'unknown' ? undefined : value, ...at.origin(key) }]]
      : [],
  );
}

function isFactValue(value: unknown): value is FactValue {
  return typeof value === 'string' || typeof value === 'boolean';
}

/** Facts that follow from lists: what a list does not name is off. */
function* listFacts(raw: RawProfile, at: PlaceIn): Generator<[FactName, ProfileFact]> {
  const { nodeOs, customDnsServers, features, reachedPrivately } = raw;
  if (nodeOs !== undefined) {
    // Every cluster has a Linux pool, its system pool: a list of Windows alone leaves open which Linux that is.
    const unlisted = nodeOs.some((os) => os !== 'windows') ? false : undefined;
    for (const os of ['ubuntu', 'azure-linux', 'windows'] as const) {
      const absent = os === 'windows' ? false : unlisted;
      yield [NODE_OS_FACTS[os], { value: nodeOs.includes(os) || absent, ...at.origin('nodeOs') }];
    }
  }
  if (customDnsServers !== undefined) {
    const value = customDnsServers === 'unknown' ? undefined : customDnsServers.length > 0;
    yield ['customDns', { value, ...at.origin('customDnsServers') }];
  }
  if (features !== undefined) {
    for (const fact of FEATURE_FACTS) yield [fact, { value: false, ...at.origin('features') }];
    for (const [index, name] of features.entries()) {
      const key = `features/${index.toFixed()}`;
      const feature = featureNamed(name, (message) => at.error(key, message));
      for (const fact of factsOfFeature(feature)) yield [fact, { value: true, ...at.origin(key) }];
    }
  }
  if (reachedPrivately !== undefined) {
    for (const service of PRIVATE_SERVICES)
      yield [`reachedPrivately.${service}`, { value: false, ...at.origin('reachedPrivately') }];
    for (const [index, name] of reachedPrivately.entries()) {
      const key = `reachedPrivately/${index.toFixed()}`;
      const service = privateService(name, (message) => at.error(key, message));
      yield [`reachedPrivately.${service}`, { value: true, ...at.origin(key) }];
    }
  }
}

function addresses(key: string, list: readonly string[], at: PlaceIn): OpenFact<readonly string[]> {
  const wrong = list.findIndex((text) => !isAddress(text));
  if (wrong >= 0) {
    const message = `'${list[wrong] ?? ''}' is no IP address. Expected one such as 10.0.0.4.`;
    throw at.error(`${key}/${wrong.toFixed()}`, message);
  }
  return { value: list, ...at.origin(key) };
}

/** As a URL or with a trailing dot, people copy it from kubeconfig and the portal. */
function hostOf(text: string, key: string, at: PlaceIn): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[:/].*$/, '')
    .replace(/\.$/, '');
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) && !isAddress(host)) return host;
  const example =
    key === 'apiServerFqdn' ? 'contoso-1a2b3c4d.hcp.westeurope.azmk8s.io' : 'contoso.vault.azure.net';
  throw at.error(key, `'${text}' is no host name. Expected one such as ${example}.`);
}

function isAddress(text: string): boolean {
  return parseIpRange(text) !== undefined;
}

/** The first problem that the validator found: key and message. */
function firstProblem(): [key: string, message: string] {
  const [error] = validate.errors ?? [];
  const key = error?.instancePath.slice(1) ?? '';
  const { additionalProperty, allowedValues, type } = error?.params ?? {};
  if (typeof additionalProperty === 'string') {
    const hint = didYouMean(additionalProperty, PROFILE_KEYS);
    const message = `the profile has no fact '${additionalProperty}'.${hint} It has ${PROFILE_KEYS.join(', ')}.`;
    return [additionalProperty, message];
  }
  if (key === '') return [key, 'expected the name of a profile or an object of facts.'];
  const found = `${key.replaceAll('/', '.')}: found ${shown(error?.data)}`;
  if (Array.isArray(allowedValues)) {
    const allowed = allowedValues.map(String);
    const hint = typeof error?.data === 'string' ? didYouMean(error.data, allowed) : '';
    return [key, `${found}, expected ${allowed.join(', ')}.${hint}`];
  }
  const expected = [type].flat().filter((one) => typeof one === 'string');
  if (expected.length > 0) return [key, `${found}, expected ${expected.map(formOf).join(' or ')}.`];
  return [key, `${found}, which ${error?.message ?? 'is not valid'}.`];
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'keys with values' : String(value);
}

function formOf(type: string): string {
  return type === 'array' ? 'a list' : type === 'string' ? 'text' : type;
}
