import type { Value } from '../value.ts';
import { scanJson } from './scan.ts';
import { isArray, isContainer, JsonArray, JsonObject, positionAt } from './value.ts';

export interface DuplicateKey {
  /** RFC 6901 pointer of the member that is there more than once. */
  readonly pointer: string;
  /** Where its second or later key begins. */
  readonly offset: number;
}

/**
 * Members that an object has twice, names compared without case as Azure does. Readers keep the last one and say nothing.
 */
export function duplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  walkPointers(text, {
    key(pointer, name, offset, seen) {
      if (seen.has(name.toLowerCase())) found.push({ pointer, offset });
    },
  });
  return found;
}

/**
 * May an object of the text have a member twice? Compares the members that the text writes with those that JSON.parse
 * kept, which is many times as fast as finding them. It tells members of one spelling only.
 * @param parsed what JSON.parse makes of the text
 */
export function hasRepeatedKeys(text: string, parsed: unknown): boolean {
  return countWrittenKeys(text) !== countMembers(parsed);
}

/** In JSON every string that a colon follows is a key. */
function countWrittenKeys(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start !== -1;) {
    let at = closingQuote(text, start) + 1;
    while (text.charCodeAt(at) <= 0x20) at += 1;
    if (text.charCodeAt(at) === 0x3a) count += 1;
    start = text.indexOf('"', at);
  }
  return count;
}

function closingQuote(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === 0x5c) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
}

function countMembers(parsed: unknown): number {
  if (!isContainer(parsed)) return 0;
  let count = 0;
  const pending = [parsed];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isArray(next)) {
      // Most lists hold texts only.
      if (next.some(isContainer)) pending.push(...next.filter(isContainer));
      continue;
    }
    // Parsed JSON inherits nothing that is enumerable.
    for (const name in next) {
      count += 1;
      const value = next[name];
      if (isContainer(value)) pending.push(value);
    }
  }
  return count;
}

/** Where the value (or, with `key`, the member's name) at a pointer begins and ends; the last one where keys repeat. */
export function spanOf(
  text: string,
  pointer: string,
  key = false,
): { readonly offset: number; readonly end: number } | undefined {
  let found: { offset: number; end: number } | undefined;
  walkPointers(text, {
    key(at, _name, offset, _seen, end) {
      if (key && at === pointer) found = { offset, end };
    },
    value(at, offset, end) {
      if (!key && at === pointer) found = { offset, end };
    },
  });
  return found;
}

/** One-based line and column of the value at a pointer, for values that readJson() made. */
export function positionOf(root: Value, pointer: string): { line: number; column: number } | undefined {
  if (!(root instanceof JsonObject) && !(root instanceof JsonArray)) return undefined;
  const { text } = root.document;
  const span = spanOf(text, pointer);
  return span === undefined ? undefined : positionAt(text, span.offset);
}

export interface PointerVisitor {
  key?(pointer: string, name: string, offset: number, seen: ReadonlySet<string>, end: number): void;
  /** A container begins. */
  open?(pointer: string, offset: number, kind: 'object' | 'array'): void;
  /** A value ends; `scalar` where it is no container. */
  value?(pointer: string, offset: number, end: number, scalar?: string | number | boolean | null): void;
  comment?(offset: number, end: number): void;
}

interface Frame {
  readonly pointer: string;
  readonly offset: number;
  /** Names so far; undefined in an array. */
  readonly seen: Set<string> | undefined;
  key: string;
  index: number;
}

/** Walks JSON, comments allowed, with the RFC 6901 pointer of everything. Throws a JsonSyntaxError. */
export function walkPointers(text: string, visitor: PointerVisitor): void {
  const stack: Frame[] = [];
  const pointerOfNext = (): string => {
    const frame = stack.at(-1);
    if (frame === undefined) return '';
    if (frame.seen !== undefined) return frame.key;
    frame.index += 1;
    return `${frame.pointer}/${frame.index}`;
  };
  scanJson(text, {
    open(kind, offset) {
      const seen = kind === 'object' ? new Set<string>() : undefined;
      const pointer = pointerOfNext();
      stack.push({ pointer, offset, seen, key: '', index: -1 });
      visitor.open?.(pointer, offset, kind);
    },
    close(end) {
      const frame = stack.pop();
      if (frame !== undefined) visitor.value?.(frame.pointer, frame.offset, end);
    },
    key(name, offset, end) {
      const frame = stack.at(-1);
      if (frame?.seen === undefined) return;
      frame.key = `${frame.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      visitor.key?.(frame.key, name, offset, frame.seen, end);
      frame.seen.add(name.toLowerCase());
    },
    scalar(value, offset, end) {
      const pointer = pointerOfNext();
      visitor.value?.(pointer, offset, end, value);
    },
    comment(offset, end) {
      visitor.comment?.(offset, end);
    },
  });
}
