import { describe, expect, test } from 'vitest';
import { hasSymbol, isSymbol, showSymbols, symbolOf, symbolsOf } from '../../src/model/symbol.ts';

describe('symbols inside strings', () => {
  const location = symbolOf("parameters('location')");

  test('a symbol is found inside a text, in order, with its brackets', () => {
    const text = `*.hcp.${location}.${symbolOf('b')}`;
    expect(hasSymbol(text)).toBe(true);
    expect(symbolsOf(text)).toEqual([location, symbolOf('b')]);
  });

  test('only a text that is one symbol is a symbol', () => {
    expect(isSymbol(location)).toBe(true);
    expect(isSymbol(`${location}${location}`)).toBe(false);
    expect(isSymbol(`x${location}`)).toBe(false);
  });

  test('an identity that holds a symbol does not nest', () => {
    expect(symbolsOf(symbolOf(`toLower(${location})`))).toEqual(["⟦toLower((parameters('location')))⟧"]);
    expect(hasSymbol('mcr.microsoft.com')).toBe(false);
  });

  test('messages show the expression', () => {
    expect(showSymbols(`AzureCloud.${location}`)).toBe("AzureCloud.[parameters('location')]");
  });
});
