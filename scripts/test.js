// @ts-check
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * `npm test`: every check of the project, as many at a time as there are processors, the slowest first. All run even if
 * one fails; each prints its output when it ends.
 *
 * @typedef {{ name: string, command: readonly string[] }} Step
 */

/** @param {string} name @param {string} script @param {readonly string[]} args @returns {Step} */
const step = (name, script, ...args) => ({ name, command: [script, ...args] });

const BUILD = step('build', 'scripts/build.js', '--no-types');
const STEPS = [
  step('unit tests', 'node_modules/vitest/vitest.mjs', 'run'),
  step('lint', 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  step('types', 'node_modules/typescript/bin/tsc'),
  step('types of the page', 'node_modules/typescript/bin/tsc', '-p', 'src/reporters/html'),
  step('types of its tests', 'node_modules/typescript/bin/tsc', '-p', 'test/reporters/html'),
  step('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  step('generated files', 'scripts/generate.js', '--check'),
  step('smoke test', 'scripts/smoke.js'),
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {Step} one @returns {Promise<boolean>} */
function run({ name, command }) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: colorLevel() },
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const text = Buffer.concat(chunks).toString().trim();
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)${text === '' ? '' : `\n${text}`}`);
      resolve(code === 0);
    });
  });
}

function colorLevel() {
  return process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '' ? '1' : '0';
}

// Unit and smoke tests start dist/cli.js, so it must be there and be current.
let passed = await run(BUILD);
const pending = [...STEPS];
await Promise.all(
  Array.from({ length: Math.max(1, Math.min(availableParallelism(), 4)) }, async () => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      if (!(await run(next))) passed = false;
    }
  }),
);
process.exitCode = passed ? 0 : 1;
