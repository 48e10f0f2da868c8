import type { ReportingDescriptor } from 'sarif';
import type { CheckDoc, Level } from './report.ts';
import { LONGEST_DESCRIPTION, limit, plainText, sentence } from './sarif-text.ts';

/** GitHub keeps ten tags and rejects a file with more than twenty. */
const MOST_TAGS = 10;

const PROBLEM_SEVERITY: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'recommendation',
};

/**
 * One rule for every enabled check, ordered by id: the list must not depend on the results, or GitHub takes a clean run
 * for another tool. The texts are those of the check alone, since GitHub stores them once per rule.
 */
export function rulesOf(checks: readonly CheckDoc[]): ReportingDescriptor[] {
  return [...checks].sort((a, b) => (a.id < b.id ? -1 : 1)).map(ruleOf);
}

function ruleOf(check: CheckDoc): ReportingDescriptor {
  const description = sentence(check.description);
  const { url } = check;
  return {
    id: check.id,
    name: check.name,
    shortDescription: { text: limit(description, LONGEST_DESCRIPTION) },
    fullDescription: { text: limit(`${description} ${sentence(check.rationale)}`, LONGEST_DESCRIPTION) },
    help: {
      text: plainText(
        `${sentence(check.rationale)} How to fix: ${sentence(check.fix)}${url === undefined ? '' : ` Documentation: ${url}`}`,
      ),
      markdown: [
        `**${description}**`,
        check.rationale,
        `**How to fix.** ${check.fix}`,
        ...(url === undefined ? [] : [`[Documentation of ${check.id}](${url})`]),
      ].join('\n\n'),
    },
    ...(url === undefined ? {} : { helpUri: url }),
    defaultConfiguration: { level: check.defaultLevel },
    properties: propertiesOf(check),
  };
}

/** `security-severity` counts only with the tag `security`; without it a rule has `problem.severity`. */
function propertiesOf(check: CheckDoc): Record<string, unknown> {
  const exposure = check.securitySeverity !== undefined;
  const tags = [...new Set([...(exposure ? ['security'] : []), ...check.tags])].slice(0, MOST_TAGS);
  return {
    tags,
    precision: check.precision,
    ...(exposure
      ? { 'security-severity': check.securitySeverity }
      : { 'problem.severity': PROBLEM_SEVERITY[check.defaultLevel] }),
  };
}
