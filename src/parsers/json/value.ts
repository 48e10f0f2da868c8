import { InputError } from '../../errors.ts';
import { child, type Place } from '../../model/place.ts';
import { scalarValue, type ArrayValue, type Member, type ObjectValue, type Value } from '../value.ts';
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
 * A JSON object or array whose members become Values, and whose place is put together, when somebody looks: of a large
 * template most parts never are asked. `raw` is the plain parsed JSON.
 *
 * Thousands of these are made, so the fields are declared and assigned: V8 takes several times as long to define one.
 */
abstract class JsonContainer {
  declare readonly document: Document;
  declare private readonly parent: JsonContainer | undefined;
  /** What leads here from the parent. */
  declare private readonly token: string | number;
  declare private readonly depth: number;
  declare private known: Place | undefined;

  constructor(document: Document, parent: JsonContainer | undefined, token: string | number) {
    this.document = document;
    this.parent = parent;
    this.token = token;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.known = undefined;
    if (this.depth >= MAX_DEPTH) throw tooDeep(document);
  }

  get place(): Place {
    return (this.known ??=
      this.parent === undefined
        ? { path: this.document.path, pointer: '' }
        : child(this.parent.place, this.token));
  }

  protected valueOf(raw: unknown, token: string | number): Value {
    return isContainer(raw)
      ? containerOf(raw, this.document, this, token)
      : scalarValue(raw, child(this.place, token));
  }
}

export class JsonObject extends JsonContainer implements ObjectValue {
  declare readonly kind: 'object';
  declare readonly raw: Readonly<Record<string, unknown>>;
  declare private made: JsonMembers | undefined;

  constructor(
    raw: Readonly<Record<string, unknown>>,
    document: Document,
    parent: JsonContainer | undefined,
    token: string | number,
  ) {
    super(document, parent, token);
    this.kind = 'object';
    this.raw = raw;
    this.made = undefined;
  }

  get members(): ReadonlyMap<string, Member> {
    return (this.made ??= new JsonMembers(this));
  }

  /**
   * Lets go of what was made of the members; who asks again gets it made again. A rule is read once, and what is kept until
   * the last of thousands is read is moved about in memory again and again.
   */
  release(): void {
    this.made = undefined;
  }

  memberOf(written: string, raw: unknown): Member {
    return { name: written, value: this.valueOf(raw, written) };
  }
}

export class JsonArray extends JsonContainer implements ArrayValue {
  declare readonly kind: 'array';
  declare readonly raw: readonly unknown[];
  declare private made: readonly Value[] | undefined;

  constructor(
    raw: readonly unknown[],
    document: Document,
    parent: JsonContainer | undefined,
    token: string | number,
  ) {
    super(document, parent, token);
    this.kind = 'array';
    this.raw = raw;
    this.made = undefined;
  }

  get items(): readonly Value[] {
    if (this.raw.length === 0) return NO_ITEMS;
    // An array that grows keeps room for more.
    return (this.made ??= this.raw.map((item, index) => this.valueOf(item, index)));
  }
}

const NO_ITEMS: readonly Value[] = [];

/** Plain parsed JSON as a Value with places. `text` is kept to tell lines in errors. */
export function jsonValue(raw: unknown, path: string, text: string): Value {
  return isContainer(raw)
    ? containerOf(raw, { path, text, spellings: new Spellings() }, undefined, '')
    : scalarValue(raw, { path, pointer: '' });
}

function containerOf(
  raw: RawContainer,
  document: Document,
  parent: JsonContainer | undefined,
  token: string | number,
): JsonObject | JsonArray {
  return isArray(raw)
    ? new JsonArray(raw, document, parent, token)
    : new JsonObject(raw, document, parent, token);
}

/** A plain parsed object or array. */
export type RawContainer = Readonly<Record<string, unknown>> | readonly unknown[];

export function isArray(raw: RawContainer): raw is readonly unknown[] {
  return Array.isArray(raw);
}

export function isContainer(raw: unknown): raw is RawContainer {
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
