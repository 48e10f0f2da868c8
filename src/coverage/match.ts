import {
  ALL_ADDRESSES,
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipSubtract,
  knownAddresses,
  NO_ADDRESS,
  NOT_PUBLIC,
  PUBLIC_V4,
  type IpSet,
} from '../model/ip-space.ts';
import { isSupportedPattern, isWildcard, nameContains, nameMayOverlap, nameOverlaps } from '../model/name.ts';
import type { Destination, Policy, Rule, Service } from '../model/policy.ts';
import { hasSymbol, symbolOf, type Unknown } from '../model/symbol.ts';
import { contains, intersect, normalise, unite, type Spans } from '../model/spans.ts';
import type { Flow, Selector, SourceSet } from './flow.ts';
import { isSeenByApplicationRules, sourcesContain, sourcesIntersect, sourcesSubtract } from './flow.ts';

/**
 * How one rule meets one flow, dimension by dimension: what it matches for sure, and what it may match.
 * Order of stages and matching: https://learn.microsoft.com/azure/firewall/rule-processing
 */

/** Why a match is not certain. See FACTS.requirement.doubt. */
export type Doubt =
  'address' | 'tag-contents' | 'which-host' | 'unresolved' | 'base-policy' | 'source' | 'opaque';

export type How = 'exact' | 'wildcard' | 'fqdn-tag' | 'service-tag' | 'any' | 'address' | 'url';

export interface DestinationMatch {
  readonly selector: Selector;
  readonly how: How;
  readonly destination: Destination | undefined;
  /** Absent where the match is certain. */
  readonly doubt?: Doubt;
  readonly unknown?: Unknown;
}

export interface Dimension<T> {
  readonly sure: T;
  /** What the rule matches if every doubt turns out in its favour; contains `sure`. */
  readonly most: T;
  readonly unknown?: Unknown;
}

const ALL_V4: IpSet = { v4: ALL_ADDRESSES.v4, v6: [] };
const NO_SOURCE: SourceSet = { ip: NO_ADDRESS, symbols: [] };

/** What the dated facts say that matching needs; made in knowledge.ts for one cloud and profile. */
export interface Knowledge {
  /** Does the FQDN tag hold every name of the pattern? */
  fqdnTagHolds(tag: string, pattern: string): 'yes' | 'maybe' | 'no';
  /** Sets of service tags, base names in lower case, each documented to hold the name's addresses together. */
  tagsOfName(pattern: string): readonly (readonly string[])[];
  /**
   * Could a tag that is not documented to hold the name hold its address? True for tags of shared addresses, such as
   * AzureCloud; false for those of one other service and for what is no tag at all.
   */
  tagMayHold(tag: string, pattern: string): boolean;
  /** Is this a service tag that Azure knows? What is none matches nothing. */
  isServiceTag(tag: string): boolean;
  /** Could the web category hold a host that AKS needs? */
  webCategoryMayHold(category: string): boolean;
  /** Names that resolve to private addresses in this network, by configuration. */
  isPrivateName(pattern: string): boolean;
}

/** `AzureCloud.westeurope` → `azurecloud`. */
export function tagBase(tag: string): string {
  const dot = tag.indexOf('.');
  // AzureFrontDoor.FirstParty and its siblings are names with a dot, not regions.
  if (tag.toLowerCase().startsWith('azurefrontdoor.')) return tag.toLowerCase();
  return (dot < 0 ? tag : tag.slice(0, dot)).toLowerCase();
}

/** `outer` holds every address of `inner`: the same tag, or the global form of a regional one. */
export function tagContains(outer: string, inner: string): boolean {
  const a = outer.toLowerCase();
  const b = inner.toLowerCase();
  return a === b || a === tagBase(b);
}

/** The names of an FQDN tag as one unknown name: `*` contains it, another occurrence of the tag equals it. */
export function fqdnTagSymbol(tag: string): string {
  return symbolOf(`fqdnTag:${tag.toLowerCase()}`);
}

/** Of rules whose sources are all known addresses, the same for every flow of addresses. */
const PLAIN = new WeakMap<Rule, Dimension<SourceSet> | 'not plain'>();

function plainSources(rule: Rule): Dimension<SourceSet> | 'not plain' {
  const known = PLAIN.get(rule);
  if (known !== undefined) return known;
  const isPlain =
    rule.opaque === undefined && rule.sources.every(({ kind }) => kind === 'range' || kind === 'any');
  const set: SourceSet = { ip: knownAddresses(rule.sources), symbols: [] };
  const plain = isPlain ? { sure: set, most: set } : 'not plain';
  PLAIN.set(rule, plain);
  return plain;
}

