import { describe, expect, it } from 'vitest';
import { evaluate, memberAt, plain, reasonOf, resultOf, valueOf } from './evaluating.ts';

const parameters = {
  location: { type: 'string' },
  list: { type: 'array' },
  thing: { type: 'object' },
  known: { type: 'array', defaultValue: ['a', 'b'] },
};

function table(rows: readonly (readonly [expression: string, expected: unknown])[]): void {
  it.each(rows)('%s', (expression, expected) => {
    expect(resultOf(`[${expression}]`, { parameters })).toEqual(expected);
  });
}

describe('a parameter without value', () => {
  it('is unknown, with the reason and what to supply, at its declaration', () => {
    const value = valueOf("[parameters('location')]", { parameters });
    expect(value).toMatchObject({
      kind: 'unknown',
      symbol: "⟦parameters('location')⟧",
      unknown: {
        reason: "parameter 'location' has no value",
        supply: 'give its value with --parameters',
        place: { path: 'template.json', pointer: '/parameters/location' },
      },
    });
  });

  it('is the same unknown in every spelling of its name', () => {
    expect(resultOf("[PARAMETERS('Location')]", { parameters })).toBe("⟦parameters('location')⟧");
  });

  it('that is computed from external inputs says so, though it has a default', () => {
    const files = [{ parameters: { p: { expression: "[externalInputs('x')]" } } }];
    expect(
      reasonOf("[parameters('p')]", { parameters: { p: { type: 'string', defaultValue: 'd' } }, files }),
    ).toBe("parameter 'p' is computed from external inputs when it is deployed");
  });

  it('that is kept in a key vault says so', () => {
    const files = [{ parameters: { location: { reference: { keyVault: { id: 'x' }, secretName: 'y' } } } }];
    expect(reasonOf("[parameters('location')]", { parameters, files })).toBe(
      "parameter 'location' is kept in a key vault",
    );
  });
});

describe('known text around an unknown stays', () => {
  table([
    ["concat('AzureCloud.', parameters('location'))", "AzureCloud.⟦parameters('location')⟧"],
    ["format('{0}.dp.{1}', parameters('location'), 'azure.com')", "⟦parameters('location')⟧.dp.azure.com"],
    ["toLower(concat('ABC.', parameters('location')))", "abc.⟦parameters('location')⟧"],
    ["toUpper(concat('abc.', parameters('location')))", "ABC.⟦parameters('location')⟧"],
    ["replace(concat('a b', parameters('location')), ' ', '')", "ab⟦replace(parameters('location'),' ','')⟧"],
    ["string(concat('a', parameters('location')))", "a⟦parameters('location')⟧"],
    ["join(createArray('a', parameters('location')), '.')", "a.⟦parameters('location')⟧"],
    ["take(concat('hub-', parameters('location')), 3)", 'hub'],
    ["skip(concat('hub-', parameters('location')), 4)", "⟦parameters('location')⟧"],
    ["substring(concat('hub-', parameters('location')), 0, 4)", 'hub-'],
    ["first(concat('hub-', parameters('location')))", 'h'],
    ["last(concat(parameters('location'), '-hub'))", 'b'],
  ]);

  it('keeps the reasons of all symbols, in order', () => {
    const value = valueOf("[concat(resourceGroup().location, '-', parameters('location'))]", { parameters });
    expect(value).toMatchObject({
      kind: 'string',
      value: "⟦resourcegroup().location⟧-⟦parameters('location')⟧",
      unknowns: [
        { reason: 'resourceGroup().location is known only at the time of the deployment' },
        { reason: "parameter 'location' has no value" },
      ],
    });
  });
});

