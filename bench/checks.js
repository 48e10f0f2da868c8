// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { dataPlugin } from '../scripts/data-plugin.js';
import { generatePolicy } from './policy.js';

/**
 * `npm run bench:checks [rules]`: CPU time that checks take beyond coverage, for all built-in checks in a fresh process
 * state (json-rules-engine loaded and its engines made), and for one check on an open fact. Coverage is done before.
 */
const rules = Number(process.argv[2] ?? 5000);
const OPEN = [
  { fact: 'host', operator: 'fqdnMatches', value: ['*.blob.core.windows.net', '*.contoso.com'] },
  { fact: 'rule', path: '$.description', operator: 'textMatches', value: '*CHG-####*' },
  { fact: 'sources', operator: 'cidrWithin', value: ['10.240.0.0/16', '192.168.0.0/16'] },
  { fact: 'ports', operator: 'portsWithin', value: [443, '8000-8100'] },
  { fact: 'tags', operator: 'hasTag', value: 'AzureCloud' },
];
const LIMITS = { builtIn: 60, open: 20 };

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-bench-'));
try {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const entry = join(folder, 'entry.ts');
  const source = (/** @type {string} */ path) => JSON.stringify(join(root, 'src', path));
  writeFileSync(
    entry,
    [
      `export { parseArguments } from ${source('commands/arguments.ts')};`,
      `export { clustersOf } from ${source('commands/clusters.ts')};`,
      `export { judgeFiles } from ${source('commands/pipeline.ts')};`,
      `export { loadConfig } from ${source('config/config.ts')};`,
      `export { presetSettings } from ${source('checks/catalogue.ts')};`,
      `export { checkOf } from ${source('config/company-checks.ts')};`,
      `export { runChecks } from ${source('checks/run.ts')};`,
    ].join('\n'),
  );
  const bundle = await rolldown({
    input: entry,
    cwd: root,
    platform: 'node',
    plugins: [dataPlugin()],
    logLevel: 'silent',
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'bench.mjs' });
  /** @type {unknown} */
  const program = await import(String(pathToFileURL(join(folder, 'bench.mjs'))));
  await measure(/** @type {Program} */ (program));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @typedef {object} Program
 * @property {typeof import('../src/commands/arguments.ts').parseArguments} parseArguments
 * @property {typeof import('../src/commands/clusters.ts').clustersOf} clustersOf
 * @property {typeof import('../src/commands/pipeline.ts').judgeFiles} judgeFiles
 * @property {typeof import('../src/config/config.ts').loadConfig} loadConfig
 * @property {typeof import('../src/checks/catalogue.ts').presetSettings} presetSettings
 * @property {typeof import('../src/config/company-checks.ts').checkOf} checkOf
 * @property {typeof import('../src/checks/run.ts').runChecks} runChecks
 *
 * @param {Program} program
 */
async function measure(program) {
  const args = await program.parseArguments(['--source', '10.0.0.0/8', 'policy.json'], {
    version: '',
    columns: 0,
  });
  if (args.command !== 'lint') throw new Error('no lint');
  const config = await program.loadConfig(false, '');
  const settings = program.presetSettings('audit');
  const { judged } = await program.judgeFiles({
    files: [{ path: 'policy.json', bytes: new TextEncoder().encode(generatePolicy(rules)), named: true }],
    parameters: [],
    basePolicies: [],
    clusters: (hint, found) => program.clustersOf(args, config, hint, found),
    select: (policies) => policies,
    declared: [],
    acceptAddressFor: [],
    privateNames: [],
    asOf: undefined,
    all: false,
  });
  const subjects = judged.flatMap(({ judgement }) => [
    ...judgement.runs.flatMap((run) => run.subjects),
    ...judgement.subjects,
  ]);
  const entries = subjects.filter(({ target }) => target === 'entry').length;
  console.log(`Node ${process.version}, ${subjects.length} subjects, ${entries} of them entries`);

  // Once on few subjects, as V8 has not compiled anything yet and json-rules-engine is loaded then.
  await program.runChecks(subjects.slice(0, 500), { ...settings });
  report(
    'all built-in checks',
    await cpuTime(() => program.runChecks(subjects, { ...settings })),
    LIMITS.builtIn,
  );
  for (const conditions of OPEN) {
    const { check, problems } = await program.checkOf(companyCheck(conditions));
    if (check === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
    const one = { ...settings, checks: [check] };
    const { operator } = conditions;
    report(
      `a check with ${operator}`,
      await cpuTime(() => program.runChecks(subjects, { ...one })),
      LIMITS.open,
    );
  }
}

/** @param {object} condition */
function companyCheck(condition) {
  return {
    id: 'bench-check',
    target: 'entry',
    meta: {
      docs: { description: 'Bench.', rationale: 'Bench.', fix: 'Bench.' },
      messages: { one: 'Rule {{rule}} has {{destination}}.' },
    },
    cases: [{ messageId: 'one', conditions: { all: [condition] } }],
  };
}

/** Milliseconds of user and system time: the median of some runs. @param {() => Promise<unknown>} run */
async function cpuTime(run) {
  const times = [];
  for (let at = 0; at < 7; at += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[3] ?? NaN;
}

/** @param {string} what @param {number} time @param {number} limit */
function report(what, time, limit) {
  console.log(`${what}: ${time.toFixed(1)} ms of CPU time (limit ${limit})`);
  if (time > limit) process.exitCode = 1;
}
