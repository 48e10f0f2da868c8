import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError, UsageError } from '../../src/errors.ts';
import { armCloud } from '../../src/live/cloud.ts';
import type { JsonObject } from '../../src/live/json.ts';
import { holdsPublicAddress } from '../../src/live/public-addresses.ts';
import { findTargets, type Named, type Targets } from '../../src/live/targets.ts';
import { ArmServer, json, refusal } from './arm-server.ts';
import { CLUSTER, cluster, HUB, PLATFORM, POLICY, policy } from './estate.ts';
import { armOf } from './reading.ts';

const LIST = `/subscriptions/${HUB}/providers/Microsoft.Network/firewallPolicies`;
const named = (text: string, flag = '--firewall-policy'): Named => ({
  text,
  complain: (message) => new UsageError(`${flag}: ${message}`),
});
const subscription = named(HUB, '--subscription');

let azure: ArmServer;
beforeEach(async () => {
  azure = await ArmServer.start();
});
afterEach(async () => {
  await azure.stop();
});

const find = (targets: Partial<Targets>): ReturnType<typeof findTargets> =>
  findTargets(armOf(azure), { clusters: [], ...targets });

async function problem(targets: Partial<Targets>): Promise<string> {
  const error: unknown = await find(targets).catch((thrown: unknown) => thrown);
  if (error instanceof InputError) return `3 ${error.path}: ${error.message}`;
  if (error instanceof UsageError) return `2 ${error.message}`;
  throw new Error('neither an InputError nor a UsageError');
}

function subscriptions(...all: readonly (readonly [string, string, string?])[]): void {
  azure.onList(
    '/subscriptions',
    all.map(([subscriptionId, displayName, state = 'Enabled']) => ({
      id: `/subscriptions/${subscriptionId}`,
      ...{ subscriptionId, displayName, state },
    })),
  );
}

describe('a target', () => {
  it('named by its id is taken as it is, without asking', async () => {
    const found = await find({ firewallPolicy: named(POLICY), clusters: [named(`${CLUSTER}/`)] });
    expect([found.firewallPolicy?.id, found.clusters[0]?.id]).toEqual([POLICY, CLUSTER]);
    expect(azure.asked).toEqual([]);
  });

  it('named by its name is looked up in the subscription, whatever the case', async () => {
    azure.onList(LIST, [{ ...policy, name: 'other', id: `${POLICY}-2` }], [policy]);
    azure.onList(
      LIST.replace('Microsoft.Network/firewallPolicies', 'Microsoft.ContainerService/managedClusters'),
      [cluster],
    );
    const found = await find({ subscription, firewallPolicy: named('HUB'), clusters: [named('shop')] });
    expect([found.firewallPolicy?.id, found.clusters[0]?.id]).toEqual([POLICY, CLUSTER]);
  });

  it('is looked up in one list with all others of its type', async () => {
    const clusters = LIST.replace(
      'Microsoft.Network/firewallPolicies',
      'Microsoft.ContainerService/managedClusters',
    );
    azure.onList(clusters, [cluster, { ...cluster, name: 'test', id: `${CLUSTER}-test` }]);
    const found = await find({ subscription, clusters: [named('shop'), named('test')] });
    expect(found.clusters.map(({ id }) => id)).toEqual([CLUSTER, `${CLUSTER}-test`]);
    expect(azure.pathsAsked()).toEqual([clusters]);
  });

  it('named by its name is looked up in the only subscription that is not disabled', async () => {
    subscriptions([PLATFORM, 'Old', 'Disabled'], [HUB, 'Production']);
    azure.onList(LIST, [policy]);
    expect((await find({ firewallPolicy: named('hub') })).firewallPolicy?.id).toBe(POLICY);
  });

  it('is looked up in the subscription of a display name', async () => {
    subscriptions([PLATFORM, 'Platform'], [HUB, 'Production']);
    azure.onList(LIST, [policy]);
    const production = named('production', '--subscription');
    const found = await find({ subscription: production, firewallPolicy: named('hub') });
    expect(found.firewallPolicy?.id).toBe(POLICY);
  });
});

