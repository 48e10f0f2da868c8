import { InputError } from '../../errors.ts';
import type { Place } from '../../model/place.ts';
import { member, readList, type ListFile, type ListInput } from './list-file.ts';

/** One port of one endpoint that Azure lists for a cluster. */
export interface ListedEndpoint {
  /** As the list groups them: `images`, `apiserver`, `addon-monitoring`. */
  readonly category: string;
  /** Host or pattern in lower case, or an address where the list has no name. */
  readonly destination: string;
  readonly protocol: ListedProtocol;
  readonly port: number;
  /** What the list says of it; '' where it says nothing. */
  readonly description: string;
  readonly place: Place;
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'UDP'] as const;
type ListedProtocol = (typeof PROTOCOLS)[number];

export interface EgressEndpoints {
  readonly path: string;
  readonly text: string;
  readonly endpoints: readonly ListedEndpoint[];
  /** Only a page: Azure has more than the file. */
  readonly isPage: boolean;
  /** Hosts that are listed without a port, so that nothing can be asked of a rule. */
  readonly withoutPort: readonly string[];
}

const EXPECTED =
  'expected a cluster’s list of egress endpoints, as `az aks egress-endpoints list -o json` prints it, REST (outboundNetworkDependenciesEndpoints) answers it, or Get-AzAksManagedClusterOutboundNetworkDependencyEndpoint | ConvertTo-Json -Depth 5 writes it';

/** Host names and patterns; `*` alone is any destination. */
const HOST = /^(?:\*|[a-z0-9_*](?:[a-z0-9_*.-]*[a-z0-9_])?|[0-9a-f:.]+(?:\/\d{1,3})?)$/;

/**
 * Reads the list of endpoints that Azure says a cluster's nodes connect to: a bare array of categories, an answer of REST
 * with `value`, several such pages in an array, or the objects of PowerShell, whose names have capitals and no plural.
 * https://learn.microsoft.com/rest/api/aks/managed-clusters/list-outbound-network-dependencies-endpoints
 * @throws {InputError} for anything else, and for an empty list
 */
export function readEgressEndpoints(file: ListInput): EgressEndpoints {
  const data = readList(file, EXPECTED);
  const reader = new Reader(data);
  const isPage = reader.read(data.root, '');
  if (reader.endpoints.length === 0 && reader.withoutPort.length === 0) {
    throw new InputError(file.path, `lists no endpoints; ${EXPECTED}`);
  }
  const { endpoints, withoutPort } = reader;
  return { path: data.path, text: data.text, endpoints, isPage, withoutPort };
}

class Reader {
  readonly endpoints: ListedEndpoint[] = [];
  readonly withoutPort: string[] = [];
  readonly #data: ListFile;
  readonly #seen = new Set<string>();

  constructor(data: ListFile) {
    this.#data = data;
  }

  /** Categories, a page of them or several pages; whether a page says that there are more. */
  read(value: unknown, pointer: string): boolean {
    if (Array.isArray(value)) {
      const pages = value.map((item: unknown, at) => this.read(item, `${pointer}/${at}`));
      return pages.at(-1) === true;
    }
    const rows = member(value, 'value');
    if (Array.isArray(rows)) {
      const name = Object.hasOwn(value as object, 'value') ? 'value' : 'Value';
      rows.forEach((row: unknown, at) => {
        this.#category(row, `${pointer}/${name}/${at}`);
      });
      const further = member(value, 'nextLink');
      return typeof further === 'string' && further !== '';
    }
    this.#category(value, pointer);
    return false;
  }

  #category(value: unknown, pointer: string): void {
    const category = member(value, 'category');
    const [key, endpoints] = either(value, ['endpoints', 'endpoint']);
    if (typeof endpoints === 'string') throw this.#cutOff(`${pointer}/${key}`, endpoints);
    if (typeof category !== 'string' || (endpoints !== undefined && endpoints !== null && !isList(endpoints)))
      throw pointer === '' ? this.#data.unexpected() : this.#unexpected(pointer, 'no category of endpoints');
    for (const [at, endpoint] of listOf(endpoints, `${pointer}/${key}`))
      this.#endpoint(endpoint, category, at);
  }

  #endpoint(value: unknown, category: string, pointer: string): void {
    const name = member(value, 'domainName');
    const [key, details] = either(value, ['endpointDetails', 'endpointDetail']);
    if (typeof value !== 'object' || value === null) throw this.#cutOff(pointer, value);
    const all = listOf(details, `${pointer}/${key}`);
    if (all.length === 0 && typeof name === 'string' && name !== '') this.withoutPort.push(name);
    for (const [at, detail] of all) {
      if (typeof detail !== 'object' || detail === null) throw this.#cutOff(at, detail);
      const address = member(detail, 'ipAddress') ?? member(detail, 'iPAddress');
      const destination = [name, address].find((one) => typeof one === 'string' && one.trim() !== '');
      if (typeof destination !== 'string') throw this.#unexpected(pointer, 'no domainName');
      const host = destination.trim().toLowerCase().replace(/\.$/, '');
      if (!HOST.test(host))
        throw this.#error(
          pointer,
          `'${destination}' is no host name; expected one such as mcr.microsoft.com`,
        );
      const described = member(detail, 'description');
      this.#add({
        category,
        destination: host,
        protocol: this.#protocol(member(detail, 'protocol'), at),
        port: this.#port(member(detail, 'port'), at),
        description: typeof described === 'string' ? described : '',
        place: { path: this.#data.path, pointer: this.#data.at + pointer },
      });
    }
  }

  #add(endpoint: ListedEndpoint): void {
    const { category, destination, protocol, port } = endpoint;
    const key = `${category} ${destination} ${protocol} ${port}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.endpoints.push(endpoint);
  }

  #protocol(written: unknown, pointer: string): ListedProtocol {
    const protocol = PROTOCOLS.find((known) => known === String(written).toUpperCase());
    if (protocol !== undefined) return protocol;
    throw this.#error(pointer, `the protocol is ${shown(written)}; expected ${PROTOCOLS.join(', ')}`);
  }

  #port(written: unknown, pointer: string): number {
    const port = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : written;
    if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) return port;
    throw this.#error(pointer, `the port is ${shown(written)}; expected a number from 1 to 65535`);
  }

  #unexpected(pointer: string, found: string): InputError {
    return this.#error(pointer, `${found} here; ${EXPECTED}`);
  }

  #cutOff(pointer: string, found: unknown): InputError {
    return typeof found === 'string'
      ? this.#error(
          pointer,
          `the list ends here in a text: ConvertTo-Json leaves out what is nested deeper than it was told. Write it with ConvertTo-Json -Depth 5`,
        )
      : this.#unexpected(pointer, 'no endpoint');
  }

  #error(pointer: string, message: string): InputError {
    return this.#data.error(pointer, message);
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function isList(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The first of the names that the object has, as it writes it, and its value. */
function either(value: unknown, names: readonly string[]): [key: string, value: unknown] {
  for (const name of names) {
    const found = member(value, name);
    if (found === undefined) continue;
    const isPlain = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return [isPlain ? name : name.charAt(0).toUpperCase() + name.slice(1), found];
  }
  return [names[0] ?? '', undefined];
}

/** Members with their pointers; PowerShell writes a list of one as its member. */
function listOf(value: unknown, pointer: string): [pointer: string, value: unknown][] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [[pointer, value]];
  return value.map((item: unknown, at): [string, unknown] => [`${pointer}/${at}`, item]);
}
