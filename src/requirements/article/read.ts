import { readDestinations, readRow } from './cells.ts';
import { markdownTables } from './markdown.ts';
import type { ReadRow, ReadTable } from './match.ts';
import { isPageText, pageTextTables } from './page-text.ts';
import type { DocumentTable, DocumentTables, HiddenPart } from './tables.ts';

/** A part of an article that may say what clusters need, and could not be read. */
export interface Unread {
  readonly line: number;
  readonly headings: readonly string[];
  /** Of a row, what it names all the same. */
  readonly destinations?: readonly string[];
  /** A finished sentence. */
  readonly why: string;
}

/** An article as far as it was understood. */
export interface ReadArticle extends Pick<DocumentTables, 'date' | 'title'> {
  readonly tables: readonly ReadTable[];
  readonly unread: readonly Unread[];
  readonly includes: readonly HiddenPart[];
}

export function readArticle(text: string): ReadArticle {
  const { tables, hidden, ...about } = isPageText(text) ? pageTextTables(text) : markdownTables(text);
  const read = tables.map(readTable).filter((table) => table !== undefined);
  const html = hidden.filter(({ kind, text: part }) => kind === 'html-table' && namesHost(part));
  return {
    ...about,
    tables: merged(read.map(({ table }) => table).filter(({ rows }) => rows.length > 0)),
    unread: [
      ...read.flatMap(({ unread }) => unread),
      ...html.map(({ line, headings }) => ({
        line,
        headings,
        why: 'A table in HTML names hosts here, and only tables in Markdown are read.',
      })),
    ],
    includes: hidden.filter(({ kind }) => kind === 'include'),
  };
}

/** Heads of tables about endpoints, in English and in the languages of the machine translations that were seen. */
const HEAD =
  /\b(?:fqdns?|endpoints?|destinations?|ports?|protocols?|urls?|address(?:es)?|hosts?|hostnames?|domains?)\b|宛先|送信先|エンドポイント|ポート|プロトコル|端口|协议/i;

/** Undefined for a table about something else: no head says endpoints, and its rows name no hosts with ports. */
function readTable({
  line,
  headings,
  columns,
  rows,
}: DocumentTable): { table: ReadTable; unread: readonly Unread[] } | undefined {
  const column = destinationColumn(columns, rows);
  const heads = columns.filter((name) => HEAD.test(name)).length;
  if (column === undefined) {
    if (heads < 2 || rows.length === 0) return undefined;
    const why = `The table '${columns.join(' | ')}' has no column whose cells are hosts, tags or addresses.`;
    return { table: { line, headings, rows: [] }, unread: [{ line, headings, why }] };
  }
  const read = rows.map((row) => ({ ...readRow(row.cells, column), line: row.line, cells: row.cells }));
  const understood = read.filter((row): row is typeof row & ReadRow => 'destinations' in row);
  if (understood.length === 0 && heads === 0) return undefined;
  const unread = read.flatMap((row) => {
    if (!('why' in row) || row.cells.every((cell) => cell === '')) return [];
    const { destinations } = readDestinations(row.cells[column] ?? '');
    const why = `The row '${shown(row.cells)}' was not understood: ${row.why}.`;
    return [{ line: row.line, headings, destinations, why }];
  });
  return { table: { line, headings, rows: understood }, unread };
}

function shown(cells: readonly string[]): string {
  const text = cells.join(' | ').replaceAll(/\s+/g, ' ');
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** The first column that names destinations in half of its cells. */
function destinationColumn(columns: readonly string[], rows: DocumentTable['rows']): number | undefined {
  const found = columns.findIndex((_name, at) => {
    const named = rows.filter(({ cells }) => readDestinations(cells[at] ?? '').destinations.length > 0);
    return named.length > 0 && named.length * 2 >= rows.length;
  });
  return found === -1 ? undefined : found;
}

function namesHost(text: string): boolean {
  return /(?:[a-z0-9-]+\.)+(?:com|net|io|cn|us|org)\b/i.test(text);
}

/** Tabs and pivots print a table once for each reader; together they are one. */
function merged(tables: readonly ReadTable[]): ReadTable[] {
  const byPlace = new Map<string, ReadTable>();
  for (const table of tables) {
    const place = table.headings.join('\n');
    const known = byPlace.get(place);
    const names = new Set(known?.rows.map(identity));
    const others = table.rows.filter((row) => !names.has(identity(row)));
    if (known === undefined) byPlace.set(place, table);
    else if (others.length < table.rows.length)
      byPlace.set(place, { ...known, rows: [...known.rows, ...others] });
    else byPlace.set(`${place}\n${table.line}`, table);
  }
  return [...byPlace.values()];
}

function identity({ destinations, services }: ReadRow): string {
  return `${destinations.join(' ')} ${services.join(' ')}`;
}
