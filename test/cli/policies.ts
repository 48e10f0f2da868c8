import { applicationRule, collection, groupResource, policyResource, template } from '../parsers/inputs.ts';

/** The network of the cluster in these policies. */
export const NODES = '10.240.0.0/22';

/** An application rule of the cluster for some hosts. */
export function hosts(name: string, targetFqdns: readonly string[], more: object = {}): object {
  return applicationRule(name, { sourceAddresses: [NODES], targetFqdns, ...more });
}

/** A rule for all that the cluster needs by name. */
export function aks(more: object = {}): object {
  return applicationRule('aks', { sourceAddresses: [NODES], fqdnTags: ['AzureKubernetesService'], ...more });
}

/** A template with one policy and a collection `app` in the group `aks`, whose rules are given. */
export function policyOf(rules: readonly object[], name = 'hub'): object {
  return template([
    policyResource(name),
    groupResource(`${name}/aks`, 200, [collection('app', 300, 'Allow', rules)]),
  ]);
}
