import { appendFileSync } from 'node:fs';
import { inLog } from '../reporters/github.ts';
import type { World } from './world.ts';

/** What later steps of the job can ask for; see action.yml. */
export interface Outputs {
  readonly 'sarif-file': string;
  readonly 'json-file': string;
  readonly findings: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly suppressed: number;
  /** Empty where nothing was compared. */
  readonly 'new-findings': number | '';
  readonly 'fixed-findings': number | '';
  readonly 'exit-code': number;
}

/** Of a run that judged nothing. */
export function noOutputs(exitCode: number): Outputs {
  return {
    'sarif-file': '',
    'json-file': '',
    findings: 0,
    errors: 0,
    warnings: 0,
    notes: 0,
    suppressed: 0,
    'new-findings': '',
    'fixed-findings': '',
    'exit-code': exitCode,
  };
}

/** The files and the log by which a step speaks to the runner of GitHub Actions. */
export class Runner {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter */
  setOutputs(outputs: Outputs): void {
    const file = this.#world.env['GITHUB_OUTPUT'];
    if (file === undefined || file === '') return;
    // A value could contain any delimiter that can be guessed.
    const delimiter = `ghadelimiter_${this.#world.secret()}`;
    const lines = Object.entries(outputs).map(
      ([name, value]) => `${name}<<${delimiter}\n${String(value)}\n${delimiter}\n`,
    );
    appendFileSync(file, lines.join(''));
  }

  addSummary(markdown: string): void {
    const file = this.#world.env['GITHUB_STEP_SUMMARY'];
    if (file !== undefined && file !== '') appendFileSync(file, markdown);
  }

  /** Lines of our own making, some of which may be workflow commands. */
  commands(lines: readonly string[]): void {
    for (const line of lines) this.#world.log.write(`${line}\n`);
  }

  /** A text that may quote files, in which nothing is a workflow command. */
  show(text: string): void {
    const token = this.#world.secret();
    this.#world.log.write(`::stop-commands::${token}\n${text.trimEnd()}\n::${token}::\n`);
  }

  say(text: string): void {
    this.#world.log.write(`${inLog(text)}\n`);
  }
}
