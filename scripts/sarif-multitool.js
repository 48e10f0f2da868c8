// @ts-check
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './bundle-parts.js';

/**
 * `npm run sarif:multitool`: asks Microsoft's validator of SARIF, with its rules for GitHub, about what the program writes.
 * Not a part of `npm test`: it is a program of a hundred megabytes, which this installs into a temporary folder. Linux only.
 *
 * Two traps make it no replacement for the schema: its exit code says nothing, so its own report is read; and it says
 * nothing at all of some files that the schema refuses.
 */
const PACKAGE = '@microsoft/sarif-multitool-linux';
const VERSION = '5.7.0';

/** Rules for GitHub, off by default. The limits of GH1004 are not those that GitHub has today. */
const ON = ['GH1001', 'GH1002', 'GH1003', 'GH1005', 'GH1006', 'GH1007'];
/**
 * Asks for messages by id, which GitHub does not resolve; for facts of a repository, which would differ from run to run; for
 * the network; for snippets and hashes of files, which code scanning ignores.
 */
const OFF = ['SARIF2002', 'SARIF2003', 'SARIF2006', 'SARIF2010', 'SARIF2011'];

const INPUTS = [
  ['fixtures/sample/hub-firewall-policy.json'],
  ['fixtures/cli/all-that-aks-needs.json'],
  ['fixtures/reports/sources/hub-policy.json'],
  ['fixtures/terraform/equivalent/source'],
];

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-multitool-'));
try {
  run(
    'npm',
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    `${PACKAGE}@${VERSION}`,
  );
  const tool = join(folder, 'node_modules', PACKAGE, 'Sarif.Multitool');
  chmodSync(tool, 0o755);
  const config = join(folder, 'rules.xml');
  run(tool, 'export-validation-config', config);
  writeFileSync(config, withRules(readFileSync(config, 'utf8')));
  let problems = 0;
  for (const [index, input] of INPUTS.entries()) {
    const sarif = join(folder, `${index}.sarif`);
    const report = join(folder, `${index}.report.sarif`);
    run(
      process.execPath,
      inRoot('dist/cli.js'),
      ...input,
      '--no-config',
      '--fail-on',
      'never',
      '--quiet',
      '--output',
      `sarif=${sarif}`,
    );
    spawnSync(
      tool,
      [
        'validate',
        sarif,
        '-c',
        config,
        '--rule-kind',
        'Sarif;Ghas',
        '--level',
        'Error;Warning',
        '-o',
        report,
        '--log',
        'ForceOverwrite',
      ],
      { stdio: 'ignore' },
    );
    const found = problemsIn(report);
    problems += found.length;
    console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${input.join(' ')}`);
    for (const one of found) console.log(`     ${one}`);
  }
  process.exitCode = problems === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} command @param {readonly string[]} args */
function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: inRoot('.'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

/** @param {string} xml */
function withRules(xml) {
  let text = xml;
  for (const [ids, level] of /** @type {const} */ ([
    [ON, 'Error'],
    [OFF, 'Disabled'],
  ])) {
    for (const id of ids) {
      const changed = text.replace(
        new RegExp(`(Key="${id}[^]*?Key="RuleEnabled" Value=")[^"]*`),
        `$1${level}`,
      );
      if (changed === text && !text.includes(id)) throw new Error(`${PACKAGE} has no rule ${id}`);
      text = changed;
    }
  }
  return text;
}

/** @param {string} path @returns {string[]} */
function problemsIn(path) {
  /** @type {unknown} */
  const log = JSON.parse(readFileSync(path, 'utf8'));
  const { runs } = /** @type {import('sarif').Log} */ (log);
  return runs.flatMap(({ results = [] }) =>
    results.map(
      ({ ruleId = '', level = 'warning', message }) =>
        `${level} ${ruleId}: ${message.text ?? message.arguments?.join(' ') ?? ''}`,
    ),
  );
}
