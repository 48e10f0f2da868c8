import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
/** Marked as well, and in no rule: a report may only hold it where it quotes a line. */
const PASSWORD = 'correct-horse-battery';

const rule = {
  ...{ name: 'rule', source_addresses: ['10.0.0.0/16'], protocols: [{ type: 'Https', port: 443 }] },
  destination_fqdns: [SECRET],
};
const collection = { name: 'names', priority: 200, action: 'Allow', rule: [rule] };
const hub = { name: 'hub', resource_group_name: 'rg' };
const group = { name: 'aks', priority: 100, application_rule_collection: [collection] };
const GROUP = 'azurerm_firewall_policy_rule_collection_group';
const MARKS = { application_rule_collection: [{ rule: [{ destination_fqdns: [true] }] }] };

const shown = (type: string, values: object, sensitive: object): object => ({
  ...{ address: `${type}.it`, mode: 'managed', type, name: 'it', values, sensitive_values: sensitive },
});
const planned = {
  root_module: {
    resources: [
      shown('random_password', { result: PASSWORD }, { result: true }),
      shown('azurerm_firewall_policy', hub, {}),
      shown(GROUP, group, MARKS),
    ],
  },
};
const version = { format_version: '1.2', terraform_version: '1.9.0' };

const kept = (type: string, attributes: object, sensitive: readonly unknown[]): object => ({
  ...{ mode: 'managed', type, name: 'it', instances: [{ attributes, sensitive_attributes: sensitive }] },
});
const attribute = (value: string): object => ({ type: 'get_attr', value });
const index = (value: number): object => ({ type: 'index', value: { value, type: 'number' } });
const state = {
  ...{ version: 4, lineage: 'x', serial: 1 },
  outputs: { password: { value: PASSWORD, type: 'string', sensitive: true } },
  resources: [
    kept('azurerm_firewall_policy', hub, []),
    kept(GROUP, group, [
      [
        ...[attribute('application_rule_collection'), index(0), attribute('rule'), index(0)],
        attribute('destination_fqdns'),
      ],
    ]),
  ],
};

const written = (hosts: string, rest = ''): (() => string) => {
  return () => {
    repository.write('main.tf', policyWith(applicationRule(`destination_fqdns = ${hosts}`), rest));
    return '.';
  };
};
const variable = (value: string, mark = 'sensitive = true'): string =>
  `variable "hosts" {\n  default   = ${value}\n  ${mark}\n}\n`;
const stored = (content: string | object): (() => string) => {
  return () => {
    repository.write('file.json', content);
    return 'file.json';
  };
};

const WAYS: readonly (readonly [what: string, write: () => string])[] = [
  ['a sensitive variable', written('var.hosts', variable(`["${SECRET}"]`))],
  [
    'a variable that is sensitive as a text',
    written('var.hosts', variable(`["${SECRET}"]`, 'sensitive = "true"')),
  ],
  ['an ephemeral variable', written('var.hosts', variable(`["${SECRET}"]`, 'ephemeral = true'))],
  ['sensitive()', written(`sensitive(["${SECRET}"])`)],
  ['a sensitive local value', written('local.hosts', `locals {\n  hosts = sensitive(["${SECRET}"])\n}\n`)],
  [
    'a sensitive output of a module',
    () => {
      repository.write(
        'hosts/main.tf',
        `output "hosts" {\n  value     = ["${SECRET}"]\n  sensitive = true\n}\n`,
      );
      return written('module.hosts.hosts', 'module "hosts" {\n  source = "./hosts"\n}\n')();
    },
  ],
  [
    'a file of values for a sensitive variable',
    () => {
      repository.write('terraform.tfvars', `hosts = ["mcr.microsoft.com", "${SECRET}"]\n`);
      return written('var.hosts', variable('[]'))();
    },
  ],
  ['a name built from a sensitive variable', written('["${var.hosts}.example.com"]', variable('"secret"'))],
  [
    'a name grown together with it',
    written('["x${var.hosts}x.example.com"]', variable('"secret.example.co"')),
  ],
  ['a part of a sensitive text', written('split(",", var.hosts)', variable(`"a.example.com,${SECRET}"`))],
  [
    'what a sensitive text decodes to',
    written(
      'jsondecode(base64decode(var.hosts))',
      variable(`"${Buffer.from(JSON.stringify([SECRET])).toString('base64')}"`),
    ),
  ],
  ['a plan', stored({ ...version, planned_values: planned })],
  ['a plan on one line', stored(JSON.stringify({ ...version, planned_values: planned }))],
  [
    'a plan whose change was secret before',
    stored(
      JSON.stringify({
        ...{ ...version, planned_values: planned },
        resource_changes: [
          {
            ...{ address: 'x.y', mode: 'managed', type: 'x', name: 'y' },
            change: { actions: ['update'], before: { old: PASSWORD }, before_sensitive: { old: true } },
          },
        ],
      }),
    ),
  ],
  [
    'a plan with a sensitive variable',
    stored(
      JSON.stringify({
        ...{ ...version, variables: { password: { value: PASSWORD } }, planned_values: planned },
        configuration: { root_module: { variables: { password: { sensitive: true } } } },
      }),
    ),
  ],
  ['a state as Terraform shows it', stored(JSON.stringify({ ...version, values: planned }))],
  ['a raw state', stored(state)],
  ['a raw state on one line', stored(JSON.stringify(state))],
];

