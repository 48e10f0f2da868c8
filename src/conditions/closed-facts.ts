import type { Engine } from 'json-rules-engine';
import { engineConditions, factsNamed, type Conditions, type Leaf } from './grammar.ts';

/** Facts whose values are strings out of an enumerated list, always present. schemas/check.schema.json lists them. */
export type ClosedFacts = Readonly<Record<string, string>>;
export type ClosedConditions = Conditions<string>;

/**
 * One condition, decided by json-rules-engine at most once per combination of the facts that it names. An engine run
 * costs tens of microseconds and thousands of subjects share few combinations, so the answers are kept.
 */
export class ClosedCondition {
  /** The facts that it names: its outcome depends on nothing else. */
  readonly facts: readonly string[];
  readonly #conditions: ClosedConditions;
  /** Leaves that must hold for the whole to hold. */
  readonly #necessary: readonly Leaf<string>[];
  readonly #answers = new Map<string, boolean>();
  #engine: Engine | undefined;

  constructor(conditions: ClosedConditions) {
    this.#conditions = conditions;
    this.facts = factsNamed(conditions);
    this.#necessary =
      'all' in conditions ? conditions.all.filter((part): part is Leaf<string> => 'fact' in part) : [];
  }

  /** False where a leaf that must hold compares a fact with values that it does not have; no engine is needed then. */
  mayHold(facts: ClosedFacts): boolean {
    return this.#necessary.every((leaf) => {
      const found = facts[leaf.fact] ?? '';
      if (leaf.operator === 'equal') return found === leaf.value;
      return leaf.operator !== 'in' || leaf.value.includes(found);
    });
  }

  /** The answer, where it is known already. */
  known(facts: ClosedFacts): boolean | undefined {
    return this.mayHold(facts) ? this.#answers.get(this.#key(facts)) : false;
  }

  async holds(facts: ClosedFacts): Promise<boolean> {
    const known = this.known(facts);
    if (known !== undefined) return known;
    this.#engine ??= await createEngine(this.#conditions);
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

/**
 * One rule per engine: an engine with rules of several priorities loses rules when two runs overlap. The event type is
 * fixed, since a passing rule whose type is `error` or `success` makes the run reject or report twice. An absent fact
 * rejects the run: allowUndefinedFacts would let a misspelled fact pass every `notEqual`.
 */
async function createEngine(conditions: ClosedConditions): Promise<Engine> {
  // Imported late: it is the slowest module of the tool, and listing or printing checks does not need it.
  const { Engine } = await import('json-rules-engine');
  const rule = { event: { type: 'case' }, conditions: engineConditions(conditions) };
  return new Engine([rule], { pathResolver: refusePath });
}

/** The default resolver evaluates JSONPath scripts (CVE-2024-21534). Closed facts are strings, without paths. */
function refusePath(_value: object, path: string): never {
  throw new Error(`A condition on closed facts has a path: ${path}`);
}
