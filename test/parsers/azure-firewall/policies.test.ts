import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/model/policy.ts';
import {
  applicationRule,
  collection,
  groupResource,
  networkRule,
  parse,
  policyOf,
  policyResource,
  policyWith,
  template,
} from '../inputs.ts';

const SUBSCRIPTION = '/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network';
const idOf = (name: string): string => `${SUBSCRIPTION}/firewallPolicies/${name}`;
const reference = (name: string): string => `[resourceId('Microsoft.Network/firewallPolicies', '${name}')]`;
const rules = (name: string, action = 'Allow'): object[] => [
  collection('c', 100, action, [networkRule(name)]),
];
const names = (policy: Policy | undefined): string[] => policy?.rules.map(({ name }) => name) ?? [];
const firewall = (properties: object, more: object = {}): object => ({
  type: 'Microsoft.Network/azureFirewalls',
  apiVersion: '2024-05-01',
  name: 'firewall',
  properties,
  ...more,
});

describe('joining groups and policies', () => {
  test('by name over several files, without case', () => {
    const policy = policyOf([
      ['a.json', template([groupResource('HUB/one', 200, rules('1'))])],
      ['b.json', template([policyResource('hub')])],
      ['c.json', template([groupResource('hub/Two', 300, rules('2'))])],
    ]);
    expect(policy).toMatchObject({ name: 'hub', tier: 'Standard' });
    expect(names(policy)).toEqual(['1', '2']);
    expect(policy.rules[1]?.place.path).toBe('c.json');
  });

  test('children inside the policy, in loops and with symbolic names belong to it', () => {
    const child = groupResource('one', 200, rules('1'), { type: 'ruleCollectionGroups' });
    const nested = policyOf([['a.json', template([{ ...policyResource('hub'), resources: [child] }])]]);
    expect(nested).toMatchObject({ name: 'hub' });
    expect(names(nested)).toEqual(['1']);

    const symbolic = {
      languageVersion: '2.0',
      ...template([]),
      resources: {
        pol: policyResource('hub'),
        groups: groupResource("[format('hub/g{0}', copyIndex())]", '[add(200, copyIndex())]', rules('1'), {
          copy: { name: 'groups', count: 2 },
        }),
      },
    };
    expect(policyOf([['a.json', symbolic]]).rules.map(({ id }) => id)).toEqual(['g0/c/1', 'g1/c/1']);
  });

  test('a name that is a symbol joins within its template, and to nothing outside', () => {
    const parameters = { policyName: { type: 'string' } };
    const name = "[parameters('policyName')]";
    const group = groupResource("[concat(parameters('policyName'), '/g')]", 200, rules('1'));
    const own = template([policyResource(name), group], { parameters });
    expect(names(policyOf([['a.json', own]]))).toEqual(['1']);

    const { policies } = parse([
      ['a.json', template([policyResource(name)], { parameters })],
      ['b.json', template([group], { parameters })],
    ]);
    expect(policies).toHaveLength(2);
    expect(new Set(policies.map(({ id }) => id)).size).toBe(2);
  });

  test('by dependsOn where the name says nothing', () => {
    const group = groupResource("[parameters('groupName')]", 200, rules('1'), {
      dependsOn: [reference('hub')],
    });
    const resources = [policyResource('other'), policyResource('hub'), group];
    const { policies } = parse([
      ['a.json', template(resources, { parameters: { groupName: { type: 'string' } } })],
    ]);
    expect(policies.map((policy) => [policy.name, names(policy)])).toEqual([
      ['other', []],
      ['hub', ['1']],
    ]);
  });

  test('policies of one name in two directories keep their own groups', () => {
    const { policies } = parse([
      ['dev/policy.json', template([policyResource('hub')])],
      ['dev/rules.json', template([groupResource('hub/g', 200, rules('dev'))])],
      ['prod/policy.json', template([policyResource('hub')])],
      ['prod/rules.json', template([groupResource('hub/g', 200, rules('prod'))])],
    ]);
    expect(policies.map((policy) => [policy.id, names(policy)])).toEqual([
      ['hub', ['dev']],
      ['hub#2', ['prod']],
    ]);
  });

  test('ids tell policies of one name in two resource groups apart', () => {
    const at = (group: string): string =>
      `/subscriptions/0/resourceGroups/${group}/providers/Microsoft.Network`;
    const policy = (group: string): object => ({
      id: `${at(group)}/firewallPolicies/hub`,
      name: 'hub',
      type: 'Microsoft.Network/firewallPolicies',
      properties: {},
    });
    const groupOf = (group: string): object => ({
      id: `${at(group)}/firewallPolicies/hub/ruleCollectionGroups/g`,
      name: 'g',
      properties: { priority: 200, ruleCollections: rules(group) },
    });
    const { policies } = parse([
      ['all.json', [policy('east'), policy('west'), groupOf('west'), groupOf('east')]],
    ]);
    expect(policies.map((each) => [each.id.includes('west'), names(each)])).toEqual([
      [false, ['east']],
      [true, ['west']],
    ]);
  });

  test('a resource that two files hold is read once, and that is noted', () => {
    const group = {
      id: `${idOf('hub')}/ruleCollectionGroups/g`,
      name: 'g',
      properties: { priority: 200, ruleCollections: rules('1') },
    };
    const parsed = parse([
      ['list.json', { value: [group] }],
      ['one.json', group],
    ]);
    expect(names(parsed.policies[0])).toEqual(['1']);
    expect(parsed.notes.map(({ message }) => message)).toEqual([
      "'hub/g' is also defined in list.json, which is the one that is read",
    ]);
  });
});

