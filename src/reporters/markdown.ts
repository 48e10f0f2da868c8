import { LEVELS, checksById, groupsByPlace, messagesOf, notesOf } from './aggregate.ts';
import type { Group } from './aggregate.ts';
import { hasChanges, isWorse } from './comparison.ts';
import type { Comparison, OutcomeChange } from './comparison.ts';
import { OUTCOMES, countFeatures, type Counts } from './feature-counts.ts';
import { code, link, message, row, words } from './markdown-text.ts';
import { plural } from './paint.ts';
import type { CheckDoc, Finding, Level, Location, Report, ReportContext, Run } from './report.ts';
import { describeRun, nameOfRun, namesOfRuns, whyNothingWasJudged } from './run-text.ts';
import { sentence } from './sarif-text.ts';
import { verdictOf } from './verdict.ts';

/** A job summary of GitHub Actions may have 1 MiB, and steps share none of it. */
const MOST_BYTES = 900_000;
/** Rows of what a change does, before "and … more". */
const MOST_CHANGES = 50;

const MARKS = { error: '❌', warning: '⚠️', note: 'ℹ️', none: '✅' } as const;

/**
 * `--format markdown`: for job summaries and comments. The verdict, what a change does where the context compares, a table
 * of requirements by feature, and the findings by check, the most severe first. What does not fit into a job summary of
 * GitHub is counted instead of shown.
 */
export function markdown(report: Report, context: ReportContext): string {
  const { worst, found, read } = verdictOf(report);
  const head = [
    `## ${MARKS[worst]} ${words(found)}`,
    '',
    `aks-egress-lint ${words(report.tool.version)}: ${read}`,
    '',
    ...(context.comparison === undefined ? [] : changes(context.comparison, context)),
    ...section(report.runs, requirements, MOST_BYTES / 3, 'run', ['']),
  ];
  const tail = section(report.notices, (notice) => [`- ${message(notice)}`], MOST_BYTES / 9, 'notice', []);
  const room = MOST_BYTES - bytesOf([...head, ...tail]);
  const notices = tail.length === 0 ? [] : ['### Notices', '', ...tail];
  return `${[...head, ...findings(report, context, room), ...notices].join('\n').trimEnd()}\n`;
}

