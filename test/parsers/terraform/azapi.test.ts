import { describe, expect, it } from 'vitest';
import type { Policy, Rule } from '../../../src/model/policy.ts';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();
const names = (rule: Rule | undefined): string[] => (rule?.destinations ?? []).map(({ text }) => text);

async function only(): Promise<Policy> {
  const { policies } = await folder.parse();
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error(`${policies.length} policies, not one`);
  return policy;
}

describe('resources of the azapi provider', () => {
  it('are read through azapi, as an object and as JSON', async () => {
    const azapi = (body: string): string => `
resource "azapi_resource" "hub" {
  type      = "Microsoft.Network/firewallPolicies@2024-05-01"
  name      = "hub"
  parent_id = "/subscriptions/x/resourceGroups/rg"
  body      = ${body.replace('RULES', '').replace('GROUP', 'properties = { sku = { tier = "Standard" } }')}
}
resource "azapi_resource" "group" {
  type      = "Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01"
  name      = "aks"
  parent_id = azapi_resource.hub.id
  body = ${body.replace(
    'GROUP',
    `properties = { priority = 100, ruleCollections = [{
      ruleCollectionType = "FirewallPolicyFilterRuleCollection", name = "c", priority = 100, action = { type = "Allow" }
      rules = [{ ruleType = "ApplicationRule", name = "r", sourceAddresses = ["*"], targetFqdns = ["mcr.microsoft.com"],
        protocols = [{ protocolType = "Https", port = 443 }] }]
    }] }`,
  )}
}
`;
    for (const body of ['{ GROUP }', 'jsonencode({ GROUP })']) {
      folder.write('main.tf', azapi(body));
      const policy = await only();
      expect([policy.name, policy.tier]).toEqual(['hub', 'Standard']);
      const [destination] = policy.rules[0]?.destinations ?? [];
      expect([destination?.text, destination?.place.pointer.endsWith('/targetFqdns/0')]).toEqual([
        'mcr.microsoft.com',
        true,
      ]);
    }
  });

  it('are changed by azapi_update_resource, as an object and as JSON', async () => {
    for (const body of [
      '{ properties = { dnsSettings = { enableProxy = true } } }',
      'jsonencode({ properties = { dnsSettings = { enableProxy = true } } })',
    ]) {
      const update = `
resource "azapi_update_resource" "dns" {
  type        = "Microsoft.Network/firewallPolicies@2024-05-01"
  resource_id = azurerm_firewall_policy.hub.id
  body        = ${body}
}
`;
      folder.write(
        'main.tf',
        policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), update),
      );
      const policy = await only();
      expect([policy.dnsProxy, policy.tier, names(policy.rules[0])]).toEqual([
        'on',
        'Standard',
        ['mcr.microsoft.com'],
      ]);
    }
  });

  it('have the rules of azapi_update_resource instead of their own', async () => {
    const update = `
resource "azapi_update_resource" "rules" {
  type        = "Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01"
  resource_id = azurerm_firewall_policy_rule_collection_group.aks.id
  body = { properties = { ruleCollections = [{
    ruleCollectionType = "FirewallPolicyFilterRuleCollection", name = "c", priority = 100, action = { type = "Allow" }
    rules = [{ ruleType = "ApplicationRule", name = "r", sourceAddresses = ["*"], targetFqdns = ["new.example.com"],
      protocols = [{ protocolType = "Https", port = 443 }] }]
  }] } }
}
`;
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["old.example.com"]'), update));
    expect((await only()).rules.map(names)).toEqual([['new.example.com']]);
  });

  it('are changed by azapi_update_resource that names them by parent and name', async () => {
    const update = `
resource "azapi_update_resource" "dns" {
  type      = "Microsoft.Network/firewallPolicies@2024-05-01"
  parent_id = azurerm_resource_group.rg.id
  name      = azurerm_firewall_policy.hub.name
  body      = { properties = { dnsSettings = { enableProxy = true } } }
}
resource "azurerm_resource_group" "rg" {
  name     = "rg"
  location = "westeurope"
}
`;
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), update));
    expect((await only()).dnsProxy).toBe('on');
  });

  it('have sensitive_body put over the body', async () => {
    folder.write(
      'main.tf',
      `
resource "azapi_resource" "hub" {
  type           = "Microsoft.Network/firewallPolicies@2024-05-01"
  name           = "hub"
  parent_id      = "/subscriptions/x/resourceGroups/rg"
  body           = { properties = { sku = { tier = "Premium" }, threatIntelMode = "Off" } }
  sensitive_body = { properties = { threatIntelMode = "Deny" } }
}
`,
    );
    const policy = await only();
    expect([policy.tier, policy.threatIntel]).toEqual(['Premium', 'Deny']);
  });

  it('are read from a raw state, which keeps the type of a body beside it', async () => {
    const body = (value: object): object => ({ value, type: ['object', {}] });
    const policy = '/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/hub';
    const resource = (name: string, attributes: object): object => ({
      ...{ mode: 'managed', type: 'azapi_resource', name },
      instances: [{ attributes: { name, ...attributes } }],
    });
    const rule = {
      ...{
        ruleType: 'ApplicationRule',
        name: 'r',
        sourceAddresses: ['*'],
        targetFqdns: ['mcr.microsoft.com'],
      },
      protocols: [{ protocolType: 'Https', port: 443 }],
    };
    const collection = {
      ...{ ruleCollectionType: 'FirewallPolicyFilterRuleCollection', name: 'c', priority: 100 },
      ...{ action: { type: 'Allow' }, rules: [rule] },
    };
    const resources = [
      resource('hub', {
        id: policy,
        type: 'Microsoft.Network/firewallPolicies@2024-05-01',
        body: body({ properties: { sku: { tier: 'Premium' } } }),
      }),
      resource('aks', {
        id: `${policy}/ruleCollectionGroups/aks`,
        parent_id: policy,
        type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01',
        body: body({ properties: { priority: 100, ruleCollections: [collection] } }),
      }),
    ];
    folder.write('terraform.tfstate', JSON.stringify({ version: 4, lineage: 'x', serial: 1, resources }));
    const { policies } = await folder.parse(['terraform.tfstate']);
    expect(policies.map(({ tier, rules }) => [tier, rules.map(names)])).toEqual([
      ['Premium', [['mcr.microsoft.com']]],
    ]);
  });
});
