import type { Place } from '../../../model/place.ts';

/** What a comment can be about: a block, an argument, an item of a list or of an object, from its first letter to its last. */
export interface Part {
  readonly place: Place;
  readonly start: number;
  readonly end: number;
  /** In the order of the text. */
  readonly parts: readonly Part[];
}

/** The whole text as a part. */
export function partsIn(path: string, text: string, parts: readonly Part[]): Part {
  const end = text.length;
  return { place: { path, pointer: '', span: { start: 0, end } }, start: 0, end, parts };
}

/**
 * What a comment is about: on the same line, the part before it; on a line of its own, the part that follows in the same
 * block or list.
 */
export function partOf(
  comment: { readonly start: number; readonly end: number },
  whole: Part,
  text: string,
): Part | undefined {
  let around = whole;
  for (;;) {
    const inner = around.parts.find(({ start, end }) => start < comment.start && comment.end < end);
    if (inner === undefined) break;
    around = inner;
  }
  const lineStart =
    Math.max(text.lastIndexOf('\n', comment.start - 1), text.lastIndexOf('\r', comment.start - 1)) + 1;
  if (text.slice(lineStart, comment.start).trim() !== '') {
    const before = lastBefore(comment.start, lineStart, around);
    if (before !== undefined) return before;
    if (around.start >= lineStart) return around;
  }
  return around.parts.find(({ start }) => start >= comment.end);
}

/** The part that ends last before a comment; of one that began on an earlier line and has no end of its own, its last part. */
function lastBefore(offset: number, lineStart: number, around: Part): Part | undefined {
  let before = around.parts.findLast(({ end }) => end <= offset && end > lineStart);
  while (before !== undefined && before.start < lineStart) {
    const last = before.parts.at(-1);
    if (last?.end !== before.end) break;
    before = last;
  }
  return before;
}
