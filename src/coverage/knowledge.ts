import { cloudOfHost } from '../azure/cloud-hosts.ts';
import { fqdnTag, fqdnTagHolds, fqdnTags } from '../azure/fqdn-tags.ts';
import {
  azureCloudTagRegion,
  cloudOfRegion,
  normaliseRegion,
  regionOfAzureCloudTag,
  regionsOf,
} from '../azure/regions.ts';
import { retiredAddress, retiredEndpoint } from '../azure/retired-endpoints.ts';
import { serviceTag, serviceTagNames, tagsForName } from '../azure/service-tags.ts';
import { editDistance, nearest } from '../profile/did-you-mean.ts';
import { isWildcard, nameContains } from '../model/name.ts';
import type { Cloud } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import { tagBase, type Knowledge } from './match.ts';
import { meantTag, tagAddresses, type TagList } from './tag-addresses.ts';

/**
 * The dated facts of src/azure as matching and the endpoint checks need them, for one cloud and, where `asOf` names one, as
 * they were on a day.
 */
export function endpointFacts(cloud: Cloud, asOf?: string, list?: TagList): EndpointFacts {
  return {
    cloud,
    regions: new Set(regionsOf(cloud)),
    retired(pattern) {
      const known = retiredEndpoint(pattern, cloud, asOf);
      // A name that never was a host is the apex of the wildcard that was meant.
      return known?.kind === 'never' ? undefined : known;
    },
    retiredAddress: (text) => retiredAddress(text),
    otherCloud(pattern) {
      const host = cloudOfHost(pattern);
      if (host === undefined || host.usedIn.includes(cloud)) return undefined;
      return { cloud: host.cloud, counterpart: host.counterparts[cloud] ?? '' };
    },
    knowsServiceTag: (tag) => serviceTag(tag) !== undefined || list?.has(tag) === true,
    isNoServiceTag: (tag) => isNoServiceTag(tag, list),
    meantServiceTag: (tag) => (list === undefined ? undefined : meantTag(tag, list)),
    isNoFqdnTag,
    knowsFqdnTag: (tag) => fqdnTag(tag) !== undefined,
    regionOfTag: (region) => regionOfAzureCloudTag(normaliseRegion(region)),
    tagOfRegion: azureCloudTagRegion,
  };
}

/** Azure adds tags: one that the data does not hold is none only if it holds a wildcard, is of the other kind or a slip. */
function isNoServiceTag(tag: string, list: TagList | undefined): boolean {
  if (hasSymbol(tag)) return false;
  if (list?.has(tag) === true) return false;
  if (list !== undefined && meantTag(tag, list) !== undefined) return true;
  if (!/^[\w.]+$/.test(tag)) return true;
  const known = serviceTag(tag);
  if (known !== undefined) return known.region !== undefined && misspelledRegion(known.region) !== undefined;
  if (fqdnTag(tag) !== undefined) return true;
  const [name = '', ...suffix] = tag.split('.');
  const whole = suffix.length > 0 ? name : tag;
  return serviceTag(whole) === undefined && nearest(whole, serviceTagNames()) !== undefined;
}

/** The region that a tag's suffix is a slip of; undefined for a region, and for one that may be newer than the data. */
function misspelledRegion(suffix: string): string | undefined {
  if (cloudOfRegion(regionOfAzureCloudTag(suffix)) !== undefined) return undefined;
  const digits = suffix.replaceAll(/\D/g, '');
  return CLOUDS.flatMap(regionsOf).find(
    (region) => region.replaceAll(/\D/g, '') === digits && editDistance(suffix, region, 1) <= 1,
  );
}

function isNoFqdnTag(tag: string): boolean {
  if (hasSymbol(tag) || fqdnTag(tag) !== undefined) return false;
  return !/^[\w.]+$/.test(tag) || serviceTag(tag) !== undefined || nearest(tag, fqdnTags()) !== undefined;
}

const CLOUDS: readonly Cloud[] = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'];

