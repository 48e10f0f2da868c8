import type { RequirementRow } from './report.ts';

/** What a reader sees of a requirement: allowed but not working is an outcome of its own. */
export type Outcome = RequirementRow['verdict'] | 'broken';

export const OUTCOMES = ['covered', 'partial', 'denied', 'missing', 'unknown', 'broken'] as const;

export function outcomeOf({ verdict, works }: RequirementRow): Outcome {
  return verdict === 'covered' && !works ? 'broken' : verdict;
}

export type Counts = Record<Outcome, number>;

export interface FeatureCounts {
  /** In the order of the report. */
  readonly features: ReadonlyMap<string, Counts>;
  readonly total: Counts;
}

/** Counts the requirements of each feature by outcome. */
export function countFeatures(rows: readonly RequirementRow[]): FeatureCounts {
  const features = new Map<string, Counts>();
  const total = noCounts();
  for (const row of rows) {
    let counts = features.get(row.feature);
    if (counts === undefined) {
      counts = noCounts();
      features.set(row.feature, counts);
    }
    const outcome = outcomeOf(row);
    counts[outcome]++;
    total[outcome]++;
  }
  return { features, total };
}

function noCounts(): Counts {
  return { covered: 0, partial: 0, denied: 0, missing: 0, unknown: 0, broken: 0 };
}
