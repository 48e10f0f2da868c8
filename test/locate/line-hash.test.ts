import { computeRollingHashes } from '@microsoft/sarif';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineHashes } from '../../src/locate/index.ts';

const all = (text: string): string[] => {
  const lines = text.split(/\r\n|\n|\r/).length;
  return [
    ...lineHashes(
      text,
      Array.from({ length: lines }, (_, i) => i + 1),
    ).values(),
  ];
};

describe('primaryLocationLineHash', () => {
  test("an empty text has the hash of GitHub's own test", () => {
    expect(all('')).toEqual(['c129715d7a2bc9a3:1']);
  });

  test("blanks are dropped and windows run on over line breaks, as in GitHub's own test", () => {
    expect(all(' a\nb\n  \t\tc\n d')).toEqual([
      '271789c17abda88f:1',
      '54703d4cd895b18:1',
      '180aee12dab6264:1',
      'a23a3dc5e078b07b:1',
    ]);
  });

  test('the line break of an operating system does not change the hash', () => {
    const lf = '{\n  "a": 1\n}\n';
    expect(all(lf.replaceAll('\n', '\r\n'))).toEqual(all(lf));
    expect(all(lf.replaceAll('\n', '\r'))).toEqual(all(lf));
  });

  test('lines that begin alike for 100 characters are numbered', () => {
    const line = 'x'.repeat(120);
    const hashes = all(`${line}\n${line}\n${line}`);
    expect(hashes.map((hash) => hash.split(':')[1])).toEqual(['1', '2', '3']);
    expect(new Set(hashes.map((hash) => hash.split(':')[0])).size).toBe(1);
  });

  test('only the lines asked for are returned, numbered as in the whole file', () => {
    const text = '},\n'.repeat(200);
    expect([...lineHashes(text, [3]).keys()]).toEqual([3]);
    expect(lineHashes(text, [3]).get(3)).toMatch(/:3$/);
    expect(lineHashes('a\nb', [3, 0, -1]).size).toBe(0);
  });

  test('every text gives what the SARIF SDK computes', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('', ' ', '\t}', '},', 'y'.repeat(130), '\uFEFF', '\uFFFF', '\0'),
    );
    const newline = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, newline), { maxLength: 30 }), (parts) => {
        const text = parts.flat().join('');
        const expected = computeRollingHashes(text);
        for (const [number, hash] of lineHashes(text, expected.keys()))
          expect(hash).toBe(expected.get(number));
        expect(lineHashes(text, expected.keys()).size).toBe(expected.size);
      }),
      { numRuns: 500 },
    );
  });
});
