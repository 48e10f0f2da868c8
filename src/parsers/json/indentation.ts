/** Longer texts are not written a second time to be compared. */
const LONGEST = 64 * 1024 * 1024;

/**
 * What each level is indented by, in a text that is written as JSON.stringify writes it: an export, what a compiler wrote,
 * most of what programs keep in a repository. Undefined for any other text.
 *
 * It tells much about a text, for the price of writing it once more: no member is there twice, each one and each item
 * begins a line, and a container ends on the next line with its own indentation. Line breaks may be CRLF.
 * @param parsed what JSON.parse makes of the text
 */
export function indentationOf(text: string, parsed: unknown): string | undefined {
  const indentation = /^[[{]\r?\n( {1,10}|\t{1,10})\S/.exec(text)?.[1];
  if (indentation === undefined || text.length > LONGEST) return undefined;
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  const written = stringify(parsed, indentation);
  if (written === undefined || !lines.startsWith(written)) return undefined;
  return lines.slice(written.length).trim() === '' ? indentation : undefined;
}

function stringify(parsed: unknown, indentation: string): string | undefined {
  try {
    return JSON.stringify(parsed, undefined, indentation);
  } catch (error) {
    // Nested deeper than its stack reaches, or longer than a text may be.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