export function matchSources(rule: Rule, flow: SourceSet): Dimension<SourceSet> {
  const plain = flow.symbols.length === 0 ? plainSources(rule) : 'not plain';
  if (plain !== 'not plain') return plain;
  if (rule.opaque !== undefined && rule.sources.length === 0) {
    return { sure: NO_SOURCE, most: flow, unknown: rule.opaque };
  }
  const ip = knownAddresses(rule.sources);
  const everySource: SourceSet = { ip: ALL_ADDRESSES, symbols: flow.symbols };
  if (rule.sources.some((source) => source.kind === 'any')) return { sure: everySource, most: everySource };
  const symbols = rule.sources.flatMap((source) => (source.kind === 'symbol' ? [source.symbol] : []));
  // Whatever an unresolved source stands for, it is in 0.0.0.0/0.
  const holdsSymbols = ipContains(ip, ALL_V4);
  const sure: SourceSet = {
    ip,
    symbols: holdsSymbols ? flow.symbols : symbols.filter((symbol) => flow.symbols.includes(symbol)),
  };
  const rest = sourcesSubtract(flow, sure);
  const opaque = rule.sources.find((source) => source.kind === 'opaque');
  if (opaque?.kind === 'opaque') return { sure, most: everySource, unknown: opaque.unknown };
  // An unresolved source may hold any literal address; two different symbols are two different networks.
  const foreign = rule.sources.find(
    (source) => source.kind === 'symbol' && !flow.symbols.includes(source.symbol),
  );
  const addressesMayMatch = foreign !== undefined && !ipIsEmpty(rest.ip);
  const symbolsMayMatch = rest.symbols.length > 0 && !ipIsEmpty(ip);
  if (!addressesMayMatch && !symbolsMayMatch) return { sure, most: sure };
  const most: SourceSet = {
    ip: addressesMayMatch ? flow.ip : sure.ip,
    symbols: symbolsMayMatch ? flow.symbols : sure.symbols,
  };
  const unknown = foreign?.kind === 'symbol' ? foreign.unknown : undefined;
  return unknown === undefined ? { sure, most } : { sure, most, unknown };
}

/** Ports of the flow's protocol that the rule's services select. */
export function matchServices(
  rule: Rule,
  flow: Flow,
): Dimension<Spans> & { readonly service: Service | undefined } {
  const sure: (readonly [number, number])[] = [];
  const most: (readonly [number, number])[] = [];
  let unknown: Unknown | undefined;
  let service: Service | undefined;
  for (const candidate of rule.services) {
    const protocol = protocolMatches(candidate, flow, rule);
    if (protocol === 'no') continue;
    const span = [candidate.from, candidate.to + 1] as const;
    most.push(span);
    if (protocol === 'yes' && candidate.portsKnown) {
      sure.push(span);
      if (service === undefined && flow.ports.some(([from, end]) => from < span[1] && span[0] < end))
        service = candidate;
    } else {
      unknown ??= candidate.unknown;
    }
  }
  const sureSpans = normalise(sure);
  const result = { sure: sureSpans, most: unite(sureSpans, normalise(most)), service };
  return unknown === undefined ? result : { ...result, unknown };
}

function protocolMatches(service: Service, flow: Flow, rule: Rule): 'yes' | 'no' | 'maybe' {
  const { protocol } = service;
  if (rule.stage === 'application' && !isSeenByApplicationRules(flow.protocol)) return 'no';
  if (protocol === 'unknown') return 'maybe';
  if (rule.stage === 'application') return protocol === flow.protocol ? 'yes' : 'no';
  const transport = flow.protocol === 'UDP' || flow.protocol === 'ICMP' ? flow.protocol : 'TCP';
  if (protocol === 'Any') return transport !== 'ICMP' || hasEveryPort(service) ? 'yes' : 'no';
  return protocol === transport ? 'yes' : 'no';
}

/** With explicit ports, Any means TCP and UDP; with every port it also means ICMP and the rest. */
export function hasEveryPort(service: Service): boolean {
  return service.from <= 1 && service.to === 65_535;
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
      ? rule.stage === 'application'
        ? matchNameInApplicationRule(rule, flow.destination, knowledge)
        : matchNameInNetworkRule(rule, flow, flow.destination, policy, knowledge)
      : rule.stage === 'application'
        ? []
        : matchAddress(rule, flow, knowledge);
  return matches.sort((a, b) => Number(a.doubt !== undefined) - Number(b.doubt !== undefined));
}

