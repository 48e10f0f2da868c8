import { existsSync, readFileSync } from 'node:fs';
import type { Rule } from '../../src/model/policy.ts';

export const CORPUS = '../shared/corpus';
/** Repositories checked out as `<owner>__<name>`: the corpus scripts take the folder as --mirror. */
export const MIRROR = process.env['MIRROR'];

/** One line of the manifest of public configurations. */
export interface Entry {
  readonly kind: string;
  readonly repo: string;
  readonly path: string;
  readonly file: string;
}

/** The entries whose kind begins so; none where the corpus is not at hand. */
export function entriesOf(kinds: 'bicep-' | 'tf-'): readonly Entry[] {
  if (!existsSync(`${CORPUS}/MANIFEST.tsv`)) return [];
  return readFileSync(`${CORPUS}/MANIFEST.tsv`, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [kind = '', repo = '', , path = '', file = ''] = line.split('\t');
      return kind.startsWith(kinds) ? [{ kind, repo, path, file }] : [];
    });
}

/** Why parts of a rule are not known. */
export function unknownsOf({ opaque, sources, destinations, services }: Rule): string[] {
  return [
    ...(opaque === undefined ? [] : [opaque.reason]),
    ...[...sources, ...destinations].flatMap((one) => ('unknown' in one ? [one.unknown.reason] : [])),
    ...services.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown.reason])),
  ];
}

/** Counts are for people to read, whether or not they pass. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
