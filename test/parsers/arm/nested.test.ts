import { describe, expect, it } from 'vitest';
import { evaluate, named, plain, propertiesOf, resultOf, SCHEMA } from './evaluating.ts';

const DEPLOYMENT = 'Microsoft.Resources/deployments';
const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups';
const IP_GROUP = 'Microsoft.Network/ipGroups';

function nested(
  name: string,
  template: object,
  options: { scope?: string; parameters?: unknown; more?: object } = {},
): object {
  const { scope, parameters, more = {} } = options;
  return {
    type: DEPLOYMENT,
    apiVersion: '2022-09-01',
    name,
    properties: {
      mode: 'Incremental',
      ...(scope === undefined ? {} : { expressionEvaluationOptions: { scope } }),
      ...(parameters === undefined ? {} : { parameters }),
      template: { $schema: SCHEMA, contentVersion: '1.0.0.0', ...template },
    },
    ...more,
  };
}

const group = (addresses: unknown): object => ({
  type: IP_GROUP,
  name: 'g',
  properties: { ipAddresses: addresses },
});

describe('a nested deployment of inner scope', () => {
  it('sees its own parameters, given by the one around, at the place where they are written', () => {
    const made = evaluate({
      variables: { prefix: '10.1.0.0/24' },
      parameters: { other: { type: 'string', defaultValue: 'not this one' } },
      resources: [
        nested(
          'inner',
          {
            parameters: { prefix: { type: 'string' }, other: { type: 'string', defaultValue: 'mine' } },
            variables: { list: ["[parameters('prefix')]", "[parameters('other')]"] },
            resources: [group("[variables('list')]")],
          },
          { scope: 'inner', parameters: { prefix: { value: "[variables('prefix')]" } } },
        ),
      ],
    });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['10.1.0.0/24', 'mine'] });
    const [first] = itemsOf(made, 'ipaddresses');
    expect(first?.place.pointer).toBe('/variables/prefix');
  });

  it('tells its own unknown parameters from those of equal name around it and in its sisters', () => {
    const inner = {
      parameters: { list: { type: 'array' } },
      resources: [{ ...group("[parameters('list')]"), name: '[deployment().name]' }],
    };
    const made = evaluate({
      parameters: { list: { type: 'array' } },
      resources: [
        { ...group("[parameters('list')]"), name: 'root' },
        nested('a', inner, { scope: 'inner' }),
        nested('b', inner, { scope: 'inner' }),
        nested('c', inner, { scope: 'inner', parameters: { list: { value: "[parameters('list')]" } } }),
      ],
    });
    expect(propertiesOf(made, 'root')).toEqual({ ipAddresses: "⟦parameters('list')⟧" });
    expect(propertiesOf(made, 'a')).toEqual({ ipAddresses: "⟦a/parameters('list')⟧" });
    expect(propertiesOf(made, 'b')).toEqual({ ipAddresses: "⟦b/parameters('list')⟧" });
    expect(propertiesOf(made, 'c')).toEqual({ ipAddresses: "⟦parameters('list')⟧" });
  });

  it('takes its default where it is given null, and null where it is nullable', () => {
    const inner = {
      parameters: { a: { type: 'string', defaultValue: 'x' }, b: { type: 'string', nullable: true } },
      resources: [group("[createArray(parameters('a'), parameters('b'))]")],
    };
    const parameters = { a: { value: '[null()]' }, b: { value: '[null()]' } };
    const made = evaluate({ resources: [nested('n', inner, { scope: 'inner', parameters })] });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['x', null] });
  });

  it('may be given its parameters by one expression', () => {
    const inner = {
      parameters: { a: { type: 'string' } },
      resources: [group("[createArray(parameters('a'))]")],
    };
    const parameters = "[createObject('a', createObject('value', 'x'))]";
    const made = evaluate({ resources: [nested('n', inner, { scope: 'inner', parameters })] });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['x'] });
  });

  it('may be copied, each copy with its own arguments', () => {
    const made = evaluate({
      parameters: {
        groups: {
          type: 'array',
          defaultValue: [
            { name: 'one', priority: 100 },
            { name: 'two', priority: 200 },
          ],
        },
      },
      resources: [
        nested(
          "[format('rcg-{0}', copyIndex())]",
          {
            parameters: { group: { type: 'object' } },
            resources: [
              {
                type: GROUP,
                name: "[format('hub/{0}', parameters('group').name)]",
                properties: { priority: "[parameters('group').priority]" },
              },
            ],
          },
          {
            scope: 'inner',
            parameters: { group: { value: "[parameters('groups')[copyIndex()]]" } },
            more: { copy: { name: 'groups', count: "[length(parameters('groups'))]" } },
          },
        ),
      ],
    });
    expect(propertiesOf(made, 'hub/one')).toEqual({ priority: 100 });
    expect(propertiesOf(made, 'hub/two')).toEqual({ priority: 200 });
  });
});

