import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { evaluateTemplate } from '../../../src/parsers/arm/template.ts';
import { readJson } from '../../../src/parsers/json/read.ts';
import { evaluate, reasonOf, resultOf, type Given } from './evaluating.ts';

const IP_GROUP = 'Microsoft.Network/ipGroups';
const OTHER = 'Microsoft.Storage/storageAccounts';

function group(addresses: unknown, type = IP_GROUP): object {
  return { type, name: 'g', properties: { ipAddresses: addresses } };
}

function problemOf(given: Given): InputError {
  try {
    evaluate(given);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('an expression that cannot be parsed', () => {
  it.each([
    [
      '[concat(]',
      'the expression has the end at character 9, expected a function, a string in single quotes or a number',
    ],
    ["[concat('a']", 'the expression has the end at character 12, expected ","'],
    ["[concat('a'', 'b')]", 'the expression has "b" at character 16, expected ","'],
    ["[concat('a]", 'the expression has a string that is not closed at character 9'],
    ["[parameters('a').]", 'the expression has the end at character 18, expected a property name'],
    [
      "[parameters('a') parameters('b')]",
      'the expression has "parameters" at character 18, expected the end of the expression',
    ],
    ['[10.0.0.0/8]', 'the expression has "/8" at character 10'],
    ['[a+b]', 'the expression has "+b" at character 3'],
    [
      '[]',
      'the expression has the end at character 2, expected a function, a string in single quotes or a number',
    ],
    ['[concat]', 'the expression has the end at character 8, expected "("'],
    ["[json('{')]}]", 'the expression has "]" at character 11, expected the end of the expression'],
  ])('%s says where and what', (expression, reason) => {
    expect(reasonOf(expression)).toContain(reason);
  });

  it('because it is longer than Azure allows says how long it is', () => {
    const expression = `[concat('${'x'.repeat(24_576)}')]`;
    expect(reasonOf(expression)).toBe(
      `the expression has ${expression.length} characters; Azure takes at most 24576`,
    );
    expect(resultOf(`[concat('${'x'.repeat(24_000)}')]`)).toHaveLength(24_000);
  });

  it('because it is nested too deep is no stack overflow', () => {
    expect(reasonOf(`[${'array('.repeat(3000)}1${')'.repeat(3000)}]`)).toBe(
      'the expression is nested more than 200 levels deep',
    );
  });
});

describe('circular definitions', () => {
  const circle = { a: "[variables('b')]", b: { x: "[concat(variables('c'))]" }, c: "[variables('a').x]" };

  it('stop the reading with the circle, the file and the place, where a firewall depends on them', () => {
    const problem = problemOf({ variables: circle, resources: [group("[variables('a')]")] });
    expect(problem.path).toBe('template.json');
    expect(problem.message).toContain('refers to itself');
    expect(problem.message).toContain('/variables/');
    expect(problem.line).toBe(1);
    expect(problem.column).toBeGreaterThan(1);
  });

  it('stop it where only the name or the condition of a firewall depends on them', () => {
    for (const more of [{ condition: "[variables('a')]" }, { name: "[variables('c')]" }]) {
      const problem = problemOf({ variables: circle, resources: [{ ...group([]), ...more }] });
      expect(problem.message).toContain('refers to itself');
    }
  });

  it('name every member of the circle', () => {
    const variables = { a: "[variables('b')]", b: "[variables('c')]", c: "[variables('a')]" };
    expect(problemOf({ variables, resources: [group("[variables('a')]")] }).message).toBe(
      "variable 'a' refers to itself: variable 'a' → variable 'b' → variable 'c' → variable 'a' (at /variables/c)",
    );
  });

  it('are unknown values elsewhere', () => {
    const made = evaluate({
      variables: circle,
      resources: [group("[variables('a')]", OTHER), group(['10.0.0.0/8'])],
    });
    expect(made.resources).toHaveLength(2);
    expect(reasonOf("[variables('a').x]", { variables: circle })).toContain('refers to itself');
  });

  it('are found among parameter defaults and between both', () => {
    const parameters = { p: { type: 'string', defaultValue: "[variables('v')]" } };
    const variables = { v: "[parameters('p')]" };
    expect(problemOf({ parameters, variables, resources: [group("[parameters('p')]")] }).message).toContain(
      "parameter 'p' → variable 'v' → parameter 'p'",
    );
  });

  it('are found among outputs of deployments', () => {
    const inner = (other: string): object => ({
      type: 'Microsoft.Resources/deployments',
      name: other === 'a' ? 'b' : 'a',
      properties: {
        expressionEvaluationOptions: { scope: 'inner' },
        parameters: { p: { value: `[reference('${other}').outputs.x.value]` } },
        template: {
          parameters: { p: { type: 'string' } },
          resources: [],
          outputs: { x: { value: "[parameters('p')]" } },
        },
      },
    });
    const resources = [inner('a'), inner('b'), group("[createArray(reference('a').outputs.x.value)]")];
    expect(problemOf({ resources }).message).toContain('refers to itself');
  });
});

describe('loops without measure', () => {
  it.each([
    [
      'a million copies of a firewall resource',
      { resources: [{ ...group([]), copy: { name: 'c', count: 1_000_000 } }] },
    ],
    [
      'a million items of one of its lists',
      {
        resources: [
          {
            type: IP_GROUP,
            name: 'g',
            properties: { copy: [{ name: 'ipAddresses', count: 1_000_000, input: 'x' }] },
          },
        ],
      },
    ],
    [
      'a million items of a variable it uses',
      {
        variables: { copy: [{ name: 'list', count: 1_000_000, input: 'x' }] },
        resources: [group("[variables('list')]")],
      },
    ],
  ])('%s are refused with the bound', (_title, given) => {
    expect(problemOf(given).message).toMatch(
      /^the copy loop asks for 1,000,000 copies; Azure makes at most 800 \(at \/.+\)$/,
    );
  });

  it('of other resources are a gap', () => {
    const made = evaluate({
      resources: [{ ...group([], OTHER), copy: { name: 'c', count: 1_000_000 } }, group([])],
    });
    expect(made.resources).toHaveLength(1);
    expect(made.gaps).toMatchObject([
      { type: OTHER, unknown: { reason: expect.stringContaining('at most 800') as string } },
    ]);
  });

  it('of deployments without a firewall in them are a gap', () => {
    const template = { resources: [{ type: OTHER, name: 's' }] };
    const copy = { name: 'c', count: 1_000_000 };
    const resources = [
      { type: 'Microsoft.Resources/deployments', name: 'n', copy, properties: { template } },
    ];
    expect(evaluate({ resources }).gaps).toMatchObject([{ type: OTHER }]);
    expect(
      problemOf({ resources: [{ ...resources[0], properties: { template: { resources: [group([])] } } }] })
        .message,
    ).toContain('at most 800');
  });

  it('inside loops end at a number of values', () => {
    const variables = {
      copy: [{ name: 'a', count: 800, input: '[range(0, 10000)]' }],
      flat: "[flatten(variables('a'))]",
    };
    expect(problemOf({ variables, resources: [group("[variables('flat')]")] }).message).toContain(
      'the template grows to more than 2,000,000 values',
    );
  });

  it('that double a text end at a length', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `v${index}`,
        index === 0 ? 'xxxxxxxxxxxxxxxx' : `[concat(variables('v${index - 1}'), variables('v${index - 1}'))]`,
      ]),
    );
    expect(problemOf({ variables, resources: [group(["[variables('v39')]"])] }).message).toContain(
      'a computed text is longer than 4 MB',
    );
  });

  it('that double a list end at a number of values', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `v${index}`,
        index === 0 ? ['x', 'y'] : `[concat(variables('v${index - 1}'), variables('v${index - 1}'))]`,
      ]),
    );
    expect(problemOf({ variables, resources: [group("[variables('v39')]")] }).message).toContain(
      '2,000,000 values',
    );
  });

  it.each([
    ['expressions in lists', (last: string) => [`[${last}]`, `[${last}]`]],
    ['createArray()', (last: string) => `[createArray(${last}, ${last})]`],
    ['createObject()', (last: string) => `[createObject('x', ${last}, 'y', ${last})]`],
  ])('that hold the one before twice, by %s, are refused before anybody reads them all', (_title, twice) => {
    const variables = Object.fromEntries(
      Array.from({ length: 41 }, (_, index) => [
        `v${index}`,
        index === 0 ? ['x'] : twice(`variables('v${index - 1}')`),
      ]),
    );
    for (const last of ["[variables('v40')]", ["[string(variables('v40'))]"]]) {
      expect(problemOf({ variables, resources: [group(last)] }).message).toContain('2,000,000 values');
    }
    // Whether anything in it is unknown is found out without reading all of it.
    expect(resultOf("[empty(variables('v40'))]", { variables })).toBe(false);
    expect(resultOf("[equals(variables('v40'), variables('v39'))]", { variables })).toBe(false);
  });

  it('that hold each other in lists, too deep to be read, are refused', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [
        `v${index}`,
        index === 0 ? ['x'] : [`[variables('v${index - 1}')]`],
      ]),
    );
    expect(problemOf({ variables, resources: [group("[variables('v49999')]")] }).message).toContain(
      'nested more than 200 levels deep',
    );
  });

  it('of resources in copies of a deployment end at a number of resources', () => {
    const template = {
      resources: [
        {
          ...group([]),
          name: "[format('g-{0}-{1}', copyIndex('outer'), copyIndex('inner'))]",
          copy: { name: 'inner', count: 800 },
        },
      ],
    };
    const deployment = {
      type: 'Microsoft.Resources/deployments',
      name: "[format('d{0}', copyIndex())]",
      copy: { name: 'outer', count: 800 },
      properties: { template },
    };
    expect(problemOf({ resources: [deployment] }).message).toContain(
      'the template makes more than 10,000 resources',
    );
  });

  it.each([
    ['[-1]', -1],
    ['x', 'x'],
    ['none', undefined],
  ])('with the count %s say what is wrong', (_title, count) => {
    const made = evaluate({ resources: [{ ...group([], OTHER), copy: { name: 'c', count } }] });
    expect(made.gaps[0]?.unknown.reason).toMatch(/count/);
  });
});

