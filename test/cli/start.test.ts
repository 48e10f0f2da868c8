import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';

const LAUNCHER = pathToFileURL(join(import.meta.dirname, '../../scripts/bundle/compiled-program.js')).href;
const CLI = join(import.meta.dirname, '../../dist/cli.js');

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-start-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(
  ...options: readonly string[]
): readonly [status: number | null, stdout: string, stderr: string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, CLI, '--version'], {
    encoding: 'utf8',
  });
  return [status, stdout, stderr];
}

describe('the start of the program', () => {
  it.each([[], ['--pending-deprecation', '--throw-deprecation'], ['--no-deprecation']])(
    'says nothing of its own with %s',
    (...options) => {
      expect(start(...options)).toEqual([0, `${VERSION}\n`, '']);
    },
  );

  it.each([[], ['--no-deprecation'], ['--pending-deprecation', '--throw-deprecation']])(
    'leaves it to Node what is said of deprecation, with %s',
    (...options) => {
      const script = `import { CompiledProgram } from ${JSON.stringify(LAUNCHER)};
        const before = Object.hasOwn(process, 'noDeprecation') && process.noDeprecation;
        new CompiledProgram('nowhere');
        console.log(before, Object.hasOwn(process, 'noDeprecation') && process.noDeprecation);`;
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [...options, '--input-type=module', '-e', script],
        { encoding: 'utf8' },
      );
      const silenced = String(options.some((option) => option === '--no-deprecation'));
      expect([stderr, stdout]).toEqual(['', `${silenced} ${silenced}\n`]);
    },
  );

  it("leaves Node's streams alone", () => {
    const preload = join(folder, 'report.cjs');
    writeFileSync(preload, "process.on('exit', () => process._rawDebug(process.moduleLoadList.join('\\n')))");
    const [status, , stderr] = start('-r', preload);
    expect(status).toBe(0);
    expect(stderr).toContain('NativeModule fs');
    if (process.versions.node.startsWith('20.')) expect(stderr).not.toContain('NativeModule stream');
  });
});
