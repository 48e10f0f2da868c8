import { describe, expect, test } from 'vitest';
import { displayWidth, padEnd, padStart, printable, wrap } from '../../src/reporters/text-layout.ts';

/** Of the first plane, where all of these are. */
function* everyCharacter(): Generator<string> {
  for (let code = 0; code <= 0xffff; code += 1) yield String.fromCharCode(code);
}

describe('terminal columns', () => {
  test.each([
    ['ascii', 5],
    ['größe', 5],
    ['防火墙', 6],
    ['ｗｉｄｅ', 8],
    ['한국', 4],
    ['🔥', 2],
    ['e\u0301', 1],
    ['a\u200Bb', 2],
    ['│─^…', 4],
    ['• ‘one’ – two', 13],
    ['', 0],
  ])('%s takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('padding counts columns, not characters', () => {
    expect(padEnd('防火', 6)).toBe('防火  ');
    expect(padStart('7', 3)).toBe('  7');
    expect(padEnd('longer', 3)).toBe('longer');
  });
});

describe('text from files', () => {
  test('has the characters taken out that Unicode calls controls, separators, marks of direction and surrogates', () => {
    const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|\p{Surrogate}/u;
    for (const character of everyCharacter())
      if (unprintable.test(character) !== (printable(character) === '\uFFFD' && character !== '\uFFFD'))
        expect.fail(`U+${character.codePointAt(0)?.toString(16) ?? ''}`);
  });

  test('cannot move the cursor, recolour the terminal or turn round what is read', () => {
    expect(printable('\u001B[31mred\u0007\r\n')).toBe('\uFFFD[31mred\uFFFD\uFFFD\uFFFD');
    expect(printable('a\u202Eb\u2066c\u200Fd')).toBe('a\uFFFDb\uFFFDc\uFFFDd');
    expect(printable('\uD83D')).toBe('\uFFFD');
    expect(printable('größe 防火墙 🔥')).toBe('größe 防火墙 🔥');
  });
});

describe('wrapping', () => {
  test('breaks between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('one two three four', 10)).toEqual(['one two', 'three four']);
  });

  test('leaves room at the beginning of the first line', () => {
    expect(wrap('one two', 9, 4)).toEqual(['one', 'two']);
    expect(wrap('one two', 9, 2)).toEqual(['one two']);
  });

  test('never breaks a word, so that an address can be clicked', () => {
    expect(wrap('see https://example.com/a/long/path now', 10)).toEqual([
      'see',
      'https://example.com/a/long/path',
      'now',
    ]);
    expect(wrap('', 10)).toEqual(['']);
  });

  test('counts wide characters', () => {
    expect(wrap('防火 防火', 8)).toEqual(['防火', '防火']);
    expect(wrap('防火 防火', 9)).toEqual(['防火 防火']);
  });
});
