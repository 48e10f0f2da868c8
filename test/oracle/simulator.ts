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
  readonly destination:
    | { readonly name: string }
    | { readonly address: number }
    /** All addresses of a service tag: the need of a tag is one of the whole. */
    | { readonly tag: string }
    /** The address of an API server that nobody gave; the region where AzureCloud tags name it, else ''. */
    | { readonly apiServerIn: string };
  /** TCP is what is neither HTTP, HTTPS nor MSSQL. */
  readonly protocol: 'HTTP' | 'HTTPS' | 'MSSQL' | 'TCP' | 'UDP';
  readonly port: number;
  /** The flow that the packet is one of: some conventions look at the flow as a whole. */
  readonly flow: FlowOfPacket;
}

export interface FlowOfPacket {
  /** The symbols among its sources. */
  readonly symbols: readonly string[];
  /** For names: the name or pattern that the packet's name is one of. */
  readonly pattern?: string;
  /** The pattern means one host or few, and only the user knows which. */
  readonly standsForHosts?: boolean;
  /** The flow goes to every public address. */
  readonly toInternet?: boolean;
}

export type Action = 'allow' | 'deny';

/** What is known of tags and names, besides the policy. */
export interface Facts {
  readonly fqdnTagHolds: (tag: string) => boolean | 'unknown';
  readonly isServiceTag: (tag: string) => boolean;
  /** Could the service tag hold the address of a name that `tagsOfName` says nothing of? */
  readonly serviceTagMayHold: (tag: string) => boolean;
  /** Sets of service tags, lower case, without regions: each set together holds all addresses of the name. */
  readonly tagsOfName: (name: string) => readonly (readonly string[])[];
  readonly webCategoryMayHold: (category: string) => boolean;
  /** Resolves to a private address in the cluster's network. */
  readonly isPrivateName: (name: string) => boolean;
}

/** Answers a question that the policy leaves open; the same question gets the same answer. */
interface Doubts {
  readonly ask: (question: string) => boolean;
  readonly choose: (question: string, choices: () => readonly number[]) => number;
}

/** Every action that the packet may meet: one where the policy decides it, both where it depends on what is unknown. */
export function simulate(policy: Policy, packet: Packet, facts: Facts): Set<Action> {
  const possible = new Set<Action>();
  for (const tags of tagsThatMayHold(packet, facts)) {
    for (const action of simulateWithin(tags, policy, packet, facts)) possible.add(action);
  }
  return possible;
}

/** One tag of each set that together holds the name's addresses: where the packet goes, it goes to one of them. */
function tagsThatMayHold({ destination, flow }: Packet, facts: Facts): string[][] {
  let combinations: string[][] = [[]];
  if (!('name' in destination)) return combinations;
  for (const set of facts.tagsOfName(flow.pattern ?? destination.name)) {
    combinations = combinations.flatMap((tags) => set.map((tag) => [...tags, tag]));
  }
  return combinations;
}

function simulateWithin(tags: readonly string[], policy: Policy, packet: Packet, facts: Facts): Set<Action> {
  const possible = new Set<Action>();
  for (const rule of inOrderOfEvaluation(policy)) {
    const outcomes = everyAnswer(rule.action === 'unknown' ? 3 : 2, (doubts) =>
      decide(rule, packet, { ...facts, tags, near: [rule] }, doubts),
    );
    if (outcomes.has('allow')) possible.add('allow');
    if (outcomes.has('deny')) possible.add('deny');
    if (!outcomes.has('passes on')) return possible;
  }
  return possible.add('deny');
}

/** As `simulate`, but rules that ask the same get the same answer: never more outcomes than `simulate` has, at times fewer. */
export function simulateAsOne(policy: Policy, packet: Packet, facts: Facts): Set<Action> {
  const possible = simulate(policy, packet, facts);
  if (possible.size === 1) return possible;
  possible.clear();
  const rules = inOrderOfEvaluation(policy);
  for (const tags of tagsThatMayHold(packet, facts)) {
    const actions = everyAnswer(2, (doubts): Action => {
      for (const rule of rules) {
        const action = decide(rule, packet, { ...facts, tags, near: rules }, doubts);
        if (action !== 'passes on') return action;
      }
      return 'deny';
    });
    for (const action of actions) possible.add(action);
  }
  return possible;
}

