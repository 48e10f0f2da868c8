import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate, locateAll } from '../../src/locate/index.ts';
import type { Region } from '../../src/locate/index.ts';

/** What a region underlines, read with a second, naive understanding of lines. */
function quoted(text: string, region: Region | undefined): string {
  if (region === undefined) throw new Error('no region');
  expect(region.endLine).toBe(region.startLine);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return (lines[region.startLine - 1] ?? '').slice(region.startColumn - 1, region.endColumn - 1);
}

function underlined(text: string, pointer: string, key = false): string {
  return quoted(text, locate(text, [{ pointer, key }])[0]);
}

const POLICY = `{
  "resources": [
    {
      "name": "hub",
      "properties": {
        "priority": 100,
        "rules": [
          {
            "name": "registry",
            "targetFqdns": ["mcr.microsoft.com", "*.data.mcr.microsoft.com"],
            "terminateTLS": false,
            "protocols": [ { "protocolType": "Https", "port": 443 } ]
          },
          {
            "ruleType": "NetworkRule",
            "sourceAddresses": [
              "10.240.0.0/22"
            ],
            "sourceIpGroups": []
          }
        ]
      }
    }
  ]
}
`;

describe('which token a pointer means', () => {
  test('a string, number or boolean is its own token, quotes included', () => {
    expect(locate(POLICY, [{ pointer: '/resources/0/properties/rules/0/targetFqdns/1' }])).toEqual([
      { startLine: 10, startColumn: 50, endLine: 10, endColumn: 76 },
    ]);
    expect(underlined(POLICY, '/resources/0/properties/rules/0/targetFqdns/1')).toBe(
      '"*.data.mcr.microsoft.com"',
    );
    expect(underlined(POLICY, '/resources/0/properties/priority')).toBe('100');
    expect(underlined(POLICY, '/resources/0/properties/rules/0/terminateTLS')).toBe('false');
  });

  test('an object with a name is the name, since a brace says nothing to a reader', () => {
    expect(underlined(POLICY, '/resources/0/properties/rules/0')).toBe('"registry"');
    expect(underlined(POLICY, '/resources/0')).toBe('"hub"');
    expect(underlined('{"rules":[{"Name":"a","x":1}]}', '/rules/0')).toBe('"a"');
  });

  test('a short object or array on one line is shown whole', () => {
    expect(underlined(POLICY, '/resources/0/properties/rules/0/protocols/0')).toBe(
      '{ "protocolType": "Https", "port": 443 }',
    );
    expect(underlined(POLICY, '/resources/0/properties/rules/1/sourceIpGroups')).toBe('[]');
  });

  test('an object or array over several lines is its key, or as an array item its bracket', () => {
    expect(underlined(POLICY, '/resources/0/properties/rules/1/sourceAddresses')).toBe('"sourceAddresses"');
    expect(underlined(POLICY, '/resources/0/properties')).toBe('"properties"');
    expect(underlined(POLICY, '/resources/0/properties/rules/1')).toBe('{');
    expect(underlined(POLICY, '')).toBe('{');
  });

  test('a long container of a minified file is its key, never the whole line', () => {
    const minified = JSON.stringify({ list: Array.from({ length: 100 }, (_, i) => `host-${i}.example.com`) });
    expect(underlined(minified, '/list')).toBe('"list"');
    expect(underlined(minified, '')).toBe('{');
  });

  test('a name that is no string names nothing', () => {
    expect(underlined('{"a": {"name": {"x": 1},\n"b": 2}}', '/a')).toBe('"a"');
  });

  test('key means the key of the property, and of an array item the item', () => {
    expect(underlined(POLICY, '/resources/0/properties/priority', true)).toBe('"priority"');
    expect(underlined(POLICY, '/resources/0/properties/rules/0/targetFqdns/0', true)).toBe(
      '"mcr.microsoft.com"',
    );
    expect(underlined(POLICY, '/resources/0/properties/rules/0', true)).toBe('"registry"');
  });

  test('a pointer that does not exist is its nearest ancestor', () => {
    expect(underlined(POLICY, '/resources/0/properties/rules/0/destinationAddresses')).toBe('"registry"');
    expect(underlined(POLICY, '/resources/0/properties/rules/0/destinationAddresses/3', true)).toBe(
      '"registry"',
    );
    expect(underlined(POLICY, '/resources/7')).toBe('"resources"');
  });

  test('a pointer into a string that holds an expression is the string', () => {
    const text = `{"sourceAddresses": "[parameters('aksSubnets')]"}`;
    expect(underlined(text, '/sourceAddresses/0')).toBe(`"[parameters('aksSubnets')]"`);
  });

  test('of duplicate keys the last counts, as it does for JSON.parse', () => {
    const text = '{"a": {"b": 1, "name": "first"}, "a": {"c": 2}, "x": 1, "x": 3}';
    expect(underlined(text, '/a/c')).toBe('2');
    expect(underlined(text, '/a/b')).toBe('{"c": 2}');
    expect(underlined(text, '/x')).toBe('3');
  });
});

