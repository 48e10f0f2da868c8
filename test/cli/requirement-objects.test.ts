import { describe, expect, it } from 'vitest';
import { Repository } from './repository.ts';
import { lintTexts, NODES, verdictsOf } from '../parsers/appliances/appliance.ts';

async function print(
  format: string,
  ...flags: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  const repository = new Repository();
  try {
    const { code, stdout, stderr } = await repository.run(
      'requirements',
      '--format',
      format,
      '--region',
      'westeurope',
      ...flags,
    );
    expect(code).toBe(0);
    return { stdout, stderr };
  } finally {
    repository.remove();
  }
}

/** Everything that is needed by name: neither the API server's address nor a service tag is one. */
async function notCovered(
  files: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<string[]> {
  const verdicts = verdictsOf(await lintTexts(files, '--source', NODES, ...flags));
  expect(Object.keys(verdicts).length).toBeGreaterThan(10);
  return Object.entries(verdicts).flatMap(([row, verdict]) =>
    verdict === 'covered' || !row.includes('.') ? [] : [`${row}: ${verdict}`],
  );
}

const FEATURES = ['--feature', 'azure-monitor,azure-policy'];

describe('objects for an appliance, with rules that use them, allow all that is needed', () => {
  it('for PAN-OS', async () => {
    const { stdout } = await print('panos', ...FEATURES);
    const rule = (port: number): string =>
      [
        'from any',
        'to any',
        `source ${NODES}`,
        'destination any',
        'application any',
        `service aks-egress-tcp-${port}`,
        `category aks-egress-tcp-${port}`,
        'action allow',
      ]
        .map((part) => `set rulebase security rules aks-${port} ${part}\n`)
        .join('');
    expect(await notCovered({ 'fw.set': `${stdout}${rule(80)}${rule(443)}` }, ...FEATURES)).toEqual([]);
  });

  it('for FortiGate', async () => {
    const { stdout } = await print('fortios', ...FEATURES);
    const policy = (port: number): string =>
      `edit ${port}\nset srcintf any\nset dstintf any\nset action accept\nset srcaddr all\nset dstaddr aks-egress-tcp-${port}\nset service aks-egress-tcp-${port}\nset schedule always\nnext\n`;
    const text = `${stdout}config firewall policy\n${policy(80)}${policy(443)}end\n`;
    expect(await notCovered({ 'fw.conf': text }, '--sees-dns', ...FEATURES)).toEqual([]);
  });

  it('for Cisco ASA', async () => {
    const { stdout } = await print('cisco-asa', ...FEATURES);
    const entries = [80, 443]
      .map((port) => `access-list A extended permit tcp any object-group aks-egress-tcp-${port} eq ${port}\n`)
      .join('');
    const domains =
      'access-list A extended permit tcp any object-group-network-service aks-egress-tcp-443-domains\n';
    const interfaces =
      'interface GigabitEthernet0/1\n nameif inside\n security-level 100\n ip address 10.9.0.1 255.255.252.0\n!\ndns domain-lookup inside\n';
    const text = `ASA Version 9.18(4)\n${interfaces}${stdout}${entries}${domains}access-group A in interface inside\n`;
    expect(await notCovered({ 'asa.cfg': text }, '--sees-dns', ...FEATURES)).toEqual([]);
  });
});

it('commands for Check Point make a site of the names on each port', async () => {
  const { stdout } = await print('checkpoint');
  expect(stdout).toContain('mgmt_cli add service-tcp name "aks-egress-tcp-443" port "443"\n');
  expect(stdout).toMatch(
    /^mgmt_cli add application-site name "aks-egress-tcp-443-sites" .*"\*\.hcp\.westeurope\.azmk8s\.io"/m,
  );
});

it('lists for PAN-OS and FortiGate are names alone, and say beside them what they leave out', async () => {
  const edl = await print('panos-edl');
  expect(edl.stdout.split('\n')).toContain('mcr.microsoft.com/');
  expect(
    edl.stdout
      .trimEnd()
      .split('\n')
      .every((line) => /^(?:\*\.)?[a-z0-9.-]+\/$/.test(line)),
  ).toBe(true);
  expect(edl.stderr).toContain("not known whether it is needed: '<api-server-ip>'");
  const feed = await print('fortios-feed');
  expect(feed.stdout.split('\n')).toContain('*.hcp.westeurope.azmk8s.io');
  expect(feed.stdout).not.toContain('/');
});

it('what is no name is left out with a comment', async () => {
  const { stdout } = await print('panos');
  expect(stdout).toMatch(/^# Left out, /m);
});
