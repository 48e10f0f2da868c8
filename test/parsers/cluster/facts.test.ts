import { describe, expect, it } from 'vitest';
import { readClusters } from '../../../src/parsers/cluster/index.ts';
import type { ClusterReading } from '../../../src/model/cluster.ts';
import { parse } from '../inputs.ts';
import { policyWith, useFolder } from '../terraform/folder.ts';

/**
 * Each property of a cluster that decides a fact, as templates and as Terraform write it:
 * https://learn.microsoft.com/rest/api/aks/managed-clusters, https://registry.terraform.io/providers/hashicorp/azurerm
 */

const POLICY = {
  type: 'Microsoft.Network/firewallPolicies',
  apiVersion: '2024-05-01',
  name: 'hub',
  properties: {},
};
const SUBNET = "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'spoke', 'nodes')]";
const CLUSTER_ID = "[resourceId('Microsoft.ContainerService/managedClusters', 'aks')]";

function template(properties: object, beside: readonly object[] = [], whole: object = {}): object {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { open: { type: 'string' }, openSwitch: { type: 'bool' } },
    resources: [
      POLICY,
      {
        type: 'Microsoft.ContainerService/managedClusters',
        apiVersion: '2025-05-01',
        name: 'aks',
        location: 'westeurope',
        properties: { agentPoolProfiles: [{ name: 'system', vmSize: 'Standard_D4s_v5' }], ...properties },
        ...whole,
      },
      ...beside,
    ],
  };
}

function armReading(properties: object, beside: readonly object[] = [], whole: object = {}): ClusterReading {
  return only(parse([['main.json', template(properties, beside, whole)]]));
}

function only({ surroundings }: ReturnType<typeof parse>): ClusterReading {
  const [cluster, ...others] = readClusters(surroundings).clusters;
  if (cluster === undefined || others.length > 0) throw new Error(`${others.length + 1} clusters, not one`);
  return cluster;
}

/** A pool of a template. */
const pool = (more: object): object => ({
  agentPoolProfiles: [{ name: 'system', vmSize: 'Standard_D4s_v5', ...more }],
});

/** Arguments and blocks of the cluster, of its default pool, and what stands beside. */
interface Hcl {
  readonly cluster?: string;
  readonly pool?: string;
  readonly size?: string;
  readonly beside?: string;
}

function hcl({ cluster = '', pool: inPool = '', size = 'Standard_D4s_v5', beside = '' }: Hcl): string {
  return policyWith(
    '',
    `
variable "open" {}
resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks"
  location            = "westeurope"
  resource_group_name = "rg"
  ${cluster}
  default_node_pool {
    name    = "system"
    vm_size = "${size}"
    ${inPool}
  }
}
${beside}`,
  );
}

type Expected = Readonly<Record<string, boolean | string | undefined>>;

interface Row {
  readonly property: (typeof PROPERTIES)[number];
  readonly name: string;
  readonly arm?: readonly [properties: object, beside?: readonly object[], whole?: object];
  readonly terraform?: Hcl;
  readonly facts?: Expected;
  /** Facts that are not told at all, so that their default holds. */
  readonly absent?: readonly string[];
  /** Of what is told beside facts. */
  readonly reading?: object;
}

const NETWORK = {
  type: 'Microsoft.Network/virtualNetworks',
  apiVersion: '2024-05-01',
  name: 'spoke',
  properties: {
    addressSpace: { addressPrefixes: ['10.240.0.0/16'] },
    subnets: [{ name: 'nodes', properties: { addressPrefix: '10.240.0.0/22' } }],
  },
};
const withServers = (servers: unknown): object => ({
  ...NETWORK,
  properties: { ...NETWORK.properties, dhcpOptions: { dnsServers: servers } },
});
const HCL_NETWORK = (servers = ''): string => `
resource "azurerm_virtual_network" "spoke" {
  name                = "spoke"
  resource_group_name = "rg"
  location            = "westeurope"
  address_space       = ["10.240.0.0/16"]
  ${servers}
}
resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.spoke.name
  address_prefixes     = ["10.240.0.0/22"]
}`;
const IN_SUBNET = 'vnet_subnet_id = azurerm_subnet.nodes.id';

const hclPool = (rest: string): string => `
resource "azurerm_kubernetes_cluster_node_pool" "more" {
  name                  = "more"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.aks.id
  ${rest}
}`;
const armPool = (properties: object): object => ({
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  apiVersion: '2025-05-01',
  name: 'aks/more',
  properties,
});
const armExtension = (extensionType: string, more: object = {}): object => ({
  type: 'Microsoft.KubernetesConfiguration/extensions',
  apiVersion: '2023-05-01',
  name: 'one',
  scope: CLUSTER_ID,
  properties: { extensionType },
  ...more,
});
const hclExtension = (type: string, more = ''): string => `
resource "azurerm_kubernetes_cluster_extension" "one" {
  name           = "one"
  cluster_id     = azurerm_kubernetes_cluster.aks.id
  extension_type = "${type}"
  ${more}
}`;
const network = (outbound: string): string => `
  network_profile {
    network_plugin = "azure"
    outbound_type  = "${outbound}"
  }`;

