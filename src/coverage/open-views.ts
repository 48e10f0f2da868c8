import { formatIpRange } from '../model/address.ts';
import { ipRanges, PUBLIC_V4, ipContains, rangeSet } from '../model/ip-space.ts';
import type { Place } from '../model/place.ts';
import type { Address, Destination, Policy, Rule, Service } from '../model/policy.ts';
import { hasSymbol, symbolOf } from '../model/symbol.ts';
import type { OpenFactsOf } from './open-facts.ts';
import type { JudgedRequirement } from './requirement-subjects.ts';

/**
 * The open facts of subjects. Nothing is computed before a check asks for it: most runs have no check on open facts.
 */

/** Of one destination of a rule with all its services, or of one service that is wider than needed. */
export class EntryView implements OpenFactsOf<'entry'> {
  readonly #rule: Rule;
  readonly #member: Destination | undefined;
  readonly #services: readonly Service[];
  readonly #requirement: string;
  readonly #place: Place;
  readonly #policy: Policy;

  constructor(
    rule: Rule,
    member: Destination | undefined,
    services: readonly Service[],
    requirement: string | null,
    place: Place,
    policy: Policy,
  ) {
    this.#rule = rule;
    this.#member = member;
    this.#services = services;
    this.#requirement = requirement ?? '';
    this.#place = place;
    this.#policy = policy;
  }