/** Tags of addresses that many services share. */
const SHARED_TAGS = /^(azurecloud|internet|azurefrontdoor\.\w+)$/;

/**
 * Web categories that Microsoft's and its partners' hosts may be in. Whether a host is in one is decided by a service that
 * cannot be asked offline. https://learn.microsoft.com/azure/firewall/web-categories
 */
const PLAUSIBLE_CATEGORIES = new Set([
  'business',
  'computersandtechnology',
  'informationsecurity',
  'peertopeer',
  'searchenginesandportals',
  'webrepositoryandstorage',
  'general',
  'uncategorized',
  // As Palo Alto Networks calls them: https://docs.paloaltonetworks.com (URL categories)
  'computerandinternetinfo',
  'businessandeconomy',
  'contentdeliverynetworks',
  'onlinestorageandbackup',
  'searchengines',
  'internetportals',
  'sharewareandfreeware',
  'lowrisk',
  // As Check Point calls them.
  'computersinternet',
  'businesseconomy',
  'softwaredownloads',
  'searchenginesportals',
  'filestorageandsharing',
  'webservices',
]);

export interface KnowledgeOptions {
  readonly cloud: Cloud;
  /** Names that resolve to private addresses in this network, by configuration. */
  readonly privateNames: readonly string[];
  /** Where one was given. */
  readonly tagList?: TagList | undefined;
}

/** For requirements whose region is filled: what a tag holds is known by the row that lists the host. */
export function knowledgeFor(requirements: readonly Requirement[], options: KnowledgeOptions): Knowledge {
  const rows = requirements.flatMap(({ row, feature, targets }) =>
    targets
      .filter((target) => target.kind === 'name')
      .map((target) => ({ host: target.destination.toLowerCase(), row, feature })),
  );
  const wildcards = rows.filter(({ host }) => isWildcard(host));
  const byHost = new Map<string, typeof rows>();
  for (const row of rows)
    if (!isWildcard(row.host)) byHost.set(row.host, [...(byHost.get(row.host) ?? []), row]);
  const held = new Map<string, 'yes' | 'maybe' | 'no'>();
  const tagSets = new Map<string, readonly (readonly string[])[]>();
  const { tagList } = options;
  const tagsOfName = (pattern: string): readonly (readonly string[])[] => {
    const known = tagSets.get(pattern);
    if (known !== undefined) return known;
    const sets = tagsForName(pattern, options.cloud)
      .filter(({ certainty }) => certainty === 'documented')
      .map(({ tags }) => tags.map((tag) => tag.toLowerCase()));
    tagSets.set(pattern, sets);
    return sets;
  };
  return {
    tags: tagList && tagAddresses({ list: tagList, requirements, tagsOfName }),
    fqdnTagHolds(tag, pattern) {
      const key = `${tag.toLowerCase()} ${pattern}`;
      const known = held.get(key);
      if (known !== undefined) return known;
      const around = wildcards.filter(({ host }) => nameContains(host, pattern));
      const found = [...(byHost.get(pattern) ?? []), ...around];
      const answers = (found.length === 0 ? [{ row: undefined, feature: undefined }] : found).map(
        ({ row, feature }) => fqdnTagHolds(tag, { pattern, row, feature }).holds,
      );
      const answer = answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
      held.set(key, answer);
      return answer;
    },
    tagsOfName,
    tagMayHold(tag, pattern) {
      const base = tagBase(tag);
      if (isNoServiceTag(tag, tagList)) return false;
      return (
        SHARED_TAGS.test(base) ||
        tagsForName(pattern, options.cloud).some(({ tags }) => tags.some((one) => one.toLowerCase() === base))
      );
    },
    isServiceTag: (tag) => !isNoServiceTag(tag, tagList),
    webCategoryMayHold: (category) =>
      PLAUSIBLE_CATEGORIES.has(category.toLowerCase().replaceAll(/[^a-z]/g, '')),
    isPrivateName: (pattern) =>
      options.privateNames.some((name) => nameContains(name.toLowerCase(), pattern)),
  };
}
