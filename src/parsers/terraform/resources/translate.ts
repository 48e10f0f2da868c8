import type { Place } from '../../../model/place.ts';
import { textOf } from '../../azure-firewall/fields.ts';
import { parseResourceId, segmentsOf } from '../../azure-firewall/resource-ids.ts';
import type { Resource } from '../../resource.ts';
import { array, boolean, type ObjectValue, type Value } from '../../value.ts';
import { unknown, whyUnknown } from '../evaluate/values.ts';
import { azapiResource, withUpdates } from './azapi.ts';
import { Classic } from './classic.ts';
import {
  clusterProperties,
  UNWRITABLE,
  extensionProperties,
  fluxProperties,
  poolProperties,
} from './cluster.ts';
import {
  addition,
  networkProperties,
  reference,
  routeProperties,
  routeTableProperties,
  securityGroupProperties,
  securityRuleProperties,
  subnetProperties,
  zoneLinkProperties,
} from './network.ts';
import { AZURE_TYPES, resourceId } from './ids.ts';
import { IpGroupMembers } from './ip-group-members.ts';
import { memberValue, object, onlyBlock } from './rename.ts';
import { RULESTACK_PARTS, rulestackPart } from './rulestack.ts';
import type { TerraformResource } from './resource.ts';
import { policyCollections } from './rules.ts';

const GROUP = 'azurerm_firewall_policy_rule_collection_group';

/** Clusters and what decides how their traffic leaves: Azure's type and properties of each. */
const BESIDE_FIREWALLS: ReadonlyMap<
  string,
  readonly [type: string, properties: (one: TerraformResource) => ObjectValue]
> = new Map([
  ['azurerm_virtual_network', ['Microsoft.Network/virtualNetworks', networkProperties]],
  ['azurerm_subnet', ['Microsoft.Network/virtualNetworks/subnets', subnetProperties]],
  ['azurerm_route_table', ['Microsoft.Network/routeTables', routeTableProperties]],
  ['azurerm_route', ['Microsoft.Network/routeTables/routes', routeProperties]],
  ['azurerm_network_security_group', ['Microsoft.Network/networkSecurityGroups', securityGroupProperties]],
  [
    'azurerm_network_security_rule',
    ['Microsoft.Network/networkSecurityGroups/securityRules', securityRuleProperties],
  ],
  ['azurerm_private_dns_zone', ['Microsoft.Network/privateDnsZones', ({ place }) => object([], place)]],
  [
    'azurerm_private_dns_zone_virtual_network_link',
    ['Microsoft.Network/privateDnsZones/virtualNetworkLinks', zoneLinkProperties],
  ],
  ['azurerm_kubernetes_cluster', ['Microsoft.ContainerService/managedClusters', clusterProperties]],
  [
    'azurerm_kubernetes_cluster_node_pool',
    ['Microsoft.ContainerService/managedClusters/agentPools', poolProperties],
  ],
  [
    'azurerm_kubernetes_cluster_extension',
    ['Microsoft.KubernetesConfiguration/extensions', extensionProperties],
  ],
  [
    'azurerm_kubernetes_flux_configuration',
    ['Microsoft.KubernetesConfiguration/fluxConfigurations', fluxProperties],
  ],
]);

const FIREWALLS: ReadonlySet<string> = new Set([
  'azurerm_firewall_policy',
  GROUP,
  'azurerm_firewall',
  'azurerm_firewall_application_rule_collection',
  'azurerm_firewall_network_rule_collection',
  'azurerm_ip_group',
  'azurerm_ip_group_cidr',
  'azurerm_palo_alto_local_rulestack',
  ...Object.keys(RULESTACK_PARTS),
  'azurerm_subnet_route_table_association',
  'azurerm_subnet_network_security_group_association',
  'azurerm_virtual_network_dns_servers',
  'azapi_resource',
  'azapi_update_resource',
]);

/** Resource types that become resources of Azure. */
export function isTranslated(type: string): boolean {
  return FIREWALLS.has(type) || BESIDE_FIREWALLS.has(type);
}

