import { lineEnd, lineStarts, type LineStarts } from './lines.ts';

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
const LIMB = 22;
const LIMB_MASK = 2 ** LIMB - 1;
const HIGH_MASK = 2 ** 20 - 1;
const END = `\uffff${'\0'.repeat(WINDOW)}`;

/**
 * The hashes of the given one-based lines; lines that the text does not have are left out.
 * A byte order mark counts as a character here, as in GitHub's own computation, so pass the text with it.
 */
export function lineHashes(text: string, lines: Iterable<number>): Map<number, string> {
  const starts = lineStarts(text);
  const wanted = [...lines].filter((line) => starts[line - 1] !== undefined);
  const digitsOf = new Map<string, string>();
  for (const line of wanted) {
    const window = windowAt(text, startOf(line, starts));
    if (!digitsOf.has(window)) digitsOf.set(window, hash(window));
  }
  const isWanted = new Set(wanted);
  const seen = new Map<string, number>();
  const result = new Map<number, string>();
  for (const line of linesAlike(text, starts, wanted)) {
    const digits = digitsOf.get(windowAt(text, startOf(line, starts)));
    if (digits === undefined) continue;
    const count = (seen.get(digits) ?? 0) + 1;
    seen.set(digits, count);
    if (isWanted.has(line)) result.set(line, `${digits}:${count}`);
  }
  return result;
}

function startOf(line: number, starts: LineStarts): number {
  return line === 1 ? 0 : (starts[line - 1] ?? 0);
}

/**
 * The wanted lines and, to number them, every line above that may hash as one of them does. Of tens of thousands of lines
 * few are reported, and a look at their last units tells nearly all others apart.
 */
function linesAlike(text: string, starts: LineStarts, wanted: readonly number[]): number[] {
  const endings = new Uint8Array(ENDINGS);
  const written = new Set<string>();
  for (const line of wanted) {
    const units = covered(text.slice(startOf(line, starts), lineEnd(text, starts, line)));
    written.add(units);
    // A blank may stand before each of them.
    for (let count = 0; count <= TAIL; count++) {
      const ending = `\n\n\n${units.slice(Math.max(0, units.length - count))}`;
      endings[endingOf(ending, ending.length)] = 1;
    }
  }
  const hasCr = text.includes('\r');
  const last = wanted.reduce((most, line) => Math.max(most, line), 0);
  // Many lines are written alike.
  const known = new Map<string, boolean>();
  const isWritten = (line: string): boolean => {
    const answer = known.get(line) ?? written.has(covered(line));
    known.set(line, answer);
    return answer;
  };
  const alike: number[] = [];
  starts.forEach((start, at) => {
    if (at >= last) return;
    const next = starts[at + 1];
    // What is longer than the window may end in another way behind it; no line break ends the last line, and a byte order
    // mark may begin the first.
    if (next === undefined || next - start > WINDOW || at === 0) {
      alike.push(at + 1);
      return;
    }
    const stop = hasCr && text.startsWith('\r\n', next - 2) ? next - 2 : next - 1;
    if (endings[endingOf(text, stop)] === 1 && isWritten(text.slice(start, stop))) alike.push(at + 1);
  });
  return alike;
}

/** So many units tell most lines apart: a name or a number ends in them. */
const TAIL = 3;
const ENDINGS = 4096;
const SPACE = 0x20;

/** A number for the last units before an offset, as far as neither blank nor line break stands between them. */
function endingOf(text: string, stop: number): number {
  const last = stop < TAIL ? SPACE : text.charCodeAt(stop - 1);
  if (last <= SPACE) return 0;
  const second = text.charCodeAt(stop - 2);
  if (second <= SPACE) return last % ENDINGS;
  const third = text.charCodeAt(stop - 3);
  const ending = last * 31 + second;
  return (third <= SPACE ? ending : ending * 31 + third) % ENDINGS;
}

/** The first 100 units from `start` without what the hash leaves out, every line break LF. */
function windowAt(text: string, start: number): string {
  let window = '';
  for (let from = start; window.length < WINDOW && from < text.length;) {
    let to = from + 2 * WINDOW;
    if (text.charCodeAt(to - 1) === 0x0d) to += 1;
    window += covered(text.slice(from, to));
    from = to;
  }
  return window.length < WINDOW ? (window + END).slice(0, WINDOW) : window.slice(0, WINDOW);
}

const INDENTATION = /[ \t]*/y;
const BLANK = /[ \t]/;
const BLANKS = /[ \t]+/g;

function covered(text: string): string {
  if (!text.includes('\r')) {
    INDENTATION.lastIndex = 0;
    INDENTATION.test(text);
    const rest = text.slice(INDENTATION.lastIndex);
    // Of most lines that is all there is, and looking is much faster than replacing.
    return BLANK.test(rest) ? rest.replace(BLANKS, '') : rest;
  }
  return text.replace(/[ \t]+|\r(?=\n)/g, '').replaceAll('\r', '\n');
}

/**
 * 64 bits in three limbs of 22, 22 and 20: V8 keeps integers of up to 31 bits as they are, and allocates memory for every
 * larger one.
 */
function hash(window: string): string {
  let high = 0;
  let middle = 0;
  let low = 0;
  for (let unit = 0; unit < WINDOW; unit++) {
    low = low * FACTOR + window.charCodeAt(unit);
    middle = middle * FACTOR + (low >>> LIMB);
    high = (high * FACTOR + (middle >>> LIMB)) & HIGH_MASK;
    middle &= LIMB_MASK;
    low &= LIMB_MASK;
  }
  const upper = high * 2 ** 12 + (middle >>> 10);
  const lower = (middle % 2 ** 10) * 2 ** LIMB + low;
  return upper === 0 ? lower.toString(16) : upper.toString(16) + lower.toString(16).padStart(8, '0');
}
