// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

export const ROOT = join(import.meta.dirname, '..');

/** True where the module is the script that node was started with. @param {string} url */
export function isMain(url) {
  return process.argv[1] !== undefined && process.argv[1] === fileURLToPath(url);
}

/**
 * Formats a generated file as `npm run format` would.
 *
 * @param {string} path relative to the project
 * @param {string} text
 */
export async function formatted(path, text) {
  const filepath = join(ROOT, path);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

/**
 * Writes the files that differ. With `--check` writes nothing, names them and sets exit code 1.
 *
 * @param {ReadonlyMap<string, string>} files text by path relative to the project
 */
export function writeOrCheck(files) {
  const check = process.argv.includes('--check');
  for (const [path, text] of files) {
    const target = join(ROOT, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    if (check) {
      console.error(`${relative('.', target)} is not current: run npm run generate.`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      console.log(`wrote ${relative('.', target)}`);
    }
  }
}
