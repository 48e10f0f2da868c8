import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { lilconfigSync } from 'lilconfig';
import { UsageError } from '../errors.ts';
import { parseJson } from '../parsers/json/read.ts';
import { readFailure } from './read-failure.ts';

/** Names that a configuration file may have, in the folder of the repository that it is for or above it. */
export const CONFIG_NAMES = [
  '.aks-egress-lint.yaml',
  '.aks-egress-lint.yml',
  '.aks-egress-lint.json',
  'aks-egress-lint.config.yaml',
  'aks-egress-lint.config.yml',
  'aks-egress-lint.config.json',
] as const;

/** Member of package.json that holds a configuration. */
export const PACKAGE_KEY = 'aks-egress-lint';

/**
 * The configuration for a folder: in it or in the nearest folder above, up to the root of the repository. Outside of a
 * repository only the folder itself counts, so that nothing stray in a home or temporary folder is taken.
 *
 * @returns an absolute path, or undefined
 */
export function findConfig(folder: string): string | undefined {
  const start = resolve(folder);
  const places = [...CONFIG_NAMES, 'package.json'];
  const found = search(places, start, repositoryOf(start) ?? start);
  if (found === undefined) return undefined;
  const home = dirname(found);
  const names = places.filter((name) => name === basename(found) || search([name], home, home) !== undefined);
  if (names.length > 1) {
    throw new UsageError(
      `There are several configurations in ${home}: ${names.join(', ')}. Keep one, or choose with --config.`,
    );
  }
  return found;
}

function search(places: readonly string[], from: string, stopDir: string): string | undefined {
  try {
    return lilconfigSync(PACKAGE_KEY, {
      searchPlaces: [...places],
      stopDir,
      ignoreEmptySearchPlaces: false,
      cache: false,
      // Only the place is wanted: what is written there is read later, with its lines. Nothing is ever executed.
      loaders: { '.yaml': nothing, '.yml': nothing, '.json': packageMembers },
      packageProp: PACKAGE_KEY,
    }).search(from)?.filepath;
  } catch (error) {
    throw new UsageError(`No configuration can be looked for above ${from}: ${readFailure(error)}.`);
  }
}

function nothing(): object {
  return {};
}

/** A package.json that is broken is someone else's file, and not for us to complain about. */
function packageMembers(path: string, text: string): unknown {
  const value = basename(path) === 'package.json' ? parseJson(text) : undefined;
  return typeof value === 'object' && value !== null ? value : {};
}

/** The nearest folder upwards that holds `.git`. */
function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
