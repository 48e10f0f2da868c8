import { InputError } from '../../../errors.ts';
import type { Remark } from '../../../model/remark.ts';
import { decodeText } from '../../json/decode.ts';
import { readJson } from '../../json/read.ts';
import { jsonRemarks } from '../../json/remarks.ts';
import { positionAt } from '../../json/value.ts';
import type { SourceFiles } from '../../source-files.ts';
import type { Value } from '../../value.ts';
import { parseBicep } from '../syntax/parse.ts';
import { bicepRemarks } from '../syntax/remarks.ts';
import type { BicepFile } from '../syntax/tree.ts';

export interface SourceText {
  readonly path: string;
  readonly text: string;
  /** Comments that speak to this program. */
  readonly remarks: readonly Remark[];
}

/** How many problems of one file are told. */
const MOST_TOLD = 4;

/** Reads Bicep and what it loads, each file once. */
export class Loader {
  readonly files: SourceFiles;
  readonly #texts = new Map<string, string>();
  readonly #parsed = new Map<string, BicepFile>();
  readonly #json = new Map<string, Value>();

  constructor(files: SourceFiles) {
    this.files = files;
  }

  exists(path: string): boolean {
    return this.#texts.has(path) || this.files.read(path) !== undefined;
  }

  /** Throws an InputError where there is no such file, or it is no text. */
  text(path: string, what = 'Bicep'): string {
    let text = this.#texts.get(path);
    if (text === undefined) {
      const bytes = this.files.read(path);
      if (bytes === undefined) throw new InputError(path, 'cannot be read: there is no such file');
      text = decodeText(bytes, path, what);
      this.#texts.set(path, text);
    }
    return text;
  }

  /** Throws an InputError for a file that is no Bicep, with the place of the first problem and the lines of others. */
  bicep(path: string): BicepFile {
    let file = this.#parsed.get(path);
    if (file === undefined) {
      file = parsed(path, this.text(path));
      this.#parsed.set(path, file);
    }
    return file;
  }

  json(path: string): Value {
    let value = this.#json.get(path);
    if (value === undefined) {
      ({ value } = readJson(path, this.text(path, 'JSON')));
      this.#json.set(path, value);
    }
    return value;
  }

  /** What reports need of a file that was read. */
  source(path: string): SourceText | undefined {
    const file = this.#parsed.get(path);
    if (file !== undefined) return { path, text: file.text, remarks: bicepRemarks(file) };
    const text = this.#texts.get(path);
    if (text === undefined) return undefined;
    return { path, text, remarks: this.#json.has(path) ? jsonRemarks(path, text) : [] };
  }
}

/** Parses a text that may begin with a byte order mark. Throws an InputError. */
export function parsed(path: string, text: string): BicepFile {
  const unmarked = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  // These two mark symbols in evaluated texts; no name in Azure may have them.
  const file = parseBicep(path, unmarked.includes('⟦') ? unmarked.replace(/[⟦⟧]/g, '?') : unmarked);
  const [first, ...others] = file.problems;
  if (first === undefined) return file;
  const lines = others.map(({ offset }) => positionAt(text, offset).line);
  const told = lines.slice(0, MOST_TOLD).join(', ');
  const more =
    lines.length === 0
      ? ''
      : `; more in line${lines.length > 1 ? 's' : ''} ${told}${lines.length > MOST_TOLD ? ', …' : ''}`;
  throw new InputError(path, `not Bicep: ${first.message}${more}`, positionAt(text, first.offset));
}
