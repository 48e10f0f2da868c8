import {
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipOverlaps,
  ipSubtract,
  knownAddresses,
  NOT_PUBLIC,
  PUBLIC_V4,
  type IpSet,
} from '../model/ip-space.ts';
import { isSupportedPattern, isWildcard, nameContains, nameMayOverlap } from '../model/name.ts';
import type { Destination, Policy, Rule } from '../model/policy.ts';
import { hasSymbol, type Unknown } from '../model/symbol.ts';
import { contains, intersect } from '../model/spans.ts';
import { sourcesContain, sourcesIntersect, type Flow, type Selector } from './flow.ts';
import {
  ALL_V4,
  fqdnTagSymbol,
  matchServices,
  matchSources,
  tagBase,
  tagContains,
  type Doubt,
  type How,
  type Knowledge,
} from './match.ts';
import { matchNameInApplianceRule } from './match-appliance.ts';
import { matchPattern, type NameFlow } from './match-name.ts';
import { tagHoldsTag } from './tag-addresses.ts';

/** How the destinations of one rule meet the destination of one flow: names by application rules, addresses by network rules. */

export interface DestinationMatch {
  readonly selector: Selector;
  readonly how: How;
  readonly destination: Destination | undefined;
  /** Absent where the match is certain. */
  readonly doubt?: Doubt;
  readonly unknown?: Unknown;
}

/** Every way in which the rule's destinations meet the flow's; certain ones first. */
export function matchDestinations(
  rule: Rule,
  flow: Flow,
  policy: Policy,
  knowledge: Knowledge,
): DestinationMatch[] {
  const matches =
    flow.destination.kind === 'name'
      ? matchName(rule, flow, flow.destination, policy, knowledge)
      : rule.stage === 'application'
        ? []
        : matchAddress(rule, flow, knowledge);
  return matches.sort((a, b) => Number(a.doubt !== undefined) - Number(b.doubt !== undefined));
}

function matchName(
  rule: Rule,
  flow: Flow,
  name: NameFlow,
  policy: Policy,
  knowledge: Knowledge,
): DestinationMatch[] {
  switch (rule.stage) {
    case 'network':
      return matchNameInNetworkRule(rule, flow, name, policy, knowledge);
    case 'application':
      return matchNameInApplicationRule(rule, name, knowledge);
    case 'appliance':
      return matchNameInApplianceRule(rule, name, knowledge);
  }
}

function matchNameInApplicationRule(rule: Rule, name: NameFlow, knowledge: Knowledge): DestinationMatch[] {
  const matches: DestinationMatch[] = [];
  for (const destination of rule.destinations) {
    if (destination.kind === 'name') {
      const match = matchPattern(destination, name);
      if (match !== undefined) matches.push(match);
    } else if (destination.kind === 'fqdn-tag') {
      const itself = name.pattern === fqdnTagSymbol(destination.tag);
      const holds = itself ? 'yes' : knowledge.fqdnTagHolds(destination.tag, name.pattern);
      if (holds === 'yes') matches.push({ selector: { kind: 'all' }, how: 'fqdn-tag', destination });
      if (holds === 'maybe')
        matches.push({ selector: { kind: 'all' }, how: 'fqdn-tag', destination, doubt: 'tag-contents' });
    } else if (destination.kind === 'web-category') {
      if (knowledge.webCategoryMayHold(destination.text)) {
        matches.push({ selector: { kind: 'all' }, how: 'any', destination, doubt: 'opaque' });
      }
    } else if (destination.kind === 'symbol' || destination.kind === 'opaque') {
      matches.push({
        selector: { kind: 'all' },
        how: 'any',
        destination,
        doubt: 'unresolved',
        unknown: destination.unknown,
      });
    }
  }
  return matches;
}

/**
 * A network rule sees addresses. For a name that means: certain for every destination, for the name itself as a network
 * FQDN and for service tags documented to hold it; impossible for private addresses; open for public ones.
 */
