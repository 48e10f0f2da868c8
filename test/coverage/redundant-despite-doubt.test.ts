import { describe, expect, test } from 'vitest';
import { applicationRule, networkRule, policy, type RuleDraft } from '../oracle/build.ts';
import { factsFor, judged } from './judge.ts';
import { row } from './rows.ts';

const ROWS = [row('core/mcr', ['mcr.microsoft.com'])];
const FROM = { from: '10.240.0.0/22', region: 'westeurope' };
const service = { services: ['TCP 443'] };
const names = (to: string[]): RuleDraft => applicationRule('allow', { to, services: ['HTTPS 443'] });

function usage(...rules: readonly RuleDraft[]): string {
  return factsFor(judged(policy(...rules), ROWS, FROM), 'entry', 'weu.mcr.microsoft.com').usage;
}

describe('an entry behind a rule that may hold its addresses', () => {
  const may = (action: 'allow' | 'deny'): RuleDraft =>
    networkRule(action, { to: ['203.0.113.0/24'], ...service });

  test('is redundant where that rule allows and another surely does: the traffic is allowed either way', () => {
    expect(usage(may('allow'), names(['*.mcr.microsoft.com']), names(['weu.mcr.microsoft.com']))).toBe(
      'redundant',
    );
  });

  test('is not where only that rule allows', () => {
    expect(usage(may('allow'), names(['weu.mcr.microsoft.com']))).not.toBe('redundant');
  });

  test('is shadowed where it is denied before, whether or not the rule allows', () => {
    const denies = applicationRule('deny', { to: ['*.mcr.microsoft.com'], services: ['HTTPS 443'] });
    expect(usage(may('allow'), denies, names(['weu.mcr.microsoft.com']))).toBe('shadowed');
  });
});
