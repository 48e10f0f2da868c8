import {
  memberOf,
  resolveCondition,
  simplify,
  type Literal,
  type OptionValues,
  type ResolvedCondition,
} from '../conditions/check-condition.ts';
import { OPTION } from '../conditions/closed-facts.ts';
import type { Reading } from '../conditions/evaluator.ts';
import type { FactValue } from '../conditions/operators.ts';
import type { Subject } from '../coverage/facts.ts';
import { showSymbols } from '../model/symbol.ts';
import type { CheckSettings } from './catalogue.ts';
import type { Check, Level } from './check.ts';
import { MessageTemplate, type MessageData } from './message.ts';

/** One check that fired on one subject. */
export interface CheckResult {
  readonly check: string;
  readonly level: Level;
  /** Key of the check's messages; CANNOT_BE_DECIDED where a fact that it needs is not known. */
  readonly messageId: string;
  /** A finished first sentence, then the near miss or advice; one line of plain text. */
  readonly message: string;
  /** What the message was filled from. */
  readonly data: MessageData;
  readonly subject: Subject;
}

/** Says that a check may apply. No check has a message of this name. */
export const CANNOT_BE_DECIDED = 'cannotBeDecided';

/** A check that fired, and how it words its finding. */
export interface Outcome {
  readonly check: Check;
  readonly level: Level;
  readonly messageId: string;
  readonly template: MessageTemplate;
  readonly options: OptionValues;
}

export function resultOf(outcome: Outcome, subject: Subject): CheckResult {
  const { check, level, messageId, template, options } = outcome;
  const data = dataOf(check, options, subject);
  return { check: check.id, level, messageId, message: template.render(data), data, subject };
}

/** A subject's data with what the check adds to it. */
export function dataOf(check: Check, options: OptionValues, subject: Subject): MessageData {
  if (check.data === undefined) return subject.data;
  const added = Object.entries(check.data).map(([name, source]) => {
    const value = 'option' in source ? options[source.option] : readingOf(options)(source)(subject);
    return [name, showValue(value)] as const;
  });
  return { ...subject.data, ...Object.fromEntries(added) };
}

function showValue(value: FactValue | readonly Literal[]): string {
  if (value === undefined || Number.isNaN(value)) return '';
  return showSymbols(typeof value === 'object' ? value.join(', ') : String(value));
}

/** Reads a fact or a member of one from subjects. What a check names was held against the facts that exist. */
export function readingOf(options: OptionValues): Reading<Subject> {
  return ({ fact, path, params }) => {
    if (fact === OPTION) {
      const value = options[params?.['name'] ?? ''];
      return () => (typeof value === 'object' ? value.map(String) : value);
    }
    const member = path === undefined ? undefined : memberOf(path);
    return (subject) => {
      const closed: Readonly<Record<string, string>> = subject.facts;
      const value = closed[fact];
      if (value !== undefined) return value;
      const open: Readonly<Record<string, unknown>> | undefined = subject.open;
      const whole = open?.[fact];
      if (member === undefined) return isFactValue(whole) ? whole : undefined;
      const found = isRecord(whole) ? whole[member] : undefined;
      return isFactValue(found) ? found : undefined;
    };
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isFactValue(value: unknown): value is FactValue {
  return value === undefined || typeof value !== 'object' || Array.isArray(value);
}

/** One case of a check, with named conditions and options filled in. */
export interface ResolvedCase {
  readonly outcome: Outcome;
  /** True where it always holds. */
  readonly condition: ResolvedCondition | true;
}

/** The cases that can hold, with named conditions and options filled in. */
export function resolveCases(
  check: Check,
  level: Level,
  settings: Pick<CheckSettings, 'options'>,
): ResolvedCase[] {
  const options = settings.options.get(check.id) ?? check.meta.defaultOptions ?? {};
  return check.cases.flatMap(({ messageId, conditions }): ResolvedCase[] => {
    const condition = simplify(resolveCondition(conditions, check.conditions ?? {}, options));
    if (condition === false) return [];
    const template = new MessageTemplate(check.meta.messages[messageId] ?? '');
    return [{ outcome: { check, level, messageId, template, options }, condition }];
  });
}