describe('long chains', () => {
  it('of three hundred variables are followed', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `v${index}`,
        index === 0 ? 'end' : `[variables('v${index - 1}')]`,
      ]),
    );
    expect(resultOf("[variables('v299')]", { variables })).toBe('end');
  });

  it('of ten thousand are refused, not a stack overflow', () => {
    const variables = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `v${index}`,
        index === 0 ? 'end' : `[variables('v${index - 1}')]`,
      ]),
    );
    expect(problemOf({ variables, resources: [group("[variables('v9999')]")] }).message).toContain(
      'levels deep',
    );
  });

  it('of a deployment that deploys itself are refused too', () => {
    const properties = { template: '[deployment().properties.template]' };
    const resources = [{ type: 'Microsoft.Resources/deployments', name: 'again', properties }];
    expect(problemOf({ resources }).message).toContain('deployments are nested more than 50 levels deep');
  });
});

describe('a template of wrong types', () => {
  it('is read as far as it makes sense', () => {
    const made = evaluate({
      parameters: { list: 'not a declaration' },
      variables: { v: null },
      functions: ['nonsense', { namespace: 5 }],
      resources: [
        'not a resource',
        7,
        { type: 5, name: 7 },
        { ...group(5), dependsOn: 'x' },
        { type: IP_GROUP },
      ],
    });
    expect(made.gaps.map(({ unknown }) => unknown.reason)).toEqual([
      'a resource is not an object',
      'a resource is not an object',
    ]);
    expect(made.resources.map(({ type, name }) => [type, name])).toEqual([
      ['', '7'],
      [IP_GROUP, 'g'],
      [IP_GROUP, ''],
    ]);
  });

  it('whose resources are text is a gap', () => {
    const given = { more: { resources: 'none' } };
    expect(evaluate(given).gaps[0]?.unknown.reason).toBe("'resources' is neither an array nor an object");
  });

  it('that is no object is an InputError', () => {
    const root = readJson('list.json', '[]').value;
    expect(() => evaluateTemplate({ path: 'list.json', root, cloud: 'AzureCloud' })).toThrow(
      'not an ARM template: expected a JSON object',
    );
  });
});

