import { spawnSync } from 'node:child_process';
import type { Io } from '../../src/commands/io.ts';
import { run } from '../../src/commands/run.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World {
  readonly cwd: string;
  readonly env?: Io['env'];
  readonly stdin?: string | Uint8Array;
  /** `YYYY-MM-DD` */
  readonly today?: string;
  /** A terminal of this many columns on both outputs. */
  readonly terminal?: number;
}

/** Runs the whole program in this process. */
export async function runIn(world: World, ...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
    isTerminal: world.terminal !== undefined,
    columns: world.terminal ?? 0,
    write: (text) => {
      written[name] += text;
    },
  });
  const code = await run(argv, {
    cwd: world.cwd,
    env: world.env ?? {},
    today: world.today ?? '2026-01-31',
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: () => Buffer.from(world.stdin ?? ''),
    execute: (command, args) => {
      const env = { ...world.env };
      const { error, ...ended } = spawnSync(command, args, { cwd: world.cwd, env, encoding: 'utf8' });
      return error === undefined ? ended : undefined;
    },
  });
  return { code, ...written };
}
