import { parseIpRange } from '../../model/address.ts';
import { ipSetOf, type IpSet } from '../../model/ip-space.ts';
import type { Cloud, IpRange } from '../../model/policy.ts';
import { member, readList, type ListFile, type ListInput } from './list-file.ts';

/**
 * Microsoft's lists of service tags: the weekly file ServiceTags_*.json, and the answer of the REST operation Service Tags -
 * List, as `az network list-service-tags -o json` prints it too.
 * https://www.microsoft.com/download/details.aspx?id=56519
 * https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list
 */
export interface ServiceTags {
  readonly path: string;
  readonly cloud: Cloud;
  /** As the file writes the cloud: `Public`. */
  readonly cloudName: string;
  /** Of the whole list, as written; '' where it has none. */
  readonly change: string;
  has(tag: string): boolean;
  /**
   * Every address of the tag, both families; undefined where the file has no such tag. Compared without case.
   * @throws {InputError} where the file has something else than addresses there
   */
  addresses(tag: string): IpSet | undefined;
  /** Tags of single regions of a tag, as the file writes them: `Storage.FranceCentral`, `AzureCloud.centralfrance`. */
  regional(base: string): readonly string[];
  /**
   * A region as AzureCloud tags spell it, which the properties of every regional tag tell: `centralfrance` for francecentral,
   * since Storage.FranceCentral has the region centralfrance. Undefined where no tag is of the region.
   */
  spellingOf(region: string): string | undefined;
}

/** As the files name clouds; Germany's was closed in 2021. */
const CLOUDS: ReadonlyMap<string, Cloud> = new Map([
  ['public', 'AzureCloud'],
  ['azurecloud', 'AzureCloud'],
  ['china', 'AzureChinaCloud'],
  ['azurechinacloud', 'AzureChinaCloud'],
  ['azurechina', 'AzureChinaCloud'],
  ['azuregovernment', 'AzureUSGovernment'],
  ['azureusgovernment', 'AzureUSGovernment'],
  ['usgovernment', 'AzureUSGovernment'],
  ['usgov', 'AzureUSGovernment'],
]);

const EXPECTED =
  'expected Microsoft’s list of service tags, {"changeNumber": …, "cloud": "Public", "values": […]}, from https://www.microsoft.com/download/details.aspx?id=56519 or `az network list-service-tags --location <region> -o json`';

interface Tag {
  /** As the file writes it. */
  readonly name: string;
  readonly prefixes: unknown;
  /** As its properties write it. */
  readonly region: unknown;
  readonly index: number;
}

/**
 * Reads a list of service tags. The addresses of a tag are read when it is asked for: there are some three thousand tags, and
 * a run needs a handful.
 * @throws {InputError} for anything else than such a list
 */
export function readServiceTags(file: ListInput): ServiceTags {
  const data = readList(file, EXPECTED);
  const values = member(data.root, 'values');
  if (!Array.isArray(values)) throw data.unexpected();
  const cloudName = member(data.root, 'cloud');
  const cloud = typeof cloudName === 'string' ? CLOUDS.get(cloudName.toLowerCase()) : undefined;
  if (typeof cloudName !== 'string' || cloud === undefined) {
    const found = typeof cloudName === 'string' ? `is '${cloudName}'` : 'is missing';
    throw data.error('/cloud', `the cloud ${found}; expected Public, China or AzureGovernment`);
  }
  if (values.length === 0) throw data.error('/values', `the list of service tags is empty; ${EXPECTED}`);
  const further = member(data.root, 'nextLink');
  if (typeof further === 'string' && further !== '') {
    throw data.error('/nextLink', 'only a page of the list of service tags; expected all of it');
  }
  const change = member(data.root, 'changeNumber');
  return new TagFile(data, tagsOf(values, data), {
    cloud,
    cloudName,
    change: typeof change === 'number' || typeof change === 'string' ? String(change) : '',
  });
}

function tagsOf(values: readonly unknown[], data: ListFile): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  values.forEach((value, index) => {
    const name = member(value, 'name');
    if (typeof name !== 'string' || name === '') {
      throw data.error(
        `/values/${index}`,
        'a service tag has no name; expected {"name": …, "properties": {…}}',
      );
    }
    const properties = member(value, 'properties');
    const prefixes = member(properties, 'addressPrefixes');
    const known = tags.get(name.toLowerCase());
    if (known === undefined) {
      tags.set(name.toLowerCase(), { name, prefixes, region: member(properties, 'region'), index });
    } else if (sortedText(known.prefixes) !== sortedText(prefixes)) {
      throw data.error(
        `/values/${index}`,
        `the service tag '${name}' stands here a second time, with other addresses than in values[${known.index}]; expected each tag once`,
      );
    }
  });
  return tags;
}

/** In whatever order it is written. */
function sortedText(prefixes: unknown): string {
  return JSON.stringify(Array.isArray(prefixes) ? prefixes.map(String).sort() : prefixes);
}

class TagFile implements ServiceTags {
  readonly path: string;
  readonly cloud: Cloud;
  readonly cloudName: string;
  readonly change: string;
  readonly #data: ListFile;
  readonly #tags: ReadonlyMap<string, Tag>;
  readonly #addresses = new Map<string, IpSet>();
  #spellings: Map<string, string> | undefined;

  constructor(
    data: ListFile,
    tags: ReadonlyMap<string, Tag>,
    about: Pick<ServiceTags, 'cloud' | 'cloudName' | 'change'>,
  ) {
    this.path = data.path;
    this.cloud = about.cloud;
    this.cloudName = about.cloudName;
    this.change = about.change;
    this.#data = data;
    this.#tags = tags;
  }

  has(tag: string): boolean {
    return this.#tags.has(tag.toLowerCase());
  }

  addresses(tag: string): IpSet | undefined {
    const key = tag.toLowerCase();
    const entry = this.#tags.get(key);
    if (entry === undefined) return undefined;
    let known = this.#addresses.get(key);
    if (known === undefined) {
      known = ipSetOf(this.#rangesOf(entry));
      this.#addresses.set(key, known);
    }
    return known;
  }

  #rangesOf({ name, prefixes, index }: Tag): IpRange[] {
    const at = `/values/${index}/properties/addressPrefixes`;
    if (!Array.isArray(prefixes)) {
      throw this.#data.error(`/values/${index}`, `the service tag '${name}' has no list of addressPrefixes`);
    }
    return prefixes.map((prefix: unknown, position) => {
      const range = typeof prefix === 'string' ? parseIpRange(prefix) : undefined;
      if (range !== undefined) return range;
      throw this.#data.error(
        `${at}/${position}`,
        `${JSON.stringify(prefix)} of the service tag '${name}' is no address block; expected one such as 192.0.2.0/24`,
      );
    });
  }

  regional(base: string): readonly string[] {
    const start = `${base.toLowerCase()}.`;
    return [...this.#tags].flatMap(([key, { name }]) => (key.startsWith(start) ? [name] : []));
  }

  spellingOf(region: string): string | undefined {
    if (this.#spellings === undefined) {
      this.#spellings = new Map();
      for (const [key, tag] of this.#tags) {
        const spelled = tag.region;
        if (typeof spelled !== 'string' || spelled === '') continue;
        this.#spellings.set(key.slice(key.lastIndexOf('.') + 1), spelled.toLowerCase());
      }
    }
    return this.#spellings.get(region.toLowerCase());
  }
}
