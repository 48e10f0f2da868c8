import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Policy, Rule } from '../../../src/model/policy.ts';
import type { Parsed } from '../../../src/parsers/index.ts';
import type { Report } from '../../../src/reporters/report.ts';
import { runIn } from '../../commands/io.ts';
import { showAddress } from '../inputs.ts';
import { parseIn } from './folder.ts';

/** One folder for each trap. All have rules for 10.0.0.0/16, the network of the cluster. */
const TRAPS = resolve('fixtures/terraform/traps');
const looked = new Set<string>();

function folderOf(trap: string): string {
  looked.add(trap);
  return join(TRAPS, trap);
}

function parse(trap: string): Promise<Parsed> {
  return parseIn(folderOf(trap));
}

async function only(trap: string): Promise<Policy> {
  const { policies } = await parse(trap);
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error(`${policies.length} policies, not one`);
  return policy;
}

async function notes(trap: string): Promise<string[]> {
  return (await parse(trap)).notes.map(({ message }) => message);
}

async function report(trap: string): Promise<Report> {
  const { stdout } = await runIn(
    { cwd: folderOf(trap) },
    ...['.', '--source', '10.0.0.0/16', '--region', 'westeurope', '--no-config'],
    ...['--format', 'json', '--fail-on', 'never'],
  );
  return JSON.parse(stdout) as Report;
}

/** Of one check, each with the text that it stands on. */
async function findings(trap: string, check: string): Promise<string[]> {
  const found = (await report(trap)).findings.filter((finding) => finding.check === check);
  return found.map(({ location: { path, startLine, startColumn, endColumn } }) => {
    const line = readFileSync(join(TRAPS, trap, path), 'utf8').split('\n')[startLine - 1] ?? '';
    return line.slice(startColumn - 1, endColumn - 1);
  });
}

async function verdicts(trap: string, destination: string): Promise<string[]> {
  const { runs } = await report(trap);
  return runs.flatMap(({ requirements }) =>
    requirements.filter((row) => row.destination === destination).map(({ verdict }) => verdict),
  );
}

const names = (rule: Rule | undefined): string[] => (rule?.destinations ?? []).map(({ text }) => text);
const sources = (rule: Rule | undefined): string[] => (rule?.sources ?? []).map(showAddress);
const services = (rule: Rule | undefined): string[] => (rule?.services ?? []).map(({ text }) => text);

describe('a classic firewall', () => {
  it('with a policy beside its collections says that those are not in force', async () => {
    const policy = await only('classic-beside-policy');
    expect([policy.kind, policy.attached, policy.rules.map(names)]).toEqual([
      ...['firewallPolicy', 'yes'],
      [['mcr.microsoft.com']],
    ]);
    expect(await notes('classic-beside-policy')).toEqual([
      "firewall 'fw' takes its rules from a firewall policy, so its classic rule collections are not in force",
    ]);
  });

  it('has the collections that name it, and a tag implies its protocols', async () => {
    const policy = await only('classic-tag-without-protocol');
    expect([policy.kind, services(policy.rules[0])]).toEqual(['azureFirewall', ['HTTP:80', 'HTTPS:443']]);
  });

  it('has its DNS proxy on where it is given DNS servers', async () => {
    expect((await only('classic-dns-servers')).dnsProxy).toBe('on');
    expect((await only('classic-tag-without-protocol')).dnsProxy).toBe('off');
  });

  it('names targets and protocols in another way than a policy, with the same meaning', async () => {
    const { policies } = await parse('classic-and-policy-names');
    expect(policies.map(({ kind, rules }) => [kind, rules.map(names), rules.map(services)])).toEqual([
      ['firewallPolicy', [['mcr.microsoft.com']], [['Https:443']]],
      ['azureFirewall', [['mcr.microsoft.com']], [['Https:443']]],
    ]);
  });
});

