import { outcomeOf } from './feature-counts.ts';
import { notesOf } from './aggregate.ts';
import type { Finding, Level, Report, ReportContext, RequirementRow, Run } from './report.ts';
import { nameOfRun } from './run-text.ts';
import { messageWithClusters, sentence } from './sarif-text.ts';
import { pathOfUri } from './uri.ts';

/**
 * `--format junit`: JUnit XML as Jenkins, Azure DevOps and GitLab read it. Every requirement is a test of its run, so that
 * what the firewall does allow shows as passed tests; every other finding is a test of its file. Errors and warnings are
 * failures; notes, what is suppressed and requirements that nothing was found about without being met are skipped tests.
 */
export function junit(report: Report, context: ReportContext): string {
  const noteOf = notesOf(report);
  const byRow = findingsByRow(report);
  const suites = [
    ...report.runs.map((run, index) => requirementSuite(run, index, byRow, context, noteOf)),
    ...fileSuites(report, byRow, context),
  ];
  const count = (kind: Result['kind']): number =>
    suites.reduce((sum, { cases }) => sum + countOf(cases, kind), 0);
  const tests = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const total = attributes({
    name: report.tool.name,
    tests,
    failures: count('failure'),
    errors: 0,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${total}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly className: string;
  /** Where it is about a part of a file. */
  readonly file?: string;
  readonly line?: number;
  readonly result: Result;
}

type Result =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'failure'; readonly level: Level; readonly message: string; readonly text: string };

function rowKey(run: number, requirement: string, item: string): string {
  return [run, requirement, item].join('\n');
}

function keyOfRow(run: number, { id, destination, protocol, port }: RequirementRow): string {
  return rowKey(run, id, `${destination} ${protocol} ${port}`);
}

function findingsByRow({ runs, findings }: Report): Map<string, Finding[]> {
  const byRow = new Map<string, Finding[]>();
  runs.forEach((run, index) => {
    for (const row of run.requirements) byRow.set(keyOfRow(index, row), []);
  });
  for (const finding of findings) {
    byRow.get(rowKey(finding.run, finding.requirement ?? '', finding.item ?? ''))?.push(finding);
  }
  return byRow;
}

function requirementSuite(
  run: Run,
  index: number,
  byRow: ReadonlyMap<string, readonly Finding[]>,
  context: ReportContext,
  noteOf: (finding: Finding) => string,
): Suite {
  const cases = run.requirements
    .filter(({ applies }) => applies !== 'no')
    .map((row): Case => {
      const findings = byRow.get(keyOfRow(index, row)) ?? [];
      const worst = worstOf(findings);
      return {
        name: `${row.destination} ${row.protocol} ${row.port} (${row.id})`,
        className: row.feature,
        ...(worst === undefined ? {} : placeOf(worst, context)),
        result: worst === undefined ? unreported(row) : resultOf(worst, context, noteOf(worst)),
      };
    });
  return { name: `requirements of ${nameOfRun(run)}`, cases };
}

function unreported(row: RequirementRow): Result {
  const outcome = outcomeOf(row);
  return outcome === 'covered'
    ? { kind: 'passed' }
    : { kind: 'skipped', message: `${outcome}, not reported` };
}

const RANK: readonly Level[] = ['error', 'warning', 'note'];

/** The most severe open finding, else a suppressed one. */
function worstOf(findings: readonly Finding[]): Finding | undefined {
  const rank = ({ level, suppressed }: Finding): number =>
    RANK.indexOf(level) + (suppressed ? RANK.length : 0);
  return [...findings].sort((a, b) => rank(a) - rank(b))[0];
}

function fileSuites(
  report: Report,
  byRow: ReadonlyMap<string, readonly Finding[]>,
  context: ReportContext,
): Suite[] {
  const inRows = new Set([...byRow.values()].flat());
  const files = new Map<string, Finding[]>(report.inputs.map(({ path }) => [path, []]));
  for (const finding of report.findings) {
    if (inRows.has(finding)) continue;
    const known = files.get(finding.location.path);
    if (known === undefined) files.set(finding.location.path, [finding]);
    else known.push(finding);
  }
  return [...files].map(([path, findings]) => {
    const file = pathOfUri(context.uriOf(path));
    return {
      name: file,
      cases:
        findings.length === 0
          ? [{ name: 'nothing else was found', className: file, result: { kind: 'passed' } }]
          : findings.map((finding) => ({
              name: `${finding.check}: ${finding.entry ?? finding.item ?? `line ${finding.location.startLine}`}`,
              className: file,
              ...placeOf(finding, context),
              result: resultOf(finding, context, ''),
            })),
    };
  });
}

function placeOf({ location }: Finding, context: ReportContext): Pick<Case, 'file' | 'line'> {
  return { file: pathOfUri(context.uriOf(location.path)), line: location.startLine };
}

function resultOf(finding: Finding, context: ReportContext, note: string): Result {
  const { check, level, suppression, suppressed, location } = finding;
  const message = messageWithClusters(finding);
  if (suppressed) {
    return {
      kind: 'skipped',
      message: ['suppressed:', suppression?.reason, message].filter(Boolean).join(' '),
    };
  }
  if (level === 'note') return { kind: 'skipped', message: `note: ${message}` };
  const { url } = context.checks.find(({ id }) => id === check) ?? {};
  const file = pathOfUri(context.uriOf(location.path));
  const text = [
    `${file}:${location.startLine}:${location.startColumn}: ${level}[${check}]`,
    message,
    ...(note === '' ? [] : [sentence(note)]),
    ...(url === undefined ? [] : [url]),
  ].join('\n');
  return { kind: 'failure', level, message: `${check}: ${message}`, text };
}

function countOf(cases: readonly Case[], kind: Result['kind']): number {
  return cases.filter(({ result }) => result.kind === kind).length;
}

function suiteLines({ name, cases }: Suite): string[] {
  const counts = attributes({
    name,
    tests: cases.length,
    failures: countOf(cases, 'failure'),
    errors: 0,
    skipped: countOf(cases, 'skipped'),
  });
  return [`  <testsuite${counts}>`, ...cases.flatMap(caseLines), '  </testsuite>'];
}

function caseLines({ name, className, file, line, result }: Case): string[] {
  const head = `    <testcase${attributes({ name, classname: className, file, line })}`;
  switch (result.kind) {
    case 'passed':
      return [`${head}/>`];
    case 'skipped':
      return [`${head}>`, `      <skipped${attributes({ message: result.message })}/>`, '    </testcase>'];
    case 'failure': {
      const failure = attributes({ message: result.message, type: result.level });
      return [`${head}>`, `      <failure${failure}>${escapeXml(result.text)}</failure>`, '    </testcase>'];
    }
  }
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll(/[\t\n\r]/g, reference)}"`)
    .join('');
}

/** A line break in an attribute would be read as a space. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** XML 1.0 has no way to write most control characters. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
