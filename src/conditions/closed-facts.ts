import type { Engine } from 'json-rules-engine';
import {
  isReference,
  keyOf,
  referencesOf,
  type OptionValues,
  type ResolvedCondition,
} from './check-condition.ts';
import { createEngine } from './engine.ts';

/** Facts whose values are strings out of an enumerated list, always present. schemas/check.schema.json lists them. */
export type ClosedFacts = Readonly<Record<string, string>>;

/**
 * One condition, decided by json-rules-engine at most once per combination of the facts that it names. An engine run
 * costs tens of microseconds and thousands of subjects share few combinations, so the answers are kept.
 */
export class ClosedCondition {
  /** The facts that it names, on either side of an operator: its outcome depends on nothing else. */
  readonly facts: readonly string[];
  readonly #condition: ResolvedCondition;
  readonly #options: OptionValues;
  /** Leaves that must hold for the whole to hold: the fact, and the values with which they hold. */
  readonly #necessary: readonly Necessary[];
  readonly #answers = new Map<string, boolean>();
  #engine: Engine | undefined;

  /** @param options values of the fact `option` */
  constructor(condition: ResolvedCondition, options: OptionValues = {}) {
    this.#condition = condition;
    this.#options = options;
    this.facts = referencesOf(condition).flatMap(({ fact }) => (fact === OPTION ? [] : [fact]));
    this.#necessary = necessaryLeaves(condition);
  }

  /** The answer, where it is known already, or where a leaf that must hold does not; no engine is needed then. */
  known(facts: ClosedFacts): boolean | undefined {
    const mayHold = this.#necessary.every(({ fact, values }) => values.includes(facts[fact]));
    return mayHold ? this.#answers.get(this.#key(facts)) : false;
  }

  async holds(facts: ClosedFacts): Promise<boolean> {
    const known = this.known(facts);
    if (known !== undefined) return known;
    this.#engine ??= await createEngine(this.#condition, this.#options);
    const named = Object.fromEntries(Object.entries(facts).filter(([fact]) => this.facts.includes(fact)));
    const { events } = await this.#engine.run(named);
    const answer = events.length > 0;
    this.#answers.set(this.#key(facts), answer);
    return answer;
  }

  #key(facts: ClosedFacts): string {
    return this.facts.map((fact) => facts[fact]).join('\n');
  }
}

/** The fact that gives the value of an option: `{fact: 'option', params: {name: 'strict'}}`. */
export const OPTION = 'option';

interface Necessary {
  readonly fact: string;
  readonly values: readonly unknown[];
}

function necessaryLeaves(condition: ResolvedCondition): Necessary[] {
  if (!('all' in condition)) return [];
  return condition.all.flatMap((part): Necessary[] => {
    if (!('fact' in part) || part.fact === OPTION || isReference(part.value)) return [];
    if (part.operator === 'equal') return [{ fact: part.fact, values: [part.value] }];
    return part.operator === 'in' && typeof part.value === 'object'
      ? [{ fact: part.fact, values: part.value }]
      : [];
  });
}

/** Equal for two conditions of equal outcome: what they read and compare, options and named conditions filled in. */
export function conditionKey(condition: ResolvedCondition): string {
  if ('all' in condition) return `all(${condition.all.map(conditionKey).join()})`;
  if ('any' in condition) return `any(${condition.any.map(conditionKey).join()})`;
  if ('not' in condition) return `not(${conditionKey(condition.not)})`;
  const { operator, value } = condition;
  return `${keyOf(condition)} ${operator} ${isReference(value) ? keyOf(value) : JSON.stringify(value)}`;
}
