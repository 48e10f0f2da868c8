import { isReference, keyOf, type FactReference, type ResolvedCondition } from './check-condition.ts';
import { prepareTest, type FactValue } from './operators.ts';

/**
 * Conditions on open facts: texts, hosts, addresses that hardly two subjects share, so that answers cannot be kept as
 * those of closed facts are, and json-rules-engine would take tens of microseconds for each. The same grammar with the
 * same answers, as a property test proves, and a third one: undefined where it depends on what is not known.
 */
export type Condition<S> = (subject: S) => boolean | undefined;

/** How to read a fact of a subject; asked once per condition, the reader then once per subject. */
export type Reading<S> = (reference: FactReference) => (subject: S) => FactValue;

export function compileCondition<S>(
  condition: ResolvedCondition,
  reading: Reading<S>,
  asOf: string,
): Condition<S> {
  if ('all' in condition) return allOf(condition.all.map((part) => compileCondition(part, reading, asOf)));
  if ('any' in condition) return anyOf(condition.any.map((part) => compileCondition(part, reading, asOf)));
  if ('not' in condition) {
    const inner = compileCondition(condition.not, reading, asOf);
    return (subject) => {
      const answer = inner(subject);
      return answer === undefined ? undefined : !answer;
    };
  }
  const { operator, value } = condition;
  const read = reading(condition);
  if (!isReference(value)) {
    const test = prepareTest(operator, value, asOf);
    return (subject) => test(read(subject));
  }
  const readValue = reading(value);
  return (subject) => {
    const wanted = readValue(subject);
    if (wanted === undefined || (typeof wanted === 'string' && wanted.includes('⟦'))) {
      // A symbol equals itself: two facts that are one parameter are equal whatever it is.
      return undefined;
    }
    return prepareTest(operator, wanted, asOf)(read(subject));
  };
}

function allOf<S>(parts: readonly Condition<S>[]): Condition<S> {
  return (subject) => {
    let answer: boolean | undefined = true;
    for (const part of parts) {
      const one = part(subject);
      if (one === false) return false;
      if (one === undefined) answer = undefined;
    }
    return answer;
  };
}

function anyOf<S>(parts: readonly Condition<S>[]): Condition<S> {
  return (subject) => {
    let answer: boolean | undefined = false;
    for (const part of parts) {
      const one = part(subject);
      if (one === true) return true;
      if (one === undefined) answer = undefined;
    }
    return answer;
  };
}

/** The facts of a condition whose values are not known well enough to decide it for a subject, each once. */
export function undecidedFacts<S>(
  condition: ResolvedCondition,
  reading: Reading<S>,
  asOf: string,
  subject: S,
): FactReference[] {
  const found = new Map<string, FactReference>();
  const visit = (part: ResolvedCondition): void => {
    if (compileCondition(part, reading, asOf)(subject) !== undefined) return;
    if ('all' in part) part.all.forEach(visit);
    else if ('any' in part) part.any.forEach(visit);
    else if ('not' in part) visit(part.not);
    else found.set(keyOf(part), part);
  };
  visit(condition);
  return [...found.values()];
}
