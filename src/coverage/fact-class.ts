import { FACTS, type TargetKind } from './facts.ts';

/** The number of each value of each fact, times the number of combinations of the facts before it. */
type Weights = readonly { readonly fact: string; readonly weight: ReadonlyMap<string, number> }[];

function weightsOf(facts: Readonly<Record<string, readonly string[]>>): Weights {
  let combinations = 1;
  return Object.entries(facts).map(([fact, values]) => {
    const weight = new Map(values.map((value, at) => [value, at * combinations]));
    combinations *= values.length;
    return { fact, weight };
  });
}

const WEIGHTS: Readonly<Record<TargetKind, Weights>> = {
  requirement: weightsOf(FACTS.requirement),
  entry: weightsOf(FACTS.entry),
  rule: weightsOf(FACTS.rule),
  policy: weightsOf(FACTS.policy),
  cluster: weightsOf(FACTS.cluster),
  endpoint: weightsOf(FACTS.endpoint),
};

/**
 * The class of subjects with these closed facts: one number per combination of values, the same in every run. Checks on
 * closed facts have one outcome per class, and thousands of entries fall into a few dozen.
 */
export function classOf(target: TargetKind, facts: Readonly<Record<string, string>>): number {
  let number = 0;
  WEIGHTS[target].forEach(({ fact, weight }) => {
    number += weight.get(facts[fact] ?? '') ?? NaN;
  });
  return number;
}
