import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { forbidden, json } from './arm-server.ts';
import { CLUSTER, cluster, ENDPOINTS, EXTENSIONS, HUB, LISTED, NSG, POLICY, ROUTES, VNET } from './estate.ts';
import { LiveWorld } from './program.ts';
import { meaning } from './summary.ts';

/** A second cluster of the same name in another resource group and network, behind the same policy. */
const TEST = CLUSTER.replace('/aks/', '/test/');
const TEST_EXTENSIONS = EXTENSIONS.replace('/aks/', '/test/');
const TEST_ENDPOINTS = ENDPOINTS.replace('/aks/', '/test/');
const TEST_VNET = VNET.replace('/spoke/', '/test-net/');
const TEST_SUBNET = `${TEST_VNET}/subnets/nodes`;

const pool = {
  id: `${TEST}/agentPools/win`,
  name: 'win',
  type: 'Microsoft.ContainerService/managedClusters/agentPools',
  properties: { vmSize: 'Standard_D4s_v5', osType: 'Windows', mode: 'User', vnetSubnetID: TEST_SUBNET },
};

const second = {
  ...cluster,
  id: TEST,
  properties: {
    ...cluster.properties,
    fqdn: 'test-dns-9z8y7x.hcp.westeurope.azmk8s.io',
    agentPoolProfiles: [{ name: 'win', osType: 'Windows', vnetSubnetID: TEST_SUBNET }],
  },
};

/** Its subnet has no route table. */
const network = {
  name: 'spoke',
  id: TEST_VNET,
  type: 'Microsoft.Network/virtualNetworks',
  location: 'westeurope',
  properties: {
    addressSpace: { addressPrefixes: ['10.241.0.0/16'] },
    dhcpOptions: { dnsServers: ['10.0.1.4'] },
    subnets: [{ name: 'nodes', id: TEST_SUBNET, properties: { addressPrefix: '10.241.0.0/22' } }],
  },
};

const dapr = {
  id: `${TEST_EXTENSIONS}/dapr`,
  name: 'dapr',
  type: 'Microsoft.KubernetesConfiguration/extensions',
  properties: { extensionType: 'microsoft.dapr' },
};

let world: LiveWorld;
beforeEach(async () => {
  world = await LiveWorld.create();
  world.azure
    .onResources(second, network)
    .onList(`${TEST}/agentPools`, [pool])
    .onList(TEST_EXTENSIONS, [dapr])
    .onList(TEST_ENDPOINTS, LISTED);
});
afterEach(async () => {
  await world.remove();
});

const TARGETS = ['--firewall-policy', POLICY, '--cluster', CLUSTER, '--cluster', TEST];

function profilesOf({ runs }: Report): unknown[] {
  return runs.map(({ profile, sources }) => [
    sources,
    profile['windowsNodes']?.value,
    profile['features']?.value,
    profile['apiServerFqdn']?.value,
  ]);
}

const noRoute = ({ findings }: Report): Finding[] =>
  findings.filter(({ check }) => check === 'no-route-to-firewall');

describe('two clusters of one name behind a policy', () => {
  it('are judged each by what is its own, and the same from what was saved', async () => {
    const live = await world.report(...TARGETS, '--save', 'hub.json');
    expect(profilesOf(live)).toEqual([
      [['10.240.0.0/22'], false, [], cluster.properties.fqdn],
      [['10.241.0.0/22'], true, ['cluster-extensions', 'dapr'], second.properties.fqdn],
    ]);
    // The rules are for 10.240.0.0/22 alone.
    const missing = live.findings.filter(({ check }) => check === 'missing-required');
    expect(missing.length).toBeGreaterThan(3);
    expect(missing.filter(({ message }) => !message.includes('10.241.0.0/22'))).toEqual([]);
    expect(await world.reportOf('hub.json')).toEqual(live);
  });

  it('have their findings at the line that names each', async () => {
    world.write(
      '.aks-egress-lint.yaml',
      `azure:\n  firewallPolicy: ${POLICY}\n  cluster:\n    - ${CLUSTER}\n    - ${TEST}\n`,
    );
    const live = await world.report('--save', 'hub.json');
    expect(noRoute(live).map(({ location }) => [location.pointer, location.startLine])).toEqual([
      ['/azure/cluster/1', 5],
    ]);
    expect(noRoute(live)[0]?.location.address).toBe(`${TEST_VNET}#/properties/subnets/0`);
    expect(meaning(await world.reportOf('hub.json', '--no-config'))).toEqual(meaning(live));
  });

  it('are unknown each for what Azure does not give of it, not of the other', async () => {
    const action = 'Microsoft.KubernetesConfiguration/extensions/read';
    world.azure.on(TEST_EXTENSIONS, forbidden(action, TEST));
    const { runs } = await world.report(...TARGETS);
    const open = runs.map(({ requirements }) =>
      requirements.some(({ feature, applies }) => feature === 'dapr' && applies === 'unknown'),
    );
    expect(open).toEqual([false, true]);
  });

  it('are read once where both names mean one', async () => {
    await world.run(
      '--firewall-policy',
      POLICY,
      '--cluster',
      CLUSTER,
      '--cluster',
      `${CLUSTER.toUpperCase()}/`,
    );
    const once = world.azure
      .pathsAsked()
      .filter((path) => path.toLowerCase().startsWith(CLUSTER.toLowerCase()));
    expect(once).toHaveLength(new Set(once.map((path) => path.toLowerCase())).size);
    expect(once).toHaveLength(5);
  });
});

