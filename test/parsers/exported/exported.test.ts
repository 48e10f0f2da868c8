import { describe, expect, test } from 'vitest';
import { collection, networkRule, parse, policyOf, showRule } from '../inputs.ts';

const FIXTURES = 'fixtures/azure-firewall';

/** The policy of all fixtures here, read off by hand. */
const RULES = [
  'network allow aks-egress/network/time | 10.240.0.0/23 10.240.2.0/23 | network-fqdn:ntp.ubuntu.com | UDP 123',
  'network allow aks-egress/network/tunnel | 10.241.0.0/24 | service-tag:AzureCloud.westeurope 20.50.0.10-20.50.0.20 | TCP 1194 TCP 9000-9001 UDP 1194 UDP 9000-9001',
  'application deny aks-egress/blocked/no-uploads | * | fqdn:upload.example.com | HTTPS 443',
  'application allow aks-egress/names/aks-tag | 10.240.0.0/23 10.240.2.0/23 | fqdn-tag:AzureKubernetesService | HTTP 80 HTTPS 443',
  'application allow aks-egress/names/registry | 10.240.0.0/23 10.240.2.0/23 | fqdn:mcr.microsoft.com fqdn:*.data.mcr.microsoft.com | HTTPS 443',
];

describe('one policy in every form that Azure prints', () => {
  test.each([
    [
      'REST answers',
      'rest-list',
      'yes',
      ['rest/policy.json', 'rest/rule-collection-groups.json', 'rest/ip-group.json'],
    ],
    [
      'a REST answer of one group, which has no type',
      'arm-resource',
      'yes',
      ['rest/policy.json', 'rest/rule-collection-group.json', 'rest/ip-group.json'],
    ],
    ['Resource Graph rows', 'resource-graph', 'yes', ['resource-graph/rows.json']],
    ['the answer of a Resource Graph query', 'resource-graph', 'yes', ['resource-graph/answer.json']],
    [
      'az … -o json',
      'az-cli',
      'yes',
      ['az-cli/policy-show.json', 'az-cli/rule-collection-group-list.json', 'az-cli/ip-group-show.json'],
    ],
    [
      'PowerShell objects',
      'powershell',
      'unknown',
      ['powershell/policy.json', 'powershell/rule-collection-group.json', 'powershell/ip-group.json'],
    ],
    ['a what-if result', 'what-if', 'yes', ['what-if/changes.json']],
    ['a portal export', 'arm-template', 'unknown', ['portal-export/template.json', 'rest/ip-group.json']],
  ])('%s', (_form, format, attached, files) => {
    const sources = files.map((name) => `${FIXTURES}/${name}`);
    const policy = policyOf(sources);
    expect(policy.rules.map(showRule)).toEqual(RULES);
    expect(policy).toMatchObject({
      name: 'hub-policy',
      tier: 'Standard',
      dnsProxy: 'on',
      threatIntel: 'Deny',
      attached,
      chain: ['hub-policy'],
      ties: [],
      unknowns: [],
    });
    const { inputs, notes } = parse(sources);
    expect(inputs.some((input) => input.format === format)).toBe(true);
    expect(inputs.reduce((sum, input) => sum + input.rules, 0)).toBe(5);
    expect(inputs.map(({ unresolved }) => unresolved)).toEqual(inputs.map(() => 0));
    expect(notes).toEqual([]);
  });

  test('the id of a policy is its resource id where the export tells it', () => {
    expect(policyOf([`${FIXTURES}/resource-graph/rows.json`]).id).toMatch(
      /^\/subscriptions\/.*\/firewallpolicies\/hub-policy$/,
    );
    expect(policyOf([`${FIXTURES}/portal-export/template.json`]).id).toBe('hub-policy');
  });

  test('the portal export alone names the IP group that lies in another resource group', () => {
    const policy = policyOf([`${FIXTURES}/portal-export/template.json`]);
    expect(policy.unknowns.map(({ reason, supply }) => [reason, supply])).toEqual([
      ["IP group 'aks-nodes' is not in the input", "add the file that defines IP group 'aks-nodes'"],
    ]);
  });
});

/** A collection of one rule as PowerShell prints it, one field of it otherwise. */
function cutRule(more: object): object {
  const rule = {
    Name: 'r',
    RuleType: 'ApplicationRule',
    Protocols: [{ ProtocolType: 'Https', Port: 443 }],
    SourceAddresses: ['10.240.0.0/22'],
    TargetFqdns: ['mcr.microsoft.com'],
    ...more,
  };
  return { Name: 'c', Priority: 100, Action: { Type: 'Allow' }, Rules: [rule] };
}

