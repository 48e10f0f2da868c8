import { ipContains, knownAddresses, ALL_ADDRESSES } from '../model/ip-space.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { showSymbols, type Unknown } from '../model/symbol.ts';
import { describeSources, sourceSetOf } from './candidate-sources.ts';
import type { FactsOf, Subject } from './facts.ts';
import { sourcesContain, sourcesEmpty, sourcesIntersect, type SourceSet } from './flow.ts';
import { matchSources } from './match.ts';
import type { Redundancy } from './redundancy.ts';

/** Facts about one rule as a whole, for one policy and the sources that were judged. */
export function ruleSubjects(
  policy: Policy,
  sources: SourceSet | undefined,
  sourcesGiven: boolean,
  redundancy: Redundancy,
): Subject<'rule'>[] {
  const ties = new Map(policy.ties.map((tie) => [`${tie.place.path}#${tie.place.pointer}`, tie]));
  const subjects = policy.rules
    .filter((rule) => rule.opaque === undefined || rule.opaqueKind !== 'base-policy')
    .map((rule) => ruleSubject(rule, policy, sources, sourcesGiven, redundancy));
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

const QUIET: FactsOf<'rule'> = {
  action: 'allow',
  scope: 'in',
  usage: 'used',
  sourceBreadth: 'exact',
  dnsProxy: 'not-needed',
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

function ruleSubject(
  rule: Rule,
  policy: Policy,
  sources: SourceSet | undefined,
  sourcesGiven: boolean,
  redundancy: Redundancy,
): Subject<'rule'> {
  const fate = redundancy.rule(rule);
  const unresolved = unresolvedIn(rule);
  const ineffective = rule.ineffective[0];
  const tier = tierMiss(rule, policy);
  const dnsProxy = needsDnsProxy(rule) ? policy.dnsProxy : 'not-needed';
  const sourceBreadth = sources === undefined || !sourcesGiven ? 'unknown' : breadthOf(rule, sources);
  const place =
    ineffective?.place ??
    tier?.place ??
    (unresolved === undefined ? undefined : unresolved.place) ??
    (dnsProxy === 'off' || dnsProxy === 'unknown' ? firstName(rule) : undefined) ??
    (sourceBreadth === 'any' || sourceBreadth === 'wider' ? rule.listPlaces.sources : undefined) ??
    rule.place;
  return {
    target: 'rule',
    facts: {
      action: rule.action,
      scope: scopeOf(rule, sources),
      usage: fate.usage,
      sourceBreadth,
      dnsProxy,
      ineffective: ineffective === undefined ? 'no' : 'yes',
      tier: tier === undefined ? 'ok' : policy.tier === 'unknown' ? 'unknown' : 'too-low',
      unresolved: unresolved === undefined ? 'no' : 'yes',
      tie: 'no',
    },
    data: {
      ...NO_DATA,
      rule: `'${rule.name}'`,
      sources: describeSources(sourceSetOf(rule)).join(', '),
      excess: sources === undefined ? '' : `the cluster is ${describeSources(sources).join(', ')}`,
      by: fate.usage === 'used' ? '' : fate.by.map((other) => `'${other.name}'`).join(', '),
      field: ineffective?.field ?? '',
      tier: policy.tier,
      needs: tier === undefined ? '' : `${tier.feature} (${tier.tier})`,
      reason: unresolved === undefined ? '' : showSymbols(unresolved.unknown.reason),
      supply: unresolved === undefined ? '' : showSymbols(unresolved.unknown.supply),
    },
    identity: rule.id,
    requirement: null,
    entry: null,
    place,
    related:
      fate.usage === 'used'
        ? []
        : fate.by.slice(0, 3).map((by) => ({ text: `rule '${by.name}' decides it`, place: by.place })),
  };
}

function scopeOf(rule: Rule, sources: SourceSet | undefined): FactsOf<'rule'>['scope'] {
  if (sources === undefined) return 'unknown';
  const match = matchSources(rule, sources);
  if (!sourcesEmpty(sourcesIntersect(match.sure, sources))) return 'in';
  return sourcesEmpty(sourcesIntersect(match.most, sources)) ? 'out' : 'unknown';
}

function breadthOf(rule: Rule, sources: SourceSet): FactsOf<'rule'>['sourceBreadth'] {
  if (ipContains(knownAddresses(rule.sources), ALL_ADDRESSES)) return 'any';
  if (rule.sources.some((source) => source.kind === 'symbol' || source.kind === 'opaque')) return 'unknown';
  return sourcesContain(sources, sourceSetOf(rule)) ? 'exact' : 'wider';
}

function needsDnsProxy(rule: Rule): boolean {
  return rule.destinations.some(
    (destination) => destination.kind === 'name' && destination.via === 'network-fqdn',
  );
}

function firstName(rule: Rule): Rule['place'] | undefined {
  return rule.destinations.find((destination) => destination.kind === 'name')?.place;
}

const TIERS = ['Basic', 'Standard', 'Premium'];

function tierMiss(rule: Rule, policy: Policy): Rule['needsTier'][number] | undefined {
  if (policy.tier === 'unknown') return undefined;
  return rule.needsTier.find((need) => TIERS.indexOf(need.tier) > TIERS.indexOf(policy.tier));
}

/** The first part of the rule that could not be evaluated. */
function unresolvedIn(rule: Rule): { unknown: Unknown; place: Rule['place'] } | undefined {
  if (rule.opaque !== undefined) return { unknown: rule.opaque, place: rule.place };
  if (rule.conditional !== undefined) return { unknown: rule.conditional, place: rule.place };
  for (const part of [...rule.destinations, ...rule.sources]) {
    if (part.kind === 'symbol' || part.kind === 'opaque') return { unknown: part.unknown, place: part.place };
  }
  const service = rule.services.find((candidate) => candidate.unknown !== undefined);
  return service?.unknown === undefined ? undefined : { unknown: service.unknown, place: service.portPlace };
}
