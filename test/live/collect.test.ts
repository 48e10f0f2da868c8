import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import type { Cloud } from '../../src/model/policy.ts';
import { collect } from '../../src/live/collect.ts';
import { snapshotText } from '../../src/live/snapshot.ts';
import { findTargets, type Named, type Targets } from '../../src/live/targets.ts';
import type { Report } from '../../src/reporters/report.ts';
import { Repository } from '../cli/repository.ts';
import { ArmServer, forbidden, json, refusal } from './arm-server.ts';
import {
  BASE,
  CLUSTER,
  cluster,
  ENDPOINTS,
  EXTENSIONS,
  FIREWALL,
  firewall,
  HUB,
  ipGroup,
  LISTED,
  NODES,
  parent,
  PARENT_GROUP,
  PLATFORM,
  POLICY,
  policy,
  ROUTES,
  serve,
  VNET,
} from './estate.ts';
import { armOf } from './reading.ts';
import { EXPECTED, LACKING, summary } from './summary.ts';

let azure: ArmServer;
let repository: Repository;
beforeEach(async () => {
  azure = serve(await ArmServer.start());
  repository = new Repository();
});
afterEach(async () => {
  repository.remove();
  await azure.stop();
});

const named = (text: string): Named => ({ text, complain: (message) => new UsageError(message) });
const TARGETS = { firewallPolicy: named(POLICY), clusters: [named(CLUSTER)] };

async function read(targets: Partial<Targets> = TARGETS, cloud: Cloud = 'AzureCloud'): Promise<string> {
  const arm = armOf(azure);
  return snapshotText(await collect(arm, await findTargets(arm, { clusters: [], ...targets }), cloud));
}

/** What linting the snapshot reports. */
async function lint(targets?: Partial<Targets>, cloud?: Cloud): Promise<Report> {
  repository.write('hub.json', await read(targets, cloud));
  return repository.report('hub.json');
}

const zonesOf = (subscription: string): string =>
  `/subscriptions/${subscription}/providers/Microsoft.Network/privateDnsZones`;

