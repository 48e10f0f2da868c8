import { MAX_PORT, portRange } from '../../model/ports.ts';
import type { Token } from './lines.ts';

/** Names that the configuration writes for ports. https://www.cisco.com (ASA CLI reference: TCP and UDP ports) */
const NAMES: Readonly<Record<string, number>> = {
  aol: 5190, bgp: 179, biff: 512, bootpc: 68, bootps: 67, chargen: 19, cifs: 3020, 'citrix-ica': 1494, cmd: 514,
  ctiqbe: 2748, daytime: 13, discard: 9, dnsix: 195, domain: 53, echo: 7, exec: 512, finger: 79, ftp: 21,
  'ftp-data': 20, gopher: 70, h323: 1720, hostname: 101, http: 80, https: 443, ident: 113, imap4: 143, irc: 194,
  isakmp: 500, kerberos: 750, klogin: 543, kshell: 544, ldap: 389, ldaps: 636, login: 513, lotusnotes: 1352, lpd: 515,
  'mobile-ip': 434, nameserver: 42, 'netbios-dgm': 138, 'netbios-ns': 137, 'netbios-ssn': 139, nfs: 2049, nntp: 119,
  ntp: 123, 'pcanywhere-data': 5631, 'pcanywhere-status': 5632, 'pim-auto-rp': 496, pop2: 109, pop3: 110, pptp: 1723,
  radius: 1645, 'radius-acct': 1646, rip: 520, rsh: 514, rtsp: 554, secureid: 5510, 'secureid-udp': 5510, sip: 5060,
  smtp: 25, snmp: 161, snmptrap: 162, sqlnet: 1521, ssh: 22, sunrpc: 111, syslog: 514, tacacs: 49, talk: 517,
  telnet: 23, tftp: 69, time: 37, uucp: 540, vxlan: 4789, who: 513, whois: 43, www: 80, xdmcp: 177,
}; // prettier-ignore

export type Ports = readonly (readonly [from: number, to: number])[];

/** `eq https`, `range 1 2`, `gt 1023`, `lt 1024`, `neq 25`, and how many words that took; undefined for anything else. */
export function readPorts(tokens: readonly Token[], at: number): { ports: Ports; next: number } | undefined {
  const [operator, first, second] = [tokens[at]?.text, portOf(tokens[at + 1]), portOf(tokens[at + 2])];
  if (operator === undefined || first === undefined) return undefined;
  switch (operator) {
    case 'eq':
      return { ports: [[first, first]], next: at + 2 };
    case 'gt':
      return { ports: [[first + 1, MAX_PORT]], next: at + 2 };
    case 'lt':
      return { ports: [[0, first - 1]], next: at + 2 };
    case 'neq':
      return {
        ports: [
          [0, first - 1],
          [first + 1, MAX_PORT],
        ],
        next: at + 2,
      };
    case 'range':
      return second === undefined ? undefined : { ports: [[first, second]], next: at + 3 };
    default:
      return undefined;
  }
}

function portOf(token: Token | undefined): number | undefined {
  if (token === undefined) return undefined;
  return Object.hasOwn(NAMES, token.text) ? NAMES[token.text] : portRange(token.text.trim())?.[0];
}
