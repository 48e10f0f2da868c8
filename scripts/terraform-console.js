// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { isMain, ROOT } from './generated-files.js';

/**
 * `node scripts/terraform-console.js` evaluates fixtures/terraform/console/expressions.txt with `terraform console` and
 * writes the results to results.json, against which the evaluator is tested. Needs Terraform, but no provider.
 */
export const CONSOLE = join(ROOT, 'fixtures/terraform/console');

/** @returns {string[]} */
export function consoleExpressions() {
  return readFileSync(join(CONSOLE, 'expressions.txt'), 'utf8').split('\n').filter(Boolean);
}

/** True where a terraform binary is on the PATH. */
export function hasTerraform() {
  return spawnSync('terraform', ['version']).status === 0;
}

/**
 * What Terraform makes of each expression, as JSON.
 *
 * @param {readonly string[]} expressions
 * @returns {string[]}
 */
export function evaluateWithTerraform(expressions) {
  // From a pipe the console prints the last result only.
  const input = `jsonencode([${expressions.map((one) => `jsonencode(${one})`).join(', ')}])\n`;
  const { status, stdout, stderr } = spawnSync('terraform', ['console'], {
    cwd: CONSOLE,
    encoding: 'utf8',
    input,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
  });
  const line = stdout.split('\n').findLast((one) => one.startsWith('"'));
  if (status !== 0 || line === undefined) throw new Error(`terraform console failed: ${stderr}`);
  /** @type {unknown} */
  const results = JSON.parse(String(JSON.parse(line)));
  return Array.isArray(results) ? results.map(String) : [];
}

if (isMain(import.meta.url)) {
  const expressions = consoleExpressions();
  const results = evaluateWithTerraform(expressions);
  const path = join(CONSOLE, 'results.json');
  const text = JSON.stringify(Object.fromEntries(expressions.map((one, at) => [one, results[at]])));
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
  console.log(`${results.length} expressions evaluated`);
}
