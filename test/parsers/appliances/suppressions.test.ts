import { expect, it } from 'vitest';
import { lintTexts, NODES } from './appliance.ts';

const IGNORE = 'aks-egress-lint-ignore broad-destination -- the proxy decides';

const panos = (
  before: string,
  more: string,
): string => `<config version="11.1.0"><devices><entry name="d"><vsys><entry name="vsys1"><rulebase><security><rules>
${before}<entry name="all"><from><member>any</member></from><to><member>any</member></to><source><member>any</member></source>
<destination><member>any</member></destination><application><member>any</member></application><service><member>service-https</member></service>
<action>allow</action>${more}</entry>
</rules></security></rulebase></entry></vsys></entry></devices></config>`;

const set = (before: string, more: string): string => `${before}set rulebase security rules all from any
set rulebase security rules all to any
set rulebase security rules all source any
set rulebase security rules all destination any
set rulebase security rules all application any
set rulebase security rules all service service-https
set rulebase security rules all action allow
${more}`;

const fortios = (before: string, more: string): string => `config firewall address
    edit "all"
    next
end
config firewall policy
${before}    edit 1
        set srcintf any
        set dstintf any
        set action accept
        set srcaddr all
        set dstaddr all
        set schedule always
        set service HTTPS
${more}    next
end
`;

const checkpoint = (comments: string): string =>
  JSON.stringify(
    {
      uid: 'l',
      name: 'Network',
      rulebase: [
        {
          name: 'all',
          type: 'access-rule',
          'rule-number': 1,
          source: ['any'],
          destination: ['any'],
          service: ['https'],
          action: 'accept',
          comments,
        },
        {
          name: 'cleanup',
          type: 'access-rule',
          'rule-number': 2,
          source: ['any'],
          destination: ['any'],
          service: ['any'],
          action: 'drop',
        },
      ],
      'objects-dictionary': [
        { uid: 'any', name: 'Any', type: 'CpmiAnyObject' },
        { uid: 'accept', name: 'Accept', type: 'RulebaseAction' },
        { uid: 'drop', name: 'Drop', type: 'RulebaseAction' },
        { uid: 'https', name: 'https', type: 'service-tcp', port: '443' },
      ],
    },
    null,
    1,
  );

const asa = (before: string): string => `ASA Version 9.18(4)
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.9.0.1 255.255.252.0
!
${before}access-list A extended permit tcp any any eq https
access-group A in interface inside
`;

it.each([
  ['a comment in XML', 'fw.xml', panos(`<!-- ${IGNORE.replace('--', '-')} -->\n`, ''), panos('', '')],
  ['a description of PAN-OS', 'fw.xml', panos('', `<description>${IGNORE}</description>`), panos('', '')],
  ['a comment between set commands', 'fw.set', set(`# ${IGNORE}\n`, ''), set('', '')],
  [
    'a description as a set command',
    'fw.set',
    set('', `set rulebase security rules all description "${IGNORE}"\n`),
    set('', ''),
  ],
  ['a comment in a FortiGate configuration', 'fw.conf', fortios(`    # ${IGNORE}\n`, ''), fortios('', '')],
  [
    'comments of a FortiGate policy',
    'fw.conf',
    fortios('', `        set comments "${IGNORE}"\n`),
    fortios('', ''),
  ],
  ['comments of a Check Point rule', 'cp.json', checkpoint(IGNORE), checkpoint('')],
  ['a remark of an ASA access list', 'asa.cfg', asa(`access-list A remark ${IGNORE}\n`), asa('')],
  ['a comment in an ASA configuration', 'asa.cfg', asa(`! ${IGNORE}\n`), asa('')],
])('%s suppresses a finding about the rule', async (_, name, text, without) => {
  const found = async (file: string): Promise<boolean[]> => {
    const { findings } = await lintTexts({ [name]: file }, '--source', NODES);
    return findings.filter(({ check }) => check === 'broad-destination').map(({ suppressed }) => suppressed);
  };
  expect(await found(without)).toEqual([false]);
  expect(await found(text)).toEqual([true]);
});
