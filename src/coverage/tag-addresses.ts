import { azureCloudTagRegion, cloudOfRegion, regionOfAzureCloudTag, regionsOf } from '../azure/regions.ts';
import { cidrsOf } from '../model/cidr.ts';
import { ipContains, ipIntersect, ipIsEmpty, ipUnite, type IpSet } from '../model/ip-space.ts';
import type { Cloud } from '../model/policy.ts';
import { serviceTag } from '../azure/service-tags.ts';
import { hasSymbol } from '../model/symbol.ts';
import { editDistance } from '../profile/did-you-mean.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import type { Flow } from './flow.ts';
import { tagBase } from './match.ts';

/**
 * Service tags as addresses, for runs to which Microsoft's list was given. Rules by address, tags of rules and what AKS needs
 * then meet exactly; without the list a tag is equal to itself and no more is known of it.
 */

/** What a list of service tags says; parsers/azure-lists reads one. */
export interface TagList {
  readonly cloud: Cloud;
  /** Its number, as it is called in messages: "change 375". */
  readonly name: string;
  has(tag: string): boolean;
  /** Both families; undefined where the list does not have the tag. */
  addresses(tag: string): IpSet | undefined;
  /** Tags of single regions, as the list writes them. */
  regional(base: string): readonly string[];
  /** A region as AzureCloud tags of the list spell it. */
  spellingOf(region: string): string | undefined;
}

/** Addresses of tags, and of what is known to lie behind tags. IPv4 only: see `resolved`. */
export interface TagAddresses {
  readonly list: TagList;
  /** Undefined where the list does not have the tag, and where it holds nothing of IPv4. */
  ofTag(tag: string): IpSet | undefined;
  /** Every address that a name may have, by the tags that are documented to hold it. */
  ofName(pattern: string): IpSet | undefined;
  /** Those tags, for messages. */
  tagsOfName(pattern: string): readonly string[];
  /** Every address that the API server may have: those of its region, or of each of them. */
  readonly apiServer: IpSet | undefined;
  /** The tags of that region or those regions, for messages. */
  readonly regionName: string;
}

export interface TagAddressOptions {
  readonly list: TagList;
  /** Their regions filled: the AzureCloud tags among them tell the region. */
  readonly requirements: readonly Requirement[];
  /** Sets of tags that each hold the name, base names in lower case. */
  readonly tagsOfName: (pattern: string) => readonly (readonly string[])[];
}

export function tagAddresses({ list, requirements, tagsOfName }: TagAddressOptions): TagAddresses {
  const tags = new Map<string, IpSet | undefined>();
  const ofTag = (tag: string): IpSet | undefined => {
    const key = tag.toLowerCase();
    if (!tags.has(key)) tags.set(key, addressesIn(list, tag));
    return tags.get(key);
  };
  const names = new Map<string, IpSet | undefined>();
  const regions = new Set(regionsOf(list.cloud));
  /** A host whose name has a region is there: *.hcp.westeurope.azmk8s.io is in AzureCloud.westeurope. */
  const tagFor = (tag: string, pattern: string): string => {
    const name = serviceTag(tag)?.name ?? tag;
    const region = tag === 'azurecloud' ? pattern.split('.').find((label) => regions.has(label)) : undefined;
    const regional = region === undefined ? undefined : `${name}.${azureCloudTagRegion(region)}`;
    return regional !== undefined && ofTag(regional) !== undefined ? regional : name;
  };
  const own = regionTags(requirements);
  return {
    list,
    ofTag,
    ofName(pattern) {
      if (names.has(pattern)) return names.get(pattern);
      const sets = tagsOfName(pattern).flatMap(
        (tags) => uniteAll(tags.map((tag) => ofTag(tagFor(tag, pattern)))) ?? [],
      );
      const [first, ...others] = sets;
      const set = first && others.reduce(ipIntersect, first);
      const known = set === undefined || ipIsEmpty(set) ? undefined : set;
      names.set(pattern, known);
      return known;
    },
    tagsOfName: (pattern) => (tagsOfName(pattern)[0] ?? []).map((tag) => tagFor(tag, pattern)),
    apiServer: uniteAll(own.map(ofTag)),
    regionName: own.join(' or '),
  };
}

function addressesIn(list: TagList, tag: string): IpSet | undefined {
  if (hasSymbol(tag)) return undefined;
  const all = list.addresses(tag) ?? list.addresses(respelled(tag, list));
  return all === undefined || all.v4.length === 0 ? undefined : { v4: all.v4, v6: [] };
}

/** AzureCloud tags may spell a region that is newer than the data in a way of their own. */
function respelled(tag: string, list: TagList): string {
  const dot = tag.lastIndexOf('.');
  if (tagBase(tag) !== 'azurecloud' || dot < 0) return tag;
  return `${tag.slice(0, dot)}.${list.spellingOf(tag.slice(dot + 1)) ?? ''}`;
}

/** Undefined where one of them is not known, and where there is none. */
function uniteAll(sets: readonly (IpSet | undefined)[]): IpSet | undefined {
  const known = sets.filter((set) => set !== undefined);
  const [first, ...others] = known;
  return first === undefined || known.length < sets.length ? undefined : others.reduce(ipUnite, first);
}