export interface Translation {
  readonly resources: readonly Resource[];
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
}

/** Resources of one root module, plan or state as Azure's, so that one reader of rules serves every format. */
export function translate(all: readonly TerraformResource[]): Translation {
  const notes: { message: string; place: Place }[] = [];
  const members = new IpGroupMembers(all.filter(({ type }) => type === 'azurerm_ip_group_cidr'));
  const classic = new Classic(all, (message, place) => notes.push({ message, place }));
  const resources = all.flatMap((one): Resource[] => {
    switch (one.type) {
      case 'azurerm_firewall_policy':
        return [named(one, policyProperties(one.attributes, one.place))];
      case GROUP:
        return [group(one)];
      case 'azurerm_firewall':
        return [named(one, classic.properties(one, firewallProperties(one)))];
      case 'azurerm_ip_group':
        return [named(one, members.properties(one))];
      case 'azurerm_palo_alto_local_rulestack':
        return [named(one, object([], one.place))];
      case 'azurerm_palo_alto_local_rulestack_rule':
      case 'azurerm_palo_alto_local_rulestack_fqdn_list':
      case 'azurerm_palo_alto_local_rulestack_prefix_list':
        return [rulestackPart(one)];
      case 'azapi_resource':
        return azapiResource(one);
      default:
        return besideFirewall(one);
    }
  });
  const updates = all.filter(({ type }) => type === 'azapi_update_resource').flatMap(azapiResource);
  return {
    resources: withUpdates([...resources, ...classic.withoutFirewall(), ...members.withoutGroup()], updates),
    notes,
  };
}

function besideFirewall(one: TerraformResource): Resource[] {
  const beside = BESIDE_FIREWALLS.get(one.type);
  if (beside === undefined) return addition(one);
  const [type, properties] = beside;
  const resource = named(one, properties(one));
  const names = parseResourceId(resource.id)?.names;
  const name = names === undefined ? resource.name : namesOf(names, resource.name);
  const unwritable = one.type === 'azurerm_kubernetes_cluster' ? { unwritable: UNWRITABLE } : {};
  return [{ ...resource, type, name, ...unwritable }];
}

/** Parents' names from the id; the last as it is written. */
function namesOf(names: readonly string[], own: string): string {
  return [...names.slice(0, -1), own].join('/');
}

/** A resource that Azure identifies by resource group and name. */
function named(one: TerraformResource, properties: ObjectValue): Resource {
  const { type, attributes, place } = one;
  return {
    type: AZURE_TYPES.get(type) ?? type,
    name: nameOf(attributes),
    id: idOf(one),
    properties,
    body: object(
      [
        ['properties', properties],
        ['location', memberValue(attributes, 'location')],
        ['name', memberValue(attributes, 'name')],
      ],
      place,
    ),
    place: placeOf(one),
    ...originOf(one),
    existing: false,
    dependsOn: [],
  };
}

export function nameOf(attributes: ObjectValue): string {
  return textOf(attributes.members.get('name')?.value);
}

/** The id that Azure gave, or will give. */
export function idOf({ type, attributes, place, unit }: TerraformResource): string {
  const known = attributes.members.get('id')?.value;
  if (known?.kind === 'string' && known.value !== '' && whyUnknown(known) === undefined)
    return known.value.toLowerCase();
  const made = resourceId(type, (name) => attributes.members.get(name)?.value, place, unit);
  return made?.value.toLowerCase() ?? '';
}

export function placeOf({ attributes, place }: TerraformResource): Place {
  const name = attributes.members.get('name')?.value;
  return place.span !== undefined && name?.place.span !== undefined && name.place.path === place.path
    ? name.place
    : place;
}

/** What does not depend on the kind of a resource. */
export function originOf({ conditional, unit }: TerraformResource): Pick<Resource, 'conditional' | 'unit'> {
  return { ...(conditional === undefined ? {} : { conditional }), ...(unit === undefined ? {} : { unit }) };
}

