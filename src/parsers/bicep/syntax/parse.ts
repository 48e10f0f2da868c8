import { Cursor, SyntaxFailure } from './cursor.ts';
import { ExpressionParser } from './expressions.ts';
import type {
  BicepFile,
  Decorator,
  Expression,
  For,
  ImportDeclaration,
  ModuleDeclaration,
  ObjectLiteral,
  ResourceDeclaration,
  Span,
  Statement,
} from './tree.ts';
import { TypeParser } from './types.ts';

/** What stops the parser from listing every line of a file that is no Bicep at all. */
const MOST_PROBLEMS = 20;

const STATEMENTS =
  'a declaration: param, var, resource, module, output, type, func, import, targetScope, metadata or extension';

/**
 * Parses Bicep source or a file of parameters. A statement that is broken is noted and left out, and the parser goes on
 * with the next line that is not indented.
 */
export function parseBicep(path: string, text: string): BicepFile {
  return new FileParser(path, text).file();
}

class FileParser {
  readonly #path: string;
  readonly #cursor: Cursor;
  readonly #expressions: ExpressionParser;
  readonly #types: TypeParser;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#cursor = new Cursor(text);
    this.#expressions = new ExpressionParser(this.#cursor);
    this.#types = new TypeParser(this.#cursor, this.#expressions);
  }

  file(): BicepFile {
    const cursor = this.#cursor;
    const statements: Statement[] = [];
    for (;;) {
      cursor.skipNewlines();
      if (cursor.token.kind === 'end' || cursor.problems.length >= MOST_PROBLEMS) break;
      try {
        const statement = this.#statement();
        if (!cursor.atEndOfLine()) throw cursor.failure('the end of the line');
        if (statement !== undefined) statements.push(statement);
      } catch (error) {
        if (!(error instanceof SyntaxFailure)) throw error;
        cursor.recover(error);
      }
    }
    const { text, problems, lexer } = cursor;
    return { path: this.#path, text, statements, comments: lexer.comments, problems };
  }

  /** Undefined for a statement that says nothing about what is deployed. */
  #statement(): Statement | undefined {
    const cursor = this.#cursor;
    const { start } = cursor.token;
    const decorators = this.#decorators();
    if (cursor.token.kind !== 'name') throw cursor.failure(STATEMENTS);
    switch (cursor.token.text) {
      case 'param':
        return this.#parameter(decorators, start);
      case 'var':
        return this.#variable(decorators, start);
      case 'resource':
        return this.#resource(decorators, start);
      case 'module':
        return this.#module(decorators, start);
      case 'output':
        return this.#output(decorators, start);
      case 'type':
        return this.#type(decorators, start);
      case 'func':
        return this.#function(decorators, start);
      case 'import':
        return this.#import(start);
      case 'targetScope': {
        cursor.take();
        cursor.expect('=');
        const value = this.#expressions.expression();
        return { kind: 'targetScope', value, ...cursor.since(start) };
      }
      case 'using':
        return this.#using(start);
      case 'extends': {
        cursor.take();
        const path = this.#expressions.string('the path of a file of parameters');
        return { kind: 'extends', path, ...cursor.since(start) };
      }
      default:
        this.#skipped();
        return undefined;
    }
  }

  /** Statements that say nothing about what is deployed. */
  #skipped(): void {
    const cursor = this.#cursor;
    switch (cursor.token.text) {
      case 'metadata':
      case 'assert':
        cursor.take();
        cursor.name('a name');
        cursor.expect('=');
        this.#expressions.expression();
        break;
      case 'test':
        cursor.take();
        cursor.name('a name');
        this.#expressions.string('the path of a file');
        cursor.expect('=');
        this.#expressions.object(undefined);
        break;
      case 'extension':
      case 'extensionConfig':
      case 'provider':
        cursor.take();
        this.#extension();
        break;
      default:
        throw cursor.failure(STATEMENTS);
    }
  }

  /** `name`, `'name@version'`, `with {…}`, `as alias`. */
  #extension(): void {
    const cursor = this.#cursor;
    if (cursor.token.kind === 'string') this.#expressions.string('an extension');
    else cursor.name('an extension');
    if (cursor.acceptWord('with')) this.#expressions.object(undefined);
    if (cursor.acceptWord('as')) cursor.name('an alias');
  }

  #decorators(): Decorator[] {
    const cursor = this.#cursor;
    const decorators: Decorator[] = [];
    while (cursor.is('@')) {
      const { start } = cursor.take();
      const written = this.#expressions.expression();
      const span = cursor.since(start);
      if (written.kind === 'call') {
        decorators.push({ name: written.name, arguments: written.arguments, ...span });
      } else if (written.kind === 'name' || written.kind === 'member') {
        decorators.push({ name: written.name, arguments: [], ...span });
      } else {
        throw new SyntaxFailure(written.start, 'found an expression, expected the name of a decorator');
      }
      cursor.skipNewlines();
    }
    return decorators;
  }

  #named(expected: string): { name: string; nameSpan: Span } {
    const { text: name, start, end } = this.#cursor.name(expected);
    return { name, nameSpan: { start, end } };
  }

  #parameter(decorators: readonly Decorator[], start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a parameter');
    const hasType = !cursor.is('=') && !cursor.atEndOfLine();
    const type = hasType ? this.#types.type() : undefined;
    if (type === undefined && !cursor.is('=')) throw cursor.failure('a type or = and a value');
    const value = cursor.accept('=') ? this.#expressions.expression() : undefined;
    return { kind: 'param', decorators, ...named, type, value, ...cursor.since(start) };
  }

  #variable(decorators: readonly Decorator[], start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a variable');
    if (!cursor.is('=')) this.#types.type();
    cursor.expect('=', '= and a value');
    const value = this.#expressions.expression();
    return { kind: 'var', decorators, ...named, value, ...cursor.since(start) };
  }

  #output(decorators: readonly Decorator[], start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of an output');
    if (!cursor.is('=')) this.#types.type();
    cursor.expect('=', '= and a value');
    const value = this.#expressions.expression();
    return { kind: 'output', decorators, ...named, value, ...cursor.since(start) };
  }

  #type(decorators: readonly Decorator[], start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a type');
    cursor.expect('=', '= and a type');
    cursor.skipNewlines();
    const type = this.#types.type();
    return { kind: 'type', decorators, ...named, type, ...cursor.since(start) };
  }

  #function(decorators: readonly Decorator[], start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a function');
    cursor.expect('(');
    cursor.skipNewlines();
    const parameters: string[] = [];
    while (!cursor.is(')')) {
      parameters.push(cursor.name('the name of a parameter').text);
      this.#types.type();
      cursor.skipNewlines();
      if (!cursor.accept(',') && !cursor.is(')')) throw cursor.failure('a comma or )');
      cursor.skipNewlines();
    }
    cursor.take();
    this.#types.type();
    cursor.expect('=>', '=> and the body of the function');
    cursor.skipNewlines();
    const body = this.#expressions.expression();
    return { kind: 'func', decorators, ...named, parameters, body, ...cursor.since(start) };
  }

  #resource(decorators: readonly Decorator[], start: number): ResourceDeclaration {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a resource');
    const type = this.#expressions.string("a resource type, such as 'Microsoft.Network/ipGroups@2024-05-01'");
    const existing = cursor.acceptWord('existing');
    const deployed = this.#deployed(() =>
      this.#expressions.object(() => {
        const { start: from } = cursor.token;
        const inner = this.#decorators();
        if (!cursor.isWord('resource')) throw cursor.failure('resource');
        return this.#resource(inner, from);
      }),
    );
    return { kind: 'resource', decorators, ...named, type, existing, ...deployed, ...cursor.since(start) };
  }

  #module(decorators: readonly Decorator[], start: number): ModuleDeclaration {
    const cursor = this.#cursor;
    cursor.take();
    const named = this.#named('the name of a module');
    const path = this.#expressions.string("the path of a module, such as './hub.bicep'");
    const deployed = this.#deployed(() => this.#expressions.object(undefined));
    return { kind: 'module', decorators, ...named, path, ...deployed, ...cursor.since(start) };
  }

  /** `= {…}`, `= if (…) {…}`, `= [for …: {…}]`, `= [for …: if (…) {…}]`. */
  #deployed(object: () => ObjectLiteral): {
    condition: Expression | undefined;
    loop: For | undefined;
    body: ObjectLiteral;
  } {
    const cursor = this.#cursor;
    cursor.expect('=');
    cursor.skipNewlines();
    if (!cursor.is('[')) return { loop: undefined, ...this.#perhaps(object) };
    let body: ObjectLiteral | undefined;
    const loop = this.#expressions.loopOf(() => {
      const inner = this.#perhaps(object);
      ({ body } = inner);
      return inner;
    });
    if (body === undefined) throw cursor.failure('{ and the body');
    return { condition: loop.condition, loop, body };
  }

  #perhaps(object: () => ObjectLiteral): { condition: Expression | undefined; body: ObjectLiteral } {
    const cursor = this.#cursor;
    if (!cursor.isWord('if')) {
      if (!cursor.is('{')) throw cursor.failure('{ and the body, if (…), or [for …]');
      return { condition: undefined, body: object() };
    }
    cursor.take();
    if (!cursor.is('(')) throw cursor.failure('( and the condition');
    const condition = this.#condition();
    cursor.skipNewlines();
    return { condition, body: object() };
  }

  /** In parentheses; what follows them begins the body. */
  #condition(): Expression {
    const cursor = this.#cursor;
    const { start } = cursor.expect('(');
    cursor.skipNewlines();
    const inner = this.#expressions.expression();
    cursor.skipNewlines();
    cursor.expect(')');
    return { kind: 'group', inner, ...cursor.since(start) };
  }

  #import(start: number): ImportDeclaration | undefined {
    const cursor = this.#cursor;
    cursor.take();
    if (cursor.token.kind === 'string') {
      // How extensions were written before they had a keyword.
      this.#extension();
      return undefined;
    }
    const names: { name: string; as: string }[] = [];
    let wildcard: string | undefined;
    if (cursor.accept('*')) {
      if (!cursor.acceptWord('as')) throw cursor.failure('as and a name');
      wildcard = cursor.name('a name').text;
    } else {
      cursor.expect('{', '{ and names, or * as a name');
      cursor.skipNewlines();
      while (!cursor.is('}')) {
        const name = this.#importedName();
        const as = cursor.acceptWord('as') ? cursor.name('a name').text : name;
        names.push({ name, as });
        if (!cursor.accept(',') && cursor.token.kind !== 'newline' && !cursor.is('}')) {
          throw cursor.failure('a comma, a line break or }');
        }
        cursor.skipNewlines();
      }
      cursor.take();
    }
    if (!cursor.acceptWord('from')) throw cursor.failure('from and a path');
    const from = this.#expressions.string('the path of a file');
    return { kind: 'import', from, wildcard, names, ...cursor.since(start) };
  }

  #importedName(): string {
    const cursor = this.#cursor;
    if (cursor.token.kind !== 'string') return cursor.name('a name').text;
    const written = this.#expressions.string('a name');
    return written.kind === 'string' ? written.value : '';
  }

  #using(start: number): Statement {
    const cursor = this.#cursor;
    cursor.take();
    const path = cursor.acceptWord('none')
      ? undefined
      : this.#expressions.string('the path of a template, or none');
    if (cursor.acceptWord('with')) this.#expressions.object(undefined);
    return { kind: 'using', path, ...cursor.since(start) };
  }
}
