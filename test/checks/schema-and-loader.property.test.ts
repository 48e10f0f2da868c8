import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownFacts, type KnownFact } from '../../src/checks/known-facts.ts';
import { OPERATORS, type FactType, type ValueKind } from '../../src/conditions/operator-table.ts';
import { checkOf } from '../../src/config/company-checks.ts';
import { FACTS, PARTS, type TargetKind } from '../../src/coverage/facts.ts';

/**
 * An editor that underlines what the program takes, or the other way round, is not believed for long. The schema knows
 * nothing of the names within one file (conditions, options, messages), nor of calendars and addresses; otherwise it has to
 * answer as the loader does.
 */
const accepts = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/check.schema.json'), 'utf8')) as object,
);

const TARGETS = Object.keys(FACTS).filter((name): name is TargetKind => name in FACTS);

/** Values that are right for some operator on some fact, and some that are right for none. */
const SCALARS: readonly unknown[] = [
  ...['missing', 'covered', 'unneeded', 'application', 'yes', 'unneded'],
  ...['a.example', '*.example', '*', 'a.*.example', '10.0.0.0/8', '10.0.0.1-10.0.0.9', '443', '8000-8100'],
  ...['AzureCloud', 'Storage.westeurope', '*CHG-####*', '2026-01-31', '90 days', '', 'two words'],
  ...[0, 443, 70_000, 1.5, true, false, null, {}],
];
const scalar = fc.constantFrom(...SCALARS);
const value = fc.oneof(scalar, fc.uniqueArray(scalar, { maxLength: 3 }), fc.constant(['a', 'a']));

function mostly<T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const RIGHT: Partial<Record<FactType, readonly unknown[]>> = {
  number: [300],
  boolean: [true],
  day: ['2026-01-31', ''],
};

/** Right values, by what an operator takes and what the fact is. */
function fitting(kind: ValueKind, { type, values = [] }: KnownFact): readonly unknown[] {
  switch (kind) {
    case 'same':
      if (type === 'closed') return values;
      return RIGHT[type] ?? ['some text'];
    case 'list':
      if (type === 'closed') return [[...values], values.slice(0, 1)];
      return type === 'number' ? [[1, 2]] : [['some text', 'more']];
    case 'member':
      return ['some text'];
    case 'patterns':
      return ['*CHG-####*', ['a', 'b']];
    case 'fqdns':
      return ['a.example', ['*.example', '*']];
    case 'cidrs':
      return ['10.0.0.0/8', '*', ['10.0.0.1-10.0.0.9', '2001:db8::/32']];
    case 'ports':
      return [443, '8000-8100', [443, '*']];
    case 'tags':
      return ['AzureCloud', ['Storage.westeurope']];
    case 'age':
      return ['90 days', '2026-01-31'];
  }
}

/** A leaf that is right in most of its parts, so that right ones are met too. */
function leafOf(target: TargetKind): fc.Arbitrary<unknown> {
  const facts = [...knownFacts(target, undefined)];
  const foreign = TARGETS.flatMap((other) => [...knownFacts(other, undefined).keys()]);
  const strange = fc.record(
    {
      fact: fc.constantFrom(...foreign, 'hots'),
      path: fc.constantFrom('$.name', '$.id', '$.nme', 'name'),
      operator: fc.constantFrom(...Object.keys(OPERATORS), 'fqdnMatch', 'not:equal'),
      value,
      priority: fc.constant(1),
    },
    { requiredKeys: ['fact', 'operator', 'value'] },
  );
  const likely = fc.constantFrom(...facts).chain(([fact, known]) => {
    const members: (readonly [string | undefined, KnownFact])[] =
      'paths' in known ? [...known.paths] : [[undefined, known]];
    return fc.constantFrom(...members).chain(([path, member]) => {
      const operators = Object.entries(OPERATORS).filter(([, { on }]) =>
        (on as readonly string[]).includes(member.type),
      );
      return fc.constantFrom(...operators).chain(([operator, { value: kind }]) =>
        fc.record({
          fact: fc.constant(fact),
          ...(path === undefined ? {} : { path: fc.constant(path) }),
          operator: fc.constant(operator),
          value: mostly(fc.constantFrom(...fitting(kind, member)), value),
        }),
      );
    });
  });
  return mostly(likely, strange);
}

function conditionsOf(target: TargetKind): fc.Arbitrary<unknown> {
  const leaf = leafOf(target);
  return fc.letrec<{ root: unknown; inner: unknown }>((tie) => {
    const list = fc.array(tie('inner'), { minLength: 1, maxLength: 2 });
    const odd = fc.oneof(
      fc.constant({ any: [] }),
      fc.constant({}),
      fc.record({ all: list, any: list }),
      fc.record({ all: tie('inner') }),
      leaf,
    );
    const root = fc.oneof(
      { weight: 5, arbitrary: fc.record({ all: list }) },
      { weight: 5, arbitrary: fc.record({ any: list }) },
      { weight: 3, arbitrary: fc.record({ not: tie('inner') }) },
      { weight: 1, arbitrary: odd },
    );
    return { root, inner: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('root')) };
  }).root;
}

const check = fc.constantFrom(...TARGETS).chain((target) =>
  fc.record(
    {
      id: mostly(fc.constant('a-check'), fc.constant('A')),
      target: fc.constant(target),
      part: mostly(
        fc.constantFrom(...PARTS[target], undefined),
        fc.constantFrom(...TARGETS.flatMap((one) => [...PARTS[one]])),
      ),
      meta: fc.record(
        {
          docs: fc.constant({ description: 'A.', rationale: 'B.', fix: 'C.' }),
          messages: fc.constant({ one: 'One.' }),
          level: mostly(fc.constantFrom('error', 'note'), fc.constant('off')),
          suppressible: mostly(fc.boolean(), fc.constant('no')),
        },
        { requiredKeys: ['docs', 'messages'] },
      ),
      cases: conditionsOf(target).map((conditions) => [{ messageId: 'one', conditions }]),
    },
    { requiredKeys: ['id', 'target', 'meta', 'cases'] },
  ),
);

describe('schemas/check.schema.json and the loader of checks', () => {
  it('give the same answer on any check', async () => {
    const answers = { right: 0, wrong: 0 };
    await fc.assert(
      fc.asyncProperty(check, async (generated) => {
        // As a file would hold it: without keys that have no value.
        const data: unknown = JSON.parse(JSON.stringify(generated));
        const { problems } = await checkOf(data);
        expect(
          accepts(data),
          problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('\n'),
        ).toBe(problems.length === 0);
        answers[problems.length === 0 ? 'right' : 'wrong'] += 1;
      }),
      { numRuns: 2000 },
    );
    // Were one of them rare, agreement would mean little.
    expect(Math.min(answers.right, answers.wrong)).toBeGreaterThan(400);
  });
});
