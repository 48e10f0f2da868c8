import { describe, expect, it } from 'vitest';
import { lintTexts, NODES, placesOf, verdictOnMcr, verdictsOf } from './appliance.ts';

/** Members of a list in XML. */
function members(names: readonly string[]): string {
  return names.map((name) => `<member>${name}</member>`).join('');
}

interface RuleText {
  readonly name?: string;
  readonly from?: string;
  readonly to?: string;
  readonly source?: readonly string[];
  readonly destination?: readonly string[];
  readonly application?: readonly string[];
  readonly service?: readonly string[];
  readonly category?: readonly string[];
  readonly action?: string;
  /** Further elements. */
  readonly more?: string;
}

let count = 0;
function rule(text: RuleText): string {
  const {
    name = `rule-${(count += 1)}`,
    from = 'any',
    to = 'any',
    source = ['any'],
    destination = ['any'],
    application = ['any'],
    service = ['service-https'],
    category = ['any'],
    action = 'allow',
    more = '',
  } = text;
  return `<entry name="${name}">
  <from><member>${from}</member></from><to><member>${to}</member></to>
  <source>${members(source)}</source><destination>${members(destination)}</destination>
  <application>${members(application)}</application><service>${members(service)}</service>
  <category>${members(category)}</category><action>${action}</action>${more}
</entry>`;
}

interface ConfigText {
  readonly version?: string;
  readonly objects?: string;
  readonly network?: string;
  readonly rulebase?: string;
}

function config(rules: readonly string[], text: ConfigText = {}): string {
  const { version = '11.1.0', objects = '', network = '', rulebase = '' } = text;
  return `<?xml version="1.0"?>
<config version="${version}"><devices><entry name="localhost.localdomain">${network}<vsys><entry name="vsys1">
${objects}
<rulebase><security><rules>
${rules.join('\n')}
</rules></security>${rulebase}</rulebase>
</entry></vsys></entry></devices></config>`;
}

const address = (name: string, kind: string, text: string): string =>
  `<address><entry name="${name}"><${kind}>${text}</${kind}></entry></address>`;
const category = (name: string, ...urls: readonly string[]): string =>
  `<profiles><custom-url-category><entry name="${name}"><list>${members(urls)}</list><type>URL List</type></entry></custom-url-category></profiles>`;
const mcr = (text: string, ...flags: readonly string[]): Promise<string> =>
  verdictOnMcr('fw.xml', text, ...flags);

