import { describe, expect, it } from 'vitest';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();
const RULE = applicationRule('destination_fqdns = ["mcr.microsoft.com"]');

async function reasons(text: string): Promise<readonly string[]> {
  folder.write('main.tf', text);
  const { policies } = await folder.parse();
  return policies.flatMap(({ unknowns }) => unknowns.map(({ reason }) => reason));
}

describe('what Terraform would refuse leaves the rules open', () => {
  it.each([
    [
      'a list of objects in for_each',
      'for_each = [{ a = 1 }]',
      'for_each is neither a map nor a set of strings',
    ],
    ['null in for_each', 'for_each = toset([null, "a"])', 'for_each is neither a map nor a set of strings'],
    ['text in for_each', 'for_each = "abc"', 'for_each is neither a map nor a set of strings'],
    ['text in count', 'count = "abc"', 'count is no number'],
    ['null in count', 'count = null', 'count is no number'],
  ])('%s', async (_what, argument, reason) => {
    expect(await reasons(policyWith(`${RULE}\n${argument}`))).toContain(reason);
  });

  it.each([
    ['a list as name', policyWith(RULE).replace('name                = "hub"', 'name = ["hub"]')],
    ['a list as policy', policyWith(RULE).replace('azurerm_firewall_policy.hub.id', '["hub"]')],
    [
      'lists in classic collections',
      `resource "azurerm_firewall_network_rule_collection" "a" {
        name                = []
        azure_firewall_name = []
        resource_group_name = {}
        priority            = 100
        action              = "Allow"
      }`,
    ],
    [
      'a list as IP group',
      `${policyWith(RULE)}
      resource "azurerm_ip_group_cidr" "a" {
        ip_group_id = []
        cidr        = {}
      }`,
    ],
  ])('without a crash: %s', async (_what, text) => {
    folder.write('main.tf', text);
    const { policies } = await folder.parse();
    expect(policies).not.toEqual([]);
  });
});

describe('a condition that is not known', () => {
  it('does not choose the only result that can be evaluated', async () => {
    const rule = applicationRule('destination_fqdns = var.x ? local.missing : ["mcr.microsoft.com"]');
    expect(await reasons(policyWith(rule, 'variable "x" {}\n'))).toEqual(["variable 'x' has no value"]);
  });
});

describe('more instances than are evaluated', () => {
  it.each([
    ['for_each', 'for_each = toset([for pair in setproduct(range(73), range(137)) : join("-", pair)])'],
    ['count', 'count = 10001'],
  ])('of %s may hold further rules', async (_what, argument) => {
    const [reason] = await reasons(policyWith(argument));
    expect(reason).toBe('10001 instances are more than the 10000 that are evaluated');
  });
});
