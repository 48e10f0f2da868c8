import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClosedCondition, type ClosedFacts } from '../../src/conditions/closed-facts.ts';
import { leavesOf, type Condition, type Conditions as AllConditions } from '../../src/conditions/grammar.ts';

type Conditions = AllConditions<string>;

const red = { fact: 'color', operator: 'equal', value: 'red' } as const;
const notRed = { fact: 'color', operator: 'notEqual', value: 'red' } as const;
const warm = { fact: 'color', operator: 'in', value: ['red', 'yellow'] } as const;
const notWarm = { fact: 'color', operator: 'notIn', value: ['red', 'yellow'] } as const;
const big = { fact: 'size', operator: 'equal', value: 'big' } as const;

const holds = (conditions: Conditions, facts: ClosedFacts): Promise<boolean> =>
  new ClosedCondition(conditions).holds(facts);

describe('ClosedCondition', () => {
  it.each([
    [{ all: [red, big] }, { color: 'red', size: 'big' }, true],
    [{ all: [red, big] }, { color: 'red', size: 'small' }, false],
    [{ any: [red, big] }, { color: 'blue', size: 'big' }, true],
    [{ any: [red, big] }, { color: 'blue', size: 'small' }, false],
    [{ not: red }, { color: 'blue' }, true],
    [{ not: { any: [red, big] } }, { color: 'blue', size: 'big' }, false],
    [{ all: [notRed] }, { color: 'red' }, false],
    [{ all: [warm] }, { color: 'yellow' }, true],
    [{ all: [warm] }, { color: 'blue' }, false],
    [{ all: [notWarm] }, { color: 'blue' }, true],
  ] satisfies [Conditions, ClosedFacts, boolean][])(
    'decides %j on %j: %s',
    async (conditions, facts, expected) => {
      expect(await holds(conditions, facts)).toBe(expected);
    },
  );

  it('does not take part of a value for the value', async () => {
    expect(await holds({ all: [warm] }, { color: 'yell' })).toBe(false);
  });

  it('refuses facts that lack one that it names, instead of letting notEqual pass', async () => {
    await expect(holds({ all: [notRed] }, { colour: 'red' })).rejects.toThrow('Undefined fact: color');
  });

  it('knows an answer only after it was asked for, except where a needed leaf cannot hold', async () => {
    const condition = new ClosedCondition({ all: [red, { any: [big] }] });
    const facts = { color: 'red', size: 'small', weight: '1' };
    expect(condition.known(facts)).toBeUndefined();
    expect(condition.known({ ...facts, color: 'blue' })).toBe(false);
    expect(await condition.holds(facts)).toBe(false);
    expect(condition.known({ ...facts, weight: '2' })).toBe(false);
    expect(condition.known({ ...facts, size: 'big' })).toBeUndefined();
  });

  it('agrees with a plain evaluation on any condition and any facts', async () => {
    const domain = { a: ['1', '2', '3'], b: ['x', 'y'], c: ['on', 'off'] };
    const leaf = fc.constantFrom('a' as const, 'b' as const, 'c' as const).chain((fact) =>
      fc.oneof(
        fc.record({
          fact: fc.constant(fact),
          operator: fc.constantFrom('equal' as const, 'notEqual' as const),
          value: fc.constantFrom(...domain[fact]),
        }),
        fc.record({
          fact: fc.constant(fact),
          operator: fc.constantFrom('in' as const, 'notIn' as const),
          value: fc.subarray(domain[fact], { minLength: 1 }),
        }),
      ),
    );
    const { conditions } = fc.letrec<{ condition: Condition<string>; conditions: Conditions }>((tie) => ({
      condition: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('conditions')),
      conditions: fc.oneof(
        fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
      ),
    }));
    const facts = fc.record({
      a: fc.constantFrom(...domain.a),
      b: fc.constantFrom(...domain.b),
      c: fc.constantFrom(...domain.c),
    });
    await fc.assert(
      fc.asyncProperty(conditions, fc.array(facts, { minLength: 1, maxLength: 6 }), async (given, list) => {
        const condition = new ClosedCondition(given);
        for (const one of list) {
          expect(await condition.holds(one)).toBe(plain(given, one));
          expect(condition.known(one)).toBe(plain(given, one));
        }
      }),
      { numRuns: 300 },
    );
  });
});

function plain(condition: Condition<string>, facts: ClosedFacts): boolean {
  if ('all' in condition) return condition.all.every((part) => plain(part, facts));
  if ('any' in condition) return condition.any.some((part) => plain(part, facts));
  if ('not' in condition) return !plain(condition.not, facts);
  const found = facts[condition.fact] ?? '';
  switch (condition.operator) {
    case 'equal':
      return found === condition.value;
    case 'notEqual':
      return found !== condition.value;
    case 'in':
      return condition.value.includes(found);
    case 'notIn':
      return !condition.value.includes(found);
  }
}

describe('leavesOf', () => {
  it('lists every leaf in order of writing', () => {
    expect(leavesOf({ all: [red, { not: { any: [big, warm] } }] })).toEqual([red, big, warm]);
  });
});
