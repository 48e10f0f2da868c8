import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { run } from '../../src/commands/run.ts';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { cpuTimeOf } from '../cpu-time.ts';
import { EXPECTATIONS } from './expectations.ts';
import type { ExpectedFinding, Variant } from './expectations/expectation.ts';

/** Real configurations of public repositories, which lie beside the project and are not part of it. */
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const CORPUS = join(PROJECT, '../shared/corpus');
const FOLDERS = ['arm-json', 'bicep-compiled'];

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpu: number;
}

describe.skipIf(!existsSync(CORPUS))('the corpus of real configurations', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'aks-egress-lint-corpus-'));
  // The first run of a process loads the program; the others show what a file costs.
  beforeAll(() => lint(EXPECTATIONS[0]?.file ?? '', { name: '', exit: 0 }, scratch));
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  it('has an expectation for every ARM template and compiled Bicep file', () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(join(CORPUS, folder)).map((name) => `${folder}/${name}`),
    );
    expect(EXPECTATIONS.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  for (const { file, variants } of EXPECTATIONS) {
    describe(basename(file, '.json'), () => {
      for (const variant of variants) {
        it(variant.name, async () => {
          const outcome = await lint(file, variant, scratch);
          expect(outcome.stderr).not.toContain('defect');
          expect(outcome.cpu).toBeLessThan(2000);
          if (variant.says !== undefined) expect(outcome.stderr).toMatch(variant.says);
          expect({ exit: outcome.exit, stderr: outcome.exit > 1 ? '' : outcome.stderr }).toEqual({
            exit: variant.exit,
            stderr: outcome.exit > 1 ? '' : outcome.stderr,
          });
          if (outcome.exit > 1) return;
          const report = reportOf(outcome.stdout);
          compare(report, variant);
          expect(report.findings.filter(({ location }) => !exists(location)).map(show)).toEqual([]);
        });
      }
    });
  }
});

/** Lints one file of the corpus in this process, as the command line would. */
async function lint(file: string, variant: Variant, scratch: string): Promise<Outcome> {
  const original = join(CORPUS, file);
  const flags = ['--no-config', '--format', 'json', ...(variant.flags ?? [])];
  let input = original;
  if (variant.edit !== undefined) {
    const before = readFileSync(original, 'utf8');
    const after = variant.edit(before);
    expect(after).not.toBe(before);
    input = join(scratch, basename(file));
    writeFileSync(input, after);
  }
  if (variant.template !== undefined) {
    flags.push('--parameters', original);
    input = join(PROJECT, variant.template);
  }
  if (variant.parameterFile !== undefined) flags.push('--parameters', join(CORPUS, variant.parameterFile));
  if (variant.parameters !== undefined) {
    const path = join(scratch, `${basename(file, '.json')}.parameters.json`);
    const parameters = Object.entries(variant.parameters).map(([name, value]) => [name, { value }] as const);
    writeFileSync(path, JSON.stringify({ parameters: Object.fromEntries(parameters) }));
    flags.push('--parameters', path);
  }
  const written = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr'): Io['stdout'] => ({
    isTerminal: false,
    columns: 0,
    write(text) {
      written[stream] += text;
    },
  });
  let exit = NaN;
  const cpu = await cpuTimeOf(async () => {
    exit = await run([input, ...flags], {
      cwd: PROJECT,
      env: {},
      stdout: output('stdout'),
      stderr: output('stderr'),
      today: '2026-01-31',
      readStdin: () => new Uint8Array(),
    });
  });
  return { exit, ...written, cpu };
}

function reportOf(text: string): Report {
  const report: unknown = JSON.parse(text);
  if (!isReport(report)) throw new Error('no report');
  return report;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'findings' in value && 'runs' in value;
}

function compare(report: Report, variant: Variant): void {
  const [first] = report.runs;
  if (variant.sources !== undefined) {
    expect(report.runs.map((one) => one.sources)).toEqual([variant.sources]);
    if (variant.sources.length === 0) expect(first?.requirements).toEqual([]);
  }
  if (variant.region !== undefined) expect(first?.region).toBe(variant.region);
  if (variant.cloud !== undefined) expect(first?.cloud).toBe(variant.cloud);
  expect(verdictsIn(report, variant.verdicts ?? {})).toEqual(variant.verdicts ?? {});
  expectExactly(report, 'error', variant.errors ?? []);
  if (variant.warnings !== undefined) expectExactly(report, 'warning', variant.warnings);
  const absent = (variant.among ?? []).filter((one) => !report.findings.some((found) => fits(found, one)));
  expect(absent.map((one) => ({ ...one, near: nearby(report, one) }))).toEqual([]);
  const wrong = (variant.never ?? []).flatMap((one) => report.findings.filter((found) => fits(found, one)));
  expect(wrong.map(show)).toEqual([]);
}

/** Does the place exist? True for files that JSON.parse does not read. */
function exists({ path, pointer }: Finding['location']): boolean {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(PROJECT, path), 'utf8'));
  } catch {
    return true;
  }
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    value = Reflect.get(value, name);
  }
  return true;
}

/** The verdicts for the keys that the expectation names; several where rows of one destination disagree. */
function verdictsIn(report: Report, wanted: NonNullable<Variant['verdicts']>): Record<string, string> {
  const rows = report.runs.flatMap((one) => one.requirements);
  return Object.fromEntries(
    Object.keys(wanted).map((key) => {
      const found = rows.filter((row) =>
        key.startsWith('id:')
          ? row.id === key.slice(3)
          : key === `${row.destination} ${row.protocol} ${row.port}` ||
            `${key} HTTPS 443` === `${row.destination} ${row.protocol} ${row.port}`,
      );
      return [key, [...new Set(found.map((row) => row.verdict))].join(' and ') || 'no such row'];
    }),
  );
}

/** Each expected finding stands for exactly one found, and none is left over. */
function expectExactly(report: Report, level: Finding['level'], expected: readonly ExpectedFinding[]): void {
  const left = report.findings.filter((found) => found.level === level);
  const absent = expected.filter((one) => {
    const at = left.findIndex((found) => fits(found, one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  expect({ absent, unexpected: left.map(show) }).toEqual({ absent: [], unexpected: [] });
}

function fits(found: Finding, { check, what, at }: Partial<ExpectedFinding>): boolean {
  if (
    check !== undefined &&
    !(typeof check === 'string' ? check === found.check : check.includes(found.check))
  )
    return false;
  if (at !== undefined && !found.location.pointer.startsWith(at)) return false;
  if (what === undefined) return true;
  return typeof what === 'string' ? found.message.includes(`'${what}'`) : what.test(found.message);
}

/** What the report says of the same thing, to show in a failure. */
function nearby(report: Report, { what }: ExpectedFinding): string[] {
  return report.findings.filter((found) => fits(found, { what })).map(show);
}

function show({ level, check, message, location }: Finding): string {
  return `${level} ${check} ${location.pointer}: ${message}`;
}
