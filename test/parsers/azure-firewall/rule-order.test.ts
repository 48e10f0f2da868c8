import { describe, expect, test } from 'vitest';
import type { Policy } from '../../../src/model/policy.ts';
import { cpuTimeOf } from '../../cpu-time.ts';
import {
  applicationRule,
  collection,
  groupResource,
  networkRule,
  parse,
  policyOf,
  policyResource,
  template,
} from '../inputs.ts';

const order = (policy: Policy): string[] => policy.rules.map(({ collection: name }) => name);
const names = (policy: Policy): string[] => policy.rules.map(({ name }) => name);

function inOneTemplate(...resources: object[]): Policy {
  return policyOf([['policy.json', template(resources)]]);
}

describe('evaluation order', () => {
  // https://learn.microsoft.com/azure/firewall/rule-processing, the example with a parent policy
  test("Microsoft's worked example: network before application, parents before children, DNAT left out", () => {
    const policy = policyOf(['fixtures/azure-firewall/evaluation-order.json']);
    expect(policy.chain).toEqual(['base', 'child']);
    expect(order(policy)).toEqual([
      'NetworkRC1',
      'NetworkRC2',
      'ChNetRC1',
      'ChNetRC2',
      'AppRC2',
      'ChAppRC1',
      'ChAppRC2',
    ]);
    expect(policy.rules.map((rule) => rule.order)).toEqual([
      [0, 200, 800, 0],
      [0, 300, 1300, 0],
      [1, 300, 700, 0],
      [1, 650, 1100, 0],
      [0, 300, 1200, 0],
      [1, 300, 900, 0],
      [1, 650, 2000, 0],
    ]);
  });

  test('a parent group of priority 60000 comes before a child group of priority 100', () => {
    const policy = inOneTemplate(
      policyResource('child', {
        basePolicy: { id: "[resourceId('Microsoft.Network/firewallPolicies', 'base')]" },
      }),
      groupResource('child/early', 100, [collection('child-rules', 100, 'Allow', [networkRule('a')])]),
      policyResource('base'),
      groupResource('base/late', 60000, [collection('base-rules', 60000, 'Deny', [networkRule('b')])]),
    );
    expect(order(policy)).toEqual(['base-rules', 'child-rules']);
    expect(policy.rules.map((rule) => rule.policy)).toEqual(['base', 'child']);
  });

  test('rules keep the order of their list, collections and groups that of their priorities as numbers', () => {
    const policy = inOneTemplate(
      policyResource('hub'),
      groupResource('hub/second', '1000', [
        collection('d', '200', 'Allow', [networkRule('5'), networkRule('6')]),
        collection('c', 90, 'Allow', [networkRule('4')]),
      ]),
      groupResource('hub/first', '200', [
        collection('b', 500, 'Allow', [networkRule('1'), networkRule('2')]),
      ]),
    );
    expect(names(policy)).toEqual(['1', '2', '4', '5', '6']);
    expect(policy.ties).toEqual([]);
  });

  test('a collection that mixes the two types gives each stage its rules', () => {
    const rules = [applicationRule('app'), networkRule('net')];
    const policy = inOneTemplate(
      policyResource('hub'),
      groupResource('hub/g', 200, [collection('c', 100, 'Allow', rules)]),
    );
    expect(policy.rules.map(({ stage, name }) => `${stage} ${name}`)).toEqual([
      'network net',
      'application app',
    ]);
  });

  test('rule ids are group, collection and rule, and unique', () => {
    const policy = inOneTemplate(
      policyResource('hub'),
      groupResource('hub/g', 200, [
        collection('c', 100, 'Allow', [
          networkRule('x'),
          networkRule('x'),
          networkRule('x#2'),
          networkRule(''),
        ]),
      ]),
    );
    expect(policy.rules.map(({ id }) => id)).toEqual(['g/c/x', 'g/c/x#3', 'g/c/x#2', 'g/c']);
  });
});

