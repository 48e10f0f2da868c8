import { CORE, UBUNTU, coreAll, each, finding, NEEDLESS, type Expectation } from './expectation.ts';

const FIREWALL = '/resources/24/properties';

function network(collection: number, rule: number): string {
  return `${FIREWALL}/networkRuleCollections/${collection}/properties/rules/${rule}/`;
}

function application(rule: number): string {
  return `${FIREWALL}/applicationRuleCollections/0/properties/rules/${rule}/`;
}

/**
 * Azure Spring Apps runs on AKS. Two subnets, 10.1.0.0/24 and 10.1.1.0/24, in variables; ports as strings; a third network,
 * 10.0.4.0/24, for virtual machines with rules of its own. AzureCloud without a region on 443, 9000 and 1194, then the tag
 * on HTTPS 443 and the core names one by one. Nothing on HTTP 80 but revocation lists.
 */
export const springApps: Expectation = {
  file: 'arm-json/Azure__azure-spring-apps-landing-zone-accelerator__deploy.json',
  variants: [
    {
      name: "without any flag: the virtual machines' network is not taken for the cluster",
      exit: 0,
      sources: ['10.1.0.0/23'],
      verdicts: {
        ...coreAll('covered'),
        'acs-mirror.azureedge.net': 'covered',
        ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'missing' as const])),
        'id:core/api-server-by-ip': 'covered',
      },
      warnings: [
        ...each('missing-recommended', UBUNTU),
        finding('broad-service-tag', 'AzureCloud', `${network(2, 0)}destinationAddresses/0`),
        finding('unneeded-entry', 'AzureCloud', `${network(2, 1)}destinationAddresses/0`),
        finding('unneeded-entry', 'AzureCloud', `${network(2, 2)}destinationAddresses/0`),
        finding('unneeded-entry', '*', `${network(2, 5)}destinationAddresses/0`),
        finding('unneeded-entry', 'github.com', `${application(6)}targetFqdns/0`),
        finding('unneeded-entry', '*.docker.io', `${application(7)}targetFqdns/0`),
        finding('unneeded-entry', '*.docker.com', `${application(7)}targetFqdns/1`),
        finding('unneeded-entry', 'api.snapcraft.io', `${application(8)}targetFqdns/0`),
        finding('unneeded-entry', 'database.clamav.net', `${application(9)}targetFqdns/0`),
        finding('unneeded-entry', 'motd.ubuntu.com', `${application(10)}targetFqdns/0`),
        finding('unneeded-entry', 'crl.microsoft.com', `${application(11)}targetFqdns/0`),
        finding('unneeded-entry', 'mscrl.microsoft.com', `${application(11)}targetFqdns/1`),
        finding('unneeded-entry', 'crl3.digicert.com', `${application(12)}targetFqdns/0`),
        finding('unneeded-entry', 'crl4.digicert.com', `${application(12)}targetFqdns/1`),
      ],
      among: [
        finding('retired-endpoint', '*.cdn.mscr.io', `${application(3)}targetFqdns/0`),
        finding('retired-endpoint', 'acs-mirror.azureedge.net', `${application(5)}targetFqdns/1`),
        finding(NEEDLESS, 'AzureContainerRegistry', `${network(2, 3)}destinationAddresses/0`),
        finding(NEEDLESS, 'Storage', `${network(2, 4)}destinationAddresses/0`),
        // In the tag of the first application rule, for the same subnets and service.
        // And the API servers (*.azmk8s.io) are in AzureCloud, which the network rule 'SpringMgmt' has opened before.
        finding('redundant-rule', 'AllowKubMgmt', application(1).slice(0, -1)),
        finding('redundant-rule', 'AllowMCR'),
        finding('redundant-rule', 'AllowAzureAd'),
      ],
      never: [
        { at: `${FIREWALL}/networkRuleCollections/0` },
        { at: `${FIREWALL}/networkRuleCollections/1` },
        { check: 'fqdn-rule-needs-dns-proxy' },
        { check: 'unresolved-expression' },
      ],
    },
    {
      name: 'for the two subnets by flag, and a region: the same rules, none of them for too many',
      flags: ['--source', '10.1.0.0/24', '--source', '10.1.1.0/24', '--region', 'eastus'],
      exit: 0,
      sources: ['10.1.0.0/23'],
      region: 'eastus',
      verdicts: { ...coreAll('covered'), '*.hcp.eastus.azmk8s.io': 'covered' },
      never: [{ check: 'broad-source' }],
    },
    {
      name: 'for the whole spoke: the other subnets are not let out',
      flags: ['--source', '10.1.0.0/16'],
      exit: 1,
      verdicts: coreAll('partial'),
      errors: [...each('partially-covered', CORE), finding('partially-covered', '*.hcp.<region>.azmk8s.io')],
    },
  ],
};
