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
 *
 * Most lines of a file are only counted, so what is done for every line is left to the functions of strings, which are far
 * faster than a loop over characters in a program that runs this once.
 */
export function lineHashes(text: string, lines: Iterable<number>): Map<number, string> {
  const covered = coveredText(text);
  const starts = [0];
  for (let at = covered.indexOf('\n'); at !== -1; at = covered.indexOf('\n', at + 1)) starts.push(at + 1);
  const windowAt = (start: number): string => {
    const window = covered.slice(start, start + WINDOW);
    return window.length < WINDOW ? (window + END).slice(0, WINDOW) : window;
  };

  const wanted = new Set<number>();
  const digitsOf = new Map<string, string>();
  const sketches = new Set<number>();
  let last = 0;
  for (const line of lines) {
    const start = starts[line - 1];
    if (start === undefined) continue;
    wanted.add(line);
    const window = windowAt(start);
    if (!digitsOf.has(window)) digitsOf.set(window, hash(window));
    sketches.add(sketch(covered, start, starts[line] ?? covered.length));
    last = Math.max(last, line);
  }

  const seen = new Map<string, number>();
  const result = new Map<number, string>();
  for (let line = 1; line <= last; line++) {
    const start = starts[line - 1] ?? 0;
    if (!sketches.has(sketch(covered, start, starts[line] ?? covered.length))) continue;
    const digits = digitsOf.get(windowAt(start));
    if (digits === undefined) continue;
    const count = (seen.get(digits) ?? 0) + 1;
    seen.set(digits, count);
    if (wanted.has(line)) result.set(line, `${digits}:${count}`);
  }
  return result;
}

/** The text without what the hash leaves out, every line break LF. It has as many lines. */
function coveredText(text: string): string {
  if (!text.includes('\r')) return text.replace(/[ \t]+/g, '');
  return text.replace(/[ \t]+|\r(?=\n)/g, '').replaceAll('\r', '\n');
}

/** A number that is equal for lines of equal windows: of their length and the unit in their middle. */
function sketch(covered: string, start: number, end: number): number {
  const length = Math.min(end - start, WINDOW);
  return length * 0x10000 + covered.charCodeAt(start + (length >> 1));
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
