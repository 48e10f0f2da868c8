/**
 * Symbols: values that offline evaluation cannot know, each equal to itself.
 *
 * A symbol lives inside a string as `⟦expression⟧`. `AzureCloud.⟦parameters('location')⟧` is a service tag of one
 * region, whichever it is; it certainly is not `mcr.microsoft.com`. Two occurrences of the same symbol are equal,
 * a symbol and anything else may be equal.
 */

/** Why a value is not known, and what the user can give so that it becomes known. */
export interface Unknown {
  /** A clause: "parameter 'location' has no value". */
  readonly reason: string;
  /** A clause in the imperative: "give its value with --parameters". */
  readonly supply: string;
  readonly place: { readonly path: string; readonly pointer: string };
  /** The text is wrong, which no value that the user could supply would change. */
  readonly isMistake?: true;
}

const OPEN = '⟦';
const CLOSE = '⟧';

/** Makes the string form of a symbol. The identity must be canonical: equal identities mean equal values. */
export function symbolOf(identity: string): string {
  return OPEN + identity.replaceAll(OPEN, '(').replaceAll(CLOSE, ')') + CLOSE;
}

export function hasSymbol(text: string): boolean {
  return text.includes(OPEN);
}

/** The symbols of a text, in order, each with its brackets. */
export function symbolsOf(text: string): string[] {
  return text.match(/⟦[^⟧]*⟧/g) ?? [];
}

/** True where the whole text is one symbol. */
export function isSymbol(text: string): boolean {
  return text.startsWith(OPEN) && text.indexOf(CLOSE) === text.length - 1;
}

/** For messages: brackets stripped, so that the expression reads as in the source. */
export function showSymbols(text: string): string {
  return text.replaceAll(OPEN, '[').replaceAll(CLOSE, ']');
}
