import {
  ipCount,
  ipIsEmpty,
  ipOverlaps,
  ipSubtract,
  NOT_PUBLIC,
  rangeSet,
  type IpSet,
} from '../model/ip-space.ts';
import type { Destination, Rule } from '../model/policy.ts';
import type { Endpoint } from './entry-endpoint.ts';
import { tagBase, type Knowledge } from './match.ts';
import { serviceMeets, tagAddressesOf, type Meeting, type Need, type Needs } from './needs.ts';
import { addressesText } from './tag-addresses.ts';

/** Addresses that somebody wrote down for a service tag, and that the tag does not hold, or not any more. */

interface StaleContext {
  readonly needs: Needs;
  readonly knowledge: Knowledge;
}

/**
 * An address or block among those of a service tag: most of the rule's public addresses are the tag's, and no part of this
 * one is. Undefined for anything else, and where no list of service tags was given.
 */
export function staleAddress(
  rule: Rule,
  destination: Destination,
  met: readonly { readonly need: Need; readonly meeting: Meeting }[],
  { needs, knowledge }: StaleContext,
): Endpoint | undefined {
  const { tags } = knowledge;
  if (tags === undefined || destination.kind !== 'range') return undefined;
  // An address that nobody gave, and that is not needed any more, may be any.
  if (met.some(({ need, meeting }) => need.state === 'active' || meeting !== 'maybe')) return undefined;
  if (publicPart(destination) === undefined) return undefined;
  const tag = tagOfRule(rule, needs, knowledge);
  if (tag === undefined) return undefined;
  return {
    fact: 'stale',
    belongs: tag,
    instead: '',
    evidence: `No address of it is in ${tag} (${tags.list.name}).`,
  };
}

/** A rule may have thousands of addresses, and each asks. */
const KNOWN = new WeakMap<Needs, Map<Rule, string | undefined>>();

function tagOfRule(rule: Rule, needs: Needs, knowledge: Knowledge): string | undefined {
  const known = KNOWN.get(needs) ?? new Map<Rule, string | undefined>();
  KNOWN.set(needs, known);
  if (!known.has(rule)) known.set(rule, findTag(rule, needs, knowledge));
  return known.get(rule);
}

/**
 * The tag to which most of the rule's public addresses belong. A region has everybody's servers: of it, a list has blocks,
 * while a single address may be any workload's.
 */
function findTag(rule: Rule, needs: Needs, knowledge: Knowledge): string | undefined {
  const parts = rule.destinations.flatMap((destination) => publicPart(destination) ?? []);
  const asked = needs.all.filter((need) => isAskedBy(rule, need));
  const sets = new Map<IpSet, Need>();
  for (const need of asked) {
    const set = tagAddressesOf(need, knowledge);
    if (set !== undefined && !sets.has(set)) sets.set(set, need);
  }
  for (const [set, need] of sets) {
    const tag = nameOf(need, knowledge);
    const isShared = tagBase(tag) === 'azurecloud';
    const inTag = parts.filter((part) => ipOverlaps(part, set) && !(isShared && ipCount(part) === 1)).length;
    if (inTag * 2 > parts.length) return tag;
  }
  return undefined;
}

function isAskedBy(rule: Rule, { state, requirement: { protocol, port } }: Need): boolean {
  return state === 'active' && rule.services.some((service) => serviceMeets(service, rule, protocol, port));
}

function publicPart(destination: Destination): IpSet | undefined {
  if (destination.kind !== 'range' || destination.range.version !== 4) return undefined;
  const set = ipSubtract(rangeSet(destination.range), NOT_PUBLIC);
  return ipIsEmpty(set) ? undefined : set;
}

function nameOf({ target, requirement }: Need, { tags }: Knowledge): string {
  if (target.kind === 'name') return tags?.tagsOfName(target.destination.toLowerCase()).join(' or ') ?? '';
  const tag = [target, ...requirement.targets].find(({ kind }) => kind === 'service-tag');
  return tag?.destination ?? tags?.regionName ?? '';
}

/** What of a range the tags that it is for do not hold; undefined where that is not known. */
export function beyondTags(range: IpSet, needs: readonly Need[], knowledge: Knowledge): string | undefined {
  const sets = needs.flatMap((need) => tagAddressesOf(need, knowledge) ?? need.address ?? []);
  if (sets.length === 0 || knowledge.tags === undefined) return undefined;
  const beyond = sets.reduce(ipSubtract, range);
  return ipIsEmpty(beyond) ? undefined : `${addressesText(beyond)}, which no tag for it holds`;
}
