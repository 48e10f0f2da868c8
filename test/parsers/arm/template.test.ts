import { describe, expect, it } from 'vitest';
import { evaluate, memberAt, named, plain, propertiesOf, resultOf, valueOf } from './evaluating.ts';

const POLICY = 'Microsoft.Network/firewallPolicies';
const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups';
const IP_GROUP = 'Microsoft.Network/ipGroups';
const HERE = '/subscriptions/⟦subscription().subscriptionid⟧/resourcegroups/⟦resourcegroup().name⟧';

function ipGroup(name: string, addresses: unknown, more: object = {}): object {
  return { type: IP_GROUP, apiVersion: '2024-05-01', name, properties: { ipAddresses: addresses }, ...more };
}

function names(resources: readonly { name: string }[]): string[] {
  return resources.map(({ name }) => name);
}

describe('parameters', () => {
  const parameters = {
    region: { type: 'string', defaultValue: 'westeurope' },
    name: { type: 'string', defaultValue: "[concat('hub-', parameters('region'))]" },
    none: { type: 'string', nullable: true },
    typed: { $ref: '#/definitions/optional' },
  };
  const more = { definitions: { optional: { type: 'object', nullable: true } } };

  it('take their default, which may be an expression', () => {
    expect(resultOf("[parameters('name')]", { parameters })).toBe('hub-westeurope');
  });

  it('take the value of the last parameter file that names them, in either form of file', () => {
    const files = [{ parameters: { region: { value: 'a' } } }, { Region: { value: 'northeurope' } }];
    expect(resultOf("[parameters('name')]", { parameters, files })).toBe('hub-northeurope');
  });

  it('keep the place where their value is written', () => {
    const files = [{ parameters: { region: { value: 'northeurope' } } }];
    expect(valueOf("[parameters('region')]", { parameters }).place).toMatchObject({
      path: 'template.json',
      pointer: '/parameters/region/defaultValue',
    });
    expect(valueOf("[parameters('region')]", { parameters, files }).place).toMatchObject({
      path: 'p0.json',
      pointer: '/parameters/region/value',
    });
  });

  it('are null where they are nullable, themselves or by their type', () => {
    expect(resultOf("[parameters('none')]", { parameters, more })).toBeNull();
    expect(resultOf("[parameters('typed')]", { parameters, more })).toBeNull();
  });

  it('of parameter files are not expressions', () => {
    const files = [{ parameters: { region: { value: "[concat('a', 'b')]" } } }];
    expect(resultOf("[parameters('region')]", { parameters, files })).toBe("[concat('a', 'b')]");
  });
});

describe('variables', () => {
  it('may need each other in any order, and are computed at their own place', () => {
    const variables = { a: "[variables('b')]", b: "[concat(variables('c').x, '!')]", c: { x: 'y' } };
    const value = valueOf("[variables('A')]", { variables });
    expect(plain(value)).toBe('y!');
    expect(value.place.pointer).toBe('/variables/b');
  });

  it('are made by copy, at the top and inside objects', () => {
    const variables = {
      copy: [{ name: 'hosts', count: 3, input: "[format('host{0}', copyIndex('hosts', 1))]" }],
      object: { copy: [{ name: 'ports', count: 2, input: "[add(copyIndex('ports'), 80)]" }], other: 1 },
      none: { copy: [{ name: 'nothing', count: 0, input: 'x' }] },
    };
    expect(resultOf("[variables('hosts')]", { variables })).toEqual(['host1', 'host2', 'host3']);
    expect(resultOf("[variables('object')]", { variables })).toEqual({ ports: [80, 81], other: 1 });
    expect(resultOf("[variables('none')]", { variables })).toEqual({ nothing: [] });
  });
});

