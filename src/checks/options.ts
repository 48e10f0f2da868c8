import type { CheckCondition, Literal, OptionValues } from '../conditions/check-condition.ts';
import { OPERATORS } from '../conditions/operator-table.ts';
import { valueProblem } from '../conditions/operators.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import type { Check, OptionSchema, Problem, ValueSchema } from './check.ts';

/**
 * Options of a check: its defaults with what a configuration says. The keywords of JSON Schema that a check may use are
 * few, so that a schema from a stranger can hold no regular expression, no reference and no recursion; schemas/check.schema.json
 * lists them. Values must also be what the operators take that they are compared with.
 */
export function resolveOptions(
  check: Pick<Check, 'meta' | 'cases' | 'conditions'>,
  given: Readonly<Record<string, unknown>>,
): { readonly options: OptionValues; readonly problems: readonly Problem[] } {
  const schemas = check.meta.schema?.properties ?? {};
  const names = Object.keys(schemas);
  const options: Record<string, Literal | readonly Literal[]> = { ...check.meta.defaultOptions };
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    const pointer = `/${token(name)}`;
    if (schema === undefined) {
      const expected = names.length === 0 ? 'It has none.' : `Expected ${names.join(', ')}.`;
      problems.push({
        pointer,
        key: true,
        message: `there is no option '${name}'. ${expected}${didYouMean(name, names)}`,
      });
      continue;
    }
    const found = optionProblems(schema, value, pointer);
    problems.push(...found);
    if (found.length === 0 && isOptionValue(value)) options[name] = value;
  }
  if (problems.length === 0) problems.push(...operatorProblems(check, options));
  return { options, problems };
}

function isOptionValue(value: unknown): value is Literal | readonly Literal[] {
  return isLiteral(value) || (Array.isArray(value) && value.every(isLiteral));
}

function isLiteral(value: unknown): value is Literal {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function optionProblems(schema: OptionSchema, value: unknown, pointer: string): Problem[] {
  if (schema.type !== 'array') return valueProblems(schema, value, pointer);
  if (!Array.isArray(value)) return [problem(pointer, `found ${show(value)}, expected a list.`)];
  const list: readonly unknown[] = value;
  const { items, minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
  if (list.length < minItems)
    return [problem(pointer, `found ${list.length} values, expected at least ${minItems}.`)];
  if (list.length > maxItems)
    return [problem(pointer, `found ${list.length} values, expected at most ${maxItems}.`)];
  if (uniqueItems && new Set(list).size < list.length) return [problem(pointer, 'a value is there twice.')];
  return list.flatMap((item, at) => valueProblems(items, item, `${pointer}/${at}`));
}

const TYPES = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

function valueProblems(schema: ValueSchema, value: unknown, pointer: string): Problem[] {
  const { type, minimum = -Infinity, maximum = Infinity, minLength = 0, maxLength = Infinity } = schema;
  const isType = type === 'integer' ? Number.isInteger(value) : typeof value === type && !Number.isNaN(value);
  if (!isType || !isLiteral(value))
    return [problem(pointer, `found ${show(value)}, expected ${TYPES[type]}.`)];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const allowed = schema.enum.map(String);
    const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
    return [problem(pointer, `found ${show(value)}, expected ${allowed.join(', ')}.${hint}`)];
  }
  if (typeof value === 'number' && (value < minimum || value > maximum)) {
    const range = [
      ...(minimum > -Infinity ? [`at least ${minimum}`] : []),
      ...(maximum < Infinity ? [`at most ${maximum}`] : []),
    ];
    return [problem(pointer, `found ${value}, expected a number of ${range.join(' and ')}.`)];
  }
  if (typeof value === 'string' && (value.length < minLength || value.length > maxLength))
    return [
      problem(
        pointer,
        `found a text of ${value.length} characters, expected ${lengths(minLength, maxLength)}.`,
      ),
    ];
  return [];
}

function lengths(least: number, most: number): string {
  return most === Infinity ? `at least ${least}` : `${least} to ${most}`;
}

/** A list of hosts must be hosts: what the operators that compare with an option do not take. */
function operatorProblems(check: Pick<Check, 'cases' | 'conditions'>, options: OptionValues): Problem[] {
  const problems = new Map<string, Problem>();
  const visit = (condition: CheckCondition): void => {
    if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
    else if ('not' in condition) visit(condition.not);
    else if ('fact' in condition && typeof condition.value === 'object' && 'option' in condition.value) {
      const { option } = condition.value;
      const value = options[option];
      const list = value === undefined ? [] : typeof value === 'object' ? value : [value];
      for (const [at, item] of list.entries()) {
        const wrong = valueProblem(OPERATORS[condition.operator].value, item);
        const pointer = `/${token(option)}${typeof value === 'object' ? `/${at}` : ''}`;
        if (wrong !== undefined) problems.set(pointer, problem(pointer, `found ${show(item)}, ${wrong}.`));
      }
    }
  };
  for (const { conditions } of check.cases) visit(conditions);
  for (const condition of Object.values(check.conditions ?? {})) visit(condition);
  return [...problems.values()];
}

function problem(pointer: string, message: string): Problem {
  return { pointer, key: false, message };
}

export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}

export function token(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
