import { ipIsEmpty, ipSubtract, knownAddresses, NOT_PUBLIC } from '../model/ip-space.ts';
import { isWildcard } from '../model/name.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import {
  isSeenByApplicationRules,
  sourcesEmpty,
  sourcesIntersect,
  type Flow,
  type SourceSet,
} from './flow.ts';
import { AddressIndex } from './address-index.ts';
import { matchSources, type Dimension, type Knowledge } from './match.ts';

/** A rule that may see traffic of the sources at hand, with its source dimension settled. */
export interface ScopedRule {
  readonly rule: Rule;
  readonly sources: Dimension<SourceSet>;
  /** Position in the policy's evaluation order. */
  readonly position: number;
}

/**
 * The rules of a policy that can touch the sources, found by destination, so that a walk looks at the few rules that may
 * match a flow and not at all of them.
 */
export interface RuleIndex {
  readonly policy: Policy;
  readonly sources: SourceSet;
  readonly rules: readonly ScopedRule[];
  /** Rules that may match the flow, in evaluation order. */
  candidates(flow: Flow, knowledge: Pick<Knowledge, 'isPrivateName'>): readonly ScopedRule[];
}

export function indexRules(policy: Policy, sources: SourceSet): RuleIndex {
  const rules: ScopedRule[] = [];
  policy.rules.forEach((rule, position) => {
    const dimension = matchSources(rule, sources);
    if (!sourcesEmpty(sourcesIntersect(dimension.most, sources)))
      rules.push({ rule, position, sources: dimension });
  });

  const network = rules.filter(({ rule }) => rule.stage === 'network');
  const publicNetwork = network.filter(({ rule }) => mayHoldPublicName(rule));
  const addresses = new AddressIndex(network);
  const names = new NameIndex(rules.filter(({ rule }) => rule.stage === 'application'));

  return {
    policy,
    sources,
    rules,
    candidates(flow, knowledge) {
      if (flow.destination.kind === 'address') return addresses.candidates(flow.destination.set);
      if (flow.destination.kind !== 'name') return network;
      const byAddress = knowledge.isPrivateName(flow.destination.pattern) ? network : publicNetwork;
      if (!isSeenByApplicationRules(flow.protocol)) return byAddress;
      return [...byAddress, ...names.candidates(flow.destination.pattern)];
    },
  };
}

/** False for network rules to private addresses only: most rules of a hub, and never one that decides a public name. */
function mayHoldPublicName(rule: Rule): boolean {
  if (rule.opaque !== undefined) return true;
  const addresses = knownAddresses(rule.destinations);
  if (!ipIsEmpty(ipSubtract(addresses, NOT_PUBLIC))) return true;
  return rule.destinations.some((d) => d.kind !== 'any' && d.kind !== 'range' && d.kind !== 'invalid');
}

/** Application rules by the names that they write: exact names, suffixes, and the reversed names in order. */
class NameIndex {
  readonly #rules: readonly ScopedRule[];
  readonly #exact = new Map<string, number[]>();
  readonly #suffix = new Map<string, number[]>();
  /** Reversed texts, sorted: everything that ends in a suffix is one run of them. */
  readonly #reversed: { text: string; index: number }[] = [];
  /** Rules with a tag, category or symbol, which no text finds. */
  readonly #always: number[] = [];

  constructor(rules: readonly ScopedRule[]) {
    this.#rules = rules;
    rules.forEach(({ rule }, index) => {
      let always = rule.opaque !== undefined;
      for (const destination of rule.destinations) {
        if (destination.kind !== 'name' || hasSymbol(destination.pattern)) {
          always = true;
          continue;
        }
        const { pattern } = destination;
        const text = isWildcard(pattern) ? pattern.slice(1) : pattern;
        const map = isWildcard(pattern) ? this.#suffix : this.#exact;
        const known = map.get(text);
        if (known === undefined) map.set(text, [index]);
        else known.push(index);
        this.#reversed.push({ text: reverse(text), index });
      }
      if (always) this.#always.push(index);
    });
    this.#reversed.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.index - b.index));
  }

  candidates(pattern: string): ScopedRule[] {
    if (hasSymbol(pattern)) return [...this.#rules];
    const found = new Set(this.#always);
    const text = isWildcard(pattern) ? pattern.slice(1) : pattern;
    const add = (indexes: readonly number[] | undefined): void => {
      for (const index of indexes ?? []) found.add(index);
    };
    if (!isWildcard(pattern)) add(this.#exact.get(text));
    for (let at = 0; at <= text.length; at++) add(this.#suffix.get(text.slice(at)));
    if (isWildcard(pattern)) for (const index of this.#endingIn(text)) found.add(index);
    return [...found].sort((a, b) => a - b).flatMap((index) => this.#rules[index] ?? []);
  }

  *#endingIn(suffix: string): Generator<number> {
    const prefix = reverse(suffix);
    let low = 0;
    let high = this.#reversed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#reversed[middle]?.text ?? '') < prefix) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.#reversed.length; at++) {
      const entry = this.#reversed[at];
      if (entry?.text.startsWith(prefix) !== true) return;
      yield entry.index;
    }
  }
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}
