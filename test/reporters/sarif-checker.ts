import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { computeRollingHashes } from '@microsoft/sarif';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, PhysicalLocation, ReportingDescriptor, Result, Run } from 'sarif';

/**
 * Everything that GitHub code scanning demands of a SARIF file and that can be checked without GitHub: the schema, the
 * documented limits, and the mistakes for which uploads were rejected or alerts lost.
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */

const schemaPath = '../../node_modules/@microsoft/sarif-multitool-ts/assets/sarif-2.1.0.schema.json';
// URIs are checked below, more strictly than by `format`.
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });

function schemaOf(data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null) throw new Error('The SARIF schema is no object');
  return { ...data };
}
const validate = ajv.compile<Log>(
  schemaOf(JSON.parse(readFileSync(join(import.meta.dirname, schemaPath), 'utf8'))),
);

export interface SarifCheckOptions {
  /** Text of a file by URI; regions and hashes are checked where it is known. */
  readonly textOf?: (uri: string) => string | undefined;
  /** Suppressed results are there on purpose. */
  readonly includeSuppressed?: boolean;
}

/** The problems of a SARIF file, one line each; empty where code scanning takes all of it. */
export function sarifProblems(text: string, options: SarifCheckOptions = {}): string[] {
  if (text.startsWith('\uFEFF')) return ['the file begins with a byte order mark'];
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return ['not JSON'];
  }
  if (!validate(data)) {
    return (validate.errors ?? []).map((error) => `schema: ${error.instancePath} ${error.message ?? ''}`);
  }
  const problems: string[] = [];
  if (gzipSync(text).length > 10_000_000) problems.push('more than 10 MB compressed');
  if (data.runs.length !== 1) problems.push(`${data.runs.length} runs`);
  for (const run of data.runs) problems.push(...runProblems(run, options));
  if (/"(guid|startTimeUtc|endTimeUtc|timeUtc|machine|account)"/.test(text)) {
    problems.push('something that differs between two equal scans');
  }
  return problems;
}

function runProblems(run: Run, options: SarifCheckOptions): string[] {
  const problems: string[] = [];
  const { driver } = run.tool;
  if (driver.name !== 'aks-egress-lint') problems.push(`tool name '${driver.name}'`);
  if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(driver.semanticVersion ?? ''))
    problems.push('semanticVersion is no SemVer');
  if (run.columnKind !== 'utf16CodeUnits') problems.push('columnKind is not utf16CodeUnits');
  if (run.automationDetails !== undefined) problems.push('a category of its own');
  for (const [id, root] of Object.entries(run.originalUriBaseIds ?? {})) {
    if (root.uri !== undefined) problems.push(`${id} has a URI of this machine`);
  }
  const rules = driver.rules ?? [];
  if (rules.length === 0) problems.push('no rules');
  if (rules.length > 25_000) problems.push(`${rules.length} rules`);
  const ids = rules.map((rule) => rule.id);
  if (new Set(ids).size < ids.length) problems.push('a rule twice');
  if (ids.join() !== [...ids].sort().join()) problems.push('rules are not in a fixed order');
  for (const rule of rules) problems.push(...ruleProblems(rule).map((problem) => `${rule.id}: ${problem}`));
  if (run.results === undefined) return [...problems, 'no results array'];
  if (run.results.length > 25_000) problems.push(`${run.results.length} results`);
  const hashes = new Map<string, Map<number, string>>();
  const seen = new Set<string>();
  run.results.forEach((result, index) => {
    const found = resultProblems(result, rules, hashes, options);
    const { artifactLocation, region } = result.locations?.[0]?.physicalLocation ?? {};
    const alert = [result.ruleId, artifactLocation?.uri, region?.startLine, result.suppressions?.length].join(
      ' ',
    );
    if (seen.has(alert)) found.push('another result of this rule on this line');
    seen.add(alert);
    problems.push(...found.map((problem) => `results[${index}]: ${problem}`));
  });
  return problems;
}

function ruleProblems(rule: ReportingDescriptor): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(rule.id)) problems.push('the id is not kebab-case');
  const pascal = rule.id.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
  if (rule.name !== pascal || pascal.length > 255) problems.push(`the name is not ${pascal}`);
  for (const text of [rule.shortDescription?.text ?? '', rule.fullDescription?.text ?? '']) {
    if (text.length > 1024) problems.push('a description of more than 1,024 characters');
    if (!/[.!?…]$/.test(text)) problems.push('a description without full stop');
  }
  if ((rule.help?.text ?? '') === '') problems.push('no help text');
  // An organisation's check need not have a page; built-in ones, all tagged so, have one.
  if (rule.helpUri !== undefined || rule.properties?.tags?.includes('aks') === true) {
    if (!(rule.help?.markdown ?? '').includes(rule.helpUri ?? '?')) problems.push('no link in the help');
    if (!/^https:\/\/\S+$/.test(rule.helpUri ?? '')) problems.push('helpUri is no https address');
  }
  if (rule.defaultConfiguration?.level === undefined) problems.push('no level');
  const { tags = [], ...properties } = rule.properties ?? {};
  if (tags.length > 10) problems.push(`${tags.length} tags`);
  if (new Set(tags).size < tags.length) problems.push('a tag twice');
  const precision: unknown = properties['precision'];
  if (!['very-high', 'high', 'medium', 'low'].some((known) => known === precision))
    problems.push('no precision');
  const severity: unknown = properties['security-severity'];
  const problem: unknown = properties['problem.severity'];
  if (severity === undefined) {
    if (!['error', 'warning', 'recommendation'].some((known) => known === problem))
      problems.push('no severity');
  } else {
    if (typeof severity !== 'string' || !(Number(severity) > 0 && Number(severity) <= 10)) {
      problems.push('security-severity is no number in (0, 10] written as text');
    }
    if (!tags.includes('security')) problems.push('security-severity without the tag security');
    if (problem !== undefined) problems.push('two severities');
  }
  return problems;
}

