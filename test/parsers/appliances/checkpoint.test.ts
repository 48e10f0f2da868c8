import { describe, expect, it } from 'vitest';
import { lintTexts, NODES, refusalOf, verdictOnMcr, verdictsOf } from './appliance.ts';

const ANY = '97aeb369-9aea-11d5-bd16-0090272ccb30';
const TARGETS = '6c488338-8eec-4103-ad21-cd461ac2c476';

const FIXED = [
  { uid: ANY, name: 'Any', type: 'CpmiAnyObject' },
  { uid: TARGETS, name: 'Policy Targets', type: 'Global' },
  { uid: 'accept', name: 'Accept', type: 'RulebaseAction' },
  { uid: 'drop', name: 'Drop', type: 'RulebaseAction' },
  { uid: 'reject', name: 'Reject', type: 'RulebaseAction' },
  { uid: 'https', name: 'https', type: 'service-tcp', port: '443' },
  { uid: 'http', name: 'http', type: 'service-tcp', port: '80' },
];

let count = 0;
function rule(more: object = {}): object {
  count += 1;
  return {
    uid: `rule-${count}`,
    name: `rule ${count}`,
    type: 'access-rule',
    'rule-number': count,
    source: [ANY],
    'source-negate': false,
    destination: [ANY],
    'destination-negate': false,
    service: ['https'],
    'service-negate': false,
    vpn: [ANY],
    action: 'accept',
    content: [ANY],
    time: [ANY],
    enabled: true,
    'install-on': [TARGETS],
    ...more,
  };
}

const drop = (more: object = {}): object => rule({ action: 'drop', service: [ANY], ...more });

function layer(name: string, rules: readonly object[], objects: readonly object[] = []): object {
  return { uid: `layer ${name}`, name, rulebase: rules, 'objects-dictionary': [...FIXED, ...objects] };
}

const settings = (name: string, action: string): object => ({
  uid: `layer ${name}`,
  name,
  type: 'access-layer',
  'implicit-cleanup-action': action,
});

/** A rulebase that ends with a rule for everything, as Check Point recommends. */
function mcr(
  rules: readonly object[],
  objects: readonly object[] = [],
  ...flags: readonly string[]
): Promise<string> {
  return verdictOnMcr(
    'cp.json',
    JSON.stringify([layer('Network', [...rules, drop()], objects)], null, 1),
    ...flags,
  );
}

const verdictOf = (answers: readonly object[]): Promise<string> =>
  verdictOnMcr('cp.json', JSON.stringify(answers));

