import { keyOf, type Place } from '../model/place.ts';
import { nameContains } from '../model/name.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import { describeSources } from './candidate-sources.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Subject } from './facts.ts';
import type { Flow, Part, SourceSet } from './flow.ts';
import type { Knowledge } from './match.ts';
import type { NearMiss, NearMisses } from './near-miss.ts';
import { RequirementView } from './open-views.ts';
import type { RuleIndex } from './rule-index.ts';
import { addressesText, resolved, type TagAddresses } from './tag-addresses.ts';
import { verdictOfBothOrders } from './ties.ts';
import { entryId, flowOf, verdictOf, type Verdict } from './verdict.ts';

/** One judged destination of a requirement row, or the whole row where one of several is enough. */
export interface JudgedRequirement {
  readonly requirement: Requirement;
  /** The destination; for an anyOf row the alternative that fits best. */
  readonly target: Target;
  readonly standing: Target['standing'];
  readonly verdict: Verdict;
  readonly sources: SourceSet;
  /** Of a row whose traffic the policy lets out in another way. */
  readonly otherWay?: Way;
}

const BEST_FIRST: readonly Verdict['verdict'][] = ['covered', 'unknown', 'partial', 'denied', 'missing'];

export interface RequirementContext {
  readonly index: (sources: SourceSet) => RuleIndex;
  /** The rules in another order that equal priorities allow; undefined where there are none that matter. */
  readonly otherIndex: ((sources: SourceSet) => RuleIndex) | undefined;
  readonly nearMisses: (sources: SourceSet) => NearMisses;
  /** Sources of the pools that the row concerns. */
  readonly sourcesFor: (requirement: Requirement) => SourceSet;
  readonly knowledge: Knowledge;
  /** As AzureCloud tags spell it; '' where nobody knows it. */
  readonly region: string;
  /** Names for which an address rule is enough, by configuration. */
  readonly acceptAddressFor: readonly string[];
}

export function judgeRequirements(
  requirements: readonly Requirement[],
  context: RequirementContext,
): readonly JudgedRequirement[] {
  const judged = requirements
    .filter((requirement) => requirement.applies !== 'no')
    .flatMap((requirement) => judgeRow(requirement, context));
  return settleAlternativeGroups(judged);
}

function judgeRow(requirement: Requirement, context: RequirementContext): readonly JudgedRequirement[] {
  const sources = context.sourcesFor(requirement);
  const judged = requirement.targets.map((target): JudgedRequirement => {
    const named = flowOf(requirement, target, sources, context.region);
    const flow = resolved(named, target, context.knowledge);
    const inOrder = verdictOf(context.index(sources), flow, context.knowledge);
    const other = context.otherIndex && verdictOf(context.otherIndex(sources), flow, context.knowledge);
    const verdict = accept(other ? verdictOfBothOrders(inOrder, other) : inOrder, target, context);
    return { requirement, target, standing: target.standing, verdict, sources };
  });
  if (requirement.mode === 'all') return judged;
  // That the one address nobody gave is among those that are allowed says less than which of all are not; and that not the
  // whole Internet is allowed, where addresses of a tag are, says less than which of them are not.
  const rank = ({ target, verdict }: JudgedRequirement): number => {
    const plain = BEST_FIRST.indexOf(verdict.verdict);
    if (verdict.leftOut !== undefined && target.kind === 'unknown-address')
      return BEST_FIRST.indexOf('partial') + 0.5;
    return verdict.verdict === 'partial' && verdict.leftOut === undefined ? plain + 0.25 : plain;
  };
  const best = [...judged].sort((a, b) => rank(a) - rank(b))[0];
  return best === undefined ? [] : [best];
}

/**
 * The user has said that address rules are enough for the name: then what may be open that way is open, unless another
 * address rule may close it before.
 */
