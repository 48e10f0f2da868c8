import { lineEnd, lineStarts, type LineStarts } from '../../locate/index.ts';
import type { Location, ReportContext } from '../report.ts';
import { html, type Markup } from './markup.ts';

/** Lines around the one that a finding is about. */
const AROUND = 2;
/** UTF-16 units of a line that are shown; a minified file is one line. */
const LONGEST = 160;
const LEAD = 40;

/** Quotes sources; keeps where the lines of each file begin, since findings come by check and not by file. */
export class Excerpts {
  readonly #context: ReportContext;
  readonly #files = new Map<string, { text: string; starts: LineStarts } | undefined>();

  constructor(context: ReportContext) {
    this.#context = context;
  }

  of(location: Location): Markup | undefined {
    const file = this.#fileOf(location.path);
    if (file === undefined) return undefined;
    const { text, starts } = file;
    const first = Math.max(1, location.startLine - AROUND);
    const last = Math.min(starts.length, location.startLine + AROUND);
    const lines: { number: number; content: string }[] = [];
    for (let number = first; number <= last; number++) {
      lines.push({ number, content: text.slice(starts[number - 1], lineEnd(text, starts, number)) });
    }
    const indents = lines
      .filter(({ content }) => content.trim() !== '')
      .map(({ content }) => content.search(/\S/));
    const indent = Math.min(...(indents.length === 0 ? [0] : indents), location.startColumn - 1);
    const quoted = lines.map(({ number, content }) =>
      number === location.startLine
        ? html`<span class="line here"><i>${number}</i>${marked(content, location, indent)}</span>`
        : html`<span class="line"><i>${number}</i>${cut(content.slice(indent))}</span>`,
    );
    const label = `Source, from line ${first}`;
    return html`<pre class="source" tabindex="0" role="group" aria-label="${label}">${quoted}</pre>`;
  }

  #fileOf(path: string): { text: string; starts: LineStarts } | undefined {
    if (!this.#files.has(path)) {
      const text = this.#context.textOf(path);
      this.#files.set(
        path,
        text === undefined || text === '' ? undefined : { text, starts: lineStarts(text) },
      );
    }
    return this.#files.get(path);
  }
}

function cut(content: string): string {
  return content.length > LONGEST ? `${content.slice(0, LONGEST)}…` : content;
}

/** The line with what the finding is about marked, and as much around it as there is room for. */
function marked(content: string, location: Location, indent: number): Markup {
  const from = location.startColumn - 1;
  const to = location.endLine === location.startLine ? location.endColumn - 1 : content.length;
  const start = content.length - indent <= LONGEST ? indent : Math.max(indent, from - LEAD);
  const end = Math.min(content.length, Math.max(start + LONGEST, Math.min(to, from + LONGEST)));
  const stop = Math.min(to, end);
  return html`${start > indent ? '…' : ''}${content.slice(start, from)}<mark>${content.slice(from, stop)}</mark>${content.slice(stop, end)}${end < content.length ? '…' : ''}`;
}
