/**
 * Finds the tokens of wanted JSON pointers in one pass over the text, without building anything for the rest.
 * It accepts what Azure accepts in templates beyond JSON (comments, trailing commas, line breaks inside strings) and
 * never fails: in a text that is no JSON it finds what stands before the fault.
 */

/** A wanted pointer or an ancestor of one. Offsets are -1 until the text turns out to hold it. */
export interface Node {
  readonly parent: Node | undefined;
  /** Made with the first child: most nodes have none. */
  children: Map<string, Node> | undefined;
  start: number;
  end: number;
  container: boolean;
  keyStart: number;
  keyEnd: number;
  /** The value of the member "name", which says more to a reader than a brace does. */
  nameStart: number;
  nameEnd: number;
}

export function createNode(parent?: Node): Node {
  return {
    parent,
    children: undefined,
    start: -1,
    end: -1,
    container: false,
    keyStart: -1,
    keyEnd: -1,
    nameStart: -1,
    nameEnd: -1,
  };
}

/** The child of a name, made if it is not there yet. */
export function childOf(parent: Node, name: string): Node {
  parent.children ??= new Map();
  let child = parent.children.get(name);
  if (child === undefined) {
    child = createNode(parent);
    parent.children.set(name, child);
  }
  return child;
}

/** JSON.parse keeps the last of duplicate keys, so a later one forgets what was found below an earlier one. */
function forget(node: Node): void {
  const pending: Node[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    next.start = next.end = next.keyStart = next.keyEnd = next.nameStart = next.nameEnd = -1;
    next.container = false;
    if (next.children !== undefined) pending.push(...next.children.values());
  }
}

interface Frame {
  readonly node: Node;
  readonly isArray: boolean;
  index: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The offset behind a string token; the end of the text where its quote is never closed. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return text.length;
}

function commentEnd(text: string, start: number): number {
  const next = text.charCodeAt(start + 1);
  if (next === SLASH) {
    const lf = text.indexOf('\n', start);
    return lf === -1 ? text.length : lf;
  }
  if (next === STAR) {
    const close = text.indexOf('*/', start + 2);
    return close === -1 ? text.length : close + 2;
  }
  return start + 1;
}

/** The offset of the next character that is neither white space nor comment. */
function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0xfeff || code === 0xa0) at++;
    else if (code === SLASH) at = commentEnd(text, at);
    else return Math.min(at, text.length);
  }
}

/** The offset behind a value nobody asked about. */
function valueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return stringEnd(text, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return primitiveEnd(text, start);
  let depth = 0;
  STRUCTURE.lastIndex = start;
  while (STRUCTURE.test(text)) {
    const at = STRUCTURE.lastIndex - 1;
    const code = text.charCodeAt(at);
    if (code === QUOTE) STRUCTURE.lastIndex = stringEnd(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === SLASH) STRUCTURE.lastIndex = commentEnd(text, at);
    else if (--depth === 0) return at + 1;
  }
  return text.length;
}

/** All that decides where a container ends; the expression finds it faster than a loop over blanks does. */
const STRUCTURE = /["{}[\]/]/g;

function primitiveEnd(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code === SLASH)
      break;
  }
  return at;
}

function keyText(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/**
 * Fills the offsets of the tree that hangs on `root`.
 * @param indentation of each level, where the text is written as JSON.stringify writes it: then most of it is skipped
 */
export function scan(text: string, root: Node, indentation?: string): void {
  new Scan(text, indentation).of(root);
}

class Scan {
  readonly #text: string;
  /** Before what a container of each depth ends with; undefined where the text says nothing by its line breaks. */
  readonly #margins: string[] | undefined;
  readonly #indentation: string;
  readonly #frames: Frame[] = [];

  constructor(text: string, indentation?: string) {
    this.#text = text;
    this.#indentation = indentation ?? '';
    this.#margins = indentation === undefined ? undefined : ['\n'];
  }

  of(root: Node): void {
    const text = this.#text;
    const frames = this.#frames;
    let at = this.#enter(skipBlank(text, 0), root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      at = this.#nextToken(at);
      if (at >= text.length) return;
      const code = text.charCodeAt(at);
      if (code === COMMA) {
        at++;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        at++;
        frame.node.end = at;
        frames.pop();
      } else if (frame.isArray) {
        const child = frame.node.children?.get(String(frame.index++));
        at = child === undefined ? this.#valueEnd(at) : this.#enter(at, child);
      } else if (code === QUOTE) {
        at = this.#member(at, frame.node);
      } else {
        // Not JSON: nothing below this point can be trusted.
        return;
      }
    }
  }

  /** Reads one member of an object; returns the offset from which to go on. */
  #member(keyStart: number, parent: Node): number {
    const text = this.#text;
    const keyEnd = stringEnd(text, keyStart);
    const colon = skipBlank(text, keyEnd);
    if (text.charCodeAt(colon) !== COLON) return text.length;
    const start = skipBlank(text, colon + 1);
    const key = keyText(text, keyStart, keyEnd);
    const child = parent.children?.get(key);
    if (key.length === 4 && key.toLowerCase() === 'name' && text.charCodeAt(start) === QUOTE) {
      parent.nameStart = start;
      parent.nameEnd = stringEnd(text, start);
    }
    if (child === undefined) return this.#valueEnd(start);
    if (child.start !== -1) forget(child);
    child.keyStart = keyStart;
    child.keyEnd = keyEnd;
    return this.#enter(start, child);
  }

  /** Notes where a wanted value starts and goes into it if it is a container. */
  #enter(start: number, node: Node): number {
    const text = this.#text;
    if (start >= text.length) return start;
    const code = text.charCodeAt(start);
    node.start = start;
    node.container = code === OPEN_BRACE || code === OPEN_BRACKET;
    if (!node.container) {
      node.end = this.#valueEnd(start);
      return node.end;
    }
    // Until its end is seen; it stays so in a text that breaks off.
    node.end = start + 1;
    this.#frames.push({ node, isArray: code === OPEN_BRACKET, index: 0 });
    return start + 1;
  }

  /** The offset behind a value nobody asked about. */
  #valueEnd(start: number): number {
    if (this.#margins === undefined) return valueEnd(this.#text, start);
    const text = this.#text;
    const opening = text.charCodeAt(start);
    if (opening !== OPEN_BRACE && opening !== OPEN_BRACKET) return valueEnd(text, start);
    // Both closing brackets stand two behind their opening ones.
    if (text.charCodeAt(start + 1) === opening + 2) return start + 2;
    const margin = this.#margin(this.#frames.length);
    return text.indexOf(`${margin}${opening === OPEN_BRACE ? '}' : ']'}`, start) + margin.length + 1;
  }

  /** The offset of the next character that is neither white space nor comment. */
  #nextToken(start: number): number {
    const text = this.#text;
    if (this.#margins === undefined) return skipBlank(text, start);
    const lf = text.charCodeAt(start) === CARRIAGE_RETURN ? start + 1 : start;
    // What follows is at least as far in as the closing bracket of the container.
    const margin = text.charCodeAt(lf) === LINE_FEED ? this.#margin(this.#frames.length - 1).length : 0;
    return skipBlank(text, lf + margin);
  }

  #margin(depth: number): string {
    const margins = this.#margins ?? [];
    for (let last = margins.at(-1); last !== undefined && margins.length <= depth; last = margins.at(-1))
      margins.push(`${last}${this.#indentation}`);
    return margins[depth] ?? '';
  }
}
