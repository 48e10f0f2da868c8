import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/model/policy.ts';
import { useFolder } from './folder.ts';

const folder = useFolder();

interface Planned {
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly module?: string;
  readonly values: object;
  readonly unknown: object;
  readonly expressions: object;
}

const GROUP = 'azurerm_firewall_policy_rule_collection_group';

function addressOf({ type, name, index, module }: Planned): string {
  const own = `${type}.${name}${index === undefined ? '' : `["${index}"]`}`;
  return module === undefined ? own : `${module}.${own}`;
}

/** A plan before the first apply, as `terraform show -json` lists it. */
async function policies(all: readonly Planned[], calls: object = {}): Promise<readonly Policy[]> {
  const listed = (one: Planned): object => ({
    ...{ address: addressOf(one), mode: 'managed', type: one.type, name: one.name },
    ...(one.index === undefined ? {} : { index: one.index }),
  });
  const modules = [...new Set(all.flatMap(({ module }) => module ?? []))];
  const within = (module: string | undefined): object[] =>
    all.filter((one) => one.module === module).map((one) => ({ ...listed(one), values: one.values }));
  const plan = {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: within(undefined),
        child_modules: modules.map((address) => ({ address, resources: within(address) })),
      },
    },
    resource_changes: all.map((one) => ({
      ...listed(one),
      change: { actions: ['create'], before: null, after: one.values, after_unknown: one.unknown },
    })),
    configuration: {
      root_module: {
        resources: all
          .filter(({ module }) => module === undefined)
          .map((one) => ({ ...listed(one), expressions: one.expressions })),
        module_calls: calls,
      },
    },
  };
  folder.write('plan.json', JSON.stringify(plan));
  return (await folder.parse(['plan.json'])).policies;
}

const references = (...names: string[]): object => ({ references: names });

function policy(name: string, expression: object = references('random_string.suffix.result')): Planned {
  return {
    ...{ type: 'azurerm_firewall_policy', name },
    values: { resource_group_name: 'rg', location: 'westeurope' },
    unknown: { id: true, name: true },
    expressions: { name: expression },
  };
}

function ipGroup(name: string, cidr: string, index?: string): Planned {
  return {
    ...{ type: 'azurerm_ip_group', name, ...(index === undefined ? {} : { index }) },
    values: { name: `${name}${index ?? ''}`, resource_group_name: 'rg', cidrs: [cidr] },
    unknown: { id: true, cidrs: [false] },
    expressions: {},
  };
}

function group(
  name: string,
  policyReferences: readonly string[],
  rule: object = {},
  mark: object = {},
): Planned {
  const sources = { source_addresses: ['10.0.0.0/16'] };
  return {
    ...{ type: GROUP, name },
    values: {
      ...{ name, priority: 100 },
      network_rule_collection: [
        {
          ...{ name: 'n', priority: 100, action: 'Allow' },
          rule: [
            {
              ...{ name, protocols: ['TCP'], destination_addresses: ['Storage'], destination_ports: ['443'] },
              ...('source_ip_groups' in rule ? {} : sources),
              source_ip_groups: null,
              ...('source_ip_groups' in rule ? { source_ip_groups: rule.source_ip_groups } : {}),
            },
          ],
        },
      ],
    },
    unknown: { id: true, firewall_policy_id: true, network_rule_collection: [{ rule: [mark] }] },
    expressions: {
      firewall_policy_id: references(...policyReferences),
      ...('expression' in rule
        ? { network_rule_collection: [{ rule: [{ source_ip_groups: rule.expression }] }] }
        : {}),
    },
  };
}

function rulesOf(all: readonly Policy[]): (readonly string[])[] {
  return all.map(({ rules }) => rules.map(({ name }) => name));
}

function sourcesOf([policy]: readonly Policy[]): string[] {
  return (policy?.rules[0]?.sources ?? []).map((source) =>
    source.kind === 'symbol' ? source.kind : source.text,
  );
}

describe('a rule collection group in a plan', () => {
  it.each([
    ['made up at apply', references('random_string.suffix.result', 'random_string.suffix')],
    ['the id of a resource of another kind', references('random_pet.name.id', 'random_pet.name')],
  ])('belongs to the policy that it refers to, whose name is %s', async (_what, expression) => {
    const pet = { type: 'random_pet', name: 'name', values: {}, unknown: { id: true }, expressions: {} };
    const found = await policies([
      pet,
      policy('one', expression),
      policy('two', expression),
      group('first', ['azurerm_firewall_policy.one.id', 'azurerm_firewall_policy.one']),
      group('second', ['azurerm_firewall_policy.two.id', 'azurerm_firewall_policy.two']),
    ]);
    expect(rulesOf(found)).toEqual([['first'], ['second']]);
  });

  it('belongs to the policy of its own key', async () => {
    const keyed = (one: Planned, index: string): Planned => ({ ...one, index });
    const each = ['azurerm_firewall_policy.hub', 'each.key'];
    const found = await policies([
      keyed(policy('hub'), 'eu'),
      keyed(policy('hub'), 'us'),
      { ...group('rules', each), index: 'eu', values: { ...group('eu', each).values } },
      { ...group('rules', each), index: 'us', values: { ...group('us', each).values } },
    ]);
    expect(rulesOf(found)).toEqual([['eu'], ['us']]);
  });

  it('belongs to no policy that is known where instances of a module cannot be told apart', async () => {
    const inside = (module: string): Planned => ({ ...policy('hub'), module });
    const calls = {
      fw: {
        module: {
          resources: [],
          outputs: { id: { expression: references('azurerm_firewall_policy.hub.id') } },
        },
      },
    };
    const found = await policies(
      [
        inside('module.fw["eu"]'),
        inside('module.fw["us"]'),
        group('rules', ['module.fw["eu"].id', 'module.fw["eu"]']),
      ],
      calls,
    );
    const own = found.find(({ rules }) => rules.length > 0);
    expect(own?.name).toContain(`${GROUP}.rules.firewall_policy_id`);
  });
});

