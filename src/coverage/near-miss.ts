import { ipCount } from '../model/ip-space.ts';
import { isSupportedPattern, isWildcard, nameContains } from '../model/name.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import type { Destination, Rule } from '../model/policy.ts';
import type { Place } from '../model/place.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import { hostWithin } from './entry-endpoint.ts';
import { sourcesEmpty, sourcesIntersect, sourcesSubtract, type Flow, type SourceSet } from './flow.ts';
import { matchServices, matchSources, type Knowledge } from './match.ts';
import { matchDestinations } from './match-destination.ts';
import { NameLookup, parentOf } from './name-lookup.ts';
import type { RuleIndex } from './rule-index.ts';

/** The rule that came closest to allowing a flow, and the one thing wrong with it. */
export interface NearMiss {
  readonly kind:
    | 'port'
    | 'protocol'
    | 'source'
    | 'apex'
    | 'region'
    | 'cloud'
    | 'retired'
    | 'misspelled'
    | 'network-wildcard'
    | 'unsupported-wildcard'
    | 'url-path';
  readonly rule: Rule;
  /** A finished sentence. */
  readonly sentence: string;
  readonly place: Place;
  /** By a service tag or addresses that hold the name, for other networks: no attempt at the name. */
  readonly byTag?: boolean;
  /** Of a source range: how many addresses it is short by. */
  readonly short?: number;
}

/** Best first: the kinds with the smallest edit to make it right come before looser resemblances. */
const RANK: readonly NearMiss['kind'][] = [
  'source',
  'port',
  'protocol',
  'misspelled',
  'apex',
  'network-wildcard',
  'unsupported-wildcard',
  'url-path',
  'region',
  'cloud',
  'retired',
];

/** Finds near misses among the allow rules of one policy, for flows of one set of sources. */
export class NearMisses {
  readonly #everywhere: RuleIndex;
  readonly #knowledge: Knowledge;
  readonly #endpoints: EndpointFacts;
  readonly #names: NameLookup<NamedEntry>;
  /** Names that only a look at each can judge; few in any policy. */
  readonly #odd: readonly NamedEntry[];

