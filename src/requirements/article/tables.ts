/** Tables of a document, in whichever form it came: what they print, with the lines on which they print it. */

export interface DocumentTable {
  /** One-based line of its head. */
  readonly line: number;
  /** From the second level down to the one over the table; without the title of the document. */
  readonly headings: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly DocumentRow[];
}

export interface DocumentRow {
  /** One-based. */
  readonly line: number;
  /** Plain text: no marks of Markdown, `\n` where the source breaks the line, placeholders as `<region>`. */
  readonly cells: readonly string[];
}

/** Something of a document that this program does not see into: another file, or a table in HTML. */
export interface HiddenPart {
  readonly line: number;
  readonly headings: readonly string[];
  readonly kind: 'include' | 'html-table';
  /** Path of the file, or the beginning of the HTML. */
  readonly text: string;
}

export interface DocumentTables {
  /** Day of `ms.date`, as `YYYY-MM-DD`; absent where the text has none. */
  readonly date?: string;
  readonly title?: string;
  readonly tables: readonly DocumentTable[];
  readonly hidden: readonly HiddenPart[];
}
