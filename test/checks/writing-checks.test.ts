import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../scripts/formats/index.js';
import { runIn } from '../commands/io.ts';

/** docs/writing-checks.md, followed to the letter. */
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/writing-checks.md'), 'utf8');

function example(name: string): string {
  const block = new RegExp(`<!-- example:${name} -->\\n+\`\`\`\\w+\\n([^]*?)\`\`\``).exec(PAGE)?.[1];
  if (block === undefined) throw new Error(`The page has no example ${name}`);
  return block;
}

interface Report {
  readonly findings: readonly {
    readonly check: string;
    readonly level: string;
    readonly message: string;
    readonly location: { readonly pointer: string };
  }[];
}

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-writing-'));
  mkdirSync(join(folder, 'checks'));
  writeFileSync(join(folder, 'checks/no-public-storage.yaml'), example('check'));
  writeFileSync(join(folder, '.aks-egress-lint.yaml'), example('config'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function policyWith(destination: string, description: string): void {
  const rule = {
    ruleType: 'ApplicationRule',
    name: 'backup',
    description,
    sourceAddresses: ['10.240.0.0/22'],
    protocols: [{ protocolType: 'Https', port: 443 }],
    targetFqdns: [destination],
  };
  const collections = [{ name: 'backup', priority: 300, action: 'Allow' as const, rules: [rule] }];
  writeFileSync(join(folder, 'policy.json'), FORMATS[0]?.file({ collections }) ?? '');
}

async function found(...flags: string[]): Promise<Report['findings']> {
  const args = ['policy.json', '--source', '10.240.0.0/22', '--format', 'json', '--fail-on', 'never'];
  const { stdout, stderr, code } = await runIn({ cwd: folder }, ...args, ...flags);
  expect([code, stderr]).toEqual([0, '']);
  const report = JSON.parse(stdout) as Report;
  return report.findings.filter(({ check }) => check === 'no-public-storage');
}

describe('the check of docs/writing-checks.md', () => {
  it('fires on the wildcard, on a host inside it and on whatever is wider', async () => {
    for (const destination of [
      '*.blob.core.windows.net',
      'reports.blob.core.windows.net',
      '*.windows.net',
      '*',
    ]) {
      policyWith(destination, 'Backups of the shop');
      const findings = await found();
      expect(findings.map(({ level, message }) => [level, message])).toEqual([
        [
          'error',
          `'${destination}' in rule 'backup' opens storage accounts, and its description has no number like CHG-1234.`,
        ],
      ]);
      expect(findings[0]?.location.pointer).toMatch(/targetFqdns\/0$/);
    }
  });

  it('is silent with a ticket and on other hosts', async () => {
    policyWith('*.blob.core.windows.net', 'Backups of the shop, chg-47110');
    expect(await found()).toEqual([]);
    policyWith('mcr.microsoft.com', '');
    expect(await found()).toEqual([]);
  });

  it('says where it cannot be decided, as a warning at most', async () => {
    policyWith('*.blob.core.windows.net', "[parameters('ticket')]");
    const findings = await found();
    expect(findings.map(({ level }) => level)).toEqual(['warning']);
    expect(findings[0]?.message).toMatch(/cannot be decided.*rule\.description.*--parameters/);
  });

  it('is listed and explained like every other', async () => {
    const { stdout: list } = await runIn({ cwd: folder }, 'checks');
    expect(list).toMatch(/^no-public-storage +error +An entry opens storage accounts/m);
    const { stdout: text } = await runIn({ cwd: folder }, 'explain', 'no-public-storage');
    expect(text).toContain('Why: Behind the wildcard');
    expect(text).toContain('Fix: Name the storage account');
  });

  it('has a level in the configuration and a rule in SARIF', async () => {
    policyWith('*.blob.core.windows.net', '');
    writeFileSync(
      join(folder, 'note.yaml'),
      'checkDirectories: [checks]\nchecks: { no-public-storage: note }\n',
    );
    expect((await found('--config', 'note.yaml')).map(({ level }) => level)).toEqual(['note']);
    const { stdout } = await runIn({ cwd: folder }, 'policy.json', '--format', 'sarif', '--fail-on', 'never');
    const sarif = JSON.parse(stdout) as { runs: { tool: { driver: { rules: { id: string }[] } } }[] };
    expect(sarif.runs[0]?.tool.driver.rules.map(({ id }) => id)).toContain('no-public-storage');
  });

  it('passes the test of the page, whose messages are all expected', async () => {
    const tests: (() => Promise<void>)[] = [];
    const framework = {
      describe: (_: string, define: () => void) => {
        define();
      },
      it: (_: string, test: () => Promise<void>) => {
        tests.push(test);
      },
    };
    const { CheckTester } = await import('../../src/index.ts');
    const body = example('test').replaceAll(/^import .*$/gm, '');
    const path = JSON.stringify(join(folder, 'checks/no-public-storage.yaml'));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own code, run as a reader would
    const define = new Function(
      'describe',
      'it',
      'CheckTester',
      body.replace("'checks/no-public-storage.yaml'", path),
    );
    Reflect.apply(define, undefined, [framework.describe, framework.it, CheckTester]);
    expect(tests).toHaveLength(4);
    for (const test of tests) await test();
  });
});