function accept(verdict: Verdict, target: Target, { acceptAddressFor }: RequirementContext): Verdict {
  const accepted =
    verdict.doubt === 'address-allow' &&
    acceptAddressFor.some((pattern) => nameContains(pattern, target.destination));
  if (!accepted) return verdict;
  return verdict.mayDeny.length > 0
    ? { ...verdict, doubt: 'address-deny', maybes: verdict.mayDeny }
    : { ...verdict, verdict: 'covered', doubt: 'none' };
}

/** The two ways in which rows of a group ask for the same traffic: a row by service tag, or all the rows by name together. */
type Way = 'service tag' | 'name';

function wayOf({ protocol }: Requirement): Way {
  return protocol === 'TCP' ? 'service tag' : 'name';
}

interface WayTaken {
  /** All that is required this way is allowed. */
  all: boolean;
  /** Something of it is. */
  some: boolean;
}

/**
 * Rows of one group carry the same traffic: where one way of allowing it is open, the other is only documented. Where none is
 * open as a whole, the one that the policy takes for a part is to be completed, and the other stays documented too.
 */
function settleAlternativeGroups(judged: readonly JudgedRequirement[]): readonly JudgedRequirement[] {
  const taken = new Map<string, WayTaken>();
  const key = (group: string, way: Way): string => `${group} by ${way}`;
  for (const { requirement, standing, verdict } of judged) {
    if (requirement.alternativeGroup === undefined) continue;
    const way = wayOf(requirement);
    const { all, some } = taken.get(key(requirement.alternativeGroup, way)) ?? { all: true, some: false };
    // Names that an FQDN tag may hold are reported as open already; the row by tag would ask the same again.
    const isOpen = way === 'name' && verdict.verdict === 'unknown' && verdict.doubt === 'tag-contents';
    const holds = verdict.verdict === 'covered' || standing !== 'required' || isOpen;
    const isAllowed = verdict.verdict === 'covered' || verdict.verdict === 'partial';
    taken.set(key(requirement.alternativeGroup, way), {
      all: all && holds,
      some: some || (isAllowed && standing === 'required'),
    });
  }
  return judged.map((item) => {
    const group = item.requirement.alternativeGroup;
    if (group === undefined || item.verdict.verdict === 'covered') return item;
    const way = wayOf(item.requirement);
    const other: Way = way === 'name' ? 'service tag' : 'name';
    const own = taken.get(key(group, way));
    const others = taken.get(key(group, other));
    const isTaken = others !== undefined && (others.all || (others.some && own?.some !== true));
    return isTaken ? { ...item, standing: 'documented', otherWay: other } : item;
  });
}

/** What the checks see of a judged requirement. */
export function requirementSubject(
  judged: JudgedRequirement,
  policy: Policy,
  anchors: Anchors,
  context: RequirementContext,
): Subject<'requirement'> {
  const { requirement, target, verdict, standing, sources, otherWay } = judged;
  const wanting = verdict.verdict !== 'covered';
  const nearMiss = wanting ? context.nearMisses(sources).of(verdict.flow) : undefined;
  const named = decidingRules(verdict);
  const service = `${requirement.protocol} ${requirement.port}`;
  const facts: FactsOf<'requirement'> = {
    verdict: verdict.verdict,
    applies: requirement.applies === 'yes' ? 'yes' : 'unknown',
    standing,
    works: verdict.works,
    how: verdict.how,
    doubt: verdict.doubt,
    nearMiss: nearMiss?.kind ?? 'none',
  };
  const place = placeOf(verdict, nearMiss, isWeb(requirement) ? anchors.application : anchors.network);
  return {
    target: 'requirement',
    facts,
    class: classOf('requirement', facts),
    open: new RequirementView(judged, place, policy),
    data: {
      destination: showSymbols(target.destination),
      service,
      feature: requirement.feature,
      purpose: requirement.purpose,
      // Of a row that may apply: "whether pods call the API server by IP address".
      why: requirement.why.replace(/^it is not known /, ''),
      supply: supplyOf(judged, policy),
      nearMiss: nearMiss?.sentence ?? '',
      rule: named.map((rule) => `'${rule.name}'`).join(', '),
      remainder: [...new Set(verdict.remainder.map(describePart))].join('; '),
      denier: verdict.deniedBy === undefined ? '' : `'${verdict.deniedBy.name}'`,
      leftOut: leftOutText(judged, context),
      correction: target.correction ?? '',
      otherwise: otherWay === undefined ? '' : `the policy lets the same traffic out by ${otherWay}`,
      sources: describeSources(sources).join(', '),
      alternatives:
        requirement.mode === 'all'
          ? ''
          : requirement.targets.map((other) => `'${showSymbols(other.destination)}'`).join(' or '),
    },
    identity: `${requirement.id} ${requirement.mode === 'any' ? 'any' : target.destination} ${service}`,
    requirement: requirement.id,
    entry: null,
    place,
    related: relatedOf(nearMiss, named, verdict),
  };
}

