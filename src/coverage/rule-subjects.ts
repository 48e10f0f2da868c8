import { ipContains, knownAddresses } from '../model/ip-space.ts';
import type { Place } from '../model/place.ts';
import type { InvalidValue, Policy, Rule } from '../model/policy.ts';
import { showSymbols, type Unknown } from '../model/symbol.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Part, Subject } from './facts.ts';
import { sourcesContain, sourcesOverlap, type SourceSet } from './flow.ts';
import { ALL_V4, matchSources, maySee } from './match.ts';
import { RuleView } from './open-views.ts';
import type { EntryFate, Redundancy } from './redundancy.ts';

/**
 * Facts about one rule as a whole, for one policy and the sources that were judged. `mayBeFor` holds the networks of every
 * cluster behind the policy, where the user gave them.
 */
export function ruleSubjects(
  policy: Policy,
  sources: SourceSet | undefined,
  mayBeFor: SourceSet | undefined,
  redundancy: Redundancy,
): readonly Subject<'rule'>[] {
  const ties = new Map(policy.ties.map((tie) => [`${tie.place.path}#${tie.place.pointer}`, tie]));
  const perRule: Subject<'rule'>[] = [];
  policy.rules.forEach((rule) => {
    // A base policy that was not given stands at the head of both stages; once is enough to say so.
    if (rule.opaqueKind === 'base-policy' && rule.stage !== 'network') return;
    if (rule.implicit !== undefined) return;
    addSubjects(perRule, rule, policy, sources, mayBeFor, redundancy);
  });
  const merged = mergeShared(perRule);
  const ofTies = [...ties.values()].map((tie): Subject<'rule'> => {
    const facts: RuleFacts = { ...QUIET, tie: 'yes' };
    return {
      target: 'rule',
      part: 'tie',
      facts,
      class: classOf('rule', facts),
      data: { ...NO_DATA, rule: `'${tie.a}'`, other: `'${tie.b}'`, priority: String(tie.priority) },
      identity: `tie ${tie.a} ${tie.b}`,
      requirement: null,
      entry: null,
      place: tie.place,
      related: [{ text: `'${tie.b}' has the same priority`, place: tie.related }],
    };
  });
  return ofTies.length === 0 ? merged : [...merged, ...ofTies];
}

/** What several rules share, such as a member of an IP group, is said once with the names of the rules. */
function mergeShared(subjects: readonly Subject<'rule'>[]): readonly Subject<'rule'>[] {
  const isShareable = ({ part }: Subject<'rule'>): boolean => part === 'unresolved' || part === 'invalid';
  if (!subjects.some(isShareable)) return subjects;
  const shared = new Map<string, Subject<'rule'>[]>();
  const key = ({ place, facts }: Subject<'rule'>): string =>
    `${facts.invalid} ${facts.invalid === 'yes' ? '' : facts.scope} ${place.path}#${place.pointer}`;
  for (const subject of subjects) {
    if (isShareable(subject)) shared.set(key(subject), [...(shared.get(key(subject)) ?? []), subject]);
  }
  return subjects.flatMap((subject) => {
    if (!isShareable(subject)) return [subject];
    const group = shared.get(key(subject)) ?? [];
    if (group[0] !== subject) return [];
    const names = [...new Set(group.map(({ data }) => data['rule'] ?? ''))];
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return [{ ...subject, data: { ...subject.data, rule: names.slice(0, 3).join(', ') + more } }];
  });
}

type RuleFacts = FactsOf<'rule'>;

const QUIET: RuleFacts = {
  action: 'allow',
  scope: 'in',
  usage: 'used',
  sourceBreadth: 'exact',
  dnsProxy: 'not-needed',
  invalid: 'no',
  ineffective: 'no',
  tier: 'ok',
  unresolved: 'no',
  tie: 'no',
};

const NO_DATA = {
  rule: '',
  sources: '',
  excess: '',
  by: '',
  field: '',
  tier: '',
  needs: '',
  reason: '',
  supply: '',
  priority: '',
  other: '',
};

function dataOf(rule: Rule, policy: Policy): typeof NO_DATA {
  return {
    ...NO_DATA,
    rule: rule.name === '' ? '' : `'${rule.name}'`,
    sources: describeSources(sourceSetOf(rule)).join(', '),
    tier: policy.tier,
  };
}

