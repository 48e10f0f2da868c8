import { describe, expect, it } from 'vitest';
import { lintTexts, NODES, verdictOnMcr, verdictsOf } from './appliance.ts';

interface PolicyText {
  readonly id?: number;
  readonly srcintf?: string;
  readonly dstintf?: string;
  readonly srcaddr?: string;
  readonly dstaddr?: string;
  readonly service?: string;
  readonly action?: string;
  /** Further lines. */
  readonly more?: readonly string[];
}

let count = 0;
function policy(text: PolicyText): string {
  const { id = (count += 1), srcintf = 'any', dstintf = 'any', srcaddr = 'all', dstaddr = 'all' } = text;
  const { service = 'HTTPS', action = 'accept', more = [] } = text;
  const lines = [
    `set srcintf ${srcintf}`,
    `set dstintf ${dstintf}`,
    ...(action === '' ? [] : [`set action ${action}`]),
    `set srcaddr ${srcaddr}`,
    `set dstaddr ${dstaddr}`,
    'set schedule always',
    `set service ${service}`,
    ...more,
  ];
  return `    edit ${id}\n${lines.map((line) => `        ${line}\n`).join('')}    next\n`;
}

function table(name: string, content: string): string {
  return `config ${name}\n${content}end\n`;
}

function entry(name: string, ...lines: readonly string[]): string {
  return `    edit "${name}"\n${lines.map((line) => `        ${line}\n`).join('')}    next\n`;
}

const ALL = table('firewall address', entry('all'));
const config = (policies: readonly string[], before = ''): string =>
  `${ALL}${before}${table('firewall policy', policies.join(''))}`;
const mcr = (text: string, ...flags: readonly string[]): Promise<string> =>
  verdictOnMcr('fw.conf', text, ...flags);
const address = (name: string, ...lines: readonly string[]): string =>
  table('firewall address', entry(name, ...lines));

