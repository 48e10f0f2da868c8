import type { Cursor } from './cursor.ts';
import type { Token } from './lexer.ts';
import type {
  Call,
  Expression,
  For,
  Item,
  ObjectLiteral,
  Property,
  ResourceDeclaration,
  Spread,
} from './tree.ts';

/** How tight operators bind, https://learn.microsoft.com/azure/azure-resource-manager/bicep/operators#operator-precedence-and-associativity */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['*', 100],
  ['/', 100],
  ['%', 100],
  ['+', 90],
  ['-', 90],
  ['>', 80],
  ['>=', 80],
  ['<', 80],
  ['<=', 80],
  ['==', 70],
  ['!=', 70],
  ['=~', 70],
  ['!~', 70],
  ['&&', 50],
  ['||', 40],
  ['??', 30],
]);

const A_VALUE = 'a value or expression';

/** Reads declarations that stand in the body of a resource. */
export type NestedResources = () => ResourceDeclaration;

export class ExpressionParser {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  expression(): Expression {
    return this.#cursor.nested(() => this.#conditional());
  }

  #conditional(): Expression {
    const cursor = this.#cursor;
    const condition = this.#binary(0);
    const next = cursor.pastNewline;
    if (next.kind !== 'sign' || next.text !== '?') return condition;
    cursor.skipNewlines();
    cursor.take();
    cursor.skipNewlines();
    const then = this.expression();
    cursor.skipNewlines();
    cursor.expect(':', ': and the other value');
    cursor.skipNewlines();
    const otherwise = this.expression();
    return { kind: 'conditional', condition, then, otherwise, ...cursor.since(condition.start) };
  }

  #binary(around: number): Expression {
    const cursor = this.#cursor;
    let left = this.#unary();
    for (;;) {
      const { kind, text } = cursor.token;
      const precedence = kind === 'sign' ? (PRECEDENCE.get(text) ?? 0) : 0;
      if (precedence <= around) return left;
      cursor.take();
      cursor.skipNewlines();
      const right = cursor.nested(() => this.#binary(precedence));
      left = { kind: 'binary', operator: text, left, right, ...cursor.since(left.start) };
    }
  }

  #unary(): Expression {
    const cursor = this.#cursor;
    const { kind, text, start } = cursor.token;
    if (kind === 'sign' && (text === '!' || text === '-' || text === '+')) {
      cursor.take();
      const operand = cursor.nested(() => this.#unary());
      return { kind: 'unary', operator: text, operand, ...cursor.since(start) };
    }
    return this.#member();
  }

  #member(): Expression {
    const cursor = this.#cursor;
    let of = this.#primary();
    const { start } = of;
    for (;;) {
      if (cursor.accept('[')) {
        const safe = cursor.accept('?');
        const fromEnd = cursor.accept('^');
        const index = this.expression();
        cursor.expect(']');
        of = { kind: 'index', of, index, safe, fromEnd, ...cursor.since(start) };
      } else if (cursor.accept('.')) {
        const safe = cursor.accept('?');
        const { text: name } = cursor.name('the name of a property or function');
        of = cursor.is('(')
          ? this.#call(of, name, start)
          : { kind: 'member', of, name, safe, ...cursor.since(start) };
      } else if (cursor.accept('::')) {
        const { text: name } = cursor.name('the name of a nested resource');
        of = { kind: 'nested', of, name, ...cursor.since(start) };
      } else if (cursor.is('!')) {
        // `value!` says that it is not null, which changes nothing.
        cursor.take();
      } else {
        return of;
      }
    }
  }

  #call(of: Expression | undefined, name: string, start: number): Call {
    const cursor = this.#cursor;
    cursor.expect('(');
    const list = this.#arguments(')');
    return { kind: 'call', of, name, arguments: list, ...cursor.since(start) };
  }

  /** Behind the opening bracket; takes the closing one. */
  #arguments(close: string): Expression[] {
    const cursor = this.#cursor;
    const list: Expression[] = [];
    cursor.skipNewlines();
    while (!cursor.is(close)) {
      list.push(this.expression());
      cursor.skipNewlines();
      if (cursor.is(close)) break;
      cursor.expect(',', `a comma or ${close}`);
      cursor.skipNewlines();
    }
    cursor.take();
    return list;
  }

  #primary(): Expression {
    const cursor = this.#cursor;
    const { token } = cursor;
    switch (token.kind) {
      case 'number':
        cursor.take();
        return { kind: 'number', value: Number(token.text), ...cursor.since(token.start) };
      case 'string':
        return this.string(A_VALUE);
      case 'name':
        return this.#named(token);
      case 'sign':
        if (token.text === '{') return this.object(undefined);
        if (token.text === '[') return this.#array();
        if (token.text === '(') return this.#group();
        break;
      default:
    }
    throw cursor.failure(A_VALUE);
  }

  #named(token: Token): Expression {
    const cursor = this.#cursor;
    cursor.take();
    const span = cursor.since(token.start);
    switch (token.text) {
      case 'true':
      case 'false':
        return { kind: 'boolean', value: token.text === 'true', ...span };
      case 'null':
        return { kind: 'null', ...span };
      default:
    }
    if (cursor.is('(')) return this.#call(undefined, token.text, token.start);
    if (cursor.accept('=>')) return this.#lambda([token.text], token.start);
    return { kind: 'name', name: token.text, ...span };
  }

  #lambda(parameters: readonly string[], start: number): Expression {
    this.#cursor.skipNewlines();
    const body = this.expression();
    return { kind: 'lambda', parameters, body, ...this.#cursor.since(start) };
  }

  /** `(expression)`, or the variables of a lambda. */
  #group(): Expression {
    const cursor = this.#cursor;
    const { start } = cursor.expect('(');
    const list = this.#arguments(')');
    if (cursor.accept('=>')) {
      const names = list.map((one) => {
        if (one.kind === 'name') return one.name;
        throw cursor.failure('names of variables before =>');
      });
      return this.#lambda(names, start);
    }
    const [inner] = list;
    if (inner === undefined || list.length > 1) throw cursor.failure('=> behind a list of variables');
    return { kind: 'group', inner, ...cursor.since(start) };
  }

  /** A string, interpolated or not. */
  string(expected: string): Expression & { readonly kind: 'string' | 'interpolation' } {
    const cursor = this.#cursor;
    if (cursor.token.kind !== 'string') throw cursor.failure(expected);
    let token = cursor.take();
    const { start } = token;
    if (token.open === undefined) return { kind: 'string', value: token.text, ...cursor.since(start) };
    const parts: (string | Expression)[] = [];
    while (token.open !== undefined) {
      parts.push(token.text);
      cursor.skipNewlines();
      parts.push(this.expression());
      cursor.skipNewlines();
      token = cursor.takeString(token.open);
    }
    parts.push(token.text);
    return { kind: 'interpolation', parts, ...cursor.since(start) };
  }

  #array(): Expression {
    const cursor = this.#cursor;
    const { following } = cursor;
    const first = following.kind === 'newline' ? cursor.lexer.read(following.end) : following;
    const afterFor = first.kind === 'name' && first.text === 'for' ? cursor.lexer.read(first.end) : undefined;
    if (afterFor?.kind === 'name' || (afterFor?.kind === 'sign' && afterFor.text === '(')) {
      return this.loop(() => this.expression());
    }
    const { start } = cursor.expect('[');
    const items: Item[] = [];
    this.#separated(']', () => items.push(this.#item()));
    return { kind: 'array', items, ...cursor.since(start) };
  }

  #item(): Item {
    return this.#spread() ?? this.expression();
  }

  #spread(): Spread | undefined {
    const cursor = this.#cursor;
    if (!cursor.is('...')) return undefined;
    const { start } = cursor.take();
    const of = this.expression();
    return { kind: 'spread', of, ...cursor.since(start) };
  }

  /** Elements that are separated by a comma or by line breaks; takes the closing bracket. */
  #separated(close: string, element: () => void): void {
    const cursor = this.#cursor;
    cursor.skipNewlines();
    while (!cursor.is(close)) {
      element();
      if (cursor.is(close)) break;
      if (!cursor.accept(',') && cursor.token.kind !== 'newline') {
        throw cursor.failure(`a comma, a line break or ${close}`);
      }
      cursor.skipNewlines();
    }
    cursor.take();
  }

  /** With `nested`, resources may be declared in it. */
  object(nested: NestedResources | undefined): ObjectLiteral {
    const cursor = this.#cursor;
    const { start } = cursor.expect('{');
    const properties: (Property | Spread)[] = [];
    const resources: ResourceDeclaration[] = [];
    this.#separated('}', () => {
      const isResource = cursor.is('@') || (cursor.isWord('resource') && cursor.following.kind === 'name');
      if (nested !== undefined && isResource) resources.push(nested());
      else properties.push(this.#spread() ?? this.#property());
    });
    return { kind: 'object', properties, resources, ...cursor.since(start) };
  }

  #property(): Property {
    const cursor = this.#cursor;
    const { start } = cursor.token;
    const key = this.#key();
    cursor.expect(':', ': and the value of the property');
    const value = this.expression();
    return { kind: 'property', key, value, ...cursor.since(start) };
  }

  #key(): Property['key'] {
    const cursor = this.#cursor;
    const expected = 'the name of a property or }';
    if (cursor.token.kind === 'string') return this.string(expected);
    const { text, start, end } = cursor.name(expected);
    return { kind: 'string', value: text, start, end };
  }

  /** `[for item in collection: body]`. */
  loop(body: () => Expression): For {
    return this.loopOf(() => ({ condition: undefined, body: body() }));
  }

  loopOf(read: () => { condition: Expression | undefined; body: Expression }): For {
    const cursor = this.#cursor;
    const { start } = cursor.expect('[');
    cursor.skipNewlines();
    if (!cursor.acceptWord('for')) throw cursor.failure('for');
    const names: string[] = [];
    if (cursor.accept('(')) {
      names.push(cursor.name('the name of the loop variable').text);
      cursor.expect(',', 'a comma and the name of the index');
      names.push(cursor.name('the name of the index').text);
      cursor.expect(')');
    } else {
      names.push(cursor.name('the name of the loop variable').text);
    }
    if (!cursor.acceptWord('in')) throw cursor.failure('in');
    const collection = this.expression();
    cursor.expect(':', ': and what the loop makes');
    cursor.skipNewlines();
    const { condition, body } = cursor.nested(read);
    cursor.skipNewlines();
    cursor.expect(']', '] to end the loop');
    const [item = '', index] = names;
    return { kind: 'for', item, index, collection, condition, body, ...cursor.since(start) };
  }
}
