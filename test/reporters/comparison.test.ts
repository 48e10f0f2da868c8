import { describe, expect, test } from 'vitest';
import { compareReports, hasChanges, isWorse } from '../../src/reporters/comparison.ts';
import type { Report, RequirementRow, Run } from '../../src/reporters/report.ts';
import { at, findingAt, loadReport, reportOf } from './fixture.ts';

const [RUN] = loadReport('several-runs').runs;

function rowAt(destination: string, changes: Partial<RequirementRow> = {}): RequirementRow {
  return {
    id: 'core/mcr',
    feature: 'core',
    necessity: 'required',
    applies: 'yes',
    destination,
    protocol: 'HTTPS',
    port: 443,
    verdict: 'covered',
    works: true,
    how: 'exact',
    coveredBy: [],
    note: '',
    ...changes,
  };
}

function withRows(rows: readonly RequirementRow[], changes: Partial<Run> = {}): Report {
  if (RUN === undefined) throw new Error('no run');
  return reportOf([], { runs: [{ ...RUN, requirements: rows, ...changes }] });
}

describe('what a change does', () => {
  test('is nothing where nothing differs but lines', () => {
    const before = reportOf([findingAt(at('a.json', 1), { fingerprint: 'x' })]);
    const after = reportOf([findingAt(at('b.json', 9), { fingerprint: 'x' })]);
    const comparison = compareReports('main', before, after);
    expect(comparison).toEqual({ base: 'main', outcomes: [], introduced: [], fixed: [], accepted: 0 });
    expect(hasChanges(comparison)).toBe(false);
  });

  test('to a finding is that it comes, goes, or is suppressed', () => {
    const finding = (fingerprint: string, suppressed = false): ReturnType<typeof findingAt> =>
      findingAt(at('a.json', 1), { fingerprint, suppressed });
    const before = reportOf([
      finding('stays'),
      finding('goes'),
      finding('accepted'),
      finding('revived', true),
    ]);
    const after = reportOf([
      finding('stays'),
      finding('comes'),
      finding('accepted', true),
      finding('revived'),
      finding('new, and suppressed at once', true),
    ]);
    const { introduced, fixed, accepted } = compareReports('main', before, after);
    expect(introduced.map(({ fingerprint }) => fingerprint)).toEqual(['comes', 'revived']);
    expect(fixed.map(({ fingerprint }) => fingerprint)).toEqual(['goes']);
    expect(accepted).toBe(1);
  });

  test('to a requirement is another verdict, or that it begins or ceases to apply', () => {
    const before = withRows([
      rowAt('same.example'),
      rowAt('lost.example'),
      rowAt('won.example', { verdict: 'missing' }),
      rowAt('breaks.example'),
      rowAt('gone.example'),
      rowAt('other.example', { verdict: 'missing' }),
    ]);
    const after = withRows([
      rowAt('same.example'),
      rowAt('lost.example', { verdict: 'missing' }),
      rowAt('won.example'),
      rowAt('breaks.example', { works: false }),
      rowAt('comes.example', { verdict: 'unknown' }),
      rowAt('other.example', { verdict: 'denied' }),
    ]);
    const { outcomes } = compareReports('main', before, after);
    expect(
      outcomes.map((one) => [one.destination, one.before, one.after, isWorse(one) ? 'worse' : '']),
    ).toEqual([
      ['lost.example', 'covered', 'missing', 'worse'],
      ['won.example', 'missing', 'covered', ''],
      ['breaks.example', 'covered', 'broken', 'worse'],
      ['comes.example', undefined, 'unknown', 'worse'],
      ['other.example', 'missing', 'denied', ''],
      ['gone.example', 'covered', undefined, ''],
    ]);
  });

  test('is told apart by cluster', () => {
    const verdicts = (prod: RequirementRow['verdict'], other: RequirementRow['verdict']): Report => {
      const runs = [
        ...withRows([rowAt('a.example', { verdict: prod })], { cluster: 'prod' }).runs,
        ...withRows([rowAt('a.example', { verdict: other })], { cluster: 'test' }).runs,
      ];
      return reportOf([], { runs });
    };
    const { outcomes } = compareReports(
      'main',
      verdicts('covered', 'covered'),
      verdicts('covered', 'missing'),
    );
    expect(outcomes.map(({ cluster, after }) => [cluster, after])).toEqual([['test', 'missing']]);
  });

  test('leaves out what does not apply, and what only the article prints', () => {
    const before = withRows([
      rowAt('a.example', { applies: 'no' }),
      rowAt('b.example', { isDocumentedOnly: true }),
    ]);
    const after = withRows([
      rowAt('a.example', { applies: 'no', verdict: 'missing' }),
      rowAt('b.example', { isDocumentedOnly: true, verdict: 'missing' }),
    ]);
    expect(compareReports('main', before, after).outcomes).toEqual([]);
  });
});
