import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

async function print(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await repository.run('--print-config', ...argv);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

async function json(...argv: string[]): Promise<unknown> {
  return JSON.parse(await print('--format', 'json', ...argv)) as unknown;
}

const CONFIG = `extends: [strict, org/base.yaml]
profile:
  region: West Europe
  features: [azure-policy]
sources: [10.240.0.0/22]
allow:
  - destinations: ['*.shop.example.com']
    reason: payment
    owner: team shop
checks:
  broad-port: off
  broad-destination: [note, { acceptedHosts: [api.example.com] }]
overrides:
  - files: ['infra/**']
    checks: { broad-port: error }
suppressions:
  - { check: unneeded-entry, collection: app, reason: 'it is: so', until: 2026-12-31 }
parameters: [infra/prod.json]
varFiles: [infra/prod.tfvars]
sourceRoot: infra/hub
`;

describe('--print-config', () => {
  it('says what is read from Azure, and which flag or line names it', async () => {
    const azure = 'azure:\n  firewallPolicy: hub\n  firewall: hub-fw\n  cluster: [shop, bank]\n';
    repository.write('.aks-egress-lint.yaml', azure);
    const own = await print();
    expect(own).toContain('  firewallPolicy: hub # .aks-egress-lint.yaml:2:19\n');
    expect(own).toContain('  cluster: [shop, bank] # .aks-egress-lint.yaml:4:12\n');
    const { stdout } = await repository.run(
      ...[
        'azure',
        '--print-config',
        '--firewall-policy',
        'spoke',
        '--cluster',
        'aks',
        '--subscription',
        'Production',
      ],
    );
    // The firewall of the configuration belongs to the policy of the configuration.
    expect(stdout.slice(stdout.indexOf('azure:'))).toBe(
      'azure:\n  firewallPolicy: spoke # flag --firewall-policy\n  cluster: [aks] # flag --cluster\n  subscription: Production # flag --subscription\n',
    );
  });

  it('says where each value comes from: default, preset, extended file, file and line, flag', async () => {
    repository.write('.aks-egress-lint.yaml', CONFIG);
    repository.write('org/base.yaml', 'failOn: warning\nprofile:\n  base: private\n  localDns: true\n');
    const lines = (await print('--source', '10.1.0.0/24', '--cloud', 'AzureCloud')).split('\n');
    for (const line of [
      '  base: private # org/base.yaml:3:9',
      '  cloud: AzureCloud # flag --cloud',
      '  region: westeurope # .aks-egress-lint.yaml:3:11',
      '  privateCluster: true # org/base.yaml:3:9',
      '  vnetIntegration: false # default',
      '  localDns: true # org/base.yaml:4:13',
      '  features: [azure-policy] # .aks-egress-lint.yaml:4:14',
      'sources: [10.1.0.0/24] # flag --source',
      '  - { destinations: ["*.shop.example.com"], reason: payment, owner: team shop } # .aks-egress-lint.yaml:7:5',
      '  broad-port: off # .aks-egress-lint.yaml:11:15',
      '  broad-destination: [note, { acceptedHosts: [api.example.com] }] # .aks-egress-lint.yaml:12:22',
      '  unknown-coverage: error # preset strict, .aks-egress-lint.yaml:1:11',
      'failOn: warning # org/base.yaml:1:9',
      '  - infra/prod.json # .aks-egress-lint.yaml:18:14',
      'basePolicies: [] # default',
      '  - infra/prod.tfvars # .aks-egress-lint.yaml:19:12',
      'sourceRoot: infra/hub # .aks-egress-lint.yaml:20:13',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('is a configuration that comes to the same', async () => {
    repository.write('.aks-egress-lint.yaml', CONFIG);
    repository.write('org/base.yaml', 'failOn: warning\nasOf: 2026-01-31\nprofile: network-isolated\n');
    const first = await print();
    repository.write('printed.yaml', first);
    const second = await print('--config', 'printed.yaml');
    expect(parse(second)).toEqual(parse(first));
    expect(parse(first)).toMatchObject({ asOf: '2026-01-31', profile: { networkIsolated: true } });
  });

  it('names what no file and no flag says, for programs too', async () => {
    expect(await json('--no-config')).toMatchObject({
      profile: {
        base: { value: 'public', from: 'default' },
        region: { value: null, from: 'input' },
        nodeOs: { value: ['ubuntu'], from: 'default' },
      },
      sources: { value: null, from: 'input' },
      checks: { 'missing-required': { value: 'error', from: 'default', preset: 'recommended' } },
      failOn: { value: 'error', from: 'default' },
      asOf: { value: null, from: 'default' },
    });
    expect(await print('--no-config')).toContain('# sources: taken from the rules\n');
  });

  it('lets a flag stand for the presets, but not for what the configuration says of a check', async () => {
    repository.write('.aks-egress-lint.yaml', 'extends: audit\nchecks: { unknown-coverage: note }\n');
    expect(await json('--strict')).toMatchObject({
      checks: {
        'no-rules': { value: 'error', from: 'flag', flag: '--strict', preset: 'strict' },
        'unknown-coverage': { value: 'note', from: 'config', line: 2 },
      },
    });
  });

  it('has each cluster with its own profile and sources', async () => {
    repository.write(
      '.aks-egress-lint.yaml',
      `profile: { base: private, region: westeurope }
sources: [10.240.0.0/22]
clusters:
  - name: prod
    policies: [hub]
  - name: test
    profile: { region: northeurope }
    sources: { linux: [10.241.0.0/24], pods: [10.242.0.0/24] }
`,
    );
    expect(await json()).toMatchObject({
      clusters: [
        {
          name: { value: 'prod', line: 4 },
          profile: { region: { value: 'westeurope', line: 1 }, privateCluster: { value: true } },
          sources: { value: ['10.240.0.0/22'], line: 2 },
          policies: { value: ['hub'] },
        },
        {
          name: { value: 'test' },
          profile: { region: { value: 'northeurope', line: 7 }, privateCluster: { value: true } },
          sources: { value: { linux: ['10.241.0.0/24'], pods: ['10.242.0.0/24'] }, line: 8 },
        },
      ],
    });
    const text = await print();
    expect(parse(text)).toMatchObject({ clusters: [{ name: 'prod' }, { name: 'test' }] });
    repository.write('printed.yaml', text);
    expect(parse(await print('--config', 'printed.yaml'))).toEqual(parse(text));
  });

  it('reads no input and fails for a wrong configuration', async () => {
    expect(await print('gone.json')).toContain('failOn: error # default');
    repository.write('.aks-egress-lint.yaml', 'checks: { missing-requird: off }\n');
    const { code, stdout, stderr } = await repository.run('--print-config');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("Did you mean 'missing-required'?");
  });
});
