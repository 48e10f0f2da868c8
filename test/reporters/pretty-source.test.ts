import { describe, expect, test } from 'vitest';
import { lineStarts } from '../../src/locate/index.ts';
import { quoteSource } from '../../src/reporters/pretty-source.ts';
import type { Mark } from '../../src/reporters/pretty-source.ts';
import { displayWidth } from '../../src/reporters/text-layout.ts';
import { cpuTimeOf } from '../cpu-time.ts';

const plain = (text: string): string => text;
const style = { gutter: plain, primary: plain, related: plain, context: plain };

function mark(startLine: number, startColumn: number, endColumn: number, label = '', primary = true): Mark {
  return { region: { startLine, startColumn, endLine: startLine, endColumn }, primary, label };
}

function quote(text: string, marks: Mark[], width = 60): string[] {
  return quoteSource(text, lineStarts(text), marks, { digits: 2, width, style });
}

/** The mark of the nth occurrence of a token. */
function markOf(text: string, token: string, label = '', primary = true): Mark {
  const offset = text.indexOf(token);
  const line = text.slice(0, offset).split('\n').length;
  const column = offset - text.lastIndexOf('\n', offset - 1);
  return mark(line, column, column + token.length, label, primary);
}

describe('a quoted source line', () => {
  test('is shown without the indentation that all shown lines have, with what is meant underlined', () => {
    const text = '{\n      "name": "hub"\n}';
    expect(quote(text, [markOf(text, '"hub"')])).toEqual([' 2 │ "name": "hub"', '   │         ^^^^^']);
  });

  test('of a list item comes with the line that opens the list', () => {
    const text = '{\n  "fqdns": [\n    // "b": [\n    "a",\n    "b"\n  ]\n}';
    expect(quote(text, [mark(5, 5, 8)])).toEqual([' 2 │ "fqdns": [', '   ·', ' 5 │   "b"', '   │   ^^^']);
    expect(quote(text, [mark(4, 5, 8)])[0]).toBe(' 2 │ "fqdns": [');
  });

  test('counts tabs as four columns', () => {
    const text = '\t"a":\t"b"';
    expect(quote(text, [markOf(text, '"b"')])).toEqual([' 1 │ "a":    "b"', '   │         ^^^']);
  });

  test('underlines wide characters over their whole width', () => {
    const text = '"描述": "防火墙🔥", "x": 1';
    expect(quote(text, [markOf(text, '"防火墙🔥"')])).toEqual([` 1 │ ${text}`, '   │         ^^^^^^^^^^']);
  });

  test('shows control characters and bidirectional overrides as what they are: strange', () => {
    const text = '"a": "\u001B[2J\u202E"';
    expect(quote(text, [mark(1, 6, 13)])).toEqual([' 1 │ "a": "\uFFFD[2J\uFFFD"', '   │      ^^^^^^^']);
  });

  test('has one caret for an insertion point, and at the end of the line', () => {
    expect(quote('"a": 1', [mark(1, 7, 7)])).toEqual([' 1 │ "a": 1', '   │       ^']);
    expect(quote('', [mark(1, 1, 1)])).toEqual([' 1 │', '   │ ^']);
  });

  test('is underlined to its end where the region goes on', () => {
    const region = { startLine: 1, startColumn: 6, endLine: 2, endColumn: 3 };
    expect(quote('"a": {\n  }', [{ region, primary: true, label: '' }])).toEqual([
      ' 1 │ "a": {',
      '   │      ^',
    ]);
  });

  test('behind the end of the file is left out', () => {
    expect(quote('{}', [mark(9, 1, 2)])).toEqual([]);
  });

  test('does not begin with the byte order mark', () => {
    const text = '\uFEFF{"a": 1}';
    expect(quote(text, [mark(1, 7, 8)])).toEqual([' 1 │ {"a": 1}', '   │       ^']);
  });
});

