import { readFileSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { COMMAND_NAMES } from './options.ts';
import { readFailure } from '../config/read-failure.ts';
import { nearest } from '../profile/did-you-mean.ts';
import type { Io } from './io.ts';
import { realPath } from './repository.ts';

/** A file as it was read. */
export interface RawInput {
  /** As the user named it, or below the folder as the user named that; `-` for standard input. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** True where the user named it, false where it was met in a folder. */
  readonly named: boolean;
}

export interface RawInputs {
  readonly files: readonly RawInput[];
  /** Folders that the user named. */
  readonly folders: readonly string[];
  /** Named files and folders that could not be read; the others are judged all the same. */
  readonly errors: readonly InputError[];
}

const SKIPPED_FOLDERS = new Set(['.git', '.terraform', 'node_modules']);

/** Only files with these endings are opened below a folder; a named file may be called anything. */
const ENDINGS = /\.(?:jsonc?|bicep|bicepparam|tf|tfvars|tfstate|xml|set|conf|cfg)$/i;

/**
 * Reads what the user named, folders with everything below them in order of name. Symbolic links met on the way are not
 * followed: they lead out of the folder or in circles. A file that is named twice is read once.
 */
export function readInputs(paths: readonly string[], io: Io): RawInputs {
  const files: RawInput[] = [];
  const folders: string[] = [];
  const errors: InputError[] = [];
  const seen = new Set<string>();
  const add = (path: string, named: boolean): void => {
    const real = path === '-' ? path : realPath(path, io.cwd);
    if (seen.has(real)) return;
    seen.add(real);
    try {
      files.push({ path, bytes: path === '-' ? io.readStdin() : readFileSync(real), named });
    } catch (error) {
      errors.push(unreadable(path, error));
    }
  };
  for (const path of paths) {
    if (path !== '-' && isFolder(path, io)) {
      folders.push(path);
      for (const file of filesBelow(path, io, errors)) add(file, false);
    } else {
      add(path, true);
    }
  }
  return { files, folders, errors };
}

/** Reads one file that a flag names. Throws an InputError. */
export function readNamedFile(path: string, io: Io): RawInput {
  try {
    const bytes = path === '-' ? io.readStdin() : readFileSync(realPath(path, io.cwd));
    return { path, bytes, named: true };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isFolder(path: string, io: Io): boolean {
  try {
    return statSync(realPath(path, io.cwd)).isDirectory();
  } catch {
    // Reading it as a file says why it cannot be read.
    return false;
  }
}

function filesBelow(folder: string, io: Io, errors: InputError[]): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    let entries: Dirent[];
    try {
      entries = readdirSync(realPath(at, io.cwd), { withFileTypes: true });
    } catch (error) {
      errors.push(unreadable(at, error));
      continue;
    }
    for (const entry of entries) {
      const path = at === '.' ? entry.name : join(at, entry.name);
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) pending.push(path);
      else if (entry.isFile() && ENDINGS.test(entry.name)) found.push(path);
    }
  }
  return found.sort();
}

function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new InputError(path, `cannot be read: ${readFailure(error)}${commandHint(path, code)}`);
}

/** `aks-egress-lint explan x` names a file that does not exist; most likely a command was meant. */
function commandHint(path: string, code: string): string {
  const command = code === 'ENOENT' && /^[a-z]+$/.test(path) ? nearest(path, COMMAND_NAMES) : undefined;
  return command === undefined ? '' : ` (is the command '${command}' meant?)`;
}
