import { expect, test } from 'vitest';
import { groupResource, policyOf, policyResource, ruleNamed, template } from '../inputs.ts';

test('keys of a rule that an expression makes stand where the expression does, since they are written nowhere', () => {
  const expression =
    "[createArray(createObject('name', 'aks', 'ruleType', 'ApplicationRule', 'protocols', createArray(createObject('protocolType', 'Https', 'port', 443)), 'targetFqdns', createArray('mcr.microsoft.com'), 'sourceAddresses', createArray('10.0.0.0/24')))]";
  const rules = {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name: 'c',
    priority: 100,
    action: { type: 'Allow' },
    rules: expression,
  };
  const policy = policyOf([
    ['t.json', template([policyResource('hub'), groupResource('hub/g', 200, [rules])])],
  ]);
  const pointer = '/resources/1/properties/ruleCollections/0/rules';
  const { listPlaces, destinations } = ruleNamed(policy, 'aks');
  expect(listPlaces.destinations).toEqual({ path: 't.json', pointer });
  expect(listPlaces.sources).toEqual({ path: 't.json', pointer });
  expect(destinations[0]?.place).toEqual({ path: 't.json', pointer });
});

test('keys of a written rule stand where they are written, though all its lists come from variables', () => {
  const rule = {
    name: "[variables('name')]",
    ruleType: 'ApplicationRule',
    protocols: [{ protocolType: 'Https', port: 443 }],
    targetFqdns: "[variables('hosts')]",
    sourceAddresses: ['10.0.0.0/24'],
  };
  const collection = {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name: 'c',
    priority: 100,
    action: { type: 'Allow' },
    rules: [rule],
  };
  const resources = [policyResource('hub'), groupResource('hub/g', 200, [collection])];
  const policy = policyOf([
    ['t.json', template(resources, { variables: { name: 'aks', hosts: ['mcr.microsoft.com'] } })],
  ]);
  expect(ruleNamed(policy, 'aks').listPlaces.destinations).toEqual({
    path: 't.json',
    pointer: '/resources/1/properties/ruleCollections/0/rules/0/targetFqdns',
    key: true,
  });
});