describe('what the input does not hold', () => {
  test('groups alone make a policy whose settings are not known, and whose rules are', () => {
    const policy = policyOf([['rules.json', template([groupResource('hub/g', 200, rules('1'))])]]);
    expect(policy).toMatchObject({
      id: 'hub',
      name: 'hub',
      tier: 'unknown',
      dnsProxy: 'unknown',
      attached: 'unknown',
      threatIntel: 'unknown',
    });
    expect(names(policy)).toEqual(['1']);
    expect(policy.rules.every(({ opaque }) => opaque === undefined)).toBe(true);
    expect(policy.unknowns).toEqual([
      {
        reason:
          "policy 'hub' itself is not in the input: its tier, DNS proxy, base policy and other rule collection groups are not known",
        supply: "add the file that defines policy 'hub'",
        place: { path: 'rules.json', pointer: '/resources/0' },
      },
    ]);
  });

  test('an existing policy is a reference, not a definition', () => {
    const symbolic = {
      ...template([]),
      languageVersion: '2.0',
      resources: {
        pol: { existing: true, ...policyResource('hub') },
        g: groupResource('hub/g', 200, rules('1')),
      },
    };
    expect(policyOf([['rules.json', symbolic]]).tier).toBe('unknown');
    expect(
      policyOf([
        ['rules.json', symbolic],
        ['policy.json', template([policyResource('hub')])],
      ]).tier,
    ).toBe('Standard');
  });

  test('groups that the policy lists and the input lacks are opaque, never absent', () => {
    const policy = policyOf([
      [
        'policy.json',
        {
          id: idOf('hub'),
          name: 'hub',
          type: 'Microsoft.Network/FirewallPolicies',
          properties: {
            ruleCollectionGroups: ['a', 'b'].map((name) => ({
              id: `${idOf('hub')}/ruleCollectionGroups/${name}`,
            })),
          },
        },
      ],
      ['a.json', template([groupResource('hub/A', 200, rules('1'))])],
    ]);
    expect(
      policy.rules.map(({ stage, name, group, opaque }) => [stage, group, name, opaque?.supply]),
    ).toEqual([
      ['network', 'b', '', "add the file that holds rule collection group 'b'"],
      ['network', 'A', '1', undefined],
      ['application', 'b', '', "add the file that holds rule collection group 'b'"],
    ]);
  });

  test('groups of a first page may not be all', () => {
    const policy = policyOf([
      [
        'list.json',
        {
          value: [
            {
              id: `${idOf('hub')}/ruleCollectionGroups/g`,
              name: 'g',
              properties: { priority: 200, ruleCollections: rules('1') },
            },
          ],
          nextLink: 'https://management.azure.com/next',
        },
      ],
    ]);
    expect(policy.rules.map(({ name, opaque }) => [name, opaque?.supply])).toEqual([
      ['', 'export all pages into one file'],
      ['1', undefined],
      ['', 'export all pages into one file'],
    ]);
  });

  test('groups whose properties or collections have no value are opaque in both stages', () => {
    const parameters = { all: { type: 'object' }, lists: { type: 'array' }, one: { type: 'object' } };
    const policy = policyOf([
      [
        'a.json',
        template(
          [
            policyResource('hub'),
            { ...groupResource('hub/all', 100, []), properties: "[parameters('all')]" },
            groupResource('hub/lists', 200, "[parameters('lists')]"),
            groupResource('hub/one', 300, [
              "[parameters('one')]",
              collection('c', 100, 'Allow', [networkRule('1')]),
            ]),
          ],
          { parameters },
        ),
      ],
    ]);
    expect(
      policy.rules.map(({ stage, group, name, opaque }) => [stage, group, name, opaque?.reason]),
    ).toEqual([
      ['network', 'all', '', "parameter 'all' has no value"],
      ['network', 'lists', '', "parameter 'lists' has no value"],
      ['network', 'one', '', "parameter 'one' has no value"],
      ['network', 'one', '1', undefined],
      ['application', 'all', '', "parameter 'all' has no value"],
      ['application', 'lists', '', "parameter 'lists' has no value"],
      ['application', 'one', '', "parameter 'one' has no value"],
    ]);
  });

  test('rules that only parameters bring are asked for, even where the default is empty', () => {
    const group = groupResource('hub/g', 200, "[parameters('lists')]");
    const parameters = { lists: { type: 'array', defaultValue: [] } };
    const source = ['a.json', template([policyResource('hub'), group], { parameters })] as const;
    const supply = 'give the parameter values with --parameters';
    expect(policyOf([source]).rules.map(({ opaque }) => opaque?.supply)).toEqual([supply, supply]);

    const given = { parameters: { lists: { value: [collection('c', 100, 'Allow', [networkRule('1')])] } } };
    const policy = policyOf([source], { parameters: [['p.json', given]] });
    expect(names(policy)).toEqual(['1']);
    expect(policy.rules[0]?.place.path).toBe('p.json');
    expect(
      policyOf([source], { parameters: [['p.json', { parameters: { lists: { value: [] } } }]] }).rules,
    ).toEqual([]);
  });

  test('a policy that has no rules, and says so, has none', () => {
    expect(
      policyOf([['a.json', template([policyResource('hub'), groupResource('hub/g', 200, [])])]]).rules,
    ).toEqual([]);
    expect(
      policyOf([
        [
          'a.json',
          template([policyResource('hub'), groupResource('hub/g', 200, rules('1'), { condition: false })]),
        ],
      ]).rules,
    ).toEqual([]);
  });

  test.each([
    ['properties that are text', { properties: 'none' }, 'expected the properties of the group as an object'],
    ['properties that are null', { properties: null }, 'expected the properties of the group as an object'],
    ['collections that are a number', { properties: { priority: 200, ruleCollections: 5 } }, 'number 5'],
    [
      'an object that is no collection',
      { properties: { priority: 200, ruleCollections: { a: 1 } } },
      'expected a rule collection, found an object',
    ],
    [
      'a collection among others that is text',
      {
        properties: {
          priority: 200,
          ruleCollections: ['x', collection('c', 100, 'Allow', [networkRule('1')])],
        },
      },
      'the text "x"',
    ],
  ])('%s may hold any rule: opaque, never absent', (_title, more, reason) => {
    const files = [
      ['t.json', template([policyResource('hub'), groupResource('hub/g', 200, [], more)])],
    ] as const;
    const opaque = policyOf(files).rules.filter((rule) => rule.opaque !== undefined);
    expect(opaque.map(({ stage }) => stage).sort()).toEqual(['application', 'network']);
    expect(opaque[0]?.opaque?.reason).toContain(reason);
    expect(parse(files).notes.some(({ message }) => message.includes(reason))).toBe(true);
  });

  test('the settings of a policy whose properties are text are not known, and that is noted', () => {
    const files = [['t.json', template([policyResource('hub', {}, { properties: 'x' })])]] as const;
    expect(policyOf(files)).toMatchObject({ tier: 'unknown', dnsProxy: 'unknown' });
    expect(parse(files).notes.map(({ message }) => message)).toEqual([
      'expected an object as properties, found the text "x"',
    ]);
  });

  test('drafts are not in force', () => {
    const policy = policyOf([
      [
        'a.json',
        template([
          policyResource('hub'),
          groupResource('hub/g', 200, rules('1')),
          {
            ...groupResource('hub/g/default', 100, rules('draft', 'Deny')),
            type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups/ruleCollectionGroupDrafts',
          },
          {
            ...policyResource('hub/default', {}),
            type: 'Microsoft.Network/firewallPolicies/firewallPolicyDrafts',
          },
        ]),
      ],
    ]);
    expect(names(policy)).toEqual(['1']);
  });
});