describe('FortiGate policies', () => {
  it('decide in the order of the file, whatever their numbers', async () => {
    const deny = policy({ id: 1, action: 'deny' });
    const allow = policy({ id: 900 });
    expect(await mcr(config([allow, deny]))).toBe('covered');
    expect(await mcr(config([deny, allow]))).toBe('denied');
    const moved = `${config([deny, allow])}config firewall policy\n    move 900 before 1\nend\n`;
    expect(await mcr(moved)).toBe('covered');
  });

  it('without an action deny, and what none matches is denied', async () => {
    expect(await mcr(config([policy({ action: '' }), policy({})]))).toBe('denied');
    expect(await mcr(config([policy({ service: 'HTTP' })]))).toBe('missing');
  });

  it('that are disabled count for nothing', async () => {
    const off = { more: ['set status disable'] };
    expect(await mcr(config([policy(off)]))).toBe('missing');
    expect(await mcr(config([policy({ ...off, action: 'deny' }), policy({})]))).toBe('covered');
  });

  it('with negated sources, destinations or services are for all others', async () => {
    const nodes = address('nodes', 'set subnet 10.9.0.0 255.255.252.0');
    const host = address('mcr', 'set type fqdn', 'set fqdn "mcr.microsoft.com"');
    const deny = (text: PolicyText): string =>
      config([policy({ ...text, action: 'deny' }), policy({})], nodes + host);
    expect(await mcr(deny({ srcaddr: 'nodes', more: ['set srcaddr-negate enable'] }))).toBe('covered');
    expect(await mcr(deny({ dstaddr: 'mcr', more: ['set dstaddr-negate enable'] }))).toBe('covered');
    expect(await mcr(deny({ dstaddr: 'nodes', more: ['set dstaddr-negate enable'] }))).toBe('denied');
    expect(await mcr(deny({ service: 'HTTPS', more: ['set service-negate enable'] }))).toBe('covered');
    expect(await mcr(deny({ service: 'HTTP', more: ['set service-negate enable'] }))).toBe('denied');
  });

  it('of interfaces are for the traffic that enters and leaves by them', async () => {
    const text = config([policy({ srcintf: 'port2', dstintf: 'port1' })]);
    expect(await mcr(text)).toBe('unknown');
    expect(await mcr(text, '--from-zone', 'port2', '--to-zone', 'port1')).toBe('covered');
    expect(await mcr(text, '--from-zone', 'port3', '--to-zone', 'port1')).toBe('missing');
  });

  it('have interfaces inferred from addresses, routes and zones', async () => {
    const network =
      table(
        'system interface',
        entry('port1', 'set mode dhcp') + entry('port2', 'set ip 10.1.2.4 255.255.255.0'),
      ) +
      table('system zone', entry('inside', 'set interface "port2"')) +
      table('router static', entry('1', 'set dst 10.8.0.0 255.248.0.0', 'set device "port2"'));
    const of = (srcintf: string, dstintf: string): Promise<string> =>
      mcr(config([policy({ srcintf, dstintf })], network));
    expect(await of('port2', 'port1')).toBe('covered');
    expect(await of('inside', 'port1')).toBe('covered');
    expect(await of('port1', 'port1')).toBe('missing');
    expect(await of('port2', 'port2')).toBe('missing');
  });

  it('for users or at times may or may not match', async () => {
    expect(await mcr(config([policy({ more: ['set groups "staff"'] })]))).toBe('unknown');
    expect(await mcr(config([policy({ more: ['set schedule "weekend"'] })]))).toBe('unknown');
  });

  it('with a setting that is not understood are undecided, and the line is named', async () => {
    const text = config([policy({ more: ['set quantum-level 3'] })]);
    const report = await lintTexts({ 'fw.conf': text }, '--source', NODES);
    expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('unknown');
    const line = text.split('\n').findIndex((one) => one.includes('quantum-level')) + 1;
    expect(report.notices.join('\n')).toContain(`fw.conf:${line}:9: not understood: 'set quantum-level'`);
    expect(report.inputs[0]).toMatchObject({ format: 'fortios', rules: 1, unresolved: 1 });
  });

  it('for an Internet service go by it alone, and the file does not tell what it holds', async () => {
    const service = (name: string): readonly string[] => [
      'set internet-service enable',
      `set internet-service-name "${name}"`,
    ];
    expect(await mcr(config([policy({ dstaddr: 'none', more: service('Microsoft-Azure') })]))).toBe(
      'unknown',
    );
    expect(await mcr(config([policy({ more: service('Facebook-Web') })]))).toBe('missing');
    const deny = policy({ action: 'deny', more: service('Malicious-Malicious.Server') });
    expect(await mcr(config([deny, policy({})]))).toBe('covered');
  });
});

describe('FortiGate addresses', () => {
  it.each([
    [['set subnet 10.9.0.0 255.255.252.0'], 'covered'],
    [['set subnet 10.9.0.0/22'], 'covered'],
    [['set subnet 10.9.2.0 255.255.255.0'], 'partial'],
    [['set type iprange', 'set start-ip 10.9.0.0', 'set end-ip 10.9.3.255'], 'covered'],
    // Set bits are compared: 10.9.x.x.
    [['set type wildcard', 'set wildcard 10.9.0.0 255.255.0.0'], 'covered'],
    [['set type wildcard', 'set wildcard 10.9.0.0 255.255.1.0'], 'partial'],
    // A country holds public addresses only.
    [['set type geography', 'set country "NL"'], 'missing'],
    [['set type dynamic', 'set sdn "azure"'], 'unknown'],
  ])('with %j as source leave the cluster %s', async (lines, expected) => {
    expect(await mcr(config([policy({ srcaddr: 'nodes' })], address('nodes', ...lines)))).toBe(expected);
  });

  it('by name are for that name', async () => {
    const of = (fqdn: string, ...flags: string[]): Promise<string> =>
      mcr(config([policy({ dstaddr: 'x' })], address('x', 'set type fqdn', `set fqdn "${fqdn}"`)), ...flags);
    expect(await of('mcr.microsoft.com')).toBe('covered');
    expect(await of('microsoft.com')).toBe('missing');
    // A wildcard is empty until FortiGate has seen an answer to a query.
    expect(await of('*.microsoft.com')).toBe('unknown');
    expect(await of('*.microsoft.com', '--sees-dns')).toBe('covered');
    expect(await of('*.mcr.microsoft.com', '--sees-dns')).toBe('missing');
  });

  it('in a group leave out what it excludes', async () => {
    const addresses = table(
      'firewall address',
      entry('hub', 'set subnet 10.8.0.0 255.248.0.0') +
        entry('part', 'set subnet 10.9.2.0 255.255.255.0') +
        entry('mcr', 'set type fqdn', 'set fqdn "mcr.microsoft.com"') +
        entry('arm', 'set type fqdn', 'set fqdn "management.azure.com"'),
    );
    const group = (member: string, out: string): string =>
      table(
        'firewall addrgrp',
        entry('g', `set member ${member}`, 'set exclude enable', `set exclude-member ${out}`),
      );
    expect(await mcr(config([policy({ srcaddr: 'g' })], addresses + group('hub', 'part')))).toBe('partial');
    expect(await mcr(config([policy({ dstaddr: 'g' })], addresses + group('all', 'mcr')))).toBe('missing');
    expect(await mcr(config([policy({ dstaddr: 'g' })], addresses + group('all', 'arm')))).toBe('covered');
  });

  it('that are missing or in a circle are not known', async () => {
    const circle = table('firewall addrgrp', entry('a', 'set member b') + entry('b', 'set member a'));
    expect(await mcr(config([policy({ dstaddr: 'a' })], circle))).toBe('unknown');
    expect(await mcr(config([policy({ dstaddr: 'nowhere' })]))).toBe('unknown');
  });
});

