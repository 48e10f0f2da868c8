import { describe, expect, it } from 'vitest';
import { afterEach, beforeEach } from 'vitest';
import { Repository } from './repository.ts';

/** A cluster, its network and firewalls, as templates, Bicep and Terraform write them, where Azure alone knows addresses. */

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const ALLOWED = 'mcr.microsoft.com';

/** Two firewalls with policies of their own; the default route leads to one of them. */
const FORMATS: readonly (readonly [string, string, (hop: string) => string])[] = [
  ['Bicep', 'main.bicep', bicep],
  ['Terraform', 'main.tf', terraform],
];

function bicep(hop: string): string {
  const firewall = (name: string, prefix: string): string => `
resource ${name}Policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: '${name}-policy'
  location: 'westeurope'
  properties: { sku: { tier: 'Standard' }, dnsSettings: { enableProxy: true } }
}
resource ${name}Group 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01' = {
  parent: ${name}Policy
  name: 'aks'
  properties: {
    priority: 200
    ruleCollections: [ {
      ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
      name: 'names'
      priority: 100
      action: { type: 'Allow' }
      rules: [ {
        ruleType: 'ApplicationRule'
        name: 'mcr'
        sourceAddresses: [ '${prefix}' ]
        targetFqdns: [ '${ALLOWED}' ]
        protocols: [ { protocolType: 'Https', port: 443 } ]
      } ]
    } ]
  }
}
resource ${name} 'Microsoft.Network/azureFirewalls@2024-05-01' = {
  name: '${name}'
  location: 'westeurope'
  properties: {
    firewallPolicy: { id: ${name}Policy.id }
    ipConfigurations: [ { name: 'ip', properties: { subnet: { id: 'subnet' } } } ]
  }
}`;
  const address =
    hop === '' ? "'10.9.9.4'" : `${hop}.properties.ipConfigurations[0].properties.privateIPAddress`;
  return `${firewall('one', '10.240.0.0/16')}${firewall('two', '10.240.0.0/16')}
resource table 'Microsoft.Network/routeTables@2024-05-01' = {
  name: 'egress'
  location: 'westeurope'
  properties: {
    routes: [ { name: 'all', properties: {
      addressPrefix: '0.0.0.0/0'
      nextHopType: 'VirtualAppliance'
      nextHopIpAddress: ${address}
    } } ]
  }
}
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'spoke'
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: [ '10.240.0.0/16' ] }
    dhcpOptions: { dnsServers: [ ${address} ] }
    subnets: [ { name: 'nodes', properties: { addressPrefix: '10.240.0.0/22', routeTable: { id: table.id } } } ]
  }
}
resource aks 'Microsoft.ContainerService/managedClusters@2025-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: {
    agentPoolProfiles: [ { name: 'system', vmSize: 'Standard_D4s_v5', vnetSubnetID: network.properties.subnets[0].id } ]
    networkProfile: { outboundType: 'userDefinedRouting' }
  }
}
`;
}

/** The rules of a policy of Terraform, for one network. */
function rulesOf(name: string, source: string): string {
  return `resource "azurerm_firewall_policy_rule_collection_group" "${name}" {
  name               = "aks"
  firewall_policy_id = azurerm_firewall_policy.${name}.id
  priority           = 200
  application_rule_collection {
    name     = "names"
    priority = 100
    action   = "Allow"
    rule {
      name              = "mcr"
      source_addresses  = ["${source}"]
      destination_fqdns = ["${ALLOWED}"]
      protocols {
        type = "Https"
        port = 443
      }
    }
  }
}`;
}

