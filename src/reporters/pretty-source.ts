import { lineEnd } from '../locate/index.ts';
import type { LineStarts, Region } from '../locate/index.ts';
import { characterWidth, displayWidth, padStart, printable, wrap } from './text-layout.ts';

/** Something to underline in a quoted source line. */
export interface Mark {
  readonly region: Region;
  readonly primary: boolean;
  /** Shown behind the underline; '' where the message above says all. */
  readonly label: string;
}

export interface SourceStyle {
  readonly gutter: (text: string) => string;
  readonly primary: (text: string) => string;
  readonly related: (text: string) => string;
  /** Lines that are quoted only to show where the others belong. */
  readonly context: (text: string) => string;
}

const TAB = '    ';
/** How far up to look for the line to which an array item belongs. */
const FARTHEST_OWNER = 200;

/**
 * Quotes the lines of the marks, in order, with their underlines. An item of a list is preceded by the line of the
 * list's key, common indentation is dropped, and a long line is cut around what is underlined.
 * `digits` is the width of line numbers, `width` that of the terminal.
 */
export function quoteSource(
  text: string,
  starts: LineStarts,
  marks: readonly Mark[],
  { digits, width, style }: { digits: number; width: number; style: SourceStyle },
): string[] {
  const byLine = new Map<number, Mark[]>();
  for (const mark of marks) {
    const line = mark.region.startLine;
    if (line > starts.length) continue;
    const known = byLine.get(line);
    if (known === undefined) byLine.set(line, [mark]);
    else known.push(mark);
    const owner = ownerOf(text, starts, line);
    if (owner !== undefined && !byLine.has(owner)) byLine.set(owner, []);
  }
  const lines = [...byLine].sort(([a], [b]) => a - b);
  if (lines.length === 0) return [];
  const bar = style.gutter(`${' '.repeat(digits)} │`);
  const room = Math.max(20, width - digits - 3);
  const indent = Math.min(...lines.map(([line]) => indentOf(text, starts, line)));

  const output: string[] = [];
  let previous: number | undefined;
  for (const [line, lineMarks] of lines) {
    if (previous !== undefined && line > previous + 1) output.push(style.gutter(`${' '.repeat(digits)} ·`));
    previous = line;
    lineMarks.sort((a, b) => a.region.startColumn - b.region.startColumn);
    const cut = cutLine(text, starts, line, lineMarks, indent, room);
    const number = style.gutter(`${padStart(String(line), digits)} │`);
    output.push(`${number} ${lineMarks.length === 0 ? style.context(cut.shown) : cut.shown}`.trimEnd());
    for (const mark of lineMarks) {
      for (const underline of underlineOf(mark, cut, room, style)) output.push(`${bar} ${underline}`);
    }
  }
  return output;
}

/** UTF-16 units of white space at the beginning of a line. */
function indentOf(text: string, starts: LineStarts, line: number): number {
  const start = starts[line - 1] ?? 0;
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at - start;
}

/** The nearest line above that is indented less, for a line that does not say itself whose value it holds. */
function ownerOf(text: string, starts: LineStarts, line: number): number | undefined {
  const content = (starts[line - 1] ?? 0) + indentOf(text, starts, line);
  if (/^"[^"]*"\s*:/.test(text.slice(content, content + 200))) return undefined;
  const indent = indentOf(text, starts, line);
  for (let above = line - 1; above >= Math.max(1, line - FARTHEST_OWNER); above--) {
    const start = starts[above - 1] ?? 0;
    const end = lineEnd(text, starts, above);
    const own = indentOf(text, starts, above);
    if (own >= indent || start + own >= end) continue;
    const head = text.slice(start + own, start + own + 2);
    if (head !== '//' && head !== '/*') return above;
  }
  return undefined;
}

interface CutLine {
  readonly shown: string;
  /** Terminal column, from 0, at which a UTF-16 column of the line is shown, clamped to what is shown. */
  readonly columnOf: (utf16Column: number) => number;
  /** False for what begins in a part that was cut off. */
  readonly shows: (utf16Column: number) => boolean;
}

interface Cell {
  /** Offset in the line. */
  readonly at: number;
  readonly text: string;
  readonly width: number;
}

