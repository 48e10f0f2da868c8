import type { Cloud } from '../../model/policy.ts';
import type { Place } from '../../model/place.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { ObjectValue, Value } from '../value.ts';
import { ExpressionError, parseExpression, type Expression } from './expression.ts';

/** Text that may contain symbols, with the reasons of these in order. */
export interface Text {
  readonly text: string;
  readonly unknowns: readonly Unknown[];
}

/** Where a deployment goes. Parts that the level does not have are still there, as symbols. */
export interface Target {
  readonly level: 'resourceGroup' | 'subscription' | 'managementGroup' | 'tenant';
  readonly subscription: Text;
  readonly resourceGroup: Text;
  readonly managementGroup: Text;
}

/** What parameters(), variables() and namespaced functions mean: one template with its arguments. */
export interface Frame {
  /** Prefix of identities, so that equal names in different templates are different unknowns. */
  readonly label: string;
  /** Name of the deployment. */
  readonly name: Value;
  /** Where a nested deployment is kept, if it says so. */
  readonly location: Value | undefined;
  readonly target: Target;
  readonly template: ObjectValue;
  parameter(name: string): Value;
  variable(name: string): Value;
  userFunction(name: string): UserFunction | undefined;
}

export interface UserFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly output: Value;
}

/** The resources of the same deployments, for reference(). */
export interface Siblings {
  /** By resource id, symbolic name or plain name. */
  find(name: string): Referenced | undefined;
  /** All copies of the resource with this symbolic name, in order. */
  findAll(symbolicName: string): readonly Referenced[];
}

export interface Referenced {
  readonly type: string;
  readonly id: string;
  readonly existing: boolean;
  /** Declared properties, or, of a deployment, its outputs. */
  readonly properties: Value;
  readonly body: ObjectValue;
}

export interface CopyLoop {
  /** Lower case. */
  readonly name: string;
  /** Zero-based; unknown where the count is. */
  readonly index: Value;
  readonly outer: CopyLoop | undefined;
}

export interface LambdaVariable {
  readonly name: string;
  readonly value: Value;
  readonly outer: LambdaVariable | undefined;
}

/** Everything an expression can name. */
export interface Scope {
  readonly evaluation: Evaluation;
  readonly frame: Frame;
  readonly siblings: Siblings;
  readonly copies: CopyLoop | undefined;
  readonly lambdas: LambdaVariable | undefined;
  /** Inside a function of the template's own these are the only parameters. */
  readonly arguments: ReadonlyMap<string, Value> | undefined;
}

/** Far above what real templates have, and well within the stack. */
const MAX_STEPS_DEEP = 400;
export const MAX_VALUES = 2_000_000;
const MAX_TEXT = 4 * 1024 * 1024;
/** Azure takes 800 in one template; nested ones add theirs. */
const MAX_RESOURCES = 10_000;

/** For values that are made of few others, each many times, and are many as soon as somebody reads them all. */
export function tooManyValues(): ExpressionError {
  return new ExpressionError(
    `the template grows to more than ${MAX_VALUES.toLocaleString('en')} values; Azure takes templates of at most 4 MB`,
    true,
  );
}

function tooDeep(): ExpressionError {
  return new ExpressionError(`values depend on each other more than ${MAX_STEPS_DEEP} levels deep`, true);
}

/** State of the evaluation of one root template: its bounds, and what went wrong. */
export class Evaluation {
  readonly cloud: Cloud;
  /** Problems that must reach the user wherever something they want depends on them: cycles and bombs. */
  readonly fatal = new Map<Unknown, string>();
  readonly #parsed = new Map<string, Expression | ExpressionError>();
  #depth = 0;
  #values = 0;
  #resources = 0;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  parse(text: string): Expression {
    let parsed = this.#parsed.get(text);
    if (parsed === undefined) {
      try {
        parsed = parseExpression(text);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        parsed = error;
      }
      this.#parsed.set(text, parsed);
    }
    if (parsed instanceof ExpressionError) throw parsed;
    return parsed;
  }

  /** Runs one step of the evaluation, bounded in depth. */
  step<T>(run: () => T): T {
    if (this.#depth >= MAX_STEPS_DEEP) throw tooDeep();
    this.#depth += 1;
    try {
      return run();
    } catch (error) {
      // Where a caller has used up most of the stack already.
      throw error instanceof RangeError ? tooDeep() : error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Counts values that copies and functions make, so that a few lines cannot grow without end. */
  grow(values: number): void {
    this.#values += values;
    if (this.#values > MAX_VALUES) throw tooManyValues();
  }

  /** Counts resources, since copies in copies of deployments multiply. */
  growResources(count: number): void {
    this.#resources += count;
    if (this.#resources > MAX_RESOURCES) {
      throw new ExpressionError(
        `the template makes more than ${MAX_RESOURCES.toLocaleString('en')} resources; Azure takes at most 800 in one template`,
        true,
      );
    }
  }

  /** Bounds a computed text. */
  bound(text: string): string {
    if (text.length > MAX_TEXT) {
      throw new ExpressionError('a computed text is longer than 4 MB, more than Azure takes', true);
    }
    return text;
  }

  /** Remembers a problem; the result is the reason that an unknown value carries. */
  unknown(problem: ExpressionError, place: Place): Unknown {
    const unknown: Unknown = {
      reason: problem.message,
      supply: 'correct the template',
      place,
      isMistake: true,
    };
    if (problem.fatal) this.fatal.set(unknown, problem.message);
    return unknown;
  }
}
