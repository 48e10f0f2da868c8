import { CORE, coreAll, each, finding, type Expectation } from './expectation.ts';

/**
 * Firewalls that are not meant for a cluster, templates whose rules come from parameters, and firewalls without rules.
 * What they have in common: the tool says what it could not judge, and "everything is missing" about none.
 */

const NO_RULES = { check: 'missing-required' } as const;

/** Of WVDHostPoolIPGroup, to be overwritten before the template can be deployed. */
const PLACEHOLDERS = ['xx.xx.xx.xx-xx.xx.xx.xx', 'yy.yy.yy.yy-yy.yy.yy.yy', 'zz.zz.zz.zz', 'xx.xx.xx.xx/yy'];

/** Microsoft's workshop, twice: rules for three networks of servers, all by literal IP groups; TLS inspection. */
const WORKSHOP: Expectation['variants'] = [
  {
    // 'spoke1-to-OWASPJuiceShopAndMicrosoft' has *.microsoft.com, which holds mcr.microsoft.com: the only sign of a cluster
    // besides '*', and enough to judge its sources. Web categories are no permission for any name; which hosts Microsoft
    // puts into "search engines and portals" is not published, so that the names left over are not missing for certain.
    name: 'without any flag: the servers that may reach *.microsoft.com are judged, and named',
    exit: 1,
    sources: ['10.0.100.0/27'],
    verdicts: {
      'mcr.microsoft.com': 'covered',
      'packages.microsoft.com': 'covered',
      'id:core/api-server': 'unknown',
      'management.azure.com': 'unknown',
      'login.microsoftonline.com': 'unknown',
      'packages.aks.azure.com': 'unknown',
    },
    errors: each('allowed-but-broken-tls-inspection', [
      'mcr.microsoft.com',
      '*.data.mcr.microsoft.com',
      'packages.microsoft.com',
    ]),
    among: each('unknown-coverage', [
      'management.azure.com',
      'login.microsoftonline.com',
      'packages.aks.azure.com',
    ]),
  },
  {
    name: "for the servers of spoke 2, whose rule 'spoke2-to-docker' opens every name with TLS inspection",
    flags: ['--source', '10.0.200.0/28', '--region', 'westeurope'],
    exit: 1,
    verdicts: coreAll('covered'),
    errors: each('allowed-but-broken-tls-inspection', [...CORE, '*.hcp.westeurope.azmk8s.io']),
    among: [finding('broad-destination', 'spoke2-to-docker')],
  },
];