describe('Check Point rules', () => {
  it('decide in their order, sections or not', async () => {
    expect(await mcr([rule()])).toBe('covered');
    expect(await mcr([drop(), rule()])).toBe('denied');
    expect(await mcr([rule({ action: 'reject' }), rule()])).toBe('denied');
    const section = { type: 'access-section', name: 'AKS', from: 1, to: 1, rulebase: [rule()] };
    expect(await mcr([section])).toBe('covered');
  });

  it('that are disabled count for nothing', async () => {
    expect(await mcr([rule({ enabled: false })])).toBe('missing');
    expect(await mcr([drop({ enabled: false }), rule()])).toBe('covered');
  });

  it('with a negated column are for all others', async () => {
    const objects = [
      { uid: 'nodes', name: 'nodes', type: 'network', subnet4: '10.9.0.0', 'mask-length4': 22 },
      { uid: 'mcr', name: '.mcr.microsoft.com', type: 'dns-domain', 'is-sub-domain': false },
    ];
    expect(await mcr([drop({ source: ['nodes'], 'source-negate': true }), rule()], objects)).toBe('covered');
    expect(await mcr([drop({ destination: ['mcr'], 'destination-negate': true }), rule()], objects)).toBe(
      'covered',
    );
    expect(await mcr([drop({ destination: ['nodes'], 'destination-negate': true }), rule()], objects)).toBe(
      'denied',
    );
    expect(await mcr([drop({ service: ['https'], 'service-negate': true }), rule()], objects)).toBe(
      'covered',
    );
    expect(await mcr([drop({ service: ['http'], 'service-negate': true }), rule()], objects)).toBe('denied');
  });

  it('limited to a VPN, times, content or gateways may or may not match', async () => {
    const objects = [
      { uid: 'x', name: 'x', type: 'time' },
      { uid: 'gw', name: 'gw', type: 'simple-gateway', 'ipv4-address': '10.0.0.1' },
    ];
    for (const more of [{ vpn: ['x'] }, { time: ['x'] }, { content: ['x'] }, { 'install-on': ['gw'] }])
      expect(await mcr([rule(more)], objects)).toBe('unknown');
  });

  it('with a part that is not understood are undecided, and the part is named with its line', async () => {
    const text = JSON.stringify([layer('Network', [rule({ 'quantum-level': 3 }), drop()])], null, 1);
    const report = await lintTexts({ 'cp.json': text }, '--source', NODES);
    expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('unknown');
    const line = text.split('\n').findIndex((one) => one.includes('quantum-level')) + 1;
    expect(report.notices.join('\n')).toContain(`cp.json:${line}:`);
    expect(report.inputs[0]).toMatchObject({ format: 'checkpoint', rules: 2, unresolved: 1 });
  });

  it('for security zones ask for the zones of the traffic', async () => {
    const objects = [
      { uid: 'in', name: 'InternalZone', type: 'security-zone' },
      { uid: 'out', name: 'ExternalZone', type: 'security-zone' },
    ];
    const rules = [rule({ source: ['in'], destination: ['out'] })];
    expect(await mcr(rules, objects)).toBe('unknown');
    expect(await mcr(rules, objects, '--from-zone', 'InternalZone', '--to-zone', 'ExternalZone')).toBe(
      'covered',
    );
    expect(await mcr(rules, objects, '--from-zone', 'DMZ', '--to-zone', 'ExternalZone')).toBe('missing');
  });
});

describe('Check Point objects', () => {
  const from = (object: object, ...more: readonly object[]): Promise<string> =>
    mcr([rule({ source: ['x'] })], [{ uid: 'x', name: 'x', ...object }, ...more]);
  const to = (object: object, ...more: readonly object[]): Promise<string> =>
    mcr([rule({ destination: ['x'] })], [{ uid: 'x', name: 'x', ...object }, ...more]);

  it.each([
    [{ type: 'network', subnet4: '10.9.0.0', 'mask-length4': 22 }, 'covered'],
    [{ type: 'network', subnet4: '10.9.0.0', 'subnet-mask': '255.255.252.0' }, 'covered'],
    [{ type: 'network', subnet4: '10.9.2.0', 'mask-length4': 24 }, 'partial'],
    [
      { type: 'address-range', 'ipv4-address-first': '10.9.0.0', 'ipv4-address-last': '10.9.3.255' },
      'covered',
    ],
    [{ type: 'host', 'ipv4-address': '10.9.0.7' }, 'partial'],
    [{ type: 'wildcard', 'ipv4-address': '10.9.0.0', 'ipv4-mask-wildcard': '0.0.3.255' }, 'covered'],
    [{ type: 'access-role' }, 'unknown'],
  ])('such as %j as source leave the cluster %s', async (object, expected) => {
    expect(await from(object)).toBe(expected);
  });

  it('that other systems fill, or that are missing, may hold anything', async () => {
    expect(await to({ type: 'updatable-object' })).toBe('unknown');
    expect(await to({ type: 'dynamic-object' })).toBe('unknown');
    expect(await mcr([rule({ destination: ['nowhere'] })])).toBe('unknown');
  });

  it('in groups count, also with exclusions, and a group that holds itself is not known', async () => {
    const nodes = { uid: 'nodes', name: 'nodes', type: 'network', subnet4: '10.9.0.0', 'mask-length4': 22 };
    const part = { uid: 'part', name: 'part', type: 'network', subnet4: '10.9.2.0', 'mask-length4': 24 };
    expect(await from({ type: 'group', members: ['nodes'] }, nodes)).toBe('covered');
    expect(await from({ type: 'group-with-exclusion', include: 'nodes', except: 'part' }, nodes, part)).toBe(
      'partial',
    );
    expect(
      await from({ type: 'group', members: ['y'] }, { uid: 'y', name: 'y', type: 'group', members: ['x'] }),
    ).toBe('unknown');
  });

  it('for domains are one name, or with sub-domains what reverse DNS tells', async () => {
    const domain = (name: string, sub: boolean): object => ({
      name,
      type: 'dns-domain',
      'is-sub-domain': sub,
    });
    expect(await to(domain('.mcr.microsoft.com', false))).toBe('covered');
    expect(await to(domain('.microsoft.com', false))).toBe('missing');
    expect(await to(domain('.microsoft.com', true))).toBe('unknown');
    expect(await to(domain('.azure.com', true))).toBe('missing');
  });
});

