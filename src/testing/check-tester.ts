import assert from 'node:assert/strict';
import { CHECKS, presetSettings, withCompanyChecks, type CheckSettings } from '../checks/catalogue.ts';
import type { Check, Level } from '../checks/check.ts';
import { resolveOptions } from '../checks/options.ts';
import { runChecks, type CheckResult } from '../checks/run.ts';
import { parseArguments } from '../commands/arguments.ts';
import { clustersOf } from '../commands/clusters.ts';
import { placedResults } from '../commands/findings.ts';
import { judgeFiles } from '../commands/pipeline.ts';
import { bicepFor } from '../commands/bicep.ts';
import { terraformFor } from '../commands/terraform.ts';
import { checkOf, loadCheck } from '../config/company-checks.ts';
import { loadConfig } from '../config/config.ts';
import { UsageError } from '../errors.ts';
import { locateAll } from '../locate/index.ts';
import type { TerraformFiles } from '../parsers/terraform/index.ts';
import type { InputFile } from '../parsers/index.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import { subjectWith, type TestFacts } from './right-subjects.ts';

/** What a case hands to the check: a subject by its facts, or a policy. */
export type CheckCase = FactsCase | PolicyCase;

interface CommonCase {
  /** Completes "it fires …" or "it stays silent …". */
  readonly name: string;
  /** Options of the check; those left out have their defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** recommended, strict or audit; decides the level. Default recommended for cases that fire, else audit. */
  readonly preset?: string;
  /** Day of the run, `YYYY-MM-DD`, for conditions on the age of something. */
  readonly asOf?: string;
}

/** A subject that differs in some facts and message data from one with which everything is right. */
export interface FactsCase extends CommonCase {
  readonly facts?: TestFacts;
  readonly data?: Readonly<Record<string, string>>;
}

export interface PolicyCase extends CommonCase {
  /** An ARM template, Terraform or anything else that the linter reads, as text or as data. */
  readonly policy: string | object;
  /** Name of the file that it stands in, `main.tf` for Terraform; by default `policy.json`. */
  readonly file?: string;
  /** Flags of the command line that say what is known of the cluster: `['--region', 'westeurope']`. */
  readonly flags?: readonly string[];
  /** Microsoft's list of service tags, as data. */
  readonly serviceTags?: object;
  /** What Azure lists for the cluster (az aks egress-endpoints list), as data. */
  readonly endpoints?: object;
}

/** What is left out is not compared. */
export interface ExpectedFinding {
  readonly messageId: string;
  readonly message?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly level?: Level;
  /** JSON pointer, in cases on policies. */
  readonly pointer?: string;
  /** One-based. */
  readonly line?: number;
  readonly column?: number;
}

export interface CheckCases {
  /** Cases on which the check stays silent. */
  readonly valid: readonly CheckCase[];
  /** Cases on which it fires, with all its findings in order. */
  readonly invalid: readonly (CheckCase & { readonly findings: readonly ExpectedFinding[] })[];
}

/** A built-in check by its id, a check from a file by its path, or a check as data. */
export type CheckSource = string | object;

export interface TestFramework {
  readonly describe: (name: string, define: () => void) => void;
  readonly it: (name: string, test: () => Promise<void>) => void;
}

/**
 * Tests checks, as RuleTester does for rules of ESLint: each case runs through the program itself, and each message of the
 * check must be expected by a case.
 */
export class CheckTester {
  readonly #framework: TestFramework;
  readonly #exercised = new Set<string>();

  /** @param framework `describe` and `it` of vitest, jest, mocha or node:test */
  constructor(framework: TestFramework) {
    this.#framework = framework;
  }

  /** `<check>/<messageId>` of every message that a case has expected so far. */
  get exercised(): ReadonlySet<string> {
    return this.#exercised;
  }

  /** Defines the tests of one check. */
  run(source: CheckSource, cases: CheckCases): void {
    const { describe, it } = this.#framework;
    const name = typeof source === 'string' ? source : String(new Map(Object.entries(source)).get('id'));
    describe(name, () => {
      for (const one of cases.invalid) {
        it(`fires ${one.name}`, async () => {
          await verifyCase(await checkFrom(source), one, one.findings);
          for (const { messageId } of one.findings) this.#exercised.add(`${name}/${messageId}`);
        });
      }
      for (const one of cases.valid) {
        it(`stays silent ${one.name}`, async () => {
          await verifyCase(await checkFrom(source), one, []);
        });
      }
      it('has a case for each of its messages', async () => {
        const expected = new Set(
          cases.invalid.flatMap(({ findings }) => findings.map(({ messageId }) => messageId)),
        );
        const { meta } = await checkFrom(source);
        const missing = Object.keys(meta.messages).filter((id) => !expected.has(id));
        assert.deepEqual(missing, [], `no case expects the messages ${missing.join(', ')}`);
      });
    });
  }
}

/** The messages of one check on a case, under every level of the preset audit unless the case says otherwise. */
export async function findingsOfCheck(source: CheckSource, one: CheckCase): Promise<string[]> {
  const check = await checkFrom(source);
  const settings = settingsFor(check, one, 'audit');
  const results = 'policy' in one ? await onPolicy(one, settings) : await onFacts(check, one, settings);
  return results.map(({ result }) => result.message);
}

