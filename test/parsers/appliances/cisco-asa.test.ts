import { describe, expect, it } from 'vitest';
import { lintTexts, NODES, verdictOnMcr, verdictsOf } from './appliance.ts';

const INTERFACES = `interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address dhcp setroute
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.9.4.1 255.255.255.0
!
route inside 10.9.0.0 255.255.252.0 10.9.4.2
dns domain-lookup outside
`;
const BOUND = 'access-group A in interface inside\n';

const config = (entries: readonly string[], before = '', after = BOUND): string =>
  `ASA Version 9.18(4)\nhostname asa\n${INTERFACES}${before}${entries.map((line) => `access-list A ${line}\n`).join('')}${after}`;
const mcr = (text: string, ...flags: readonly string[]): Promise<string> =>
  verdictOnMcr('asa.cfg', text, ...flags);
const of = (...entries: readonly string[]): Promise<string> => mcr(config(entries));

const HTTPS = 'extended permit tcp any any eq https';

describe('ASA access lists', () => {
  it('decide in their order, and end with a denial', async () => {
    expect(await of(HTTPS)).toBe('covered');
    expect(await of('extended deny tcp any any eq https', HTTPS)).toBe('denied');
    expect(await of('extended permit tcp any any eq www')).toBe('missing');
  });

  it('that are not bound by access-group decide nothing', async () => {
    const bound =
      'access-list A extended permit tcp any any eq www\naccess-list B extended permit ip any any\n';
    const report = await lintTexts({ 'asa.cfg': config([], bound) }, '--source', NODES);
    expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('missing');
    expect(report.notices.join('\n')).toContain("access list 'B' is bound to no interface by access-group");
  });

  it('are for the interface by which traffic comes in', async () => {
    expect(
      await mcr(
        config(
          [HTTPS],
          '',
          'access-group A in interface outside\naccess-group B in interface inside\naccess-list B extended deny ip any any\n',
        ),
      ),
    ).toBe('missing');
  });

  it('that are global come after that of the interface', async () => {
    const global = (entry: string, bindings: string): Promise<string> =>
      mcr(config(['extended permit tcp any any eq www'], `access-list G ${entry}\n`, bindings));
    expect(await global(HTTPS, `${BOUND}access-group G global\n`)).toBe('covered');
    expect(await global('extended deny ip any any', `${BOUND}access-group G global\n`)).toBe('missing');
    expect(await global(HTTPS, 'access-group G global\n')).toBe('covered');
  });

  it('for traffic that leaves have to allow it as well', async () => {
    const out = (entry: string): Promise<string> =>
      mcr(config([HTTPS], `access-list O ${entry}\n`, `${BOUND}access-group O out interface outside\n`));
    expect(await out(HTTPS)).toBe('covered');
    expect(await out('extended permit tcp any any eq www')).toBe('missing');
  });

  it('without one, traffic goes to interfaces of a lower security level', async () => {
    expect(await mcr(config([], '', ''))).toBe('covered');
    const turned = config([], '', '').replace('security-level 0', 'security-level 100');
    expect(
      await mcr(turned.replace('security-level 100\n ip address 10', 'security-level 50\n ip address 10')),
    ).toBe('missing');
  });

  it('leave out entries that are inactive, and doubt those with a time range', async () => {
    expect(await of(`${HTTPS} inactive`)).toBe('missing');
    expect(await of('extended deny ip any any inactive', HTTPS)).toBe('covered');
    expect(await of(`${HTTPS} time-range WORK`)).toBe('unknown');
    expect(await of(`${HTTPS} log warnings interval 60`)).toBe('covered');
  });

  it('with an entry that is not understood are undecided, and the line is named', async () => {
    const text = config(['extended permit tcp any any quantum 3']);
    const report = await lintTexts({ 'asa.cfg': text }, '--source', NODES);
    expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('unknown');
    const line = text.split('\n').findIndex((one) => one.includes('quantum')) + 1;
    expect(report.notices.join('\n')).toContain(
      `asa.cfg:${line}:1: not understood: 'access-list A extended permit tcp any any quantum 3'`,
    );
    expect(report.inputs[0]).toMatchObject({ format: 'cisco-asa', rules: 1, unresolved: 1 });
  });

  it('for users or security groups may or may not match', async () => {
    expect(await of('extended permit tcp user CONTOSO\\aks any any eq https')).toBe('unknown');
    expect(await of('extended permit tcp security-group name aks any any eq https')).toBe('unknown');
  });
});

