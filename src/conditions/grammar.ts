import type { NestedCondition, TopLevelCondition } from 'json-rules-engine';

/**
 * json-rules-engine's conditions without paths, parameters, priorities, references and operators of its own, so that
 * nothing in a file can be silently ignored: the engine drops `all` beside `any`, passes an empty `any`, and finds an unknown
 * operator only when it runs. The schemas hold the same grammar together with the facts and values that exist.
 */
export type FactValue = string | boolean;

export type Leaf<V extends FactValue = FactValue> =
  | { readonly fact: string; readonly operator: 'equal' | 'notEqual'; readonly value: V }
  | { readonly fact: string; readonly operator: 'in' | 'notIn'; readonly value: readonly V[] };
export type Conditions<V extends FactValue = FactValue> =
  | { readonly all: readonly Condition<V>[] }
  | { readonly any: readonly Condition<V>[] }
  | { readonly not: Condition<V> };
export type Condition<V extends FactValue = FactValue> = Conditions<V> | Leaf<V>;

/** Every leaf, in order of writing. */
export function leavesOf<V extends FactValue>(condition: Condition<V>): Leaf<V>[] {
  if ('fact' in condition) return [condition];
  if ('not' in condition) return leavesOf(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap((part) => leavesOf(part));
}

/** The names of the facts that decide a condition, each once, in order of writing. */
export function factsNamed<V extends FactValue>(condition: Condition<V>): string[] {
  return [...new Set(leavesOf(condition).map((leaf) => leaf.fact))];
}

/** As the engine's operators compare. */
export function leafHolds<V extends FactValue>({ operator, value }: Leaf<V>, found: V): boolean {
  switch (operator) {
    case 'equal':
      return found === value;
    case 'notEqual':
      return found !== value;
    case 'in':
      return value.includes(found);
    case 'notIn':
      return !value.includes(found);
  }
}

/** A copy for the engine, with the keys of the grammar and no others. */
export function engineConditions<V extends FactValue>(conditions: Conditions<V>): TopLevelCondition {
  if ('all' in conditions) return { all: conditions.all.map((part) => engineCondition(part)) };
  if ('any' in conditions) return { any: conditions.any.map((part) => engineCondition(part)) };
  return { not: engineCondition(conditions.not) };
}

function engineCondition<V extends FactValue>(condition: Condition<V>): NestedCondition {
  if (!('fact' in condition)) return engineConditions(condition);
  const { fact, operator, value } = condition;
  return { fact, operator, value };
}
