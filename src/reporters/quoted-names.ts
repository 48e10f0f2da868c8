/** A stretch of a message: plain words, or a name that the message quotes. */
export interface Segment {
  readonly text: string;
  readonly isName: boolean;
}

/**
 * A name in straight quotes with a space or the like around it, so that no apostrophe begins or ends one. ARM expressions
 * have quotes of their own, in brackets: `'AzureCloud.[parameters('location')]'`. The texts of checks quote as Markdown does.
 */
const NAME = /(?<=^|\s|(?<!\w)\()'((?:[^'\n(]|\((?:'[^'\n]*')?)+)'(?=$|[\s.,;:!?)])|`([^`\n]+)`/g;

/** Splits a message, so that reports with a typeface for code can set the names in it. */
export function segmentsOf(message: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of message.matchAll(NAME)) {
    if (match.index > from) segments.push({ text: message.slice(from, match.index), isName: false });
    segments.push({ text: match[1] ?? match[2] ?? '', isName: true });
    from = match.index + match[0].length;
  }
  if (from < message.length) segments.push({ text: message.slice(from), isName: false });
  return segments;
}
