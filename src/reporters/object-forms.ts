/** What clusters need, as objects of an appliance: text that its operator pastes or lets it fetch. */

/** A requirement row, as far as it is needed here. */
export interface NeededRow {
  readonly id: string;
  readonly destinations?: readonly string[];
  /** One of these is enough. */
  readonly anyOf?: readonly string[];
  readonly protocol: string;
  readonly port: number;
  readonly applies: 'yes' | 'no' | 'unknown';
}

export interface ObjectForm {
  /** Ends in a line break. */
  readonly text: string;
  /** What the form cannot hold, finished sentences. */
  readonly notices: readonly string[];
}

export type ObjectFormat = 'panos' | 'panos-edl' | 'fortios' | 'fortios-feed' | 'checkpoint' | 'cisco-asa';

/** Names on one port. */
interface Service {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  /** Seen by name in web traffic. */
  readonly isWeb: boolean;
  readonly names: readonly string[];
}

interface Needed {
  readonly services: readonly Service[];
  readonly notices: readonly string[];
}

export function objectForm(format: ObjectFormat, rows: readonly NeededRow[]): ObjectForm {
  const needed = neededNames(rows);
  const lines = FORMS[format](needed.services);
  const notices = [...needed.notices, ...leftOut(format, needed.services)];
  const isList = format === 'panos-edl' || format === 'fortios-feed';
  const mark = format === 'cisco-asa' ? '!' : '#';
  // Lists take no comments, so that what they leave out is said beside them.
  const head = isList ? [] : notices.map((notice) => `${mark} ${notice}`);
  return { text: `${[...head, ...lines].join('\n')}\n`, notices: isList ? notices : [] };
}

function neededNames(rows: readonly NeededRow[]): Needed {
  const services = new Map<
    string,
    { transport: 'tcp' | 'udp'; port: number; isWeb: boolean; names: Set<string> }
  >();
  const notices: string[] = [];
  for (const { id, destinations, anyOf, protocol, port, applies } of rows) {
    if (applies === 'no') continue;
    const written = `${(destinations ?? anyOf ?? []).map((name) => `'${name}'`).join(anyOf === undefined ? ', ' : ' or ')} on ${protocol} ${port} (${id})`;
    if (applies === 'unknown') {
      notices.push(`Left out, as it is not known whether it is needed: ${written}.`);
      continue;
    }
    const names = (destinations ?? anyOf?.slice(0, 1) ?? []).map((name) => name.toLowerCase());
    if (!names.every((name) => NAME.test(name))) {
      notices.push(`Left out, as it is no name: ${written}.`);
      continue;
    }
    const transport = protocol === 'UDP' ? 'udp' : 'tcp';
    const key = `${transport} ${port}`;
    const isWeb = protocol === 'HTTP' || protocol === 'HTTPS';
    const known = services.get(key) ?? { transport, port, isWeb, names: new Set<string>() };
    services.set(key, known);
    for (const name of names) known.names.add(name);
  }
  const sorted = [...services.values()].sort((a, b) =>
    a.transport < b.transport ? -1 : a.transport > b.transport ? 1 : a.port - b.port,
  );
  return { services: sorted.map((one) => ({ ...one, names: [...one.names].sort() })), notices };
}

/** A host, or `*.` and a domain. */
const NAME = /^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}$/;

/** What the list form of a vendor has no place for. */
function leftOut(format: ObjectFormat, services: readonly Service[]): string[] {
  return services.flatMap(({ transport, port, isWeb, names }) => {
    const of = (wanted: readonly string[], why: string): string[] =>
      wanted.length === 0
        ? []
        : [
            `Left out, as ${why}: ${wanted.map((name) => `'${name}'`).join(', ')} on ${transport.toUpperCase()} ${port}.`,
          ];
    if (format === 'panos-edl' && !isWeb) return of(names, 'a list of URLs is for web traffic');
    if (format === 'panos' && !isWeb)
      return of(names.filter(isWildcard), 'an address object takes no wildcard');
    if (format === 'checkpoint' && !isWeb)
      return of(names.filter(isWildcard), 'a domain in FQDN mode takes no wildcard');
    return [];
  });
}

