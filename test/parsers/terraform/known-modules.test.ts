import { describe, expect, it } from 'vitest';
import { useFolder } from './folder.ts';

const folder = useFolder();

const RULE = `{
        name              = "registry"
        source_addresses  = ["10.0.0.0/16"]
        destination_fqdns = ["mcr.microsoft.com"]
        protocols         = [{ type = "Https", port = 443 }]
      }`;

const GROUP = (source: string): string => `
module "policy" {
  source              = "Azure/avm-res-network-firewallpolicy/azurerm"
  version             = "0.3.0"
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "rg"
}

module "group" {
  source                                                   = "${source}"
  firewall_policy_rule_collection_group_name               = "aks"
  firewall_policy_rule_collection_group_priority           = 100
  firewall_policy_rule_collection_group_firewall_policy_id = module.policy.resource.id
  firewall_policy_rule_collection_group_application_rule_collection = [
    {
      action   = "Allow"
      name     = "names"
      priority = 200
      rule = [${RULE}]
    }
  ]
}
`;

describe('modules whose configuration is absent', () => {
  it.each([
    'Azure/avm-res-network-firewallpolicy/azurerm//modules/rule_collection_groups',
    'registry.terraform.io/Azure/avm-res-network-firewallpolicy/azurerm//modules/rule_collection_groups',
    'git::https://github.com/Azure/terraform-azurerm-avm-res-network-firewallpolicy.git//modules/rule_collection_groups?ref=v0.3.0',
    'git@github.com:Azure/terraform-azurerm-avm-res-network-firewallpolicy.git//modules/rule_collection_groups',
  ])('are understood from their inputs by the source %s', async (source) => {
    folder.write('main.tf', GROUP(source));
    const { policies } = await folder.parse();
    expect(policies.map(({ name }) => name)).toEqual(['hub']);
    const [destination] = policies[0]?.rules[0]?.destinations ?? [];
    expect([destination?.text, destination?.place.path]).toEqual(['mcr.microsoft.com', 'main.tf']);
  });

  it("are understood where claranet's module writes classic collections", async () => {
    folder.write(
      'main.tf',
      `
module "firewall" {
  source              = "claranet/firewall/azurerm"
  resource_group_name = "rg"
  application_rule_collections = [{
    name     = "names"
    priority = 100
    action   = "Allow"
    rules = [{
      name             = "registry"
      source_addresses = ["10.0.0.0/16"]
      source_ip_groups = null
      target_fqdns     = ["mcr.microsoft.com"]
      protocols        = [{ port = "443", type = "Https" }]
    }]
  }]
}
`,
    );
    const { policies } = await folder.parse();
    expect(policies[0]?.rules.map(({ destinations }) => destinations.map(({ text }) => text))).toEqual([
      ['mcr.microsoft.com'],
    ]);
  });

  it("are understood where jsathler's module names collections and rules by the keys of maps", async () => {
    folder.write(
      'main.tf',
      `
module "policy" {
  source              = "jsathler/firewall-policy/azurerm"
  resource_group_name = "rg"
  firewall_policy     = { name = "hub", sku = "Premium" }
  dns                 = { proxy_enabled = true }
}

module "rules" {
  source             = "jsathler/firewall-policy-rule-collection-group/azurerm"
  name               = "aks"
  firewall_policy_id = module.policy.policy_id
  priority           = 100
  network_rule_collections = {
    time = {
      priority = 200
      rules    = { ntp = { protocols = ["UDP"], destination_fqdns = ["ntp.ubuntu.com"], destination_ports = ["123"], source_addresses = ["10.0.0.0/16"] } }
    }
  }
  application_rule_collection = {
    blocked = {
      action   = "Deny"
      priority = 300
      rules    = { registry = { source_addresses = ["*"], destination_fqdns = ["docker.io"], protocols = [{}, { type = "Http", port = 80 }] } }
    }
  }
}
`,
    );
    const { policies, notes } = await folder.parse();
    expect(notes).toEqual([]);
    expect(policies.map(({ name, tier, dnsProxy }) => [name, tier, dnsProxy])).toEqual([
      ['hub-afwp', 'Premium', 'on'],
    ]);
    const rules = policies[0]?.rules.map(({ group, collection, name, action, services }) => [
      ...[group, collection, name, action],
      services.map(({ text }) => text),
    ]);
    expect(rules).toEqual([
      ['aks-fwprcg', 'time', 'ntp', 'allow', ['UDP 123']],
      ['aks-fwprcg', 'blocked', 'registry', 'deny', ['Https:443', 'Http:80']],
    ]);
  });

  it('are understood from files of values alone, as landing zones of CAF keep them', async () => {
    folder.write(
      'firewall.tfvars',
      `
azurerm_firewalls = {
  hub = {
    name                                          = "egress"
    azurerm_firewall_application_rule_collections = ["aks"]
  }
}
azurerm_firewall_application_rule_collection_definition = {
  aks = {
    name     = "aks"
    action   = "Allow"
    priority = 100
    ruleset = {
      aks = {
        name             = "aks"
        source_addresses = ["10.0.0.0/16"]
        fqdn_tags        = ["AzureKubernetesService"]
      }
    }
  }
}
`,
    );
    const { policies } = await folder.parse();
    expect(policies.map(({ name, rules }) => [name, rules.length])).toEqual([['egress', 1]]);
    expect(policies[0]?.rules[0]?.destinations[0]?.place.pointer).toBe(
      '/azurerm_firewall_application_rule_collection_definition/aks/ruleset/aks/fqdn_tags/0',
    );
  });

  it('take the firewall of hub networking with the policy that stands beside it', async () => {
    folder.write(
      'main.tf',
      `${GROUP('Azure/avm-res-network-firewallpolicy/azurerm//modules/rule_collection_groups')}
module "hub" {
  source = "Azure/hubnetworking/azurerm"
  hub_virtual_networks = {
    weu = {
      name                = "vnet-weu"
      resource_group_name = "rg"
      firewall = {
        sku_tier           = "Standard"
        firewall_policy_id = module.policy.resource_id
      }
    }
  }
}
`,
    );
    const { policies } = await folder.parse();
    expect(policies.map(({ name, attached }) => [name, attached])).toEqual([['hub', 'yes']]);
  });
});
