import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import type { ArrayValue, ObjectValue, Value } from '../../value.ts';
import { ExpressionError, type Expression } from '../expression.ts';
import type { Scope } from '../scope.ts';
import { canonical, kindName, unknownIn, unknownValue } from '../values.ts';

/** One call that is being evaluated. */
export interface Call {
  /** As Microsoft writes it. */
  readonly name: string;
  readonly scope: Scope;
  /** Where the expression stands. */
  readonly place: Place;
}

interface Arity {
  readonly min: number;
  readonly max: number;
}

/** Evaluated only where everything it is given is known; else the call is a symbol. */
export interface StrictFunction extends Arity {
  readonly kind: 'strict';
  readonly apply: (args: readonly Value[], call: Call) => Value;
}

/** Looks at unknown arguments itself. */
export interface PartialFunction extends Arity {
  readonly kind: 'partial';
  readonly apply: (args: readonly Value[], call: Call) => Value;
}

/** Evaluates its arguments itself: not all of them, or several times. */
export interface LazyFunction extends Arity {
  readonly kind: 'lazy';
  readonly apply: (args: readonly Expression[], call: Call) => Value;
}

export type TemplateFunction = StrictFunction | PartialFunction | LazyFunction;

/** Functions by name as Microsoft writes it. */
export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

export function strict(min: number, max: number, apply: StrictFunction['apply']): StrictFunction {
  return { kind: 'strict', min, max, apply };
}

export function partial(min: number, max: number, apply: PartialFunction['apply']): PartialFunction {
  return { kind: 'partial', min, max, apply };
}

export function lazy(min: number, max: number, apply: LazyFunction['apply']): LazyFunction {
  return { kind: 'lazy', min, max, apply };
}

/** The call as a symbol: equal to every call with the same name and equal arguments. */
export function symbolicCall(call: Call, args: readonly Value[], unknown?: Unknown): Value {
  const why = unknown ?? firstUnknown(args) ?? { reason: `${call.name}() cannot be computed`, ...give(call) };
  return unknownValue(`${call.name}(${args.map(canonical).join(',')})`, why, call.place);
}

function give(call: Call): { supply: string; place: Place } {
  return { supply: 'give its value as a parameter', place: call.place };
}

export function firstUnknown(args: readonly Value[]): Unknown | undefined {
  for (const arg of args) {
    const unknown = unknownIn(arg);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

export function wrongArgument(
  call: Call,
  position: number,
  expected: string,
  found: Value | undefined,
): never {
  const what = found === undefined ? 'nothing' : kindName(found);
  throw new ExpressionError(`${call.name}() takes ${expected} as argument ${position + 1}, found ${what}`);
}

/** A text; a text with symbols is one too, so strict functions see known texts only. */
export function stringAt(args: readonly Value[], position: number, call: Call): string {
  const arg = args[position];
  return arg?.kind === 'string' ? arg.value : wrongArgument(call, position, 'a string', arg);
}

/** A whole number, also one written as a string. */
export function integerAt(args: readonly Value[], position: number, call: Call): number {
  const arg = args[position];
  if (arg?.kind === 'number' && Number.isInteger(arg.value)) return arg.value;
  if (arg?.kind === 'string' && /^\s*[+-]?\d+\s*$/.test(arg.value)) return Number(arg.value);
  return wrongArgument(call, position, 'a whole number', arg);
}

export function arrayAt(args: readonly Value[], position: number, call: Call): ArrayValue {
  const arg = args[position];
  return arg?.kind === 'array' ? arg : wrongArgument(call, position, 'an array', arg);
}

export function objectAt(args: readonly Value[], position: number, call: Call): ObjectValue {
  const arg = args[position];
  return arg?.kind === 'object' ? arg : wrongArgument(call, position, 'an object', arg);
}
