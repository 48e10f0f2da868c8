import { pathOfUri } from './uri.ts';
import type { Level, Report, ReportContext } from './report.ts';
import { messageWithClusters } from './sarif-text.ts';

/** GitLab has info, minor, major, critical and blocker. */
const SEVERITY = { error: 'critical', warning: 'major', note: 'info' } as const satisfies Record<
  Level,
  string
>;

/**
 * `--format gitlab`: the Code Quality report of GitLab, one item for every finding that counts. GitLab shows an item once
 * per fingerprint, in the lines of a merge request where its path is one of the repository's.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function gitlab(report: Report, context: ReportContext): string {
  const items = report.findings
    .filter(({ suppressed }) => !suppressed)
    .map((finding) => ({
      description: messageWithClusters(finding),
      check_name: finding.check,
      fingerprint: finding.fingerprint,
      severity: SEVERITY[finding.level],
      location: {
        path: pathOfUri(context.uriOf(finding.location.path)),
        lines: { begin: finding.location.startLine, end: finding.location.endLine },
      },
    }));
  return `${JSON.stringify(items, null, 2)}\n`;
}
