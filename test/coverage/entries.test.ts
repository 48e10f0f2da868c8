import { describe, expect, test } from 'vitest';
import { parseIpRange } from '../../src/model/address.ts';
import { ipSetOf } from '../../src/model/ip-space.ts';
import type { FactsOf } from '../../src/coverage/facts.ts';
import { applicationRule, networkRule, policy, policyWith, symbol, type RuleDraft } from '../oracle/build.ts';
import { factsFor, judged, subjects } from './judge.ts';
import { row } from './rows.ts';

const FROM = { from: '10.240.0.0/22', region: 'westeurope' };
const ROWS = [
  row('core/mcr', ['mcr.microsoft.com']),
  row('core/mcr-data', ['*.data.mcr.microsoft.com']),
  row('core/hcp', [{ destination: '*.hcp.<region>.azmk8s.io', kind: 'name', standsForHosts: true }]),
  row('core/tunnel-udp', ['*', 'AzureCloud.<region>'], {
    applies: 'no',
    why: 'konnectivity is true',
    mode: 'any',
    protocol: 'UDP',
    port: 1194,
  }),
  row('core/dns', [{ destination: '10.1.0.4', kind: 'address' }], { protocol: 'UDP', port: 53 }),
  row('core/login', ['login.microsoftonline.com']),
  row('ubuntu/security', ['security.ubuntu.com'], { protocol: 'HTTP', port: 80, feature: 'ubuntu-updates' }),
  row('azure-policy/data', ['data.policy.core.windows.net'], { applies: 'no', why: 'the add-on is off' }),
  row('key-vault-csi/vault', [{ destination: '*.vault.azure.net', standsForHosts: true }]),
  row('azure-monitor/tag', ['AzureMonitor'], { protocol: 'TCP' }),
];

function entry(destination: string, ...rules: readonly RuleDraft[]): FactsOf<'entry'> {
  return factsFor(judged(policy(...rules), ROWS, FROM), 'entry', destination);
}

const allow = (to: string, services = ['HTTPS 443']): RuleDraft =>
  applicationRule('allow', { to: [to], services });

