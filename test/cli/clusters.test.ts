import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import { runIn, type Outcome } from '../commands/io.ts';
import { networkRule } from '../parsers/inputs.ts';
import { aks, NODES, policyOf } from './policies.ts';
import { cluster, inSubnet, network, PROVIDERS, ROUTES, routes } from './azure.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/cli');
const POLICY = 'all-that-aks-needs.json';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-clusters-'));
  mkdirSync(join(root, '.git'));
  cpSync(FIXTURES, root, { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const lint = (...argv: string[]): Promise<Outcome> => runIn({ cwd: root }, ...argv);

async function report(...argv: string[]): Promise<Report> {
  const { stdout, stderr } = await lint(...argv, '--format', 'json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

function write(path: string, content: object): string {
  writeFileSync(join(root, path), JSON.stringify(content));
  return path;
}

const idsOf = (found: Report): string[] => found.findings.map(({ check }) => check);

describe('one policy for several clusters', () => {
  it('has the findings about a list that an expression makes, as for one cluster', async () => {
    const items = "[createArray('20.0.0.0/8', '20.0.0.0/8')]";
    const rule = networkRule('twice', { sourceAddresses: [NODES], destinationAddresses: items });
    const policy = write('policy.json', policyOf([aks(), rule]));
    const given = ['one', 'two'].flatMap((name) => ['--cluster', write(`${name}.json`, cluster(name))]);
    const about = async (...argv: string[]): Promise<string[]> => {
      const { findings } = await report(policy, ...argv, '--source', NODES);
      return findings.flatMap(({ check, message }) => (message.startsWith("'20.0.0.0/8'") ? check : []));
    };
    const [ofOne, ofBoth] = [await about(...given.slice(0, 2)), await about(...given)];
    expect(ofOne).toEqual(['redundant-entry', 'unneeded-entry']);
    expect(ofBoth).toEqual(ofOne);
  });
});

describe('a cluster beside the firewall', () => {
  it.each([
    ['named with it', (path: string): string[] => [POLICY, path]],
    ['given with --cluster', (path: string): string[] => [POLICY, '--cluster', path]],
  ])('tells the profile, %s', async (_, argv) => {
    const path = write('aks.json', cluster('aks', { addonProfiles: { azurepolicy: { enabled: true } } }));
    const [run, ...others] = (await report(...argv(path))).runs;
    expect(others).toEqual([]);
    expect(run?.cluster).toBe('aks');
    expect(run?.profile['privateCluster']).toEqual({
      value: true,
      from: 'inferred',
      path: 'aks.json',
      pointer: '/apiServerAccessProfile/enablePrivateCluster',
    });
    expect(run?.profile['region']).toEqual({
      value: 'westeurope',
      from: 'inferred',
      path: 'aks.json',
      pointer: '/location',
    });
    const policy = { from: 'inferred', path: 'aks.json', pointer: '/addonProfiles/azurepolicy/enabled' };
    expect(run?.profile['features']).toMatchObject({ value: ['azure-policy'], ...policy });
    expect(run?.profile['features']?.members).toMatchObject({
      'azure-policy': { value: true, ...policy },
      // Not written, which the cluster's definition says.
      defender: { value: false, from: 'inferred', path: 'aks.json', pointer: '' },
      // What no cluster's definition tells.
      acr: { value: false, from: 'default' },
    });
    expect(run?.profile['podsCallApiServerByIp']).toEqual({ value: 'unknown', from: 'default' });
    expect(run?.requirements.map(({ feature }) => feature)).toContain('azure-policy');
  });

  it('is judged by what a flag says, and each contradiction is a finding at the property', async () => {
    const path = write('aks.json', cluster('aks'));
    const found = await report(POLICY, '--cluster', path, '--profile', 'public', '--region', 'northeurope');
    expect(found.runs[0]?.profile['privateCluster']).toEqual({ value: false, from: 'flag' });
    expect(found.runs[0]?.profile['region']).toEqual({ value: 'northeurope', from: 'flag' });
    const said = found.findings.filter(({ check }) => check === 'contradicts-cluster');
    expect(said.map(({ location, message }) => [location.pointer, message])).toEqual([
      [
        '/location',
        "According to the flags, the region is northeurope; according to the definition of cluster 'aks', the region is westeurope. The judgement follows the flags.",
      ],
      [
        '/apiServerAccessProfile/enablePrivateCluster',
        "According to the flags, the cluster is not private; according to the definition of cluster 'aks', the cluster is private. The judgement follows the flags.",
      ],
    ]);
  });

  it('contradicts nothing where flags say the same', async () => {
    const path = write('aks.json', cluster('aks'));
    const found = await report(POLICY, '--cluster', path, '--profile', 'private', '--region', 'westeurope');
    expect(idsOf(found)).not.toContain('contradicts-cluster');
  });

  it('in another cloud than a flag says is a finding, no error', async () => {
    const path = write('aks.json', cluster('aks', { location: 'usgovvirginia' }));
    const found = await report(POLICY, '--cluster', path, '--cloud', 'AzureCloud');
    expect(found.runs[0]?.cloud).toBe('AzureCloud');
    expect(found.findings.filter(({ check }) => check === 'contradicts-cluster')).toHaveLength(1);
  });

  it('settles the cloud by its region', async () => {
    const path = write('aks.json', cluster('aks', { location: 'China North 3' }));
    const found = await report(POLICY, '--cluster', path);
    expect(found.runs[0]?.cloud).toBe('AzureChinaCloud');
    expect(found.runs[0]?.profile['region']?.value).toBe('chinanorth3');
  });

  it('is judged for itself where there are several', async () => {
    const path = write('clusters.json', [
      cluster('one'),
      cluster('two', { apiServerAccessProfile: null, addonProfiles: { omsagent: { enabled: true } } }),
    ]);
    const { runs } = await report(POLICY, '--cluster', path);
    expect(
      runs.map((run) => [run.cluster, run.profile['privateCluster']?.value, run.profile['features']?.value]),
    ).toEqual([
      ['one', true, []],
      ['two', false, ['container-insights']],
    ]);
  });

  it('takes its profile from the configuration where that lists it by name', async () => {
    const path = write('clusters.json', [cluster('one'), cluster('two')]);
    writeFileSync(
      join(root, '.aks-egress-lint.yaml'),
      'clusters:\n  - name: ONE\n    profile: { features: [defender] }\n',
    );
    const found = await report(POLICY, '--cluster', path);
    expect(found.runs.map((run) => [run.cluster, run.profile['features']?.value])).toEqual([
      ['ONE', ['defender']],
      ['two', []],
    ]);
    expect(found.runs[0]?.profile['features']?.members?.['defender']).toEqual({
      value: true,
      from: 'config',
      path: '.aks-egress-lint.yaml',
      pointer: '/clusters/0/profile/features/0',
    });
    const said = found.findings.filter(({ check }) => check === 'contradicts-cluster');
    expect(said.map(({ clusters }) => clusters)).toEqual([['ONE']]);
    // '  - name: ONE\n    profile: { features: [defender] }'
    expect(said[0]?.related.map(({ location }) => location)).toEqual([
      {
        path: '.aks-egress-lint.yaml',
        pointer: '/clusters/0/profile/features/0',
        startLine: 3,
        startColumn: 27,
        endLine: 3,
        endColumn: 35,
      },
    ]);
  });
});

describe('what is given with --cluster', () => {
  it('must hold a cluster', async () => {
    const { code, stderr } = await lint(POLICY, '--cluster', 'virtual-network.json');
    expect(code).toBe(3);
    expect(stderr).toMatch(/virtual-network\.json: no cluster in it; --cluster takes the file of/);
  });

  it('must be there', async () => {
    const { code, stderr } = await lint(POLICY, '--cluster', 'gone.json');
    expect(code).toBe(3);
    expect(stderr).toMatch(/gone\.json: cannot be read/);
  });

  it('is no firewall to judge', async () => {
    const path = write('both.json', [
      cluster('aks'),
      {
        id: '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/other',
        name: 'other',
        type: 'Microsoft.Network/firewallPolicies',
        properties: {},
      },
    ]);
    const { runs } = await report(POLICY, '--cluster', path);
    expect(runs.map(({ policy }) => policy)).toEqual(['egress']);
  });
});

it('a cluster whose properties are a parameter leaves its facts open, whatever their default is', async () => {
  const path = write('aks.json', {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { cluster: { type: 'object' } },
    resources: [
      {
        type: 'Microsoft.ContainerService/managedClusters',
        apiVersion: '2025-05-01',
        name: 'aks',
        location: 'westeurope',
        properties: "[parameters('cluster')]",
      },
    ],
  });
  const { runs, notices } = await report(POLICY, '--cluster', path);
  const facts = ['privateCluster', 'gpuNodes', 'ubuntuNodes', 'networkIsolated', 'nodeOsUpgradeChannel'];
  expect(facts.map((name) => runs[0]?.profile[name]?.value)).toEqual(facts.map(() => 'unknown'));
  expect(runs[0]?.profile['features']?.members?.['defender']?.value).toBe('unknown');
  const said = notices.find((notice) => notice.includes("parameter 'cluster' has no value"));
  expect(said).toMatch(/ give privateCluster, .*nodeOs, .*features.* in the profile\.$/);
});

it('a cluster without a firewall cannot be judged', async () => {
  const { code, stderr } = await lint(write('aks.json', cluster('aks')));
  expect(code).toBe(3);
  expect(stderr).toMatch(/aks\.json: it holds a cluster, but no firewall policy/);
});

describe('cluster and firewall together', () => {
  async function checksOn(...resources: object[]): Promise<string[]> {
    const found = await report(POLICY, '--cluster', write('all.json', resources));
    return idsOf(found).filter((id) => /bypass|route|proxy|nsg/.test(id));
  }

  it('give the networks of the node pools as sources', async () => {
    const path = write('all.json', [inSubnet(), network({})]);
    const [run] = (await report(POLICY, '--cluster', path)).runs;
    expect(run?.sources).toEqual(['10.240.0.0/22']);
    expect(run?.sourcesFrom).toBe('inferred');
  });

  it('are right with a route to the firewall', async () => {
    expect(await checksOn(inSubnet(), network({ routeTable: { id: ROUTES } }), routes('10.0.1.4'))).toEqual(
      [],
    );
  });

  it('show that a load balancer leads past the firewall', async () => {
    expect(await checksOn(cluster('aks', { networkProfile: { outboundType: 'loadBalancer' } }))).toEqual([
      'outbound-type-bypasses-firewall',
    ]);
    expect(await checksOn(cluster('aks', { networkProfile: {} }))).toEqual([
      'outbound-type-bypasses-firewall',
    ]);
    expect(await checksOn(cluster('aks', { networkProfile: { outboundType: 'managedNATGateway' } }))).toEqual(
      ['outbound-type-bypasses-firewall'],
    );
  });

  it('show that the node subnet has no route to the firewall', async () => {
    expect(await checksOn(inSubnet(), network({}))).toEqual(['no-route-to-firewall']);
  });

  it('leave the route open that a hub may tell a table without a default route', async () => {
    const hub = {
      id: `${PROVIDERS}/Microsoft.Network/virtualHubs/hub`,
      type: 'Microsoft.Network/virtualHubs',
    };
    const table = (off: boolean): object => ({
      ...{ id: ROUTES, name: 'egress', type: 'Microsoft.Network/routeTables', routes: [] },
      disableBgpRoutePropagation: off,
    });
    const known = network({ routeTable: { id: ROUTES } });
    expect(await checksOn(inSubnet(), known, table(false))).toEqual(['no-route-to-firewall']);
    expect(await checksOn(inSubnet(), known, table(false), { ...hub, name: 'hub' })).toEqual([]);
    expect(await checksOn(inSubnet(), known, table(true), { ...hub, name: 'hub' })).toEqual([
      'no-route-to-firewall',
    ]);
  });

  it('show that a load balancer leads past the firewall, where the route leads elsewhere too', async () => {
    const firewall = {
      ...{ id: `${PROVIDERS}/Microsoft.Network/azureFirewalls/other`, name: 'other' },
      type: 'Microsoft.Network/azureFirewalls',
      firewallPolicy: { id: `${PROVIDERS}/Microsoft.Network/firewallPolicies/other` },
      ipConfigurations: [{ name: 'ip', privateIPAddress: '10.0.9.4' }],
    };
    const aks = inSubnet({}, { networkProfile: { outboundType: 'loadBalancer' } });
    const known = network({ routeTable: { id: ROUTES } });
    expect(await checksOn(aks, known, routes('10.0.9.4'), firewall)).toEqual([
      'outbound-type-bypasses-firewall',
    ]);
    expect(await checksOn(aks, known, routes('10.0.1.4'), firewall)).toEqual([]);
  });

  it('show that nodes have public addresses', async () => {
    const known = network({ routeTable: { id: ROUTES } });
    expect(await checksOn(inSubnet({ enableNodePublicIp: true }), known, routes('10.0.1.4'))).toEqual([
      'node-public-ip-bypasses-firewall',
    ]);
  });

  it('show that the cluster uses a proxy', async () => {
    const proxy = { httpProxyConfig: { httpsProxy: 'http://10.0.2.4:3128/' } };
    expect(await checksOn(cluster('aks', proxy))).toEqual(['http-proxy-needs-rules']);
  });

  describe('with a network security group', () => {
    const group = `${PROVIDERS}/Microsoft.Network/networkSecurityGroups/nodes`;
    const rule = (access: string, priority: number, more: object = {}): object => ({
      ...{ name: `${access} ${priority}`, direction: 'Outbound', access, priority, protocol: '*' },
      ...{ sourceAddressPrefix: '*', destinationAddressPrefix: 'Internet', destinationPortRange: '*' },
      ...more,
    });
    const found = (...securityRules: object[]): Promise<string[]> => {
      const type = 'Microsoft.Network/networkSecurityGroups';
      const subnet = network({ routeTable: { id: ROUTES }, networkSecurityGroup: { id: group } });
      return checksOn(inSubnet(), subnet, routes('10.0.1.4'), {
        id: group,
        name: 'nodes',
        type,
        securityRules,
      });
    };
    const everywhere = { destinationAddressPrefix: '*' };

    it.each([
      ['denies the Internet', [rule('Deny', 100)]],
      ['denies everything', [rule('Deny', 100, everywhere)]],
      [
        'denies the network of the nodes',
        [rule('Deny', 100, { destinationAddressPrefix: 'VirtualNetwork' })],
      ],
      ['denies HTTPS of TCP', [rule('Deny', 100, { protocol: 'Tcp', destinationPortRange: '400-500' })]],
      ['denies it of the subnet', [rule('Deny', 100, { sourceAddressPrefix: '10.240.0.0/16' })]],
      ['denies it of a part of the subnet', [rule('Deny', 100, { sourceAddressPrefix: '10.240.1.0/24' })]],
      ['allows it behind the rule that denies it', [rule('Deny', 100), rule('Allow', 200)]],
      [
        'allows no more than Azure before',
        [rule('Allow', 100, { destinationAddressPrefix: 'AzureCloud' }), rule('Deny', 200)],
      ],
      [
        'allows the Internet before, and denies the network too',
        [rule('Allow', 100), rule('Deny', 200, everywhere)],
      ],
      [
        'allows it to others before',
        [rule('Allow', 100, { sourceAddressPrefix: '10.9.0.0/24' }), rule('Deny', 200)],
      ],
    ])('that %s, show that', async (_, rules) => {
      expect(new Set(await found(...rules))).toEqual(new Set(['nsg-denies-egress']));
    });

    it.each([
      ['denies mail', [rule('Deny', 100, { destinationPortRange: '25' })]],
      ['denies UDP', [rule('Deny', 100, { protocol: 'Udp' })]],
      ['denies it of another subnet', [rule('Deny', 100, { sourceAddressPrefix: '10.9.0.0/24' })]],
      ['denies what comes in', [rule('Deny', 100, { direction: 'Inbound' })]],
      ['denies one network', [rule('Deny', 100, { destinationAddressPrefix: '172.16.0.0/12' })]],
      ['allows it before', [rule('Allow', 100), rule('Deny', 4096)]],
      [
        'allows Internet and network before everything is denied',
        [
          rule('Allow', 100, { protocol: 'Tcp', destinationPortRange: '443' }),
          rule('Allow', 200, { destinationAddressPrefix: 'VirtualNetwork' }),
          rule('Deny', 4096, everywhere),
        ],
      ],
    ])('that %s, are right', async (_, rules) => {
      expect(await found(...rules)).toEqual([]);
    });
  });
});
