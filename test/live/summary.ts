import { expect } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';

/**
 * What is wrong with the policy and the cluster of the estate, by hand: the parent denies packages.microsoft.com to everyone,
 * and its rules come first; pay.example.com is for no AKS cluster; the tag covers names, not the address of the API server,
 * and whether pods use that is not known; nothing allows what one report of an incident names and no cluster needs.
 */
export const EXPECTED = [
  'denied-by-earlier-rule packages.microsoft.com',
  'missing-documented mcrprod.azurecr.io',
  'missing-if-applicable <api-server-ip>',
  'unneeded-entry pay.example.com',
];

/** The endpoint list of the estate has one destination, and the catalogue asks for the others. */
export const LACKING: unknown = expect.stringMatching(
  /^The endpoint list of cluster 'shop' lacks \d+ destinations/,
);

/** Each finding as its check and the name that it is about. */
export function summary({ findings }: Report): string[] {
  return findings
    .map(({ check, message }) => {
      const names = [...message.matchAll(/'([^']*)'/g)].map(([, name = '']) => name);
      return `${check} ${names.find((name) => /[.<]/.test(name)) ?? ''}`;
    })
    .sort();
}

/** Everything of a finding but where it is shown. */
export function meaning({ findings }: Report): object[] {
  return findings
    .map(({ check, level, message, requirement, entry, fingerprint }) => ({
      ...{ check, level, message, requirement, entry, fingerprint },
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}