describe('ties', () => {
  const group = (name: string, priority: number, ...collections: object[]): object =>
    groupResource(`hub/${name}`, priority, collections);

  test('collections of one priority and different actions in one stage are reported once', () => {
    const policy = inOneTemplate(
      policyResource('hub'),
      group(
        'g',
        200,
        collection('allow', 100, 'Allow', [networkRule('a')]),
        collection('deny', 100, 'Deny', [networkRule('b')]),
        collection('deny-too', 100, 'Deny', [networkRule('c')]),
      ),
    );
    expect(policy.ties).toEqual([
      {
        a: 'g/allow',
        b: 'g/deny',
        priority: 100,
        place: { path: 'policy.json', pointer: '/resources/1/properties/ruleCollections/1/priority' },
        related: { path: 'policy.json', pointer: '/resources/1/properties/ruleCollections/0/priority' },
      },
    ]);
  });

  test('groups of one priority with different actions in one stage are reported', () => {
    const policy = inOneTemplate(
      policyResource('hub'),
      group('one', 200, collection('a', 100, 'Allow', [networkRule('a')])),
      group('two', 200, collection('b', 300, 'Deny', [networkRule('b')])),
    );
    expect(policy.ties.map(({ a, b, priority }) => [a, b, priority])).toEqual([['one', 'two', 200]]);
  });

  test('different stages, equal actions, empty collections and other levels of the chain are no ties', () => {
    const policy = inOneTemplate(
      policyResource('hub', {
        basePolicy: { id: "[resourceId('Microsoft.Network/firewallPolicies', 'base')]" },
      }),
      group(
        'g',
        200,
        collection('a', 100, 'Allow', [networkRule('a')]),
        collection('b', 100, 'Allow', [networkRule('b')]),
        collection('c', 100, 'Deny', [applicationRule('c')]),
        collection('d', 100, 'Deny', []),
      ),
      policyResource('base'),
      groupResource('base/g', 200, [collection('e', 100, 'Deny', [networkRule('e')])]),
    );
    expect(policy.ties).toEqual([]);
  });
});

describe('priorities that are not known', () => {
  const withParameter = (...collections: object[]): Policy =>
    policyOf([
      [
        'policy.json',
        template([policyResource('hub'), groupResource('hub/g', 200, collections)], {
          parameters: { late: { type: 'int' } },
        }),
      ],
    ]);

  test('do not matter where every collection has the same action', () => {
    const policy = withParameter(
      collection('known', 100, 'Allow', [networkRule('a')]),
      collection('open', "[parameters('late')]", 'Allow', [networkRule('b')]),
    );
    expect(order(policy)).toEqual(['open', 'known']);
    expect(policy.rules[0]?.order).toEqual([0, 200, NaN, 0]);
    expect(policy.rules.map(({ conditional }) => conditional)).toEqual([undefined, undefined]);
    expect(policy.unknowns.map(({ reason }) => reason)).toEqual([expect.stringContaining("'late'")]);
  });

  test('make rules conditional where another action competes', () => {
    const policy = withParameter(
      collection('known', 100, 'Allow', [networkRule('a')]),
      collection('open', "[parameters('late')]", 'Deny', [networkRule('b')]),
    );
    expect(order(policy)).toEqual(['open', 'known']);
    expect(policy.rules[0]?.conditional?.reason).toContain("priority of collection 'open' is not known");
    expect(policy.rules[1]?.conditional).toBeUndefined();
    expect(policy.ties).toEqual([]);
  });

  test('a missing priority is noted at its collection', () => {
    const { notes, policies } = parse([
      [
        'policy.json',
        template([groupResource('hub/g', 200, [collection('c', null, 'Allow', [networkRule('a')])])]),
      ],
    ]);
    expect(policies[0]?.rules).toHaveLength(1);
    expect(notes.map(({ message }) => message)).toEqual(['expected a number as priority, found none']);
  });
});

test('ten thousand rules in two hundred collections are read in order', async () => {
  const groups = Array.from({ length: 20 }, (_, g) =>
    groupResource(
      `hub/g${g}`,
      2000 - g,
      Array.from({ length: 10 }, (_unused, c) =>
        collection(
          `c${c}`,
          900 - c,
          'Allow',
          Array.from({ length: 50 }, (_alsoUnused, r) => networkRule(`r${r}`)),
        ),
      ),
    ),
  );
  let rules: Policy['rules'] = [];
  const spent = await cpuTimeOf(() => {
    ({ rules } = inOneTemplate(policyResource('hub'), ...groups));
  });
  expect(rules).toHaveLength(10_000);
  expect(rules[0]?.id).toBe('g19/c9/r0');
  expect(rules.at(-1)?.id).toBe('g0/c0/r49');
  expect(spent).toBeLessThan(5000);
});
