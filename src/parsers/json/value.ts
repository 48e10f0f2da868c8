import { InputError } from '../../errors.ts';
import { child, type Place } from '../../model/place.ts';
import {
  boolean,
  nothing,
  number,
  string,
  type ArrayValue,
  type Member,
  type ObjectValue,
  type Value,
} from '../value.ts';
import { JsonMembers, Spellings } from './members.ts';
import { JsonSyntaxError, scanJson } from './scan.ts';

/** Azure's own reader stops far earlier; this leaves room and keeps every recursion behind it harmless. */
export const MAX_DEPTH = 200;

/** What a value was read from. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly spellings: Spellings;
}

/**
 * A JSON object or array whose members become Values when somebody looks: of a large template most parts never are.
 * `raw` is the plain parsed JSON.
 */
export class JsonObject implements ObjectValue {
  readonly kind = 'object';
  readonly raw: Readonly<Record<string, unknown>>;
  readonly place: Place;
  readonly document: Document;
  readonly #depth: number;
  #members: JsonMembers | undefined;

  constructor(raw: Readonly<Record<string, unknown>>, place: Place, document: Document, depth: number) {
    this.raw = raw;
    this.place = place;
    this.document = document;
    this.#depth = depth;
  }

  get members(): ReadonlyMap<string, Member> {
    this.#members ??= new JsonMembers(this.raw, this.document.spellings, (name, raw) =>
      valueOf(raw, child(this.place, name), this.document, this.#depth + 1),
    );
    return this.#members;
  }
}

export class JsonArray implements ArrayValue {
  readonly kind = 'array';
  readonly raw: readonly unknown[];
  readonly place: Place;
  readonly document: Document;
  readonly #depth: number;
  #items: Value[] | undefined;

  constructor(raw: readonly unknown[], place: Place, document: Document, depth: number) {
    this.raw = raw;
    this.place = place;
    this.document = document;
    this.#depth = depth;
  }

  get items(): readonly Value[] {
    this.#items ??= this.raw.map((item, index) =>
      valueOf(item, child(this.place, index), this.document, this.#depth + 1),
    );
    return this.#items;
  }
}

/** Plain parsed JSON as a Value with places. `text` is kept to tell lines in errors. */
export function jsonValue(raw: unknown, path: string, text: string): Value {
  return valueOf(raw, { path, pointer: '' }, { path, text, spellings: new Spellings() }, 0);
}

function valueOf(raw: unknown, place: Place, document: Document, depth: number): Value {
  switch (typeof raw) {
    case 'string':
      return string(raw, place);
    case 'number':
      return number(raw, place);
    case 'boolean':
      return boolean(raw, place);
    default:
  }
  if (!isContainer(raw)) return nothing(place);
  if (depth >= MAX_DEPTH) throw tooDeep(document);
  return Array.isArray(raw)
    ? new JsonArray(raw, place, document, depth)
    : new JsonObject(raw, place, document, depth);
}

function isContainer(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null;
}

function tooDeep({ path, text }: Document): InputError {
  let deepest: number | undefined;
  const ignore = (): void => undefined;
  try {
    scanJson(text, {
      open(_kind, offset, depth) {
        if (depth < MAX_DEPTH) return;
        deepest = offset;
        throw new JsonSyntaxError(offset, 'nesting', 'less');
      },
      close: ignore,
      key: ignore,
      scalar: ignore,
    });
  } catch {
    // Only the offset is wanted.
  }
  return new InputError(
    path,
    `objects and arrays are nested more than ${MAX_DEPTH} levels deep; no firewall configuration is`,
    deepest === undefined ? undefined : positionAt(text, deepest),
  );
}

/** One-based line and column of an offset, columns in UTF-16 units. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (const { 0: newline, index } of text.slice(0, offset).matchAll(/\r\n|\r|\n/g)) {
    line += 1;
    start = index + newline.length;
  }
  return { line, column: offset - start + 1 };
}
