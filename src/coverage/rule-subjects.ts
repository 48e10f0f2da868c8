import { ipContains, knownAddresses } from '../model/ip-space.ts';
import type { Place } from '../model/place.ts';
import type { InvalidValue, Policy, Rule } from '../model/policy.ts';
import { showSymbols, type Unknown } from '../model/symbol.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import type { FactsOf, Subject } from './facts.ts';
import { sourcesContain, sourcesEmpty, sourcesIntersect, type SourceSet } from './flow.ts';
import { ALL_V4, matchSources } from './match.ts';
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
    .filter((rule) => rule.opaqueKind !== 'base-policy' || rule.stage === 'network')
    .flatMap((rule) => subjectsOf(rule, policy, sources, mayBeFor, redundancy));
  const subjects = mergeShared(perRule);
  for (const tie of ties.values()) {
    subjects.push({
      target: 'rule',
      facts: { ...QUIET, tie: 'yes' },
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
  const isShareable = ({ facts }: Subject<'rule'>): boolean =>
    facts.unresolved === 'yes' || facts.invalid === 'yes';
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

const QUIET: FactsOf<'rule'> = {
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

/** A rule gives one subject per thing to say about it, each on its own token. */
function subjectsOf(
  rule: Rule,
  policy: Policy,
  sources: SourceSet | undefined,
  mayBeFor: SourceSet | undefined,
  redundancy: Redundancy,
): Subject<'rule'>[] {
  const data = () => ({
    ...NO_DATA,
    rule: rule.name === '' ? '' : `'${rule.name}'`,
    sources: describeSources(sourceSetOf(rule)).join(', '),
    tier: policy.tier,
  });
  const subject = (
    what: string,
    place: Place,
    facts: Partial<FactsOf<'rule'>>,
    more: Partial<typeof NO_DATA>,
    related: Subject['related'] = [],
  ): Subject<'rule'> => ({
    target: 'rule',
    facts: { ...QUIET, action: rule.action, scope: scopeOf(rule, sources), ...facts },
    data: { ...data(), ...more },
    identity: what === '' ? rule.id : `${rule.id} ${what}`,
    requirement: null,
    entry: null,
    rule: rule.id,
    place,
    related,
  });

  const subjects: Subject<'rule'>[] = [];
  const fate = redundancy.rule(rule);
  if (fate.usage !== 'used') {
    const by = fate.by.map((other) => `'${other.name}'`).join(', ');
    const related = fate.by
      .slice(0, 3)
      .map((other) => ({ text: `rule '${other.name}' decides it`, place: other.place }));
    subjects.push(subject('', rule.place, { usage: fate.usage }, { by }, related));
  }
  if (sources !== undefined && mayBeFor !== undefined && rule.action === 'allow') {
    const excess = `the cluster is ${describeSources(sources).join(', ')}`;
    const place = rule.listPlaces.sources ?? rule.place;
    // Wider sources are another finding.
    const what = `sources ${describeSources(sourceSetOf(rule)).join(', ')}`;
    subjects.push(subject(what, place, { sourceBreadth: breadthOf(rule, mayBeFor) }, { excess }));
  }
  const name = rule.destinations.find((member) => member.kind === 'name' && member.via === 'network-fqdn');
  if (name !== undefined) subjects.push(subject('dns proxy', name.place, { dnsProxy: policy.dnsProxy }, {}));
  for (const { problem, place } of invalidIn(rule, sources))
    subjects.push(subject(`invalid ${problem}`, place, { invalid: 'yes' }, { reason: showSymbols(problem) }));
  for (const { field, place } of rule.ineffective)
    subjects.push(subject(field, place, { ineffective: 'yes' }, { field }));
  for (const { feature, tier, place } of rule.needsTier) {
    const fact =
      policy.tier === 'unknown'
        ? 'unknown'
        : TIERS.indexOf(tier) > TIERS.indexOf(policy.tier)
          ? 'too-low'
          : 'ok';
    subjects.push(subject(feature, place, { tier: fact }, { needs: `${feature} (${tier})` }));
  }
  for (const { unknown, place } of unresolvedIn(rule)) {
    const more = { reason: showSymbols(unknown.reason), supply: showSymbols(unknown.supply) };
    subjects.push(subject(`unresolved ${unknown.reason}`, place, { unresolved: 'yes' }, more));
  }
  return subjects;
}

function scopeOf(rule: Rule, sources: SourceSet | undefined): FactsOf<'rule'>['scope'] {
  if (sources === undefined) return 'unknown';
  const match = matchSources(rule, sources);
  if (!sourcesEmpty(sourcesIntersect(match.sure, sources))) return 'in';
  return sourcesEmpty(sourcesIntersect(match.most, sources)) ? 'out' : 'unknown';
}

function breadthOf(rule: Rule, sources: SourceSet): FactsOf<'rule'>['sourceBreadth'] {
  if (ipContains(knownAddresses(rule.sources), ALL_V4)) return 'any';
  if (rule.sources.some((source) => source.kind === 'symbol' || source.kind === 'opaque')) return 'unknown';
  return sourcesContain(sources, sourceSetOf(rule)) ? 'exact' : 'wider';
}

const TIERS = ['Basic', 'Standard', 'Premium'];

/**
 * What keeps the rule from deploying. Destinations of allow rules that can touch the cluster are left out: they are
 * entries, which are judged by themselves.
 */
function invalidIn(rule: Rule, sources: SourceSet | undefined): readonly InvalidValue[] {
  const found: InvalidValue[] = [];
  for (const { kind, members } of [
    { kind: 'source', members: rule.sources },
    { kind: 'destination', members: rule.destinations },
  ]) {
    for (const member of members) {
      if (member.kind !== 'invalid') continue;
      const isEntry = kind === 'destination' && rule.action === 'allow' && sources !== undefined;
      if (isEntry && scopeOf(rule, sources) !== 'out') continue;
      found.push({ problem: `${kind} '${member.text}', ${member.problem}`, place: member.place });
    }
  }
  return rule.invalid === undefined ? found : [...found, ...rule.invalid];
}

/** Every part of the rule that could not be evaluated, each once. */
function unresolvedIn(rule: Rule): { unknown: Unknown; place: Place }[] {
  if (rule.opaque !== undefined) return [{ unknown: rule.opaque, place: rule.place }];
  const found = rule.conditional === undefined ? [] : [{ unknown: rule.conditional, place: rule.place }];
  for (const part of [...rule.destinations, ...rule.sources]) {
    if (part.kind === 'symbol' || part.kind === 'opaque')
      found.push({ unknown: part.unknown, place: part.place });
  }
  for (const service of rule.services) {
    if (service.unknown !== undefined) found.push({ unknown: service.unknown, place: service.portPlace });
  }
  const seen = new Set<string>();
  return found.filter(({ place }) => {
    const key = `${place.path}#${place.pointer}`;
    return !seen.has(key) && seen.add(key);
  });
}
