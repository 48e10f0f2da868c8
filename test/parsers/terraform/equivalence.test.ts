import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../../src/reporters/report.ts';
import { runIn } from '../../commands/io.ts';

const FOLDER = 'fixtures/terraform/equivalent';

async function report(...argv: string[]): Promise<Report> {
  const { stdout, stderr } = await runIn(
    { cwd: process.cwd() },
    ...argv,
    ...['--no-config', '--region', 'westeurope', '--format', 'json', '--fail-on', 'never'],
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

/** Everything of the findings but where they are. */
function meaning({ findings }: Report): Pick<Finding, 'check' | 'level' | 'message' | 'fingerprint'>[] {
  return findings
    .map(({ check, level, message, requirement, entry, fingerprint }) => ({
      check,
      level,
      message,
      requirement,
      entry,
      fingerprint,
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

describe('one policy in every form', () => {
  it.each([
    ['compiled Bicep', 'compiled-bicep.json'],
    ['Terraform source', 'source'],
    ['a map in a file of variables', 'values'],
    ['a plan before the first apply', 'plan.json'],
    ['a raw state', 'terraform.tfstate'],
    ['a state as terraform show prints it', 'show-state.json'],
  ])('has the findings of the template as %s', async (_form, input) => {
    const template = await report(`${FOLDER}/template.json`);
    expect(template.findings.length).toBeGreaterThan(3);
    const other = await report(`${FOLDER}/${input}`);
    expect(meaning(other)).toEqual(meaning(template));
    expect(other.runs.map(({ summary }) => summary)).toEqual(template.runs.map(({ summary }) => summary));
  });
});

describe('the place of a finding', () => {
  const typo = (one: Report): Finding['location'] | undefined =>
    one.findings.find(({ message }) => message.includes("'securty.ubuntu.com'"))?.location;

  it('is the string in the list of the source', async () => {
    expect(typo(await report(`${FOLDER}/source`))).toMatchObject({
      path: `${FOLDER}/source/main.tf`,
      startColumn: 9,
      endColumn: 29,
    });
  });

  it('is the string in the file of variables', async () => {
    expect(typo(await report(`${FOLDER}/values`))).toMatchObject({
      path: `${FOLDER}/values/terraform.tfvars`,
      pointer: '/application_rules/names/fqdns/7',
    });
  });

  it('is in the JSON of a plan, with the address of the resource', async () => {
    expect(typo(await report(`${FOLDER}/plan.json`))).toMatchObject({
      path: `${FOLDER}/plan.json`,
      address: 'azurerm_firewall_policy_rule_collection_group.aks',
    });
  });

  it.each(['plan.json', 'terraform.tfstate'])(
    'of %s is the string in the source with --source-root',
    async (input) => {
      const own = typo(await report(`${FOLDER}/source`));
      expect(typo(await report(`${FOLDER}/${input}`, '--source-root', `${FOLDER}/source`))).toEqual(own);
    },
  );

  it('names the resource as a logical location in SARIF', async () => {
    const { stdout } = await runIn(
      { cwd: process.cwd() },
      ...[`${FOLDER}/plan.json`, '--no-config', '--format', 'sarif', '--fail-on', 'never'],
    );
    expect(stdout).toContain('"fullyQualifiedName": "azurerm_firewall_policy_rule_collection_group.aks"');
  });
});