describe('a plan', () => {
  it.each(['no-op', 'delete-then-create', 'create-then-delete'])(
    'shows the rules that it leaves: %s',
    async (trap) => {
      expect((await only(trap)).rules.map(names)).toEqual([['AzureCloud.westeurope']]);
    },
  );

  it('has no rules of a group that it deletes, though the prior state has', async () => {
    const { rules } = await only('deleted-group');
    expect(rules.map(({ group, name }) => [group, name])).toEqual([['aks', 'cloud']]);
  });

  it('takes unknown source_ip_groups for neither every source nor none', async () => {
    const policy = await only('unknown-ip-groups');
    expect(policy.rules[0]?.sources.map(({ kind }) => kind)).toEqual(['symbol']);
    expect(policy.unknowns.map(({ reason }) => reason)).toContain(
      'azurerm_firewall_policy_rule_collection_group.aks.network_rule_collection[0].rule[0].source_ip_groups is known after apply',
    );
  });

  it('names the attribute that is known after apply to those who wait for a verdict', async () => {
    const { findings: found } = await report('unknown-names');
    const { message } = found.find(({ check }) => check === 'unknown-coverage') ?? { message: '' };
    expect(message).toContain(
      'To decide it, lint the state after apply, or a plan made then, in which ' +
        'azurerm_firewall_policy_rule_collection_group.aks.application_rule_collection[0].rule[0].destination_fqdns is known.',
    );
    expect(await verdicts('unknown-names', 'mcr.microsoft.com')).toEqual(['unknown']);
  });

  it('takes null, "" and [] for the same', async () => {
    const policy = await only('null-and-empty');
    const [nulls, empty] = policy.rules;
    expect([nulls?.name, empty?.name]).toEqual(['nulls', 'empty']);
    for (const rule of [nulls, empty]) {
      expect([sources(rule), names(rule), rule?.description]).toEqual([
        ...[['10.0.0.0/16'], ['AzureCloud.westeurope']],
        '',
      ]);
    }
    expect(policy.unknowns).toEqual([]);
  });
});

describe('a state', () => {
  it('has neither the rules of deposed instances nor the policies of data resources', async () => {
    const policy = await only('deposed-and-data');
    expect([policy.name, policy.rules.map(names)]).toEqual(['hub', [['AzureCloud.westeurope']]]);
  });
});

describe('rules that the deployed firewall may have otherwise', () => {
  it('are told of where changes of them are ignored', async () => {
    expect(await notes('ignored-changes')).toEqual([
      'azurerm_firewall_policy_rule_collection_group.aks ignores changes of application_rule_collection: ' +
        'the deployed firewall may hold other rules than these; lint the state to see them',
    ]);
  });
});

describe('rules in data files', () => {
  it.each([
    ['rules-in-yaml', 'rules.yaml'],
    ['rules-in-json', 'rules.json'],
  ])('are read, and stand in the data file: %s', async (trap, file) => {
    const [destination] = (await only(trap)).rules[0]?.destinations ?? [];
    expect([destination?.text, destination?.place.path, destination?.place.pointer]).toEqual([
      'mcr.microsoft.com',
      file,
      '/0/fqdns/0',
    ]);
    expect(await verdicts(trap, 'mcr.microsoft.com')).toEqual(['covered']);
  });

  it.each([
    ['data-file-not-there', "there is no file './rules.yaml'"],
    ['rules-at-run-time', "variable 'rules' has no value"],
  ])('that cannot be seen leave every name undecided, and it says so: %s', async (trap, why) => {
    const { findings: found, runs } = await report(trap);
    const checks = found.map(({ check }) => check);
    expect(checks).not.toContain('missing-required');
    expect(checks).not.toContain('missing-recommended');
    const rows = runs[0]?.requirements.filter(({ port }) => port === 443 || port === 80) ?? [];
    const named = rows.filter(({ destination }) => destination !== '<api-server-ip>');
    expect([named.length > 8, named.every(({ verdict }) => verdict === 'unknown')]).toEqual([true, true]);
    const { message } = found.find(({ check }) => check === 'no-rules') ?? { message: '' };
    expect(message).toContain(`The rules of policy 'hub' cannot be read from the input: ${why}.`);
  });

  it('of a module that is not in the input are told to be unseen', async () => {
    await expect(parseIn(folderOf('unseen-module'), ['main.tf'])).rejects.toThrow(
      "what it holds cannot be seen: module 'rules' comes from example/firewall-policy-rules/azurerm, which is not in the input",
    );
  });
});

