import type { ExpressionReader } from './expressions.ts';
import type { Expression, TemplatePart } from './tree.ts';

/**
 * Reads a quoted string or a heredoc. The literal text is taken from between the other nodes, since the grammar counts
 * spaces at its ends as none of it.
 * https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function readTemplate(reader: ExpressionReader, pointer: string): TemplatePart[] {
  return new TemplateReader(reader, pointer).read();
}

/** One piece of a template in order, before if and for are matched with their ends. */
type Piece =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'if'; readonly condition: Expression }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly collection: Expression }
  | { readonly kind: 'else' | 'end' };

class TemplateReader {
  readonly #reader: ExpressionReader;
  readonly #pointer: string;
  readonly #pieces: Piece[] = [];
  /** Where the literal text that comes next begins. */
  #from = 0;
  #trimNext = false;
  #heredoc: { indented: boolean } | undefined;

  constructor(reader: ExpressionReader, pointer: string) {
    this.#reader = reader;
    this.#pointer = pointer;
  }

  read(): TemplatePart[] {
    this.#visit();
    if (this.#heredoc?.indented === true) unindent(this.#pieces);
    const pieces = this.#pieces.values();
    return assemble(pieces).parts;
  }

  #visit(): void {
    const reader = this.#reader;
    reader.children(() => {
      const { nodeType: type, startIndex, endIndex } = reader.cursor;
      switch (type) {
        case 'quoted_template_start':
          this.#from = endIndex;
          break;
        case 'heredoc_start':
          this.#heredoc = { indented: reader.textHere() === '<<-' };
          break;
        case 'heredoc_identifier':
          if (this.#from === 0) this.#from = reader.text.indexOf('\n', endIndex) + 1;
          else this.#text(reader.text.lastIndexOf('\n', startIndex) + 1);
          break;
        case 'quoted_template_end':
          this.#text(startIndex);
          break;
        case 'template_interpolation':
          this.#text(startIndex);
          this.#interpolation();
          this.#from = endIndex;
          break;
        case 'template_directive':
        case 'template_for':
        case 'template_if':
          this.#visit();
          break;
        case 'template_for_start':
        case 'template_for_end':
        case 'template_if_intro':
        case 'template_else_intro':
        case 'template_if_end':
          this.#text(startIndex);
          this.#directive(type);
          this.#from = endIndex;
          break;
        default:
      }
    });
  }

  #text(end: number): void {
    const raw = this.#reader.text.slice(this.#from, end);
    let text = this.#heredoc === undefined ? unescape(raw) : raw.replaceAll('\r\n', '\n');
    text = text.replaceAll('$${', '${').replaceAll('%%{', '%{');
    if (this.#trimNext) text = this.#heredoc === undefined ? text.trimStart() : withoutFirstSpace(text);
    this.#trimNext = false;
    if (text !== '') this.#pieces.push({ kind: 'text', text });
  }

  #interpolation(): void {
    let expression: Expression | undefined;
    this.#marked(() => {
      expression = this.#reader.expression(this.#pointer);
    });
    if (expression !== undefined) this.#pieces.push({ kind: 'expression', expression });
  }

  #directive(type: string): void {
    const names: string[] = [];
    const found: Expression[] = [];
    const { cursor } = this.#reader;
    const at = this.#pieces.length;
    this.#marked(
      () => found.push(this.#reader.expression(this.#pointer)),
      () => {
        if (cursor.nodeType === 'identifier') names.push(this.#reader.textHere());
      },
    );
    const [expression] = found;
    let piece: Piece = { kind: type === 'template_else_intro' ? 'else' : 'end' };
    if (expression !== undefined) {
      piece =
        type === 'template_for_start'
          ? { kind: 'for', names, collection: expression }
          : { kind: 'if', condition: expression };
    }
    this.#pieces.splice(at, 0, piece);
  }

  /** Reads the parts of `${ }` or `%{ }`; a `~` at either end takes the white space beside it away. */
  #marked(expression: () => void, other: () => void = () => undefined): void {
    const { cursor } = this.#reader;
    let isOpen = true;
    this.#reader.children(() => {
      if (cursor.nodeType === 'strip_marker') {
        if (!isOpen) this.#trimNext = true;
        else this.#trimLast();
      } else if (cursor.nodeType === 'expression') expression();
      else other();
      if (
        cursor.nodeType !== 'template_directive_start' &&
        cursor.nodeType !== 'template_interpolation_start'
      ) {
        isOpen = false;
      }
    });
  }

  #trimLast(): void {
    const last = this.#pieces.at(-1);
    if (last?.kind !== 'text') return;
    const line = this.#heredoc === undefined ? last.text : (/[^\n]*\n?$/.exec(last.text)?.[0] ?? '');
    last.text = last.text.slice(0, last.text.length - line.length) + line.trimEnd();
  }
}

/** In a heredoc a `~` takes the rest of its line away, not the indentation of the next one. */
function withoutFirstSpace(text: string): string {
  const line = /^[^\n]*\n?/.exec(text)?.[0] ?? '';
  return line.trimStart() + text.slice(line.length);
}

function assemble(pieces: Iterator<Piece>): { parts: TemplatePart[]; end: 'else' | 'end' | undefined } {
  const parts: TemplatePart[] = [];
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    const piece = next.value;
    switch (piece.kind) {
      case 'text':
        parts.push(piece.text);
        break;
      case 'expression':
        parts.push(piece.expression);
        break;
      case 'if': {
        const then = assemble(pieces);
        const otherwise = then.end === 'else' ? assemble(pieces).parts : [];
        parts.push({ kind: 'template-if', condition: piece.condition, then: then.parts, otherwise });
        break;
      }
      case 'for':
        parts.push({
          kind: 'template-for',
          key: piece.names.length > 1 ? piece.names[0] : undefined,
          value: piece.names.at(-1) ?? '',
          collection: piece.collection,
          body: assemble(pieces).parts,
        });
        break;
      default:
        return { parts, end: piece.kind };
    }
  }
  return { parts, end: undefined };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
    (whole, short: string | undefined, long: string | undefined, letter: string | undefined) => {
      const code = short ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return ESCAPES.get(letter ?? '') ?? whole;
    },
  );
}

/** `<<-` takes the indentation that all lines share away. */
function unindent(pieces: readonly Piece[]): void {
  let isLineStart = true;
  let least = Infinity;
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      for (const [at, line] of piece.text.split('\n').entries()) {
        const isStart = at > 0 || isLineStart;
        const isWhole = at < piece.text.split('\n').length - 1;
        if (isStart && (line.trim() !== '' || (!isWhole && line !== ''))) {
          least = Math.min(least, /^[ \t]*/.exec(line)?.[0].length ?? 0);
        }
      }
      isLineStart = piece.text.endsWith('\n');
    } else {
      if (isLineStart) least = 0;
      isLineStart = false;
    }
  }
  if (least === 0 || least === Infinity) return;
  isLineStart = true;
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      isLineStart = false;
      continue;
    }
    const { text } = piece;
    const startsLine = isLineStart;
    isLineStart = text.endsWith('\n');
    piece.text = text
      .split('\n')
      .map((line, at) => (at > 0 || startsLine ? line.replace(new RegExp(`^[ \\t]{0,${least}}`), '') : line))
      .join('\n');
  }
}
