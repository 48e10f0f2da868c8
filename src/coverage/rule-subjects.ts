import { ipContains, knownAddresses } from '../model/ip-space.ts';
import type { Place } from '../model/place.ts';
import type { InvalidValue, Policy, Rule } from '../model/policy.ts';
import { showSymbols, type Unknown } from '../model/symbol.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Part, Subject } from './facts.ts';
import { sourcesContain, sourcesEmpty, sourcesIntersect, type SourceSet } from './flow.ts';
import { ALL_V4, matchSources } from './match.ts';
import { RuleView } from './open-views.ts';
import type { Redundancy } from './redundancy.ts';

/**
 * Facts about one rule as a whole, for one policy and the sources that were judged. `mayBeFor` holds the networks of every
 * cluster behind the policy, where the user gave them.
 */
export function ruleSubjects(
  policy: Policy,
  sources: SourceSet | undefined,
  mayBeFor: SourceSet | undefined,
  redundancy: Redundancy,
): Subject<'rule'>[] {
  const ties = new Map(policy.ties.map((tie) => [`${tie.place.path}#${tie.place.pointer}`, tie]));
  const perRule = policy.rules
    // A base policy that was not given stands at the head of both stages; once is enough to say so.
    .filter((rule) => rule.implicit === undefined)
    .filter((rule) => rule.opaqueKind !== 'base-policy' || rule.stage === 'network')
    .flatMap((rule) => subjectsOf(rule, policy, sources, mayBeFor, redundancy));
  const subjects = mergeShared(perRule);
  for (const tie of ties.values()) {
    const facts: RuleFacts = { ...QUIET, tie: 'yes' };
    subjects.push({
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
    });
  }
  return subjects;
}

/** What several rules share, such as a member of an IP group, is said once with the names of the rules. */
function mergeShared(subjects: readonly Subject<'rule'>[]): Subject<'rule'>[] {
  const shared = new Map<string, Subject<'rule'>[]>();
  const isShareable = ({ part }: Subject<'rule'>): boolean => part === 'unresolved' || part === 'invalid';
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

/** A rule gives one subject as a whole, and one per thing to say about it, each on its own token. */
function subjectsOf(
  rule: Rule,
  policy: Policy,
  sources: SourceSet | undefined,
  mayBeFor: SourceSet | undefined,
  redundancy: Redundancy,
): Subject<'rule'>[] {
  const scope = scopeOf(rule, sources);
  const data = {
    ...NO_DATA,
    rule: rule.name === '' ? '' : `'${rule.name}'`,
    sources: describeSources(sourceSetOf(rule)).join(', '),
    tier: policy.tier,
  };
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
      data: { ...data, ...more },
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
  for (const { field, place } of rule.ineffective)
    add('ineffective', field, place, { ineffective: 'yes' }, { field });
  for (const { feature, tier, place } of rule.needsTier)
    add('tier', feature, place, { tier: tierFact(policy.tier, tier) }, { needs: `${feature} (${tier})` });
  for (const { unknown, place } of unresolvedIn(rule, scope)) {
    const more = { reason: showSymbols(unknown.reason), supply: showSymbols(unknown.supply) };
    add('unresolved', `unresolved ${unknown.reason}`, place, { unresolved: 'yes' }, more);
  }
  // Nothing can be said of rules as such that were not given.
  if (rule.opaque !== undefined) return parts;
  return [wholeOf(rule, policy, scope, redundancy, data, parts), ...parts];
}

/** The rule as a whole: its facts are those of all its parts. */
function wholeOf(
  rule: Rule,
  policy: Policy,
  scope: RuleFacts['scope'],
  redundancy: Redundancy,
  data: typeof NO_DATA,
  parts: readonly Subject<'rule'>[],
): Subject<'rule'> {
  const fate = redundancy.rule(rule);
  const by = fate.usage === 'used' ? [] : fate.by;
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
  return {
    target: 'rule',
    facts,
    class: classOf('rule', facts),
    open: new RuleView(rule, rule.place, policy),
    data: { ...data, by: by.map((other) => `'${other.name}'`).join(', ') },
    identity: rule.id,
    requirement: null,
    entry: null,
    place: rule.place,
    related: by.slice(0, 3).map((other) => ({ text: `rule '${other.name}' decides it`, place: other.place })),
  };
}

function tierFact(has: Policy['tier'], needed: Policy['tier']): RuleFacts['tier'] {
  if (has === 'unknown') return 'unknown';
  return TIERS.indexOf(needed) > TIERS.indexOf(has) ? 'too-low' : 'ok';
}

function scopeOf(rule: Rule, sources: SourceSet | undefined): RuleFacts['scope'] {
  if (sources === undefined) return 'unknown';
  const match = matchSources(rule, sources);
  if (!sourcesEmpty(sourcesIntersect(match.sure, sources))) return 'in';
  return sourcesEmpty(sourcesIntersect(match.most, sources)) ? 'out' : 'unknown';
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

/** Every part of the rule that could not be evaluated, each once. */
function unresolvedIn(rule: Rule, scope: RuleFacts['scope']): { unknown: Unknown; place: Place }[] {
  if (rule.opaque !== undefined) return [{ unknown: rule.opaque, place: rule.place }];
  const found = rule.conditional === undefined ? [] : [{ unknown: rule.conditional, place: rule.place }];
  if (rule.sourceDoubt !== undefined && scope === 'unknown') {
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
