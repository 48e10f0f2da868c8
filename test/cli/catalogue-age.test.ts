import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dateOfData } from '../../src/requirements/index.ts';
import { runIn, type Outcome } from '../commands/io.ts';

const CLI = join(import.meta.dirname, '../../fixtures/cli');
const FILE = 'all-that-aks-needs.json';

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const READ = dateOfData();
const LAST_DAY = daysAfter(READ, 180);
const TOO_OLD = daysAfter(READ, 181);
const NOTICE = `The catalogue of requirements was read on ${READ}, 181 days before ${TOO_OLD}: Microsoft may have changed what AKS needs since then. Update aks-egress-lint; 'aks-egress-lint requirements --diff FILE' compares it with the article as it is now.`;

async function lint(today: string, ...argv: string[]): Promise<readonly string[]> {
  const flags = ['--no-config', '--source', '10.240.0.0/22', '--format', 'json'];
  const { stdout } = await runIn({ cwd: CLI, today }, FILE, ...flags, ...argv);
  return (JSON.parse(stdout) as { notices: string[] }).notices.filter((one) => one.includes('catalogue'));
}

async function list(today: string, ...argv: string[]): Promise<Outcome> {
  return runIn({ cwd: CLI, today }, 'requirements', '--no-config', ...argv);
}

describe('an old catalogue', () => {
  it('says its age in a report, once, from the 181st day on', async () => {
    expect(await lint(TOO_OLD)).toEqual([NOTICE]);
    expect(await lint(LAST_DAY)).toEqual([]);
    expect(await lint('2026-01-31')).toEqual([]);
  });

  it('says its age beside the list, which programs read', async () => {
    for (const format of ['pretty', 'json', 'markdown', 'panos']) {
      expect((await list(TOO_OLD, '--format', format)).stderr).toBe(`aks-egress-lint: ${NOTICE}\n`);
      expect((await list(LAST_DAY, '--format', format)).stderr).toBe('');
    }
  });

  it('is not old on the day that --as-of pins, and is on one that it cannot know of', async () => {
    expect(await lint(TOO_OLD, '--as-of', READ)).toEqual([]);
    expect(await lint(READ, '--as-of', TOO_OLD)).toEqual([NOTICE]);
    expect((await list(TOO_OLD, '--as-of', READ)).stderr).toBe('');
    expect((await list(READ, '--as-of', TOO_OLD)).stderr).toBe(`aks-egress-lint: ${NOTICE}\n`);
  });

  it('changes no verdict and no exit code', async () => {
    const run = async (today: string): Promise<Outcome> =>
      runIn({ cwd: CLI, today }, FILE, '--no-config', '--source', '10.240.0.0/22', '--format', 'sarif');
    const [old, young] = [await run(TOO_OLD), await run(LAST_DAY)];
    const results = ({ stdout }: Outcome): unknown =>
      (JSON.parse(stdout) as { runs: { results: unknown }[] }).runs[0]?.results;
    expect(old.code).toBe(young.code);
    expect(results(old)).toEqual(results(young));
  });
});

describe('the list', () => {
  it('says of which day the catalogue is', async () => {
    for (const format of ['pretty', 'markdown'])
      expect((await list(READ, '--format', format)).stdout).toContain(`The catalogue was read on ${READ}.`);
  });
});

describe('the day of --as-of, or of asOf in the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'as-of-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const policy = (host: string): string =>
    JSON.stringify({
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      name: 'hub/aks',
      properties: {
        priority: 200,
        ruleCollections: [
          {
            ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
            name: 'application',
            priority: 200,
            action: { type: 'Allow' },
            rules: [
              {
                ruleType: 'ApplicationRule',
                name: 'host',
                sourceAddresses: ['10.240.0.0/22'],
                protocols: [{ protocolType: 'Https', port: 443 }],
                targetFqdns: [host],
              },
            ],
          },
        ],
      },
    });

  interface Found {
    readonly findings: readonly { readonly check: string; readonly requirement: string | null }[];
  }

  async function findings(host: string, config: string, ...argv: string[]): Promise<Found['findings']> {
    writeFileSync(join(folder, 'policy.json'), policy(host));
    writeFileSync(join(folder, '.aks-egress-lint.yaml'), config);
    const { stdout } = await runIn({ cwd: folder }, 'policy.json', '--format', 'json', ...argv);
    return (JSON.parse(stdout) as Found).findings;
  }

  const CHINA =
    'profile: { cloud: AzureChinaCloud, region: chinaeast2, features: [defender] }\nsources: [10.240.0.0/22]\n';
  const defender = (found: Found['findings']): readonly unknown[] =>
    found.filter(({ requirement }) => requirement?.startsWith('defender/') === true);

  it('decides which rows a cluster needs: Defender in China ends on 2026-08-18', async () => {
    expect(defender(await findings('mcr.microsoft.com', CHINA, '--as-of', '2026-08-17'))).not.toEqual([]);
    expect(defender(await findings('mcr.microsoft.com', CHINA, '--as-of', '2026-08-18'))).toEqual([]);
    expect(defender(await findings('mcr.microsoft.com', `${CHINA}asOf: 2026-08-17\n`))).not.toEqual([]);
    // The flag wins.
    expect(
      defender(await findings('mcr.microsoft.com', `${CHINA}asOf: 2026-08-17\n`, '--as-of', '2026-08-18')),
    ).toEqual([]);
  });

  it('decides which rows are new: Defender’s own host stands in the article since 2025-07-03', async () => {
    const rows = async (...argv: string[]): Promise<readonly string[]> => {
      writeFileSync(join(folder, '.aks-egress-lint.yaml'), 'profile: { features: [defender] }\n');
      const { stdout } = await runIn({ cwd: folder }, 'requirements', '--format', 'json', ...argv);
      return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    };
    expect(await rows('--as-of', '2025-07-02')).not.toContain('defender/cloud');
    expect(await rows('--as-of', '2025-07-03')).toContain('defender/cloud');
    expect(await rows()).toContain('defender/cloud');
  });

  it('decides which hosts are retired: OneGet’s since June 2025', async () => {
    const config = 'profile: { region: westeurope, features: [windows] }\nsources: [10.240.0.0/22]\n';
    const retired = async (day: string): Promise<number> =>
      (await findings('onegetcdn.azureedge.net', config, '--as-of', day)).filter(
        ({ check }) => check === 'retired-endpoint',
      ).length;
    expect(await retired('2025-05-31')).toBe(0);
    expect(await retired('2025-06-01')).toBe(1);
  });
});
