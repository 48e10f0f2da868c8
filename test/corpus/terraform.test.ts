import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/commands/inputs.ts';
import { terraformFor } from '../../src/commands/terraform.ts';
import type { Policy, Rule } from '../../src/model/policy.ts';
import { parseInputs } from '../../src/parsers/index.ts';
import type { Report } from '../../src/reporters/report.ts';
import { runIn } from '../commands/io.ts';

const CORPUS = '../shared/corpus';
/** Repositories checked out as `<owner>__<name>`: node scripts/terraform-corpus.js --mirror DIR. */
const MIRROR = process.env['MIRROR'];

interface Entry {
  readonly kind: string;
  readonly repo: string;
  readonly path: string;
  readonly file: string;
}

const entries: readonly Entry[] = existsSync(`${CORPUS}/MANIFEST.tsv`)
  ? readFileSync(`${CORPUS}/MANIFEST.tsv`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [kind = '', repo = '', , path = '', file = ''] = line.split('\t');
        return kind.startsWith('tf-') ? [{ kind, repo, path, file }] : [];
      })
  : [];

async function policiesOf(path: string): Promise<readonly Policy[]> {
  const output = { isTerminal: false, columns: 0, write: () => undefined };
  const cwd = process.cwd();
  const { files, folders } = readInputs([path], {
    ...{ cwd, env: {}, today: '2026-01-31', stdout: output, stderr: output },
    readStdin: () => new Uint8Array(),
  });
  const sources = folders.length === 0 ? files : files.filter((file) => /\.tf(?:vars)?$/.test(file.path));
  const terraform = await terraformFor(sources, { folders, valueFiles: [] }, cwd);
  return parseInputs(sources, { cloud: 'AzureCloud', parameters: [], basePolicies: [], terraform }).policies;
}

interface Count {
  readonly known: number;
  readonly unknown: number;
  /** Those of the unknown ones that need no remote data. */
  readonly own: number;
  readonly reasons: readonly string[];
}

/** Sources, destinations and services of all rules, and how many of them are not known. */
function countOf(policies: readonly Policy[]): Count {
  const unknowns = policies.flatMap(({ rules }) => rules.flatMap(unknownsOf));
  const all = policies.flatMap(({ rules }) =>
    rules.map(
      ({ sources, destinations, services }) => sources.length + destinations.length + services.length,
    ),
  );
  const total = all.reduce((sum, one) => sum + one, 0);
  return {
    known: total - unknowns.length,
    unknown: unknowns.length,
    own: unknowns.filter((reason) => !REMOTE.test(reason)).length,
    reasons: [...new Set(unknowns)],
  };
}

function unknownsOf({ opaque, sources, destinations, services }: Rule): string[] {
  return [
    ...(opaque === undefined ? [] : [opaque.reason]),
    ...[...sources, ...destinations].flatMap((one) => ('unknown' in one ? [one.unknown.reason] : [])),
    ...services.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown.reason])),
  ];
}

/** Shown beside the results, so that a reader sees the count of each entry. */
function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What no configuration holds: data read from Azure, another state, values that the user keeps elsewhere. */
const REMOTE =
  /is read from|another state|not in the input|has no value|known after apply|known when Terraform runs|does not set variable/;

describe.skipIf(entries.length === 0)('states and plans of public repositories', () => {
  const stored = entries.filter(({ file }) => file !== '(fetch it)');

  it.each(stored)('$file is read, or refused with a reason', async ({ file }) => {
    if (file.includes('nofirewall')) {
      await expect(policiesOf(`${CORPUS}/${file}`)).rejects.toThrow('no firewall resources in this plan');
      return;
    }
    const policies = await policiesOf(`${CORPUS}/${file}`);
    const { known, unknown, reasons } = countOf(policies);
    report(`${file}: ${unknown} of ${known + unknown} unknown`);
    expect(policies.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => !REMOTE.test(reason))).toEqual([]);
  });
});

