import { posix } from 'node:path';
import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import type { Remark } from '../../../model/remark.ts';
import { decodeText } from '../../json/decode.ts';
import { jsonRemarks } from '../../json/remarks.ts';
import type { Value } from '../../value.ts';
import { Unresolved } from '../functions/function.ts';
import { isWithin } from '../source/files.ts';
import type { Loader } from '../source/loader.ts';
import { yamlRemarks } from '../syntax/yaml-remarks.ts';
import { EvaluationError, unknown, type MeaningfulText } from './values.ts';

/**
 * What file(), fileset() and their like may see: the folders of the root module, of the module that asks and of the input,
 * symbolic links followed. Configurations come with pull requests, so nothing else of the machine is read for them.
 */
export class FileAccess {
  readonly #loader: Loader;
  readonly #root: string;
  readonly #folders: readonly string[];
  /** Their real paths, once a file is asked for. */
  #allowed: readonly string[] | undefined;

  constructor(loader: Loader, root: string, allowed: readonly string[]) {
    this.#loader = loader;
    this.#root = root;
    this.#folders = [root, ...allowed];
  }

  read(path: string, place: Place): Value {
    const found = this.#find(path, place);
    if (found === undefined) throw new EvaluationError(`there is no file '${path}'`, place);
    const bytes = this.#loader.files.read(found);
    if (bytes === undefined) throw new EvaluationError(`'${path}' is no file`, place);
    try {
      const text = decodeText(bytes, found, 'text');
      if (!this.#loader.texts.has(found)) {
        this.#loader.texts.set(found, { path: found, text, remarks: remarksIn(found, text) });
      }
      const value: MeaningfulText = {
        kind: 'string',
        value: text,
        place: { path: found, pointer: '' },
        file: found,
      };
      return value;
    } catch (error) {
      if (error instanceof InputError) throw new EvaluationError(`'${path}' is ${error.message}`, place);
      throw error;
    }
  }

  exists(path: string, place: Place): boolean {
    const found = this.#find(path, place);
    return found !== undefined && this.#loader.files.list(found) === undefined;
  }

  /** https://developer.hashicorp.com/terraform/language/functions/fileset */
  set(folder: string, pattern: string, place: Place): string[] {
    const start = this.#find(folder, place);
    if (start === undefined) return [];
    const wanted = globPattern(pattern);
    const found: string[] = [];
    const pending = [''];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const { name, isFolder } of this.#loader.files.list(posix.join(start, at)) ?? []) {
        const path = posix.join(at, name);
        if (isFolder) pending.push(path);
        else if (wanted.test(path)) found.push(path);
      }
    }
    return found.sort();
  }

  /** The path to read; undefined where there is nothing. Ends the evaluation where it leads out. */
  #find(written: string, place: Place): string | undefined {
    const path = posix.isAbsolute(written) ? written : posix.join(this.#root, written);
    const real = this.#loader.files.real(path);
    this.#allowed ??= this.#folders.flatMap((folder) => this.#loader.files.real(folder) ?? []);
    const within = real !== undefined && this.#allowed.some((folder) => isWithin(folder, real));
    if (within) return path;
    if (real === undefined && !leadsOut(written)) return undefined;
    const why = {
      reason: `'${written}' lies outside of the root directory, so it is not read`,
      supply: `name a folder that holds '${written}' too, or write the value out`,
      place,
    };
    throw new Unresolved(unknown(`file(${JSON.stringify(written)})`, why, place));
  }
}

/** Of files that hold data. */
function remarksIn(path: string, text: string): Remark[] {
  if (/\.ya?ml$/i.test(path)) return yamlRemarks(path, text);
  return /\.json$/i.test(path) ? jsonRemarks(path, text) : [];
}

function leadsOut(path: string): boolean {
  return posix.isAbsolute(path) || posix.normalize(path).startsWith('..');
}

function globPattern(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\{|\}|,|\[[^\]]*\]|[.+^$()|\\]/g, (piece) => {
    switch (piece) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth += 1;
        return '(?:';
      case '}':
        depth -= 1;
        return ')';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return piece.startsWith('[') ? piece.replace('[!', '[^') : `\\${piece}`;
    }
  });
  return new RegExp(`^${depth === 0 ? source : '(?!)'}$`);
}