  get destination(): string {
    return this.#member?.text ?? '';
  }
  get host(): string {
    return this.#member === undefined ? '' : (hostOf(this.#member) ?? '');
  }
  get addresses(): readonly string[] {
    return this.#member === undefined ? [] : addressesOf([this.#member]);
  }
  get tags(): readonly string[] {
    return this.#member === undefined ? [] : tagsOf([this.#member]);
  }
  get requirement(): { id: string } {
    return { id: this.#requirement };
  }
  get ports(): readonly string[] {
    return portsOf(this.#services);
  }
  get protocols(): readonly string[] {
    return protocolsOf(this.#services);
  }
  get sources(): readonly string[] {
    return addressesOf(this.#rule.sources);
  }
  get sourceTags(): readonly string[] {
    return tagsOf(this.#rule.sources);
  }
  get rule(): OpenFactsOf<'entry'>['rule'] {
    return ruleView(this.#rule);
  }
  get policy(): OpenFactsOf<'policy'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'policy'>['place'] {
    return placeView(this.#place);
  }
}

export class RuleView implements OpenFactsOf<'rule'> {
  readonly #rule: Rule;
  readonly #place: Place;
  readonly #policy: Policy;

  constructor(rule: Rule, place: Place, policy: Policy) {
    this.#rule = rule;
    this.#place = place;
    this.#policy = policy;
  }

  get hosts(): readonly string[] {
    return this.#rule.destinations.flatMap((member) => hostOf(member) ?? []);
  }
  get addresses(): readonly string[] {
    return addressesOf(this.#rule.destinations);
  }
  get tags(): readonly string[] {
    return tagsOf(this.#rule.destinations);
  }
  get ports(): readonly string[] {
    return portsOf(this.#rule.services);
  }
  get protocols(): readonly string[] {
    return protocolsOf(this.#rule.services);
  }
  get sources(): readonly string[] {
    return addressesOf(this.#rule.sources);
  }
  get sourceTags(): readonly string[] {
    return tagsOf(this.#rule.sources);
  }
  get rule(): OpenFactsOf<'rule'>['rule'] {
    return ruleView(this.#rule);
  }
  get policy(): OpenFactsOf<'policy'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'policy'>['place'] {
    return placeView(this.#place);
  }
}

export class RequirementView implements OpenFactsOf<'requirement'> {
  readonly #judged: JudgedRequirement;
  readonly #place: Place;
  readonly #policy: Policy;

  constructor(judged: JudgedRequirement, place: Place, policy: Policy) {
    this.#judged = judged;
    this.#place = place;
    this.#policy = policy;
  }

  get destination(): string {
    return this.#judged.target.destination;
  }
  get host(): string {
    const { kind, destination } = this.#judged.target;
    return kind === 'name' || kind === 'any' ? destination : '';
  }
  get addresses(): readonly string[] {
    const { kind, destination } = this.#judged.target;
    if (kind === 'unknown-address') return [symbolOf(destination)];
    return kind === 'address' || kind === 'any' ? [destination] : [];
  }
  get tags(): readonly string[] {
    const { kind, destination } = this.#judged.target;
    return kind === 'service-tag' ? [destination] : [];
  }
  get ports(): readonly string[] {
    return [String(this.#judged.requirement.port)];
  }
  get protocols(): readonly string[] {
    return [this.#judged.requirement.protocol];
  }
  get sources(): readonly string[] {
    const { ip, symbols } = this.#judged.sources;
    return [...ipRanges(ip).map(formatIpRange), ...symbols.map(asSymbol)];
  }
  get allowedBy(): readonly string[] {
    return [...new Set(this.#judged.verdict.allowedBy.map(({ rule }) => rule.name))];
  }
  get deniedBy(): readonly string[] {
    const { deniedBy } = this.#judged.verdict;
    return deniedBy === undefined ? [] : [deniedBy.name];
  }
  get requirement(): OpenFactsOf<'requirement'>['requirement'] {
    const { id, row = '', feature, necessity, purpose, since = '', until = '' } = this.#judged.requirement;
    return { id, row, feature, necessity, purpose, since, until };
  }
  get source(): OpenFactsOf<'requirement'>['source'] {
    return this.#judged.requirement.source;
  }
  get policy(): OpenFactsOf<'policy'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'policy'>['place'] {
    return placeView(this.#place);
  }
}

export class PolicyView implements OpenFactsOf<'policy'> {
  readonly #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get policy(): OpenFactsOf<'policy'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'policy'>['place'] {
    return placeView(this.#policy.place);
  }
}

export class ClusterView implements OpenFactsOf<'cluster'> {
  readonly cluster: string;
  readonly #policy: Policy;
  readonly #place: Place;

  constructor(cluster: string, policy: Policy, place: Place) {
    this.cluster = cluster;
    this.#policy = policy;
    this.#place = place;
  }

  get policy(): OpenFactsOf<'cluster'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'cluster'>['place'] {
    return placeView(this.#place);
  }
}

/** Of an endpoint that Azure lists. */
export class ListedView implements OpenFactsOf<'endpoint'> {
  readonly host: string;
  readonly category: string;
  readonly ports: readonly string[];
  readonly protocols: readonly string[];
  readonly #policy: Policy;
  readonly #place: Place;

  constructor({ destination, category, port, protocol, place }: ListedEndpoint, policy: Policy) {
    this.host = destination;
    this.category = category;
    this.ports = [String(port)];
    this.protocols = [protocol];
    this.#policy = policy;
    this.#place = place;
  }

  get policy(): OpenFactsOf<'endpoint'>['policy'] {
    return policyView(this.#policy);
  }
  get place(): OpenFactsOf<'endpoint'>['place'] {
    return placeView(this.#place);
  }
}

interface ListedEndpoint {
  readonly destination: string;
  readonly category: string;
  readonly port: number;
  readonly protocol: string;
  readonly place: Place;
}

/** Each entry of a rule asks for the same. */
const RULES = new WeakMap<Rule, OpenFactsOf<'rule'>['rule']>();

function ruleView(rule: Rule): OpenFactsOf<'rule'>['rule'] {
  const known = RULES.get(rule);
  if (known !== undefined) return known;
  const [, groupPriority, priority] = rule.order;
  const { name, description, collection, group, policy, action, stage } = rule;
  const view = { name, description, collection, group, policy, action, stage, groupPriority, priority };
  RULES.set(rule, view);
  return view;
}

function policyView({ name, tier, threatIntel, chain }: Policy): OpenFactsOf<'policy'>['policy'] {
  return { name, tier, threatIntel, chain };
}

function placeView({ path, pointer }: Place): OpenFactsOf<'policy'>['place'] {
  return { file: path, pointer };
}

/** A rule to every public address reaches every host, as one to `*` does. */
function hostOf(member: Destination): string | undefined {
  switch (member.kind) {
    case 'name':
      return member.pattern;
    case 'any':
      return '*';
    case 'range':
      return ipContains(rangeSet(member.range), PUBLIC_V4) ? '*' : undefined;
    case 'symbol':
    case 'opaque':
      return asSymbol(member.text);
    case 'fqdn-tag':
    case 'service-tag':
    case 'web-category':
    case 'invalid':
      return undefined;
  }
}

type Member = Address | Destination;

/** The lists of a model never change, and each entry of a rule has the same. */
const ADDRESSES = new WeakMap<readonly Member[], readonly string[]>();

function addressesOf(members: readonly Member[]): readonly string[] {
  const known = ADDRESSES.get(members);
  if (known !== undefined) return known;
  const addresses = members.flatMap((member): string[] => {
    if (member.kind === 'any') return ['*'];
    if (member.kind === 'range') return [formatIpRange(member.range)];
    return member.kind === 'symbol' || member.kind === 'opaque' ? [asSymbol(member.text)] : [];
  });
  ADDRESSES.set(members, addresses);
  return addresses;
}

function tagsOf(members: readonly Member[]): readonly string[] {
  return members.flatMap((member): string[] => {
    if (member.kind === 'service-tag' || member.kind === 'fqdn-tag') return [member.tag];
    return member.kind === 'symbol' || member.kind === 'opaque' ? [asSymbol(member.text)] : [];
  });
}

function portsOf(services: readonly Service[]): string[] {
  return services.map(({ from, to, portsKnown, text }) => {
    if (!portsKnown) return asSymbol(text);
    return from === to ? String(from) : `${from}-${to}`;
  });
}

function protocolsOf(services: readonly Service[]): string[] {
  return [
    ...new Set(services.map(({ protocol, text }) => (protocol === 'unknown' ? asSymbol(text) : protocol))),
  ];
}

function asSymbol(text: string): string {
  return hasSymbol(text) ? text : symbolOf(text);
}
