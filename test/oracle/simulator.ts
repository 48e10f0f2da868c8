import type { Address, Destination, Policy, Rule, Service } from '../../src/model/policy.ts';

/**
 * What Azure Firewall does with one packet, decided as naively as can be: loops over rules and list members, strings
 * and numbers, no sets. It shares no code with src/model and src/coverage (types only), so that a mistake there is not
 * repeated here. https://learn.microsoft.com/azure/firewall/rule-processing
 *
 * What is not known is a question, and every answer is tried. Each rule answers for itself: the same question asked
 * by two rules may be answered differently, because a rule's doubt is not followed beyond the rule.
 */
export interface Packet {
  /** An IPv4 address as a number, or a symbol: one address of the network that the symbol stands for. */
  readonly source: number | string;
  readonly destination: { readonly name: string } | { readonly address: number };
  /** TCP is what is neither HTTP nor HTTPS. */
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP';
  readonly port: number;
}

export type Action = 'allow' | 'deny';

/** What is known of tags, besides the policy. */
export interface TagFacts {
  readonly fqdnTagHolds: (tag: string, name: string) => boolean | 'unknown';
  readonly serviceTagHolds: (tag: string, destination: Packet['destination']) => boolean | 'unknown';
}

const NO_TAG_FACTS: TagFacts = {
  fqdnTagHolds: () => 'unknown',
  serviceTagHolds: () => 'unknown',
};

/** Answers a question that the policy leaves open; the same question gets the same answer. */
type Ask = (question: string) => boolean;

/** Every action that the packet may meet: one where the policy decides it, both where it depends on what is unknown. */
export function simulate(policy: Policy, packet: Packet, facts: TagFacts = NO_TAG_FACTS): Set<Action> {
  const possible = new Set<Action>();
  for (const rule of inOrderOfEvaluation(policy)) {
    const outcomes = new Set(everyAnswer((ask) => decide(rule, packet, facts, ask)));
    if (outcomes.has('allow')) possible.add('allow');
    if (outcomes.has('deny')) possible.add('deny');
    if (!outcomes.has('passes on')) return possible;
  }
  return possible.add('deny');
}

/** Network rules decide before application rules, whatever their numbers; then parents before children, then priorities. */
function inOrderOfEvaluation(policy: Policy): Rule[] {
  const ordered: Rule[] = [];
  for (const stage of ['network', 'application']) {
    const rules = policy.rules.filter((rule) => rule.stage === stage);
    rules.sort(
      (a, b) =>
        a.order[0] - b.order[0] ||
        a.order[1] - b.order[1] ||
        a.order[2] - b.order[2] ||
        a.order[3] - b.order[3],
    );
    ordered.push(...rules);
  }
  return ordered;
}

/** Runs a decision once for every way to answer the questions that it asks. */
function everyAnswer<T>(run: (ask: Ask) => T): T[] {
  const results: T[] = [];
  const pending: ReadonlyMap<string, boolean>[] = [new Map()];
  for (let fixed = pending.pop(); fixed !== undefined; fixed = pending.pop()) {
    const answers = new Map(fixed);
    results.push(
      run((question) => {
        const known = answers.get(question);
        if (known !== undefined) return known;
        pending.push(new Map([...answers, [question, false]]));
        answers.set(question, true);
        return true;
      }),
    );
  }
  return results;
}

function decide(rule: Rule, packet: Packet, facts: TagFacts, ask: Ask): Action | 'passes on' {
  if (rule.conditional !== undefined && !ask('does the rule exist?')) return 'passes on';
  if (!matches(rule, packet, facts, ask)) return 'passes on';
  if (rule.action !== 'unknown') return rule.action;
  return ask('does it allow?') ? 'allow' : 'deny';
}

function matches(rule: Rule, packet: Packet, facts: TagFacts, ask: Ask): boolean {
  if (rule.stage === 'application') {
    // Application rules see HTTP, HTTPS and MSSQL only, and know the destination by the name that the client sends.
    if (packet.protocol !== 'HTTP' && packet.protocol !== 'HTTPS') return false;
    if (!('name' in packet.destination)) return false;
  }
  if (rule.opaque !== undefined) return ask('do the unknown rules match?');
  for (const source of rule.sources) {
    if (!sourceHolds(source, packet.source, ask)) continue;
    for (const service of rule.services) {
      if (!serviceHolds(service, rule, packet, ask)) continue;
      for (const destination of rule.destinations) {
        if (destinationHolds(destination, rule, packet.destination, facts, ask)) return true;
      }
    }
  }
  return false;
}

