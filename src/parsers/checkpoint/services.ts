import type { NameShape } from '../../model/name-shape.ts';
import type { Place } from '../../model/place.ts';
import type { Destination, Service } from '../../model/policy.ts';
import { MAX_PORT, portRange } from '../../model/ports.ts';
import { field, listOf, textOf, wordOf } from '../azure-firewall/fields.ts';
import type { Report } from '../appliance/reading.ts';
import { nameOf, opaqueAddress } from '../appliance/rules.ts';
import { anyService, service, sourcePortDoubt, unknownService } from '../appliance/services.ts';
import type { ObjectValue, Value } from '../value.ts';
import type { Objects } from './objects.ts';

/** A service column: services, and applications or sites that are seen in web traffic. */
export interface ServiceReading {
  readonly services: readonly Service[];
  readonly sites: readonly Destination[];
}

/** Where applications and sites are seen: web browsing services. */
export function webServices(place: Place): Service[] {
  return [443, 80].map((port) => ({
    ...service('TCP', port, port, `TCP ${port}`, place),
    implied: true as const,
  }));
}

export class Services {
  readonly #objects: Objects;
  readonly #report: Report;

  constructor(objects: Objects, report: Report) {
    this.#objects = objects;
    this.#report = report;
  }

  column(values: readonly Value[]): ServiceReading {
    const services: Service[] = [];
    const sites: Destination[] = [];
    for (const value of values) this.#member(value, value.place, [], services, sites);
    return { services, sites };
  }

  #member(
    value: Value,
    place: Place,
    path: readonly string[],
    services: Service[],
    sites: Destination[],
  ): void {
    const object = this.#objects.of(value);
    if (object === undefined) {
      const uid = textOf(value);
      this.#report.misunderstood(`there is no service '${uid}'`, place);
      const reason = `service '${uid}' is not in the files`;
      services.push(
        unknownService(uid, { reason, supply: 'add the file that holds the objects', place }, place),
      );
      return;
    }
    const name = textOf(field(object, 'name'));
    const type = wordOf(field(object, 'type'));
    switch (type) {
      case 'cpmianyobject':
        services.push(anyService(place, name));
        return;
      case 'service-tcp':
      case 'service-udp':
        services.push(this.#ports(object, type === 'service-tcp' ? 'TCP' : 'UDP', name, place));
        return;
      case 'service-icmp':
        services.push(service('ICMP', 0, MAX_PORT, name, place));
        return;
      case 'service-other':
        services.push(...other(object, name, place));
        return;
      case 'service-icmp6':
      case 'service-sctp':
      case 'service-dce-rpc':
      case 'service-rpc':
      case 'service-gtp':
      case 'service-citrix-tcp':
      case 'service-compound-tcp':
        return;
      case 'service-group':
      case 'application-site-group':
        this.#group(object, name, place, path, services, sites);
        return;
      case 'application-site':
        sites.push(...this.#site(object, name, place));
        return;
      case 'application-site-category':
        sites.push({ kind: 'web-category', text: name, place });
        return;
      default: {
        this.#report.misunderstood(`type '${type}' of service '${name}'`, place);
        const reason = `the type '${type}' of service '${name}' is not understood`;
        services.push(unknownService(name, { reason, supply: 'use TCP or UDP services', place }, place));
      }
    }
  }

  #group(
    group: ObjectValue,
    name: string,
    place: Place,
    path: readonly string[],
    services: Service[],
    sites: Destination[],
  ): void {
    const uid = textOf(field(group, 'uid'));
    if (path.includes(uid)) {
      this.#report.misunderstood(`group '${name}' holds itself`, group.place);
      const reason = `group '${name}' holds itself`;
      services.push(unknownService(name, { reason, supply: 'take it out of itself', place }, place));
      return;
    }
    for (const member of listOf(field(group, 'members'))) {
      this.#member(member, member.place, [...path, uid], services, sites);
    }
  }

  /** `443`, `8000-8010`, `>1023`, `<1024`. */
  #ports(object: ObjectValue, transport: 'TCP' | 'UDP', name: string, place: Place): Service {
    const written = textOf(field(object, 'port'));
    const range = portsOf(written);
    if (range === undefined) {
      this.#report.misunderstood(
        `port '${written}' of service '${name}'`,
        field(object, 'port')?.place ?? place,
      );
      const reason = `the port of service '${name}' is not understood`;
      return unknownService(name, { reason, supply: 'write it as 443 or 8000-8010', place }, place);
    }
    const from = textOf(field(object, 'source-port'));
    const doubt = sourcePortDoubt(from === '' ? [] : [portsOf(from) ?? [0, 0]], name, place);
    const text = name.includes(written) ? name : `${name} (${transport} ${written})`;
    return service(transport, range[0], range[1], text, place, doubt);
  }

  /** Own sites by their URLs; of those that Check Point keeps, the files hold only the names. */
  #site(object: ObjectValue, name: string, place: Place): Destination[] {
    const urls = listOf(field(object, 'url-list'));
    const isRegex = wordOf(field(object, 'urls-defined-as-regular-expression')) === 'true';
    if (urls.length > 0) return urls.flatMap((url) => this.#url(url, isRegex));
    if (!PLAUSIBLE.test(name)) return [];
    const reason = `which hosts the application '${name}' has is not in the files`;
    return [opaqueAddress(name, place, reason, 'use a custom site with the hosts')];
  }

  #url(url: Value, isRegex: boolean): Destination[] {
    const text = textOf(url);
    const read = isRegex ? readRegex(text) : readUrl(text);
    if (read === 'path') return [];
    if (read === undefined) {
      this.#report.misunderstood(`URL '${text}' of a site`, url.place);
      const reason = `what '${text}' matches is not understood`;
      return [opaqueAddress(text, url.place, reason, 'write it as example.com or *.example.com')];
    }
    const shape = read.shape === undefined ? {} : { shape: read.shape };
    return [nameOf(read.pattern, text, url.place, { sent: true, ...shape })];
  }
}

