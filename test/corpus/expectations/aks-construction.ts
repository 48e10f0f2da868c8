import { UBUNTU, coreAll, finding, NEEDLESS, type Expectation, type Variant } from './expectation.ts';

/**
 * Three generations of one template. The firewall stands in a nested deployment (inner scope) behind the condition
 * [and(parameters('azureFirewalls'), parameters('custom_vnet'))], both false by default. Switched on: 9000, 22 and 1194 to
 * AzureCloud of the location, AzureMonitor on 443, and the AzureKubernetesService tag on HTTPS 443 and HTTP 80. The nodes
 * are the parameter vnetAksSubnetAddressPrefix. Extra rules for cert-manager and registry agents are off.
 */
const ON = { resourceName: 'az-k8s', azureFirewalls: true, custom_vnet: true };

const OFF: Variant = {
  name: 'without any flag: nothing is deployed, which is said',
  exit: 3,
  says: /deploys no firewall policy.*--parameters/,
};

const VERDICTS = {
  ...coreAll('covered'),
  'mcr-0001.mcr-msedge.net': 'covered',
  // In the tag or not, nobody has shown it.
  ...Object.fromEntries(UBUNTU.map((host) => [`${host} HTTP 80`, 'unknown' as const])),
} as const;

/** Nothing opens 443 to the API server's address, which pods may use. */
const API_SERVER = finding('missing-if-applicable', /TCP 443/);

/** The properties of these clusters come from an object that cannot be evaluated, so any feature may be on. */
const ANY_FEATURE = [
  '*.cloud.defender.microsoft.com',
  '*.vault.azure.net',
  'data.policy.core.windows.net',
  'store.policy.core.windows.net',
  'go.microsoft.com',
  '*.mp.microsoft.com',
  'www.msftconnecttest.com',
  'ctldl.windowsupdate.com',
].map((host) => finding('missing-if-applicable', host));

const EXPRESSION =
  '/resources/28/properties/template/resources/4/properties/ruleCollections/0/rules' as const;

const CLUSTER = '/resources/18';

/** No outbound type, so a load balancer; and the only route to the firewall is for the half 0.0.0.0/1 of all addresses. */
const BYPASS = finding(
  'outbound-type-bypasses-firewall',
  /outbound type loadBalancer and no default route/,
  CLUSTER,
);

