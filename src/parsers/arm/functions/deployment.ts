import { environmentOf } from '../../../azure/environments.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { number, type Value } from '../../value.ts';
import { evaluate } from '../evaluate.ts';
import { ExpressionError } from '../expression.ts';
import { liveObject } from '../members.ts';
import { fromPlain, isUnknown, object, unknownValue } from '../values.ts';
import {
  integerAt,
  lazy,
  partial,
  strict,
  stringAt,
  symbolicCall,
  type Call,
  type FunctionTable,
} from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment */
export const deploymentFunctions: FunctionTable = {
  copyIndex: partial(0, 2, copyIndex),
  deployer: strict(0, 0, (_args, call) => {
    const why = onlyAtDeployment(call, 'who deploys');
    const names = ['objectId', 'tenantId', 'userPrincipalName'];
    return object(
      names.map((name) => [name, unknownValue(`deployer().${name}`, why, call.place)]),
      call.place,
    );
  }),
  deployment: strict(0, 0, deployment),
  environment: strict(0, 0, (_args, call) =>
    fromPlain(environmentOf(call.scope.evaluation.cloud), call.place),
  ),
  externalInput: partial(1, 2, (args, call) => symbolicCall(call, args, onlyAtDeployment(call, 'the input'))),
  parameters: lazy(1, 1, (args, call) => {
    const [arg] = args;
    const name = arg === undefined ? undefined : evaluate(arg, call.scope, call.place);
    if (name === undefined || isUnknown(name)) {
      throw new ExpressionError('parameters() takes the name of a parameter');
    }
    return parameter(stringAt([name], 0, call), call);
  }),
  variables: partial(1, 1, (args, call) => {
    if (args.some(isUnknown)) return symbolicCall(call, args);
    return call.scope.frame.variable(stringAt(args, 0, call));
  }),
};

function onlyAtDeployment(call: Call, what: string): Unknown {
  return {
    reason: `${what} is known only at the time of the deployment`,
    supply: 'give the value with --parameters',
    place: call.place,
  };
}

function parameter(name: string, call: Call): Value {
  const { arguments: given } = call.scope;
  if (given === undefined) return call.scope.frame.parameter(name);
  const value = given.get(name.toLowerCase());
  if (value === undefined) throw new ExpressionError(`the function has no parameter '${name}'`);
  return value;
}

function deployment(_args: readonly Value[], call: Call): Value {
  const { frame } = call.scope;
  const why = onlyAtDeployment(call, 'deployment()');
  const properties = liveObject(
    object([['template', frame.template]], call.place),
    `${frame.label}deployment().properties`,
    why,
  );
  const members: [string, Value][] = [
    ['name', frame.name],
    ['properties', properties],
  ];
  // Deployments to a resource group have none, and leave it out.
  const { location } = frame;
  if (location !== undefined) members.push(['location', location]);
  return liveObject(object(members, call.place), `${frame.label}deployment()`, why);
}

/** copyIndex(), copyIndex(offset), copyIndex('loop'), copyIndex('loop', offset). */
function copyIndex(args: readonly Value[], call: Call): Value {
  const [first] = args;
  const named = first?.kind === 'string';
  const name = named ? first.value.toLowerCase() : undefined;
  let loop = call.scope.copies;
  while (loop !== undefined && name !== undefined && loop.name !== name) loop = loop.outer;
  if (loop === undefined) {
    throw new ExpressionError(
      name === undefined
        ? 'copyIndex() is used outside a copy loop'
        : `there is no copy loop '${name}' around copyIndex()`,
    );
  }
  const offset = named ? 1 : 0;
  if (args.length <= offset) return loop.index;
  if (loop.index.kind !== 'number')
    return symbolicCall({ ...call, name: 'add' }, [loop.index, ...args.slice(offset)]);
  return number(loop.index.value + integerAt(args, offset, call), call.place);
}
