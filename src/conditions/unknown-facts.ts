import type { Engine } from 'json-rules-engine';
import {
  engineConditions,
  factsNamed,
  leafHolds,
  type Condition,
  type Conditions,
  type FactValue,
  type Leaf,
} from './grammar.ts';

/**
 * Conditions on facts that may be unknown, with three answers. json-rules-engine has two: an absent fact rejects the run,
 * and allowing absent facts would let every `notEqual` pass. So each distinct condition is run once for every completion
 * of the unknown facts that it names; where the completions disagree, the answer is unknown.
 */

/** A fact's value, or every value that it may have. */
export type Fact = { readonly value: FactValue } | { readonly oneOf: readonly FactValue[] };
export type Facts = ReadonlyMap<string, Fact>;

export interface Reason {
  readonly fact: string;
  readonly value: FactValue;
}

export interface Outcome {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Known facts that the answer follows from, with their values, in order of the condition. */
  readonly because: readonly Reason[];
  /** Unknown facts that would decide an unknown answer, in order of the condition. */
  readonly undecided: readonly string[];
}

type Completion = ReadonlyMap<string, FactValue>;

/** What the engine found for one condition in one completion. */
interface Result {
  readonly holds: boolean;
  readonly because: readonly Reason[];
}

/** Unknown facts of one condition are few; more completions than this are a defect of the data. */
const MOST_COMPLETIONS = 256;

/**
 * One outcome per condition, in their order. Equal conditions are evaluated once.
 *
 * @throws {Error} where a condition names a fact that does not exist: a defect of the data.
 */
export async function evaluate(conditions: readonly Conditions[], facts: Facts): Promise<Outcome[]> {
  const keys = conditions.map((condition) => JSON.stringify(condition));
  const distinct = new Map(conditions.map((condition, at) => [keys[at] ?? '', condition]));
  const outcomes = new Map<string, Outcome>();
  for (const [key, condition] of distinct) {
    const because = refutation(condition, facts);
    if (because.length === 0) continue;
    outcomes.set(key, { answer: 'no', because, undecided: [] });
    distinct.delete(key);
  }
  for (const group of groupsByUnknowns(distinct, facts)) {
    for (const [key, outcome] of await evaluateGroup(group, facts)) outcomes.set(key, outcome);
  }
  return keys.map((key) => {
    const outcome = outcomes.get(key);
    if (outcome === undefined) throw new Error(`The engine did not answer the condition ${key}`);
    return outcome;
  });
}

/**
 * Parts that must hold and do not. Most requirements belong to features that are off; where one part settles it, the engine
 * is not asked, which saves most of a cold start's time here.
 */
function refutation(condition: Conditions, facts: Facts): Reason[] {
  // Every fact is looked up, so that a misspelled one is found whatever the others are.
  for (const name of factsNamed(condition)) factOf(facts, name);
  if (!('all' in condition)) return [];
  return condition.all.filter(isLeaf).flatMap((leaf): Reason[] => {
    const fact = factOf(facts, leaf.fact);
    if (!('value' in fact) || leafHolds(leaf, fact.value)) return [];
    return [{ fact: leaf.fact, value: fact.value }];
  });
}

function isLeaf(condition: Condition): condition is Leaf {
  return 'fact' in condition;
}

/** Conditions that name the same unknown facts: one engine and one list of completions serves them all. */
interface Group {
  readonly conditions: Map<string, Conditions>;
  readonly unknown: readonly string[];
}

function groupsByUnknowns(distinct: ReadonlyMap<string, Conditions>, facts: Facts): Group[] {
  const groups = new Map<string, Group>();
  for (const [key, condition] of distinct) {
    const unknown = factsNamed(condition).filter((name) => 'oneOf' in factOf(facts, name));
    const groupKey = unknown.join(' ');
    const group = groups.get(groupKey) ?? { conditions: new Map<string, Conditions>(), unknown };
    group.conditions.set(key, condition);
    groups.set(groupKey, group);
  }
  return [...groups.values()];
}

async function evaluateGroup(group: Group, facts: Facts): Promise<(readonly [string, Outcome])[]> {
  const known = new Map<string, FactValue>();
  for (const name of [...group.conditions.values()].flatMap((condition) => factsNamed(condition))) {
    const fact = factOf(facts, name);
    if ('value' in fact) known.set(name, fact.value);
  }
  const completions = completionsOf(group.unknown, facts);
  const engine = await createEngine([...group.conditions.values()]);
  const runs: (readonly Result[])[] = [];
  // In sequence: two runs of one engine that overlap share its state, and the slower one loses rules.
  for (const completion of completions) runs.push(await run(engine, new Map([...known, ...completion])));
  return [...group.conditions.keys()].map((key, at) => {
    const results = runs.flatMap((answers) => answers[at] ?? []);
    if (results.length !== completions.length) throw new Error(`The engine lost the condition ${key}`);
    return [key, outcomeOf(results, completions, group.unknown)];
  });
}

