import { NO_ADDRESS } from '../model/ip-space.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { candidateSources, describeSources } from './candidate-sources.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import { entrySubjects } from './entry-subjects.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Subject } from './facts.ts';
import { PolicyView } from './open-views.ts';
import { sourcesUnite, type SourceSet } from './flow.ts';
import type { ListedEndpoints } from './listed-endpoints.ts';
import { maySee, type Knowledge } from './match.ts';
import { Needs, needsOf, type DeclaredEndpoint } from './needs.ts';
import { NearMisses } from './near-miss.ts';
import { findRedundancy } from './redundancy.ts';
import { candidateRegions, UNNAMED_REGION } from './region.ts';
import {
  anchorsOf,
  judgeRequirements,
  requirementSubject,
  type JudgedRequirement,
  type RequirementContext,
} from './requirement-subjects.ts';
import { indexEveryRule, indexRules, type RuleIndex } from './rule-index.ts';
import { ruleSubjects } from './rule-subjects.ts';
import { inOtherOrder, redundancyOfBothOrders } from './ties.ts';

export { coveredBy, type JudgedRequirement } from './requirement-subjects.ts';
export { describeSources } from './candidate-sources.ts';
export { UNNAMED_REGION } from './region.ts';
export { entryId } from './verdict.ts';
export { outcomeOf } from './walk.ts';
export { endpointFacts, knowledgeFor } from './knowledge.ts';
export type { Knowledge } from './match.ts';
export type { EndpointFacts } from './endpoint-facts.ts';
export type { TagList } from './tag-addresses.ts';
export type { DeclaredEndpoint } from './needs.ts';
export { sourcesUnite, type SourceSet } from './flow.ts';
export type { Subject } from './facts.ts';

/** Networks of the cluster: all together, and those from which the traffic of one row comes. */
export interface ClusterSources {
  readonly all: SourceSet;
  readonly of: (requirement: Requirement) => SourceSet;
}

export interface JudgeOptions {
  readonly cluster: string | null;
  /** Every row of the profile's cloud, `applies: 'no'` included; the region still a placeholder. */
  readonly requirements: readonly Requirement[];
  readonly fillRegion: (requirement: Requirement, region: string) => Requirement;
  /** Lower case; undefined where the profile does not name it. */
  readonly region: string | undefined;
  readonly sources: ClusterSources | undefined;
  /** Networks of the other clusters behind the policy: a rule that serves them too is no wider for it. */
  readonly neighbours?: SourceSet;
  readonly declared: readonly DeclaredEndpoint[];
  readonly acceptAddressFor: readonly string[];
  readonly endpoints: EndpointFacts;
  /** What Azure lists for the cluster, where such a list was given. */
  readonly listed?: ListedEndpoints | undefined;
  readonly knowledgeOf: (requirements: readonly Requirement[]) => Knowledge;
}

/** One leaf policy judged for one set of sources. */
export interface Judgement {
  readonly cluster: string | null;
  /** As judged; undefined where none was given and none could be found. */
  readonly sources: SourceSet | undefined;
  readonly sourcesFrom: 'given' | 'inferred' | 'none';
  readonly region: string;
  readonly regionFrom: 'given' | 'inferred' | 'none';
  /** Regions besides, of clusters that the policy serves too where no region is given. */
  readonly otherRegions: readonly string[];
  readonly requirements: readonly JudgedRequirement[];
  /** Of requirements and of the policy, in the order of the data. */
  readonly subjects: readonly Subject[];
}

export interface PolicyJudgement {
  readonly policy: Policy;
  readonly runs: readonly Judgement[];
  /** Of entries and rules: once for the policy, against the needs of all its runs together. */
  readonly subjects: readonly Subject[];
}

export function judge(policy: Policy, options: JudgeOptions): PolicyJudgement {
  const candidates: readonly (SourceSet | undefined)[] =
    options.sources === undefined
      ? orNone(candidateSources(policy, options.requirements))
      : [options.sources.all];
  let all: RuleIndex | undefined;
  const everywhere = (): RuleIndex => (all ??= indexEveryRule(policy));
  const runs = candidates.map((sources) => judgeFor(policy, sources, options, everywhere));
  return { policy, runs, subjects: policySubjects(policy, runs, options, everywhere) };
}

function orNone(candidates: readonly SourceSet[]): readonly (SourceSet | undefined)[] {
  return candidates.length === 0 ? [undefined] : candidates;
}

