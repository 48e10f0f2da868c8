import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMATS } from '../../scripts/formats/index.js';
import type { Report, RequirementRow } from '../../src/reporters/report.ts';
import { aks, policyOf } from './policies.ts';
import { counting, Repository } from './repository.ts';

const LIST = readFileSync(
  join(import.meta.dirname, '../../fixtures/azure-lists/ServiceTags_Public_20261123.json'),
  'utf8',
);
const TAGS = 'ServiceTags_Public_20261123.json';
const NODES = '10.240.0.0/22';

/** Of the list: AzureMonitor. */
const MONITOR = ['198.51.100.64/26', '198.51.100.128/27', '203.0.113.64/26'];

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
  repository.write(TAGS, LIST);
});
afterEach(() => {
  repository.remove();
});

/** Network rules before a rule with the FQDN tag, in each format that people write. */
function example(destinationAddresses: readonly string[], action: 'Allow' | 'Deny' = 'Allow') {
  const rule = {
    ruleType: 'NetworkRule',
    name: 'monitor',
    ipProtocols: ['TCP'],
    sourceAddresses: [NODES],
    destinationAddresses,
    destinationPorts: ['443'],
  };
  const names = {
    ruleType: 'ApplicationRule',
    name: 'aks',
    sourceAddresses: [NODES],
    protocols: [{ protocolType: 'Https', port: 443 }],
    fqdnTags: ['AzureKubernetesService'],
  };
  return {
    collections: [
      { name: 'net', priority: 200, action, rules: [rule] },
      { name: 'app', priority: 300, action: 'Allow' as const, rules: [names] },
    ],
  };
}

const FLAGS = ['--region', 'westeurope', '--source', NODES, '--feature', 'container-insights'];
const report = (...argv: string[]): Promise<Report> => repository.report(...argv, ...FLAGS);

function rowOf({ runs }: Report, id: string): RequirementRow {
  const found = runs[0]?.requirements.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}

describe('addresses written by hand, with --service-tags', () => {
  const cases = {
    'all of a tag': { addresses: MONITOR, verdict: 'covered', leftOut: undefined },
    'a part of it': { addresses: MONITOR.slice(0, 2), verdict: 'partial', leftOut: ['203.0.113.64/26'] },
    'nothing of it': { addresses: ['198.18.9.0/29'], verdict: 'missing', leftOut: undefined },
  };

  describe.each(Object.entries(cases))('%s', (_, { addresses, verdict, leftOut }) => {
    it.each(FORMATS)('has the same verdict in $title', async ({ fileName, file }) => {
      repository.write(fileName, file(example(addresses)));
      const row = rowOf(await report(fileName, '--service-tags', TAGS), 'azure-monitor/service-tag');
      expect(row.verdict).toBe(verdict);
      expect(row.leftOut).toEqual(leftOut);
    });

    it('has it on a FortiGate', async () => {
      repository.write('fw.conf', fortigate(addresses));
      const row = rowOf(
        await report('fw.conf', '--service-tags', TAGS, '--from-zone', 'lan', '--to-zone', 'wan'),
        'azure-monitor/service-tag',
      );
      expect(row.verdict).toBe(verdict);
      expect(row.leftOut).toEqual(leftOut);
    });
  });

  it('are not compared without the list', async () => {
    repository.write('policy.json', FORMATS[0]?.file(example(MONITOR)) ?? '');
    const found = await report('policy.json');
    expect(rowOf(found, 'azure-monitor/service-tag').verdict).toBe('missing');
    expect(found.notices.filter((notice) => notice.includes('Service tags'))).toEqual([]);
  });

  it('a deny by address that cuts the tag is a part, and the message says which', async () => {
    const denied = example(['203.0.113.0/24'], 'Deny');
    const [deny, app] = denied.collections;
    const tag = example(['AzureMonitor']).collections[0];
    if (deny === undefined || app === undefined || tag === undefined) throw new Error('no collections');
    const both = { collections: [{ ...deny, name: 'deny' }, { ...tag, priority: 250 }, app] };
    repository.write('policy.json', FORMATS[0]?.file(both) ?? '');
    const found = await report('policy.json', '--service-tags', TAGS);
    const row = rowOf(found, 'azure-monitor/service-tag');
    expect([row.verdict, row.leftOut]).toEqual(['partial', ['203.0.113.64/26']]);
  });

  it('one that belongs to no tag any more is a finding, on its own line', async () => {
    repository.write('policy.json', FORMATS[0]?.file(example([...MONITOR, '198.18.9.0/29'])) ?? '');
    const found = await report('policy.json', '--service-tags', TAGS);
    const stale = found.findings.filter(({ check }) => check === 'stale-address');
    expect(stale.map(({ message }) => message)).toEqual([
      "'198.18.9.0/29' on TCP 443 in rule 'monitor' stands among addresses of AzureMonitor and does not belong there, or not any more. No address of it is in AzureMonitor (service tags, change 401).",
    ]);
    expect(repository.read('policy.json').split('\n')[(stale[0]?.location.startLine ?? 0) - 1]).toContain(
      '198.18.9.0/29',
    );
    expect(counting(found, 'unneeded-entry')).not.toContain('198.18.9.0/29');
  });

  it('names behind the tag are covered with it', async () => {
    repository.write('policy.json', FORMATS[0]?.file(example(MONITOR)) ?? '');
    const found = await report('policy.json', '--service-tags', TAGS);
    expect(rowOf(found, 'azure-monitor/ods').verdict).toBe('covered');
    expect(counting(found, 'covered-only-by-address')).toEqual([]);
  });
});