describe.skipIf(entries.length === 0 || MIRROR === undefined)(
  'configurations of public repositories (needs --mirror)',
  () => {
    const folderOf = (repo: string): string => join(MIRROR ?? '', repo.replace('/', '__'));
    const repos = [
      ...new Set(entries.filter(({ kind }) => kind === 'tf-src').map(({ repo }) => repo)),
    ].filter((repo) => existsSync(folderOf(repo)));

    it.each(repos)('%s loads, with little that is not known', async (repo) => {
      const paths = entries.filter((entry) => entry.kind === 'tf-src' && entry.repo === repo);
      const valuesOnly = paths.filter(({ path }) => path.endsWith('.tfvars'));
      const inputs = valuesOnly.length > 0 ? valuesOnly.map(({ path }) => path) : [''];
      for (const input of inputs) {
        const policies = await policiesOf(join(folderOf(repo), input));
        const { known, unknown, own, reasons } = countOf(policies);
        report(
          `${repo} ${input}: ${unknown} of ${known + unknown} unknown${reasons.map((one) => `\n  ${one}`).join('')}`,
        );
        expect(policies.length).toBeGreaterThan(0);
        expect(own / Math.max(1, known + unknown)).toBeLessThanOrEqual(0.02);
      }
    });

    const states = entries.filter(
      ({ repo, path, file }) =>
        file === '(fetch it)' && path.endsWith('.tfstate') && existsSync(join(folderOf(repo), path)),
    );

    it.each(states)('$repo $path is read', async ({ repo, path }) => {
      const policies = await policiesOf(join(folderOf(repo), path));
      const { known, unknown } = countOf(policies);
      report(`${repo} ${path}: ${unknown} of ${known + unknown} unknown`);
      expect([known > 0, unknown]).toEqual([true, 0]);
    });

    /** As a reader of the repositories judged them. */
    const EXPECTED: readonly (readonly [
      repo: string,
      path: string,
      check: string,
      words: string,
      token: string,
    ])[] = [
      ['Maantol/AZ-Private-AKS-FW-AppGW', '', 'misspelled-endpoint', "'ntp-ubuntu.com'", '"ntp-ubuntu.com"'],
      [
        'DashrathMundkar/private-aks-cluster-terraform',
        '',
        'unknown-service-tag',
        "'AzureKubernetesService'",
        '"AzureKubernetesService"',
      ],
      [
        'DashrathMundkar/private-aks-cluster-terraform',
        '',
        'dotless-wildcard',
        "'*auth.docker.io'",
        '"*auth.docker.io"',
      ],
      [
        'fortunkam/aks-secure-baseline',
        '',
        'dotless-wildcard',
        "'*blob.core.windows.net'",
        '"*blob.core.windows.net"',
      ],
      ['fortunkam/aks-secure-baseline', '', 'broad-destination', 'every destination', '"*"'],
      ['husseinsa/private-aks-cluster-baseline', '', 'broad-service-tag', "'AzureCloud'", '"AzureCloud"'],
      ['rickijen/private-aks-terraform', '', 'broad-destination', "'*.azure.com'", '"*.azure.com"'],
      ['Azure-Samples/private-aks-cluster-terraform-devops', '', 'broad-destination', "'Internet'", '"*"'],
      [
        'Azure/AKS-Landing-Zone-Accelerator',
        'Scenarios/AKS-Secure-Baseline-PrivateCluster/Terraform/03-Network-Hub',
        'unknown-service-tag',
        "'AzureCloud.*'",
        '"AzureCloud.*"',
      ],
    ];

    it.each(EXPECTED)('in %s %s it finds %s about %s', async (repo, path, check, words, token) => {
      const { stdout } = await runIn(
        { cwd: folderOf(repo) },
        ...[path === '' ? '.' : path, '--no-config', '--format', 'json', '--fail-on', 'never'],
      );
      const { findings } = JSON.parse(stdout) as Report;
      const found = findings.filter((one) => one.check === check && one.message.includes(words));
      expect(found.length).toBeGreaterThan(0);
      const tokens = found.map(({ location }) => {
        const line = readFileSync(join(folderOf(repo), location.path), 'utf8').split(/\r?\n/)[
          location.startLine - 1
        ];
        return line?.slice(location.startColumn - 1, location.endColumn - 1);
      });
      expect(tokens).toContain(token);
    });
  },
);
