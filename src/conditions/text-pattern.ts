import { hasSymbol } from '../model/symbol.ts';

/**
 * Patterns for texts: `*` is any text, `?` any one character, `#` a digit, everything else itself without regard to case.
 * They take the place of regular expressions, since checks may come from a stranger's pull request: the longest match
 * costs the length of the text times that of the pattern, never more.
 */
export type TextPattern = (text: string) => boolean | undefined;

/** @returns whether the whole text matches; undefined where that depends on what a symbol in it stands for */
export function textPattern(pattern: string): TextPattern {
  const wanted = pattern.toLowerCase();
  return (text) => {
    if (!hasSymbol(text)) return matches(wanted, text.toLowerCase());
    // A symbol as one character that only `*` takes: what matches then matches whatever the symbol stands for.
    return matches(wanted, text.toLowerCase().replaceAll(/⟦[^⟧]*⟧/g, SYMBOL)) ? true : undefined;
  };
}

const SYMBOL = '⟦';

/** Where a part fails, only the last `*` can take one character more. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let taken = 0;
  while (from < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      at += 1;
      taken = from;
    } else if (wanted !== undefined && fits(wanted, text[from] ?? '')) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      taken += 1;
      from = taken;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

function fits(wanted: string, found: string): boolean {
  if (found === SYMBOL) return false;
  if (wanted === '?') return true;
  return wanted === '#' ? found >= '0' && found <= '9' : wanted === found;
}