function judgeFor(
  policy: Policy,
  sources: SourceSet | undefined,
  options: JudgeOptions,
  everywhere: () => RuleIndex,
): Judgement {
  const sourcesFrom = options.sources !== undefined ? 'given' : sources === undefined ? 'none' : 'inferred';
  const policySubject = aboutPolicy(policy, sourcesFrom);
  if (sources === undefined) {
    return {
      cluster: options.cluster,
      sources,
      sourcesFrom,
      region: options.region ?? '',
      regionFrom: options.region === undefined ? 'none' : 'given',
      otherRegions: [],
      requirements: [],
      subjects: [policySubject],
    };
  }
  const { region, from, others, context, requirements } = settleRegion(policy, sources, options, everywhere);
  const judged = judgeRequirements(requirements, context);
  const anchors = anchorsOf(judged, policy);
  return {
    cluster: options.cluster,
    sources,
    sourcesFrom,
    region,
    regionFrom: from,
    otherRegions: others,
    requirements: judged,
    subjects: [
      policySubject,
      ...judged.map((item) => requirementSubject(item, policy, anchors, context)),
      ...(options.listed?.subjects(policy, requirements, context) ?? []),
    ],
  };
}

const NO_SOURCE: SourceSet = { ip: NO_ADDRESS, symbols: [] };

interface Settled {
  readonly region: string;
  readonly from: Judgement['regionFrom'];
  readonly others: readonly string[];
  readonly requirements: readonly Requirement[];
  readonly context: RequirementContext;
}

/**
 * The named region; else the one of the policy's own regions for which most rows with a region are covered by name, or,
 * among equals, at all. Where the policy names the API servers of several, it serves clusters in each.
 */
function settleRegion(
  policy: Policy,
  sources: SourceSet,
  options: JudgeOptions,
  everywhere: () => RuleIndex,
): Settled {
  const fill = (region: string): Settled => {
    const requirements = options.requirements.map((row) => options.fillRegion(row, region));
    const from = options.region !== undefined ? 'given' : region === UNNAMED_REGION ? 'none' : 'inferred';
    return {
      region,
      from,
      others: [],
      requirements,
      context: contextOf(policy, sources, region, requirements, options, everywhere),
    };
  };
  if (options.region !== undefined) return fill(options.region);
  const candidates = candidateRegions(policy, options.requirements, options.endpoints);
  if (candidates.length <= 1) return fill(candidates[0] ?? UNNAMED_REGION);

  const regional = options.requirements.flatMap((row, at) =>
    row.targets.some((target) => target.destination.includes(UNNAMED_REGION)) ? [at] : [],
  );
  const rated = candidates.map((region) => {
    const settled = fill(region);
    const rows = regional.flatMap((at) => settled.requirements[at] ?? []);
    const covered = judgeRequirements(rows, settled.context).filter(
      ({ verdict }) => verdict.verdict === 'covered',
    );
    const named = covered.filter(
      ({ target, verdict }) => target.kind === 'name' && verdict.how !== 'service-tag',
    );
    const isServed = named.some(({ requirement }) => requirement.identifiesCluster);
    return {
      settled,
      covered: covered.length,
      named: named.length,
      isServed: isServed && !hasSymbol(region),
    };
  });
  const [best, ...rest] = rated.sort((a, b) => b.named - a.named || b.covered - a.covered);
  if (best === undefined) return fill(UNNAMED_REGION);
  const others = best.isServed ? rest.filter(({ isServed }) => isServed) : [];
  return { ...best.settled, others: others.map(({ settled }) => settled.region) };
}

function contextOf(
  policy: Policy,
  sources: SourceSet,
  region: string,
  requirements: readonly Requirement[],
  options: JudgeOptions,
  everywhere: () => RuleIndex,
): RequirementContext {
  const index = memo((set: SourceSet) => indexRules(policy, set));
  const otherOrder = inOtherOrder(policy);
  const knowledge = options.knowledgeOf(requirements);
  return {
    index,
    otherIndex: otherOrder && memo((set: SourceSet) => indexRules(otherOrder, set)),
    nearMisses: memo((set) => new NearMisses(everywhere(), index(set), knowledge, options.endpoints)),
    sourcesFor: (requirement) => options.sources?.of(requirement) ?? sources,
    knowledge,
    region: region === UNNAMED_REGION ? '' : options.endpoints.tagOfRegion(region),
    acceptAddressFor: options.acceptAddressFor,
  };
}

