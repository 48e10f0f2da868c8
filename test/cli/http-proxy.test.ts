import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report, RequirementRow } from '../../src/reporters/report.ts';
import { runIn } from '../commands/io.ts';
import { inSubnet, network } from './azure.ts';

/** Nodes in 10.240.0.0/22 that ask a proxy for HTTP and HTTPS: https://learn.microsoft.com/azure/aks/http-proxy */

const FIXTURE = join(import.meta.dirname, '../../fixtures/cli/all-that-aks-needs.json');
const PUBLIC = { apiServerAccessProfile: null };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-proxy-'));
  mkdirSync(join(root, '.git'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The policy that allows everything for one network, judged for the cluster. */
async function judged(
  allowedFor: string,
  proxy: object,
  flags: readonly string[] = [],
  resources: readonly object[] = [network({})],
): Promise<Report> {
  const policy = readFileSync(FIXTURE, 'utf8').replaceAll('10.240.0.0/22', allowedFor);
  writeFileSync(join(root, 'policy.json'), policy);
  const aks = inSubnet({}, { ...PUBLIC, httpProxyConfig: proxy });
  writeFileSync(join(root, 'aks.json'), JSON.stringify([aks, ...resources]));
  const argv = ['policy.json', '--cluster', 'aks.json', ...flags, '--format', 'json'];
  const { stdout, stderr } = await runIn({ cwd: root }, ...argv);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

const verdictOf = ({ runs: [run] }: Report, destination: string): RequirementRow['verdict'] | undefined =>
  run?.requirements.find((row) => row.destination === destination)?.verdict;
const missingOf = ({ findings }: Report): string[] =>
  findings.flatMap(({ check, requirement }) => (check === 'missing-required' ? (requirement ?? '') : []));
const proxyMessage = ({ findings }: Report): string | undefined =>
  findings.find(({ check }) => check === 'http-proxy-needs-rules')?.message;

const BY_ADDRESS = { httpProxy: 'http://10.0.2.4:3128/', httpsProxy: 'http://10.0.2.4:3128/' };
const BY_NAME = { httpProxy: 'http://proxy.contoso.com:3128/', httpsProxy: 'http://proxy.contoso.com:3128/' };

describe('a cluster behind a proxy whose address is written', () => {
  it('needs the list for the proxy, not for its nodes', async () => {
    const report = await judged('10.0.2.4', BY_ADDRESS);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(report.runs[0]?.sources).toEqual(['10.0.2.4', '10.240.0.0/22']);
    expect(proxyMessage(report)).toBe(
      "Cluster 'aks' sends its HTTP and HTTPS traffic to the proxy 'http://10.0.2.4:3128/', so the proxy must allow what AKS needs, and policy 'egress' must allow it for the proxy. Its rules are judged for the address 10.0.2.4 of the proxy.",
    );
  });

  it('is not served by rules for its nodes alone', async () => {
    const report = await judged('10.240.0.0/22', BY_ADDRESS);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('missing');
  });

  it('reaches the API server from its nodes, which AKS excepts from the proxy', async () => {
    expect(verdictOf(await judged('10.240.0.0/22', BY_ADDRESS), '*.hcp.westeurope.azmk8s.io')).toBe(
      'covered',
    );
    expect(missingOf(await judged('10.0.2.4', BY_ADDRESS))).toEqual(['core/api-server']);
  });

  it('reaches what noProxy excepts from its nodes', async () => {
    const excepting = (...noProxy: string[]): Promise<Report> =>
      judged('10.0.2.4', { ...BY_ADDRESS, noProxy });
    expect(verdictOf(await excepting('mcr.microsoft.com'), 'mcr.microsoft.com')).toBe('missing');
    expect(verdictOf(await excepting('.microsoft.com'), 'mcr.microsoft.com')).toBe('missing');
    expect(verdictOf(await excepting('10.0.0.0/8', 'cr.microsoft.com'), 'mcr.microsoft.com')).toBe('covered');
  });

  it('takes the exceptions that Azure returns before those that were asked for', async () => {
    const proxy = { ...BY_ADDRESS, noProxy: [], effectiveNoProxy: ['mcr.microsoft.com'] };
    expect(verdictOf(await judged('10.0.2.4', proxy), 'mcr.microsoft.com')).toBe('missing');
  });

  it('is judged for the proxy where the networks of its nodes are not known', async () => {
    const report = await judged('10.0.2.4', BY_ADDRESS, [], []);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(verdictOf(report, '*.hcp.westeurope.azmk8s.io')).toBe('unknown');
    expect(missingOf(report)).toEqual([]);
  });

  it('takes the sources that are given for its nodes', async () => {
    const report = await judged('10.0.2.4', BY_ADDRESS, ['--source', '10.240.0.0/24']);
    expect(report.runs[0]?.sources).toEqual(['10.0.2.4', '10.240.0.0/24']);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(report.findings.map(({ check }) => check)).not.toContain('contradicts-cluster');
  });
});

describe('a cluster behind a proxy that has a name only', () => {
  it('leaves open what rules for some network allow the proxy', async () => {
    const report = await judged('10.240.0.0/22', BY_NAME);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('unknown');
    expect(verdictOf(report, '*.hcp.westeurope.azmk8s.io')).toBe('covered');
    expect(missingOf(report)).toEqual([]);
    expect(proxyMessage(report)).toMatch(
      /To have its rules judged for the proxy, give .* --source proxy=ADDRESS\.$/,
    );
  });

  it('is covered by rules for every network', async () => {
    expect(verdictOf(await judged('*', BY_NAME), 'mcr.microsoft.com')).toBe('covered');
  });

  it('is judged for the address that --source gives it', async () => {
    const report = await judged('10.0.2.0/24', BY_NAME, ['--source', 'proxy=10.0.2.4']);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(report.runs[0]?.sources).toEqual(['10.0.2.4', '10.240.0.0/22']);
    expect(proxyMessage(report)).toMatch(/ judged for the address 10\.0\.2\.4 of the proxy\.$/);
  });

  it('is judged for sources without a kind as they are given', async () => {
    const report = await judged('10.0.2.0/24', BY_NAME, ['--source', '10.0.2.4']);
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
  });
});

describe('a proxy', () => {
  it('that is switched off changes nothing', async () => {
    const report = await judged('10.240.0.0/22', { ...BY_ADDRESS, enabled: false });
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(proxyMessage(report)).toBeUndefined();
  });

  it('is quoted without what it asks for', async () => {
    const report = await judged('10.0.2.4', { httpProxy: 'http://me:Pa55word@10.0.2.4:3128/' });
    expect(verdictOf(report, 'mcr.microsoft.com')).toBe('covered');
    expect(JSON.stringify(report)).not.toContain('Pa55word');
  });
});
