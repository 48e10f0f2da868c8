import type { Cloud } from '../../model/policy.ts';

/** What the cells of a row say. */
export interface Printed {
  /** In the spelling of the data, without doubles, as printed: `*.hcp.<region>.azmk8s.io`, `AzureCloud.<region>`, `*`. */
  readonly destinations: readonly string[];
  /** Whether "or" stands between destinations. */
  readonly isOneOf: boolean;
  /** Clouds of destinations that name theirs, as in "(Azure Government)". */
  readonly clouds: ReadonlyMap<string, Cloud>;
  /** `HTTPS 443`, or `443` where no protocol is printed. */
  readonly services: readonly string[];
  readonly purpose: string;
}

/** A row that cannot be told: what is wrong with it, as a clause. */
export interface NotUnderstood {
  readonly why: string;
}

/** @param column of the destinations */
export function readRow(cells: readonly string[], column: number): Printed | NotUnderstood {
  const named = readDestinations(cells[column] ?? '');
  if (named.destinations.length === 0) return { why: 'it names no destination' };
  if (named.rest !== '') return { why: `'${named.rest}' in it is neither a destination nor words` };
  const others = cells.filter((_cell, at) => at !== column);
  const services = servicesOf(others.flatMap((cell) => readService(cell) ?? []));
  const purpose = others.filter((cell) => readService(cell) === undefined).join(' ');
  const ports = new Set(services.map(portOf));
  if (named.ports.length > 0 && ports.size > 0 && named.ports.some((port) => !ports.has(port))) {
    return {
      why: `it prints port ${named.ports.join(', ')} beside the destination and ${[...ports].join(', ')} in a cell of its own`,
    };
  }
  const protocols = others.flatMap((cell) => readService(cell)?.protocols ?? []);
  const printed =
    services.length > 0
      ? services
      : named.ports.flatMap((port) =>
          protocols.length === 0 ? [port] : protocols.map((protocol) => `${protocol} ${port}`),
        );
  if (printed.length === 0) return { why: 'it names no port' };
  const { destinations, isOneOf, clouds } = named;
  return { destinations, isOneOf, clouds, services: [...new Set(printed)], purpose: oneLine(purpose) };
}

export function portOf(service: string): string {
  return service.slice(service.lastIndexOf(' ') + 1);
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

interface Named extends Pick<Printed, 'destinations' | 'isOneOf' | 'clouds'> {
  /** Printed behind destinations: `*:1194`. */
  readonly ports: readonly string[];
  /** What looks like a destination and is none; empty where everything was understood. */
  readonly rest: string;
}

const LABEL = '(?:[\\w*-]|<[^<>\\s]+>)+';
/** Placeholders, addresses, names and tags with a region, tags alone, and everything. A port may follow. */
// What may not stand before a match keeps long cells from being read once for each of their characters.
const DESTINATION = new RegExp(
  [
    '<(?:region-cidrs|api-server-ip|custom-dns-ip)>',
    '\\d{1,3}(?:\\.\\d{1,3}){3}(?:/\\d{1,2})?',
    // The last label is no number: versions and dates have dots too. Some hosts were printed as `.example.com`.
    `(?<![\\w*.-])\\.?${LABEL}(?:\\.${LABEL})*\\.(?:[A-Za-z][\\w-]*|<[^<>\\s]+>)(?![\\w*])`,
    '(?<!\\w)[A-Z][A-Za-z]+(?=:\\d)',
    '(?<![\\w*])\\*(?=:\\d|\\s*$)',
  ]
    .map((one) => `(?:${one})`)
    .join('|')
    .replace(/^(.*)$/, '($1)(?::\\s*(\\d+))?'),
  'g',
);

/** Reads the cell that names destinations. */
export function readDestinations(cell: string): Named {
  const text = spelled(cell);
  const found = [...text.matchAll(DESTINATION)].map(({ 0: whole, 1: name = '', 2: port, index }) => ({
    destination: canonical(name),
    port,
    start: index,
    end: index + whole.length,
  }));
  const clouds = new Map<string, Cloud>();
  for (const { destination, end } of found) {
    const remark = /^\s*\(([^)]*)\)/.exec(text.slice(end))?.[1] ?? '';
    const cloud = cloudIn(remark);
    if (cloud !== undefined) clouds.set(destination, cloud);
  }
  const between = found.slice(1).map(({ start }, at) => text.slice(found[at]?.end, start));
  const rest = text.replaceAll(DESTINATION, ' ').replaceAll(/\([^)]*\)/g, ' ');
  return {
    destinations: [...new Set(found.map(({ destination }) => destination))],
    isOneOf: between.some((part) => /\bor\b|又は|または|或/i.test(part)),
    clouds,
    ports: [...new Set(found.flatMap(({ port }) => port ?? []))],
    rest: /[*<>{}$]|\d|\w\.\w|:\/\//.test(rest) ? oneLine(rest) : '',
  };
}