describe('what is read', () => {
  it('is everything once, page by page, from the subscription of each', async () => {
    await read();
    const asked = azure.pathsAsked();
    expect([...asked].sort()).toEqual(
      [
        ...[POLICY, `${POLICY}/ruleCollectionGroups`, `${POLICY}/ruleCollectionGroups#1`],
        ...[BASE, `${BASE}/ruleCollectionGroups`, FIREWALL, NODES],
        ...[CLUSTER, `${CLUSTER}/agentPools`, `${CLUSTER}/agentPools#1`, EXTENSIONS, ENDPOINTS],
        ...[
          VNET,
          ROUTES,
          `/subscriptions/${HUB}/resourceGroups/spoke/providers/Microsoft.Network/networkSecurityGroups/nodes`,
        ],
        ...[zonesOf(HUB), zonesOf(PLATFORM)],
      ].sort(),
    );
  });

  it('is the same text whatever the order of the answers', async () => {
    const first = await read();
    const slowly = json(policy);
    azure.on(POLICY, (request, response) => {
      setTimeout(slowly, 300, request, response);
    });
    expect(await read()).toBe(first);
  });

  it('judges no parent, even one that has firewalls of its own', async () => {
    const properties = { ...parent.properties, firewalls: [{ id: `${FIREWALL}-2` }] };
    azure.onResources({ ...parent, properties });
    const report = await lint({ firewallPolicy: named(POLICY) });
    expect(report.runs.map(({ policy: name }) => name)).toEqual(['hub']);
    expect(summary(report)).toContain('denied-by-earlier-rule packages.microsoft.com');
  });

  it('has no end where policies inherit in a circle', async () => {
    const loop = {
      ...policy,
      id: BASE,
      name: 'base',
      properties: { ...policy.properties, basePolicy: { id: POLICY } },
    };
    azure.on(BASE, json(loop));
    const report = await lint();
    expect(report.notices.join('\n')).toContain('is its own ancestor');
  });

  it('holds no password of a proxy', async () => {
    const httpProxyConfig = { httpProxy: 'http://proxy:hunter2@10.0.0.9:3128/', noProxy: ['localhost'] };
    azure.on(CLUSTER, json({ ...cluster, properties: { ...cluster.properties, httpProxyConfig } }));
    const text = await read();
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"httpProxy": "http://10.0.0.9:3128/"');
  });

  it('tells the profile where only the snapshot of the cluster is given beside a file', async () => {
    repository.write('hub.json', await read());
    repository.write('policy.json', JSON.stringify({ value: [policy, PARENT_GROUP] }));
    const report = await repository.report('policy.json', '--cluster', 'hub.json');
    expect(report.runs.map(({ policy: name, cluster: one }) => [name, one])).toEqual([['hub', 'shop']]);
  });

  it('is whether a service is reached privately, where its zone is linked to the network of the cluster', async () => {
    const zone = `/subscriptions/${PLATFORM}/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.azure.com`;
    const type = 'Microsoft.Network/privateDnsZones';
    const link = {
      id: `${zone}/virtualNetworkLinks/spoke`,
      name: 'spoke',
      type: `${type}/virtualNetworkLinks`,
      properties: { virtualNetwork: { id: VNET }, registrationEnabled: false },
    };
    azure
      .onList(zonesOf(PLATFORM), [
        { id: zone, name: 'privatelink.azure.com', type, location: 'global', properties: {} },
        { id: `${zone}-2`, name: 'corp.example.com', type, location: 'global', properties: {} },
      ])
      .onList(`${zone}/virtualNetworkLinks`, [link]);
    const report = await lint();
    expect(report.notices.join()).toContain(
      'the private zone privatelink.azure.com leads to the resources that have a private endpoint',
    );
    expect(azure.pathsAsked()).not.toContain(`${zone}-2/virtualNetworkLinks`);
  });

  it('is what Azure lists for the cluster, as a second source', async () => {
    const row = {
      category: 'addon-new',
      endpoints: [{ domainName: 'new.example.com', endpointDetails: [{ protocol: 'Https', port: 443 }] }],
    };
    azure.onList(ENDPOINTS, LISTED, [row]);
    const report = await lint();
    const [finding, ...others] = report.findings.filter(
      ({ check }) => check === 'listed-endpoint-not-allowed',
    );
    expect(others).toEqual([]);
    expect(finding?.message).toContain("Azure lists 'new.example.com' on HTTPS 443");
    expect(finding?.clusters).toEqual(['shop']);
    expect(finding?.location).toMatchObject({
      path: 'hub.json',
      pointer: '/outboundNetworkDependenciesEndpoints/0/value/1/endpoints/0',
      address: `${ENDPOINTS}#/value/1/endpoints/0`,
    });
    expect(repository.read('hub.json').split('\n')[finding?.location.startLine ?? 0]).toContain(
      'new.example.com',
    );
  });

  it("is Microsoft's list of service tags, where a rule has public addresses", async () => {
    const serviceTags = {
      name: 'Public',
      id: `/subscriptions/${HUB}/providers/Microsoft.Network/serviceTags/Public`,
      type: 'Microsoft.Network/serviceTags',
      changeNumber: '63',
      cloud: 'Public',
      values: [
        {
          name: 'AzureCloud.westeurope',
          id: 'AzureCloud.westeurope',
          properties: { addressPrefixes: ['20.38.96.0/19'] },
        },
      ],
    };
    const path = `/subscriptions/${HUB}/providers/Microsoft.Network/locations/westeurope/serviceTags`;
    azure.on(path, json(serviceTags));
    await read();
    expect(azure.pathsAsked()).not.toContain(path);

    azure.on(NODES, json({ ...ipGroup, properties: { ipAddresses: ['10.240.0.0/22', '20.38.96.0/24'] } }));
    const snapshot = JSON.parse(await read()) as Record<string, unknown>;
    expect(azure.pathsAsked()).toContain(path);
    expect(snapshot['serviceTags']).toEqual(serviceTags);
    expect(snapshot['outboundNetworkDependenciesEndpoints']).toEqual([{ cluster: CLUSTER, value: LISTED }]);
    repository.write('hub.json', await read());
    const report = await repository.report('hub.json');
    expect(report.notices).toContain(
      'Service tags hold the addresses of change 63 of AzureCloud (hub.json).',
    );
  });

  it('is a firewall with rules of its own, and its IP groups', async () => {
    const rules = [
      {
        name: 'cluster',
        protocols: [{ protocolType: 'Https', port: 443 }],
        fqdnTags: ['AzureKubernetesService'],
        targetFqdns: [],
        sourceAddresses: [],
        sourceIpGroups: [NODES],
      },
    ];
    const properties = {
      ...firewall.properties,
      firewallPolicy: undefined,
      applicationRuleCollections: [
        { name: 'names', properties: { priority: 200, action: { type: 'Allow' }, rules } },
      ],
    };
    azure.onResources({ ...firewall, properties });
    const report = await lint({ firewall: named(FIREWALL) });
    expect(report.runs.map(({ policy: name, sources }) => [name, sources])).toEqual([
      ['hub-fw', ['10.240.0.0/22']],
    ]);
    // The tag covers what AKS needs, but not the updates of Ubuntu, which are recommended.
    const missing = report.findings.filter(({ check }) => check === 'missing-recommended');
    expect(missing.map(({ message }) => message).join()).toContain('security.ubuntu.com');
    expect(report.findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is the policy of a firewall, where only that is named', async () => {
    const report = await lint({ firewall: named(FIREWALL), clusters: [named(CLUSTER)] });
    expect(report.runs.map(({ policy: name }) => name)).toEqual(['hub']);
    expect(summary(report)).toEqual(EXPECTED);
  });

  it('says of which cloud it is', async () => {
    const [run] = (await lint({ firewallPolicy: named(POLICY) }, 'AzureUSGovernment')).runs;
    expect(run?.profile['cloud']).toEqual({
      value: 'AzureUSGovernment',
      from: 'inferred',
      path: 'hub.json',
      pointer: '/cloud',
    });
  });
});

describe('what Azure does not give', () => {
  it('is unknown where it only tells more, and each is named', async () => {
    const action = 'Microsoft.Network/routeTables/read';
    azure
      .on(ROUTES, forbidden(action, ROUTES))
      .on(EXTENSIONS, forbidden('Microsoft.KubernetesConfiguration/extensions/read', CLUSTER))
      .on(
        ENDPOINTS,
        forbidden(
          'Microsoft.ContainerService/managedClusters/outboundNetworkDependenciesEndpoints/read',
          CLUSTER,
        ),
      )
      .on(FIREWALL, refusal(404, 'ResourceNotFound', 'gone'))
      .on(zonesOf(PLATFORM), forbidden('Microsoft.Network/privateDnsZones/read', PLATFORM));
    const report = await lint();
    const unread = report.notices.flatMap(
      (notice) =>
        /: (.*) could not be read from Azure, which answered (.*); what depends/
          .exec(notice)
          ?.slice(1, 3)
          .join() ?? [],
    );
    expect(unread.sort()).toEqual([
      "firewall 'hub-fw',404 ResourceNotFound",
      "route table 'to-hub',403 AuthorizationFailed",
      "the endpoint list of cluster 'shop',403 AuthorizationFailed",
      "the extensions of cluster 'shop',403 AuthorizationFailed",
      'the list of private DNS zones,403 AuthorizationFailed',
    ]);
    expect(report.notices.join('\n')).toContain(`which takes the action ${action}`);
    // Dapr, Flux and backup may be there, so what they need may be missing.
    const open = report.runs[0]?.requirements.filter(({ applies }) => applies === 'unknown');
    expect(open?.map(({ feature }) => feature)).toEqual(
      expect.arrayContaining(['cluster-extensions', 'flux', 'dapr', 'azure-backup']),
    );
  });

  it('is nothing where the subscription never used any extension', async () => {
    azure.on(
      EXTENSIONS,
      refusal(409, 'MissingSubscriptionRegistration', 'The subscription is not registered.'),
    );
    const report = await lint();
    expect(report.notices).toEqual([LACKING]);
    expect(summary(report)).toEqual(EXPECTED);
  });

  it.each([
    ['a parent', BASE, "firewall policy 'base'"],
    [
      'the groups of a parent',
      `${BASE}/ruleCollectionGroups`,
      "the rule collection groups of firewall policy 'base'",
    ],
    ['an IP group', NODES, "IP group 'aks-nodes'"],
    ['the cluster', CLUSTER, "cluster 'shop'"],
  ])('ends the reading where it is %s', async (_, path, what) => {
    azure.on(path, forbidden('…', path));
    await expect(read()).rejects.toThrow(`${what} cannot be read: Azure answered 403 AuthorizationFailed`);
  });
});

it('a snapshot of another version is left to that version', async () => {
  repository.write('later.json', (await read()).replace('"snapshotVersion": 1', '"snapshotVersion": 2'));
  const { code, stderr } = await repository.run('later.json');
  expect([code, stderr]).toEqual([
    3,
    'later.json: a snapshot of version 2, not one that this version of the program writes: use the version that wrote it\n',
  ]);
});
