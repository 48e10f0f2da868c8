import type { Engine, TopLevelCondition, NestedCondition } from 'json-rules-engine';
import { isReference, memberOf, type OptionValues, type ResolvedCondition } from './check-condition.ts';
import { OPERATORS, type OperatorName } from './operator-table.ts';
import { prepareTest } from './operators.ts';

/** The engine's own; the others are ours. */
const BUILT_IN: readonly OperatorName[] = [
  ...(['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain'] as const),
  ...(['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'] as const),
];

/**
 * json-rules-engine for one condition, with our operators. One rule per engine: an engine with rules of several
 * priorities loses rules when two runs overlap. The event type is fixed, since a passing rule whose type is `error` or
 * `success` makes the run reject or report twice. An absent fact rejects the run: allowUndefinedFacts would let a
 * misspelled fact pass every `notEqual`.
 */
export async function createEngine(
  condition: ResolvedCondition,
  options: OptionValues,
  asOf = '',
): Promise<Engine> {
  // Imported late: it is the slowest module of the tool, and listing or printing checks does not need it.
  const { Engine } = await import('json-rules-engine');
  const top = engineCondition(condition);
  const rule = { event: { type: 'case' }, conditions: isRoot(top) ? top : { all: [top] } };
  const engine = new Engine([rule], { pathResolver: ownMember });
  engine.addFact('option', ({ name = '' }: Record<string, string>) => options[name]);
  for (const name of names()) {
    if (BUILT_IN.includes(name)) continue;
    engine.addOperator(
      name,
      (found: string | number | string[], value: string | number | string[]) =>
        prepareTest(name, value, asOf)(found) === true,
    );
  }
  return engine;
}

function names(): OperatorName[] {
  return Object.keys(OPERATORS).filter((name): name is OperatorName => name in OPERATORS);
}

function isRoot(condition: NestedCondition): condition is TopLevelCondition {
  return !('fact' in condition);
}

/** A copy for the engine, with the keys of the grammar and no others. */
function engineCondition(condition: ResolvedCondition): NestedCondition {
  if ('all' in condition) return { all: condition.all.map(engineCondition) };
  if ('any' in condition) return { any: condition.any.map(engineCondition) };
  if ('not' in condition) return { not: engineCondition(condition.not) };
  const { fact, path, params, operator, value } = condition;
  return {
    fact,
    operator,
    value: isReference(value) ? { ...value } : value,
    ...(path === undefined ? {} : { path }),
    ...(params === undefined ? {} : { params: { ...params } }),
  };
}

/**
 * `$.description` is one own property of a fact and nothing else. The default resolver evaluates JSONPath scripts
 * (CVE-2024-21534), and gives undefined for a path that leads nowhere, which passes every `notEqual`.
 */
function ownMember(value: object, path: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, memberOf(path));
  if (property === undefined) throw new Error(`A condition's path leads nowhere: ${path}`);
  return property.value;
}