describe('FortiGate services', () => {
  const of = (...lines: readonly string[]): Promise<string> =>
    mcr(config([policy({ service: 's' })], table('firewall service custom', entry('s', ...lines))));

  it.each([
    [['set tcp-portrange 80 443'], 'covered'],
    [['set tcp-portrange 400-500'], 'covered'],
    [['set udp-portrange 443'], 'missing'],
    [['set protocol IP'], 'covered'],
    [['set protocol IP', 'set protocol-number 6'], 'covered'],
    [['set protocol IP', 'set protocol-number 50'], 'missing'],
    [['set protocol ICMP'], 'missing'],
    [['set tcp-portrange 443:1024-65535'], 'covered'],
    [['set tcp-portrange 443:443'], 'unknown'],
  ])('with %j leave port 443 %s', async (lines, expected) => {
    expect(await of(...lines)).toBe(expected);
  });

  it('in groups count, and those that are missing are not known', async () => {
    const group = table('firewall service group', entry('g', 'set member "HTTP" "HTTPS"'));
    expect(await mcr(config([policy({ service: 'g' })], group))).toBe('covered');
    expect(await mcr(config([policy({ service: 'nowhere' })]))).toBe('unknown');
  });
});

describe('FortiGate profiles', () => {
  const utm = 'set utm-status enable';
  const broken = async (text: string): Promise<boolean> => {
    const { findings } = await lintTexts({ 'fw.conf': text }, '--source', NODES);
    return findings.some(
      ({ check, message }) =>
        check === 'allowed-but-broken-tls-inspection' && message.includes("'mcr.microsoft.com'"),
    );
  };
  const inspection = (status: string, exempt = ''): string =>
    table(
      'firewall ssl-ssh-profile',
      `    edit "p"\n        config https\n            set ports 443\n            set status ${status}\n        end\n${exempt}    next\n`,
    );
  const with_ = (profile: string): string =>
    config([policy({ more: [utm, 'set ssl-ssh-profile "p"'] })], profile);

  it('of SSL inspection break what they decrypt, unless it is exempt', async () => {
    expect(await broken(with_(inspection('deep-inspection')))).toBe(true);
    expect(await broken(with_(inspection('certificate-inspection')))).toBe(false);
    const exempt =
      '        config ssl-exempt\n            edit 1\n                set type wildcard-fqdn\n                set wildcard-fqdn "ms"\n            next\n        end\n';
    const names = table('firewall wildcard-fqdn custom', entry('ms', 'set wildcard-fqdn "*.microsoft.com"'));
    expect(await broken(with_(inspection('deep-inspection', exempt) + names))).toBe(false);
  });

  it('of the web filter block after the policy has allowed', async () => {
    const filter = (...entries: readonly string[]): string =>
      table(
        'webfilter profile',
        '    edit "w"\n        config web\n            set urlfilter-table 1\n        end\n    next\n',
      ) +
      `config webfilter urlfilter\n    edit 1\n        config entries\n${entries.join('')}        end\n    next\nend\n`;
    const line = (url: string, action: string): string =>
      entry(String((count += 1)), `set url "${url}"`, 'set type wildcard', `set action ${action}`);
    const of = (...entries: readonly string[]): Promise<string> =>
      mcr(config([policy({ more: [utm, 'set webfilter-profile "w"'] })], filter(...entries)));
    expect(await of(line('*.microsoft.com', 'block'))).toBe('denied');
    expect(await of(line('*.example.com', 'block'))).toBe('covered');
    expect(await of(line('mcr.microsoft.com', 'exempt'), line('*.microsoft.com', 'block'))).toBe('covered');
    expect(await mcr(config([policy({ more: [utm, 'set webfilter-profile "w"'] })]))).toBe('unknown');
  });

  it('decide by security policies where the device works by policy', async () => {
    const byPolicy = table('system settings', '    set ngfw-mode policy-based\n');
    const security = (text: string): string => table('firewall security-policy', text);
    const central = config([policy({})], byPolicy);
    expect(await mcr(`${central}${security(policy({}))}`)).toBe('covered');
    expect(await mcr(`${central}${security(policy({ action: 'deny' }))}`)).toBe('missing');
    expect(await mcr(`${central}${security(policy({ more: ['set application 41541'] }))}`)).toBe('unknown');
  });
});