function resultProblems(
  result: Result,
  rules: readonly ReportingDescriptor[],
  hashes: Map<string, Map<number, string>>,
  options: SarifCheckOptions,
): string[] {
  const problems: string[] = [];
  if (!rules.some((rule) => rule.id === result.ruleId))
    problems.push(`ruleId '${result.ruleId ?? ''}' is no rule`);
  if (result.ruleIndex !== undefined && rules[result.ruleIndex]?.id !== result.ruleId)
    problems.push('wrong ruleIndex');
  if (result.level === undefined) problems.push('no level');
  problems.push(...messageProblems(result));
  for (const unused of ['kind', 'baselineState', 'fixes', 'rank', 'codeFlows'] as const) {
    if (result[unused] !== undefined) problems.push(`${unused}, which code scanning ignores`);
  }
  if (options.includeSuppressed === true) {
    if (result.suppressions === undefined) problems.push('no word on whether it is suppressed');
  } else if (result.suppressions !== undefined) problems.push('a suppressed result becomes an alert');

  const locations = result.locations ?? [];
  if (locations.length !== 1) problems.push(`${locations.length} locations`);
  for (const location of [...locations, ...(result.relatedLocations ?? [])]) {
    problems.push(...locationProblems(location.physicalLocation, options));
  }

  const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
  const uri = artifactLocation?.uri ?? '';
  const text = options.textOf?.(uri);
  if (!/^\S+$/.test(result.partialFingerprints?.['aksEgressLint/v1'] ?? '')) problems.push('no fingerprint');
  const hash = result.partialFingerprints?.['primaryLocationLineHash'];
  if (text !== undefined) {
    let expected = hashes.get(uri);
    if (expected === undefined) {
      expected = computeRollingHashes(text);
      hashes.set(uri, expected);
    }
    if (hash !== expected.get(region?.startLine ?? 0)) problems.push(`line hash ${hash ?? 'missing'}`);
  } else if (hash !== undefined && !/^[0-9a-f]{1,16}:\d+$/.test(hash)) problems.push(`line hash ${hash}`);
  return problems;
}

function messageProblems(result: Result): string[] {
  const problems: string[] = [];
  const text = result.message.text ?? '';
  if (text.trim() === '') problems.push('no message');
  if (!text.endsWith('.') && !/[!?…]$/.test(text)) problems.push('the message does not end a sentence');
  if (/[\n\r`]/.test(text)) problems.push('the message has line breaks or back-quotes');
  const ids = (result.relatedLocations ?? []).map((location) => location.id);
  const linked: number[] = [];
  const rest = text.replaceAll(/(?<!\\)\[((?:\\.|[^[\]\\])+)\]\((\d+)\)/g, (_link, _text, id: string) => {
    linked.push(Number(id));
    return '';
  });
  if (/(?<!\\)(\\\\)*[[\]]/.test(rest)) problems.push('a bracket that is neither link nor escaped');
  for (const id of linked) {
    if (ids.filter((other) => other === id).length !== 1) problems.push(`link (${id}) has not one location`);
  }
  for (const id of ids) {
    if (id === undefined || !linked.includes(id))
      problems.push(`related location ${id ?? '?'} is not linked`);
  }
  return problems;
}

function locationProblems(location: PhysicalLocation | undefined, options: SarifCheckOptions): string[] {
  const uri = location?.artifactLocation?.uri;
  if (uri === undefined) return ['no file'];
  const problems = uriProblem(uri).map((problem) => `${uri}: ${problem}`);
  const { startLine, startColumn, endLine, endColumn } = location?.region ?? {};
  if (
    startLine === undefined ||
    startColumn === undefined ||
    endLine === undefined ||
    endColumn === undefined
  ) {
    return [...problems, 'a region without all four numbers'];
  }
  if (endLine < startLine || (endLine === startLine && endColumn < startColumn))
    problems.push('a region backwards');
  const lines = options
    .textOf?.(uri)
    ?.replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/);
  if (lines !== undefined) {
    if (startColumn > (lines[startLine - 1]?.length ?? -1) + 1) problems.push('a region outside of the file');
    if (endColumn > (lines[endLine - 1]?.length ?? -1) + 1)
      problems.push('a region that ends outside of the file');
  }
  return problems;
}

function uriProblem(uri: string): string[] {
  if (/^[A-Za-z][\w+.-]*:/.test(uri)) return ['a URI with a scheme'];
  if (uri.startsWith('/')) return ['an absolute path'];
  if (uri.includes('\\')) return ['a backslash'];
  if (!/^(?:[\w\-.~!$&'()*+,;=@/]|%[0-9A-F]{2})+$/.test(uri)) return ['not percent-encoded'];
  if (uri.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return ['an empty or dot segment'];
  }
  return [];
}
