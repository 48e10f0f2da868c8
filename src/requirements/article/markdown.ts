import MarkdownIt, { type Token } from 'markdown-it';
import { parse } from 'yaml';
import type { DocumentRow, DocumentTable, DocumentTables, HiddenPart } from './tables.ts';

/**
 * The tables of a page in the Markdown of Microsoft Learn. What Learn adds to CommonMark is text to its parser, so that it
 * does not stand in the way: `:::zone pivot="…"`, `> [!NOTE]`, `[!INCLUDE [title](path)]`. Headings of tabs,
 * `# [Azure CLI](#tab/azure-cli)`, lead to no section of their own.
 * (https://learn.microsoft.com/contribute/content/markdown-reference)
 */
export function markdownTables(text: string): DocumentTables {
  const { body, front } = splitFrontMatter(text);
  const reader = new Reader();
  for (const token of tokensOf(body)) reader.take(token);
  return { ...dateAndTitle(front), tables: reader.tables, hidden: reader.hidden };
}

function tokensOf(text: string): Token[] {
  const markdown = new MarkdownIt('commonmark').enable('table');
  return markdown.parse(text, {});
}

/** The body keeps its lines: those of the front matter become empty. */
function splitFrontMatter(text: string): { body: string; front: string } {
  const match = /^---\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s.exec(text);
  if (match === null) return { body: text, front: '' };
  const [whole, front = ''] = match;
  return { body: whole.replaceAll(/[^\n]/g, '') + text.slice(whole.length), front };
}

function dateAndTitle(front: string): Pick<DocumentTables, 'date' | 'title'> {
  let data: unknown;
  try {
    data = parse(front);
  } catch {
    // A page is no worse for it.
    return {};
  }
  const members = new Map<string, unknown>(
    typeof data === 'object' && data !== null ? Object.entries(data) : [],
  );
  const [date, title] = [members.get('ms.date'), members.get('title')];
  const american = typeof date === 'string' ? /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(date) : null;
  return {
    ...(american === null
      ? {}
      : { date: `${american[3] ?? ''}-${twoDigits(american[1])}-${twoDigits(american[2])}` }),
    ...(typeof title === 'string' ? { title } : {}),
  };
}

function twoDigits(text = ''): string {
  return text.padStart(2, '0');
}

interface OpenTable {
  readonly line: number;
  readonly headings: readonly string[];
  readonly rows: DocumentRow[];
}

/** Takes the tokens of a page one after the other. */
class Reader {
  readonly tables: DocumentTable[] = [];
  readonly hidden: HiddenPart[] = [];
  readonly #headings: { readonly level: number; readonly text: string }[] = [];
  #heading: number | undefined;
  #table: OpenTable | undefined;
  #cells: string[] = [];
  #rowLine = 0;
  #line = 0;

  take(token: Token): void {
    if (token.map !== null) this.#line = token.map[0] + 1;
    switch (token.type) {
      case 'heading_open':
        this.#heading = Number(token.tag.slice(1));
        return;
      case 'heading_close':
        this.#heading = undefined;
        return;
      case 'table_open':
        this.#table = { line: this.#line, headings: this.#path(), rows: [] };
        return;
      case 'tr_open':
        this.#rowLine = this.#line;
        this.#cells = [];
        return;
      case 'tr_close':
        this.#table?.rows.push({ line: this.#rowLine, cells: this.#cells });
        return;
      case 'table_close':
        this.#closeTable();
        return;
      case 'html_block':
        if (/<table\b/i.test(token.content)) this.#hide('html-table', token.content);
        return;
      case 'inline':
        this.#takeText(token);
        return;
      default:
        return;
    }
  }

  #takeText(token: Token): void {
    const children = token.children ?? [];
    if (this.#heading !== undefined) {
      const isTab = children.some(
        ({ type, attrs }) =>
          type === 'link_open' &&
          (attrs ?? []).some(([name, to]) => name === 'href' && String(to).startsWith('#tab/')),
      );
      if (!isTab) this.#enter(this.#heading, plainText(children).replaceAll(/\s+/g, ' ').trim());
    } else if (this.#table !== undefined) {
      this.#cells.push(plainText(children).trim());
    } else {
      for (const [, path = ''] of token.content.matchAll(/\[!INCLUDE\s*\[[^\]]*\]\(([^)]*)\)\]/gi))
        this.#hide('include', path);
    }
  }

  #enter(level: number, text: string): void {
    while ((this.#headings.at(-1)?.level ?? 0) >= level) this.#headings.pop();
    this.#headings.push({ level, text });
  }

  #path(): string[] {
    return this.#headings.filter(({ level }) => level > 1).map(({ text }) => text);
  }

  #closeTable(): void {
    const [head, ...rows] = this.#table?.rows ?? [];
    if (this.#table !== undefined && head !== undefined) {
      const { line, headings } = this.#table;
      this.tables.push({ line, headings, columns: head.cells, rows });
    }
    this.#table = undefined;
  }

  #hide(kind: HiddenPart['kind'], text: string): void {
    this.hidden.push({ line: this.#line, headings: this.#path(), kind, text });
  }
}

/** Tags that shape text, as against placeholders, which look like tags. */
const SHAPING = /^<\/?(?:a|b|code|del|em|i|kbd|p|s|small|span|strong|sub|u)\b[^>]*>$/i;
const BREAKING = /^<\/?(?:br|div|li|ol|p|ul)\b[^>]*>$/i;

function plainText(children: readonly Token[]): string {
  let text = '';
  let isNote = false;
  for (const { type, content } of children) {
    if (type === 'html_inline' && /^<\/?sup\b/i.test(content)) isNote = !content.startsWith('</');
    else if (isNote) continue;
    else if (type === 'text') text += content;
    else if (type === 'code_inline') text += unescaped(content);
    else if (type === 'softbreak' || type === 'hardbreak') text += '\n';
    else if (type === 'html_inline') text += tagText(content);
  }
  // References to footnotes.
  return text.replaceAll(/\[\^[^\]\s]+\]/g, '');
}

function tagText(tag: string): string {
  if (BREAKING.test(tag)) return '\n';
  return SHAPING.test(tag) || tag.startsWith('<!--') ? '' : tag;
}

/** Code is literal to Markdown, but pages escape placeholders in it all the same. */
function unescaped(code: string): string {
  return code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