describe('tags, with --service-tags', () => {
  it('that are newer than this program are known, and those that the list lacks are said to be open', async () => {
    repository.write(
      'policy.json',
      FORMATS[0]?.file(example(['Scuba', 'Office365.Exchange.Optimize'])) ?? '',
    );
    const found = await report('policy.json', '--service-tags', TAGS);
    expect(counting(found, 'unknown-service-tag')).toEqual([]);
    expect(found.notices).toContain(
      `${TAGS} does not have 'Office365.Exchange.Optimize', so what such a tag holds is not known.`,
    );
  });

  it('with a region that is spelled otherwise are errors with the spelling', async () => {
    repository.write('policy.json', FORMATS[0]?.file(example(['AzureCloud.FranceCentral'])) ?? '');
    const found = await report('policy.json', '--service-tags', TAGS);
    expect(found.findings.filter(({ check }) => check === 'unknown-service-tag')[0]?.message).toBe(
      "'AzureCloud.FranceCentral' in rule 'monitor' is no service tag that Azure knows, so the rule does not deploy. Write 'AzureCloud.centralfrance' instead.",
    );
  });

  it('are those of a change, which the report names', async () => {
    repository.write('policy.json', FORMATS[0]?.file(example(MONITOR)) ?? '');
    const { notices } = await report('policy.json', '--service-tags', TAGS);
    expect(notices).toContain(`Service tags hold the addresses of change 401 of AzureCloud (${TAGS}).`);
  });

  it('without the region of the cluster, or without IPv4 there, say that nothing was compared with it', async () => {
    repository.write('policy.json', policyOf([aks()]));
    const noticesFor = async (...argv: string[]) =>
      (await repository.report('policy.json', '--source', NODES, '--service-tags', ...argv)).notices;
    expect(await noticesFor(TAGS, '--region', 'swedencentral')).toContain(
      `${TAGS} does not have 'AzureCloud.swedencentral', so no addresses were compared with those of the region.`,
    );
    expect(await noticesFor(TAGS)).toContain(
      'The region is not known, so no addresses were compared with those of an AzureCloud tag. Give it with --region.',
    );
    const v6 = { name: 'AzureCloud.westeurope', properties: { addressPrefixes: ['2001:db8::/48'] } };
    repository.write('v6.json', JSON.stringify({ changeNumber: 1, cloud: 'Public', values: [v6] }));
    expect(await noticesFor('v6.json', '--region', 'westeurope')).toContain(
      "v6.json has no IPv4 addresses of 'AzureCloud.westeurope', so no addresses were compared with those of the region.",
    );
    const compared = await noticesFor(TAGS, '--region', 'francecentral');
    expect(compared.filter((notice) => notice.includes('compared'))).toEqual([]);
  });

  it('may come from the configuration, relative to it', async () => {
    repository.write('net/policy.json', FORMATS[0]?.file(example(MONITOR)) ?? '');
    repository.write('net/.aks-egress-lint.yaml', `serviceTags: ../${TAGS}\n`);
    const found = await report('net/policy.json', '--config', 'net/.aks-egress-lint.yaml');
    expect(rowOf(found, 'azure-monitor/service-tag').verdict).toBe('covered');
    const { stdout } = await repository.run('--print-config', '--config', 'net/.aks-egress-lint.yaml');
    expect(stdout).toMatch(
      /^serviceTags: ServiceTags_Public_20261123\.json\s+# net\/\.aks-egress-lint\.yaml:1:14$/m,
    );
  });
});

