import { number, type Value } from '../../value.ts';
import { ExpressionError } from '../expression.ts';
import { integerAt, strict, wrongArgument, type Call, type FunctionTable } from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric */
export const numericFunctions: FunctionTable = {
  add: integers((a, b) => a + b),
  sub: integers((a, b) => a - b),
  mul: integers((a, b) => a * b),
  div: integers((a, b, call) => Math.trunc(a / divisor(b, call))),
  mod: integers((a, b, call) => a % divisor(b, call)),
  int: strict(1, 1, (args, call) => {
    const [arg] = args;
    if (arg?.kind === 'number') return number(Math.trunc(arg.value), call.place);
    return number(integerAt(args, 0, call), call.place);
  }),
  float: strict(1, 1, (args, call) => {
    const [arg] = args;
    const value = arg?.kind === 'string' || arg?.kind === 'number' ? Number(arg.value) : NaN;
    return Number.isNaN(value) ? wrongArgument(call, 0, 'a number', arg) : number(value, call.place);
  }),
};

function integers(compute: (a: number, b: number, call: Call) => number): FunctionTable[string] {
  return strict(2, 2, (args: readonly Value[], call) =>
    number(compute(integerAt(args, 0, call), integerAt(args, 1, call), call), call.place),
  );
}

function divisor(value: number, call: Call): number {
  if (value === 0) throw new ExpressionError(`${call.name}() divides by zero`);
  return value;
}
