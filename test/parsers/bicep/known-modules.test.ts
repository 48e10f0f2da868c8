import { describe, expect, it } from 'vitest';
import { destinations, policyWith, reasons, ruleFor, useFolder } from './folder.ts';

const folder = useFolder();
const collections = (host: string): string => `[
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'names'
        priority: 300
        action: { type: 'Allow' }
        rules: [ ${ruleFor(host)} ]
      }
    ]`;
const classic = `[
      {
        name: 'names'
        properties: {
          priority: 300
          action: { type: 'Allow' }
          rules: [
            {
              name: 'rule'
              sourceAddresses: [ '10.0.0.0/16' ]
              protocols: [ { protocolType: 'Https', port: 443 } ]
              targetFqdns: [ 'a.example' ]
            }
          ]
        }
      }
    ]`;

/** Calls of modules that are in no cache. */
const CALLS: readonly (readonly [module: string, text: string, rules: number])[] = [
  [
    'avm/res/network/firewall-policy',
    `module hub 'br/public:avm/res/network/firewall-policy:0.3.1' = {
  name: 'hub'
  params: {
    name: 'hub'
    tier: 'Premium'
    enableProxy: true
    ruleCollectionGroups: [
      {
        name: 'aks'
        priority: 200
        ruleCollections: ${collections("'a.example'")}
      }
    ]
  }
}
`,
    1,
  ],
  [
    'avm/res/network/firewall-policy/rule-collection-group',
    `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'hub'
}
module group 'br:mcr.microsoft.com/bicep/avm/res/network/firewall-policy/rule-collection-group:0.1.0' = {
  name: 'group'
  params: {
    firewallPolicyName: policy.name
    name: 'aks'
    priority: 200
    ruleCollections: ${collections("'a.example'")}
  }
}
`,
    1,
  ],
  [
    'avm/res/network/azure-firewall',
    `module firewall 'br/public:avm/res/network/azure-firewall:0.7.1' = {
  name: 'firewall'
  params: {
    name: 'hub'
    virtualNetworkResourceId: resourceId('Microsoft.Network/virtualNetworks', 'hub')
    applicationRuleCollections: ${classic}
  }
}
`,
    1,
  ],
  [
    'avm/ptn/network/hub-networking',
    `module hubs 'br/public:avm/ptn/network/hub-networking:0.5.0' = {
  name: 'hubs'
  params: {
    hubVirtualNetworks: {
      hub: {
        addressPrefixes: [ '10.1.0.0/16' ]
        enableAzureFirewall: true
        azureFirewallSettings: {
          applicationRuleCollections: ${classic}
        }
      }
      other: { addressPrefixes: [ '10.2.0.0/16' ], enableAzureFirewall: false }
    }
  }
}
`,
    1,
  ],
];

describe('a module that is understood from its inputs', () => {
  it.each(CALLS)(
    '%s has the rules that it is given, at the places of the call',
    async (_module, text, rules) => {
      folder.write('main.bicep', text);
      const parsed = await folder.parse({ names: ['main.bicep'] });
      expect(parsed.policies.map(({ name }) => name)).toEqual(['hub']);
      expect(parsed.policies[0]?.rules).toHaveLength(rules);
      expect(destinations(parsed)).toEqual(['a.example']);
      const place = parsed.policies[0]?.rules[0]?.destinations[0]?.place;
      expect(place?.path).toBe('main.bicep');
      expect(text.slice(place?.span?.start, place?.span?.end)).toBe("'a.example'");
      expect(parsed.inputs.map(({ path }) => path)).toEqual(['main.bicep']);
    },
  );

  it('avm/res/network/ip-group is the source of rules that use its output', async () => {
    folder.write(
      'main.bicep',
      `module nodes 'br/public:avm/res/network/ip-group:0.3.0' = {
  name: 'nodes'
  params: {
    name: 'nodes'
    ipAddresses: [ '10.0.0.0/24' ]
  }
}
${CALLS[1]?.[1].replace("sourceAddresses: [ '10.0.0.0/16' ]", 'sourceIpGroups: [ nodes.outputs.resourceId ]') ?? ''}`,
    );
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(policies[0]?.rules[0]?.sources.map(({ text }) => text)).toEqual(['10.0.0.0/24']);
  });

  it('a policy has the settings that it is given, and is the one that a firewall uses', async () => {
    folder.write(
      'main.bicep',
      `${CALLS[0]?.[1] ?? ''}module firewall 'br/public:avm/res/network/azure-firewall:0.7.1' = {
  name: 'firewall'
  params: {
    name: 'fw'
    firewallPolicyId: hub.outputs.resourceId
  }
}
`,
    );
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(
      policies.map(({ name, tier, dnsProxy, attached }) => ({ name, tier, dnsProxy, attached })),
    ).toEqual([{ name: 'hub', tier: 'Premium', dnsProxy: 'on', attached: 'yes' }]);
  });
});

it('an output that the inputs do not tell is not known, and how to know it is said', async () => {
  folder.write(
    'main.bicep',
    policyWith(
      '[ hubs.outputs.hubVirtualNetworks[0].name ]',
      CALLS[3]?.[1].replace('enableAzureFirewall: true', 'enableAzureFirewall: false') ?? '',
    ),
  );
  const parsed = await folder.parse({ names: ['main.bicep'] });
  expect(reasons(parsed)).toContain(
    "output 'hubVirtualNetworks' of module 'hubs' is not known from its inputs",
  );
});

describe('a module that nobody knows', () => {
  const POLICY = `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'hub'
}
resource group 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01' = {
  parent: policy
  name: 'own'
  properties: {
    priority: 100
    ruleCollections: ${collections("'a.example'")}
  }
}
`;
  const call = (params: string, path = 'br:x.azurecr.io/modules/extra:1'): string =>
    `${POLICY}module extra '${path}' = {\n  name: 'extra'\n  params: { ${params} }\n}\n`;

  it.each([
    ['that is given the policy', call('policyId: policy.id')],
    ['whose name speaks of rules', call("name: 'x'", 'br:x.azurecr.io/modules/firewall-rules:1')],
    ['whose inputs are rules', call('ruleCollections: []')],
  ])('and %s may hold rules of it', async (_what, text) => {
    folder.write('main.bicep', text);
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    const opaque = policies[0]?.rules.find((rule) => rule.opaque !== undefined);
    expect(opaque?.opaque?.reason).toContain("module 'extra' comes from br:x.azurecr.io/modules/");
  });

  it('and has nothing to do with rules leaves the policy as it is', async () => {
    folder.write('main.bicep', call("name: 'storage'", 'br:x.azurecr.io/modules/storage:1'));
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(policies[0]?.rules.map(({ opaque }) => opaque)).toEqual([undefined]);
  });
});
