import { memberOf, type FactReference } from '../conditions/check-condition.ts';
import { compileCondition, undecidedFacts, type Condition } from '../conditions/evaluator.ts';
import type { Subject } from '../coverage/facts.ts';
import { MessageTemplate } from './message.ts';
import {
  CANNOT_BE_DECIDED,
  dataOf,
  readingOf,
  resultOf,
  type CheckResult,
  type ResolvedCase,
} from './outcome.ts';

/** A check that names an open fact: asked for each subject. */
export class OpenCheck {
  readonly #cases: readonly ResolvedCase[];
  readonly #conditions: readonly Condition<Subject>[];

  readonly #asOf: string;

  constructor(cases: readonly ResolvedCase[], asOf: string) {
    this.#cases = cases;
    this.#asOf = asOf;
    this.#conditions = cases.map(({ outcome, condition }) =>
      condition === true ? () => true : compileCondition(condition, readingOf(outcome.options), asOf),
    );
  }

  judge(subject: Subject): CheckResult | undefined {
    let doubtful: ResolvedCase | undefined;
    for (const [at, condition] of this.#conditions.entries()) {
      const answer = condition(subject);
      if (answer === false) continue;
      const one = this.#cases[at];
      if (one === undefined) continue;
      if (answer === true) return resultOf(one.outcome, subject);
      doubtful ??= one;
    }
    return doubtful === undefined ? undefined : undecided(doubtful, subject, this.#asOf);
  }
}

/** What is not decided is no error, and it is never silent. */
function undecided(one: ResolvedCase, subject: Subject, asOf: string): CheckResult {
  const { check, level, options } = one.outcome;
  const unknown =
    one.condition === true ? [] : undecidedFacts(one.condition, readingOf(options), asOf, subject);
  const data = dataOf(check, options, subject);
  const facts = unknown.map(nameOf).join(' and ');
  const supply = data['supply'] || 'give the missing values with --parameters';
  return {
    check: check.id,
    level: level === 'error' ? 'warning' : level,
    messageId: CANNOT_BE_DECIDED,
    message: UNDECIDED.render({
      ...data,
      check: check.id,
      description: check.meta.docs.description,
      facts,
      supply,
      subject: describe(subject),
    }),
    data,
    subject,
  };
}

const UNDECIDED = new MessageTemplate(
  "Whether '{{check}}' applies to {{subject}} cannot be decided, since {{facts}} is not known from the files: {{description}} To decide it, {{supply}}.",
);

function nameOf({ fact, path }: FactReference): string {
  return path === undefined ? fact : `${fact}.${memberOf(path)}`;
}

function describe({ target, data }: Subject): string {
  const rule = data['rule'] ?? '';
  switch (target) {
    case 'requirement':
      return `'${data['destination'] ?? ''}' on ${data['service'] ?? ''}`;
    case 'endpoint':
      return `the listed endpoint '${data['destination'] ?? ''}' on ${data['service'] ?? ''}`;
    case 'entry':
      return `'${data['destination'] ?? ''}' on ${data['service'] ?? ''} in rule ${rule}`;
    case 'rule':
      return `rule ${rule}`;
    case 'policy':
      return `policy '${data['policy'] ?? ''}'`;
    case 'cluster':
      return `cluster '${data['cluster'] ?? ''}'`;
  }
}