/** The rules that a message is about: what denies, what may do otherwise than expected, or what allows. */
function decidingRules({ verdict, deniedBy, maybes, allowedBy, inspectedBy }: Verdict): readonly Rule[] {
  if (deniedBy !== undefined) return [deniedBy];
  if (verdict === 'covered' && inspectedBy !== undefined) return [inspectedBy];
  const rules = verdict === 'unknown' && maybes.length > 0 ? maybes : allowedBy;
  return [...new Set(rules.map(({ rule }) => rule))].filter(({ name }) => name !== '');
}

export function leftOutText(
  { verdict, target }: JudgedRequirement,
  { knowledge, region }: RequirementContext,
): string {
  const { tags } = knowledge;
  const { leftOut, flow } = verdict;
  if (leftOut === undefined || tags === undefined) return '';
  const of = describeTags(flow, target, region, tags);
  return `Of ${of}, the rules leave out ${addressesText(leftOut)} (${tags.list.name}).`;
}

/** Where the addresses of the destination are from: a tag, or what holds the name. */
function describeTags({ destination }: Flow, target: Target, region: string, tags: TagAddresses): string {
  if (destination.kind === 'address' && destination.tag !== undefined) return destination.tag;
  if (target.kind === 'unknown-address') return `AzureCloud.${region}, in which it is`;
  return `${tags.tagsOfName(target.destination.toLowerCase()).join(' and ')}, in which it is`;
}

function isWeb({ protocol }: Requirement): boolean {
  return protocol === 'HTTP' || protocol === 'HTTPS';
}

/** What would settle an unknown: the row's own fact first, then whatever the walk stumbled over. */
export function supplyOf({ requirement, target, verdict }: JudgedRequirement, policy: Policy): string {
  if (requirement.applies === 'unknown' && requirement.supply !== undefined) return requirement.supply;
  if (verdict.verdict === 'covered' && verdict.inspectedBy !== undefined) {
    const isOpen = verdict.inspectedBy.terminateTls === 'unknown';
    if (policy.kind === 'appliance')
      return `exempt '${showSymbols(target.destination)}' from decryption in a rule before it`;
    return isOpen
      ? 'give the value of its terminateTLS'
      : `allow '${showSymbols(target.destination)}' in a rule before it`;
  }
  const unknown = verdict.maybes.find((maybe) => maybe.unknown !== undefined)?.unknown;
  if (unknown !== undefined) return unknown.supply;
  switch (verdict.doubt) {
    case 'which-host':
      return target.destination.startsWith('*.hcp.')
        ? "give the API server's name as apiServerFqdn in the profile"
        : 'list the hosts that the cluster uses there as hosts in the profile';
    case 'address-allow':
      return (
        target.supply ??
        `name '${showSymbols(target.destination)}' in ${policy.kind === 'appliance' ? 'a' : 'an application'} rule`
      );
    case 'opaque':
      return `allow '${showSymbols(target.destination)}' in a rule before it`;
    case 'tie':
      return 'give what is equal in priority different priorities';
    case 'source':
      return 'give the cluster’s node and pod networks with --source';
    case 'tag-contents':
      return `name '${showSymbols(target.destination)}' in an application rule, since Microsoft does not publish what the tag holds`;
    case 'unresolved':
      if (policy.kind === 'appliance')
        return `name '${showSymbols(target.destination)}' and its port in a rule before it`;
      return policy.unknowns[0]?.supply ?? 'give the missing parameter values with --parameters';
    default:
      return target.supply ?? '';
  }
}

