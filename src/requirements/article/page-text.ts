import type { DocumentRow, DocumentTable, DocumentTables } from './tables.ts';

const RULE = /^(?:-{3,}\|){2,}$/;

/** Whether a text is a page as its text is copied: tables have `---|---|` below their head, and nothing is a heading. */
export function isPageText(text: string): boolean {
  return !/^#{1,6} /m.test(text) && text.split(/\r?\n/).some((line) => RULE.test(line.trim()));
}

/**
 * The tables of such a text. A cell ends with `|`, wherever its lines break, and a table with the first line that has no
 * `|`. The line above a table is its heading, since nothing else marks one.
 */
export function pageTextTables(text: string): DocumentTables {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const tables = lines.flatMap((line, at) => (RULE.test(line) && at > 0 ? [tableAt(lines, at)] : []));
  return { tables, hidden: [] };
}

/** @param rule index of the line below the table's head */
function tableAt(lines: readonly string[], rule: number): DocumentTable {
  const columns = cellsOf(lines[rule - 1] ?? '');
  const found = lines.findIndex((line, at) => at > rule && !line.includes('|'));
  const end = found === -1 ? lines.length : found;
  const rows: DocumentRow[] = [];
  let cells: string[] = [];
  let begun = rule + 1;
  for (let at = rule + 1; at < end; at++) {
    if (cells.length === 0) begun = at;
    cells.push(...cellsOf(lines[at] ?? ''));
    if (cells.length < columns.length && at + 1 < end) continue;
    rows.push({ line: begun + 1, cells });
    cells = [];
  }
  const heading = lines.slice(0, rule - 1).findLast((line) => line !== '') ?? '';
  return { line: rule, headings: [heading], columns, rows };
}

function cellsOf(line: string): string[] {
  return line
    .replace(/\|$/, '')
    .split('|')
    .map((cell) => cell.trim());
}