describe('IP groups that a plan creates', () => {
  const hub = policy('hub');
  const to = ['azurerm_firewall_policy.hub.id', 'azurerm_firewall_policy.hub'];
  const a = ipGroup('a', '10.1.0.0/16');
  const b = ipGroup('b', '10.2.0.0/16');
  const both = references(
    'azurerm_ip_group.a.id',
    'azurerm_ip_group.a',
    'azurerm_ip_group.b.id',
    'azurerm_ip_group.b',
  );

  it('are the sources of a rule that lists them', async () => {
    const rule = { source_ip_groups: [null, null], expression: both };
    const found = await policies([hub, a, b, group('g', to, rule, { source_ip_groups: [true, true] })]);
    expect(sourcesOf(found)).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
  });

  it('are not known where an expression chooses among them', async () => {
    const rule = { source_ip_groups: [null], expression: both };
    const found = await policies([hub, a, b, group('g', to, rule, { source_ip_groups: [true] })]);
    expect(sourcesOf(found)).toEqual(['symbol']);
  });

  it('are all of a for_each where the whole is meant', async () => {
    const rule = { source_ip_groups: null, expression: references('azurerm_ip_group.a') };
    const found = await policies([
      hub,
      ipGroup('a', '10.1.0.0/16', 'x'),
      ipGroup('a', '10.2.0.0/16', 'y'),
      { ...group('g', to, rule, { source_ip_groups: true }), index: 'x' },
    ]);
    expect(sourcesOf(found)).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
  });
});

describe('a destination that a plan makes up', () => {
  it('is no id though its expression names a resource', async () => {
    const address = {
      ...{ type: 'azurerm_public_ip', name: 'ip', values: { name: 'ip', resource_group_name: 'rg' } },
      ...{ unknown: { id: true, ip_address: true }, expressions: {} },
    };
    const one = group('g', ['azurerm_firewall_policy.hub.id']);
    const found = await policies([
      policy('hub'),
      address,
      {
        ...one,
        unknown: {
          firewall_policy_id: true,
          network_rule_collection: [{ rule: [{ destination_addresses: true }] }],
        },
        expressions: {
          ...one.expressions,
          network_rule_collection: [
            { rule: [{ destination_addresses: references('azurerm_public_ip.ip') }] },
          ],
        },
      },
    ]);
    expect(found[0]?.rules[0]?.destinations.map(({ kind }) => kind)).toEqual(['symbol']);
  });
});

describe('a state as terraform show prints it', () => {
  it('counts no deposed instance, which a replacement has not destroyed yet', async () => {
    const resource = (name: string, deposed: object): object => ({
      ...{ address: `${GROUP}.g`, mode: 'managed', type: GROUP, name: 'g', ...deposed },
      values: { ...group(name, []).values, firewall_policy_id: '/x/firewallPolicies/hub' },
    });
    const resources = [resource('old', { deposed_key: '8bf7c9a1' }), resource('new', {})];
    const state = {
      format_version: '1.0',
      terraform_version: '1.9.0',
      values: { root_module: { resources } },
    };
    folder.write('state.json', JSON.stringify(state));
    expect(rulesOf((await folder.parse(['state.json'])).policies)).toEqual([['new']]);
  });
});

describe('a plan that is not complete', () => {
  it('leaves open what a rule collection group that is put off may allow', async () => {
    const hub = { name: 'hub', resource_group_name: 'rg' };
    const plan = {
      ...{ format_version: '1.2', terraform_version: '1.14.0', complete: false },
      planned_values: {
        root_module: {
          resources: [
            {
              ...{ address: 'azurerm_firewall_policy.hub', mode: 'managed' },
              ...{ type: 'azurerm_firewall_policy', name: 'hub', values: hub },
            },
          ],
        },
      },
      resource_changes: [],
      deferred_changes: [
        {
          reason: 'instance_count_unknown',
          resource_change: { address: `${GROUP}.aks["*"]`, mode: 'managed', type: GROUP, name: 'aks' },
        },
      ],
    };
    folder.write('plan.json', JSON.stringify(plan));
    const { policies, notes } = await folder.parse(['plan.json']);
    expect(policies[0]?.unknowns.map(({ reason }) => reason)).toEqual([
      `${GROUP}.aks["*"] is put off to a later plan`,
    ]);
    expect(notes.map(({ message }) => message)).toEqual([
      'the plan is not complete: it leaves out what was not targeted or is put off',
    ]);
  });
});
