import type { ArmServer } from './arm-server.ts';

/**
 * A hub and a cluster as Azure's REST interface shows them: a policy whose parent is in another subscription, IP groups, the
 * firewall, the cluster with its network. What is wrong with it, by hand, is in `EXPECTED`.
 */
export const HUB = '11111111-1111-1111-1111-111111111111';
export const PLATFORM = '22222222-2222-2222-2222-222222222222';

const network = (subscription: string, group: string, rest: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/${rest}`;

export const BASE = network(PLATFORM, 'platform', 'firewallPolicies/base');
export const POLICY = network(HUB, 'hub', 'firewallPolicies/hub');
export const FIREWALL = network(HUB, 'hub', 'azureFirewalls/hub-fw');
export const NODES = network(HUB, 'hub', 'ipGroups/aks-nodes');
export const VNET = network(HUB, 'spoke', 'virtualNetworks/spoke');
export const ROUTES = network(HUB, 'spoke', 'routeTables/to-hub');
export const NSG = network(HUB, 'spoke', 'networkSecurityGroups/nodes');
export const CLUSTER = `/subscriptions/${HUB}/resourceGroups/aks/providers/Microsoft.ContainerService/managedClusters/shop`;
export const EXTENSIONS = `${CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions`;
export const ENDPOINTS = `${CLUSTER}/outboundNetworkDependenciesEndpoints`;

const https = [{ protocolType: 'Https', port: 443 }];

function collection(name: string, priority: number, action: string, rules: readonly object[]): object {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: action },
    rules,
  };
}

function group(
  policy: string,
  name: string,
  priority: number,
  ruleCollections: readonly object[],
): { id: string } {
  return {
    properties: { size: '0.5 KB', priority, ruleCollections, provisioningState: 'Succeeded' },
    id: `${policy}/ruleCollectionGroups/${name}`,
    name,
    type: 'Microsoft.Network/FirewallPolicies/RuleCollectionGroups',
    etag: 'b8f6c2b0-7d42-4d36-9d0a-6c2c43a1f0aa',
  } as { id: string };
}

export const PARENT_GROUP = group(BASE, 'platform', 100, [
  collection('no-feeds', 100, 'Deny', [
    {
      ruleType: 'ApplicationRule',
      name: 'no-package-feeds',
      protocols: https,
      sourceAddresses: ['*'],
      targetFqdns: ['packages.microsoft.com'],
    },
  ]),
]);

const AKS_GROUP = group(POLICY, 'aks', 200, [
  collection('names', 200, 'Allow', [
    {
      ruleType: 'ApplicationRule',
      name: 'cluster',
      protocols: https,
      fqdnTags: ['AzureKubernetesService'],
      targetFqdns: [],
      sourceAddresses: [],
      sourceIpGroups: [NODES],
    },
    {
      ruleType: 'ApplicationRule',
      name: 'node-updates',
      protocols: [{ protocolType: 'Http', port: 80 }],
      targetFqdns: ['security.ubuntu.com', 'azure.archive.ubuntu.com', 'changelogs.ubuntu.com'],
      sourceAddresses: [],
      // Azure returns ids in whatever case they were written.
      sourceIpGroups: [NODES.replace('resourceGroups', 'resourcegroups')],
    },
  ]),
]);

const SHOP_GROUP = group(POLICY, 'shop', 300, [
  collection('payments', 300, 'Allow', [
    {
      ruleType: 'ApplicationRule',
      name: 'payments',
      protocols: https,
      targetFqdns: ['pay.example.com'],
      sourceAddresses: [],
      sourceIpGroups: [NODES],
    },
  ]),
]);

export const parent = {
  properties: {
    sku: { tier: 'Standard' },
    threatIntelMode: 'Alert',
    childPolicies: [{ id: POLICY }],
    ruleCollectionGroups: [{ id: PARENT_GROUP.id }],
    firewalls: [],
    provisioningState: 'Succeeded',
  },
  id: BASE,
  name: 'base',
  type: 'Microsoft.Network/FirewallPolicies',
  location: 'westeurope',
  etag: 'f5d6',
};

export const policy = {
  properties: {
    sku: { tier: 'Standard' },
    threatIntelMode: 'Alert',
    dnsSettings: { servers: [], enableProxy: true },
    basePolicy: { id: BASE },
    childPolicies: [],
    ruleCollectionGroups: [{ id: AKS_GROUP.id }, { id: SHOP_GROUP.id }],
    firewalls: [{ id: FIREWALL }],
    provisioningState: 'Succeeded',
  },
  id: POLICY,
  name: 'hub',
  type: 'Microsoft.Network/FirewallPolicies',
  location: 'westeurope',
  etag: '8a1c',
};

export const firewall = {
  name: 'hub-fw',
  id: FIREWALL,
  type: 'Microsoft.Network/azureFirewalls',
  location: 'westeurope',
  zones: ['1', '2', '3'],
  properties: {
    provisioningState: 'Succeeded',
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    threatIntelMode: 'Alert',
    ipConfigurations: [
      {
        name: 'public',
        id: `${FIREWALL}/azureFirewallIpConfigurations/public`,
        properties: { privateIPAddress: '10.0.1.4' },
      },
    ],
    networkRuleCollections: [],
    applicationRuleCollections: [],
    natRuleCollections: [],
    firewallPolicy: { id: POLICY },
  },
};

export const ipGroup = {
  name: 'aks-nodes',
  id: NODES,
  type: 'Microsoft.Network/ipGroups',
  location: 'westeurope',
  properties: {
    provisioningState: 'Succeeded',
    ipAddresses: ['10.240.0.0/22'],
    firewalls: [{ id: FIREWALL }],
  },
};

const subnet = {
  name: 'nodes',
  id: `${VNET}/subnets/nodes`,
  properties: {
    provisioningState: 'Succeeded',
    addressPrefix: '10.240.0.0/22',
    routeTable: { id: ROUTES },
    networkSecurityGroup: { id: NSG },
  },
};

const vnet = {
  name: 'spoke',
  id: VNET,
  type: 'Microsoft.Network/virtualNetworks',
  location: 'westeurope',
  properties: {
    provisioningState: 'Succeeded',
    addressSpace: { addressPrefixes: ['10.240.0.0/16'] },
    dhcpOptions: { dnsServers: ['10.0.1.4'] },
    subnets: [
      subnet,
      { name: 'other', id: `${VNET}/subnets/other`, properties: { addressPrefix: '10.240.8.0/24' } },
    ],
  },
};

export const routes = {
  name: 'to-hub',
  id: ROUTES,
  type: 'Microsoft.Network/routeTables',
  location: 'westeurope',
  properties: {
    routes: [
      {
        name: 'default',
        id: `${ROUTES}/routes/default`,
        properties: {
          addressPrefix: '0.0.0.0/0',
          nextHopType: 'VirtualAppliance',
          nextHopIpAddress: '10.0.1.4',
        },
      },
    ],
  },
};

const securityGroup = {
  name: 'nodes',
  id: NSG,
  type: 'Microsoft.Network/networkSecurityGroups',
  location: 'westeurope',
  properties: { securityRules: [], defaultSecurityRules: [] },
};

const pool = (name: string, mode: string): object => ({
  id: `${CLUSTER}/agentPools/${name}`,
  name,
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  properties: {
    count: 3,
    vmSize: 'Standard_D4s_v5',
    osType: 'Linux',
    osSKU: 'Ubuntu',
    mode,
    vnetSubnetID: subnet.id,
    nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.13.0',
    enableNodePublicIP: false,
  },
});

export const cluster = {
  id: CLUSTER,
  location: 'westeurope',
  name: 'shop',
  type: 'Microsoft.ContainerService/ManagedClusters',
  sku: { name: 'Base', tier: 'Standard' },
  identity: { type: 'SystemAssigned' },
  properties: {
    provisioningState: 'Succeeded',
    kubernetesVersion: '1.34',
    fqdn: 'shop-dns-1a2b3c4d.hcp.westeurope.azmk8s.io',
    agentPoolProfiles: [
      {
        name: 'system',
        vmSize: 'Standard_D4s_v5',
        osType: 'Linux',
        osSKU: 'Ubuntu',
        vnetSubnetID: subnet.id,
      },
      { name: 'work', vmSize: 'Standard_D4s_v5', osType: 'Linux', osSKU: 'Ubuntu', vnetSubnetID: subnet.id },
    ],
    networkProfile: { networkPlugin: 'azure', outboundType: 'userDefinedRouting' },
    addonProfiles: {},
    apiServerAccessProfile: { enablePrivateCluster: false },
    autoUpgradeProfile: { nodeOSUpgradeChannel: 'NodeImage' },
  },
};

/** What Azure lists for the cluster. */
export const LISTED = [
  {
    category: 'images',
    endpoints: [{ domainName: 'mcr.microsoft.com', endpointDetails: [{ protocol: 'Https', port: 443 }] }],
  },
];

/** Serves all of it: rule collection groups and node pools come in two pages. */
export function serve(server: ArmServer): ArmServer {
  return server
    .onResources(parent, policy, firewall, ipGroup, vnet, routes, securityGroup, cluster)
    .onList(`${BASE}/ruleCollectionGroups`, [PARENT_GROUP])
    .onList(`${POLICY}/ruleCollectionGroups`, [AKS_GROUP], [SHOP_GROUP])
    .onList(`${CLUSTER}/agentPools`, [pool('system', 'System')], [pool('work', 'User')])
    .onList(EXTENSIONS, [])
    .onList(`/subscriptions/${HUB}/providers/Microsoft.Network/privateDnsZones`, [])
    .onList(`/subscriptions/${PLATFORM}/providers/Microsoft.Network/privateDnsZones`, [])
    .onList(ENDPOINTS, LISTED);
}
