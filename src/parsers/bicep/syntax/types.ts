import type { Cursor } from './cursor.ts';
import type { ExpressionParser } from './expressions.ts';
import type { TypeExpression, TypeProperty } from './tree.ts';

const A_TYPE = 'a type';

/** Types of parameters, variables, functions and their parameters: https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types */
export class TypeParser {
  readonly #cursor: Cursor;
  readonly #expressions: ExpressionParser;

  constructor(cursor: Cursor, expressions: ExpressionParser) {
    this.#cursor = cursor;
    this.#expressions = expressions;
  }

  type(): TypeExpression {
    return this.#cursor.nested(() => this.#union());
  }

  #union(): TypeExpression {
    const cursor = this.#cursor;
    const { start } = cursor.token;
    let one: TypeExpression | undefined;
    let members = 0;
    const skip = (): boolean => {
      const { kind, text } = cursor.pastNewline;
      if (kind !== 'sign' || text !== '|') return false;
      cursor.skipNewlines();
      cursor.take();
      cursor.skipNewlines();
      return true;
    };
    skip();
    do {
      one = this.#postfix();
      members += 1;
    } while (skip());
    return members === 1 ? one : { kind: 'other', ...cursor.since(start) };
  }

  #postfix(): TypeExpression {
    const cursor = this.#cursor;
    const { start } = cursor.token;
    if (cursor.is('-') || cursor.is('!') || cursor.is('+')) {
      cursor.take();
      this.#postfix();
      return { kind: 'other', ...cursor.since(start) };
    }
    let of = this.#primary();
    for (;;) {
      if (cursor.accept('?')) {
        of = { kind: 'nullable', of, ...cursor.since(start) };
      } else if (cursor.accept('!')) {
        of = of.kind === 'nullable' ? of.of : of;
      } else if (cursor.accept('[')) {
        if (!cursor.is(']') && !cursor.accept('*')) this.#expressions.expression();
        cursor.expect(']');
        of = { kind: 'other', ...cursor.since(start) };
      } else if (cursor.accept('.')) {
        if (cursor.accept('*')) of = { kind: 'other', ...cursor.since(start) };
        else {
          const { text: name } = cursor.name('the name of a property or type');
          of = { kind: 'member', of, name, ...cursor.since(start) };
        }
        if (cursor.is('<')) of = this.#parameterised(start);
      } else {
        return of;
      }
    }
  }

  #parameterised(start: number): TypeExpression {
    const cursor = this.#cursor;
    cursor.expect('<');
    cursor.skipNewlines();
    while (!cursor.is('>')) {
      this.type();
      cursor.skipNewlines();
      if (!cursor.accept(',') && !cursor.is('>')) throw cursor.failure('a comma or >');
      cursor.skipNewlines();
    }
    cursor.take();
    return { kind: 'other', ...cursor.since(start) };
  }

  #primary(): TypeExpression {
    const cursor = this.#cursor;
    const { token } = cursor;
    const { start } = token;
    switch (token.kind) {
      case 'name':
        cursor.take();
        if (token.text === 'resource' && cursor.token.kind === 'string') {
          this.#expressions.string(A_TYPE);
          return { kind: 'other', ...cursor.since(start) };
        }
        if (cursor.is('<')) return this.#parameterised(start);
        return { kind: 'named', name: token.text, ...cursor.since(start) };
      case 'number':
        cursor.take();
        return { kind: 'other', ...cursor.since(start) };
      case 'string':
        this.#expressions.string(A_TYPE);
        return { kind: 'other', ...cursor.since(start) };
      case 'sign':
        if (token.text === '{') return this.#object();
        if (token.text === '[') return this.#tuple();
        if (token.text === '(') {
          cursor.take();
          cursor.skipNewlines();
          const inner = this.type();
          cursor.skipNewlines();
          cursor.expect(')');
          return inner;
        }
        break;
      default:
    }
    throw cursor.failure(A_TYPE);
  }

  #object(): TypeExpression {
    const cursor = this.#cursor;
    const { start } = cursor.expect('{');
    const properties: TypeProperty[] = [];
    this.#elements('}', () => {
      const key = cursor.is('*') ? cursor.take().text : this.#key();
      cursor.expect(':', ': and the type of the property');
      properties.push({ name: key, type: this.type() });
    });
    return { kind: 'object', properties, ...cursor.since(start) };
  }

  #key(): string {
    const cursor = this.#cursor;
    if (cursor.token.kind !== 'string') return cursor.name('the name of a property, * or }').text;
    const key = this.#expressions.string('the name of a property');
    return key.kind === 'string' ? key.value : '';
  }

  #tuple(): TypeExpression {
    const { start } = this.#cursor.expect('[');
    this.#elements(']', () => this.type());
    return { kind: 'other', ...this.#cursor.since(start) };
  }

  #elements(close: string, element: () => void): void {
    const cursor = this.#cursor;
    cursor.skipNewlines();
    while (!cursor.is(close)) {
      this.#decorators();
      element();
      if (cursor.is(close)) break;
      if (!cursor.accept(',') && cursor.token.kind !== 'newline') {
        throw cursor.failure(`a comma, a line break or ${close}`);
      }
      cursor.skipNewlines();
    }
    cursor.take();
  }

  #decorators(): void {
    const cursor = this.#cursor;
    while (cursor.accept('@')) {
      this.#expressions.expression();
      cursor.skipNewlines();
    }
  }
}
