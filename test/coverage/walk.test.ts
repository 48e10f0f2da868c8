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

describe('sources', () => {
  test('an unresolved source is in 0.0.0.0/0, as it is in *', () => {
    for (const everyone of ['0.0.0.0/0', '*']) {
      const built = policy(applicationRule('allow', { from: [everyone], to: ['mcr.microsoft.com'] }));
      expect(outcome(built, { from: [symbol('nodes')], to: 'mcr.microsoft.com' })).toBe('allow');
    }
  });
});
