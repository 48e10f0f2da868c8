import { describe, expect, it } from 'vitest';
import { destinations, policyWith, reasons, ruleFor, useFolder } from './folder.ts';

const folder = useFolder();

/** The names that one rule lets out. */
async function names(expression: string, declarations = '', cloud?: 'AzureChinaCloud'): Promise<string[]> {
  folder.write('main.bicep', policyWith(expression, declarations));
  return destinations(
    await folder.parse({ names: ['main.bicep'], ...(cloud === undefined ? {} : { cloud }) }),
  );
}

describe('an expression', () => {
  it.each([
    ['a string', `[ 'a.example' ]`, ['a.example']],
    ['items on one line', `[ 'a.example', 'b.example' ]`, ['a.example', 'b.example']],
    ['items on lines', `[\n 'a.example'\n\n 'b.example' // c\n ]`, ['a.example', 'b.example']],
    ['escapes', String.raw`[ 'it\'s\u{2d}x.example' ]`, ["it's-x.example"]],
    ['an interpolation', "[ '${'a'}.${'b'}.example' ]", ['a.b.example']],
    ['an interpolation in an interpolation', "[ '${'x${1 + 2}'}.example' ]", ['x3.example']],
    ['a dollar that is none', String.raw`[ 'a$b\${c}.example' ]`, ['a$b${c}.example']],
    ['braces that are none', "[ '{0}${'a'}{.example' ]", ['{0}a{.example']],
    ['a text in brackets, which is no expression of templates', "[ '[a]' ]", ['[a]']],
    ['a string of several lines', "[ '''\na.example''' ]", ['a.example']],
    ['a string of several lines that is not interpolated', "[ '''${x}.example''' ]", ['${x}.example']],
    ['a string of several lines that is', "[ $'''\n${'a'}.example''' ]", ['a.example']],
    ['one with two dollars', "[ $$'''${'a'}$${'b'}.example''' ]", ["${'a'}b.example"]],
    ['quotation marks at its end', "[ ''''a''''' ]", ["'a''"]],
    ['a ternary', "true ? [ 'a.example' ] : [ 'b.example' ]", ['a.example']],
    ['a ternary on lines', "1 > 2\n ? [ 'a.example' ]\n : [ 'b.example' ]", ['b.example']],
    ['?? of null', "null ?? [ 'a.example' ]", ['a.example']],
    ['.? of what is not there', "{ a: 1 }.?b ?? [ 'a.example' ]", ['a.example']],
    ['.? at the begin of a longer chain', "{ a: 1 }.?b.c.d ?? [ 'a.example' ]", ['a.example']],
    ['[?…] of what is not there', "[ 'a' ][?3] ?? [ 'a.example' ]", ['a.example']],
    ['[^…], counted from the end', "[ [ 'a.example', 'b.example' ][^1] ]", ['b.example']],
    ['!, which is nothing', "{ a: [ 'a.example' ] }!.a!", ['a.example']],
    ['a member by a computed name', "{ ab: [ 'a.example' ] }['a${'b'}']", ['a.example']],
    [
      'a spread in a list',
      "[ 'a.example', ...[ 'b.example' ], 'c.example' ]",
      ['a.example', 'b.example', 'c.example'],
    ],
    ['a spread in an object', "{ ...{ a: 1, b: [ 'a.example' ] }, a: 2 }.b", ['a.example']],
    ['what follows a spread wins', "{ ...{ a: [ 'x' ] }, a: [ 'a.example' ] }.a", ['a.example']],
    ['a computed name in an object', "{ '${'a'}': [ 'a.example' ] }.a", ['a.example']],
    ['a loop', "[for x in [ 'a', 'b' ]: '${x}.example']", ['a.example', 'b.example']],
    [
      'a loop with an index',
      "[for (x, i) in [ 'a', 'b' ]: '${x}${i}.example']",
      ['a0.example', 'b1.example'],
    ],
    [
      'a loop in a loop',
      "flatten([for x in [ 'a', 'b' ]: map(range(1, 2), n => '${x}${n}.example')])",
      ['a1.example', 'a2.example', 'b1.example', 'b2.example'],
    ],
    ['a filtered list', "filter([ 'a.example', 'b.test' ], x => endsWith(x, '.example'))", ['a.example']],
    ['a lambda of two', "map([ 'a', 'b' ], (x, i) => '${x}${i}.example')", ['a0.example', 'b1.example']],
    [
      'a lambda in a lambda',
      "flatten(map([ 'a', 'b' ], x => map([ 'c' ], y => '${x}${y}.example')))",
      ['ac.example', 'bc.example'],
    ],
    [
      'reduce()',
      "reduce([ [ 'a.example' ], [ 'b.example' ] ], [], (x, y) => concat(x, y))",
      ['a.example', 'b.example'],
    ],
    ['sort()', "sort([ 'b.example', 'a.example' ], (x, y) => x < y)", ['a.example', 'b.example']],
    [
      'toObject() and items()',
      "map(items(toObject([ 'a' ], x => x)), x => '${x.key}.example')",
      ['a.example'],
    ],
    [
      'mapValues() and objectKeys()',
      "map(objectKeys(mapValues({ a: 1 }, v => v + 1)), k => '${k}.example')",
      ['a.example'],
    ],
    ['arithmetic by precedence', "[ 'x${1 + 2 * 3 - 8 / 4 % 3}.example' ]", ['x5.example']],
    ['parentheses on lines', "(\n [ 'a.example' ]\n)", ['a.example']],
    ['=~ and !~, which do not tell case', "('A' =~ 'a' && 'A' !~ 'b') ? [ 'a.example' ] : []", ['a.example']],
    ['==, which tells it', "'A' == 'a' ? [ 'x' ] : [ 'a.example' ]", ['a.example']],
    ['&& and || by precedence', "true || false && false ? [ 'a.example' ] : []", ['a.example']],
    ['! of a boolean', "!false ? [ 'a.example' ] : []", ['a.example']],
    ['a minus sign', "[ 'x${-2 + 3}.example' ]", ['x1.example']],
    ['namespaces', "sys.concat([ 'a.example' ], az.subscription().id == '' ? [] : [])", ['a.example']],
    ['any()', "any([ 'a.example' ])", ['a.example']],
    ['nameof()', "[ '${nameof(policy)}.example' ]", ['policy.example']],
    ['arguments on lines', "concat(\n  [ 'a.example' ],\n  [ 'b.example' ]\n)", ['a.example', 'b.example']],
    ['comments anywhere', "[ /* a */ 'a.example' /* b\n c */ ]", ['a.example']],
    [
      'directives of the linter of Bicep',
      "[\n#disable-next-line no-hardcoded-env-urls\n'a.example'\n]",
      ['a.example'],
    ],
  ])('with %s', async (_what, expression, expected) => {
    expect(await names(expression)).toEqual(expected);
  });

  it('environment() is that of the cloud of the cluster', async () => {
    const expression =
      "[ split(environment().resourceManager, '/')[2], '*.blob.${environment().suffixes.storage}' ]";
    expect(await names(expression)).toEqual(['management.azure.com', '*.blob.core.windows.net']);
    expect(await names(expression, '', 'AzureChinaCloud')).toEqual([
      'management.chinacloudapi.cn',
      '*.blob.core.chinacloudapi.cn',
    ]);
  });
});

