// @ts-check
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/**
 * Writes dist/program.cache: runs the program on the sample, so that V8 compiles the functions that a run uses, and keeps
 * their code. The source must be wrapped as scripts/bundle/launcher.js wraps it.
 */
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const sample = fileURLToPath(new URL('../fixtures/sample/hub-firewall-policy.json', import.meta.url));
const filename = join(dist, 'program.cjs');
const source = readFileSync(filename, 'utf8');
const script = new Script(`(function (require, module, exports) {${source}\n})`, { filename });

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-build-'));
const output = join(folder, 'report');
process.argv.splice(2, Infinity, sample, '--no-config', '--fail-on', 'never');
process.argv.push(
  '--output',
  `sarif=${output}.sarif`,
  '--output',
  `json=${output}.json`,
  '--output',
  `pretty=${output}.txt`,
);

process.on('exit', () => {
  writeFileSync(join(dist, 'program.cache'), script.createCachedData());
  rmSync(folder, { recursive: true, force: true });
});
/** @type {unknown} */
const program = script.runInThisContext();
const module = { exports: {} };
const require = (/** @type {string} */ name) => process.getBuiltinModule(name);
if (typeof program === 'function') Reflect.apply(program, undefined, [require, module, module.exports]);