describe('PAN-OS rules', () => {
  it('decide in their order, and what no rule matches is denied between zones', async () => {
    const allow = rule({});
    const deny = rule({ action: 'deny' });
    expect(await mcr(config([allow, deny]))).toBe('covered');
    expect(await mcr(config([deny, allow]))).toBe('denied');
    expect(await mcr(config([rule({ destination: ['10.0.0.0/8'] })]))).toBe('missing');
  });

  it.each(['deny', 'drop', 'reset-client', 'reset-server', 'reset-both'])('with %s block', async (action) => {
    expect(await mcr(config([rule({ action }), rule({})]))).toBe('denied');
  });

  it('that are disabled count for nothing', async () => {
    const disabled = '<disabled>yes</disabled>';
    expect(await mcr(config([rule({ more: disabled })]))).toBe('missing');
    expect(await mcr(config([rule({ action: 'deny', more: disabled }), rule({})]))).toBe('covered');
    expect(await mcr(config([rule({ more: '<disabled>no</disabled>' })]))).toBe('covered');
  });

  it('with negated sources are for all others', async () => {
    const negated = '<negate-source>yes</negate-source>';
    expect(await mcr(config([rule({ source: ['10.9.0.0/16'], more: negated })]))).toBe('missing');
    expect(await mcr(config([rule({ source: ['10.8.0.0/16'], more: negated })]))).toBe('covered');
    expect(await mcr(config([rule({ source: ['10.9.2.0/24'], more: negated })]))).toBe('partial');
  });

  it('with negated destinations are for all others, names included', async () => {
    const more = '<negate-destination>yes</negate-destination>';
    const objects = address('mcr', 'fqdn', 'mcr.microsoft.com');
    const deny = (destination: readonly string[]): string =>
      config([rule({ action: 'deny', destination, more }), rule({})], { objects });
    expect(await mcr(deny(['mcr']))).toBe('covered');
    expect(await mcr(deny(['10.0.0.0/8']))).toBe('denied');
    // Whether the host has an address in there is not known.
    expect(await mcr(deny(['20.0.0.0/8']))).toBe('unknown');
  });

  it('of zones are for the traffic that enters and leaves by them', async () => {
    const text = config([rule({ from: 'trust', to: 'untrust' })]);
    expect(await mcr(text)).toBe('unknown');
    expect(await mcr(text, '--from-zone', 'trust', '--to-zone', 'untrust')).toBe('covered');
    expect(await mcr(text, '--from-zone', 'dmz', '--to-zone', 'untrust')).toBe('missing');
    expect(await mcr(text, '--from-zone', 'trust', '--to-zone', 'dmz')).toBe('missing');
  });

  it('say what to supply where zones are not known', async () => {
    const report = await lintTexts({ 'fw.xml': config([rule({ from: 'trust' })]) }, '--source', NODES);
    const messages = report.findings.map(({ message }) => message).join('\n');
    expect(messages).toContain("whether the cluster's traffic comes in by zone 'trust' is not known");
    expect(messages).toContain('name the zone by which it comes in with --from-zone');
  });

  const network = `<network>
<interface><ethernet>
<entry name="ethernet1/1"><layer3><dhcp-client/></layer3></entry>
<entry name="ethernet1/2"><layer3><ip><entry name="10.1.2.4/24"/></ip></layer3></entry>
</ethernet></interface>
<virtual-router><entry name="default"><routing-table><ip><static-route>
<entry name="spokes"><destination>10.8.0.0/13</destination><interface>ethernet1/2</interface></entry>
</static-route></ip></routing-table></entry></virtual-router></network>`;
  const zones = `<zone><entry name="untrust"><network><layer3><member>ethernet1/1</member></layer3></network></entry>
<entry name="trust"><network><layer3><member>ethernet1/2</member></layer3></network></entry></zone>`;

  it('have zones inferred from interfaces and routes', async () => {
    const of = (from: string, to: string, action = 'allow'): string =>
      config([rule({ from, to, action }), ...(action === 'deny' ? [rule({})] : [])], {
        network,
        objects: zones,
      });
    expect(await mcr(of('trust', 'untrust'))).toBe('covered');
    expect(await mcr(of('untrust', 'untrust'))).toBe('missing');
    expect(await mcr(of('trust', 'trust'))).toBe('missing');
    // A deny for another zone is none for the cluster.
    expect(await mcr(of('untrust', 'any', 'deny'))).toBe('covered');
  });

  it('of the type intrazone are for traffic within one zone', async () => {
    const text = config([rule({ more: '<rule-type>intrazone</rule-type>' })]);
    expect(await mcr(text)).toBe('missing');
    expect(await mcr(text, '--from-zone', 'a', '--to-zone', 'a')).toBe('covered');
  });

  it('end with defaults: denied between zones and allowed within one, unless overridden', async () => {
    const none = config([]);
    const within = ['--from-zone', 'a', '--to-zone', 'a'];
    const override = (name: string, action: string): string =>
      config([], {
        rulebase: `<default-security-rules><rules><entry name="${name}"><action>${action}</action></entry></rules></default-security-rules>`,
      });
    expect(await mcr(none)).toBe('missing');
    expect(await mcr(none, ...within)).toBe('covered');
    expect(await mcr(override('interzone-default', 'allow'))).toBe('covered');
    expect(await mcr(override('intrazone-default', 'deny'), ...within)).toBe('missing');
  });

  it('for users, times or devices may or may not match', async () => {
    for (const more of [
      '<source-user><member>contoso\\aks</member></source-user>',
      '<schedule>weekdays</schedule>',
      '<source-hip><member>managed</member></source-hip>',
      '<target><devices><entry name="0001"/></devices></target>',
    ])
      expect(await mcr(config([rule({ more })]))).toBe('unknown');
    expect(await mcr(config([rule({ more: '<source-user><member>any</member></source-user>' })]))).toBe(
      'covered',
    );
  });

  it('with a part that is not understood are undecided, and the part is named with its line', async () => {
    const text = config([rule({ name: 'odd', more: '\n<quantum-level>3</quantum-level>' })]);
    const report = await lintTexts({ 'fw.xml': text }, '--source', NODES);
    expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('unknown');
    expect(report.inputs[0]?.unresolved).toBe(1);
    const line = text.split('\n').findIndex((one) => one.includes('quantum-level')) + 1;
    expect(report.notices.join('\n')).toContain(
      `fw.xml:${line}:1: not understood: 'quantum-level' of rule 'odd'`,
    );
  });
});

