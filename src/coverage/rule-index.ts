import { ALL_ADDRESSES, ipHolds, NOT_PUBLIC } from '../model/ip-space.ts';
import { isWildcard } from '../model/name.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import { isSeenByApplicationRules, type Flow, type SourceSet } from './flow.ts';
import { AddressIndex } from './address-index.ts';
import { matchSources, maySee, type Dimension, type Knowledge } from './match.ts';

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

/** The rules that can touch the sources. */
export function indexRules(policy: Policy, sources: SourceSet): RuleIndex {
  const rules: ScopedRule[] = [];
  policy.rules.forEach((rule, position) => {
    if (maySee(rule, sources)) rules.push({ rule, position, sources: matchSources(rule, sources) });
  });
  return indexOf(policy, sources, rules);
}

/** Every rule, for flows that bring sources of their own. */
export function indexEveryRule(policy: Policy): RuleIndex {
  const sources: SourceSet = { ip: ALL_ADDRESSES, symbols: [] };
  const dimension = { sure: sources, most: sources };
  const rules = policy.rules.map((rule, position) => ({ rule, position, sources: dimension }));
  return indexOf(policy, sources, rules);
}

function indexOf(policy: Policy, sources: SourceSet, rules: readonly ScopedRule[]): RuleIndex {
  return policy.kind === 'appliance'
    ? new ApplianceIndex(policy, sources, rules)
    : new DestinationIndex(policy, sources, rules);
}

/** An appliance has one list, in which rules for addresses and for names alternate. */
class ApplianceIndex implements RuleIndex {
  readonly policy: Policy;
  readonly sources: SourceSet;
  readonly rules: readonly ScopedRule[];
  readonly #names: NameIndex;
  #addresses: AddressIndex | undefined;

  constructor(policy: Policy, sources: SourceSet, rules: readonly ScopedRule[]) {
    this.policy = policy;
    this.sources = sources;
    this.rules = rules;
    this.#names = new NameIndex(rules);
  }

  candidates({ destination }: Flow): readonly ScopedRule[] {
    if (destination.kind === 'name') return this.#names.candidates(destination.pattern);
    if (destination.kind !== 'address') return this.rules;
    this.#addresses ??= new AddressIndex(this.rules);
    return this.#addresses.candidates(destination.set);
  }
}

class DestinationIndex implements RuleIndex {
  readonly policy: Policy;
  readonly sources: SourceSet;
  readonly rules: readonly ScopedRule[];
  readonly #network: readonly ScopedRule[];
  readonly #publicNetwork: readonly ScopedRule[];
  readonly #names: NameIndex;
  /** Made when the first flow to addresses comes. */
  #addresses: AddressIndex | undefined;

  constructor(policy: Policy, sources: SourceSet, rules: readonly ScopedRule[]) {
    this.policy = policy;
    this.sources = sources;
    this.rules = rules;
    this.#network = rules.filter(({ rule }) => rule.stage === 'network');
    this.#publicNetwork = this.#network.filter(({ rule }) => mayHoldPublic(rule));
    this.#names = new NameIndex(rules.filter(({ rule }) => rule.stage === 'application'));
  }

  candidates(flow: Flow, knowledge: Pick<Knowledge, 'isPrivateName'>): readonly ScopedRule[] {
    if (flow.destination.kind === 'address') {
      this.#addresses ??= new AddressIndex(this.#network);
      return this.#addresses.candidates(flow.destination.set);
    }
    // What tags hold and the address of an API server that is not known are public.
    if (flow.destination.kind !== 'name') return this.#publicNetwork;
    const byAddress = knowledge.isPrivateName(flow.destination.pattern) ? this.#network : this.#publicNetwork;
    if (!isSeenByApplicationRules(flow.protocol)) return byAddress;
    return [...byAddress, ...this.#names.candidates(flow.destination.pattern)];
  }
}

/** False for network rules to private addresses only: most rules of a hub, and never one that decides what is public. */
function mayHoldPublic(rule: Rule): boolean {
  if (rule.opaque !== undefined) return true;
  return rule.destinations.some((one) =>
    one.kind === 'range' ? !ipHolds(NOT_PUBLIC, one.range) : one.kind !== 'invalid',
  );
}

/** Application rules by the names that they write: exact names, suffixes, and all of them by domain. */
class NameIndex {
  readonly #rules: readonly ScopedRule[];
  readonly #exact = new Map<string, number[]>();
  readonly #suffix = new Map<string, number[]>();
  /** How long the suffixes are: far fewer lengths than a name has ends. */
  readonly #lengths = new Set<number>();
  /** Names and suffixes by domain, for what lies inside a wildcard; made when that is first asked for. */
  #byDomain: Map<string, Named[]> | undefined;
  /** Rules with a tag, category or symbol, which no text finds. */
  readonly #always = new Set<number>();
  readonly #alwaysRules: readonly ScopedRule[];