describe('text in brackets', () => {
  it('is an expression with any spaces and line breaks in it', () => {
    expect(resultOf("[ concat(\n  'a',\r\n\t'b' ) ]")).toBe('ab');
    expect(resultOf("['only text']")).toBe('only text');
    expect(resultOf("[createObject('a', createArray(1)) . a [ 0 ]]")).toBe(1);
  });

  it('is a literal where the first bracket is doubled or the last one is missing', () => {
    expect(resultOf("[[parameters('x')]")).toBe("[parameters('x')]");
    expect(resultOf('[not closed')).toBe('[not closed');
    expect(resultOf("[concat('a')] ")).toBe("[concat('a')] ");
  });

  it('may be the name of a property', () => {
    const variables = { tags: { "[concat('a', 'b')]": 1 } };
    expect(resultOf("[variables('tags')]", { variables })).toEqual({ ab: 1 });
  });

  it('may call functions of the template itself', () => {
    const functions = [
      {
        namespace: 'Contoso',
        members: {
          host: {
            parameters: [{ name: 'region', type: 'string' }],
            output: { type: 'string', value: "[concat(parameters('region'), '.contoso.com')]" },
          },
        },
      },
    ];
    expect(resultOf("[contoso.Host('weu')]", { functions })).toBe('weu.contoso.com');
    expect(resultOf("[contoso.host('weu', 1)]", { functions })).toContain('expression at');
  });
});