describe('PAN-OS addresses', () => {
  const to = (destination: readonly string[], objects = ''): Promise<string> =>
    mcr(config([rule({ destination })], { objects }));

  it('are names, where they are FQDNs, without those below', async () => {
    expect(await to(['mcr'], address('mcr', 'fqdn', 'mcr.microsoft.com'))).toBe('covered');
    expect(await to(['mcr'], address('mcr', 'fqdn', 'MCR.microsoft.com'))).toBe('covered');
    expect(await to(['mcr'], address('mcr', 'fqdn', 'microsoft.com'))).toBe('missing');
  });

  it('in groups count, however deep, and a group that holds itself is not known', async () => {
    const group = (name: string, ...names: readonly string[]): string =>
      `<address-group><entry name="${name}"><static>${members(names)}</static></entry></address-group>`;
    const fqdn = address('mcr', 'fqdn', 'mcr.microsoft.com');
    expect(await to(['a'], fqdn + group('a', 'b') + group('b', 'mcr'))).toBe('covered');
    expect(await to(['a'], group('a', 'b') + group('b', 'a'))).toBe('unknown');
  });

  it('that the file does not tell may match: dynamic groups, lists, countries and missing objects', async () => {
    const dynamic =
      '<address-group><entry name="d"><dynamic><filter>aks</filter></dynamic></entry></address-group>';
    const list =
      '<external-list><entry name="l"><type><ip><url>https://example.com</url></ip></type></entry></external-list>';
    expect(await to(['d'], dynamic)).toBe('unknown');
    expect(await to(['l'], list)).toBe('unknown');
    expect(await to(['NL'])).toBe('unknown');
    expect(await to(['nowhere'])).toBe('unknown');
  });

  it('of attackers hold no host of Microsoft, and countries no private source', async () => {
    const known = rule({ action: 'deny', destination: ['panw-known-ip-list'] });
    const country = rule({ action: 'deny', source: ['KP'] });
    expect(await mcr(config([known, country, rule({})]))).toBe('covered');
  });

  it.each([
    ['ip-netmask', '10.9.0.0/22', 'covered'],
    ['ip-range', '10.9.0.0-10.9.3.255', 'covered'],
    ['ip-range', '10.9.0.0-10.9.1.255', 'partial'],
    // The mask's zeros are compared: 10.9.x.x.
    ['ip-wildcard', '10.9.0.0/0.0.255.255', 'covered'],
    // Of the third octet, the last bit has to be 0.
    ['ip-wildcard', '10.9.0.0/0.0.254.255', 'partial'],
  ])('as %s %s leave the cluster %s', async (kind, text, expected) => {
    const objects = address('nodes', kind, text);
    expect(await mcr(config([rule({ source: ['nodes'] })], { objects }))).toBe(expected);
  });
});