const withTable = {
  ...NETWORK,
  properties: {
    subnets: [
      {
        name: 'nodes',
        properties: {
          addressPrefix: '10.240.0.0/22',
          routeTable: { id: "[resourceId('Microsoft.Network/routeTables', 'egress')]" },
        },
      },
    ],
  },
};
const HCL_TABLE = `
resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.egress.id
}
resource "azurerm_route_table" "egress" {
  name                = "egress"
  resource_group_name = "rg"
  location            = "westeurope"
}`;
const DENY = {
  ...{ priority: 100, direction: 'Outbound', access: 'Deny', protocol: '*', sourcePortRange: '*' },
  ...{ sourceAddressPrefix: '*', destinationAddressPrefix: 'Internet', destinationPortRange: '*' },
};
const armZone = (name: string, linked: string): object[] => [
  { type: 'Microsoft.Network/privateDnsZones', apiVersion: '2024-06-01', name, properties: {} },
  {
    type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    apiVersion: '2024-06-01',
    name: `${name}/link`,
    properties: {
      virtualNetwork: { id: `[resourceId('Microsoft.Network/virtualNetworks', '${linked}')]` },
    },
  },
];
const hclZone = (name: string, linked: string): string => `
resource "azurerm_private_dns_zone" "zone" {
  name                = "${name}"
  resource_group_name = "rg"
}
resource "azurerm_private_dns_zone_virtual_network_link" "link" {
  name                  = "link"
  resource_group_name   = "rg"
  private_dns_zone_name = azurerm_private_dns_zone.zone.name
  virtual_network_id    = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/${linked}"
}`;

/** Every property that decides something, as templates and Terraform can write it. */
const PROPERTIES = [
  'private cluster',
  'API server VNet integration',
  'API server name',
  'konnectivity',
  'custom DNS',
  'LocalDNS',
  'outbound type',
  'network isolated',
  'node public IP',
  'Windows pools',
  'Ubuntu and Azure Linux',
  'node OS upgrade channel',
  'GPU',
  'AMD MA35D',
  'node auto-provisioning',
  'node image',
  'workload identity',
  'Defender',
  'Key Vault CSI',
  'Container Insights',
  'Managed Prometheus',
  'Application Insights',
  'Azure Policy',
  'cost analysis',
  'cluster extensions',
  'Istio',
  'application routing',
  'HTTP proxy',
  'region and cloud',
  'subnets',
  'route table',
  'network security group',
  'private DNS',
] as const;

