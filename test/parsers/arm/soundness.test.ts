import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultOf } from './evaluating.ts';

/** Random expressions over three parameters, evaluated without and with values for these. */
const FUNCTIONS = [
  'and,array,base64,coalesce,concat,contains,createArray,createObject,empty,endsWith,equals,first,flatten,format,if,indexOf',
  'int,intersection,items,join,json,last,length,max,not,or,padLeft,range,replace,resourceId,skip,split,startsWith,string',
  'substring,take,toLower,toUpper,trim,tryGet,union',
].flatMap((line) => line.split(','));
const LEAVES = [
  "'a'",
  "'x/y'",
  "'{0}'",
  '1',
  '0',
  'null()',
  'true()',
  'createArray()',
  "parameters('text')",
  "parameters('list')",
  "parameters('object')",
  "concat('hub-', parameters('text'))",
  "concat(createArray('s'), parameters('list'))",
  "lambdaVariables('i')",
];

const { expression } = fc.letrec<{
  expression: string;
  leaf: string;
  call: string;
  access: string;
  lambda: string;
}>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    tie('call'),
    tie('call'),
    tie('access'),
    tie('lambda'),
  ),
  leaf: fc.constantFrom(...LEAVES),
  call: fc
    .tuple(fc.constantFrom(...FUNCTIONS), fc.array(tie('expression'), { maxLength: 3 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`),
  access: fc
    .tuple(tie('call'), fc.constantFrom('.x', '.?x', '[0]', '[?2]', "['k']"))
    .map(([of, access]) => of + access),
  lambda: fc
    .tuple(fc.constantFrom('map', 'filter', 'toObject', 'groupBy'), tie('expression'), tie('expression'))
    .map(([name, list, body]) => `${name}(${list}, lambda('i', ${body}))`),
}));

const parameters = { text: { type: 'string' }, list: { type: 'array' }, object: { type: 'object' } };
const values = fc.record({
  text: fc.constantFrom('', 'a', 'Hub-1', 'x/y'),
  list: fc.constantFrom([], ['a'], ['s', 'b'], [['z']]),
  object: fc.constantFrom({}, { x: 'q' }, { k: [1] }),
});

function evaluated(text: string, given?: Record<string, unknown>): string {
  const entries = Object.entries(given ?? {}).map(([name, value]): [string, unknown] => [name, { value }]);
  return JSON.stringify(resultOf(`[${text}]`, { parameters, files: [Object.fromEntries(entries)] }));
}

const FAILED = 'expression at ';

describe('an expression over unknown parameters', () => {
  it('that has a value without them has the same value with them', () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, values, (text, given) => {
        const before = evaluated(text);
        if (before.includes('⟦')) return;
        const after = evaluated(text, given);
        if (after.includes(FAILED)) return;
        compared += 1;
        expect(after).toBe(before);
      }),
      { numRuns: 5000, seed: 1 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('that is the same unknown as another has the same value as that one, but for case', () => {
    const seen = new Map<string, string>();
    let compared = 0;
    fc.assert(
      fc.property(expression, values, (text, given) => {
        const unknown = evaluated(text);
        // union() with an unknown list keeps the items that are known once: the same set.
        if (!unknown.includes('⟦') || unknown.includes(FAILED) || text.includes('union(')) return;
        const other = seen.get(unknown);
        seen.set(unknown, text);
        if (other === undefined || other === text) return;
        const pair = [text, other].map((each) => evaluated(each, given).toLowerCase());
        if (pair.some((each) => each.includes(FAILED))) return;
        compared += 1;
        expect(pair[0]).toBe(pair[1]);
      }),
      { numRuns: 20_000, seed: 2 },
    );
    expect(compared).toBeGreaterThan(20);
  });
});
