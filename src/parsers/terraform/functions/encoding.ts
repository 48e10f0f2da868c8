import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  Scalar,
  stringify,
  type Node,
} from 'yaml';
import { InputError } from '../../../errors.ts';
import { child, type Place } from '../../../model/place.ts';
import { readJson } from '../../json/read.ts';
import { JsonArray, JsonObject } from '../../json/value.ts';
import { token } from '../syntax/place.ts';
import { array, nothing, scalarValue, string, type Member, type Value } from '../../value.ts';
import {
  map,
  memberOf,
  whyUnknown,
  reasonOf,
  sortedNames,
  meaningOf,
  type MeaningfulText,
} from '../evaluate/values.ts';
import { fn, open, type Arguments, type TerraformFunction } from './function.ts';
import { jsonText } from './json.ts';

/** Where the decoded value stands: in the file that was read, or, for text of other origin, at that text. */
function originOf(args: Arguments): string | undefined {
  return meaningOf(args.at(0)).file;
}

function jsonencode(args: Arguments): Value {
  const value = args.at(0);
  const encoded = jsonText(value);
  const why = whyUnknown(value, true);
  const made: MeaningfulText = {
    ...string(encoded, args.place),
    encoded: value,
    ...(why === undefined ? {} : { unknowns: [reasonOf(why)] }),
  };
  return made;
}

function jsondecode(args: Arguments): Value {
  const value = args.at(0);
  const { encoded } = meaningOf(value);
  if (encoded !== undefined) return encoded;
  const why = whyUnknown(value);
  if (why !== undefined) return args.unknown(why);
  const file = originOf(args);
  try {
    const { value: read } = readJson(file ?? '', args.text(0));
    const raw: unknown = read instanceof JsonObject || read instanceof JsonArray ? read.raw : rawOf(read);
    return exact(raw, read.place, file === undefined ? args.from(0) : undefined);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw args.error(`${file ?? 'the text'} is no JSON: ${error.message}`);
  }
}

function rawOf(value: Value): unknown {
  return value.kind === 'string' || value.kind === 'number' || value.kind === 'boolean' ? value.value : null;
}

/** JSON as the parsers read it is keyed in lower case; Terraform keeps names as written. */
function exact(raw: unknown, own: Place, at: Place | undefined): Value {
  const place = at ?? own;
  if (Array.isArray(raw)) {
    return array(
      raw.map((item, index) => exact(item, child(own, index), at)),
      place,
    );
  }
  if (typeof raw !== 'object' || raw === null) return scalarValue(raw, place);
  return map(
    Object.entries(raw).map(([name, item]) => [name, exact(item, child(own, name), at)] as const),
    place,
  );
}

/** Aliases of aliases make a few lines of YAML more than any memory holds. */
const MOST_VALUES = 200_000;

function yamldecode(args: Arguments): Value {
  const source = args.text(0);
  const file = originOf(args);
  const counter = new LineCounter();
  const documents = parseAllDocuments(source, { version: '1.2', lineCounter: counter, uniqueKeys: false });
  const [document] = Array.isArray(documents) ? documents : [];
  const problem = document?.errors[0];
  if (problem !== undefined) {
    const { line } = counter.linePos(problem.pos[0]);
    throw args.error(
      `${file ?? 'the text'} is no YAML: ${problem.message.split('\n')[0] ?? ''} (line ${line})`,
    );
  }
  if (documents.length > 1) throw args.error('several YAML documents in one text; expected one');
  const contents = document?.contents;
  if (contents === null || contents === undefined || document === undefined) return nothing(args.from(0));
  let count = 0;
  const read = (node: unknown, pointer: string, depth: number): Value => {
    count += 1;
    if (count > MOST_VALUES) throw args.error(`the YAML holds more than ${MOST_VALUES} values`);
    if (depth > 200) throw args.error('the YAML is nested more than 200 levels deep');
    const place = yamlPlace(node, pointer, file, args);
    if (isAlias(node)) return read(node.resolve(document), pointer, depth + 1);
    if (isSeq(node)) {
      return array(
        node.items.map((item, at) => read(item, pointer + token(at), depth + 1)),
        place,
      );
    }
    if (isMap(node)) {
      const members = new Map<string, Member>();
      for (const { key, value } of node.items) {
        const name = yamlName(key);
        if (name === '<<') {
          for (const [merged, member] of mergedMembers(read(value, pointer, depth + 1), args)) {
            members.set(merged, member);
          }
          continue;
        }
        const below = pointer + token(name);
        members.set(name, {
          name,
          value: read(value, below, depth + 1),
          keyPlace: yamlPlace(key, below, file, args),
        });
      }
      return { kind: 'object', members, place };
    }
    return scalarValue(isScalar(node) ? yamlScalar(node) : null, place);
  };
  return read(contents, '', 0);
}