describe('mistakes that Terraform lets pass', () => {
  it.each([
    ['network-rule-to-everywhere', 'broad-destination', '"*"'],
    ['azure-cloud-with-asterisk', 'unknown-service-tag', '"AzureCloud.*"'],
    ['fqdn-tag-as-service-tag', 'unknown-service-tag', '"AzureKubernetesService"'],
    ['fqdn-tag-among-names', 'unknown-service-tag', '"AzureKubernetesService"'],
    ['wildcard-in-network-rule', 'unsupported-wildcard', '"*.example.com"'],
    ['tls-inspection-below-premium', 'sku-mismatch', 'terminate_tls'],
    ['address-in-application-rule', 'ineffective-field', 'destination_addresses'],
    ['service-tag-as-source', 'invalid-rule', '"AzureCloud"'],
  ])('%s: %s on %s', async (trap, check, token) => {
    expect(await findings(trap, check)).toEqual([token]);
  });

  it('make FQDN rules moot where a network rule decides first', async () => {
    const { findings: found } = await report('network-rule-to-everywhere');
    const { message } = found.find(({ check }) => check === 'broad-destination') ?? { message: '' };
    expect(message).toContain(
      "Rule 'addresses' allows every destination on TCP 443 in a network rule, which decides before all application rules",
    );
  });

  it.each(['azure-cloud-with-asterisk', 'fqdn-tag-as-service-tag', 'fqdn-tag-among-names'])(
    'allow nothing: %s',
    async (trap) => {
      expect(await verdicts(trap, 'mcr.microsoft.com')).toEqual(['missing']);
    },
  );
});

describe('sources', () => {
  it('of other subnets are not judged', async () => {
    const { findings: found } = await report('other-subnets');
    expect(found.map(({ message }) => message).filter((text) => /jumpbox|image/.test(text))).toEqual([]);
    expect(await verdicts('other-subnets', 'mcr.microsoft.com')).toEqual(['covered']);
  });

  it('are joined from members of an IP group that are resources of their own', async () => {
    expect(sources((await only('ip-group-members')).rules[0])).toEqual([
      ...['10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24'],
    ]);
  });

  it('of an IP group without members switch the rule off', async () => {
    expect(await verdicts('empty-ip-group', 'mcr.microsoft.com')).toEqual(['missing']);
    expect(await notes('empty-ip-group')).toEqual(["IP group 'aks' has no members: Azure skips this rule"]);
  });
});

describe('policies', () => {
  it('decide after all groups of their base', async () => {
    const { rules } = await only('base-policy-first');
    expect(rules.map(({ policy, action }) => [policy, action])).toEqual([
      ['base', 'deny'],
      ['hub', 'allow'],
    ]);
    expect(await verdicts('base-policy-first', 'mcr.microsoft.com')).toEqual(['denied']);
  });

  it('with a base that is not in the input leave everything open', async () => {
    const { runs } = await report('base-policy-elsewhere');
    const found = new Set(runs.flatMap(({ requirements }) => requirements.map(({ verdict }) => verdict)));
    expect([...found]).toEqual(['unknown']);
  });

  it('that no firewall of the input uses are told of', async () => {
    const { policies } = await parse('unattached-policy');
    expect(policies.map(({ name, attached }) => [name, attached])).toEqual([
      ['hub', 'no'],
      ['used', 'yes'],
    ]);
    expect(await findings('unattached-policy', 'policy-not-attached')).toEqual(['"hub"']);
  });
});

it('every trap is looked at', () => {
  expect([...looked].sort()).toEqual(readdirSync(TRAPS).sort());
});
