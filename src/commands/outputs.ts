import { existsSync, mkdtempSync, renameSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { realPath } from './repository.ts';

/** A file to write: path as the user named it, and the flag that named it. */
export interface OutputPath {
  readonly path: string;
  readonly flag: string;
}

export interface OutputFile extends OutputPath {
  readonly text: string;
}

/**
 * Checks, before anything is read or judged, that the files can be written, so that a wrong flag writes nothing at all.
 * @param inputs what will be read, as the user named it
 */
export function checkOutputPaths(
  outputs: readonly OutputPath[],
  inputs: readonly string[],
  cwd: string,
): void {
  const read = new Set(inputs.map((path) => realPath(path, cwd)));
  const seen = new Set<string>();
  for (const { path, flag } of outputs) {
    const absolute = realPath(path, cwd);
    const folder = dirname(resolve(cwd, path));
    if (seen.has(absolute))
      throw new UsageError(`${flag}: '${path}' is given twice: give each report a file of its own.`);
    if (read.has(absolute))
      throw new UsageError(`${flag}: '${path}' is an input too, and would be overwritten.`);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UsageError(
        `${flag}: '${path}' cannot be written: there is no folder '${dirname(path)}'. Create it first.`,
      );
    }
    if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new UsageError(`${flag}: '${path}' is a folder. Expected the name of a file.`);
    }
    seen.add(absolute);
  }
}

/**
 * Writes all files or none: each in a folder beside its place first, then all renamed. A reader never sees half a report.
 * What is no regular file, such as /dev/stdout, is written directly.
 */
export function writeOutputs(files: readonly OutputFile[], cwd: string): void {
  const staged: { folder: string; from: string; to: string }[] = [];
  let current = '';
  let currentFlag = '';
  try {
    const special: { to: string; text: string }[] = [];
    for (const { path, flag, text } of files) {
      current = path;
      currentFlag = flag;
      // Asked of the path as given: what /dev/stdout leads to may be a pipe, which has no path.
      const given = resolve(cwd, path);
      if (statSync(given, { throwIfNoEntry: false })?.isFile() === false) {
        special.push({ to: given, text });
        continue;
      }
      const to = realPath(path, cwd);
      const folder = mkdtempSync(join(dirname(to), '.aks-egress-lint-'));
      const from = join(folder, basename(to));
      staged.push({ folder, from, to });
      writeFileSync(from, text);
    }
    for (const { from, to } of staged) renameSync(from, to);
    for (const { to, text } of special) writeFileSync(to, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${currentFlag}: '${current}' cannot be written: ${reason}`);
  } finally {
    for (const { folder, from } of staged) {
      if (existsSync(from)) unlinkSync(from);
      rmdirSync(folder);
    }
  }
}
