import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type {
  CheckDoc,
  Drawing,
  Finding,
  Location,
  Report,
  ReportContext,
} from '../../src/reporters/report.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'fixtures/reports');

export function readText(...path: string[]): string {
  return readFileSync(join(FOLDER, ...path), 'utf8');
}

function isSchema(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function readSchema(path: string): Record<string, unknown> {
  const schema: unknown = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  if (!isSchema(schema)) throw new Error(`${path} is no schema`);
  return schema;
}

const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  readSchema('schemas/report.schema.json'),
);

/** What the report schema has against the text of a JSON report. */
export function schemaProblems(text: string): string[] {
  const data: unknown = JSON.parse(text);
  if (validate(data)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** Fixtures are reports as reporters get them: what the JSON shows, and `item`. */
function assertReport(data: unknown): asserts data is Report {
  const shown = JSON.stringify(data, (key, value: unknown) => (key === 'item' ? undefined : value));
  const problems = schemaProblems(shown);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

export function loadReport(name: string): Report {
  const data: unknown = JSON.parse(readText(`${name}.json`));
  assertReport(data);
  return data;
}

/** With what the drawings of the report show. */
export function withDrawing(name: string): Report {
  return { ...loadReport(name), drawing: JSON.parse(readText(`${name}.drawing.json`)) as Drawing };
}

function isCheckList(data: unknown): data is CheckDoc[] {
  return Array.isArray(data) && data.every((item) => isSchema(item) && typeof item['many'] === 'string');
}

export function loadChecks(): CheckDoc[] {
  const data: unknown = JSON.parse(readText('checks.json'));
  if (!isCheckList(data)) throw new Error('checks.json holds no checks');
  return data;
}

/** Sources of the fixtures: `infra/<name>` is `fixtures/reports/sources/<name>`. */
export function sourceText(path: string): string | undefined {
  return path === 'infra/hub-policy.json' || path === 'infra/ip-groups.json'
    ? readText('sources', path.slice('infra/'.length))
    : undefined;
}

export function contextWith(changes: Partial<ReportContext> = {}): ReportContext {
  return {
    textOf: sourceText,
    uriOf: (path) => (path === '-' ? 'stdin' : path),
    checks: loadChecks(),
    color: false,
    width: 100,
    ...changes,
  };
}

export function at(path: string, startLine: number, startColumn = 1, endColumn = startColumn + 1): Location {
  return { path, pointer: '', startLine, startColumn, endLine: startLine, endColumn };
}

export function findingAt(location: Location, changes: Partial<Finding> = {}): Finding {
  return {
    check: 'missing-required',
    level: 'error',
    message: 'Nothing allows it.',
    run: 0,
    requirement: null,
    entry: null,
    location,
    related: [],
    fingerprint: 'f',
    suppressed: false,
    ...changes,
  };
}

/** A report of these findings, with a summary that counts them. */
export function reportOf(findings: readonly Finding[], changes: Partial<Report> = {}): Report {
  const count = (level: string): number =>
    findings.filter((finding) => finding.level === level && !finding.suppressed).length;
  return {
    schemaVersion: 1,
    tool: { name: 'aks-egress-lint', version: '1.2.3' },
    inputs: [...new Set(findings.map((finding) => finding.location.path))].map((path) => ({
      path,
      format: 'arm-template',
      rules: 1,
      unresolved: 0,
    })),
    runs: [],
    summary: {
      error: count('error'),
      warning: count('warning'),
      note: count('note'),
      suppressed: findings.filter((finding) => finding.suppressed).length,
    },
    findings,
    notices: [],
    ...changes,
  };
}