describe('a declaration', () => {
  it.each([
    ['a parameter with a default', "param x string = 'a.example'", '[ x ]', ['a.example']],
    [
      'a default that needs another parameter',
      "param a string = 'a'\nparam x string = '${a}.example'",
      '[ x ]',
      ['a.example'],
    ],
    [
      'decorators, which are not values',
      "@description('which')\n@minLength(1)\n@allowed([\n  'a.example'\n])\nparam x string = 'a.example'",
      '[ x ]',
      ['a.example'],
    ],
    ['a nullable parameter', 'param x string[]?', "x ?? [ 'a.example' ]", ['a.example']],
    [
      'a parameter of a nullable type',
      'type maybe = string[]?\nparam x maybe',
      "x ?? [ 'a.example' ]",
      ['a.example'],
    ],
    ['a variable', "var x = [ 'a.example' ]", 'x', ['a.example']],
    ['a variable with a type', "var x string[] = [ 'a.example' ]", 'x', ['a.example']],
    ['a variable below what uses it', "var x = y\nvar y = [ 'a.example' ]", 'x', ['a.example']],
    [
      'a variable that a loop makes',
      "var x = [for n in range(1, 2): 'x${n}.example']",
      'x',
      ['x1.example', 'x2.example'],
    ],
    [
      'types of its own',
      "@sealed()\ntype rule = {\n  @description('name')\n  name: 'a' | 'b'\n  ports: int[]?\n  *: string\n}\ntype rules = rule[]\nparam x resourceInput<'Microsoft.Network/ipGroups@2024-05-01'>.properties.ipAddresses = [ 'a.example' ]",
      'x',
      ['a.example'],
    ],
    [
      'a union over lines and a tuple',
      "type t =\n  | 'a'\n  | 'b'\ntype u = [ string, int ]\nparam x (string | int)[] = [ 'a.example' ]",
      'x',
      ['a.example'],
    ],
    ['a function', "func host(name string) string => '${name}.example'", "[ host('a') ]", ['a.example']],
    [
      'functions that call functions',
      "func host(name string) string => '${name}.example'\nfunc all(names string[]) string[] =>\n  map(names, n => host(n))",
      "all([ 'a', 'b' ])",
      ['a.example', 'b.example'],
    ],
    [
      'metadata and assert',
      "metadata owner = 'net'\nassert ok = true\nvar x = [ 'a.example' ]",
      'x',
      ['a.example'],
    ],
    [
      'an extension',
      "extension microsoftGraphV1\nextension 'br:x.azurecr.io/e:1' with {\n  a: 1\n} as e\nvar x = [ 'a.example' ]",
      'x',
      ['a.example'],
    ],
  ])('of %s', async (_what, declarations, expression, expected) => {
    expect(await names(expression, declarations)).toEqual(expected);
  });

  it('without a value says which parameter is to be given', async () => {
    folder.write('main.bicep', policyWith('[ x ]', 'param x string'));
    const parsed = await folder.parse({ names: ['main.bicep'] });
    expect(destinations(parsed)).toEqual(["⟦parameters('x')⟧"]);
    expect(reasons(parsed)).toEqual(["parameter 'x' has no value"]);
  });
});