describe('a nested deployment of outer scope, the default', () => {
  it.each([undefined, 'outer'])('sees the parameters, variables and copies around it (scope %s)', (scope) => {
    const inner = {
      variables: { prefix: 'not seen' },
      resources: [{ ...group("[createArray(variables('prefix'))]"), name: "[concat('g', copyIndex())]" }],
    };
    const more = { copy: { name: 'loop', count: 2 } };
    const made = evaluate({
      variables: { prefix: '10.1.0.0/24' },
      resources: [
        nested("[concat('n', copyIndex())]", inner, scope === undefined ? { more } : { scope, more }),
      ],
    });
    expect(propertiesOf(made, 'g1')).toEqual({ ipAddresses: ['10.1.0.0/24'] });
    expect(made.resources).toHaveLength(2);
  });
});

describe('where a nested deployment goes', () => {
  it('is what resourceGroup, subscriptionId and scope say', () => {
    const template = { resources: [group([])] };
    const { resources } = evaluate({
      resources: [
        nested('a', template, { more: { resourceGroup: 'RG1' } }),
        nested('b', template, { more: { resourceGroup: 'RG1', subscriptionId: 'S1' } }),
        nested('c', template, { more: { scope: '/subscriptions/S2/resourceGroups/RG2' } }),
      ],
    });
    expect(resources.map(({ id }) => id)).toEqual([
      '/subscriptions/⟦subscription().subscriptionid⟧/resourcegroups/rg1/providers/microsoft.network/ipgroups/g',
      '/subscriptions/s1/resourcegroups/rg1/providers/microsoft.network/ipgroups/g',
      '/subscriptions/s2/resourcegroups/rg2/providers/microsoft.network/ipgroups/g',
    ]);
  });

  it('is what resourceGroup() and resourceId() mean inside it, in inner scope', () => {
    const template = {
      resources: [
        group("[createArray(resourceGroup().name, resourceId('A.B/c', 'd'), deployment().location)]"),
      ],
    };
    const more = { resourceGroup: 'RG1', location: 'westeurope' };
    const made = evaluate({ resources: [nested('n', template, { scope: 'inner', more })] });
    expect(propertiesOf(made, 'g')).toEqual({
      ipAddresses: [
        'RG1',
        '/subscriptions/⟦subscription().subscriptionid⟧/resourceGroups/RG1/providers/A.B/c/d',
        'westeurope',
      ],
    });
  });

  it('is a resource group where a subscription template says so, and the subscription otherwise', () => {
    const $schema =
      'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#';
    const { resources } = evaluate({
      more: { $schema },
      resources: [
        { type: 'Microsoft.Resources/resourceGroups', name: 'rg', location: 'westeurope' },
        nested('inside', { resources: [group([])] }, { more: { resourceGroup: 'rg' } }),
        nested('beside', { $schema, resources: [{ type: 'A.B/c', name: 'd' }] }),
      ],
    });
    expect(resources.map(({ id }) => id)).toEqual([
      '/subscriptions/⟦subscription().subscriptionid⟧/resourcegroups/rg',
      '/subscriptions/⟦subscription().subscriptionid⟧/resourcegroups/rg/providers/microsoft.network/ipgroups/g',
      '/subscriptions/⟦subscription().subscriptionid⟧/providers/a.b/c/d',
    ]);
  });
});

