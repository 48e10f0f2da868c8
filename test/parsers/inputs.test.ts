import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseInputs } from '../../src/parsers/index.ts';
import {
  collection,
  groupResource,
  networkRule,
  parse,
  policyOf,
  policyResource,
  template,
  type Also,
  type Source,
} from './inputs.ts';

const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', [networkRule('1')])]);
const good = ['good.json', template([policyResource('hub'), group])] as const;

function problem(sources: readonly Source[], also?: Also): InputError {
  try {
    parse(sources, also);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('no InputError');
}

function problemOfBytes(bytes: Uint8Array): InputError {
  try {
    parseInputs([{ path: 'x.json', bytes, named: true }], {
      cloud: 'AzureCloud',
      parameters: [],
      basePolicies: [],
    });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('no InputError');
}

describe('what is recognised', () => {
  test.each([
    ['deploymentTemplate.json', '2019-04-01'],
    ['subscriptionDeploymentTemplate.json', '2018-05-01'],
    ['managementGroupDeploymentTemplate.json', '2019-08-01'],
    ['tenantDeploymentTemplate.json', '2019-08-01'],
  ])('a template of %s', (name, version) => {
    const root = template([policyResource('hub'), group], {
      $schema: `https://schema.management.azure.com/schemas/${version}/${name}#`,
    });
    const parsed = parse([['t.json', root]]);
    expect(parsed.inputs).toMatchObject([
      { path: 't.json', format: 'arm-template', rules: 1, unresolved: 0 },
    ]);
    expect(parsed.policies).toHaveLength(1);
  });

  test('a template without $schema, by its parts', () => {
    const { inputs } = parse([['t.json', { contentVersion: '1.0.0.0', resources: [group] }]]);
    expect(inputs[0]?.format).toBe('arm-template');
  });

  test('a template without $schema whose resources have symbolic names', () => {
    const root = { languageVersion: '2.0', resources: { hub: policyResource('hub'), rules: group } };
    expect(parse([['t.json', root]]).inputs).toMatchObject([{ format: 'arm-template', rules: 1 }]);
  });

  test('a resource cut out of a template, without apiVersion, by its expressions', () => {
    const cut = {
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      name: "[concat('hub', '/g')]",
      properties: {
        priority: '[add(1, 199)]',
        ruleCollections: [collection('c', 100, 'Allow', [networkRule('1')])],
      },
    };
    for (const source of [cut, [cut], { resources: [cut] }]) {
      const policy = policyOf([['t.json', source]]);
      expect([policy.name, policy.rules[0]?.order]).toEqual(['hub', [0, 200, 100, 0]]);
    }
  });

  test('a type that is an expression', () => {
    const type = "[concat('Microsoft.Network/firewallPolicies', '/ruleCollectionGroups')]";
    expect(policyOf([['t.json', template([{ ...group, type }])]]).rules).toHaveLength(1);
  });

  test('the brackets of symbols, written by hand, make nothing unknown', () => {
    const text = JSON.stringify(good[1]).replace('20.1.0.0/24', '⟦x⟧');
    const policy = policyOf([['t.json', text]]);
    expect([policy.unknowns, policy.rules[0]?.destinations[0]?.kind]).toEqual([[], 'invalid']);
  });

  test('content decides, not the name of the file', () => {
    expect(parse([['notes.txt', good[1]]]).policies).toHaveLength(1);
  });

  test('comments and a byte order mark are read over', () => {
    const text = `\uFEFF// exported by hand\n/* twice */\n${JSON.stringify(good[1])}`;
    expect(parse([['t.json', text]]).policies).toHaveLength(1);
  });

  test('UTF-16 with a byte order mark, as PowerShell writes it', () => {
    const text = Buffer.from(`\uFEFF${JSON.stringify(good[1])}`, 'utf16le');
    const { policies } = parseInputs([{ path: 'x.json', bytes: text, named: true }], {
      cloud: 'AzureCloud',
      parameters: [],
      basePolicies: [],
    });
    expect(policies).toHaveLength(1);
  });

  test('values that could not be evaluated are counted for their file', () => {
    const open = groupResource('hub/g', 200, [
      collection('c', 100, 'Allow', [networkRule('1', { sourceAddresses: "[parameters('nodes')]" })]),
    ]);
    const { inputs } = parse([['t.json', template([open], { parameters: { nodes: { type: 'array' } } })]]);
    expect(inputs).toMatchObject([{ rules: 1, unresolved: 1 }]);
  });

  test('parameter and base policy files are among the inputs, with their text', () => {
    const { inputs } = parse([good], {
      parameters: [['p.json', { parameters: {} }]],
      bases: [['b.json', template([policyResource('base')])]],
    });
    expect(inputs.map(({ path, format, text }) => [path, format, text !== ''])).toEqual([
      ['good.json', 'arm-template', true],
      ['b.json', 'arm-template', true],
      ['p.json', 'parameters', true],
    ]);
  });

  test('equal parameter names of two templates are two unknowns', () => {
    const nodes = (policy: string): object =>
      template(
        [
          groupResource(`${policy}/g`, 200, [
            collection('c', 100, 'Allow', [networkRule('1', { sourceAddresses: "[parameters('nodes')]" })]),
          ]),
        ],
        { parameters: { nodes: { type: 'array' } } },
      );
    const { policies } = parse([
      ['east.json', nodes('east')],
      ['west.json', nodes('west')],
    ]);
    const [east, west] = policies.map(({ rules }) => rules[0]?.sources[0]);
    expect(east?.kind).toBe('symbol');
    expect(east).not.toEqual(west);
    expect(east?.text).not.toBe(west?.text);
  });
});

describe('named files that are nothing of that', () => {
  test.each([
    ['', 'the file is empty'],
    ['   \n', 'the file is empty'],
    ['{"resources": [', 'is the file complete?'],
    ['hello', 'not JSON'],
    ['"text"', 'found a string'],
    ['17', 'found a number'],
    ['null', 'found a null'],
    ['{}', 'found an empty object'],
    ['[]', 'empty list'],
    ['{"a": 1, "b": {}}', 'found an object with "a", "b"'],
    ['[{"name": "x"}]', 'found an array whose first item is an object with "name"'],
    ['{"rows": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}', 'and 1 more'],
    ['{"type": "Microsoft.Network/firewallPolicies", "properties": 5', 'is the file complete?'],
  ])('%j', (text, message) => {
    expect(problem([['x.json', text]])).toMatchObject({
      path: 'x.json',
      message: expect.stringContaining(message) as string,
    });
  });

  test('line and column of what is not JSON', () => {
    expect(problem([['x.json', '{\n  "a": 1,\n  b\n}']])).toMatchObject({ line: 3, column: 3 });
  });

  test('bytes that are no text', () => {
    expect(problemOfBytes(new Uint8Array([0x7b, 0xff, 0xfe, 0x80])).message).toContain('not a text file');
    expect(problemOfBytes(new Uint8Array([0x7b, 0, 0x7d, 0])).message).toContain('UTF-16');
  });

  test('nesting without end', () => {
    expect(problem([['x.json', '['.repeat(10_000) + ']'.repeat(10_000)]]).message).toContain(
      'nested more than',
    );
    const policy = JSON.stringify(good[1]).replace(
      '"priority":200',
      `"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    );
    expect(problem([['x.json', policy]]).message).toContain('nested more than');
  });

  test('a template without any firewall', () => {
    const network = {
      type: 'Microsoft.Network/virtualNetworks',
      apiVersion: '2024-05-01',
      name: 'v',
      properties: {},
    };
    expect(problem([['x.json', template([network])]]).message).toBe(
      'no firewall policy, rule collection group or classic firewall in it',
    );
    expect(problem([['x.json', template([])]]).message).toContain('no firewall policy');
  });

  test('a template whose firewall is switched off by a parameter', () => {
    const parameters = { deploy: { type: 'bool', defaultValue: false } };
    const off = { ...policyResource('hub'), condition: "[parameters('deploy')]" };
    const message = problem([['x.json', template([off], { parameters })]]).message;
    expect(message).toContain('deploys no firewall policy');
    expect(message).toContain('--parameters');
  });

  test('a template without parameters whose only group is switched off is not asked for parameter values', () => {
    const off = { ...group, condition: "[equals('a', 'b')]" };
    const policy = policyOf([['x.json', template([policyResource('hub'), off])]]);
    expect([policy.rules, policy.unknowns]).toEqual([[], []]);
  });

  test('--base-policy with a file that holds no base policy', () => {
    const bad: readonly Source[] = [
      ['b.json', '[]'],
      ['b.json', { parameters: { a: { value: 1 } } }],
    ];
    for (const base of bad) {
      expect(problem([good], { bases: [base] })).toMatchObject({
        path: 'b.json',
        message: expect.stringContaining('no firewall policy or rule collection group in it') as string,
      });
    }
  });

  test('drafts alone', () => {
    const draft = {
      type: 'Microsoft.Network/firewallPolicies/firewallPolicyDrafts',
      apiVersion: '1',
      name: 'hub/default',
      properties: {},
    };
    expect(problem([['x.json', template([draft])]]).message).toContain('drafts are not in force');
  });

  test('other resources', () => {
    const vault = {
      id: '/subscriptions/0/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v',
      name: 'v',
      properties: {},
    };
    expect(problem([['x.json', [vault]]]).message).toContain('no firewall policy');
  });

  test('IP groups alone, and a firewall whose policy is elsewhere', () => {
    const ipGroup = {
      type: 'Microsoft.Network/ipGroups',
      apiVersion: '1',
      name: 'n',
      properties: { ipAddresses: [] },
    };
    expect(problem([['x.json', template([ipGroup])]]).message).toContain('only what those use');
    const firewall = {
      type: 'Microsoft.Network/azureFirewalls',
      apiVersion: '1',
      name: 'f',
      properties: {
        firewallPolicy: {
          id: '/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/firewallPolicies/hub',
        },
      },
    };
    expect(problem([['x.json', template([firewall])]]).message).toContain(
      '/firewallPolicies/hub, which is not in the input',
    );
  });

  test.each([
    ['az network firewall policy create -n hub', 'an az CLI script: export the policy instead'],
    [
      '#!/bin/bash\nset -e\naz network firewall policy rule-collection-group collection add-filter-collection \\\n  --name x',
      'rule-collection-group list',
    ],
    ['# run me\nNew-AzFirewallPolicy -Name hub', 'a PowerShell script'],
    [
      "param location string\nresource p 'Microsoft.Network/firewallPolicies@2024-05-01' = {\n}",
      'name the file with its ending .bicep',
    ],
    ["// hub\ntargetScope = 'subscription'", 'name the file with its ending .bicep'],
    ["using './main.bicep'\nparam a = 1", 'name the file with its ending .bicepparam'],
    ['resource "azurerm_firewall_policy" "hub" {\n  name = "hub"\n}', 'name the folder'],
  ])('a source is named, with what to do: %s', (text, advice) => {
    expect(problem([['x', text]]).message).toContain(advice);
  });
});

describe('parameter files', () => {
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#';
  const file = [
    'p.json',
    { $schema: schema, contentVersion: '1.0.0.0', parameters: { a: { value: 1 } } },
  ] as const;
  const withRules = [
    'p.json',
    { $schema: schema, parameters: { groups: { value: [{ ruleCollections: [] }] } } },
  ] as const;

  test('alone: said to be one, with what is missing', () => {
    expect(problem([file]).message).toBe(
      'a parameter file: give the template too, and this file with --parameters',
    );
    expect(problem([withRules]).message).toContain('a parameter file that holds rule collections');
    for (const a of [
      { reference: { keyVault: {} } },
      { expression: '[externalInputs(1)]' },
      { value: [] },
      { value: null },
    ]) {
      expect(problem([['p.json', { parameters: { a } }]]).message).toContain('a parameter file');
    }
  });

  test('beside a template: not used unless --parameters names it, and that is noted', () => {
    const parsed = parse([good, withRules]);
    expect(parsed.policies).toHaveLength(1);
    expect(parsed.notes.map(({ message, place }) => [place.path, message])).toEqual([
      [
        'p.json',
        'a parameter file that holds rule collections, which is not used; give it with --parameters',
      ],
    ]);
    expect(parse([good, file], { parameters: [file] }).notes).toEqual([]);
  });

  test('with a name that no template has: said, since the default would stand in silence', () => {
    const hub = template([policyResource("[parameters('hub')]")], {
      parameters: { hub: { type: 'string', defaultValue: 'h' } },
    });
    const typo = ['p.json', { parameters: { Hub: { value: 'a' }, hubb: { value: 'b' } } }] as const;
    const { policies, notes } = parse([['t.json', hub]], { parameters: [typo] });
    expect(policies[0]?.name).toBe('a');
    expect(notes).toEqual([
      {
        message: "no template here has a parameter 'hubb': its value is not used",
        place: { path: 'p.json', pointer: '/parameters/hubb' },
      },
    ]);
  });

  test('anything else given with --parameters is refused', () => {
    expect(problem([good], { parameters: [good] }).message).toContain(
      'not a parameter file: found a template',
    );
    expect(problem([good], { parameters: [['p.json', '[1]']] }).message).toContain('not a parameter file');
    expect(problem([good], { parameters: [['p.txt', "using 'main.bicep'"]] }).message).toContain(
      'name the file with its ending .bicepparam',
    );
    expect(problem([good], { parameters: [['p.json', '{']] }).message).toContain('not JSON');
  });
});

describe('files met in a directory', () => {
  test('are skipped with a reason where they are no firewall', () => {
    const parsed = parse(
      [
        good,
        ['readme.json', '{"a": 1}'],
        ['broken.json', '{'],
        ['main.bicep', "targetScope = 'subscription'"],
        ['vnet.json', template([])],
        ['p.json', { parameters: { a: { value: 1 } } }],
      ],
      { walked: true },
    );
    expect(parsed.policies).toHaveLength(1);
    expect(parsed.inputs.map(({ path }) => path)).toEqual(['good.json']);
    expect(parsed.skipped.map(({ path }) => path).sort()).toEqual([
      'broken.json',
      'main.bicep',
      'p.json',
      'readme.json',
      'vnet.json',
    ]);
  });

  test('a broken one that speaks of firewalls is not', () => {
    const text = JSON.stringify(good[1]).slice(0, -20);
    expect(() => parse([['policy.json', text]], { walked: true })).toThrow(InputError);
    expect(parse([['README.md', '# our firewallPolicies']], { walked: true }).skipped).toHaveLength(1);
  });

  test('none of which is a firewall: no policy and no error, the caller knows the directory', () => {
    expect(parse([['a.json', '{"a": 1}']], { walked: true }).policies).toEqual([]);
  });
});

describe('hostile input', () => {
  test('members called __proto__ and constructor are names like any other', () => {
    const text = JSON.stringify(good[1]).replace(
      '"priority"',
      '"__proto__": {"x": 1}, "constructor": {"y": 2}, "priority"',
    );
    expect(policyOf([['x.json', text]]).rules).toHaveLength(1);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('duplicate rules, unknown members and wrong types do not stop the reading', () => {
    const rules = [
      networkRule('1', {
        sourceAddresses: { a: 1 },
        destinationAddresses: [null, 5, ['20.0.0.1']],
        unheardOf: [],
      }),
    ];
    const policy = policyOf([
      ['x.json', template([groupResource('hub/g', 'first', [collection('c', [], 'Allow', rules), 7])])],
    ]);
    expect(policy.rules[0]?.sources.map(({ kind }) => kind)).toEqual(['invalid']);
    expect(policy.rules[0]?.destinations.map(({ kind }) => kind)).toEqual(['invalid', 'range']);
  });

  test('a copy of a million groups is refused, not tried', () => {
    const copy = {
      ...groupResource("[format('hub/g{0}', copyIndex())]", 200, []),
      copy: { name: 'c', count: 1_000_000 },
    };
    expect(problem([['x.json', template([policyResource('hub'), copy])]]).message).toMatch(/800|copies|copy/);
  });
});
