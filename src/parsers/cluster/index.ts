import type {
  ClusterEgress,
  ClusterFact,
  ClusterReading,
  ClusterSubnet,
  FirewallAddresses,
  HttpProxy,
  Observed,
  OutboundType,
} from '../../model/cluster.ts';
import { parseIpRange } from '../../model/address.ts';
import type { Place } from '../../model/place.ts';
import { hasSymbol, showSymbols } from '../../model/symbol.ts';
import { listOf, textOf, unknownOf, wordOf } from '../azure-firewall/fields.ts';
import { idOf } from '../azure-firewall/resource-ids.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import type { Value } from '../value.ts';
import { CLUSTER, concerns, isPool, ownerOf } from './belonging.ts';
import { extensionFacts } from './extensions.ts';
import { clusterFacts } from './facts.ts';
import { Networks, type Subnet } from './network.ts';
import { hasGpu, osOf, publicIpOf, type Pool } from './pools.ts';
import { privateServices } from './private-zones.ts';
import { at, hidden, objectsIn, propertiesOf, text, undecided } from './values.ts';

export interface ClusterInput {
  readonly resources: readonly Resource[];
  readonly gaps: readonly ResourceGap[];
}

export interface ClusterReadings {
  readonly clusters: readonly ClusterReading[];
  readonly firewalls: readonly FirewallAddresses[];
}

/**
 * What the resources of the input say of the clusters among them. A property that is not written has AKS's default; one
 * that cannot be evaluated decides nothing.
 * https://learn.microsoft.com/rest/api/aks/managed-clusters
 */
export function readClusters({ resources, gaps }: ClusterInput): ClusterReadings {
  const clusters = distinct(
    resources.filter(({ type, existing }) => !existing && type.toLowerCase() === CLUSTER),
  );
  const networks = new Networks(resources, gaps);
  const names = uniqueNames(clusters);
  return {
    clusters: clusters.map((cluster, index) =>
      readCluster(cluster, names[index] ?? '', { clusters, resources, gaps, networks }),
    ),
    firewalls: networks.firewalls,
  };
}

interface Surroundings extends ClusterInput {
  readonly clusters: readonly Resource[];
  readonly networks: Networks;
}

function readCluster(cluster: Resource, name: string, around: Surroundings): ClusterReading {
  const properties = propertiesOf(cluster);
  const { place } = cluster;
  const { pools, unseen } = poolsOf(cluster, around);
  const subnets = pools.map((pool) => ({
    pool,
    nodes: around.networks.subnet(at(pool.value, 'vnetsubnetid')),
    pods: around.networks.subnet(at(pool.value, 'podsubnetid')),
    isManaged: at(pool.value, 'vnetsubnetid') === undefined,
  }));
  const isAutomatic =
    wordOf(at(cluster.body, 'sku', 'name')) === 'automatic' ||
    wordOf(at(properties, 'hostedsystemprofile', 'enabled')) === 'true';
  const dns = dnsOf(subnets, around.networks);
  const { unwritable = [] } = cluster;
  const context = { properties, pools, unseen, isAutomatic, place, unwritable };
  const facts = new Map<ClusterFact, Observed<boolean | string>>([
    ...clusterFacts(context),
    ...privateServices(
      around,
      subnets.find(({ nodes }) => nodes?.network !== undefined)?.nodes?.network?.name,
    ),
    ...extensionFacts(cluster, around),
  ]);
  // What the cluster itself says of its image cache wins over what zones leave open.
  for (const [fact, observed] of clusterFacts(context))
    if (fact.startsWith('reachedPrivately.')) facts.set(fact, observed);
  for (const [fact, observed] of dns.facts) facts.set(fact, observed);
  const unread = unknownOf(properties)?.reason;
  const region = text(at(cluster.body, 'location'));
  const fqdn = text(at(properties, 'privatefqdn')) ?? text(at(properties, 'fqdn'));
  const own = subnetsOf(subnets, around.networks);
  return {
    name,
    id: cluster.id,
    place,
    facts,
    ...(unread === undefined ? {} : { unread }),
    ...(region === undefined ? {} : { region }),
    ...(fqdn?.value === undefined ? {} : { apiServerFqdn: fqdn }),
    ...(dns.custom === undefined ? {} : { customDnsServers: dns.custom }),
    subnets: own.known,
    hasUnseenSubnet: own.hasUnseen || unseen !== undefined,
    egress: egressOf(context, subnets, around.networks),
  };
}

