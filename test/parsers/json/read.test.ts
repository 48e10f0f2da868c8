import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { decodeText } from '../../../src/parsers/json/decode.ts';
import { duplicateKeys, positionOf, spanOf } from '../../../src/parsers/json/pointers.ts';
import { parseJson, readJson } from '../../../src/parsers/json/read.ts';
import type { Value } from '../../../src/parsers/value.ts';

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'array':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries(
        [...value.members.values()].map(({ name, value: member }) => [name, plain(member)]),
      );
    case 'null':
      return null;
    case 'unknown':
      throw new Error('JSON has no unknown values');
    default:
      return value.value;
  }
}

function read(text: string): unknown {
  return plain(readJson('f.json', text).value);
}

function problemOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the indentation of a text', () => {
  const document = { name: 'hub', rules: [{ ports: [443, '*'] }, {}, []], note: 'a "b"\n' };
  const indentationOfText = (text: string): string | undefined => readJson('f.json', text).indentation;

  it.each([
    ['two blanks', '  '],
    ['four blanks', '    '],
    ['a tab', '\t'],
  ])('is known where each level has %s', (_name, indentation) => {
    const text = JSON.stringify(document, null, indentation);
    expect(indentationOfText(text)).toBe(indentation);
    expect(indentationOfText(`${text}\n`)).toBe(indentation);
    expect(indentationOfText(text.replaceAll('\n', '\r\n'))).toBe(indentation);
  });

  it.each([
    ['on one line', '{"a": 1}'],
    ['with a member twice', '{\n  "a": 1,\n  "a": 1\n}'],
    ['with a list on one line', '{\n  "a": [1, 2]\n}'],
    ['with a level that is indented otherwise', '{\n  "a": {\n   "b": 1\n  }\n}'],
    ['with a number in another form', '{\n  "a": 1.0\n}'],
    ['with a blank before a line break', '{\n  "a": 1 \n}'],
    ['with an escape that is not needed', String.raw`{@  "a": "\u0041"@}`.replaceAll('@', '\n')],
    ['with a comment behind it', '{\n  "a": 1\n}\n// end'],
    ['without members', '{}'],
    ['that is nested too deeply to be written', `{\n  "a": ${'['.repeat(1e5)}${']'.repeat(1e5)}\n}`],
  ])('is not known of a text %s', (_name, text) => {
    expect(indentationOfText(text)).toBeUndefined();
  });
});

describe('the text of a file', () => {
  const text = '{"a":"é€😀"}';
  const utf16 = Buffer.from(text, 'utf16le');

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-16 little-endian', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16 big-endian', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
  ])('is read from %s', (_title, bytes) => {
    expect(decodeText(bytes, 'f.json')).toBe(text);
  });

  it('in another encoding is refused with what was expected', () => {
    const problem = problemOf(() => decodeText(Buffer.from([0x7b, 0xff, 0x7d]), 'latin1.json'));
    expect(problem.path).toBe('latin1.json');
    expect(problem.message).toContain('not valid UTF-8');
  });

  it('in UTF-16 without a byte order mark is refused with what to do', () => {
    expect(problemOf(() => decodeText(utf16, 'f.json')).message).toBe(
      'looks like UTF-16 without a byte order mark; save the file as UTF-8',
    );
  });

  it('that is empty is the empty text', () => {
    expect(decodeText(new Uint8Array(), 'f.json')).toBe('');
  });
});

