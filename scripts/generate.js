// @ts-check
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The bundle of the action contains what the others write. */
const LAST = 'generate-action.js';

/** Runs every scripts/generate-*.js. `--check` writes nothing and fails where a generated file is not current. */
const failed = readdirSync(import.meta.dirname)
  .filter((name) => name.startsWith('generate-') && name.endsWith('.js'))
  .sort((a, b) => Number(a === LAST) - Number(b === LAST) || (a < b ? -1 : 1))
  .filter((name) => {
    const { status } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, name), ...process.argv.slice(2)],
      {
        stdio: 'inherit',
      },
    );
    return status !== 0;
  });
process.exitCode = failed.length === 0 ? 0 : 1;