const ROWS: readonly Row[] = [
  {
    property: 'private cluster',
    name: 'a private cluster',
    arm: [{ apiServerAccessProfile: { enablePrivateCluster: true } }],
    terraform: { cluster: 'private_cluster_enabled = true' },
    facts: { privateCluster: true },
  },
  {
    property: 'private cluster',
    name: 'a public cluster, where nothing is written',
    arm: [{}],
    terraform: {},
    facts: { privateCluster: false },
  },
  {
    property: 'private cluster',
    name: 'nothing of a private cluster that a parameter decides',
    arm: [{ apiServerAccessProfile: { enablePrivateCluster: "[parameters('openSwitch')]" } }],
    terraform: { cluster: 'private_cluster_enabled = var.open' },
    facts: { privateCluster: undefined },
  },
  {
    property: 'API server VNet integration',
    name: 'API server VNet integration',
    arm: [{ apiServerAccessProfile: { enableVnetIntegration: true } }],
    terraform: { cluster: 'api_server_access_profile {\n virtual_network_integration_enabled = true\n }' },
    facts: { vnetIntegration: true },
  },
  {
    property: 'custom DNS',
    name: 'custom DNS servers',
    arm: [pool({ vnetSubnetID: SUBNET }), [withServers(['10.0.0.10'])]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK('dns_servers = ["10.0.0.10"]') },
    facts: { customDns: true },
  },
  {
    property: 'custom DNS',
    name: 'Azure DNS, where the network names no servers',
    arm: [pool({ vnetSubnetID: SUBNET }), [NETWORK]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK() },
    facts: { customDns: false },
  },
  {
    property: 'custom DNS',
    name: 'custom DNS servers that a resource of their own gives the network',
    terraform: {
      pool: IN_SUBNET,
      beside: `${HCL_NETWORK()}
resource "azurerm_virtual_network_dns_servers" "spoke" {
  virtual_network_id = azurerm_virtual_network.spoke.id
  dns_servers        = ["10.0.0.10"]
}`,
    },
    facts: { customDns: true },
  },
  {
    property: 'custom DNS',
    name: 'nothing of DNS servers from a parameter',
    arm: [pool({ vnetSubnetID: SUBNET }), [withServers(["[parameters('open')]"])]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK('dns_servers = [var.open]') },
    facts: { customDns: undefined },
  },
  {
    property: 'LocalDNS',
    name: 'LocalDNS that is required',
    arm: [pool({ localDNSProfile: { mode: 'Required' } })],
    facts: { localDns: true },
  },
  {
    property: 'LocalDNS',
    name: 'LocalDNS that is preferred and enabled',
    arm: [pool({ localDNSProfile: { mode: 'Preferred', state: 'Enabled' } })],
    facts: { localDns: true },
  },
  {
    property: 'LocalDNS',
    name: 'nothing of LocalDNS that is preferred',
    arm: [pool({ localDNSProfile: { mode: 'Preferred' } })],
    facts: { localDns: undefined },
  },
  {
    property: 'network isolated',
    name: 'a network isolated cluster: no way out, and a cache',
    arm: [{ networkProfile: { outboundType: 'none' }, bootstrapProfile: { artifactSource: 'Cache' } }],
    terraform: { cluster: `${network('none')}\n bootstrap_profile {\n artifact_source = "Cache"\n }` },
    facts: {
      networkIsolated: true,
      'reachedPrivately.mcr': true,
      'reachedPrivately.acr': true,
      'reachedPrivately.monitor': undefined,
    },
  },
  {
    property: 'network isolated',
    name: 'a network isolated cluster with outbound type block, which only ARM has',
    arm: [{ networkProfile: { outboundType: 'block' }, bootstrapProfile: { artifactSource: 'Cache' } }],
    facts: { networkIsolated: true },
  },
  {
    property: 'network isolated',
    name: 'no network isolation by a cache alone',
    arm: [
      {
        networkProfile: { outboundType: 'userDefinedRouting' },
        bootstrapProfile: { artifactSource: 'Cache' },
      },
    ],
    terraform: {
      cluster: `${network('userDefinedRouting')}\n bootstrap_profile {\n artifact_source = "Cache"\n }`,
    },
    facts: { networkIsolated: false, 'reachedPrivately.mcr': true },
  },
  {
    property: 'network isolated',
    name: 'no network isolation by outbound type none alone',
    arm: [{ networkProfile: { outboundType: 'none' }, bootstrapProfile: { artifactSource: 'Direct' } }],
    terraform: { cluster: network('none') },
    facts: { networkIsolated: false },
  },
  {
    property: 'Windows pools',
    name: 'Windows pools',
    arm: [{}, [armPool({ osType: 'Windows', osSKU: 'Windows2022', vmSize: 'Standard_D4s_v5' })]],
    terraform: { beside: hclPool('vm_size = "Standard_D4s_v5"\n os_type = "Windows"') },
    facts: { windowsNodes: true, ubuntuNodes: true },
  },
  {
    property: 'Ubuntu and Azure Linux',
    name: 'Ubuntu, where no SKU is written',
    arm: [{}],
    terraform: {},
    facts: { ubuntuNodes: true, azureLinuxNodes: false, windowsNodes: false },
  },
  {
    property: 'Ubuntu and Azure Linux',
    name: 'Ubuntu by its SKU',
    arm: [pool({ osSKU: 'Ubuntu2204' })],
    terraform: { pool: 'os_sku = "Ubuntu2204"' },
    facts: { ubuntuNodes: true },
  },
  ...['AzureLinux', 'AzureLinux3', 'CBLMariner'].map((sku): Row => ({
    property: 'Ubuntu and Azure Linux',
    name: `Azure Linux by the SKU ${sku}`,
    arm: [pool({ osSKU: sku })],
    terraform: { pool: `os_sku = "${sku}"` },
    facts: { ubuntuNodes: false, azureLinuxNodes: true },
  })),
  {
    property: 'Ubuntu and Azure Linux',
    name: 'neither Ubuntu nor Azure Linux with Azure Container Linux',
    arm: [pool({ osSKU: 'AzureContainerLinux' })],
    terraform: { pool: 'os_sku = "AzureContainerLinux"' },
    facts: { ubuntuNodes: false, azureLinuxNodes: false },
  },
  ...(['SecurityPatch', 'Unmanaged', 'None', 'NodeImage'] as const).map((channel): Row => ({
    property: 'node OS upgrade channel',
    name: `the node OS upgrade channel ${channel}`,
    arm: [{ autoUpgradeProfile: { nodeOSUpgradeChannel: channel } }],
    terraform: { cluster: `node_os_upgrade_channel = "${channel}"` },
    facts: { nodeOsUpgradeChannel: channel },
  })),
  {
    property: 'node OS upgrade channel',
    name: 'NodeImage where no channel is written',
    arm: [{}],
    terraform: {},
    facts: { nodeOsUpgradeChannel: 'NodeImage' },
  },
  ...(
    [
      ['Standard_NC24ads_A100_v4', true],
      ['standard_nd96asr_v4', true],
      ['STANDARD_NV36ads_A10_v5', true],
      ['Standard_D4s_v5', false],
      ['Standard_ND96isr_MI300X_v5', false],
      ['Standard_NV4as_v4', false],
      ['Standard_NG32ads_V620_v1', undefined],
      ['Standard_NP10s', undefined],
    ] as const
  ).map(([size, gpu]): Row => ({
    property: 'GPU',
    name: `${gpu === undefined ? 'nothing of GPUs' : gpu ? 'GPU nodes' : 'no GPU nodes'} by the size ${size}`,
    arm: [pool({ vmSize: size })],
    terraform: { size },
    facts: { gpuNodes: gpu },
  })),
  {
    property: 'GPU',
    name: 'no GPU nodes where AKS installs no driver',
    arm: [pool({ vmSize: 'Standard_NC24ads_A100_v4', gpuProfile: { driver: 'None' } })],
    terraform: { size: 'Standard_NC24ads_A100_v4', pool: 'gpu_driver = "None"' },
    facts: { gpuNodes: false },
  },
  {
    property: 'GPU',
    name: 'GPU nodes in a pool of virtual machines, which has its sizes elsewhere',
    arm: [
      {
        agentPoolProfiles: [
          {
            name: 'system',
            type: 'VirtualMachines',
            virtualMachinesProfile: { scale: { manual: [{ size: 'Standard_NC6s_v3', count: 1 }] } },
          },
        ],
      },
    ],
    facts: { gpuNodes: true },
  },
  {
    property: 'AMD MA35D',
    name: 'AMD MA35D nodes',
    arm: [pool({ vmSize: 'Standard_NM16ads_MA35D' })],
    terraform: { size: 'Standard_NM16ads_MA35D' },
    facts: { gpuNodes: false, 'features.amd-ma35d': true },
  },
  {
    property: 'node auto-provisioning',
    name: 'nothing of GPUs where node auto-provisioning may add some',
    arm: [{ nodeProvisioningProfile: { mode: 'Auto' } }],
    terraform: { cluster: 'node_provisioning_profile {\n mode = "Auto"\n }' },
    facts: { gpuNodes: undefined, ubuntuNodes: true, azureLinuxNodes: undefined },
  },
  {
    property: 'node image',
    name: 'node images from before March 2021',
    arm: [pool({ nodeImageVersion: 'AKSUbuntu-1804-2021.02.24' })],
    facts: { nodesSinceMarch2021: false },
  },
  {
    property: 'node image',
    name: 'node images from after March 2021',
    arm: [pool({ nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202501.12.0' })],
    facts: { nodesSinceMarch2021: true },
  },
  {
    property: 'workload identity',
    name: 'workload identity',
    arm: [{ securityProfile: { workloadIdentity: { enabled: true } }, oidcIssuerProfile: { enabled: true } }],
    terraform: { cluster: 'workload_identity_enabled = true\n oidc_issuer_enabled = true' },
    facts: { 'features.workload-identity': true },
  },
  {
    property: 'Defender',
    name: 'Defender',
    arm: [{ securityProfile: { defender: { securityMonitoring: { enabled: true } } } }],
    terraform: { cluster: 'microsoft_defender {\n log_analytics_workspace_id = var.open\n }' },
    facts: { 'features.defender': true },
  },
  {
    property: 'Key Vault CSI',
    name: 'the Key Vault add-on',
    arm: [{ addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } } }],
    terraform: { cluster: 'key_vault_secrets_provider {\n secret_rotation_enabled = true\n }' },
    facts: { 'features.key-vault-csi': true },
  },
  ...['omsagent', 'omsAgent', 'OMSAgent'].map((key): Row => ({
    property: 'Container Insights',
    name: `Container Insights under the key ${key}`,
    arm: [{ addonProfiles: { [key]: { enabled: true } } }],
    terraform: { cluster: 'oms_agent {\n log_analytics_workspace_id = var.open\n }' },
    facts: { 'features.container-insights': true },
  })),
  {
    property: 'Managed Prometheus',
    name: 'Managed Prometheus, by an empty block',
    arm: [{ azureMonitorProfile: { metrics: { enabled: true } } }],
    terraform: { cluster: 'monitor_metrics {}' },
    facts: { 'features.managed-prometheus': true },
  },
  {
    property: 'Application Insights',
    name: 'Application Insights',
    arm: [{ azureMonitorProfile: { appMonitoring: { autoInstrumentation: { enabled: true } } } }],
    facts: { 'features.app-insights': true },
  },
  {
    property: 'Azure Policy',
    name: 'Azure Policy',
    arm: [{ addonProfiles: { azurePolicy: { enabled: true } } }],
    terraform: { cluster: 'azure_policy_enabled = true' },
    facts: { 'features.azure-policy': true },
  },
  {
    property: 'Azure Policy',
    name: 'an add-on that is there and off',
    arm: [{ addonProfiles: { azurepolicy: { enabled: false } } }],
    terraform: { cluster: 'azure_policy_enabled = false' },
    facts: { 'features.azure-policy': false },
  },
  {
    property: 'cost analysis',
    name: 'cost analysis',
    arm: [{ metricsProfile: { costAnalysis: { enabled: true } } }],
    terraform: { cluster: 'cost_analysis_enabled = true' },
    facts: { 'features.cost-analysis': true },
  },
  ...(
    [
      ['microsoft.flux', 'flux'],
      ['Microsoft.Dapr', 'dapr'],
      ['microsoft.dataprotection.kubernetes', 'azure-backup'],
      ['microsoft.azurecontainerstorage', 'azure-container-storage'],
    ] as const
  ).map(([type, feature]): Row => ({
    property: 'cluster extensions',
    name: `the extension ${type}`,
    arm: [{}, [armExtension(type)]],
    terraform: { beside: hclExtension(type) },
    facts: { 'features.cluster-extensions': true, [`features.${feature}`]: true },
  })),
  {
    property: 'cluster extensions',
    name: 'an extension of the Marketplace',
    arm: [{}, [armExtension('contoso.app', { plan: { name: 'p', publisher: 'c', product: 'x' } })]],
    terraform: {
      beside: hclExtension('contoso.app', 'plan {\n name = "p"\n publisher = "c"\n product = "x"\n }'),
    },
    facts: { 'features.marketplace-extensions': true },
  },
  {
    property: 'cluster extensions',
    name: 'a Flux configuration',
    arm: [
      {},
      [
        {
          type: 'Microsoft.KubernetesConfiguration/fluxConfigurations',
          apiVersion: '2023-05-01',
          name: 'apps',
          scope: CLUSTER_ID,
          properties: {},
        },
      ],
    ],
    terraform: {
      beside: `
resource "azurerm_kubernetes_flux_configuration" "apps" {
  name       = "apps"
  cluster_id = azurerm_kubernetes_cluster.aks.id
  namespace  = "flux"
}`,
    },
    facts: { 'features.flux': true, 'features.cluster-extensions': true },
  },
  {
    property: 'Istio',
    name: 'Istio with certificates of its own',
    arm: [{ serviceMeshProfile: { mode: 'Istio' } }],
    terraform: { cluster: 'service_mesh_profile {\n mode = "Istio"\n revisions = ["asm-1-24"]\n }' },
    facts: { 'features.istio': true, keyVaultCertificates: false },
  },
  {
    property: 'Istio',
    name: 'Istio with certificates from Key Vault',
    arm: [
      {
        serviceMeshProfile: {
          mode: 'Istio',
          istio: { certificateAuthority: { plugin: { keyVaultId: 'vault', rootCertObjectName: 'root' } } },
        },
        addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } },
      },
    ],
    terraform: {
      cluster: `key_vault_secrets_provider {\n secret_rotation_enabled = true\n }
  service_mesh_profile {
    mode      = "Istio"
    revisions = ["asm-1-24"]
    certificate_authority {
      key_vault_id          = var.open
      root_cert_object_name = "root"
    }
  }`,
    },
    facts: { 'features.istio': true, keyVaultCertificates: true },
  },
  {
    property: 'application routing',
    name: 'application routing',
    arm: [{ ingressProfile: { webAppRouting: { enabled: true } } }],
    terraform: { cluster: 'web_app_routing {\n dns_zone_ids = []\n }' },
    facts: { 'features.application-routing': true },
  },
  {
    property: 'LocalDNS',
    name: 'nothing of LocalDNS in Terraform, which has no argument for it',
    terraform: {},
    absent: ['localDns'],
  },
  {
    property: 'node image',
    name: 'nothing of node images in Terraform, which has no argument for them',
    terraform: {},
    absent: ['nodesSinceMarch2021'],
  },
  {
    property: 'Application Insights',
    name: 'nothing of Application Insights in Terraform, which has no argument for it',
    terraform: {},
    absent: ['features.app-insights'],
  },
  {
    property: 'Application Insights',
    name: 'no Application Insights, where a template does not name it',
    arm: [{}],
    facts: { 'features.app-insights': false },
  },
  {
    property: 'konnectivity',
    name: 'nothing of konnectivity, which no property shows',
    arm: [{}],
    terraform: {},
    absent: ['konnectivity'],
  },
  {
    property: 'API server name',
    name: 'the name of the API server that Azure gave',
    arm: [{ fqdn: 'aks-1a2b.hcp.westeurope.azmk8s.io' }],
    reading: { apiServerFqdn: { value: 'aks-1a2b.hcp.westeurope.azmk8s.io' } },
  },
  {
    property: 'API server name',
    name: 'the private name of the API server before the public one',
    arm: [{ fqdn: 'aks.hcp.westeurope.azmk8s.io', privateFQDN: 'aks.1.privatelink.westeurope.azmk8s.io' }],
    reading: { apiServerFqdn: { value: 'aks.1.privatelink.westeurope.azmk8s.io' } },
  },
  {
    property: 'API server name',
    name: 'no name of the API server before it is deployed',
    arm: [{}],
    terraform: {},
    absent: ['apiServerFqdn'],
  },
  {
    property: 'region and cloud',
    name: 'its region',
    arm: [{}],
    terraform: {},
    reading: { region: { value: 'westeurope' } },
  },
  ...(
    [
      ['loadBalancer', 'loadBalancer'],
      ['managedNATGateway', 'natGateway'],
      ['userAssignedNATGateway', 'natGateway'],
      ['userDefinedRouting', 'userDefinedRouting'],
      ['USERDEFINEDROUTING', 'userDefinedRouting'],
      ['none', 'none'],
    ] as const
  ).map(([written, value]): Row => ({
    property: 'outbound type',
    name: `the outbound type ${written}`,
    arm: [{ networkProfile: { outboundType: written } }],
    terraform: { cluster: network(written) },
    reading: { egress: { outboundType: { value, written } } },
  })),
  ...(['managedNATGatewayV2', 'block'] as const).map((written): Row => ({
    property: 'outbound type',
    name: `the outbound type ${written}, which only ARM has`,
    arm: [{ networkProfile: { outboundType: written } }],
    reading: { egress: { outboundType: { value: written === 'block' ? 'none' : 'natGateway', written } } },
  })),
  {
    property: 'outbound type',
    name: 'a load balancer, where no outbound type is written',
    arm: [{}],
    terraform: {},
    reading: { egress: { outboundType: { value: 'loadBalancer' } } },
  },
  {
    property: 'outbound type',
    name: 'nothing of an outbound type that a parameter decides',
    arm: [{ networkProfile: { outboundType: "[parameters('open')]" } }],
    terraform: { cluster: 'network_profile {\n network_plugin = "azure"\n outbound_type = var.open\n }' },
    reading: { egress: { outboundType: { value: undefined } } },
  },
  {
    property: 'node public IP',
    name: 'public addresses of nodes',
    arm: [pool({ enableNodePublicIP: true })],
    terraform: { pool: 'node_public_ip_enabled = true' },
    reading: { egress: { publicIps: [{ value: true, pool: 'system' }] } },
  },
  {
    property: 'node public IP',
    name: 'no public addresses of nodes, where nothing is written',
    arm: [{}],
    terraform: {},
    reading: { egress: { publicIps: [] } },
  },
  {
    property: 'node public IP',
    name: 'nothing of public addresses that a parameter decides',
    arm: [pool({ enableNodePublicIP: "[parameters('openSwitch')]" })],
    terraform: { pool: 'node_public_ip_enabled = var.open' },
    reading: { egress: { publicIps: [{ value: undefined, pool: 'system' }] } },
  },
  {
    property: 'HTTP proxy',
    name: 'an HTTP proxy and what is reached without it',
    arm: [
      {
        httpProxyConfig: {
          httpProxy: 'http://10.0.2.4:3128/',
          httpsProxy: 'http://10.0.2.4:3128/',
          noProxy: ['mcr.microsoft.com'],
        },
      },
    ],
    terraform: {
      cluster: `http_proxy_config {
    http_proxy  = "http://10.0.2.4:3128/"
    https_proxy = "http://10.0.2.4:3128/"
    no_proxy    = ["mcr.microsoft.com"]
  }`,
    },
    reading: {
      egress: {
        httpProxy: {
          url: { value: 'http://10.0.2.4:3128/' },
          address: '10.0.2.4',
          exceptions: ['mcr.microsoft.com'],
        },
      },
    },
  },
  {
    property: 'HTTP proxy',
    name: 'nothing of an HTTP proxy that a parameter names',
    arm: [{ httpProxyConfig: { httpProxy: "[parameters('open')]" } }],
    terraform: { cluster: 'http_proxy_config {\n http_proxy = var.open\n }' },
    reading: { egress: { httpProxy: { url: { value: undefined } } } },
  },
  {
    property: 'subnets',
    name: 'the subnets of nodes and pods',
    arm: [
      pool({ vnetSubnetID: SUBNET, podSubnetID: SUBNET.replace("'nodes'", "'pods'") }),
      [
        {
          ...NETWORK,
          properties: {
            subnets: [
              { name: 'nodes', properties: { addressPrefix: '10.240.0.0/22' } },
              { name: 'pods', properties: { addressPrefixes: ['10.241.0.0/16'] } },
            ],
          },
        },
      ],
    ],
    terraform: {
      pool: `${IN_SUBNET}\n pod_subnet_id = azurerm_subnet.pods.id`,
      beside: `${HCL_NETWORK()}
resource "azurerm_subnet" "pods" {
  name                 = "pods"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.spoke.name
  address_prefixes     = ["10.241.0.0/16"]
}`,
    },
    reading: {
      subnets: [
        { kind: 'linux', name: 'nodes', ranges: ['10.240.0.0/22'] },
        { kind: 'pods', name: 'pods', ranges: ['10.241.0.0/16'] },
      ],
      hasUnseenSubnet: false,
    },
  },
  {
    property: 'route table',
    name: 'the default route of the node subnet',
    arm: [
      pool({ vnetSubnetID: SUBNET }),
      [
        withTable,
        {
          type: 'Microsoft.Network/routeTables',
          apiVersion: '2024-05-01',
          name: 'egress',
          properties: {
            routes: [
              {
                name: 'all',
                properties: {
                  addressPrefix: '0.0.0.0/0',
                  nextHopType: 'VirtualAppliance',
                  nextHopIpAddress: '10.0.1.4',
                },
              },
            ],
          },
        },
      ],
    ],
    terraform: {
      pool: IN_SUBNET,
      beside: `${HCL_NETWORK()}${HCL_TABLE}
resource "azurerm_route" "all" {
  name                   = "all"
  resource_group_name    = "rg"
  route_table_name       = azurerm_route_table.egress.name
  address_prefix         = "0.0.0.0/0"
  next_hop_type          = "VirtualAppliance"
  next_hop_in_ip_address = "10.0.1.4"
}`,
    },
    reading: { egress: { routes: [{ subnet: 'nodes', value: { to: 'appliance', address: '10.0.1.4' } }] } },
  },
  {
    property: 'route table',
    name: 'a default route to a gateway',
    arm: [
      pool({ vnetSubnetID: SUBNET }),
      [
        withTable,
        {
          type: 'Microsoft.Network/routeTables',
          apiVersion: '2024-05-01',
          name: 'egress',
          properties: {},
        },
        {
          type: 'Microsoft.Network/routeTables/routes',
          apiVersion: '2024-05-01',
          name: 'egress/all',
          properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualNetworkGateway' },
        },
      ],
    ],
    terraform: {
      pool: IN_SUBNET,
      beside: `${HCL_NETWORK()}${HCL_TABLE.replace(
        /\}$/,
        'route {\n name = "all"\n address_prefix = "0.0.0.0/0"\n next_hop_type = "VirtualNetworkGateway"\n }\n}',
      )}`,
    },
    reading: {
      egress: { routes: [{ subnet: 'nodes', value: { to: 'elsewhere', hop: 'VirtualNetworkGateway' } }] },
    },
  },
  {
    property: 'network security group',
    name: 'a rule of the network security group that denies the Internet',
    arm: [
      pool({ vnetSubnetID: SUBNET }),
      [
        {
          ...NETWORK,
          properties: {
            subnets: [
              {
                name: 'nodes',
                properties: {
                  addressPrefix: '10.240.0.0/22',
                  networkSecurityGroup: {
                    id: "[resourceId('Microsoft.Network/networkSecurityGroups', 'nodes')]",
                  },
                },
              },
            ],
          },
        },
        {
          type: 'Microsoft.Network/networkSecurityGroups',
          apiVersion: '2024-05-01',
          name: 'nodes',
          properties: { securityRules: [{ name: 'deny', properties: DENY }] },
        },
      ],
    ],
    terraform: {
      pool: IN_SUBNET,
      beside: `${HCL_NETWORK()}
resource "azurerm_network_security_group" "nodes" {
  name                = "nodes"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "azurerm_network_security_rule" "deny" {
  name                        = "deny"
  resource_group_name         = "rg"
  network_security_group_name = azurerm_network_security_group.nodes.name
  priority                    = 100
  direction                   = "Outbound"
  access                      = "Deny"
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_address_prefix  = "Internet"
  destination_port_range      = "*"
}
resource "azurerm_subnet_network_security_group_association" "nodes" {
  subnet_id                 = azurerm_subnet.nodes.id
  network_security_group_id = azurerm_network_security_group.nodes.id
}`,
    },
    reading: { egress: { denials: [{ group: 'nodes', rule: 'deny' }] } },
  },
  ...(
    [
      ['privatelink.azurecr.io', 'acr'],
      ['privatelink.vaultcore.azure.net', 'key-vault'],
      ['privatelink.monitor.azure.com', 'monitor'],
      ['privatelink.blob.core.windows.net', 'storage'],
    ] as const
  ).map(([zone, service]): Row => ({
    property: 'private DNS',
    name: `nothing of whether ${service} is reached privately, with a private zone in its network`,
    arm: [pool({ vnetSubnetID: SUBNET }), [NETWORK, ...armZone(zone, 'spoke')]],
    terraform: { pool: IN_SUBNET, beside: `${HCL_NETWORK()}${hclZone(zone, 'spoke')}` },
    facts: { [`reachedPrivately.${service}`]: undefined },
  })),
  {
    property: 'private DNS',
    name: 'nothing private by a zone of another network',
    arm: [pool({ vnetSubnetID: SUBNET }), [NETWORK, ...armZone('privatelink.azurecr.io', 'other')]],
    terraform: {
      pool: IN_SUBNET,
      beside: `${HCL_NETWORK()}${hclZone('privatelink.azurecr.io', 'other')}`,
    },
    absent: ['reachedPrivately.acr'],
  },
];

