import { describe, expect, test } from 'vitest';
import { json } from '../../src/reporters/json.ts';
import type { Report } from '../../src/reporters/report.ts';
import { at, findingAt, loadReport, reportOf, schemaProblems } from './fixture.ts';

const NAMES = ['findings-of-every-kind', 'nothing-to-report', 'several-runs'];

/** The same data with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

function isReport(value: unknown): value is Report {
  return (
    schemaProblems(JSON.stringify(value, (key, item: unknown) => (key === 'item' ? undefined : item)))
      .length === 0
  );
}

describe('the JSON report', () => {
  test.each(NAMES)('of %s satisfies the published schema', (name) => {
    expect(schemaProblems(json(loadReport(name)))).toEqual([]);
  });

  test.each(NAMES)('of %s holds the whole report', (name) => {
    const report = loadReport(name);
    const shown: unknown = JSON.parse(json(report));
    expect(shown).toEqual({
      ...report,
      findings: report.findings.map((finding) => {
        const rest: Record<string, unknown> = { ...finding };
        delete rest['item'];
        return rest;
      }),
    });
  });

  test('has its keys in a fixed order, whatever order the report has them in', () => {
    const report = loadReport('findings-of-every-kind');
    const other = reversed(report);
    if (!isReport(other)) throw new Error('no report');
    expect(json(other)).toBe(json(report));
    const text = json(report);
    const order = ['schemaVersion', 'tool', 'inputs', 'runs', 'summary', 'findings', 'notices'];
    expect([...text.matchAll(/^ {2}"(\w+)"/gm)].map((match) => match[1])).toEqual(order);
  });

  test('keeps suppressed findings and says so', () => {
    expect(json(loadReport('findings-of-every-kind'))).toContain('"suppressed": true');
  });

  test('ends with a line break and has nothing else around it', () => {
    const text = json(reportOf([]));
    expect(text).toMatch(/^\{\n[^]*\n\}\n$/);
  });

  test('writes what a file holds as data: quotes, control characters, __proto__', () => {
    const finding = findingAt(at('a"b.json', 1), { message: 'x\u0000\u2028"\n', entry: '__proto__' });
    const back: unknown = JSON.parse(json(reportOf([finding])));
    expect(back).toMatchObject({ findings: [{ message: 'x\u0000\u2028"\n', entry: '__proto__' }] });
  });
});

describe('the schema', () => {
  test('refuses what the contract does not allow', () => {
    const change = (path: string[], value: unknown): string[] => {
      const data: unknown = JSON.parse(json(loadReport('findings-of-every-kind')));
      let parent: unknown = data;
      for (const key of path.slice(0, -1)) parent = Reflect.get(Object(parent), key);
      Reflect.set(Object(parent), path.at(-1) ?? '', value);
      return schemaProblems(JSON.stringify(data));
    };
    expect(change(['schemaVersion'], 2)).not.toEqual([]);
    expect(change(['findings', '0', 'level'], 'critical')).not.toEqual([]);
    expect(change(['findings', '0', 'check'], 'Not An Id')).not.toEqual([]);
    expect(change(['findings', '0', 'location', 'startLine'], 0)).not.toEqual([]);
    expect(change(['findings', '0', 'location', 'pointer'], 'no-slash')).not.toEqual([]);
    expect(change(['findings', '0', 'surprise'], 1)).not.toEqual([]);
    expect(change(['runs', '0', 'requirements', '0', 'verdict'], 'maybe')).not.toEqual([]);
    expect(change(['runs', '0', 'cloud'], 'AzureGermanCloud')).not.toEqual([]);
    expect(change(['summary', 'error'], -1)).not.toEqual([]);
  });
});
