import { boolean, nothing, type Value } from '../../value.ts';
import { canonical, equal, isUnknown } from '../values.ts';
import { partial, strict, symbolicCall, wrongArgument, type Call, type FunctionTable } from './function.ts';
import { ExpressionError } from '../expression.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-comparison */
export const comparisonFunctions: FunctionTable = {
  coalesce: partial(1, Infinity, coalesce),
  equals: partial(2, 2, (args, call) => {
    const [a, b] = args;
    const same = a === undefined || b === undefined ? undefined : equal(a, b);
    return same === undefined ? symbolicCall(call, args) : boolean(same, call.place);
  }),
  greater: strict(2, 2, (args, call) => boolean(compare(args, call) > 0, call.place)),
  greaterOrEquals: strict(2, 2, (args, call) => boolean(compare(args, call) >= 0, call.place)),
  less: strict(2, 2, (args, call) => boolean(compare(args, call) < 0, call.place)),
  lessOrEquals: strict(2, 2, (args, call) => boolean(compare(args, call) <= 0, call.place)),
};

function coalesce(args: readonly Value[], call: Call): Value {
  for (const [index, arg] of args.entries()) {
    if (arg.kind === 'null') continue;
    if (arg.kind !== 'unknown') return arg;
    const rest = args.slice(index);
    const only = rest.length === 1 || rest.every((other) => canonical(other) === canonical(arg));
    return only ? arg : symbolicCall(call, rest);
  }
  return nothing(call.place);
}

/** 'a' before 'A' before 'b', as the reference shows for less('A', 'a'); made when it is needed, for it loads tables. */
let alphabet: Intl.Collator | undefined;

/** Strings compare as words of a dictionary do, not by code unit. */
function compare(args: readonly Value[], call: Call): number {
  const [a, b] = args;
  if (a?.kind === 'number' && b?.kind === 'number') return a.value - b.value;
  if (a?.kind === 'string' && b?.kind === 'string' && !isUnknown(a)) {
    alphabet ??= new Intl.Collator('en');
    return alphabet.compare(a.value, b.value);
  }
  if (a?.kind !== 'number' && a?.kind !== 'string') wrongArgument(call, 0, 'a number or a string', a);
  throw new ExpressionError(`${call.name}() takes two numbers or two strings`);
}
