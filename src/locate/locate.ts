import type { Place } from '../model/place.ts';
import { childOf, createNode, scan } from './json-scanner.ts';
import type { Node } from './json-scanner.ts';
import { fileRegion, firstLineRegion, lineAt, lineStarts } from './lines.ts';
import type { LineStarts, Region } from './lines.ts';

/** Longer objects and arrays on one line are shown by their key or bracket: a minified file is one line. */
const LONGEST_WHOLE_CONTAINER = 120;

/**
 * Turns JSON pointers into regions of the text, in the order of `places`. Every region stands on one line, since code
 * scanning annotates a pull request only where all lines of a region changed, and is as small as still says what is
 * meant:
 * - a string, number, boolean or null: its token;
 * - an object or array: the value of its own "name", else all of it where it is short and on one line, else its key,
 *   else its opening bracket;
 * - `key: true`: the key of the property; of an array item, the item;
 * - a place with a span: what of it is to be shown, else the part that stands on its first line;
 * - a pointer that the text does not hold: its nearest ancestor; in a text that is no JSON, its first token or line.
 *
 * The text may have comments, trailing commas, line breaks inside strings and a byte order mark, which has no column.
 * @param indentation of each level, where the text is written as JSON.stringify writes it
 */
export function locate(
  text: string,
  places: readonly Pick<Place, 'pointer' | 'key' | 'span' | 'shown'>[],
  indentation?: string,
): Region[] {
  if (places.length === 0) return [];
  const root = createNode();
  const wanted = places.map((place) => plant(root, place.pointer));
  if (places.some(({ span }) => span === undefined)) scan(text, root, indentation);
  const starts = lineStarts(text);
  return places.map((place, index) => {
    const span = place.shown ?? place.span;
    if (span !== undefined) return firstLineRegion(text, starts, span.start, span.end);
    let node = wanted[index];
    while (node !== undefined && node.start === -1) node = node.parent;
    if (node === undefined) return fileRegion(text, starts);
    if (node === wanted[index] && place.key === true && node.keyStart !== -1) {
      return firstLineRegion(text, starts, node.keyStart, node.keyEnd);
    }
    return valueRegion(text, starts, node);
  });
}

/** A place with lines. */
export interface Located extends Region {
  readonly path: string;
  readonly pointer: string;
}

/** The texts that places are in, by path; undefined where one is not at hand. */
export interface SourceTexts {
  readonly textOf: (path: string) => string | undefined;
  /** Of each level, where the text is written as JSON.stringify writes it. */
  readonly indentationOf?: (path: string) => string | undefined;
}

/**
 * Locates places of several files, reading each text once. A place in a file whose text is not at hand gets line 1,
 * column 1.
 */
export function locateAll({ textOf, indentationOf }: SourceTexts, places: readonly Place[]): Located[] {
  const byPath = new Map<string, number[]>();
  places.forEach((place, index) => {
    const indices = byPath.get(place.path);
    if (indices === undefined) byPath.set(place.path, [index]);
    else indices.push(index);
  });
  const regions = new Map<number, Region>();
  for (const [path, indices] of byPath) {
    const text = textOf(path);
    if (text === undefined) continue;
    const wanted = indices.flatMap((index) => places[index] ?? []);
    locate(text, wanted, indentationOf?.(path)).forEach((region, at) => {
      const index = indices[at];
      if (index !== undefined) regions.set(index, region);
    });
  }
  const nowhere: Region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return places.map((place, index) => ({
    path: place.path,
    pointer: place.pointer,
    ...(regions.get(index) ?? nowhere),
  }));
}

/** The node of a pointer in the tree below `root`. */
function plant(root: Node, pointer: string): Node {
  let node = root;
  let slash = pointer.indexOf('/');
  while (slash !== -1) {
    const next = pointer.indexOf('/', slash + 1);
    const token = pointer.slice(slash + 1, next === -1 ? undefined : next);
    node = childOf(node, token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token);
    slash = next;
  }
  return node;
}

function valueRegion(text: string, starts: LineStarts, node: Node): Region {
  if (node.container) {
    if (node.nameStart !== -1) return firstLineRegion(text, starts, node.nameStart, node.nameEnd);
    const short =
      node.end - node.start <= LONGEST_WHOLE_CONTAINER &&
      lineAt(starts, node.start) === lineAt(starts, node.end - 1);
    if (!short && node.keyStart !== -1) return firstLineRegion(text, starts, node.keyStart, node.keyEnd);
    if (!short) return firstLineRegion(text, starts, node.start, node.start + 1);
  }
  return firstLineRegion(text, starts, node.start, node.end);
}
