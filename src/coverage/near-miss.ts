import { isSupportedPattern, isWildcard, nameContains } from '../model/name.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import type { Destination, Rule } from '../model/policy.ts';
import type { Place } from '../model/place.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import { isTypingErrorOf, withoutRegion, type EndpointFacts } from './endpoint-facts.ts';
import { sourcesEmpty, sourcesIntersect, sourcesSubtract, type Flow, type SourceSet } from './flow.ts';
import { matchDestinations, matchServices, matchSources, type Knowledge } from './match.ts';
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

export function nearMissOf(
  index: RuleIndex,
  flow: Flow,
  knowledge: Knowledge,
  endpoints: EndpointFacts,
): NearMiss | undefined {
  let best: NearMiss | undefined;
  for (const rule of index.policy.rules) {
    if (rule.action !== 'allow' || rule.opaque !== undefined) continue;
    const found = nearMissIn(rule, index, flow, knowledge, endpoints);
    if (found !== undefined && (best === undefined || RANK.indexOf(found.kind) < RANK.indexOf(best.kind)))
      best = found;
    if (best?.kind === 'source') return best;
  }
  return best;
}

function nearMissIn(
  rule: Rule,
  index: RuleIndex,
  flow: Flow,
  knowledge: Knowledge,
  endpoints: EndpointFacts,
): NearMiss | undefined {
  const sources = matchSources(rule, flow.sources);
  const seesSources = !sourcesEmpty(sourcesIntersect(sources.sure, flow.sources));
  const exact = matchDestinations(rule, flow, index.policy, knowledge).find(
    (match) => match.doubt === undefined && match.destination !== undefined && match.how !== 'any',
  );
  const services = matchServices(rule, flow);
  if (exact?.destination !== undefined) {
    if (services.service !== undefined) {
      return sourcesEmpty(sourcesSubtract(flow.sources, sources.sure)) || isEverything(rule)
        ? undefined
        : sourceMiss(rule, flow.sources, exact.destination);
    }
    return seesSources ? serviceMiss(rule, flow, exact.destination) : undefined;
  }
  if (flow.destination.kind !== 'name' || !seesSources) return undefined;
  return nameMiss(rule, flow.destination.pattern, endpoints);
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

function nameMiss(rule: Rule, wanted: string, endpoints: EndpointFacts): NearMiss | undefined {
  let best: NearMiss | undefined;
  for (const destination of rule.destinations) {
    if (destination.kind !== 'name' || hasSymbol(destination.pattern)) continue;
    const found = nameMissOf(rule, destination, wanted, endpoints);
    if (found !== undefined && (best === undefined || RANK.indexOf(found.kind) < RANK.indexOf(best.kind)))
      best = found;
  }
  return best;
}

function nameMissOf(
  rule: Rule,
  destination: Extract<Destination, { kind: 'name' }>,
  wanted: string,
  endpoints: EndpointFacts,
): NearMiss | undefined {
  const { pattern, place } = destination;
  const miss = (kind: NearMiss['kind'], why: string): NearMiss => ({
    kind,
    rule,
    place,
    sentence: `Rule '${rule.name}' has '${destination.text}', ${why}.`,
  });
  if (isWildcard(pattern) && pattern === `*.${wanted}`) {
    return miss('apex', 'which matches its subdomains but not the name itself');
  }
  if (isWildcard(wanted) && wanted === `*.${pattern}`) {
    return miss('apex', 'which matches that one name but none of its subdomains');
  }
  if (destination.via === 'network-fqdn' && isWildcard(pattern) && nameContains(pattern, wanted)) {
    return miss('network-wildcard', 'but a network rule matches no wildcard');
  }
  if (!isSupportedPattern(pattern)) {
    return looksLike(pattern, wanted)
      ? miss('unsupported-wildcard', 'but a wildcard matches only as the first character')
      : undefined;
  }
  if (destination.via === 'url' && nameContains(pattern, wanted)) {
    return miss('url-path', 'which allows single paths and not the host');
  }
  if (isTypingErrorOf(pattern, wanted))
    return miss('misspelled', `which looks like a typing error of '${show(wanted)}'`);
  if (
    pattern !== wanted &&
    withoutRegion(pattern, endpoints.regions) === withoutRegion(wanted, endpoints.regions)
  ) {
    return miss('region', 'which belongs to another region');
  }
  const other = endpoints.otherCloud(pattern);
  if (other !== undefined && other.counterpart !== '' && nameContains(wanted, other.counterpart)) {
    return miss('cloud', `which is its name in ${other.cloud}`);
  }
  const retired = endpoints.retired(pattern);
  if (retired !== undefined && retired.replacement !== '' && nameContains(retired.replacement, wanted)) {
    return miss('retired', `which it has replaced`);
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