describe('parts and odd shapes', () => {
  test('the collections of a group alone', () => {
    const policy = policyOf([`${FIXTURES}/az-cli/collection-list.json`]);
    expect(policy.rules.map(({ id }) => id)).toEqual([
      'network/time',
      'network/tunnel',
      'names/aks-tag',
      'names/registry',
    ]);
  });

  test('a request body without id and type', () => {
    const body = {
      properties: { priority: 200, ruleCollections: [collection('c', 100, 'Allow', [networkRule('1')])] },
    };
    expect(policyOf([['body.json', body]]).rules.map(({ id }) => id)).toEqual(['c/1']);
  });

  test('a resource as templates write it, with expressions', () => {
    const resource = {
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      apiVersion: '2024-05-01',
      name: "[concat('hub', '/g')]",
      properties: {
        priority: '[add(100, 100)]',
        ruleCollections: [collection('c', 100, 'Allow', [networkRule('1')])],
      },
    };
    const policy = policyOf([['resource.json', [resource]]]);
    expect(policy.name).toBe('hub');
    expect(policy.rules[0]?.order).toEqual([0, 200, 100, 0]);
    expect(policy.rules[0]?.place.pointer).toBe('/0/properties/ruleCollections/0/rules/0');
  });

  test('the table form of Resource Graph', () => {
    const answer = {
      data: {
        columns: [{ name: 'id' }, { name: 'type' }, { name: 'name' }, { name: 'properties' }],
        rows: [
          [
            '/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/hub/ruleCollectionGroups/g',
            'microsoft.network/firewallpolicies/rulecollectiongroups',
            'g',
            { priority: 200, ruleCollections: [collection('c', 100, 'Allow', [networkRule('1')])] },
          ],
        ],
      },
    };
    const policy = policyOf([['answer.json', answer]]);
    expect(policy.name).toBe('hub');
    expect(policy.rules[0]?.place.pointer).toBe('/data/rows/0/3/ruleCollections/0/rules/0');
  });

  test('a classic firewall, flattened', () => {
    const policy = policyOf([
      [
        'firewall.json',
        {
          id: '/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/azureFirewalls/fw',
          name: 'fw',
          type: 'Microsoft.Network/azureFirewalls',
          'Network.DNS.EnableProxy': 'true',
          applicationRuleCollections: [],
          networkRuleCollections: [
            {
              name: 'net',
              priority: 200,
              action: { type: 'Allow' },
              rules: [{ ...networkRule('1'), protocols: ['UDP'], ipProtocols: [] }],
            },
          ],
        },
      ],
    ]);
    expect(policy).toMatchObject({ kind: 'azureFirewall', dnsProxy: 'on' });
    expect(policy.rules[0]?.services[0]?.protocol).toBe('UDP');
  });

  test('an export that ConvertTo-Json cut off asks for more depth instead of being read as empty', () => {
    const cut = {
      Name: 'g',
      Properties: {
        Priority: 200,
        RuleCollection: [
          {
            Action: { Type: 'Allow' },
            Name: 'c',
            Priority: 100,
            Rules: ['Microsoft.Azure.Commands.Network.Models.PSAzureFirewallPolicyNetworkRule'],
          },
        ],
        Id: '/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/hub/ruleCollectionGroups/g',
      },
    };
    const { policies, notes } = parse([['cut.json', cut]]);
    expect(policies[0]?.rules.every(({ opaque }) => opaque !== undefined)).toBe(true);
    expect(notes.map(({ message }) => message)).toEqual([
      'PowerShell cut this export off; repeat it with ConvertTo-Json -Depth 100',
    ]);
  });

  test.each([
    ['the group', 'Microsoft.Azure.Commands.Network.Models.PSAzureFirewallPolicyRuleCollectionGroup'],
    [
      'a collection',
      { RuleCollection: ['Microsoft.Azure.Commands.Network.Models.PSAzureFirewallPolicyFilter'] },
    ],
    ['the collections', { RuleCollection: 'System.Collections.Generic.List`1[Microsoft.Azure.Commands]' }],
    [
      'a list of names',
      { RuleCollection: [cutRule({ TargetFqdns: 'mcr.microsoft.com *.data.mcr.microsoft.com' })] },
    ],
    ['a list of sources', { RuleCollection: [cutRule({ SourceAddresses: 'System.Object[]' })] }],
    ['a protocol', { RuleCollection: [cutRule({ Protocols: ['@{ProtocolType=Https; Port=443}'] })] }],
  ])('an export that was cut off at %s leaves every verdict open', (_title, properties) => {
    const Id =
      '/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/hub/ruleCollectionGroups/g';
    const Properties = typeof properties === 'string' ? properties : { Priority: 200, ...properties };
    const policy = policyOf([['cut.json', { Name: 'g', Id, Properties }]]);
    const opaque = policy.rules.filter((rule) => rule.opaque !== undefined);
    expect(opaque.map(({ stage }) => stage).sort()).toEqual(['application', 'network']);
    expect(policy.unknowns.map(({ reason }) => reason)).toContain(
      'PowerShell cut this export off; repeat it with ConvertTo-Json -Depth 100',
    );
  });

  test('a PowerShell export with single values where there may be lists is whole', () => {
    const policy = policyOf([
      [
        'g.json',
        {
          Name: 'hub/g',
          Properties: { Priority: 200, RuleCollection: [cutRule({ TargetFqdns: 'mcr.microsoft.com' })] },
        },
      ],
    ]);
    expect(policy.rules.map(showRule)).toEqual([
      'application allow g/c/r | 10.240.0.0/22 | fqdn:mcr.microsoft.com | HTTPS 443',
    ]);
  });

  test('an empty list of groups beside a policy is fine', () => {
    expect(policyOf([`${FIXTURES}/az-cli/collection-list.json`, ['groups.json', []]]).rules).toHaveLength(4);
  });
});
