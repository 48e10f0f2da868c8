// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, start } from './bundle/compiled-program.js';

/**
 * Writes dist/program.cache: runs the program on the sample, so that V8 compiles the functions that a run uses, and keeps
 * their code.
 */
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const sample = fileURLToPath(new URL('../fixtures/sample/hub-firewall-policy.json', import.meta.url));
const script = compile(dist);

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-build-'));
const output = join(folder, 'report');
process.argv.splice(2, Infinity, sample, '--no-config', '--fail-on', 'never');
process.argv.push('--output', `sarif=${output}.sarif`, '--output', `json=${output}.json`);
process.on('exit', () => {
  writeFileSync(join(dist, 'program.cache'), script.createCachedData());
  rmSync(folder, { recursive: true, force: true });
});
start(script, dist);
