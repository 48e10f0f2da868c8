import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRedundancy } from '../../src/coverage/redundancy.ts';
import { indexEveryRule } from '../../src/coverage/rule-index.ts';
import { applicationRule, networkRule, policy, type RuleDraft } from '../oracle/build.ts';
import { judged, subjects } from './judge.ts';
import { row } from './rows.ts';
import { knowledgeWith, tagList } from './tag-list.ts';

/** Set both to search further: `ORACLE_SEED=7 ORACLE_RUNS=100000 npx vitest run test/coverage/service-tags.property.test.ts` */
const seed = Number(process.env['ORACLE_SEED'] ?? 20_261_126);
const numRuns = Number(process.env['ORACLE_RUNS'] ?? 600);

/**
 * Verdicts on tags, and on names behind tags, against every single address of a small world: each rule is asked in turn
 * whether it has the address, with numbers and loops, no sets.
 */
const TAGS = {
  Storage: ['198.51.100.0/28', '198.51.100.64/27'],
  AzureMonitor: ['198.51.100.8/29', '198.51.100.32/28', '198.51.100.80/30'],
  'AzureCloud.westeurope': ['198.51.100.0/25', '198.51.100.200/30'],
};
type TagName = keyof typeof TAGS;
const LIST = tagList(TAGS);
const NAME = 'api.example.com';
const SOURCES = ['10.0.0.0/25', '10.0.0.128/25'] as const;

/** Last octets of a block of 198.51.100.0/24. */
function octets(block: string): number[] {
  const [address = '', length = ''] = block.split('/');
  const first = Number(address.split('.')[3]);
  return Array.from({ length: 2 ** (32 - Number(length)) }, (_, at) => first + at);
}

const block = fc
  .tuple(fc.integer({ min: 24, max: 32 }), fc.integer({ min: 0, max: 255 }))
  .map(([length, last]) => `198.51.100.${last - (last % 2 ** (32 - length))}/${length}`);
const member = fc.oneof(block, fc.constantFrom<string>(...Object.keys(TAGS), '*', '192.0.2.0/24'));
const rule = fc.record({
  action: fc.constantFrom('allow' as const, 'deny' as const),
  from: fc.constantFrom<readonly string[]>([SOURCES[0]], [SOURCES[1]], SOURCES),
  to: fc.uniqueArray(member, { minLength: 1, maxLength: 3 }),
});
const byName = fc.record({
  action: fc.constantFrom('allow' as const, 'deny' as const),
  from: fc.constantFrom<readonly string[]>([SOURCES[0]], [SOURCES[1]], SOURCES),
  to: fc.constantFrom<readonly string[]>([NAME], ['*.example.com'], ['www.example.com']),
});

type NetworkDraft = typeof rule extends fc.Arbitrary<infer T> ? T : never;
type NameDraft = typeof byName extends fc.Arbitrary<infer T> ? T : never;

function has(to: readonly string[], octet: number): boolean {
  return to.some((one) => {
    if (one === '*') return true;
    const blocks = one in TAGS ? TAGS[one as TagName] : [one];
    return blocks.some((text) => text.startsWith('198.51.100.') && octets(text).includes(octet));
  });
}

/** Whether a packet gets through: network rules, then application rules where it has a name, then the default. */
function passes(
  source: string,
  octet: number,
  rules: readonly NetworkDraft[],
  names: readonly NameDraft[] | undefined,
): boolean {
  const network = rules.find(({ from, to }) => from.includes(source) && has(to, octet));
  if (network !== undefined) return network.action === 'allow';
  const application = names?.find(
    ({ from, to }) => from.includes(source) && to.some((one) => one === NAME || one === '*.example.com'),
  );
  return application?.action === 'allow';
}

type Fate = 'all' | 'some' | 'none';

function fates(set: readonly number[], rules: readonly NetworkDraft[], names?: readonly NameDraft[]): Fate[] {
  return SOURCES.map((source) => {
    const through = set.filter((octet) => passes(source, octet, rules, names)).length;
    return through === set.length ? 'all' : through === 0 ? 'none' : 'some';
  });
}

