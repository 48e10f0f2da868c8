import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();

async function failure(names?: readonly string[], valueFiles?: readonly string[]): Promise<InputError> {
  const error: unknown = await folder.parse(names, valueFiles).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`no InputError but ${String(error)}`);
  return error;
}

describe('HCL that is broken', () => {
  it.each([
    ['a list without its end', 'x = [1, 2\ny = 3\n', 2, "found 'y', expected ]"],
    ['an argument without a value', 'x =\n\n', 3, 'expected a value or expression'],
    ['a block without its end', 'resource "azurerm_firewall" "a" {\n  name = "x"\n', 3, 'expected }'],
    ['a string without its end', 'x = "abc\ny = "d"\n', 1, 'expected a closing quotation mark'],
    ['a comma too many', 'locals {\n  x = concat([],, [])\n}\n', 2, "found ','"],
    ['an argument that is set twice', 'locals {\n  x = 1\n  x = 2\n}\n', 3, "'x' is set a second time"],
  ])('with %s is refused with the line and what was expected', async (_what, text, line, message) => {
    folder.write('main.tf', text);
    const error = await failure(['main.tf']);
    expect(error.path).toBe('main.tf');
    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });

  it('is refused in a folder too where it speaks of firewalls', async () => {
    folder.write('infra/firewall.tf', 'resource "azurerm_firewall_policy" "hub" {\n  name = \n}\n');
    expect((await failure()).path).toBe('infra/firewall.tf');
  });

  it('is skipped in a folder where it does not', async () => {
    folder.write('hub/main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]')));
    folder.write('other/main.tf', 'module "x" {\n  source = \n}\n');
    const { policies, skipped } = await folder.parse();
    expect(policies).toHaveLength(1);
    expect(skipped.map(({ path }) => path)).toEqual(['other/main.tf']);
  });

  it('is refused where a resource is defined twice', async () => {
    folder.write('a.tf', 'resource "azurerm_firewall" "a" {\n  name = "x"\n}\n');
    folder.write('b.tf', '\nresource "azurerm_firewall" "a" {\n  name = "y"\n}\n');
    const error = await failure(['a.tf']);
    expect([error.path, error.line]).toEqual(['b.tf', 2]);
  });

  it('is refused where it is nested beyond reason', async () => {
    folder.write('main.tf', `x = ${'['.repeat(3000)}${']'.repeat(3000)}\n`);
    expect((await failure(['main.tf'])).message).toContain('nested more than');
  });

  it('is refused where its bytes are no UTF-8', async () => {
    folder.write('main.tf', new Uint8Array([0x78, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0x22]));
    expect((await failure(['main.tf'])).message).toContain('not valid UTF-8; expected HCL');
  });
});

describe('circles', () => {
  it('of locals are refused with their names and the line', async () => {
    const locals = 'locals {\n  a = local.b\n  b = local.a\n}\n';
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = local.a'), locals));
    const error = await failure(['main.tf']);
    expect(error.message).toContain('a cycle: local.a → local.b → local.a');
    expect(error.line).toBeGreaterThan(1);
  });

  it('of modules are refused', async () => {
    const call = (source: string): string => `module "next" {\n  source = "${source}"\n}\n`;
    folder.write('main.tf', call('./a'));
    folder.write('a/main.tf', call('../b'));
    folder.write('b/main.tf', call('../a'));
    const error = await failure(['main.tf']);
    expect(error.message).toContain('this module calls itself');
    expect([error.path, error.line]).toEqual(['b/main.tf', 1]);
  });
});

describe('values of variables', () => {
  it('in a file that is not there are refused', async () => {
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]')));
    const error = await failure(['.'], ['gone.tfvars']);
    expect([error.path, error.message]).toEqual(['gone.tfvars', 'cannot be read: there is no such file']);
  });

  it('are refused where the file holds blocks', async () => {
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]')));
    folder.write('x.auto.tfvars', 'resource "a" "b" {\n}\n');
    expect((await failure(['main.tf'])).message).toContain('expected values of variables only');
  });

  it('that are missing leave a symbol that names the variable', async () => {
    const variable = 'variable "hosts" {\n  type = list(string)\n}\n';
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = var.hosts'), variable));
    const { policies } = await folder.parse();
    expect(policies[0]?.unknowns.map(({ reason }) => reason)).toEqual(["variable 'hosts' has no value"]);
  });
});

