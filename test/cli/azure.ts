/** Resources as `az … show` prints them, for tests of what clusters and firewalls tell together. */

export const PROVIDERS = '/subscriptions/1/resourceGroups/rg/providers';
export const SUBNET = `${PROVIDERS}/Microsoft.Network/virtualNetworks/spoke/subnets/nodes`;
export const ROUTES = `${PROVIDERS}/Microsoft.Network/routeTables/egress`;

/** As `az aks show` prints it. */
export function cluster(name: string, more: object = {}): object {
  return {
    id: `${PROVIDERS}/Microsoft.ContainerService/managedClusters/${name}`,
    name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location: 'westeurope',
    agentPoolProfiles: [{ name: 'system', vmSize: 'Standard_D4s_v5', osSku: 'Ubuntu' }],
    networkProfile: { outboundType: 'userDefinedRouting' },
    apiServerAccessProfile: { enablePrivateCluster: true },
    ...more,
  };
}

/** The cluster 'aks', whose only pool is in the subnet. */
export function inSubnet(pool: object = {}, more: object = {}): object {
  return cluster('aks', {
    agentPoolProfiles: [{ name: 'system', vmSize: 'Standard_D4s_v5', vnetSubnetId: SUBNET, ...pool }],
    ...more,
  });
}

export function network(subnet: object, more: object = {}): object {
  return {
    id: `${PROVIDERS}/Microsoft.Network/virtualNetworks/spoke`,
    name: 'spoke',
    type: 'Microsoft.Network/virtualNetworks',
    subnets: [{ id: SUBNET, name: 'nodes', addressPrefix: '10.240.0.0/22', ...subnet }],
    ...more,
  };
}

export function routes(hop: string): object {
  return {
    id: ROUTES,
    name: 'egress',
    type: 'Microsoft.Network/routeTables',
    routes: [
      { name: 'd', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: hop },
    ],
  };
}