function completionsOf(unknown: readonly string[], facts: Facts): Completion[] {
  let completions: Completion[] = [new Map()];
  for (const name of unknown) {
    const fact = factOf(facts, name);
    const values = 'oneOf' in fact ? fact.oneOf : [fact.value];
    completions = completions.flatMap((one) => values.map((value) => new Map([...one, [name, value]])));
    if (completions.length > MOST_COMPLETIONS) {
      throw new Error(
        `A condition on ${unknown.join(', ')} has more than ${MOST_COMPLETIONS.toFixed()} completions`,
      );
    }
  }
  return completions;
}

function outcomeOf(
  results: readonly Result[],
  completions: readonly Completion[],
  unknown: readonly string[],
): Outcome {
  const holds = results[0]?.holds ?? false;
  if (results.some((result) => result.holds !== holds)) {
    const undecided = unknown.filter((name) => decides(name, results, completions));
    return { answer: 'unknown', because: [], undecided };
  }
  const because = results.flatMap((result) => result.because).filter(({ fact }) => !unknown.includes(fact));
  return { answer: holds ? 'yes' : 'no', because: eachOnce(because), undecided: [] };
}

/** Do two completions that differ in this fact alone differ in the answer? */
function decides(name: string, results: readonly Result[], completions: readonly Completion[]): boolean {
  const answers = new Map<string, boolean>();
  return completions.some((completion, at) => {
    const others = JSON.stringify([...completion].filter(([fact]) => fact !== name));
    const holds = results[at]?.holds ?? false;
    const before = answers.get(others) ?? holds;
    answers.set(others, before);
    return before !== holds;
  });
}

function factOf(facts: Facts, name: string): Fact {
  const fact = facts.get(name);
  if (fact === undefined) throw new Error(`A condition names a fact that does not exist: ${name}`);
  return fact;
}

/** One rule per condition, named by its index; all of one priority, as rules of several are lost where runs overlap. */
async function createEngine(conditions: readonly Conditions[]): Promise<Engine> {
  // Imported late: it is the slowest module of the tool.
  const { Engine } = await import('json-rules-engine');
  const rules = conditions.map((condition, at) => ({
    name: at.toFixed(),
    // A type that the engine emits itself (success, failure, error) would make it report twice or reject.
    event: { type: 'condition' },
    conditions: engineConditions(condition),
  }));
  return new Engine(rules, { pathResolver: ownProperty });
}

/** The default resolver evaluates JSONPath scripts (CVE-2024-21534); this one reads one own property and nothing else. */
export function ownProperty(value: object, path: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, path);
  if (property === undefined) throw new Error(`A condition's path leads nowhere: ${path}`);
  return property.value;
}

/** Answers in order of the rules: the engine's own lists are in order of completion. */
async function run(engine: Engine, facts: ReadonlyMap<string, FactValue>): Promise<readonly Result[]> {
  const { results, failureResults } = await engine.run(Object.fromEntries(facts));
  const answers: Result[] = [];
  for (const { name, result, conditions } of [...results, ...failureResults]) {
    answers[Number(name)] = { holds: result === true, because: reasonsOf(conditions, result === true) };
  }
  return answers;
}

/** A condition as the engine returns it, with what it found at every node but the topmost. */
interface Judged {
  readonly name?: string | undefined;
  readonly result?: boolean | undefined;
  readonly fact?: string | undefined;
  readonly factResult?: unknown;
  readonly all?: readonly Judged[] | undefined;
  readonly any?: readonly Judged[] | undefined;
  readonly not?: Judged | undefined;
}

/** The leaves that make it what it is: of an `all` that fails the failing ones, of an `any` that holds the first that holds. */
function reasonsOf({ fact, factResult, all, any, not }: Judged, holds: boolean): Reason[] {
  if (fact !== undefined && (typeof factResult === 'string' || typeof factResult === 'boolean')) {
    return [{ fact, value: factResult }];
  }
  if (not !== undefined) return reasonsOf(not, !holds);
  const agreeing = (all ?? any ?? []).filter((part) => (part.result === true) === holds);
  const telling = any !== undefined && holds ? agreeing.slice(0, 1) : agreeing;
  return eachOnce(telling.flatMap((part) => reasonsOf(part, holds)));
}

function eachOnce(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [reason.fact, reason])).values()];
}