function sourceHolds(source: Address, address: Packet['source'], ask: Ask): boolean {
  switch (source.kind) {
    case 'any':
      return true;
    case 'invalid':
    case 'service-tag': // destinations only: Azure refuses it as a source
      return false;
    case 'opaque':
      return ask(`does ${source.text} hold the source?`);
    case 'symbol':
      // Two different symbols are two different networks: that they overlap is not considered.
      if (typeof address === 'string') return address === source.symbol;
      return ask(`does ${source.symbol} hold the source?`);
    case 'range': {
      const { version, from, to } = source.range;
      if (version === 6) return false;
      if (typeof address === 'number') return from <= address && address <= to;
      return isEveryAddress(from, to) || ask(`is ${address} in ${source.text}?`);
    }
  }
}

function isEveryAddress(from: number, to: number): boolean {
  return from === 0 && to === 4_294_967_295;
}

function serviceHolds(service: Service, rule: Rule, packet: Packet, ask: Ask): boolean {
  if (!service.portsKnown) {
    if (!ask(`does ${service.text} have the port?`)) return false;
  } else if (packet.port < service.from || packet.port > service.to) {
    return false;
  }
  if (service.protocol === 'unknown') return ask(`does ${service.text} have the protocol?`);
  if (rule.stage === 'application') return service.protocol === packet.protocol;
  // Any is TCP and UDP where ports are given, and every protocol where not. HTTP and HTTPS are TCP here.
  if (service.protocol === 'Any') return true;
  return service.protocol === (packet.protocol === 'UDP' ? 'UDP' : 'TCP');
}

function destinationHolds(
  destination: Destination,
  rule: Rule,
  target: Packet['destination'],
  facts: TagFacts,
  ask: Ask,
): boolean {
  const open = (): boolean => ask(`does ${destination.kind} ${destination.text} hold the destination?`);
  switch (destination.kind) {
    case 'any':
      return true;
    case 'invalid':
      return false;
    case 'opaque':
    case 'symbol':
    case 'web-category':
      return open();
    case 'service-tag': {
      const holds = facts.serviceTagHolds(destination.tag, target);
      return holds === 'unknown' ? open() : holds;
    }
    case 'fqdn-tag': {
      const holds = 'name' in target ? facts.fqdnTagHolds(destination.tag, target.name) : false;
      return holds === 'unknown' ? open() : holds;
    }
    case 'range': {
      const { version, from, to } = destination.range;
      if (version === 6) return false;
      if ('address' in target) return from <= target.address && target.address <= to;
      // The address behind a name is known to nobody, but it is a public one.
      return isEveryAddress(from, to) || (hasPublicAddress(from, to) && open());
    }
    case 'name': {
      if (!('name' in target)) return open();
      // A network rule holds the addresses of one name: no wildcards.
      if (rule.stage === 'network' && destination.pattern.includes('*')) return false;
      if (!nameMatches(destination.pattern, target.name, ask)) return false;
      // One host has many paths: a URL rule may hold some and not others.
      return destination.via !== 'url' || open();
    }
  }
}

/** Private, shared (CGNAT) and link-local blocks: no public name has an address there. */
const NOT_PUBLIC: readonly (readonly [first: string, last: string])[] = [
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.168.0.0', '192.168.255.255'],
];

function hasPublicAddress(from: number, to: number): boolean {
  return !NOT_PUBLIC.some(([first, last]) => ipv4(first) <= from && to <= ipv4(last));
}

/** 10.0.0.1 as a number. */
export function ipv4(text: string): number {
  let value = 0;
  for (const part of text.split('.')) value = value * 256 + Number(part);
  return value;
}

/**
 * One `*` in front stands for any text, dots and nothing included; any other `*` makes Azure refuse the pattern.
 * A symbol inside may be any text. https://learn.microsoft.com/azure/firewall/firewall-faq
 */
function nameMatches(pattern: string, name: string, ask: Ask): boolean {
  const isWildcard = pattern.startsWith('*');
  const rest = (isWildcard ? pattern.slice(1) : pattern).toLowerCase();
  if (rest.includes('*')) return false;
  if (rest === name || (isWildcard && name.endsWith(rest))) return true;
  const parts = rest.split(/⟦[^⟧]*⟧/);
  if (parts.length === 1) return false;
  if (isWildcard) parts.unshift('');
  return partsInOrder(parts, name) && ask(`is ${name} what ${pattern} means?`);
}

/** True where the name is the parts, in order, with any text between them. */
function partsInOrder(parts: readonly string[], name: string): boolean {
  const [first = '', ...others] = parts;
  if (others.length === 0) return name === first;
  if (!name.startsWith(first)) return false;
  for (let end = first.length; end <= name.length; end += 1) {
    if (partsInOrder(others, name.slice(end))) return true;
  }
  return false;
}
