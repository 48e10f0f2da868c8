/** Where something stands in an input. Lines and columns come late, for reported places only (src/locate). */
export interface Place {
  /** The file as the user named it; `-` for standard input. */
  readonly path: string;
  /** RFC 6901 JSON pointer; the empty string is the whole document. */
  readonly pointer: string;
  /** True where the property's key is meant, not its value. */
  readonly key?: boolean;
  /** Offsets in the text, in UTF-16 code units, the end exclusive; for formats whose pointers the text does not show. */
  readonly span?: { readonly start: number; readonly end: number };
  /** The part of the span to point at, where that is not its first line: the name of a rule. */
  readonly shown?: { readonly start: number; readonly end: number };
}

/**
 * A place inside another one. A large policy has tens of thousands and few are reported, so the pointer is put together
 * when somebody asks for it.
 */
class InnerPlace implements Place {
  declare readonly outer: Place;
  declare readonly token: string | number;

  constructor(outer: Place, token: string | number) {
    this.outer = outer;
    this.token = token;
  }

  get path(): string {
    return this.outer.path;
  }

  get pointer(): string {
    return this.outer.pointer + stepTo(this.token);
  }
}

class InnerKey extends InnerPlace {
  get key(): true {
    return true;
  }
}

/** Appends one reference token to a place, escaped as RFC 6901 says. */
export function child(place: Place, token: string | number): Place {
  return new InnerPlace(place, token);
}

/** The key of a property of the object at a place. */
export function keyIn(place: Place, name: string): Place {
  return new InnerKey(place, name);
}

function stepTo(token: string | number): string {
  return `/${typeof token === 'string' && NEEDS_ESCAPE.test(token) ? escapeToken(token) : token}`;
}

const NEEDS_ESCAPE = /[~/]/;

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function isInnerPlace(value: unknown): value is InnerPlace {
  return value instanceof InnerPlace;
}

/** The same place, meaning the property's key. */
export function keyOf(place: Place): Place {
  return isInnerPlace(place) ? keyIn(place.outer, String(place.token)) : { ...place, key: true };
}
