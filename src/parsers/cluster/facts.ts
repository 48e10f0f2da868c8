import type { ClusterFact, ClusterFeature, Observed } from '../../model/cluster.ts';
import type { Place } from '../../model/place.ts';
import { booleanOf, unknownOf, wordOf } from '../azure-firewall/fields.ts';
import type { Value } from '../value.ts';
import {
  anyPool,
  hasGpu,
  hasMediaAccelerator,
  isRecent,
  localDnsOf,
  osOf,
  type NodeOs,
  type Pool,
} from './pools.ts';
import { at, flag, hidden, text, undecided } from './values.ts';

export interface FactContext {
  readonly properties: Value;
  readonly pools: readonly Pool[];
  /** Set where pools may exist that are not seen. */
  readonly unseen: Observed<never> | undefined;
  /** AKS Automatic, which has defaults of its own. */
  readonly isAutomatic: boolean;
  /** Of the cluster. */
  readonly place: Place;
  /** Of the cluster's format. */
  readonly unwritable: readonly string[];
}

type Facts = Generator<readonly [ClusterFact, Observed<boolean | string>]>;

/** What the cluster's own properties and its pools say. */
export function* clusterFacts(context: FactContext): Facts {
  const { properties, place, isAutomatic } = context;
  const automatic = isAutomatic ? undefined : false;
  yield* automaticWhy(
    'privateCluster',
    flag(at(properties, 'apiserveraccessprofile', 'enableprivatecluster'), false, place),
  );
  yield* automaticWhy(
    'vnetIntegration',
    flag(at(properties, 'apiserveraccessprofile', 'enablevnetintegration'), automatic, place),
  );
  yield* isolation(properties, place);
  yield* nodeFacts(context);
  const channel = text(at(properties, 'autoupgradeprofile', 'nodeosupgradechannel'));
  yield ['nodeOsUpgradeChannel', channelOf(channel) ?? { value: 'NodeImage', place }];
  yield* features(context, automatic);
}

/** What AKS Automatic decides by itself is not off because nothing is written. */
function* automaticWhy(fact: ClusterFact, observed: Observed<boolean>): Facts {
  yield [
    fact,
    observed.value === undefined && observed.why === undefined
      ? undecided(observed.place, 'AKS Automatic decides it')
      : observed,
  ];
}

const CHANNELS = ['NodeImage', 'SecurityPatch', 'Unmanaged', 'None'] as const;

function channelOf(written: Observed<string> | undefined): Observed<string> | undefined {
  if (written?.value === undefined) return written;
  const known = CHANNELS.find((channel) => channel.toLowerCase() === written.value?.toLowerCase());
  if (known !== undefined) return { value: known, place: written.place };
  return undecided(written.place, `this version does not know the channel '${written.value}'`);
}

/**
 * Network isolated is outbound type none or block together with a cache for system images; either alone is not:
 * https://learn.microsoft.com/azure/aks/concepts-network-isolated
 */
function* isolation(properties: Value, place: Place): Facts {
  const outbound = at(properties, 'networkprofile', 'outboundtype');
  const source = at(properties, 'bootstrapprofile', 'artifactsource');
  const isCache = unknownOf(source) === undefined ? wordOf(source) === 'cache' : undefined;
  const isClosed = unknownOf(outbound) === undefined ? /^(?:none|block)$/.test(wordOf(outbound)) : undefined;
  const where = source?.place ?? outbound?.place ?? place;
  if (isCache === true)
    for (const service of ['acr', 'mcr'] as const) {
      // Outside a network isolated cluster the registry of workloads may be another one than the cache.
      if (service === 'mcr' || isClosed === true)
        yield [`reachedPrivately.${service}`, { value: true, place: where }];
    }
  if (isCache === undefined) yield ['reachedPrivately.mcr', hidden(source, place)];
  if (isCache === false || isClosed === false) {
    yield ['networkIsolated', { value: false, place: outbound?.place ?? place }];
    return;
  }
  if (isCache === undefined || isClosed === undefined) {
    yield ['networkIsolated', hidden(isCache === undefined ? source : outbound, place)];
    return;
  }
  yield ['networkIsolated', { value: true, place: where }];
  // Private endpoints for the other services are only recommended.
  for (const service of ['key-vault', 'monitor', 'storage'] as const) {
    const why = 'a network isolated cluster reaches add-ons by private endpoint only where one was made';
    yield [`reachedPrivately.${service}`, undecided(where, why)];
  }
}

