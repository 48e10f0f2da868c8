import { parseIpRange, isEveryV4 } from '../../model/address.ts';
import type { Place } from '../../model/place.ts';
import type { Destination, Rule, Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { Report } from '../appliance/reading.ts';
import { anyAddress, opaqueAddress, rangeAddress } from '../appliance/rules.ts';
import { sourcePortDoubt } from '../appliance/services.ts';
import { textFrom, type Line, type Token } from './lines.ts';
import { servicesOf, subnet, type Objects } from './objects.ts';
import { readPorts, type Ports } from './ports.ts';

/** One entry of an access list. */
export interface Entry {
  readonly action: Rule['action'];
  readonly sources: readonly Destination[];
  readonly destinations: readonly Destination[];
  readonly services: readonly Service[];
  readonly conditions: readonly Unknown[];
  readonly place: Place;
  readonly listPlaces: Rule['listPlaces'];
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

/**
 * Reads `access-list NAME extended permit tcp SOURCE [ports] DESTINATION [ports] [options]`; undefined for an entry that is
 * inactive. What is not understood makes an entry that may match anything.
 */
export class EntryReader {
  readonly #objects: Objects;
  readonly #report: Report;

  constructor(objects: Objects, report: Report) {
    this.#objects = objects;
    this.#report = report;
  }

  read(line: Line): Entry[] {
    const cursor: Cursor = { tokens: line.tokens, at: 2 };
    if (this.#text(cursor) === 'line') cursor.at += 2;
    const kind = this.#text(cursor);
    cursor.at += 1;
    const action = this.#text(cursor);
    cursor.at += 1;
    if (line.tokens.some(({ text }) => text === 'inactive')) return [];
    const isExtended = kind === 'extended' && (action === 'permit' || action === 'deny');
    const entries = isExtended ? this.#rest(cursor, action === 'permit' ? 'allow' : 'deny', line) : undefined;
    if (entries !== undefined) return entries;
    this.#report.misunderstood(`'${textFrom(line, 0)}'`, line.place);
    return [this.#notUnderstood(line, action)];
  }

  #rest(cursor: Cursor, action: 'allow' | 'deny', line: Line): Entry[] | undefined {
    const conditions: Unknown[] = [];
    const protocol = this.#protocol(cursor, line.place);
    if (protocol === undefined) return undefined;
    this.#identity(cursor, conditions);
    const sourceAt = cursor.tokens[cursor.at]?.place;
    const sources = this.#address(cursor);
    if (sources === undefined) return undefined;
    const sourcePorts = this.#ports(cursor);
    this.#identity(cursor, conditions);
    const destinationAt = cursor.tokens[cursor.at]?.place;
    const named = this.#networkService(cursor);
    const destinations =
      named === undefined ? this.#address(cursor) : named.map(({ destination }) => destination);
    if (destinations === undefined) return undefined;
    const portsAt = cursor.tokens[cursor.at]?.place ?? line.place;
    const ports = this.#ports(cursor);
    if (!this.#options(cursor, conditions)) return undefined;
    const place = line.place;
    const listPlaces = {
      ...(sourceAt === undefined ? {} : { sources: sourceAt }),
      ...(destinationAt === undefined ? {} : { destinations: destinationAt }),
      services: portsAt,
    };
    const services = withPorts(protocol, sourcePorts, ports, portsAt);
    const whole = { action, sources, conditions, place, listPlaces };
    if (named === undefined) return [{ ...whole, destinations, services }];
    // Each domain of a network service has services of its own.
    return named.map((one) => ({
      ...whole,
      destinations: [one.destination],
      services: one.services === undefined ? services : both(services, one.services),
    }));
  }

  #text({ tokens, at }: Cursor): string {
    return tokens[at]?.text ?? '';
  }

  #protocol(cursor: Cursor, place: Place): readonly Service[] | undefined {
    const word = this.#text(cursor);
    if (word === 'object' || word === 'object-group') {
      const named = cursor.tokens[cursor.at + 1];
      cursor.at += 2;
      return named && this.#objects.services(named.text, named.place);
    }
    cursor.at += 1;
    return servicesOf(
      word.toLowerCase(),
      undefined,
      undefined,
      word,
      cursor.tokens[cursor.at - 1]?.place ?? place,
    );
  }

  /** Users and security groups, before the address that they belong to. */
  #identity(cursor: Cursor, conditions: Unknown[]): void {
    for (;;) {
      const word = cursor.tokens[cursor.at];
      const length = IDENTITY.get(word?.text ?? '');
      if (word === undefined || length === undefined) return;
      conditions.push({
        reason: 'the entry is for some users or security groups only',
        supply: 'use an entry for addresses',
        place: word.place,
      });
      cursor.at += length;
    }
  }

  #address(cursor: Cursor): Destination[] | undefined {
    const token = cursor.tokens[cursor.at];
    const next = cursor.tokens[cursor.at + 1];
    if (token === undefined) return undefined;
    const { text, place } = token;
    switch (text) {
      case 'any':
      case 'any4':
        cursor.at += 1;
        return [anyAddress(place, text)];
      case 'any6':
        cursor.at += 1;
        return rangesOf(parseIpRange('::/0'), text, place);
      case 'host':
        cursor.at += 2;
        return next && rangesOf(parseIpRange(next.text), next.text, next.place);
      case 'object':
      case 'object-group':
        cursor.at += 2;
        return next && this.#objects.network(next.text, next.place);
      case 'interface': {
        cursor.at += 2;
        const reason = `the address of interface '${next?.text ?? ''}' is not known`;
        return [opaqueAddress(`interface ${next?.text ?? ''}`, place, reason, 'use an address')];
      }
      default: {
        if (text.includes(':')) {
          cursor.at += 1;
          return rangesOf(parseIpRange(text), text, place);
        }
        cursor.at += 2;
        return rangesOf(subnet([text, next?.text ?? '']), `${text} ${next?.text ?? ''}`, place);
      }
    }
  }

  #networkService(cursor: Cursor): ReturnType<Objects['networkService']> | undefined {
    if (this.#text(cursor) !== 'object-group-network-service') return undefined;
    const named = cursor.tokens[cursor.at + 1];
    cursor.at += 2;
    return named && this.#objects.networkService(named.text, named.place);
  }

  /** Ports, or a group of them: `object-group` is one where it does not name networks. */
  #ports(cursor: Cursor): Ports | readonly Service[] | undefined {
    const read = readPorts(cursor.tokens, cursor.at);
    if (read !== undefined) {
      cursor.at = read.next;
      return read.ports;
    }
    const named = cursor.tokens[cursor.at + 1];
    const isGroup = ['object-group', 'object'].includes(this.#text(cursor)) && named !== undefined;
    if (!isGroup || this.#objects.kindOf(named.text) !== 'service') return undefined;
    cursor.at += 2;
    return this.#objects.services(named.text, named.place);
  }

  #options(cursor: Cursor, conditions: Unknown[]): boolean {
    while (cursor.at < cursor.tokens.length) {
      const token = cursor.tokens[cursor.at];
      if (token === undefined) return true;
      if (token.text === 'time-range') {
        conditions.push({
          reason: `the entry holds at the times of '${cursor.tokens[cursor.at + 1]?.text ?? ''}' only`,
          supply: 'take its time range away',
          place: token.place,
        });
        cursor.at += 2;
      } else if (LOGGING.test(token.text)) cursor.at += 1;
      // Types of ICMP messages.
      else if (
        /^[a-z][a-z-]*$|^\d{1,3}$/.test(token.text) &&
        cursor.tokens.some(({ text }) => text.startsWith('icmp'))
      ) {
        cursor.at += 1;
      } else return false;
    }
    return true;
  }

  #notUnderstood(line: Line, action: string): Entry {
    const { place } = line;
    const unknown: Unknown = {
      reason: `the entry '${textFrom(line, 0)}' is not understood`,
      supply: 'write it as an extended entry with addresses and ports',
      place,
    };
    return {
      action: action === 'permit' ? 'allow' : action === 'deny' ? 'deny' : 'unknown',
      sources: [anyAddress(place)],
      destinations: [anyAddress(place)],
      services: servicesOf('ip', undefined, undefined, 'ip', place) ?? [],
      conditions: [unknown],
      place,
      listPlaces: {},
    };
  }
}

