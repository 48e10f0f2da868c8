// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Starts the built program as a user would. What it finds is the business of the other tests. */
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const sample = fileURLToPath(new URL('../fixtures/sample/hub-firewall-policy.json', import.meta.url));

/** @param {readonly string[]} args @param {string} [input] */
function run(args, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' },
  });
  return { status, stdout, stderr };
}

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-smoke-'));
try {
  assert.match(readFileSync(cli, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  assert.ok((statSync(cli).mode & 0o111) !== 0, 'dist/cli.js is executable');

  const version = run(['--version']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(version.stderr, '');

  const help = run(['--help']);
  assert.match(help.stdout, /Exit codes/);

  const wrong = run(['--fromat', 'json', sample]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /Did you mean '--format'/);

  const output = join(folder, 'egress.sarif');
  const found = run([sample, '--no-config', '--output', `sarif=${output}`]);
  assert.equal(found.stderr, '');
  assert.equal(found.status, 1);
  assert.match(found.stdout, /missing-required/);
  assert.match(readFileSync(output, 'utf8'), /"version": ?"2\.1\.0"/);
  assert.deepEqual(readdirSync(folder), ['egress.sarif']);

  // A reader that stops early ends the output, not the program, and is no error.
  if (process.platform !== 'win32') {
    const command = `"$0" "$1" "$2" --no-config --format json | head -c 1`;
    const stopped = spawnSync('sh', ['-c', command, process.execPath, cli, sample], { encoding: 'utf8' });
    assert.deepEqual([stopped.stdout, stopped.stderr], ['{', '']);
  }

  /** @type {unknown} */
  const library = await import(String(new URL('../dist/lib/index.js', import.meta.url)));
  assert.ok(typeof library === 'object' && library !== null && 'run' in library);

  const piped = run(
    ['-', '--no-config', '--format', 'json', '--fail-on', 'never'],
    readFileSync(sample, 'utf8'),
  );
  assert.equal(piped.stderr, '');
  assert.equal(piped.status, 0);
  assert.doesNotThrow(() => JSON.parse(piped.stdout));
  assert.match(piped.stdout, /"schemaVersion": 1/);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
