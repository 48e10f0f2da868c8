import type { Level } from '../../src/reporters/report.ts';

/** A mistake of real public configurations, and the finding that a reviewer wants. Written before the tool judged them. */
export interface Mistake {
  /** Of fixtures/mistakes. */
  readonly file: string;
  /** The rest of the sentence "it reports …". */
  readonly name: string;
  readonly flags?: readonly string[];
  readonly findings: readonly Expected[];
}

export interface Expected {
  readonly check: string;
  readonly level: Level;
  /** The source text that the finding points to. */
  readonly token: string;
  readonly pointer: string;
  readonly words: readonly RegExp[];
}

const RULES = '/resources/1/properties/ruleCollections';

export const MISTAKES: readonly Mistake[] = [
  {
    file: 'azurecloud-with-asterisk-as-tag.json',
    name: 'AzureCloud.* as a service tag that does not exist',
    findings: [
      {
        check: 'unknown-service-tag',
        level: 'error',
        token: '"AzureCloud.*"',
        pointer: `${RULES}/0/rules/0/destinationAddresses/0`,
        words: [/'AzureCloud\.\*'/, /no service tag/],
      },
    ],
  },
  {
    file: 'fqdn-tag-as-service-tag.json',
    name: 'the FQDN tag AzureKubernetesService where a network rule takes service tags',
    findings: [
      {
        check: 'unknown-service-tag',
        level: 'error',
        token: '"AzureKubernetesService"',
        pointer: `${RULES}/0/rules/0/destinationAddresses/0`,
        words: [/'AzureKubernetesService'/, /'aks-control-plane'/, /FQDN tag|fqdnTags/],
      },
    ],
  },
  {
    file: 'fqdn-tag-among-names.json',
    name: 'the FQDN tag AzureKubernetesService among the names of a rule',
    findings: [
      {
        check: 'unknown-service-tag',
        level: 'error',
        token: '"AzureKubernetesService"',
        pointer: `${RULES}/0/rules/0/targetFqdns/0`,
        words: [/host name/, /fqdnTags/],
      },
    ],
  },
  {
    file: 'ntp-host-with-hyphen.json',
    name: 'ntp-ubuntu.com as a typing error of ntp.ubuntu.com',
    findings: [
      {
        check: 'misspelled-endpoint',
        level: 'warning',
        token: '"ntp-ubuntu.com"',
        pointer: `${RULES}/0/rules/0/destinationFqdns/0`,
        words: [/'ntp-ubuntu\.com'/, /'ntp\.ubuntu\.com'/],
      },
    ],
  },
  {
    file: 'ubuntu-archive-misspelled.json',
    name: 'archieve.ubuntu.com as a typing error, and the archive that nodes miss',
    findings: [
      {
        check: 'misspelled-endpoint',
        level: 'warning',
        token: '"archieve.ubuntu.com"',
        pointer: `${RULES}/0/rules/1/targetFqdns/1`,
        words: [/'azure\.archive\.ubuntu\.com'/],
      },
      {
        check: 'missing-recommended',
        level: 'warning',
        token: '"archieve.ubuntu.com"',
        pointer: `${RULES}/0/rules/1/targetFqdns/1`,
        words: [/'azure\.archive\.ubuntu\.com' on HTTP 80/],
      },
    ],
  },
  {
    file: 'registry-wildcard-without-dot.json',
    name: '*mcr.microsoft.com as a pattern that strangers can match',
    findings: [
      {
        check: 'dotless-wildcard',
        level: 'warning',
        token: '"*mcr.microsoft.com"',
        pointer: `${RULES}/0/rules/0/targetFqdns/1`,
        words: [/'\*mcr\.microsoft\.com'/, /dot/],
      },
    ],
  },
  {
    file: 'ubuntu-security-on-443-only.json',
    name: 'security.ubuntu.com on 443, which nodes read over HTTP 80',
    findings: [
      {
        check: 'missing-recommended',
        level: 'warning',
        token: '443',
        pointer: `${RULES}/0/rules/2/protocols/0/port`,
        words: [/'security\.ubuntu\.com' on HTTP 80/, /'ubuntu-security'/, /443 only/],
      },
    ],
  },
  {
    file: 'key-vault-without-its-vaults.json',
    name: 'vault.azure.net, which is no vault',
    flags: ['--feature', 'key-vault-csi'],
    findings: [
      {
        check: 'apex-not-covered',
        level: 'warning',
        token: '"vault.azure.net"',
        pointer: `${RULES}/0/rules/2/targetFqdns/0`,
        words: [/'vault\.azure\.net'/, /'\*\.vault\.azure\.net'/],
      },
      {
        check: 'missing-required',
        level: 'error',
        token: '"vault.azure.net"',
        pointer: `${RULES}/0/rules/2/targetFqdns/0`,
        words: [/'\*\.vault\.azure\.net' on HTTPS 443/, /secrets-store-csi/],
      },
    ],
  },
  {
    file: 'literal-ntp-addresses.json',
    name: 'literal addresses that time servers had once',
    findings: ['91.189.89.198', '91.189.89.199', '91.189.94.4', '91.189.91.157'].map((address, index) => ({
      check: 'retired-endpoint',
      level: 'note',
      token: `"${address}"`,
      pointer: `/resources/0/properties/networkRuleCollections/0/properties/rules/0/destinationAddresses/${index}`,
      words: [/ntp\.ubuntu\.com/, /March 2021/],
    })),
  },
  {
    file: 'regional-names-of-another-region.json',
    name: "another region's API server beside a location parameter, for the region that is given",
    flags: ['--region', 'westeurope'],
    findings: [
      {
        check: 'wrong-region-endpoint',
        level: 'warning',
        token: '"*.hcp.eastus2.azmk8s.io"',
        pointer: `${RULES}/1/rules/0/targetFqdns/0`,
        words: [/eastus2/, /'\*\.hcp\.westeurope\.azmk8s\.io'/],
      },
      {
        check: 'missing-required',
        level: 'error',
        token: '"*.hcp.eastus2.azmk8s.io"',
        pointer: `${RULES}/1/rules/0/targetFqdns/0`,
        words: [/'\*\.hcp\.westeurope\.azmk8s\.io' on HTTPS 443/],
      },
    ],
  },
  {
    file: 'network-rule-any-on-443.json',
    name: 'a network rule that decides before every name',
    findings: [
      {
        check: 'broad-destination',
        level: 'warning',
        token: '"*"',
        pointer: '/resources/0/properties/networkRuleCollections/0/properties/rules/0/destinationAddresses/0',
        words: [/'any-https'/, /every destination/, /before all application rules/],
      },
      {
        check: 'redundant-rule',
        level: 'note',
        token: '"aks-core"',
        pointer: '/resources/0/properties/applicationRuleCollections/0/properties/rules/0',
        words: [/'aks-core'/, /'any-https'/],
      },
    ],
  },
  {
    file: 'registry-cdn-of-2019.json',
    name: '*.cdn.mscr.io as retired',
    findings: [
      {
        check: 'retired-endpoint',
        level: 'note',
        token: '"*.cdn.mscr.io"',
        pointer: `${RULES}/0/rules/0/targetFqdns/7`,
        words: [/'\*\.cdn\.mscr\.io'/, /'\*\.data\.mcr\.microsoft\.com'/],
      },
    ],
  },
  {
    file: 'tunnel-of-old-clusters.json',
    name: '*.tun.* and the ports of the old tunnel outside of China',
    findings: [
      {
        check: 'unneeded-entry',
        level: 'warning',
        token: '"AzureCloud.westeurope"',
        pointer: `${RULES}/0/rules/0/destinationAddresses/0`,
        words: [/TCP 22/, /TCP 9000/, /'tunnel-front'/],
      },
      {
        check: 'retired-endpoint',
        level: 'note',
        token: '"*.tun.westeurope.azmk8s.io"',
        pointer: `${RULES}/1/rules/1/targetFqdns/0`,
        words: [/tun/],
      },
    ],
  },
  {
    file: 'comments-inside-arrays.json',
    name: 'a host that was commented out, in a file that JSON.parse refuses',
    findings: [
      {
        check: 'missing-required',
        level: 'error',
        token: '"targetFqdns"',
        pointer: `${RULES}/0/rules/0/targetFqdns`,
        words: [/'management\.azure\.com' on HTTPS 443/],
      },
    ],
  },
  {
    file: 'group-behind-a-false-condition.json',
    name: 'hosts that only a group allows whose condition is false',
    findings: ['packages.microsoft.com', 'packages.aks.azure.com'].map((host) => ({
      check: 'missing-required',
      level: 'error',
      token: '"targetFqdns"',
      pointer: `${RULES}/0/rules/0/targetFqdns`,
      words: [new RegExp(`'${host.replaceAll('.', '\\.')}'`)],
    })),
  },
];
