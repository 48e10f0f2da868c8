// @ts-check
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMain, ROOT } from './generated-files.js';

/**
 * `node scripts/bicep-corpus.js --mirror DIR` runs the tests on public Bicep, whose repositories DIR holds checked out as
 * `<owner>__<name>`, and as `<owner>__<name>@<commit>` where more than one commit of them is compared. Without it those
 * tests are skipped.
 */
if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { mirror: { type: 'string' } } });
  const env = { ...process.env, ...(values.mirror === undefined ? {} : { MIRROR: resolve(values.mirror) }) };
  const test = ['node_modules/vitest/vitest.mjs', 'run', 'test/corpus/bicep.test.ts'];
  const { status } = spawnSync(process.execPath, test, { cwd: ROOT, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
