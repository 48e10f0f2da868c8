import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { collection, groupResource, policyResource, template } from '../parsers/inputs.ts';
import { aks, hosts, policyOf } from './policies.ts';
import { counting, Repository } from './repository.ts';

const LIST = readFileSync(join(import.meta.dirname, '../../fixtures/azure-lists/endpoints-az.json'), 'utf8');
const NEW = 'ingest.new-addon.example.com';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
  repository.write('endpoints.json', LIST);
  repository.write('policy.json', policyOf([aks()]));
});
afterEach(() => {
  repository.remove();
});

const FLAGS = ['--region', 'westeurope', '--source', '10.240.0.0/22'];
const report = (...argv: string[]): Promise<Report> => repository.report('policy.json', ...FLAGS, ...argv);
const listed = (...argv: string[]): Promise<Report> => report('--endpoints', 'endpoints.json', ...argv);

function endpoint(category: string, domainName: string, port: number, protocol: string): object {
  return { category, endpoints: [{ domainName, endpointDetails: [{ port, protocol }] }] };
}

function findings({ findings: all }: Report, check: string): Finding[] {
  return all.filter((finding) => finding.check === check);
}

describe('endpoints that Azure lists for the cluster', () => {
  it('that neither the catalogue has nor the firewall allows are errors, in the list where they stand', async () => {
    const [finding, ...others] = findings(await listed(), 'listed-endpoint-not-allowed');
    expect(others).toEqual([]);
    expect(finding?.level).toBe('error');
    expect(finding?.message).toBe(
      `Azure lists '${NEW}' on HTTPS 443 for this cluster (addon-new, telemetry of the new add-on), and no rule allows it.`,
    );
    expect(finding?.location).toMatchObject({ path: 'endpoints.json', pointer: '/6/endpoints/0' });
    expect(LIST.split('\n')[finding?.location.startLine ?? 0]).toContain(NEW);
  });

  it('that only the catalogue does not have are notes', async () => {
    repository.write('policy.json', policyOf([aks(), hosts('new', [NEW])]));
    const found = await listed();
    expect(findings(found, 'listed-endpoint-not-allowed')).toEqual([]);
    const notes = findings(found, 'endpoint-not-in-catalogue').filter(({ message }) => message.includes(NEW));
    expect(notes.map(({ level, message }) => [level, message])).toEqual([
      [
        'note',
        `Azure lists '${NEW}' on HTTPS 443 for this cluster (addon-new, telemetry of the new add-on) and the firewall allows it, but the catalogue does not have it.`,
      ],
    ]);
  });

  it('are needed, so that a rule for one is not called unneeded', async () => {
    repository.write('policy.json', policyOf([aks(), hosts('new', [NEW, 'unneeded.example.com'])]));
    expect(counting(await report(), 'unneeded-entry')).toEqual([NEW, 'unneeded.example.com']);
    expect(counting(await listed(), 'unneeded-entry')).toEqual(['unneeded.example.com']);
  });

  it('that are denied name the rule, those that cannot be decided what to supply', async () => {
    const collections = [
      collection('no', 200, 'Deny', [hosts('no-telemetry', ['*.example.com'])]),
      collection('app', 300, 'Allow', [aks(), hosts('new', [NEW])]),
    ];
    repository.write(
      'policy.json',
      template([policyResource('hub'), groupResource('hub/aks', 200, collections)]),
    );
    expect(findings(await listed(), 'listed-endpoint-not-allowed').map(({ message }) => message)).toEqual([
      `Azure lists '${NEW}' on HTTPS 443 for this cluster (addon-new, telemetry of the new add-on), and rule 'no-telemetry' denies it.`,
    ]);
    repository.write('policy.json', policyOf([aks(), hosts('open', ["[parameters('host')]"])]));
    const open = findings(await listed(), 'listed-endpoint-undecided');
    expect(open.map(({ level, message }) => [level, message.split('. To decide it')[0]])).toEqual([
      [
        'warning',
        `Azure lists '${NEW}' on HTTPS 443 for this cluster (addon-new, telemetry of the new add-on), and whether the rules allow it cannot be decided`,
      ],
    ]);
  });

  it('that the configuration allows are known', async () => {
    repository.write('policy.json', policyOf([aks(), hosts('new', [NEW])]));
    repository.write(
      '.aks-egress-lint.yaml',
      `allow:\n  - destinations: ['${NEW}']\n    reason: telemetry\n`,
    );
    expect(counting(await listed(), 'endpoint-not-in-catalogue')).not.toContain(NEW);
  });

  it('that no cluster needs any more are said to be so, and are no errors where they are closed', async () => {
    const found = await listed();
    const notes = findings(found, 'endpoint-not-in-catalogue').map(({ message }) => message);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("'acs-mirror.azureedge.net' on HTTPS 443");
    expect(notes[0]).toContain('fall back to acs-mirror.azureedge.net only when that fails');
    expect(notes[1]).toContain("'ntp.ubuntu.com' on UDP 123");
    expect(notes[1]).toContain('Reason: all nodes date from after March 2021.');
  });

  it('of features that the profile does not name are errors with the reason', async () => {
    repository.write('endpoints.json', [endpoint('gpu', 'nvidia.github.io', 443, 'Https')]);
    repository.write('policy.json', policyOf([hosts('mcr', ['mcr.microsoft.com'])]));
    expect(findings(await listed(), 'listed-endpoint-not-allowed').map(({ message }) => message)).toEqual([
      "Azure lists 'nvidia.github.io' on HTTPS 443 for this cluster (gpu), and no rule allows it. The catalogue has it for other clusters only: there are no GPU nodes.",
    ]);
    expect(findings(await listed('--feature', 'gpu'), 'listed-endpoint-not-allowed')).toEqual([]);
  });

  it.each([
    [
      'of a private cluster',
      ['--profile', 'private'],
      'apiserver',
      'a-1.privatelink.westeurope.azmk8s.io',
      'the cluster is private',
    ],
    [
      'of a network isolated one',
      ['--profile', 'network-isolated'],
      'images',
      'mcr.microsoft.com',
      'the cluster is network isolated',
    ],
  ])(
    'that need not pass the firewall are no errors, such as those %s',
    async (_, profile, category, host, why) => {
      repository.write('endpoints.json', [endpoint(category, host, 443, 'Https')]);
      repository.write('policy.json', policyOf([hosts('other', ['packages.microsoft.com'])]));
      const found = await listed(...profile);
      expect(findings(found, 'listed-endpoint-not-allowed')).toEqual([]);
      const [note] = findings(found, 'endpoint-not-in-catalogue');
      expect(note?.message).toContain(`'${host}'`);
      expect(note?.message).toContain(`Reason: ${why}`);
    },
  );

  it('of a feature that is off are asked for, whatever else the catalogue only prints them for', async () => {
    const [ods, blob] = ['*.ods.opinsights.azure.com', '*.blob.core.windows.net'];
    repository.write('endpoints.json', [endpoint('a', ods, 443, 'Https'), endpoint('b', blob, 443, 'Https')]);
    repository.write('policy.json', policyOf([hosts('mcr', ['mcr.microsoft.com'])]));
    const found = await listed();
    expect(counting(found, 'listed-endpoint-not-allowed').sort()).toEqual([blob, ods]);
    expect(
      findings(found, 'listed-endpoint-not-allowed')
        .map(({ message }) => message)
        .join(),
    ).toContain('Container Insights is not on');
    expect(findings(found, 'endpoint-not-in-catalogue')).toEqual([]);
  });

  it('name the feature that asks for them most closely', async () => {
    const host = 'westeurope.handler.control.monitor.azure.com';
    repository.write('endpoints.json', [endpoint('addon-monitoring', host, 443, 'Https')]);
    repository.write('policy.json', policyOf([hosts('mcr', ['mcr.microsoft.com'])]));
    const [finding] = findings(await listed(), 'listed-endpoint-not-allowed');
    expect(finding?.message).toContain('Container Insights is not on');
    expect(finding?.message).not.toContain('Backup');
  });

  it('that are listed as TCP on port 443 may be allowed by name', async () => {
    repository.write('endpoints.json', [endpoint('x', NEW, 443, 'TCP'), endpoint('x', NEW, 9443, 'TCP')]);
    repository.write('policy.json', policyOf([aks(), hosts('new', [NEW])]));
    const found = await listed();
    expect(findings(found, 'listed-endpoint-not-allowed').map(({ message }) => message)).toEqual([
      `Azure lists '${NEW}' on TCP 9443 for this cluster (x), and no rule allows it.`,
    ]);
    expect(findings(found, 'endpoint-not-in-catalogue')[0]?.message).toContain(`'${NEW}' on TCP 443`);
  });

  it('of the old tunnel are errors where the configuration says that there is none', async () => {
    repository.write('endpoints.json', [endpoint('tunnel-classic', '*.azmk8s.io', 9000, 'TCP')]);
    repository.write('.aks-egress-lint.yaml', 'profile: { konnectivity: true }\n');
    expect(findings(await listed(), 'listed-endpoint-not-allowed').map(({ message }) => message)).toEqual([
      "Azure lists '*.azmk8s.io' on TCP 9000 for this cluster (tunnel-classic), and no rule allows it. The catalogue has it for other clusters only: konnectivity is on.",
    ]);
  });

  it('the example of the REST specification has no false alarm about the API server', async () => {
    repository.write('endpoints.json', {
      value: [
        endpoint('images', 'mcr.microsoft.com', 443, 'Https'),
        endpoint('apiserver', '*.azmk8s.io', 443, 'Https'),
      ],
    });
    const found = await listed();
    expect(findings(found, 'listed-endpoint-not-allowed')).toEqual([]);
    expect(found.runs[0]?.profile['apiServerFqdn']).toBeUndefined();
  });

  it('do not stand among the requirements of the report', async () => {
    const [before, after] = [await report(), await listed()].map(({ runs }) => runs[0]);
    // The list names the API server instead of the wildcard that stands for it.
    const names = (run: typeof before): string[] =>
      (run?.requirements ?? []).map(({ id, destination }) => (id === 'core/api-server' ? id : destination));
    expect(names(after)).toEqual(names(before));
  });
});

