import type { Arm } from './arm.ts';
import type { ArmId } from './ids.ts';
import type { Asked } from './failure.ts';
import { isList, isObject, textAt, type JsonObject } from './json.ts';

/** Each thing that is read of Azure: what it is called, which action it takes, and the client's operation. */
export const READS = {
  'microsoft.network/firewallpolicies': {
    noun: 'firewall policy',
    action: 'Microsoft.Network/firewallPolicies/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).firewallPolicies.get(group, name),
  },
  'microsoft.network/azurefirewalls': {
    noun: 'firewall',
    action: 'Microsoft.Network/azureFirewalls/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).azureFirewalls.get(group, name),
  },
  'microsoft.network/ipgroups': {
    noun: 'IP group',
    action: 'Microsoft.Network/ipGroups/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).ipGroups.get(group, name),
  },
  'microsoft.network/virtualnetworks': {
    noun: 'virtual network',
    action: 'Microsoft.Network/virtualNetworks/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).virtualNetworks.get(group, name),
  },
  'microsoft.network/routetables': {
    noun: 'route table',
    action: 'Microsoft.Network/routeTables/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).routeTables.get(group, name),
  },
  'microsoft.network/networksecuritygroups': {
    noun: 'network security group',
    action: 'Microsoft.Network/networkSecurityGroups/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.network(subscription).networkSecurityGroups.get(group, name),
  },
  'microsoft.containerservice/managedclusters': {
    noun: 'cluster',
    action: 'Microsoft.ContainerService/managedClusters/read',
    get: (arm: Arm, { subscription, group, name }: ArmId) =>
      arm.containers(subscription).managedClusters.get(group, name),
  },
} as const;

export type ReadType = keyof typeof READS;

/** Reads one resource by its id. */
export function readOne(arm: Arm, type: ReadType, id: ArmId): Promise<JsonObject> {
  const { noun, action, get } = READS[type];
  const isIt = (body: JsonObject): boolean =>
    textAt(body, 'id').toLowerCase() === id.id.toLowerCase() && isObject(body['properties']);
  return arm.get({ what: `${noun} '${id.name}'`, id: id.id, action }, () => get(arm, id), isIt);
}

type ListType =
  | 'microsoft.network/firewallpolicies'
  | 'microsoft.network/azurefirewalls'
  | 'microsoft.containerservice/managedclusters';

/** Reads all resources of a type that a subscription has. */
export function readAll(arm: Arm, type: ListType, subscription: string): Promise<readonly JsonObject[]> {
  const { noun, action } = READS[type];
  const asked = {
    what: `the list of ${noun === 'firewall policy' ? 'firewall policies' : `${noun}s`}`,
    id: `/subscriptions/${subscription}`,
    action,
  };
  return arm.list(asked, () => {
    switch (type) {
      case 'microsoft.network/firewallpolicies':
        return arm.network(subscription).firewallPolicies.listAll();
      case 'microsoft.network/azurefirewalls':
        return arm.network(subscription).azureFirewalls.listAll();
      case 'microsoft.containerservice/managedclusters':
        return arm.containers(subscription).managedClusters.list();
    }
  });
}

export function readRuleCollectionGroups(arm: Arm, policy: ArmId): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: `the rule collection groups of firewall policy '${policy.name}'`,
    id: policy.id,
    action: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups/read',
  };
  const { firewallPolicyRuleCollectionGroups: groups } = arm.network(policy.subscription);
  const own = `${policy.id}/ruleCollectionGroups/`.toLowerCase();
  const isGroup = (body: JsonObject): boolean =>
    textAt(body, 'id').toLowerCase().startsWith(own) && isObject(body['properties']);
  return arm.list(asked, () => groups.list(policy.group, policy.name), isGroup);
}

export function readAgentPools(arm: Arm, cluster: ArmId): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: `the node pools of cluster '${cluster.name}'`,
    id: cluster.id,
    action: 'Microsoft.ContainerService/managedClusters/agentPools/read',
  };
  return arm.list(asked, () =>
    arm.containers(cluster.subscription).agentPools.list(cluster.group, cluster.name),
  );
}

/** https://learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/extensions/list */
export function readExtensions(arm: Arm, cluster: ArmId): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: `the extensions of cluster '${cluster.name}'`,
    id: cluster.id,
    action: 'Microsoft.KubernetesConfiguration/extensions/read',
  };
  return arm.listAt(
    asked,
    `${cluster.id}/providers/Microsoft.KubernetesConfiguration/extensions`,
    '2023-05-01',
  );
}

/** https://learn.microsoft.com/rest/api/aks/managed-clusters/list-outbound-network-dependencies-endpoints */
export function readEndpoints(arm: Arm, cluster: ArmId): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: `the endpoint list of cluster '${cluster.name}'`,
    id: cluster.id,
    action: 'Microsoft.ContainerService/managedClusters/outboundNetworkDependenciesEndpoints/read',
  };
  const { managedClusters } = arm.containers(cluster.subscription);
  return arm.list(asked, () =>
    managedClusters.listOutboundNetworkDependenciesEndpoints(cluster.group, cluster.name),
  );
}

/** https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list */
export function readServiceTags(arm: Arm, subscription: string, location: string): Promise<JsonObject> {
  const asked: Asked = {
    what: "Microsoft's service tags",
    id: `/subscriptions/${subscription}`,
    action: 'Microsoft.Network/locations/serviceTags/read',
  };
  const request = (): Promise<unknown> => arm.network(subscription).serviceTags.list(location);
  return arm.get(asked, request, ({ values }) => isList(values));
}

const PRIVATE_ZONES = '2024-06-01';

/** https://learn.microsoft.com/rest/api/dns/privatedns/private-zones/list */
export function readPrivateZones(arm: Arm, subscription: string): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: 'the list of private DNS zones',
    id: `/subscriptions/${subscription}`,
    action: 'Microsoft.Network/privateDnsZones/read',
  };
  return arm.listAt(asked, `${asked.id}/providers/Microsoft.Network/privateDnsZones`, PRIVATE_ZONES);
}

/** https://learn.microsoft.com/rest/api/dns/privatedns/virtual-network-links/list */
export function readZoneLinks(arm: Arm, zone: string): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: `the virtual network links of private DNS zone '${zone.split('/').at(-1) ?? ''}'`,
    id: zone,
    action: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks/read',
  };
  return arm.listAt(asked, `${zone}/virtualNetworkLinks`, PRIVATE_ZONES);
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/list */
export function readSubscriptions(arm: Arm): Promise<readonly JsonObject[]> {
  const asked: Asked = {
    what: 'the list of subscriptions',
    id: '/subscriptions',
    action: 'Microsoft.Resources/subscriptions/read',
  };
  return arm.listAt(asked, '/subscriptions', '2022-12-01');
}
