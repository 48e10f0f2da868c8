import {
  ALL_ADDRESSES,
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipMeets,
  ipSetOf,
  knownAddresses,
  NO_ADDRESS,
  type IpSet,
} from '../model/ip-space.ts';
import type { Rule, Service } from '../model/policy.ts';
import { symbolOf, type Unknown } from '../model/symbol.ts';
import { normalise, overlaps, unite, type Span, type Spans } from '../model/spans.ts';
import { hasEveryPort } from '../model/ports.ts';
import {
  isSeenByApplicationRules,
  sourcesContain,
  sourcesIntersect,
  sourcesOverlap,
  sourcesSubtract,
  type Flow,
  type SourceSet,
} from './flow.ts';

import type { TagAddresses } from './tag-addresses.ts';

/**
 * How one rule meets one flow, dimension by dimension: what it matches for sure, and what it may match.
 * Order of stages and matching: https://learn.microsoft.com/azure/firewall/rule-processing
 */

/** Why a match is not certain. See FACTS.requirement.doubt. */
export type Doubt =
  'address' | 'tag-contents' | 'which-host' | 'unresolved' | 'base-policy' | 'source' | 'opaque';

export type How = 'exact' | 'wildcard' | 'fqdn-tag' | 'service-tag' | 'any' | 'address' | 'url';

export interface Dimension<T> {
  readonly sure: T;
  /** What the rule matches if every doubt turns out in its favour; contains `sure`. */
  readonly most: T;
  readonly unknown?: Unknown;
}

export const ALL_V4: IpSet = { v4: ALL_ADDRESSES.v4, v6: [] };
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
  /** Present where a list of service tags was given. */
  readonly tags?: TagAddresses | undefined;
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

const NO_SYMBOLS: readonly string[] = [];

function plainSources(rule: Rule): Dimension<SourceSet> | 'not plain' {
  const known = PLAIN.get(rule);
  if (known !== undefined) return known;
  const isPlain =
    rule.opaque === undefined &&
    rule.sourceDoubt === undefined &&
    rule.sources.every(({ kind }) => kind === 'range' || kind === 'any');
  const set: SourceSet = { ip: knownAddresses(rule.sources), symbols: NO_SYMBOLS };
  const plain = isPlain ? { sure: set, most: set } : 'not plain';
  PLAIN.set(rule, plain);
  return plain;
}

/**
 * Could the rule see traffic of the sources? That is asked of every rule, and most are for other networks, so it is
 * answered without making a set of the rule's own sources.
 */
export function maySee(rule: Rule, sources: SourceSet): boolean {
  const isWritten = rule.opaque === undefined && rule.sourceDoubt === undefined;
  if (!isWritten || sources.symbols.length > 0) return maySeeAny(rule, sources);
  for (let at = 0; at < rule.sources.length; at += 1) {
    const source = rule.sources[at];
    if (source?.kind !== 'range') return maySeeAny(rule, sources);
    if (ipMeets(sources.ip, source.range)) return true;
  }
  return false;
}

function maySeeAny(rule: Rule, sources: SourceSet): boolean {
  return sourcesOverlap(matchSources(rule, sources).most, sources);
}

export function matchSources(rule: Rule, flow: SourceSet): Dimension<SourceSet> {
  const plain = flow.symbols.length === 0 ? plainSources(rule) : 'not plain';
  if (plain !== 'not plain') return plain;
  return rule.sourceDoubt === undefined
    ? matchWrittenSources(rule, flow)
    : matchDoubtedSources(rule, rule.sourceDoubt, flow);
}

/** Of an appliance's rule for an interface: it is known of some addresses only whether they come in there. */
function matchDoubtedSources(
  rule: Rule,
  { sure, unknown }: NonNullable<Rule['sourceDoubt']>,
  flow: SourceSet,
): Dimension<SourceSet> {
  const written = matchWrittenSources(rule, flow);
  const certain: SourceSet = { ip: ipIntersect(written.sure.ip, ipSetOf(sure)), symbols: [] };
  const isCertain = sourcesContain(certain, sourcesIntersect(written.most, flow));
  return isCertain ? { sure: certain, most: certain } : { sure: certain, most: written.most, unknown };
}

function matchWrittenSources(rule: Rule, flow: SourceSet): Dimension<SourceSet> {
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
  const sure: Span[] = [];
  const doubtful: Span[] = [];
  let unknown: Unknown | undefined;
  let service: Service | undefined;
  for (const candidate of rule.services) {
    const protocol = protocolMatches(candidate, flow, rule);
    if (protocol === 'no') continue;
    const span: Span = [candidate.from, candidate.to + 1];
    if (protocol === 'yes' && candidate.portsKnown) {
      sure.push(span);
      if (service === undefined && overlaps(flow.ports, [span])) service = candidate;
    } else {
      doubtful.push(span);
      unknown ??= candidate.unknown;
    }
  }
  const sureSpans = normalise(sure);
  const result = { sure: sureSpans, most: unite(sureSpans, normalise(doubtful)), service };
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