describe('keys', () => {
  test('escapes of JSON and of JSON pointers are undone', () => {
    const text = String.raw`{"a/b": 1, "c~d": 2, "\u0065\"f": 3, "": 4, "~1": 5}`;
    expect(underlined(text, '/a~1b')).toBe('1');
    expect(underlined(text, '/c~0d')).toBe('2');
    expect(underlined(text, '/e"f')).toBe('3');
    expect(underlined(text, '/')).toBe('4');
    expect(underlined(text, '/~01')).toBe('5');
  });

  test('__proto__, constructor and numbers are keys like others', () => {
    const text = '{"__proto__": {"constructor": 1}, "0": "zero"}';
    expect(underlined(text, '/__proto__/constructor')).toBe('1');
    expect(underlined(text, '/0')).toBe('"zero"');
    expect(underlined(text, '/hasOwnProperty')).toBe(text);
  });
});

describe('what templates have beyond JSON', () => {
  test('comments are skipped and count for no index', () => {
    const text = `// a "template" {
{ /* { [ */ "hosts": [ // "first",
    "a", /* "x", */ "b"
    // "c"
    , "d"
  ] }`;
    expect(underlined(text, '/hosts/0')).toBe('"a"');
    expect(underlined(text, '/hosts/1')).toBe('"b"');
    expect(underlined(text, '/hosts/2')).toBe('"d"');
    expect(underlined(`{"a": [1,2] // ]\n, "url": "https://x/*", "b": 2 /* */}`, '/b')).toBe('2');
  });

  test('trailing commas are skipped', () => {
    expect(underlined('{"a": [1, 2,], "b": {"c": 3,},}', '/b/c')).toBe('3');
  });

  test('a string with a line break is shown by its first line', () => {
    const text = `{"expression": "[concat(\r\n  'a',\r\n  'b')]",\r\n "next": 1}`;
    expect(underlined(text, '/expression')).toBe('"[concat(');
    expect(locate(text, [{ pointer: '/next' }])[0]).toEqual({
      startLine: 4,
      startColumn: 10,
      endLine: 4,
      endColumn: 11,
    });
  });

  test('escaped quotes and backslashes before quotes do not end a string too early or too late', () => {
    const text = String.raw`{"a": "x\"]}", "b": "y\\", "c": "\\\"", "d": 1}`;
    expect(underlined(text, '/a')).toBe(String.raw`"x\"]}"`);
    expect(underlined(text, '/b')).toBe(String.raw`"y\\"`);
    expect(underlined(text, '/c')).toBe(String.raw`"\\\""`);
    expect(underlined(text, '/d')).toBe('1');
  });
});

