import type { Finding } from './report.ts';

/**
 * Texts of a SARIF log as GitHub shows them: on one line, without back-quotes (GitHub renders some Markdown in alert
 * titles and swallows them), ended by a full stop.
 */

/** shortDescription and fullDescription may have 1,024 characters. */
export const LONGEST_DESCRIPTION = 1024;

export function plainText(text: string): string {
  // Nearly every text is plain, and looking is much faster than replacing.
  if (!NOT_PLAIN.test(text)) return text;
  return text
    .replaceAll('`', "'")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ')
    .replaceAll(/[\ud800-\udfff]/gu, '\uFFFD')
    .trim();
}

/** Written out, since looking up the classes of Unicode would take V8 longer. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NOT_PLAIN = /[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff`]| {2}|^\s|\s$/u;

export function sentence(text: string): string {
  const plain = plainText(text);
  return /[.!?…]$/.test(plain) ? plain : `${plain}.`;
}

/** Cuts between words. */
export function limit(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, most - 1);
  const space = room.lastIndexOf(' ');
  return `${room.slice(0, space > most / 2 ? space : room.length).replace(/[\ud800-\udfff]$/u, '')}…`;
}

/**
 * `[text](1)` in a message is a link to the related location 1. Brackets of ARM expressions are escaped everywhere, as
 * CodeQL does, so that none is taken for a link:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html#_Toc141790717
 */
export function escapeMessage(text: string): string {
  return text.replaceAll(/[\\[\]]/g, String.raw`\$&`);
}

export function link(text: string, id: number): string {
  return `[${escapeMessage(plainText(text))}](${id})`;
}

/** A finding's message for formats that have no field for whom it is about. */
export function messageWithClusters({ message, clusters = [] }: Finding): string {
  if (clusters.length === 0) return sentence(message);
  const names = clusters.map((name) => `'${name}'`).join(', ');
  return `${sentence(message)} For ${clusters.length === 1 ? 'cluster' : 'clusters'} ${names}.`;
}