/** The pools that stand in the cluster and those with resources of their own; a resource wins over what the cluster says. */
function poolsOf(
  cluster: Resource,
  { clusters, resources, gaps }: Surroundings,
): { pools: readonly Pool[]; unseen: Observed<never> | undefined } {
  const written = objectsIn(at(propertiesOf(cluster), 'agentpoolprofiles'));
  const byName = new Map<string, Pool>();
  for (const profile of written.objects) {
    const name = textOf(at(profile, 'name'));
    byName.set(name.toLowerCase(), { name, value: profile, place: profile.place, isConditional: false });
  }
  for (const resource of resources) {
    if (!isPool(resource) || ownerOf(resource, clusters) !== cluster) continue;
    const name = resource.name.split('/').at(-1) ?? '';
    const value = propertiesOf(resource);
    const isConditional = resource.conditional !== undefined && resource.conditional !== cluster.conditional;
    byName.set(name.toLowerCase(), { name, value, place: resource.place, isConditional });
  }
  const gap = gaps.find(
    (one) =>
      /^microsoft\.containerservice\/managedclusters\/agentpools$/i.test(one.type) && concerns(one, cluster),
  );
  const unseen =
    written.unseen === undefined
      ? gap && undecided(gap.place, gap.unknown.reason)
      : hidden(written.unseen, cluster.place);
  const unknown = [...byName.values()].find(({ value }) => value.kind === 'unknown');
  return {
    pools: [...byName.values()].filter(({ value }) => value.kind !== 'unknown'),
    unseen: unseen ?? (unknown && hidden(unknown.value, unknown.place)),
  };
}

interface PoolSubnets {
  readonly pool: Pool;
  readonly nodes: Subnet | undefined;
  readonly pods: Subnet | undefined;
  /** AKS makes the virtual network, with Azure's DNS. */
  readonly isManaged: boolean;
}

/**
 * Custom DNS servers. A firewall that is the DNS server is reached directly: no rule of it decides about that. A virtual
 * network that the input does not hold tells nothing.
 */
function dnsOf(
  subnets: readonly PoolSubnets[],
  networks: Networks,
): {
  facts: readonly (readonly [ClusterFact, Observed<boolean>])[];
  custom: Observed<readonly string[]> | undefined;
} {
  if (subnets.length > 0 && subnets.every(({ isManaged }) => isManaged)) {
    const place = subnets[0]?.pool.place;
    return { facts: place === undefined ? [] : [['customDns', { value: false, place }]], custom: undefined };
  }
  const told = subnets.flatMap(({ nodes }) => (nodes && networks.dnsServersOf(nodes)) ?? []);
  const [first] = told;
  if (first === undefined) return { facts: [], custom: undefined };
  const open = told.find(({ value }) => value === undefined);
  if (open !== undefined)
    return { facts: [['customDns', undecided(open.place, open.why ?? '')]], custom: undefined };
  const servers = [...new Set(told.flatMap(({ value = [] }) => value))];
  const { place } = told.find(({ value = [] }) => value.length > 0) ?? first;
  const custom = servers.filter(
    (server) => !subnets.some(({ nodes }) => networks.isFirewallAddress(server, place.path, nodes)),
  );
  return {
    facts: [['customDns', { value: custom.length > 0, place }]],
    custom: custom.length === 0 ? undefined : { value: custom, place },
  };
}

/** Subnets whose addresses are known; that of pods only where it is one of their own. */
function subnetsOf(
  subnets: readonly PoolSubnets[],
  networks: Networks,
): { known: readonly ClusterSubnet[]; hasUnseen: boolean } {
  const all = subnets.flatMap(({ pool, nodes, pods }) => {
    const isGpu = hasGpu(pool).value === true;
    const kind = isGpu ? 'gpu' : osOf(pool, 'ubuntu') === 'windows' ? 'windows' : 'linux';
    const hasPods = at(pool.value, 'podsubnetid') !== undefined;
    return [{ kind, subnet: nodes } as const, ...(hasPods ? [{ kind: 'pods', subnet: pods } as const] : [])];
  });
  const known = new Map<string, ClusterSubnet>();
  let hasUnseen = all.length === 0;
  for (const { kind, subnet } of all) {
    const prefixes = subnet && networks.prefixesOf(subnet);
    if (prefixes === undefined) hasUnseen = true;
    else known.set(`${kind} ${prefixes.ranges.join(' ')}`, { kind, name: subnet?.name ?? '', ...prefixes });
  }
  return { known: [...known.values()], hasUnseen };
}

const OUTBOUND_TYPES: ReadonlyMap<string, OutboundType> = new Map([
  ['loadbalancer', 'loadBalancer'],
  ['managednatgateway', 'natGateway'],
  ['managednatgatewayv2', 'natGateway'],
  ['userassignednatgateway', 'natGateway'],
  ['userdefinedrouting', 'userDefinedRouting'],
  ['none', 'none'],
  ['block', 'none'],
]);

interface ClusterContext {
  readonly properties: Value;
  readonly pools: readonly Pool[];
  readonly isAutomatic: boolean;
  readonly place: Place;
}