function matchNameInNetworkRule(
  rule: Rule,
  flow: Flow,
  name: NameFlow,
  policy: Policy,
  knowledge: Knowledge,
): DestinationMatch[] {
  const all: Selector = { kind: 'all' };
  const matches: DestinationMatch[] = [];
  const privateName = knowledge.isPrivateName(name.pattern);
  const addresses = knownAddresses(rule.destinations);
  if (ipContains(addresses, privateName ? ALL_V4 : PUBLIC_V4)) {
    const destination = rule.destinations.find((member) => member.kind === 'any' || member.kind === 'range');
    return [{ selector: all, how: 'any', destination }];
  }
  const reachable = privateName ? addresses : ipSubtract(addresses, NOT_PUBLIC);
  if (!ipIsEmpty(reachable)) {
    const destination = rule.destinations.find((member) => member.kind === 'range');
    matches.push(...matchRanges(addresses, destination, name.within));
  }
  for (const destination of rule.destinations) {
    if (destination.kind === 'name' && destination.pattern === name.pattern && !isWildcard(name.pattern)) {
      matches.push({ selector: all, how: 'exact', destination });
    } else if (destination.kind === 'name' && isNetworkName(destination.pattern)) {
      const inside = nameContains(name.pattern, destination.pattern);
      if (inside && name.standsForHosts)
        matches.push({ selector: all, how: 'exact', destination, doubt: 'which-host' });
      else if (inside)
        matches.push({ selector: { kind: 'name', pattern: destination.pattern }, how: 'exact', destination });
      else if (nameMayOverlap(destination.pattern, name.pattern)) {
        matches.push({ selector: all, how: 'exact', destination, doubt: 'unresolved' });
      }
    } else if (destination.kind === 'service-tag' && !privateName) {
      const isShared = isInAzureCloud(name.pattern, knowledge);
      const exact = matchTagAddresses(destination, name.within, isShared, knowledge);
      const match =
        exact === undefined ? matchTagForName(rule, flow, destination, name, policy, knowledge) : exact[0];
      if (match !== undefined) matches.push(match);
    } else if (destination.kind === 'symbol' || destination.kind === 'opaque') {
      matches.push({
        selector: all,
        how: 'address',
        destination,
        doubt: 'unresolved',
        unknown: destination.unknown,
      });
    }
  }
  return matches;
}

/** Ranges against a destination that has one of the addresses, where they are known: exact, and nothing where none is in them. */
export function matchRanges(
  addresses: IpSet,
  destination: Destination | undefined,
  within: IpSet | undefined,
): DestinationMatch[] {
  if (within === undefined)
    return [{ selector: { kind: 'all' }, how: 'address', destination, doubt: 'address' }];
  if (!ipOverlaps(addresses, within)) return [];
  return [{ selector: { kind: 'address', set: addresses }, how: 'address', destination }];
}

/**
 * The same of a tag, one match or none; undefined where the addresses of either are not known, and where the destination is
 * one of Azure's many servers: other tags are services of their own, whose addresses in the region are none of it.
 */
function matchTagAddresses(
  destination: TagMember,
  within: IpSet | undefined,
  isShared: boolean,
  knowledge: Knowledge,
): readonly DestinationMatch[] | undefined {
  const { tag } = destination;
  const set = within === undefined ? undefined : knowledge.tags?.ofTag(tag);
  if (within === undefined || set === undefined || !knowledge.isServiceTag(tag)) return undefined;
  if (isShared && tagBase(tag) !== 'azurecloud' && !ipContains(set, within)) return undefined;
  if (!ipOverlaps(set, within)) return [];
  return [{ selector: { kind: 'address', set }, how: 'service-tag', destination }];
}

/** Is the name known to be no more than one of the servers in Azure? */
function isInAzureCloud(pattern: string, { tags }: Knowledge): boolean {
  return tags?.tagsOfName(pattern).some((tag) => tagBase(tag) === 'azurecloud') === true;
}

type TagMember = Extract<Destination, { kind: 'service-tag' }>;

function matchTagForName(
  rule: Rule,
  flow: Flow,
  destination: Extract<Destination, { kind: 'service-tag' }>,
  name: NameFlow,
  policy: Policy,
  knowledge: Knowledge,
): DestinationMatch | undefined {
  if (!knowledge.isServiceTag(destination.tag)) return undefined;
  const all: Selector = { kind: 'all' };
  const tag = destination.tag.toLowerCase();
  const base = tagBase(tag);
  const sets = knowledge.tagsOfName(name.pattern).filter((set) => set.includes(base));
  const region = tag === base ? undefined : tag.slice(base.length + 1);
  // A region's tag is enough for a host whose name says that it is in that region.
  const wholeName = region === undefined || name.pattern.split('.').includes(region);
  const certain = sets.some((set) => {
    if (!wholeName) return false;
    const others = set.filter((member) => member !== base);
    return rule.action === 'deny'
      ? others.length === 0
      : others.every((other) => allowsTag(policy, rule, flow, other));
  });
  if (certain) return { selector: all, how: 'service-tag', destination };
  const possible = sets.length > 0 || knowledge.tagMayHold(destination.tag, name.pattern);
  return possible ? { selector: all, how: 'service-tag', destination, doubt: 'address' } : undefined;
}