describe('what the catalogue has and the list lacks', () => {
  it('is said in one notice, and is asked for all the same', async () => {
    repository.write('endpoints.json', [endpoint('images', 'mcr.microsoft.com', 443, 'Https')]);
    repository.write('policy.json', policyOf([hosts('mcr', ['mcr.microsoft.com'])]));
    const found = await listed();
    const [notice, ...others] = found.notices.filter((one) => one.startsWith('The endpoint list'));
    expect(others).toEqual([]);
    expect(notice).toMatch(
      /^The endpoint list lacks \d+ destinations that the catalogue has for the cluster: .*packages\.aks\.azure\.com.*\. It asks for them all the same/,
    );
    expect(notice).not.toContain(' mcr.microsoft.com');
    expect(counting(found, 'missing-required')).toEqual(counting(await report(), 'missing-required'));
    expect(counting(found, 'missing-required')).toContain('packages.aks.azure.com');
  });

  it('leaves the tunnel of older clusters required where nothing is known of it', async () => {
    const gov = ['--cloud', 'AzureUSGovernment', '--region', 'usgovvirginia'];
    repository.write('endpoints.json', [endpoint('images', 'mcr.microsoft.com', 443, 'Https')]);
    const run = async (...argv: string[]): Promise<Report> =>
      repository.report('policy.json', '--source', '10.240.0.0/22', ...gov, ...argv);
    const rows = ({ runs }: Report): unknown =>
      runs[0]?.requirements.filter(({ id }) => id === 'core/tunnel-tcp').map(({ applies }) => applies);
    expect(rows(await run('--endpoints', 'endpoints.json'))).toEqual(['unknown']);
    repository.write('endpoints.json', [endpoint('tunnel-classic', '*.azmk8s.io', 9000, 'TCP')]);
    const tunnel = await run('--endpoints', 'endpoints.json');
    expect(rows(tunnel)).toEqual(['yes']);
    expect(tunnel.runs[0]?.profile['konnectivity']).toEqual({
      value: false,
      from: 'inferred',
      path: 'endpoints.json',
      pointer: '/0/endpoints/0',
    });
    expect(findings(tunnel, 'listed-endpoint-not-allowed')).toEqual([]);
  });
});

