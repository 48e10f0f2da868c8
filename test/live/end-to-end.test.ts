import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import schema from '../../schemas/snapshot.schema.json' with { type: 'json' };
import type { Finding, Report } from '../../src/reporters/report.ts';
import { sarifProblems } from '../reporters/sarif-checker.ts';
import { EXPIRED, forbidden, json, throttled } from './arm-server.ts';
import { CLUSTER, cluster, HUB, NODES, PARENT_GROUP, POLICY, policy, routes } from './estate.ts';
import { LiveWorld } from './program.ts';
import { EXPECTED, LACKING, meaning, summary } from './summary.ts';

let world: LiveWorld;
beforeEach(async () => {
  world = await LiveWorld.create();
});
afterEach(async () => {
  await world.remove();
});

const TARGETS = ['--firewall-policy', POLICY, '--cluster', CLUSTER];

function findingOf({ findings }: Report, check: string): Finding {
  const found = findings.find((finding) => finding.check === check);
  if (found === undefined) throw new Error(`no finding of ${check}`);
  return found;
}

describe('a policy with a parent and IP groups, and a cluster', () => {
  it('is judged as it is deployed, and the same from what was saved, without Azure', async () => {
    const live = await world.report(...TARGETS, '--save', 'hub.json');
    expect(summary(live)).toEqual(EXPECTED);
    expect(live.runs).toHaveLength(1);
    expect(live.runs[0]).toMatchObject({ policy: 'hub', cluster: 'shop', sources: ['10.240.0.0/22'] });
    expect(live.runs[0]?.profile['region']).toMatchObject({ value: 'westeurope', from: 'inferred' });
    expect(live.inputs).toEqual([{ path: 'hub.json', format: 'azure-snapshot', rules: 4, unresolved: 0 }]);
    expect(live.notices).toEqual([LACKING]);

    const saved = await world.reportOf('hub.json');
    expect(saved).toEqual(live);
    const denied = findingOf(saved, 'denied-by-earlier-rule').location;
    expect(denied.address).toBe(`${PARENT_GROUP.id}#/properties/ruleCollections/0/rules/0`);
    expect(world.read('hub.json').split('\n')[denied.startLine - 1]).toContain('no-package-feeds');
    expect(world.read('hub.json')).not.toMatch(/token-\d|secret-of-the-identity|Bearer/);
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect([validate(JSON.parse(world.read('hub.json'))), validate.errors]).toEqual([true, null]);
  });
});

