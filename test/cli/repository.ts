import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { runIn, type Outcome, type World } from '../commands/io.ts';

/** A repository of a test, in a folder of its own. */
export class Repository {
  readonly root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-repository-'));

  constructor() {
    mkdirSync(join(this.root, '.git'));
  }

  write(path: string, content: string | object): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(
      join(this.root, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
    );
  }

  writeBytes(path: string, bytes: Uint8Array): void {
    writeFileSync(join(this.root, path), bytes);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  run(...argv: string[]): Promise<Outcome> {
    return this.runIn({}, ...argv);
  }

  runIn(world: Partial<World>, ...argv: string[]): Promise<Outcome> {
    return runIn({ cwd: this.root, ...world }, ...argv);
  }

  async report(...argv: string[]): Promise<Report> {
    const { code, stdout, stderr } = await this.run(...argv, '--format', 'json');
    if (code >= 2) throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** `check item` of findings, sorted: the item is what the message quotes first. */
export function named(findings: readonly Finding[]): string[] {
  return findings.map(({ check, message }) => `${check} ${/'([^']*)'/.exec(message)?.[1] ?? ''}`).sort();
}

/** Those that count, of one check. */
export function counting({ findings }: Report, check: string): string[] {
  const found = findings.filter((finding) => finding.check === check && !finding.suppressed);
  return named(found).map((name) => name.slice(check.length + 1));
}