describe('a list that does not fit', () => {
  beforeEach(() => {
    repository.write('policy.json', policyOf([aks()]));
  });
  const run = (...argv: string[]) => repository.run('policy.json', '--service-tags', ...argv);

  it('of another cloud ends with 2 and says which', async () => {
    repository.write('china.json', LIST.replace('"Public"', '"China"'));
    const { code, stderr } = await run('china.json');
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--service-tags: china.json is of AzureChinaCloud (it says China), and the cloud of the cluster is AzureCloud. Give the list of that cloud, or correct --cloud.',
    );
    expect((await run('china.json', '--region', 'chinaeast2')).code).not.toBe(2);
  });

  it.each([
    ['is not there', 'none.json', 'none.json: cannot be read'],
    ['is a policy', 'policy.json', 'policy.json: a firewall’s file, which is named without a flag'],
    ['is no JSON', 'text.json', 'text.json:1:1: '],
    [
      'has a block that is none',
      'broken.json',
      '"198.51.100.64/99" of the service tag \'AzureMonitor\' is no address block',
    ],
  ])('%s: ends with 3', async (_, path, message) => {
    repository.write('text.json', 'Storage');
    repository.write('broken.json', LIST.replace('"198.51.100.64/26",', '"198.51.100.64/99",'));
    const { code, stderr } = await run(path, ...FLAGS);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(3);
  });

  it('named as an input says where it belongs', async () => {
    const { code, stderr } = await repository.run(TAGS);
    expect(code).toBe(3);
    expect(stderr).toContain('--service-tags');
  });
});

/** A FortiGate with address objects for some addresses. */
function fortigate(addresses: readonly string[]): string {
  const objects = addresses.map((block, at) => {
    const [address = '', length = ''] = block.split('/');
    const mask = [0, 8, 16, 24].map((byte) => Math.min(Math.max(Number(length) - byte, 0), 8));
    const text = mask.map((bits) => 256 - 2 ** (8 - bits)).join('.');
    return `    edit "tag-${at}"\n        set subnet ${address} ${text}\n    next\n`;
  });
  const members = addresses.map((_, at) => `"tag-${at}"`).join(' ');
  return `#config-version=FGTAZR-7.4.4-FW-build2662-240514:opmode=0:vdom=0:user=admin
config firewall address
    edit "all"
    next
    edit "nodes"
        set subnet 10.240.0.0 255.255.252.0
    next
${objects.join('')}end
config firewall addrgrp
    edit "azure-monitor"
        set member ${members}
    next
end
config firewall policy
    edit 1
        set name "monitor"
        set srcintf "lan"
        set dstintf "wan"
        set action accept
        set srcaddr "nodes"
        set dstaddr "azure-monitor"
        set schedule "always"
        set service "HTTPS"
    next
end
`;
}
