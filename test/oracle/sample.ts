import type { Address, Destination, IpRange, Policy } from '../../src/model/policy.ts';
import { ipv4, isOneOf, type FlowOfPacket, type Packet } from './simulator.ts';

/** A flow as plain lists: every source × every destination × every port. */
export interface FlowSpec {
  readonly sources: readonly (IpRange | string)[];
  readonly destination:
    | { readonly name: string; readonly standsForHosts: boolean }
    | { readonly addresses: readonly IpRange[] }
    | Extract<Packet['destination'], { tag: string } | { apiServerIn: string }>;
  readonly protocol: Packet['protocol'];
  /** Both ends included. */
  readonly ports: readonly (readonly [from: number, to: number])[];
}

/** One axis after the other, points of a flow: at least one in every region that rules could cut out of it. */
export interface Points {
  readonly sources: readonly Packet['source'][];
  readonly destinations: readonly Packet['destination'][];
  readonly ports: readonly number[];
}

export function samplePoints(policy: Policy, spec: FlowSpec): Points {
  const { sources, destination } = spec;
  const ranges = sources.filter((source) => typeof source !== 'string');
  const symbols = sources.filter((source) => typeof source === 'string');
  const near = policy.rules.flatMap((rule) => edgesOf(rule.sources));
  return {
    sources: [...inside(ranges, near), ...new Set(symbols)],
    destinations:
      'name' in destination
        ? names(policy, destination.name).map((name) => ({ name }))
        : !('addresses' in destination)
          ? [destination]
          : inside(
              destination.addresses,
              policy.rules.flatMap((rule) => edgesOf(rule.destinations)),
            ).map((address) => ({ address })),
    ports: ports(policy, spec.ports),
  };
}

/** All combinations, or as many of them as wanted, evenly strewn. */
export function packetsOf(points: Points, spec: FlowSpec, wanted: number): Packet[] {
  const { sources, destinations, ports } = points;
  const total = sources.length * destinations.length * ports.length;
  const step = total <= wanted ? 1 : strideFor(total, wanted);
  const packets: Packet[] = [];
  for (let taken = 0, at = 0; taken < Math.min(total, wanted); taken += 1, at = (at + step) % total) {
    const source = sources[at % sources.length];
    const destination = destinations[Math.floor(at / sources.length) % destinations.length];
    const port = ports[Math.floor(at / (sources.length * destinations.length))];
    if (source === undefined || destination === undefined || port === undefined) continue;
    packets.push(packetOf(spec, source, destination, port));
  }
  return packets;
}

export function packetOf(
  spec: FlowSpec,
  source: Packet['source'],
  destination: Packet['destination'],
  port: number,
): Packet {
  return { source, destination, port, protocol: spec.protocol, flow: contextOf(spec) };
}

function contextOf({ sources, destination }: FlowSpec): FlowOfPacket {
  const symbols = sources.filter((source) => typeof source === 'string');
  return 'name' in destination
    ? { symbols, pattern: destination.name, standsForHosts: destination.standsForHosts }
    : { symbols, toInternet: 'addresses' in destination && destination.addresses.some(isEverything) };
}

function isEverything(range: IpRange): boolean {
  return range.version === 4 && range.from === 0 && range.to === ipv4('255.255.255.255');
}

/** About total/wanted, without a common divisor, so that all axes move. */
function strideFor(total: number, wanted: number): number {
  let step = Math.floor(total / wanted) + 1;
  while (divisor(step, total) !== 1) step += 1;
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function edgesOf(members: readonly (Address | Destination)[]): number[] {
  return members.flatMap((member) => {
    if (member.kind !== 'range' || member.range.version === 6) return [];
    return [member.range.from - 1, member.range.from, member.range.to, member.range.to + 1];
  });
}

/** Where public space begins and ends. */
const BORDERS = ['0.255.255.255', '1.0.0.0', '10.0.0.0', '11.0.0.0', '223.255.255.255', '224.0.0.0'].map(
  ipv4,
);

function inside(ranges: readonly IpRange[], near: readonly number[]): number[] {
  const points = new Set<number>();
  for (const range of ranges) {
    if (range.version === 6) continue;
    for (const at of [range.from, range.to, ...near, ...BORDERS]) {
      if (range.from <= at && at <= range.to) points.add(at);
    }
  }
  return [...points].sort((a, b) => a - b);
}

function ports(policy: Policy, ranges: FlowSpec['ports']): number[] {
  const services = policy.rules.flatMap((rule) => rule.services);
  const near = services.flatMap(({ from, to }) => [from - 1, from, to, to + 1]);
  const points = new Set<number>();
  for (const [from, to] of ranges) {
    for (const at of [from, to, ...near]) if (from <= at && at <= to) points.add(at);
  }
  return [...points].sort((a, b) => a - b);
}

/** The names that patterns write, their parents, and names with fresh labels before them at several depths. */
function names(policy: Policy, pattern: string): string[] {
  const written = policy.rules.flatMap((rule) =>
    rule.destinations.flatMap((destination) => (destination.kind === 'name' ? [destination.pattern] : [])),
  );
  const points = new Set<string>();
  for (const one of [pattern, ...written]) {
    const text = one.replace('*', '').replace(/^\./, '');
    const rest = text === '' ? [] : [text];
    const fresh =
      text === '' ? ['zz', 'zz.yy'] : [`zz.${text}`, `zz.yy.${text}`, `zz${text}`, `zz.yy${text}`];
    for (const name of [...rest, ...fresh]) if (isOneOf(name, pattern)) points.add(name);
  }
  return [...points].filter((name) => !name.includes('*')).sort();
}