function isWildcard(name: string): boolean {
  return name.startsWith('*');
}

function nameOf({ transport, port }: Service): string {
  return `aks-egress-${transport}-${port}`;
}

const FORMS: Readonly<Record<ObjectFormat, (services: readonly Service[]) => readonly string[]>> = {
  panos: (services) =>
    services.flatMap((service) => {
      const name = nameOf(service);
      const port = `set service ${name} protocol ${service.transport} port ${service.port}`;
      if (service.isWeb) {
        // The slash ends the host, whatever the release appends.
        const urls = service.names.map((host) => `${host}/`).join(' ');
        return [
          port,
          `set profiles custom-url-category ${name} type "URL List"`,
          `set profiles custom-url-category ${name} list [ ${urls} ]`,
        ];
      }
      const hosts = service.names.filter((host) => !isWildcard(host));
      return [
        port,
        ...hosts.map((host) => `set address ${host} fqdn ${host}`),
        `set address-group ${name} static [ ${hosts.join(' ')} ]`,
      ];
    }),
  'panos-edl': (services) => [
    ...new Set(services.filter(({ isWeb }) => isWeb).flatMap(({ names }) => names.map((name) => `${name}/`))),
  ],
  fortios: (services) => [
    'config firewall address',
    ...[...new Set(services.flatMap(({ names }) => names))].flatMap((name) => [
      `    edit "${name}"`,
      '        set type fqdn',
      `        set fqdn "${name}"`,
      '    next',
    ]),
    'end',
    'config firewall addrgrp',
    ...services.flatMap((service) => [
      `    edit "${nameOf(service)}"`,
      `        set member ${service.names.map((name) => `"${name}"`).join(' ')}`,
      '    next',
    ]),
    'end',
    'config firewall service custom',
    ...services.flatMap((service) => [
      `    edit "${nameOf(service)}"`,
      `        set ${service.transport}-portrange ${service.port}`,
      '    next',
    ]),
    'end',
  ],
  'fortios-feed': (services) => [...new Set(services.flatMap(({ names }) => names))],
  checkpoint: (services) =>
    services.flatMap((service) => {
      const name = nameOf(service);
      const port = `mgmt_cli add service-${service.transport} name "${name}" port "${service.port}"`;
      if (service.isWeb) {
        const urls = service.names.map((host, at) => `url-list.${at + 1} "${host}"`).join(' ');
        return [
          port,
          `mgmt_cli add application-site name "${name}-sites" primary-category "Custom_Application_Site" ${urls} urls-defined-as-regular-expression false`,
        ];
      }
      const hosts = service.names.filter((host) => !isWildcard(host));
      return [port, ...hosts.map((host) => `mgmt_cli add dns-domain name ".${host}" is-sub-domain false`)];
    }),
  'cisco-asa': (services) => {
    const hosts = [...new Set(services.flatMap(({ names }) => names.filter((name) => !isWildcard(name))))];
    return [
      ...hosts.flatMap((host) => [`object network ${host}`, ` fqdn v4 ${host}`]),
      ...services.flatMap((service) => {
        const own = service.names.filter((name) => !isWildcard(name));
        const domains = service.names.filter(isWildcard);
        return [
          ...(own.length === 0
            ? []
            : [
                `object-group network ${nameOf(service)}`,
                ...own.map((host) => ` network-object object ${host}`),
              ]),
          ...(domains.length === 0
            ? []
            : [
                `object-group network-service ${nameOf(service)}-domains`,
                ...domains.map(
                  (domain) => ` domain ${domain.slice(2)} ${service.transport} eq ${service.port}`,
                ),
              ]),
        ];
      }),
    ];
  },
};
