import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/commands/inputs.ts';
import { terraformFor } from '../../src/commands/terraform.ts';
import type { Place } from '../../src/model/place.ts';
import type { Policy, Rule } from '../../src/model/policy.ts';
import { parseInputs } from '../../src/parsers/index.ts';
import type { Report } from '../../src/reporters/report.ts';
import { runIn } from '../commands/io.ts';
import { CORPUS, MIRROR, type Entry, entriesOf, report, unknownsOf } from './manifest.ts';
import { stateInPlan } from './plan-file.ts';

const entries = entriesOf('tf-');

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
function countOf(rules: readonly Rule[]): Count {
  const unknowns = rules.flatMap(unknownsOf);
  const total = rules.reduce(
    (sum, { sources, destinations, services, opaque }) =>
      sum + sources.length + destinations.length + services.length + (opaque === undefined ? 0 : 1),
    0,
  );
  return {
    known: total - unknowns.length,
    unknown: unknowns.length,
    own: unknowns.filter((reason) => !REMOTE.test(reason)).length,
    reasons: [...new Set(unknowns)],
  };
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
    const { known, unknown, reasons } = countOf(policies.flatMap(({ rules }) => rules));
    report(`${file}: ${unknown} of ${known + unknown} unknown`);
    expect(policies.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => !REMOTE.test(reason))).toEqual([]);
  });
});

describe.skipIf(entries.length === 0 || MIRROR === undefined)(
  'configurations of public repositories (needs --mirror)',
  () => {
    const folderOf = (repo: string): string => join(MIRROR ?? '', repo.replace('/', '__'));
    const pathsOf = ({ repo, path }: Entry): string[] =>
      path.split(' ').map((one) => join(folderOf(repo), one));
    const [mirrored, absent] = [true, false].map((wanted) =>
      entries.filter((entry) => entry.file === '(fetch it)' && pathsOf(entry).every(existsSync) === wanted),
    );
    const wholes = new Map<string, Promise<readonly Policy[]>>();

    /** All of a repository, or a file of values by itself. */
    function wholeOf({ repo, path }: Entry): Promise<readonly Policy[]> {
      const input = join(folderOf(repo), path.endsWith('.tfvars') ? path : '');
      const whole = wholes.get(input) ?? policiesOf(input);
      wholes.set(input, whole);
      return whole;
    }

    /** The rules that an entry writes; all that it makes where it is a module whose rules are written by its callers. */
    function rulesOf(policies: readonly Policy[], entry: Entry): readonly Rule[] {
      const rules = policies.flatMap((policy) => policy.rules);
      const isWithin = ({ path }: Place): boolean =>
        pathsOf(entry).some((own) => own === path || relative(own, path).search(/^(?:\.\.|$)/) < 0);
      const own = rules.filter(({ place }) => isWithin(place));
      return own.length > 0 ? own : rules;
    }

    it.each((mirrored ?? []).filter(({ kind }) => kind === 'tf-src'))(
      '$repo $path loads, with little that is not known',
      async (entry) => {
        const policies = await wholeOf(entry);
        const { known, unknown, own, reasons } = countOf(rulesOf(policies, entry));
        report(
          `${entry.repo} ${entry.path}: ${unknown} of ${known + unknown} unknown${reasons.map((one) => `\n  ${one}`).join('')}`,
        );
        expect(policies.length).toBeGreaterThan(0);
        expect(own / Math.max(1, known + unknown)).toBeLessThanOrEqual(0.02);
      },
    );

    it.each((mirrored ?? []).filter(({ path }) => path.endsWith('.tfstate')))(
      '$repo $path is read',
      async ({ repo, path }) => {
        const policies = await policiesOf(join(folderOf(repo), path));
        const { known, unknown } = countOf(policies.flatMap(({ rules }) => rules));
        report(`${repo} ${path}: ${unknown} of ${known + unknown} unknown`);
        expect([known > 0, unknown]).toEqual([true, 0]);
      },
    );

    const saved = (mirrored ?? []).filter(
      ({ kind, path }) => kind !== 'tf-src' && !path.endsWith('.tfstate'),
    );

    it.each(saved.filter(({ kind }) => kind === 'tf-state'))(
      'the state in $repo $path is read',
      async ({ repo, path }) => {
        const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-state-'));
        try {
          const state = stateInPlan(readFileSync(join(folderOf(repo), path)));
          writeFileSync(join(folder, 'terraform.tfstate'), state ?? '');
          const policies = await policiesOf(join(folder, 'terraform.tfstate'));
          const { known, unknown } = countOf(policies.flatMap(({ rules }) => rules));
          report(`${repo} ${path} (its state): ${unknown} of ${known + unknown} unknown`);
          expect([known > 0, unknown]).toEqual([true, 0]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );

    it.each(saved.filter(({ kind }) => kind === 'tf-plan'))(
      '$repo $path, a plan as Terraform saves it, is refused with what to do',
      async ({ repo, path }) => {
        await expect(policiesOf(join(folderOf(repo), path))).rejects.toThrow('terraform show -json');
      },
    );

    it.for(absent ?? [])('$kind $repo $path is not in the mirror', (_entry, { skip }) => {
      skip();
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