/** In the spelling of the data: what stands for a region, and for addresses that only the user knows. */
function spelled(cell: string): string {
  return cell
    .replaceAll(/https?:\/\//gi, '')
    .replaceAll(/(\.[a-z]{2,})\/[^\s,()]*/gi, '$1')
    .replaceAll(/\{([^{}\s]+)\}|<([^<>\s]+)>/g, (_whole, braced: string | undefined, angled = '') =>
      placeholder(braced ?? String(angled)),
    )
    .replaceAll('AzureCloud.Region', 'AzureCloud.<region>')
    .replaceAll(/\bRegion(?:al)? ?CIDRs(?=:)/g, '<region-cidrs>')
    .replaceAll('APIServerPublicIP', '<api-server-ip>')
    .replaceAll('CustomDNSIP', '<custom-dns-ip>');
}

function placeholder(name: string): string {
  return /region|location/i.test(name) ? '<region>' : `<${name.toLowerCase()}>`;
}

/** Service tags are written with a capital, hosts without. */
function canonical(name: string): string {
  return /^[A-Z][A-Za-z0-9]*(?:\.<region>)?$/.test(name) ? name : name.toLowerCase();
}

const CLOUD_WORDS: readonly (readonly [Cloud, RegExp])[] = [
  ['AzureChinaCloud', /21Vianet|China|Mooncake/i],
  ['AzureUSGovernment', /Government/i],
];

function cloudIn(remark: string): Cloud | undefined {
  return CLOUD_WORDS.find(([, words]) => words.test(remark))?.[0];
}

interface Service {
  readonly protocols: readonly string[];
  readonly ports: readonly string[];
  /** `HTTPS 443`, where the two stand together. */
  readonly pairs: readonly string[];
}

/** Reads a cell of nothing but protocols and ports; undefined for any other. */
export function readService(cell: string): Service | undefined {
  const text = cell.replaceAll(/[（(][^)）]*[)）]/g, (part) =>
    /^.(?:HTTPS?|TCP|UDP).$/i.test(part) ? part : ' ',
  );
  if (text.replaceAll(/HTTPS?|TCP|UDP|ICMP|\b(?:any|and|or)\b|\d+|[\s:/,;&()-]/gi, '') !== '')
    return undefined;
  // A day.
  if (/\d-\d+-\d/.test(text)) return undefined;
  const words = text.toUpperCase().match(/HTTPS?|TCP|UDP|ICMP|ANY|\d+(?:-\d+)?/g) ?? [];
  const protocols = words.filter((word) => /^[A-Z]/.test(word));
  const ports = words.filter((word) => /^\d/.test(word));
  if (words.length === 0) return undefined;
  // HTTPS:443, HTTP:80 are pairs; TCP, UDP: 53 is both with one port.
  const isPaired = protocols.length === ports.length;
  const pairs = protocols.flatMap((protocol, at) =>
    isPaired ? [`${protocol} ${ports[at] ?? ''}`] : ports.map((port) => `${protocol} ${port}`),
  );
  return { protocols, ports, pairs };
}

/** A protocol and a port in cells of their own belong together. */
function servicesOf(services: readonly Service[]): string[] {
  const pairs = services.flatMap((service) => service.pairs);
  if (pairs.length > 0) return pairs;
  const protocols = services.flatMap((service) => service.protocols);
  const ports = services.flatMap((service) => service.ports);
  return protocols.length === 0
    ? ports
    : protocols.flatMap((protocol) => ports.map((port) => `${protocol} ${port}`));
}
