import type { Place } from '../../model/place.ts';
import type { InvalidValue, Protocol, Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { MAX_PORT } from '../../model/ports.ts';
import type { ObjectValue, Value } from '../value.ts';
import { describe, field, textOf, unknownOf, wordOf, type Report } from './fields.ts';

interface Ports {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly place: Place;
  readonly unknown?: Unknown;
}

interface NamedProtocol {
  readonly protocol: Protocol | 'unknown';
  readonly text: string;
  readonly place: Place;
  readonly unknown?: Unknown;
}

const IP_PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['icmp', 'ICMP'],
  ['any', 'Any'],
  ['*', 'Any'],
]);

/** Application protocols and the port that each has where none is written. */
const APPLICATION_PROTOCOLS: ReadonlyMap<string, { protocol: Protocol; port: number }> = new Map([
  ['http', { protocol: 'HTTP', port: 80 }],
  ['https', { protocol: 'HTTPS', port: 443 }],
  ['mssql', { protocol: 'MSSQL', port: 1433 }],
]);

/** Every protocol of a network rule with every port; an invalid one is left out and added to `invalid`. */
export function networkServices(
  protocols: readonly Value[],
  ports: readonly Value[],
  report: Report,
  invalid: InvalidValue[],
): readonly Service[] {
  const specifications = known(ports.map((value) => readPorts(value, report, invalid)));
  const ofEach = protocols.map((value) => {
    const protocol = readProtocol(value, report, invalid);
    return protocol === undefined ? [] : specifications.map((ports) => service(protocol, ports, ' '));
  });
  return ofEach.length === 1 ? (ofEach[0] ?? []) : ofEach.flat();
}

/** The protocols of an application rule: `{protocolType, port}`, one port each. */
export function applicationServices(
  protocols: readonly Value[],
  report: Report,
  invalid: InvalidValue[],
): readonly Service[] {
  return known(protocols.map((value) => readApplicationProtocol(value, report, invalid)));
}

/** What could be read. Mostly that is all, and a list that is put together anew keeps room for more. */
function known<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.every((value) => value !== undefined)
    ? values
    : values.filter((value) => value !== undefined);
}

/**
 * What a classic rule with FQDN tags allows where it names no protocols:
 * https://learn.microsoft.com/powershell/module/az.network/new-azfirewallapplicationrule has none to name.
 */
export function tagServices(place: Place): readonly Service[] {
  return (
    [
      ['HTTP', 80],
      ['HTTPS', 443],
    ] as const
  ).map(([protocol, port]) =>
    service({ protocol, text: protocol, place }, { from: port, to: port, text: String(port), place }, ':'),
  );
}

function service(protocol: NamedProtocol, ports: Ports, separator: string): Service {
  const unknown = protocol.unknown ?? ports.unknown;
  const known: Service = {
    protocol: protocol.protocol,
    from: ports.from,
    to: ports.to,
    portsKnown: ports.unknown === undefined,
    text: `${protocol.text}${separator}${ports.text}`,
    protocolPlace: protocol.place,
    portPlace: ports.place,
  };
  return unknown === undefined ? known : { ...known, unknown };
}

function readProtocol(value: Value, report: Report, invalid: InvalidValue[]): NamedProtocol | undefined {
  const { place } = value;
  const text = textOf(value).trim();
  const unknown = unknownOf(value);
  if (unknown !== undefined) {
    report.unknown(unknown);
    return { protocol: 'unknown', text, place, unknown };
  }
  const protocol = IP_PROTOCOLS.get(text.toLowerCase());
  if (protocol !== undefined) return { protocol, text, place };
  invalid.push({ problem: `expected TCP, UDP, ICMP or Any as protocol, found ${describe(value)}`, place });
  return undefined;
}

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;

function readPorts(value: Value, report: Report, invalid: InvalidValue[]): Ports | undefined {
  const { place } = value;
  const text = textOf(value);
  const unknown = unknownOf(value);
  if (unknown !== undefined) {
    report.unknown(unknown);
    return { from: 0, to: MAX_PORT, text, place, unknown };
  }
  if (text === '*') return { from: 0, to: MAX_PORT, text, place };
  const written = PORTS.exec(text);
  const first = written?.[1];
  const from = Number(first);
  const to = Number(written?.[2] ?? first);
  if (first !== undefined && from <= to && to <= MAX_PORT) return { from, to, text, place };
  const problem = first !== undefined && from > to ? ', a reversed range' : '';
  invalid.push({
    problem: `expected a port, a range such as 8000-8080 or * as destination port, found ${describe(value)}${problem}`,
    place,
  });
  return undefined;
}

function readApplicationProtocol(value: Value, report: Report, invalid: InvalidValue[]): Service | undefined {
  if (value.kind === 'object') return protocolOfObject(value, report, invalid);
  const unknown = unknownOf(value);
  const { place } = value;
  if (unknown !== undefined) {
    report.unknown(unknown);
    const text = textOf(value);
    return service(
      { protocol: 'unknown', text, place, unknown },
      { from: 0, to: MAX_PORT, text: '', place, unknown },
      '',
    );
  }
  // The form of the command line tools: Https=443, https:443.
  const [, name = '', port] = /^([a-z]+)(?:[:=](\d{1,5}))?$/i.exec(textOf(value).trim()) ?? [];
  const known = APPLICATION_PROTOCOLS.get(name.toLowerCase());
  if (known === undefined) {
    const problem = `expected {protocolType, port} with Http, Https or Mssql, found ${describe(value)}`;
    invalid.push({ problem, place });
    return undefined;
  }
  const number = port === undefined ? known.port : Number(port);
  const ports = { from: number, to: number, text: String(number), place };
  return service({ protocol: known.protocol, text: name, place }, ports, ':');
}

function protocolOfObject(value: ObjectValue, report: Report, invalid: InvalidValue[]): Service | undefined {
  const type = field(value, 'protocoltype', 'type');
  const unknown = unknownOf(type);
  const known = APPLICATION_PROTOCOLS.get(wordOf(type));
  if (unknown === undefined && known === undefined) {
    const found = type === undefined ? 'none' : describe(type);
    const problem = `expected Http, Https or Mssql as protocolType, found ${found}`;
    invalid.push({ problem, place: (type ?? value).place });
    return undefined;
  }
  if (unknown !== undefined) report.unknown(unknown);
  const protocol: NamedProtocol = {
    protocol: known?.protocol ?? 'unknown',
    text: textOf(type),
    place: (type ?? value).place,
    ...(unknown === undefined ? {} : { unknown }),
  };
  const port = field(value, 'port');
  const ports =
    port === undefined ? defaultPort(known?.port, value, unknown) : readPort(port, report, invalid);
  return ports === undefined ? undefined : service(protocol, ports, ':');
}

/** Application rules take one port for each protocol, no range. */
function readPort(value: Value, report: Report, invalid: InvalidValue[]): Ports | undefined {
  const ports = readPorts(value, report, invalid);
  if (ports === undefined || ports.from === ports.to || ports.unknown !== undefined) return ports;
  const problem = `expected one port, as application rules take no ranges; found ${describe(value)}`;
  invalid.push({ problem, place: value.place });
  return undefined;
}

function defaultPort(port: number | undefined, value: ObjectValue, unknown: Unknown | undefined): Ports {
  const { place } = value;
  if (port !== undefined) return { from: port, to: port, text: String(port), place };
  return { from: 0, to: MAX_PORT, text: '*', place, ...(unknown === undefined ? {} : { unknown }) };
}
