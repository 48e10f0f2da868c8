import { describe, expect, it } from 'vitest';
import type { Policy, Rule } from '../../../src/model/policy.ts';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();
const names = (rule: Rule | undefined): string[] => (rule?.destinations ?? []).map(({ text }) => text);

async function only(): Promise<Policy> {
  const { policies } = await folder.parse();
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error(`${policies.length} policies, not one`);
  return policy;
}

describe('configurations', () => {
  it('have the location of a resource as the provider writes it', async () => {
    const group = 'resource "azurerm_resource_group" "rg" {\n  name = "rg"\n  location = "West Europe"\n}\n';
    const host = 'destination_fqdns = ["*.hcp.${azurerm_resource_group.rg.location}.azmk8s.io"]';
    folder.write('main.tf', policyWith(applicationRule(host), group));
    expect(names((await only()).rules[0])).toEqual(['*.hcp.westeurope.azmk8s.io']);
  });

  it('take a file of variables that is named', async () => {
    folder.write(
      'main.tf',
      policyWith(applicationRule('destination_fqdns = var.hosts'), 'variable "hosts" {}\n'),
    );
    folder.write('terraform.tfvars', 'hosts = ["a.example.com"]\n');
    folder.write('prod.tfvars', 'hosts = ["b.example.com"]\n');
    expect(names((await folder.parse()).policies[0]?.rules[0])).toEqual(['a.example.com']);
    expect(names((await folder.parse(['.'], ['prod.tfvars'])).policies[0]?.rules[0])).toEqual([
      'b.example.com',
    ]);
  });

  it('are evaluated through their modules, and written in JSON too', async () => {
    const main = { module: { fw: { source: './fw', hosts: ['${lower("MCR.microsoft.com")}'] } } };
    folder.write('main.tf.json', JSON.stringify(main));
    folder.write(
      'fw/main.tf',
      policyWith(
        applicationRule('destination_fqdns = var.hosts'),
        'variable "hosts" {\n  type = list(string)\n}\n',
      ),
    );
    expect(names((await only()).rules[0])).toEqual(['mcr.microsoft.com']);
  });

  it('use modules that terraform init has downloaded', async () => {
    folder.write('main.tf', 'module "fw" {\n  source = "example/fw/azurerm"\n}\n');
    const modules = {
      Modules: [
        { Key: '', Source: '', Dir: '.' },
        { Key: 'fw', Dir: '.terraform/modules/fw' },
      ],
    };
    folder.write('.terraform/modules/modules.json', JSON.stringify(modules));
    folder.write(
      '.terraform/modules/fw/main.tf',
      policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]')),
    );
    expect(names((await only()).rules[0])).toEqual(['mcr.microsoft.com']);
  });
});
