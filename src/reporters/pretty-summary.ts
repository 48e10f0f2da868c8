import type { ApplianceFormat } from '../model/format.ts';
import { plural } from './paint.ts';
import type { Paint } from './paint.ts';
import type { Report, RequirementRow, Run } from './report.ts';
import { displayWidth, padEnd, padStart, printable, wrap } from './text-layout.ts';

const VERDICTS = ['covered', 'partial', 'denied', 'missing', 'unknown'] as const;
/** Allowed but not working is a column of its own, shown only where it counts something. */
type Column = (typeof VERDICTS)[number] | 'broken';

const STYLE = {
  covered: 'green',
  partial: 'yellow',
  denied: 'red',
  missing: 'red',
  unknown: 'magenta',
  broken: 'red',
} as const satisfies Record<Column, string>;

const SOURCES_FROM = {
  flag: '--source',
  config: 'configuration',
  inferred: 'inferred from the rules',
  none: '',
} as const satisfies Record<Run['sourcesFrom'], string>;

/** What one run judged, for people: "policy 'hub', cluster 'prod'". */
export function nameOfRun(run: Run): string {
  const policy = `policy '${printable(run.policy)}'`;
  return run.cluster === null ? policy : `${policy}, cluster '${printable(run.cluster)}'`;
}

/** The requirements of one run by feature. */
export function summarizeRun(run: Run, width: number, paint: Paint): string[] {
  const rows = run.requirements.filter((row) => row.applies !== 'no');
  return [
    ...headline(run, width, paint),
    '',
    ...(rows.length === 0
      ? [
          run.sources.length === 0
            ? '  No requirement was judged: no source range of the cluster is known.'
            : '  No requirement applies.',
        ]
      : table(rows, width, paint)),
  ];
}

function headline(run: Run, width: number, paint: Paint): string[] {
  const sources =
    run.sources.length === 0
      ? 'no source found'
      : `from ${run.sources.map(printable).join(', ')} (${SOURCES_FROM[run.sourcesFrom]})`;
  const place = [run.cloud, printable(run.region)].filter((part) => part !== '').join(', ');
  return [
    paint('bold', `Requirements of ${nameOfRun(run)}`),
    ...wrap(`${place}, ${sources}`, width - 2).map((line) => `  ${paint('dim', line)}`),
  ];
}

type Counts = Record<Column, number>;

function noCounts(): Counts {
  return { covered: 0, partial: 0, denied: 0, missing: 0, unknown: 0, broken: 0 };
}

function table(rows: readonly RequirementRow[], width: number, paint: Paint): string[] {
  const byFeature = new Map<string, Counts>();
  const total = noCounts();
  for (const row of rows) {
    let counts = byFeature.get(row.feature);
    if (counts === undefined) {
      counts = noCounts();
      byFeature.set(row.feature, counts);
    }
    const column = row.verdict === 'covered' && !row.works ? 'broken' : row.verdict;
    counts[column]++;
    total[column]++;
  }
  const lines = [...byFeature];
  const first = Math.max(...lines.map(([feature]) => displayWidth(printable(feature))), 'feature'.length);
  let columns: Column[] = [...VERDICTS, ...(total.broken > 0 ? (['broken'] as const) : [])];
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

const APPLIANCES: ReadonlySet<string> = new Set<ApplianceFormat>([
  'panos-xml',
  'panos-set',
  'fortios',
  'fortios-rest',
  'checkpoint',
  'cisco-asa',
]);

function isAppliance(format: string): boolean {
  return APPLIANCES.has(format);
}

/** The last line: counts of findings, or that there are none and what that means. */
export function verdictLine(report: Report, paint: Paint): string {
  const { error, warning, note, suppressed } = report.summary;
  const rules = report.inputs.reduce((sum, input) => sum + input.rules, 0);
  // Of the exports of appliances, where anything may stand that no reader knows.
  const open = report.inputs
    .filter(({ format }) => isAppliance(format))
    .reduce((sum, input) => sum + input.unresolved, 0);
  const notRead = open === 0 ? '' : `, ${open} not understood`;
  const read = `${plural(rules, 'rule')} in ${plural(report.inputs.length, 'file')}${notRead}`;
  const hidden = suppressed > 0 ? [`${suppressed} suppressed`] : [];
  if (error + warning + note === 0) {
    const counts = coverage(report);
    const text = counts === undefined ? 'No findings' : `No findings: ${counts}`;
    const rest = paint('dim', ` (${[read, ...hidden].join(', ')})`);
    return `${paint(['green', 'bold'], '✔')} ${paint('bold', text)}${rest}`;
  }
  const [mark, style] =
    error > 0 ? (['✖', 'red'] as const) : warning > 0 ? (['▲', 'yellow'] as const) : (['●', 'blue'] as const);
  const found = [
    ...(error > 0 ? [plural(error, 'error')] : []),
    ...(warning > 0 ? [plural(warning, 'warning')] : []),
    ...(note > 0 ? [plural(note, 'note')] : []),
  ].join(', ');
  return `${paint([style, 'bold'], `${mark} ${found}`)}${paint('dim', ` (${[read, ...hidden].join(', ')})`)}`;
}

/** "all 12 requirements are covered", over every run; undefined where none was judged. */
function coverage(report: Report): string | undefined {
  const rows = report.runs.flatMap((run) => run.requirements).filter((row) => row.applies !== 'no');
  if (rows.length === 0) return undefined;
  const covered = rows.filter((row) => row.verdict === 'covered' && row.works).length;
  if (covered < rows.length) return `${covered} of ${rows.length} requirements are covered`;
  return rows.length === 1 ? 'the requirement is covered' : `all ${rows.length} requirements are covered`;
}
