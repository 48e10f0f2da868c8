import { referencesOf, type OptionValues, type ResolvedCondition } from '../conditions/check-condition.ts';
import { ClosedCondition, OPTION, conditionKey } from '../conditions/closed-facts.ts';
import type { Part, Subject, TargetKind } from '../coverage/facts.ts';
import { levelOf, type CheckSettings } from './catalogue.ts';
import { isClosed } from './known-facts.ts';
import { OpenCheck } from './open-check.ts';
import { resolveCases, resultOf, type CheckResult, type Outcome, type ResolvedCase } from './outcome.ts';

export type { CheckResult } from './outcome.ts';

/**
 * Runs checks. What fires on closed facts depends on these alone, so json-rules-engine judges each class of subjects once,
 * whatever the number of subjects; checks on open facts are asked for each subject. Results keep the order of the
 * subjects, then that of the check ids.
 */
export async function runChecks(
  subjects: Iterable<Subject>,
  settings: CheckSettings,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const runner = runnerOf(settings);
  for (const subject of subjects) {
    const judge = runner.judgeOf(subject.target, subject.part);
    const fired = judge.known(subject) ?? (await judge.decide(subject));
    const first = results.length;
    for (const outcome of fired) results.push(resultOf(outcome, subject));
    if (judge.open.length === 0) continue;
    for (const open of judge.open) {
      const result = open.judge(subject);
      if (result !== undefined) results.push(result);
    }
    if (results.length - first > 1) {
      const sorted = results.splice(first).sort((a, b) => (a.check < b.check ? -1 : 1));
      results.push(...sorted);
    }
  }
  return results;
}

const runners = new WeakMap<CheckSettings, Runner>();

function runnerOf(settings: CheckSettings): Runner {
  const runner = runners.get(settings) ?? new Runner(settings);
  runners.set(settings, runner);
  return runner;
}

/** Checks that are on, compiled for some settings. */
class Runner {
  readonly #settings: CheckSettings;
  readonly #judges = new Map<string, Judge>();

  constructor(settings: CheckSettings) {
    this.#settings = settings;
  }

  judgeOf(target: TargetKind, part: Part | undefined): Judge {
    const key = part === undefined ? target : `${target} ${part}`;
    let judge = this.#judges.get(key);
    if (judge === undefined) {
      judge = new Judge(target, part, this.#settings);
      this.#judges.set(key, judge);
    }
    return judge;
  }
}

/** The checks of one kind of subject or part, with the outcome of every class of facts met so far. */
class Judge {
  readonly open: readonly OpenCheck[];
  readonly #closed: readonly (readonly { outcome: Outcome; condition: ClosedCondition | true }[])[];
  readonly #outcomes = new Map<number, readonly Outcome[]>();

  constructor(target: TargetKind, part: Part | undefined, settings: CheckSettings) {
    const open: OpenCheck[] = [];
    const closed: (readonly { outcome: Outcome; condition: ClosedCondition | true }[])[] = [];
    const conditions = new Map<string, ClosedCondition>();
    for (const check of settings.checks) {
      const level = levelOf(check, settings);
      if (level === undefined || check.target !== target || check.part !== part) continue;
      const cases = resolveCases(check, level, settings);
      if (isOnClosedFacts(cases, target)) {
        closed.push(
          cases.map(({ outcome, condition }) => ({
            outcome,
            condition: condition === true ? true : closedCondition(condition, outcome.options, conditions),
          })),
        );
      } else open.push(new OpenCheck(cases, settings.asOf));
    }
    this.open = open;
    this.#closed = closed;
  }

  known(subject: Subject): readonly Outcome[] | undefined {
    return this.#outcomes.get(subject.class);
  }

  async decide(subject: Subject): Promise<readonly Outcome[]> {
    const { facts } = subject;
    const outcomes: Outcome[] = [];
    for (const cases of this.#closed) {
      for (const { outcome, condition } of cases) {
        if (condition === true || (condition.known(facts) ?? (await condition.holds(facts)))) {
          outcomes.push(outcome);
          break;
        }
      }
    }
    this.#outcomes.set(subject.class, outcomes);
    return outcomes;
  }
}

/** Cases of several checks that read and compare the same share their answers. */
function closedCondition(
  condition: ResolvedCondition,
  options: OptionValues,
  known: Map<string, ClosedCondition>,
): ClosedCondition {
  const named = referencesOf(condition).flatMap(({ fact, params }) =>
    fact === OPTION ? [options[params?.['name'] ?? ''] ?? null] : [],
  );
  const key = `${conditionKey(condition)} ${JSON.stringify(named)}`;
  const compiled = known.get(key) ?? new ClosedCondition(condition, options);
  known.set(key, compiled);
  return compiled;
}

function isOnClosedFacts(cases: readonly ResolvedCase[], target: TargetKind): boolean {
  return cases.every(
    ({ condition }) =>
      condition === true || referencesOf(condition).every((named) => isClosed(named, target)),
  );
}
