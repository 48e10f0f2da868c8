import { afterEach, beforeEach, expect, it } from 'vitest';
import { applicationRule, policyWith } from '../parsers/terraform/folder.ts';
import { Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const SECRET = 'secret.example.com';

async function messages(path: string): Promise<string[]> {
  const { findings } = await repository.report(path, '--source', '10.0.0.0/16');
  return findings.filter(({ check }) => check === 'unneeded-entry').map(({ message }) => message);
}

const CONCEALED =
  "'(sensitive)' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.";

it.each([
  [
    'a sensitive variable',
    'var.hosts',
    `variable "hosts" {\n  default   = ["${SECRET}"]\n  sensitive = true\n}\n`,
  ],
  ['sensitive()', `sensitive(["${SECRET}"])`, ''],
])('the value of %s is not quoted', async (_what, hosts, rest) => {
  repository.write('main.tf', policyWith(applicationRule(`destination_fqdns = ${hosts}`), rest));
  expect(await messages('.')).toEqual([CONCEALED]);
});

const rule = {
  ...{ name: 'rule', source_addresses: ['10.0.0.0/16'], protocols: [{ type: 'Https', port: 443 }] },
  destination_fqdns: [SECRET],
};
const collection = { name: 'names', priority: 200, action: 'Allow', rule: [rule] };
const hub = { name: 'hub', resource_group_name: 'rg' };
const group = { name: 'aks', priority: 100, application_rule_collection: [collection] };
const GROUP = 'azurerm_firewall_policy_rule_collection_group';

it('a value that a plan marks is not quoted', async () => {
  const resource = (type: string, values: object, sensitive: object): object => ({
    ...{ address: `${type}.it`, mode: 'managed', type, name: 'it', values, sensitive_values: sensitive },
  });
  const marks = { application_rule_collection: [{ rule: [{ destination_fqdns: [true] }] }] };
  const resources = [resource('azurerm_firewall_policy', hub, {}), resource(GROUP, group, marks)];
  repository.write('plan.json', {
    ...{ format_version: '1.2', terraform_version: '1.9.0', planned_values: { root_module: { resources } } },
  });
  expect(await messages('plan.json')).toEqual([CONCEALED]);
});

it('a value that a state marks is not quoted', async () => {
  const resource = (type: string, attributes: object, sensitive: object): object => ({
    ...{ mode: 'managed', type, name: 'it', instances: [{ attributes, sensitive_attributes: sensitive }] },
  });
  const step = (type: string, value: unknown): object => ({ type, value });
  const number = (value: number): object => step('index', { value, type: 'number' });
  const path = [
    ...[step('get_attr', 'application_rule_collection'), number(0), step('get_attr', 'rule'), number(0)],
    step('get_attr', 'destination_fqdns'),
  ];
  repository.write('terraform.tfstate', {
    ...{ version: 4, lineage: 'x', serial: 1 },
    resources: [resource('azurerm_firewall_policy', hub, []), resource(GROUP, group, [path])],
  });
  expect(await messages('terraform.tfstate')).toEqual([CONCEALED]);
});