describe('ASA addresses and objects', () => {
  it.each([
    ['10.9.0.0 255.255.252.0', 'covered'],
    ['10.9.2.0 255.255.255.0', 'partial'],
    ['host 10.9.0.7', 'partial'],
    ['any4', 'covered'],
    ['any6', 'missing'],
    ['interface inside', 'unknown'],
  ])('with %s as source leave the cluster %s', async (source, expected) => {
    expect(await of(`extended permit tcp ${source} any eq https`)).toBe(expected);
  });

  it.each([
    ['object network x\n fqdn v4 mcr.microsoft.com\n', 'covered'],
    ['object network x\n fqdn mcr.microsoft.com\n', 'covered'],
    ['object network x\n fqdn v4 microsoft.com\n', 'missing'],
    ['object network x\n fqdn v4 *.microsoft.com\n', 'unknown'],
    ['object network x\n subnet 10.0.0.0 255.0.0.0\n', 'missing'],
    ['', 'unknown'],
  ])('%j as destination leaves mcr.microsoft.com %s', async (object, expected) => {
    expect(await mcr(config(['extended permit tcp any object x eq https'], object))).toBe(expected);
  });

  it('by name need a DNS server', async () => {
    const text = config(
      ['extended permit tcp any object x eq https'],
      'object network x\n fqdn v4 mcr.microsoft.com\n',
    );
    expect(await mcr(text.replace('dns domain-lookup outside\n', ''))).toBe('unknown');
  });

  it('in groups count, however deep, and a group that holds itself is not known', async () => {
    const group = (name: string, line: string): string => `object-group network ${name}\n ${line}\n`;
    const source = (objects: string): Promise<string> =>
      mcr(config(['extended permit tcp object-group a any eq https'], objects));
    expect(
      await source(group('a', 'group-object b') + group('b', 'network-object 10.9.0.0 255.255.252.0')),
    ).toBe('covered');
    expect(await source(group('a', 'network-object host 10.9.0.7'))).toBe('partial');
    expect(await source(group('a', 'group-object b') + group('b', 'group-object a'))).toBe('unknown');
  });

  it('for network services hold a domain with what is below it, where DNS answers pass the device', async () => {
    const group = 'object-group network-service n\n domain microsoft.com tcp eq 443\n';
    const text = config(['extended permit tcp any object-group-network-service n'], group);
    expect(await mcr(text)).toBe('unknown');
    expect(await mcr(text, '--sees-dns')).toBe('covered');
    expect(await mcr(text.replace('eq 443', 'eq 80'), '--sees-dns')).toBe('missing');
  });
});

describe('ASA services', () => {
  it.each([
    ['tcp any any range 400 500', 'covered'],
    ['tcp any any gt 442', 'covered'],
    ['tcp any any lt 443', 'missing'],
    ['tcp any any neq 443', 'missing'],
    ['tcp any any', 'covered'],
    ['udp any any eq 443', 'missing'],
    ['ip any any', 'covered'],
    ['icmp any any', 'missing'],
    ['icmp any any echo', 'missing'],
    ['esp any any', 'missing'],
    ['tcp any eq 443 any eq https', 'unknown'],
    ['tcp any gt 1023 any eq https', 'covered'],
  ])('permit %s leaves port 443 %s', async (entry, expected) => {
    expect(await of(`extended permit ${entry}`)).toBe(expected);
  });

  it('in objects and groups count', async () => {
    const by = (objects: string, entry: string): Promise<string> =>
      mcr(config([`extended permit ${entry}`], objects));
    expect(await by('object service s\n service tcp destination eq https\n', 'object s any any')).toBe(
      'covered',
    );
    expect(await by('object service s\n service tcp source eq https\n', 'object s any any')).toBe('unknown');
    expect(
      await by(
        'object-group service g tcp\n port-object eq www\n port-object eq https\n',
        'tcp any any object-group g',
      ),
    ).toBe('covered');
    expect(
      await by('object-group service g\n service-object tcp destination eq www\n', 'object-group g any any'),
    ).toBe('missing');
    expect(
      await by(
        'object-group service g\n service-object tcp-udp destination eq 443\n',
        'object-group g any any',
      ),
    ).toBe('covered');
    expect(
      await by('object-group protocol p\n protocol-object tcp\n', 'object-group p any any eq https'),
    ).toBe('covered');
    expect(await by('', 'object-group nowhere any any')).toBe('unknown');
  });
});
