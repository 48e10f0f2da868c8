import type { Fact, Facts } from '../conditions/unknown-facts.ts';
import type { FactValue } from '../conditions/grammar.ts';
import type { Cloud } from '../model/policy.ts';
import { FEATURE_FACTS, featureTitle, type FeatureFact } from './features.ts';

/** The facts that conditions may name: their values, what holds where nobody says, and words for messages. */

export const CLOUDS = [
  'AzureCloud',
  'AzureChinaCloud',
  'AzureUSGovernment',
] as const satisfies readonly Cloud[];

/** Services that a cluster can reach by private endpoint or cache instead of through the firewall. */
export const PRIVATE_SERVICES = ['acr', 'arm', 'key-vault', 'mcr', 'monitor', 'policy', 'storage'] as const;
export type PrivateService = (typeof PRIVATE_SERVICES)[number];
export type PrivateFact = `reachedPrivately.${PrivateService}`;

/** Clauses for messages: reached privately, and not. */
const SERVICE_CLAUSES: Readonly<Record<PrivateService, readonly [yes: string, no: string]>> = {
  acr: ['your container registry is reached privately', 'your container registry is not reached privately'],
  arm: ['Azure Resource Manager is reached privately', 'Azure Resource Manager is not reached privately'],
  'key-vault': ['Key Vault is reached privately', 'Key Vault is not reached privately'],
  mcr: ['system images come through a bootstrap cache', 'system images come straight from Microsoft'],
  monitor: ['Azure Monitor is reached privately', 'Azure Monitor is not reached privately'],
  policy: ['Azure Policy is reached privately', 'Azure Policy is not reached privately'],
  storage: ['Azure Storage is reached privately', 'Azure Storage is not reached privately'],
};

export const UPGRADE_CHANNELS = ['NodeImage', 'SecurityPatch', 'Unmanaged', 'None'] as const;

interface FactDefinition {
  readonly values: readonly FactValue[];
  /** What holds where nobody says; undefined where neither answer is safe to assume. */
  readonly fallback: FactValue | undefined | ((cloud: Cloud) => FactValue | undefined);
  /** Why that is the default. */
  readonly basis: string;
  readonly description: string;
  /** A clause: "the cluster is private". */
  readonly says: (value: FactValue) => string;
  /** A clause in the imperative: how to make it known. */
  readonly supply: string;
}

const BOOLEAN = [true, false] as const;

function yesNo(
  yes: string,
  no: string,
  rest: Pick<FactDefinition, 'fallback' | 'basis' | 'description' | 'supply'>,
): FactDefinition {
  return { values: BOOLEAN, says: (value) => (value === true ? yes : no), ...rest };
}