function terraform(hop: string): string {
  const hub = 'resource_group_name = "hub"\n  location = "westeurope"';
  const firewall = (name: string): string => `
resource "azurerm_firewall_policy" "${name}" {
  name = "${name}-policy"
  ${hub}
  dns {
    proxy_enabled = true
  }
}
${rulesOf(name, '10.240.0.0/16')}
resource "azurerm_firewall" "${name}" {
  name               = "${name}"
  ${hub}
  sku_name           = "AZFW_VNet"
  sku_tier           = "Standard"
  firewall_policy_id = azurerm_firewall_policy.${name}.id
  ip_configuration {
    name      = "ip"
    subnet_id = "subnet"
  }
}`;
  const address =
    hop === '' ? '"10.9.9.4"' : `azurerm_firewall.${hop}.ip_configuration[0].private_ip_address`;
  return `${firewall('one')}${firewall('two')}
resource "azurerm_route_table" "egress" {
  name = "egress"
  ${hub}
  route {
    name                   = "all"
    address_prefix         = "0.0.0.0/0"
    next_hop_type          = "VirtualAppliance"
    next_hop_in_ip_address = ${address}
  }
}
module "network" {
  source   = "./network"
  servers  = [${address}]
  table_id = azurerm_route_table.egress.id
}
resource "azurerm_kubernetes_cluster" "aks" {
  name = "aks"
  ${hub}
  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = module.network.subnet_id
  }
  network_profile {
    network_plugin = "azure"
    outbound_type  = "userDefinedRouting"
  }
}
`;
}

/** No word in it is of a firewall or of a cluster. */
const NETWORK_MODULE = `variable "servers" {}
variable "table_id" {}
resource "azurerm_virtual_network" "spoke" {
  name                = "spoke"
  resource_group_name = "hub"
  location            = "westeurope"
  address_space       = ["10.240.0.0/16"]
  dns_servers         = var.servers
}
resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "hub"
  virtual_network_name = azurerm_virtual_network.spoke.name
  address_prefixes     = ["10.240.0.0/22"]
}
resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = var.table_id
}
output "subnet_id" {
  value = azurerm_subnet.nodes.id
}
`;

describe.each(FORMATS)('a cluster in %s', (_, path, content) => {
  beforeEach(() => {
    repository.write('network/main.tf', NETWORK_MODULE);
  });
  const report = (hop: string): ReturnType<Repository['report']> => {
    repository.write(path, content(hop));
    return repository.report('.', '--no-config');
  };

  it.each(['one', 'two'])(
    'is judged by the policy of the firewall that its route refers to: %s',
    async (hop) => {
      const { runs, findings } = await report(hop);
      expect(runs.map((run) => [run.policy, run.cluster, run.sources])).toEqual([
        [`${hop}-policy`, 'aks', ['10.240.0.0/22']],
      ]);
      expect(runs[0]?.profile['customDns']?.value).toBe(false);
      const both = findings.filter(({ check }) => /route|dns-proxy-not-used|bypass/.test(check));
      expect(both).toEqual([]);
    },
  );

  it('is judged by each policy where its route leads to something that is not in the input', async () => {
    const { runs } = await report('');
    expect(runs.map(({ policy }) => policy).sort()).toEqual(['one-policy', 'two-policy']);
  });

  it('does not pass the policy that was asked for where its route leads to another firewall', async () => {
    repository.write(path, content('one'));
    const { stderr, code } = await repository.run('.', '--no-config', '--policy', 'two-policy');
    expect(code).toBe(2);
    expect(stderr).toMatch(/No policy of the input serves cluster 'aks'/);
  });
});

describe('a policy without rules for the networks of a cluster', () => {
  const rule = (name: string, source: string): string => `
resource "azurerm_firewall_policy" "${name}" {
  name                = "${name}"
  resource_group_name = "rg"
  location            = "westeurope"
}
${rulesOf(name, source)}`;
  const cluster = `
resource "azurerm_virtual_network" "spoke" {
  name                = "spoke"
  resource_group_name = "rg"
  location            = "westeurope"
  address_space       = ["10.240.0.0/16"]
}
resource "azurerm_subnet" "nodes" {
  name                 = "nodes"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.spoke.name
  address_prefixes     = ["10.240.0.0/22"]
}
resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks"
  resource_group_name = "rg"
  location            = "westeurope"
  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }
}`;

  it('is that of other clusters, if another policy has some', async () => {
    repository.write('main.tf', rule('mine', '10.240.0.0/22') + rule('other', '10.9.0.0/22') + cluster);
    const { runs } = await repository.report('.', '--no-config');
    expect(runs.map(({ policy }) => policy)).toEqual(['mine']);
  });

  it('is judged where there is no other', async () => {
    repository.write('main.tf', rule('other', '10.9.0.0/22') + cluster);
    const { runs } = await repository.report('.', '--no-config');
    expect(runs.map(({ policy, summary }) => [policy, summary.covered])).toEqual([['other', 0]]);
  });
});
