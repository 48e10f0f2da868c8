/** Features, add-ons and integrations that bring rows of their own, by the ids that flags and configuration use. */

export interface Feature {
  readonly id: string;
  readonly title: string;
  /** Other names that people use for it. */
  readonly aliases: readonly string[];
  /** Features that it consists of or always brings along. */
  readonly includes: readonly string[];
  /** A fact about the nodes that it stands for, so that `--feature gpu` works like the rest. */
  readonly sets?: NodeFact;
}

type NodeFact = 'gpuNodes' | 'windowsNodes';

const FEATURE_LIST = [
  { id: 'workload-identity', title: 'Workload identity', aliases: ['azure-workload-identity'], includes: [] },
  {
    id: 'defender',
    title: 'Microsoft Defender for Containers',
    aliases: ['microsoft-defender', 'defender-for-containers', 'azure-defender'],
    includes: [],
  },
  {
    id: 'key-vault-csi',
    title: 'Azure Key Vault provider for Secrets Store CSI Driver',
    aliases: [
      'key-vault',
      'keyvault',
      'azure-keyvault-secrets-provider',
      'secrets-store-csi',
      'key-vault-secrets-provider',
    ],
    includes: [],
  },
  {
    id: 'azure-monitor',
    title: 'Azure Monitor: Container Insights, Managed Prometheus, Application Insights',
    aliases: ['monitor', 'monitoring'],
    includes: ['container-insights', 'managed-prometheus', 'app-insights'],
  },
  {
    id: 'container-insights',
    title: 'Container Insights',
    aliases: ['omsagent', 'oms-agent'],
    includes: [],
  },
  {
    id: 'managed-prometheus',
    title: 'Azure Monitor managed service for Prometheus',
    aliases: ['prometheus', 'azure-monitor-metrics'],
    includes: [],
  },
  {
    id: 'app-insights',
    title: 'Application Insights auto-instrumentation',
    aliases: ['application-insights', 'autoinstrumentation'],
    includes: [],
  },
  { id: 'azure-policy', title: 'Azure Policy', aliases: ['policy'], includes: [] },
  { id: 'cost-analysis', title: 'AKS cost analysis', aliases: ['cost'], includes: [] },
  { id: 'cluster-extensions', title: 'Cluster extensions', aliases: ['extensions'], includes: [] },
  {
    id: 'marketplace-extensions',
    title: 'Cluster extensions with a Marketplace plan',
    aliases: ['marketplace'],
    includes: ['cluster-extensions'],
  },
  { id: 'istio', title: 'Istio-based service mesh', aliases: ['service-mesh', 'asm'], includes: [] },
  {
    id: 'application-routing',
    title: 'Application routing',
    aliases: ['app-routing', 'web-app-routing'],
    includes: [],
  },
  { id: 'azure-backup', title: 'Azure Backup', aliases: ['backup'], includes: ['cluster-extensions'] },
  {
    id: 'acr',
    title: 'Your own Azure Container Registry',
    aliases: ['container-registry', 'azure-container-registry'],
    includes: [],
  },
  { id: 'flux', title: 'Flux (GitOps)', aliases: ['gitops'], includes: ['cluster-extensions'] },
  { id: 'dapr', title: 'Dapr', aliases: [], includes: ['cluster-extensions'] },
  {
    id: 'azure-container-storage',
    title: 'Azure Container Storage',
    aliases: ['acstor', 'container-storage'],
    includes: ['cluster-extensions'],
  },
  {
    id: 'container-network-insights',
    title: 'Container Network Insights agent',
    aliases: [],
    includes: [],
  },
  { id: 'azure-files', title: 'Azure Files over SMB', aliases: ['azure-files-smb'], includes: [] },
  { id: 'azure-files-nfs', title: 'Azure Files over NFS', aliases: [], includes: [] },
  { id: 'amd-ma35d', title: 'AMD MA35D nodes', aliases: ['ma35d'], includes: [] },
  { id: 'gpu', title: 'NVIDIA GPU nodes', aliases: ['gpus'], includes: [], sets: 'gpuNodes' },
  { id: 'windows', title: 'Windows nodes', aliases: [], includes: [], sets: 'windowsNodes' },
] as const satisfies readonly Feature[];

export const FEATURES: readonly Feature[] = FEATURE_LIST;

type AnyFeature = (typeof FEATURE_LIST)[number];
/** Features that conditions can name: those that are no mere group and no name for a node fact. */
type ConditionFeature = Exclude<AnyFeature, { readonly sets: string } | { readonly id: 'azure-monitor' }>;
export type FeatureFact = `features.${ConditionFeature['id']}`;

function isConditionFeature(feature: AnyFeature): feature is ConditionFeature {
  return !('sets' in feature) && feature.id !== 'azure-monitor';
}

/** `features.defender` and so on. */
export const FEATURE_FACTS: readonly FeatureFact[] = FEATURE_LIST.filter(isConditionFeature).map(
  ({ id }): FeatureFact => `features.${id}`,
);

/** Ids and aliases, for messages and completion. */
export function featureNames(): string[] {
  return FEATURES.flatMap(({ id, aliases }) => [id, ...aliases]);
}

/** The feature with this id or alias; case, spaces, hyphens and underscores count for nothing. */
export function findFeature(name: string): Feature | undefined {
  const plain = simplify(name);
  return FEATURES.find(({ id, aliases }) => [id, ...aliases].some((known) => simplify(known) === plain));
}

function simplify(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Facts that are true where the feature is on: its own and those of the features that it includes. */
export function factsOfFeature(feature: Feature): (FeatureFact | NodeFact)[] {
  const own = FEATURE_FACTS.filter((fact) => fact === `features.${feature.id}`);
  const included = FEATURES.filter(({ id }) => feature.includes.includes(id)).flatMap(factsOfFeature);
  return [...(feature.sets === undefined ? own : [feature.sets]), ...included];
}

/** Features of rows that nobody switches on or off. */
const OTHER_TITLES: Readonly<Record<string, string>> = {
  core: 'Every cluster',
  'ubuntu-updates': 'Updates of Ubuntu nodes',
  advisories: 'Reported, unverified',
};

/** The title of a row's feature; the id where it has none. */
export function featureTitle(id: string): string {
  return FEATURES.find((feature) => feature.id === id)?.title ?? OTHER_TITLES[id] ?? id;
}