describe('base policies', () => {
  const child = [
    policyResource('child', { basePolicy: { id: reference('base') }, threatIntelMode: 'Off' }),
    groupResource('child/g', 100, rules('child')),
  ];
  const base = [
    policyResource('base', { threatIntelMode: 'Deny' }),
    groupResource('base/g', 60000, rules('base', 'Deny')),
  ];

  test.each([
    ['in the same file', [['a.json', template([...child, ...base])]], []],
    [
      'in another file',
      [
        ['a.json', template(child)],
        ['b.json', template(base)],
      ],
      [],
    ],
    ['given with --base-policy', [['a.json', template(child)]], [['b.json', template(base)]]],
  ] as const)('%s: its rules come first and only the leaf is judged', (_case, files, bases) => {
    const policy = policyOf(files, { bases });
    expect(policy).toMatchObject({ name: 'child', chain: ['base', 'child'], threatIntel: 'Deny' });
    expect(names(policy)).toEqual(['base', 'child']);
    expect(policy.rules.map((rule) => rule.policy)).toEqual(['base', 'child']);
  });

  test('missing: whatever it may hold stands at the head of both stages', () => {
    const policy = policyOf([
      [
        'a.json',
        template([
          ...child,
          groupResource('child/app', 50000, [collection('a', 100, 'Allow', [applicationRule('app')])]),
        ]),
      ],
    ]);
    expect(policy.chain).toEqual(['base', 'child']);
    expect(
      policy.rules.map(({ stage, name, action, opaque }) => [stage, name, action, opaque?.supply]),
    ).toEqual([
      [
        'network',
        '',
        'unknown',
        "give the file of base policy 'base', and of its rule collection groups, with --base-policy",
      ],
      ['network', 'child', 'allow', undefined],
      [
        'application',
        '',
        'unknown',
        "give the file of base policy 'base', and of its rule collection groups, with --base-policy",
      ],
      ['application', 'app', 'allow', undefined],
    ]);
    expect(policy.rules[0]?.opaque?.place.pointer).toBe('/resources/0/properties/basePolicy/id');
    expect(policy.rules.map(({ opaqueKind }) => opaqueKind)).toEqual([
      'base-policy',
      undefined,
      'base-policy',
      undefined,
    ]);
  });

  test('one whose id is a parameter without value is missing, until --base-policy gives it', () => {
    const source = [
      'a.json',
      template(
        [
          policyResource('child', { basePolicy: { id: "[parameters('baseId')]" } }),
          groupResource('child/g', 100, rules('child')),
        ],
        { parameters: { baseId: { type: 'string' } } },
      ),
    ] as const;
    expect(policyOf([source]).rules[0]?.opaque?.reason).toBe(
      "the base policy of policy 'child' is not in the input (parameter 'baseId' has no value)",
    );
    expect(names(policyOf([source], { bases: [['b.json', template(base)]] }))).toEqual(['base', 'child']);
  });

  test('another than the one that is named is not used, and that is noted', () => {
    const other = template([policyResource('other'), groupResource('other/g', 100, rules('other'))]);
    const parsed = parse([['a.json', template(child)]], { bases: [['b.json', other]] });
    expect(parsed.policies.map(names)).toEqual([['', 'child', '']]);
    expect(parsed.notes.map(({ message }) => message)).toEqual([
      "policy 'child' builds on 'base', but --base-policy gives 'other', which is not used",
    ]);
  });

  test('null, empty and absent references mean none', () => {
    for (const basePolicy of [null, {}, { id: '' }, { id: null }]) {
      expect(policyWith([networkRule('1')], { basePolicy }).chain).toEqual(['hub']);
    }
  });

  test('three levels, and two children of one base', () => {
    const { policies } = parse([
      [
        'a.json',
        template([
          ...base,
          policyResource('region', { basePolicy: { id: reference('base') } }),
          groupResource('region/g', 100, rules('region')),
          ...['east', 'west'].flatMap((name) => [
            policyResource(name, { basePolicy: { id: reference('region') } }),
            groupResource(`${name}/g`, 100, rules(name)),
          ]),
        ]),
      ],
    ]);
    expect(policies.map(names)).toEqual([
      ['base', 'region', 'east'],
      ['base', 'region', 'west'],
    ]);
    expect(policies[0]?.rules.map(({ order }) => order[0])).toEqual([0, 1, 2]);
  });

  test('a circle of base policies is cut and noted', () => {
    const parsed = parse([
      [
        'a.json',
        template([
          policyResource('a', { basePolicy: { id: idOf('b') } }),
          policyResource('b', { basePolicy: { id: idOf('a') } }),
          groupResource('a/g', 100, rules('a')),
        ]),
      ],
    ]);
    expect(parsed.policies).toHaveLength(1);
    expect(parsed.notes.map(({ message }) => message)).toEqual([expect.stringContaining('its own ancestor')]);
  });

  test('a base that a firewall of the input enforces is judged too', () => {
    const { policies } = parse([
      ['a.json', template([...child, ...base, firewall({ firewallPolicy: { id: reference('base') } })])],
    ]);
    expect(policies.map(({ name, attached }) => [name, attached])).toEqual([
      ['child', 'unknown'],
      ['base', 'yes'],
    ]);
  });
});