function describePart(part: Part): string {
  const ports = part.ports
    .map(([from, end]) => (end === from + 1 ? String(from) : `${from}-${end - 1}`))
    .join(',');
  const sources = describeSources(part.sources).join(', ');
  const names = part.destination.kind === 'name' ? `'${showSymbols(part.destination.set.base)}' ` : '';
  return `${names}on port ${ports} for ${sources}`;
}

/** On the token that is wrong where there is one, else where a reviewer would add the entry. */
function placeOf(verdict: Verdict, nearMiss: NearMiss | undefined, anchor: Place): Place {
  if (verdict.deniedBy !== undefined) return verdict.deniedBy.place;
  const { inspectedBy } = verdict;
  if (inspectedBy !== undefined) return inspectedBy.listPlaces.terminateTls ?? inspectedBy.place;
  const maybe = verdict.maybes.find(({ destination }) => destination !== undefined);
  if (verdict.verdict === 'unknown' && maybe?.destination !== undefined) return maybe.destination.place;
  if (nearMiss !== undefined) return nearMiss.place;
  if (verdict.verdict === 'covered') return verdict.allowedBy[0]?.destination?.place ?? anchor;
  return anchor;
}

function whatItDoes({ action }: Rule, { verdict }: Verdict): string {
  if (verdict === 'unknown') return action === 'deny' ? 'may deny' : 'may allow';
  return action === 'deny' ? 'denies' : 'allows';
}

function relatedOf(
  nearMiss: NearMiss | undefined,
  rules: readonly Rule[],
  verdict: Verdict,
): Subject['related'] {
  const places = rules.slice(0, 3).map((rule) => ({
    text: `rule '${rule.name}' ${whatItDoes(rule, verdict)} here`,
    place: rule.place,
  }));
  return nearMiss === undefined
    ? places
    : [{ text: `rule '${nearMiss.rule.name}' comes closest`, place: nearMiss.place }, ...places];
}

export function coveredBy({ verdict }: JudgedRequirement): string[] {
  if (verdict.verdict !== 'covered' && verdict.verdict !== 'partial') return [];
  return verdict.allowedBy.map(({ rule, destination, service }) => entryId(rule, destination, service));
}

/** Where a reviewer would add what is missing, per stage. */
export interface Anchors {
  readonly network: Place;
  readonly application: Place;
}

/**
 * The destination list of the rule of that stage that already serves most of the cluster's requirements, core ones
 * counting most; else the policy itself.
 */
export function anchorsOf(judged: readonly JudgedRequirement[], policy: Policy): Anchors {
  const votes = new Map<Rule, number>();
  for (const { requirement, verdict } of judged) {
    const weight = requirement.feature === 'core' ? 100 : 1;
    for (const { rule } of verdict.allowedBy) votes.set(rule, (votes.get(rule) ?? 0) + weight);
  }
  const ranked = [...votes.entries()]
    .sort(([a, n], [b, m]) => m - n || (a.id < b.id ? -1 : 1))
    .map(([rule]) => rule);
  const place = (stage: Rule['stage']): Place => {
    const best = ranked.find((rule) => rule.stage === stage) ?? ranked[0];
    if (best === undefined) return policy.place;
    return best.listPlaces.destinations === undefined ? best.place : keyOf(best.listPlaces.destinations);
  };
  return { network: place('network'), application: place('application') };
}