describe('what an entry is needed for', () => {
  const cases: readonly [string, string, Partial<FactsOf<'entry'>>][] = [
    [
      'a required name is exact',
      'mcr.microsoft.com',
      { usage: 'required', need: 'active', destinationBreadth: 'exact' },
    ],
    [
      'a host inside a required wildcard is exact',
      'weu.data.mcr.microsoft.com',
      { usage: 'required', destinationBreadth: 'exact' },
    ],
    [
      'a wildcard over a need is wider',
      '*.azmk8s.io',
      { usage: 'required', destinationBreadth: 'wider', kind: 'wildcard' },
    ],
    ['every name is any', '*', { usage: 'required', destinationBreadth: 'any', kind: 'any' }],
    ['nobody needs it', 'example.com', { usage: 'unneeded', need: 'none', endpoint: 'ok' }],
    [
      'a feature that is off',
      'data.policy.core.windows.net',
      { usage: 'unneeded', need: 'inactive-feature' },
    ],
    [
      'a wildcard without a dot',
      '*mcr.microsoft.com',
      { form: 'dotless-wildcard', destinationBreadth: 'wider' },
    ],
    ['a wildcard in the middle', 'mcr.*.com', { form: 'unsupported-wildcard' }],
    ['a tag among the names', 'azurekubernetesservice', { form: 'tag-as-name' }],
    ['a retired host', 'acs-mirror.azureedge.net', { endpoint: 'retired' }],
    ['another cloud', 'login.microsoftonline.us', { endpoint: 'wrong-cloud', need: 'other-cloud' }],
    ['another region', '*.hcp.eastus2.azmk8s.io', { endpoint: 'wrong-region', need: 'other-region' }],
    ['a typing error', 'login.mircosoftonline.com', { endpoint: 'misspelled' }],
    ['a path behind the name', 'mcr.microsoft.com/v2', { endpoint: 'misspelled' }],
    ['the apex of a required wildcard', 'vault.azure.net', { endpoint: 'apex' }],
  ];
  test.each(cases)('%s', (_, destination, facts) => {
    expect(entry(destination, allow(destination))).toMatchObject(facts);
  });

  test('a sibling with another number is no typing error', () => {
    const rows = [row('x/one', ['westus2.example.com'])];
    const result = judged(policy(allow('westus3.example.com')), rows, FROM);
    expect(factsFor(result, 'entry', 'westus3.example.com')).toMatchObject({
      endpoint: 'ok',
      usage: 'unneeded',
    });
  });

  test('a declared workload endpoint is declared', () => {
    const declared = [{ destinations: ['*.example.com'], ports: [443], reason: 'payments' }];
    const result = judged(policy(allow('pay.example.com')), ROWS, { ...FROM, declared });
    expect(factsFor(result, 'entry', 'pay.example.com').usage).toBe('declared');
  });

  test('AzureCloud on 1194 is removable with konnectivity; another region’s tag is named', () => {
    const tunnel = (to: string): RuleDraft => networkRule('allow', { to: [to], services: ['UDP 1194'] });
    expect(entry('AzureCloud.westeurope', tunnel('AzureCloud.westeurope'))).toMatchObject({
      usage: 'unneeded',
      need: 'removable',
    });
    expect(entry('AzureCloud.eastus2', tunnel('AzureCloud.eastus2'))).toMatchObject({
      endpoint: 'wrong-region',
    });
  });

  test('AzureCloud on 443 holds what AKS needs and everybody else’s servers', () => {
    const rule = networkRule('allow', { to: ['AzureCloud.westeurope'] });
    expect(entry('AzureCloud.westeurope', rule)).toMatchObject({
      usage: 'required',
      destinationBreadth: 'wider',
      kind: 'service-tag',
    });
  });

  test('AzureCloud.* and the FQDN tag as a service tag are no tags', () => {
    expect(entry('AzureCloud.*', networkRule('allow', { to: ['AzureCloud.*'] }))).toMatchObject({
      form: 'unknown-tag',
    });
    const tag = networkRule('allow', { to: ['AzureKubernetesService'] });
    expect(entry('AzureKubernetesService', tag)).toMatchObject({ form: 'unknown-tag' });
  });

  test('a wildcard in a network rule matches nothing', () => {
    const rule = networkRule('allow', { to: ['*.hcp.westeurope.azmk8s.io'] });
    expect(entry('*.hcp.westeurope.azmk8s.io', rule)).toMatchObject({ form: 'network-wildcard' });
  });

  test('a DNS server of the profile is exact, everywhere is any', () => {
    const dns = (to: string): RuleDraft => networkRule('allow', { to: [to], services: ['UDP 53'] });
    expect(entry('10.1.0.4', dns('10.1.0.4'))).toMatchObject({
      usage: 'required',
      destinationBreadth: 'exact',
    });
    expect(entry('*', dns('*'))).toMatchObject({ usage: 'required', destinationBreadth: 'any' });
  });

  test('one public address may be the API server’s; a range of them is too wide, whichever it is', () => {
    const api = row('core/api', ['<api-server-ip>'], { protocol: 'TCP' });
    const facts = (to: string) => {
      const result = judged(policy(networkRule('allow', { to: [to] })), [api], FROM);
      return factsFor(result, 'entry', to);
    };
    expect(facts('20.1.2.3')).toMatchObject({ usage: 'unknown', destinationBreadth: 'exact' });
    expect(facts('20.0.0.0/8')).toMatchObject({ usage: 'unknown', destinationBreadth: 'wider' });
    expect(facts('0.0.0.0/1')).toMatchObject({ usage: 'unknown', destinationBreadth: 'wider' });
  });

  test('traffic inside the network is nobody’s egress', () => {
    const rule = networkRule('allow', { to: ['10.9.0.0/16'], services: ['TCP 5432'] });
    expect(entry('10.9.0.0/16', rule).usage).toBe('declared');
  });

  test('rules of other networks are out of scope', () => {
    const result = judged(
      policy(applicationRule('allow', { from: ['10.250.0.0/28'], to: ['example.com'] })),
      ROWS,
      FROM,
    );
    expect(subjects(result, 'entry')).toEqual([]);
  });
});