const IDENTITY = new Map([
  ['user', 2],
  ['user-group', 2],
  ['object-group-user', 2],
  ['security-group', 3],
  ['object-group-security', 2],
]);

const LOGGING =
  /^(?:log|disable|default|interval|emergencies|alerts|critical|errors|warnings|notifications|informational|debugging|\d+|inactive|rule-id|event-log|both|flow-start|flow-end)$/;

function rangesOf(
  range: ReturnType<typeof parseIpRange>,
  text: string,
  place: Place,
): Destination[] | undefined {
  if (range === undefined) return undefined;
  return [isEveryV4(range) ? anyAddress(place, text) : rangeAddress(range, text, place)];
}

function isServices(ports: Ports | readonly Service[]): ports is readonly Service[] {
  const [first] = ports;
  return first !== undefined && !Array.isArray(first);
}

/** The services of the protocol with the ports of the entry. */
function withPorts(
  protocol: readonly Service[],
  sources: Ports | readonly Service[] | undefined,
  ports: Ports | readonly Service[] | undefined,
  place: Place,
): Service[] {
  const from = sources === undefined ? undefined : isServices(sources) ? [[0, 0] as const] : sources;
  const limited =
    ports === undefined
      ? protocol
      : both(protocol, isServices(ports) ? ports : fromPorts(ports, protocol, place));
  const doubt = sourcePortDoubt(from ?? [], limited[0]?.text ?? '', place);
  return limited.map((one) => (doubt === undefined ? one : { ...one, portsKnown: false, unknown: doubt }));
}

function fromPorts(ports: Ports, protocol: readonly Service[], place: Place): Service[] {
  return protocol.flatMap(({ protocol: own }) =>
    ports.flatMap(([from, to]) => {
      const text = `${own} ${from === to ? from : `${from}-${to}`}`;
      return servicesOf(own === 'UDP' ? 'udp' : 'tcp', [[from, to]], undefined, text, place) ?? [];
    }),
  );
}

/** What two lists of services have in common. */
function both(one: readonly Service[], other: readonly Service[]): Service[] {
  return other.flatMap((inner) =>
    one.flatMap((outer): Service[] => {
      if (inner.protocol === 'unknown' || outer.protocol === 'unknown')
        return [inner.protocol === 'unknown' ? inner : outer];
      const isSame =
        inner.protocol === outer.protocol || inner.protocol === 'Any' || outer.protocol === 'Any';
      const from = Math.max(inner.from, outer.from);
      const to = Math.min(inner.to, outer.to);
      if (!isSame || from > to) return [];
      return [{ ...inner, protocol: inner.protocol === 'Any' ? outer.protocol : inner.protocol, from, to }];
    }),
  );
}
