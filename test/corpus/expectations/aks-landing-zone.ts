import { UBUNTU, coreAll, each, finding, NEEDLESS, type Expectation } from './expectation.ts';

const FIREWALL = '/resources/3/properties';

function network(collection: number, rule: number): string {
  return `${FIREWALL}/networkRuleCollections/${collection}/properties/rules/${rule}/`;
}

function application(collection: number, rule: number): string {
  return `${FIREWALL}/applicationRuleCollections/${collection}/properties/rules/${rule}/`;
}

/** Takes the rule 'anyHTTPS' (TCP 443, everybody, to anywhere) out of the first network collection. */
function withoutAnyHttps(text: string): string {
  return text.replace(/\{\s*"name": "anyHTTPS",[^{}]*\},/, '');
}

/**
 * A classic firewall for one region by literal (eastus2) while its own location is the resource group's. The network rule
 * 'anyHTTPS' decides every HTTPS flow before the application rules with the names.
 */
export const landingZoneTemplate: Expectation = {
  file: 'arm-json/ahems__AKS-Landing-Zone-Accelerator__aks-eslz-firewall.template.json',
  variants: [
    {
      name: 'without any flag: one network rule makes every name moot',
      exit: 0,
      region: 'eastus2',
      verdicts: {
        ...coreAll('covered'),
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'covered' as const])),
        'id:core/api-server-by-ip': 'covered',
      },
      warnings: [
        finding('unneeded-entry', '*', `${network(0, 0)}destinationAddresses/0`), // DNS
        finding('broad-destination', 'anyHTTPS', `${network(0, 1)}destinationAddresses/0`),
        finding('unneeded-entry', '*', `${network(0, 2)}destinationAddresses/0`), // NTP
        finding('unneeded-entry', 'AzureCloud', `${network(1, 0)}destinationAddresses/0`), // 22 and 9000
        finding('unneeded-entry', 'AzureCloud', `${network(1, 1)}destinationAddresses/0`), // 1194
      ],
      among: [
        ...each('redundant-rule', [
          'managed-k8s-api-tcp-443',
          'azure-keyvault',
          'nodes-to-api-server',
          'microsoft-container-registry',
          'management-plane',
          'aad-auth',
          'apt-get',
          'cluster-binaries',
          'azure-policy',
          'accompanying-container-registries',
          'acr-server-registries',
        ]),
        finding('retired-endpoint', '*.cdn.mscr.io', `${application(0, 1)}targetFqdns/0`),
      ],
      never: [
        { check: 'wrong-region-endpoint' },
        { check: 'redundant-rule', what: 'ubuntu-security-patches' },
      ],
    },
    {
      name: "without 'anyHTTPS': packages.aks.azure.com is left to an address rule, and what is too much shows",
      edit: withoutAnyHttps,
      exit: 1,
      region: 'eastus2',
      verdicts: { ...coreAll('covered'), 'packages.aks.azure.com': 'unknown' },
      errors: each('covered-only-by-address', ['packages.aks.azure.com']),
      among: [
        finding('broad-service-tag', 'AzureCloud', `${network(1, 2)}destinationAddresses/0`),
        finding(NEEDLESS, 'AzureKeyVault', `${network(2, 0)}destinationAddresses/0`),
        finding(NEEDLESS, 'AzureMonitor', `${network(2, 1)}destinationAddresses/0`),
        finding('broad-destination', '*.microsoftonline.com', `${application(0, 7)}targetFqdns/3`),
        finding(['retired-endpoint', 'unneeded-entry'], '*.tun.eastus2.azmk8s.io'),
        finding('retired-endpoint', '*.cdn.mscr.io'),
        finding('unneeded-entry', 'raw.githubusercontent.com', `${application(0, 8)}targetFqdns/1`),
        finding(['retired-endpoint', 'unneeded-entry'], 'gov-prod-policy-data.trafficmanager.net'),
        ...each('unneeded-entry', ['gcr.io', 'storage.googleapis.com', '*.docker.io']),
      ],
    },
    {
      name: "with the repository's own parameter file, whose list of subnets is empty: rules of an empty IP group match nobody",
      parameterFile: 'arm-json/ahems__AKS-Landing-Zone-Accelerator__aks-eslz-firewall.parameters.json',
      exit: 0,
      verdicts: {
        ...coreAll('covered'),
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'missing' as const])),
      },
      among: [...each('missing-recommended', UBUNTU), finding('broad-destination', 'anyHTTPS')],
    },
  ],
};

