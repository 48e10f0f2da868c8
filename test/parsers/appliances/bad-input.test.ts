import { describe, expect, it } from 'vitest';
import { lintTexts, NODES, refusalOf, verdictsOf } from './appliance.ts';

describe('XML that is not to be read', () => {
  it.each([
    [
      'an entity bomb',
      '<?xml version="1.0"?>\n<!DOCTYPE config [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<config version="11.1.0">&b;</config>',
    ],
    [
      'an external entity',
      '<?xml version="1.0"?>\n<!DOCTYPE config [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<config version="11.1.0">&x;</config>',
    ],
    [
      'a document type from the network',
      '<!DOCTYPE config SYSTEM "http://192.0.2.1/x.dtd"><config version="11.1.0"/>',
    ],
  ])('with %s is refused at the declaration', async (_, text) => {
    const said = await refusalOf({ 'fw.xml': text });
    expect(said).toMatch(/^fw\.xml:\d+:\d+: it has a DOCTYPE declaration, which is not read/);
    expect(said).not.toContain('    at ');
  });

  it('with an entity that nobody declares is refused', async () => {
    expect(await refusalOf({ 'fw.xml': '<config version="11.1.0"><a>&b;</a></config>' })).toContain(
      'the XML is broken: undefined entity',
    );
  });

  it.each([
    ['an element that another one closes', '<config version="11.1.0"><devices><a></devices></a></config>'],
    ['an element that nothing closes', '<config version="11.1.0"><devices>'],
    ['an attribute without its end', '<config version="11.1.0><devices/></config>'],
  ])('with %s is refused with its place', async (_, text) => {
    expect(await refusalOf({ 'fw.xml': text })).toMatch(/^fw\.xml:1:\d+: the XML is broken: /);
  });

  it('that is nested without end is refused', async () => {
    const text = `<config version="11.1.0">${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</config>`;
    expect(await refusalOf({ 'fw.xml': text })).toContain('nested more than 200 deep');
  });
});

describe('text that is broken', () => {
  it.each([
    ['fw.set', 'set rulebase security rules "a from any\n', 'fw.set:1:29: a quotation mark is not closed'],
    [
      'fw.conf',
      'config firewall policy\n    edit 1\n        set name "a\n',
      'fw.conf:3:18: the configuration is broken: a quotation mark is not closed',
    ],
    [
      'fw.conf',
      'config firewall policy\n    edit 1\n    next\n',
      "fw.conf:1:1: the configuration is broken: 'config firewall policy' is not closed",
    ],
    [
      'fw.conf',
      'config firewall policy\nend\nend\n',
      "fw.conf:3:1: the configuration is broken: 'end' outside of any 'config'",
    ],
    [
      'fw.conf',
      'config firewall policy\n    next\nend\n',
      "fw.conf:2:5: the configuration is broken: 'next' without an 'edit'",
    ],
    [
      'fw.conf',
      'config firewall policy\n    edit\nend\n',
      "fw.conf:2:5: the configuration is broken: 'edit' names nothing",
    ],
    ['fw.conf', 'config firewall policy\n'.repeat(100), 'blocks are nested more than 64 deep'],
    ['cp.json', '[{"type":"access-rule"', 'cp.json:1:'],
  ])('%s as %j is refused with its place', async (name, text, expected) => {
    const said = await refusalOf({ [name]: text });
    expect(said).toContain(expected);
    expect(said).not.toContain('    at ');
  });
});

describe('bytes that are no text', () => {
  it('are refused', async () => {
    const binary = new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x00, 0x01]);
    expect(await refusalOf({ 'fw.xml': binary })).toContain('not a text file');
  });

  it('in an encoding of old are refused, with what to do', async () => {
    const latin = new Uint8Array([...Buffer.from('config firewall policy\n# caf'), 0xe9, 0x0a]);
    expect(await refusalOf({ 'fw.conf': latin })).toMatch(/not valid UTF-8.*UTF-16 with a byte order mark/s);
  });

  it('in the midst of an ASA configuration are refused', async () => {
    expect(
      await refusalOf({ 'asa.cfg': 'ASA Version 9.18\naccess-list A extended permit ip any any\n\0\0\n' }),
    ).toContain('zero byte');
  });
});

const FORTIGATE = `config firewall address
    edit "all"
    next
end
config firewall policy
    edit 1
        set srcintf any
        set dstintf any
        set action accept
        set srcaddr all
        set dstaddr all
        set schedule always
        set service HTTPS
    next
end
`;
const ASA = `ASA Version 9.18(4)
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.9.0.1 255.255.252.0
!
access-list A extended deny ip any any
access-group A in interface inside
`;

it('UTF-16 and carriage returns are read like plain text', async () => {
  const crlf = FORTIGATE.replaceAll('\n', '\r\n');
  const report = await lintTexts({ 'fw.conf': crlf }, '--source', NODES);
  expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('covered');
  const marked = await lintTexts({ 'fw.conf': `\uFEFF${FORTIGATE}` }, '--source', NODES);
  expect(verdictsOf(marked)['mcr.microsoft.com 443']).toBe('covered');
});

it('two vendors in one run are two policies', async () => {
  const report = await lintTexts({ 'fw.conf': FORTIGATE, 'asa.cfg': ASA }, '--source', NODES);
  expect(report.inputs.map(({ format }) => format)).toEqual(['fortios', 'cisco-asa']);
  expect(report.runs.map((_, run) => verdictsOf(report, run)['mcr.microsoft.com 443'])).toEqual([
    'covered',
    'missing',
  ]);
});

it('a hundred megabytes are read', { timeout: 120_000 }, async () => {
  const line = (at: number): string =>
    `    edit "object-${at}"\n        set comment "${'x'.repeat(200)}"\n    next\n`;
  const ballast = `config firewall address\n${Array.from({ length: 2000 }, (_, at) => line(at)).join('')}end\n`;
  const replacement = `config system replacemsg mail "x"\n    set buffer "${'y'.repeat(1_000_000)}"\nend\n`;
  const text = `${replacement.repeat(100)}${ballast}${FORTIGATE}`;
  expect(text.length).toBeGreaterThan(100_000_000);
  const report = await lintTexts({ 'fw.conf': text }, '--source', NODES);
  expect(verdictsOf(report)['mcr.microsoft.com 443']).toBe('covered');
});