describe('a target that is not found', () => {
  it('is named with what is there, and what may be meant', async () => {
    azure.onList(LIST, [policy, { ...policy, name: 'spoke', id: `${POLICY}-2` }]);
    expect(await problem({ subscription, firewallPolicy: named('hubb') })).toBe(
      `3 hubb: there is no firewall policy of this name in subscription ${HUB} that this identity may see. Did you mean 'hub'? It sees hub, spoke.`,
    );
  });

  it('is named where nothing is there at all', async () => {
    azure.onList(LIST, []);
    expect(await problem({ subscription, firewallPolicy: named('hub') })).toBe(
      `3 hub: there is no firewall policy of this name in subscription ${HUB} that this identity may see. It sees no firewall policy there.`,
    );
  });

  it('is named with the ids where several have its name', async () => {
    const second = POLICY.replace('/hub/', '/other/');
    azure.onList(LIST, [policy, { ...policy, id: second }]);
    expect(await problem({ subscription, firewallPolicy: named('hub') })).toBe(
      `2 --firewall-policy: several resources are called 'hub'. Give the id of one:\n  ${POLICY}\n  ${second}`,
    );
  });

  it('is an id of something else', async () => {
    expect(await problem({ firewallPolicy: named(CLUSTER) })).toBe(
      `2 --firewall-policy: '${CLUSTER}' is no id of a firewall policy. Expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/firewallPolicies/…, or the name alone.`,
    );
  });

  it('may be in any of several subscriptions', async () => {
    subscriptions([HUB, 'Production'], [PLATFORM, 'Platform']);
    expect(await problem({ firewallPolicy: named('hub') })).toBe(
      `2 A name says too little, since this identity may see several subscriptions: Production (${HUB}), Platform (${PLATFORM}). Give one with --subscription, or the full id of the resource.`,
    );
  });

  it('may be in no subscription, or in one that is not there', async () => {
    subscriptions();
    expect(await problem({ firewallPolicy: named('hub') })).toBe(
      '3 /subscriptions: this identity may see no subscription; let the role Reader be assigned to it, or give the full id of the resource',
    );
    subscriptions([HUB, 'Production']);
    const typo = named('Prodaction', '--subscription');
    expect(await problem({ subscription: typo, firewallPolicy: named('hub') })).toBe(
      "3 Prodaction: there is no subscription of this name that this identity may see. Did you mean 'Production'? It sees Production.",
    );
  });

  it('says which role lets one look for it', async () => {
    azure.on(LIST, refusal(403, 'AuthorizationFailed', 'no'));
    expect(await problem({ subscription, firewallPolicy: named('hub') })).toBe(
      `3 /subscriptions/${HUB}: the list of firewall policies cannot be read: Azure answered 403 AuthorizationFailed: the action Microsoft.Network/firewallPolicies/read is not allowed; let the role Reader be assigned for /subscriptions/${HUB}. Azure says: no`,
    );
    azure.on('/subscriptions', json({ value: 1 }));
    expect(await problem({ firewallPolicy: named('hub') })).toMatch(
      /^3 \/subscriptions: the list of subscriptions cannot be read/,
    );
  });
});

describe('a cloud', () => {
  // https://learn.microsoft.com/azure/china/resources-developer-guide,
  // https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
  it.each([
    ['AzureCloud', 'https://management.azure.com', undefined],
    ['AzureChinaCloud', 'https://management.chinacloudapi.cn', 'https://login.chinacloudapi.cn'],
    ['AzureUSGovernment', 'https://management.usgovcloudapi.net', 'https://login.microsoftonline.us'],
  ] as const)('%s has its own addresses', (cloud, endpoint, authority) => {
    expect(armCloud(cloud, undefined, undefined)).toEqual({
      endpoint,
      scope: `${endpoint}/.default`,
      authority,
    });
  });

  it('may have Azure Resource Manager elsewhere, with tokens for someone else', () => {
    expect(
      armCloud(
        'AzureCloud',
        named('https://management.local.azurestack.external/'),
        named('https://management.contoso.onmicrosoft.com/1b2c/'),
      ),
    ).toEqual({
      endpoint: 'https://management.local.azurestack.external',
      scope: 'https://management.contoso.onmicrosoft.com/1b2c/.default',
      authority: undefined,
    });
  });

  it.each(['http://localhost:8080', 'management.azure.com', 'https://user:pass@host', ''])(
    'is nowhere at %j, since tokens go over HTTPS only',
    (text) => {
      expect(() => armCloud('AzureCloud', named(text, '--arm-endpoint'), undefined)).toThrow(
        new UsageError(`--arm-endpoint: '${text}' is no address of the form https://management.example.com.`),
      );
    },
  );
});

describe('service tags', () => {
  const rule = (...destinationAddresses: string[]): JsonObject => ({
    properties: { rules: [{ destinationAddresses, sourceAddresses: ['20.1.1.1'] }] },
  });

  it.each([
    [['AzureCloud.westeurope'], false],
    [['10.0.0.0/8', '*', '0.0.0.0/0'], false],
    [['10.0.0.0/8', '20.38.96.0/19'], true],
    [['20.38.96.0-20.38.96.9'], true],
    [['2603:1020::/32'], true],
    [['fd00::/8'], false],
  ])('are of use for rules to %j: %s', (addresses, expected) => {
    expect(holdsPublicAddress(rule(...addresses))).toBe(expected);
  });

  it('are of use for IP groups with public addresses too', () => {
    expect(holdsPublicAddress({ properties: { ipAddresses: ['20.38.96.0/19'] } })).toBe(true);
  });
});