/** Parts of the secret that no other word has. */
const LEAKS = /secret\.|\.co(?:mx|x)|xsecret|correct-horse|WyJzZWNyZXQ/;

describe.each(WAYS)('%s', (_what, write) => {
  it.each(['pretty', 'json', 'sarif'])('is in no report of format %s', async (format) => {
    const path = write();
    const { code, stdout, stderr } = await repository.run(
      ...[path, '--source', '10.0.0.0/16', '--no-config', '--format', format],
    );
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('(sensitive)');
    expect(stdout).not.toMatch(LEAKS);
  });

  it('is in no baseline, which knows the finding again', async () => {
    const path = write();
    await repository.run(path, '--source', '10.0.0.0/16', '--no-config', '--write-baseline', 'known.json');
    expect(repository.read('known.json')).toContain('unneeded-entry');
    expect(repository.read('known.json')).not.toMatch(LEAKS);
    const { code } = await repository.run(
      ...[path, '--source', '10.0.0.0/16', '--no-config', '--baseline', 'known.json', '--fail-on', 'note'],
    );
    expect(code).toBe(0);
  });
});

async function messages(path: string): Promise<string[]> {
  const { findings } = await repository.report(path, '--source', '10.0.0.0/16', '--no-config');
  return findings.filter(({ check }) => check === 'unneeded-entry').map(({ message }) => message);
}

it('only what is sensitive is hidden in a message', async () => {
  expect(await messages(written('var.hosts', variable(`["${SECRET}"]`))())).toEqual([
    "'(sensitive)' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
  ]);
  expect(await messages(written('["${var.hosts}.example.com"]', variable('"secret"'))())).toEqual([
    "'(sensitive).example.com' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
  ]);
});

it('words of our own stay where a sensitive value is one of them', async () => {
  const path = written('["needed.example.com", var.hosts]', variable('"needed"'))();
  expect(await messages(path)).toContain(
    "'(sensitive).example.com' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
  );
});

it('a short value is hidden where it is all of a name', async () => {
  expect(await messages(written('[var.hosts, "xyz.example.com"]', variable('"xyz"'))())).toEqual([
    "'xyz.example.com' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
    "'(sensitive)' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
  ]);
});

it('a text as long as a kubeconfig is hidden like any other, and so are many', async () => {
  const kubeconfig = 'certificate-authority-data: LS0tLS1CRUdJTi'.padEnd(60_000, 'x');
  const many = Array.from({ length: 3000 }, (_, at) => `secret-${at}.example.com`);
  const all = JSON.stringify([kubeconfig, ...many]);
  const path = written('[var.hosts[3000], "other.example.com"]', variable(all))();
  expect(await messages(path)).toEqual([
    "'other.example.com' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
    "'(sensitive)' on Https:443 in rule 'rule' is needed neither by AKS nor by a declared workload.",
  ]);
  repository.write('state.json', {
    ...state,
    outputs: { raw: { value: kubeconfig, type: 'string', sensitive: true } },
  });
  expect((await repository.run('state.json', '--no-config')).code).toBeLessThan(2);
});

it('a quoted line keeps its columns', async () => {
  const path = written(`sensitive(["${SECRET}"])`)();
  const { stdout } = await repository.run(path, '--source', '10.0.0.0/16', '--no-config');
  const lines = stdout.split('\n');
  const at = lines.findIndex((line) => line.includes('"••••••••••••••••••"'));
  expect(lines[at + 1]?.indexOf('^')).toBe(lines[at]?.indexOf('"••'));
  expect(lines[at + 1]).toContain('^'.repeat(SECRET.length + 2));
});

it('a sensitive source is not shown as the network that was judged', async () => {
  const hosts = 'destination_fqdn_tags = ["AzureKubernetesService"]';
  repository.write(
    'main.tf',
    policyWith(
      applicationRule(hosts).replace('["10.0.0.0/16"]', 'var.nodes'),
      'variable "nodes" {\n  default   = ["10.77.0.0/16"]\n  sensitive = true\n}\n',
    ),
  );
  const { stdout } = await repository.run('.', '--no-config', '--format', 'json', '--fail-on', 'never');
  expect(stdout).toContain('"(sensitive)"');
  expect(stdout).not.toContain('10.77');
});
