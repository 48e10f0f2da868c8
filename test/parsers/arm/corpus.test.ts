import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isParameterFile } from '../../../src/parsers/arm/parameters.ts';
import { evaluateTemplate, isTemplate } from '../../../src/parsers/arm/template.ts';
import { decodeText } from '../../../src/parsers/json/decode.ts';
import { readJson } from '../../../src/parsers/json/read.ts';
import type { Extraction } from '../../../src/parsers/resource.ts';
import type { Value } from '../../../src/parsers/value.ts';
import { plain } from './evaluating.ts';

/** Public templates; what they should yield was read in them by eye. */
const CORPUS = join(import.meta.dirname, '../../../../shared/corpus');
const FOLDERS = ['arm-json', 'bicep-compiled'];

function files(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(CORPUS, folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${folder}/${name}`),
  );
}

function read(file: string): Value {
  return readJson(file, decodeText(readFileSync(join(CORPUS, file)), file)).value;
}

function evaluateFile(file: string, parameters: Record<string, unknown> = {}): Extraction {
  const given = new Map(Object.entries(parameters).map(([name, value]) => [name, { value }]));
  const text = JSON.stringify({ parameters: Object.fromEntries(given) });
  return evaluateTemplate({
    path: file,
    root: read(file),
    parameters: [readJson('given.json', text).value],
    cloud: 'AzureCloud',
  });
}

function firewallNames(made: Extraction): [type: string, name: string][] {
  return made.resources
    .filter(({ type }) =>
      /^microsoft\.network\/(?:firewallpolicies|azurefirewalls|ipgroups)(?:\/rulecollectiongroups)?$/i.test(
        type,
      ),
    )
    .map(({ type, name }) => [type.replace('Microsoft.Network/', ''), name]);
}

/** Every rule by name; collections of classic firewalls have theirs in `properties`. */
function rulesOf(made: Extraction): Map<string, Record<string, unknown>> {
  const rules = new Map<string, Record<string, unknown>>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const entries: [string, unknown][] = Object.entries(value);
    for (const [key, inner] of entries) {
      if (key === 'rules' && Array.isArray(inner)) {
        for (const rule of inner as Record<string, unknown>[]) rules.set(String(rule.name), rule);
      } else visit(inner);
    }
  };
  for (const { type, properties } of made.resources) {
    if (/\/(?:azureFirewalls|ruleCollectionGroups)$/i.test(type)) visit(plain(properties));
  }
  return rules;
}

describe.skipIf(!existsSync(CORPUS))('public templates', () => {
  it.each(existsSync(CORPUS) ? files() : [])('%s is evaluated whole, or is a parameter file', (file) => {
    const root = read(file);
    if (!isTemplate(root)) {
      expect(isParameterFile(root)).toBe(true);
      return;
    }
    const { resources, outputs } = evaluateTemplate({ path: file, root, cloud: 'AzureCloud' });
    for (const { body, dependsOn } of resources) {
      plain(body);
      expect(dependsOn.every((name) => name === name.toLowerCase())).toBe(true);
    }
    if (outputs !== undefined) plain(outputs);
  });

  describe('aks-baseline, with comments in its lists', () => {
    const file = 'arm-json/mspnp__aks-baseline__hub-regionA.json';

    it('has two policies, four rule collection groups, a firewall and an IP group', () => {
      expect(firewallNames(evaluateFile(file))).toEqual([
        ['ipGroups', 'ipg-eastus2-AksNodepools'],
        ['firewallPolicies', 'fw-policies-base'],
        ['firewallPolicies/ruleCollectionGroups', 'fw-policies-base/DefaultNetworkRuleCollectionGroup'],
        ['firewallPolicies', 'fw-policies-eastus2'],
        ['firewallPolicies/ruleCollectionGroups', 'fw-policies-eastus2/DefaultDnatRuleCollectionGroup'],
        [
          'firewallPolicies/ruleCollectionGroups',
          'fw-policies-eastus2/DefaultApplicationRuleCollectionGroup',
        ],
        ['firewallPolicies/ruleCollectionGroups', 'fw-policies-eastus2/DefaultNetworkRuleCollectionGroup'],
        ['azureFirewalls', 'fw-eastus2'],
      ]);
    });

    it('builds hosts and service tags with the region', () => {
      const rules = rulesOf(evaluateFile(file, { location: 'westeurope' }));
      expect(rules.get('azure-monitor-addon')?.targetFqdns).toEqual([
        '*.ods.opinsights.azure.com',
        '*.oms.opinsights.azure.com',
        'westeurope.monitoring.azure.com',
      ]);
      expect(rules.get('pod-to-api-server')?.destinationAddresses).toEqual(['AzureCloud.westeurope']);
      expect(rules.get('flux-addon-runtime-requirements')?.targetFqdns).toHaveLength(8);
    });

    it('takes its node subnets from Azure, unknown but equal to themselves', () => {
      const made = evaluateFile(file, {
        nodepoolSubnetResourceIds: [
          '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/n',
        ],
      });
      const group = made.resources.find(({ type }) => type === 'Microsoft.Network/ipGroups');
      expect(group === undefined ? undefined : plain(group.properties)).toEqual({
        ipAddresses: [
          "⟦reference('/subscriptions/s/resourcegroups/r/providers/microsoft.network/virtualnetworks/v/subnets/n').addressprefix⟧",
        ],
      });
    });
  });

  it('aks-secure-baseline has one classic firewall with its rules', () => {
    const made = evaluateFile('arm-json/mspnp__aks-secure-baseline__hub-regionA.json');
    expect(firewallNames(made)).toEqual([
      ['ipGroups', 'ipg-eastus2-AksNodepools'],
      ['azureFirewalls', 'fw-eastus2'],
    ]);
    const rules = rulesOf(made);
    expect(rules.get('nodes-to-api-server')).toMatchObject({
      targetFqdns: ['*.hcp.eastus2.azmk8s.io'],
      sourceIpGroups: [
        '/subscriptions/⟦subscription().subscriptionid⟧/resourceGroups/⟦resourcegroup().name⟧/providers/Microsoft.Network/ipGroups/ipg-eastus2-AksNodepools',
      ],
    });
    expect(rules.get('ubuntu-security-patches')?.targetFqdns).toEqual([
      'security.ubuntu.com',
      'azure.archive.ubuntu.com',
      'changelogs.ubuntu.com',
    ]);
  });

  describe('AKS-Construction, whose firewall stands in a nested deployment', () => {
    const file = 'bicep-compiled/Azure__AKS-Construction__bicep-main.json';

    it('has none where it is switched off', () => {
      expect(firewallNames(evaluateFile(file, { azureFirewalls: false }))).toEqual([]);
    });

    it('has one with four rules where it is switched on', () => {
      const given = { azureFirewalls: true, custom_vnet: true, resourceName: 'demo', location: 'westeurope' };
      const made = evaluateFile(file, given);
      expect(firewallNames(made)).toEqual([['azureFirewalls', 'afw-demo']]);
      expect([...rulesOf(made).values()]).toEqual([
        {
          name: 'aks',
          protocols: [
            { port: 443, protocolType: 'Https' },
            { port: 80, protocolType: 'Http' },
          ],
          targetFqdns: [],
          fqdnTags: ['AzureKubernetesService'],
          sourceAddresses: ['10.240.0.0/16'],
        },
        {
          name: 'ControlPlaneTCP',
          protocols: ['TCP'],
          sourceAddresses: ['10.240.0.0/16'],
          destinationAddresses: ['AzureCloud.westeurope'],
          destinationPorts: ['9000', '22'],
        },
        {
          name: 'ControlPlaneUDP',
          protocols: ['UDP'],
          sourceAddresses: ['10.240.0.0/16'],
          destinationAddresses: ['AzureCloud.westeurope'],
          destinationPorts: ['1194'],
        },
        {
          name: 'AzureMonitorForContainers',
          protocols: ['TCP'],
          sourceAddresses: ['10.240.0.0/16'],
          destinationAddresses: ['AzureMonitor'],
          destinationPorts: ['443'],
        },
      ]);
    });
  });

  it('Mission Landing Zone passes rules that it computes through three deployments', () => {
    const rules = rulesOf(evaluateFile('bicep-compiled/Azure__missionlz__mlz.json'));
    // union() drops the rule that the template has twice; cidrHost(10.0.131.0/24, 3) is .4.
    expect([...rules.keys()]).toEqual(['Allow-LAW-TCP', 'Allow-AAD-TCP', 'Allow-KV-TCP', 'Allow-ARM-TCP']);
    expect(rules.get('Allow-LAW-TCP')).toEqual({
      name: 'Allow-LAW-TCP',
      ruleType: 'NetworkRule',
      ipProtocols: ['Tcp'],
      sourceAddresses: ['10.0.128.0/18'],
      destinationAddresses: ['10.0.131.4'],
      destinationPorts: ['443'],
    });
  });

  it('Mission Landing Zone in the cloud for the US government reaches its key management service', () => {
    const file = 'bicep-compiled/Azure__missionlz__mlz.json';
    const parameters = readJson('p.json', '{"deployLinuxVirtualMachine": {"value": true}}').value;
    const made = evaluateTemplate({
      path: file,
      root: read(file),
      parameters: [parameters],
      cloud: 'AzureUSGovernment',
    });
    expect(rulesOf(made).get('Allow-KMS-TCP')?.destinationFqdns).toEqual([
      'azkms.core.usgovcloudapi.net',
      'kms.core.usgovcloudapi.net',
    ]);
  });

  it('the module for firewall policies says that its rules are not given, or yields those that are', () => {
    const file = 'bicep-compiled/Azure__bicep-registry-modules__avm-firewall-policy-main.json';
    const rule = { name: 'r', ruleType: 'ApplicationRule', targetFqdns: ['mcr.microsoft.com'] };
    const group = { name: 'g', priority: 200, ruleCollections: [{ name: 'c', rules: [rule] }] };
    const made = evaluateFile(file, { name: 'hub', ruleCollectionGroups: [group] });
    expect(rulesOf(made).get('r')).toEqual(rule);
    expect(
      made.resources.map(({ type, name, existing }) => [type.split('/').at(-1), name, existing]),
    ).toEqual([
      ['firewallPolicies', 'hub', false],
      ['firewallPolicies', 'hub', true],
      ['ruleCollectionGroups', 'hub/g', false],
    ]);
    // The parameter is nullable: without it there are no groups.
    expect(evaluateFile(file, { name: 'hub' }).resources).toHaveLength(1);
  });

  it('the landing zone that keeps its rules in parameter files gives them to nobody else', () => {
    expect(
      isParameterFile(read('arm-json/ahems__AKS-Landing-Zone-Accelerator__bicep-03-parameters-main.json')),
    ).toBe(true);
  });
});
