import { array, number, type ObjectValue, type Value } from '../../value.ts';
import { evaluate } from '../evaluate.ts';
import { ExpressionError, type Expression } from '../expression.ts';
import type { LambdaVariable } from '../scope.ts';
import { object, spreadOf, textOf, unknownValue } from '../values.ts';
import {
  firstUnknown,
  lazy,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda */
export const lambdaFunctions: FunctionTable = {
  filter: lazy(2, 2, filter),
  groupBy: lazy(2, 2, groupBy),
  lambda: lazy(1, Infinity, () => {
    throw new ExpressionError('lambda() is used outside map(), filter(), reduce(), sort() and their like');
  }),
  lambdaVariables: lazy(1, 1, (args, call) => {
    const name = literal(args[0]);
    for (let variable = call.scope.lambdas; variable !== undefined; variable = variable.outer) {
      if (variable.name === name) return variable.value;
    }
    throw new ExpressionError(`lambdaVariables('${name}') is used outside its lambda`);
  }),
  map: lazy(2, 2, map),
  mapValues: lazy(2, 2, mapValues),
  reduce: lazy(3, 3, reduce),
  sort: lazy(2, 2, sort),
  toObject: lazy(2, 3, toObject),
};

interface Lambda {
  readonly parameters: readonly string[];
  readonly body: Expression;
}

function literal(expression: Expression | undefined): string {
  if (expression?.kind !== 'string')
    throw new ExpressionError('a lambda names its variables with literal strings');
  return expression.value.toLowerCase();
}

function lambdaAt(args: readonly Expression[], position: number, call: Call): Lambda {
  const arg = args[position];
  const body = arg?.kind === 'call' && arg.name === 'lambda' ? arg.args.at(-1) : undefined;
  if (arg?.kind !== 'call' || body === undefined) {
    throw new ExpressionError(`${call.name}() takes a lambda as argument ${position + 1}`);
  }
  return { parameters: arg.args.slice(0, -1).map(literal), body };
}

function run(lambda: Lambda, given: readonly Value[], call: Call): Value {
  let lambdas = call.scope.lambdas;
  for (const [index, name] of lambda.parameters.entries()) {
    const value = given[index];
    if (value === undefined) throw new ExpressionError(`the lambda of ${call.name}() has too many variables`);
    const variable: LambdaVariable = { name, value, outer: lambdas };
    lambdas = variable;
  }
  call.scope.evaluation.grow(1);
  return evaluate(lambda.body, { ...call.scope, lambdas }, call.place);
}

/** The array that the function works on; undefined where it is unknown as a whole. */
function input(
  args: readonly Expression[],
  call: Call,
): { value: Value; items: readonly Value[] | undefined } {
  const [first] = args;
  if (first === undefined) throw new ExpressionError(`${call.name}() takes an array`);
  const value = evaluate(first, call.scope, call.place);
  if (value.kind === 'unknown') return { value, items: undefined };
  return { value, items: value.kind === 'array' ? value.items : wrongArgument(call, 0, 'an array', value) };
}

/** A symbol for the call on `value`: lambdas are told apart by what they make of items without value. */
function symbolic(value: Value, lambdas: readonly Lambda[], call: Call, ...others: Value[]): Value {
  const why = firstUnknown([value, ...others]) ?? {
    reason: `${call.name}() cannot be computed`,
    supply: 'give its value as a parameter',
    place: call.place,
  };
  const made = lambdas.map((lambda) => {
    const outer = depthOf(call);
    const items = lambda.parameters.map((_, index) => unknownValue(`item${outer + index}`, why, call.place));
    return run(lambda, items, call);
  });
  return symbolicCall(call, [value, ...made, ...others], why);
}

/** Number of lambda variables around a call, so that those of nested lambdas have names of their own. */
function depthOf(call: Call): number {
  let depth = 0;
  for (let variable = call.scope.lambdas; variable !== undefined; variable = variable.outer) depth += 1;
  return depth;
}

function isSpread(item: Value): boolean {
  return item.kind === 'unknown' && item.spread === true;
}

function map(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaAt(args, 1, call);
  const { value, items } = input(args, call);
  if (items === undefined) return symbolic(value, [lambda], call);
  return array(
    items.map((item, index) => {
      if (!isSpread(item)) return run(lambda, [item, number(index, call.place)], call);
      const made = symbolic(item, [lambda], call);
      return made.kind === 'unknown' ? spreadOf(made) : made;
    }),
    call.place,
  );
}

function filter(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaAt(args, 1, call);
  const { value, items } = input(args, call);
  if (items === undefined) return symbolic(value, [lambda], call);
  const kept: Value[] = [];
  for (const [index, item] of items.entries()) {
    const keep = isSpread(item) ? undefined : run(lambda, [item, number(index, call.place)], call);
    if (keep?.kind === 'boolean') {
      if (keep.value) kept.push(item);
      continue;
    }
    if (keep !== undefined && keep.kind !== 'unknown')
      wrongArgument(call, 1, 'a lambda that yields a boolean', keep);
    // Whether the item stays is not known: none or one unknown item.
    const maybe = symbolic(item, [lambda], call);
    kept.push(maybe.kind === 'unknown' ? spreadOf(maybe) : maybe);
  }
  return array(kept, call.place);
}

function reduce(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaAt(args, 2, call);
  const { value, items } = input(args, call);
  const initial = args[1] === undefined ? undefined : evaluate(args[1], call.scope, call.place);
  if (initial === undefined) throw new ExpressionError('reduce() takes an initial value');
  if (items === undefined || items.some(isSpread)) return symbolic(value, [lambda], call, initial);
  return items.reduce<Value>(
    (before, item, index) => run(lambda, [before, item, number(index, call.place)], call),
    initial,
  );
}

function sort(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaAt(args, 1, call);
  const { value, items } = input(args, call);
  if (items === undefined || items.some(isSpread)) return symbolic(value, [lambda], call);
  const undecided: Value[] = [];
  const sorted = items.toSorted((a, b) => {
    const before = run(lambda, [a, b], call);
    if (before.kind === 'unknown') undecided.push(before);
    if (before.kind === 'boolean' && before.value) return -1;
    const after = run(lambda, [b, a], call);
    return after.kind === 'boolean' && after.value ? 1 : 0;
  });
  return undecided.length > 0 ? symbolic(value, [lambda], call) : array(sorted, call.place);
}

function toObject(args: readonly Expression[], call: Call): Value {
  const key = lambdaAt(args, 1, call);
  const content = args.length > 2 ? lambdaAt(args, 2, call) : undefined;
  const { value, items } = input(args, call);
  if (items === undefined || items.some(isSpread))
    return symbolic(value, content === undefined ? [key] : [key, content], call);
  const entries = items.map(
    (item) =>
      [
        keyText(run(key, [item], call), call),
        content === undefined ? item : run(content, [item], call),
      ] as const,
  );
  return object(entries, call.place);
}

function groupBy(args: readonly Expression[], call: Call): Value {
  const key = lambdaAt(args, 1, call);
  const { value, items } = input(args, call);
  if (items === undefined || items.some(isSpread)) return symbolic(value, [key], call);
  const groups = new Map<string, { name: string; items: Value[] }>();
  for (const item of items) {
    const name = keyText(run(key, [item], call), call);
    const group = groups.get(name.toLowerCase()) ?? { name, items: [] };
    group.items.push(item);
    groups.set(name.toLowerCase(), group);
  }
  return object(
    [...groups.values()].map((group) => [group.name, array(group.items, call.place)]),
    call.place,
  );
}

function mapValues(args: readonly Expression[], call: Call): Value {
  const lambda = lambdaAt(args, 1, call);
  const source: Value | undefined =
    args[0] === undefined ? undefined : evaluate(args[0], call.scope, call.place);
  if (source?.kind === 'unknown') return symbolic(source, [lambda], call);
  const from: ObjectValue = source?.kind === 'object' ? source : wrongArgument(call, 0, 'an object', source);
  return object(
    [...from.members.values()].map((member) => [member.name, run(lambda, [member.value], call)]),
    call.place,
  );
}

function keyText(value: Value, call: Call): string {
  const text = textOf(value);
  return text?.text ?? wrongArgument(call, 1, 'a lambda that yields a string', value);
}
