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
