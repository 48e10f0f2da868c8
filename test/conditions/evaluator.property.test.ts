import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  memberOf,
  referencesOf,
  resolveCondition,
  type CheckCondition,
  type FactReference,
  type ResolvedCondition,
  type ResolvedValue,
} from '../../src/conditions/check-condition.ts';
import { ClosedCondition, conditionKey } from '../../src/conditions/closed-facts.ts';
import { createEngine } from '../../src/conditions/engine.ts';
import { compileCondition } from '../../src/conditions/evaluator.ts';
import type { OperatorName } from '../../src/conditions/operator-table.ts';
import type { FactValue } from '../../src/conditions/operators.ts';

const AS_OF = '2026-06-30';
const OPTIONS = { strict: true, most: 2 };

type Subject = Readonly<Record<string, unknown>>;

/** As src/checks reads subjects. */
const reading = ({ fact, path, params }: FactReference) => {
  return (subject: Subject): FactValue => {
    if (fact === 'option') return OPTIONS[params?.['name'] === 'strict' ? 'strict' : 'most'];
    const whole = subject[fact];
    const members = new Map<string, unknown>(Object.entries(whole as object));
    return (path === undefined ? whole : members.get(memberOf(path))) as FactValue;
  };
};

const own = (condition: ResolvedCondition, subject: Subject): boolean | undefined =>
  compileCondition(condition, reading, AS_OF)(subject);

async function engine(condition: ResolvedCondition, subject: Subject): Promise<boolean> {
  const { events } = await (await createEngine(condition, OPTIONS, AS_OF)).run({ ...subject });
  return events.length > 0;
}

const HOSTS = ['a.example', '*.example', '*', 'b.a.example', ''];
const TEXTS = ['CHG-1234', 'chg-12', 'no ticket', '', 'a.example'];
const CIDRS = ['10.0.0.0/8', '10.1.0.0/16', '192.0.2.1', '10.0.0.1-10.0.0.9'];
const PORTS = ['443', '80-90', '8080'];

const subject = fc.record({
  color: fc.constantFrom('red', 'blue'),
  shade: fc.constantFrom('red', 'dark'),
  host: fc.constantFrom(...HOSTS),
  hosts: fc.subarray(HOSTS.slice(0, 4)),
  sources: fc.subarray(CIDRS),
  ports: fc.subarray(PORTS),
  tags: fc.subarray(['AzureCloud.westeurope', 'Storage']),
  rule: fc.record({
    name: fc.constantFrom(...TEXTS),
    priority: fc.integer({ min: 0, max: 4 }),
    read: fc.constantFrom('2026-01-31', '2026-06-01', ''),
  }),
});

type Leaf = FactReference & { readonly operator: OperatorName; readonly value: ResolvedValue };

const leafOf = (
  reference: FactReference,
  operators: readonly OperatorName[],
  value: fc.Arbitrary<ResolvedValue>,
): fc.Arbitrary<Leaf> =>
  fc.record({ operator: fc.constantFrom(...operators), value }).map((rest) => ({ ...reference, ...rest }));

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values], { minLength: 1 });

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  leafOf({ fact: 'color' }, ['equal', 'notEqual'], fc.constantFrom('red', 'blue', { fact: 'shade' })),
  leafOf({ fact: 'color' }, ['in', 'notIn'], some(['red', 'blue'])),
  leafOf({ fact: 'host' }, ['fqdnMatches', 'fqdnCovers'], some(HOSTS.slice(0, 4))),
  leafOf({ fact: 'hosts' }, ['fqdnMatches', 'fqdnCovers'], fc.constant({ fact: 'host' })),
  leafOf({ fact: 'hosts' }, ['contains', 'doesNotContain'], fc.constantFrom(...HOSTS)),
  leafOf({ fact: 'sources' }, ['cidrWithin', 'cidrOverlaps'], some(CIDRS)),
  leafOf({ fact: 'ports' }, ['portsWithin'], some([443, '80-100'])),
  leafOf({ fact: 'tags' }, ['hasTag'], fc.constantFrom('AzureCloud', 'storage', 'Sql')),
  leafOf({ fact: 'rule', path: '$.name' }, ['textMatches'], some(['*CHG-##*', '?o *', 'a.example'])),
  leafOf({ fact: 'rule', path: '$.name' }, ['equal', 'notEqual'], fc.constant({ fact: 'host' })),
  leafOf(
    { fact: 'rule', path: '$.priority' },
    ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'],
    fc.constantFrom(1, 2, 3, { fact: 'option', params: { name: 'most' } }),
  ),
  leafOf({ fact: 'rule', path: '$.read' }, ['olderThan'], fc.constantFrom('90 days', '2026-06-01')),
  leafOf({ fact: 'option', params: { name: 'strict' } }, ['equal', 'notEqual'], fc.boolean()),
);

