import type { Expression } from '../../arm/expression.ts';

/** What names of loops, lambdas and functions mean at some place of a file. */
export interface Locals {
  readonly name: string;
  readonly expression: Expression;
  readonly outer: Locals | undefined;
}

export function withLocal(outer: Locals | undefined, name: string, expression: Expression): Locals {
  return { name, expression, outer };
}

export function findLocal(locals: Locals | undefined, name: string): Expression | undefined {
  for (let at = locals; at !== undefined; at = at.outer) if (at.name === name) return at.expression;
  return undefined;
}
