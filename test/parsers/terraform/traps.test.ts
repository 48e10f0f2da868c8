import { describe, expect, it } from 'vitest';
import type { Policy, Rule } from '../../../src/model/policy.ts';
import { runIn } from '../../commands/io.ts';
import { showAddress } from '../inputs.ts';
import { applicationRule, networkRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();
const names = (rule: Rule | undefined): string[] => (rule?.destinations ?? []).map(({ text }) => text);
const sources = (rule: Rule | undefined): string[] => (rule?.sources ?? []).map(showAddress);

async function only(): Promise<Policy> {
  const { policies } = await folder.parse();
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error(`${policies.length} policies, not one`);
  return policy;
}

async function notes(): Promise<string[]> {
  return (await folder.parse()).notes.map(({ message }) => message);
}

const CLASSIC = `
resource "azurerm_firewall_application_rule_collection" "old" {
  name                = "old"
  azure_firewall_name = azurerm_firewall.fw.name
  resource_group_name = "rg"
  priority            = 100
  action              = "Allow"
  rule {
    name             = "tag"
    source_addresses = ["10.0.0.0/16"]
    fqdn_tags        = ["AzureKubernetesService"]
  }
}
`;

describe('a classic firewall', () => {
  it('has the collections that name it, and a tag implies its protocols', async () => {
    folder.write(
      'main.tf',
      `resource "azurerm_firewall" "fw" {\n  name = "fw"\n  resource_group_name = "rg"\n}\n${CLASSIC}`,
    );
    const policy = await only();
    expect(policy.kind).toBe('azureFirewall');
    expect(policy.rules[0]?.services.map(({ text }) => text)).toEqual(['HTTP:80', 'HTTPS:443']);
  });

  it('with a policy beside its collections says that those are not in force', async () => {
    const firewall = `resource "azurerm_firewall" "fw" {
  name                = "fw"
  resource_group_name = "rg"
  firewall_policy_id  = azurerm_firewall_policy.hub.id
}\n${CLASSIC}`;
    folder.write(
      'main.tf',
      policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), firewall),
    );
    const policy = await only();
    expect([policy.kind, policy.attached, policy.rules.length]).toEqual(['firewallPolicy', 'yes', 1]);
    expect(await notes()).toEqual([
      "firewall 'fw' takes its rules from a firewall policy, so its classic rule collections are not in force",
    ]);
  });

  it('has its DNS proxy on where it is given DNS servers', async () => {
    const fw =
      'resource "azurerm_firewall" "fw" {\n  name = "fw"\n  resource_group_name = "rg"\n  dns_servers = ["10.0.0.4"]\n}\n';
    folder.write('main.tf', `${fw}${CLASSIC}`);
    expect((await only()).dnsProxy).toBe('on');
  });
});

describe('a plan', () => {
  const resource = (type: string, name: string, values: object): object => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    values,
  });
  const hub = resource('azurerm_firewall_policy', 'hub', { name: 'hub', resource_group_name: 'rg' });
  const group = (rule: object): object =>
    resource('azurerm_firewall_policy_rule_collection_group', 'aks', {
      name: 'aks',
      priority: 100,
      network_rule_collection: [{ name: 'n', priority: 100, action: 'Allow', rule: [rule] }],
    });
  const change = (one: object, actions: readonly string[], unknown: object): object => ({
    ...one,
    change: { actions, after: {}, after_unknown: unknown },
  });
  const write = (resources: readonly object[], changes: readonly object[]): void => {
    const plan = {
      format_version: '1.2',
      terraform_version: '1.9.0',
      planned_values: { root_module: { resources } },
      resource_changes: changes,
    };
    folder.write('plan.json', JSON.stringify(plan));
  };
  const rule = {
    name: 'rule',
    protocols: ['TCP'],
    destination_addresses: ['AzureCloud.westeurope'],
    destination_ports: ['443'],
  };

  it.each([[['no-op']], [['delete', 'create']], [['create', 'delete']]])(
    'shows the rules of a resource whose actions are %j',
    async (actions) => {
      const one = group({ ...rule, source_addresses: ['10.0.0.0/16'] });
      write([hub, one], [change(one, actions, {})]);
      expect(names((await only()).rules[0])).toEqual(['AzureCloud.westeurope']);
    },
  );

  it('takes unknown source_ip_groups for neither every source nor none', async () => {
    const one = group({ ...rule, source_addresses: null, source_ip_groups: null });
    const unknown = { network_rule_collection: [{ rule: [{ source_ip_groups: true }] }] };
    write([hub, one], [change(one, ['create'], unknown)]);
    const policy = await only();
    expect(policy.rules[0]?.sources.map(({ kind }) => kind)).toEqual(['symbol']);
    expect(policy.unknowns[0]?.reason).toBe(
      'azurerm_firewall_policy_rule_collection_group.aks.network_rule_collection[0].rule[0].source_ip_groups is known after apply',
    );
  });

  it('takes null, "" and [] for the same', async () => {
    const lists = { source_addresses: ['10.0.0.0/16'], source_ip_groups: null, destination_fqdns: [] };
    write([hub, group({ ...rule, ...lists, description: '' })], []);
    const policy = await only();
    expect(sources(policy.rules[0])).toEqual(['10.0.0.0/16']);
    expect(policy.unknowns).toEqual([]);
  });
});