describe('ports and protocols beyond need', () => {
  function services(...rules: readonly RuleDraft[]): readonly (readonly [string, string, string])[] {
    return subjects(judged(policy(...rules), ROWS, FROM), 'entry')
      .filter(({ part }) => part === 'service')
      .map(({ data, facts }) => [data['service'] ?? '', facts.portBreadth, facts.protocolBreadth] as const);
  }

  test('a port that nothing in the rule asks for', () => {
    expect(services(allow('mcr.microsoft.com', ['HTTP 80', 'HTTPS 443']))).toEqual([
      ['HTTP 80', 'wider', 'exact'],
    ]);
  });

  test('are facts of each entry that serves a need, too', () => {
    const rule = networkRule('allow', { to: ['AzureMonitor', '10.9.9.9/32'], services: ['TCP *'] });
    const wholes = subjects(judged(policy(rule), ROWS, FROM), 'entry').filter(
      ({ part }) => part === undefined,
    );
    expect(wholes.map(({ data, facts }) => [data['destination'], facts.portBreadth])).toEqual([
      ['AzureMonitor', 'any'],
      ['10.9.9.9/32', 'exact'],
    ]);
  });

  test('ports that different destinations of the rule ask for are exact', () => {
    const rule = applicationRule('allow', {
      to: ['mcr.microsoft.com', 'security.ubuntu.com'],
      services: ['HTTP 80', 'HTTPS 443'],
    });
    expect(services(rule)).toEqual([]);
  });

  test('of declared workloads, what no declaration has', () => {
    const declared = [{ destinations: ['pay.example.com'], ports: [8443], reason: 'payments' }];
    const widths = (to: string[], services: string[]) =>
      subjects(
        judged(policy(applicationRule('allow', { to, services })), ROWS, { ...FROM, declared }),
        'entry',
      )
        .filter(({ facts }) => facts.portBreadth !== 'exact')
        .map(({ data, facts }) => [data['service'], data['destination'], facts.usage]);
    expect(widths(['pay.example.com'], ['HTTPS 8443'])).toEqual([]);
    expect(widths(['pay.example.com'], ['HTTPS 8443', 'HTTP 80'])).toEqual([
      ['HTTP 80', 'pay.example.com', 'declared'],
    ]);
    expect(widths(['pay.example.com', 'mcr.microsoft.com'], ['HTTPS 8443', 'HTTPS 443'])).toEqual([]);
  });

  test('every port, a range, any protocol', () => {
    expect(services(networkRule('allow', { to: ['AzureMonitor'], services: ['TCP *'] }))).toEqual([
      ['TCP *', 'any', 'exact'],
    ]);
    expect(services(networkRule('allow', { to: ['AzureMonitor'], services: ['TCP 400-500'] }))).toEqual([
      ['TCP 400-500', 'wider', 'exact'],
    ]);
    expect(services(networkRule('allow', { to: ['AzureMonitor'], services: ['Any 443'] }))).toEqual([
      ['Any 443', 'exact', 'wider'],
    ]);
  });
});

describe('entries that change nothing', () => {
  test('a duplicate: only the later one is redundant', () => {
    const rules = ['first', 'second'].map((name) =>
      applicationRule('allow', { name, to: ['mcr.microsoft.com'] }),
    );
    const found = subjects(judged(policy(...rules), ROWS, FROM), 'entry').map(({ data, facts }) => [
      data['rule'],
      facts.usage,
    ]);
    expect(found).toEqual([
      ["'first'", 'required'],
      ["'second'", 'redundant'],
    ]);
  });

  test('a name twice in one rule: only the second is redundant', () => {
    const rule = applicationRule('allow', { to: ['mcr.microsoft.com', 'mcr.microsoft.com'] });
    const usages = subjects(judged(policy(rule), ROWS, FROM), 'entry').map(({ facts }) => facts.usage);
    expect(usages).toEqual(['required', 'redundant']);
  });

  test('a name before the wildcard that repeats it', () => {
    const rules = [allow('weu.data.mcr.microsoft.com'), allow('*.data.mcr.microsoft.com')];
    expect(entry('weu.data.mcr.microsoft.com', ...rules).usage).toBe('redundant');
    expect(entry('*.data.mcr.microsoft.com', ...rules).usage).toBe('required');
  });

  test('a name that the AKS tag certainly holds', () => {
    expect(
      entry('mcr.microsoft.com', allow('AzureKubernetesService'), allow('mcr.microsoft.com')).usage,
    ).toBe('redundant');
  });

  test('an allow behind a deny of the same is shadowed', () => {
    const rules = [applicationRule('deny', { to: ['*.microsoft.com'] }), allow('mcr.microsoft.com')];
    expect(entry('mcr.microsoft.com', ...rules).usage).toBe('shadowed');
  });

  test('a network rule to everywhere makes every name moot', () => {
    expect(entry('mcr.microsoft.com', networkRule('allow'), allow('mcr.microsoft.com'))).toMatchObject({
      usage: 'redundant',
      ruleUsage: 'redundant',
    });
  });

  test('for fewer sources than its own an entry is not redundant', () => {
    const rules = [
      applicationRule('allow', { from: ['10.240.0.0/24'], to: ['mcr.microsoft.com'] }),
      applicationRule('allow', { from: ['10.240.0.0/22'], to: ['mcr.microsoft.com'] }),
    ];
    const usages = subjects(judged(policy(...rules), ROWS, FROM), 'entry').map(({ facts }) => facts.usage);
    expect(usages).toEqual(['redundant', 'required']);
  });

  test('a doubt on the way means that it may matter', () => {
    const rules = [
      applicationRule('allow', { from: [symbol('nodes')], to: ['*'] }),
      allow('mcr.microsoft.com'),
    ];
    expect(entry('mcr.microsoft.com', ...rules).usage).toBe('required');
  });
});

