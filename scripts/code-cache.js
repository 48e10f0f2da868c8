// @ts-check
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompiledProgram } from './bundle/compiled-program.js';

/**
 * `node scripts/code-cache.js <fixture>`: writes dist/program/*.cache. Runs the program on the input and on a policy of
 * many teams, so that V8 compiles the functions that such runs use, and keeps their code. What was kept before stays.
 */
const dist = fileURLToPath(new URL('../dist/program', import.meta.url));
const input = fileURLToPath(new URL(`../fixtures/${process.argv[2] ?? ''}`, import.meta.url));
const program = new CompiledProgram(dist);

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-build-'));
const output = join(folder, 'report');
const hub = fileURLToPath(new URL('../fixtures/appliances/azure/hub.json', import.meta.url));
process.argv.splice(2, Infinity, input, hub, '--no-config', '--fail-on', 'never');
process.argv.push('--output', `sarif=${output}.sarif`, '--output', `json=${output}.json`);
process.on('exit', () => {
  for (const [file, code] of program.code()) {
    const filename = join(dist, file.replace(/\.cjs$/, '.cache'));
    if (!existsSync(filename)) writeFileSync(filename, code);
  }
  rmSync(folder, { recursive: true, force: true });
});
program.start();