function cutLine(
  text: string,
  starts: LineStarts,
  line: number,
  marks: readonly Mark[],
  indent: number,
  room: number,
): CutLine {
  const start = starts[line - 1] ?? 0;
  const length = lineEnd(text, starts, line) - start;
  const focus = marks.find((mark) => mark.primary) ?? marks[0];
  const focusFrom = focus === undefined ? indent : focus.region.startColumn - 1;
  const focusTo = Math.max(
    focusFrom + 1,
    focus?.region.endLine === line ? focus.region.endColumn - 1 : length,
  );

  // A minified file is one line of megabytes: only what can be shown is looked at.
  const from = Math.max(Math.min(indent, focusFrom), focusFrom - 2 * room);
  const to = Math.min(length, Math.max(from, focusFrom) + 3 * room);
  const cells = cellsOf(text.slice(start + from, start + to), from);
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  const cutLeft = from > indent;
  const cutRight = to < length;
  if (total <= room && !cutLeft && !cutRight) return cutOf(cells, '', '');

  // As much before the focus as leaves room for all of it, at most a third.
  const before = sumWidth(cells, (cell) => cell.at < focusFrom);
  const size = sumWidth(cells, (cell) => cell.at >= focusFrom && cell.at < focusTo);
  const lead = Math.max(4, Math.min(Math.floor(room / 3), room - size - 2));
  let skip = before + size + 1 <= room && !cutLeft ? 0 : Math.max(0, before - lead);
  const kept: Cell[] = [];
  let used = skip > 0 || cutLeft ? 1 : 0;
  const left = used === 1 ? '…' : '';
  let right = cutRight ? '…' : '';
  for (const cell of cells) {
    if (skip > 0) {
      skip -= cell.width;
      continue;
    }
    if (used + cell.width > room - 1) {
      right = '…';
      break;
    }
    kept.push(cell);
    used += cell.width;
  }
  return cutOf(kept, left, right);
}

function sumWidth(cells: readonly Cell[], wanted: (cell: Cell) => boolean): number {
  return cells.reduce((sum, cell) => (wanted(cell) ? sum + cell.width : sum), 0);
}

function cellsOf(text: string, from: number): Cell[] {
  const cells: Cell[] = [];
  let at = from;
  // Nearly every line is, and looking once is much faster than once per character.
  const isPrintable = printable(text) === text;
  for (const character of text) {
    const shown = character === '\t' ? TAB : isPrintable ? character : printable(character);
    cells.push({ at, text: shown, width: character === '\t' ? TAB.length : characterWidth(shown) });
    at += character.length;
  }
  return cells;
}

function cutOf(cells: readonly Cell[], left: string, right: string): CutLine {
  const first = cells[0]?.at ?? 0;
  const last = cells.at(-1)?.at ?? 0;
  return {
    shown: left + cells.map((cell) => cell.text).join('') + right,
    columnOf: (utf16Column) => displayWidth(left) + sumWidth(cells, (cell) => cell.at < utf16Column - 1),
    shows: (utf16Column) =>
      (left === '' || utf16Column - 1 >= first) && (right === '' || utf16Column - 1 <= last),
  };
}

function underlineOf(mark: Mark, cut: CutLine, room: number, style: SourceStyle): string[] {
  const { region } = mark;
  const from = cut.columnOf(region.startColumn);
  const to = region.endLine === region.startLine ? cut.columnOf(region.endColumn) : displayWidth(cut.shown);
  const size = Math.max(1, to - from);
  const paint = mark.primary ? style.primary : style.related;
  if (!cut.shows(region.startColumn)) {
    return wrap(`column ${region.startColumn}: ${printable(mark.label)}`, room).map(paint);
  }
  const line = ' '.repeat(from) + paint((mark.primary ? '^' : '-').repeat(size));
  if (mark.label === '') return [line];
  const label = printable(mark.label);
  if (from + size + 1 + displayWidth(label) <= room) return [`${line} ${paint(label)}`];
  const indent = Math.min(from, Math.floor(room / 3));
  return [line, ...wrap(label, room - indent).map((part) => ' '.repeat(indent) + paint(part))];
}
