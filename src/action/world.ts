import type { Execution, Io, Output } from '../commands/io.ts';

/** Everything of the process that the action may touch; action.ts gives the real one. */
export interface World {
  /** INPUT_… and GITHUB_… as the runner sets them. */
  readonly env: Io['env'];
  /** Absolute. The runner starts an action in the workspace. */
  readonly cwd: string;
  /** The job's log: what stands there in the form of a workflow command is one. */
  readonly log: Output;
  readonly today: string;
  /** A folder that the runner empties after the job. */
  readonly temp: string;
  /** A text that nobody can guess, another one each time. */
  readonly secret: () => string;
  /** Runs a program of PATH to its end, without a shell; undefined where there is none of that name. */
  readonly execute: (
    command: string,
    args: readonly string[],
    folder: string,
    env?: Readonly<Record<string, string>>,
  ) => Execution | undefined;
}
