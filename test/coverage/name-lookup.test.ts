import { describe, expect, test } from 'vitest';
import { NameLookup, parentOf } from '../../src/coverage/name-lookup.ts';

function meantBy(written: string, ...names: string[]): readonly string[] {
  return new NameLookup(
    names.map((name) => [name, name] as const),
    new Set(['westeurope']),
  ).typingErrors(written);
}

describe('a typing error', () => {
  test.each([
    ['login.mircosoftonline.com', 'login.microsoftonline.com', 'two letters in the wrong order'],
    ['mrc.microsoft.com', 'mcr.microsoft.com', 'two letters in the wrong order, in a short label'],
    ['managment.azure.com', 'management.azure.com', 'a letter left out'],
    ['packges.microsoft.com', 'packages.microsoft.com', 'a letter left out'],
    ['ntp-ubuntu.com', 'ntp.ubuntu.com', 'another character for a dot'],
    ['loginmicrosoftonline.com', 'login.microsoftonline.com', 'a dot left out'],
    ['*.data.mcr.mircosft.com', '*.data.mcr.microsoft.com', 'two edits in a long label'],
  ])('%s is one of %s: %s', (written, meant) => {
    expect(meantBy(written, meant)).toEqual([meant]);
  });

  // Certificate revocation lists and other hosts that exist; each is two edits from the name beside it.
  test.each([
    ['crl.microsoft.com', 'mcr.microsoft.com'],
    ['mscrl.microsoft.com', 'mcr.microsoft.com'],
    ['www.ubuntu.com', 'ntp.ubuntu.com'],
    ['*.mcr.microsoft.com', 'mcr.microsoft.com'],
    ['westus3.data.azurecr.io', 'westus2.data.azurecr.io'],
    ['mcr.microsoft.com', 'mcr.microsoft.com'],
  ])('%s is none of %s', (written, name) => {
    expect(meantBy(written, name)).toEqual([]);
  });
});

test('the name without its first label is a domain that few hosts share', () => {
  expect(parentOf('azure.archive.ubuntu.com')).toBe('archive.ubuntu.com');
  expect(parentOf('packages.microsoft.com')).toBeUndefined();
  expect(parentOf('*.data.mcr.microsoft.com')).toBeUndefined();
});
