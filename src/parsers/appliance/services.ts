import type { Place } from '../../model/place.ts';
import type { Service } from '../../model/policy.ts';
import { subtract, type Spans } from '../../model/spans.ts';
import type { Unknown } from '../../model/symbol.ts';
import { MAX_PORT, hasEveryPort } from '../../model/ports.ts';

type Transport = 'TCP' | 'UDP' | 'ICMP' | 'Any';

export const ALL_PORTS: Spans = [[0, 65_536]];

export function service(
  protocol: Transport,
  from: number,
  to: number,
  text: string,
  place: Place,
  unknown?: Unknown,
): Service {
  return {
    protocol,
    from,
    to,
    portsKnown: unknown === undefined,
    text,
    protocolPlace: place,
    portPlace: place,
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** Every IP protocol. */
export function anyService(place: Place, text = 'any', unknown?: Unknown): Service {
  return service('Any', 0, MAX_PORT, text, place, unknown);
}

/** A service that may be anything. */
export function unknownService(text: string, unknown: Unknown, place: Place): Service {
  return {
    protocol: 'unknown',
    from: 0,
    to: MAX_PORT,
    portsKnown: false,
    text,
    protocolPlace: place,
    portPlace: place,
    unknown,
  };
}

/**
 * Ports from which clients send: those that operating systems and Azure's source NAT give out.
 * https://www.rfc-editor.org/rfc/rfc6056
 */
const CLIENT_PORTS = [1024, MAX_PORT] as const;

/**
 * What it means that a service is limited to source ports: nothing where they hold all ports of clients, else it is not
 * known whether a client uses one of them.
 */
export function sourcePortDoubt(
  ranges: readonly (readonly [number, number])[],
  text: string,
  place: Place,
): Unknown | undefined {
  const isEvery = ranges.some(([from, to]) => from <= CLIENT_PORTS[0] && to >= CLIENT_PORTS[1]);
  if (isEvery || ranges.length === 0) return undefined;
  return {
    reason: `service '${text}' is for some source ports only, and clients use any`,
    supply: `use a service without source ports`,
    place,
  };
}

/** What is none of the services; undefined where one of them is not known. */
export function allServicesBut(
  services: readonly Service[],
  text: string,
  place: Place,
): Service[] | undefined {
  if (services.some(({ protocol, portsKnown }) => protocol === 'unknown' || !portsKnown)) return undefined;
  const left = (transport: 'TCP' | 'UDP'): Spans => {
    const taken = services.filter(({ protocol }) => protocol === transport || protocol === 'Any');
    return taken.reduce<Spans>((ports, { from, to }) => subtract(ports, [[from, to + 1]]), ALL_PORTS);
  };
  const isEverything = services.some((one) => one.protocol === 'Any' && hasEveryPort(one));
  const hasIcmp = isEverything || services.some(({ protocol }) => protocol === 'ICMP');
  return [
    ...(['TCP', 'UDP'] as const).flatMap((transport) =>
      left(transport).map(([from, end]) => service(transport, from, end - 1, text, place)),
    ),
    ...(hasIcmp ? [] : [service('ICMP', 0, MAX_PORT, text, place)]),
  ];
}
