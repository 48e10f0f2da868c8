import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/commands/run.ts';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { MISTAKES, type Expected } from './mistakes.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = 'fixtures/mistakes';

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function lint(file: string, flags: readonly string[] = []): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({
    isTerminal: false,
    columns: 0,
    write(text: string): void {
      written[stream] += text;
    },
  });
  const exit = await run([join(FOLDER, file), '--no-config', '--format', 'json', ...flags], {
    cwd: PROJECT,
    env: {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    today: '2026-01-31',
    readStdin: () => new Uint8Array(),
  });
  return { exit, ...written };
}

async function report(file: string, flags: readonly string[] = []): Promise<Report> {
  const { exit, stdout, stderr } = await lint(file, flags);
  if (exit > 1) throw new Error(stderr);
  const parsed: unknown = JSON.parse(stdout);
  if (!isReport(parsed)) throw new Error('no report');
  return parsed;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'findings' in value && 'runs' in value;
}

/** What stands in the file where the finding points to; of an object, its first character. */
function tokenOf({ location }: Finding): string {
  const line = readFileSync(join(PROJECT, location.path), 'utf8').split('\n')[location.startLine - 1] ?? '';
  const end = location.endLine === location.startLine ? location.endColumn - 1 : undefined;
  return line.slice(location.startColumn - 1, end);
}

function show(found: Finding): string {
  return `${found.level} ${found.check} at ${found.location.pointer} (${tokenOf(found)}): ${found.message}`;
}

function fits(found: Finding, { check, level, token, pointer, words }: Expected): boolean {
  return (
    found.check === check &&
    found.level === level &&
    found.location.pointer === pointer &&
    tokenOf(found) === token &&
    words.every((word) => word.test(found.message))
  );
}

describe('a mistake of real configurations', () => {
  for (const { file, name, flags, findings } of MISTAKES) {
    it(`in ${file}: it reports ${name}, and no error besides`, async () => {
      const all = (await report(file, flags)).findings;
      const absent = findings.filter((one) => !all.some((found) => fits(found, one)));
      expect({ absent, found: absent.length > 0 ? all.map(show) : [] }).toEqual({ absent: [], found: [] });
      const others = all.filter(
        (found) => found.level === 'error' && !findings.some((one) => fits(found, one)),
      );
      expect(others.map(show)).toEqual([]);
    });
  }

  it('is not the wildcard without a dot alone: nothing that it covers is called missing', async () => {
    const { runs } = await report('registry-wildcard-without-dot.json');
    const verdicts = runs[0]?.requirements.filter(({ id }) => id.startsWith('core/mcr'));
    expect(verdicts?.map(({ destination, verdict }) => `${destination} ${verdict}`)).toEqual(
      expect.arrayContaining(['mcr.microsoft.com covered', '*.data.mcr.microsoft.com covered']),
    );
  });

  it('is judged for the region of most of its names where no region is given', async () => {
    const { runs } = await report('regional-names-of-another-region.json', [
      '--feature',
      'cluster-extensions',
    ]);
    expect(runs.map(({ region }) => region)).toEqual(['westeurope']);
  });
});

describe('what looks like a mistake and is none', () => {
  it('is the old tunnel in AzureChinaCloud, which the article requires', async () => {
    const flags = ['--cloud', 'AzureChinaCloud', '--region', 'chinanorth2'];
    const { findings, runs } = await report('tunnel-in-china.json', flags);
    const needless = ['unneeded-entry', 'retired-endpoint', 'wrong-cloud-endpoint', 'broad-service-tag'];
    expect(findings.filter(({ check }) => needless.includes(check)).map(show)).toEqual([]);
    expect(findings.filter(({ level }) => level === 'error').map(show)).toEqual([]);
    const row = runs[0]?.requirements.find(({ id }) => id === 'core/tunnel-https');
    expect(row?.verdict).toBe('covered');
  });

  it('is a function name in lower case, which ARM reads like any other', async () => {
    const { findings, runs } = await report('functions-in-lower-case.json');
    expect(runs.map(({ policy }) => policy.toLowerCase())).toEqual([expect.stringMatching(/afwp-hub-weu$/)]);
    expect(runs.map(({ sources }) => sources)).toEqual([['10.10.0.0/22']]);
    const core = runs[0]?.requirements.filter(({ id }) => id.startsWith('core/')) ?? [];
    expect(core.filter(({ verdict }) => verdict === 'covered').length).toBeGreaterThanOrEqual(9);
    expect(findings.filter(({ level }) => level === 'error').map(show)).toEqual([]);
    expect(findings.filter(({ check }) => check === 'unresolved-expression').map(show)).toEqual([]);
  });

  it('is a host built from environment(): it is the host of the cloud', async () => {
    const flags = ['--feature', 'azure-policy,key-vault-csi'];
    const { findings, runs } = await report('hosts-from-environment-suffixes.json', flags);
    const rows = runs[0]?.requirements ?? [];
    const verdict = (destination: string): string | undefined =>
      rows.find((row) => row.destination === destination)?.verdict;
    for (const host of [
      'data.policy.core.windows.net',
      'store.policy.core.windows.net',
      '*.vault.azure.net',
      'management.azure.com',
      'login.microsoftonline.com',
    ]) {
      expect([host, verdict(host)]).toEqual([host, 'covered']);
    }
    expect(findings.filter(({ level }) => level === 'error').map(show)).toEqual([]);
  });

  it('is Azure Monitor by names, some of them behind the FQDN tag, instead of by its service tag', async () => {
    const { findings } = await report('monitor-names-behind-the-tag.json', [
      '--feature',
      'container-insights',
    ]);
    expect(findings.filter(({ level }) => level === 'error').map(show)).toEqual([]);
    const open = findings.filter(({ check }) => check === 'unknown-coverage');
    expect(open.map(({ message }) => message).join('\n')).toContain(
      "'global.handler.control.monitor.azure.com'",
    );
  });

  it('is everything that only a jumpbox may reach', async () => {
    const { findings, runs } = await report('rules-for-a-jumpbox.json');
    expect(runs.map(({ sources }) => sources)).toEqual([['10.10.0.0/22']]);
    const jumpbox = findings.filter(({ location }) => location.pointer.startsWith('/resources/2/'));
    expect(jumpbox.map(show)).toEqual([]);
    expect(findings.filter(({ level }) => level === 'error').map(show)).toEqual([]);
  });
});

describe('an input without the rules', () => {
  it('says of a template whose rules are parameters without values that they are, and calls nothing missing', async () => {
    const { findings, runs } = await report('rules-come-from-parameters.json');
    const said = findings.find(({ check }) => check === 'no-rules');
    expect(said?.message).toMatch(/parameter/);
    expect(said?.message).toMatch(/--parameters/);
    expect(findings.filter(({ check }) => check.startsWith('missing-')).map(show)).toEqual([]);
    expect(runs.flatMap(({ requirements }) => requirements)).toEqual([]);
  });

  it('is refused where it is a parameter file alone', async () => {
    const { exit, stdout, stderr } = await lint('parameter-file-alone.parameters.json');
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
    expect(stderr).toMatch(/parameter file.*template.*--parameters/);
  });

  it('is refused where it is an az CLI script, with what to do instead', async () => {
    const { exit, stdout, stderr } = await lint('firewall-rules.azcli');
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
    expect(stderr).toMatch(/az CLI script.*export the policy instead/);
  });
});
