/**
 * A reader for the JSON that people keep in template files: RFC 8259 plus comments, trailing commas and line breaks
 * inside strings, which Azure's own tools accept
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata).
 * It keeps its own stack, so that depth is no danger, and reports offsets.
 */

export interface JsonVisitor {
  /** An object or array begins at `offset`; `depth` counts the containers around it. */
  open(kind: 'object' | 'array', offset: number, depth: number): void;
  /** It ends; `end` is behind its bracket. */
  close(end: number): void;
  /** A member's name; its value follows. */
  key(name: string, offset: number, end: number): void;
  scalar(value: string | number | boolean | null, offset: number, end: number): void;
  /** `//` or `/*` at `offset`; `end` is behind it. */
  comment?(offset: number, end: number): void;
  /** A comma before a closing bracket. */
  trailingComma?(offset: number): void;
}

export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;
  readonly found: string;
  readonly expected: string;

  constructor(offset: number, found: string, expected: string) {
    super(`found ${found}, expected ${expected}`);
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }
}

const EXPECTED = {
  value: 'a value',
  item: 'a value or "]"',
  key: 'a property name in double quotes or "}"',
  colon: '":"',
  nextItem: '"," or "]"',
  nextMember: '"," or "}"',
  end: 'the end of the file',
} as const;
type Expecting = keyof typeof EXPECTED;

const SPACE = /[ \t\r\n]*/y;
const WORD = /[A-Za-z_][\w.-]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Walks `text` once and calls the visitor; throws JsonSyntaxError at the first thing that is not JSON. */
export function scanJson(text: string, visitor: JsonVisitor): void {
  const stack: ('object' | 'array')[] = [];
  let expecting: Expecting = 'value';
  let comma = -1;
  let at = 0;
  for (;;) {
    at = skipSpaceAndComments(text, at, visitor);
    const char = text[at];
    if (char === undefined) {
      if (expecting === 'end') return;
      throw new JsonSyntaxError(at, 'the end of the file', EXPECTED[expecting]);
    }
    if (closes(char, expecting)) {
      if (comma >= 0) visitor.trailingComma?.(comma);
      stack.pop();
      at += 1;
      visitor.close(at);
      expecting = afterValue(stack);
    } else if (char === ',' && (expecting === 'nextItem' || expecting === 'nextMember')) {
      comma = at;
      at += 1;
      expecting = expecting === 'nextItem' ? 'item' : 'key';
      continue;
    } else if (char === ':' && expecting === 'colon') {
      at += 1;
      expecting = 'value';
    } else if (char === '"' && expecting === 'key') {
      const end = endOfString(text, at);
      visitor.key(decodeString(text, at, end), at, end);
      at = end;
      expecting = 'colon';
    } else if (expecting !== 'value' && expecting !== 'item') {
      throw unexpected(text, at, EXPECTED[expecting]);
    } else if (char === '{' || char === '[') {
      const kind = char === '{' ? 'object' : 'array';
      visitor.open(kind, at, stack.length);
      stack.push(kind);
      at += 1;
      expecting = kind === 'object' ? 'key' : 'item';
    } else {
      const [value, end] = scalarAt(text, at, EXPECTED[expecting]);
      visitor.scalar(value, at, end);
      at = end;
      expecting = afterValue(stack);
    }
    comma = -1;
  }
}

function closes(char: string, expecting: Expecting): boolean {
  if (char === ']') return expecting === 'item' || expecting === 'nextItem';
  return char === '}' && (expecting === 'key' || expecting === 'nextMember');
}

function afterValue(stack: readonly ('object' | 'array')[]): Expecting {
  const container = stack.at(-1);
  if (container === undefined) return 'end';
  return container === 'array' ? 'nextItem' : 'nextMember';
}

function scalarAt(
  text: string,
  at: number,
  expected: string,
): [value: string | number | boolean | null, end: number] {
  if (text[at] === '"') {
    const end = endOfString(text, at);
    return [decodeString(text, at, end), end];
  }
  const word = match(WORD, text, at);
  const literal = word === undefined ? undefined : LITERALS.get(word);
  if (word !== undefined && literal !== undefined) return [literal, at + word.length];
  const number = word === undefined ? match(NUMBER, text, at) : undefined;
  if (number === undefined) throw unexpected(text, at, expected);
  return [Number(number), at + number.length];
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  return found === '' ? undefined : found;
}

function skipSpaceAndComments(text: string, from: number, visitor: JsonVisitor): number {
  let at = from;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = Math.max(at, SPACE.lastIndex);
    if (text[at] !== '/') return at;
    const start = at;
    if (text[at + 1] === '/') {
      const end = text.slice(at).search(/[\r\n]/);
      at = end < 0 ? text.length : at + end;
    } else if (text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) throw new JsonSyntaxError(at, 'a comment that is not closed', '"*/"');
      at = end + 2;
    } else {
      return at;
    }
    visitor.comment?.(start, at);
  }
}

/** The offset behind the closing quote. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  throw new JsonSyntaxError(start, 'a string that is not closed', 'a closing double quote');
}

function decodeString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  // Line breaks and tabs inside strings are written out, since JSON.parse does not take them.
  const strict = inner.replace(
    // eslint-disable-next-line no-control-regex -- JSON forbids exactly these inside strings
    /[\u0000-\u001f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  try {
    return String(JSON.parse(`"${strict}"`));
  } catch {
    const bad = /\\(?:u(?![0-9a-fA-F]{4})|[^"\\/bfnrtu])/.exec(inner);
    throw new JsonSyntaxError(
      start + 1 + (bad?.index ?? 0),
      `${JSON.stringify(bad?.[0] ?? inner.slice(0, 20))} in a string`,
      String.raw`an escape such as \n, \\ or \u00e9`,
    );
  }
}

function unexpected(text: string, at: number, expected: string): JsonSyntaxError {
  const word = match(WORD, text, at) ?? match(/[^\s,:{}[\]"]{1,20}/y, text, at) ?? text.slice(at, at + 1);
  return new JsonSyntaxError(at, JSON.stringify(word.slice(0, 40)), expected);
}
