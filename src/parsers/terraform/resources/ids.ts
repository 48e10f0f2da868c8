import type { Place } from '../../../model/place.ts';
import { string, type StringValue, type Value } from '../../value.ts';
import { joined, toText, unknown } from '../evaluate/values.ts';

/** Azure's types for resources that the provider identifies by resource group and name. */
export const AZURE_TYPES: ReadonlyMap<string, string> = new Map([
  ['azurerm_firewall_policy', 'Microsoft.Network/firewallPolicies'],
  ['azurerm_firewall', 'Microsoft.Network/azureFirewalls'],
  ['azurerm_ip_group', 'Microsoft.Network/ipGroups'],
  ['azurerm_virtual_network', 'Microsoft.Network/virtualNetworks'],
  ['azurerm_kubernetes_cluster', 'Microsoft.ContainerService/managedClusters'],
  ['azurerm_route_table', 'Microsoft.Network/routeTables'],
  ['azurerm_palo_alto_local_rulestack', 'PaloAltoNetworks.Cloudngfw/localRulestacks'],
  ['azurerm_network_security_group', 'Microsoft.Network/networkSecurityGroups'],
  ['azurerm_private_dns_zone', 'Microsoft.Network/privateDnsZones'],
  ['azurerm_public_ip', 'Microsoft.Network/publicIPAddresses'],
]);

/** The parent's id and the child's type, for resources below another one. */
const CHILDREN: ReadonlyMap<string, readonly [parent: string, type: string]> = new Map([
  ['azurerm_firewall_policy_rule_collection_group', ['firewall_policy_id', 'ruleCollectionGroups']],
  ['azurerm_palo_alto_local_rulestack_fqdn_list', ['rulestack_id', 'fqdnlists']],
  ['azurerm_palo_alto_local_rulestack_prefix_list', ['rulestack_id', 'prefixlists']],
  ['azurerm_kubernetes_cluster_node_pool', ['kubernetes_cluster_id', 'agentPools']],
  [
    'azurerm_kubernetes_cluster_extension',
    ['cluster_id', 'providers/Microsoft.KubernetesConfiguration/extensions'],
  ],
  [
    'azurerm_kubernetes_flux_configuration',
    ['cluster_id', 'providers/Microsoft.KubernetesConfiguration/fluxConfigurations'],
  ],
]);

/** Resources that name the parent in their own resource group. */
const NAMED_CHILDREN: ReadonlyMap<string, readonly [parent: string, parentType: string, type: string]> =
  new Map([
    ['azurerm_subnet', ['virtual_network_name', 'Microsoft.Network/virtualNetworks', 'subnets']],
    ['azurerm_route', ['route_table_name', 'Microsoft.Network/routeTables', 'routes']],
    [
      'azurerm_network_security_rule',
      ['network_security_group_name', 'Microsoft.Network/networkSecurityGroups', 'securityRules'],
    ],
    [
      'azurerm_private_dns_zone_virtual_network_link',
      ['private_dns_zone_name', 'Microsoft.Network/privateDnsZones', 'virtualNetworkLinks'],
    ],
  ]);

/**
 * The id that Azure will give a resource, as far as its configuration tells; undefined for types that are not known. The
 * subscription is never known, so it is a symbol of the root module, `unit`.
 */
export function resourceId(
  type: string,
  attribute: (name: string) => Value | undefined,
  place: Place,
  unit = '',
): StringValue | undefined {
  const part = (name: string): StringValue => partOf(attribute(name), name, place);
  if (type === 'azurerm_resource_group') {
    return joined(
      [
        string('/subscriptions/', place),
        subscription(place, unit),
        string('/resourceGroups/', place),
        part('name'),
      ],
      place,
    );
  }
  if (type === 'azapi_resource' || type === 'azapi_update_resource') return azapiId(attribute, place);
  const child = CHILDREN.get(type);
  if (child !== undefined) {
    const [parent, childType] = child;
    return joined([part(parent), string(`/${childType}/`, place), part('name')], place);
  }
  const named = NAMED_CHILDREN.get(type);
  if (named !== undefined) {
    const [parent, parentType, childType] = named;
    return joined(
      [
        ...groupScope(part('resource_group_name'), place, unit),
        string(`/providers/${parentType}/`, place),
        part(parent),
        string(`/${childType}/`, place),
        part('name'),
      ],
      place,
    );
  }
  const azureType = AZURE_TYPES.get(type);
  if (azureType === undefined) return undefined;
  return joined(
    [
      ...groupScope(part('resource_group_name'), place, unit),
      string(`/providers/${azureType}/`, place),
      part('name'),
    ],
    place,
  );
}

function groupScope(group: StringValue, place: Place, unit: string): StringValue[] {
  return [
    string('/subscriptions/', place),
    subscription(place, unit),
    string('/resourceGroups/', place),
    group,
  ];
}

function azapiId(attribute: (name: string) => Value | undefined, place: Place): StringValue | undefined {
  const type = partOf(attribute('type'), 'type', place).value.split('@')[0] ?? '';
  const segments = type.split('/');
  if (segments.length < 2) return undefined;
  const parent = partOf(attribute('parent_id'), 'parent_id', place);
  const name = partOf(attribute('name'), 'name', place);
  const kind = segments.length === 2 ? `/providers/${type}/` : `/${segments.at(-1) ?? ''}/`;
  return joined([parent, string(kind, place), name], place);
}

function partOf(value: Value | undefined, name: string, place: Place): StringValue {
  if (value?.kind === 'string' || value?.kind === 'number' || value?.kind === 'unknown') return toText(value);
  const why = { reason: `${name} is not known`, supply: `write ${name}`, place };
  return toText(unknown(`${place.path}${place.pointer} ${name}`, why, place));
}

function subscription(place: Place, unit: string): StringValue {
  const why = {
    reason: 'the subscription is not part of the configuration',
    supply: 'lint the plan or the state instead',
    place,
  };
  return toText(unknown(unit === '' ? 'subscription' : `subscription of ${unit}`, why, place));
}