describe('PAN-OS services and applications', () => {
  const with_ = (service: readonly string[], application: readonly string[], objects = ''): Promise<string> =>
    mcr(config([rule({ service, application })], { objects }));
  const own = (name: string, ports: string): string =>
    `<service><entry name="${name}"><protocol><tcp><port>${ports}</port></tcp></protocol></entry></service>`;

  it('are ports, lists and ranges of them, and groups', async () => {
    expect(await with_(['web'], ['any'], own('web', '80,443,8000-8010'))).toBe('covered');
    expect(await with_(['web'], ['any'], own('web', '400-500'))).toBe('covered');
    expect(await with_(['web'], ['any'], own('web', '80'))).toBe('missing');
    expect(await with_(['service-http'], ['any'])).toBe('missing');
    const group = `<service-group><entry name="g"><members>${members(['service-https'])}</members></entry></service-group>`;
    expect(await with_(['g'], ['any'], group)).toBe('covered');
    expect(await with_(['gone'], ['any'])).toBe('unknown');
  });

  it('take any application on its standard ports', async () => {
    expect(await with_(['application-default'], ['any'])).toBe('covered');
  });

  it('for listed applications leave open what App-ID sees', async () => {
    expect(await with_(['application-default'], ['ssl'])).toBe('unknown');
    expect(await with_(['service-https'], ['ssl', 'web-browsing'])).toBe('unknown');
    expect(await with_(['any'], ['facebook-base'])).toBe('missing');
  });

  it('for applications that nothing of AKS is block nothing of it', async () => {
    const deny = rule({
      action: 'deny',
      application: ['bittorrent', 'tor'],
      service: ['application-default'],
    });
    expect(await mcr(config([deny, rule({})]))).toBe('covered');
  });
});