export const withoutAks: readonly Expectation[] = [
  { file: 'arm-json/Azure__Azure-Network-Security__labdeployment.json', variants: WORKSHOP },
  { file: 'bicep-compiled/Azure__Azure-Network-Security__Labs.json', variants: WORKSHOP },
  {
    // Sources are placeholders (xx.xx.xx.xx), which are no addresses.
    file: 'arm-json/Azure__Azure-Network-Security__wvd-azuredeploy.json',
    variants: [
      {
        name: 'without any flag: no cluster can be told from virtual desktops with placeholder addresses',
        exit: 1,
        sources: [],
        errors: each('invalid-rule', PLACEHOLDERS),
        among: [finding('no-cluster-sources', 'WVDFirewallPolicy')],
        never: [NO_RULES],
      },
      {
        name: 'for a cluster that somebody puts behind it: nothing that it needs is allowed',
        flags: ['--source', '10.9.0.0/24', '--region', 'westeurope'],
        exit: 1,
        verdicts: coreAll('missing'),
        errors: [
          ...each('missing-required', [...CORE, '*.hcp.westeurope.azmk8s.io']),
          ...each('invalid-rule', PLACEHOLDERS),
        ],
      },
    ],
  },
  {
    // One lab network, 10.0.24.0/24, may do anything; the others may search the web.
    file: 'arm-json/Azure__Azure-Network-Security__netsec-lab-firewall.json',
    variants: [
      {
        name: 'without any flag: the network that may do anything is judged; all is covered, all too wide',
        exit: 0,
        sources: ['10.0.24.0/24'],
        verdicts: coreAll('covered'),
        among: [
          finding('broad-destination', 'DefendTheFlag'),
          finding('broad-port', 'DefendTheFlag'),
          finding('redundant-rule', 'DTF-InternetAccess'),
        ],
      },
    ],
  },
  {
    file: 'arm-json/Azure__Enterprise-Scale__hubspoke-connectivity.json',
    variants: [
      {
        name: 'without any flag: hub and firewall are off by default, which is said',
        exit: 3,
        says: /deploys no firewall policy.*--parameters/,
      },
      {
        name: 'with the firewall switched on: a policy without rules denies everything, which is said once',
        parameters: {
          topLevelManagementGroupPrefix: 'contoso',
          addressPrefix: '10.100.0.0/16',
          location: 'westeurope',
          enableHub: 'vhub',
          enableAzFw: 'Yes',
          enableAzFwDnsProxy: 'No',
          connectivitySubscriptionId: '00000000-0000-0000-0000-000000000000',
          subnetMaskForAzFw: '10.100.0.0/24',
        },
        exit: 0,
        sources: [],
        warnings: [finding('no-rules', 'afwp-contoso-prod-westeurope')],
        never: [NO_RULES],
      },
    ],
  },
  {
    file: 'arm-json/bridgecrewio__checkov__CKV_AZURE_216.fail.json',
    variants: [
      {
        name: 'without any flag: a firewall without rules denies everything, which is said once',
        exit: 0,
        sources: [],
        warnings: [finding('no-rules', 'fail')],
        never: [NO_RULES],
      },
    ],
  },
  {
    // Port 80 to www.microsoft.com and TCP 8000-8999 to anywhere; the old tunnel's 9000 is just outside.
    file: 'bicep-compiled/Azure__bicep__azfw-zones-main.json',
    variants: [
      {
        name: 'without any flag: no rule is for an AKS endpoint',
        exit: 0,
        sources: [],
        among: [{ check: 'no-cluster-sources', what: /./ }],
        never: [NO_RULES],
      },
      {
        name: 'for a cluster in its network: the rule for ports 8000-8999 is for nobody',
        flags: ['--source', '10.0.0.0/24', '--region', 'westeurope'],
        exit: 1,
        verdicts: coreAll('missing'),
        errors: each('missing-required', [...CORE, '*.hcp.westeurope.azmk8s.io']),
        among: [finding('unneeded-entry', 'netRule1'), finding('unneeded-entry', 'www.microsoft.com')],
      },
    ],
  },
  {
    // Key management for Windows, and Windows Update by tag.
    file: 'bicep-compiled/Azure__bicep__azfwpolicy.json',
    variants: [
      {
        name: 'without any flag: no rule is for an AKS endpoint',
        exit: 0,
        sources: [],
        among: [{ check: 'no-cluster-sources', what: /./ }],
        never: [NO_RULES],
      },
    ],
  },
  {
    file: 'bicep-compiled/Azure__aca-landing-zone-accelerator__aca-main.json',
    variants: [
      {
        // Container Apps: tags and names for the registry, sign-in and Key Vault; hosts of environment().suffixes.storage.
        name: 'without any flag: the registry and sign-in are covered, the rest of AKS is not',
        exit: 1,
        verdicts: {
          'mcr.microsoft.com': 'covered',
          '*.data.mcr.microsoft.com': 'covered',
          'login.microsoftonline.com': 'covered',
        },
        // Whether the front door's or another tag holds their addresses is open; no rule names them.
        errors: each(
          ['missing-required', 'covered-only-by-address'],
          [/azmk8s\.io/, 'management.azure.com', 'packages.microsoft.com', 'packages.aks.azure.com'],
        ),
        among: [
          ...each('unneeded-entry', ['github.com', '*.nuget.org', 'dev.azure.com']),
          finding('unneeded-entry', '*.blob.core.windows.net'),
        ],
      },
    ],
  },
  {
    // A landing zone: four network rules by tag for a supernet, no names.
    file: 'bicep-compiled/Azure__missionlz__mlz.json',
    variants: [
      {
        name: 'without any flag: rules for landing zones are not taken for a cluster',
        exit: 0,
        sources: [],
        among: [{ check: 'no-cluster-sources', what: /./ }],
        never: [NO_RULES],
      },
      {
        // The article's names for US Government, on rules by tag: Azure Resource Manager and sign-in are in theirs.
        name: 'for a cluster in US Government behind it: images and packages are missing',
        flags: ['--cloud', 'AzureUSGovernment', '--region', 'usgovvirginia', '--source', '10.0.130.0/24'],
        exit: 1,
        verdicts: {
          'management.usgovcloudapi.net': 'covered',
          'login.microsoftonline.us': 'covered',
        },
        errors: each('missing-required', [
          '*.hcp.usgovvirginia.cx.aks.containerservice.azure.us',
          'mcr.microsoft.com',
          '*.data.mcr.microsoft.com',
          'packages.microsoft.com',
          'packages.aks.azure.com',
        ]),
      },
    ],
  },
  {
    // Rules go to the policy of an existing hub, whose name is only known to Azure.
    file: 'bicep-compiled/Azure__missionlz__avd-solution.json',
    // They name Azure Resource Manager and sign-in, by environment(), for the desktops' network: judged, and named.
    variants: [
      {
        name: 'without any flag: what the hub has besides is not known, so that nothing is called missing',
        exit: 0,
        cloud: 'AzureCloud',
        sources: ['10.0.140.0/23'],
        verdicts: {
          'mcr.microsoft.com': 'unknown',
          'id:core/api-server': 'unknown',
          'packages.aks.azure.com': 'unknown',
        },
        never: [NO_RULES],
      },
    ],
  },
  ...[
    'bicep-compiled/Azure__bicep-registry-modules__avm-firewall-policy-main.json',
    'bicep-compiled/Azure__bicep-registry-modules__avm-rcg-main.json',
    'bicep-compiled/Azure__bicep-registry-modules__avm-azure-firewall-main.json',
    'bicep-compiled/Azure__ResourceModules__carml-azure-firewall-main.json',
  ].map((file): Expectation => ({
    file,
    variants: [
      {
        name: 'without any flag: its rules are parameters, which is said',
        exit: 0,
        sources: [],
        warnings: [{ check: 'no-rules', what: /./ }],
        never: [NO_RULES],
      },
    ],
  })),
  {
    // Hubs are copied over an object that is null by default: no hub, no firewall.
    file: 'bicep-compiled/Azure__bicep-registry-modules__avm-hub-networking-main.json',
    variants: [
      {
        name: 'without any flag: nothing is deployed, which is said',
        exit: 3,
        says: /--parameters/,
      },
    ],
  },
];