/** `AzureCloud.westeurope`, of the region or each of the regions for which the rows are filled. */
function regionTags(requirements: readonly Requirement[]): string[] {
  const tags = requirements.flatMap(({ targets }) =>
    targets.flatMap(({ kind, destination }) =>
      kind === 'service-tag' && tagBase(destination) === 'azurecloud' && destination.includes('.')
        ? [destination]
        : [],
    ),
  );
  return [...new Set(tags)];
}

/** The addresses that a target may mean, for judging what rules by address are for. */
export function addressesOfTarget(target: Target, tags: TagAddresses): IpSet | undefined {
  switch (target.kind) {
    case 'service-tag':
      return tags.ofTag(target.destination);
    case 'name':
      return tags.ofName(target.destination.toLowerCase());
    case 'unknown-address':
      return isInRegion(target) ? tags.apiServer : undefined;
    case 'address':
    case 'any':
      return undefined;
  }
}

interface Resolving {
  readonly tags?: TagAddresses | undefined;
  /** What has a private address is behind no service tag. */
  readonly isPrivateName: (pattern: string) => boolean;
}

const REGION_CIDRS = '<region-cidrs>';

/** Every address of the cluster's region. */
export function isWholeRegion({ destination }: Target): boolean {
  return destination === REGION_CIDRS;
}

/** Of addresses that only the user knows, those that are in the cluster's region. */
function isInRegion(target: Target): boolean {
  return isWholeRegion(target) || target.destination === '<api-server-ip>';
}

/**
 * The flow with the addresses that its destination has or may have. Sources with IPv6 addresses are left alone: Azure
 * Firewall filters IPv4, and a tag's prefixes of the one family are no destinations of sources of the other.
 */
export function resolved(flow: Flow, target: Target, { tags, isPrivateName }: Resolving): Flow {
  const { destination } = flow;
  if (tags === undefined || flow.sources.ip.v6.length > 0) return flow;
  if (destination.kind === 'name' && isPrivateName(destination.pattern)) return flow;
  const set = addressesOfTarget(target, tags);
  if (set === undefined) return flow;
  switch (destination.kind) {
    case 'service-tag':
      return { ...flow, destination: { kind: 'address', set, tag: destination.tag } };
    case 'name':
      return { ...flow, destination: { ...destination, within: set } };
    case 'unknown-address':
      return isWholeRegion(target)
        ? { ...flow, destination: { kind: 'address', set, tag: `AzureCloud.${destination.region}` } }
        : { ...flow, destination: { ...destination, within: set } };
    case 'address':
      return flow;
  }
}

/** Does one tag hold all of the other, or nothing? Undefined where the list does not have both, or where it holds some. */
export function tagHoldsTag(outer: string, inner: string, tags: TagAddresses): boolean | undefined {
  const a = tags.ofTag(outer);
  const b = tags.ofTag(inner);
  if (a === undefined || b === undefined) return undefined;
  if (ipContains(a, b)) return true;
  return ipIsEmpty(ipIntersect(a, b)) ? false : undefined;
}

/**
 * The tag that was meant by one whose region the list spells otherwise: `AzureCloud.centralfrance` for
 * `AzureCloud.FranceCentral`. Undefined for a tag that the list has, and where nothing comes close.
 */
export function meantTag(tag: string, list: TagList): string | undefined {
  const known = MEANT.get(list) ?? new Map<string, string | undefined>();
  MEANT.set(list, known);
  if (!known.has(tag)) known.set(tag, findMeant(tag, list));
  return known.get(tag);
}

/** A tag of a rule is asked for by every flow. */
const MEANT = new WeakMap<TagList, Map<string, string | undefined>>();

function findMeant(tag: string, list: TagList): string | undefined {
  const dot = tag.lastIndexOf('.');
  const base = tag.slice(0, Math.max(dot, 0));
  if (list.has(tag) || base === '' || hasSymbol(tag)) return undefined;
  const region = tag.slice(dot + 1).toLowerCase();
  const suffixes = new Map(list.regional(base).map((name) => [name.slice(dot + 1).toLowerCase(), name]));
  const irregular = suffixes.get(list.spellingOf(region) ?? azureCloudTagRegion(region));
  if (irregular !== undefined) return irregular;
  // A region that is newer than the list is no slip: neither is another number, nor a name that is known.
  if (cloudOfRegion(regionOfAzureCloudTag(region)) !== undefined) return undefined;
  const digits = region.replaceAll(/\D/g, '');
  const slip = [...suffixes.keys()].find(
    (suffix) => suffix.replaceAll(/\D/g, '') === digits && editDistance(region, suffix, 1) <= 1,
  );
  return slip === undefined ? undefined : suffixes.get(slip);
}

/** Addresses for a message. */
export function addressesText(set: IpSet): string {
  const blocks = cidrsOf(set);
  const shown = blocks.slice(0, MOST_BLOCKS).join(', ');
  return blocks.length > MOST_BLOCKS ? `${shown} and ${blocks.length - MOST_BLOCKS} more` : shown;
}

/** Blocks that a message names before it counts the rest; the report has all of them. */
const MOST_BLOCKS = 5;
