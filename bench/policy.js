// @ts-check

/**
 * A firewall policy as a deployed hub has it: the rules of one cluster between those of many other spokes.
 *
 * @param {number} rules how many rules in all, 20 or more
 * @returns {string} an ARM template, pretty-printed
 */
export function generatePolicy(rules) {
  const cluster = ['10.240.0.0/22'];
  const aks = [
    https('aks-fqdn-tag', cluster, { fqdnTags: ['AzureKubernetesService'] }),
    https('registry', cluster, { targetFqdns: ['mcr.microsoft.com', '*.data.mcr.microsoft.com'] }),
    https('arm-and-login', cluster, {
      targetFqdns: ['management.azure.com', 'login.microsoftonline.com', 'packages.microsoft.com'],
    }),
    https('monitor', cluster, { targetFqdns: ['*.ods.opinsights.azure.com', '*.oms.opinsights.azure.com'] }),
  ];
  const workloads = Array.from({ length: Math.ceil(rules / 2) - aks.length }, (_, at) =>
    https(`workload-${at}`, [spoke(at)], {
      targetFqdns: [
        `api-${at}.example.com`,
        `*.tenant-${at % 97}.example.net`,
        `files-${at % 13}.contoso.com`,
      ],
    }),
  );
  const network = Array.from({ length: Math.floor(rules / 2) }, (_, at) => ({
    ruleType: 'NetworkRule',
    name: `network-${at}`,
    description: `Opened for service ${at}; reviewed by the network team`,
    ipProtocols: at % 3 === 0 ? ['UDP'] : ['TCP'],
    sourceAddresses: [spoke(at)],
    sourceIpGroups: [],
    destinationAddresses: at === 0 ? ['AzureCloud.westeurope'] : [`10.${(at * 3) % 250}.${at % 250}.0/26`],
    destinationIpGroups: [],
    destinationFqdns: [],
    destinationPorts: at === 0 ? ['1194', '9000', '443'] : [String(1024 + at), '443'],
  }));
  return JSON.stringify(template(network, [...aks, ...workloads]), null, 2);
}

/**
 * One rule in twenty is the cluster's; the others are for the other spokes of the hub.
 * @param {number} at
 */
function spoke(at) {
  return at % 20 === 0 ? '10.240.0.0/22' : `10.${at % 200}.${(at * 7) % 250}.0/24`;
}

/** @param {string} name @param {readonly string[]} sourceAddresses @param {object} destinations */
function https(name, sourceAddresses, destinations) {
  return {
    ruleType: 'ApplicationRule',
    name,
    description: 'Outbound HTTPS, approved by the platform team',
    protocols: [{ protocolType: 'Https', port: 443 }],
    fqdnTags: [],
    webCategories: [],
    targetFqdns: [],
    targetUrls: [],
    terminateTLS: false,
    sourceAddresses,
    destinationAddresses: [],
    sourceIpGroups: [],
    ...destinations,
  };
}

/** @param {readonly object[]} network @param {readonly object[]} application */
function template(network, application) {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.Network/firewallPolicies',
        apiVersion: '2024-05-01',
        name: 'hub',
        location: 'westeurope',
        properties: {
          sku: { tier: 'Standard' },
          dnsSettings: { enableProxy: true },
          threatIntelMode: 'Alert',
        },
      },
      group('network', 100, 'network-rules', network),
      group('application', 200, 'application-rules', application),
    ],
  };
}

/** @param {string} name @param {number} priority @param {string} collection @param {readonly object[]} rules */
function group(name, priority, collection, rules) {
  return {
    type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    apiVersion: '2024-05-01',
    name: `hub/${name}`,
    dependsOn: ["[resourceId('Microsoft.Network/firewallPolicies', 'hub')]"],
    properties: {
      priority,
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          name: collection,
          priority: 1000,
          action: { type: 'Allow' },
          rules,
        },
      ],
    },
  };
}
