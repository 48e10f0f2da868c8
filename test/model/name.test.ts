import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  isSupportedPattern,
  isWildcard,
  nameContains,
  nameIntersect,
  nameMayOverlap,
  nameOverlaps,
  nameSet,
  nameSubtract,
  type NameSet,
} from '../../src/model/name.ts';

beforeAll(() => {
  fc.configureGlobal({ seed: 20_250_901 });
});
afterAll(() => {
  fc.resetConfigureGlobal();
});

/** No pattern below writes the labels with a `q`, so that every wildcard has a name of its own. */
const LABELS = ['a', 'b', 'ba', 'q', 'qa', 'qb', 'qba'];
const NAMES = deeper(deeper(LABELS));

function deeper(names: readonly string[]): string[] {
  return [...LABELS, ...names.flatMap((name) => LABELS.map((label) => `${label}.${name}`))];
}

const host = fc
  .array(fc.constantFrom('a', 'b', 'ba'), { minLength: 1, maxLength: 2 })
  .map((labels) => labels.join('.'));
const pattern = fc.oneof(
  { arbitrary: host, weight: 2 },
  { arbitrary: host.map((name) => `*.${name}`), weight: 2 },
  { arbitrary: host.map((name) => `*${name}`), weight: 1 },
  { arbitrary: fc.constant('*'), weight: 1 },
);

/** A regular expression's opinion, name by name. */
function matched(one: string): string[] {
  const expression = new RegExp(`^${one.replaceAll('.', '\\.').replace('*', '.*')}$`);
  return NAMES.filter((name) => expression.test(name));
}

function members(set: NameSet | undefined): string[] {
  if (set === undefined) return [];
  const out = new Set(set.except.flatMap(matched));
  return matched(set.base).filter((name) => !out.has(name));
}

describe('patterns of application rules', () => {
  // https://learn.microsoft.com/azure/firewall/firewall-faq: how wildcards work in target FQDNs
  test.each([
    ['www.contoso.com', 'www.contoso.com', true],
    ['www.contoso.com', 'ftp.contoso.com', false],
    ['www.contoso.com', 'a.www.contoso.com', false],
    ['*.contoso.com', 'any.contoso.com', true],
    ['*.contoso.com', 'a.b.contoso.com', true],
    ['*.contoso.com', 'contoso.com', false],
    ['*contoso.com', 'contoso.com', true],
    ['*contoso.com', 'example.anycontoso.com', true],
    ['*contoso.com', 'th3re4lcontoso.com', true],
    ['*', 'contoso.com', true],
    ['*.hcp.westeurope.azmk8s.io', '*.privatelink.hcp.westeurope.azmk8s.io', true],
    ['*.privatelink.hcp.westeurope.azmk8s.io', '*.hcp.westeurope.azmk8s.io', false],
    ['*.contoso.com', '*contoso.com', false],
    ['*contoso.com', '*.contoso.com', true],
    ['contoso.com', '*contoso.com', false],
    ['www.contoso.com', '*', false],
  ])('%s holds %s: %s', (outer, inner, holds) => {
    expect(nameContains(outer, inner)).toBe(holds);
  });

  test.each(['www.contoso.*', '*.contoso.*', 'www.*contoso.com', '**', ''])(
    '%s is none that matches',
    (text) => {
      expect(isSupportedPattern(text)).toBe(false);
    },
  );

  test.each(['*', '*.contoso.com', '*contoso.com', 'contoso.com'])('%s is supported', (text) => {
    expect(isSupportedPattern(text)).toBe(true);
    expect(isWildcard(text)).toBe(text.startsWith('*'));
  });

  test('contain each other where every name of the one is a name of the other', () => {
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        const all = new Set(matched(outer));
        expect(nameContains(outer, inner)).toBe(matched(inner).every((name) => all.has(name)));
      }),
      { numRuns: 500 },
    );
  });

  test('overlap where they have a name in common, and then one contains the other', () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const inB = new Set(matched(b));
        const haveCommon = matched(a).some((name) => inB.has(name));
        expect(nameOverlaps(a, b)).toBe(haveCommon);
        expect(nameContains(a, b) || nameContains(b, a)).toBe(haveCommon);
      }),
      { numRuns: 500 },
    );
  });
});

