/**
 * Lines of a text. A line ends at LF, CRLF or a lone CR, as GitHub counts them for its line hashes; nothing else, so
 * U+2028 inside a string does not shift the lines that follow.
 */

/** A stretch of text: lines and columns one-based, columns in UTF-16 code units, the end exclusive. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const BOM = 0xfeff;

/**
 * Offsets at which the lines begin; never empty. A byte order mark is no part of the first line.
 *
 * Locating, quoting and hashing ask for one text after the other, so the last one is kept.
 */
export function lineStarts(text: string): LineStarts {
  if (last?.text === text) return last.starts;
  const breaks = text.includes('\r') ? breaksIn(text) : lineFeedsIn(text);
  const starts = new Uint32Array(breaks.length + 1);
  starts.set(breaks, 1);
  if (text.charCodeAt(0) === BOM) starts[0] = 1;
  last = { text, starts };
  return starts;
}

export type LineStarts = Uint32Array;

let last: { readonly text: string; readonly starts: LineStarts } | undefined;

/** Offsets behind every line break. */
function breaksIn(text: string): number[] {
  return Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length);
}

function lineFeedsIn(text: string): Uint32Array {
  // A list that grows by pushing is copied again and again.
  let found = new Uint32Array(64 + text.length / SHORT_LINE);
  let count = 0;
  for (let lf = text.indexOf('\n'); lf !== -1; lf = text.indexOf('\n', lf + 1)) {
    if (count === found.length) {
      const longer = new Uint32Array(2 * count);
      longer.set(found);
      found = longer;
    }
    found[count] = lf + 1;
    count += 1;
  }
  return found.subarray(0, count);
}

/** Most files have longer lines on average. */
const SHORT_LINE = 16;

/** The offset behind the last character of a one-based line, its line break excluded. */
export function lineEnd(text: string, starts: LineStarts, line: number): number {
  const start = starts[line - 1] ?? text.length;
  let end = starts[line] ?? text.length;
  if (line < starts.length) {
    if (end > start && text.charCodeAt(end - 1) === 0x0a) end--;
    if (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
  }
  return end > start ? end : start;
}

/** The one-based line that holds an offset. */
export function lineAt(starts: LineStarts, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The part of [start, end) that stands on its first line. */
export function firstLineRegion(text: string, starts: LineStarts, start: number, end: number): Region {
  const line = lineAt(starts, start);
  const from = starts[line - 1] ?? 0;
  const stop = Math.max(start, Math.min(end, lineEnd(text, starts, line)));
  return { startLine: line, startColumn: start - from + 1, endLine: line, endColumn: stop - from + 1 };
}

/** A region for what has no place of its own: the whole first line, as code scanning wants a region in every result. */
export function fileRegion(text: string, starts: LineStarts = lineStarts(text)): Region {
  const start = starts[0] ?? 0;
  return firstLineRegion(text, starts, start, lineEnd(text, starts, 1));
}
