import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CHECKS } from '../checks/catalogue.ts';
import type { Check, Problem } from '../checks/check.ts';
import { UsageError } from '../errors.ts';
import { decodeText } from '../parsers/json/decode.ts';
import { readFailure } from './read-failure.ts';
import { ConfigError, readConfigText, type ConfigSource } from './source.ts';

/**
 * Checks may come with a pull request from a stranger. They hold no code and no regular expression, and these limits and
 * those of src/checks keep what they cost in proportion to the files that are linted.
 */
const MOST_FILES = 200;
const LARGEST_FILE = 256 * 1024;
const DEEPEST_FOLDER = 8;

/**
 * Every check in some folders and the folders inside them, in order of id. JSON (comments allowed) and YAML; other files,
 * such as tests beside the checks, and hidden ones are left alone.
 *
 * @param folders as messages name them, with absolute paths
 * @throws {UsageError} for a folder that cannot be read or holds no check, and for the first file with something wrong
 */
export async function loadCompanyChecks(
  folders: readonly { readonly shown: string; readonly path: string }[],
): Promise<Check[]> {
  const files = folders.flatMap(({ shown, path }) => {
    const found = checkFilesIn(path, shown, 0);
    if (found.length === 0) {
      throw new UsageError(
        `checkDirectories: ${shown} holds no check. Expected files that end in .json, .yaml or .yml.`,
      );
    }
    return found.map((file) => ({ file, shown: join(shown, relative(path, file)) }));
  });
  if (files.length > MOST_FILES)
    throw new UsageError(`checkDirectories: ${files.length} files, expected at most ${MOST_FILES}.`);
  const known = new Map(CHECKS.map(({ id }) => [id, 'a built-in check']));
  const checks: Check[] = [];
  for (const { file, shown } of files) {
    const check = await loadCheck(file, shown);
    const other = known.get(check.id);
    if (other !== undefined) {
      const source = await readConfigText(shown, textOf(file, shown));
      throw new ConfigError(
        shown,
        `there is ${other} with the id '${check.id}' already. Choose another id.`,
        source.positionOf('/id'),
      );
    }
    known.set(check.id, `a check in ${shown}`);
    checks.push(check);
  }
  return checks.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function checkFilesIn(folder: string, shown: string, depth: number): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && name !== 'node_modules')
      .sort()
      .flatMap((name) => {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) {
          if (depth < DEEPEST_FOLDER) return checkFilesIn(path, join(shown, name), depth + 1);
          throw new UsageError(
            `checkDirectories: ${join(shown, name)} is more than ${DEEPEST_FOLDER} folders deep, or a link that leads in a circle. Name the folder itself, or take it away.`,
          );
        }
        return /\.(json|ya?ml)$/.test(name) ? [path] : [];
      });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`checkDirectories: ${shown} cannot be read: ${readFailure(error)}`);
  }
}

function textOf(path: string, shown: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > LARGEST_FILE)
      throw new ConfigError(shown, `is larger than ${LARGEST_FILE / 1024} KB, which no check is.`);
    return decodeText(bytes, shown);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new ConfigError(shown, `the check cannot be read: ${readFailure(error)}`);
  }
}

/**
 * One check from a file.
 * @param shown the path as messages name it
 * @throws {ConfigError} with everything that is wrong, a line each, in the order of the file
 */
export async function loadCheck(path: string, shown: string): Promise<Check> {
  const source = await readConfigText(shown, textOf(path, shown));
  const { check, problems } = await checkOf(source.data);
  if (check !== undefined && problems.length === 0) return check;
  throw errorOf(shown, source, problems);
}

/** A check from data, or what is wrong with it. */
export async function checkOf(
  data: unknown,
): Promise<{ readonly check?: Check; readonly problems: readonly Problem[] }> {
  // Few runs have checks of their own.
  const { checkFromData } = await import('./check-shape.ts');
  return checkFromData(data);
}

function errorOf(path: string, source: ConfigSource, problems: readonly Problem[]): ConfigError {
  const placed = problems
    .map(({ pointer, key, message }) => ({ message, position: source.positionOf(pointer, key) }))
    .sort(
      (a, b) =>
        (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
        (a.position?.column ?? 0) - (b.position?.column ?? 0),
    );
  const [first, ...others] = placed;
  const rest = others.map(({ position, message }) => {
    const place = position === undefined ? '' : `:${position.line}:${position.column}`;
    return `\n${path}${place}: ${message}`;
  });
  return new ConfigError(path, `${first?.message ?? 'is no check.'}${rest.join('')}`, first?.position);
}
