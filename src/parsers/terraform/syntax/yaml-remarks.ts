import { CST, isMap, isScalar, isSeq, Lexer, parseAllDocuments, type Node } from 'yaml';
import { REMARK, type Remark } from '../../../model/remark.ts';
import { positionAt } from '../../json/value.ts';
import { partOf, partsIn, type Part } from './comment-parts.ts';
import { token } from './place.ts';

/** Remarks in a YAML file of rules: in its comments, and in the `description` of a map. */
export function yamlRemarks(path: string, text: string): Remark[] {
  if (!text.includes(REMARK)) return [];
  const reader = new YamlParts(path, text);
  const whole = partsIn(path, text, reader.read());
  const remarks = commentsIn(text).map(({ start, end }): Remark => {
    const part = partOf({ start, end }, whole, text);
    return {
      text: text.slice(start + 1, end),
      place: part?.place ?? whole.place,
      position: positionAt(text, start),
      about: part?.place,
    };
  });
  return [...remarks.filter((remark) => remark.text.includes(REMARK)), ...reader.descriptions];
}

function commentsIn(text: string): { start: number; end: number }[] {
  const comments: { start: number; end: number }[] = [];
  let at = 0;
  let isScalarNext = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type = isScalarNext ? undefined : CST.tokenType(lexeme);
    isScalarNext = lexeme === CST.SCALAR;
    // Marks of the lexer's own stand for nothing in the text.
    if (isScalarNext || lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END) continue;
    if (type === 'comment') comments.push({ start: at, end: at + lexeme.length });
    at += lexeme.length;
  }
  return comments;
}

class YamlParts {
  readonly descriptions: Remark[] = [];
  readonly #path: string;
  readonly #text: string;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  read(): Part[] {
    const documents = parseAllDocuments(this.#text, { version: '1.2' });
    const [document] = Array.isArray(documents) ? documents : [];
    return document?.contents ? this.#inside(document.contents, '') : [];
  }

  #inside(node: unknown, pointer: string): Part[] {
    if (isSeq(node)) return node.items.flatMap((item, at) => this.#part(item, item, pointer + token(at)));
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : String(key);
      return this.#part(key, value, pointer + token(name));
    });
  }

  /** From the beginning of one node to the end of another one, which may be the same. */
  #part(from: unknown, to: unknown, pointer: string): Part[] {
    const start = (from as Node | null)?.range?.[0];
    if (start === undefined) return [];
    const parts = this.#inside(to, pointer);
    const isBlock = (isMap(to) || isSeq(to)) && to.flow !== true;
    const end = (isBlock ? parts.at(-1)?.end : (to as Node | null)?.range?.[1]) ?? start;
    const part = { place: { path: this.#path, pointer, span: { start, end } }, start, end, parts };
    this.#describe(to, part);
    return [part];
  }

  #describe(node: unknown, part: Part): void {
    const written = isMap(node) ? node.get('description', true) : undefined;
    const text = isScalar(written) ? written.value : undefined;
    if (typeof text !== 'string' || !text.includes(REMARK)) return;
    const position = positionAt(this.#text, written?.range?.[0] ?? part.start);
    this.descriptions.push({ text, place: part.place, position, about: part.place });
  }
}