describe('what the list tells of the cluster', () => {
  it('is the API server’s name, with its place, unless something else was said', async () => {
    const fact = (found: Report): unknown => found.runs[0]?.profile['apiServerFqdn'];
    expect(fact(await listed())).toEqual({
      value: 'aks0b1f-idb7vuoi.hcp.westeurope.azmk8s.io',
      from: 'inferred',
      path: 'endpoints.json',
      pointer: '/5/endpoints/0',
    });
    repository.write(
      '.aks-egress-lint.yaml',
      'profile: { apiServerFqdn: other-1.hcp.westeurope.azmk8s.io }\n',
    );
    expect(fact(await listed())).toMatchObject({ value: 'other-1.hcp.westeurope.azmk8s.io', from: 'config' });
  });

  it('is nothing where two servers are listed, or one in another region', async () => {
    repository.write('endpoints.json', [
      endpoint('apiserver', 'a-1.hcp.westeurope.azmk8s.io', 443, 'Https'),
      endpoint('apiserver', 'b-1.hcp.westeurope.azmk8s.io', 443, 'Https'),
    ]);
    expect((await listed()).runs[0]?.profile['apiServerFqdn']).toBeUndefined();
    repository.write('endpoints.json', [endpoint('apiserver', 'a-1.hcp.eastus.azmk8s.io', 443, 'Https')]);
    const elsewhere = await listed();
    expect(elsewhere.runs[0]?.profile['apiServerFqdn']).toBeUndefined();
    expect(elsewhere.runs[0]?.region).toBe('westeurope');
  });

  it('is that it is private, where the API server is in a private zone', async () => {
    const server = 'a-1.0b1f.privatelink.westeurope.azmk8s.io';
    repository.write('endpoints.json', [endpoint('apiserver', server, 443, 'Https')]);
    repository.write('policy.json', policyOf([hosts('mcr', ['mcr.microsoft.com'])]));
    const found = await listed();
    expect(found.runs[0]?.profile['privateCluster']).toMatchObject({ value: true, path: 'endpoints.json' });
    expect(counting(found, 'missing-required')).not.toContain(server);
    const said = await listed('--profile', 'public');
    expect(said.runs[0]?.profile['privateCluster']).toMatchObject({ value: false, from: 'flag' });
  });

  it.each([
    ['region', 'a-1.hcp.eastus.azmk8s.io', 'which is in eastus, and the cluster is in westeurope.'],
    [
      'cloud',
      'a-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us',
      'which is in AzureUSGovernment, and the cluster is in AzureCloud.',
    ],
    [
      'server',
      'a-1.hcp.westeurope.azmk8s.io',
      'and that of the cluster is b-1.hcp.westeurope.azmk8s.io.',
      'b-1.hcp.westeurope.azmk8s.io',
    ],
  ])('a list of a cluster with another %s is said to be one', async (_, server, why, own?: string) => {
    repository.write('endpoints.json', [endpoint('apiserver', server, 443, 'Https')]);
    repository.write(
      '.aks-egress-lint.yaml',
      own === undefined ? 'profile: {}\n' : `profile: { apiServerFqdn: ${own} }\n`,
    );
    expect((await listed()).notices).toContain(
      `endpoints.json lists the API server ${server}, ${why} It seems to be the list of another cluster.`,
    );
  });

  it('a list of the cluster itself is not said to be of another one', async () => {
    const server = 'aks0b1f-idb7vuoi.hcp.westeurope.azmk8s.io';
    repository.write('.aks-egress-lint.yaml', `profile: { apiServerFqdn: ${server} }\n`);
    expect((await listed()).notices.join()).not.toContain('another cluster');
    repository.write(
      '.aks-egress-lint.yaml',
      'profile: { base: private, apiServerFqdn: a.0b1f.privatelink.westeurope.azmk8s.io }\n',
    );
    expect((await listed()).notices.join()).not.toContain('another cluster');
  });
});