/** Applications of Check Point's database as which traffic of AKS may be seen. */
const PLAUSIBLE =
  /microsoft|azure|windows|docker|github|ubuntu|akamai|cloudflare|ssl|https?\b|web browsing|google|amazon|nvidia/i;

function other(object: ObjectValue, name: string, place: Place): Service[] {
  switch (textOf(field(object, 'ip-protocol'))) {
    case '6':
      return [service('TCP', 0, MAX_PORT, name, place)];
    case '17':
      return [service('UDP', 0, MAX_PORT, name, place)];
    default:
      return [];
  }
}

function portsOf(text: string): readonly [number, number] | undefined {
  const [, sign, number] = /^([<>])\s*(\d{1,5})$/.exec(text.trim()) ?? [];
  if (sign === undefined) return portRange(text.trim());
  const limit = Number(number);
  return sign === '>' ? [limit + 1, MAX_PORT] : [0, limit - 1];
}

interface Pattern {
  readonly pattern: string;
  readonly shape?: NameShape;
}

/** `example.com`, `*.example.com`; an asterisk at the end goes on with anything. */
function readUrl(text: string): Pattern | 'path' | undefined {
  const url = text
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/\*?$/, '');
  if (url.includes('/')) return 'path';
  if (/^\*?[^*]+$/.test(url) || url === '*') return { pattern: url };
  return /^(?:\*\.)?[^*]+\*$/.test(url) ? openEnded(url.slice(0, -1)) : undefined;
}

/** A pattern behind which anything may follow. */
function openEnded(url: string): Pattern {
  return { pattern: url, shape: { kind: 'labels', labels: url.split('.'), isOpen: true } };
}

/** Expressions for a name, or a domain and what is below; without an end they match longer hosts too. */
function readRegex(text: string): Pattern | undefined {
  const [, start = '', below, host = '', end = ''] =
    /^(\^?(?:\(?https\?:\\?\/\\?\/\)?)?)(\(\.\*\\\.\)\?|\.\*\\\.|\.\*)?((?:[\w-]|\\\.)+)(\$?)$/.exec(
      text.toLowerCase(),
    ) ?? [];
  if (host === '') return undefined;
  const name = host.replaceAll('\\.', '.');
  if (name.includes('\\')) return undefined;
  const isStarted = start !== '' || below !== undefined;
  const pattern = below === '.*\\.' ? `*.${name}` : isStarted && below === undefined ? name : `*${name}`;
  if (end === '$') {
    return below === '(.*\\.)?' ? { pattern, shape: { kind: 'domain', domain: name } } : { pattern };
  }
  return pattern.startsWith('*') && !pattern.startsWith('*.') ? undefined : openEnded(pattern);
}
