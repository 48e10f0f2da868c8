import type { Expression } from '../expression.ts';
import { attempt, evaluate } from '../evaluate.ts';
import { boolean, type Value } from '../../value.ts';
import { equal, unknownIn } from '../values.ts';
import {
  lazy,
  strict,
  partial,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-logical */
export const logicalFunctions: FunctionTable = {
  and: lazy(1, Infinity, (args, call) => shortCircuit(args, call, false)),
  or: lazy(1, Infinity, (args, call) => shortCircuit(args, call, true)),
  not: partial(1, 1, (args, call) => {
    const known = truth(args[0], call, 0);
    return known === undefined ? symbolicCall(call, args) : boolean(!known, call.place);
  }),
  xor: strict(2, 2, (args, call) => boolean(truth(args[0], call, 0) !== truth(args[1], call, 1), call.place)),
  bool: strict(1, 1, (args, call) => {
    const [arg] = args;
    if (arg?.kind === 'number') return boolean(arg.value !== 0, call.place);
    return boolean(truth(arg, call, 0) === true, call.place);
  }),
  true: strict(0, 0, (_args, call) => boolean(true, call.place)),
  false: strict(0, 0, (_args, call) => boolean(false, call.place)),
  if: lazy(3, 3, (args, call) => {
    const [condition, yes, no] = args.map((arg) => (): Value => evaluate(arg, call.scope, call.place));
    if (condition === undefined || yes === undefined || no === undefined) return boolean(false, call.place);
    const chosen = condition();
    const known = truth(chosen, call, 0);
    if (known !== undefined) return known ? yes() : no();
    const first = attempt(yes, call.scope, call.place);
    const second = attempt(no, call.scope, call.place);
    return equal(first, second) === true
      ? first
      : symbolicCall(call, [chosen, first, second], unknownIn(chosen));
  }),
};

/** `decisive` is what one argument decides alone: false for and(), true for or(). */
function shortCircuit(args: readonly Expression[], call: Call, decisive: boolean): Value {
  const open: Value[] = [];
  for (const [index, arg] of args.entries()) {
    const value = evaluate(arg, call.scope, call.place);
    const known = truth(value, call, index);
    if (known === decisive) return boolean(decisive, call.place);
    if (known === undefined) open.push(value);
  }
  if (open.length === 0) return boolean(!decisive, call.place);
  const [only] = open;
  return open.length === 1 && only !== undefined ? only : symbolicCall(call, open);
}

/** A boolean, also one written as a string; undefined where unknown. */
function truth(value: Value | undefined, call: Call, position: number): boolean | undefined {
  if (value === undefined) return wrongArgument(call, position, 'a boolean', value);
  if (value.kind === 'boolean') return value.value;
  if (unknownIn(value) !== undefined && (value.kind === 'unknown' || value.kind === 'string'))
    return undefined;
  if (value.kind === 'string' && /^(?:true|false|1|0)$/i.test(value.value))
    return /^(?:true|1)$/i.test(value.value);
  return wrongArgument(call, position, 'a boolean', value);
}