/**
 * Some services sit behind several tags. All of them must be open for the same sources and ports, by this rule or one
 * before it: what a rule behind it opens may be denied between the two.
 */
function allowsTag(policy: Policy, like: Rule, flow: Flow, tag: string): boolean {
  const sources = sourcesIntersect(matchSources(like, flow.sources).sure, flow.sources);
  const ports = intersect(matchServices(like, flow).sure, flow.ports);
  for (const rule of policy.rules) {
    const allows =
      rule.stage === 'network' &&
      rule.action === 'allow' &&
      rule.opaque === undefined &&
      rule.conditional === undefined &&
      rule.destinations.some((member) => member.kind === 'service-tag' && member.tag.toLowerCase() === tag) &&
      sourcesContain(matchSources(rule, flow.sources).sure, sources) &&
      contains(matchServices(rule, flow).sure, ports);
    if (allows) return true;
    if (rule.id === like.id) return false;
  }
  return false;
}

/** Names in network rules take no wildcards. https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules */
function isNetworkName(pattern: string): boolean {
  return isSupportedPattern(pattern) && !isWildcard(pattern);
}

/** An appliance learns the addresses of wildcards too. */
function mayNameAddress({ via, pattern, sent }: Extract<Destination, { kind: 'name' }>): boolean {
  if (via === 'appliance') return sent === undefined && pattern !== '*';
  return isNetworkName(pattern);
}

/** Flows to addresses and tags, which only network rules decide: without SNI an application rule has nothing to match. */
function matchAddress(rule: Rule, flow: Flow, knowledge: Knowledge): DestinationMatch[] {
  const all: Selector = { kind: 'all' };
  const target = flow.destination;
  const addresses = knownAddresses(rule.destinations);
  const matches: DestinationMatch[] = [];
  const everyPart = target.kind !== 'name' && target.kind !== 'unknown-address' && target.everyPart === true;
  const isInternet = target.kind === 'address' && !everyPart && ipContains(target.set, PUBLIC_V4);
  // A part of a tag is not enough for a need of it, and too much to lose.
  const partCounts = target.kind === 'unknown-address' || everyPart || rule.action !== 'allow';
  // Tags and public names hold public addresses only.
  const publicPart: Selector =
    target.kind === 'address' ? { kind: 'address', set: ipSubtract(target.set, NOT_PUBLIC) } : all;
  const sample = rule.destinations.find((member) => member.kind === 'any' || member.kind === 'range');
  const how: How = rule.destinations.some((member) => member.kind === 'any') ? 'any' : 'address';
  if (target.kind === 'address') {
    const common = ipIntersect(addresses, target.set);
    if (!ipIsEmpty(common))
      matches.push({ selector: { kind: 'address', set: addresses }, how, destination: sample });
  } else if (ipContains(addresses, PUBLIC_V4)) {
    return [{ selector: all, how: 'any', destination: sample }];
  } else if (partCounts && !ipIsEmpty(ipSubtract(addresses, NOT_PUBLIC))) {
    const within = target.kind === 'unknown-address' ? target.within : undefined;
    const isElsewhere = target.kind === 'service-tag' && isOutsideTag(addresses, target.tag, knowledge);
    if (!isElsewhere) matches.push(...matchRanges(addresses, sample, within));
  }
  for (const destination of rule.destinations) {
    if (destination.kind === 'service-tag') {
      if (target.kind === 'service-tag') {
        if (!knowledge.isServiceTag(destination.tag)) continue;
        const holds = holdsTag(destination.tag, target.tag, knowledge);
        if (holds === true) matches.push({ selector: all, how: 'service-tag', destination });
        else if (holds === undefined)
          matches.push(...matchTagByName(destination, target.tag, everyPart, partCounts));
      } else if (target.kind === 'unknown-address') {
        const match =
          matchTagForApiServer(destination, target.region) ??
          matchTagAddresses(destination, target.within, true, knowledge)?.[0];
        if (match !== undefined) matches.push(match);
      } else if (target.kind === 'address' && !isInternet && knowledge.isServiceTag(destination.tag)) {
        const match = matchTagForAddresses(destination, target, publicPart, partCounts, knowledge);
        if (match !== undefined) matches.push(match);
      }
    } else if (destination.kind === 'symbol' || destination.kind === 'opaque') {
      matches.push({
        selector: all,
        how: 'address',
        destination,
        doubt: 'unresolved',
        unknown: destination.unknown,
      });
    } else if (destination.kind === 'name' && mayNameAddress(destination)) {
      // One name never holds a whole tag or the Internet, but it may be the name of the address in question.
      const isTag = target.kind === 'service-tag' || (target.kind === 'address' && target.tag !== undefined);
      if ((isTag && !everyPart) || isInternet) continue;
      const selector = knowledge.isPrivateName(destination.pattern) ? all : publicPart;
      matches.push({ selector, how: 'exact', destination, doubt: 'address' });
    }
  }
  return matches;
}