describe('names that JavaScript uses itself', () => {
  it('are ordinary names', () => {
    const path = 'proto.json';
    const text = `{"contentVersion": "1.0.0.0",
      "parameters": {"__proto__": {"type": "string", "defaultValue": "p"}},
      "variables": {"constructor": "c", "o": {"__proto__": {"polluted": true}, "toString": 1}},
      "resources": [],
      "outputs": {
        "a": {"value": "[parameters('__proto__')]"}, "b": {"value": "[variables('constructor')]"},
        "c": {"value": "[variables('o').__proto__.polluted]"}, "d": {"value": "[string(variables('o'))]"},
        "e": {"value": "[hasOwnProperty()]"}}}`;
    const { outputs } = evaluateTemplate({ path, root: readJson(path, text).value, cloud: 'AzureCloud' });
    const value = (name: string): unknown => {
      const output = outputs?.kind === 'object' ? outputs.members.get(name)?.value : undefined;
      const inner = output?.kind === 'object' ? output.members.get('value')?.value : undefined;
      return inner?.kind === 'unknown'
        ? inner.unknown.reason
        : inner !== undefined && 'value' in inner
          ? inner.value
          : inner;
    };
    expect(['a', 'b', 'c', 'd', 'e'].map(value)).toEqual([
      'p',
      'c',
      true,
      '{"__proto__":{"polluted":true},"toString":1}',
      'there is no function hasOwnProperty()',
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });
});