describe('several marks', () => {
  const text = '{\n  "name": "web",\n  "ports": [80],\n\n\n  "deny": true\n}';

  test('are shown in order of lines, with their labels, and gaps are dots', () => {
    expect(
      quote(text, [
        markOf(text, 'true', 'denied here', false),
        markOf(text, '"web"'),
        markOf(text, '80', 'not 443', false),
      ]),
    ).toEqual([
      ' 2 │ "name": "web",',
      '   │         ^^^^^',
      ' 3 │ "ports": [80],',
      '   │           -- not 443',
      '   ·',
      ' 6 │ "deny": true',
      '   │         ---- denied here',
    ]);
  });

  test('on one line are underlined one after the other', () => {
    const line = '"a": 1, "b": 2';
    expect(quote(line, [markOf(line, '2', 'second', false), markOf(line, '1', 'first')])).toEqual([
      ' 1 │ "a": 1, "b": 2',
      '   │      ^ first',
      '   │              - second',
    ]);
  });

  test('whose label does not fit have it below', () => {
    const label = 'a label that is much too long for what is left of this line';
    const output = quote(text, [markOf(text, 'true', label, false)], 40);
    expect(output).toEqual([
      ' 6 │ "deny": true',
      '   │         ----',
      '   │         a label that is much too',
      '   │         long for what is left of',
      '   │         this line',
    ]);
  });
});

describe('a long line', () => {
  const items = Array.from({ length: 50 }, (_, i) => `"host-${i}.example.com"`);
  const line = `  "fqdns": [${items.join(', ')}]`;

  test.each([
    '"host-0.example.com"',
    '"host-1.example.com"',
    '"host-25.example.com"',
    '"host-49.example.com"',
  ])('is cut around %s, which stays whole and underlined', (token) => {
    for (const width of [40, 60, 100]) {
      const [shown = '', under = ''] = quote(line, [markOf(line, token)], width);
      const from = under.indexOf('^');
      expect(shown.slice(from, from + token.length)).toBe(token);
      expect(under.slice(from)).toBe('^'.repeat(token.length));
      expect(displayWidth(shown)).toBeLessThanOrEqual(width);
      expect(shown).toContain('…');
    }
  });

  test('that begins with what is meant is cut at its end only', () => {
    expect(quote(line, [markOf(line, '"host-0.example.com"')], 50)[0]).toBe(
      ' 1 │ "fqdns": ["host-0.example.com", "host-1.exam…',
    );
  });

  test('that ends with what is meant is cut at its beginning only', () => {
    const [shown = ''] = quote(line, [markOf(line, '"host-49.example.com"')], 50);
    expect(shown).toMatch(/^ 1 │ ….*"host-49\.example\.com"\]$/);
  });

  test('of which more is meant than fits is underlined as far as it is shown', () => {
    const [shown = '', under = ''] = quote(line, [mark(1, 12, line.length + 1)], 50);
    expect(displayWidth(under)).toBeLessThanOrEqual(displayWidth(shown));
    expect(under).toMatch(/\^{20,}$/);
  });

  test('of which another marked part is cut off names the column of that part', () => {
    const marks = [
      markOf(line, '"host-49.example.com"'),
      markOf(line, '"host-3.example.com"', 'twice', false),
    ];
    // Columns 1 to 12 are `  "fqdns": [`; each of the first hosts takes 22 with its comma and blank.
    expect(quote(line, marks, 60)[1]).toBe('   │ column 79: twice');
  });

  test('of megabytes is cut as quickly as a short one', async () => {
    const minified = `{"a": [${'"x.example.com", '.repeat(300_000)}"mcr.microsoft.com"${', "y"'.repeat(300_000)}]}`;
    let quoted: string[] = [];
    const spent = await cpuTimeOf(() => {
      quoted = quote(minified, [markOf(minified, '"mcr.microsoft.com"')], 80);
    });
    expect(spent).toBeLessThan(500);
    const [shown = '', under = ''] = quoted;
    expect(shown.slice(under.indexOf('^'))).toMatch(/^"mcr\.microsoft\.com", .*…$/);
    expect(displayWidth(shown)).toBeLessThanOrEqual(80);
  });

  test('of wide characters is cut between them', () => {
    const wide = `"${'防'.repeat(100)}", "here"`;
    const [shown = '', under = ''] = quote(wide, [markOf(wide, '"here"')], 50);
    expect(displayWidth(shown)).toBeLessThanOrEqual(50);
    expect(displayWidth(shown.slice(0, shown.indexOf('"here"')))).toBe(under.indexOf('^'));
  });
});
