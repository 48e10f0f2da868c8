// @ts-check
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose code is in the bundle: most of them ask that their notice goes with every copy.
 *
 * @param {readonly string[]} modules paths of the bundled modules
 * @returns {string} one section per package, by name
 */
export function thirdPartyNotices(modules) {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const sections = [...folders].map(notice).sort();
  return ['This software contains the packages below, each under its own licence.', ...sections].join(
    `\n\n${'-'.repeat(79)}\n`,
  );
}

/** @param {string} path */
function packageFolder(path) {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.replaceAll('\\', '/'))?.[1];
}

/** @param {string} folder */
function notice(folder) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = /** @type {Record<string, string>} */ (manifest);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  // Of a package that is published without the licence file of its repository.
  const kept = join(import.meta.dirname, 'licences', `${String(name)}.txt`);
  if (file === undefined && !existsSync(kept))
    throw new Error(`${String(name)} has no licence file: add its text as ${kept}`);
  const text = readFileSync(file === undefined ? kept : join(folder, file), 'utf8');
  return `${[name, version, `(${String(license)})`].join(' ')}\n\n${text.trim()}\n`;
}
