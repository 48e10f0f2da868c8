import { coveredBy, describeSources, type Judgement } from '../coverage/index.ts';
import type { Subject } from '../coverage/facts.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Cloud, Policy } from '../model/policy.ts';
import type { ReportFact, RequirementRow, Run } from '../reporters/report.ts';

/** What a report says of one run beside its findings. */
export interface RunContext {
  readonly policy: Policy;
  readonly cloud: Cloud;
  readonly profile: Readonly<Record<string, ReportFact>>;
  /** Where given sources came from. */
  readonly sourcesFrom: 'flag' | 'config';
  /** Ids of rows that do not apply and were judged for `--all` only. */
  readonly inapplicable: ReadonlySet<string>;
}

export function runOf(judgement: Judgement, context: RunContext): Run {
  const requirements = rowsOf(judgement, context.inapplicable);
  const summary = { covered: 0, partial: 0, denied: 0, missing: 0, unknown: 0 };
  for (const row of requirements) if (row.applies !== 'no') summary[row.verdict] += 1;
  return {
    policy: showSymbols(context.policy.name),
    cluster: judgement.cluster,
    cloud: context.cloud,
    sources: judgement.sources === undefined ? [] : describeSources(judgement.sources),
    sourcesFrom: judgement.sourcesFrom === 'given' ? context.sourcesFrom : judgement.sourcesFrom,
    region: showSymbols(judgement.region),
    profile: context.profile,
    summary,
    requirements,
  };
}

function rowsOf(judgement: Judgement, inapplicable: ReadonlySet<string>): RequirementRow[] {
  // The subjects stand in the order of the judged requirements.
  const about = judgement.subjects.filter(({ target }) => target === 'requirement');
  return judgement.requirements.map((judged, at): RequirementRow => {
    const { requirement, target, verdict } = judged;
    return {
      id: requirement.id,
      ...(requirement.row === undefined ? {} : { row: requirement.row }),
      feature: requirement.feature,
      necessity: requirement.necessity,
      applies: inapplicable.has(requirement.id) ? 'no' : requirement.applies,
      destination: showSymbols(target.destination),
      protocol: requirement.protocol,
      port: requirement.port,
      verdict: verdict.verdict,
      works: verdict.works === 'yes' || verdict.works === 'unknown-dns-proxy',
      how: verdict.how,
      coveredBy: coveredBy(judged).map(showSymbols),
      note: noteOf(about[at], verdict.verdict),
    };
  });
}

/** Why the verdict is unknown and what to supply, or the near miss. */
function noteOf(subject: Subject | undefined, verdict: RequirementRow['verdict']): string {
  if (subject === undefined || verdict === 'covered') return '';
  const { supply = '', nearMiss = '' } = subject.data;
  return verdict === 'unknown' && supply !== '' ? `To decide it, ${supply}.` : nearMiss;
}