const GROUP = 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01';
const POLICY = `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {\n  name: 'hub'\n}\n`;

/** The properties of a group with one rule that lets out a name. */
function properties(host: string, priority = '200'): string {
  return propertiesWith(ruleFor(host), priority);
}

function propertiesWith(rule: string, priority = '200'): string {
  return `properties: {
    priority: ${priority}
    ruleCollections: [
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'names'
        priority: 300
        action: { type: 'Allow' }
        rules: [ ${rule} ]
      }
    ]
  }`;
}

async function onlyPolicy(
  text: string,
): Promise<{ groups: string[]; names: string[]; conditional: boolean }> {
  folder.write('main.bicep', text);
  const parsed = await folder.parse({ names: ['main.bicep'] });
  expect(parsed.policies).toHaveLength(1);
  const rules = parsed.policies.flatMap((policy) => policy.rules);
  return {
    groups: rules.map(({ group }) => group),
    names: destinations(parsed),
    conditional: rules.some(({ conditional }) => conditional !== undefined),
  };
}

describe('a child resource', () => {
  it.each([
    [
      'with a parent',
      `${POLICY}resource g '${GROUP}' = {\n  parent: policy\n  name: 'aks'\n  ${properties("'a.example'")}\n}\n`,
    ],
    [
      'by its full name',
      `${POLICY}resource g '${GROUP}' = {\n  name: 'hub/aks'\n  ${properties("'a.example'")}\n}\n`,
    ],
    [
      "by its parent's name",
      `${POLICY}resource g '${GROUP}' = {\n  name: '\${policy.name}/aks'\n  ${properties("'a.example'")}\n}\n`,
    ],
    [
      'inside of its parent',
      `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {\n  name: 'hub'\n  resource g 'ruleCollectionGroups' = {\n    name: 'aks'\n    ${properties("'a.example'")}\n  }\n}\n`,
    ],
    [
      'of an existing parent of the same file',
      `${POLICY}resource found 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {\n  name: policy.name\n}\nresource g '${GROUP}' = {\n  parent: found\n  name: 'aks'\n  ${properties("'a.example'")}\n}\n`,
    ],
    [
      'of a parent in a loop',
      `resource policies 'Microsoft.Network/firewallPolicies@2024-05-01' = [for n in [ 'hub' ]: {\n  name: n\n}]\nresource g '${GROUP}' = {\n  parent: policies[0]\n  name: 'aks'\n  ${properties("'a.example'")}\n}\n`,
    ],
  ])('%s belongs to it', async (_what, text) => {
    expect(await onlyPolicy(text)).toMatchObject({ groups: ['aks'], names: ['a.example'] });
  });

  it('of a policy that is deployed elsewhere belongs to that', async () => {
    const text = `resource hub 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {\n  name: 'shared'\n  scope: resourceGroup('rg-hub')\n}\nresource g '${GROUP}' = {\n  parent: hub\n  name: 'aks'\n  ${properties("'a.example'")}\n}\n`;
    folder.write('main.bicep', text);
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(policies.map(({ name }) => name)).toEqual(['shared']);
  });

  it('has names inside of its parent that everything inside knows', async () => {
    const text = `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'hub'
  resource one 'ruleCollectionGroups' = {
    name: 'one'
    ${properties("'a.example'")}
  }
  resource two 'ruleCollectionGroups' = {
    name: 'two'
    ${properties("'${one.name}.example'", '300')}
  }
}
output id string = policy::one.id
`;
    expect(await onlyPolicy(text)).toMatchObject({
      groups: ['one', 'two'],
      names: ['a.example', 'one.example'],
    });
  });
});

