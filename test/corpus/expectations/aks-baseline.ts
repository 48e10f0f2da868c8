import { CORE, UBUNTU, coreAll, each, finding, type Expectation } from './expectation.ts';

/**
 * Both hubs take `location` (default eastus2) as a parameter and the nodes from an IP group whose addresses are
 * reference()s of subnets in a parameter without a value: one source, equal to itself wherever it stands.
 */

const SOURCE_GROUP = '/resources/5/properties';

function network(collection: number, rule: number): string {
  return `${SOURCE_GROUP}/networkRuleCollections/${collection}/properties/rules/${rule}/`;
}

function application(collection: number, rule: number): string {
  return `${SOURCE_GROUP}/applicationRuleCollections/${collection}/properties/rules/${rule}/`;
}

/**
 * A classic firewall. Network: UDP 53 and 123 to anywhere, 9000, 1194 and 443 to AzureCloud.eastus2. Application: the core
 * names one by one, with the AzureKubernetesService tag (HTTPS 443) between them; Ubuntu, Monitor, Policy; then GitHub
 * and public registries.
 */
export const aksSecureBaseline: Expectation = {
  file: 'arm-json/mspnp__aks-secure-baseline__hub-regionA.json',
  variants: [
    {
      name: 'without any flag: the cluster lives, the hub lets out too much',
      exit: 0,
      region: 'eastus2',
      verdicts: {
        ...coreAll('covered'),
        // By the tag only.
        'mcr-0001.mcr-msedge.net': 'covered',
        'acs-mirror.azureedge.net': 'covered',
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'covered' as const])),
        // Whether pods call the API server by address is not known, but AzureCloud.eastus2:443 lets them.
        'id:core/api-server-by-ip': 'covered',
      },
      warnings: [
        finding('unneeded-entry', '*', `${network(0, 0)}destinationAddresses/0`), // DNS: no custom DNS servers are declared
        finding('unneeded-entry', '*', `${network(1, 0)}destinationAddresses/0`), // NTP: nodes since March 2021
        finding('unneeded-entry', 'AzureCloud.eastus2', `${network(1, 1)}destinationAddresses/0`), // 9000: konnectivity
        finding('unneeded-entry', 'AzureCloud.eastus2', `${network(1, 2)}destinationAddresses/0`), // 1194: konnectivity
        finding('broad-service-tag', 'AzureCloud.eastus2', `${network(1, 3)}destinationAddresses/0`),
        finding('unneeded-entry', 'github.com', `${application(1, 0)}targetFqdns/0`),
        finding('unneeded-entry', 'api.github.com', `${application(1, 0)}targetFqdns/1`),
        finding('unneeded-entry', '*.docker.com', `${application(1, 1)}targetFqdns/0`),
        finding('unneeded-entry', '*.docker.io', `${application(1, 1)}targetFqdns/1`),
        finding('unneeded-entry', 'docker.io', `${application(1, 1)}targetFqdns/2`),
        finding('unneeded-entry', 'ghcr.io', `${application(1, 1)}targetFqdns/3`),
        finding(
          'unneeded-entry',
          'github-production-container-registry.s3.amazonaws.com',
          `${application(1, 1)}targetFqdns/4`,
        ),
      ],
      among: [
        finding('feature-not-enabled', '*.ods.opinsights.azure.com', `${application(0, 7)}targetFqdns/0`),
        finding('feature-not-enabled', '*.oms.opinsights.azure.com', `${application(0, 7)}targetFqdns/1`),
        finding('feature-not-enabled', 'eastus2.monitoring.azure.com', `${application(0, 7)}targetFqdns/2`),
        finding('feature-not-enabled', 'data.policy.core.windows.net', `${application(0, 8)}targetFqdns/0`),
        finding('feature-not-enabled', 'store.policy.core.windows.net', `${application(0, 8)}targetFqdns/1`),
        finding('retired-endpoint', 'acs-mirror.azureedge.net', `${application(0, 5)}targetFqdns/0`),
        // Everything in these rules is in the tag of 'management-plane', for the same sources and service.
        finding('redundant-rule', 'nodes-to-api-server'),
        finding('redundant-rule', 'microsoft-container-registry'),
        finding('redundant-rule', 'aad-auth'),
        finding('redundant-rule', 'apt-get'),
      ],
      never: [
        { check: 'policy-not-attached' },
        { check: 'wrong-region-endpoint' },
        { check: 'fqdn-rule-needs-dns-proxy' },
        { check: 'no-cluster-sources' },
      ],
    },
    {
      name: 'for a cluster with Monitor, Policy and Flux: two hosts of Flux are left to an address rule',
      flags: ['--profile', 'public', '--region', 'eastus2', '--feature', 'azure-monitor,azure-policy,flux'],
      exit: 1,
      region: 'eastus2',
      verdicts: {
        ...coreAll('covered'),
        '*.ods.opinsights.azure.com': 'covered',
        '*.oms.opinsights.azure.com': 'covered',
        'data.policy.core.windows.net': 'covered',
        'store.policy.core.windows.net': 'covered',
        // Microsoft says that the tag holds every name of the article; users and maintainers found otherwise.
        'eastus2.dp.kubernetesconfiguration.azure.com': 'unknown',
        'dc.services.visualstudio.com': 'unknown',
        '*.blob.core.windows.net': 'unknown',
      },
      errors: each('covered-only-by-address', ['*.blob.core.windows.net', 'azurearcfork8s.azurecr.io']),
      never: [
        { check: 'unneeded-entry', what: 'data.policy.core.windows.net' },
        { check: 'feature-not-enabled', what: '*.ods.opinsights.azure.com' },
      ],
    },
    {
      name: 'for literal node addresses: whether the IP group holds them cannot be known',
      flags: ['--source', '10.240.0.0/22'],
      exit: 0,
      sources: ['10.240.0.0/22'],
      verdicts: coreAll('unknown'),
      among: [...each('unknown-coverage', CORE), finding('broad-source', 'DNS')],
      never: [{ check: 'missing-required' }],
    },
    {
      name: 'for another region: the API server is still in the tag, the service tag is the wrong one',
      flags: ['--region', 'westeurope'],
      exit: 0,
      region: 'westeurope',
      verdicts: { ...coreAll('covered') },
      among: [
        finding('wrong-region-endpoint', 'AzureCloud.eastus2', `${network(1, 3)}destinationAddresses/0`),
        finding('wrong-region-endpoint', '*.hcp.eastus2.azmk8s.io', `${application(0, 0)}targetFqdns/0`),
      ],
    },
  ],
};

