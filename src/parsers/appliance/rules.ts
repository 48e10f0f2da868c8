import { ALL_ADDRESSES, ipRanges, ipSubtract, type IpSet } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, IpRange, Policy, Rule, Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';

/** What a vendor's reader says of one rule; the rest is the same for every appliance. */
export interface RuleDraft {
  readonly name: string;
  /** Device group, virtual system, package: what the list of rules belongs to. */
  readonly group: string;
  /** The list that holds the rule, as the vendor calls it. */
  readonly collection: string;
  readonly action: Rule['action'];
  readonly sources: readonly Address[];
  readonly destinations: readonly Destination[];
  readonly services: readonly Service[];
  readonly description?: string;
  readonly place: Place;
  readonly listPlaces?: Rule['listPlaces'];
  /** What has to hold for the rule to match anything, and is not known. */
  readonly conditions?: readonly Unknown[] | undefined;
  readonly except?: readonly Destination[];
  readonly sourceDoubt?: Rule['sourceDoubt'];
  readonly layer?: number;
  readonly implicit?: Rule['implicit'];
  /** Nothing of the rules is known. */
  readonly opaque?: Unknown;
}

/** The rules of one policy in their order. */
export class RuleList {
  readonly rules: Rule[] = [];
  readonly #policy: string;
  readonly #taken = new Map<string, number>();

  constructor(policy: string) {
    this.#policy = policy;
  }

  add(draft: RuleDraft): void {
    const { conditions = [], listPlaces = {}, except, sourceDoubt, layer, implicit, opaque } = draft;
    const conditional = together(conditions);
    this.rules.push({
      id: this.#idOf(draft),
      name: draft.name,
      collection: draft.collection,
      group: draft.group,
      policy: this.#policy,
      stage: 'appliance',
      action: draft.action,
      order: [0, 0, 0, this.rules.length],
      sources: draft.sources,
      destinations: draft.destinations,
      services: draft.services,
      terminateTls: false,
      description: draft.description ?? '',
      place: draft.place,
      listPlaces,
      ineffective: [],
      needsTier: [],
      ...(conditional === undefined ? {} : { conditional }),
      ...(except === undefined || except.length === 0 ? {} : { except }),
      ...(sourceDoubt === undefined ? {} : { sourceDoubt }),
      ...(layer === undefined ? {} : { layer }),
      ...(implicit === undefined ? {} : { implicit }),
      ...(opaque === undefined ? {} : { opaque, opaqueKind: 'rules' as const }),
    });
  }

  #idOf({ group, collection, name }: RuleDraft): string {
    const id = [group, collection, name].join('/');
    const count = (this.#taken.get(id) ?? 0) + 1;
    this.#taken.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  }
}

function together(conditions: readonly Unknown[]): Unknown | undefined {
  const [first] = conditions;
  if (first === undefined || conditions.length === 1) return first;
  return {
    reason: [...new Set(conditions.map(({ reason }) => reason))].join('; '),
    supply: [...new Set(conditions.map(({ supply }) => supply))].join(', and '),
    place: first.place,
  };
}

export interface PolicyDraft {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly rules: readonly Rule[];
  readonly chain?: readonly string[];
  readonly layers?: Policy['layers'];
  readonly decryption?: readonly Rule[];
  readonly unknowns?: readonly Unknown[];
}

export function appliancePolicy(draft: PolicyDraft): Policy {
  const { id, name, place, rules, chain = [name], layers, decryption = [], unknowns = [] } = draft;
  const policy: Policy = {
    id,
    name,
    kind: 'appliance',
    place,
    tier: 'unknown',
    dnsProxy: 'on',
    dnsProxyPlace: place,
    attached: 'yes',
    threatIntel: 'Off',
    chain,
    rules,
    ties: [],
    unknowns,
    ...(layers === undefined ? {} : { layers }),
  };
  if (decryption.length === 0) return policy;
  return { ...policy, decryption: { ...policy, id: `${id} decryption`, rules: decryption } };
}

/** Policies of one run with ids of their own. */
export function withUniqueIds(policies: readonly Policy[]): Policy[] {
  const taken = new Set<string>();
  return policies.map((policy) => {
    let { id } = policy;
    for (let count = 2; taken.has(id); count += 1) id = `${policy.id}#${count}`;
    taken.add(id);
    return id === policy.id ? policy : { ...policy, id };
  });
}

export function anyAddress(place: Place, text = 'any'): Address {
  return { kind: 'any', text, place };
}

export function rangeAddress(range: IpRange, text: string, place: Place): Address {
  return { kind: 'range', range, text, place };
}

/** The addresses of a set as members of a list, all as the file writes the whole. */
export function addressesOf(set: IpSet, text: string, place: Place): Address[] {
  return ipRanges(set).map((range) => rangeAddress(range, text, place));
}

/** Everything but a set. */
export function allBut(set: IpSet): IpSet {
  return ipSubtract(ALL_ADDRESSES, set);
}

export function opaqueAddress(text: string, place: Place, reason: string, supply: string): Address {
  return { kind: 'opaque', text, place, unknown: { reason, supply, place } };
}

export type NameDestination = Extract<Destination, { kind: 'name' }>;

/** A name or pattern as Azure Firewall would write it, lower case. */
export function nameOf(
  pattern: string,
  text: string,
  place: Place,
  more: Partial<Pick<NameDestination, 'shape' | 'unknown' | 'sent'>> = {},
): NameDestination {
  return { kind: 'name', pattern: pattern.toLowerCase(), via: 'appliance', text, place, ...more };
}
