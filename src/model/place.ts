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

/** Appends one reference token to a place, escaped as RFC 6901 says. */
export function child(place: Place, token: string | number): Place {
  return { path: place.path, pointer: pointerTo(place, token) };
}

/** The key of a property of the object at a place. */
export function keyIn(place: Place, name: string): Place {
  return { path: place.path, pointer: pointerTo(place, name), key: true };
}

function pointerTo({ pointer }: Place, token: string | number): string {
  return pointer + stepTo(token);
}

/** What a reference token appends to a pointer. */
export function stepTo(token: string | number): string {
  return `/${typeof token === 'string' && NEEDS_ESCAPE.test(token) ? escapeToken(token) : token}`;
}

const NEEDS_ESCAPE = /[~/]/;

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The same place, meaning the property's key. */
export function keyOf(place: Place): Place {
  return { ...place, key: true };
}
