import type {
  Finding,
  Location,
  Report,
  ReportFact,
  ReportOrigin,
  RequirementRow,
  Run,
  Suppression,
} from './report.ts';

/** `--format json`: the contract of schemas/report.schema.json, keys always in the order written here. */
export function json(report: Report): string {
  const document = {
    schemaVersion: report.schemaVersion,
    tool: { name: report.tool.name, version: report.tool.version },
    inputs: report.inputs.map(({ path, format, rules, unresolved }) => ({ path, format, rules, unresolved })),
    runs: report.runs.map(runOf),
    summary: {
      error: report.summary.error,
      warning: report.summary.warning,
      note: report.summary.note,
      suppressed: report.summary.suppressed,
    },
    findings: report.findings.map(findingOf),
    notices: [...report.notices],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function runOf(run: Run): Run {
  return {
    policy: run.policy,
    cluster: run.cluster,
    cloud: run.cloud,
    sources: [...run.sources],
    sourcesFrom: run.sourcesFrom,
    region: run.region,
    profile: Object.fromEntries(
      Object.entries(run.profile)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, fact]) => [name, factOf(fact)]),
    ),
    summary: {
      covered: run.summary.covered,
      partial: run.summary.partial,
      denied: run.summary.denied,
      missing: run.summary.missing,
      unknown: run.summary.unknown,
    },
    requirements: run.requirements.map(requirementOf),
  };
}

function factOf({ members, ...fact }: ReportFact): ReportFact {
  if (members === undefined) return withOrigin(fact);
  const each = Object.entries(members).map(([name, member]) => [name, withOrigin(member)] as const);
  return { ...withOrigin(fact), members: Object.fromEntries(each) };
}

function withOrigin<V>({ value, from, path, pointer }: ReportOrigin & { readonly value: V }): ReportOrigin & {
  readonly value: V;
} {
  return {
    value,
    from,
    ...(path === undefined ? {} : { path }),
    ...(pointer === undefined ? {} : { pointer }),
  };
}

function requirementOf(row: RequirementRow): RequirementRow {
  return {
    id: row.id,
    ...(row.row === undefined ? {} : { row: row.row }),
    feature: row.feature,
    necessity: row.necessity,
    applies: row.applies,
    destination: row.destination,
    protocol: row.protocol,
    port: row.port,
    verdict: row.verdict,
    works: row.works,
    how: row.how,
    coveredBy: [...row.coveredBy],
    ...(row.leftOut === undefined ? {} : { leftOut: [...row.leftOut] }),
    note: row.note,
  };
}

function findingOf(finding: Finding): Finding {
  return {
    check: finding.check,
    level: finding.level,
    message: finding.message,
    run: finding.run,
    ...(finding.clusters === undefined ? {} : { clusters: [...finding.clusters] }),
    requirement: finding.requirement,
    entry: finding.entry,
    location: locationOf(finding.location),
    related: finding.related.map(({ text, location }) => ({ text, location: locationOf(location) })),
    fingerprint: finding.fingerprint,
    suppressed: finding.suppressed,
    ...(finding.suppression === undefined ? {} : { suppression: suppressionOf(finding.suppression) }),
  };
}

function suppressionOf({ kind, reason, until }: Suppression): Suppression {
  return { kind, reason, ...(until === undefined ? {} : { until }) };
}

function locationOf(location: Location): Location {
  return {
    path: location.path,
    pointer: location.pointer,
    startLine: location.startLine,
    startColumn: location.startColumn,
    endLine: location.endLine,
    endColumn: location.endColumn,
    ...(location.address === undefined ? {} : { address: location.address }),
  };
}
