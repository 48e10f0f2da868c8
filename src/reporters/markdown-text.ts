import { segmentsOf } from './quoted-names.ts';
import { printable } from './text-layout.ts';

/** Texts from files in Markdown as GitHub reads it: nothing in them is a link, an image, HTML or a table's edge. */

/** Plain words on one line. */
export function words(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\`*_{}[\]<>#|~!@&$]/g, String.raw`\$&`);
}

/** A name in code type. A code span ends at a run of back-quotes as long as its first, and a pipe would end a cell. */
export function code(text: string): string {
  const plain = printable(text.replaceAll(/\s+/g, ' ')).replaceAll('|', String.raw`\|`);
  const runs = [...plain.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') || plain === '' ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A message, with the names that it quotes in code type. */
export function message(text: string): string {
  return segmentsOf(text)
    .map((segment) => (segment.isName ? code(segment.text) : words(segment.text)))
    .join('');
}

export function link(text: string, url: string | undefined): string {
  return url === undefined ? text : `[${text}](<${url.replaceAll(/[<>\\\s]/g, encodeURIComponent)}>)`;
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
