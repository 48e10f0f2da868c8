import { describe, expect, test } from 'vitest';
import { applicationRule, networkRule, opaqueRules, policy, policyWith, symbol } from './build.ts';

describe('policies by hand', () => {
  test('are in evaluation order: stage, then depth, group, collection and place in the text', () => {
    const { rules, chain } = policy(
      applicationRule('allow', { name: 'application, root' }),
      networkRule('allow', { name: 'child, group 100', depth: 1, groupPriority: 100 }),
      networkRule('allow', { name: 'root, group 300', groupPriority: 300 }),
      networkRule('allow', {
        name: 'root, group 200, collection 900',
        groupPriority: 200,
        collectionPriority: 900,
      }),
      networkRule('deny', {
        name: 'root, group 200, collection 800',
        groupPriority: 200,
        collectionPriority: 800,
      }),
      networkRule('deny', { name: 'the same, second', groupPriority: 200, collectionPriority: 800 }),
    );
    expect(rules.map((rule) => rule.name)).toEqual([
      'root, group 200, collection 800',
      'the same, second',
      'root, group 200, collection 900',
      'root, group 300',
      'child, group 100',
      'application, root',
    ]);
    expect(chain).toEqual(['root', 'child-1']);
    expect(rules.map((rule) => rule.policy)).toEqual(['root', 'root', 'root', 'root', 'child-1', 'root']);
  });

  test('read sources, destinations and services from short texts', () => {
    const [network, application] = policy(
      networkRule('allow', {
        from: ['10.0.0.0/30', symbol('nodes'), 'invalid:10.1.2.300', 'opaque:selector'],
        to: ['*', '10.1.0.1-10.1.0.9', 'AzureCloud.westeurope', 'ntp.ubuntu.com'],
        services: ['Any *', 'UDP 1000-2000', '? 53', 'TCP ?'],
      }),
      applicationRule('allow', {
        to: ['*', '*.example.com', 'AzureKubernetesService', 'url:example.com/path', 'category:Gambling'],
      }),
    ).rules;
    expect(network?.sources).toMatchObject([
      { kind: 'range', range: { version: 4, from: 0x0a000000, to: 0x0a000003 } },
      { kind: 'symbol', symbol: '⟦nodes⟧' },
      { kind: 'invalid', text: '10.1.2.300' },
      { kind: 'opaque' },
    ]);
    expect(network?.destinations).toMatchObject([
      { kind: 'any' },
      { kind: 'range', range: { version: 4, from: 0x0a010001, to: 0x0a010009 } },
      { kind: 'service-tag', tag: 'AzureCloud.westeurope' },
      { kind: 'name', pattern: 'ntp.ubuntu.com', via: 'network-fqdn' },
    ]);
    expect(network?.services).toMatchObject([
      { protocol: 'Any', from: 0, to: 65535, portsKnown: true },
      { protocol: 'UDP', from: 1000, to: 2000 },
      { protocol: 'unknown', from: 53, to: 53 },
      { protocol: 'TCP', from: 0, to: 65535, portsKnown: false },
    ]);
    expect(application?.destinations).toMatchObject([
      { kind: 'name', pattern: '*', via: 'fqdn' },
      { kind: 'name', pattern: '*.example.com' },
      { kind: 'fqdn-tag', tag: 'AzureKubernetesService' },
      { kind: 'name', pattern: 'example.com', url: '/path', via: 'url' },
      { kind: 'web-category', text: 'Gambling' },
    ]);
  });

  test('give every rule an identity of its own and every part a place', () => {
    const rule = { name: 'same', group: 'g', collection: 'c' };
    const { rules } = policy(networkRule('allow', rule), networkRule('allow', rule));
    expect(rules.map(({ id }) => id)).toEqual(['g/c/same', 'g/c/same#2']);
    expect(rules[1]?.sources[0]?.place).toEqual({ path: 'policy.json', pointer: '/rules/1/sources/0' });
    expect(rules[1]?.services[0]?.portPlace.pointer).toBe('/rules/1/services/0/port');
  });

  test('carry what is not known', () => {
    const built = policyWith(
      { tier: 'Standard', dnsProxy: 'off' },
      opaqueRules('network', { kind: 'base-policy' }),
      networkRule('allow', { depth: 1, conditional: true }),
    );
    expect(built).toMatchObject({ tier: 'Standard', dnsProxy: 'off', name: 'child-1' });
    expect(built.rules).toMatchObject([
      { opaqueKind: 'base-policy', action: 'unknown', sources: [], destinations: [], services: [] },
      { conditional: { reason: 'its condition is not known' } },
    ]);
    expect(built.unknowns).toHaveLength(2);
  });

  test('refuse texts that would silently mean nothing', () => {
    expect(() => policy(networkRule('allow', { services: ['HTTPS 443'] }))).toThrow('no service of a rule');
    expect(() => policy(networkRule('allow', { from: ['10.1.2.300'] }))).toThrow('10.1.2.300');
    expect(() => policy(applicationRule('allow', { to: ['10.0.0.0/8'] }))).toThrow('10.0.0.0/8');
  });
});
