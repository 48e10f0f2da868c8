import { array, boolean, type ObjectValue, type Value } from '../../value.ts';
import { eachBlock, memberValue, object, onlyBlock, renamed } from './rename.ts';
import type { TerraformResource } from './resource.ts';

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/virtual_network */
export function networkProperties({ attributes, place }: TerraformResource): ObjectValue {
  const prefixes = memberValue(attributes, 'address_space');
  const servers = memberValue(attributes, 'dns_servers');
  const subnets = eachBlock(attributes.members.get('subnet')?.value, (subnet) =>
    object(
      [
        ['name', memberValue(subnet, 'name')],
        [
          'properties',
          renamed(subnet, { address_prefixes: 'addressPrefixes', address_prefix: 'addressPrefix' }),
        ],
      ],
      subnet.place,
    ),
  );
  return object(
    [
      ['addressSpace', prefixes && object([['addressPrefixes', prefixes]], prefixes.place)],
      ['dhcpOptions', servers && object([['dnsServers', servers]], servers.place)],
      ['subnets', subnets],
    ],
    place,
  );
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster */
export function clusterProperties({ attributes, place }: TerraformResource): ObjectValue {
  const network = onlyBlock(attributes.members.get('network_profile')?.value);
  const access = onlyBlock(attributes.members.get('api_server_access_profile')?.value);
  const pool = onlyBlock(attributes.members.get('default_node_pool')?.value);
  return object(
    [
      ['kubernetesVersion', memberValue(attributes, 'kubernetes_version')],
      [
        'apiServerAccessProfile',
        object(
          [
            ['enablePrivateCluster', memberValue(attributes, 'private_cluster_enabled')],
            ['authorizedIPRanges', memberValue(access, 'authorized_ip_ranges')],
          ],
          place,
        ),
      ],
      ['networkProfile', network && profile(network)],
      ['agentPoolProfiles', pool && array([nodePool(pool)], pool.place)],
      ['addonProfiles', addons(attributes, place)],
    ],
    place,
  );
}

function profile(network: Value): Value {
  if (network.kind !== 'object') return network;
  return renamed(network, {
    network_plugin: 'networkPlugin',
    network_plugin_mode: 'networkPluginMode',
    network_policy: 'networkPolicy',
    outbound_type: 'outboundType',
    pod_cidr: 'podCidr',
    service_cidr: 'serviceCidr',
  });
}

function nodePool(pool: Value): Value {
  if (pool.kind !== 'object') return pool;
  return renamed(pool, {
    name: 'name',
    vm_size: 'vmSize',
    os_sku: 'osSKU',
    vnet_subnet_id: 'vnetSubnetID',
    pod_subnet_id: 'podSubnetID',
  });
}

function addons(attributes: ObjectValue, place: TerraformResource['place']): ObjectValue {
  const enabled = (value: Value | undefined): Value | undefined => {
    if (value === undefined || value.kind === 'unknown' || value.kind === 'boolean') {
      return value && object([['enabled', value]], value.place);
    }
    const isThere = value.kind === 'array' && value.items.length > 0;
    return isThere ? object([['enabled', boolean(true, value.place)]], value.place) : undefined;
  };
  return object(
    [
      ['azurepolicy', enabled(memberValue(attributes, 'azure_policy_enabled'))],
      ['omsagent', enabled(memberValue(attributes, 'oms_agent'))],
      ['azureKeyvaultSecretsProvider', enabled(memberValue(attributes, 'key_vault_secrets_provider'))],
    ],
    place,
  );
}