const NAMED_FACTS = {
  cloud: {
    values: CLOUDS,
    fallback: 'AzureCloud',
    basis: 'where most clusters are',
    description: 'The Azure cloud, as `az cloud list` names it.',
    says: (value) => `the cloud is ${String(value)}`,
    supply: 'give --cloud',
  },
  privateCluster: yesNo('the cluster is private', 'the cluster is not private', {
    fallback: false,
    basis: "AKS's own default",
    description: 'The API server has a private endpoint only (enablePrivateCluster).',
    supply: 'give --profile public or private, or privateCluster in the profile',
  }),
  vnetIntegration: yesNo(
    'the API server is in the virtual network',
    'the API server is not in the virtual network',
    {
      fallback: false,
      basis: "AKS's own default",
      description: 'API Server VNet Integration (enableVnetIntegration).',
      supply: 'give vnetIntegration in the profile',
    },
  ),
  networkIsolated: yesNo('the cluster is network isolated', 'the cluster is not network isolated', {
    fallback: false,
    basis: "AKS's own default",
    description: 'Outbound type none or block, with a bootstrap cache (artifactSource Cache).',
    supply: 'give --profile network-isolated, or networkIsolated in the profile',
  }),
  konnectivity: yesNo('konnectivity is on', 'konnectivity is off', {
    fallback: (cloud) => (cloud === 'AzureCloud' ? true : undefined),
    basis: 'its roll-out finished in AzureCloud in 2022; for the other clouds no end was announced',
    description: 'The nodes run konnectivity-agent instead of the older tunnels on ports 1194 and 9000.',
    supply:
      'look for konnectivity-agent with `kubectl get pods -n kube-system` and give konnectivity in the profile',
  }),
  podsCallApiServerByIp: yesNo(
    'pods call the API server by IP address',
    'no pod calls the API server by IP address',
    {
      fallback: undefined,
      basis:
        'most controllers outside kube-system do, and advice to close the port would break them; so neither is assumed',
      description:
        'Pods outside kube-system use the API server without the annotation kubernetes.azure.com/set-kube-service-host-fqdn.',
      supply: 'give podsCallApiServerByIp in the profile',
    },
  ),
  customDns: yesNo('the virtual network has custom DNS servers', 'the virtual network uses Azure DNS', {
    fallback: false,
    basis: "a virtual network's own default",
    description: 'Follows from customDnsServers.',
    supply: 'give customDnsServers in the profile',
  }),
  localDns: yesNo('LocalDNS is on', 'LocalDNS is off', {
    fallback: undefined,
    basis: 'on in AKS Automatic, optional in AKS Standard',
    description: 'LocalDNS on any node pool; it forwards over TCP.',
    supply: 'give localDns in the profile',
  }),
  ubuntuNodes: yesNo('there are Ubuntu nodes', 'there are no Ubuntu nodes', {
    fallback: true,
    basis: "AKS's default node OS",
    description: 'Follows from nodeOs.',
    supply: 'give nodeOs in the profile',
  }),
  azureLinuxNodes: yesNo('there are Azure Linux nodes', 'there are no Azure Linux nodes', {
    fallback: false,
    basis: "AKS's default node OS is Ubuntu",
    description: 'Follows from nodeOs.',
    supply: 'give nodeOs in the profile',
  }),
  windowsNodes: yesNo('there are Windows nodes', 'there are no Windows nodes', {
    fallback: false,
    basis: "AKS's default node OS is Ubuntu",
    description: 'Follows from nodeOs, or --feature windows.',
    supply: 'give nodeOs in the profile',
  }),
  gpuNodes: yesNo('there are GPU nodes', 'there are no GPU nodes', {
    fallback: false,
    basis: 'no default node size has a GPU',
    description: 'NVIDIA GPU nodes whose driver AKS installs.',
    supply: 'give gpuNodes in the profile or --feature gpu',
  }),
  nodeOsUpgradeChannel: {
    values: UPGRADE_CHANNELS,
    fallback: 'NodeImage',
    basis: 'the default of new clusters since API version 2023-06-01',
    description: 'The node OS upgrade channel (nodeOSUpgradeChannel).',
    says: (value) => `the node OS upgrade channel is ${String(value)}`,
    supply: 'give nodeOsUpgradeChannel in the profile',
  },
  nodesSinceMarch2021: yesNo(
    'all nodes date from after March 2021',
    'some nodes date from before March 2021',
    {
      fallback: true,
      basis: 'node images are replaced by every upgrade',
      description: 'Every node was provisioned after March 2021.',
      supply: 'give nodesSinceMarch2021 in the profile',
    },
  ),
  keyVaultCertificates: yesNo(
    'Istio or application routing takes certificates from Key Vault',
    'neither Istio nor application routing takes certificates from Key Vault',
    {
      fallback: undefined,
      basis: 'the add-ons work with and without; it matters only where one of them is on',
      description:
        'Istio with a plug-in certificate authority or a secure gateway, or application routing with certificates from Key Vault.',
      supply: 'give keyVaultCertificates in the profile',
    },
  ),
} as const satisfies Readonly<Record<string, FactDefinition>>;

export type NamedFact = keyof typeof NAMED_FACTS;
export type FactName = NamedFact | FeatureFact | PrivateFact;

function featureFact(name: FeatureFact): FactDefinition {
  const id = name.slice('features.'.length);
  return yesNo(`${featureTitle(id)} is on`, `${featureTitle(id)} is not on`, {
    fallback: false,
    basis: 'a feature is off unless it is named',
    description: featureTitle(id),
    supply: `give --feature ${id}`,
  });
}

function privateFact(service: PrivateService): FactDefinition {
  const [yes, no] = SERVICE_CLAUSES[service];
  return yesNo(yes, no, {
    fallback: false,
    basis: 'a service is reached through the firewall unless the profile says otherwise',
    description: `${yes}, not through the firewall`,
    supply: `give reachedPrivately in the profile, with or without ${service}`,
  });
}

/** Every fact, in the order of reports. */
export const FACTS: ReadonlyMap<FactName, FactDefinition> = new Map<FactName, FactDefinition>([
  ...namedFacts().map((name): [FactName, FactDefinition] => [name, NAMED_FACTS[name]]),
  ...FEATURE_FACTS.map((name): [FactName, FactDefinition] => [name, featureFact(name)]),
  ...PRIVATE_SERVICES.map((service): [FactName, FactDefinition] => [
    `reachedPrivately.${service}`,
    privateFact(service),
  ]),
]);

function namedFacts(): NamedFact[] {
  return Object.keys(NAMED_FACTS).filter((name): name is NamedFact => Object.hasOwn(NAMED_FACTS, name));
}

export function isFactName(name: string): name is FactName {
  return [...FACTS.keys()].some((known) => known === name);
}

/** The fact's definition. */
export function factDefinition(name: FactName): FactDefinition {
  const definition = FACTS.get(name);
  if (definition === undefined) throw new Error(`No profile fact is called ${name}`);
  return definition;
}

/** What holds where nobody says; undefined for unknown. */
export function defaultOf(name: FactName, cloud: Cloud): FactValue | undefined {
  const { fallback } = factDefinition(name);
  return typeof fallback === 'function' ? fallback(cloud) : fallback;
}

/** Facts as conditions read them: a value, or all that it may be. */
export function conditionFacts(values: ReadonlyMap<FactName, FactValue | undefined>): Facts {
  return new Map(
    [...FACTS].map(([name, { values: domain }]): [string, Fact] => {
      const value = values.get(name);
      return [name, value === undefined ? { oneOf: domain } : { value }];
    }),
  );
}
