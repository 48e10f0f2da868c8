import { parseResourceId } from '../../azure-firewall/resource-ids.ts';
import type { Resource } from '../../resource.ts';
import { boolean, type ObjectValue, type Value } from '../../value.ts';
import { toText } from '../evaluate/values.ts';
import { eachBlock, memberValue, object, renamed } from './rename.ts';
import type { TerraformResource } from './resource.ts';

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_network */
export function networkProperties({ attributes, place }: TerraformResource): ObjectValue {
  const prefixes = memberValue(attributes, 'address_space');
  const subnets = eachBlock(attributes.members.get('subnet')?.value, (subnet) =>
    object(
      [
        ['name', memberValue(subnet, 'name')],
        [
          'properties',
          subnetOf(subnet, memberValue(subnet, 'route_table_id'), memberValue(subnet, 'security_group')),
        ],
      ],
      subnet.place,
    ),
  );
  return object(
    [
      ['addressSpace', prefixes && object([['addressPrefixes', prefixes]], prefixes.place)],
      ['dhcpOptions', dnsServers(attributes)],
      ['subnets', subnets],
    ],
    place,
  );
}

function dnsServers(attributes: ObjectValue): ObjectValue | undefined {
  const servers = memberValue(attributes, 'dns_servers');
  return servers && object([['dnsServers', servers]], servers.place);
}

function subnetOf(
  attributes: ObjectValue,
  routeTable: Value | undefined,
  securityGroup: Value | undefined,
): ObjectValue {
  const { members } = renamed(attributes, {
    address_prefixes: 'addressPrefixes',
    address_prefix: 'addressPrefix',
  });
  const references = object(
    [
      ['routeTable', reference(routeTable)],
      ['networkSecurityGroup', reference(securityGroup)],
    ],
    attributes.place,
  );
  return { kind: 'object', members: new Map([...members, ...references.members]), place: attributes.place };
}

/** A resource by its id, as Azure's properties have it. */
export function reference(id: Value | undefined): ObjectValue | undefined {
  if (id === undefined || (id.kind === 'string' && id.value === '')) return undefined;
  return object([['id', id]], id.place);
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/subnet */
export function subnetProperties({ attributes }: TerraformResource): ObjectValue {
  return subnetOf(attributes, undefined, undefined);
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/route_table */
export function routeTableProperties({ attributes, place }: TerraformResource): ObjectValue {
  const routes = eachBlock(memberValue(attributes, 'route'), (route) =>
    object(
      [
        ['name', memberValue(route, 'name')],
        ['properties', routeOf(route)],
      ],
      route.place,
    ),
  );
  const propagation = memberValue(attributes, 'bgp_route_propagation_enabled');
  const isOff = propagation?.kind === 'boolean' && !propagation.value;
  return object(
    [
      ['routes', routes],
      [
        'disableBgpRoutePropagation',
        isOff ? boolean(true, propagation.place) : memberValue(attributes, 'disable_bgp_route_propagation'),
      ],
    ],
    place,
  );
}

function routeOf(route: ObjectValue): ObjectValue {
  return renamed(route, {
    address_prefix: 'addressPrefix',
    next_hop_type: 'nextHopType',
    next_hop_in_ip_address: 'nextHopIpAddress',
  });
}

export function routeProperties({ attributes }: TerraformResource): ObjectValue {
  return routeOf(attributes);
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/network_security_group */
export function securityGroupProperties({ attributes, place }: TerraformResource): ObjectValue {
  const rules = eachBlock(memberValue(attributes, 'security_rule'), (rule) =>
    object(
      [
        ['name', memberValue(rule, 'name')],
        ['properties', securityRuleOf(rule)],
      ],
      rule.place,
    ),
  );
  return object([['securityRules', rules]], place);
}

function securityRuleOf(rule: ObjectValue): ObjectValue {
  return renamed(rule, {
    direction: 'direction',
    access: 'access',
    priority: 'priority',
    protocol: 'protocol',
    source_address_prefix: 'sourceAddressPrefix',
    source_address_prefixes: 'sourceAddressPrefixes',
    source_application_security_group_ids: 'sourceApplicationSecurityGroups',
    destination_address_prefix: 'destinationAddressPrefix',
    destination_address_prefixes: 'destinationAddressPrefixes',
    destination_port_range: 'destinationPortRange',
    destination_port_ranges: 'destinationPortRanges',
  });
}

export function securityRuleProperties({ attributes }: TerraformResource): ObjectValue {
  return securityRuleOf(attributes);
}

export function zoneLinkProperties({ attributes, place }: TerraformResource): ObjectValue {
  return object([['virtualNetwork', reference(memberValue(attributes, 'virtual_network_id'))]], place);
}

/** Resources of Terraform that only say something of another resource of Azure: which one, and what. */
const ADDITIONS: ReadonlyMap<
  string,
  { readonly type: string; readonly of: string; readonly says: (attributes: ObjectValue) => ObjectValue }
> = new Map([
  [
    'azurerm_subnet_route_table_association',
    {
      type: 'Microsoft.Network/virtualNetworks/subnets',
      of: 'subnet_id',
      says: (attributes) => subnetOf(attributes, memberValue(attributes, 'route_table_id'), undefined),
    },
  ],
  [
    'azurerm_subnet_network_security_group_association',
    {
      type: 'Microsoft.Network/virtualNetworks/subnets',
      of: 'subnet_id',
      says: (attributes) =>
        subnetOf(attributes, undefined, memberValue(attributes, 'network_security_group_id')),
    },
  ],
  [
    'azurerm_virtual_network_dns_servers',
    {
      type: 'Microsoft.Network/virtualNetworks',
      of: 'virtual_network_id',
      says: (attributes) => object([['dhcpOptions', dnsServers(attributes)]], attributes.place),
    },
  ],
]);

/** As a part of the other resource, which it does not define. */
export function addition({ type, attributes, place }: TerraformResource): Resource[] {
  const known = ADDITIONS.get(type);
  const target = known && memberValue(attributes, known.of);
  if (known === undefined || (target?.kind !== 'string' && target?.kind !== 'unknown')) return [];
  const id = toText(target).value.toLowerCase();
  const properties = known.says(attributes);
  return [
    {
      type: known.type,
      name: parseResourceId(id)?.names.join('/') ?? id,
      id,
      properties,
      body: object([['properties', properties]], place),
      place,
      existing: true,
      dependsOn: [],
    },
  ];
}