describe('settings', () => {
  test('a policy that is silent has the defaults: Standard, no DNS proxy, alerts', () => {
    expect(policyWith([networkRule('1')])).toMatchObject({
      tier: 'Standard',
      dnsProxy: 'off',
      threatIntel: 'Alert',
      dnsProxyPlace: { path: 'policy.json', pointer: '/resources/0' },
      attached: 'unknown',
    });
  });

  test('strings count as booleans, enumerations in any case', () => {
    const policy = policyWith([networkRule('1')], {
      sku: { tier: 'premium' },
      dnsSettings: { enableProxy: 'true' },
      threatIntelMode: 'off',
    });
    expect(policy).toMatchObject({
      tier: 'Premium',
      dnsProxy: 'on',
      threatIntel: 'Off',
      dnsProxyPlace: { pointer: '/resources/0/properties/dnsSettings/enableProxy' },
    });
  });

  test('what hangs on a parameter without value is unknown', () => {
    const parameters = { tier: { type: 'string' }, proxy: { type: 'bool' }, mode: { type: 'string' } };
    const policy = policyOf([
      [
        'a.json',
        template(
          [
            policyResource('hub', {
              sku: { tier: "[parameters('tier')]" },
              dnsSettings: { enableProxy: "[parameters('proxy')]" },
              threatIntelMode: "[parameters('mode')]",
            }),
          ],
          { parameters },
        ),
      ],
    ]);
    expect(policy).toMatchObject({ tier: 'unknown', dnsProxy: 'unknown', threatIntel: 'unknown' });
    expect(policy.unknowns).toHaveLength(3);
  });

  test('features above the tier are noted', () => {
    const notes = (properties: object): string[] =>
      parse([['a.json', template([policyResource('hub', properties)])]]).notes.map(({ message }) => message);
    expect(notes({ sku: { tier: 'Basic' }, dnsSettings: { enableProxy: true } })).toEqual([
      'DNS proxy needs the Standard tier; this policy is Basic',
    ]);
    expect(notes({ intrusionDetection: { mode: 'Deny' } })).toEqual([
      'intrusion detection needs the Premium tier; this policy is Standard',
    ]);
    expect(notes({ sku: { tier: 'Premium' }, intrusionDetection: { mode: 'Deny' } })).toEqual([]);
  });
});

