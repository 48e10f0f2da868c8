import type { Place } from './place.ts';
import type { Policy } from './policy.ts';

/** What the input shows of one fact about a cluster. */
export interface Observed<T> {
  /** Undefined where it cannot be decided; then `why` says what hides it, a clause. */
  readonly value: T | undefined;
  readonly place: Place;
  readonly why?: string;
}

export type ClusterFeature =
  | 'workload-identity'
  | 'defender'
  | 'key-vault-csi'
  | 'container-insights'
  | 'managed-prometheus'
  | 'app-insights'
  | 'azure-policy'
  | 'cost-analysis'
  | 'cluster-extensions'
  | 'marketplace-extensions'
  | 'istio'
  | 'application-routing'
  | 'azure-backup'
  | 'flux'
  | 'dapr'
  | 'azure-container-storage'
  | 'amd-ma35d';

export type PrivatelyReached = 'acr' | 'arm' | 'key-vault' | 'mcr' | 'monitor' | 'storage';

/** Facts that a cluster's resources decide, by the names that profiles use. */
export type ClusterFact =
  | 'privateCluster'
  | 'vnetIntegration'
  | 'networkIsolated'
  | 'customDns'
  | 'localDns'
  | 'ubuntuNodes'
  | 'azureLinuxNodes'
  | 'windowsNodes'
  | 'gpuNodes'
  | 'nodeOsUpgradeChannel'
  | 'nodesSinceMarch2021'
  | 'keyVaultCertificates'
  | `features.${ClusterFeature}`
  | `reachedPrivately.${PrivatelyReached}`;

export type OutboundType = 'loadBalancer' | 'natGateway' | 'userDefinedRouting' | 'none';

/** Where the default route of the nodes leads. */
export type DefaultRoute =
  /** To an appliance; its address as far as it is written, and which firewall of the input it is, as far as that is known. */
  | {
      readonly to: 'appliance';
      readonly address: string | undefined;
      readonly firewall: FirewallAddresses | undefined;
    }
  /** Somewhere else, such as the internet or a gateway: `hop` names it. */
  | { readonly to: 'elsewhere'; readonly hop: string }
  /** The subnet has no route table, or one without a default route. */
  | { readonly to: 'nowhere'; readonly lacks: 'route table' | 'default route' };

/** How traffic leaves the cluster: what a firewall alone cannot show. */
export interface ClusterEgress {
  /** `written` is the type as Azure names it. */
  readonly outboundType: Observed<OutboundType> & { readonly written: string };
  /** Of each node subnet that the input holds. */
  readonly routes: readonly (Observed<DefaultRoute> & { readonly subnet: string })[];
  /** A node subnet, or its route table, is not in the input. */
  readonly hasUnseenRoute: boolean;
  /** Node pools whose nodes have, or may have, public addresses. */
  readonly publicIps: readonly (Observed<true> & { readonly pool: string })[];
  /** DNS servers of the virtual network; absent where the input does not hold the network. */
  readonly dnsServers?: Observed<readonly string[]>;
  /** Those of the DNS servers that are firewalls of the input. */
  readonly dnsFirewalls: readonly FirewallAddresses[];
  /** Outbound rules of network security groups of node subnets that deny the internet or the network. */
  readonly denials: readonly { readonly group: string; readonly rule: string; readonly place: Place }[];
  readonly httpProxy?: HttpProxy;
}

/** A subnet of nodes or pods whose addresses are known. */
export interface ClusterSubnet {
  readonly name: string;
  readonly kind: 'linux' | 'windows' | 'gpu' | 'pods';
  readonly ranges: readonly string[];
  readonly place: Place;
}

/** The proxy that nodes and pods use for HTTP and HTTPS. */
export interface HttpProxy {
  /** As it is written, `http://10.0.2.4:3128/`. */
  readonly url: Observed<string>;
  /** Where the URL holds one. */
  readonly address: string | undefined;
  /** Names, domains and ranges that are reached without it. */
  readonly exceptions: readonly string[];
}

/** One cluster of the input. */
export interface ClusterReading {
  /** Unique in a run. */
  readonly name: string;
  readonly id: string;
  readonly place: Place;
  /** Without a value, all of them, where the properties cannot be evaluated at all. */
  readonly facts: ReadonlyMap<ClusterFact, Observed<boolean | string>>;
  /** Why its properties cannot be evaluated, a clause. */
  readonly unread?: string;
  readonly region?: Observed<string>;
  readonly apiServerFqdn?: Observed<string>;
  /** Custom ones: neither Azure's own nor a firewall of the input. */
  readonly customDnsServers?: Observed<readonly string[]>;
  /** Those whose addresses are known. */
  readonly subnets: readonly ClusterSubnet[];
  /** A pool has a subnet that is not among them. */
  readonly hasUnseenSubnet: boolean;
  readonly egress: ClusterEgress;
}

/** A firewall of the input: its private addresses, and the policy that it enforces. */
export interface FirewallAddresses {
  readonly name: string;
  /** Those that are written, and symbols by which other resources of the same files name one. */
  readonly addresses: readonly string[];
  /**
   * What it enforces: the policy by its place where the input holds it, else by its id, lower case. Its own place where it
   * has rules of its own. Undefined where it is not known.
   */
  readonly policy: Place | string | undefined;
}

export function enforces(firewall: FirewallAddresses, { id, place }: Policy): boolean {
  const { policy } = firewall;
  return typeof policy === 'object'
    ? policy.path === place.path && policy.pointer === place.pointer
    : policy !== undefined && policy === id.toLowerCase();
}