const BASE_DNS = '/resources/5/resources/0/properties/ruleCollections/0/rules/0/';

function child(group: number, collection: number, rule: number): string {
  return `/resources/6/resources/${group}/properties/ruleCollections/${collection}/rules/${rule}/`;
}

/** What is left for the leaf policy's own rules when the tag is taken away. */
function withoutTagAndRegistry(text: string): string {
  return text
    .replace(/"fqdnTags": \[\s*"AzureKubernetesService"\s*\]/, '"fqdnTags": []')
    .replace(/"mcr\.microsoft\.com",/, '');
}

/**
 * A base policy (UDP 53 to anywhere, for everybody) and a leaf: 443 to AzureCloud.eastus2, then Monitor, Policy and the tag
 * on HTTPS 443 only, then GitHub and what the Flux extension needs. Comments stand inside the arrays.
 */
export const aksBaseline: Expectation = {
  file: 'arm-json/mspnp__aks-baseline__hub-regionA.json',
  variants: [
    {
      name: 'without any flag: Ubuntu gets no patches over HTTP 80',
      exit: 0,
      region: 'eastus2',
      verdicts: {
        ...coreAll('covered'),
        'mcr-0001.mcr-msedge.net': 'covered',
        'acs-mirror.azureedge.net': 'covered',
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'missing' as const])),
        'id:core/api-server-by-ip': 'covered',
      },
      warnings: [
        ...each('missing-recommended', UBUNTU),
        finding('unneeded-entry', '*', `${BASE_DNS}destinationAddresses/0`),
        finding('broad-service-tag', 'AzureCloud.eastus2', `${child(2, 0, 0)}destinationAddresses/0`),
        // Everybody's storage accounts, without a feature that needs some of them.
        finding('unneeded-entry', '*.blob.core.windows.net', `${child(1, 1, 1)}targetFqdns/4`),
        finding('unneeded-entry', 'github.com', `${child(1, 1, 0)}targetFqdns/0`),
        finding('unneeded-entry', 'api.github.com', `${child(1, 1, 0)}targetFqdns/1`),
        finding('unneeded-entry', '*.docker.io', `${child(1, 1, 1)}targetFqdns/6`),
        finding('unneeded-entry', '*.docker.com', `${child(1, 1, 1)}targetFqdns/7`),
      ],
      among: [
        finding('feature-not-enabled', '*.ods.opinsights.azure.com', `${child(1, 0, 0)}targetFqdns/0`),
        finding('feature-not-enabled', '*.oms.opinsights.azure.com', `${child(1, 0, 0)}targetFqdns/1`),
        finding('feature-not-enabled', 'eastus2.monitoring.azure.com', `${child(1, 0, 0)}targetFqdns/2`),
        finding('feature-not-enabled', 'store.policy.core.windows.net', `${child(1, 0, 1)}targetFqdns/1`),
        finding(
          'feature-not-enabled',
          'eastus2.dp.kubernetesconfiguration.azure.com',
          `${child(1, 1, 1)}targetFqdns/0`,
        ),
        finding('feature-not-enabled', 'azurearcfork8s.azurecr.io', `${child(1, 1, 1)}targetFqdns/5`),
        // The tag comes first, for the same nodes and service.
        finding('redundant-entry', 'mcr.microsoft.com', `${child(1, 1, 1)}targetFqdns/1`),
        finding('redundant-entry', 'management.azure.com', `${child(1, 1, 1)}targetFqdns/2`),
        finding('redundant-entry', 'login.microsoftonline.com', `${child(1, 1, 1)}targetFqdns/3`),
      ],
      never: [
        { check: 'policy-not-attached' },
        { check: 'no-rules' },
        { check: 'ambiguous-priority' },
        // destinationAddresses of the application rules are empty lists.
        { check: 'ineffective-field' },
      ],
    },
    {
      name: 'for a cluster with Monitor, Policy and Flux: nothing is missing',
      flags: ['--region', 'eastus2', '--feature', 'azure-monitor,azure-policy,flux'],
      exit: 0,
      verdicts: {
        ...coreAll('covered'),
        'eastus2.dp.kubernetesconfiguration.azure.com': 'covered',
        '*.blob.core.windows.net': 'covered',
        'azurearcfork8s.azurecr.io': 'covered',
        'data.policy.core.windows.net': 'covered',
        'store.policy.core.windows.net': 'covered',
        '*.ods.opinsights.azure.com': 'covered',
        '*.oms.opinsights.azure.com': 'covered',
      },
      never: [{ check: 'missing-required' }, { check: 'broad-destination', what: '*.blob.core.windows.net' }],
    },
    {
      name: 'with the tag and mcr.microsoft.com deleted: each name that only AzureCloud.eastus2 could allow is an error',
      edit: withoutTagAndRegistry,
      exit: 1,
      region: 'eastus2',
      verdicts: {
        'id:core/api-server': 'covered',
        'mcr.microsoft.com': 'unknown',
        'management.azure.com': 'covered',
        'login.microsoftonline.com': 'covered',
        'packages.aks.azure.com': 'unknown',
      },
      // The API server is in AzureCloud of its region: the article names that tag instead of its address.
      errors: each('covered-only-by-address', [
        'mcr.microsoft.com',
        '*.data.mcr.microsoft.com',
        'packages.microsoft.com',
        'packages.aks.azure.com',
      ]),
    },
  ],
};
