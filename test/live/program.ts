import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from '../../src/reporters/report.ts';
import { runIn } from '../commands/io.ts';
import { ArmServer } from './arm-server.ts';
import { serve } from './estate.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program in a repository of its own, with an Azure that is nowhere but here. */
export class LiveWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-live-'));
  readonly azure: ArmServer;

  private constructor(azure: ArmServer) {
    this.azure = azure;
    mkdirSync(join(this.root, '.git'));
    this.write('.git/ca.pem', azure.certificate);
  }

  static async create(): Promise<LiveWorld> {
    return new LiveWorld(serve(await ArmServer.start()));
  }

  async remove(): Promise<void> {
    await this.azure.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Runs `aks-egress-lint azure` against this Azure. */
  run(...argv: readonly string[]): Promise<Ended> {
    return this.start(argv).ended;
  }

  async report(...argv: readonly string[]): Promise<Report> {
    const { code, stdout, stderr } = await this.run(...argv, '--format', 'json');
    if (code !== 0 && code !== 1) throw new Error(`${code ?? ''}: ${stderr}`);
    return JSON.parse(stdout) as Report;
  }

  /** Lints files, without Azure. */
  async reportOf(...argv: readonly string[]): Promise<Report> {
    const { stdout, stderr } = await runIn({ cwd: this.root }, ...argv, '--format', 'json');
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  }

  start(
    argv: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const child = this.#spawn(['azure', '--arm-endpoint', this.azure.endpoint, ...argv], {
      NODE_EXTRA_CA_CERTS: join(this.root, '.git/ca.pem'),
      ...this.azure.identity,
      ...env,
    });
    return { child, ended: endOf(child) };
  }

  /** With nothing of this machine's environment: no identity, no proxy, no program on PATH. */
  #spawn(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ChildProcess {
    return spawn(process.execPath, [CLI, ...argv], {
      cwd: this.root,
      env: { HOME: this.root, PATH: this.root, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

const CLI = join(import.meta.dirname, '../../dist/cli.js');

export function endOf(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}