describe('PAN-OS URL categories', () => {
  const by = (urls: readonly string[], version = '11.1.0'): Promise<string> =>
    mcr(config([rule({ category: ['urls'] })], { objects: category('urls', ...urls), version }));

  it.each([
    ['mcr.microsoft.com/', 'covered'],
    ['mcr.microsoft.com', 'covered'],
    ['MCR.Microsoft.com/', 'covered'],
    ['https://mcr.microsoft.com/', 'covered'],
    ['*.microsoft.com/', 'covered'],
    ['^.microsoft.com/', 'covered'],
    ['mcr.^.com/', 'covered'],
    ['*.com/', 'covered'],
    ['microsoft.com/', 'missing'],
    ['^.mcr.microsoft.com/', 'missing'],
    ['*.mcr.microsoft.com/', 'missing'],
    ['^.com/', 'missing'],
    // A path is not seen in what is not decrypted.
    ['mcr.microsoft.com/v2/', 'missing'],
    ['mc*.microsoft.com/', 'missing'],
  ])('with %s leave mcr.microsoft.com %s', async (url, expected) => {
    expect(await by([url])).toBe(expected);
  });

  it('match label by label: an asterisk any number, a caret one', async () => {
    const text = (url: string): string =>
      config([rule({ category: ['urls'] })], { objects: category('urls', url) });
    const on = async (url: string): Promise<string | undefined> =>
      verdictsOf(await lintTexts({ 'fw.xml': text(url) }, '--source', NODES))[
        '*.hcp.westeurope.azmk8s.io 443'
      ];
    expect(await on('*.hcp.westeurope.azmk8s.io/')).toBe('covered');
    expect(await on('*.azmk8s.io/')).toBe('covered');
    // Whether the name of this API server has one label before that is for the user to say.
    expect(await on('^.hcp.westeurope.azmk8s.io/')).toBe('unknown');
    expect(await on('*.hcp.northeurope.azmk8s.io/')).toBe('missing');
  });

  it('without a slash go on at the end before 10.2, which is broad', async () => {
    const broad = async (url: string, version: string): Promise<readonly string[]> => {
      const text = config([rule({ category: ['urls'] })], { objects: category('urls', url), version });
      const { findings } = await lintTexts({ 'fw.xml': text }, '--source', NODES);
      return findings.filter(({ check }) => check === 'broad-destination').map(({ message }) => message);
    };
    const [message] = await broad('mcr.microsoft.com', '10.1.0');
    expect(message).toContain("such as 'mcr.microsoft.com.example.net', as it does not end in a slash");
    expect(await broad('mcr.microsoft.com/', '10.1.0')).toEqual([]);
    expect(await broad('mcr.microsoft.com', '10.2.0')).toEqual([]);
    expect(await by(['mcr.microsoft.com'], '9.1.0')).toBe('covered');
  });

  it('do not cover what is no web traffic', async () => {
    const objects =
      category('urls', 'mcr.microsoft.com/') +
      '<service><entry name="u"><protocol><udp><port>443</port></udp></protocol></entry></service>';
    expect(await mcr(config([rule({ category: ['urls'], service: ['u'] })], { objects }))).toBe('missing');
  });

  it('of Palo Alto Networks may hold a host where that is plausible', async () => {
    const deny = (name: string): string => config([rule({ action: 'deny', category: [name] }), rule({})]);
    expect(await mcr(deny('malware'))).toBe('covered');
    expect(await mcr(deny('computer-and-internet-info'))).toBe('unknown');
  });

  it('of a profile block after the rule has allowed', async () => {
    const profile = (lists: string): string =>
      `<profiles><custom-url-category><entry name="own"><list>${members(['*.microsoft.com/'])}</list><type>URL List</type></entry></custom-url-category><url-filtering><entry name="p">${lists}</entry></url-filtering></profiles>`;
    const more =
      '<profile-setting><profiles><url-filtering><member>p</member></url-filtering></profiles></profile-setting>';
    const of = (lists: string): Promise<string> => mcr(config([rule({ more })], { objects: profile(lists) }));
    expect(await of(`<block>${members(['own'])}</block>`)).toBe('denied');
    expect(await of(`<block>${members(['malware'])}</block>`)).toBe('covered');
    const plausible = `<block>${members(['computer-and-internet-info'])}</block>`;
    expect(await of(plausible)).toBe('unknown');
    // A custom category goes before those of Palo Alto Networks.
    expect(await of(`${plausible}<alert>${members(['own'])}</alert>`)).toBe('covered');
    expect(await mcr(config([rule({ more })]))).toBe('unknown');
  });
});

describe('PAN-OS decryption', () => {
  const decrypt = (action: string, name = 'any'): string =>
    `<entry name="d-${action}"><from><member>any</member></from><to><member>any</member></to><source><member>any</member></source><destination><member>any</member></destination><category><member>${name}</member></category><action>${action}</action><type><ssl-forward-proxy/></type></entry>`;
  const text = (...rules: readonly string[]): string =>
    config([rule({})], {
      objects: category('aks', 'mcr.microsoft.com/'),
      rulebase: `<decryption><rules>${rules.join('')}</rules></decryption>`,
    });
  const broken = async (xml: string): Promise<boolean> => {
    const { findings } = await lintTexts({ 'fw.xml': xml }, '--source', NODES);
    return findings.some(
      ({ check, message }) =>
        check === 'allowed-but-broken-tls-inspection' && message.includes("'mcr.microsoft.com'"),
    );
  };

  it('breaks what it decrypts, unless a rule before it does not', async () => {
    expect(await broken(text(decrypt('decrypt')))).toBe(true);
    expect(await broken(text(decrypt('no-decrypt', 'aks'), decrypt('decrypt')))).toBe(false);
    expect(await broken(text(decrypt('decrypt', 'aks')))).toBe(true);
    expect(await broken(text(decrypt('decrypt'), decrypt('no-decrypt', 'aks')))).toBe(true);
    expect(await broken(text())).toBe(false);
  });
});