function group(one: TerraformResource): Resource {
  const { attributes, place } = one;
  const reference = attributes.members.get('firewall_policy_id')?.value;
  const policy = textOf(reference);
  const policyName = segmentsOf(policy).at(-1) ?? policy;
  const properties = object(
    [
      ['priority', attributes.members.get('priority')?.value],
      [
        'networkRuleCollections',
        policyCollections(attributes.members.get('network_rule_collection')?.value, 'network'),
      ],
      [
        'applicationRuleCollections',
        policyCollections(attributes.members.get('application_rule_collection')?.value, 'application'),
      ],
    ],
    place,
  );
  return {
    type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    name: policyName === '' ? nameOf(attributes) : `${policyName}/${nameOf(attributes)}`,
    id: idOf(one),
    properties,
    body: object([['properties', properties]], place),
    place: placeOf(one),
    ...originOf(one),
    existing: false,
    dependsOn: [],
  };
}

function policyProperties(attributes: ObjectValue, place: Place): ObjectValue {
  const dns = onlyBlock(attributes.members.get('dns')?.value);
  const detection = onlyBlock(attributes.members.get('intrusion_detection')?.value);
  const base = memberValue(attributes, 'base_policy_id');
  return object(
    [
      ['basePolicy', base && object([['id', base]], base.place)],
      ['sku', tier(memberValue(attributes, 'sku'))],
      ['threatIntelMode', memberValue(attributes, 'threat_intelligence_mode')],
      ['dnsSettings', dns && proxySettings(memberValue(dns, 'proxy_enabled'), dns.place)],
      [
        'intrusionDetection',
        detection && object([['mode', memberValue(detection, 'mode')]], detection.place),
      ],
    ],
    place,
  );
}

function tier(value: Value | undefined): Value | undefined {
  return value && object([['tier', value]], value.place);
}

function proxySettings(proxy: Value | undefined, place: Place): Value {
  return object([['enableProxy', proxy ?? boolean(false, place)]], place);
}

function firewallProperties(one: TerraformResource): ObjectValue {
  const { attributes, place } = one;
  const policy = memberValue(attributes, 'firewall_policy_id');
  const proxy = firewallProxy(attributes);
  return object(
    [
      ['sku', tier(memberValue(attributes, 'sku_tier'))],
      ['firewallPolicy', policy && object([['id', policy]], policy.place)],
      ['threatIntelMode', memberValue(attributes, 'threat_intel_mode')],
      ['additionalProperties', proxy && object([['Network.DNS.EnableProxy', proxy]], proxy.place)],
      [
        'virtualHub',
        reference(memberValue(onlyBlock(memberValue(attributes, 'virtual_hub')), 'virtual_hub_id')),
      ],
      [
        'ipConfigurations',
        array([object([['privateIPAddress', privateAddress(one, 'ip_configuration')]], place)], place),
      ],
      ['hubIPAddresses', object([['privateIPAddress', privateAddress(one, 'virtual_hub')]], place)],
    ],
    place,
  );
}

/** As Azure gave it, or the symbol by which other resources name it before. */
function privateAddress(
  { attributes, address, unit, place }: TerraformResource,
  block: string,
): Value | undefined {
  const value = onlyBlock(memberValue(attributes, block));
  if (value === undefined) return undefined;
  const known = memberValue(value, 'private_ip_address');
  if (known !== undefined) return known;
  const path = `${address}.${block}[0].private_ip_address`;
  const why = { reason: `${path} is known after apply`, supply: 'lint the plan or the state instead', place };
  return unknown(unit === undefined ? path : `${unit}: ${path}`, why, place);
}

/** The provider switches the proxy on where servers are given: https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/firewall#dns_proxy_enabled */
function firewallProxy(attributes: ObjectValue): Value | undefined {
  const servers = memberValue(attributes, 'dns_servers');
  const written = memberValue(attributes, 'dns_proxy_enabled');
  if (servers?.kind !== 'array' || servers.items.length === 0) return written;
  return written?.kind === 'boolean' && written.value ? written : boolean(true, servers.place);
}