async function checkFrom(source: CheckSource): Promise<Check> {
  if (typeof source === 'object') {
    const { check, problems } = await checkOf(structuredClone(source));
    if (check !== undefined && problems.length === 0) return check;
    const lines = problems.map(({ pointer, message }) => `${pointer}: ${message}`);
    throw new UsageError(`This is no check.\n${lines.join('\n')}`);
  }
  if (/\.(json|ya?ml)$/.test(source)) return loadCheck(source, source);
  const check = CHECKS.find(({ id }) => id === source);
  if (check !== undefined) return check;
  const hint = didYouMean(
    source,
    CHECKS.map(({ id }) => id),
  );
  throw new UsageError(`There is no built-in check '${source}', and it is no path of a check.${hint}`);
}

async function verifyCase(check: Check, one: CheckCase, expected: readonly ExpectedFinding[]): Promise<void> {
  const settings = settingsFor(check, one, expected.length > 0 ? 'recommended' : 'audit');
  const results = 'policy' in one ? await onPolicy(one, settings) : await onFacts(check, one, settings);
  const found = results.map(({ result, place }, at) => actual(result, place, expected[at]));
  assert.deepEqual(found, expected, `findings of ${check.id}`);
}

function settingsFor(check: Check, one: CheckCase, fallback: string): CheckSettings {
  const company = CHECKS.includes(check) ? [] : [check];
  const settings = presetSettings(one.preset ?? fallback, company);
  const { options, problems } = resolveOptions(check, one.options ?? {});
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`options${problem.pointer}: ${problem.message}`);
  return {
    ...settings,
    // Other checks may fire on the same policy; they are not what is tested.
    checks: withCompanyChecks(company).filter(({ id }) => id === check.id),
    options: new Map([[check.id, options]]),
    asOf: one.asOf ?? '',
  };
}

interface Placed {
  readonly result: CheckResult;
  readonly place: { readonly startLine: number; readonly startColumn: number } | undefined;
}

async function onFacts(check: Check, one: FactsCase, settings: CheckSettings): Promise<Placed[]> {
  const subject = subjectWith(check.target, one.facts, one.data, check.part);
  const results = await runChecks([subject], settings);
  return results.map((result) => ({ result, place: undefined }));
}

async function onPolicy(one: PolicyCase, settings: CheckSettings): Promise<Placed[]> {
  const path = one.file ?? 'policy.json';
  const args = await parseArguments([...(one.flags ?? []), path], { version: '', columns: 0 });
  if (args.command !== 'lint')
    throw new UsageError(`These are no flags for linting: ${one.flags?.join(' ') ?? ''}`);
  const config = await loadConfig(false, '');
  const text = typeof one.policy === 'string' ? one.policy : JSON.stringify(one.policy, null, 2);
  const files = [{ path, bytes: new TextEncoder().encode(text), named: true }];
  const { judged, sources } = await judgeFiles({
    files,
    terraform: await terraformFor(files, { folders: [], valueFiles: [] }, '', folderOf(files)),
    bicep: await bicepFor(files, { folders: [], reader: 'source' }, { cwd: '' }, folderOf(files)),
    parameters: [],
    basePolicies: [],
    serviceTags: one.serviceTags && dataFile('service-tags.json', one.serviceTags),
    endpointLists: one.endpoints && [{ file: dataFile('endpoints.json', one.endpoints) }],
    clusters: (...of) => clustersOf(args, config, ...of),
    select: (policies) => policies,
    declared: [],
    acceptAddressFor: [],
    privateNames: [],
    asOf: one.asOf,
    all: false,
  });
  const results = (await placedResults(judged, { at: () => settings, variants: () => [settings] })).map(
    ({ result }) => result,
  );
  const places = locateAll(
    sources,
    results.map(({ subject }) => subject.place),
  );
  return results
    .map((result, at) => ({ result, place: places[at] }))
    .sort(
      (a, b) =>
        (a.place?.startLine ?? 0) - (b.place?.startLine ?? 0) ||
        (a.place?.startColumn ?? 0) - (b.place?.startColumn ?? 0),
    );
}

function dataFile(path: string, data: object): InputFile {
  return { path, bytes: new TextEncoder().encode(JSON.stringify(data, null, 2)), named: true };
}

/** Configurations see the files of the case and nothing else. */
function folderOf(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): TerraformFiles {
  return {
    read: (path) => files.find((file) => file.path === path)?.bytes,
    list: (folder) =>
      folder === '.' ? files.map(({ path }) => ({ name: path, isFolder: false })) : undefined,
    real: (path) => `/${path}`,
    repository: () => '/',
  };
}

/** A finding with the members that are expected of it; of data those names alone. */
function actual(
  { messageId, message, level, data, subject }: CheckResult,
  place: Placed['place'],
  expected: ExpectedFinding | undefined,
): ExpectedFinding {
  if (expected === undefined) return { messageId, message, level };
  const names = Object.keys(expected.data ?? {});
  return {
    messageId,
    ...(expected.message === undefined ? {} : { message }),
    ...(expected.level === undefined ? {} : { level }),
    ...(expected.data === undefined
      ? {}
      : { data: Object.fromEntries(names.map((name) => [name, data[name] ?? ''])) }),
    ...(expected.pointer === undefined ? {} : { pointer: subject.place.pointer }),
    ...(expected.line === undefined ? {} : { line: place?.startLine ?? 0 }),
    ...(expected.column === undefined ? {} : { column: place?.startColumn ?? 0 }),
  };
}
