import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/reporters/report.ts';
import { lintTexts, NODES, verdictsOf } from './appliance.ts';

const FOLDER = 'fixtures/appliances/cloud-ngfw';

function lint(name: string, change: (text: string) => string = (text) => text): Promise<Report> {
  return lintTexts({ [name]: change(readFileSync(`${FOLDER}/${name}`, 'utf8')) }, '--source', NODES);
}

/** By hand: no-arm has the lowest number and denies, no-entra is disabled, aks-core and aks-wildcards allow what they name. */
const VERDICTS = {
  'mcr.microsoft.com 443': 'covered',
  'management.azure.com 443': 'denied',
  'login.microsoftonline.com 443': 'covered',
  '*.hcp.westeurope.azmk8s.io 443': 'covered',
  '*.data.mcr.microsoft.com 443': 'covered',
  'packages.microsoft.com 443': 'missing',
  'security.ubuntu.com 80': 'missing',
};

describe.each([
  ['template.json', 'arm-template'],
  ['main.tf', 'terraform'],
])('a rulestack of Cloud NGFW in %s', (name, format) => {
  it('is judged in the order of its priorities, without rules that are disabled', async () => {
    const report = await lint(name);
    expect(report.inputs.map((input) => [input.format, input.rules])).toEqual([[format, 4]]);
    expect(report.runs.map(({ policy }) => policy)).toEqual(['hub']);
    expect(verdictsOf(report)).toMatchObject(VERDICTS);
  });

  it('has findings where the rules are written', async () => {
    const report = await lint(name);
    const denied = report.findings.find(({ check }) => check === 'denied-by-earlier-rule');
    expect(denied?.message).toContain("Rule 'no-arm' denies 'management.azure.com'");
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8').split('\n');
    const { startLine = 0 } = denied?.location ?? {};
    expect(text.slice(startLine - 1, startLine + 4).join('\n')).toMatch(/no-arm|localRules/);
  });
});

it('a rulestack with a wrong negation or decryption says so', async () => {
  const negated = await lint('template.json', (text) =>
    text
      .replace('"ruleName": "no-arm",', '"ruleName": "no-arm", "negateSource": "TRUE",')
      .replace('"source": { "cidrs": ["any"] },', '"source": { "cidrs": ["10.9.0.0/16"] },'),
  );
  expect(verdictsOf(negated)['management.azure.com 443']).toBe('covered');
  const decrypting = await lint('template.json', (text) =>
    text.replace(
      '"ruleName": "aks-core",',
      '"ruleName": "aks-core", "decryptionRuleType": "SSLOutboundInspection",',
    ),
  );
  const broken = decrypting.findings.filter(({ check }) => check === 'allowed-but-broken-tls-inspection');
  expect(broken.map(({ message }) => /'([\w.*]+\.com)'/.exec(message)?.[1]).sort()).toEqual([
    'login.microsoftonline.com',
    'mcr.microsoft.com',
  ]);
});

it('a list that is not in the template may hold anything', async () => {
  const report = await lint('template.json', (text) =>
    text.replace('"name": "hub/aks-core"', '"name": "hub/other"'),
  );
  expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('unknown');
});
