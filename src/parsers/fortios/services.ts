import type { Place } from '../../model/place.ts';
import type { Service } from '../../model/policy.ts';
import { MAX_PORT, portRange } from '../../model/ports.ts';
import type { Report } from '../appliance/reading.ts';
import { anyService, service, sourcePortDoubt, unknownService } from '../appliance/services.ts';
import { valueOf, valuesOf, type Entry, type Sections, type Word } from './tree.ts';

/** Services of a new device, for exports that hold no services. */
const FACTORY: Readonly<Record<string, readonly string[]>> = {
  ALL: ['any'],
  ALL_TCP: ['TCP 1-65535'],
  ALL_UDP: ['UDP 1-65535'],
  ALL_ICMP: ['ICMP'],
  PING: ['ICMP'],
  HTTP: ['TCP 80'],
  HTTPS: ['TCP 443'],
  DNS: ['TCP 53', 'UDP 53'],
  NTP: ['TCP 123', 'UDP 123'],
  SSH: ['TCP 22'],
  SMB: ['TCP 445'],
  SMTP: ['TCP 25'],
  SMTPS: ['TCP 465'],
  FTP: ['TCP 21'],
  RDP: ['TCP 3389'],
  SYSLOG: ['UDP 514'],
  SNMP: ['TCP 161-162', 'UDP 161-162'],
  LDAP: ['TCP 389'],
  LDAPS: ['TCP 636'],
  TELNET: ['TCP 23'],
  'Web Access': ['TCP 80', 'TCP 443'],
};

export class Services {
  readonly #sections: Sections;
  readonly #report: Report;

  constructor(sections: Sections, report: Report) {
    this.#sections = sections;
    this.#report = report;
  }

  read(words: readonly Word[]): Service[] {
    return words.flatMap(({ text, place }) => this.#member(text, place, []));
  }

  #member(name: string, place: Place, path: readonly string[]): Service[] {
    const custom = this.#sections.get('firewall service custom')?.entries.get(name);
    if (custom !== undefined) return this.#custom(custom, name, place);
    const group = this.#sections.get('firewall service group')?.entries.get(name);
    if (group !== undefined) {
      if (!path.includes(name)) {
        return valuesOf(group, 'member').flatMap((word) =>
          this.#member(word.text, word.place, [...path, name]),
        );
      }
      this.#report.misunderstood(`service group '${name}' holds itself`, group.place);
      const reason = `service group '${name}' holds itself`;
      return [unknownService(name, { reason, supply: 'take it out of itself', place }, place)];
    }
    const factory = FACTORY[name];
    if (factory !== undefined) return factory.map((text) => factoryService(text, name, place));
    this.#report.misunderstood(`there is no service or service group '${name}'`, place);
    const reason = `service '${name}' is not defined in the file`;
    return [unknownService(name, { reason, supply: 'export its definition too', place }, place)];
  }

  #custom(custom: Entry, name: string, place: Place): Service[] {
    const protocol = valueOf(custom, 'protocol') || 'TCP/UDP/SCTP';
    const limit = ['iprange', 'fqdn', 'app-category', 'application'].find(
      (key) => valueOf(custom, key) !== '' && valueOf(custom, key) !== '0.0.0.0',
    );
    if (limit !== undefined) {
      const reason = `service '${name}' is limited by its ${limit}`;
      return [unknownService(name, { reason, supply: 'use a service of ports only', place }, place)];
    }
    switch (protocol) {
      case 'IP':
        return this.#numbered(custom, name, place);
      case 'ICMP':
        return [service('ICMP', 0, MAX_PORT, name, place)];
      case 'ICMP6':
        return [];
      case 'ALL':
        return [anyService(place, name)];
      case 'TCP/UDP/SCTP':
      case 'TCP/UDP/UDP-Lite/SCTP':
      case 'TCP/UDP':
        return [
          ...this.#ports(custom, 'tcp-portrange', 'TCP', name, place),
          ...this.#ports(custom, 'udp-portrange', 'UDP', name, place),
        ];
      default: {
        this.#report.misunderstood(`protocol '${protocol}' of service '${name}'`, custom.place);
        const reason = `the protocol '${protocol}' of service '${name}' is not understood`;
        return [unknownService(name, { reason, supply: 'use TCP or UDP ports', place }, place)];
      }
    }
  }

  /** Number 0 is every protocol; of the others only TCP and UDP are asked for here. */
  #numbered(custom: Entry, name: string, place: Place): Service[] {
    switch (valueOf(custom, 'protocol-number')) {
      case '':
      case '0':
        return [anyService(place, name)];
      case '6':
        return [service('TCP', 0, MAX_PORT, name, place)];
      case '17':
        return [service('UDP', 0, MAX_PORT, name, place)];
      case '1':
        return [service('ICMP', 0, MAX_PORT, name, place)];
      default:
        return [];
    }
  }

  /** `443 8443-8450:1024-65535`: destination ports, and source ports behind a colon. */
  #ports(custom: Entry, key: string, transport: 'TCP' | 'UDP', name: string, place: Place): Service[] {
    return valuesOf(custom, key).flatMap((word): Service[] => {
      const [written = '', from] = word.text.split(':');
      const range = portRange(written.trim());
      const sources = from === undefined ? [] : [portRange(from.trim()) ?? ([0, 0] as const)];
      if (range === undefined) {
        this.#report.misunderstood(`'${word.text}' of service '${name}'`, word.place);
        const reason = `the ports of service '${name}' are not understood`;
        return [unknownService(name, { reason, supply: 'write them as 443 or 8000-8010', place }, place)];
      }
      const text = name.includes(written) ? name : `${name} (${transport} ${written})`;
      return [service(transport, range[0], range[1], text, place, sourcePortDoubt(sources, name, place))];
    });
  }
}

function factoryService(text: string, name: string, place: Place): Service {
  const [protocol = '', ports = ''] = text.split(' ');
  const [from, to] = portRange(ports.trim()) ?? [0, MAX_PORT];
  if (protocol === 'any') return anyService(place, name);
  if (protocol === 'ICMP') return service('ICMP', from, to, name, place);
  return service(protocol === 'UDP' ? 'UDP' : 'TCP', from, to, `${name} (${text})`, place);
}
