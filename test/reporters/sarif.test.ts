import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { CheckDoc, Finding, Report, ReportContext } from '../../src/reporters/report.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { at, contextWith, findingAt, loadChecks, loadReport, readText, reportOf } from './fixture.ts';
import { sarifProblems } from './sarif-checker.ts';

function isLog(data: unknown): data is Log {
  return typeof data === 'object' && data !== null && 'runs' in data;
}

/** Writes SARIF, checks it by every rule that code scanning has, and returns its run. */
function runOf(report: Report, changes: Partial<ReportContext> = {}): Run & { results: Result[] } {
  const context = contextWith(changes);
  const text = sarif(report, context);
  const includeSuppressed = context.includeSuppressed ?? false;
  expect(sarifProblems(text, { textOf: context.textOf, includeSuppressed })).toEqual([]);
  const log: unknown = JSON.parse(text);
  const run = isLog(log) ? log.runs[0] : undefined;
  if (run?.results === undefined) throw new Error('no run');
  return { ...run, results: run.results };
}

const CHECK: CheckDoc = {
  id: 'retired-endpoint',
  name: 'RetiredEndpoint',
  description: 'A host is retired',
  rationale: 'Nobody needs it.',
  fix: 'Remove it.',
  url: 'https://example.com/retired-endpoint',
  defaultLevel: 'note',
  tags: [],
  precision: 'high',
  many: '{{count}} hosts are retired: {{items}}.',
};

describe('a SARIF log', () => {
  const report = loadReport('findings-of-every-kind');

  test('is what code scanning takes, for every fixture', () => {
    for (const name of ['findings-of-every-kind', 'nothing-to-report', 'several-runs'])
      runOf(loadReport(name));
  });

  test('is written as reviewed', () => {
    expect(sarif(report, contextWith())).toBe(readText('expected/findings-of-every-kind.sarif'));
  });

  test('of a clean scan has an empty list of results, which closes alerts', () => {
    expect(runOf(loadReport('nothing-to-report')).results).toEqual([]);
  });

  test('has all enabled rules in the same order, whatever was found', () => {
    const rules = runOf(report).tool.driver.rules;
    expect(rules?.map((rule) => rule.id)).toEqual([
      'broad-destination',
      'broad-source',
      'missing-required',
      'retired-endpoint',
      'unknown-coverage',
    ]);
    expect(runOf(loadReport('nothing-to-report')).tool.driver.rules).toEqual(rules);
    expect(runOf(report, { checks: loadChecks().reverse() }).tool.driver.rules).toEqual(rules);
  });

  test('is the same for the same report', () => {
    expect(sarif(report, contextWith())).toBe(sarif(report, contextWith()));
  });

  test('puts the most severe results first, then file and line', () => {
    const order = runOf(report).results.map((result) => [
      result.level,
      result.locations?.[0]?.physicalLocation?.region?.startLine,
    ]);
    expect(order).toEqual([
      ['error', 41],
      ['error', 47],
      ['warning', 26],
      ['warning', 34],
      ['warning', 61],
      ['warning', 5],
      ['note', 62],
    ]);
  });

  test('mentions notices where viewers look for what the tool had to say', () => {
    expect(runOf(report).invocations).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          {
            level: 'note',
            message: {
              text: "No region was given: westeurope is assumed, since rule 'api-tunnel' names it. Give --region to be sure.",
            },
          },
        ],
      },
    ]);
    expect(runOf(loadReport('nothing-to-report'))).not.toHaveProperty('invocations');
  });

  test('of a finding whose check is not enabled is our own mistake, and said so', () => {
    expect(() => sarif(report, contextWith({ checks: [] }))).toThrow(
      "'missing-required', which is not enabled",
    );
  });
});

describe('severity', () => {
  const rule = (check: Partial<CheckDoc>): unknown =>
    runOf(reportOf([]), { checks: [{ ...CHECK, ...check }] }).tool.driver.rules?.[0]?.properties;

  test('of exposure is a security severity with the tag that makes GitHub read it', () => {
    expect(rule({ securitySeverity: '6.5', tags: ['exposure'] })).toEqual({
      tags: ['security', 'exposure'],
      precision: 'high',
      'security-severity': '6.5',
    });
  });

  test.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['note', 'recommendation'],
  ] as const)(
    'of a check at level %s without exposure is the problem severity %s',
    (defaultLevel, expected) => {
      expect(rule({ defaultLevel, tags: ['aks'] })).toEqual({
        tags: ['aks'],
        precision: 'high',
        'problem.severity': expected,
      });
    },
  );

  test('is not pushed out by other tags, of which ten are kept', () => {
    const tags = Array.from({ length: 15 }, (_, i) => `tag-${i}`);
    expect(rule({ securitySeverity: '9.1', tags })).toMatchObject({
      tags: ['security', ...tags.slice(0, 9)],
    });
  });
});