function* nodeFacts(context: FactContext): Facts {
  const { properties, pools, unseen, place, isAutomatic } = context;
  const provisioning = at(properties, 'nodeprovisioningprofile', 'mode');
  const isAuto = wordOf(provisioning) === 'auto' || (provisioning === undefined && isAutomatic);
  const mayAdd = isAuto || unknownOf(provisioning) !== undefined;
  const added = mayAdd
    ? undecided(provisioning?.place ?? place, 'node auto-provisioning adds nodes of any size')
    : undefined;
  const others = unseen ?? added;
  if (pools.length > 0 || others !== undefined) {
    const linux: NodeOs | undefined = isAutomatic ? undefined : 'ubuntu';
    const has = (os: NodeOs) => (pool: Pool) => osAnswer(pool, os, linux);
    yield ['ubuntuNodes', anyPool(pools, others, place, has('ubuntu'))];
    yield ['azureLinuxNodes', anyPool(pools, others, place, has('azure-linux'))];
    // Node auto-provisioning makes Linux nodes only.
    yield ['windowsNodes', anyPool(pools, unseen, place, has('windows'))];
    yield ['gpuNodes', anyPool(pools, others, place, hasGpu)];
    // So rare a size that what is not seen is not taken for one.
    const media = pools.map(hasMediaAccelerator).find(({ value }) => value === true);
    yield ['features.amd-ma35d', media ?? { value: false, place: pools[0]?.place ?? place }];
  }
  const resolvers = pools.flatMap((pool) => localDnsOf(pool) ?? []);
  const resolver = firstDecisive(resolvers);
  if (resolver !== undefined && (resolver.value === true || resolvers.length === pools.length))
    yield ['localDns', resolver];
  const images = pools.flatMap((pool) => isRecent(pool) ?? []);
  const old = images.find(({ value }) => value === false);
  const image = old ?? (images.length === pools.length ? images[0] : undefined);
  if (image !== undefined) yield ['nodesSinceMarch2021', image];
}

function osAnswer(pool: Pool, os: NodeOs, linux: NodeOs | undefined): Observed<boolean> {
  const found = osOf(pool, linux);
  const value = at(pool.value, 'ossku') ?? at(pool.value, 'ostype');
  if (found === undefined) {
    // Whatever Linux it is, it is no Windows.
    if (os === 'windows' && value === undefined) return { value: false, place: pool.place };
    return value === undefined
      ? undecided(pool.place, 'AKS Automatic decides it')
      : hidden(value, pool.place);
  }
  return { value: found === os, place: value?.place ?? pool.place };
}

/** On where it is on for one pool, else open where it is open for one. */
function firstDecisive(all: readonly Observed<boolean>[]): Observed<boolean> | undefined {
  return all.find(({ value }) => value === true) ?? all.find(({ value }) => value === undefined) ?? all[0];
}

/** Names of properties in lower case: add-ons are keyed in any case. */
const SWITCHES: readonly (readonly [ClusterFeature, ...(readonly (readonly string[])[])])[] = [
  ['workload-identity', ['securityprofile', 'workloadidentity', 'enabled']],
  [
    'defender',
    ['securityprofile', 'defender', 'securitymonitoring', 'enabled'],
    // Before API version 2022-08.
    ['securityprofile', 'azuredefender', 'enabled'],
  ],
  ['key-vault-csi', ['addonprofiles', 'azurekeyvaultsecretsprovider', 'enabled']],
  [
    'container-insights',
    ['addonprofiles', 'omsagent', 'enabled'],
    ['azuremonitorprofile', 'containerinsights', 'enabled'],
  ],
  ['managed-prometheus', ['azuremonitorprofile', 'metrics', 'enabled']],
  ['app-insights', ['azuremonitorprofile', 'appmonitoring', 'autoinstrumentation', 'enabled']],
  ['azure-policy', ['addonprofiles', 'azurepolicy', 'enabled']],
  ['cost-analysis', ['metricsprofile', 'costanalysis', 'enabled']],
  ['application-routing', ['ingressprofile', 'webapprouting', 'enabled']],
];

/** On by itself in AKS Automatic: https://learn.microsoft.com/azure/aks/intro-aks-automatic */
const AUTOMATIC: readonly ClusterFeature[] = ['workload-identity', 'azure-policy', 'application-routing'];

function* features({ properties, place, unwritable }: FactContext, automatic: false | undefined): Facts {
  for (const [feature, ...paths] of SWITCHES) {
    if (paths.every((path) => unwritable.includes(path.join('/')))) continue;
    const absent = AUTOMATIC.includes(feature) ? automatic : false;
    const answers = paths.map((path) => flag(at(properties, ...path), absent, place));
    const answer = firstDecisive(answers);
    if (answer !== undefined) yield* automaticWhy(`features.${feature}`, answer);
  }
  const mode = at(properties, 'servicemeshprofile', 'mode');
  const isMesh = wordOf(mode) === 'istio';
  yield [
    'features.istio',
    unknownOf(mode) === undefined ? { value: isMesh, place: mode?.place ?? place } : hidden(mode, place),
  ];
  yield* certificates(properties, isMesh, place);
}

/**
 * Certificates from Key Vault need the add-on for it. Istio's plug-in authority says that it has some; whether a gateway or
 * an ingress has is written in Kubernetes only.
 */
function* certificates(properties: Value, isMesh: boolean, place: Place): Facts {
  const plugin = at(properties, 'servicemeshprofile', 'istio', 'certificateauthority', 'plugin');
  if (isMesh && plugin !== undefined) {
    yield [
      'keyVaultCertificates',
      unknownOf(plugin) === undefined ? { value: true, place: plugin.place } : hidden(plugin, place),
    ];
    return;
  }
  const addon = at(properties, 'addonprofiles', 'azurekeyvaultsecretsprovider', 'enabled');
  const isOn = booleanOf(addon);
  if (isOn === undefined || isOn === false)
    yield ['keyVaultCertificates', { value: false, place: addon?.place ?? place }];
}