/** No template: the list of subnets and of registries for the one above. */
export const landingZoneParameters: Expectation = {
  file: 'arm-json/ahems__AKS-Landing-Zone-Accelerator__aks-eslz-firewall.parameters.json',
  variants: [{ name: 'alone', exit: 3, says: /parameter file.*--parameters/ }],
};

/** Every rule of a hub as parameter values; the sources are 10.1.1.0/24 throughout, and no region occurs. */
export const landingZoneRuleParameters: Expectation = {
  file: 'arm-json/ahems__AKS-Landing-Zone-Accelerator__bicep-03-parameters-main.json',
  variants: [
    { name: 'alone', exit: 3, says: /parameter file that holds rule collections.*--parameters/ },
    {
      name: 'with a template that takes them: the tag covers the core, much else is too wide or for nobody',
      template: 'fixtures/mistakes/rules-come-from-parameters.json',
      exit: 0,
      sources: ['10.1.1.0/24'],
      verdicts: {
        ...coreAll('covered'),
        // The tag is allowed on HTTP 80 too, but nobody has shown that it holds Ubuntu's hosts.
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'unknown' as const])),
        'id:core/api-server-by-ip': 'missing',
      },
      warnings: [
        finding('missing-if-applicable', /TCP 443/),
        finding('unneeded-entry', '*', '/parameters/fwnetworkRuleCollections/value/0/properties/rules/0'),
        finding('unneeded-entry', '*', '/parameters/fwnetworkRuleCollections/value/0/properties/rules/1'),
        finding('unneeded-entry', '*', '/parameters/fwnetworkRuleCollections/value/0/properties/rules/2'),
        ...each('unneeded-entry', [
          'ifconfig.co',
          'api.snapcraft.io',
          'jsonip.com',
          'kubernaut.io',
          'motd.ubuntu.com',
        ]),
        finding('broad-destination', '*.azmk8s.io'),
        // Everybody's registries, storage accounts and workspaces, without a feature that needs some of them.
        finding('unneeded-entry', '*.azurecr.io'),
        finding('unneeded-entry', '*.blob.core.windows.net'),
        finding('unneeded-entry', '*.opinsights.azure.com'),
        ...each('unneeded-entry', [
          '*.gcr.io',
          '*.docker.io',
          'quay.io',
          '*.quay.io',
          '*.cloudfront.net',
          'production.cloudflare.docker.com',
          'grafana.net',
          'grafana.com',
          'stats.grafana.org',
          'github.com',
          'charts.bitnami.com',
          'raw.githubusercontent.com',
          '*.letsencrypt.org',
          'usage.projectcalico.org',
          'vortex.data.microsoft.com',
        ]),
      ],
      among: [
        finding('retired-endpoint', '*.cdn.mscr.io'),
        finding('feature-not-enabled', '*.monitoring.azure.com'),
        // *.azurecr.io in the next rule holds it too, but that AKS left it years ago is the better reason.
        finding('retired-endpoint', 'aksrepos.azurecr.io'),
      ],
    },
    {
      name: 'with that template, for a private cluster: the API server needs no rule',
      template: 'fixtures/mistakes/rules-come-from-parameters.json',
      flags: ['--profile', 'private', '--source', '10.1.1.0/24', '--region', 'westeurope'],
      exit: 0,
      sources: ['10.1.1.0/24'],
      verdicts: { 'mcr.microsoft.com': 'covered', 'packages.aks.azure.com': 'covered' },
      among: [finding(NEEDLESS, '*.azmk8s.io')],
      never: [{ check: 'missing-if-applicable' }, { check: 'broad-source' }],
    },
  ],
};