describe('Check Point services and sites', () => {
  const by = (...objects: readonly object[]): Promise<string> =>
    mcr(
      [rule({ service: ['x'] })],
      objects.map((object, at) => ({ uid: at === 0 ? 'x' : `x${at}`, name: `x${at}`, ...object })),
    );

  it.each([
    [{ type: 'service-tcp', port: '400-500' }, 'covered'],
    [{ type: 'service-tcp', port: '>100' }, 'covered'],
    [{ type: 'service-tcp', port: '<443' }, 'missing'],
    [{ type: 'service-udp', port: '443' }, 'missing'],
    [{ type: 'service-tcp', port: '443', 'source-port': '443' }, 'unknown'],
    [{ type: 'service-group', members: ['http', 'https'] }, 'covered'],
    [{ type: 'service-other', 'ip-protocol': 6 }, 'covered'],
    [{ type: 'service-icmp', 'icmp-type': 8 }, 'missing'],
  ])('%j leave port 443 %s', async (object, expected) => {
    expect(await by(object)).toBe(expected);
  });

  const site = (urls: readonly string[], isRegex = false): Promise<string> =>
    by({ type: 'application-site', 'url-list': urls, 'urls-defined-as-regular-expression': isRegex });

  it.each([
    ['mcr.microsoft.com', 'covered'],
    ['*.microsoft.com', 'covered'],
    ['microsoft.com', 'missing'],
    ['mcr.microsoft.com/*', 'covered'],
    ['mcr.microsoft.com/v2/x', 'missing'],
  ])('sites with %s leave mcr.microsoft.com %s', async (url, expected) => {
    expect(await site([url])).toBe(expected);
  });

  it.each([
    ['^mcr\\.microsoft\\.com$', 'covered'],
    ['^(.*\\.)?microsoft\\.com$', 'covered'],
    ['.*\\.microsoft\\.com', 'covered'],
    ['^azure\\.com$', 'missing'],
    ['m(c|x)r\\.microsoft\\.com', 'unknown'],
  ])('sites with the expression %s leave it %s', async (url, expected) => {
    expect(await site([url], true)).toBe(expected);
  });

  it('of Check Point may be what they are called', async () => {
    expect(await by({ type: 'application-site', name: 'Microsoft Azure' })).toBe('unknown');
    expect(await by({ type: 'application-site', name: 'Facebook' })).toBe('missing');
  });
});