const draftsOf = (rules: readonly NetworkDraft[], names: readonly NameDraft[] = []): RuleDraft[] => [
  ...rules.map(({ action, ...rest }, at) => networkRule(action, { ...rest, collectionPriority: 100 + at })),
  ...names.map(({ action, ...rest }, at) =>
    applicationRule(action, { ...rest, collectionPriority: 100 + at }),
  ),
];

function verdictOn(drafts: readonly RuleDraft[], destination: string, protocol: 'TCP' | 'HTTPS'): string {
  const requirement = row('core/x', [destination], { protocol });
  const result = judged(policy(...drafts), [requirement], {
    from: '10.0.0.0/24',
    knowledgeOf: knowledgeWith(LIST, { [NAME]: ['storage'] }),
  });
  return subjects(result, 'requirement')[0]?.facts.verdict ?? 'not judged';
}

describe('verdicts with a list of service tags and every single address', () => {
  test('agree on what is needed by tag: all of it, some of it, nothing', { timeout: 600_000 }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        fc.constantFrom<TagName>('Storage', 'AzureMonitor', 'AzureCloud.westeurope'),
        (rules, tag) => {
          const found = fates(TAGS[tag].flatMap(octets), rules);
          const verdict = verdictOn(draftsOf(rules), tag, 'TCP');
          seen.add(verdict);
          if (found.every((fate) => fate === 'all')) expect(verdict).toBe('covered');
          else if (found.every((fate) => fate === 'none')) expect(['missing', 'denied']).toContain(verdict);
          else expect(verdict).toBe('partial');
        },
      ),
      { seed, numRuns },
    );
    expect([...seen].sort()).toEqual(['covered', 'denied', 'missing', 'partial']);
  });

  test(
    'agree on a name that has one address of its tag: unknown where only some of them get through',
    { timeout: 600_000 },
    () => {
      const seen = new Set<string>();
      fc.assert(
        fc.property(fc.array(rule, { maxLength: 5 }), fc.array(byName, { maxLength: 3 }), (rules, names) => {
          const found = fates(TAGS.Storage.flatMap(octets), rules, names);
          const verdict = verdictOn(draftsOf(rules, names), NAME, 'HTTPS');
          seen.add(verdict);
          if (found.every((fate) => fate === 'all')) expect(verdict).toBe('covered');
          else if (found.every((fate) => fate === 'none')) expect(['missing', 'denied']).toContain(verdict);
          else expect(verdict).toBe(found.includes('none') ? 'partial' : 'unknown');
        }),
        { seed, numRuns },
      );
      expect([...seen].sort()).toEqual(['covered', 'denied', 'missing', 'partial', 'unknown']);
    },
  );

  test(
    'a policy without its redundant and shadowed entries does with every address what it did',
    {
      timeout: 600_000,
    },
    () => {
      let dropped = 0;
      fc.assert(
        fc.property(fc.array(rule, { minLength: 2, maxLength: 5 }), (rules) => {
          const built = policy(...draftsOf(rules));
          const redundancy = findRedundancy(indexEveryRule(built), built.rules, knowledgeWith(LIST)([]));
          const left = rules.map((one, at) => {
            const own = built.rules[at];
            const used = own?.destinations.filter((entry) => redundancy.entry(own, entry).usage === 'used');
            return { ...one, to: (used ?? []).map(({ text }) => text) };
          });
          dropped += rules.flatMap(({ to }) => to).length - left.flatMap(({ to }) => to).length;
          for (const source of SOURCES) {
            for (let octet = 0; octet < 256; octet += 1)
              expect(passes(source, octet, left, undefined)).toBe(passes(source, octet, rules, undefined));
          }
        }),
        { seed, numRuns: Math.ceil(numRuns / 3) },
      );
      expect(dropped).toBeGreaterThan(50);
    },
  );
});
