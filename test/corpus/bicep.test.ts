import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bicepFor } from '../../src/commands/bicep.ts';
import { readInputs } from '../../src/commands/inputs.ts';
import { InputError } from '../../src/errors.ts';
import type { Policy } from '../../src/model/policy.ts';
import { parseInputs, type Parsed } from '../../src/parsers/index.ts';
import type { Report } from '../../src/reporters/report.ts';
import { named } from '../cli/repository.ts';
import { runIn } from '../commands/io.ts';
import { CORPUS, MIRROR, entriesOf, report, unknownsOf } from './manifest.ts';

const entries = entriesOf('bicep-');

const folderOf = (repo: string): string => join(MIRROR ?? '', repo.replace('/', '__'));

async function parse(path: string, given: Readonly<Record<string, unknown>> = {}): Promise<Parsed> {
  const output = { isTerminal: false, columns: 0, write: () => undefined };
  const io = {
    ...{ cwd: process.cwd(), env: {}, today: '2026-01-31', stdout: output, stderr: output },
    readStdin: () => new Uint8Array(),
  };
  const { files, folders } = readInputs([path], io);
  const bicep = await bicepFor(files, { folders, reader: 'source' }, io);
  const values = Object.entries(given).map(([name, value]) => [name, { value }] as const);
  const bytes = new TextEncoder().encode(JSON.stringify({ parameters: Object.fromEntries(values) }));
  const parameters = values.length === 0 ? [] : [{ path: 'given.json', bytes, named: true }];
  return parseInputs(files, { cloud: 'AzureCloud', parameters, basePolicies: [], bicep });
}

