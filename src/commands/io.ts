/** Everything of the process that a command may touch; cli.ts gives the real one, tests give their own. */
export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The day, `YYYY-MM-DD`, in UTC so that it is the same on every machine. */
  readonly today: string;
  /** All bytes of standard input. */
  readonly readStdin: () => Uint8Array;
  /** Runs a program of PATH to its end, without a shell; undefined where there is none of that name. */
  readonly execute?: (command: string, args: readonly string[]) => Execution | undefined;
  /** Absent where nothing is to be waited for. */
  readonly waiting?: Waiting;
}

/** What a command takes that waits for answers. */
export interface Waiting {
  /** Acts after so many milliseconds; what it returns takes that back. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** Has the listener called once when the program is asked to end; what it returns takes that back. */
  readonly onInterrupt: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void;
}

export interface Execution {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Output {
  /** Writes all of the text before it returns. */
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Terminal columns; 0 where there is no terminal. */
  readonly columns: number;
}

/**
 * Whether to colour an output: the flag, then NO_COLOR (https://no-color.org), then FORCE_COLOR, then whether a terminal
 * reads it. NO_COLOR wins over FORCE_COLOR, since only people set it.
 */
export function useColor(flag: boolean | undefined, env: Io['env'], output: Output): boolean {
  if (flag !== undefined) return flag;
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return output.isTerminal && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
