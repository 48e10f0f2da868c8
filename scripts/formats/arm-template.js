// @ts-check
/**
 * Examples of checks as ARM templates.
 *
 * @import { Example, Format } from './index.js'
 */

/** @type {Format} */
export const armTemplate = {
  id: 'arm-template',
  title: 'an ARM template',
  language: 'json',
  fileName: 'policy.json',
  file: (example) => `${JSON.stringify(template(example), null, 2)}\n`,
  snippet: (example) => JSON.stringify(shown(example), null, 2),
};

/** @param {Example} example */
function template({ policy = {}, collections, firewall, beside }) {
  const policies = 'Microsoft.Network/firewallPolicies';
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: policies,
        apiVersion: '2024-05-01',
        name: 'hub-policy',
        location: 'westeurope',
        properties: {
          sku: { tier: 'Premium' },
          threatIntelMode: 'Alert',
          dnsSettings: { enableProxy: true },
          ...policy,
        },
      },
      {
        type: `${policies}/ruleCollectionGroups`,
        apiVersion: '2024-05-01',
        name: 'hub-policy/egress',
        dependsOn: [`[resourceId('${policies}', 'hub-policy')]`],
        properties: { priority: 200, ruleCollections: collections.map(collection) },
      },
      ...(firewall === undefined
        ? []
        : [
            {
              type: 'Microsoft.Network/azureFirewalls',
              apiVersion: '2024-05-01',
              name: 'hub-firewall',
              location: 'westeurope',
              properties: { firewallPolicy: { id: `[resourceId('${policies}', '${firewall}')]` } },
            },
          ]),
      ...(beside?.['arm-template'] ?? []),
    ],
  };
}

/** @param {Example['collections'][number]} collection */
function collection({ name, priority, action, rules }) {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: action },
    rules,
  };
}

/** The parts that an example is about. @param {Example} example */
function shown({ policy, collections, firewall, beside }) {
  if (beside !== undefined) {
    const resources = beside['arm-template'];
    return resources.length === 1 ? resources[0] : resources;
  }
  return {
    ...(policy === undefined ? {} : { properties: policy }),
    ...(firewall === undefined
      ? {}
      : { firewallPolicy: { id: `[resourceId('Microsoft.Network/firewallPolicies', '${firewall}')]` } }),
    ...(collections.length === 0 && policy !== undefined
      ? {}
      : { ruleCollections: collections.map(collection) }),
  };
}