describe('conditions', () => {
  const parameters = { deploy: { type: 'bool' }, extra: { type: 'bool' } };
  const deploy = { condition: "[parameters('deploy')]" };

  test('a group behind a condition without value may or may not exist', () => {
    const group = groupResource('hub/g', 200, rules('1'), { condition: "[parameters('extra')]" });
    const policy = policyOf([['a.json', template([policyResource('hub'), group], { parameters })]]);
    expect(policy.rules[0]?.conditional?.reason).toContain("'extra'");
    expect(policy.unknowns).toHaveLength(1);
  });

  test('a policy is judged as if it were deployed, with the groups that share its condition', () => {
    const resources = [
      policyResource('hub', {}, deploy),
      groupResource('hub/g', 200, rules('1'), deploy),
      groupResource('hub/extra', 300, rules('2'), { condition: "[parameters('extra')]" }),
    ];
    const policy = policyOf([['a.json', template(resources, { parameters })]]);
    expect(policy.rules.map(({ name, conditional }) => [name, conditional === undefined])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    expect(policy.unknowns.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("'deploy'"),
      expect.stringContaining("'extra'"),
    ]);
  });
});

describe('firewalls', () => {
  const hub = [policyResource('hub'), groupResource('hub/g', 200, rules('1'))];
  const attached = (...more: object[]): string[] =>
    parse([['a.json', template([...hub, ...more], { parameters: { id: { type: 'string' } } })]]).policies.map(
      (policy) => `${policy.name} ${policy.attached}`,
    );

  test('tell whether the policy is enforced', () => {
    expect(attached()).toEqual(['hub unknown']);
    expect(attached(firewall({ firewallPolicy: { id: reference('HUB') } }))).toEqual(['hub yes']);
    expect(attached(firewall({ virtualHub: {}, firewallPolicy: { id: reference('hub') } }))).toEqual([
      'hub yes',
    ]);
    expect(attached(firewall({ firewallPolicy: { id: reference('other') } }))).toEqual(['hub no']);
    expect(attached(firewall({ firewallPolicy: { id: "[parameters('id')]" } }))).toEqual(['hub unknown']);
    expect(attached(firewall({}, { existing: true }))).toEqual(['hub unknown']);
  });

  test('that the policy itself lists count', () => {
    const policy = policyOf([
      [
        'p.json',
        {
          id: idOf('hub'),
          type: 'Microsoft.Network/firewallPolicies',
          name: 'hub',
          properties: { firewalls: [{ id: 'x' }] },
        },
      ],
    ]);
    expect(policy.attached).toBe('yes');
  });

  const classic = {
    sku: { tier: 'Standard' },
    threatIntelMode: 'Deny',
    additionalProperties: { 'Network.DNS.EnableProxy': 'true' },
    networkRuleCollections: [
      {
        name: 'net',
        properties: {
          priority: 300,
          action: { type: 'Allow' },
          rules: [
            {
              name: 'n',
              protocols: ['UDP'],
              sourceAddresses: ['*'],
              destinationAddresses: ['*'],
              destinationPorts: ['123'],
            },
          ],
        },
      },
    ],
    applicationRuleCollections: [
      {
        name: 'app',
        properties: {
          priority: 100,
          action: { type: 'deny' },
          rules: [
            {
              name: 'a',
              protocols: [{ protocolType: 'Https', port: '443' }],
              sourceAddresses: ['10.240.0.0/22'],
              targetFqdns: ['www.example.com'],
            },
          ],
        },
      },
    ],
    natRuleCollections: [
      { name: 'nat', properties: { priority: 100, action: { type: 'Dnat' }, rules: [{ name: 'x' }] } },
    ],
  };

  test('that hold their rules are policies of their own', () => {
    const policy = policyOf([['a.json', template([firewall(classic)])]]);
    expect(policy).toMatchObject({
      name: 'firewall',
      kind: 'azureFirewall',
      tier: 'Standard',
      dnsProxy: 'on',
      threatIntel: 'Deny',
      attached: 'yes',
      chain: ['firewall'],
    });
    expect(
      policy.rules.map(({ id, group, stage, action, order }) => [id, group, stage, action, order]),
    ).toEqual([
      ['net/n', '', 'network', 'allow', [0, 0, 300, 0]],
      ['app/a', '', 'application', 'deny', [0, 0, 100, 0]],
    ]);
    expect(policy.rules[0]?.services[0]).toMatchObject({ protocol: 'UDP', from: 123, to: 123 });
  });

  test('with a policy take their rules from it: their own collections are not in force', () => {
    const { policies } = parse([
      ['a.json', template([...hub, firewall({ ...classic, firewallPolicy: { id: reference('hub') } })])],
    ]);
    expect(policies.map(({ kind }) => kind)).toEqual(['firewallPolicy']);
  });

  test('that may have a policy hold conditional rules', () => {
    const policy = policyOf([
      [
        'a.json',
        template([firewall({ ...classic, firewallPolicy: "[parameters('policy')]" })], {
          parameters: { policy: { type: 'object' } },
        }),
      ],
    ]);
    expect(policy.rules.map(({ conditional }) => conditional?.reason)).toEqual([
      "parameter 'policy' has no value",
      "parameter 'policy' has no value",
    ]);
  });

  test('without any rule deny everything; beside a policy they say nothing', () => {
    expect(policyOf([['a.json', template([firewall({})])]]).rules).toEqual([]);
    expect(parse([['a.json', template([...hub, firewall({})])]]).policies.map(({ kind }) => kind)).toEqual([
      'firewallPolicy',
    ]);
  });
});