describe('what Azure does not give of the network', () => {
  const withoutTable = {
    ...network,
    id: VNET,
    properties: {
      ...network.properties,
      subnets: [
        { name: 'nodes', id: `${VNET}/subnets/nodes`, properties: { addressPrefix: '10.240.0.0/22' } },
      ],
    },
  };
  const one = TARGETS.slice(0, 4);

  it('is an error where everything could be read, and a route table is missing', async () => {
    world.azure.onResources(withoutTable);
    expect(noRoute(await world.report(...one))).toHaveLength(1);
  });

  it('leaves open whether a route table is missing, since the firewall may be in a virtual hub', async () => {
    const firewall = `/subscriptions/${HUB}/resourceGroups/hub/providers/Microsoft.Network/azureFirewalls/hub-fw`;
    world.azure
      .onResources(withoutTable)
      .on(firewall, forbidden('Microsoft.Network/azureFirewalls/read', firewall));
    const report = await world.report(...one);
    expect(noRoute(report)).toEqual([]);
    expect(report.notices.join('\n')).toContain("firewall 'hub-fw' could not be read from Azure");
  });

  it.each([
    ['virtual network', VNET, 'virtualNetworks'],
    ['route table', ROUTES, 'routeTables'],
    ['network security group', NSG, 'networkSecurityGroups'],
  ])('is told of a %s, and is nothing that was found wrong', async (noun, id, type) => {
    world.azure.on(id, forbidden(`Microsoft.Network/${type}/read`, id));
    const report = await world.report(...one);
    expect(report.notices.join('\n')).toContain(`${noun} '${id.split('/').at(-1) ?? ''}' could not be read`);
    expect(report.notices.join('\n')).toContain(`Microsoft.Network/${type}/read`);
    expect(noRoute(report)).toEqual([]);
  });

  it('leaves open whether services are reached privately, where the zones could not be read', async () => {
    const zones = `/subscriptions/${HUB}/providers/Microsoft.Network/privateDnsZones`;
    world.azure.on(zones, forbidden('Microsoft.Network/privateDnsZones/read', zones));
    const { runs, notices } = await world.report(...one);
    const open = runs[0]?.requirements.filter(({ applies }) => applies === 'unknown');
    expect(open?.map(({ destination }) => destination)).toEqual(['<api-server-ip>', 'management.azure.com']);
    expect(notices.join('\n')).toContain(
      'the list of private DNS zones could not be read from Azure, which answered 403 AuthorizationFailed. To decide them, give reachedPrivately',
    );
  });

  it('is a state that is not settled, which is told with what to do', async () => {
    const properties = { ...cluster.properties, provisioningState: 'Failed' };
    const groups = `${POLICY}/ruleCollectionGroups`;
    const failed = {
      id: `${groups}/late`,
      name: 'late',
      properties: { priority: 900, provisioningState: 'Failed' },
    };
    world.azure.on(CLUSTER, json({ ...cluster, properties })).onList(groups, [failed]);
    const told = (await world.report(...one)).notices.join('\n');
    expect(told).toContain("rule collection group 'late' is in the state Failed");
    expect(told.match(/is in the state/g)).toHaveLength(1);
  });
});