describe('resources', () => {
  it('have full names and lower-case ids, children in every way to write them', () => {
    const resources = [
      {
        type: POLICY,
        name: 'Hub',
        properties: {},
        resources: [
          { type: 'ruleCollectionGroups', name: 'relative', properties: { priority: 1 } },
          { type: GROUP, name: 'Hub/full', properties: { priority: 2 } },
          { type: GROUP, name: 'mixed', properties: { priority: 3 } },
        ],
      },
      { type: GROUP, name: "[format('{0}/{1}', 'Hub', 'apart')]", properties: { priority: 4 } },
    ];
    const { resources: found } = evaluate({ resources });
    expect(found.map(({ type, name }) => [type, name])).toEqual([
      [POLICY, 'Hub'],
      [GROUP, 'Hub/relative'],
      [GROUP, 'Hub/full'],
      [GROUP, 'Hub/mixed'],
      [GROUP, 'Hub/apart'],
    ]);
    expect(found[1]?.id).toBe(
      `${HERE}/providers/microsoft.network/firewallpolicies/hub/rulecollectiongroups/relative`,
    );
  });

  it('are found by the id that resourceId() gives for them', () => {
    const given = { resources: [ipGroup('Nodes', [])] };
    const id = `${HERE}/providers/microsoft.network/ipgroups/nodes`;
    expect(evaluate(given).resources[0]?.id).toBe(id);
    for (const expression of [
      "[resourceId('Microsoft.Network/ipGroups', 'Nodes')]",
      "[resourceid(resourceGroup().name, 'Microsoft.Network/ipGroups', 'Nodes')]",
      "[resourceId(subscription().subscriptionId, resourceGroup().name, 'Microsoft.Network/ipGroups', 'Nodes')]",
      "[extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', subscription().subscriptionId, resourceGroup().name), 'Microsoft.Network/ipGroups', 'Nodes')]",
      "[concat(resourceGroup().id, '/providers/Microsoft.Network/ipGroups/Nodes')]",
    ]) {
      expect(String(resultOf(expression, given)).toLowerCase()).toBe(id);
    }
  });

  it('may be an object of symbolic names, with dependencies by these', () => {
    const given = {
      more: { languageVersion: '2.0' },
      resources: {
        policy: { type: POLICY, name: 'hub', properties: {} },
        group: { type: GROUP, name: 'hub/aks', dependsOn: ['policy'], properties: { priority: 200 } },
      },
    };
    expect(named(evaluate(given), 'hub/aks').dependsOn).toEqual([
      `${HERE}/providers/microsoft.network/firewallpolicies/hub`,
    ]);
  });

  it('with copy appear once for each index, with their children', () => {
    const resources = [
      {
        type: POLICY,
        name: "[concat('p', copyIndex())]",
        copy: { name: 'policies', count: "[length(createArray('a', 'b'))]" },
        properties: { tier: "[copyIndex('policies', 10)]" },
        resources: [{ type: 'ruleCollectionGroups', name: "[concat('g', copyIndex())]", properties: {} }],
      },
    ];
    const made = evaluate({ resources });
    expect(names(made.resources)).toEqual(['p0', 'p0/g0', 'p1', 'p1/g1']);
    expect(propertiesOf(made, 'p1')).toEqual({ tier: 11 });
  });

  it('with property copy have a list of its inputs', () => {
    const resources = [
      {
        type: IP_GROUP,
        name: 'g',
        properties: {
          copy: [
            {
              name: 'ipAddresses',
              count: 2,
              input: "[cidrSubnet('10.0.0.0/16', 24, copyIndex('ipAddresses'))]",
            },
          ],
        },
      },
    ];
    expect(propertiesOf(evaluate({ resources }), 'g')).toEqual({
      ipAddresses: ['10.0.0.0/24', '10.0.1.0/24'],
    });
  });

  it('with property copy in any case, as names of properties are', () => {
    const made = evaluate({
      resources: [
        { ...ipGroup('g', []), properties: { Copy: [{ name: 'ipAddresses', count: 2, input: '10.0.0.1' }] } },
      ],
    });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['10.0.0.1', '10.0.0.1'] });
  });

  it('whose copy count is unknown are a gap, and a property copy is a list of unknown items', () => {
    const parameters = { subnets: { type: 'array' } };
    const count = "[length(parameters('subnets'))]";
    const resources = [
      ipGroup("[concat('g', copyIndex())]", [], { copy: { name: 'groups', count } }),
      {
        type: IP_GROUP,
        name: 'g',
        properties: {
          copy: [
            { name: 'ipAddresses', count, input: "[parameters('subnets')[copyIndex('ipAddresses')].prefix]" },
          ],
        },
      },
    ];
    const made = evaluate({ parameters, resources });
    expect(made.gaps).toMatchObject([
      { type: IP_GROUP, unknown: { reason: "parameter 'subnets' has no value" } },
    ]);
    expect(propertiesOf(made, 'g')).toEqual({
      ipAddresses: [
        "...⟦copy(length(parameters('subnets')),parameters('subnets')[copyindex('ipaddresses')].prefix)⟧",
      ],
    });
  });

  it('whose condition is false are absent with their children; whose condition is unknown say so', () => {
    const parameters = { deploy: { type: 'bool' } };
    const resources = [
      {
        type: POLICY,
        name: 'off',
        condition: false,
        resources: [{ type: 'ruleCollectionGroups', name: 'x' }],
      },
      { type: POLICY, name: 'also-off', condition: "[equals('a', 'b')]" },
      { type: POLICY, name: 'text', condition: 'false' },
      { type: POLICY, name: 'on', condition: "[not(equals('a', 'b'))]" },
      {
        type: POLICY,
        name: 'maybe',
        condition: "[parameters('deploy')]",
        resources: [{ type: 'ruleCollectionGroups', name: 'x' }],
      },
    ];
    const made = evaluate({ parameters, resources });
    expect(names(made.resources)).toEqual(['on', 'maybe', 'maybe/x']);
    expect(named(made, 'on').conditional).toBeUndefined();
    expect(named(made, 'maybe').conditional?.reason).toBe("parameter 'deploy' has no value");
    expect(named(made, 'maybe/x').conditional?.reason).toBe("parameter 'deploy' has no value");
  });

  it('declared with existing are marked', () => {
    const given = {
      more: { languageVersion: '2.0' },
      resources: {
        hub: { existing: true, type: POLICY, name: 'hub', resourceGroup: 'rg-hub', subscriptionId: 'S1' },
      },
    };
    expect(evaluate(given).resources).toMatchObject([
      {
        existing: true,
        id: '/subscriptions/s1/resourcegroups/rg-hub/providers/microsoft.network/firewallpolicies/hub',
      },
    ]);
  });

  it('whose properties are one expression are read through it', () => {
    const variables = { rules: [{ name: 'r', fqdn: "[concat('a', '.com')]" }] };
    const resources = [
      {
        type: GROUP,
        name: 'hub/g',
        properties: "[createObject('priority', 100, 'rules', variables('rules'))]",
      },
    ];
    const made = evaluate({ variables, resources });
    expect(propertiesOf(made, 'hub/g')).toEqual({ priority: 100, rules: [{ name: 'r', fqdn: 'a.com' }] });
    expect(memberAt(named(made, 'hub/g').properties, 'rules')).toMatchObject({
      place: { pointer: '/variables/rules' },
    });
  });

  it('whose properties are unknown as a whole are a gap too', () => {
    const made = evaluate({
      parameters: { p: { type: 'object' } },
      resources: [{ type: GROUP, name: 'hub/g', properties: "[parameters('p')]" }],
    });
    expect(propertiesOf(made, 'hub/g')).toEqual({});
    expect(made.gaps).toMatchObject([{ type: GROUP, unknown: { reason: "parameter 'p' has no value" } }]);
  });

  it('of a subscription, management group or tenant have ids of that level', () => {
    const ids = ['subscription', 'managementGroup', 'tenant'].map((level) => {
      const $schema = `https://schema.management.azure.com/schemas/2019-08-01/${level}DeploymentTemplate.json#`;
      const resources = [{ type: 'A.B/c', name: 'd' }];
      return evaluate({ resources, more: { $schema } }).resources[0]?.id;
    });
    expect(ids).toEqual([
      '/subscriptions/⟦subscription().subscriptionid⟧/providers/a.b/c/d',
      '/providers/microsoft.management/managementgroups/⟦managementgroup().name⟧/providers/a.b/c/d',
      '/providers/a.b/c/d',
    ]);
  });
});

