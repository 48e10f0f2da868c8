import type { Place } from '../../model/place.ts';
import type { Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { MAX_PORT, portRange } from '../../model/ports.ts';
import type { Report } from '../appliance/reading.ts';
import { anyService, service, sourcePortDoubt, unknownService } from '../appliance/services.ts';
import { STANDARD_PORTS, applicationsOf, type Application } from './applications.ts';
import type { Scope } from './scope.ts';
import type { PanNode, Places } from './tree.ts';

/** Services that every device has. https://docs.paloaltonetworks.com (Objects > Services) */
const PREDEFINED = new Map<string, readonly number[]>([
  ['service-http', [80, 8080]],
  ['service-https', [443]],
]);

/** A written service, before it is known for which applications it counts. */
type Written =
  | { readonly kind: 'any' | 'standard'; readonly place: Place }
  | { readonly kind: 'ports'; readonly service: Service };

export class Services {
  readonly #scope: Scope;
  readonly #places: Places;
  readonly #report: Report;

  constructor(scope: Scope, places: Places, report: Report) {
    this.#scope = scope;
    this.#places = places;
    this.#report = report;
  }

  /** What a rule's `service` and `application` come to; empty where no traffic of AKS is one of its applications. */
  ofRule(rule: PanNode): Service[] {
    const place = this.#places.of(rule.child('service') ?? rule);
    const written = this.#written(rule.child('service'), place);
    const applications = applicationsOf(rule.child('application'), this.#scope);
    if (applications === undefined) return written.flatMap((one) => withAnyApplication(one));
    const at = this.#places.of(rule.child('application') ?? rule);
    return written.flatMap((one) =>
      applications.flatMap((application) => withApplication(one, application, at)),
    );
  }

  /** Of a decryption rule, which has no applications. */
  ofDecryption(rule: PanNode): Service[] {
    const place = this.#places.of(rule.child('service') ?? rule);
    return this.#written(rule.child('service'), place).flatMap((one) => withAnyApplication(one));
  }

  #written(list: PanNode | undefined, place: Place): Written[] {
    const members = list?.list() ?? [];
    if (members.length === 0) return [{ kind: 'any', place }];
    return members.flatMap((member) => this.#member(member.key, this.#places.of(member), []));
  }

  #member(name: string, place: Place, path: readonly string[]): Written[] {
    if (name === 'any') return [{ kind: 'any', place }];
    if (name === 'application-default') return [{ kind: 'standard', place }];
    const object = this.#scope.find('service', name);
    if (object !== undefined) return this.#object(object, name, place);
    const group = this.#scope.find('service-group', name);
    if (group !== undefined) {
      if (path.includes(name)) {
        this.#report.misunderstood(`service group '${name}' holds itself`, this.#places.of(group));
        return [unknown(name, place, `service group '${name}' holds itself`, 'take it out of itself')];
      }
      const members = group.list('members');
      return (members.length > 0 ? members : group.list()).flatMap((member) =>
        this.#member(member.key, this.#places.of(member), [...path, name]),
      );
    }
    const ports = PREDEFINED.get(name);
    if (ports !== undefined) {
      return ports.map((port) => ({ kind: 'ports', service: service('TCP', port, port, name, place) }));
    }
    this.#report.misunderstood(`there is no service or service group '${name}'`, place);
    return [
      unknown(name, place, `service '${name}' is not defined in the file`, 'export its definition too'),
    ];
  }

  #object(object: PanNode, name: string, place: Place): Written[] {
    const found: Written[] = [];
    for (const protocol of object.list('protocol')) {
      const transport = protocol.key === 'tcp' ? 'TCP' : protocol.key === 'udp' ? 'UDP' : undefined;
      if (transport === undefined) continue;
      const written = protocol.value('port');
      const from = protocol.value('source-port');
      const doubt = sourcePortDoubt(
        from === '' ? [] : from.split(',').flatMap((part) => [portRange(part.trim()) ?? ([0, 0] as const)]),
        name,
        place,
      );
      for (const part of written.split(',')) {
        const range = portRange(part.trim());
        if (range === undefined) {
          this.#report.misunderstood(`'${part}' of service '${name}' is no port`, this.#places.of(protocol));
          found.push(
            unknown(
              name,
              place,
              `service '${name}' has ports that are not understood`,
              'write its ports as 443 or 8000-8010',
            ),
          );
        } else {
          const text = name.toLowerCase().includes(part.trim())
            ? name
            : `${name} (${transport} ${part.trim()})`;
          found.push({ kind: 'ports', service: service(transport, range[0], range[1], text, place, doubt) });
        }
      }
    }
    return found;
  }
}

function unknown(name: string, place: Place, reason: string, supply: string): Written {
  return { kind: 'ports', service: unknownService(name, { reason, supply, place }, place) };
}

function withAnyApplication(written: Written): Service[] {
  if (written.kind === 'any') return [anyService(written.place)];
  if (written.kind === 'ports') return [written.service];
  const { place } = written;
  return [
    ...STANDARD_PORTS.map(({ protocol, port }) => ({
      ...service(protocol, port, port, `application-default (${protocol} ${port})`, place),
      implied: true as const,
    })),
    // Which applications App-ID sees on other ports, and whether they are at home there, is not known.
    { ...anyService(place, 'application-default'), portsKnown: false },
  ];
}

function withApplication(written: Written, application: Application, at: Place): Service[] {
  const { name, standard, isCertain } = application;
  const doubt: Unknown | undefined = isCertain
    ? undefined
    : {
        reason: `App-ID may see the traffic as another application than '${name}', and the rule is for listed ones only`,
        supply: 'take any application for the traffic of AKS, and limit it by service and URL category',
        place: at,
      };
  if (written.kind === 'ports') {
    const { service: own } = written;
    // A certain application is at home on its own ports; elsewhere App-ID may find it or not.
    const isHome = standard?.some(
      ({ protocol, port }) =>
        (own.protocol === protocol || own.protocol === 'Any') && own.from <= port && port <= own.to,
    );
    if (isCertain && isHome !== true) return [];
    if (isCertain && own.from === own.to) return [own];
    if (isCertain) return onStandard(application, own.text, own.portPlace, own.unknown);
    return [{ ...own, portsKnown: false, unknown: own.unknown ?? (doubt as Unknown) }];
  }
  if (standard !== undefined && (written.kind === 'standard' || isCertain)) {
    return onStandard(application, name, written.place, doubt);
  }
  return [service('TCP', 0, MAX_PORT, name, written.place, doubt)];
}

function onStandard(
  { standard = [] }: Application,
  text: string,
  place: Place,
  doubt: Unknown | undefined,
): Service[] {
  return standard.map(({ protocol, port }) =>
    protocol === 'ICMP'
      ? service('ICMP', 0, MAX_PORT, text, place, doubt)
      : service(protocol, port, port, text, place, doubt),
  );
}
