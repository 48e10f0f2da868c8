import type { ArtifactLocation, Log, Region, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { sarif } from '../../src/reporters/sarif.ts';
import { contextWith, loadReport, sourceText } from './fixture.ts';
import { sarifProblems } from './sarif-checker.ts';

const good = sarif(loadReport('findings-of-every-kind'), contextWith());

function isLog(data: unknown): data is Log {
  return typeof data === 'object' && data !== null && 'runs' in data;
}

/** The problems of the good log after one change to it. */
function problemsAfter(change: (log: Log) => void): string[] {
  const log: unknown = JSON.parse(good);
  if (!isLog(log)) throw new Error('no log');
  change(log);
  return sarifProblems(JSON.stringify(log), { textOf: sourceText });
}

function first(log: Log): Result {
  const result = log.runs[0]?.results?.[0];
  if (result === undefined) throw new Error('no result');
  return result;
}

/** File and region of the first result, to be changed. */
function place(log: Log): { artifactLocation: ArtifactLocation; region: Region } {
  const { artifactLocation, region } = first(log).locations?.[0]?.physicalLocation ?? {};
  if (artifactLocation === undefined || region === undefined) throw new Error('no place');
  return { artifactLocation, region };
}

/** Changes the properties of the first rule. */
function tune(log: Log, properties: Record<string, unknown>): void {
  Object.assign(log.runs[0]?.tool.driver.rules?.[0]?.properties ?? {}, properties);
}

/** The checker guards every SARIF test, so each mistake that code scanning punishes must be one that it sees. */
describe('the checker of SARIF files', () => {
  test('has nothing to say of a good file', () => {
    expect(sarifProblems(good, { textOf: sourceText })).toEqual([]);
  });

  test('sees a byte order mark and text that is no JSON', () => {
    expect(sarifProblems(`\uFEFF${good}`)).toHaveLength(1);
    expect(sarifProblems('{')).toEqual(['not JSON']);
  });

  const mistakes: [string, (log: Log) => void, RegExp][] = [
    ['an unknown key', (log) => Object.assign(log, { extra: 1 }), /schema/],
    ['a level that SARIF does not have', (log) => Object.assign(first(log), { level: 'critical' }), /schema/],
    ['line 0', (log) => (place(log).region.startLine = 0), /schema/],
    ['missing results', (log) => Reflect.deleteProperty(log.runs[0] ?? {}, 'results'), /no results/],
    ['an absolute path', (log) => (place(log).artifactLocation.uri = '/infra/hub-policy.json'), /absolute/],
    ['a scheme', (log) => (place(log).artifactLocation.uri = 'file:///infra/hub-policy.json'), /scheme/],
    ['a backslash', (log) => (place(log).artifactLocation.uri = 'infra\\hub-policy.json'), /backslash/],
    ['a space', (log) => (place(log).artifactLocation.uri = 'infra/hub policy.json'), /percent/],
    ['a leading ./', (log) => (place(log).artifactLocation.uri = './hub-policy.json'), /dot segment/],
    ['a ../', (log) => (place(log).artifactLocation.uri = 'infra/../hub-policy.json'), /dot segment/],
    ['a column behind the line', (log) => (place(log).region.endColumn = 999), /ends outside/],
    [
      'a line behind the file',
      (log) => (place(log).region.startLine = place(log).region.endLine = 999),
      /outside/,
    ],
    ['a region backwards', (log) => (place(log).region.endColumn = 1), /backwards/],
    ['an incomplete region', (log) => Reflect.deleteProperty(place(log).region, 'endColumn'), /four numbers/],
    ['no location', (log) => (first(log).locations = []), /0 locations/],
    ['an unknown rule', (log) => (first(log).ruleId = 'AEL001/sub'), /is no rule/],
    ['a wrong rule index', (log) => (first(log).ruleIndex = 0), /ruleIndex/],
    ['a link without location', (log) => (first(log).message.text = 'See [this](3).'), /link \(3\)/],
    ['a bare bracket', (log) => (first(log).message.text = 'Unknown [parameters].'), /bracket/],
    ['back-quotes', (log) => (first(log).message.text = 'Unknown `x`.'), /back-quotes/],
    ['no full stop', (log) => (first(log).message.text = 'Unknown'), /end a sentence/],
    [
      'an invented line hash',
      (log) => (first(log).partialFingerprints = { primaryLocationLineHash: 'a:1' }),
      /line hash/,
    ],
    ['a suppressed result', (log) => (first(log).suppressions = [{ kind: 'external' }]), /suppressed/],
    ['a baseline state', (log) => (first(log).baselineState = 'new'), /baselineState/],
    ['the same alert twice', (log) => log.runs[0]?.results?.push(first(log)), /another result/],
    ['two runs', (log) => log.runs.push(...log.runs), /2 runs/],
    [
      'a tool name with version',
      (log) => Object.assign(log.runs[0]?.tool.driver ?? {}, { name: 'x 1.0' }),
      /tool name/,
    ],
    [
      'byte columns',
      (log) => Object.assign(log.runs[0] ?? {}, { columnKind: 'unicodeCodePoints' }),
      /columnKind/,
    ],
    [
      'a category',
      (log) => Object.assign(log.runs[0] ?? {}, { automationDetails: { id: 'x/' } }),
      /category/,
    ],
    [
      'a time',
      (log) => Object.assign(log.runs[0]?.invocations?.[0] ?? {}, { startTimeUtc: '2026-01-01T00:00:00Z' }),
      /differs/,
    ],
    ['rules out of order', (log) => log.runs[0]?.tool.driver.rules?.reverse(), /fixed order/],
    [
      'a security severity in words',
      (log) => {
        tune(log, { 'security-severity': 'high' });
      },
      /security-severity/,
    ],
    [
      'a security severity as number',
      (log) => {
        tune(log, { 'security-severity': 6.5 });
      },
      /security-severity/,
    ],
    [
      'a security severity without its tag',
      (log) => {
        tune(log, { tags: [] });
      },
      /without the tag/,
    ],
    [
      'eleven tags',
      (log) => {
        tune(log, {
          tags: ['security', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'],
        });
      },
      /11 tags/,
    ],
    [
      'no help',
      (log) => Reflect.deleteProperty(log.runs[0]?.tool.driver.rules?.[0] ?? {}, 'help'),
      /no help/,
    ],
  ];
  test.each(mistakes)('sees %s', (_name, change, expected) => {
    expect(problemsAfter(change).join('\n')).toMatch(expected);
  });
});