describe('lines and columns', () => {
  test('columns are UTF-16 code units: a character outside the basic plane takes two', () => {
    expect(locate('{"😀é": "x"}', [{ pointer: '/😀é' }])[0]).toMatchObject({ startColumn: 9, endColumn: 12 });
  });

  test('a byte order mark has no column', () => {
    const text = '{"a": 1}';
    expect(locate(`\uFEFF${text}`, [{ pointer: '/a' }])).toEqual(locate(text, [{ pointer: '/a' }]));
    expect(locate(`\uFEFF`, [{ pointer: '' }])).toEqual([
      { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
    ]);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('%s ends a line', (_name, newline) => {
    const text = POLICY.replaceAll('\n', newline);
    expect(locate(text, [{ pointer: '/resources/0/properties/priority' }])[0]).toEqual({
      startLine: 6,
      startColumn: 21,
      endLine: 6,
      endColumn: 24,
    });
  });

  test('U+2028 does not end a line', () => {
    expect(locate('{"a": "\u2028", "b": 1}', [{ pointer: '/b' }])[0]).toMatchObject({
      startLine: 1,
      startColumn: 17,
    });
  });
});

describe('text that is no JSON', () => {
  test.each([
    ['empty', ''],
    ['blank', ' \n '],
    ['only a comment', '// nothing'],
    ['an open comment', '/* nothing'],
  ])('%s: the first line', (_name, text) => {
    expect(locate(text, [{ pointer: '/a/b' }])[0]).toMatchObject({
      startLine: 1,
      startColumn: 1,
      endLine: 1,
    });
  });

  test('what stands before the fault is found', () => {
    expect(underlined('{"a": 1, "b": [2, "c', '/a')).toBe('1');
    expect(underlined('{"a": 1, "b": [2, "c', '/b/0')).toBe('2');
    expect(underlined('{"a": 1, b: 2}', '/a')).toBe('1');
    expect(underlined('{"a": , "b": 2}', '/b')).toBe('2');
    expect(underlined('{"a"', '/a')).toBe('{');
    expect(underlined('resource "x" {', '/a')).toBe('resource');
  });

  test('any text gives regions inside the text and never fails', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '/',
      '*',
      '\n',
      '\r',
      'a',
      '1',
      ' ',
      '"a"',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        const text = tokens.join('');
        const places = ['', '/a', '/0', '/a/0', '/a/a/a'].flatMap((pointer) => [
          { pointer },
          { pointer, key: true },
        ]);
        const lines = text.split(/\r\n|\n|\r/);
        for (const region of locate(text, places)) {
          expect(region.startLine).toBeLessThanOrEqual(lines.length);
          expect(region.startColumn).toBeGreaterThanOrEqual(1);
          expect(region.endColumn).toBeGreaterThanOrEqual(region.startColumn);
          expect(region.endColumn).toBeLessThanOrEqual((lines[region.startLine - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('every scalar of a document', () => {
  /** Pointer and value of every string, number, boolean and null. */
  function scalars(value: unknown, pointer = ''): [string, unknown][] {
    if (Array.isArray(value)) return value.flatMap((item, i) => scalars(item, `${pointer}/${i}`));
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value).flatMap(([key, item]) =>
        scalars(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
      );
    }
    return [[pointer, value]];
  }

  test('is found by its pointer, however the document is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (document, indent) => {
        const text = JSON.stringify(document, null, indent);
        const wanted = scalars(JSON.parse(text));
        const regions = locate(
          text,
          wanted.map(([pointer]) => ({ pointer })),
        );
        wanted.forEach(([, value], i) => {
          expect(JSON.parse(quoted(text, regions[i]))).toEqual(value);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a text that is written as JSON.stringify writes it', () => {
  /** Pointers of everything in a document, containers and members that are not there included. */
  function pointers(value: unknown, pointer = ''): string[] {
    if (typeof value !== 'object' || value === null) return [pointer, `${pointer}/0`];
    const below = Object.entries(value).flatMap(([key, item]) =>
      pointers(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
    return [pointer, ...below, `${pointer}/absent`];
  }

  const name = fc.constantFrom('name', 'Name', 'a', 'b', '{', '"', ']\n', '  }', ',');
  const { document } = fc.letrec((tie) => ({
    document: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      name,
      fc.constantFrom(null, true, 0, -1.5, 1e21, '', '}', '\n]', '\\', 'x'.repeat(130)),
      fc.array(tie('document'), { maxLength: 4 }),
      fc.dictionary(name, tie('document'), { maxKeys: 4 }),
    ),
  }));

  test('has every region where the scan of every character finds it', () => {
    fc.assert(
      fc.property(
        document,
        fc.constantFrom(' ', '  ', '    ', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 6 }),
        (value, indentation, lineBreak, chosen) => {
          const text = `${JSON.stringify(value, null, indentation).replaceAll('\n', lineBreak)}${lineBreak}`;
          const all = pointers(value);
          // A few of many: what is skipped matters.
          const places = chosen.flatMap((at) => {
            const pointer = all[at % all.length] ?? '';
            return [{ pointer }, { pointer, key: true }];
          });
          expect(locate(text, places, indentation)).toEqual(locate(text, places));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('is scanned without looking at what nobody asked for', () => {
    // Not JSON in the part to be skipped: whoever looks at it goes astray.
    const text = '{\n  "a": {\n    "x": """,\n  },\n  "b": 1\n}\n';
    expect(locate(text, [{ pointer: '/b' }], '  ')).toEqual([
      { startLine: 5, startColumn: 8, endLine: 5, endColumn: 9 },
    ]);
  });
});

describe('size', () => {
  test('nesting of 100,000 levels does not overflow the stack', () => {
    const text = `{"deep": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "after": 1}`;
    expect(underlined(text, '/after')).toBe('1');
    expect(underlined(text, `/deep${'/0'.repeat(99_999)}`)).toBe('[]');
  });

  test('no places need no scan', () => {
    expect(locate('{', [])).toEqual([]);
  });
});

describe('places of several files', () => {
  test('each text is read once and the order of the places is kept', () => {
    const texts = new Map([
      ['a.json', '{"x": 1}'],
      ['b.json', '{\n"x": 2}'],
    ]);
    const read: string[] = [];
    const located = locateAll(
      {
        textOf: (path) => {
          read.push(path);
          return texts.get(path);
        },
      },
      [
        { path: 'b.json', pointer: '/x' },
        { path: 'a.json', pointer: '/x', key: true },
        { path: 'missing.json', pointer: '/x' },
        { path: 'b.json', pointer: '' },
      ],
    );
    expect(read).toEqual(['b.json', 'a.json', 'missing.json']);
    expect(located).toEqual([
      { path: 'b.json', pointer: '/x', startLine: 2, startColumn: 6, endLine: 2, endColumn: 7 },
      { path: 'a.json', pointer: '/x', startLine: 1, startColumn: 2, endLine: 1, endColumn: 5 },
      { path: 'missing.json', pointer: '/x', startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
      { path: 'b.json', pointer: '', startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
    ]);
  });
});
