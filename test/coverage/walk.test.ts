import { describe, expect, test } from 'vitest';
import { indexRules } from '../../src/coverage/rule-index.ts';
import { outcomeOf, walk } from '../../src/coverage/walk.ts';
import { ALL_ADDRESSES } from '../../src/model/ip-space.ts';
import { applicationRule, networkRule, opaqueRules, policy, symbol } from '../oracle/build.ts';
import { flowOf, knowledgeOf } from '../oracle/compare.ts';
import { NO_FACTS, outcome, specOf } from '../oracle/outcome.ts';

describe('what is not known of the policy', () => {
  test('rules that are not given may decide flows of any source, whatever sources the index was made for', () => {
    const built = policy(
      opaqueRules('network', { kind: 'base-policy' }),
      applicationRule('allow', { depth: 1, to: ['mcr.microsoft.com'] }),
    );
    const flow = flowOf(specOf({ from: ['10.0.0.0/24'], to: 'mcr.microsoft.com' }));
    const index = indexRules(built, { ip: ALL_ADDRESSES, symbols: [] });
    expect(walk(index, flow, knowledgeOf(NO_FACTS)).map(outcomeOf)).toEqual(['unknown']);
  });

  test('a rule for private addresses may decide a name that resolves to one', () => {
    const built = policy(
      networkRule('deny', { to: ['10.1.0.0/16'] }),
      applicationRule('allow', { to: ['myregistry.azurecr.io'] }),
    );
    expect(outcome(built, { to: 'myregistry.azurecr.io' })).toBe('allow');
    expect(outcome(built, { to: 'myregistry.azurecr.io' }, { isPrivateName: () => true })).toBe('unknown');
  });
});

describe('network rules and addresses', () => {
  test('a tag or a public name leaves private addresses alone, also in a flow that has public ones too', () => {
    for (const to of ['AzureCloud', 'ntp.ubuntu.com']) {
      const built = policy(networkRule('deny', { to: [to] }), networkRule('allow', { to: ['10.1.0.0/16'] }));
      expect(outcome(built, { to: ['10.1.0.0/24', '20.0.0.0/24'], service: 'TCP 443' })).toBe('allow + deny');
    }
  });

  test('every public address is every destination of a public name, and none for sure of a private one', () => {
    const built = policy(networkRule('allow', { to: ['1.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255'] }));
    expect(outcome(built, { to: 'mcr.microsoft.com' })).toBe('allow');
    expect(outcome(built, { to: 'mcr.microsoft.com' }, { isPrivateName: () => true })).toBe('unknown');
  });

  test('a name with a wildcard holds no address, wherever the wildcard stands', () => {
    for (const to of ['*.azmk8s.io', 'www.*.com', 'contoso.*']) {
      const built = policy(networkRule('allow', { to: [to] }));
      for (const flow of ['*', 'contoso.com', ['20.0.0.5']]) {
        expect(outcome(built, { to: flow, service: 'TCP 443' })).toBe('deny');
      }
    }
  });
});

describe('application rules', () => {
  test('never see plain TCP, even where their protocol is not known', () => {
    const built = policy(applicationRule('allow', { to: ['*'], services: ['? 443'] }));
    expect(outcome(built, { to: 'mcr.microsoft.com', service: 'TCP 443' })).toBe('deny');
    expect(outcome(built, { to: 'mcr.microsoft.com', service: 'HTTPS 443' })).toBe('unknown');
  });
});

describe('sources', () => {
  test('an unresolved source is in 0.0.0.0/0, as it is in *', () => {
    for (const everyone of ['0.0.0.0/0', '*']) {
      const built = policy(applicationRule('allow', { from: [everyone], to: ['mcr.microsoft.com'] }));
      expect(outcome(built, { from: [symbol('nodes')], to: 'mcr.microsoft.com' })).toBe('allow');
    }
  });
});

describe('names that are not known letter by letter', () => {
  const cluster = `${symbol('cluster')}.hcp.westeurope.azmk8s.io`;

  test('may be an entry of a network rule, as they may be one of an application rule', () => {
    for (const rule of [networkRule, applicationRule]) {
      const built = policy(rule('allow', { to: ['prod.hcp.westeurope.azmk8s.io'] }));
      expect(outcome(built, { to: cluster })).toBe('unknown');
    }
  });

  test('are longer than what they certainly have', () => {
    const built = policy(applicationRule('allow', { to: [`${symbol('vault')}.vault.azure.net`] }));
    expect(outcome(built, { to: 'prod.vault.azure.net' })).toBe('unknown');
    expect(outcome(built, { to: 'vault.azure.net' })).toBe('deny');
  });
});

describe('names whose addresses lie in several service tags together', () => {
  const both = { tagsOfName: () => [['left', 'right']] };
  const to = 'mcr.microsoft.com';

  test('are allowed where all of the tags are, by one rule or by several', () => {
    expect(outcome(policy(networkRule('allow', { to: ['Left', 'Right'] })), { to }, both)).toBe('allow');
    const built = policy(networkRule('allow', { to: ['Left'] }), networkRule('allow', { to: ['Right'] }));
    expect(outcome(built, { to }, both)).toBe('allow');
  });

  test('are not allowed for sure by one of them', () => {
    expect(outcome(policy(networkRule('allow', { to: ['Left'] })), { to }, both)).toBe('unknown');
  });

  test('may be denied between the rules that allow the one and the other', () => {
    const built = policy(
      networkRule('allow', { to: ['Left'] }),
      networkRule('deny', { to: ['*'] }),
      networkRule('allow', { to: ['Right'] }),
    );
    expect(outcome(built, { to }, both)).toBe('unknown');
  });

  test('are allowed on the ports only that all of them are open on', () => {
    const built = policy(
      networkRule('allow', { to: ['Right'], services: ['TCP 80-443'] }),
      networkRule('allow', { to: ['Left'], services: ['TCP 443'] }),
    );
    expect(outcome(built, { to, service: 'HTTPS 443' }, both)).toBe('allow');
    expect(outcome(built, { to, service: 'HTTPS 80-443' }, both)).toBe('allow + unknown');
  });
});
