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

const IGNORE = 'aks-egress-lint-ignore unneeded-entry -- known';
const TAG = 'destination_fqdn_tags = ["AzureKubernetesService"]';

async function unneeded(...argv: string[]): Promise<string[]> {
  return counting(await repository.report('.', ...argv), 'unneeded-entry');
}

/** A policy whose second collection has two hosts that nothing needs, with comments around them. */
function hosts(before: string, behindFirst = '', beforeSecond = '', behindList = ''): string {
  const second = applicationRule(`destination_fqdns = [
        "shop.example.com", ${behindFirst}
        ${beforeSecond}
        "pay.example.com",
      ] ${behindList}`).replace('"names"', '"shop"');
  return policyWith(`${applicationRule(TAG)}\n${before}${second}`);
}

describe('a comment in HCL', () => {
  it('is needed, else both hosts are reported', async () => {
    repository.write('main.tf', hosts(''));
    expect(await unneeded()).toEqual(['pay.example.com', 'shop.example.com']);
  });

  it.each(['#', '//'])('that begins with %s is about the block that follows', async (mark) => {
    repository.write('main.tf', hosts(`  ${mark} ${IGNORE}`));
    expect(await unneeded()).toEqual([]);
  });

  it.each([
    ['the block that follows it, in /* */', hosts(`/* ${IGNORE} */`), []],
    [
      'the block that follows it, among other comments',
      hosts(`# The shop.\n# ${IGNORE}\n# Until then.\n`),
      [],
    ],
    ['the item before it on the line', hosts('', `# ${IGNORE}`), ['pay.example.com']],
    ['the item that follows it', hosts('', '', `# ${IGNORE}`), ['shop.example.com']],
    ['the argument that ends on the line', hosts('', '', '', `# ${IGNORE}`), []],
    ['the block that begins on the line', hosts('').replaceAll(/rule \{$/gm, `rule { # ${IGNORE}`), []],
    ['no other block', hosts('').replace(TAG, `${TAG} # ${IGNORE}`), ['pay.example.com', 'shop.example.com']],
    [
      'the whole resource',
      hosts('').replace('resource "azurerm_firewall_policy_rule', `# ${IGNORE}\n$&`),
      [],
    ],
    ['a line of Windows', hosts('', `# ${IGNORE}`).replaceAll('\n', '\r\n'), ['pay.example.com']],
    ['what it stands in, after a byte order mark', `\uFEFF${hosts('', `# ${IGNORE}`)}`, ['pay.example.com']],
    ['nothing in a string', hosts('', '', `"# ${IGNORE}",`), ['pay.example.com', 'shop.example.com']],
  ])('is about %s', async (_what, text, left) => {
    repository.write('main.tf', text);
    const found = (await unneeded()).filter((host) => !host.includes('#'));
    expect(found).toEqual(left);
  });

  it('holds until its day', async () => {
    repository.write('main.tf', hosts(`# ${IGNORE} until 2020-01-31\n`));
    expect(await unneeded()).toEqual(['pay.example.com', 'shop.example.com']);
  });

  it('that nothing follows in its block says so, with its line', async () => {
    repository.write('main.tf', `${hosts('')}# ${IGNORE}\n`);
    const { notices } = await repository.report('.');
    const line = hosts('').split('\n').length;
    expect(notices.filter((notice) => notice.includes('is about nothing'))).toEqual([
      `main.tf:${line}:1: aks-egress-lint-ignore stands where it is about nothing; put it into the description of a rule, into metadata or comments of a resource, or into a comment before what it is about.`,
    ]);
  });

  it('is about an item of a local value that rules are made of', async () => {
    const rule = applicationRule('destination_fqdns = local.hosts');
    const locals = `locals {\n  hosts = concat(["shop.example.com"], [\n    # ${IGNORE}\n    "pay.example.com",\n  ])\n}\n`;
    repository.write('main.tf', policyWith(`${applicationRule(TAG)}\n${rule}`, locals));
    expect(await unneeded()).toEqual(['shop.example.com']);
  });

  it('is read in files of values too', async () => {
    const rule = applicationRule('destination_fqdns = var.hosts');
    const variable = 'variable "hosts" {\n  type = list(string)\n}\n';
    repository.write('main.tf', policyWith(`${applicationRule(TAG)}\n${rule}`, variable));
    repository.write(
      'terraform.tfvars',
      `hosts = [\n  "shop.example.com",\n  "pay.example.com", // ${IGNORE}\n]\n`,
    );
    expect(await unneeded()).toEqual(['shop.example.com']);
  });
});

describe('a description in HCL', () => {
  it('is about its rule', async () => {
    repository.write(
      'main.tf',
      policyWith(
        `${applicationRule(TAG)}\n${applicationRule(`description = "The shop. ${IGNORE}"\ndestination_fqdns = ["shop.example.com"]`)}\n` +
          applicationRule('destination_fqdns = ["pay.example.com"]'),
      ),
    );
    expect(await unneeded()).toEqual(['pay.example.com']);
  });

  it('is about its object in a list of rules', async () => {
    const dynamic = `
  dynamic "application_rule_collection" {
    for_each = local.collections
    content {
      name     = application_rule_collection.value.name
      priority = 300
      action   = "Allow"
      rule {
        name              = application_rule_collection.value.name
        source_addresses  = ["10.0.0.0/16"]
        destination_fqdns = application_rule_collection.value.hosts
        protocols {
          type = "Https"
          port = 443
        }
      }
    }
  }`;
    const locals = `locals {
  collections = [
    { name = "shop", description = "${IGNORE}", hosts = ["shop.example.com"] },
    { name = "pay", hosts = ["pay.example.com"] },
  ]
}`;
    repository.write('main.tf', policyWith(`${applicationRule(TAG)}\n${dynamic}`, locals));
    expect(await unneeded()).toEqual(['pay.example.com']);
  });
});

describe('a comment property of Terraform in JSON', () => {
  it('is about its block', async () => {
    const policy = {
      resource: {
        azurerm_firewall_policy: { hub: { name: 'hub', resource_group_name: 'rg' } },
        azurerm_firewall_policy_rule_collection_group: {
          aks: {
            name: 'aks',
            firewall_policy_id: '${azurerm_firewall_policy.hub.id}',
            priority: 100,
            application_rule_collection: ['shop', 'pay'].map((name, at) => ({
              name,
              priority: 200 + at,
              action: 'Allow',
              ...(name === 'shop' ? { '//': IGNORE } : {}),
              rule: [
                {
                  name,
                  source_addresses: ['10.0.0.0/16'],
                  destination_fqdns: [`${name}.example.com`, ...(at === 0 ? ['mcr.microsoft.com'] : [])],
                  protocols: [{ type: 'Https', port: 443 }],
                },
              ],
            })),
          },
        },
      },
    };
    repository.write('main.tf.json', JSON.stringify(policy, null, 2));
    expect(await unneeded()).toEqual(['pay.example.com']);
  });
});

/** A policy whose rules come from a data file. */
function rulesFrom(expression: string): string {
  return policyWith(`
  dynamic "application_rule_collection" {
    for_each = ${expression}
    content {
      name     = application_rule_collection.value.name
      priority = 300
      action   = "Allow"
      rule {
        name              = application_rule_collection.value.name
        source_addresses  = ["10.0.0.0/16"]
        destination_fqdns = application_rule_collection.value.hosts
        protocols {
          type = "Https"
          port = 443
        }
      }
    }
  }`);
}

describe('a comment in a YAML file of rules', () => {
  const yaml = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
  const both = ['pay.example.com', 'shop.example.com'];

  it.each([
    [
      'nothing where there is none',
      yaml('- name: a', '  hosts:', '  - shop.example.com', '  - pay.example.com'),
      both,
    ],
    [
      'the item before it on the line',
      yaml('- name: a', '  hosts:', `  - shop.example.com # ${IGNORE}`, '  - pay.example.com'),
      ['pay.example.com'],
    ],
    [
      'the last item of a list, before it on the line',
      yaml('- name: a', '  hosts:', '  - shop.example.com', `  - pay.example.com # ${IGNORE}`),
      ['shop.example.com'],
    ],
    [
      'the item that follows it',
      yaml('- name: a', '  hosts:', `  # ${IGNORE}`, '  - shop.example.com', '  - pay.example.com'),
      ['pay.example.com'],
    ],
    [
      'the key that it stands behind',
      yaml('- name: a', `  hosts: # ${IGNORE}`, '  - shop.example.com', '  - pay.example.com'),
      [],
    ],
    [
      'a list in brackets before it',
      yaml('- name: a', `  hosts: [shop.example.com, pay.example.com] # ${IGNORE}`),
      [],
    ],
    [
      'the object that follows it',
      yaml(
        `# ${IGNORE}`,
        '- name: a',
        '  hosts: [shop.example.com]',
        '- name: b',
        '  hosts: [pay.example.com]',
      ),
      ['pay.example.com'],
    ],
    [
      'no key after it that is further out',
      yaml(
        '- name: a',
        '  hosts: [shop.example.com]',
        `  # ${IGNORE}`,
        '- name: b',
        '  hosts: [pay.example.com]',
      ),
      ['shop.example.com'],
    ],
    [
      'no text that looks like it',
      yaml('- name: a', '  hosts: [shop.example.com, pay.example.com]', '  note: |', `    # ${IGNORE}`),
      both,
    ],
    [
      'lines of Windows',
      yaml('- name: a', '  hosts:', `  - shop.example.com # ${IGNORE}`, '  - pay.example.com').replaceAll(
        '\n',
        '\r\n',
      ),
      ['pay.example.com'],
    ],
  ])('is about %s', async (_what, text, left) => {
    repository.write('main.tf', rulesFrom('yamldecode(file("rules.yaml"))'));
    repository.write('rules.yaml', text);
    expect(await unneeded('--source', '10.0.0.0/16')).toEqual(left);
  });

  it('that nothing follows says so, with its line', async () => {
    repository.write('main.tf', rulesFrom('yamldecode(file("rules.yaml"))'));
    repository.write('rules.yaml', `- name: a\n  hosts: [mcr.microsoft.com]\n# ${IGNORE}\n`);
    const { notices } = await repository.report('.', '--source', '10.0.0.0/16');
    expect(notices.some((notice) => notice.startsWith('rules.yaml:3:1: aks-egress-lint-ignore stands'))).toBe(
      true,
    );
  });
});

it.each([
  ['yamldecode(file("rules.yaml"))', 'rules.yaml'],
  ['jsondecode(file("rules.json"))', 'rules.json'],
])('a description in a data file is about its object: %s', async (expression, file) => {
  repository.write('main.tf', rulesFrom(expression));
  repository.write(file, [
    { name: 'shop', description: IGNORE, hosts: ['shop.example.com'] },
    { name: 'pay', hosts: ['pay.example.com'] },
  ]);
  expect(await unneeded('--source', '10.0.0.0/16')).toEqual(['pay.example.com']);
});

describe('a comment in the configuration of a state', () => {
  const state = (hosts: readonly string[]): object => ({
    ...{ version: 4, lineage: 'x', serial: 1 },
    resources: [
      {
        ...{ mode: 'managed', type: 'azurerm_firewall_policy', name: 'hub' },
        instances: [{ attributes: { name: 'hub', resource_group_name: 'rg' } }],
      },
      {
        ...{ mode: 'managed', type: 'azurerm_firewall_policy_rule_collection_group', name: 'aks' },
        instances: [
          {
            attributes: {
              ...{ name: 'aks', priority: 100 },
              application_rule_collection: [
                {
                  ...{ name: 'names', priority: 200, action: 'Allow' },
                  rule: [
                    {
                      ...{ name: 'rule', source_addresses: ['10.0.0.0/16'], destination_fqdns: hosts },
                      protocols: [{ type: 'Https', port: 443 }],
                    },
                  ],
                },
              ],
            },
          },
        ],
      },
    ],
  });
  const args = ['terraform.tfstate', '--source-root', 'hub', '--source', '10.0.0.0/16'];
  const left = async (): Promise<string[]> => counting(await repository.report(...args), 'unneeded-entry');

  it('is about what it stands behind', async () => {
    repository.write('terraform.tfstate', state(['shop.example.com', 'pay.example.com']));
    repository.write(
      'hub/main.tf',
      policyWith(
        applicationRule(`destination_fqdns = [\n"shop.example.com", # ${IGNORE}\n"pay.example.com",\n]`),
      ),
    );
    expect(await left()).toEqual(['pay.example.com']);
  });

  it('is about an argument whose value is written elsewhere', async () => {
    repository.write('terraform.tfstate', state(['shop.example.com', 'pay.example.com']));
    repository.write(
      'hub/main.tf',
      policyWith(applicationRule('destination_fqdns = var.hosts'), 'variable "hosts" {}\n'),
    );
    repository.write(
      'hub/terraform.tfvars',
      `hosts = ["pay.example.com",\n  "shop.example.com", # ${IGNORE}\n]\n`,
    );
    expect(await left()).toEqual(['pay.example.com']);
  });

  it('is about a block whose rules the deployed firewall has otherwise', async () => {
    repository.write('terraform.tfstate', state(['drifted.example.com']));
    repository.write(
      'hub/main.tf',
      policyWith(
        applicationRule('destination_fqdns = ["shop.example.com"]').replace('rule {', `rule { # ${IGNORE}`),
      ),
    );
    expect(await left()).toEqual([]);
  });
});