describe('other functions of an unknown', () => {
  table([
    ["length(parameters('list'))", "⟦length(parameters('list'))⟧"],
    ["length(concat('a', parameters('location')))", "⟦length('a'+parameters('location'))⟧"],
    ["empty(parameters('list'))", "⟦empty(parameters('list'))⟧"],
    ["empty(concat('a', parameters('location')))", false],
    ["contains(parameters('list'), 'x')", "⟦contains(parameters('list'),'x')⟧"],
    ["contains(concat('hub-', parameters('location')), 'ub')", true],
    [
      "contains(concat('hub-', parameters('location')), 'west')",
      "⟦contains('hub-'+parameters('location'),'west')⟧",
    ],
    ["startsWith(concat('hub-', parameters('location')), 'HUB')", true],
    ["startsWith(concat('hub-', parameters('location')), 'fw')", false],
    ["endsWith(concat(parameters('location'), '.com'), '.net')", false],
    [
      "startsWith(concat('hub-', parameters('location')), 'hub-west')",
      "⟦startswith('hub-'+parameters('location'),'hub-west')⟧",
    ],
    ["parameters('thing').a.b", "⟦parameters('thing').a.b⟧"],
    ["parameters('thing')['a']", "⟦parameters('thing').a⟧"],
    ["parameters('list')[0]", "⟦parameters('list')[0]⟧"],
    ["tryGet(parameters('thing'), 'a')", "⟦parameters('thing').a⟧"],
    ["uniqueString(parameters('location'))", "⟦uniquestring(parameters('location'))⟧"],
    ["split(parameters('location'), '/')[2]", "⟦split(parameters('location'),'/')[2]⟧"],
    ["add(length(parameters('list')), 1)", "⟦add(length(parameters('list')),1)⟧"],
    ["parameters('known')[length(parameters('list'))]", "⟦['a','b'][length(parameters('list'))]⟧"],
  ]);
});

describe('lists that are partly known', () => {
  table([
    ["concat(createArray('a'), parameters('list'))", ['a', "...⟦parameters('list')⟧"]],
    ["union(createArray('a'), parameters('list'))", ['a', "...⟦parameters('list')⟧"]],
    ["flatten(createArray(createArray('a'), parameters('list')))", ['a', "...⟦parameters('list')⟧"]],
    ["empty(concat(createArray('a'), parameters('list')))", false],
    ["contains(concat(createArray('a'), parameters('list')), 'a')", true],
    [
      "contains(concat(createArray('a'), parameters('list')), 'b')",
      "⟦contains(['a',...parameters('list')],'b')⟧",
    ],
    ["length(concat(createArray('a'), parameters('list')))", "⟦length(['a',...parameters('list')])⟧"],
    ["concat(createArray('a'), parameters('list'))[0]", 'a'],
    ["concat(createArray('a'), parameters('list'))[1]", "⟦['a',...parameters('list')][1]⟧"],
    ["take(concat(createArray('a', 'b'), parameters('list')), 1)", ['a']],
    [
      "map(concat(createArray('a'), parameters('list')), lambda('x', toUpper(lambdaVariables('x'))))",
      ['A', "...⟦map(...parameters('list'),item0)⟧"],
    ],
    [
      "filter(concat(createArray('a', 'b'), parameters('list')), lambda('x', equals(lambdaVariables('x'), 'a')))",
      ['a', "...⟦filter(...parameters('list'),equals(item0,'a'))⟧"],
    ],
    ["map(parameters('list'), lambda('x', lambdaVariables('x').id))", "⟦map(parameters('list'),item0.id)⟧"],
    [
      "toObject(parameters('list'), lambda('x', lambdaVariables('x').id), lambda('x', lambdaVariables('x').v))",
      "⟦toobject(parameters('list'),item0.id,item0.v)⟧",
    ],
    [
      "map(parameters('list'), lambda('x', map(parameters('list'), lambda('y', lambdaVariables('x')))))",
      "⟦map(parameters('list'),map(parameters('list'),item0))⟧",
    ],
    [
      "map(parameters('list'), lambda('x', map(parameters('list'), lambda('y', lambdaVariables('y')))))",
      "⟦map(parameters('list'),map(parameters('list'),item1))⟧",
    ],
  ]);
});

