import { isContainer, MAX_DEPTH } from './value.ts';

/**
 * What each level is indented by, in a text that is written as JSON.stringify writes it: an export, what a compiler wrote,
 * most of what programs keep in a repository. Undefined for any other text.
 *
 * It tells much about a text, for the price of writing it once more: no member is there twice, each one and each item
 * begins a line, and a container ends on the next line with its own indentation. Line breaks may be CRLF.
 * @param parsed what JSON.parse makes of the text
 */
export function indentationOf(text: string, parsed: unknown): string | undefined {
  const [, lineBreak, indentation] = /^[[{](\r?\n)( {1,10}|\t{1,10})\S/.exec(text) ?? [];
  if (lineBreak === undefined || indentation === undefined) return undefined;
  const end = new Rewriting(text, lineBreak, indentation).endOf(parsed, 0, 0);
  return end !== undefined && text.slice(end).trim() === '' ? indentation : undefined;
}

/** What is longer is written in parts: as a whole it would need memory of its own. */
const LONGEST_PIECE = 4096;

/** Items of a list that are written together. */
const ITEMS = 16;

/** Writes values again and compares what that gives with the text. */
class Rewriting {
  readonly #text: string;
  readonly #lineBreak: string;
  readonly #indentation: string;

  constructor(text: string, lineBreak: string, indentation: string) {
    this.#text = text;
    this.#lineBreak = lineBreak;
    this.#indentation = indentation;
  }

  /** The offset behind a value of some depth that the text has at `start`; undefined where it is written otherwise. */
  endOf(value: unknown, start: number, depth: number): number | undefined {
    if (this.#isShort(value, start, depth)) return this.#behind(this.#written(value, depth), start);
    if (!isContainer(value) || depth > MAX_DEPTH) return undefined;
    const closing = `${this.#margin(depth)}${closingOf(value)}`;
    if (Array.isArray(value)) return this.#behind(closing, this.#endOfItems(value, start, depth));
    let at: number | undefined = start;
    for (const [index, name] of Object.keys(value).entries()) {
      const before = `${index === 0 ? '{' : ','}${this.#margin(depth + 1)}${JSON.stringify(name)}: `;
      at = this.#behind(before, at);
      if (at === undefined) return undefined;
      const member: unknown = Reflect.get(value, name);
      at = this.endOf(member, at, depth + 1);
    }
    return this.#behind(closing, at);
  }

  /** The offset behind the last item. */
  #endOfItems(items: readonly unknown[], start: number, depth: number): number | undefined {
    const margin = this.#margin(depth + 1);
    let at: number | undefined = start;
    for (let index = 0; at !== undefined && index < items.length;) {
      const before = index === 0 ? '[' : ',';
      if (this.#behind(before, at) === undefined) return undefined;
      if (this.#isShort(items[index], at + 1 + margin.length, depth + 1)) {
        const list = this.#written(items.slice(index, index + ITEMS), depth);
        at = this.#behind(list.slice(1, -1 - this.#margin(depth).length), at + before.length);
        index += ITEMS;
      } else {
        at = this.#behind(`${before}${margin}`, at);
        if (at !== undefined) at = this.endOf(items[index], at, depth + 1);
        index += 1;
      }
    }
    return at;
  }

  #isShort(value: unknown, start: number, depth: number): boolean {
    if (!isContainer(value) || isEmpty(value)) return true;
    const piece = this.#text.slice(start, start + LONGEST_PIECE);
    return piece.includes(`${this.#margin(depth)}${closingOf(value)}`);
  }

  #behind(written: string, start: number | undefined): number | undefined {
    return start !== undefined && this.#text.startsWith(written, start) ? start + written.length : undefined;
  }

  /** A value as it is written in that depth, behind what begins its line. */
  #written(value: unknown, depth: number): string {
    let whole = value;
    for (let level = 0; level < depth; level += 1) whole = [whole];
    const written = JSON.stringify(whole, undefined, this.#indentation);
    // Of every list around it, a bracket, a line break and an indentation.
    const width = this.#indentation.length;
    const before = 2 * depth + (width * depth * (depth + 1)) / 2;
    const behind = 2 * depth + (width * depth * (depth - 1)) / 2;
    const own = written.slice(before, written.length - behind);
    return this.#lineBreak === '\n' ? own : own.replaceAll('\n', this.#lineBreak);
  }

  #margin(depth: number): string {
    return `${this.#lineBreak}${this.#indentation.repeat(depth)}`;
  }
}

function isEmpty(container: object): boolean {
  return Array.isArray(container) ? container.length === 0 : Object.keys(container).length === 0;
}

function closingOf(container: object): string {
  return Array.isArray(container) ? ']' : '}';
}
