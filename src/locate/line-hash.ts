import { lineStarts } from './lines.ts';

/**
 * The `primaryLocationLineHash` by which GitHub code scanning recognises an alert in a later version of a file:
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support#including-data-for-fingerprint-generation
 *
 * The hash covers 100 UTF-16 code units from the start of the line, running on into the lines that follow. Spaces and
 * tabs are left out, every line break is LF, and the text is followed by U+FFFF and zeros. It is
 * Σ unit·37^(99−i) mod 2^64 in hexadecimal, then `:n` for the n-th line of the file with this hash.
 * upload-sarif computes the same and warns about every result where it differs.
 */
const WINDOW = 100;
const FACTOR = 37;
const LIMB = 2 ** 32;
/** Units by which lines that cannot have a wanted hash are told apart without computing theirs. */
const PREFIX = 16;

/**
 * The hashes of the given one-based lines; lines that the text does not have are left out.
 * A byte order mark counts as a character here, as in GitHub's own computation, so pass the text with it.
 */
export function lineHashes(text: string, lines: Iterable<number>): Map<number, string> {
  const starts = lineStarts(text);
  starts[0] = 0;
  const wanted = new Set<number>();
  const prefixes = new Set<number>();
  let last = 0;
  for (const line of lines) {
    const start = starts[line - 1];
    if (start === undefined) continue;
    wanted.add(line);
    prefixes.add(prefix(text, start));
    last = Math.max(last, line);
  }

  const seen = new Map<string, number>();
  const result = new Map<number, string>();
  for (let line = 1; line <= last; line++) {
    const start = starts[line - 1] ?? 0;
    if (!prefixes.has(prefix(text, start))) continue;
    const digits = hash(text, start);
    const count = (seen.get(digits) ?? 0) + 1;
    seen.set(digits, count);
    if (wanted.has(line)) result.set(line, `${digits}:${count}`);
  }
  return result;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The offset of the next unit that the hash covers. */
function skipLeftOut(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB || (code === CR && text.charCodeAt(at + 1) === LF)) at++;
    else return at;
  }
}

/** A number that is equal for lines of equal hash. It stays on the line, most of which are short. */
function prefix(text: string, start: number): number {
  let result = 0;
  let units = 0;
  for (let at = start; units < PREFIX; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB) continue;
    if (code === LF || code === CR || at >= text.length) break;
    result = (Math.imul(result, 31) + code) | 0;
    units++;
  }
  return result;
}

/** 64 bits in two limbs: exact in doubles, and far faster than BigInt. */
function hash(text: string, start: number): string {
  let high = 0;
  let low = 0;
  let ended = false;
  let at = skipLeftOut(text, start);
  for (let unit = 0; unit < WINDOW; unit++) {
    let code = 0;
    if (at < text.length) {
      code = text.charCodeAt(at);
      if (code === CR) code = LF;
      at = skipLeftOut(text, at + 1);
    } else if (!ended) {
      code = 0xffff;
      ended = true;
    }
    const next = low * FACTOR + code;
    low = next >>> 0;
    high = (high * FACTOR + (next - low) / LIMB) >>> 0;
  }
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}