type NameDestination = Extract<Flow['destination'], { kind: 'name' }>;

function matchNameInApplicationRule(
  rule: Rule,
  name: NameDestination,
  knowledge: Knowledge,
): DestinationMatch[] {
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

function matchPattern(
  destination: Extract<Destination, { kind: 'name' }>,
  name: NameDestination,
): DestinationMatch | undefined {
  const { pattern } = destination;
  if (!isSupportedPattern(pattern)) return undefined;
  const how: How = destination.via === 'url' ? 'url' : isWildcard(pattern) ? 'wildcard' : 'exact';
  // A URL below a path decides single requests, never the whole host.
  if (destination.via === 'url' && !['', '/', '/*'].includes(destination.url ?? '')) return undefined;
  if (nameContains(pattern, name.pattern))
    return { selector: { kind: 'all' }, how: pattern === '*' ? 'any' : how, destination };
  if (nameOverlaps(pattern, name.pattern)) {
    if (name.standsForHosts) return { selector: { kind: 'all' }, how, destination, doubt: 'which-host' };
    return { selector: { kind: 'name', pattern }, how, destination };
  }
  if (nameMayOverlap(pattern, name.pattern))
    return { selector: { kind: 'all' }, how, destination, doubt: 'unresolved' };
  return undefined;
}

/**
 * A network rule sees addresses. For a name that means: certain for every destination, for the name itself as a network
 * FQDN and for service tags documented to hold it; impossible for private addresses; open for public ones.
 */
function matchNameInNetworkRule(
  rule: Rule,
  flow: Flow,
  name: NameDestination,
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
    matches.push({ selector: all, how: 'address', destination, doubt: 'address' });
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
      const match = matchTagForName(rule, flow, destination, name, policy, knowledge);
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

function matchTagForName(
  rule: Rule,
  flow: Flow,
  destination: Extract<Destination, { kind: 'service-tag' }>,
  name: NameDestination,
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

/** Flows to addresses and tags, which only network rules decide: without SNI an application rule has nothing to match. */
function matchAddress(rule: Rule, flow: Flow, knowledge: Knowledge): DestinationMatch[] {
  const all: Selector = { kind: 'all' };
  const target = flow.destination;
  const addresses = knownAddresses(rule.destinations);
  const matches: DestinationMatch[] = [];
  const isInternet = target.kind === 'address' && ipContains(target.set, PUBLIC_V4);
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
  } else if (target.kind === 'unknown-address' && !ipIsEmpty(ipSubtract(addresses, NOT_PUBLIC))) {
    matches.push({ selector: all, how: 'address', destination: sample, doubt: 'address' });
  }
  for (const destination of rule.destinations) {
    if (destination.kind === 'service-tag') {
      if (target.kind === 'service-tag') {
        if (!knowledge.isServiceTag(destination.tag)) continue;
        if (tagContains(destination.tag, target.tag))
          matches.push({ selector: all, how: 'service-tag', destination });
        else if (tagBase(destination.tag) === 'azurecloud' && tagBase(target.tag) !== 'azurecloud') {
          matches.push({ selector: all, how: 'service-tag', destination, doubt: 'address' });
        } else if (nameMayOverlap(destination.tag.toLowerCase(), target.tag.toLowerCase())) {
          matches.push({ selector: all, how: 'service-tag', destination, doubt: 'unresolved' });
        }
      } else if (target.kind === 'unknown-address') {
        const match = matchTagForApiServer(destination, target.region);
        if (match !== undefined) matches.push(match);
      } else if (!isInternet && knowledge.isServiceTag(destination.tag)) {
        matches.push({ selector: publicPart, how: 'service-tag', destination, doubt: 'address' });
      }
    } else if (destination.kind === 'symbol' || destination.kind === 'opaque') {
      matches.push({
        selector: all,
        how: 'address',
        destination,
        doubt: 'unresolved',
        unknown: destination.unknown,
      });
    } else if (destination.kind === 'name' && isNetworkName(destination.pattern)) {
      // One name never holds a whole tag or the Internet, but it may be the name of the address in question.
      if (target.kind === 'service-tag' || isInternet) continue;
      const selector = knowledge.isPrivateName(destination.pattern) ? all : publicPart;
      matches.push({ selector, how: 'exact', destination, doubt: 'address' });
    }
  }
  return matches;
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
