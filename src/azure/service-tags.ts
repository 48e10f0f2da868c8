import data from '../../rules/azure/service-tags.json' with { type: 'json' };
import { nameContains } from '../model/name.ts';
import type { Cloud } from '../model/policy.ts';

export interface ServiceTag {
  /** As Azure writes it, without region: `Storage`, `AzureFrontDoor.FirstParty`. */
  readonly name: string;
  /** Lower case; absent for the whole cloud. */
  readonly region?: string;
  readonly regional: boolean;
  /** Can Azure Firewall use it as a destination? */
  readonly firewall: boolean;
}

interface TagEntry {
  readonly name: string;
  readonly regional: boolean;
  readonly firewall: boolean;
}

const BY_NAME: ReadonlyMap<string, TagEntry> = new Map(data.tags.map((tag) => [tag.name.toLowerCase(), tag]));

/**
 * The service tag that a text names, split from its region; undefined for what is none. Compared without case.
 * `AzureFrontDoor.FirstParty` is a name with a dot, `Storage.WestEurope` a tag with a region; a region is taken as written.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview
 */
export function serviceTag(text: string): ServiceTag | undefined {
  const plain = text.toLowerCase();
  const exact = BY_NAME.get(plain);
  if (exact !== undefined) return exact;
  const dot = plain.lastIndexOf('.');
  const tag = BY_NAME.get(plain.slice(0, Math.max(dot, 0)));
  const region = plain.slice(dot + 1);
  return tag?.regional === true && region !== '' ? { ...tag, region } : undefined;
}

/** Names of every service tag, for suggestions. */
export function serviceTagNames(): readonly string[] {
  return data.tags.map(({ name }) => name);
}

export interface TagsOfName {
  /** Tags that together hold the name's addresses: all of them must be open. */
  readonly tags: readonly string[];
  readonly certainty: 'documented' | 'likely';
  readonly source: { readonly document: string; readonly url: string; readonly read: string };
}

/**
 * Sets of service tags, each of which is said to hold every address of the name or pattern in the cloud. A region's tag is
 * enough only where the name's server is in that region, which the name rarely tells.
 */
export function tagsForName(pattern: string, cloud: Cloud): TagsOfName[] {
  const plain = pattern.toLowerCase();
  return data.names
    .filter(({ hosts, clouds }) => clouds.includes(cloud) && hosts.some((host) => nameContains(host, plain)))
    .flatMap(({ tags, certainty, source }) =>
      tags.map((set): TagsOfName => ({
        tags: set,
        certainty: certainty === 'documented' ? 'documented' : 'likely',
        source,
      })),
    );
}
