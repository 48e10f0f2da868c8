import type { Span } from './tree.ts';

export type TokenKind =
  | 'name'
  | 'number'
  /** A whole string; `piece` is true where it ends at `${`. */
  | 'string'
  | 'sign'
  | 'newline'
  | 'end'
  /** Something that no token begins with, or a string that does not end. */
  | 'wrong';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The name, the sign, the digits, the value of the string, or what is wrong. */
  readonly text: string;
  /** Strings that go on behind an interpolated expression. */
  readonly open?: StringForm;
}

/** How a string is written that has an open interpolation: quotes, and the number of dollars of `$'''`. */
export interface StringForm {
  readonly multiline: boolean;
  readonly dollars: number;
}

const SPACE = /[ \t]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+/y;
const SIGN = /\.\.\.|=>|==|=~|!=|!~|<=|>=|&&|\|\||\?\?|::|[@{}()[\],.?:=*/%+\-<>!|^]/y;
const COMMENT = /\/\/[^\r\n]*|\/\*[^]*?\*\//y;
/** Directives of the Bicep linter stand at the beginning of a line. */
const DIRECTIVE = /#(?:disable-next-line|disable-diagnostics|restore-diagnostics)[^\r\n]*/y;
const MULTILINE = /(\$*)'''(\r\n|\n)?/y;

/**
 * Tokens of a text, from any offset: nothing is remembered but the comments, so that a parser may look ahead and go back
 * (https://learn.microsoft.com/azure/azure-resource-manager/bicep/file).
 */
export class Lexer {
  readonly #text: string;
  readonly comments: Span[] = [];
  #commented = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The token at or behind an offset. Line breaks, blank lines and comments between two lines are one token. */
  read(from: number): Token {
    let start = from;
    let newline: number | undefined;
    for (;;) {
      start = this.#end(SPACE, start) ?? start;
      const char = this.#text[start];
      if (char === '\n' || char === '\r') {
        newline ??= start;
        start += 1;
        continue;
      }
      const comment = this.#end(COMMENT, start) ?? (char === '#' ? this.#end(DIRECTIVE, start) : undefined);
      if (comment === undefined) break;
      this.#comment(start, comment);
      start = comment;
    }
    if (newline !== undefined) return { kind: 'newline', text: '\n', start: newline, end: start };
    return this.#token(start);
  }

  #comment(start: number, end: number): void {
    if (start < this.#commented) return;
    this.#commented = end;
    this.comments.push({ start, end });
  }

  #token(start: number): Token {
    const text = this.#text;
    if (start >= text.length) return { kind: 'end', text: '', start, end: start };
    const char = text[start] ?? '';
    if (char === "'" || char === '$') return this.#string(start);
    const name = this.#match(NAME, start);
    if (name !== undefined) return { kind: 'name', text: name, start, end: start + name.length };
    const digits = this.#match(NUMBER, start);
    if (digits !== undefined) return { kind: 'number', text: digits, start, end: start + digits.length };
    const sign = text.startsWith('/*', start) ? undefined : this.#match(SIGN, start);
    if (sign !== undefined) return { kind: 'sign', text: sign, start, end: start + sign.length };
    return { kind: 'wrong', text: this.#wrong(start), start, end: start + 1 };
  }

  #wrong(start: number): string {
    if (this.#text.startsWith('/*', start)) return 'a comment that does not end';
    if (this.#text[start] === '"') return "a double quotation mark; Bicep writes strings in single ones, '…'";
    return `'${String.fromCodePoint(this.#text.codePointAt(start) ?? 0)}'`;
  }

  #string(start: number): Token {
    MULTILINE.lastIndex = start;
    const multiline = MULTILINE.exec(this.#text);
    if (multiline !== null) {
      const form = { multiline: true, dollars: (multiline[1] ?? '').length };
      return this.#multiline(start, MULTILINE.lastIndex, form);
    }
    if (this.#text[start] === '$') return { kind: 'wrong', text: "'$'", start, end: start + 1 };
    return this.#line(start, start + 1);
  }

  /** What follows the `}` of an interpolation that ends before `from`; the token begins at that sign. */
  continued(from: number, form: StringForm): Token {
    return form.multiline ? this.#multiline(from - 1, from, form) : this.#line(from - 1, from);
  }

  #multiline(start: number, content: number, form: StringForm): Token {
    const opening = form.dollars > 0 ? `${'$'.repeat(form.dollars)}{` : undefined;
    const quotes = this.#text.indexOf("'''", content);
    const hole = opening === undefined ? -1 : this.#text.indexOf(opening, content);
    if (opening !== undefined && hole >= 0 && (quotes < 0 || hole < quotes)) {
      const end = hole + opening.length;
      return { kind: 'string', text: this.#text.slice(content, hole), start, end, open: form };
    }
    if (quotes < 0) {
      const text = "a string of several lines that does not end; expected '''";
      return { kind: 'wrong', text, start, end: this.#text.length };
    }
    // Of more than three quotation marks the last three end the string.
    let end = quotes + 3;
    while (this.#text[end] === "'") end += 1;
    return { kind: 'string', text: this.#text.slice(content, end - 3), start, end };
  }

  #line(start: number, content: number): Token {
    const text = this.#text;
    let value = '';
    let at = content;
    for (;;) {
      let next = at;
      while (next < text.length && !STOPS.has(text[next] ?? '')) next += 1;
      value += text.slice(at, next);
      at = next;
      switch (text[at]) {
        case "'":
          return { kind: 'string', text: value, start, end: at + 1 };
        case '$':
          if (text[at + 1] === '{') {
            const open = { multiline: false, dollars: 1 };
            return { kind: 'string', text: value, start, end: at + 2, open };
          }
          value += '$';
          at += 1;
          break;
        case '\\': {
          const escape = this.#escape(at);
          if (escape === undefined) {
            const found = `the escape sequence '${text.slice(at, at + 2)}'; Bicep has \\\\, \\', \\n, \\r, \\t, \\$ and \\u{…}`;
            return { kind: 'wrong', text: found, start: at, end: at + 2 };
          }
          value += escape.value;
          at = escape.end;
          break;
        }
        default: {
          const problem = "a string that does not end in its line; expected a closing '";
          return { kind: 'wrong', text: problem, start, end: at };
        }
      }
    }
  }

  #escape(at: number): { value: string; end: number } | undefined {
    const letter = this.#text[at + 1] ?? '';
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) return { value: simple, end: at + 2 };
    const code = /^u\{([0-9A-Fa-f]{1,6})\}/.exec(this.#text.slice(at + 1, at + 10));
    const point = code === null ? NaN : parseInt(code[1] ?? '', 16);
    if (code === null || !(point <= 0x10ffff)) return undefined;
    return { value: String.fromCodePoint(point), end: at + 1 + code[0].length };
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }

  #end(pattern: RegExp, at: number): number | undefined {
    pattern.lastIndex = at;
    return pattern.test(this.#text) ? pattern.lastIndex : undefined;
  }
}

const STOPS: ReadonlySet<string> = new Set(["'", '$', '\\', '\n', '\r']);

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['$', '$'],
]);