export const compiledMain: Expectation = {
  file: 'bicep-compiled/Azure__AKS-Construction__compiled-main.json',
  variants: [
    OFF,
    {
      name: 'with the firewall switched on, in West Europe: the tunnel ports are needless',
      parameters: { ...ON, location: 'westeurope' },
      exit: 0,
      sources: ['10.240.0.0/22'],
      region: 'westeurope',
      verdicts: { ...VERDICTS, '*.hcp.westeurope.azmk8s.io': 'covered' },
      // The rules come out of one concat(createArray(createObject(…))).
      warnings: [
        API_SERVER,
        finding('unneeded-entry', 'ControlPlaneTCP', EXPRESSION),
        finding('unneeded-entry', 'ControlPlaneUDP', EXPRESSION),
        BYPASS,
      ],
      among: [finding(NEEDLESS, 'AzureMonitor', EXPRESSION)],
      never: [{ what: 'certman-quay' }, { what: 'acr-agentpool' }, { check: 'unresolved-expression' }],
    },
    {
      name: 'with the firewall switched on, wherever the resource group is: the region is equal to itself',
      parameters: ON,
      exit: 0,
      sources: ['10.240.0.0/22'],
      verdicts: VERDICTS,
      warnings: [
        API_SERVER,
        finding('unneeded-entry', 'ControlPlaneTCP'),
        finding('unneeded-entry', 'ControlPlaneUDP'),
        BYPASS,
      ],
    },
    {
      name: 'with cert-manager rules on: those are workload',
      parameters: { ...ON, location: 'westeurope', certManagerFW: true },
      exit: 0,
      verdicts: VERDICTS,
      warnings: [
        API_SERVER,
        finding('unneeded-entry', 'ControlPlaneTCP'),
        finding('unneeded-entry', 'ControlPlaneUDP'),
        finding('unneeded-entry', 'quay.io'),
        finding('unneeded-entry', '*.quay.io'),
        finding('unneeded-entry', 'letsencrypt.org'),
        finding('unneeded-entry', '*.letsencrypt.org'),
        BYPASS,
      ],
      // No DNS zone is given.
      never: [{ what: 'certman-appDnsZoneName' }],
    },
    {
      name: 'with the firewall switched on, for a monitored private cluster: nothing is missing',
      parameters: { ...ON, location: 'westeurope' },
      flags: ['--profile', 'private', '--feature', 'azure-monitor'],
      exit: 0,
      verdicts: { 'mcr.microsoft.com': 'covered', 'id:azure-monitor/service-tag': 'covered' },
      // The template itself makes a cluster that is public and not monitored.
      warnings: [
        finding('unneeded-entry', 'ControlPlaneTCP'),
        finding('unneeded-entry', 'ControlPlaneUDP'),
        BYPASS,
        finding(
          'contradicts-cluster',
          /flags, the cluster is private;/,
          '/parameters/enablePrivateCluster/defaultValue',
        ),
        finding(
          'contradicts-cluster',
          /flags, .*Container Insights is on;/,
          '/variables/aks_addons/omsagent/enabled',
        ),
        finding('contradicts-cluster', /flags, .*Application Insights auto-instrumentation is on;/, CLUSTER),
        finding('contradicts-cluster', /flags, .*managed service for Prometheus is on;/, CLUSTER),
      ],
    },
  ],
};

const CLASSIC = '/resources/23/properties/template/resources/2/properties/networkRuleCollections/0';

export const bicepMain: Expectation = {
  file: 'bicep-compiled/Azure__AKS-Construction__bicep-main.json',
  variants: [
    OFF,
    {
      name: 'with the firewall switched on, in West Europe: the tunnel ports are needless',
      parameters: { ...ON, location: 'westeurope' },
      exit: 0,
      sources: ['10.240.0.0/16'],
      region: 'westeurope',
      verdicts: VERDICTS,
      warnings: [
        API_SERVER,
        ...ANY_FEATURE,
        finding('unneeded-entry', 'ControlPlaneTCP', `${CLASSIC}/properties/rules/0/destinationAddresses/0`),
        finding('unneeded-entry', 'ControlPlaneUDP', `${CLASSIC}/properties/rules/1/destinationAddresses/0`),
      ],
      // Monitoring may be on.
      never: [{ what: 'AzureMonitor' }],
    },
  ],
};

/** The sample calls the template without the two switches: its own parameters cannot turn the firewall on. */
function withoutConditions(text: string): string {
  return text.replaceAll(
    /"condition": "\[and\(parameters\('azureFirewalls'\), parameters\('custom_vnet'\)\)\]",/g,
    '',
  );
}

export const sampleApp: Expectation = {
  file: 'bicep-compiled/Azure__AKS-Construction__SampleAppMain.json',
  variants: [
    OFF,
    {
      name: 'with the conditions taken out: as its template, and GitHub for the workload',
      edit: withoutConditions,
      exit: 0,
      sources: ['10.240.0.0/22'],
      verdicts: VERDICTS,
      warnings: [
        API_SERVER,
        ...ANY_FEATURE,
        finding('unneeded-entry', 'ControlPlaneTCP'),
        finding('unneeded-entry', 'ControlPlaneUDP'),
        finding('unneeded-entry', 'github.com'),
        finding('unneeded-entry', 'raw.githubusercontent.com'),
      ],
      // Monitoring may be on.
      never: [{ what: 'AzureMonitor' }],
    },
  ],
};
