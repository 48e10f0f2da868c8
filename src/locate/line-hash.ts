import { lineEnd, lineStarts } from './lines.ts';

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

function startOf(line: number, starts: readonly number[]): number {
  return line === 1 ? 0 : (starts[line - 1] ?? 0);
}

/**
 * The wanted lines and, to number them, every line above that may hash as one of them does. Of tens of thousands of lines
 * few are reported, so the others are told apart by what stands behind their last blank.
 */
function linesAlike(text: string, starts: readonly number[], wanted: readonly number[]): number[] {
  const endings = new Endings(text);
  for (const line of wanted) endings.add(startOf(line, starts), lineEnd(text, starts, line));
  const last = wanted.reduce((most, line) => Math.max(most, line), 0);
  const alike: number[] = [];
  for (let line = 1, start = 0; line <= last; line++) {
    const stop = lineEnd(text, starts, line);
    if (endings.mayHold(start, stop)) alike.push(line);
    start = starts[line] ?? stop;
  }
  return alike;
}

/** How some lines of a text end, without what the hash leaves out. */
class Endings {
  readonly #text: string;
  readonly #hasTabs: boolean;
  readonly #ends = new Set<string>();
  readonly #tails = new Set<number>();

  constructor(text: string) {
    this.#text = text;
    this.#hasTabs = text.includes('\t');
  }

  /** The line from `start` to `stop`. */
  add(start: number, stop: number): void {
    const line = covered(this.#text.slice(start, stop));
    for (let at = Math.max(0, line.length - WINDOW); at <= line.length; at++) this.#ends.add(line.slice(at));
    this.#tails.add(tailOf(line, line.length));
  }

  /** May the line from `start` to `stop` be equal to one that was added? */
  mayHold(start: number, stop: number): boolean {
    // What is longer than the window may end in another way behind it.
    if (stop - start >= WINDOW) return true;
    const text = this.#text;
    if (stop - start >= TAIL && !hasBlank(text, stop) && !this.#tails.has(tailOf(text, stop))) return false;
    const blank = this.#lastBlank(stop);
    let end = text.slice(Math.max(start, blank + 1), stop);
    // Many lines end in a mere bracket behind a key.
    if (end.length < TAIL && blank > start) {
      end = text.slice(Math.max(start, this.#lastBlank(blank) + 1), blank) + end;
    }
    return this.#ends.has(end);
  }

  #lastBlank(before: number): number {
    const space = this.#text.lastIndexOf(' ', before - 1);
    return this.#hasTabs ? Math.max(space, this.#text.lastIndexOf('\t', before - 1)) : space;
  }
}

/** So many units before the end of a line tell most lines apart, without a look at the rest. */
const TAIL = 4;

function hasBlank(text: string, stop: number): boolean {
  for (let at = stop - TAIL; at < stop; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x20 || unit === 0x09) return true;
  }
  return false;
}

/** Two lines with different numbers end in different units. */
function tailOf(text: string, stop: number): number {
  let tail = 0;
  for (let at = Math.max(0, stop - TAIL); at < stop; at++) tail = Math.imul(tail, 31) + text.charCodeAt(at);
  return tail;
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

function covered(text: string): string {
  if (!text.includes('\r')) return text.replace(/[ \t]+/g, '');
  return text.replace(/[ \t]+|\r(?=\n)/g, '').replaceAll('\r', '\n');
}

/** 64 bits in two limbs: exact in doubles, and far faster than BigInt. */
function hash(window: string): string {
  let high = 0;
  let low = 0;
  for (let unit = 0; unit < WINDOW; unit++) {
    const next = low * FACTOR + window.charCodeAt(unit);
    low = next >>> 0;
    high = (high * FACTOR + (next - low) / LIMB) >>> 0;
  }
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}
