import { ClosedCondition, type ClosedFacts } from '../conditions/closed-facts.ts';
import type { Subject, TargetKind } from '../coverage/facts.ts';
import { CHECKS, levelOf, type CheckSettings } from './catalogue.ts';
import type { Check, Level } from './check.ts';
import { MessageTemplate } from './message.ts';

/** One check that fired on one subject. */
export interface CheckResult {
  readonly check: string;
  readonly level: Level;
  /** A finished first sentence, then the near miss or advice; one line of plain text. */
  readonly message: string;
  readonly subject: Subject;
}

interface CompiledCheck {
  readonly check: Check;
  readonly cases: readonly { readonly messageId: string; readonly condition: ClosedCondition }[];
}

/** A check that fired, and how it words its finding. */
interface Outcome {
  readonly check: Check;
  readonly template: MessageTemplate;
}

/**
 * Runs the built-in checks. What fires depends on the closed facts alone, so each class of subjects with equal facts is
 * judged once, whatever the number of subjects. Results keep the order of the subjects, then that of the check ids.
 */
export async function runChecks(
  subjects: Iterable<Subject>,
  settings: CheckSettings,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const subject of subjects) {
    const judge = judgeOf(subject.target);
    const key = JSON.stringify(subject.facts);
    for (const { check, template } of judge.known(key) ?? (await judge.decide(key, subject.facts))) {
      const level = levelOf(check, settings);
      if (level === undefined) continue;
      results.push({ check: check.id, level, message: template.render(subject.data), subject });
    }
  }
  return results;
}

/** The checks of one target kind, with the outcome of every class of facts met so far. */
class Judge {
  readonly #checks: readonly CompiledCheck[];
  readonly #outcomes = new Map<string, readonly Outcome[]>();
  readonly #templates = new Map<string, MessageTemplate>();

  constructor(target: TargetKind) {
    this.#checks = CHECKS.filter((check) => check.target === target).map((check) => ({
      check,
      cases: check.cases.map(({ messageId, conditions }) => ({
        messageId,
        condition: new ClosedCondition(conditions),
      })),
    }));
  }

  known(key: string): readonly Outcome[] | undefined {
    return this.#outcomes.get(key);
  }

  async decide(key: string, facts: ClosedFacts): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { check, cases } of this.#checks) {
      for (const { messageId, condition } of cases) {
        if (condition.known(facts) ?? (await condition.holds(facts))) {
          outcomes.push({ check, template: this.#template(check, messageId) });
          break;
        }
      }
    }
    this.#outcomes.set(key, outcomes);
    return outcomes;
  }

  #template(check: Check, messageId: string): MessageTemplate {
    const key = `${check.id}/${messageId}`;
    let template = this.#templates.get(key);
    if (template === undefined) {
      template = new MessageTemplate(check.meta.messages[messageId] ?? '');
      this.#templates.set(key, template);
    }
    return template;
  }
}

const judges = new Map<TargetKind, Judge>();

function judgeOf(target: TargetKind): Judge {
  let judge = judges.get(target);
  if (judge === undefined) {
    judge = new Judge(target);
    judges.set(target, judge);
  }
  return judge;
}