function aboutPolicy(policy: Policy, sources: Judgement['sourcesFrom']): Subject<'policy'> {
  const known = policy.rules.filter((rule) => rule.opaque === undefined && rule.implicit === undefined);
  const opaque = policy.rules.find((rule) => rule.opaque !== undefined)?.opaque;
  const allowsByItself =
    policy.layers?.every(({ otherwise }) => otherwise === 'allow') === true ||
    policy.rules.some((rule) => rule.implicit === 'default' && rule.action === 'allow');
  // Where no rule is for an AKS endpoint, one whose names are not known may still be.
  const unknown = opaque ?? (sources === 'none' && known.length > 0 ? policy.unknowns[0] : undefined);
  const facts: FactsOf<'policy'> = {
    attached: policy.attached,
    sources,
    // An appliance may allow without any rule.
    rules: known.length > 0 || allowsByItself ? 'some' : opaque === undefined ? 'none' : 'unknown',
  };
  return {
    target: 'policy',
    facts,
    class: classOf('policy', facts),
    open: new PolicyView(policy),
    data: {
      policy: policy.name,
      candidates: '',
      reason: showSymbols(unknown?.reason ?? ''),
      supply: opaque?.supply ?? (sources === 'none' ? 'give the node and pod networks with --source' : ''),
    },
    identity: policy.id,
    requirement: null,
    entry: null,
    place: policy.place,
    related: [],
  };
}

/** Entries and rules that can touch the cluster, each judged once against the needs of every run. */
function policySubjects(
  policy: Policy,
  runs: readonly Judgement[],
  options: JudgeOptions,
  everywhere: () => RuleIndex,
): Subject[] {
  const sources = runs.map((run) => run.sources).filter((set) => set !== undefined);
  const all = sources.length === 0 ? undefined : sources.reduce(sourcesUnite);
  const regions = new Set(
    runs
      .flatMap((run) => [run.region, ...run.otherRegions])
      .filter((region) => region !== '' && region !== UNNAMED_REGION),
  );
  const filled = [...(regions.size === 0 ? [UNNAMED_REGION] : regions)].map((region) =>
    options.requirements.map((row) => options.fillRegion(row, region)),
  );
  const wanted = options.listed === undefined ? filled : [...filled, options.listed.requirements];
  const needs = new Needs(wanted.flatMap(needsOf), options.endpoints.regions);
  const knowledge = options.knowledgeOf(filled.flat());

  const inScopeOf = ({ rules }: Policy): readonly Rule[] =>
    rules.filter(
      (rule) =>
        rule.opaque === undefined && rule.implicit === undefined && all !== undefined && maySee(rule, all),
    );
  const inScope = inScopeOf(policy);
  const inOrder = findRedundancy(everywhere(), inScope, knowledge);
  const other = inOtherOrder(policy);
  const redundancy =
    other === undefined
      ? inOrder
      : redundancyOfBothOrders(inOrder, findRedundancy(indexEveryRule(other), inScopeOf(other), knowledge));
  const context = {
    needs,
    declared: options.declared,
    knowledge,
    endpoints: options.endpoints,
    redundancy,
    regions,
    policy,
  };
  const entries = inScope
    .filter((rule) => rule.action === 'allow')
    .flatMap((rule) => entrySubjects(rule, context));
  const mayBeFor = options.sources && sourcesUnite(options.sources.all, options.neighbours ?? NO_SOURCE);
  return [...ruleSubjects(policy, all, mayBeFor, redundancy), ...entries];
}

/** The rules that can touch the sources, in the order in which they are evaluated. */
export function rulesFor({ rules }: Policy, sources: SourceSet): readonly Rule[] {
  return rules.filter((rule) => rule.opaque !== undefined || maySee(rule, sources));
}

/** How the judged sources read in a message or a report. */
export function sourcesText(run: Judgement): string[] {
  return run.sources === undefined ? [] : describeSources(run.sources);
}

/** Each argument's value once. */
function memo<A, V>(make: (argument: A) => V): (argument: A) => V {
  const known = new Map<A, V>();
  return (argument) => {
    const value = known.get(argument) ?? make(argument);
    known.set(argument, value);
    return value;
  };
}
