import { describe, expect, it } from 'vitest';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();

async function reasons(args: string): Promise<string[]> {
  const call = `module "extra" {\n  source = "git::https://git.example.com/network/extra.git"\n${args}\n}\n`;
  folder.write(
    'main.tf',
    policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]'), `${call}locals { x = 1 }`),
  );
  const { policies } = await folder.parse();
  return policies.flatMap(({ unknowns }) => unknowns.map(({ reason }) => reason));
}

describe('a module that is not in the input', () => {
  const unseen = expect.stringContaining("module 'extra' comes from") as string;

  it.each([
    ['the policy', '  policy = azurerm_firewall_policy.hub.id'],
    ['the id of a policy', '  firewall_policy_id = var.id'],
    ['the firewall of classic collections', '  azure_firewall_name = "fw"'],
  ])('may add rules where it is given %s', async (_what, args) => {
    expect(await reasons(args)).toContainEqual(unseen);
  });

  it.each([
    ['nothing of the firewall', '  name = "x"'],
    [
      'what makes a firewall of it',
      '  firewall_policy_id = azurerm_firewall_policy.hub.id\n  sku_tier = "Standard"',
    ],
    [
      'what makes diagnostics of it',
      '  target = azurerm_firewall_policy.hub.id\n  log_analytics_workspace_id = "x"',
    ],
  ])('adds none where it is given %s', async (_what, args) => {
    expect(await reasons(args)).toEqual([]);
  });
});
