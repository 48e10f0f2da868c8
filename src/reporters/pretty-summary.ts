import { OUTCOMES, countFeatures, type Counts, type Outcome } from './feature-counts.ts';
import type { Paint } from './paint.ts';
import type { Report, RequirementRow, Run } from './report.ts';
import { describeRun, nameOfRun, whyNothingWasJudged } from './run-text.ts';
import { displayWidth, padEnd, padStart, printable, wrap } from './text-layout.ts';
import { verdictOf } from './verdict.ts';

const STYLE = {
  covered: 'green',
  partial: 'yellow',
  denied: 'red',
  missing: 'red',
  unknown: 'magenta',
  broken: 'red',
} as const satisfies Record<Outcome, string>;

/** The requirements of one run by feature. */
export function summarizeRun(run: Run, width: number, paint: Paint): string[] {
  const rows = run.requirements.filter((row) => row.applies !== 'no');
  return [
    ...headline(run, width, paint),
    '',
    ...(rows.length === 0 ? [`  ${whyNothingWasJudged(run)}`] : table(rows, width, paint)),
  ];
}

function headline(run: Run, width: number, paint: Paint): string[] {
  return [
    paint('bold', `Requirements of ${nameOfRun(run)}`),
    ...wrap(describeRun(run), width - 2).map((line) => `  ${paint('dim', line)}`),
  ];
}

function table(rows: readonly RequirementRow[], width: number, paint: Paint): string[] {
  const { features, total } = countFeatures(rows);
  const lines = [...features];
  const first = Math.max(...lines.map(([feature]) => displayWidth(printable(feature))), 'feature'.length);
  let columns = OUTCOMES.filter((outcome) => outcome !== 'broken' || total.broken > 0);
  if (2 + first + columns.reduce((sum, column) => sum + column.length + 2, 0) > width) {
    columns = columns.filter((column) => column === 'covered' || total[column] > 0);
  }
  const cells = (counts: Counts): string =>
    columns
      .map((column) => {
        const count = counts[column];
        const text = padStart(count === 0 ? '-' : String(count), column.length + 2);
        return paint(count === 0 ? 'dim' : STYLE[column], text);
      })
      .join('');
  const head = padEnd('feature', first) + columns.map((column) => `  ${column}`).join('');
  return [
    `  ${paint('dim', head)}`,
    ...lines.map(([feature, counts]) => `  ${padEnd(printable(feature), first)}${cells(counts)}`),
    ...(lines.length > 1 ? [`  ${paint('bold', padEnd('all', first))}${cells(total)}`] : []),
  ];
}

const MARKS = {
  error: ['✖', 'red'],
  warning: ['▲', 'yellow'],
  note: ['●', 'blue'],
  none: ['✔', 'green'],
} as const;

/** The last line: counts of findings, or that there are none and what that means. */
export function verdictLine(report: Report, paint: Paint): string {
  const { worst, found, read } = verdictOf(report);
  const [mark, style] = MARKS[worst];
  const painted =
    worst === 'none'
      ? `${paint([style, 'bold'], mark)} ${paint('bold', found)}`
      : paint([style, 'bold'], `${mark} ${found}`);
  return `${painted}${paint('dim', ` (${read})`)}`;
}
