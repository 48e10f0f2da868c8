import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/reporters/report.ts';
import { lintTexts, NODES, verdictsOf } from './appliance.ts';

/**
 * One policy of a hub with 43 rules, as its operator would write it for each product: nodes in 10.9.0.0/22, a spoke with
 * virtual machines, a jumpbox, on-premises networks. `azure` leaves out the last rule, which denies everything: as a network
 * rule it would hide all application rules, and the default is the same; and the one that is disabled, which it cannot have.
 */
const HUBS = [
  { product: 'Azure Firewall', file: 'azure/hub.json', format: 'arm-template', rules: 41 },
  { product: 'PAN-OS', file: 'panos/hub.xml', format: 'panos-xml', rules: 43 },
  { product: 'FortiGate', file: 'fortios/hub.conf', format: 'fortios', rules: 43 },
  { product: 'Check Point', file: 'checkpoint/hub.json', format: 'checkpoint', rules: 43 },
  { product: 'Cisco ASA', file: 'cisco-asa/hub.cfg', format: 'cisco-asa', rules: 64 },
] as const;

/**
 * By hand, from the rules:
 * - block-smb-out, block-quarantine: other ports, another network; old-any-any is disabled.
 * - freeze-node-packages denies packages.aks.azure.com before aks-node-packages allows it.
 * - changelogs.ubuntu.com is allowed for the virtual machines only, mcrprod.azurecr.io for nobody.
 */
const VERDICTS = {
  '*.hcp.westeurope.azmk8s.io 443': 'covered',
  'mcr.microsoft.com 443': 'covered',
  '*.data.mcr.microsoft.com 443': 'covered',
  'mcr-0001.mcr-msedge.net 443': 'covered',
  'management.azure.com 443': 'covered',
  'login.microsoftonline.com 443': 'covered',
  'packages.microsoft.com 443': 'covered',
  'acs-mirror.azureedge.net 443': 'covered',
  'packages.aks.azure.com 443': 'denied',
  'security.ubuntu.com 80': 'covered',
  'azure.archive.ubuntu.com 80': 'covered',
  'changelogs.ubuntu.com 80': 'missing',
  'mcrprod.azurecr.io 443': 'missing',
};

/** Whether pods may call the API server by its address: only rules that go by the name that a client sends exclude it. */
const BY_ADDRESS: Readonly<Record<string, string>> = {
  'Azure Firewall': 'missing',
  'PAN-OS': 'missing',
  FortiGate: 'unknown',
  'Check Point': 'unknown',
  'Cisco ASA': 'unknown',
};

async function lintHub(file: string): Promise<Report> {
  const text = readFileSync(`fixtures/appliances/${file}`, 'utf8');
  const name = file.replace('/', '-');
  // FortiGate and ASA know wildcards only from the DNS answers that pass them.
  return lintTexts({ [name]: text }, '--source', NODES, '--sees-dns');
}

/** Names of rules that findings of a check are about, each once; Azure's messages and those of vendors quote them alike. */
function rulesOf({ findings }: Report, check: string): string[] {
  const named = findings
    .filter((finding) => finding.check === check)
    .map(({ message }) => /[Rr]ule '([^']*)'/.exec(message)?.[1] ?? message);
  return [...new Set(named)].sort();
}

describe.each(HUBS)('the hub as $product writes it', ({ product, file, format, rules }) => {
  it('is read as what it is, with nothing that is not understood', async () => {
    const report = await lintHub(file);
    expect(report.inputs.map((input) => [input.format, input.rules, input.unresolved])).toEqual([
      [format, rules, 0],
    ]);
    expect(report.notices.filter((notice) => notice.includes('not understood'))).toEqual([]);
  });

  it('has the verdicts of the rules', async () => {
    const { '<api-server-ip> 443': byAddress, ...verdicts } = verdictsOf(await lintHub(file));
    expect(verdicts).toEqual(VERDICTS);
    expect(byAddress).toBe(BY_ADDRESS[product]);
  });

  it('has the findings of the rules', async () => {
    const report = await lintHub(file);
    expect(rulesOf(report, 'denied-by-earlier-rule')).toEqual(['freeze-node-packages']);
    expect(rulesOf(report, 'shadowed-rule')).toEqual(['aks-node-packages']);
    expect(rulesOf(report, 'retired-endpoint')).toEqual(['aks-mirror']);
    expect(rulesOf(report, 'unneeded-entry')).toEqual(
      [
        'acr',
        'aks-contoso',
        'dns-azure',
        'docker-hub',
        'ghcr',
        'github',
        'letsencrypt',
        'ntp',
        'partner-api',
        'quay',
      ].sort(),
    );
    // ASA has one entry for each network, of which only groups and "any" are wider.
    expect(rulesOf(report, 'broad-source')).toEqual(
      product === 'Cisco ASA' ? ['dns-hub', 'ping'] : ['aks-entra', 'dns-hub', 'ntp', 'ping', 'sap', 'siem'],
    );
    const others = new Set(report.findings.map(({ check }) => check));
    expect([...others].sort()).toEqual([
      'broad-source',
      'denied-by-earlier-rule',
      'missing-documented',
      'missing-if-applicable',
      'missing-recommended',
      'retired-endpoint',
      'shadowed-rule',
      'unneeded-entry',
    ]);
  });

  it('stands where the findings say', async () => {
    const text = readFileSync(`fixtures/appliances/${file}`, 'utf8').split('\n');
    const report = await lintHub(file);
    const retired = report.findings.find(({ check }) => check === 'retired-endpoint');
    const { startLine = 0, startColumn = 0, endColumn = 0 } = retired?.location ?? {};
    const token = text[startLine - 1]?.slice(startColumn - 1, endColumn - 1) ?? '';
    const words = file.startsWith('checkpoint') ? /^"[0-9a-f-]{36}"$/ : /acs-mirror[.-]azureedge[.-]net/;
    expect(token).toMatch(words);
  });
});
