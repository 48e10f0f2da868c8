import type { Place } from '../../../model/place.ts';
import type { Value } from '../../value.ts';
import {
  EvaluationError,
  identity,
  reasonOf,
  toBoolean,
  toItems,
  toNumber,
  toText,
  unknown,
  whyUnknown,
} from '../evaluate/values.ts';

/** What functions need that expressions do not hold. Paths are relative to the root module, as Terraform has them. */
export interface FunctionContext {
  /** The text of a file; throws an EvaluationError where there is none, or where it may not be read. */
  readonly readFile: (path: string, place: Place) => Value;
  readonly fileExists: (path: string, place: Place) => boolean;
  /** Files below a folder whose paths, relative to it, match a pattern. */
  readonly fileSet: (folder: string, pattern: string, place: Place) => readonly string[];
  /** Evaluates the text of a template with nothing but these variables. */
  readonly renderTemplate: (path: string, text: string, variables: Value, place: Place) => Value;
  /** Takes note of a value that is marked as sensitive. */
  readonly conceal: (value: Value) => void;
}

export interface TerraformFunction {
  readonly name: string;
  /** Numbers of arguments that it takes, both included. */
  readonly arity: readonly [least: number, most: number];
  /**
   * Does it look at values that are not known itself? Otherwise one such argument makes the whole result unknown; items
   * and members of an argument do not count.
   */
  readonly takesUnknown?: true;
  readonly call: (args: Arguments) => Value;
}

/** The arguments of one call, with the conversions that Terraform makes. */
export class Arguments {
  readonly name: string;
  readonly values: readonly Value[];
  readonly place: Place;
  readonly context: FunctionContext;

  constructor(name: string, values: readonly Value[], place: Place, context: FunctionContext) {
    this.name = name;
    this.values = values;
    this.place = place;
    this.context = context;
  }

  get length(): number {
    return this.values.length;
  }

  at(index: number): Value {
    const value = this.values[index];
    if (value === undefined) throw this.error(`needs more than ${this.values.length} arguments`);
    return value;
  }

  text(index: number): string {
    const value = this.at(index);
    if (value.kind === 'null') throw this.error(`argument ${index + 1} is null; expected a string`);
    return toText(value, this.place).value;
  }

  number(index: number): number {
    return toNumber(this.at(index), this.place);
  }

  integer(index: number): number {
    const value = this.number(index);
    if (!Number.isInteger(value))
      throw this.error(`argument ${index + 1} is ${value}; expected a whole number`);
    return value;
  }

  boolean(index: number): boolean {
    return toBoolean(this.at(index), this.place);
  }

  items(index: number): readonly Value[] {
    return toItems(this.at(index), this.place);
  }

  /** The items as texts. Throws an Unresolved where one is not known. */
  texts(index: number): string[] {
    return this.items(index).map((item) => {
      const why = whyUnknown(item);
      if (why !== undefined) throw new Unresolved(this.unknown(why));
      if (item.kind === 'null') throw this.error('a null among the strings');
      return toText(item, this.place).value;
    });
  }

  /** Where the result was written, for functions that change a text: where that text is. */
  from(index: number): Place {
    return this.values[index]?.place ?? this.place;
  }

  unknown(why: NonNullable<ReturnType<typeof whyUnknown>>, spread = false): Value {
    return unknown(
      `${this.name}(${this.values.map(identity).join(', ')})`,
      reasonOf(why),
      this.place,
      spread,
    );
  }

  /** A value that only a run of Terraform has, such as the time. */
  atRunTime(): Value {
    const why = {
      reason: `${this.name}() has its value when Terraform runs`,
      supply: 'lint the plan or the state instead',
      place: this.place,
    };
    return unknown(`${this.name}(${this.values.map(identity).join(', ')})`, why, this.place);
  }

  error(problem: string): EvaluationError {
    return new EvaluationError(`${this.name}(): ${problem}`, this.place);
  }
}

/** Ends a function whose result turns out not to be known. */
export class Unresolved extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super('a value that is not known');
    this.value = value;
  }
}

export const MANY = 1000;

export function fn(
  name: string,
  least: number,
  most: number,
  call: (args: Arguments) => Value,
): TerraformFunction {
  return { name, arity: [least, most], call };
}

/** A function that looks at unknown values itself. */
export function open(
  name: string,
  least: number,
  most: number,
  call: (args: Arguments) => Value,
): TerraformFunction {
  return { name, arity: [least, most], takesUnknown: true, call };
}
