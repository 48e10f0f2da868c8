import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ACTION = join(import.meta.dirname, '../../action/dist/index.js');

/** What one step came to. */
export interface Step {
  readonly code: number | null;
  readonly log: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** "error infra/policy.json:46 missing-required" */
  readonly annotations: readonly string[];
}

export interface StepOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The file of another Node. */
  readonly node?: string;
  readonly cwd?: string;
}

/** A job's machine: a clone in the workspace, and the runner's files beside it. */
export class Job {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-job-'));
  readonly temp = join(this.#folder, 'runner temp');
  readonly workspace: string;
  #steps = 0;

  constructor(name = 'work/egress') {
    this.workspace = join(this.#folder, name);
    mkdirSync(this.workspace, { recursive: true });
    mkdirSync(this.temp);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    const file = join(this.workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
      cwd: this.workspace,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** Commits everything; the new commit. */
  commit(message: string): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** The environment of a pull request from the branch that is checked out, merged as GitHub merges it. */
  pullRequest(base = 'main'): Record<string, string> {
    const head = this.git('rev-parse', 'HEAD');
    const baseCommit = this.git('rev-parse', base);
    this.git('checkout', '--quiet', '--detach', base);
    this.git('merge', '--quiet', '--no-ff', '--message', 'Merge', head);
    const event = join(this.temp, 'event.json');
    const payload = { pull_request: { base: { ref: base, sha: baseCommit }, head: { sha: head } } };
    writeFileSync(event, JSON.stringify(payload));
    return {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_SHA: this.git('rev-parse', 'HEAD'),
    };
  }

  /** Runs the built action as the runner does: no token, inputs and files by the environment. */
  run(inputs: Readonly<Record<string, string>>, options: StepOptions = {}): Step {
    const at = this.#steps++;
    const output = join(this.temp, `output-${at}`);
    const summary = join(this.temp, `summary-${at}.md`);
    writeFileSync(output, '');
    writeFileSync(summary, '');
    const given = Object.entries(inputs).map(([name, value]): [string, string] => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]);
    const { status, stdout, stderr } = spawnSync(options.node ?? process.execPath, [ACTION], {
      cwd: options.cwd ?? this.workspace,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: this.workspace,
        GITHUB_REPOSITORY: 'contoso/network',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: this.temp,
        NO_COLOR: '1',
        ...Object.fromEntries(given),
        ...options.env,
      },
    });
    return {
      code: status,
      log: stdout,
      stderr,
      outputs: outputsOf(readFileSync(output, 'utf8')),
      summary: readFileSync(summary, 'utf8'),
      annotations: annotationsOf(stdout),
    };
  }
}

/** Reads the file of outputs as the runner does. */
function outputsOf(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length - 1; at++) {
    const [name = '', delimiter = ''] = (lines[at] ?? '').split('<<');
    const end = lines.indexOf(delimiter, at + 1);
    if (delimiter === '' || end === -1) throw new Error(`no output: ${lines[at] ?? ''}`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

/** Workflow commands that the runner would obey. */
function annotationsOf(log: string): string[] {
  const found: string[] = [];
  let stopped: string | undefined;
  for (const line of log.split('\n')) {
    const match = /^::([\w-]+)(?: (.*?))?::(.*)$/.exec(line);
    if (match === null) continue;
    const [, name = '', list = '', text = ''] = match;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
    } else if (name === 'stop-commands') stopped = text;
    else {
      const value = (key: string): string => new RegExp(`(?:^|,)${key}=([^,]*)`).exec(list)?.[1] ?? '';
      found.push(`${name} ${value('file')}:${value('line')} ${value('title')}`);
    }
  }
  if (stopped !== undefined) throw new Error('workflow commands are left stopped');
  return found;
}
