import { array, type Member, type Value } from '../../value.ts';
import type { For } from '../syntax/tree.ts';
import { entriesOf, evaluate, withNames, type Scope } from './expression.ts';
import {
  EvaluationError,
  identity,
  inner,
  reasonOf,
  toBoolean,
  toText,
  unknown,
  whyUnknown,
} from './values.ts';

/** https://developer.hashicorp.com/terraform/language/expressions/for */
export function evaluateFor(expression: For, scope: Scope, maxItems: number): Value {
  const { place } = expression;
  const collection = evaluate(expression.collection, scope);
  const why = whyUnknown(collection);
  if (why !== undefined && (collection.kind !== 'array' || expression.resultKey !== undefined)) {
    return unknown(`for ${identity(collection)} ${place.path}${place.pointer}`, reasonOf(why), place);
  }
  const entries = entriesOf(collection, place);
  if (entries.length > maxItems) {
    throw new EvaluationError(
      `a for expression over ${entries.length} items; at most ${maxItems} are evaluated`,
      place,
    );
  }
  const names = ([key, value]: readonly [Value, Value]): [string, Value][] => [
    ...(expression.key === undefined ? [] : ([[expression.key, key]] as [string, Value][])),
    [expression.value, value],
  ];
  return expression.resultKey === undefined
    ? listOf(expression, entries, names, scope)
    : objectOf(expression, entries, names, scope);
}

type Names = (entry: readonly [Value, Value]) => [string, Value][];

function listOf(
  expression: For,
  entries: readonly (readonly [Value, Value])[],
  names: Names,
  scope: Scope,
): Value {
  const { place } = expression;
  const items: Value[] = [];
  for (const entry of entries) {
    const [, value] = entry;
    if (value.kind === 'unknown' && value.spread === true) {
      items.push(
        unknown(`for ${inner(value.symbol)} ${place.path}${place.pointer}`, value.unknown, place, true),
      );
      continue;
    }
    const inside = withNames(scope, names(entry));
    const condition = expression.condition && evaluate(expression.condition, inside);
    const why = condition && whyUnknown(condition);
    if (condition !== undefined && why !== undefined) {
      const result = evaluate(expression.result, inside);
      items.push(unknown(`${identity(result)} if ${identity(condition)}`, reasonOf(why), place, true));
    } else if (condition === undefined || toBoolean(condition, place)) {
      items.push(evaluate(expression.result, inside));
    }
  }
  return array(items, place);
}

function objectOf(
  expression: For,
  entries: readonly (readonly [Value, Value])[],
  names: Names,
  scope: Scope,
): Value {
  const { place, resultKey, group } = expression;
  const members = new Map<string, Member>();
  const grouped = new Map<string, Value[]>();
  for (const entry of entries) {
    const inside = withNames(scope, names(entry));
    const condition = expression.condition && evaluate(expression.condition, inside);
    const key =
      resultKey &&
      (condition === undefined || whyUnknown(condition) !== undefined || toBoolean(condition, place))
        ? evaluate(resultKey, inside)
        : undefined;
    if (key === undefined) continue;
    const why = (condition && whyUnknown(condition)) ?? whyUnknown(key);
    if (why !== undefined)
      return unknown(`for ${identity(key)} ${place.path}${place.pointer}`, reasonOf(why), place);
    const name = toText(key, place).value;
    const value = evaluate(expression.result, inside);
    if (group) {
      const values = grouped.get(name) ?? [];
      values.push(value);
      grouped.set(name, values);
    } else if (members.has(name)) {
      throw new EvaluationError(
        `the key '${name}' comes twice; expected each key once, or '...' to gather values`,
        place,
      );
    } else members.set(name, { name, value, keyPlace: key.place });
  }
  for (const [name, values] of grouped) members.set(name, { name, value: array(values, place) });
  return { kind: 'object', members, place };
}