describe('logic with unknowns', () => {
  table([
    ["and(equals(parameters('location'), 'x'), false())", false],
    ["or(equals(parameters('location'), 'x'), true())", true],
    ["and(equals(parameters('location'), 'x'), true())", "⟦equals(parameters('location'),'x')⟧"],
    ["not(equals(parameters('location'), 'x'))", "⟦not(equals(parameters('location'),'x'))⟧"],
    ["equals(parameters('location'), parameters('LOCATION'))", true],
    ["equals(concat('a-', parameters('location')), concat('b-', parameters('location')))", false],
    ["equals(concat(parameters('location'), '.com'), 'x.net')", false],
    ["if(equals(parameters('location'), 'x'), 'same', 'same')", 'same'],
    ["if(equals(parameters('location'), 'x'), 1, 2)", "⟦if(equals(parameters('location'),'x'),1,2)⟧"],
    ["coalesce(parameters('location'), 'x')", "⟦coalesce(parameters('location'),'x')⟧"],
    ["coalesce(null(), parameters('location'))", "⟦parameters('location')⟧"],
    ["coalesce('a', parameters('location'))", 'a'],
  ]);
});

describe('what only Azure knows', () => {
  table([
    ['resourceGroup().location', '⟦resourcegroup().location⟧'],
    ['resourceGroup().name', '⟦resourcegroup().name⟧'],
    [
      'resourceGroup().id',
      '/subscriptions/⟦subscription().subscriptionid⟧/resourceGroups/⟦resourcegroup().name⟧',
    ],
    ['resourceGroup().tags.env', '⟦resourcegroup().tags.env⟧'],
    ['subscription().subscriptionId', '⟦subscription().subscriptionid⟧'],
    ['subscription().id', '/subscriptions/⟦subscription().subscriptionid⟧'],
    ['subscription().tenantId', '⟦tenant().tenantid⟧'],
    ['tenant().tenantId', '⟦tenant().tenantid⟧'],
    ['deployment().name', '⟦deployment().name⟧'],
    ['deployment().location', '⟦deployment().location⟧'],
    ["utcNow('u')", "⟦utcnow('u')⟧"],
    ["listKeys('id', '2020-01-01').key1", "⟦listkeys('id','2020-01-01').key1⟧"],
    [
      "reference('/subscriptions/s/resourceGroups/r/providers/A.B/c/d').x",
      "⟦reference('/subscriptions/s/resourcegroups/r/providers/a.b/c/d').x⟧",
    ],
    ["reference(resourceId('A.B/c', 'd')).x", "⟦reference('a.b/c/d').x⟧"],
    ["split(resourceGroup().id, '/')[4]", '⟦resourcegroup().name⟧'],
    ["split(concat('/subscriptions/', parameters('location'), '/x'), '/')[2]", "⟦parameters('location')⟧"],
    ['deployer().objectId', '⟦deployer().objectid⟧'],
  ]);

  it('is said with its reason', () => {
    expect(reasonOf('[resourceGroup().location]')).toBe(
      'resourceGroup().location is known only at the time of the deployment',
    );
    expect(reasonOf("[listKeys('x', 'y')]")).toBe('listKeys() is known only after the deployment');
  });

  it('differs between two calls of newGuid()', () => {
    const outputs = { a: { value: '[newGuid()]' }, b: { value: '[newGuid()]' } };
    const { outputs: made } = evaluate({}, outputs);
    expect(plain(memberAt(made, 'a', 'value'))).not.toBe(plain(memberAt(made, 'b', 'value')));
  });
});

describe('a failing expression', () => {
  it('makes only what depends on it unknown', () => {
    const variables = { bad: "[int('x')]", list: ['a', "[variables('bad')]"], good: 'fine' };
    expect(resultOf("[variables('good')]", { variables })).toBe('fine');
    expect(resultOf("[variables('list')[0]]", { variables })).toBe('a');
    expect(reasonOf("[variables('list')[1]]", { variables })).toBe(
      'int() takes a whole number as argument 1, found a string',
    );
  });
});

describe('long identities', () => {
  it('stay short and are told apart', () => {
    const long = (letter: string): unknown =>
      resultOf(`[uniqueString(parameters('location'), '${'x'.repeat(500)}${letter}')]`, { parameters });
    expect(String(long('a')).length).toBeLessThan(300);
    expect(long('a')).toBe(long('a'));
    expect(long('a')).not.toBe(long('b'));
  });
});
