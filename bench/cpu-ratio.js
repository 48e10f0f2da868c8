// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatePolicy } from './policy.js';

/**
 * `npm run bench [rules] [pairs]`: what a cold run costs, as a ratio of CPU times, since wall time on a busy machine says
 * little. Each pair is one run of the built program on a generated policy with SARIF written, and one run of Node that
 * only reads and parses the same file; the pairs alternate, so that both halves see the same machine. Printed is the
 * median ratio. CPU time is user and system time of the whole process, Node's own start included; each process reports
 * it itself at its end (report-cpu-time.cjs), in both halves alike.
 */
const rules = Number(process.argv[2] ?? 1000);
const pairs = Number(process.argv[3] ?? 15);
const LIMIT = 2.5;

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-bench-'));
try {
  const policy = join(folder, 'policy.json');
  const text = generatePolicy(rules);
  writeFileSync(policy, text);
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const lint = [
    cli,
    policy,
    '--no-config',
    '--fail-on',
    'never',
    '--output',
    `sarif=${join(folder, 'egress.sarif')}`,
  ];
  const parse = ['-e', `JSON.parse(require("fs").readFileSync(${JSON.stringify(policy)}, "utf8"))`];

  // Once unmeasured, so that the file caches are warm for both.
  cpuTime(parse);
  cpuTime(lint);
  const measured = Array.from({ length: pairs }, () => ({ parse: cpuTime(parse), lint: cpuTime(lint) }));
  const ratio = median(measured.map((pair) => pair.lint / pair.parse));
  const ms = (/** @type {'parse' | 'lint'} */ half) =>
    (median(measured.map((pair) => pair[half])) / 1000).toFixed(0);
  console.log(
    `Node ${process.version}, ${rules} rules, ${(text.length / 1e6).toFixed(2)} MB, ${pairs} pairs: ` +
      `lint ${ms('lint')} ms, JSON.parse ${ms('parse')} ms of CPU time`,
  );
  console.log(`ratio ${ratio.toFixed(2)} (limit ${LIMIT})`);
  process.exitCode = ratio <= LIMIT ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {readonly string[]} args @returns {number} microseconds */
function cpuTime(args) {
  const preload = fileURLToPath(new URL('report-cpu-time.cjs', import.meta.url));
  const { status, stderr, output } = spawnSync(process.execPath, ['-r', preload, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stderr}`);
  return Number(output[3]);
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
