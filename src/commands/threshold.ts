import type { Report } from '../reporters/report.ts';

/** From which level on findings make the exit code 1. */
export const FAIL_ON = ['error', 'warning', 'note', 'unknown', 'never'] as const;

export type FailOn = (typeof FAIL_ON)[number];

/**
 * Whether the report fails the run. `unknown` fails on errors, and on any requirement that applies and that could not be
 * decided and that nobody has accepted: for pipelines that would rather stop than pass what nobody could judge.
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
      return error > 0 || hasUndecided(report);
  }
}

function hasUndecided({ runs, findings }: Report): boolean {
  const accepted = new Set(
    findings.flatMap(({ suppressed, run, requirement, item }) =>
      suppressed ? [keyOf(run, requirement ?? '', item ?? '')] : [],
    ),
  );
  return runs.some(({ requirements }, run) =>
    requirements.some(
      ({ applies, verdict, id, destination, protocol, port, isDocumentedOnly = false }) =>
        applies === 'yes' &&
        !isDocumentedOnly &&
        verdict === 'unknown' &&
        !accepted.has(keyOf(run, id, `${destination} ${protocol} ${port}`)),
    ),
  );
}

function keyOf(run: number, requirement: string, item: string): string {
  return `${run} ${requirement} ${item}`;
}
