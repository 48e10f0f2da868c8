import type { Invocation, Log } from 'sarif';
import { checksById } from './aggregate.ts';
import type { Report, ReportContext } from './report.ts';
import { MOST_RESULTS, ROOT_ID, resultsOf } from './sarif-results.ts';
import { rulesOf } from './sarif-rules.ts';
import { escapeMessage, sentence } from './sarif-text.ts';

/**
 * `--format sarif`: SARIF 2.1.0 as GitHub code scanning reads it, in one run, without times or absolute paths.
 * Suppressed findings are left out unless the context asks for them: GitHub ignores `suppressions` and would open them.
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
export function sarif(report: Report, context: ReportContext): string {
  const shown =
    context.includeSuppressed === true
      ? report.findings
      : report.findings.filter((finding) => !finding.suppressed);
  const { results, left } = resultsOf(shown, checksById(context.checks), context);
  const rules = rulesOf(context.checks);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  // In an order that the order of the files does not change.
  const notices = [...report.notices].sort();
  if (left > 0) {
    notices.push(
      `${left} findings are left out: code scanning accepts ${MOST_RESULTS} results, and the most severe are kept.`,
    );
  }
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            // Part of an alert's identity, so without the version.
            name: report.tool.name,
            informationUri: 'https://github.com/aks-egress-lint/aks-egress-lint',
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules,
          },
        },
        ...(notices.length === 0 ? {} : { invocations: [invocationOf(notices)] }),
        originalUriBaseIds: { [ROOT_ID]: { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        results: results.map(({ ruleId, ...rest }) => {
          const ruleIndex = ruleId === undefined ? undefined : indexOf.get(ruleId);
          return {
            ...(ruleId === undefined ? {} : { ruleId }),
            ...(ruleIndex === undefined ? {} : { ruleIndex }),
            ...rest,
          };
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function invocationOf(notices: readonly string[]): Invocation {
  return {
    executionSuccessful: true,
    toolExecutionNotifications: notices.map((notice) => ({
      level: 'note',
      message: { text: escapeMessage(sentence(notice)) },
    })),
  };
}
