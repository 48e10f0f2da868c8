import type { Place } from '../../model/place.ts';
import type { StringValue, Value } from '../value.ts';

/**
 * The grammar of ARM template expressions
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions).
 * `place` is where a part is written, in languages in which that is told apart from the whole expression.
 */

export type Expression =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** `name` in lower case, `written` as the template has it. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly written: string;
      readonly args: readonly Expression[];
      readonly place?: Place;
    }
  /** `safe` is `.?name` and `[?index]`: null instead of an error where it is missing. */
  | {
      readonly kind: 'index';
      readonly of: Expression;
      readonly index: Expression;
      readonly safe: boolean;
      readonly place?: Place;
    }
  /** A value of the template, with expressions inside: objects and arrays, where a language has them in expressions. */
  | { readonly kind: 'value'; readonly value: Value }
  /** A value that is evaluated already, or in which nothing is to be. */
  | { readonly kind: 'constant'; readonly value: Value };

/** The value of a template that an expression makes which is parsed already. */
export class ParsedExpression implements StringValue {
  readonly kind = 'string';
  /** As it is written, in brackets. */
  readonly value: string;
  readonly expression: Expression;
  readonly place: Place;

  constructor(written: string, expression: Expression, place: Place) {
    this.value = `[${written}]`;
    this.expression = expression;
    this.place = place;
  }
}

export const MAX_EXPRESSION = 24_576;
const MAX_NESTING = 200;

/** What is wrong with an expression or its evaluation. It makes one value unknown, not the whole run fail. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** Set where a user must be told although nobody asked for the value: see Evaluation.fatal. */
  readonly fatal: boolean;

  constructor(message: string, fatal = false) {
    super(message);
    this.fatal = fatal;
  }
}

/** Strings in brackets are expressions; `[[` begins a text in brackets. */
export function isExpression(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[');
}

/** What a string that is no expression means: `[[…]` stands for `[…]`. */
export function literalText(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text;
}

/** Parses a whole string in brackets. Throws ExpressionError with the column in the string. */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_EXPRESSION) {
    throw new ExpressionError(
      `the expression has ${text.length} characters; Azure takes at most ${MAX_EXPRESSION}`,
    );
  }
  const parser = new Parser(text);
  const expression = parser.expression(0);
  parser.end();
  return expression;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|(\.\?|\[\?|[()[\],.]))/y;

interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

class Parser {
  readonly #text: string;
  #at = 1;
  #token: Token;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read();
  }

  #read(): Token {
    const last = this.#text.length - 1;
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null || TOKEN.lastIndex > last) {
      const rest = this.#text.slice(this.#at, last);
      const blank = rest.length - rest.trimStart().length;
      if (rest.trim() === '') return { kind: 'end', text: '', at: last };
      throw this.#problem(rest.trimStart().startsWith("'") ? 'a string that is not closed' : undefined, {
        kind: 'sign',
        text: rest.trim().slice(0, 20),
        at: this.#at + blank,
      });
    }
    this.#at = TOKEN.lastIndex;
    const [, text, digits, name, sign] = found;
    const at = this.#at;
    if (text !== undefined) return { kind: 'string', text, at: at - text.length };
    if (digits !== undefined) return { kind: 'number', text: digits, at: at - digits.length };
    if (name !== undefined) return { kind: 'name', text: name, at: at - name.length };
    return { kind: 'sign', text: sign ?? '', at: at - (sign ?? '').length };
  }

  #problem(found: string | undefined, token: Token, expected?: string): ExpressionError {
    const what = found ?? (token.kind === 'end' ? 'the end' : `"${token.text}"`);
    const wanted = expected === undefined ? '' : `, expected ${expected}`;
    return new ExpressionError(`the expression has ${what} at character ${token.at + 1}${wanted}`);
  }

  #take(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  #sign(text: string): boolean {
    if (this.#token.kind !== 'sign' || this.#token.text !== text) return false;
    this.#take();
    return true;
  }

  #name(expected: string): string {
    const token = this.#take();
    if (token.kind !== 'name') throw this.#problem(undefined, token, expected);
    return token.text;
  }

  #expect(text: string): void {
    if (!this.#sign(text)) throw this.#problem(undefined, this.#token, `"${text}"`);
  }

  end(): void {
    if (this.#token.kind !== 'end') throw this.#problem(undefined, this.#token, 'the end of the expression');
  }

  expression(depth: number): Expression {
    if (depth > MAX_NESTING) {
      throw new ExpressionError(`the expression is nested more than ${MAX_NESTING} levels deep`);
    }
    let result = this.#primary(depth);
    for (;;) {
      if (this.#sign('.')) result = { kind: 'index', of: result, index: this.#property(), safe: false };
      else if (this.#sign('.?')) result = { kind: 'index', of: result, index: this.#property(), safe: true };
      else if (this.#sign('[')) result = this.#index(result, false, depth);
      else if (this.#sign('[?')) result = this.#index(result, true, depth);
      else return result;
    }
  }

  #index(of: Expression, safe: boolean, depth: number): Expression {
    const index = this.expression(depth + 1);
    this.#expect(']');
    return { kind: 'index', of, index, safe };
  }

  #property(): Expression {
    return { kind: 'string', value: this.#name('a property name') };
  }

  #primary(depth: number): Expression {
    const token = this.#take();
    if (token.kind === 'string')
      return { kind: 'string', value: token.text.slice(1, -1).replaceAll("''", "'") };
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind !== 'name') {
      throw this.#problem(undefined, token, 'a function, a string in single quotes or a number');
    }
    let name = token.text;
    // A function of the template's own: namespace.name(…).
    if (this.#sign('.')) name += `.${this.#name('a function name')}`;
    this.#expect('(');
    const args: Expression[] = [];
    while (!this.#sign(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.expression(depth + 1));
    }
    return { kind: 'call', name: name.toLowerCase(), written: name, args };
  }
}
