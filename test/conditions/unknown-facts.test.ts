import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsNamed, type Condition, type Conditions, type FactValue } from '../../src/conditions/grammar.ts';
import {
  evaluate,
  ownProperty,
  type Fact,
  type Facts,
  type Outcome,
} from '../../src/conditions/unknown-facts.ts';

const BOOLEAN = [true, false];

function facts(record: Record<string, FactValue | readonly FactValue[]>): Facts {
  return new Map(
    Object.entries(record).map(([name, value]): [string, Fact] => [
      name,
      typeof value === 'object' ? { oneOf: value } : { value },
    ]),
  );
}

const is = (fact: string, value: FactValue = true): Condition => ({ fact, operator: 'equal', value });
const isNot = (fact: string, value: FactValue = true): Condition => ({ fact, operator: 'notEqual', value });

async function one(condition: Conditions, known: Facts): Promise<Outcome> {
  const [outcome] = await evaluate([condition], known);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

describe('a condition on facts that may be unknown', () => {
  it('holds or fails where every fact is known', async () => {
    const known = facts({ private: true, channel: 'NodeImage' });
    expect((await one({ all: [is('private'), is('channel', 'NodeImage')] }, known)).answer).toBe('yes');
    expect((await one({ all: [isNot('private')] }, known)).answer).toBe('no');
    expect((await one({ any: [isNot('private'), is('channel', 'NodeImage')] }, known)).answer).toBe('yes');
    expect((await one({ not: is('private') }, known)).answer).toBe('no');
    const inList: Condition = { fact: 'channel', operator: 'in', value: ['None', 'NodeImage'] };
    expect((await one({ all: [inList] }, known)).answer).toBe('yes');
  });

  it('is unknown where the unknown fact decides', async () => {
    const known = facts({ konnectivity: BOOLEAN, private: false });
    const outcome = await one({ all: [is('konnectivity', false), is('private', false)] }, known);
    expect(outcome).toEqual({ answer: 'unknown', because: [], undecided: ['konnectivity'] });
  });

  it('is decided where a known fact decides, whatever the unknown one is', async () => {
    const known = facts({ konnectivity: BOOLEAN, private: true });
    const outcome = await one({ all: [is('konnectivity', false), is('private', false)] }, known);
    expect(outcome).toEqual({ answer: 'no', because: [{ fact: 'private', value: true }], undecided: [] });
    expect((await one({ any: [is('konnectivity'), is('private')] }, known)).answer).toBe('yes');
  });

  it('is decided where an unknown fact has the same answer for all its values', async () => {
    const known = facts({ konnectivity: BOOLEAN });
    const always: Conditions = { any: [is('konnectivity', true), is('konnectivity', false)] };
    expect((await one(always, known)).answer).toBe('yes');
    expect((await one({ not: always }, known)).answer).toBe('no');
  });

  it('does not take `notEqual` on an unknown fact for true', async () => {
    const known = facts({ channel: ['NodeImage', 'None'] });
    expect((await one({ all: [isNot('channel', 'None')] }, known)).answer).toBe('unknown');
  });

  it('knows an enumerated fact by what it cannot be', async () => {
    const known = facts({ channel: ['NodeImage', 'None'] });
    expect((await one({ all: [isNot('channel', 'SecurityPatch')] }, known)).answer).toBe('yes');
  });

  it('names only the unknown facts that would decide', async () => {
    const known = facts({ a: BOOLEAN, b: BOOLEAN, off: false });
    const outcome = await one({ any: [is('a'), { all: [is('b'), is('off')] }] }, known);
    expect(outcome).toMatchObject({ answer: 'unknown', undecided: ['a'] });
  });

  it('says why: the failing parts of all, the first holding part of any, the opposite under not', async () => {
    const known = facts({ a: true, b: false, c: false, d: true });
    const because = async (condition: Conditions): Promise<string[]> =>
      (await one(condition, known)).because.map(({ fact, value }) => `${fact} is ${String(value)}`);
    expect(await because({ all: [is('a'), is('b'), is('c')] })).toEqual(['b is false', 'c is false']);
    expect(await because({ all: [is('a'), is('d')] })).toEqual(['a is true', 'd is true']);
    expect(await because({ any: [is('b'), is('d'), is('a')] })).toEqual(['d is true']);
    expect(await because({ any: [is('b'), is('c')] })).toEqual(['b is false', 'c is false']);
    expect(await because({ not: { all: [is('a'), is('b')] } })).toEqual(['b is false']);
    expect(await because({ all: [{ any: [is('b'), is('a')] }, is('a')] })).toEqual(['a is true']);
  });

  it('answers several conditions in their order, equal ones alike', async () => {
    const known = facts({ a: true, b: BOOLEAN });
    const yes: Conditions = { all: [is('a')] };
    const outcomes = await evaluate([{ all: [is('b')] }, yes, { not: is('a') }, yes], known);
    expect(outcomes.map(({ answer }) => answer)).toEqual(['unknown', 'yes', 'no', 'yes']);
  });
});

describe('traps of json-rules-engine', () => {
  it('does not evaluate a fact that is missing: a misspelled fact passes no `notEqual`', async () => {
    await expect(one({ all: [isNot('privatCluster')] }, facts({ privateCluster: true }))).rejects.toThrow(
      'a fact that does not exist: privatCluster',
    );
  });

  it('does not answer in order of completion', async () => {
    const known = facts({ a: true });
    const conditions = Array.from({ length: 50 }, (_, at): Conditions =>
      at % 3 === 0 ? { not: is('a') } : { all: Array.from({ length: 1 + (at % 7) }, () => is('a')) },
    );
    const outcomes = await evaluate(conditions, known);
    expect(outcomes.map(({ answer }) => answer)).toEqual(
      conditions.map((_, at) => (at % 3 === 0 ? 'no' : 'yes')),
    );
  });

  it('does not lose conditions where two evaluations overlap', async () => {
    const conditions: Conditions[] = [{ all: [is('a')] }, { any: [is('b')] }, { not: is('b') }];
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, at) => evaluate(conditions, facts({ a: at % 2 === 0, b: BOOLEAN }))),
    );
    runs.forEach((outcomes, at) => {
      expect(outcomes.map(({ answer }) => answer)).toEqual([
        at % 2 === 0 ? 'yes' : 'no',
        'unknown',
        'unknown',
      ]);
    });
  });

  it('does not follow paths beyond own properties, and evaluates no script in them', () => {
    expect(ownProperty({ cloud: 'AzureCloud' }, 'cloud')).toBe('AzureCloud');
    for (const path of ['constructor', '__proto__', 'toString', '$..[?(@.x=process.exit())]', 'a.b'])
      expect(() => ownProperty({ cloud: 'AzureCloud' }, path)).toThrow('leads nowhere');
  });

  it('does not let keys of the engine that the grammar lacks take part', async () => {
    const condition = { all: [is('a')], any: [is('b')], name: 'error', priority: 5 } as Conditions;
    expect((await one(condition, facts({ a: true, b: false }))).answer).toBe('yes');
  });

  it('does not take facts that are called like an object’s own members for inherited ones', async () => {
    expect((await one({ all: [is('toString')] }, facts({ toString: true }))).answer).toBe('yes');
  });

  it('refuses conditions with more unknown facts than anybody could mean', async () => {
    const names = Array.from({ length: 9 }, (_, at) => `f${at.toFixed()}`);
    const unknown = facts(Object.fromEntries(names.map((name) => [name, BOOLEAN])));
    await expect(one({ all: names.map((name) => is(name)) }, unknown)).rejects.toThrow('more than 256');
  });
});

