import { InputError } from '../../errors.ts';
import type { Place } from '../../model/place.ts';
import type { Value } from '../value.ts';
import { indentationOf } from './indentation.ts';
import { duplicateKeys, hasRepeatedKeys } from './pointers.ts';
import { JsonSyntaxError, scanJson } from './scan.ts';
import { jsonValue, positionAt } from './value.ts';

export interface JsonText {
  readonly value: Value;
  /** What is tolerated but deserves a word. */
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  /** Of each level, where the text is written as JSON.stringify writes it. */
  readonly indentation?: string | undefined;
}

/**
 * Plain JSON of a text in a template, which may have comments, trailing commas and strings in single quotes as in
 * Microsoft's own examples of json(); undefined where it is none.
 */
export function parseJson(text: string): unknown {
  for (const attempt of [text, doubleQuoted(text)]) {
    try {
      return JSON.parse(attempt);
    } catch {
      try {
        return parseTolerantly('', attempt).raw;
      } catch {
        // The next attempt, or none.
      }
    }
  }
  return undefined;
}

/** Strings in single quotes as strings in double quotes; those in double quotes stay. */
function doubleQuoted(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs,
    (whole: string, inner: string | undefined) =>
      inner === undefined
        ? whole
        : `"${inner.replace(/\\'|"/g, (quote) => (quote === '"' ? String.raw`\"` : "'"))}"`,
  );
}

/**
 * Reads JSON, or JSON with comments, trailing commas and line breaks in strings. Throws an InputError with line, column,
 * what was found and what was expected. JSON.parse is ten times as fast as any tolerant reader, so it goes first.
 */
export function readJson(path: string, text: string): JsonText {
  const unmarked = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  // These two mark symbols in evaluated texts; no name in Azure may have them.
  const body = unmarked.includes('⟦') ? unmarked.replace(/[⟦⟧]/g, '?') : unmarked;
  if (!/\S/.test(body)) throw new InputError(path, 'the file is empty; expected JSON');
  try {
    const raw: unknown = JSON.parse(body);
    const value = jsonValue(raw, path, body);
    const indentation = indentationOf(body, raw);
    if (indentation !== undefined) return { value, notes: [], indentation };
    return { value, notes: hasRepeatedKeys(body, raw) ? repeatedKeys(path, body) : [] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { raw, trailingComma } = parseTolerantly(path, body);
  const notes = repeatedKeys(path, body);
  if (trailingComma !== undefined) {
    const { line } = positionAt(body, trailingComma);
    const message = `line ${line} has a trailing comma: Azure accepts it, most JSON readers do not`;
    notes.push({ message, place: { path, pointer: '' } });
  }
  return { value: jsonValue(raw, path, body), notes };
}

/** How many are named before the rest is counted. */
const MOST_REPEATED = 5;

function repeatedKeys(path: string, text: string): { message: string; place: Place }[] {
  const found = duplicateKeys(text);
  const notes = found.slice(0, MOST_REPEATED).map(({ pointer, offset }) => {
    const { line } = positionAt(text, offset);
    const name = pointer
      .slice(pointer.lastIndexOf('/') + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    const message = `line ${line} has '${name}' a second time in one object: the last one counts, and what the others say is lost`;
    return { message, place: { path, pointer: '' } };
  });
  const more = found.length - notes.length;
  if (more > 0) {
    notes.push({ message: `${more} more keys are there a second time`, place: { path, pointer: '' } });
  }
  return notes;
}

type Container =
  | { readonly object: Record<string, unknown>; readonly start: number; key: string }
  | { readonly array: unknown[]; readonly start: number };

function parseTolerantly(path: string, text: string): { raw: unknown; trailingComma: number | undefined } {
  const stack: Container[] = [];
  let raw: unknown;
  let trailingComma: number | undefined;
  const add = (value: unknown): void => {
    const container = stack.at(-1);
    if (container === undefined) raw = value;
    else if ('array' in container) container.array.push(value);
    else container.object[container.key] = value;
  };
  try {
    scanJson(text, {
      open(kind, start) {
        if (kind === 'array') {
          const array: unknown[] = [];
          add(array);
          stack.push({ array, start });
        } else {
          // Without a prototype `__proto__` is a key like any other.
          const object = Object.create(null) as Record<string, unknown>;
          add(object);
          stack.push({ object, start, key: '' });
        }
      },
      close() {
        stack.pop();
      },
      key(name) {
        const container = stack.at(-1);
        if (container !== undefined && 'key' in container) container.key = name;
      },
      scalar: add,
      trailingComma(offset) {
        trailingComma ??= offset;
      },
    });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw syntaxProblem(path, text, error, stack.at(-1));
  }
  return { raw, trailingComma };
}

function syntaxProblem(
  path: string,
  text: string,
  error: JsonSyntaxError,
  open: Container | undefined,
): InputError {
  let message = `not JSON: ${error.message}`;
  if (error.offset >= text.length && open !== undefined) {
    const { line } = positionAt(text, open.start);
    message += ` to go on with the ${'array' in open ? 'array' : 'object'} that begins in line ${line}; is the file complete?`;
  }
  return new InputError(path, message, positionAt(text, error.offset));
}