describe('states and plans', () => {
  it('of another version are refused by its name', async () => {
    folder.write('old.tfstate', JSON.stringify({ version: 3, serial: 1, lineage: 'x', modules: [] }));
    expect((await failure(['old.tfstate'])).message).toContain('found version 3, expected version 4');
    folder.write(
      'plan.json',
      JSON.stringify({ format_version: '2.0', terraform_version: '9', planned_values: {} }),
    );
    expect((await failure(['plan.json'])).message).toContain('found format_version "2.0"');
  });

  it('that Terraform saved in its own form are refused with what to do', async () => {
    const entry = Buffer.concat([
      Buffer.from('PK\u0003\u0004', 'latin1'),
      Buffer.alloc(26),
      Buffer.from('tfplan'),
    ]);
    folder.write('main.tfplan', Buffer.concat([entry, Buffer.from([0xff, 0x00, 0xfe])]));
    expect((await failure(['main.tfplan'])).message).toBe(
      'a Terraform plan as it is saved, which needs the providers to be read; expected it as JSON: terraform show -json main.tfplan > plan.json',
    );
  });

  it('with attributes in the form of Terraform 0.11 are refused by the name of the resource', async () => {
    const instances = [{ attributes_flat: { name: 'hub', 'dns.#': '0' } }];
    const resources = [{ mode: 'managed', type: 'azurerm_firewall_policy', name: 'hub', instances }];
    folder.write('old.tfstate', JSON.stringify({ version: 4, lineage: 'x', serial: 1, resources }));
    expect((await failure(['old.tfstate'])).message).toContain(
      'azurerm_firewall_policy.hub is stored in the form of Terraform 0.11, with attributes_flat; expected attributes',
    );
  });

  it('that destroy everything say so', async () => {
    const change = { actions: ['delete'], before: { name: 'hub' }, after: null, after_unknown: {} };
    const resource = {
      address: 'azurerm_firewall_policy.hub',
      mode: 'managed',
      type: 'azurerm_firewall_policy',
      name: 'hub',
      change,
    };
    const plan = { format_version: '1.2', terraform_version: '1.9.0', planned_values: { root_module: {} } };
    folder.write('plan.json', JSON.stringify({ ...plan, resource_changes: [resource] }));
    expect((await failure(['plan.json'])).message).toBe(
      'the plan deletes every firewall (azurerm_firewall_policy.hub), so nothing is left to judge',
    );
  });
});

describe('files outside of the root directory', () => {
  it.each(['file("../secret.txt")', 'file("/etc/hostname")', 'join("", fileset("../", "*.txt"))'])(
    'are not read by %s',
    async (expression) => {
      folder.write('secret.txt', 'secret.example.com');
      folder.write('root/main.tf', policyWith(applicationRule(`destination_fqdns = [${expression}]`)));
      const { policies } = await folder.parse(['root/main.tf']);
      expect(policies[0]?.unknowns[0]?.reason).toContain('lies outside of the root directory');
    },
  );

  it('are not read through a symbolic link', async () => {
    folder.write('secret.txt', 'secret.example.com');
    folder.write(
      'root/main.tf',
      policyWith(applicationRule('destination_fqdns = [try(file("link.txt"), "none")]')),
    );
    symlinkSync(join(folder.path(), 'secret.txt'), join(folder.path(), 'root/link.txt'));
    const { policies } = await folder.parse(['root/main.tf']);
    expect(policies[0]?.unknowns[0]?.reason).toContain('lies outside of the root directory');
  });
});

describe('a huge for_each', () => {
  it('is evaluated as far as makes sense', async () => {
    const group = `
resource "azurerm_ip_group" "many" {
  for_each            = toset([for pair in setproduct(range(1000), range(12)) : "\${pair[0]}-\${pair[1]}"])
  name                = each.key
  resource_group_name = "rg"
  cidrs               = ["10.0.0.0/16"]
}
`;
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), group));
    const { policies } = await folder.parse();
    expect(policies[0]?.rules).toHaveLength(1);
  });
});

describe('a file of data that is broken', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, at) => {
      const before = '*' + 'abcdefgh'.charAt(at);
      return `${name}: &${name} [${Array.from({ length: 10 }, () => before).join(', ')}]`;
    }),
  ].join('\n');

  it.each([
    [
      'YAML that grows beyond reason',
      'yamldecode(file("rules.yaml")).i',
      bomb,
      'holds more than 200000 values',
    ],
    ['YAML without an end', 'yamldecode(file("rules.yaml"))', 'a: [1, 2\nb: 3\n', 'rules.yaml is no YAML: '],
    ['JSON without an end', 'jsondecode(file("rules.yaml"))', '{"a": [1, 2}', 'rules.yaml is no JSON: '],
    [
      'several YAML documents',
      'yamldecode(file("rules.yaml"))',
      'a: 1\n---\nb: 2\n',
      'several YAML documents',
    ],
    [
      'text that is no UTF-8',
      'file("rules.yaml")',
      new Uint8Array([0xe9, 0x22]),
      'not valid UTF-8; expected text',
    ],
  ])('as %s leaves its value unknown and says why', async (_what, expression, content, why) => {
    folder.write('main.tf', policyWith(applicationRule(`destination_fqdns = ${expression}`)));
    folder.write('rules.yaml', content);
    const { policies } = await folder.parse();
    const reasons = policies.flatMap(({ unknowns }) => unknowns.map(({ reason }) => reason));
    expect(reasons.filter((reason) => reason.includes(why))).toHaveLength(1);
  });

  it('is not said to be without a firewall where it is read', async () => {
    folder.write(
      'main.tf',
      policyWith(applicationRule('destination_fqdns = jsondecode(file("hosts.json"))')),
    );
    folder.write('hosts.json', '["mcr.microsoft.com"]');
    folder.write('other.json', '{}');
    expect((await folder.parse()).skipped.map(({ path }) => path)).toEqual(['other.json']);
  });
});