describe('rules that the deployed firewall may have otherwise', () => {
  it('are told of where changes of them are ignored', async () => {
    const lifecycle = 'lifecycle {\n  ignore_changes = [application_rule_collection, tags]\n}\n';
    folder.write(
      'main.tf',
      policyWith(`${applicationRule('destination_fqdns = ["mcr.microsoft.com"]')}\n${lifecycle}`),
    );
    const [note] = await notes();
    expect(note).toContain('ignores changes of application_rule_collection');
  });
});

describe('rules in data files', () => {
  const dynamic = `
  dynamic "application_rule_collection" {
    for_each = yamldecode(file("\${path.module}/rules.yaml"))
    content {
      name     = application_rule_collection.value.name
      priority = 200
      action   = "Allow"
      rule {
        name              = "rule"
        source_addresses  = ["10.0.0.0/16"]
        destination_fqdns = application_rule_collection.value.fqdns
        protocols {
          type = "Https"
          port = 443
        }
      }
    }
  }`;

  it('are read, and findings land on the line of the data file', async () => {
    folder.write('main.tf', policyWith(dynamic));
    folder.write('rules.yaml', '- name: aks\n  fqdns:\n    - mcr.microsoft.com\n');
    const policy = await only();
    const [destination] = policy.rules[0]?.destinations ?? [];
    expect(destination?.place).toEqual({
      path: 'rules.yaml',
      pointer: '/0/fqdns/0',
      span: { start: 27, end: 44 },
    });
  });

  it('that are not there leave the rules open, never missing', async () => {
    folder.write('main.tf', policyWith(dynamic));
    const policy = await only();
    expect(policy.rules.map(({ opaque }) => opaque?.reason)).toEqual(
      ["file(): there is no file './rules.yaml'"].map((one) => one.replace('file(): ', '')),
    );
  });

  it('that arrive at run time leave every requirement undecided', async () => {
    const variable = 'variable "rules" {\n  type = string\n}\n';
    const collections = dynamic.replace(/yamldecode\(.*\)/, 'jsondecode(base64decode(var.rules))');
    folder.write('main.tf', policyWith(collections, variable));
    const { stdout } = await runIn(
      { cwd: folder.path() },
      ...['.', '--source', '10.0.0.0/16', '--no-config', '--format', 'json', '--fail-on', 'never'],
    );
    const report = JSON.parse(stdout) as {
      runs: { summary: Record<string, number> }[];
      findings: { check: string }[];
    };
    // Application rules may be hidden, network rules not: only what those alone could allow is missing.
    const { missing = 0, unknown = 0 } = report.runs[0]?.summary ?? {};
    expect([missing <= 1, unknown > 3]).toEqual([true, true]);
    expect(report.findings.map(({ check }) => check)).not.toContain('missing-required');
    expect(stdout).toContain("variable 'rules' has no value");
  });

  it('of a module that is not in the input are told to be unseen', async () => {
    folder.write('main.tf', 'module "rules" {\n  source = "example/firewall-policy-rules/azurerm"\n}\n');
    await expect(folder.parse(['main.tf'])).rejects.toThrow(
      "what it holds cannot be seen: module 'rules' comes from example/firewall-policy-rules/azurerm, which is not in the input",
    );
  });
});

