import type { Place } from '../../../model/place.ts';
import { symbolOf, symbolsOf } from '../../../model/symbol.ts';
import { boolean, array, string, type StringValue, type Value } from '../../value.ts';
import { inner, joined, toText, whyUnknown } from '../evaluate/values.ts';
import { format } from './format.ts';
import { fn, MANY, open, type Arguments, type TerraformFunction } from './function.ts';
import { regexOf, regexResult } from './regex.ts';

/** Changes the known parts of a text; each symbol becomes the one of the changed value. */
function changed(args: Arguments, change: (part: string) => string): Value {
  const value = toText(args.at(0), args.place);
  if (value.unknowns === undefined) return string(change(value.value), value.place);
  const rest = args.values.slice(1).map((one) => `, ${JSON.stringify(toText(one).value)}`);
  const symbols = symbolsOf(value.value);
  const parts = value.value.split(/⟦[^⟧]*⟧/);
  const changedText = parts
    .map((part, at) => {
      const symbol = symbols[at];
      return (
        change(part) +
        (symbol === undefined ? '' : symbolOf(`${args.name}(${inner(symbol)}${rest.join('')})`))
      );
    })
    .join('');
  return { ...value, value: changedText };
}

function simple(name: string, change: (value: string) => string): TerraformFunction {
  return fn(name, 1, 1, (args) => string(change(args.text(0)), args.from(0)));
}

function trimmed(value: string, cutset: string, start: boolean, end: boolean): string {
  const characters = Array.from(value);
  const cut = new Set(cutset);
  let from = 0;
  let to = characters.length;
  while (start && from < to && cut.has(characters[from] ?? '')) from += 1;
  while (end && to > from && cut.has(characters[to - 1] ?? '')) to -= 1;
  return characters.slice(from, to).join('');
}

function substr(args: Arguments): Value {
  const characters = Array.from(args.text(0));
  const [offset, length] = [args.integer(1), args.integer(2)];
  const from = offset < 0 ? Math.max(0, characters.length + offset) : offset;
  const part = length < 0 ? characters.slice(from) : characters.slice(from, from + length);
  return string(part.join(''), args.from(0));
}

function join(args: Arguments): Value {
  const separator = args.text(0);
  const parts: StringValue[] = [];
  for (const value of args.values.slice(1)) {
    const why = whyUnknown(value);
    if (why !== undefined) return args.unknown(why);
    for (const item of value.kind === 'array' ? value.items : [value]) {
      if (item.kind === 'null') throw args.error('a null among the strings');
      if (parts.length > 0) parts.push(string(separator, args.place));
      parts.push(toText(item, args.place));
    }
  }
  return joined(parts, args.place);
}

function replace(args: Arguments): Value {
  const [search, by] = [args.text(1), args.text(2)];
  if (search.length > 1 && search.startsWith('/') && search.endsWith('/')) {
    const pattern = regexOf(search.slice(1, -1), args, 'g');
    const why = whyUnknown(args.at(0));
    if (why !== undefined) return args.unknown(why);
    const replacement = by
      .replaceAll('$$', '\u0000')
      .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`));
    return string(args.text(0).replaceAll(pattern, replacement.replaceAll('\u0000', '$$$$')), args.from(0));
  }
  return changed(args, (part) => part.replaceAll(search, () => by));
}

function titled(value: string): string {
  return value.replaceAll(
    /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function indent(args: Arguments): Value {
  return string(args.text(1).replaceAll('\n', `\n${' '.repeat(Math.max(0, args.integer(0)))}`), args.place);
}

function knownOnly(args: Arguments, from: number): Value | undefined {
  for (const value of args.values.slice(from)) {
    const why = whyUnknown(value);
    if (why !== undefined) return args.unknown(why);
  }
  return undefined;
}

function splitText(args: Arguments): Value {
  const separator = args.text(0);
  const place: Place = args.from(1);
  const whole = args.text(1);
  const parts = separator === '' ? Array.from(whole) : whole.split(separator);
  return array(
    parts.map((part) => string(part, place)),
    place,
  );
}

function formatlist(args: Arguments): Value {
  const lengths = args.values.slice(1).flatMap((value) => (value.kind === 'array' ? value.items.length : []));
  const count = lengths.length === 0 ? 1 : Math.max(...lengths);
  if (lengths.some((length) => length !== count)) throw args.error('the lists have different lengths');
  const rows = Array.from({ length: count }, (_, row) =>
    args.values.slice(1).map((value) => (value.kind === 'array' ? (value.items[row] ?? value) : value)),
  );
  return array(
    rows.map((row) => format(args.text(0), row, args)),
    args.place,
  );
}

/** https://developer.hashicorp.com/terraform/language/functions#string-functions */
export const STRING_FUNCTIONS: readonly TerraformFunction[] = [
  open('lower', 1, 1, (args) => changed(args, (part) => part.toLowerCase())),
  open('upper', 1, 1, (args) => changed(args, (part) => part.toUpperCase())),
  open('replace', 3, 3, (args) => knownOnly(args, 1) ?? replace(args)),
  open('join', 1, MANY, (args) => {
    const why = whyUnknown(args.at(0));
    return why === undefined ? join(args) : args.unknown(why);
  }),
  open('format', 1, MANY, (args) => {
    const why = whyUnknown(args.at(0));
    return why === undefined ? format(args.text(0), args.values.slice(1), args) : args.unknown(why);
  }),
  fn('formatlist', 1, MANY, formatlist),
  simple('title', titled),
  simple('trimspace', (value) => value.trim()),
  simple('chomp', (value) => value.replace(/[\r\n]+$/, '')),
  simple('strrev', (value) => Array.from(value).reverse().join('')),
  fn('trim', 2, 2, (args) => string(trimmed(args.text(0), args.text(1), true, true), args.from(0))),
  fn('trimprefix', 2, 2, (args) => {
    const [value, prefix] = [args.text(0), args.text(1)];
    return string(value.startsWith(prefix) ? value.slice(prefix.length) : value, args.from(0));
  }),
  fn('trimsuffix', 2, 2, (args) => {
    const [value, suffix] = [args.text(0), args.text(1)];
    const isThere = suffix !== '' && value.endsWith(suffix);
    return string(isThere ? value.slice(0, -suffix.length) : value, args.from(0));
  }),
  fn('startswith', 2, 2, (args) => boolean(args.text(0).startsWith(args.text(1)), args.place)),
  fn('endswith', 2, 2, (args) => boolean(args.text(0).endsWith(args.text(1)), args.place)),
  fn('strcontains', 2, 2, (args) => boolean(args.text(0).includes(args.text(1)), args.place)),
  fn('substr', 3, 3, substr),
  fn('indent', 2, 2, indent),
  fn('split', 2, 2, splitText),
  fn('regex', 2, 2, (args) => {
    const match = regexOf(args.text(0), args, '').exec(args.text(1));
    if (match === null) throw args.error(`the pattern does not match '${args.text(1).slice(0, 60)}'`);
    return regexResult(match, args);
  }),
  fn('regexall', 2, 2, (args) =>
    array(
      [...args.text(1).matchAll(regexOf(args.text(0), args, 'g'))].map((match) => regexResult(match, args)),
      args.place,
    ),
  ),
  fn('templatestring', 2, 2, (args) =>
    args.context.renderTemplate(args.from(0).path, args.text(0), args.at(1), args.place),
  ),
];
