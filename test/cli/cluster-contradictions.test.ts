import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { runIn } from '../commands/io.ts';
import { cluster, inSubnet, network, PROVIDERS, SUBNET } from './azure.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/cli');
const POLICY = 'all-that-aks-needs.json';
const CONFIG = '.aks-egress-lint.yaml';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-contradictions-'));
  mkdirSync(join(root, '.git'));
  cpSync(FIXTURES, root, { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function contradictions(
  resources: readonly object[],
  { flags = [], config }: { readonly flags?: readonly string[]; readonly config?: string },
): Promise<Finding[]> {
  writeFileSync(join(root, 'aks.json'), JSON.stringify(resources));
  if (config !== undefined) writeFileSync(join(root, CONFIG), config);
  const argv = [POLICY, '--cluster', 'aks.json', ...flags, '--format', 'json'];
  const { stdout, stderr } = await runIn({ cwd: root }, ...argv);
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as Report;
  return findings.filter(({ check }) => check === 'contradicts-cluster');
}

const messagesOf = (findings: readonly Finding[]): string[] => findings.map(({ message }) => message);

describe('sources that were given', () => {
  const aks = inSubnet();
  const inNetwork = (prefix: string): object[] => [aks, network({ addressPrefix: prefix })];

  it('contradict the cluster where they have no address in common with its node subnet', async () => {
    const found = await contradictions(inNetwork('10.9.0.0/22'), { flags: ['--source', '10.240.0.0/22'] });
    expect(messagesOf(found)).toEqual([
      "According to the flags, the traffic of its nodes comes from 10.240.0.0/22; according to the definition of cluster 'aks', subnet 'nodes' of its nodes is 10.9.0.0/22. The judgement follows the flags.",
    ]);
    expect(found[0]?.location.pointer).toBe('/1/subnets/0/addressPrefix');
    expect(found[0]?.related).toEqual([]);
  });

  it('in the configuration are linked to', async () => {
    const config = 'failOn: never\nsources: [10.240.0.0/22]\n';
    const found = await contradictions(inNetwork('10.9.0.0/22'), { config });
    expect(found.flatMap(({ related }) => related)).toMatchObject([
      { text: 'said otherwise here', location: { path: CONFIG, startLine: 2, startColumn: 10 } },
    ]);
  });

  it.each([
    ['are the subnet', '10.240.0.0/22', '10.240.0.0/22'],
    ['are a part of it', '10.240.0.0/24', '10.240.0.0/22'],
    ['hold it', '10.240.0.0/16', '10.240.0.0/22'],
    ['share a part with it', '10.240.0.0-10.240.1.3', '10.240.1.0/24'],
    // What a firewall sees behind a translation of addresses.
    ['are public addresses', '52.166.0.7', '10.240.0.0/22'],
  ])('contradict nothing where they %s', async (_, given, prefix) => {
    expect(await contradictions(inNetwork(prefix), { flags: ['--source', given] })).toEqual([]);
  });

  it('contradict nothing where only the other version of a subnet is missing', async () => {
    const dual = network({ addressPrefix: null, addressPrefixes: ['10.240.0.0/22', 'fd00:1::/64'] });
    expect(await contradictions([aks, dual], { flags: ['--source', '10.240.0.0/22'] })).toEqual([]);
  });

  it('need not name the subnet of pods, which an overlay or a translation may hide', async () => {
    const pods = `${PROVIDERS}/Microsoft.Network/virtualNetworks/spoke/subnets/pods`;
    const both = {
      ...network({}),
      subnets: [
        { id: SUBNET, name: 'nodes', addressPrefix: '10.240.0.0/22' },
        { id: pods, name: 'pods', addressPrefix: '10.241.0.0/16' },
      ],
    };
    const resources = [inSubnet({ podSubnetId: pods }), both];
    expect(await contradictions(resources, { flags: ['--source', '10.240.0.0/22'] })).toEqual([]);
    const keyed = ['--source', '10.240.0.0/22', '--source', 'pods=10.244.0.0/16'];
    expect(messagesOf(await contradictions(resources, { flags: keyed }))).toEqual([
      "According to the flags, the traffic of its pods comes from 10.244.0.0/16; according to the definition of cluster 'aks', subnet 'pods' of its pods is 10.241.0.0/16. The judgement follows the flags.",
    ]);
  });

  it('of several clusters need to meet each', async () => {
    const other = {
      ...network({ id: `${PROVIDERS}/Microsoft.Network/virtualNetworks/two/subnets/nodes` }),
      id: `${PROVIDERS}/Microsoft.Network/virtualNetworks/two`,
      name: 'two',
    };
    const second = cluster('second', {
      agentPoolProfiles: [
        { name: 'system', vnetSubnetId: `${PROVIDERS}/Microsoft.Network/virtualNetworks/two/subnets/nodes` },
      ],
    });
    const resources = [
      aks,
      second,
      network({}),
      { ...other, subnets: [{ name: 'nodes', addressPrefix: '10.9.0.0/22' }] },
    ];
    const found = await contradictions(resources, { flags: ['--source', '10.240.0.0/22'] });
    expect(found.map(({ clusters }) => clusters)).toEqual([['second']]);
  });
});

describe('what the configuration says of a cluster', () => {
  it('links a named profile to its line', async () => {
    const found = await contradictions([cluster('aks')], { config: 'profile:\n  base: public\n' });
    expect(found.map(({ message, related }) => [message, related.map(({ location }) => location)])).toEqual([
      [
        "According to the configuration, the cluster is not private; according to the definition of cluster 'aks', the cluster is private. The judgement follows the configuration.",
        [
          {
            path: CONFIG,
            pointer: '/profile/base',
            startLine: 2,
            startColumn: 9,
            endLine: 2,
            endColumn: 15,
          },
        ],
      ],
    ]);
  });

  it('is compared with the DNS servers of the network', async () => {
    const withServers = (...dnsServers: string[]): object[] => [
      inSubnet(),
      network({}, { dhcpOptions: { dnsServers } }),
    ];
    const config = 'profile:\n  privateCluster: true\n  customDnsServers: [10.0.0.10]\n';
    expect(await contradictions(withServers('10.0.0.10'), { config })).toEqual([]);
    expect(messagesOf(await contradictions(withServers('10.0.0.11'), { config }))).toEqual([
      "According to the configuration, the virtual network uses the DNS servers 10.0.0.10; according to the definition of cluster 'aks', the virtual network uses the DNS servers 10.0.0.11. The judgement follows the configuration.",
    ]);
    expect(messagesOf(await contradictions(withServers(), { config }))).toEqual([
      "According to the configuration, the virtual network uses the DNS servers 10.0.0.10; according to the definition of cluster 'aks', the virtual network uses Azure DNS. The judgement follows the configuration.",
    ]);
  });

  it('is compared with the name of the API server', async () => {
    const aks = cluster('aks', {
      apiServerAccessProfile: null,
      fqdn: 'aks-1a2b.hcp.westeurope.azmk8s.io',
    });
    const config = (name: string): string => `profile:\n  apiServerFqdn: ${name}\n`;
    expect(await contradictions([aks], { config: config('AKS-1a2b.hcp.westeurope.azmk8s.io') })).toEqual([]);
    const found = await contradictions([aks], { config: config('other-9f.hcp.westeurope.azmk8s.io') });
    expect(messagesOf(found)).toEqual([
      "According to the configuration, the API server is other-9f.hcp.westeurope.azmk8s.io; according to the definition of cluster 'aks', it is aks-1a2b.hcp.westeurope.azmk8s.io. The judgement follows the configuration.",
    ]);
  });
});

describe('the group of Azure Monitor’s features', () => {
  it('contradicts nothing where the cluster has one of them', async () => {
    const aks = cluster('aks', { addonProfiles: { omsagent: { enabled: true } } });
    expect(await contradictions([aks], { flags: ['--feature', 'azure-monitor'] })).toEqual([]);
  });

  it('contradicts a cluster that has none', async () => {
    const found = await contradictions([cluster('aks')], { flags: ['--feature', 'azure-monitor'] });
    expect(found).toHaveLength(3);
  });
});