describe('lists and clusters', () => {
  const CLUSTERS = `clusters:
  - name: one
    profile: { region: westeurope }
    sources: [10.240.0.0/22]
    endpoints: [one.json]
  - name: two
    profile: { region: westeurope }
    sources: [10.240.4.0/22]
`;

  it('a list of the configuration is of its cluster', async () => {
    repository.write('one.json', LIST);
    repository.write('.aks-egress-lint.yaml', CLUSTERS);
    const found = await repository.report('policy.json');
    const named = findings(found, 'listed-endpoint-not-allowed');
    expect(named.map(({ clusters }) => clusters)).toEqual([['one']]);
    expect(found.runs.map(({ profile }) => profile['apiServerFqdn'] !== undefined)).toEqual([true, false]);
    const { stdout } = await repository.run('--print-config');
    expect(stdout).toContain('endpoints: ');
  });

  it('a list by flag is of the only cluster; with several it ends with 2 and says what to do', async () => {
    repository.write('one.json', LIST);
    repository.write('.aks-egress-lint.yaml', CLUSTERS);
    const { code, stderr } = await repository.run('policy.json', '--endpoints', 'endpoints.json');
    expect(code).toBe(2);
    expect(stderr).toContain(
      "--endpoints: endpoints.json is the list of one cluster, and this run has 2: 'one', 'two'. Name the file in the configuration, as endpoints of its cluster under clusters.",
    );
  });

  it('several lists of one cluster add up, as pages do', async () => {
    repository.write('first.json', {
      value: [endpoint('a', 'a.example.com', 443, 'Https')],
      nextLink: 'https://management.azure.com/2',
    });
    repository.write('second.json', { value: [endpoint('b', 'b.example.com', 443, 'Https')] });
    const both = await report('--endpoints', 'first.json', '--endpoints', 'second.json');
    expect(counting(both, 'listed-endpoint-not-allowed')).toEqual(['a.example.com', 'b.example.com']);
    expect(both.notices.join()).not.toContain('nextLink');
    const half = await report('--endpoints', 'first.json');
    expect(half.notices).toContain(
      'first.json: names a further page of the list (nextLink), which was not given.',
    );
  });

  it.each([
    ['is not there', 'none.json', 'none.json: cannot be read'],
    ['is a policy', 'policy.json', 'policy.json: a firewall’s file, which is named without a flag'],
    ['is empty', 'empty.json', 'empty.json: lists no endpoints'],
  ])('a list that %s ends with 3', async (_, path, message) => {
    repository.write('empty.json', '[]');
    const { code, stderr } = await repository.run('policy.json', ...FLAGS, '--endpoints', path);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });

  it('a list named as an input says where it belongs', async () => {
    const { code, stderr } = await repository.run('endpoints.json');
    expect(code).toBe(3);
    expect(stderr).toContain('a list of egress endpoints: give it with --endpoints');
  });
});