describe('mistakes that Terraform lets pass', () => {
  async function checks(text: string): Promise<string[]> {
    folder.write('main.tf', text);
    const { stdout } = await runIn(
      { cwd: folder.path() },
      ...[
        '.',
        '--source',
        '10.0.0.0/16',
        '--no-config',
        '--region',
        'westeurope',
        '--format',
        'json',
        '--fail-on',
        'never',
      ],
    );
    const { findings } = JSON.parse(stdout) as { findings: { check: string; message: string }[] };
    return findings.map(({ check, message }) => `${check}: ${message}`);
  }
  const cluster = 'source_addresses = ["10.0.0.0/16"]\n';

  it.each([
    ['any address on 443 before names', `${cluster}destination_addresses = ["*"]`, 'broad-destination'],
    ['AzureCloud.*', `${cluster}destination_addresses = ["AzureCloud.*"]`, 'unknown-service-tag'],
    [
      'an FQDN tag as service tag',
      `${cluster}destination_addresses = ["AzureKubernetesService"]`,
      'unknown-service-tag',
    ],
  ])('are found: %s', async (_what, args, check) => {
    const found = await checks(policyWith(networkRule(args)));
    expect(found.some((one) => one.startsWith(`${check}: `))).toBe(true);
  });

  it('are found: an FQDN tag among host names', async () => {
    const found = await checks(policyWith(applicationRule('destination_fqdns = ["AzureKubernetesService"]')));
    expect(found.some((one) => one.startsWith('unknown-service-tag: '))).toBe(true);
  });

  it('are not looked for in rules for other subnets', async () => {
    const jumpbox = `
  application_rule_collection {
    name     = "jumpbox"
    priority = 300
    action   = "Allow"
    rule {
      name              = "jumpbox"
      source_addresses  = ["10.99.0.0/24"]
      destination_fqdns = ["jumpbox.example.com"]
      protocols {
        type = "Https"
        port = 443
      }
    }
  }`;
    folder.write(
      'main.tf',
      policyWith(`${applicationRule('destination_fqdn_tags = ["AzureKubernetesService"]')}${jumpbox}`),
    );
    const { stdout } = await runIn(
      { cwd: folder.path() },
      ...['.', '--source', '10.0.0.0/16', '--no-config', '--format', 'json', '--fail-on', 'never'],
    );
    const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
    expect(findings.filter(({ message }) => message.includes('jumpbox'))).toEqual([]);
  });
});

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

  it('join members of IP groups that are resources of their own', async () => {
    const groups = `
resource "azurerm_ip_group" "aks" {
  name                = "aks"
  resource_group_name = "rg"
  cidrs               = ["10.1.0.0/24"]
}
resource "azurerm_ip_group_cidr" "more" {
  for_each    = toset(["10.2.0.0/24", "10.3.0.0/24"])
  ip_group_id = azurerm_ip_group.aks.id
  cidr        = each.key
}
`;
    const args = 'source_ip_groups = [azurerm_ip_group.aks.id]\ndestination_addresses = ["AzureMonitor"]';
    folder.write('main.tf', policyWith(networkRule(args), groups));
    expect(sources((await only()).rules[0])).toEqual(['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24']);
  });

  it('are read through azapi, as an object and as JSON', async () => {
    const azapi = (body: string): string => `
resource "azapi_resource" "hub" {
  type      = "Microsoft.Network/firewallPolicies@2024-05-01"
  name      = "hub"
  parent_id = "/subscriptions/x/resourceGroups/rg"
  body      = ${body.replace('RULES', '').replace('GROUP', 'properties = { sku = { tier = "Standard" } }')}
}
resource "azapi_resource" "group" {
  type      = "Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01"
  name      = "aks"
  parent_id = azapi_resource.hub.id
  body = ${body.replace(
    'GROUP',
    `properties = { priority = 100, ruleCollections = [{
      ruleCollectionType = "FirewallPolicyFilterRuleCollection", name = "c", priority = 100, action = { type = "Allow" }
      rules = [{ ruleType = "ApplicationRule", name = "r", sourceAddresses = ["*"], targetFqdns = ["mcr.microsoft.com"],
        protocols = [{ protocolType = "Https", port = 443 }] }]
    }] }`,
  )}
}
`;
    for (const body of ['{ GROUP }', 'jsonencode({ GROUP })']) {
      folder.write('main.tf', azapi(body));
      const policy = await only();
      expect([policy.name, policy.tier]).toEqual(['hub', 'Standard']);
      const [destination] = policy.rules[0]?.destinations ?? [];
      expect([destination?.text, destination?.place.pointer.endsWith('/targetFqdns/0')]).toEqual([
        'mcr.microsoft.com',
        true,
      ]);
    }
  });

  it('are changed by azapi_update_resource, as an object and as JSON', async () => {
    for (const body of [
      '{ properties = { dnsSettings = { enableProxy = true } } }',
      'jsonencode({ properties = { dnsSettings = { enableProxy = true } } })',
    ]) {
      const update = `
resource "azapi_update_resource" "dns" {
  type        = "Microsoft.Network/firewallPolicies@2024-05-01"
  resource_id = azurerm_firewall_policy.hub.id
  body        = ${body}
}
`;
      folder.write(
        'main.tf',
        policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), update),
      );
      const policy = await only();
      expect([policy.dnsProxy, policy.tier, names(policy.rules[0])]).toEqual([
        'on',
        'Standard',
        ['mcr.microsoft.com'],
      ]);
    }
  });

  it('have the rules of azapi_update_resource instead of their own', async () => {
    const update = `
resource "azapi_update_resource" "rules" {
  type        = "Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01"
  resource_id = azurerm_firewall_policy_rule_collection_group.aks.id
  body = { properties = { ruleCollections = [{
    ruleCollectionType = "FirewallPolicyFilterRuleCollection", name = "c", priority = 100, action = { type = "Allow" }
    rules = [{ ruleType = "ApplicationRule", name = "r", sourceAddresses = ["*"], targetFqdns = ["new.example.com"],
      protocols = [{ protocolType = "Https", port = 443 }] }]
  }] } }
}
`;
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["old.example.com"]'), update));
    expect((await only()).rules.map(names)).toEqual([['new.example.com']]);
  });
});
