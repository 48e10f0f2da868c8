import { coveredBy, describeSources, type JudgedRequirement, type Judgement } from '../coverage/index.ts';
import type { Subject } from '../coverage/facts.ts';
import { cidrsOf } from '../model/cidr.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Cloud, Policy } from '../model/policy.ts';
import type { ReportFact, RequirementRow, Run } from '../reporters/report.ts';

/** What a report says of one run beside its findings. */
export interface RunContext {
  readonly policy: Policy;
  readonly cloud: Cloud;
  readonly profile: Readonly<Record<string, ReportFact>>;
  /** Where given sources came from. */
  readonly sourcesFrom: Run['sourcesFrom'];
  /** Rows that do not apply, judged as if they did; empty unless they are asked for. */
  readonly inapplicable: readonly JudgedRequirement[];
}

export function runOf(judgement: Judgement, context: RunContext): Run {
  const subjects = judgement.subjects.filter(({ target }) => target === 'requirement');
  // The subjects stand in the order of the judged requirements.
  const applying = judgement.requirements.map((judged, at) => ({
    ...rowOf(judged),
    note: noteOf(subjects[at], judged.verdict.verdict),
  }));
  const summary = { covered: 0, partial: 0, denied: 0, missing: 0, unknown: 0 };
  for (const { verdict } of applying) summary[verdict] += 1;
  return {
    policy: showSymbols(context.policy.name),
    cluster: judgement.cluster,
    cloud: context.cloud,
    sources: judgement.sources === undefined ? [] : describeSources(judgement.sources),
    sourcesFrom: judgement.sourcesFrom === 'given' ? context.sourcesFrom : judgement.sourcesFrom,
    region: showSymbols(judgement.region),
    profile: withRegion(context, judgement),
    summary,
    requirements: [
      ...applying,
      ...context.inapplicable.map((judged): RequirementRow => ({ ...rowOf(judged), applies: 'no' })),
    ],
  };
}

/** A region that the rules show is a fact of the run, not of the profile that was given. */
function withRegion({ profile, policy }: RunContext, { region, regionFrom }: Judgement): Run['profile'] {
  if (regionFrom !== 'inferred') return profile;
  const place = policy.rules
    .flatMap(({ destinations }) => destinations)
    .find(({ text }) => text.toLowerCase().includes(region.toLowerCase()))?.place;
  const value = showSymbols(region);
  return {
    ...profile,
    region:
      place === undefined
        ? { value, from: 'inferred' }
        : { value, from: 'inferred', path: place.path, pointer: place.pointer },
  };
}

function rowOf(judged: JudgedRequirement): RequirementRow {
  const { requirement, target, verdict } = judged;
  return {
    id: requirement.id,
    ...(requirement.row === undefined ? {} : { row: requirement.row }),
    feature: requirement.feature,
    necessity: requirement.necessity,
    applies: requirement.applies,
    destination: showSymbols(target.destination),
    protocol: requirement.protocol,
    port: requirement.port,
    verdict: verdict.verdict,
    works: verdict.works !== 'no-tls-inspection' && verdict.works !== 'no-dns-proxy',
    how: verdict.how,
    coveredBy: coveredBy(judged).map(showSymbols),
    ...(verdict.leftOut === undefined ? {} : { leftOut: cidrsOf(verdict.leftOut) }),
    note: '',
    ...(judged.standing === 'documented' ? { isDocumentedOnly: true } : {}),
  };
}

/** Why the verdict is unknown and what to supply, or the near miss. */
function noteOf(subject: Subject | undefined, verdict: RequirementRow['verdict']): string {
  if (subject === undefined || verdict === 'covered') return '';
  const { supply = '', nearMiss = '' } = subject.data;
  return verdict === 'unknown' && supply !== '' ? `To decide it, ${supply}.` : nearMiss;
}