describe('reference()', () => {
  const resources = [
    ipGroup('nodes', ['10.1.0.0/24']),
    {
      type: 'Microsoft.Network/virtualNetworks',
      name: 'spoke',
      location: 'westeurope',
      properties: { subnets: [{ name: 'Nodes', properties: { addressPrefix: '10.2.0.0/24' } }] },
    },
  ];

  it.each([
    ["[reference('nodes').ipAddresses[0]]", '10.1.0.0/24'],
    ["[reference(resourceId('Microsoft.Network/ipGroups', 'NODES')).ipAddresses]", ['10.1.0.0/24']],
    ["[reference('Microsoft.Network/ipGroups/nodes', '2024-05-01').ipAddresses[0]]", '10.1.0.0/24'],
    ["[reference('spoke', '2024-05-01', 'Full').location]", 'westeurope'],
    [
      "[reference(resourceId('Microsoft.Network/virtualNetworks/subnets', 'spoke', 'nodes')).addressPrefix]",
      '10.2.0.0/24',
    ],
    [
      "[reference('nodes').provisioningState]",
      "⟦reference('microsoft.network/ipgroups/nodes').provisioningstate⟧",
    ],
    [
      "[reference(resourceId('Microsoft.Network/ipGroups', 'other')).ipAddresses]",
      "⟦reference('microsoft.network/ipgroups/other').ipaddresses⟧",
    ],
  ])('of %s is what the same input declares, else unknown', (expression, expected) => {
    expect(resultOf(expression, { resources })).toEqual(expected);
  });

  it('takes symbolic names, and references() all copies of one', () => {
    const symbolic = {
      nodes: ipGroup("[concat('g', copyIndex())]", ["[concat('10.0.', copyIndex(), '.0/24')]"], {
        copy: { name: 'nodes', count: 2 },
      }),
    };
    const given = { resources: symbolic, more: { languageVersion: '2.0' } };
    expect(resultOf("[reference('nodes[1]').ipAddresses[0]]", given)).toBe('10.0.1.0/24');
    expect(
      resultOf("[map(references('nodes'), lambda('g', lambdaVariables('g').ipAddresses[0]))]", given),
    ).toEqual(['10.0.0.0/24', '10.0.1.0/24']);
  });
});

describe('environment()', () => {
  it.each([
    ['AzureCloud', 'management.azure.com', 'core.windows.net', '.azurecr.io'],
    ['AzureChinaCloud', 'management.chinacloudapi.cn', 'core.chinacloudapi.cn', '.azurecr.cn'],
    ['AzureUSGovernment', 'management.usgovcloudapi.net', 'core.usgovcloudapi.net', '.azurecr.us'],
  ] as const)('is that of %s', (cloud, manager, storage, registry) => {
    expect(resultOf("[split(environment().resourceManager, '/')[2]]", { cloud })).toBe(manager);
    expect(resultOf('[environment().suffixes.storage]', { cloud })).toBe(storage);
    expect(resultOf('[environment().suffixes.acrLoginServer]', { cloud })).toBe(registry);
    expect(resultOf('[environment().name]', { cloud })).toBe(cloud);
  });
});

describe('outputs', () => {
  it('are evaluated, copied and switched off', () => {
    const { outputs } = evaluate(
      {},
      {
        text: { type: 'string', value: "[concat('a', 'b')]" },
        list: { type: 'array', copy: { count: 2, input: '[copyIndex()]' } },
        off: { type: 'string', condition: false, value: 'x' },
      },
    );
    expect(outputs === undefined ? undefined : plain(outputs)).toEqual({
      text: { type: 'string', value: 'ab' },
      list: { type: 'array', value: [0, 1] },
    });
  });
});