describe('Check Point layers', () => {
  it('end with their implicit cleanup, which may accept', async () => {
    const only = layer('Network', [rule({ service: ['http'] })]);
    expect(await verdictOf([only, settings('Network', 'drop')])).toBe('missing');
    expect(await verdictOf([only, settings('Network', 'accept')])).toBe('covered');
    // The pages of a rulebase do not say.
    expect(await verdictOf([only])).toBe('unknown');
  });

  it('that are ordered all have to accept', async () => {
    const two = (first: readonly object[], second: readonly object[]): Promise<string> =>
      verdictOf([layer('A', [...first, drop()]), layer('B', [...second, drop()])]);
    expect(await two([rule()], [rule()])).toBe('covered');
    expect(await two([rule()], [])).toBe('missing');
    expect(await two([], [rule()])).toBe('missing');
    expect(await two([rule({ source: ['nowhere'] })], [])).toBe('missing');
    expect(await two([rule({ source: ['nowhere'] })], [rule()])).toBe('unknown');
  });

  it('that are inline decide what leads to them, and nothing behind is tried', async () => {
    const inline = (rules: readonly object[], cleanup: string): Promise<string> =>
      verdictOf([
        layer('Network', [
          rule({ service: ['https'], action: 'inner', 'inline-layer': 'layer Sub' }),
          rule({ service: [ANY] }),
          drop(),
        ]),
        layer('Sub', rules),
        settings('Sub', cleanup),
      ]);
    expect(await inline([rule()], 'drop')).toBe('covered');
    expect(await inline([drop()], 'drop')).toBe('denied');
    // Not the rule behind: the layer's own cleanup.
    expect(await inline([rule({ service: ['http'] })], 'drop')).toBe('missing');
    expect(await inline([rule({ service: ['http'] })], 'accept')).toBe('covered');
    expect(await inline([rule({ enabled: false })], 'drop')).toBe('missing');
  });

  it('that are missing or lead to themselves leave open what they decide', async () => {
    const missing = [layer('Network', [rule({ action: 'inner', 'inline-layer': 'gone' }), drop()])];
    expect(await verdictOf(missing)).toBe('unknown');
    const circle = layer('Sub', [rule({ action: 'inner', 'inline-layer': 'layer Sub' }), drop()]);
    const leading = layer('Network', [rule({ action: 'inner', 'inline-layer': 'layer Sub' }), drop()]);
    expect(await verdictOf([leading, circle])).toBe('unknown');
  });

  it('are put together from pages, and a missing page leaves the rest open', async () => {
    const page = (from: number, rules: readonly object[], total: number): object => ({
      ...layer('Network', rules),
      from,
      to: from + rules.length - 1,
      total,
    });
    const first = page(1, [rule({ service: ['http'] })], 2);
    const second = page(2, [rule()], 2);
    expect(await verdictOf([first, second, settings('Network', 'drop')])).toBe('covered');
    expect(await verdictOf([second, first, settings('Network', 'drop')])).toBe('covered');
    expect(await verdictOf([first, settings('Network', 'drop')])).toBe('unknown');
  });
});

it('files of ShowPolicyPackage belong together, whatever their order', async () => {
  const files = {
    'index.json': JSON.stringify({
      policyPackages: [
        {
          packageName: 'Standard',
          accessLayers: [
            {
              name: 'Network',
              uid: 'layer Network',
              domain: 'SMC User',
              htmlFileName: 'Network-SMC User.html',
            },
          ],
        },
      ],
    }),
    'Network-SMC User.json': JSON.stringify([
      { type: 'access-section', name: 'AKS', from: 1, to: 2 },
      rule(),
      drop(),
    ]),
    'Standard_objects.json': JSON.stringify(
      FIXED.map((object) => ({ ...object, domain: { 'domain-type': 'domain' } })),
    ),
  };
  const report = await lintTexts(files, '--source', NODES);
  expect(report.runs.map(({ policy }) => policy)).toEqual(['Standard']);
  expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('covered');
  expect(verdictsOf(report)['security.ubuntu.com 80']).toBe('missing');
});

it('objects of Check Point alone are refused with what to add', async () => {
  const hosts = JSON.stringify({
    objects: [{ uid: 'h', name: 'h', type: 'host', domain: { 'domain-type': 'domain' } }],
  });
  expect(await refusalOf({ 'hosts.json': hosts })).toContain(
    'no rules; add the pages of show-access-rulebase',
  );
});
