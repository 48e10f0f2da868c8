import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { InputError } from '../../../errors.ts';
import { child, keyOf, type Place } from '../../../model/place.ts';
import type { Remark } from '../../../model/remark.ts';
import { yamlRemarks } from '../../terraform/syntax/yaml-remarks.ts';
import { array, scalarValue, type Member, type Value } from '../../value.ts';

/** Far above what rule lists have; a few aliases of aliases could grow without end. */
const MOST_VALUES = 200_000;
const MAX_DEPTH = 200;

/** Reads what `loadYamlContent()` loads, each value with its place. Throws an InputError where it is broken. */
export function readYaml(path: string, text: string): { value: Value; remarks: readonly Remark[] } {
  const document = parseDocument(text, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    const position = start === undefined ? undefined : { line: start.line, column: start.col };
    throw new InputError(path, `not YAML: ${error.message.split('\n')[0] ?? ''}`, position);
  }
  return {
    value: new YamlReader(path, document).read(document.contents, '', 0),
    remarks: yamlRemarks(path, text),
  };
}

class YamlReader {
  readonly #path: string;
  readonly #document: Document;
  #count = 0;

  constructor(path: string, document: Document) {
    this.#path = path;
    this.#document = document;
  }

  read(node: unknown, pointer: string, depth: number): Value {
    this.#count += 1;
    if (this.#count > MOST_VALUES || depth > MAX_DEPTH) {
      throw new InputError(
        this.#path,
        'holds more values, or deeper ones, than any rule list; expected fewer',
      );
    }
    const place = this.#place(node, pointer);
    if (isAlias(node)) return this.read(node.resolve(this.#document), pointer, depth + 1);
    if (isSeq(node)) {
      return array(
        node.items.map((item, at) => this.read(item, child(place, at).pointer, depth + 1)),
        place,
      );
    }
    if (isMap(node)) {
      const members = new Map<string, Member>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        const below = child(place, name).pointer;
        const keyPlace = keyOf(this.#place(key, below));
        members.set(name.toLowerCase(), { name, value: this.read(value, below, depth + 1), keyPlace });
      }
      return { kind: 'object', members, place };
    }
    return scalarValue(isScalar(node) ? node.value : null, place);
  }

  #place(node: unknown, pointer: string): Place {
    const range = (node as Node | null)?.range;
    const span = range === undefined || range === null ? {} : { span: { start: range[0], end: range[1] } };
    return { path: this.#path, pointer, ...span };
  }
}