it('virtual domains are policies of their own, with the interfaces of the device', async () => {
  const domain = (name: string, text: string): string => `config vdom\nedit ${name}\n${text}end\n`;
  const text = `config vdom\nedit root\nnext\nedit aks\nnext\nend\nconfig global\n${table(
    'system interface',
    entry('port1', 'set vdom "aks"', 'set mode dhcp') +
      entry('port2', 'set vdom "aks"', 'set ip 10.9.0.1 255.255.252.0') +
      entry('port3', 'set vdom "root"', 'set ip 10.9.0.1 255.255.252.0'),
  )}end\n${domain('root', config([policy({ action: 'deny' })]))}${domain(
    'aks',
    config([policy({ srcintf: 'port2', dstintf: 'port1' })]),
  )}`;
  const report = await lintTexts({ 'fw.conf': text }, '--source', NODES);
  expect(report.runs.map(({ policy: name }) => name)).toEqual(['root', 'aks']);
  expect(verdictsOf(report, 0)['mcr.microsoft.com 443']).toBe('missing');
  expect(verdictsOf(report, 1)['mcr.microsoft.com 443']).toBe('covered');
});

it('answers of the REST API say the same as the configuration', async () => {
  const named = (...names: readonly string[]): object[] =>
    names.map((name) => ({ name, q_origin_key: name }));
  const policies = {
    http_method: 'GET',
    results: [
      {
        policyid: 7,
        q_origin_key: 7,
        name: 'mcr',
        srcintf: named('any'),
        dstintf: named('any'),
        srcaddr: named('nodes'),
        dstaddr: named('mcr'),
        service: named('HTTPS'),
        action: 'accept',
        status: 'enable',
        schedule: 'always',
        'srcaddr-negate': 'disable',
        groups: [],
      },
    ],
    vdom: 'root',
    path: 'firewall',
    name: 'policy',
  };
  const addresses = {
    results: [
      { name: 'nodes', q_origin_key: 'nodes', type: 'ipmask', subnet: '10.9.0.0 255.255.252.0' },
      { name: 'mcr', q_origin_key: 'mcr', type: 'fqdn', fqdn: 'mcr.microsoft.com' },
    ],
    vdom: 'root',
    path: 'firewall',
    name: 'address',
  };
  const files = {
    'policy.json': JSON.stringify(policies, null, 1),
    'address.json': JSON.stringify(addresses),
  };
  const report = await lintTexts(files, '--source', NODES);
  expect(report.inputs.map(({ path, format, rules }) => [path, format, rules])).toEqual([
    ['policy.json', 'fortios-rest', 1],
    ['address.json', 'fortios-rest', 0],
  ]);
  expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('covered');
  expect(verdictsOf(report)['management.azure.com 443']).toBe('missing');
});
