import { ALL_ADDRESSES, rangeSet } from '../model/ip-space.ts';
import type { Destination, Rule, Service } from '../model/policy.ts';
import { hasEveryPort } from '../model/ports.ts';
import { sourceSetOf } from './candidate-sources.ts';
import type { Flow, FlowProtocol } from './flow.ts';
import { fqdnTagSymbol, type Knowledge } from './match.ts';
import type { RuleIndex } from './rule-index.ts';
import { walk } from './walk.ts';

/**
 * Which entries change nothing. An entry is shadowed where earlier rules decide everything that it could match, and
 * redundant where removing it leaves every flow allowed. Duplicates make only the later one redundant: entries are tried
 * from the last to the first, each against those that were kept.
 * The idea of walking with a remainder follows Batfish's filterLineReachability question.
 */
export type EntryFate =
  { readonly usage: 'used' } | { readonly usage: 'shadowed' | 'redundant'; readonly by: readonly Rule[] };

export interface Redundancy {
  /** Of an allow rule's destination, over all services of the rule. */
  entry(rule: Rule, destination: Destination): EntryFate;
  /** Of a whole rule, deny rules included (which can only be shadowed). */
  rule(rule: Rule): EntryFate;
}

const USED: EntryFate = { usage: 'used' };

/** `index` holds the policy's rules for every source. */
export function findRedundancy(index: RuleIndex, rules: readonly Rule[], knowledge: Knowledge): Redundancy {
  const { policy } = index;
  const entries = new Map<Destination, EntryFate>();
  const fates = new Map<Rule, EntryFate>();
  const dropped = new Set<Destination>();

  const positions = new Map(policy.rules.map((rule, position) => [rule, position]));

  for (const rule of [...rules].reverse()) {
    if (rule.opaque !== undefined || rule.conditional !== undefined || rule.action === 'unknown') continue;
    const own: EntryFate[] = [];
    for (const destination of [...rule.destinations].reverse()) {
      const fate = fateOf(rule, destination, index, positions, knowledge, dropped);
      if (fate.usage !== 'used') dropped.add(destination);
      entries.set(destination, fate);
      own.push(fate);
    }
    fates.set(rule, ruleFate(own));
  }
  return {
    entry: (_, destination) => entries.get(destination) ?? USED,
    rule: (rule) => fates.get(rule) ?? USED,
  };
}

function ruleFate(entries: readonly EntryFate[]): EntryFate {
  if (entries.length === 0 || entries.some((entry) => entry.usage === 'used')) return USED;
  const by = [...new Set(entries.flatMap((entry) => (entry.usage === 'used' ? [] : entry.by)))];
  return { usage: entries.every((entry) => entry.usage === 'shadowed') ? 'shadowed' : 'redundant', by };
}

function fateOf(
  rule: Rule,
  destination: Destination,
  index: RuleIndex,
  positions: ReadonlyMap<Rule, number>,
  knowledge: Knowledge,
  dropped: ReadonlySet<Destination>,
): EntryFate {
  const perService = rule.services.map((service) => entryFlows(rule, destination, service));
  // What is not fully known may do something that is not seen here.
  if (perService.length === 0 || perService.some((flows) => flows.length === 0)) return USED;
  const isLessCertain = (other: Rule, member: Destination): boolean =>
    other.action === rule.action &&
    !isNetworkName(destination) &&
    isNetworkName(member) &&
    index.policy.dnsProxy !== 'on';
  const by = new Set<Rule>();
  let later = false;
  let differs = false;
  for (const flow of perService.flat()) {
    const cells = walk(index, flow, knowledge, {
      certainBut: rule.action,
      skipDestination: (other, member) =>
        member === destination || dropped.has(member) || isLessCertain(other, member),
    });
    // Only certain answers count: a rule on the way that may do the opposite means that the entry may matter.
    if (cells.length === 0) return USED;
    for (const cell of cells) {
      const decider = cell.decision.rule;
      if (decider === undefined) return USED;
      const isLater = (positions.get(decider) ?? 0) > (positions.get(rule) ?? 0);
      if (cell.decision.action !== rule.action || inspects(decider) !== inspects(rule)) {
        if (isLater) return USED;
        differs = true;
      }
      if (decider === rule || isLater) later = true;
      by.add(decider);
    }
  }
  if (rule.action === 'deny' && later) return USED;
  if (later && differs) return USED;
  return { usage: !later && (differs || rule.action === 'deny') ? 'shadowed' : 'redundant', by: [...by] };
}

/**
 * Without DNS proxy a name in a network rule matches only where firewall and client happen to resolve the same address, so
 * that it never stands in for another entry. https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
 */
function isNetworkName(destination: Destination): boolean {
  return destination.kind === 'name' && destination.via === 'network-fqdn';
}

/** Traffic that is decrypted on the way is not the same traffic: what needs its TLS unbroken lives by one and not the other. */
function inspects(rule: Rule): Rule['terminateTls'] {
  return rule.action === 'allow' && rule.terminateTls;
}

/** The flows that one cell of a rule decides; none where the cell is not fully known. */
export function entryFlows(rule: Rule, destination: Destination, service: Service): Flow[] {
  if (service.protocol === 'unknown' || !service.portsKnown) return [];
  if (rule.sources.some((source) => source.kind === 'opaque') || rule.sourceDoubt !== undefined) return [];
  const sources = sourceSetOf(rule);
  const target = entryDestination(destination);
  if (target === undefined) return [];
  const ports = [[service.from, service.to + 1]] as const;
  return protocolsOf(service.protocol, service).map((protocol) => ({
    sources,
    destination: target,
    protocol,
    ports,
  }));
}

function protocolsOf(
  protocol: Exclude<Service['protocol'], 'unknown'>,
  service: Service,
): readonly FlowProtocol[] {
  if (protocol !== 'Any') return [protocol];
  return hasEveryPort(service) ? ['TCP', 'UDP', 'ICMP'] : ['TCP', 'UDP'];
}

function entryDestination(destination: Destination): Flow['destination'] | undefined {
  switch (destination.kind) {
    case 'name':
      if (destination.via === 'url' || destination.unknown !== undefined) return undefined;
      if (destination.shape !== undefined) return undefined;
      return { kind: 'name', pattern: destination.pattern, standsForHosts: false };
    case 'fqdn-tag':
      return { kind: 'name', pattern: fqdnTagSymbol(destination.tag), standsForHosts: false };
    case 'any':
      return { kind: 'address', set: ALL_ADDRESSES, everyPart: true };
    case 'range':
      return { kind: 'address', set: rangeSet(destination.range), everyPart: true };
    case 'service-tag':
      return { kind: 'service-tag', tag: destination.tag, everyPart: true };
    case 'web-category':
    case 'symbol':
    case 'opaque':
    case 'invalid':
      return undefined;
  }
}
