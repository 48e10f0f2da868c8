import { describe, expect, it } from 'vitest';
import { directivesIn } from '../../src/config/inline-suppressions.ts';
import { Suppressor } from '../../src/config/suppressor.ts';
import { inlineSuppressions } from '../../src/config/inline-suppressions.ts';
import type { Remark } from '../../src/model/remark.ts';
import { cpuTimeOf } from '../cpu-time.ts';
import { policyWith } from '../parsers/inputs.ts';

describe('a directive in a text', () => {
  it.each([
    ['a day at the end', 'r until 2026-03-31', 'r', '2026-03-31'],
    ['a day in brackets of prose', 'r until: 2026-03-31.', 'r', '2026-03-31'],
    ['what should be a day', 'r until 31 March 2026', 'r', '31 March 2026'],
    ['one word that is no day', 'r until Monday', 'r', 'Monday'],
    ['a reason with the word', 'not until the new API is there', 'not until the new API is there', undefined],
    ['the last of several', 'wait until done until 2026-03-31', 'wait until done', '2026-03-31'],
    ['dashes in the reason', 'a -- b', 'a -- b', undefined],
  ])('has a reason and %s', (_case, text, reason, until) => {
    expect(directivesIn(`aks-egress-lint-ignore broad-port -- ${text}`)).toEqual([
      { checks: ['broad-port'], reason, until },
    ]);
  });

  it('ends with its line or with the next one', () => {
    const text =
      'All for the shop.\n * aks-egress-lint-ignore a -- one\n * aks-egress-lint-ignore b, c -- two aks-egress-lint-ignore d -- three\nMore.';
    expect(directivesIn(text).map(({ checks, reason }) => [checks, reason])).toEqual([
      [['a'], 'one'],
      [['b', 'c'], 'two'],
      [['d'], 'three'],
    ]);
  });

  it('is read in a CPU time that grows with its length', async () => {
    const spaces = ' '.repeat(200_000);
    const text = `aks-egress-lint-ignore a -- ${spaces}${'until 1 '.repeat(20_000)}${spaces}x`;
    const spent = await cpuTimeOf(() => {
      expect(directivesIn(text)).toHaveLength(1);
    });
    expect(spent).toBeLessThan(2_000);
  });
});

describe('a check that cannot be suppressed', () => {
  it('is not suppressed inline, and that is said', () => {
    const about = { path: 'hub.json', pointer: '/resources/0' };
    const remark: Remark = {
      text: 'aks-egress-lint-ignore broad-source -- r',
      place: about,
      position: { line: 3, column: 5 },
      about,
    };
    const { suppressions, problems } = inlineSuppressions([remark], {
      checks: ['broad-source', 'broad-port'],
      notSuppressible: ['broad-source'],
    });
    expect(suppressions).toEqual([]);
    expect(problems).toEqual([
      "hub.json:3:5: aks-egress-lint-ignore suppresses nothing: the check 'broad-source' cannot be suppressed.",
    ]);
  });
});

describe('remarks of another format', () => {
  it('cover what is written below the place that they are about', () => {
    const policy = policyWith([]);
    const remark: Remark = {
      text: ' aks-egress-lint-ignore broad-port -- r',
      place: { path: 'main.tf', pointer: '' },
      about: { path: 'main.tf', pointer: '/resource/a/rule/1' },
    };
    const { suppressions } = inlineSuppressions([remark], { checks: ['broad-port'], notSuppressible: [] });
    const suppressor = new Suppressor(suppressions, '2026-01-31');
    const finding = (pointer: string) => ({
      check: 'broad-port',
      requirement: null,
      entry: null,
      rule: undefined,
      place: { path: 'main.tf', pointer },
      policy,
      clusters: [],
    });
    expect(suppressor.suppress(finding('/resource/a/rule/1/ports'))?.reason).toBe('r');
    expect(suppressor.suppress(finding('/resource/a/rule/10'))).toBeUndefined();
  });
});