describe('JSON', () => {
  it('becomes values with places, keyed by lower-case names', () => {
    const { value } = readJson('f.json', '{"Rules": [{"Na/me~": 1}]}');
    if (value.kind !== 'object') throw new Error('not an object');
    const rules = value.members.get('rules');
    expect(rules?.name).toBe('Rules');
    const rule = rules?.value.kind === 'array' ? rules.value.items[0] : undefined;
    const name = rule?.kind === 'object' ? rule.members.get('na/me~') : undefined;
    expect(name?.value.place).toEqual({ path: 'f.json', pointer: '/Rules/0/Na~1me~0' });
  });

  it('may have comments, trailing commas, tabs and line breaks in strings', () => {
    const text = `// head
      { "a": [1, 2, /* two */], // rest
        "b": "first
second\ttab \\u00e9 \\" end", /* multi
        line */
        "c": {"d": -1.5e3,},
      }`;
    expect(read(text)).toEqual({ a: [1, 2], b: 'first\nsecond\ttab é " end', c: { d: -1500 } });
  });

  it('with a trailing comma gets a note, with comments alone it gets none', () => {
    expect(readJson('f.json', '{\n"a": 1,\n}').notes).toEqual([
      {
        message: 'line 2 has a trailing comma: Azure accepts it, most JSON readers do not',
        place: { path: 'f.json', pointer: '' },
      },
    ]);
    expect(readJson('f.json', '{"a": 1} // x').notes).toEqual([]);
  });

  it('with a key twice in one object gets a note with the line of the second', () => {
    const note = {
      message:
        "line 2 has 'a/b' a second time in one object: the last one counts, and what the others say is lost",
      place: { path: 'f.json', pointer: '' },
    };
    expect(readJson('f.json', '{"x": {"a/b": "q\\": 1",\n"a/b": 2}}').notes).toEqual([note]);
    expect(readJson('f.json', '{"x": {"a/b": 1, // one\n"a/b": 2}}').notes).toEqual([note]);
    expect(readJson('f.json', '[{"a": "a"}, {"a": ["a", {"b" : null}]}]').notes).toEqual([]);
  });

  it('with many keys twice names five of them', () => {
    const text = `{${Array.from({ length: 14 }, (_, at) => `"k${at % 7}": 1`).join(',')}}`;
    const messages = readJson('f.json', text).notes.map(({ message }) => message);
    expect(messages).toHaveLength(6);
    expect(messages.at(-1)).toBe('2 more keys are there a second time');
  });

  it('with a byte order mark that was left in the text is read', () => {
    expect(read('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(read('\uFEFF{"a":1,}')).toEqual({ a: 1 });
  });

  it('may name members like things of JavaScript', () => {
    for (const text of [
      '{"__proto__": {"x": 1}, "constructor": 2}',
      '{"__proto__": {"x": 1}, "constructor": 2,}',
    ]) {
      const { value } = readJson('f.json', text);
      if (value.kind !== 'object') throw new Error('not an object');
      expect([...value.members.keys()]).toEqual(['__proto__', 'constructor']);
      expect('x' in {}).toBe(false);
    }
  });

  it('reads as JSON.parse does, strict or not, for any value and any layout', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(`/**/${text}//`)).toEqual(JSON.parse(text));
        if (duplicateKeys(text).length === 0) expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, but for comments, trailing commas and line breaks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('{', '}', '[', ']', ':', '"', 'a', ',', '1', '-', '.', 'e', 't', ' ', '\\'),
          { maxLength: 12 },
        ),
        (parts) => {
          const text = parts.join('');
          let strict: unknown;
          try {
            strict = JSON.parse(text);
          } catch {
            strict = undefined;
          }
          if (strict !== undefined) expect(parseJson(`${text}//`)).toEqual(strict);
          else if (!/,\s*[\]}]/.test(text)) expect(parseJson(`${text}//`)).toBeUndefined();
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('what is not JSON', () => {
  it.each([
    ['', 'the file is empty; expected JSON', undefined, undefined],
    [' \n\t ', 'the file is empty; expected JSON', undefined, undefined],
    ['nope', 'not JSON: found "nope", expected a value', 1, 1],
    ['# az network firewall', 'not JSON: found "#", expected a value', 1, 1],
    ['{"a": 1}\n{"b": 2}', 'not JSON: found "{", expected the end of the file', 2, 1],
    ['{"a" 1}', 'not JSON: found "1", expected ":"', 1, 6],
    ['{"a": 1 "b": 2}', 'not JSON: found "\\"", expected "," or "}"', 1, 9],
    ['{a: 1}', 'not JSON: found "a", expected a property name in double quotes or "}"', 1, 2],
    ["{'a': 1}", 'not JSON: found "\'a\'", expected a property name in double quotes or "}"', 1, 2],
    ['[1,\n  2,,\n 3]', 'not JSON: found ",", expected a value or "]"', 2, 5],
    ['[01]', 'not JSON: found "1", expected "," or "]"', 1, 3],
    ['[+1]', 'not JSON: found "+1", expected a value or "]"', 1, 2],
    ['[NaN]', 'not JSON: found "NaN", expected a value or "]"', 1, 2],
    ['{"a": undefined}', 'not JSON: found "undefined", expected a value', 1, 7],
    [
      '{"a": "\\x"}',
      'not JSON: found "\\\\x" in a string, expected an escape such as \\n, \\\\ or \\u00e9',
      1,
      8,
    ],
    ['{"a": "open}\n', 'not JSON: found a string that is not closed, expected a closing double quote', 1, 7],
    ['{"a": 1} /* open', 'not JSON: found a comment that is not closed, expected "*/"', 1, 10],
    ['{"a": [1, 2]]', 'not JSON: found "]", expected "," or "}"', 1, 13],
  ])('%j is refused with place, found and expected', (text, message, line, column) => {
    const problem = problemOf(() => readJson('f.json', text));
    expect(problem).toMatchObject({ path: 'f.json', message, line, column });
  });

  it('because the rest is missing says in what it ends', () => {
    const problem = problemOf(() => readJson('f.json', '{\n  "rules": [\n    {"name": "a"},\n    {"name":'));
    expect(problem).toMatchObject({ line: 4, column: 13 });
    expect(problem.message).toBe(
      'not JSON: found the end of the file, expected a value to go on with the object that begins in line 4; is the file complete?',
    );
  });

  it('because it is nested ten thousand deep is refused at the level where it goes too far', () => {
    const deep = (open: string, close: string): string =>
      `{"a":${open.repeat(10_000)}1${close.repeat(10_000)}}`;
    for (const text of [deep('[', ']'), deep('{"a":', '}'), `${deep('[', ']')}//`]) {
      const problem = problemOf(() => read(text));
      expect(problem.message).toBe(
        'objects and arrays are nested more than 200 levels deep; no firewall configuration is',
      );
      expect(problem).toMatchObject({ path: 'f.json', line: 1 });
    }
  });

  it('of any kind is never anything but an InputError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});

describe('pointers in a text', () => {
  const text = '{"a": [1, {"b/c": "x"}], "A": 2, /* {"a": 1} */ "d": {"e": 1, "e": [2,], "E": 3}}';

  it('find duplicate keys, also those that differ in case only', () => {
    expect(duplicateKeys(text)).toEqual([
      { pointer: '/A', offset: text.indexOf('"A"') },
      { pointer: '/d/e', offset: text.lastIndexOf('"e"') },
      { pointer: '/d/E', offset: text.indexOf('"E"') },
    ]);
    expect(duplicateKeys('[{"a": 1}, {"a": 1}]')).toEqual([]);
  });

  it('find the span of a value, and of its key', () => {
    const slice = (pointer: string, key?: boolean): string | undefined => {
      const span = spanOf(text, pointer, key);
      return span === undefined ? undefined : text.slice(span.offset, span.end);
    };
    expect(slice('/a/1/b~1c')).toBe('"x"');
    expect(slice('/a/1')).toBe('{"b/c": "x"}');
    expect(slice('/a/1/b~1c', true)).toBe('"b/c"');
    expect(slice('/d/e')).toBe('[2,]');
    expect(slice('')).toBe(text);
    expect(slice('/nothing')).toBeUndefined();
  });

  it('tell line and column of a value', () => {
    expect(positionOf(readJson('f.json', '{\r\n "a": {\n  "b": 1}}').value, '/a/b')).toEqual({
      line: 3,
      column: 8,
    });
  });
});
