import { Lexer, type StringForm, type Token } from './lexer.ts';
import type { Span, SyntaxProblem } from './tree.ts';

/** Thrown inside of a statement; the parser notes it and goes on with the next one. */
export class SyntaxFailure extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Far above what people write, and well within the stack. */
const MAX_NESTING = 200;

/** Where a parser stands in a text. */
export class Cursor {
  readonly text: string;
  readonly lexer: Lexer;
  readonly problems: SyntaxProblem[] = [];
  /** End of the last token that was taken. */
  end = 0;
  #token: Token;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.lexer = new Lexer(text);
    this.#token = this.lexer.read(0);
  }

  get token(): Token {
    return this.#token;
  }

  /** The token behind the next one. */
  get following(): Token {
    return this.lexer.read(this.#token.end);
  }

  /** The next token that is no line break. */
  get pastNewline(): Token {
    return this.#token.kind === 'newline' ? this.following : this.#token;
  }

  take(): Token {
    const token = this.#token;
    this.end = token.end;
    this.#token = this.lexer.read(token.end);
    return token;
  }

  /** Goes on inside a string, behind the `}` that is the next token. */
  takeString(form: StringForm): Token {
    if (!this.is('}')) throw this.failure('} to end the interpolation');
    const token = this.lexer.continued(this.#token.end, form);
    this.end = token.end;
    if (token.kind === 'wrong') throw new SyntaxFailure(token.start, `found ${token.text}`);
    this.#token = this.lexer.read(token.end);
    return token;
  }

  is(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign;
  }

  isWord(word: string): boolean {
    return this.#token.kind === 'name' && this.#token.text === word;
  }

  accept(sign: string): boolean {
    if (!this.is(sign)) return false;
    this.take();
    return true;
  }

  acceptWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.take();
    return true;
  }

  expect(sign: string, expected = sign): Token {
    if (!this.is(sign)) throw this.failure(expected);
    return this.take();
  }

  name(expected: string): Token {
    if (this.#token.kind !== 'name') throw this.failure(expected);
    return this.take();
  }

  skipNewlines(): void {
    if (this.#token.kind === 'newline') this.take();
  }

  atEndOfLine(): boolean {
    return this.#token.kind === 'newline' || this.#token.kind === 'end';
  }

  failure(expected: string): SyntaxFailure {
    const token = this.#token;
    if (token.kind === 'wrong') return new SyntaxFailure(token.start, `found ${token.text}`);
    return new SyntaxFailure(token.start, `found ${shown(token)}, expected ${expected}`);
  }

  /** Runs a part of the parser that may contain itself. */
  nested<T>(run: () => T): T {
    if (this.#depth >= MAX_NESTING) {
      const message = `found more than ${MAX_NESTING} levels of brackets and operators, expected fewer`;
      throw new SyntaxFailure(this.#token.start, message);
    }
    this.#depth += 1;
    try {
      return run();
    } finally {
      this.#depth -= 1;
    }
  }

  since(start: number): Span {
    return { start, end: this.end };
  }

  /** Notes what is wrong and goes to the line where a statement may begin: one that is not indented. */
  recover(failure: SyntaxFailure): void {
    this.problems.push({ offset: failure.offset, message: failure.message });
    const next = /[\r\n]+(?=[@A-Za-z])/g;
    next.lastIndex = Math.max(failure.offset, this.end);
    const found = next.exec(this.text);
    this.end = found === null ? this.text.length : next.lastIndex;
    this.#token = this.lexer.read(this.end);
  }
}

function shown(token: Token): string {
  switch (token.kind) {
    case 'newline':
      return 'the end of the line';
    case 'end':
      return 'the end of the file';
    case 'string':
      return `'${token.text.slice(0, 40)}'`;
    default:
      return token.text === "'" ? 'a quotation mark' : `'${token.text}'`;
  }
}