describe('against a plain evaluation', () => {
  const NAMES = ['a', 'b', 'c', 'd'];
  const leaf = fc
    .record({ fact: fc.constantFrom(...NAMES), value: fc.boolean(), equal: fc.boolean() })
    .map(({ fact, value, equal }): Condition => ({ fact, operator: equal ? 'equal' : 'notEqual', value }));
  const tree = fc.letrec<{ conditions: Conditions; condition: Condition }>((tie) => ({
    conditions: fc.oneof(
      { depthSize: 'small' },
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('condition').map((not) => ({ not })),
    ),
    condition: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('conditions')),
  }));

  function holds(condition: Condition, values: ReadonlyMap<string, FactValue>): boolean {
    if ('all' in condition) return condition.all.every((part) => holds(part, values));
    if ('any' in condition) return condition.any.some((part) => holds(part, values));
    if ('not' in condition) return !holds(condition.not, values);
    const same = values.get(condition.fact) === condition.value;
    return condition.operator === 'equal' ? same : !same;
  }

  function completionsOf(known: Facts): ReadonlyMap<string, FactValue>[] {
    let completions: ReadonlyMap<string, FactValue>[] = [new Map()];
    for (const [name, fact] of known) {
      const domain = 'value' in fact ? [fact.value] : fact.oneOf;
      completions = completions.flatMap((done) =>
        domain.map((value) => new Map<string, FactValue>([...done, [name, value]])),
      );
    }
    return completions;
  }

  it('gives the same answer for random conditions and facts, known and unknown', async () => {
    const value = fc.constantFrom<FactValue | readonly FactValue[]>(true, false, BOOLEAN);
    await fc.assert(
      fc.asyncProperty(tree.conditions, fc.tuple(value, value, value, value), async (condition, values) => {
        const known = facts(Object.fromEntries(NAMES.map((name, at) => [name, values[at] ?? true])));
        const answers = new Set(completionsOf(known).map((completion) => holds(condition, completion)));
        const expected = answers.size > 1 ? 'unknown' : answers.has(true) ? 'yes' : 'no';
        const outcome = await one(condition, known);
        expect(outcome.answer).toBe(expected);
        expect(outcome.undecided.length > 0).toBe(expected === 'unknown');
        expect(factsNamed(condition)).toEqual(
          expect.arrayContaining([...outcome.undecided, ...outcome.because.map(({ fact }) => fact)]),
        );
      }),
      { numRuns: 200 },
    );
  });
});
