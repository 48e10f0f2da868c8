/** Texts that have symbols inside: what is known of them and what is not (see src/model/symbol.ts). */

export interface Piece {
  readonly text: string;
  readonly symbol: boolean;
}

/** The known parts and the symbols of a text, in order; the symbols with their brackets. */
export function splitKnown(text: string): Piece[] {
  if (!text.includes('⟦')) return [{ text, symbol: false }];
  return text
    .split(/(⟦[^⟧]*⟧)/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, symbol: piece.startsWith('⟦') }));
}

/** As String.split, but for what is inside symbols. */
export function splitOutsideSymbols(text: string, delimiter: string): string[] {
  if (!text.includes('⟦')) return text.split(delimiter);
  const parts: string[] = [];
  let last = '';
  for (const piece of splitKnown(text)) {
    const [head = '', ...tail] = piece.symbol ? [piece.text] : piece.text.split(delimiter);
    last += head;
    for (const next of tail) {
      parts.push(last);
      last = next;
    }
  }
  parts.push(last);
  return parts;
}