describe('resources', () => {
  const group = (value: string): string => `${POLICY}resource g '${GROUP}' = ${value}\n`;

  it('in a loop are made once for each item', async () => {
    const text = group(
      `[for (x, i) in [ 'a', 'b' ]: {\n  parent: policy\n  name: x\n  ${properties("'${x}${i}.example'", '200 + i')}\n}]`,
    );
    expect(await onlyPolicy(text)).toMatchObject({ groups: ['a', 'b'], names: ['a0.example', 'b1.example'] });
  });

  it('in a filtered loop are made for the items that the condition holds for', async () => {
    const text = group(
      `[for x in [ { n: 'a', on: true }, { n: 'b', on: false } ]: if (x.on) {\n  parent: policy\n  name: x.n\n  ${properties("'${x.n}.example'")}\n}]`,
    );
    expect(await onlyPolicy(text)).toMatchObject({ groups: ['a'] });
  });

  it.each([
    ['false', []],
    ['true', ['a.example']],
    ["'a' == 'b' || !false", ['a.example']],
  ])('with the condition %s are made or not', async (condition, expected) => {
    const text = group(
      `if (${condition}) {\n  parent: policy\n  name: 'aks'\n  ${properties("'a.example'")}\n}`,
    );
    expect((await onlyPolicy(text)).names).toEqual(expected);
  });

  it('with a condition that is not known may be made', async () => {
    const text = `param on bool\n${group(`if (on) {\n  parent: policy\n  name: 'aks'\n  ${properties("'a.example'")}\n}`)}`;
    expect(await onlyPolicy(text)).toMatchObject({ names: ['a.example'], conditional: true });
  });

  it('inside of one that is not made are not made either', async () => {
    const text = `resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = if (false) {\n  name: 'hub'\n  resource g 'ruleCollectionGroups' = {\n    name: 'aks'\n    ${properties("'a.example'")}\n  }\n}\n${POLICY.replace('policy ', 'other ')}`;
    expect(await onlyPolicy(text)).toMatchObject({ groups: [] });
  });

  it('name each other: a policy its base, rules their IP groups', async () => {
    const rule = `{
        ruleType: 'NetworkRule'
        name: 'api'
        sourceIpGroups: [ nodes.id, pools[1].id ]
        ipProtocols: [ 'TCP' ]
        destinationAddresses: [ 'AzureCloud' ]
        destinationPorts: [ '443' ]
      }`;
    const text = `resource nodes 'Microsoft.Network/ipGroups@2024-05-01' = {
  name: 'nodes'
  properties: { ipAddresses: [ '10.0.0.0/24' ] }
}
resource pools 'Microsoft.Network/ipGroups@2024-05-01' = [for i in range(0, 2): {
  name: 'pool\${i}'
  properties: { ipAddresses: [ '10.1.\${i}.0/24' ] }
}]
resource base 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'base'
}
resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'hub'
  properties: { basePolicy: { id: base.id } }
}
resource g '${GROUP}' = {
  parent: policy
  name: 'aks'
  ${propertiesWith(rule)}
}
`;
    folder.write('main.bicep', text);
    const { policies } = await folder.parse({ names: ['main.bicep'] });
    expect(policies.map(({ chain }) => chain)).toEqual([['base', 'hub']]);
    expect(policies[0]?.rules[0]?.sources.map((source) => source.text)).toEqual([
      '10.0.0.0/24',
      '10.1.1.0/24',
    ]);
  });
});