describe('rules', () => {
  test('a rule that denies what is already denied before it is shadowed', () => {
    const rules = [
      applicationRule('deny', { name: 'all', to: ['*'] }),
      applicationRule('deny', { name: 'late', to: ['example.com'] }),
    ];
    const found = subjects(judged(policy(...rules), ROWS, FROM), 'rule').filter(
      ({ facts }) => facts.usage !== 'used',
    );
    expect(found.map(({ data, facts }) => [data['rule'], facts.usage, data['by']])).toEqual([
      ["'late'", 'shadowed', "'all'"],
    ]);
  });

  test('sources wider than the cluster, only where the cluster’s are given', () => {
    const rule = applicationRule('allow', { from: ['10.0.0.0/8'], to: ['mcr.microsoft.com'] });
    const breadths = (options: object) =>
      subjects(
        judged(policy(rule), [row('core/mcr', ['mcr.microsoft.com'], { identifiesCluster: true })], options),
        'rule',
      )
        .filter(({ part }) => part === 'sources')
        .map(({ facts }) => facts.sourceBreadth);
    expect(breadths(FROM)).toEqual(['wider']);
    expect(breadths({})).toEqual([]);
  });

  test('sources of another cluster behind the policy are no breadth', () => {
    const from = ['10.240.0.0/22', '10.241.0.0/22'];
    const rule = applicationRule('allow', { from, to: ['mcr.microsoft.com'] });
    const neighbour = parseIpRange('10.241.0.0/22');
    const neighbours = { ip: ipSetOf(neighbour === undefined ? [] : [neighbour]), symbols: [] };
    const breadth = (options: object) =>
      subjects(judged(policy(rule), ROWS, { ...FROM, ...options }), 'rule')
        .filter(({ part }) => part === 'sources')
        .map(({ facts }) => facts.sourceBreadth);
    expect(breadth({})).toEqual(['wider']);
    expect(breadth({ neighbours })).toEqual(['exact']);
  });

  test('each is one whole with the facts of all its parts', () => {
    const rules = [
      networkRule('allow', {
        name: 'wide',
        from: ['10.0.0.0/8'],
        to: ['ntp.ubuntu.com'],
        services: ['UDP 123'],
      }),
      applicationRule('deny', { name: 'quiet', to: ['example.com'] }),
    ];
    const result = judged(policyWith({ dnsProxy: 'off' }, ...rules), ROWS, FROM);
    const wholes = subjects(result, 'rule').filter(({ part }) => part === undefined);
    expect(wholes.map(({ data, facts }) => [data['rule'], facts.sourceBreadth, facts.dnsProxy])).toEqual([
      ["'wide'", 'wider', 'off'],
      ["'quiet'", 'exact', 'not-needed'],
    ]);
  });

  test('a name in a network rule needs the DNS proxy, and says what it finds', () => {
    const rule = networkRule('allow', { to: ['ntp.ubuntu.com'], services: ['UDP 123'] });
    const result = judged(policyWith({ dnsProxy: 'off' }, rule), ROWS, FROM);
    expect(subjects(result, 'rule').map(({ facts }) => facts.dnsProxy)).toContain('off');
  });
});
