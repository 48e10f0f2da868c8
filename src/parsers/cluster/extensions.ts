import type { ClusterFact, ClusterFeature, Observed } from '../../model/cluster.ts';
import { unknownOf, wordOf } from '../azure-firewall/fields.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import { concerns, ownerOf } from './belonging.ts';
import { at, hidden, propertiesOf, undecided } from './values.ts';

/** Features by type of extension: https://learn.microsoft.com/azure/aks/cluster-extensions */
const FEATURES: ReadonlyMap<string, ClusterFeature> = new Map([
  ['microsoft.flux', 'flux'],
  ['microsoft.dapr', 'dapr'],
  ['microsoft.dataprotection.kubernetes', 'azure-backup'],
  ['microsoft.azurecontainerstorage', 'azure-container-storage'],
  ['microsoft.azurecontainerstoragev2', 'azure-container-storage'],
  ['microsoft.azuremonitor.containers', 'container-insights'],
  ['microsoft.azuremonitor.containers.metrics', 'managed-prometheus'],
  ['microsoft.azuredefender.kubernetes', 'defender'],
  ['microsoft.policyinsights', 'azure-policy'],
]);

/** `managedClusters/providers/extensions` is the form of templates before resources had a scope. */
const EXTENSION =
  /^(?:microsoft\.kubernetesconfiguration|microsoft\.containerservice\/managedclusters\/providers)\/(extensions|fluxconfigurations)$/;

/**
 * Features that extensions bring: they are resources of their own beside the cluster. Those that the input does not hold
 * may stand elsewhere, so their absence says nothing.
 */
export function* extensionFacts(
  cluster: Resource,
  around: {
    readonly clusters: readonly Resource[];
    readonly resources: readonly Resource[];
    readonly gaps: readonly ResourceGap[];
  },
): Generator<readonly [ClusterFact, Observed<boolean>]> {
  const found = new Map<ClusterFact, Observed<boolean>>();
  const add = (feature: ClusterFeature, observed: Observed<boolean>): void => {
    const fact = `features.${feature}` as const;
    if (found.get(fact)?.value !== true) found.set(fact, observed);
  };
  for (const gap of around.gaps) {
    if (!EXTENSION.test(gap.type.toLowerCase()) || !concerns(gap, cluster)) continue;
    for (const feature of ['cluster-extensions', ...FEATURES.values()] as const)
      add(feature, undecided(gap.place, gap.unknown.reason));
  }
  for (const resource of around.resources) {
    const kind = EXTENSION.exec(resource.type.toLowerCase())?.[1];
    if (kind === undefined || resource.existing || ownerOf(resource, around.clusters) !== cluster) continue;
    const isOptional = resource.conditional !== undefined && resource.conditional !== cluster.conditional;
    const there: Observed<boolean> = isOptional
      ? undecided(resource.place, 'the extension may not be deployed')
      : { value: true, place: resource.place };
    add('cluster-extensions', there);
    if (kind === 'fluxconfigurations') add('flux', there);
    const properties = propertiesOf(resource);
    const type = at(properties, 'extensiontype');
    const feature = FEATURES.get(wordOf(type));
    if (feature !== undefined) add(feature, there);
    if (unknownOf(type) !== undefined)
      for (const hiddenFeature of ['flux', 'dapr', 'azure-backup', 'azure-container-storage'] as const)
        add(hiddenFeature, hidden(type, resource.place));
    const plan = at(resource.body, 'plan') ?? at(properties, 'plan');
    if (plan !== undefined)
      add('marketplace-extensions', unknownOf(plan) === undefined ? there : hidden(plan, resource.place));
  }
  yield* found;
}
