import { array, boolean, type ObjectValue, type Value } from '../../value.ts';
import { memberValue, object, onlyBlock, renamed } from './rename.ts';
import type { TerraformResource } from './resource.ts';

type Entry = readonly [string, Value | undefined];

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster */
export function clusterProperties({ attributes, place }: TerraformResource): ObjectValue {
  const block = (name: string): Value | undefined => onlyBlock(memberValue(attributes, name));
  const attribute = (name: string): Value | undefined => memberValue(attributes, name);
  const inside = (name: string, entries: readonly Entry[]): Entry => {
    const known = entries.filter(([, value]) => value !== undefined);
    return [name, known.length === 0 ? undefined : object(known, known[0]?.[1]?.place ?? place)];
  };
  const enabled = (name: string, value: Value | undefined): Entry => [
    name,
    value && object([['enabled', value]], value.place),
  ];
  const access = block('api_server_access_profile');
  const network = block('network_profile');
  const pool = block('default_node_pool');
  const mesh = block('service_mesh_profile');
  const bootstrap = block('bootstrap_profile');
  const provisioning = block('node_provisioning_profile');
  const proxy = block('http_proxy_config');
  return object(
    [
      ['kubernetesVersion', attribute('kubernetes_version')],
      ['fqdn', attribute('fqdn')],
      ['privateFQDN', attribute('private_fqdn')],
      inside('apiServerAccessProfile', [
        ['enablePrivateCluster', attribute('private_cluster_enabled')],
        ['authorizedIPRanges', memberValue(access, 'authorized_ip_ranges')],
        [
          'enableVnetIntegration',
          memberValue(access, 'virtual_network_integration_enabled') ??
            memberValue(access, 'vnet_integration_enabled'),
        ],
        ['subnetId', memberValue(access, 'subnet_id')],
      ]),
      ['networkProfile', network && profile(network)],
      ['agentPoolProfiles', pool && array([nodePool(pool)], pool.place)],
      inside('addonProfiles', [
        enabled('azurepolicy', attribute('azure_policy_enabled')),
        enabled('omsagent', present(block('oms_agent'))),
        enabled('azureKeyvaultSecretsProvider', present(block('key_vault_secrets_provider'))),
        enabled('ingressApplicationGateway', present(block('ingress_application_gateway'))),
        enabled('aciConnectorLinux', present(block('aci_connector_linux'))),
      ]),
      inside('azureMonitorProfile', [enabled('metrics', present(block('monitor_metrics')))]),
      inside('metricsProfile', [enabled('costAnalysis', attribute('cost_analysis_enabled'))]),
      inside('securityProfile', [
        enabled('workloadIdentity', attribute('workload_identity_enabled')),
        inside('defender', [enabled('securityMonitoring', present(block('microsoft_defender')))]),
      ]),
      inside('ingressProfile', [enabled('webAppRouting', present(block('web_app_routing')))]),
      inside('serviceMeshProfile', [
        ['mode', memberValue(mesh, 'mode')],
        inside('istio', [
          inside('certificateAuthority', [['plugin', onlyBlock(memberValue(mesh, 'certificate_authority'))]]),
        ]),
      ]),
      inside('bootstrapProfile', [
        ['artifactSource', memberValue(bootstrap, 'artifact_source')],
        ['containerRegistryId', memberValue(bootstrap, 'container_registry_id')],
      ]),
      inside('nodeProvisioningProfile', [['mode', memberValue(provisioning, 'mode')]]),
      inside('autoUpgradeProfile', [['nodeOSUpgradeChannel', upgradeChannel(attributes)]]),
      inside('httpProxyConfig', [
        ['httpProxy', memberValue(proxy, 'http_proxy')],
        ['httpsProxy', memberValue(proxy, 'https_proxy')],
        ['noProxy', memberValue(proxy, 'no_proxy')],
      ]),
    ],
    place,
  );
}

/** What azurerm_kubernetes_cluster has no argument for, and facts hang on. */
export const UNWRITABLE: readonly string[] = [
  'azuremonitorprofile/appmonitoring/autoinstrumentation/enabled',
];

/** Before version 4 of the provider it had another name. */
function upgradeChannel(attributes: ObjectValue): Value | undefined {
  return (
    memberValue(attributes, 'node_os_upgrade_channel') ?? memberValue(attributes, 'node_os_channel_upgrade')
  );
}

/** An add-on is on where its block is there, even an empty one. */
function present(block: Value | undefined): Value | undefined {
  return block === undefined || block.kind === 'unknown' ? block : boolean(true, block.place);
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

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster_node_pool */
export function poolProperties({ attributes }: TerraformResource): ObjectValue {
  return poolOf(attributes);
}

function nodePool(pool: Value): Value {
  return pool.kind === 'object' ? poolOf(pool) : pool;
}

function poolOf(pool: ObjectValue): ObjectValue {
  const driver = memberValue(pool, 'gpu_driver');
  const publicIp = memberValue(pool, 'node_public_ip_enabled') ?? memberValue(pool, 'enable_node_public_ip');
  const { members, place } = renamed(pool, {
    name: 'name',
    vm_size: 'vmSize',
    os_type: 'osType',
    os_sku: 'osSKU',
    vnet_subnet_id: 'vnetSubnetID',
    pod_subnet_id: 'podSubnetID',
  });
  const more = object(
    [
      ['enableNodePublicIP', publicIp],
      ['gpuProfile', driver && object([['driver', driver]], driver.place)],
    ],
    place,
  );
  return { kind: 'object', members: new Map([...members, ...more.members]), place };
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster_extension */
export function extensionProperties({ attributes, place }: TerraformResource): ObjectValue {
  return object(
    [
      ['extensionType', memberValue(attributes, 'extension_type')],
      ['plan', onlyBlock(memberValue(attributes, 'plan'))],
    ],
    place,
  );
}

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_flux_configuration */
export function fluxProperties({ attributes, place }: TerraformResource): ObjectValue {
  return object([['gitRepository', onlyBlock(memberValue(attributes, 'git_repository'))]], place);
}