const { condition } = fc.letrec<{ condition: ResolvedCondition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

describe('the evaluator of conditions on open facts', () => {
  it('answers as json-rules-engine does, on any condition and any known facts', async () => {
    await fc.assert(
      fc.asyncProperty(condition, subject, async (given, facts) => {
        expect(own(given, facts)).toBe(await engine(given, facts));
      }),
      { numRuns: 500 },
    );
  });

  it('answers alike where a condition is named instead of written out', async () => {
    await fc.assert(
      fc.asyncProperty(condition, subject, async (given, facts) => {
        const named: CheckCondition = { all: [{ condition: 'inner' }] };
        const resolved = resolveCondition(named, { inner: given }, {});
        expect(own(resolved, facts)).toBe(await engine({ all: [given] }, facts));
      }),
      { numRuns: 100 },
    );
  });

  it('answers only what holds whatever an unknown host stands for', () => {
    const unknown = fc.constantFrom('⟦parameters(host)⟧', '⟦x⟧.example', '*.⟦x⟧.example');
    fc.assert(
      fc.property(condition, subject, unknown, fc.constantFrom('a', 'b'), (given, facts, host, value) => {
        const answer = own(given, { ...facts, host });
        const filled = host.replaceAll(/⟦[^⟧]*⟧/g, value);
        if (answer !== undefined) expect(own(given, { ...facts, host: filled })).toBe(answer);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what a condition depends on', () => {
  const compare: ResolvedCondition = { fact: 'color', operator: 'equal', value: { fact: 'shade' } };

  it('is every fact that it names, on the right side too, with path and params', () => {
    const option: ResolvedCondition = {
      fact: 'option',
      params: { name: 'x' },
      operator: 'equal',
      value: true,
    };
    const path: ResolvedCondition = { fact: 'rule', path: '$.name', operator: 'equal', value: 'a' };
    expect(referencesOf({ all: [compare, { not: option }, { any: [path] }] })).toEqual([
      { fact: 'color' },
      { fact: 'shade' },
      { fact: 'option', params: { name: 'x' } },
      { fact: 'rule', path: '$.name' },
    ]);
  });

  it('tells answers for different values of the fact on the right apart', async () => {
    const condition = new ClosedCondition(compare);
    expect(await condition.holds({ color: 'red', shade: 'red' })).toBe(true);
    expect(await condition.holds({ color: 'red', shade: 'dark' })).toBe(false);
    expect(condition.known({ color: 'red', shade: 'red' })).toBe(true);
  });

  it('has different keys for different paths, params, options and named conditions', () => {
    const on = (path: string): ResolvedCondition => ({ fact: 'rule', path, operator: 'equal', value: 'a' });
    const optional: CheckCondition = { fact: 'color', operator: 'equal', value: { option: 'x' } };
    const named: CheckCondition = { condition: 'c' };
    const keys = [
      conditionKey(on('$.name')),
      conditionKey(on('$.group')),
      conditionKey(compare),
      ...['red', 'blue'].map((x) => conditionKey(resolveCondition(optional, {}, { x }))),
      ...['a', 'b'].map((value) =>
        conditionKey(resolveCondition(named, { c: { fact: 'host', operator: 'equal', value } }, {})),
      ),
      ...['x', 'y'].map((name) =>
        conditionKey({ fact: 'option', params: { name }, operator: 'equal', value: true }),
      ),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
