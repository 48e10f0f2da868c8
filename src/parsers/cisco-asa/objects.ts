import { parseIpRange } from '../../model/address.ts';
import type { Place } from '../../model/place.ts';
import type { Destination, IpRange, Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { MAX_PORT } from '../../model/ports.ts';
import type { Report } from '../appliance/reading.ts';
import { nameOf, opaqueAddress, rangeAddress } from '../appliance/rules.ts';
import { anyService, service, sourcePortDoubt, unknownService } from '../appliance/services.ts';
import { netmaskRange } from '../appliance/wildcard-mask.ts';
import { begins, type Line, type Token } from './lines.ts';
import { readPorts, type Ports } from './ports.ts';

/** Services of an entry, and whether they are ports of TCP and UDP alike. */
export interface NetworkService {
  readonly destination: Destination;
  /** Undefined for every service. */
  readonly services: readonly Service[] | undefined;
}

/** Objects and groups, which share one space of names. https://www.cisco.com (ASA firewall configuration: objects) */
export class Objects {
  readonly #named = new Map<string, Line[]>();
  readonly #report: Report;
  readonly #seesDns: boolean;
  /** Why names of objects are not resolved; undefined where they are. */
  readonly #noDns: string | undefined;

  constructor(lines: readonly Line[], report: Report, seesDns: boolean) {
    this.#report = report;
    this.#seesDns = seesDns;
    for (const line of lines) {
      const [kind, , name] = line.tokens.map(({ text }) => text);
      if ((kind !== 'object' && kind !== 'object-group') || name === undefined) continue;
      this.#named.set(name, [...(this.#named.get(name) ?? []), line]);
    }
    const isWhole = lines.some((line) => begins(line, 'interface'));
    const resolves = lines.some((line) => begins(line, 'dns', 'domain-lookup'));
    this.#noDns = isWhole && !resolves ? "no interface has 'dns domain-lookup'" : undefined;
  }

  /** `network`, `service`, `protocol`, `network-service`; undefined for a name that is not defined. */
  kindOf(name: string): string | undefined {
    return this.#named.get(name)?.[0]?.tokens[1]?.text;
  }

  network(name: string, place: Place, path: readonly string[] = []): Destination[] {
    const lines = this.#named.get(name);
    if (lines === undefined || this.kindOf(name) !== 'network') return [this.#missing(name, place)];
    if (path.includes(name)) {
      this.#report.misunderstood(`object group '${name}' holds itself`, lines[0]?.place ?? place);
      return [opaqueAddress(name, place, `object group '${name}' holds itself`, 'take it out of itself')];
    }
    return lines.flatMap(({ inner }) =>
      inner.flatMap((line) => this.#networkLine(line, name, place, [...path, name])),
    );
  }

  #networkLine(line: Line, name: string, place: Place, path: readonly string[]): Destination[] {
    const [word = '', ...rest] = line.tokens.map(({ text }) => text);
    const isGroup = word === 'network-object';
    const [kind = '', ...values] = isGroup ? rest : [word, ...rest];
    // Members of a group are told by the group's line, single objects by the entry that names them.
    const at = isGroup ? line.place : place;
    const ranged = (range: IpRange | undefined): Destination[] => {
      if (range !== undefined) return [rangeAddress(range, name, at)];
      this.#report.misunderstood(
        `'${line.tokens.map(({ text }) => text).join(' ')}' of object '${name}'`,
        line.place,
      );
      return [
        opaqueAddress(name, at, `object '${name}' is not understood`, 'write it as host, subnet or range'),
      ];
    };
    switch (kind) {
      case 'host':
        return ranged(parseIpRange(values[0] ?? ''));
      case 'subnet':
        return ranged(subnet(values));
      case 'range':
        return ranged(parseIpRange(values.slice(0, 2).join('-')));
      case 'fqdn':
        return [this.#fqdn(values.at(-1) ?? '', name, at)];
      case 'object':
        return this.network(values[0] ?? '', at, path);
      case 'group-object':
        return this.network(values[0] ?? '', line.place, path);
      case 'description':
      case 'nat':
        return [];
      default:
        return isGroup ? ranged(subnet([kind, ...values])) : ranged(undefined);
    }
  }

  #fqdn(host: string, name: string, place: Place): Destination {
    const shown = name === host ? host : `${name} (${host})`;
    if (host.includes('*')) {
      this.#report.misunderstood(`'${host}' of object '${name}': no wildcards`, place);
      return opaqueAddress(
        shown,
        place,
        `'${host}' is no name, and ASA takes no wildcards`,
        'list the names',
      );
    }
    if (this.#noDns === undefined) return nameOf(host.replace(/\.$/, ''), shown, place);
    const unknown: Unknown = {
      reason: `ASA resolves '${host}' only where it may ask a DNS server, and ${this.#noDns}`,
      supply: "configure 'dns domain-lookup' for the interface to the DNS server",
      place,
    };
    return nameOf(host, shown, place, { unknown });
  }

  /** Domains of a network-service object or group, with what is below them. */
  networkService(name: string, place: Place, path: readonly string[] = []): NetworkService[] {
    const lines = this.#named.get(name);
    if (lines === undefined || path.includes(name))
      return [{ destination: this.#missing(name, place), services: undefined }];
    return lines.flatMap(({ inner }) =>
      inner.flatMap((line): NetworkService[] => {
        const [word = '', value = ''] = line.tokens.map(({ text }) => text);
        const rest = line.tokens.slice(2);
        switch (word) {
          case 'domain':
            return [
              { destination: this.#domain(value, line.place), services: this.#inline(rest, line.place) },
            ];
          case 'subnet': {
            const range = subnet([value, rest[0]?.text ?? '']);
            if (range === undefined) break;
            return [
              {
                destination: rangeAddress(range, value, line.place),
                services: this.#inline(rest.slice(1), line.place),
              },
            ];
          }
          case 'network-service-member':
            return this.networkService(value.replaceAll('"', ''), line.place, [...path, name]);
          case 'description':
            return [];
          default:
            break;
        }
        this.#report.misunderstood(`'${word}' of '${name}'`, line.place);
        const reason = `'${word}' of network service '${name}' is not understood`;
        return [{ destination: opaqueAddress(name, line.place, reason, 'use domains'), services: undefined }];
      }),
    );
  }

  /** Learned from the answers to clients' queries. */
  #domain(host: string, place: Place): Destination {
    const domain = host.toLowerCase().replace(/^\*?\./, '');
    const shape = { kind: 'domain', domain } as const;
    if (this.#seesDns) return nameOf(`*${domain}`, host, place, { shape });
    const unknown: Unknown = {
      reason: `ASA knows the addresses of '${host}' from DNS answers that pass it, and whether those of the cluster do is not known`,
      supply: 'say --sees-dns if DNS answers for the cluster pass the ASA',
      place,
    };
    return nameOf(`*${domain}`, host, place, { shape, unknown });
  }

  #inline(tokens: readonly Token[], place: Place): Service[] | undefined {
    const protocol = tokens[0]?.text;
    if (protocol === undefined) return undefined;
    const read = readPorts(tokens, 1);
    return (
      servicesOf(protocol, read?.ports, undefined, tokens.map(({ text }) => text).join(' '), place) ??
      undefined
    );
  }

  /** Services of an object or of a group without a protocol of its own. */
  services(name: string, place: Place, path: readonly string[] = []): Service[] {
    const lines = this.#named.get(name);
    if (lines === undefined || path.includes(name))
      return [this.#unknownService(name, place, path.includes(name))];
    if (this.kindOf(name) === 'protocol') {
      return lines.flatMap(({ inner }) =>
        inner.flatMap((line) => {
          const [word = '', value = ''] = line.tokens.map(({ text }) => text);
          if (word === 'group-object') return this.services(value, line.place, [...path, name]);
          if (word !== 'protocol-object') return [];
          return (
            servicesOf(value, undefined, undefined, value, place) ?? [
              this.#unknownService(value, place, false),
            ]
          );
        }),
      );
    }
    return lines.flatMap((block) =>
      block.inner.flatMap((line) =>
        this.#serviceLine(line, name, place, block.tokens[3]?.text, [...path, name]),
      ),
    );
  }

  #serviceLine(
    line: Line,
    name: string,
    place: Place,
    groupProtocol: string | undefined,
    path: readonly string[],
  ): Service[] {
    const [word, second] = line.tokens;
    const text = line.tokens
      .slice(1)
      .map((token) => token.text)
      .join(' ');
    switch (word?.text) {
      case 'description':
        return [];
      case 'group-object':
        return this.services(second?.text ?? '', line.place, path);
      case 'port-object': {
        const read = readPorts(line.tokens, 1);
        // A group for ports only; the protocol is that of the entry.
        const protocol = groupProtocol ?? 'tcp-udp';
        const services = read && servicesOf(protocol, read.ports, undefined, `${name} (${text})`, place);
        if (services !== undefined) return services;
        break;
      }
      case 'service':
      case 'service-object': {
        if (second?.text === 'object') return this.services(line.tokens[2]?.text ?? '', line.place, path);
        const services =
          second === undefined ? undefined : this.#written(line.tokens.slice(1), `${name} (${text})`, place);
        if (services !== undefined) return services;
        break;
      }
      default:
        break;
    }
    this.#report.misunderstood(`'${word?.text ?? ''} ${text}' of '${name}'`, line.place);
    return [this.#unknownService(name, place, false)];
  }

  /** `tcp source eq 1 destination eq https`. */
  #written(tokens: readonly Token[], text: string, place: Place): Service[] | undefined {
    let at = 1;
    let source: Ports | undefined;
    let destination: Ports | undefined;
    while (at < tokens.length) {
      const which = tokens[at]?.text;
      const isSource = which === 'source';
      const read = readPorts(tokens, isSource || which === 'destination' ? at + 1 : at);
      // Types of ICMP messages.
      if (read === undefined) break;
      if (isSource) source = read.ports;
      else destination = read.ports;
      at = read.next;
    }
    return servicesOf(tokens[0]?.text ?? '', destination, source, text, place);
  }

  #missing(name: string, place: Place): Destination {
    this.#report.misunderstood(`there is no network object or group '${name}'`, place);
    return opaqueAddress(name, place, `object '${name}' is not defined in the file`, 'add its definition');
  }

  #unknownService(name: string, place: Place, isCircle: boolean): Service {
    const reason = isCircle ? `group '${name}' holds itself` : `service '${name}' is not known`;
    this.#report.misunderstood(isCircle ? reason : `there is no service '${name}'`, place);
    const supply = isCircle ? 'take it out of itself' : 'add its definition';
    return unknownService(name, { reason, supply, place }, place);
  }
}

/** `10.9.0.0 255.255.252.0`, or an IPv6 prefix. */
export function subnet([address = '', mask = '']: readonly string[]): IpRange | undefined {
  return mask === '' || address.includes('/')
    ? parseIpRange(address)
    : netmaskRange(zero(address), zero(mask));
}

/** `0` is `0.0.0.0`. */
function zero(text: string): string {
  return text === '0' ? '0.0.0.0' : text;
}

/** Undefined for a protocol that is not known; none for one that AKS does not use. */
export function servicesOf(
  protocol: string,
  ports: Ports | undefined,
  sources: Ports | undefined,
  text: string,
  place: Place,
): Service[] | undefined {
  const doubt = sourcePortDoubt(sources ?? [], text, place);
  const transports = TRANSPORTS.get(protocol.toLowerCase());
  if (transports !== undefined) {
    return transports.flatMap((transport) =>
      (ports ?? [[0, MAX_PORT] as const])
        .filter(([from, to]) => from <= to)
        .map(([from, to]) => service(transport, from, to, text, place, doubt)),
    );
  }
  if (protocol === 'ip' || protocol === '0') return [anyService(place, text)];
  if (protocol === 'icmp' || protocol === '1') return [service('ICMP', 0, MAX_PORT, text, place)];
  return OTHERS.has(protocol) || /^\d{1,3}$/.test(protocol) ? [] : undefined;
}

const TRANSPORTS = new Map<string, readonly ('TCP' | 'UDP')[]>([
  ['tcp', ['TCP']],
  ['6', ['TCP']],
  ['udp', ['UDP']],
  ['17', ['UDP']],
  ['tcp-udp', ['TCP', 'UDP']],
]);

const OTHERS = new Set([
  'ah', 'eigrp', 'esp', 'gre', 'icmp6', 'igmp', 'igrp', 'ipinip', 'ipsec', 'nos', 'ospf', 'pcp', 'pim', 'pptp', 'sctp', 'snp',
]); // prettier-ignore