function expectRow(told: ClusterReading, { facts = {}, absent = [], reading = {} }: Partial<Row>): void {
  expectFacts(told, facts);
  for (const name of absent) expect([...told.facts.keys(), ...Object.keys(told)]).not.toContain(name);
  expect(told).toMatchObject(reading);
}

function expectFacts(reading: ClusterReading, facts: Expected): void {
  for (const [name, value] of Object.entries(facts)) {
    const observed = [...reading.facts].find(([known]) => known === name)?.[1];
    expect({ [name]: observed?.value }).toEqual({ [name]: value });
    // What cannot be decided is told with its reason, and is not the same as nothing.
    if (value === undefined) expect(observed?.why).toMatch(/\w/);
    expect(observed?.place.path).toMatch(/^main\./);
  }
}

describe('a cluster in a template tells', () => {
  it.each(ROWS.filter(({ arm }) => arm !== undefined))('$name', (row) => {
    const [properties = {}, beside, whole] = row.arm ?? [];
    expectRow(armReading(properties, beside, whole), row);
  });
});

describe('a cluster in Terraform tells', () => {
  const folder = useFolder();
  it.each(ROWS.filter(({ terraform }) => terraform !== undefined))('$name', async (row) => {
    folder.write('main.tf', hcl(row.terraform ?? {}));
    expectRow(only(await folder.parse(['main.tf'])), row);
  });
});

