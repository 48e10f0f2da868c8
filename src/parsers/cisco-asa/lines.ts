import type { Place } from '../../model/place.ts';

export interface Token {
  readonly text: string;
  readonly place: Place;
}

/** A line, with the lines that are indented below it. */
export interface Line {
  readonly tokens: readonly Token[];
  readonly place: Place;
  readonly inner: Line[];
}

export interface ConfigLines {
  readonly lines: readonly Line[];
  /** `!` and `:` lines. */
  readonly comments: readonly Token[];
}

/** Lines of a running configuration, those of a block below the line that begins it. */
export function readLines(path: string, text: string): ConfigLines {
  const lines: Line[] = [];
  const comments: Token[] = [];
  let block: Line | undefined;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const written = text.slice(at, end);
    const isIndented = /^[ \t]/.test(written);
    const first = written.search(/\S/);
    const mark = written.charAt(Math.max(first, 0));
    if (first >= 0 && (mark === '!' || mark === ':')) {
      const span = { start: at + first, end: at + written.trimEnd().length };
      comments.push({ text: written.slice(first + 1).trim(), place: { path, pointer: `/${at}`, span } });
      if (!isIndented) block = undefined;
    } else if (first >= 0) {
      const line = lineOf(path, written, at);
      if (isIndented && block !== undefined) block.inner.push(line);
      else {
        lines.push(line);
        block = line;
      }
    }
    at = end + 1;
  }
  return { lines, comments };
}

function lineOf(path: string, written: string, start: number): Line {
  const tokens = [...written.matchAll(/\S+/g)].map(({ 0: text, index }): Token => {
    const span = { start: start + index, end: start + index + text.length };
    return { text, place: { path, pointer: `/${start}/${index}`, span } };
  });
  const from = tokens[0]?.place.span?.start ?? start;
  const to = tokens.at(-1)?.place.span?.end ?? start;
  return { tokens, place: { path, pointer: `/${start}`, span: { start: from, end: to } }, inner: [] };
}

/** The words of a line as one text, from a word on. */
export function textFrom({ tokens }: Line, at: number): string {
  return tokens
    .slice(at)
    .map(({ text }) => text)
    .join(' ');
}

/** Does the line begin with these words? */
export function begins({ tokens }: Line, ...words: readonly string[]): boolean {
  return words.every((word, at) => tokens[at]?.text === word);
}