function egressOf(
  { properties, pools, isAutomatic, place }: ClusterContext,
  subnets: readonly PoolSubnets[],
  networks: Networks,
): ClusterEgress {
  const bySubnet = new Map(
    subnets.flatMap(({ nodes }) => (nodes?.said === undefined ? [] : [[nodes.said, nodes] as const])),
  );
  const routes = [...bySubnet.values()].flatMap((subnet) => {
    const route = networks.routeOf(subnet);
    return route === undefined ? [] : [{ ...route, subnet: subnet.name }];
  });
  const dnsServers = subnets.flatMap(({ nodes }) => (nodes && networks.dnsServersOf(nodes)) ?? [])[0];
  const proxy = proxyOf(at(properties, 'httpproxyconfig'));
  return {
    outboundType: outboundTypeOf(properties, isAutomatic, place),
    routes,
    hasUnseenRoute: subnets.some(
      ({ nodes, isManaged }) => !isManaged && (nodes === undefined || networks.routeOf(nodes) === undefined),
    ),
    publicIps: pools.flatMap((pool) => {
      const { value, ...rest } = publicIpOf(pool);
      if (value === false) return [];
      return [{ ...rest, value: value === true ? (true as const) : undefined, pool: pool.name }];
    }),
    ...(dnsServers === undefined ? {} : { dnsServers }),
    dnsFirewalls: (dnsServers?.value ?? []).flatMap(
      (server) => networks.firewallAt(server, dnsServers?.place.path ?? '') ?? [],
    ),
    denials: [...bySubnet.values()].flatMap((subnet) => networks.denialsOf(subnet)),
    ...(proxy === undefined ? {} : { httpProxy: proxy }),
  };
}

export function outboundTypeOf(
  properties: Value,
  isAutomatic: boolean,
  around: Place,
): ClusterEgress['outboundType'] {
  const value = at(properties, 'networkprofile', 'outboundtype');
  const written = text(value);
  if (written === undefined) {
    if (!isAutomatic) return { value: 'loadBalancer', written: 'loadBalancer', place: around };
    return { ...undecided(around, 'AKS Automatic chooses the outbound type'), written: '' };
  }
  if (written.value === undefined) return { ...hidden(value, around), written: '' };
  const known = OUTBOUND_TYPES.get(written.value.toLowerCase());
  if (known !== undefined) return { value: known, written: written.value, place: written.place };
  const why = `this version does not know the outbound type '${written.value}'`;
  return { ...undecided(written.place, why), written: written.value };
}

/** https://learn.microsoft.com/azure/aks/http-proxy; on unless it says otherwise. */
function proxyOf(config: Value | undefined): HttpProxy | undefined {
  if (config === undefined) return undefined;
  const enabled = at(config, 'enabled');
  if (wordOf(enabled) === 'false') return undefined;
  const written = text(at(config, 'httpsproxy')) ?? text(at(config, 'httpproxy'));
  if (written === undefined) return undefined;
  const isOpen = unknownOf(enabled) !== undefined;
  const url = isOpen ? hidden(enabled, config.place) : withoutUser(written);
  // What AKS adds by itself is in the list that Azure returns.
  const exceptions = at(config, 'effectivenoproxy') ?? at(config, 'noproxy');
  return {
    url,
    address: url.value === undefined ? undefined : addressIn(url.value),
    exceptions: listOf(exceptions)
      .map(wordOf)
      .filter((one) => one !== '' && !hasSymbol(one)),
  };
}

/** No report quotes what a proxy asks for. */
function withoutUser({ value, ...rest }: Observed<string>): Observed<string> {
  return { ...rest, value: value?.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/]*@/i, '$1') };
}

/** `http://10.0.2.4:3128/` */
function addressIn(url: string): string | undefined {
  const host = /^(?:[a-z][a-z\d+.-]*:\/\/)?(\[[^\]]*\]|[^:/]*)/i.exec(url)?.[1] ?? '';
  const plain = host.replace(/^\[|\]$/g, '');
  return parseIpRange(plain) === undefined ? undefined : plain;
}

/** A cluster that two files hold is one. */
function distinct(clusters: readonly Resource[]): Resource[] {
  const seen = new Set<string>();
  return clusters.filter(({ id, conditional }) => {
    if (id === '' || conditional !== undefined) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Names alone where they differ. */
function uniqueNames(clusters: readonly Resource[]): string[] {
  const used = new Map<string, number>();
  return clusters.map((cluster) => {
    const name = showSymbols(idOf(cluster).names.at(-1) ?? '') === '' ? 'cluster' : showSymbols(cluster.name);
    const count = (used.get(name.toLowerCase()) ?? 0) + 1;
    used.set(name.toLowerCase(), count);
    return count === 1 ? name : `${name}#${count}`;
  });
}
