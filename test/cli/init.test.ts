import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationRule } from '../parsers/inputs.ts';
import { applicationRule as terraformRule, policyWith } from '../parsers/terraform/folder.ts';
import { hosts, policyOf } from './policies.ts';
import { Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const NAME = '.aks-egress-lint.yaml';

async function init(): Promise<string> {
  const { code, stdout, stderr } = await repository.run('init');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

/** What the configuration says, once it was read by the program itself. */
async function said(): Promise<unknown> {
  const { code, stderr } = await repository.run('--print-config');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return parse(repository.read(NAME));
}

function cluster(source: string, region: string): object {
  return hosts(region, ['mcr.microsoft.com', 'login.microsoftonline.com', `*.hcp.${region}.azmk8s.io`], {
    sourceAddresses: [source],
  });
}

describe('init', () => {
  it('writes what the rules show of the one cluster, and says how to go on', async () => {
    repository.write('infra/hub.json', policyOf([cluster('10.240.0.0/22', 'westeurope')]));
    expect(await init()).toBe(`Wrote ${NAME}.\nNext: aks-egress-lint infra/hub.json\n`);
    expect(await said()).toEqual({
      extends: ['recommended'],
      profile: { base: 'public', region: 'westeurope' },
      sources: ['10.240.0.0/22'],
      failOn: 'error',
    });
    const text = repository.read(NAME);
    expect(text).toMatch(/^# yaml-language-server: \$schema=https:.*\/schemas\/config\.schema\.json\n/);
    expect(text).toContain('#   infra/hub.json (arm-template, 1 rules)');
    expect((await repository.report('infra')).runs[0]).toMatchObject({ sourcesFrom: 'config' });
  });

  it('finds Terraform, and names its folder and its files of values', async () => {
    const rule = terraformRule(
      'destination_fqdns = concat(["mcr.microsoft.com", "*.hcp.westeurope.azmk8s.io"], var.hosts)',
    );
    repository.write('infra/hub/main.tf', policyWith(rule, 'variable "hosts" {\n  default = []\n}\n'));
    repository.write('infra/hub/prod.tfvars', 'hosts = ["login.microsoftonline.com"]\n');
    expect(await init()).toBe(`Wrote ${NAME}.\nNext: aks-egress-lint infra/hub\n`);
    expect(await said()).toMatchObject({ profile: { region: 'westeurope' }, sources: ['10.0.0.0/16'] });
    const text = repository.read(NAME);
    expect(text).toContain('#   infra/hub/main.tf (terraform, 1 rules)');
    expect(text).toContain('# varFiles: [infra/hub/prod.tfvars]');
  });

  it('leaves it to the program which of several Terraform folders calls the others', async () => {
    const module = 'module "rules" {\n  source = "../modules/rules"\n}\n';
    repository.write('infra/hub/main.tf', module);
    repository.write(
      'infra/modules/rules/main.tf',
      policyWith(terraformRule('destination_fqdns = ["mcr.microsoft.com"]')),
    );
    expect(await init()).toBe(`Wrote ${NAME}.\nNext: aks-egress-lint .\n`);
  });

  it('names the cloud where it is not the public one', async () => {
    const rule = hosts('core', ['mcr.azk8s.cn', '*.hcp.chinaeast2.cx.prod.service.azk8s.cn', 'mcr.azure.cn']);
    repository.write('hub.json', policyOf([rule]));
    await init();
    expect(await said()).toMatchObject({ profile: { cloud: 'AzureChinaCloud' } });
  });

  it('lists several clusters with the policies that serve them', async () => {
    repository.write(
      'hub.json',
      policyOf([cluster('10.240.0.0/22', 'westeurope'), cluster('10.250.0.0/22', 'westeurope')]),
    );
    repository.write('spoke.json', policyOf([cluster('10.1.0.0/22', 'northeurope')], 'spoke'));
    await init();
    expect(await said()).toMatchObject({
      clusters: [
        { name: 'cluster-1', sources: ['10.240.0.0/22'], policies: ['hub'] },
        { name: 'cluster-2', sources: ['10.250.0.0/22'], policies: ['hub'] },
        {
          name: 'cluster-3',
          sources: ['10.1.0.0/22'],
          policies: ['spoke'],
          profile: { region: 'northeurope' },
        },
      ],
    });
    const { runs } = await repository.report('.');
    expect(runs.map(({ cluster: name, policy }) => [name, policy])).toEqual([
      ['cluster-1', 'hub'],
      ['cluster-2', 'hub'],
      ['cluster-3', 'spoke'],
    ]);
  });

  it('leaves out what only parameters tell, and names the parameter files that it found', async () => {
    const source = "[parameters('aksSubnet')]";
    repository.write('hub.json', {
      ...policyOf([
        applicationRule('core', {
          sourceAddresses: [source],
          targetFqdns: ['mcr.microsoft.com', 'login.microsoftonline.com'],
        }),
      ]),
      parameters: { aksSubnet: { type: 'string' } },
    });
    repository.write('hub.parameters.json', {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: { aksSubnet: { value: '10.240.0.0/22' } },
    });
    await init();
    expect(await said()).not.toHaveProperty('sources');
    expect(repository.read(NAME)).toContain('# parameters: [hub.parameters.json]');
  });

  it('writes examples where there is no firewall', async () => {
    expect(await init()).toContain('No firewall configuration was found below this folder');
    expect(await said()).toEqual({ extends: ['recommended'], profile: { base: 'public' }, failOn: 'error' });
  });

  it('says which file it could not read, and writes what the others show', async () => {
    repository.write('a.json', policyOf([cluster('10.240.0.0/22', 'westeurope')]));
    repository.write('b.json', '{ "type": "Microsoft.Network/firewallPolicies", ');
    expect(await init()).toContain('Left out: b.json:1:');
    expect(await said()).toMatchObject({ sources: ['10.240.0.0/22'] });
  });

  it.each([NAME, 'aks-egress-lint.config.json', 'package.json'])('never overwrites %s', async (name) => {
    repository.write(name, name === NAME ? 'failOn: note\n' : { 'aks-egress-lint': { failOn: 'note' } });
    const before = repository.read(name);
    const { code, stderr } = await repository.run('init');
    expect(code).toBe(2);
    expect(stderr).toContain(`There is a configuration already: ${name}. It is left as it is`);
    expect(repository.read(name)).toBe(before);
    expect(readdirSync(repository.root).sort()).toEqual(['.git', name].sort());
  });

  it.each([
    'fixtures/sample/hub-firewall-policy.json',
    'fixtures/cli/no-registry.json',
    'fixtures/cli/registry-from-a-parameter.json',
  ])('writes for %s what validates and lints', async (fixture) => {
    repository.write('hub.json', readFileSync(fixture, 'utf8'));
    await init();
    await said();
    expect((await repository.run('hub.json', '--fail-on', 'never')).code).toBe(0);
  });

  it('shows its text with every example switched on as valid', async () => {
    await init();
    const text = repository.read(NAME);
    const examples = text
      .replaceAll(/^# (?=\s*(?:- |[a-z-]+:))/gm, '')
      .replace(/^yaml-language-server.*$/m, '');
    repository.write(NAME, examples);
    expect(await said()).toMatchObject({
      allow: [{ owner: 'team shop' }],
      suppressions: [{ check: 'broad-port' }],
    });
  });
});
