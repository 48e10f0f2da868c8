import { InputError } from '../../errors.ts';
import { decodeText } from '../json/decode.ts';
import { spanOf } from '../json/pointers.ts';
import { parseJson, readJson } from '../json/read.ts';
import { positionAt } from '../json/value.ts';
import type { InputFile } from '../index.ts';

/** A file that is a list, or holds one. */
export interface ListInput extends InputFile {
  /** Pointer of the list in the file, as in a snapshot; absent where the file is the list. */
  readonly at?: string | undefined;
}

/** A file with an answer of Azure that is no firewall's: plain data, and errors about parts of it. */
export interface ListFile {
  readonly path: string;
  readonly text: string;
  /** Pointer of the list in the file. */
  readonly at: string;
  /** The list. */
  readonly root: unknown;
  /** Wrong as a whole: says what was found instead, and which flag it belongs to where that is known. */
  unexpected(): InputError;
  /** @param pointer in the list */
  error(pointer: string, message: string): InputError;
}

/**
 * Reads JSON as plain data; without the tree that the parsers of firewalls make, since lists of service tags have megabytes.
 * @param expected of the file, for messages: "expected …"
 * @throws {InputError} for anything else than JSON
 */
export function readList({ path, bytes, at = '' }: ListInput, expected: string): ListFile {
  const text = decodeText(bytes, path);
  const body = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const root = partOf(dataOf(path, body), at);
  return {
    path,
    text,
    at,
    root,
    unexpected: () => new InputError(path, `${describe(root)}; ${expected}`),
    error(pointer, message) {
      const span = spanOf(body, at + pointer);
      return new InputError(path, message, span && positionAt(body, span.offset));
    },
  };
}

/** Of a snapshot, whose members have plain names. */
function partOf(root: unknown, pointer: string): unknown {
  let part = root;
  for (const name of pointer.split('/').slice(1)) part = member(part, name);
  return part;
}

function dataOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Throws the error with its line, unless the text has nothing worse than comments.
    readJson(path, text);
    return parseJson(text);
  }
}

/**
 * A member as REST and az write it, or as PowerShell does: `addressPrefixes`, `AddressPrefixes`. Only own ones: a file may
 * have anything for a name.
 */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const pascal = name.charAt(0).toUpperCase() + name.slice(1);
  const key = [name, pascal].find((one) => Object.hasOwn(value, one));
  return key === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[key];
}

/** What the file is, where that is known; else its outermost members. */
function describe(root: unknown): string {
  const [first] = Array.isArray(root) ? (root as readonly unknown[]) : [root];
  if (member(first, 'changeNumber') !== undefined && member(first, 'values') !== undefined)
    return Array.isArray(root)
      ? 'an array around a list of service tags'
      : 'a list of service tags, which belongs to --service-tags';
  const listed: unknown = member(first, 'value');
  const [row] = Array.isArray(listed) ? (listed as readonly unknown[]) : [first];
  if (member(row, 'category') !== undefined)
    return 'a list of egress endpoints, which belongs to --endpoints';
  const type = member(first, 'type') ?? member(first, '$schema');
  if (typeof type === 'string' && /firewall|deploymentTemplate/i.test(type))
    return 'a firewall’s file, which is named without a flag';
  if (Array.isArray(root)) return root.length === 0 ? 'an empty array' : 'an array of something else';
  if (typeof root !== 'object' || root === null) return root === null ? 'null' : `a ${typeof root}`;
  const names = Object.keys(root).map((name) => `"${name}"`);
  if (names.length === 0) return 'an empty object';
  return `an object with ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