describe('each property', () => {
  it.each(PROPERTIES)('is read from templates and from Terraform: %s', (property) => {
    const rows = ROWS.filter((row) => row.property === property);
    const isExpected = ({ facts = {}, absent = [], reading = {} }: Row): boolean =>
      Object.keys(facts).length + absent.length + Object.keys(reading).length > 0;
    expect(rows.some((row) => row.arm !== undefined && isExpected(row))).toBe(true);
    expect(rows.some((row) => row.terraform !== undefined && isExpected(row))).toBe(true);
  });
});

describe('a cluster as Azure returns it', () => {
  const body = {
    id: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
    name: 'aks',
    type: 'Microsoft.ContainerService/ManagedClusters',
    location: 'usgovvirginia',
  };
  const properties = {
    fqdn: 'aks-1a2b.hcp.usgovvirginia.cx.aks.containerservice.azure.us',
    apiServerAccessProfile: { enablePrivateCluster: false },
    addonProfiles: { omsAgent: { enabled: true, config: null }, azurepolicy: null },
    agentPoolProfiles: [{ name: 'system', vmSize: 'Standard_D4s_v5', osType: 'Linux', osSku: 'AzureLinux' }],
    networkProfile: { outboundType: 'userDefinedRouting' },
  };
  it.each([
    ['REST', { ...body, properties }],
    ['az aks show', { ...body, ...properties }],
    ['az aks list', [{ ...body, ...properties }]],
  ])('by %s tells the same', (_, answer) => {
    const parsed = parse([
      ['policy.json', template({}, [])],
      ['aks.json', answer],
    ]);
    const reading = readClusters(parsed.surroundings).clusters.find(({ place }) => place.path === 'aks.json');
    expect(reading?.region?.value).toBe('usgovvirginia');
    expect(reading?.apiServerFqdn?.value).toBe(properties.fqdn);
    expect(reading?.facts.get('features.container-insights')?.value).toBe(true);
    expect(reading?.facts.get('features.azure-policy')?.value).toBe(false);
    expect(reading?.facts.get('azureLinuxNodes')?.value).toBe(true);
    expect(reading?.egress.outboundType.value).toBe('userDefinedRouting');
  });
});

describe('AKS Automatic', () => {
  it('leaves open what it decides by itself', () => {
    const reading = armReading({}, [], { sku: { name: 'Automatic', tier: 'Standard' } });
    expectFacts(reading, {
      vnetIntegration: undefined,
      gpuNodes: undefined,
      ubuntuNodes: undefined,
      'features.azure-policy': undefined,
      'features.defender': false,
    });
    expect(reading.egress.outboundType.value).toBeUndefined();
  });
});