describe('reference() across deployments', () => {
  const network = nested(
    'network',
    {
      parameters: { prefix: { type: 'string' } },
      resources: [],
      outputs: {
        prefix: { type: 'string', value: "[parameters('prefix')]" },
        id: { type: 'string', value: "[resourceId('A.B/c', 'd')]" },
      },
    },
    { scope: 'inner', parameters: { prefix: { value: '10.9.0.0/22' } } },
  );

  it.each([
    "[reference('network').outputs.prefix.value]",
    "[reference(resourceId('Microsoft.Resources/deployments', 'network'), '2022-09-01').outputs.prefix.value]",
    "[reference(extensionResourceId(resourceGroup().id, 'Microsoft.Resources/deployments', 'network'), '2022-09-01').outputs.prefix.value]",
    "[reference('network', '2022-09-01', 'full').properties.outputs.prefix.value]",
  ])('%s is the evaluated output', (expression) => {
    expect(resultOf(expression, { resources: [network] })).toBe('10.9.0.0/22');
  });

  it('passes outputs on as parameters', () => {
    const rules = nested(
      'rules',
      {
        parameters: { source: { type: 'string' } },
        resources: [group("[createArray(parameters('source'))]")],
      },
      { scope: 'inner', parameters: { source: { value: "[reference('network').outputs.prefix.value]" } } },
    );
    const made = evaluate({ resources: [rules, network] });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['10.9.0.0/22'] });
    expect(itemsOf(made, 'ipaddresses')[0]?.place.pointer).toBe(
      '/resources/1/properties/parameters/prefix/value',
    );
  });

  it('finds resources of other nested templates by id, defined rather than existing', () => {
    const more = { languageVersion: '2.0' };
    const user = nested(
      'user',
      {
        ...more,
        resources: {
          nodes: { existing: true, type: IP_GROUP, name: 'g' },
          mine: { ...group("[reference('nodes').ipAddresses]"), name: 'mine' },
        },
      },
      { scope: 'inner' },
    );
    const made = evaluate({ resources: [nested('maker', { resources: [group(['10.3.0.0/24'])] }), user] });
    expect(propertiesOf(made, 'mine')).toEqual({ ipAddresses: ['10.3.0.0/24'] });
  });

  it('is unknown for a deployment whose template is elsewhere', () => {
    const linked = {
      type: DEPLOYMENT,
      name: 'linked',
      properties: { templateLink: { uri: 'https://contoso.com/t.json' } },
    };
    const made = evaluate({
      resources: [linked, group("[createArray(reference('linked').outputs.x.value)]")],
    });
    expect(made.gaps).toMatchObject([
      {
        type: DEPLOYMENT,
        unknown: {
          reason: "deployment 'linked' takes its template from https://contoso.com/t.json, which is not read",
        },
        place: { pointer: '/resources/0' },
      },
    ]);
    expect(itemsOf(made, 'ipaddresses')[0]).toMatchObject({
      kind: 'unknown',
      unknown: {
        reason: "deployment 'linked' takes its template from https://contoso.com/t.json, which is not read",
      },
    });
  });
});

describe('conditions on deployments', () => {
  it('hold for everything inside', () => {
    const template = { resources: [group([])] };
    expect(
      evaluate({ resources: [nested('off', template, { more: { condition: false } })] }).resources,
    ).toEqual([]);
    const made = evaluate({
      parameters: { on: { type: 'bool' } },
      resources: [nested('maybe', template, { more: { condition: "[parameters('on')]" } })],
    });
    expect(named(made, 'g').conditional?.reason).toBe("parameter 'on' has no value");
  });
});

describe('copies of a deployment whose number is unknown', () => {
  const copies = (more: object): object =>
    nested(
      "[concat('n', copyIndex())]",
      {
        resources: [
          group([]),
          { type: 'A.B/c', name: 'd' },
          nested('deeper', { resources: [{ type: GROUP, name: 'p/g' }] }),
        ],
      },
      { more: { copy: { name: 'loop', count: "[length(parameters('list'))]" }, ...more } },
    );
  const parameters = { list: { type: 'array' } };

  it('are a gap of every type that they would make', () => {
    const { gaps } = evaluate({ parameters, resources: [copies({})] });
    expect(gaps.map(({ type }) => type)).toEqual([IP_GROUP, 'A.B/c', GROUP]);
    expect(gaps[0]?.unknown.reason).toBe("parameter 'list' has no value");
  });

  it('are none where they are switched off', () => {
    expect(evaluate({ parameters, resources: [copies({ condition: false })] }).gaps).toEqual([]);
  });
});

describe('a template that is loaded as text', () => {
  it('is read like one that is written in place', () => {
    const text = JSON.stringify({
      $schema: SCHEMA,
      contentVersion: '1.0.0.0',
      resources: [group(["[concat('10.0.0', '.0/24')]"])],
    });
    const resources = [
      {
        type: DEPLOYMENT,
        name: 'n',
        properties: {
          expressionEvaluationOptions: { scope: 'inner' },
          template: "[json(variables('$fxv#0'))]",
        },
      },
    ];
    const made = evaluate({ variables: { '$fxv#0': text }, resources });
    expect(propertiesOf(made, 'g')).toEqual({ ipAddresses: ['10.0.0.0/24'] });
  });
});

function itemsOf(
  made: ReturnType<typeof evaluate>,
  name: string,
): readonly { kind: string; place: { pointer: string } }[] {
  const list = named(made, 'g').properties.members.get(name)?.value;
  if (list?.kind !== 'array')
    throw new Error(`${name} is ${list === undefined ? 'missing' : JSON.stringify(plain(list))}`);
  return list.items;
}