/** The lines of as many items as fit into so many bytes, and how many are left. */
function section<T>(
  items: readonly T[],
  linesOf: (item: T) => readonly string[],
  room: number,
  noun: string,
  end: readonly string[],
): string[] {
  const output: string[] = [];
  let used = 0;
  for (const [at, item] of items.entries()) {
    const lines = linesOf(item);
    used += bytesOf(lines);
    if (used > room)
      return [...output, `And ${plural(items.length - at, `more ${noun}`)}, which do not fit here.`, ...end];
    output.push(...lines);
  }
  return output;
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function requirements(run: Run): string[] {
  const rows = run.requirements.filter(({ applies }) => applies !== 'no');
  const title = [`### Requirements of ${message(nameOfRun(run))}`, '', words(describeRun(run)), ''];
  if (rows.length === 0) return [...title, whyNothingWasJudged(run), ''];
  const { features, total } = countFeatures(rows);
  const columns = OUTCOMES.filter((outcome) => outcome !== 'broken' || total.broken > 0);
  const cells = (counts: Counts): string[] =>
    columns.map((column) => (counts[column] === 0 ? '' : String(counts[column])));
  return [
    ...title,
    row(['feature', ...columns]),
    row(['---', ...columns.map(() => '--:')]),
    ...[...features].map(([feature, counts]) => row([words(feature), ...cells(counts)])),
    ...(features.size > 1 ? [row(['**all**', ...cells(total).map(bold)])] : []),
    '',
  ];
}

function bold(text: string): string {
  return text === '' ? '' : `**${text}**`;
}

/** What a change does to the verdicts, and which findings come and go with it. */
function changes(comparison: Comparison, context: ReportContext): string[] {
  const { base, outcomes, introduced, fixed, accepted } = comparison;
  const title = [`### What this change does, compared with ${code(base)}`, ''];
  if (!hasChanges(comparison)) {
    return [...title, 'No requirement changes its verdict, and no finding comes or goes.', ''];
  }
  const worse = outcomes.filter(isWorse);
  const lost = worse.filter(({ before }) => before !== undefined);
  const won = outcomes.filter(({ before, after }) => before !== undefined && after === 'covered');
  const added = worse.length - lost.length;
  const counts = [
    ...(lost.length > 0 ? [`${plural(lost.length, 'requirement')} no longer met`] : []),
    ...(added > 0 ? [`${plural(added, 'new requirement')} not met`] : []),
    ...(won.length > 0 ? [`${plural(won.length, 'requirement')} now met`] : []),
    ...(introduced.length > 0 ? [plural(introduced.length, 'new finding')] : []),
    ...(fixed.length > 0 ? [`${fixed.length} fixed`] : []),
    ...(accepted > 0 ? [`${accepted} now suppressed`] : []),
  ];
  return [
    ...title,
    `${bold(counts.join(', '))}${counts.length > 0 ? '.' : 'Verdicts change between those that are not met.'}`,
    '',
    ...outcomeTable([...worse, ...outcomes.filter((change) => !worse.includes(change))]),
    ...changedFindings('New findings', introduced, (location) => context.urlOf?.(location)),
    // The lines of what is fixed are not in this state of the files.
    ...changedFindings('Fixed findings', fixed, () => undefined),
  ];
}

function outcomeTable(outcomes: readonly OutcomeChange[]): string[] {
  if (outcomes.length === 0) return [];
  const several = new Set(outcomes.map(({ policy, cluster }) => `${policy}\n${cluster ?? ''}`)).size > 1;
  const shown = outcomes.slice(0, MOST_CHANGES).map((change) => {
    const { feature, destination, protocol, port, before = 'not judged', after = 'not judged' } = change;
    const where = [change.policy, ...(change.cluster === null ? [] : [change.cluster])].map(code).join(', ');
    return row([
      `${code(destination)} ${protocol} ${port}`,
      words(feature),
      ...(several ? [where] : []),
      before,
      isWorse(change) ? bold(after) : after,
    ]);
  });
  return [
    row(['requirement', 'feature', ...(several ? ['of'] : []), 'before', 'now']),
    row(['---', '---', ...(several ? ['---'] : []), '---', '---']),
    ...shown,
    ...(outcomes.length > MOST_CHANGES ? ['', `And ${outcomes.length - MOST_CHANGES} more.`] : []),
    '',
  ];
}

function changedFindings(
  title: string,
  findings: readonly Finding[],
  urlOf: (location: Location) => string | undefined,
): string[] {
  if (findings.length === 0) return [];
  const ordered = LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
  return [
    `${title}:`,
    '',
    ...ordered
      .slice(0, MOST_CHANGES)
      .map(
        ({ level, check, location, message: text }) =>
          `- ${MARKS[level]} ${words(check)}, ${where(location, urlOf(location))}: ${message(text)}`,
      ),
    ...(findings.length > MOST_CHANGES ? [`- And ${findings.length - MOST_CHANGES} more.`] : []),
    '',
  ];
}

function where(location: Location, url: string | undefined): string {
  const name = location.path === '-' ? 'standard input' : location.path;
  return link(code(`${name}:${location.startLine}`), url);
}

/** Groups of one check and level, with its advice above and at most `room` bytes for all of them. */
function findings(report: Report, context: ReportContext, room: number): string[] {
  const check = checksById(context.checks);
  const noteOf = notesOf(report);
  const groups = groupsByPlace(report.findings.filter(({ suppressed }) => !suppressed));
  if (groups.length === 0) return [];
  const output: string[] = [];
  let used = 0;
  let left = 0;
  const add = (lines: readonly string[]): void => {
    used += bytesOf(lines);
    output.push(...lines);
  };
  for (const level of LEVELS) {
    const byCheck = new Map<string, Group[]>();
    for (const group of groups.filter((one) => one.level === level)) {
      byCheck.set(group.check, [...(byCheck.get(group.check) ?? []), group]);
    }
    let levelHead = [`### ${MARKS[level]} ${titleOf(level)}`, ''];
    for (const [id, own] of byCheck) {
      const heads = [...levelHead, ...headOf(check(id))];
      let isOpen = false;
      for (const group of own) {
        const lines = item(group, noteOf, report, context);
        // A heading without an item below it would be odd, so both or neither.
        const size = bytesOf([...lines, ...(isOpen ? [] : heads)]);
        if (left > 0 || used + size > room) {
          left += group.findings.length;
          continue;
        }
        add([...(isOpen ? [] : heads), ...lines]);
        isOpen = true;
        levelHead = [];
      }
      if (isOpen) add(['']);
    }
  }
  return left === 0 ? output : [...output, `And ${plural(left, 'more finding')}, which do not fit here.`, ''];
}

function titleOf(level: Level): string {
  return `${level.charAt(0).toUpperCase()}${level.slice(1)}s`;
}

function headOf({ id, url, description, fix }: CheckDoc): string[] {
  return [
    `**${link(words(id), url)}**: ${words(sentence(description))}`,
    `<details><summary>How to fix</summary>`,
    '',
    message(fix),
    '',
    '</details>',
    '',
  ];
}

function item(
  group: Group,
  noteOf: (finding: Finding) => string,
  report: Report,
  context: ReportContext,
): string[] {
  const { location } = group.first;
  const texts = messagesOf(group, (finding) => [finding.message, noteOf(finding)].join(' ').trim());
  const place = where(location, context.urlOf?.(location));
  const about = report.runs.length > 1 ? ` (${message(namesOfRuns(group.findings, report))})` : '';
  const [only = ''] = texts;
  if (texts.length === 1) return [`- ${place}${about}: ${message(only)}`];
  return [`- ${place}${about}:`, ...texts.map((text) => `  - ${message(text)}`)];
}
