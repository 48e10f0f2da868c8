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
  readonly name: string;
  readonly arm?: readonly [properties: object, beside?: readonly object[], whole?: object];
  readonly terraform?: Hcl;
  readonly facts: Expected;
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

const ROWS: readonly Row[] = [
  {
    name: 'a private cluster',
    arm: [{ apiServerAccessProfile: { enablePrivateCluster: true } }],
    terraform: { cluster: 'private_cluster_enabled = true' },
    facts: { privateCluster: true },
  },
  {
    name: 'a public cluster, where nothing is written',
    arm: [{}],
    terraform: {},
    facts: { privateCluster: false },
  },
  {
    name: 'nothing of a private cluster that a parameter decides',
    arm: [{ apiServerAccessProfile: { enablePrivateCluster: "[parameters('openSwitch')]" } }],
    terraform: { cluster: 'private_cluster_enabled = var.open' },
    facts: { privateCluster: undefined },
  },
  {
    name: 'API server VNet integration',
    arm: [{ apiServerAccessProfile: { enableVnetIntegration: true } }],
    terraform: { cluster: 'api_server_access_profile {\n virtual_network_integration_enabled = true\n }' },
    facts: { vnetIntegration: true },
  },
  {
    name: 'custom DNS servers',
    arm: [pool({ vnetSubnetID: SUBNET }), [withServers(['10.0.0.10'])]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK('dns_servers = ["10.0.0.10"]') },
    facts: { customDns: true },
  },
  {
    name: 'Azure DNS, where the network names no servers',
    arm: [pool({ vnetSubnetID: SUBNET }), [NETWORK]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK() },
    facts: { customDns: false },
  },
  {
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
    name: 'nothing of DNS servers from a parameter',
    arm: [pool({ vnetSubnetID: SUBNET }), [withServers(["[parameters('open')]"])]],
    terraform: { pool: IN_SUBNET, beside: HCL_NETWORK('dns_servers = [var.open]') },
    facts: { customDns: undefined },
  },
  {
    name: 'LocalDNS that is required',
    arm: [pool({ localDNSProfile: { mode: 'Required' } })],
    facts: { localDns: true },
  },
  {
    name: 'LocalDNS that is preferred and enabled',
    arm: [pool({ localDNSProfile: { mode: 'Preferred', state: 'Enabled' } })],
    facts: { localDns: true },
  },
  {
    name: 'nothing of LocalDNS that is preferred',
    arm: [pool({ localDNSProfile: { mode: 'Preferred' } })],
    facts: { localDns: undefined },
  },
  {
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
    name: 'a network isolated cluster with outbound type block, which only ARM has',
    arm: [{ networkProfile: { outboundType: 'block' }, bootstrapProfile: { artifactSource: 'Cache' } }],
    facts: { networkIsolated: true },
  },
  {
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
    name: 'no network isolation by outbound type none alone',
    arm: [{ networkProfile: { outboundType: 'none' }, bootstrapProfile: { artifactSource: 'Direct' } }],
    terraform: { cluster: network('none') },
    facts: { networkIsolated: false },
  },
  {
    name: 'Windows pools',
    arm: [{}, [armPool({ osType: 'Windows', osSKU: 'Windows2022', vmSize: 'Standard_D4s_v5' })]],
    terraform: { beside: hclPool('vm_size = "Standard_D4s_v5"\n os_type = "Windows"') },
    facts: { windowsNodes: true, ubuntuNodes: true },
  },
  {
    name: 'Ubuntu, where no SKU is written',
    arm: [{}],
    terraform: {},
    facts: { ubuntuNodes: true, azureLinuxNodes: false, windowsNodes: false },
  },
  {
    name: 'Ubuntu by its SKU',
    arm: [pool({ osSKU: 'Ubuntu2204' })],
    terraform: { pool: 'os_sku = "Ubuntu2204"' },
    facts: { ubuntuNodes: true },
  },
  ...['AzureLinux', 'AzureLinux3', 'CBLMariner'].map((sku): Row => ({
    name: `Azure Linux by the SKU ${sku}`,
    arm: [pool({ osSKU: sku })],
    terraform: { pool: `os_sku = "${sku}"` },
    facts: { ubuntuNodes: false, azureLinuxNodes: true },
  })),
  {
    name: 'neither Ubuntu nor Azure Linux with Azure Container Linux',
    arm: [pool({ osSKU: 'AzureContainerLinux' })],
    terraform: { pool: 'os_sku = "AzureContainerLinux"' },
    facts: { ubuntuNodes: false, azureLinuxNodes: false },
  },
  ...(['SecurityPatch', 'Unmanaged', 'None', 'NodeImage'] as const).map((channel): Row => ({
    name: `the node OS upgrade channel ${channel}`,
    arm: [{ autoUpgradeProfile: { nodeOSUpgradeChannel: channel } }],
    terraform: { cluster: `node_os_upgrade_channel = "${channel}"` },
    facts: { nodeOsUpgradeChannel: channel },
  })),
  {
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
    name: `${gpu === undefined ? 'nothing of GPUs' : gpu ? 'GPU nodes' : 'no GPU nodes'} by the size ${size}`,
    arm: [pool({ vmSize: size })],
    terraform: { size },
    facts: { gpuNodes: gpu },
  })),
  {
    name: 'no GPU nodes where AKS installs no driver',
    arm: [pool({ vmSize: 'Standard_NC24ads_A100_v4', gpuProfile: { driver: 'None' } })],
    terraform: { size: 'Standard_NC24ads_A100_v4', pool: 'gpu_driver = "None"' },
    facts: { gpuNodes: false },
  },
  {
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
    name: 'AMD MA35D nodes',
    arm: [pool({ vmSize: 'Standard_NM16ads_MA35D' })],
    terraform: { size: 'Standard_NM16ads_MA35D' },
    facts: { gpuNodes: false, 'features.amd-ma35d': true },
  },
  {
    name: 'nothing of GPUs where node auto-provisioning may add some',
    arm: [{ nodeProvisioningProfile: { mode: 'Auto' } }],
    terraform: { cluster: 'node_provisioning_profile {\n mode = "Auto"\n }' },
    facts: { gpuNodes: undefined, ubuntuNodes: true, azureLinuxNodes: undefined },
  },
  {
    name: 'node images from before March 2021',
    arm: [pool({ nodeImageVersion: 'AKSUbuntu-1804-2021.02.24' })],
    facts: { nodesSinceMarch2021: false },
  },
  {
    name: 'node images from after March 2021',
    arm: [pool({ nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202501.12.0' })],
    facts: { nodesSinceMarch2021: true },
  },
  {
    name: 'workload identity',
    arm: [{ securityProfile: { workloadIdentity: { enabled: true } }, oidcIssuerProfile: { enabled: true } }],
    terraform: { cluster: 'workload_identity_enabled = true\n oidc_issuer_enabled = true' },
    facts: { 'features.workload-identity': true },
  },
  {
    name: 'Defender',
    arm: [{ securityProfile: { defender: { securityMonitoring: { enabled: true } } } }],
    terraform: { cluster: 'microsoft_defender {\n log_analytics_workspace_id = var.open\n }' },
    facts: { 'features.defender': true },
  },
  {
    name: 'the Key Vault add-on',
    arm: [{ addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } } }],
    terraform: { cluster: 'key_vault_secrets_provider {\n secret_rotation_enabled = true\n }' },
    facts: { 'features.key-vault-csi': true },
  },
  ...['omsagent', 'omsAgent', 'OMSAgent'].map((key): Row => ({
    name: `Container Insights under the key ${key}`,
    arm: [{ addonProfiles: { [key]: { enabled: true } } }],
    terraform: { cluster: 'oms_agent {\n log_analytics_workspace_id = var.open\n }' },
    facts: { 'features.container-insights': true },
  })),
  {
    name: 'Managed Prometheus, by an empty block',
    arm: [{ azureMonitorProfile: { metrics: { enabled: true } } }],
    terraform: { cluster: 'monitor_metrics {}' },
    facts: { 'features.managed-prometheus': true },
  },
  {
    name: 'Application Insights',
    arm: [{ azureMonitorProfile: { appMonitoring: { autoInstrumentation: { enabled: true } } } }],
    facts: { 'features.app-insights': true },
  },
  {
    name: 'Azure Policy',
    arm: [{ addonProfiles: { azurePolicy: { enabled: true } } }],
    terraform: { cluster: 'azure_policy_enabled = true' },
    facts: { 'features.azure-policy': true },
  },
  {
    name: 'an add-on that is there and off',
    arm: [{ addonProfiles: { azurepolicy: { enabled: false } } }],
    terraform: { cluster: 'azure_policy_enabled = false' },
    facts: { 'features.azure-policy': false },
  },
  {
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
    name: `the extension ${type}`,
    arm: [{}, [armExtension(type)]],
    terraform: { beside: hclExtension(type) },
    facts: { 'features.cluster-extensions': true, [`features.${feature}`]: true },
  })),
  {
    name: 'an extension of the Marketplace',
    arm: [{}, [armExtension('contoso.app', { plan: { name: 'p', publisher: 'c', product: 'x' } })]],
    terraform: {
      beside: hclExtension('contoso.app', 'plan {\n name = "p"\n publisher = "c"\n product = "x"\n }'),
    },
    facts: { 'features.marketplace-extensions': true },
  },
  {
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
    name: 'Istio with certificates of its own',
    arm: [{ serviceMeshProfile: { mode: 'Istio' } }],
    terraform: { cluster: 'service_mesh_profile {\n mode = "Istio"\n revisions = ["asm-1-24"]\n }' },
    facts: { 'features.istio': true, keyVaultCertificates: false },
  },
  {
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
    name: 'application routing',
    arm: [{ ingressProfile: { webAppRouting: { enabled: true } } }],
    terraform: { cluster: 'web_app_routing {\n dns_zone_ids = []\n }' },
    facts: { 'features.application-routing': true },
  },
];

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
  it.each(ROWS.flatMap(({ name, arm, facts }) => (arm === undefined ? [] : [{ name, arm, facts }])))(
    '$name',
    ({ arm: [properties, beside, whole], facts }) => {
      expectFacts(armReading(properties, beside, whole), facts);
    },
  );
});

describe('a cluster in Terraform tells', () => {
  const folder = useFolder();
  it.each(
    ROWS.flatMap(({ name, terraform, facts }) =>
      terraform === undefined ? [] : [{ name, terraform, facts }],
    ),
  )('$name', async ({ terraform, facts }) => {
    folder.write('main.tf', hcl(terraform));
    expectFacts(only(await folder.parse(['main.tf'])), facts);
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
