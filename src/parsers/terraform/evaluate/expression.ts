import type { Place } from '../../../model/place.ts';
import type { Value } from '../../value.ts';
import { traversal, type Expression, type TemplatePart } from '../syntax/tree.ts';
import { callFunction, type FunctionContext } from '../functions/index.ts';
import { evaluateFor } from './for.ts';
import { binary, unary } from './operators.ts';
import {
  EvaluationError,
  equals,
  identity,
  inner,
  joined,
  memberOf,
  reasonOf,
  sortedNames,
  toBoolean,
  toItems,
  toNumber,
  toText,
  typeName,
  unknown,
  whyUnknown,
} from './values.ts';
import { array, number, boolean, nothing, string, type Member } from '../../value.ts';

/** What names mean where an expression stands. */
export interface Scope {
  /** Names of for expressions, dynamic blocks, `each`, `count`. */
  readonly names: ReadonlyMap<string, Value>;
  /** `var.x`, `local.x`, `module.x`, `data.type.name`, `type.name`, `path.x`, `terraform.x`; undefined for no such thing. */
  readonly resolve: (names: readonly string[], place: Place) => Value | undefined;
  readonly functions: FunctionContext;
}

/** Values may be shared by many names but never grow beyond this many parts. */
const MAX_ITEMS = 100_000;

/** Evaluates an expression. Throws an EvaluationError where Terraform would report an error. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { place } = expression;
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value, place);
    case 'template':
      return template(expression.parts, scope, place);
    case 'tuple':
      return array(
        expression.items.map((item) => evaluate(item, scope)),
        place,
      );
    case 'object':
      return object(expression, scope);
    case 'variable':
    case 'attribute':
      return reference(expression, scope);
    case 'index':
      return index(evaluate(expression.of, scope), evaluate(expression.key, scope), place);
    case 'splat':
      return splat(expression, scope);
    case 'call':
      return call(expression, scope);
    case 'for':
      return evaluateFor(expression, scope, MAX_ITEMS);
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope), place);
    case 'binary':
      return shortCircuit(expression, scope);
    case 'conditional':
      return conditional(expression, scope);
  }
}

/** The scope with further names. */
export function withNames(scope: Scope, names: Iterable<readonly [string, Value]>): Scope {
  return { ...scope, names: new Map([...scope.names, ...names]) };
}

function literal(value: string | number | boolean | null, place: Place): Value {
  switch (typeof value) {
    case 'string':
      return string(value, place);
    case 'number':
      return number(value, place);
    case 'boolean':
      return boolean(value, place);
    default:
      return nothing(place);
  }
}

function template(parts: readonly TemplatePart[], scope: Scope, place: Place): Value {
  const [only] = parts;
  // "${x}" is x itself, whatever its type.
  if (
    parts.length === 1 &&
    only !== undefined &&
    typeof only !== 'string' &&
    !only.kind.startsWith('template-')
  ) {
    return evaluate(only as Expression, scope);
  }
  return joined(textsOf(parts, scope, place), place);
}

function textsOf(parts: readonly TemplatePart[], scope: Scope, place: Place): ReturnType<typeof toText>[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return [string(part, place)];
    switch (part.kind) {
      case 'template-if': {
        const condition = evaluate(part.condition, scope);
        const why = whyUnknown(condition);
        if (why !== undefined) {
          return [toText(unknown(`%{if ${identity(condition)}}`, reasonOf(why), place))];
        }
        return textsOf(toBoolean(condition, place) ? part.then : part.otherwise, scope, place);
      }
      case 'template-for': {
        const collection = evaluate(part.collection, scope);
        const why = whyUnknown(collection);
        if (why !== undefined) {
          return [toText(unknown(`%{for ${identity(collection)}}`, reasonOf(why), place))];
        }
        return entriesOf(collection, place).flatMap(([key, value]) => {
          const names: [string, Value][] = [[part.value, value]];
          if (part.key !== undefined) names.push([part.key, key]);
          return textsOf(part.body, withNames(scope, names), place);
        });
      }
      default: {
        const value = evaluate(part, scope);
        if (value.kind === 'null')
          throw new EvaluationError('null in a template; expected a string', part.place);
        return [toText(value, part.place)];
      }
    }
  });
}

/** Keys and values in Terraform's order. */
export function entriesOf(collection: Value, place: Place): (readonly [Value, Value])[] {
  if (collection.kind === 'array') {
    return collection.items.map((item, at) => [number(at, item.place), item]);
  }
  if (collection.kind === 'object') {
    return sortedNames(collection).map((name) => {
      const value = memberOf(collection, name) ?? nothing(collection.place);
      const written = collection.members.get(name)?.keyPlace ?? value.place;
      return [string(name, written), value];
    });
  }
  throw new EvaluationError(`expected a list, set, map or object, found ${typeName(collection)}`, place);
}

function object(expression: Extract<Expression, { kind: 'object' }>, scope: Scope): Value {
  const members = new Map<string, Member>();
  for (const { key, value } of expression.items) {
    const name = evaluate(key, scope);
    const why = whyUnknown(name);
    if (why !== undefined) return unknown(`{(${identity(name)})}`, reasonOf(why), expression.place);
    const written = toText(name, key.place).value;
    members.set(written, { name: written, value: evaluate(value, scope), keyPlace: key.place });
  }
  return { kind: 'object', members, place: expression.place };
}

