import type { Report, Run } from '../reporters/report.ts';

/** From which level on findings make the exit code 1. */
export const FAIL_ON = ['error', 'warning', 'note', 'unknown', 'never'] as const;

export type FailOn = (typeof FAIL_ON)[number];

/**
 * Whether the report fails the run. `unknown` fails on errors, and on any requirement that applies and that could not be
 * decided: for pipelines that would rather stop than pass what nobody could judge.
 */
export function fails(report: Report, failOn: FailOn): boolean {
  const { error, warning, note } = report.summary;
  switch (failOn) {
    case 'never':
      return false;
    case 'error':
      return error > 0;
    case 'warning':
      return error + warning > 0;
    case 'note':
      return error + warning + note > 0;
    case 'unknown':
      return error > 0 || report.runs.some(hasUndecided);
  }
}

function hasUndecided(run: Run): boolean {
  return run.requirements.some((row) => row.applies === 'yes' && row.verdict === 'unknown');
}
