import type { Place } from '../../../model/place.ts';

/**
 * Terraform's language as a tree: what the evaluator reads, whether it was written as HCL or as JSON.
 * https://developer.hashicorp.com/terraform/language/syntax/configuration
 */

export interface Body {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
  readonly place: Place;
}

export interface Attribute {
  readonly name: string;
  /** Where the name is written. */
  readonly place: Place;
  readonly expression: Expression;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  /** Where type and labels are written. */
  readonly place: Place;
}

export type Expression =
  | Literal
  | Template
  | Tuple
  | ObjectExpression
  | Variable
  | GetAttribute
  | Index
  | Splat
  | Call
  | For
  | Unary
  | Binary
  | Conditional;

interface Node {
  readonly place: Place;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}
export interface Template extends Node {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
}
export type TemplatePart =
  | string
  | Expression
  | {
      readonly kind: 'template-if';
      readonly condition: Expression;
      readonly then: readonly TemplatePart[];
      readonly otherwise: readonly TemplatePart[];
    }
  | {
      readonly kind: 'template-for';
      readonly key: string | undefined;
      readonly value: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
    };
export interface Tuple extends Node {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}
export interface ObjectExpression extends Node {
  readonly kind: 'object';
  readonly items: readonly { readonly key: Expression; readonly value: Expression }[];
}
/** The first name of a reference, or a variable of a for expression. */
export interface Variable extends Node {
  readonly kind: 'variable';
  readonly name: string;
}
export interface GetAttribute extends Node {
  readonly kind: 'attribute';
  readonly of: Expression;
  readonly name: string;
}
export interface Index extends Node {
  readonly kind: 'index';
  readonly of: Expression;
  readonly key: Expression;
}
/** `of[*].a.b`; `legacy` is `of.*.a`. The steps apply to each element. */
export interface Splat extends Node {
  readonly kind: 'splat';
  readonly of: Expression;
  readonly steps: readonly (string | Expression)[];
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** The last argument is a list that holds the remaining ones: `f(list...)`. */
  readonly expand: boolean;
}
export interface For extends Node {
  readonly kind: 'for';
  readonly key: string | undefined;
  readonly value: string;
  readonly collection: Expression;
  /** Of an object; undefined for a list. */
  readonly resultKey: Expression | undefined;
  readonly result: Expression;
  /** `=> value...`: values of one key are gathered in a list. */
  readonly group: boolean;
  readonly condition: Expression | undefined;
}
export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand: Expression;
}
export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** `var.a.b` as ['var', 'a', 'b']; undefined for anything but names joined by dots. */
export function traversal(expression: Expression): string[] | undefined {
  if (expression.kind === 'variable') return [expression.name];
  if (expression.kind !== 'attribute') return undefined;
  const of = traversal(expression.of);
  of?.push(expression.name);
  return of;
}