describe('where findings stand', () => {
  it('is the line of the configuration that names the target, and SARIF says which resource is meant', async () => {
    world.write(
      '.aks-egress-lint.yaml',
      `azure:\n  subscription: ${HUB}\n  firewallPolicy: hub # ours\n  cluster: [shop]\n`,
    );
    const networkProfile = { networkPlugin: 'azure', outboundType: 'loadBalancer' };
    const past = { ...cluster, properties: { ...cluster.properties, networkProfile } };
    const subscription = `/subscriptions/${HUB}/providers`;
    world.azure
      .onList(`${subscription}/Microsoft.Network/firewallPolicies`, [policy])
      .onList(`${subscription}/Microsoft.ContainerService/managedClusters`, [past])
      .onResources(past, { ...routes, properties: { routes: [] } });
    const live = await world.report('--output', 'sarif=live.sarif', '--save', 'hub.json');
    expect(summary(live)).toEqual(expect.arrayContaining(EXPECTED));
    const denied = findingOf(live, 'denied-by-earlier-rule');
    expect(denied.location).toEqual({
      path: '.aks-egress-lint.yaml',
      pointer: '/azure/firewallPolicy',
      startLine: 3,
      startColumn: 19,
      endLine: 3,
      endColumn: 22,
      address: `${PARENT_GROUP.id}#/properties/ruleCollections/0/rules/0`,
    });
    const bypass = findingOf(live, 'outbound-type-bypasses-firewall');
    expect([bypass.location.pointer, bypass.location.startLine]).toEqual(['/azure/cluster/0', 4]);
    expect(bypass.location.address).toBe(`${CLUSTER}#/properties/networkProfile/outboundType`);
    expect(meaning(await world.reportOf('hub.json', '--no-config'))).toEqual(meaning(live));

    const text = world.read('live.sarif');
    const textOf = (uri: string): string => world.read(uri);
    expect(sarifProblems(text, { textOf })).toEqual([]);
    const sarif = JSON.parse(text) as Log;
    const result = sarif.runs[0]?.results?.find(({ ruleId }) => ruleId === 'denied-by-earlier-rule');
    expect(result?.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe(denied.location.address);
    expect(result?.relatedLocations).toBeUndefined();
  });

  it('is the resource itself where flags name it, and no file is made up', async () => {
    const { code, stdout } = await world.run(...TARGETS, '--format', 'sarif');
    expect(code).toBe(1);
    expect(sarifProblems(stdout)).toEqual([]);
    const sarif = JSON.parse(stdout) as Log;
    const uris = sarif.runs[0]?.results?.map(
      ({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation,
    );
    expect(new Set(uris?.map((location) => JSON.stringify(location)))).toEqual(
      new Set([JSON.stringify({ uri: POLICY.slice(1) })]),
    );
  });
});

describe('what Azure does not give', () => {
  it('ends the run where it is a rule, with the role that is needed, and writes nothing', async () => {
    world.azure.on(NODES, forbidden('Microsoft.Network/ipGroups/read', NODES));
    const { code, stdout, stderr } = await world.run(
      ...TARGETS,
      '--save',
      'hub.json',
      '--output',
      'json=r.json',
    );
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(
      `${NODES}: IP group 'aks-nodes' cannot be read: Azure answered 403 AuthorizationFailed`,
    );
    expect(stderr).toContain(
      `the action Microsoft.Network/ipGroups/read is not allowed; let the role Reader be assigned`,
    );
    expect(stderr).not.toMatch(/ at .*:\d+:\d+|token-\d/);
    expect(readdirSync(world.root).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});

describe('--save', () => {
  it.each([
    ['.aks-egress-lint.yaml', 'failOn: error\n'],
    ['accepted.json', '{}'],
  ])('does not overwrite %s, which the run reads', async (path, text) => {
    world.write(path, text);
    const accepted = path.endsWith('.json') ? ['--baseline', path] : [];
    const { code, stderr } = await world.run(...TARGETS, '--save', path, ...accepted);
    expect([code, stderr]).toEqual([
      2,
      `aks-egress-lint: --save: '${path}' is an input too, and would be overwritten.\n`,
    ]);
    expect(world.read(path)).toBe(text);
    expect(world.azure.asked).toEqual([]);
  });
});

describe('a difficult Azure', () => {
  it('is waited for where it throttles, and asked with a new token where the old one expired', async () => {
    world.azure.tokenLife = 1;
    world.azure.on(POLICY, throttled(1), EXPIRED, json(policy));
    expect(summary(await world.report(...TARGETS))).toEqual(EXPECTED);
    expect(world.azure.tokens).toBeGreaterThan(1);
  });

  it('is not waited for longer than --timeout', async () => {
    world.azure.on(POLICY, () => undefined);
    const { code, stderr } = await world.run(...TARGETS, '--timeout', '1');
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /firewall policy 'hub' cannot be read: localhost:\d+ did not answer within 1 s; try again, or give it longer with --timeout\n$/,
    );
  });

  it('ends at once with 130 where the user interrupts, and leaves no file', async () => {
    const { child, ended } = world.start([...TARGETS, '--save', 'hub.json', '--output', 'sarif=r.sarif']);
    world.azure.on(POLICY, () => {
      child.kill('SIGINT');
    });
    expect(await ended).toEqual({
      code: 130,
      stdout: '',
      stderr: 'aks-egress-lint: interrupted; nothing was judged or written.\n',
    });
    expect(existsSync(join(world.root, 'hub.json')) || existsSync(join(world.root, 'r.sarif'))).toBe(false);
  });

  it('is not trusted with a certificate of nobody', async () => {
    const { code, stderr } = await world.start(TARGETS, { NODE_EXTRA_CA_CERTS: undefined }).ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /the certificate of localhost:\d+ cannot be verified.*\(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/,
    );
  });

  it('ends in time where the identity never answers', async () => {
    world.azure.tokenAnswer = () => undefined;
    const started = performance.now();
    const { code, stderr } = await world.run(...TARGETS, '--timeout', '1');
    expect([code, performance.now() - started < 20_000]).toEqual([3, true]);
    expect(stderr).toMatch(/did not answer within 1 s/);
  });

  it('does not make up for a policy with what a gateway says', async () => {
    world.azure.on(POLICY, json({}));
    const { code, stdout, stderr } = await world.run(...TARGETS);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain("firewall policy 'hub' cannot be read");
  });

  it('cannot be reached by a credential that nobody has', async () => {
    const { code, stderr } = await world.start(TARGETS, { AZURE_TOKEN_CREDENTIALS: 'Password' }).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^aks-egress-lint: Azure's credentials: Invalid value for AZURE_TOKEN_CREDENTIALS = Password\./,
    );
  });

  it('takes nobody without a credential, and says in one line how to get one', async () => {
    const { code, stdout, stderr } = await world.start(TARGETS, {
      AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential',
    }).ended;
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /cannot be read: there is no token for Azure; sign in with 'az login', or set AZURE_TENANT_ID, .* managed identity\n$/,
    );
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(world.azure.asked).toEqual([]);
  });
});
