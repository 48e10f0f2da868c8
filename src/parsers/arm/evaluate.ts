import { keyOf, type Place } from '../../model/place.ts';
import { isArray, isContainer, JsonArray, JsonObject, MAX_DEPTH, type RawContainer } from '../json/value.ts';
import {
  string,
  number,
  type ArrayValue,
  type Member,
  type ObjectValue,
  type StringValue,
  type Value,
} from '../value.ts';
import { copyMembers } from './copy.ts';
import {
  ExpressionError,
  isExpression,
  literalText,
  ParsedExpression,
  type Expression,
} from './expression.ts';
import { callFunction } from './functions/call.ts';
import { member } from './members.ts';
import type { Scope } from './scope.ts';
import { unknownValue } from './values.ts';

/**
 * A value as the template means it: expressions are replaced by what they yield, `copy` by its members. Objects and
 * arrays are evaluated when somebody looks into them, and only once.
 */
export function evaluateValue(value: Value, scope: Scope): Value {
  switch (value.kind) {
    case 'string':
      return evaluateText(value, scope);
    case 'array':
      return isLiteral(value) ? value : new EvaluatedArray(value, scope);
    case 'object':
      return isLiteral(value) ? value : new EvaluatedObject(value, scope);
    default:
      return value;
  }
}

/** A string of a template: an expression in brackets, or itself. A failing expression is an unknown value. */
export function evaluateText(value: StringValue, scope: Scope): Value {
  if (value instanceof ParsedExpression) {
    return attempt(() => evaluate(value.expression, scope, value.place), scope, value.place);
  }
  const text = value.value;
  if (!isExpression(text)) {
    const literal = literalText(text);
    return literal === text ? value : { ...value, value: literal };
  }
  return attempt(() => evaluate(scope.evaluation.parse(text), scope, value.place), scope, value.place);
}

/** Turns a problem of an expression into an unknown value, so that only what depends on it is unknown. */
export function attempt(run: () => Value, scope: Scope, place: Place): Value {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return unknownValue(
      `expression at ${place.path}#${place.pointer}`,
      scope.evaluation.unknown(error, place),
      place,
    );
  }
}

/** `place` is where the expression is written: what it computes stands there. */
export function evaluate(expression: Expression, scope: Scope, place: Place): Value {
  switch (expression.kind) {
    case 'string':
      return string(expression.value, place);
    case 'number':
      return number(expression.value, place);
    case 'constant':
      return expression.value;
    case 'value':
      return evaluateValue(expression.value, scope);
    case 'index': {
      const at = expression.place ?? place;
      const of = evaluate(expression.of, scope, at);
      const index = evaluate(expression.index, scope, at);
      return member(of, index, at, expression.safe);
    }
    case 'call':
      return scope.evaluation.step(() => callFunction(expression, scope, expression.place ?? place));
  }
}

class EvaluatedArray implements ArrayValue {
  readonly kind = 'array';
  readonly place: Place;
  readonly #source: ArrayValue;
  readonly #scope: Scope;
  #items: readonly Value[] | undefined;

  constructor(source: ArrayValue, scope: Scope) {
    this.place = source.place;
    this.#source = source;
    this.#scope = scope;
  }

  get items(): readonly Value[] {
    this.#items ??= this.#source.items.map((item) => evaluateValue(item, this.#scope));
    return this.#items;
  }
}

class EvaluatedObject implements ObjectValue {
  readonly kind = 'object';
  readonly place: Place;
  readonly #source: ObjectValue;
  readonly #scope: Scope;
  #members: Map<string, Member> | undefined;

  constructor(source: ObjectValue, scope: Scope) {
    this.place = source.place;
    this.#source = source;
    this.#scope = scope;
  }

  get members(): ReadonlyMap<string, Member> {
    if (this.#members === undefined) {
      this.#members = new Map();
      for (const [key, member] of this.#source.members) {
        const copies = key === 'copy' ? copyMembers(member.value, this.#scope) : undefined;
        for (const made of copies ?? [this.#evaluated(member)]) {
          this.#members.set(made.name.toLowerCase(), made);
        }
      }
    }
    return this.#members;
  }

  #evaluated(written: Member): Member {
    const { name, value } = written;
    if (!name.startsWith('[') && isLiteral(value)) return written;
    const place = keyOf(value.place);
    const key = evaluateText(string(name, place), this.#scope);
    const text = key.kind === 'string' ? key.value : key.kind === 'unknown' ? key.symbol : name;
    const run = (): Value => evaluateValue(value, this.#scope);
    return new EvaluatedMember(text, value.place, this.#scope, run, written.keyPlace);
  }
}

/** A member that is evaluated when it is read for the first time. */
export class EvaluatedMember implements Member {
  readonly name: string;
  declare readonly keyPlace?: Place;
  readonly #place: Place;
  readonly #scope: Scope;
  #run: (() => Value) | 'running' | undefined;
  #value: Value | undefined;

  constructor(name: string, place: Place, scope: Scope, run: () => Value, keyPlace?: Place) {
    this.name = name;
    if (keyPlace !== undefined) this.keyPlace = keyPlace;
    this.#place = place;
    this.#scope = scope;
    this.#run = run;
  }

  get value(): Value {
    const run = this.#run;
    if (this.#value !== undefined) return this.#value;
    if (run === 'running' || run === undefined) {
      throw new ExpressionError(`'${this.name}' at ${this.#place.pointer} refers to itself`, true);
    }
    this.#run = 'running';
    this.#value = attempt(run, this.#scope, this.#place);
    this.#run = undefined;
    return this.#value;
  }
}

/** True where nothing is to be evaluated; most of a rule list is such, and stays as it was read. */
function isLiteral(value: Value): boolean {
  switch (value.kind) {
    case 'string':
      return !isBracketed(value.value);
    case 'array':
    case 'object':
      return (value instanceof JsonObject || value instanceof JsonArray) && isLiteralJson(value.raw, 0);
    default:
      return true;
  }
}

/** Looks at every text of a template that is not evaluated otherwise. */
function isLiteralJson(raw: RawContainer, depth: number): boolean {
  // Deeper than any template; what reads it says so.
  if (depth > MAX_DEPTH) return false;
  if (isArray(raw)) {
    for (let at = 0; at < raw.length; at += 1) if (!isLiteralMember(raw[at], depth)) return false;
    return true;
  }
  // Parsed JSON inherits nothing that is enumerable.
  for (const name in raw) {
    if (isBracketed(name) || (name.length === 4 && name.toLowerCase() === 'copy')) return false;
    if (!isLiteralMember(raw[name], depth)) return false;
  }
  return true;
}

function isLiteralMember(raw: unknown, depth: number): boolean {
  if (typeof raw === 'string') return !isBracketed(raw);
  return !isContainer(raw) || isLiteralJson(raw, depth + 1);
}

function isBracketed(text: string): boolean {
  return text.charCodeAt(0) === 0x5b;
}
