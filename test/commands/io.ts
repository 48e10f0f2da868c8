import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '../../src/commands/io.ts';
import { run } from '../../src/commands/run.ts';
import { sarifProblems } from '../reporters/sarif-checker.ts';

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

/** Runs the whole program in this process. Any SARIF that it writes must be what code scanning takes. */
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
  if (code < 2) checkSarif(written.stdout, argv, world.cwd);
  return { code, ...written };
}

function checkSarif(stdout: string, argv: readonly string[], cwd: string): void {
  const isPrinted = argv.some((word, at) => /^(-f|--format)$/.test(word) && argv[at + 1] === 'sarif');
  const files = argv
    .flatMap((word) => /^sarif=(.*)$/.exec(word)?.[1] ?? [])
    .map((path) => resolve(cwd, path));
  const texts = [
    ...(isPrinted ? [stdout] : []),
    ...files.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')),
  ];
  const includeSuppressed = argv.includes('--sarif-include-suppressed');
  for (const text of texts) {
    const problems = sarifProblems(text, { includeSuppressed });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
}