describe('texts', () => {
  test('descriptions are cut between words at 1,024 characters', () => {
    const rationale = 'a reason that goes on '.repeat(100);
    const [rule] = runOf(reportOf([]), { checks: [{ ...CHECK, rationale }] }).tool.driver.rules ?? [];
    expect(rule?.fullDescription?.text.length).toBeLessThanOrEqual(1024);
    expect(rule?.fullDescription?.text).toMatch(/ (a|reason|that|goes|on)…$/);
    expect(rule?.help?.text).toContain('How to fix: Remove it. Documentation: https://example.com');
  });

  const messageOf = (message: string): string | undefined =>
    runOf(reportOf([findingAt(at('infra/hub-policy.json', 1), { message })])).results[0]?.message.text;

  test('a message is one sentence on one line without back-quotes', () => {
    expect(messageOf('rule `a`\n  allows\tall')).toBe("rule 'a' allows all.");
    expect(messageOf('Really?')).toBe('Really?');
  });

  test('brackets of expressions are escaped, so that none reads as a link', () => {
    expect(messageOf("[parameters('location')](1) in C:\\x.")).toBe(
      String.raw`\[parameters('location')\](1) in C:\\x.`,
    );
  });

  test('related places are linked from the message by number', () => {
    const related = [
      { text: "rule 'a[0]' denies it", location: at('infra/hub-policy.json', 2) },
      { text: 'the `group` holds it', location: at('infra/ip-groups.json', 3) },
      { text: "rule 'a[0]' denies it", location: at('infra/hub-policy.json', 2) },
    ];
    const [result] = runOf(reportOf([findingAt(at('infra/hub-policy.json', 1), { related })])).results;
    expect(result?.message.text).toBe(
      String.raw`Nothing allows it. See: [rule 'a\[0\]' denies it](1), [the 'group' holds it](2).`,
    );
    expect(result?.relatedLocations?.map(({ id, message }) => [id, message?.text])).toEqual([
      [1, String.raw`rule 'a\[0\]' denies it.`],
      [2, "the 'group' holds it."],
    ]);
  });
});

describe('several findings of a check on one line', () => {
  const line = (startColumn: number): Finding['location'] => at('infra/hub-policy.json', 41, startColumn);
  const three = ['c', 'a', 'b'].map((name, index) =>
    findingAt(line(index + 1), {
      message: `Nothing allows ${name}.example.com`,
      item: `${name}.example.com`,
      fingerprint: name,
    }),
  );

  test('are one result, since GitHub would keep one of several', () => {
    const { results } = runOf(reportOf(three));
    expect(results).toHaveLength(1);
    expect(results[0]?.message.text).toBe(
      'AKS needs 3 destinations that no rule allows: c.example.com, a.example.com, b.example.com. ' +
        '(1) Nothing allows c.example.com. (2) Nothing allows a.example.com. (3) Nothing allows b.example.com.',
    );
    expect(results[0]?.locations?.[0]?.physicalLocation?.region?.startColumn).toBe(1);
  });

  test('have one fingerprint that does not depend on their order', () => {
    const fingerprint = (findings: Finding[]): string | undefined =>
      runOf(reportOf(findings)).results[0]?.partialFingerprints?.['aksEgressLint/v1'];
    expect(fingerprint(three)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint([...three].reverse())).toBe(fingerprint(three));
    expect(fingerprint(three.slice(0, 1))).toBe('c');
  });

  test('are listed by their messages where they have no short names', () => {
    const findings = three.map(({ message, location }) => findingAt(location, { message }));
    expect(runOf(reportOf(findings)).results[0]?.message.text).toBe(
      '3 findings of missing-required here. (1) Nothing allows c.example.com. ' +
        '(2) Nothing allows a.example.com. (3) Nothing allows b.example.com.',
    );
  });

  test('that say the same, as two clusters may, say it once', () => {
    const twice = [0, 1].map((run) => findingAt(line(1), { run, fingerprint: `f${run}` }));
    expect(runOf(reportOf(twice)).results.map((result) => result.message.text)).toEqual([
      'Nothing allows it.',
    ]);
  });

  test('are shortened where they are very many', () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      findingAt(line(1), { message: `Nothing allows h${i}.`, item: `h${i}`, fingerprint: `h${i}` }),
    );
    const text = runOf(reportOf(many)).results[0]?.message.text ?? '';
    expect(text).toContain(
      'AKS needs 60 destinations that no rule allows: h0, h1, h2, h3, h4, h5, h6, h7, h8, h9 and 50 more.',
    );
    expect(text).toMatch(/\(50\) Nothing allows h49\. And 10 more\.$/);
  });

  test('are as severe as the worst of them', () => {
    const findings = [
      findingAt(line(1), { level: 'note' }),
      findingAt(line(2), { level: 'warning', message: 'B.' }),
    ];
    expect(runOf(reportOf(findings)).results[0]?.level).toBe('warning');
  });

  test('stay apart from other checks and other lines', () => {
    const findings = [
      findingAt(line(1)),
      findingAt(line(1), { check: 'broad-source' }),
      findingAt(at('infra/hub-policy.json', 42)),
      findingAt(at('infra/ip-groups.json', 4)),
    ];
    expect(runOf(reportOf(findings)).results).toHaveLength(4);
  });
});

