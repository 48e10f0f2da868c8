import { LEVELS, checksById, groupFindings, manySentence, messagesOf, notesOf } from './aggregate.ts';
import type { Group } from './aggregate.ts';
import { painter, plural } from './paint.ts';
import { verdictLine } from './pretty-summary.ts';
import type { CheckDoc, Finding, Level, Location, Report, ReportContext } from './report.ts';
import { messageWithClusters, plainText, sentence } from './sarif-text.ts';
import { STDIN_URI, pathOfUri } from './uri.ts';

/** GitHub shows ten annotations of each level for a step, and says nothing of the others. */
const MOST_ANNOTATIONS = 10;
const MOST_ITEMS = 10;

const COMMAND = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<
  Level,
  string
>;

/**
 * `--format github`: workflow commands that GitHub Actions turns into annotations of lines, the most severe first, and no
 * more than it shows. Notices and the verdict follow for readers of the log.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function github(report: Report, context: ReportContext): string {
  const lines = [
    ...annotations(report, context),
    ...report.notices.map((notice) => `ℹ ${inLog(notice)}`),
    verdictLine(report, painter(false)),
  ];
  return `${lines.join('\n')}\n`;
}

/** One for the findings of a check on a line: GitHub shows annotations of one line as a pile. */
export function annotations(report: Report, context: ReportContext): string[] {
  const check = checksById(context.checks);
  const noteOf = notesOf(report);
  const open = report.findings.filter(({ suppressed }) => !suppressed);
  const groups = groupFindings(open, ({ location: { path, startLine } }) => `${path}\n${startLine}`);
  return LEVELS.flatMap((level) => {
    const own = groups.filter((group) => group.level === level);
    const shown = own.slice(0, own.length > MOST_ANNOTATIONS ? MOST_ANNOTATIONS - 1 : own.length);
    const left = own.slice(shown.length).reduce((sum, { findings }) => sum + findings.length, 0);
    return [
      ...shown.map((group) => annotation(group, check(group.check), noteOf, context)),
      ...(left === 0 ? [] : [command(level, { title: 'aks-egress-lint' }, more(left, level))]),
    ];
  });
}

function more(left: number, level: Level): string {
  return `And ${plural(left, `more ${level}`)}. GitHub shows ${MOST_ANNOTATIONS} annotations of a level; the other reports have all findings.`;
}

function annotation(
  group: Group,
  check: CheckDoc,
  noteOf: (finding: Finding) => string,
  context: ReportContext,
): string {
  const lines = messagesOf(group, (finding) => {
    const note = noteOf(finding);
    return [messageWithClusters(finding), ...(note === '' ? [] : [sentence(note)])].join(' ');
  });
  const many = lines.length > 1 ? [manySentence(check, group, MOST_ITEMS) ?? ''] : [];
  const text = [...many, ...lines, ...(check.url === undefined ? [] : [check.url])]
    .filter((line) => line !== '')
    .join('\n');
  return command(group.level, { title: group.check, ...placeOf(group.first.location, context) }, text);
}

/** GitHub takes columns only within one line. */
function placeOf(location: Location, context: ReportContext): Record<string, string | number> {
  const uri = context.uriOf(location.path);
  if (uri === STDIN_URI) return {};
  const { startLine, startColumn, endLine, endColumn } = location;
  return {
    file: pathOfUri(uri),
    line: startLine,
    endLine,
    ...(startLine === endLine ? { col: startColumn, endColumn } : {}),
  };
}

/** A workflow command that annotates a place, or the step where it names none. */
export function command(
  level: Level,
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${COMMAND[level]} ${list.join(',')}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** On one line that is no command: the runner still knows an old form of them, which may stand anywhere. */
export function inLog(text: string): string {
  return plainText(text).replaceAll('##[', '## [');
}