/** A tag of a rule against addresses: exact where the list of service tags has it, open where it does not. */
function matchTagForAddresses(
  destination: TagMember,
  target: Extract<Flow['destination'], { kind: 'address' }>,
  publicPart: Selector,
  partCounts: boolean,
  knowledge: Knowledge,
): DestinationMatch | undefined {
  const { tag } = destination;
  const how = 'service-tag';
  if (target.tag !== undefined && tagContains(tag, target.tag))
    return { selector: { kind: 'all' }, how, destination };
  const region = target.apiServerRegion;
  const certain = region === undefined ? undefined : matchTagForApiServer(destination, region);
  if (certain !== undefined) return { ...certain, selector: publicPart };
  const set = knowledge.tags?.ofTag(tag);
  if (set !== undefined && target.set.v6.length === 0) {
    const meets = ipOverlaps(set, target.set);
    return meets ? { selector: { kind: 'address', set }, how, destination } : undefined;
  }
  if (target.tag !== undefined) return matchTagByName(destination, target.tag, false, partCounts)[0];
  return { selector: publicPart, how, destination, doubt: 'address' };
}

/** Two tags of which no list tells the addresses, or not of both; one match or none. */
function matchTagByName(
  destination: TagMember,
  wanted: string,
  everyPart: boolean,
  partCounts: boolean,
): DestinationMatch[] {
  const match = { selector: { kind: 'all' }, how: 'service-tag', destination } as const;
  if (tagMeetsTag(destination.tag, wanted, everyPart, partCounts)) return [{ ...match, doubt: 'address' }];
  const isOpen = nameMayOverlap(destination.tag.toLowerCase(), wanted.toLowerCase());
  return isOpen ? [{ ...match, doubt: 'unresolved' }] : [];
}

/** Undefined where it is not known, or only some of it. */
function holdsTag(outer: string, inner: string, { tags }: Knowledge): boolean | undefined {
  if (tagContains(outer, inner)) return true;
  return tags === undefined ? undefined : tagHoldsTag(outer, inner, tags);
}

function isOutsideTag(addresses: IpSet, tag: string, { tags }: Knowledge): boolean {
  const set = tags?.ofTag(tag);
  return set !== undefined && !ipOverlaps(addresses, set);
}

/** May the tags have addresses in common? AzureCloud has some of any tag, and a tag those of its regions. */
function tagMeetsTag(mine: string, wanted: string, everyPart: boolean, partCounts: boolean): boolean {
  const isCloud = tagBase(mine) === 'azurecloud';
  if (isCloud !== (tagBase(wanted) === 'azurecloud')) return isCloud || everyPart;
  return partCounts && tagContains(wanted, mine);
}

/** The article names the region's AzureCloud tag as an alternative to the API server's address. */
function matchTagForApiServer(
  destination: Extract<Destination, { kind: 'service-tag' }>,
  region: string,
): DestinationMatch | undefined {
  const tag = destination.tag.toLowerCase();
  const all: Selector = { kind: 'all' };
  if (tag === 'azurecloud' || tag === `azurecloud.${region.toLowerCase()}`) {
    return { selector: all, how: 'service-tag', destination };
  }
  const open = tagBase(tag) === 'azurecloud' && (hasSymbol(tag) || hasSymbol(region) || region === '');
  return open ? { selector: all, how: 'service-tag', destination, doubt: 'unresolved' } : undefined;
}