function reference(expression: Extract<Expression, { kind: 'variable' | 'attribute' }>, scope: Scope): Value {
  const names = traversal(expression);
  const [root = ''] = names ?? [];
  const bound = scope.names.get(root);
  if (names !== undefined && bound === undefined) {
    const length = root === 'data' ? 3 : 2;
    if (names.length < length) throw noSuch(names.join('.'), expression.place);
    if (names.length === length) {
      const value = scope.resolve(names, expression.place);
      if (value === undefined) throw noSuch(names.join('.'), expression.place);
      return value;
    }
  }
  if (expression.kind === 'variable') return bound ?? nothing(expression.place);
  return attribute(evaluate(expression.of, scope), expression.name, expression.place);
}

function noSuch(name: string, place: Place): EvaluationError {
  return new EvaluationError(`there is no ${name}`, place);
}

export function attribute(of: Value, name: string, place: Place): Value {
  switch (of.kind) {
    case 'unknown':
      return unknown(`${inner(of.symbol)}.${name}`, of.unknown, of.place);
    case 'object': {
      const value = memberOf(of, name);
      if (value === undefined)
        throw new EvaluationError(`there is no attribute '${name}' in the object`, place);
      return value;
    }
    default: {
      const why = whyUnknown(of);
      if (why !== undefined) return unknown(`${identity(of)}.${name}`, reasonOf(why), place);
      throw new EvaluationError(`attribute '${name}' of ${typeName(of)}; expected an object`, place);
    }
  }
}

export function index(of: Value, key: Value, place: Place): Value {
  const why = whyUnknown(of) ?? whyUnknown(key);
  if (why !== undefined) return unknown(`${identity(of)}[${identity(key)}]`, reasonOf(why), place);
  if (of.kind === 'array') {
    const at = toNumber(key, place);
    const item = of.items[at];
    if (item !== undefined) return item;
    throw new EvaluationError(`index ${at} of a list with ${of.items.length} items`, place);
  }
  if (of.kind === 'object') {
    const name = toText(key, place).value;
    const value = memberOf(of, name);
    if (value !== undefined) return value;
    throw new EvaluationError(`there is no key '${name}' in the map`, place);
  }
  throw new EvaluationError(`index of ${typeName(of)}; expected a list or map`, place);
}

/** https://developer.hashicorp.com/terraform/language/expressions/splat */
function splat({ of, steps, place }: Extract<Expression, { kind: 'splat' }>, scope: Scope): Value {
  const value = evaluate(of, scope);
  if (value.kind === 'null') return array([], place);
  const names = steps.map((step) => (typeof step === 'string' ? `.${step}` : '[]')).join('');
  const why = whyUnknown(value);
  if (why !== undefined && value.kind !== 'array') {
    return unknown(`${identity(value)}[*]${names}`, reasonOf(why), place);
  }
  const items = value.kind === 'array' ? value.items : [value];
  return array(
    items.map((item) => {
      if (item.kind === 'unknown' && item.spread === true) {
        return unknown(`${inner(item.symbol)}[*]${names}`, item.unknown, item.place, true);
      }
      return steps.reduce<Value>(
        (at, step) =>
          typeof step === 'string' ? attribute(at, step, place) : index(at, evaluate(step, scope), place),
        item,
      );
    }),
    place,
  );
}

function call(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  const { place } = expression;
  const name = expression.name.replace(/^core::/, '');
  if (name === 'try' || name === 'can') return tried(name, expression.arguments, scope, place);
  const values = expression.arguments.map((argument) => evaluate(argument, scope));
  const last = values.at(-1);
  if (expression.expand && last !== undefined) {
    const why = whyUnknown(last);
    if (why !== undefined) {
      return unknown(`${name}(${values.map(identity).join(', ')}...)`, reasonOf(why), place);
    }
    values.splice(-1, 1, ...toItems(last, place));
  }
  return callFunction(name, values, place, scope.functions);
}

/** https://developer.hashicorp.com/terraform/language/functions/try */
function tried(name: string, candidates: readonly Expression[], scope: Scope, place: Place): Value {
  let first: EvaluationError | undefined;
  for (const candidate of candidates) {
    try {
      const value = evaluate(candidate, scope);
      return name === 'try' ? value : boolean(true, place);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      first ??= error;
    }
  }
  if (name === 'can') return boolean(false, place);
  throw first ?? new EvaluationError('try() needs an argument', place);
}

/** What stands after && or || need not have a value where the first side decides. */
function shortCircuit(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const { operator, place } = expression;
  const left = evaluate(expression.left, scope);
  if ((operator === '&&' || operator === '||') && whyUnknown(left) === undefined) {
    if (toBoolean(left, place) === (operator === '||')) return boolean(operator === '||', place);
  }
  return binary(operator, left, evaluate(expression.right, scope), place);
}

function conditional(expression: Extract<Expression, { kind: 'conditional' }>, scope: Scope): Value {
  const { place } = expression;
  const condition = evaluate(expression.condition, scope);
  const why = whyUnknown(condition);
  if (why === undefined) {
    return evaluate(toBoolean(condition, place) ? expression.then : expression.otherwise, scope);
  }
  const then = outcome(expression.then, scope);
  const otherwise = outcome(expression.otherwise, scope);
  if (then !== undefined && otherwise !== undefined && equals(then, otherwise) === true) return then;
  // A result that is an error is told only where the condition chooses it; the other one is not certain for that.
  const shown = (value: Value | undefined): string => (value === undefined ? 'error' : identity(value));
  return unknown(`(${identity(condition)} ? ${shown(then)} : ${shown(otherwise)})`, reasonOf(why), place);
}

function outcome(expression: Expression, scope: Scope): Value | undefined {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
