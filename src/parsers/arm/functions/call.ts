import type { Place } from '../../../model/place.ts';
import type { Value } from '../../value.ts';
import { evaluate, evaluateValue } from '../evaluate.ts';
import { ExpressionError, type Expression } from '../expression.ts';
import type { Scope } from '../scope.ts';
import { arrayFunctions } from './array.ts';
import { cidrFunctions } from './cidr.ts';
import { comparisonFunctions } from './comparison.ts';
import { dateFunctions } from './date.ts';
import { deploymentFunctions } from './deployment.ts';
import {
  symbolicCall,
  firstUnknown,
  type Call,
  type FunctionTable,
  type TemplateFunction,
} from './function.ts';
import { lambdaFunctions } from './lambda.ts';
import { logicalFunctions } from './logical.ts';
import { numericFunctions } from './numeric.ts';
import { objectFunctions } from './object.ts';
import { resourceFunctions } from './resource.ts';
import { stringFunctions } from './string.ts';

const TABLES: readonly FunctionTable[] = [
  arrayFunctions,
  cidrFunctions,
  comparisonFunctions,
  dateFunctions,
  deploymentFunctions,
  lambdaFunctions,
  logicalFunctions,
  numericFunctions,
  objectFunctions,
  resourceFunctions,
  stringFunctions,
];

const FUNCTIONS: ReadonlyMap<string, { readonly name: string; readonly made: TemplateFunction }> = new Map(
  TABLES.flatMap((table) =>
    Object.entries(table).map(([name, made]) => [name.toLowerCase(), { name, made }] as const),
  ),
);

type CallExpression = Extract<Expression, { kind: 'call' }>;

/** Evaluates `name(args…)`. Throws an ExpressionError for what Azure would refuse. */
export function callFunction({ name, written, args }: CallExpression, scope: Scope, place: Place): Value {
  const known = FUNCTIONS.get(name);
  const call: Call = { name: known?.name ?? written, scope, place };
  if (known === undefined) {
    if (name.includes('.')) return callUserFunction(args, call);
    // list*() functions are made by the resource providers: listKeys, listAccountSas, listClusterAdminCredential, …
    if (name.startsWith('list')) return liveList(args, call);
    throw new ExpressionError(`there is no function ${written}()`);
  }
  const found = known.made;
  if (args.length < found.min || args.length > found.max) {
    throw new ExpressionError(`${call.name}() takes ${arity(found)}, found ${args.length}`);
  }
  if (found.kind === 'lazy') return found.apply(args, call);
  const values = args.map((arg) => evaluate(arg, scope, place));
  if (found.kind === 'strict') {
    const unknown = firstUnknown(values);
    if (unknown !== undefined) return symbolicCall(call, values, unknown);
  }
  return found.apply(values, call);
}

function arity({ min, max }: TemplateFunction): string {
  if (max === Infinity) return `at least ${min} arguments`;
  return min === max ? `${min} argument${min === 1 ? '' : 's'}` : `${min} to ${max} arguments`;
}

function liveList(args: readonly Expression[], call: Call): Value {
  const values = args.map((arg) => evaluate(arg, call.scope, call.place));
  return symbolicCall(call, values, {
    reason: `${call.name}() is known only after the deployment`,
    supply: 'give the value as a parameter',
    place: call.place,
  });
}

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/user-defined-functions */
function callUserFunction(args: readonly Expression[], call: Call): Value {
  const { scope, place } = call;
  const called = scope.frame.userFunction(call.name);
  if (called === undefined) throw new ExpressionError(`the template has no function ${call.name}()`);
  if (args.length !== called.parameters.length) {
    throw new ExpressionError(
      `${call.name}() takes ${called.parameters.length} arguments, found ${args.length}`,
    );
  }
  const given = new Map<string, Value>();
  for (const [index, arg] of args.entries()) {
    given.set(called.parameters[index] ?? '', evaluate(arg, scope, place));
  }
  return evaluateValue(called.output, { ...scope, arguments: given, copies: undefined, lambdas: undefined });
}
