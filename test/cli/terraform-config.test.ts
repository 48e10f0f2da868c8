import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationRule, policyWith } from '../parsers/terraform/folder.ts';
import { counting, Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const RULES = applicationRule(
  'destination_fqdns = concat(["mcr.microsoft.com", "*.data.mcr.microsoft.com"], var.hosts)',
);
const HUB = policyWith(RULES, 'variable "hosts" {\n  type = list(string)\n}\n');

describe('varFiles', () => {
  beforeEach(() => {
    repository.write('hub/main.tf', HUB);
    repository.write('values/prod.tfvars', 'hosts = ["prod.example.com"]\n');
    repository.write('values/test.tfvars', 'hosts = ["test.example.com"]\n');
  });

  it('gives values of variables for every run, relative to the configuration', async () => {
    repository.write('values/egress.yaml', 'varFiles: [prod.tfvars]\n');
    const report = await repository.report('hub', '--config', 'values/egress.yaml');
    expect(counting(report, 'unneeded-entry')).toEqual(['prod.example.com']);
  });

  it('comes before --var-file, which wins', async () => {
    repository.write('.aks-egress-lint.yaml', 'varFiles: [values/prod.tfvars]\n');
    const report = await repository.report('hub', '--var-file', 'values/test.tfvars');
    expect(counting(report, 'unneeded-entry')).toEqual(['test.example.com']);
  });

  it('names a file that is not there', async () => {
    repository.write('.aks-egress-lint.yaml', 'varFiles: [missing.tfvars]\n');
    const { code, stderr } = await repository.run('hub');
    expect(code).toBe(3);
    expect(stderr).toContain('missing.tfvars: ');
  });
});

describe('sourceRoot', () => {
  it('says where findings about a plan belong', async () => {
    const rule = {
      ...{ name: 'rule', source_addresses: ['10.0.0.0/16'], protocols: [{ type: 'Https', port: 443 }] },
      destination_fqdns: ['mcr.microsoft.com', '*.data.mcr.microsoft.com', 'prod.example.com'],
    };
    const resource = (type: string, name: string, values: object): object => ({
      ...{ address: `${type}.${name}`, mode: 'managed', type, name, values },
    });
    const collection = { name: 'names', priority: 200, action: 'Allow', rule: [rule] };
    const resources = [
      resource('azurerm_firewall_policy', 'hub', { name: 'hub', resource_group_name: 'rg' }),
      resource('azurerm_firewall_policy_rule_collection_group', 'aks', {
        ...{ name: 'aks', priority: 100, application_rule_collection: [collection] },
      }),
    ];
    repository.write('plan.json', {
      ...{
        format_version: '1.2',
        terraform_version: '1.9.0',
        planned_values: { root_module: { resources } },
      },
    });
    repository.write('hub/main.tf', HUB.replace('var.hosts', '["prod.example.com"]'));
    repository.write('.aks-egress-lint.yaml', 'sourceRoot: hub\n');
    const { findings } = await repository.report('plan.json');
    const found = findings.filter(({ check }) => check === 'unneeded-entry');
    expect(found.map(({ location }) => [location.path, location.startLine])).toEqual([['hub/main.tf', 23]]);
  });
});