/** Everything of the policies but where it is; the reason of a refusal without the name of the file. */
async function meaning(path: string, given: Readonly<Record<string, unknown>>): Promise<object | string> {
  try {
    const { policies } = await parse(path, given);
    return policies.map(({ name, tier, dnsProxy, threatIntel, chain, rules }) => ({
      ...{ name, tier, dnsProxy, threatIntel, chain },
      rules: rules.map((rule) => ({
        ...{ id: rule.id, action: rule.action, stage: rule.stage, order: rule.order },
        opaque: rule.opaque?.reason,
        conditional: rule.conditional !== undefined,
        sources: rule.sources.map(({ text }) => text),
        destinations: rule.destinations.map(({ text }) => text),
        services: rule.services.map(({ text }) => text),
      })),
    }));
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

interface Count {
  readonly all: number;
  readonly unknown: number;
  /** Those of the unknown ones that need no data of the deployment. */
  readonly own: readonly string[];
}

/** Sources, destinations and services of all rules, and how many of them are not known. */
function countOf(policies: readonly Policy[]): Count {
  const rules = policies.flatMap((policy) => policy.rules);
  const unknown = rules.flatMap(unknownsOf);
  const all = rules.reduce(
    (sum, { sources, destinations, services }) =>
      sum + sources.length + destinations.length + services.length,
    0,
  );
  return { all, unknown: unknown.length, own: unknown.filter((reason) => !AT_DEPLOYMENT.test(reason)) };
}

/** What no file holds: values that are given when it is deployed, and what Azure alone knows. */
const AT_DEPLOYMENT =
  /has no value|only at the time of the deployment|gives live state|the rules come from parameters|is not in the input|only after the deployment/;

describe.skipIf(entries.length === 0 || MIRROR === undefined)(
  'Bicep of public repositories (needs --mirror)',
  () => {
    const sources = entries.filter(({ kind }) => kind === 'bicep-src');

    /** These deploy no firewall with the values at hand, and the message says so. */
    const OFF = /goncalvesj/;

    it.each(sources.filter(({ repo }) => !OFF.test(repo)))(
      '$repo $path loads, with little that is not known',
      async ({ repo, path }) => {
        const { policies } = await parse(join(folderOf(repo), path));
        const { all, unknown, own } = countOf(policies);
        report(`${repo} ${path}: ${unknown} of ${all} unknown, ${own.length} without need`);
        expect(policies.length).toBeGreaterThan(0);
        expect(all).toBeGreaterThan(0);
        expect({ ratio: own.length / all, reasons: own }).toEqual({
          ratio: own.length / all <= 0.02 ? own.length / all : 0.02,
          reasons: own,
        });
      },
    );

    it.each(sources.filter(({ repo }) => OFF.test(repo)))(
      '$repo $path says that it is off',
      async ({ repo, path }) => {
        await expect(parse(join(folderOf(repo), path))).rejects.toThrow(
          'with the parameter values at hand it deploys no firewall policy',
        );
      },
    );

    /** As a reader of the repositories judged them, from the article and the text of each file. */
    const EXPECTED: readonly (readonly [
      repo: string,
      path: string,
      check: string,
      words: string,
      token: string,
    ])[] = [
      [
        'mspnp/aks-baseline',
        'network-team/hub-regionA.bicep',
        'broad-service-tag',
        "'AzureCloud.",
        "'AzureCloud.${location}'",
      ],
      ['mspnp/aks-baseline', 'network-team/hub-regionA.bicep', 'unneeded-entry', "'*' on UDP 53", "'*'"],
      [
        'mspnp/aks-baseline',
        'network-team/hub-regionA.bicep',
        'feature-not-enabled',
        "'data.policy.core.windows.net'",
        "'data.policy.${environment().suffixes.storage}'",
      ],
      [
        'kabaaali/aks-baseline',
        'network-team/hub-regionA.bicep',
        'broad-service-tag',
        "'AzureCloud.",
        "'AzureCloud.${location}'",
      ],
      [
        'mspnp/aks-baseline-multi-region',
        'networking/hub-region.v1.1.bicep',
        'broad-service-tag',
        "'AzureCloud.",
        "'AzureCloud.${location}'",
      ],
      [
        'mspnp/aks-fabrikam-dronedelivery',
        'networking/hub-regionA.bicep',
        'retired-endpoint',
        "'*.cdn.mscr.io'",
        "'*.cdn.mscr.io'",
      ],
      [
        'Azure/AKS-Construction',
        'bicep/firewall.bicep',
        'unneeded-entry',
        'TCP 22 in rule',
        "'AzureCloud.${location}'",
      ],
      [
        'Azure/AKS-Landing-Zone-Accelerator',
        'Scenarios/AKS-Secure-Baseline-PrivateCluster/Bicep/03-Network-Hub/main.bicep',
        'broad-destination',
        "'*.azmk8s.io'",
        "'*.azmk8s.io'",
      ],
      [
        'Azure/aks-baseline-automation',
        'IaC/bicep/rg-hub/hub-default.bicep',
        'broad-service-tag',
        "'AzureCloud.",
        "'AzureCloud.${location}'",
      ],
      [
        'Azure/azure-spring-apps-landing-zone-accelerator',
        'Scenarios/ASA-Secure-Baseline/Bicep/05-Hub-AzureFirewall/main.bicep',
        'unneeded-entry',
        "'*.azureedge.net'",
        "'*.azureedge.net'",
      ],
    ];

    /**
     * What a cluster gets, judged by hand: the hubs of the reference architectures take the AzureKubernetesService tag on
     * 443 only, so Ubuntu over HTTP is left out; the older one lists the names of its day, without packages.aks.azure.com;
     * OpenShift and Container Apps need other names than AKS.
     */
    const CORE = [
      'mcr.microsoft.com',
      '*.data.mcr.microsoft.com',
      'management.azure.com',
      'login.microsoftonline.com',
      'packages.microsoft.com',
      'packages.aks.azure.com',
    ];
    const UBUNTU = ['security.ubuntu.com', 'azure.archive.ubuntu.com', 'changelogs.ubuntu.com'];
    const all = (hosts: readonly string[], verdict: string): Record<string, string> =>
      Object.fromEntries(hosts.map((host) => [host, verdict]));
    const BASELINE = { ...all(CORE, 'covered'), ...all(UBUNTU, 'missing') };
    const JUDGED: readonly (readonly [
      repo: string,
      path: string,
      verdicts: Record<string, string>,
      errors: readonly string[],
    ])[] = [
      ['mspnp/aks-baseline', 'network-team/hub-regionA.bicep', BASELINE, []],
      ['kabaaali/aks-baseline', 'network-team/hub-regionA.bicep', BASELINE, []],
      ['Azure/aks-baseline-automation', 'IaC/bicep/rg-hub/hub-default.bicep', BASELINE, []],
      [
        'mspnp/aks-fabrikam-dronedelivery',
        'networking/hub-regionA.bicep',
        {
          ...all(CORE.slice(0, 5), 'covered'),
          'packages.aks.azure.com': 'unknown',
          ...all(UBUNTU, 'covered'),
        },
        ['covered-only-by-address packages.aks.azure.com'],
      ],
      [
        'Azure/AKS-Landing-Zone-Accelerator',
        'Scenarios/AKS-Secure-Baseline-PrivateCluster/Bicep/03-Network-Hub/main.bicep',
        { ...all(CORE, 'covered'), '*.hcp.<region>.azmk8s.io': 'covered' },
        [],
      ],
      ['Azure/AKS-Construction', 'bicep/firewall.bicep', all(CORE, 'covered'), []],
      ['axgonz/az-firewall-policy-sample', 'src', { ...all(CORE, 'covered'), ...all(UBUNTU, 'covered') }, []],
      [
        'grantomation/azure-red-hat-openshift-landing-zone',
        'modules/firewall.bicep',
        { ...all(CORE.slice(0, 2), 'covered'), ...all(CORE.slice(2), 'missing'), ...all(UBUNTU, 'missing') },
        ['*.hcp.<region>.azmk8s.io', ...CORE.slice(2)].map((host) => `missing-required ${host}`),
      ],
    ];

    it.each(JUDGED)('%s %s is judged as by hand', async (repo, path, verdicts, errors) => {
      const { stdout } = await runIn(
        { cwd: folderOf(repo) },
        ...[path, '--no-config', '--format', 'json', '--fail-on', 'never'],
      );
      const { runs, findings } = JSON.parse(stdout) as Report;
      expect(runs).toHaveLength(1);
      const found = new Map(runs[0]?.requirements.map(({ destination, verdict }) => [destination, verdict]));
      expect(Object.fromEntries(Object.keys(verdicts).map((host) => [host, found.get(host)]))).toEqual(
        verdicts,
      );
      const wrong = findings.filter(({ level }) => level === 'error');
      expect(named(wrong)).toEqual([...errors].sort());
    });

    it.each(EXPECTED)('in %s %s it finds %s about %s', async (repo, path, check, words, token) => {
      const { stdout } = await runIn(
        { cwd: folderOf(repo) },
        ...[path, '--no-config', '--format', 'json', '--fail-on', 'never'],
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

/** Compiled templates of the corpus with their sources at the same commit: no differences to explain. */
const ON = { azureFirewalls: true, custom_vnet: true };
const AKS_CONSTRUCTION = 'Azure__AKS-Construction';
const AVM = 'Azure__bicep-registry-modules/avm';
const MISSION = 'Azure__missionlz/src';
const SAMPLES = 'Azure__bicep/src/Bicep.Core.Samples/Files/user_submitted';
const PAIRS: readonly (readonly [
  compiled: string,
  source: string,
  given: Readonly<Record<string, unknown>>,
  rules: number,
])[] = [
  [`${AKS_CONSTRUCTION}__compiled-main.json`, `${AKS_CONSTRUCTION}@004b854/bicep/main.bicep`, ON, 4],
  [`${AKS_CONSTRUCTION}__bicep-main.json`, `${AKS_CONSTRUCTION}@09683c9/bicep/main.bicep`, ON, 4],
  [
    `${AKS_CONSTRUCTION}__SampleAppMain.json`,
    `${AKS_CONSTRUCTION}@d1a98d0/samples/SampleAppMain.bicep`,
    {},
    0,
  ],
  [
    'Azure__aca-landing-zone-accelerator__aca-main.json',
    'Azure__aca-landing-zone-accelerator/scenarios/aca-internal/bicep/main.bicep',
    {},
    11,
  ],
  [
    'Azure__bicep-registry-modules__avm-firewall-policy-main.json',
    `${AVM}/res/network/firewall-policy/main.bicep`,
    {},
    2,
  ],
  [
    'Azure__bicep-registry-modules__avm-rcg-main.json',
    `${AVM}/res/network/firewall-policy/rule-collection-group/main.bicep`,
    {},
    2,
  ],
  [
    'Azure__bicep-registry-modules__avm-hub-networking-main.json',
    `${AVM}/ptn/network/hub-networking/main.bicep`,
    {},
    0,
  ],
  [
    'Azure__bicep-registry-modules__avm-azure-firewall-main.json',
    `${AVM}/res/network/azure-firewall/main.bicep`,
    {},
    2,
  ],
  ['Azure__missionlz__mlz.json', `${MISSION}/mlz.bicep`, {}, 4],
  ['Azure__missionlz__avd-solution.json', `${MISSION}/add-ons/azure-virtual-desktop/solution.bicep`, {}, 4],
  [
    'Azure__bicep__azfwpolicy.json',
    `${SAMPLES}/301/modules-vwan-to-vnet-s2s-with-fw/azfwpolicy.bicep`,
    {},
    3,
  ],
  ['Azure__bicep__azfw-zones-main.json', `${SAMPLES}/101/azurefirewall-create-with-zones/main.bicep`, {}, 2],
  [
    'Azure__ResourceModules__carml-azure-firewall-main.json',
    'Azure__ResourceModules@31c99f4/modules/network/azure-firewall/main.bicep',
    {},
    2,
  ],
];

describe.skipIf(entries.length === 0 || MIRROR === undefined)('what was compiled (needs --mirror)', () => {
  it.each(PAIRS)('%s says what its source says', async (compiled, source, given, rules) => {
    const own = await meaning(join(MIRROR ?? '', source), given);
    expect(own).toEqual(await meaning(`${CORPUS}/bicep-compiled/${compiled}`, given));
    const found = Array.isArray(own) ? own.flatMap((policy: { rules: unknown[] }) => policy.rules) : [];
    expect(found).toHaveLength(rules);
  });
});