describe('suppressed findings', () => {
  const report = loadReport('findings-of-every-kind');

  test('are left out, since GitHub would open them as alerts', () => {
    expect(JSON.stringify(runOf(report).results)).not.toContain('more than one host of the registry');
  });

  test('are marked where they are asked for, and then every result says whether it is one', () => {
    const { results } = runOf(report, { includeSuppressed: true });
    const suppressed = results.filter((result) => result.suppressions?.length === 1);
    expect(suppressed.map((result) => result.message.text)).toEqual([
      "Rule 'registry' allows more than one host of the registry.",
    ]);
    expect(suppressed[0]?.suppressions).toEqual([{ kind: 'external' }]);
    expect(results.filter((result) => result.suppressions?.length === 0)).toHaveLength(7);
  });

  test('do not hide an open finding on the same line', () => {
    const location = at('infra/hub-policy.json', 41);
    const findings = [findingAt(location, { suppressed: true }), findingAt(location, { message: 'Open.' })];
    expect(runOf(reportOf(findings)).results.map((result) => result.message.text)).toEqual(['Open.']);
    expect(runOf(reportOf(findings), { includeSuppressed: true }).results).toHaveLength(2);
  });
});

describe('files', () => {
  const uris = (path: string, changes: Partial<ReportContext>): (string | undefined)[] =>
    runOf(reportOf([findingAt(at(path, 1))]), { textOf: () => '{}', ...changes }).results.map(
      (result) => result.locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );

  test('are named by the URI that the caller maps them to', () => {
    expect(uris('../a b.json', { uriOf: () => 'infra/a%20b.json' })).toEqual(['infra/a%20b.json']);
  });

  test('two names of one file are one file', () => {
    const findings = [findingAt(at('./a.json', 1)), findingAt(at('a.json', 1), { message: 'Other.' })];
    const { results } = runOf(reportOf(findings), { textOf: () => '{}', uriOf: () => 'a.json' });
    expect(results).toHaveLength(1);
  });

  test('standard input has a name that is a valid URI', () => {
    expect(uris('-', {})).toEqual(['stdin']);
  });

  test('a byte order mark counts in the line hash but not in the columns', () => {
    const text = '\uFEFF{"name": "a"}';
    const [result] = runOf(reportOf([findingAt(at('bom.json', 1, 10, 13))]), { textOf: () => text }).results;
    expect(result?.partialFingerprints?.['primaryLocationLineHash']).toMatch(/^[0-9a-f]+:1$/);
  });

  test('without text get no line hash rather than an invented one', () => {
    const [result] = runOf(reportOf([findingAt(at('gone.json', 7))])).results;
    expect(result?.partialFingerprints).toEqual({ 'aksEgressLint/v1': 'f' });
  });
});

describe('limits', () => {
  test('of more than 25,000 results the most severe are kept, and the log says so', () => {
    const findings = Array.from({ length: 25_010 }, (_, i) =>
      findingAt(at('infra/big.json', i + 1), { level: i < 20 ? 'note' : 'error', fingerprint: `f${i}` }),
    );
    const run = runOf(reportOf(findings));
    expect(run.results).toHaveLength(25_000);
    expect(run.results.filter((result) => result.level === 'note')).toHaveLength(10);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toBe(
      '10 findings are left out: code scanning accepts 25000 results, and the most severe are kept.',
    );
  });
});