interface FactsOfPacket extends Facts {
  /** Service tags, of those documented to hold the packet's name, that hold its address. */
  readonly tags: readonly string[];
  /** The rules whose ranges must be told apart. */
  readonly near: readonly Rule[];
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

/** Runs a decision once for every way to answer the questions that it asks, or until it came to `most` results. */
function everyAnswer<T>(most: number, run: (doubts: Doubts) => T): Set<T> {
  const results = new Set<T>();
  const pending: ReadonlyMap<string, number>[] = [new Map()];
  for (let fixed = pending.pop(); fixed !== undefined && results.size < most; fixed = pending.pop()) {
    const answers = new Map(fixed);
    const choose: Doubts['choose'] = (question, choices) => {
      const known = answers.get(question);
      if (known !== undefined) return known;
      const [first = 0, ...others] = choices();
      for (const other of others) pending.push(new Map([...answers, [question, other]]));
      answers.set(question, first);
      return first;
    };
    results.add(run({ choose, ask: (question) => choose(question, () => [1, 0]) === 1 }));
  }
  return results;
}

function decide(rule: Rule, packet: Packet, facts: FactsOfPacket, doubts: Doubts): Action | 'passes on' {
  if (rule.conditional !== undefined && !doubts.ask(`does ${rule.id} exist?`)) return 'passes on';
  if (!matches(rule, packet, facts, doubts)) return 'passes on';
  if (rule.action !== 'unknown') return rule.action;
  return doubts.ask(`does ${rule.id} allow?`) ? 'allow' : 'deny';
}

function matches(rule: Rule, packet: Packet, facts: FactsOfPacket, doubts: Doubts): boolean {
  if (rule.stage === 'application') {
    // Application rules see HTTP, HTTPS and MSSQL only, and know the destination by the name that the client sends.
    if (packet.protocol === 'TCP' || packet.protocol === 'UDP') return false;
    if (!('name' in packet.destination)) return false;
  }
  if (rule.opaque !== undefined) return doubts.ask(`do the rules at ${rule.id} match?`);
  for (const source of rule.sources) {
    if (!sourceHolds(source, rule, packet, facts, doubts)) continue;
    for (const service of rule.services) {
      if (!serviceHolds(service, rule, packet, doubts)) continue;
      for (const destination of rule.destinations) {
        if (destinationHolds(destination, rule, packet, facts, doubts)) return true;
      }
    }
  }
  return false;
}

function sourceHolds(
  source: Address,
  rule: Rule,
  { source: address, flow }: Packet,
  { near: rules }: FactsOfPacket,
  { ask, choose }: Doubts,
): boolean {
  switch (source.kind) {
    case 'any':
      return true;
    case 'invalid':
    case 'service-tag': // destinations only: Azure refuses it as a source
      return false;
    case 'opaque':
      return ask(`does ${source.text} of ${rule.id} hold the source?`);
    case 'symbol':
      // Two different symbols are two different networks, and so are a symbol and an address of one flow.
      if (typeof address === 'string') return address === source.symbol;
      return !flow.symbols.includes(source.symbol) && ask(`does ${source.symbol} hold the source?`);
    case 'range': {
      const { version, from, to } = source.range;
      if (typeof address === 'number') return version === 4 && from <= address && address <= to;
      // A symbol may stand for an IPv6 network too, but then it is not the IPv4 network that the rules are about.
      if (version === 6) return ask(`is ${address} in ${source.text}?`);
      const members = rules.flatMap((one) => one.sources);
      const at = choose(`where is ${address}?`, () => startsOfRegions(members));
      return from <= at && at <= to;
    }
  }
}

function serviceHolds(service: Service, rule: Rule, packet: Packet, { ask }: Doubts): boolean {
  if (!service.portsKnown) {
    if (!ask(`does ${service.text} of ${rule.id} have the port?`)) return false;
  } else if (packet.port < service.from || packet.port > service.to) {
    return false;
  }
  if (service.protocol === 'unknown') return ask(`does ${service.text} of ${rule.id} have the protocol?`);
  if (rule.stage === 'application') return service.protocol === packet.protocol;
  // Any is TCP and UDP where ports are given, and every protocol where not. HTTP, HTTPS and MSSQL are TCP here.
  if (service.protocol === 'Any') return true;
  return service.protocol === (packet.protocol === 'UDP' ? 'UDP' : 'TCP');
}

function destinationHolds(
  destination: Destination,
  rule: Rule,
  packet: Packet,
  facts: FactsOfPacket,
  doubts: Doubts,
): boolean {
  const { destination: target, flow } = packet;
  const open = (): boolean =>
    doubts.ask(`does ${destination.kind} ${destination.text} hold the destination?`);
  switch (destination.kind) {
    case 'any':
      return true;
    case 'invalid':
      return false;
    case 'opaque':
      return doubts.ask(`does ${destination.text} of ${rule.id} hold the destination?`);
    case 'symbol':
      return open();
    case 'web-category':
      return facts.webCategoryMayHold(destination.text) && open();
    case 'fqdn-tag': {
      const holds = facts.fqdnTagHolds(destination.tag);
      return holds === 'unknown' ? open() : holds;
    }
    case 'service-tag':
      // Tags hold public addresses. A flow to the whole Internet is judged as a whole: a tag is a small part of it.
      if (!facts.isServiceTag(destination.tag)) return false;
      if ('tag' in target) return tagHoldsTag(destination.tag, target.tag, rule, open);
      if ('apiServerIn' in target) return tagHoldsApiServer(destination.tag, target.apiServerIn, open);
      if ('address' in target) return isPublic(target.address) && flow.toInternet !== true && open();
      return serviceTagHolds(destination.tag, flow.pattern ?? target.name, facts, open);
    case 'range': {
      const { version, from, to } = destination.range;
      if ('address' in target) return version === 4 && from <= target.address && target.address <= to;
      // An allow of some addresses is no allow of a tag; a deny of some may deny a part of it.
      if ('tag' in target && rule.action === 'allow') return holdsEveryPublicAddress(rule);
      if (!('name' in target)) {
        if (version === 6) return !isPrivateV6(from, to) && open();
        const one = addressBehindTheName(facts.near, false, doubts);
        return from <= one && one <= to;
      }
      const isPrivate = facts.isPrivateName(flow.pattern ?? target.name);
      // A name may have an IPv6 address too.
      if (version === 6) return (isPrivate || !isPrivateV6(from, to)) && open();
      const address = addressBehindTheName(facts.near, isPrivate, doubts);
      return from <= address && address <= to;
    }
    case 'name':
      if ('tag' in target) return false;
      if ('apiServerIn' in target) return !destination.pattern.includes('*') && open();
      if ('address' in target) {
        if (flow.toInternet === true || destination.pattern.includes('*')) return false;
        return (isPublic(target.address) || facts.isPrivateName(destination.pattern)) && open();
      }
      // A network rule holds the addresses of one name: no wildcards.
      if (rule.stage === 'network' && destination.pattern.includes('*')) return false;
      // A URL below a path decides single requests, never what a host as a whole may get.
      if (destination.via === 'url' && !['', '/', '/*'].includes(destination.url ?? '')) return false;
      return nameHolds(destination.pattern, target.name, flow, doubts);
  }
}

function serviceTagHolds(written: string, name: string, facts: FactsOfPacket, open: () => boolean): boolean {
  if (facts.isPrivateName(name)) return false;
  const [tag = '', region] = written.toLowerCase().split('.');
  if (!facts.tagsOfName(name).some((set) => set.includes(tag)))
    return facts.serviceTagMayHold(written) && open();
  if (!facts.tags.includes(tag)) return false;
  // A region's addresses are those of a host whose name says that it is in that region.
  return region === undefined || name.split('.').includes(region) || open();
}

/** A tag holds itself and its regions. AzureCloud holds some of every tag's addresses; a region holds a part of the tag. */
function tagHoldsTag(mine: string, wanted: string, rule: Rule, open: () => boolean): boolean {
  const [a, b] = [mine.toLowerCase(), wanted.toLowerCase()];
  const [baseA, baseB] = [a.split('.')[0] ?? '', b.split('.')[0] ?? ''];
  if (a === b || a === baseB) return true;
  if (baseA === 'azurecloud' && baseB !== 'azurecloud') return open();
  if (b === baseA) return rule.action !== 'allow' && open();
  return a.includes('⟦') && couldBeEqual(a, b) && open();
}

/** https://learn.microsoft.com/azure/aks/outbound-rules-control-egress: AzureCloud of its region holds an API server. */
function tagHoldsApiServer(mine: string, region: string, open: () => boolean): boolean {
  const [base, suffix] = mine.toLowerCase().split('.');
  if (base !== 'azurecloud') return false;
  return suffix === undefined || suffix === region || ((region === '' || suffix.includes('⟦')) && open());
}

function holdsEveryPublicAddress(rule: Rule): boolean {
  const borders = [...startsOfRegions(rule.destinations), ...NOT_PUBLIC.map(([, last]) => last + 1)];
  return borders
    .filter((address) => address <= LAST_IPV4 && isPublic(address))
    .every((address) =>
      rule.destinations.some(
        ({ kind, ...member }) =>
          kind === 'range' &&
          'range' in member &&
          member.range.version === 4 &&
          member.range.from <= address &&
          address <= member.range.to,
      ),
    );
}

const LAST_IPV4 = 4_294_967_295;

/** Private, shared (CGNAT), loopback, link-local, multicast and reserved blocks: no public service has an address there. */
const NOT_PUBLIC: readonly (readonly [first: number, last: number])[] = [
  [ipv4('0.0.0.0'), ipv4('0.255.255.255')],
  [ipv4('10.0.0.0'), ipv4('10.255.255.255')],
  [ipv4('100.64.0.0'), ipv4('100.127.255.255')],
  [ipv4('127.0.0.0'), ipv4('127.255.255.255')],
  [ipv4('169.254.0.0'), ipv4('169.254.255.255')],
  [ipv4('172.16.0.0'), ipv4('172.31.255.255')],
  [ipv4('192.168.0.0'), ipv4('192.168.255.255')],
  [ipv4('224.0.0.0'), LAST_IPV4],
];

/** Unique local and link-local. */
function isPrivateV6(from: bigint, to: bigint): boolean {
  const [first, last] = [from >> 112n, to >> 112n];
  return (first >= 0xfc00n && last <= 0xfdffn) || (first >= 0xfe80n && last <= 0xfebfn);
}

function isPublic(address: number): boolean {
  return !NOT_PUBLIC.some(([first, last]) => first <= address && address <= last);
}

/** The one address that the name has: any that the ranges of these rules tell from another. */
function addressBehindTheName(rules: readonly Rule[], isPrivate: boolean, { choose }: Doubts): number {
  return choose('which address does the name have?', () => {
    const starts = new Set(startsOfRegions(rules.flatMap((rule) => rule.destinations)));
    for (const [, last] of NOT_PUBLIC) starts.add(last + 1);
    return [...starts].filter((address) => address <= LAST_IPV4 && (isPrivate || isPublic(address)));
  });
}

/** The addresses where a range begins or one has just ended: one in every region that the ranges make, at least. */
function startsOfRegions(members: readonly (Address | Destination)[]): number[] {
  const starts = new Set([0]);
  for (const member of members) {
    if (member.kind !== 'range' || member.range.version === 6) continue;
    starts.add(member.range.from);
    if (member.range.to < LAST_IPV4) starts.add(member.range.to + 1);
  }
  return [...starts];
}

/** 10.0.0.1 as a number. */
export function ipv4(text: string): number {
  let value = 0;
  for (const part of text.split('.')) value = value * 256 + Number(part);
  return value;
}

/**
 * Letter by letter: one `*` in front stands for any text, dots and nothing included; any other `*` makes Azure refuse
 * the pattern; a symbol is equal to itself. https://learn.microsoft.com/azure/firewall/firewall-faq
 */
export function isOneOf(name: string, pattern: string): boolean {
  const rest = pattern.startsWith('*') ? pattern.slice(1) : pattern;
  if (pattern === '' || rest.includes('*')) return false;
  return pattern.startsWith('*') ? name.endsWith(rest) : name === rest;
}

function nameHolds(pattern: string, name: string, flow: FlowOfPacket, { ask }: Doubts): boolean {
  const wanted = flow.pattern ?? name;
  const mayMean = (): boolean => ask(`does ${pattern} hold the name?`);
  if (pattern.slice(1).includes('*')) return false;
  // Text before the star is none, so that "every name of" is "the rest ends in".
  const holdsEvery =
    isOneOf(wanted.replace('*', ''), pattern) && (pattern.startsWith('*') || !wanted.startsWith('*'));
  if (holdsEvery) return true;
  const isInside = isOneOf(pattern.replace('*', ''), wanted) && wanted.startsWith('*');
  // A pattern with a symbol inside a wildcard is a name of its own in it, as any other longer pattern is.
  if (isInside) return flow.standsForHosts === true ? mayMean() : isOneOf(name, pattern);
  if (!pattern.includes('⟦') && !wanted.includes('⟦')) return false;
  return couldBeEqual(pattern, wanted) && mayMean();
}

/** Could the two be one name, if symbols may be any text? The text between two symbols of one name is not looked at. */
function couldBeEqual(a: string, b: string): boolean {
  const x = knownEnds(a);
  const y = knownEnds(b);
  if (!x.isOpen) return fits(a, y);
  if (!y.isOpen) return fits(b, x);
  const starts = x.start.startsWith(y.start) || y.start.startsWith(x.start);
  const ends = x.end.endsWith(y.end) || y.end.endsWith(x.end);
  return starts && ends;
}

interface Ends {
  readonly start: string;
  readonly end: string;
  /** Something unknown stands between the ends. */
  readonly isOpen: boolean;
}

function knownEnds(pattern: string): Ends {
  const [start = '', ...rest] = pattern.split(/\*|⟦[^⟧]*⟧/);
  return { start, end: rest.at(-1) ?? start, isOpen: rest.length > 0 };
}

function fits(name: string, { start, end }: Ends): boolean {
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
