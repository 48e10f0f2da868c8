import { fstatSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Execution, Output, Waiting } from './commands/io.ts';
import { run } from './commands/run.ts';

/** The only file that touches the process: arguments, environment, clock, streams and exit code. */

/**
 * Writes synchronously, since what is left in a pipe's buffer is lost when the process ends. A reader that stops early
 * (`| head`) ends the output, not the program.
 */
function output(descriptor: 1 | 2): Output {
  const isTerminal = isTerminalAt(descriptor);
  let open = true;
  return {
    isTerminal,
    columns: isTerminal ? columnsOf(descriptor === 1 ? process.stdout : process.stderr) : 0,
    write(text) {
      const bytes = Buffer.from(text);
      for (let at = 0; open && at < bytes.length;) {
        try {
          at += writeSync(descriptor, bytes, at);
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? error.code : undefined;
          // A full pipe whose other end is slow.
          if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
          else if (code === 'EPIPE') open = false;
          else throw error;
        }
      }
    },
  };
}

/** Asks node:tty, which loads Node's network and stream modules, only where the answer may be yes. */
function isTerminalAt(descriptor: number): boolean {
  if (process.platform !== 'win32') {
    const file = fstatSync(descriptor);
    if (!file.isCharacterDevice() || file.rdev === statSync('/dev/null').rdev) return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

function columnsOf(stream: { readonly columns?: number }): number {
  return stream.columns ?? 80;
}

const MOST_OUTPUT = 256 * 1024 * 1024;

function execute(command: string, args: readonly string[]): Execution | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error === undefined) return { status, stdout, stderr };
  if ('code' in error && error.code === 'ENOENT') return undefined;
  return { status: null, stdout: '', stderr: error.message };
}

const waiting: Waiting = {
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  onInterrupt(listener) {
    // Once: a second Ctrl-C ends the program at once.
    process.once('SIGINT', listener);
    process.once('SIGTERM', listener);
    return () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    };
  },
};

void run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: output(1),
  stderr: output(2),
  today: new Date().toISOString().slice(0, 10),
  readStdin: () => readFileSync(0),
  execute,
  waiting,
}).then((code) => {
  // Everything was written; an identity that never answers would keep the process alive.
  process.exit(code);
});