/** A rule gives one subject as a whole, and one per thing to say about it, each on its own token. */
function addSubjects(
  subjects: Subject<'rule'>[],
  rule: Rule,
  policy: Policy,
  sources: SourceSet | undefined,
  mayBeFor: SourceSet | undefined,
  redundancy: Redundancy,
): void {
  const scope = scopeOf(rule, sources);
  const parts: Subject<'rule'>[] = [];
  const add = (
    part: Part,
    what: string,
    place: Place,
    found: Partial<RuleFacts>,
    more: Partial<typeof NO_DATA>,
  ): void => {
    const facts = { ...QUIET, action: rule.action, scope, ...found };
    parts.push({
      target: 'rule',
      part,
      facts,
      class: classOf('rule', facts),
      open: new RuleView(rule, place, policy),
      data: { ...dataOf(rule, policy), ...more },
      identity: `${rule.id} ${what}`,
      requirement: null,
      entry: null,
      rule: rule.id,
      place,
      related: [],
    });
  };

  if (sources !== undefined && mayBeFor !== undefined && rule.action === 'allow') {
    const excess = `the cluster is ${describeSources(sources).join(', ')}`;
    const place = rule.listPlaces.sources ?? rule.place;
    // Wider sources are another finding.
    const what = `sources ${describeSources(sourceSetOf(rule)).join(', ')}`;
    add('sources', what, place, { sourceBreadth: breadthOf(rule, mayBeFor) }, { excess });
  }
  const name = rule.destinations.find((member) => member.kind === 'name' && member.via === 'network-fqdn');
  if (name !== undefined) add('dns-proxy', 'dns proxy', name.place, { dnsProxy: policy.dnsProxy }, {});
  for (const { problem, place } of invalidIn(rule, sources, scope))
    add('invalid', `invalid ${problem}`, place, { invalid: 'yes' }, { reason: showSymbols(problem) });
  rule.ineffective.forEach(({ field, place }) => {
    add('ineffective', field, place, { ineffective: 'yes' }, { field });
  });
  rule.needsTier.forEach(({ feature, tier, place }) => {
    add('tier', feature, place, { tier: tierFact(policy.tier, tier) }, { needs: `${feature} (${tier})` });
  });
  for (const { unknown, place } of unresolvedIn(rule, scope)) {
    const more = { reason: showSymbols(unknown.reason), supply: showSymbols(unknown.supply) };
    add('unresolved', `unresolved ${unknown.reason}`, place, { unresolved: 'yes' }, more);
  }
  // Nothing can be said of rules as such that were not given.
  if (rule.opaque === undefined) {
    const fate = redundancy.rule(rule);
    subjects.push(new WholeRule(rule, policy, factsOf(rule, scope, fate, parts), fate));
  }
  if (parts.length > 0) subjects.push(...parts);
}

/** The rule as a whole. Of most rules nothing is ever said, so its words are put together when a check fires. */
class WholeRule implements Subject<'rule'> {
  readonly target = 'rule';
  readonly requirement = null;
  readonly entry = null;
  readonly facts: RuleFacts;
  readonly class: number;
  readonly identity: string;
  readonly place: Place;
  readonly #rule: Rule;
  readonly #policy: Policy;
  readonly #by: readonly Rule[];

  constructor(rule: Rule, policy: Policy, { facts, number }: ClassOfFacts, fate: EntryFate) {
    this.facts = facts;
    this.class = number;
    this.identity = rule.id;
    this.place = rule.place;
    this.#rule = rule;
    this.#policy = policy;
    this.#by = fate.usage === 'used' ? NO_RULES : fate.by;
  }