const SET = `set rulebase security rules first from any
set rulebase security rules first to any
set rulebase security rules first source any
set rulebase security rules first destination any
set rulebase security rules first application any
set rulebase security rules first service [ service-http service-https ]
set rulebase security rules first action deny
set rulebase security rules "second rule" from any
set rulebase security rules "second rule" to any
set rulebase security rules "second rule" source any
set rulebase security rules "second rule" destination any
set rulebase security rules "second rule" application any
set rulebase security rules "second rule" service any
set rulebase security rules "second rule" action allow
`;

describe('PAN-OS set commands', () => {
  it('are read in the order of the file, with values in brackets and names in quotes', async () => {
    expect(await verdictOnMcr('fw.set', SET)).toBe('denied');
    const moved = `${SET}move rulebase security rules "second rule" top\n`;
    expect(await verdictOnMcr('fw.set', moved)).toBe('covered');
    const deleted = `${SET}delete rulebase security rules first\n`;
    expect(await verdictOnMcr('fw.set', deleted)).toBe('covered');
  });

  it('stand where a finding says', async () => {
    const report = await lintTexts({ 'fw.set': SET }, '--source', NODES);
    const denied = report.findings.filter(({ check }) => check === 'denied-by-earlier-rule');
    expect(placesOf(denied)[0]).toMatch(/^1 denied-by-earlier-rule/);
  });
});

describe("Panorama's device groups", () => {
  const rulesOf = (action: string): string => rule({ action });
  const panorama = (parts: Readonly<Record<string, string>>): string => {
    const base = (name: string, content: string | undefined): string =>
      content === undefined ? '' : `<${name}><security><rules>${content}</rules></security></${name}>`;
    return `<config version="11.1.0"><shared>${base('pre-rulebase', parts['shared pre'])}${base('post-rulebase', parts['shared post'])}</shared>
<devices><entry name="localhost.localdomain"><device-group>
<entry name="parent">${base('pre-rulebase', parts['parent pre'])}${base('post-rulebase', parts['parent post'])}</entry>
<entry name="child">${base('pre-rulebase', parts['child pre'])}${base('post-rulebase', parts['child post'])}</entry>
</device-group></entry></devices>
<readonly><devices><entry name="localhost.localdomain"><device-group><entry name="child"><parent-dg>parent</parent-dg></entry></device-group></entry></devices></readonly></config>`;
  };

  /** https://docs.paloaltonetworks.com/panorama (device group policies): the order in which they are evaluated. */
  const order = [
    'shared pre',
    'parent pre',
    'child pre',
    'child post',
    'parent post',
    'shared post',
  ] as const;

  it.each(order.slice(1).map((later, at) => [order[at] ?? later, later] as const))(
    'try %s before %s',
    async (first, second) => {
      expect(await mcr(panorama({ [first]: rulesOf('deny'), [second]: rulesOf('allow') }))).toBe('denied');
      expect(await mcr(panorama({ [first]: rulesOf('allow'), [second]: rulesOf('deny') }))).toBe('covered');
    },
  );

  it('give one policy for each group that no other is below', async () => {
    const report = await lintTexts(
      { 'p.xml': panorama({ 'parent pre': rulesOf('allow') }) },
      '--source',
      NODES,
    );
    expect(report.runs.map(({ policy }) => policy)).toEqual(['child']);
  });
});

it('PAN-OS virtual systems are policies of their own', async () => {
  const system = (name: string, action: string): string =>
    `<entry name="${name}"><rulebase><security><rules>${rule({ action })}</rules></security></rulebase></entry>`;
  const text = `<config version="11.1.0"><devices><entry name="localhost.localdomain"><vsys>${system('vsys1', 'allow')}${system('vsys2', 'deny')}</vsys></entry></devices></config>`;
  const report = await lintTexts({ 'fw.xml': text }, '--source', NODES);
  expect(report.runs.map(({ policy }) => policy)).toEqual(['vsys1', 'vsys2']);
  expect(verdictsOf(report, 0)['mcr.microsoft.com 443']).toBe('covered');
  expect(verdictsOf(report, 1)['mcr.microsoft.com 443']).toBe('missing');
});