describe('names of a pattern without those of others', () => {
  test('are what membership says after any cuts, and are undefined exactly where none is left', () => {
    const cut = fc.record({ by: pattern, keep: fc.boolean() });
    fc.assert(
      fc.property(pattern, fc.array(cut, { maxLength: 5 }), (base, cuts) => {
        let set: NameSet | undefined = nameSet(base);
        let expected = matched(base);
        for (const { by, keep } of cuts) {
          const inside = new Set(matched(by));
          expected = expected.filter((name) => inside.has(name) === keep);
          set = set && (keep ? nameIntersect(set, by) : nameSubtract(set, by));
          expect(members(set)).toEqual(expected);
          expect(set === undefined).toBe(expected.length === 0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('keep their exceptions inside the pattern, sorted and none inside another', () => {
    fc.assert(
      fc.property(pattern, fc.array(pattern, { maxLength: 6 }), (base, cuts) => {
        let set: NameSet | undefined = nameSet(base);
        for (const by of cuts) set = set && nameSubtract(set, by);
        if (set === undefined) return;
        const { except } = set;
        expect(except.every((hole) => hole !== base && nameContains(base, hole))).toBe(true);
        expect(
          except.some((hole) => except.some((other) => other !== hole && nameContains(other, hole))),
        ).toBe(false);
        expect(except).toEqual([...except].sort());
      }),
    );
  });

  test('a wildcard is never used up by longer patterns', () => {
    let set: NameSet | undefined = nameSet('*contoso.com');
    for (const hole of ['*.contoso.com', 'contoso.com', '*acontoso.com'])
      set = set && nameSubtract(set, hole);
    expect(set).toEqual({ base: '*contoso.com', except: ['*.contoso.com', '*acontoso.com', 'contoso.com'] });
  });
});

describe('names with symbols', () => {
  const text = (maxLength: number): string[] =>
    maxLength === 0
      ? ['']
      : ['', ...text(maxLength - 1).flatMap((rest) => ['a', '.'].map((first) => first + rest))];
  const VALUES = [...new Set(text(4))];
  const part = fc.constantFrom(...new Set(text(2)));
  const star = fc.constantFrom('', '', '*');

  /** A pattern with what it may come to. Between a wildcard and a symbol stands nothing: it would not be looked at. */
  const withSymbol = (identity: string): fc.Arbitrary<{ pattern: string; values: string[] }> =>
    fc.tuple(fc.oneof(part, fc.constant('*')), part).map(([head, tail]) => ({
      pattern: `${head}⟦${identity}⟧${tail}`,
      values: VALUES.map((value) => head + value + tail),
    }));
  const known = fc
    .tuple(
      star,
      part.filter((one) => one !== ''),
    )
    .map(([first, rest]) => ({ pattern: first + rest, values: [first + rest] }));

  test('may overlap exactly where some values make them overlap', () => {
    fc.assert(
      fc.property(withSymbol('S'), fc.oneof(known, withSymbol('T')), (a, b) => {
        const overlap = a.values.some((x) => b.values.some((y) => nameOverlaps(x, y)));
        expect(nameMayOverlap(a.pattern, b.pattern)).toBe(overlap);
        expect(nameMayOverlap(b.pattern, a.pattern)).toBe(overlap);
      }),
      { numRuns: 200 },
    );
  });

  test('are equal to themselves and inside wildcards that they end in', () => {
    const name = '⟦cluster⟧.hcp.westeurope.azmk8s.io';
    expect(nameContains(name, name)).toBe(true);
    expect(nameContains('*.hcp.westeurope.azmk8s.io', name)).toBe(true);
    expect(nameContains(name, 'prod.hcp.westeurope.azmk8s.io')).toBe(false);
    expect(nameOverlaps('⟦a⟧.example.com', '⟦b⟧.example.com')).toBe(false);
  });

  test.each([
    ['⟦host⟧.vault.azure.net', 'prod.vault.azure.net', true],
    ['⟦host⟧.vault.azure.net', 'vault.azure.net', false],
    ['⟦host⟧.vault.azure.net', '*.vault.azure.net', true],
    ['⟦region⟧.data.mcr.microsoft.com', '*.vault.azure.net', false],
    ['*.hcp.⟦region⟧.azmk8s.io', '*.hcp.westeurope.azmk8s.io', true],
    ['*.hcp.⟦region⟧.azmk8s.io', '*.hcp.westeurope.cx.prod.service.azk8s.cn', false],
    ['⟦a⟧.example.com', '⟦b⟧.example.com', true],
    ['⟦anything⟧', 'mcr.microsoft.com', true],
    ['mcr.microsoft.com', 'example.com', false],
  ])('%s and %s may be one name: %s', (a, b, may) => {
    expect(nameMayOverlap(a, b)).toBe(may);
  });

  test('the text between two unknown parts is not looked at, so that a doubt is never lost', () => {
    expect(nameMayOverlap('⟦a⟧.data.⟦b⟧.com', 'x.other.com')).toBe(true);
    expect(nameMayOverlap('*.hcp.⟦region⟧.azmk8s.io', 'prod.privatelink.westeurope.azmk8s.io')).toBe(true);
  });
});