  constructor(rules: readonly ScopedRule[]) {
    this.#rules = rules;
    rules.forEach(({ rule }, index) => {
      let always = rule.opaque !== undefined;
      for (const destination of rule.destinations) {
        if (
          destination.kind !== 'name' ||
          destination.shape !== undefined ||
          hasSymbol(destination.pattern)
        ) {
          always = true;
          continue;
        }
        const { pattern } = destination;
        const text = isWildcard(pattern) ? pattern.slice(1) : pattern;
        const map = isWildcard(pattern) ? this.#suffix : this.#exact;
        const known = map.get(text);
        if (known === undefined) map.set(text, [index]);
        else known.push(index);
        if (map === this.#suffix) this.#lengths.add(text.length);
      }
      if (always) this.#always.add(index);
    });
    this.#alwaysRules = rules.filter((_rule, index) => this.#always.has(index));
  }

  candidates(pattern: string): readonly ScopedRule[] {
    if (hasSymbol(pattern)) return this.#rules;
    const found = new Set<number>();
    const text = isWildcard(pattern) ? pattern.slice(1) : pattern;
    const add = (indexes: readonly number[] | undefined): void => {
      for (const index of indexes ?? []) found.add(index);
    };
    if (!isWildcard(pattern)) add(this.#exact.get(text));
    for (const length of this.#lengths) {
      if (length <= text.length) add(this.#suffix.get(text.slice(text.length - length)));
    }
    if (isWildcard(pattern)) for (const index of this.#endingIn(text)) found.add(index);
    const named = [...found].filter((index) => !this.#always.has(index)).sort((a, b) => a - b);
    return inOrder(
      this.#alwaysRules,
      named.flatMap((index) => this.#rules[index] ?? []),
    );
  }

  /** Rules with a name that ends in the suffix. */
  #endingIn(suffix: string): readonly number[] {
    const domain = domainOf(suffix);
    if (domain === undefined) return indexesEndingIn(suffix, this.#written());
    if (this.#byDomain === undefined) {
      this.#byDomain = new Map();
      for (const named of this.#written()) {
        const key = domainOf(`.${named[0]}`) ?? '';
        const known = this.#byDomain.get(key);
        if (known === undefined) this.#byDomain.set(key, [named]);
        else known.push(named);
      }
    }
    return indexesEndingIn(suffix, this.#byDomain.get(domain) ?? []);
  }

  /** Every name and suffix with the rules that write it. */
  #written(): readonly Named[] {
    return [...this.#exact, ...this.#suffix];
  }
}

/** Both lists are in evaluation order; nearly always one of them is short. */
function inOrder(a: readonly ScopedRule[], b: readonly ScopedRule[]): readonly ScopedRule[] {
  if (b.length === 0) return a;
  const merged: ScopedRule[] = [];
  let at = 0;
  for (const rule of b) {
    for (let next = a[at]; next !== undefined && next.position < rule.position; next = a[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(rule);
  }
  return merged.concat(a.slice(at));
}

type Named = readonly [text: string, indexes: readonly number[]];

function indexesEndingIn(suffix: string, texts: readonly Named[]): readonly number[] {
  return texts.flatMap(([text, indexes]) => (text.endsWith(suffix) ? indexes : []));
}

/** The last two labels, where the text says with a dot that they are whole. */
function domainOf(text: string): string | undefined {
  const last = text.lastIndexOf('.');
  const before = last <= 0 ? -1 : text.lastIndexOf('.', last - 1);
  return before < 0 ? undefined : text.slice(before + 1);
}