  get open(): RuleView {
    return new RuleView(this.#rule, this.#rule.place, this.#policy);
  }
  get data(): typeof NO_DATA {
    const by = this.#by.map((other) => `'${other.name}'`).join(', ');
    return { ...dataOf(this.#rule, this.#policy), by };
  }
  get related(): Subject['related'] {
    return this.#by
      .slice(0, 3)
      .map((other) => ({ text: `rule '${other.name}' decides it`, place: other.place }));
  }
}

const NO_RULES: readonly Rule[] = [];

interface ClassOfFacts {
  readonly facts: RuleFacts;
  readonly number: number;
}

/** The facts of rules of which nothing is said, by action and scope. */
const QUIET_RULES = new Map<string, ClassOfFacts>();

function quietFacts(action: RuleFacts['action'], scope: RuleFacts['scope']): ClassOfFacts {
  const key = `${action} ${scope}`;
  let known = QUIET_RULES.get(key);
  if (known === undefined) {
    const facts: RuleFacts = { ...QUIET, action, scope };
    known = { facts, number: classOf('rule', facts) };
    QUIET_RULES.set(key, known);
  }
  return known;
}

/** The facts of a rule as a whole are those of all its parts. */
function factsOf(
  rule: Rule,
  scope: RuleFacts['scope'],
  fate: EntryFate,
  parts: readonly Subject<'rule'>[],
): ClassOfFacts {
  if (parts.length === 0 && fate.usage === 'used') return quietFacts(rule.action, scope);
  const has = (part: Part): boolean => parts.some((subject) => subject.part === part);
  const of = (part: Part): RuleFacts => parts.find((subject) => subject.part === part)?.facts ?? QUIET;
  const tiers = parts.filter(({ part }) => part === 'tier').map(({ facts }) => facts.tier);
  const facts: RuleFacts = {
    ...QUIET,
    action: rule.action,
    scope,
    usage: fate.usage,
    sourceBreadth: of('sources').sourceBreadth,
    dnsProxy: of('dns-proxy').dnsProxy,
    invalid: has('invalid') ? 'yes' : 'no',
    ineffective: has('ineffective') ? 'yes' : 'no',
    tier: (['too-low', 'unknown'] as const).find((tier) => tiers.includes(tier)) ?? 'ok',
    unresolved: has('unresolved') ? 'yes' : 'no',
  };
  return { facts, number: classOf('rule', facts) };
}

function tierFact(has: Policy['tier'], needed: Policy['tier']): RuleFacts['tier'] {
  if (has === 'unknown') return 'unknown';
  return TIERS.indexOf(needed) > TIERS.indexOf(has) ? 'too-low' : 'ok';
}

function scopeOf(rule: Rule, sources: SourceSet | undefined): RuleFacts['scope'] {
  if (sources === undefined) return 'unknown';
  if (!maySee(rule, sources)) return 'out';
  return sourcesOverlap(matchSources(rule, sources).sure, sources) ? 'in' : 'unknown';
}

function breadthOf(rule: Rule, sources: SourceSet): RuleFacts['sourceBreadth'] {
  if (ipContains(knownAddresses(rule.sources), ALL_V4)) return 'any';
  if (rule.sources.some((source) => source.kind === 'symbol' || source.kind === 'opaque')) return 'unknown';
  return sourcesContain(sources, sourceSetOf(rule)) ? 'exact' : 'wider';
}

const TIERS = ['Basic', 'Standard', 'Premium'];

/**
 * What keeps the rule from deploying. Destinations of allow rules that can touch the cluster are left out: they are
 * entries, which are judged by themselves.
 */
function invalidIn(
  rule: Rule,
  sources: SourceSet | undefined,
  scope: RuleFacts['scope'],
): readonly InvalidValue[] {
  const found: InvalidValue[] = [];
  if (!rule.sources.some(isInvalid) && !rule.destinations.some(isInvalid)) return rule.invalid ?? found;
  for (const { kind, members } of [
    { kind: 'source', members: rule.sources },
    { kind: 'destination', members: rule.destinations },
  ]) {
    for (const member of members) {
      if (member.kind !== 'invalid') continue;
      const isEntry = kind === 'destination' && rule.action === 'allow' && sources !== undefined;
      if (isEntry && scope !== 'out') continue;
      found.push({ problem: `${kind} '${member.text}', ${member.problem}`, place: member.place });
    }
  }
  return rule.invalid === undefined ? found : [...found, ...rule.invalid];
}

function isInvalid({ kind }: { readonly kind: string }): boolean {
  return kind === 'invalid';
}

const NOTHING_UNRESOLVED: readonly { unknown: Unknown; place: Place }[] = [];

function hasUnknown({ destinations, sources, services }: Rule): boolean {
  return destinations.some(isUnresolved) || sources.some(isUnresolved) || services.some(isDoubtful);
}

function isUnresolved({ kind }: { readonly kind: string }): boolean {
  return kind === 'symbol' || kind === 'opaque';
}

function isDoubtful({ unknown }: { readonly unknown?: Unknown }): boolean {
  return unknown !== undefined;
}

/** Every part of the rule that could not be evaluated, each once. */
function unresolvedIn(rule: Rule, scope: RuleFacts['scope']): readonly { unknown: Unknown; place: Place }[] {
  if (rule.opaque !== undefined) return [{ unknown: rule.opaque, place: rule.place }];
  const isSourceOpen = rule.sourceDoubt !== undefined && scope === 'unknown';
  if (rule.conditional === undefined && !isSourceOpen && !hasUnknown(rule)) return NOTHING_UNRESOLVED;
  const found = rule.conditional === undefined ? [] : [{ unknown: rule.conditional, place: rule.place }];
  if (rule.sourceDoubt !== undefined && isSourceOpen) {
    found.push({ unknown: rule.sourceDoubt.unknown, place: rule.listPlaces.sources ?? rule.place });
  }
  for (const members of [rule.destinations, rule.sources]) {
    members.forEach((part) => {
      if (part.kind === 'symbol' || part.kind === 'opaque')
        found.push({ unknown: part.unknown, place: part.place });
    });
  }
  rule.services.forEach(({ unknown, portPlace }) => {
    if (unknown !== undefined) found.push({ unknown, place: portPlace });
  });
  if (found.length <= 1) return found;
  const seen = new Set<string>();
  return found.filter(({ place }) => {
    const key = `${place.path}#${place.pointer}`;
    return !seen.has(key) && seen.add(key);
  });
}