/** https://yaml.org/type/merge.html, as Terraform takes it: what comes later wins, merged or not. */
function mergedMembers(value: Value, args: Arguments): ReadonlyMap<string, Member> {
  if (value.kind !== 'object') throw args.error('<< in YAML merges something that is no map');
  return value.members;
}

/** Terraform reads YAML 1.2 with the words for true and false of 1.1. */
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF)$/;

function yamlScalar({ value, type }: Scalar): unknown {
  if (typeof value !== 'string' || type !== Scalar.PLAIN) return value;
  return TRUE.test(value) || (FALSE.test(value) ? false : value);
}

function yamlName(key: unknown): string {
  return isScalar(key) ? String(yamlScalar(key)) : String(key);
}

function yamlPlace(node: unknown, pointer: string, file: string | undefined, args: Arguments): Place {
  if (file === undefined) return args.from(0);
  const range = (node as Node | null)?.range;
  return range === undefined || range === null
    ? { path: file, pointer }
    : { path: file, pointer, span: { start: range[0], end: range[1] } };
}

function plainOf(value: Value): unknown {
  switch (value.kind) {
    case 'array':
      return value.items.map(plainOf);
    case 'object':
      return Object.fromEntries(
        sortedNames(value).map((name) => [name, plainOf(memberOf(value, name) ?? nothing(value.place))]),
      );
    case 'null':
      return null;
    case 'unknown':
      return value.symbol;
    default:
      return value.value;
  }
}

/** https://developer.hashicorp.com/terraform/language/functions/csvdecode */
function csvdecode(args: Arguments): Value {
  const place = args.from(0);
  const [header, ...rows] = csvRows(args.text(0));
  if (header === undefined)
    throw args.error('the text is empty; expected a line with the names of the columns');
  return array(
    rows.map((row, at) => {
      if (row.length !== header.length) {
        throw args.error(`row ${at + 2} has ${row.length} columns; expected ${header.length}`);
      }
      return map(
        header.map((name, column) => [name, string(row[column] ?? '', place)] as const),
        place,
      );
    }),
    place,
  );
}

function csvRows(source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < source.length) {
    const match = cell.exec(source);
    if (match === null) break;
    const [, quoted, plain = '', end = ''] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}

function base64decode(args: Arguments): Value {
  const source = args.text(0);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(source) || source.length % 4 !== 0)
    throw args.error('the text is no base64');
  return string(Buffer.from(source, 'base64').toString('utf8'), args.from(0));
}

/** https://developer.hashicorp.com/terraform/language/functions#encoding-functions */
export const ENCODING_FUNCTIONS: readonly TerraformFunction[] = [
  open('jsonencode', 1, 1, jsonencode),
  open('jsondecode', 1, 1, jsondecode),
  fn('yamldecode', 1, 1, yamldecode),
  fn('yamlencode', 1, 1, (args) =>
    string(
      stringify(plainOf(args.at(0)), {
        defaultKeyType: 'QUOTE_DOUBLE',
        defaultStringType: 'QUOTE_DOUBLE',
        lineWidth: 0,
      }),
      args.place,
    ),
  ),
  fn('csvdecode', 1, 1, csvdecode),
  fn('base64encode', 1, 1, (args) => string(Buffer.from(args.text(0)).toString('base64'), args.place)),
  fn('base64decode', 1, 1, base64decode),
  fn('textencodebase64', 2, 2, (args) => {
    const isUtf16 = /^utf-?16le$/i.test(args.text(1));
    if (!isUtf16 && !/^utf-?8$/i.test(args.text(1))) return args.atRunTime();
    return string(Buffer.from(args.text(0), isUtf16 ? 'utf16le' : 'utf8').toString('base64'), args.place);
  }),
  fn('textdecodebase64', 2, 2, (args) => {
    const isUtf16 = /^utf-?16le$/i.test(args.text(1));
    if (!isUtf16 && !/^utf-?8$/i.test(args.text(1))) return args.atRunTime();
    return string(Buffer.from(args.text(0), 'base64').toString(isUtf16 ? 'utf16le' : 'utf8'), args.place);
  }),
  fn('urlencode', 1, 1, (args) =>
    string(
      encodeURIComponent(args.text(0))
        .replaceAll('%20', '+')
        .replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
      args.place,
    ),
  ),
  fn('urldecode', 1, 1, (args) => {
    try {
      return string(decodeURIComponent(args.text(0).replaceAll('+', ' ')), args.place);
    } catch {
      throw args.error('the text is not URL-encoded');
    }
  }),
];
