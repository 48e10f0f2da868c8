import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { runAction } from './action/run.ts';
import type { World } from './action/world.ts';

/** The GitHub Action: the only file beside cli.ts that touches the process. */

const world: World = {
  env: process.env,
  cwd: process.cwd(),
  log: {
    isTerminal: false,
    columns: 0,
    write: (text) => {
      process.stdout.write(text);
    },
  },
  today: new Date().toISOString().slice(0, 10),
  temp: process.env['RUNNER_TEMP'] ?? tmpdir(),
  secret: randomUUID,
  execute(command, args, folder, env = {}) {
    const { error, status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      // Names of files, of which a repository may have very many.
      maxBuffer: Infinity,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (error === undefined) return { status, stdout, stderr };
    if ('code' in error && error.code === 'ENOENT') return undefined;
    return { status: null, stdout: '', stderr: error.message };
  },
};

void runAction(world).then((code) => {
  process.exitCode = code;
});