  /**
   * @param everywhere the policy's rules for every source, to find those for other networks
   * @param own the policy's rules for the flows' sources
   */
  constructor(everywhere: RuleIndex, own: RuleIndex, knowledge: Knowledge, endpoints: EndpointFacts) {
    this.#everywhere = everywhere;
    this.#knowledge = knowledge;
    this.#endpoints = endpoints;
    const entries = own.rules.flatMap(({ rule, sources }) => {
      const sees = rule.action === 'allow' && !sourcesEmpty(sourcesIntersect(sources.sure, own.sources));
      return sees ? rule.destinations.flatMap((destination) => namedEntry(rule, destination, endpoints)) : [];
    });
    this.#names = new NameLookup(
      entries.map((entry) => [entry.destination.pattern, entry] as const),
      endpoints.regions,
    );
    this.#odd = entries.filter(({ odd }) => odd);
  }

  /** The best of them; undefined where nothing in the policy comes close. */
  of(flow: Flow): NearMiss | undefined {
    let best: NearMiss | undefined;
    const consider = (found: NearMiss | undefined): void => {
      if (found === undefined) return;
      const order = best === undefined ? -1 : rank(found) - rank(best);
      if (order < 0 || (order === 0 && (found.short ?? 0) < (best?.short ?? 0))) best = found;
    };
    let byTag: NearMiss | undefined;
    for (const { rule } of this.#everywhere.candidates(flow, this.#knowledge)) {
      if (rule.action !== 'allow' || rule.opaque !== undefined) continue;
      const found = this.#ofRule(rule, flow);
      if (found?.byTag === true) byTag ??= found;
      else consider(found);
    }
    if (flow.destination.kind === 'name') {
      const wanted = flow.destination.pattern;
      for (const { rule, destination } of this.#typingErrors(wanted)) {
        consider(
          miss(
            'misspelled',
            rule,
            destination,
            `which looks like a typing error of '${showSymbols(wanted)}'`,
          ),
        );
      }
      for (const { rule, destination } of this.#names.apex(wanted)) {
        const what = isWildcard(wanted)
          ? 'that one name but none of its subdomains'
          : 'its subdomains but not the name itself';
        consider(miss('apex', rule, destination, `which matches ${what}`));
      }
      for (const { rule, destination } of this.#names.otherRegion(wanted)) {
        consider(miss('region', rule, destination, 'which belongs to another region'));
      }
      for (const { rule, destination } of this.#odd)
        consider(oddMiss(rule, destination, wanted, this.#endpoints));
    }
    return best ?? byTag;
  }

  /** Of the name, or of the name without its first label: archieve.ubuntu.com for azure.archive.ubuntu.com. */
  #typingErrors(wanted: string): readonly NamedEntry[] {
    const parent = parentOf(wanted);
    const direct = this.#names.typingErrors(wanted);
    return parent === undefined ? direct : [...direct, ...this.#names.typingErrors(parent)];
  }

  /** A rule for the destination whose sources or services do not fit. */
  #ofRule(rule: Rule, flow: Flow): NearMiss | undefined {
    const exact = matchDestinations(rule, flow, this.#everywhere.policy, this.#knowledge).find(
      (match) => match.doubt === undefined && match.destination !== undefined && match.how !== 'any',
    );
    if (exact?.destination === undefined) return undefined;
    const sources = matchSources(rule, flow.sources);
    const isByAddress = exact.how === 'service-tag' || exact.how === 'address';
    // An address that may be the one that nobody gave is no attempt at it.
    if (flow.destination.kind === 'unknown-address' && exact.how === 'address') return undefined;
    const isTag = flow.destination.kind === 'name' && isByAddress;
    if (matchServices(rule, flow).service !== undefined) {
      return sourcesEmpty(sourcesSubtract(flow.sources, sources.sure)) || isEverything(rule)
        ? undefined
        : { ...sourceMiss(rule, flow.sources, exact.destination), byTag: isTag };
    }
    const seesSources = !sourcesEmpty(sourcesIntersect(sources.sure, flow.sources));
    // A tag that holds the name on another port is no attempt at the name.
    return seesSources && !isTag ? serviceMiss(rule, flow, exact.destination) : undefined;
  }
}

type NameEntry = Extract<Destination, { kind: 'name' }>;

interface NamedEntry {
  readonly rule: Rule;
  readonly destination: NameEntry;
  readonly odd: boolean;
}

function namedEntry(rule: Rule, destination: Destination, endpoints: EndpointFacts): NamedEntry[] {
  if (destination.kind !== 'name' || hasSymbol(destination.pattern)) return [];
  const { pattern, via } = destination;
  const odd =
    via === 'url' ||
    (via === 'network-fqdn' && isWildcard(pattern)) ||
    !isSupportedPattern(pattern) ||
    hostWithin(pattern) !== undefined ||
    endpoints.otherCloud(pattern) !== undefined ||
    endpoints.retired(pattern) !== undefined;
  return [{ rule, destination, odd }];
}

function rank({ kind }: NearMiss): number {
  return RANK.indexOf(kind);
}

function miss(kind: NearMiss['kind'], rule: Rule, destination: NameEntry, why: string): NearMiss {
  return {
    kind,
    rule,
    place: destination.place,
    sentence: `Rule '${rule.name}' has '${destination.text}', ${why}.`,
  };
}

function isEverything(rule: Rule): boolean {
  return rule.sources.some((source) => source.kind === 'any');
}

function sourceMiss(rule: Rule, needed: SourceSet, destination: Destination): NearMiss {
  const has = sourceSetOf(rule);
  const left = sourcesSubtract(needed, has);
  const place = rule.listPlaces.sources ?? rule.place;
  return {
    kind: 'source',
    rule,
    place,
    short: ipCount(left.ip) + left.symbols.length,
    sentence: `Rule '${rule.name}' allows '${show(destination)}' for ${list(describeSources(has))}, which leaves out ${list(describeSources(left))}.`,
  };
}

function serviceMiss(rule: Rule, flow: Flow, destination: Destination): NearMiss {
  const port = flow.ports[0]?.[0] ?? 0;
  const written = rule.services.map((service) => service.text).join(', ');
  const samePort = rule.services.find(({ from, to }) => from <= port && port <= to);
  const place =
    samePort?.protocolPlace ?? rule.services[0]?.portPlace ?? rule.listPlaces.services ?? rule.place;
  return {
    kind: samePort === undefined ? 'port' : 'protocol',
    rule,
    place,
    sentence: `Rule '${rule.name}' allows '${show(destination)}' on ${written === '' ? 'no service' : written} only.`,
  };
}

function oddMiss(
  rule: Rule,
  destination: NameEntry,
  wanted: string,
  endpoints: EndpointFacts,
): NearMiss | undefined {
  const { pattern } = destination;
  if (destination.via === 'network-fqdn' && isWildcard(pattern) && nameContains(pattern, wanted)) {
    return miss('network-wildcard', rule, destination, 'but a network rule matches no wildcard');
  }
  if (!isSupportedPattern(pattern)) {
    const why = 'but a wildcard matches only as the first character';
    return looksLike(pattern, wanted) ? miss('unsupported-wildcard', rule, destination, why) : undefined;
  }
  if (destination.via === 'url' && nameContains(pattern, wanted)) {
    return miss('url-path', rule, destination, 'which allows single paths and not the host');
  }
  const host = destination.via === 'url' ? undefined : hostWithin(pattern);
  if (host !== undefined && nameContains(host, wanted)) {
    return miss('misspelled', rule, destination, 'which matches no host: a name has no scheme, port or path');
  }
  const other = endpoints.otherCloud(pattern);
  if (other !== undefined && other.counterpart !== '' && nameContains(wanted, other.counterpart)) {
    return miss('cloud', rule, destination, `which is its name in ${other.cloud}`);
  }
  const retired = endpoints.retired(pattern);
  if (retired !== undefined && retired.replacement !== '' && nameContains(retired.replacement, wanted)) {
    return miss('retired', rule, destination, 'which it has replaced');
  }
  return undefined;
}

/** The unsupported pattern read as a glob would match the name: that is what its writer meant. */
function looksLike(pattern: string, wanted: string): boolean {
  const parts = pattern.split('*');
  let at = 0;
  for (const part of parts) {
    const found = wanted.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return wanted.startsWith(parts[0] ?? '') && wanted.endsWith(parts.at(-1) ?? '');
}

function show(destination: Destination | string): string {
  return showSymbols(typeof destination === 'string' ? destination : destination.text);
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}
