import { APPLIANCE_FORMATS } from '../model/format.ts';
import { plural } from './paint.ts';
import type { Level, Report } from './report.ts';

/** A report in one line. */
export interface ReportVerdict {
  readonly worst: Level | 'none';
  /** "4 errors, 1 note", or "No findings: all 12 requirements are covered" */
  readonly found: string;
  /** "12 rules in 1 file, 3 not understood, 2 suppressed" */
  readonly read: string;
}

const APPLIANCES: ReadonlySet<string> = new Set(APPLIANCE_FORMATS);

function isAppliance(format: string): boolean {
  return APPLIANCES.has(format);
}

export function verdictOf(report: Report): ReportVerdict {
  const { error, warning, note, suppressed } = report.summary;
  const rules = report.inputs.reduce((sum, input) => sum + input.rules, 0);
  // Of the exports of appliances, where anything may stand that no reader knows.
  const open = report.inputs
    .filter(({ format }) => isAppliance(format))
    .reduce((sum, input) => sum + input.unresolved, 0);
  const read = [
    `${plural(rules, 'rule')} in ${plural(report.inputs.length, 'file')}`,
    ...(open > 0 ? [`${open} not understood`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ].join(', ');
  if (error + warning + note === 0) {
    const counts = coverage(report);
    return { worst: 'none', found: counts === undefined ? 'No findings' : `No findings: ${counts}`, read };
  }
  const found = [
    ...(error > 0 ? [plural(error, 'error')] : []),
    ...(warning > 0 ? [plural(warning, 'warning')] : []),
    ...(note > 0 ? [plural(note, 'note')] : []),
  ].join(', ');
  return { worst: error > 0 ? 'error' : warning > 0 ? 'warning' : 'note', found, read };
}

/** "all 12 requirements are covered", over every run; undefined where none was judged. */
function coverage(report: Report): string | undefined {
  const rows = report.runs.flatMap((run) => run.requirements).filter((row) => row.applies !== 'no');
  if (rows.length === 0) return undefined;
  const covered = rows.filter((row) => row.verdict === 'covered' && row.works).length;
  if (covered < rows.length) return `${covered} of ${rows.length} requirements are covered`;
  return rows.length === 1 ? 'the requirement is covered' : `all ${rows.length} requirements are covered`;
}
