import { runsOf } from './aggregate.ts';
import type { Finding, Report, Run } from './report.ts';
import { printable } from './text-layout.ts';

/** What one run judged, in words for people. */

const SOURCES_FROM = {
  flag: '--source',
  config: 'configuration',
  inferred: 'inferred from the rules',
  none: '',
} as const satisfies Record<Run['sourcesFrom'], string>;

/** "policy 'hub', cluster 'prod'" */
export function nameOfRun(run: Run): string {
  const policy = `policy '${printable(run.policy)}'`;
  return run.cluster === null ? policy : `${policy}, cluster '${printable(run.cluster)}'`;
}

/** "AzureCloud, westeurope, from 10.240.0.0/22 (inferred from the rules)" */
export function describeRun(run: Run): string {
  const sources =
    run.sources.length === 0
      ? 'no source found'
      : `from ${run.sources.map(printable).join(', ')} (${SOURCES_FROM[run.sourcesFrom]})`;
  const place = [run.cloud, printable(run.region)].filter((part) => part !== '').join(', ');
  return `${place}, ${sources}`;
}

/** For a run without requirements. */
export function whyNothingWasJudged(run: Run): string {
  return run.sources.length === 0
    ? 'No requirement was judged: no source range of the cluster is known.'
    : 'No requirement applies.';
}

/** Which runs findings are about: "policy 'hub', cluster 'prod'; policy 'hub', cluster 'test'", or "every run". */
export function namesOfRuns(findings: readonly Finding[], report: Report): string {
  const runs = new Set(findings.flatMap((finding) => runsOf(finding, report)));
  if (runs.size === report.runs.length) return 'every run';
  return [...runs]
    .sort((a, b) => a - b)
    .flatMap((index) => report.runs[index] ?? [])
    .map(nameOfRun)
    .join('; ');
}
