// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
// @ts-expect-error cliui has no types of its own
import cliui from 'cliui';
import Parser from 'yargs-parser';

/**
 * Stands in for yargs/lib/platform-shims/esm.mjs in the bundle. The original opens process.stdout to ask for its width,
 * which loads Node's network and stream modules, reads translations from files, and loads the Unicode tables of
 * string-width: together that would be half as much as starting Node. The program always sets the width, the locale and
 * the version itself.
 */
const notEqual = (/** @type {unknown} */ a, /** @type {unknown} */ b, /** @type {string} */ message) => {
  if (a === b) throw new Error(message);
};
const equal = (/** @type {unknown} */ a, /** @type {unknown} */ b, /** @type {string} */ message) => {
  if (a !== b) throw new Error(message);
};

export default {
  assert: { notStrictEqual: notEqual, strictEqual: equal },
  /** @type {unknown} */
  cliui,
  findUp: () => undefined,
  getEnv: (/** @type {string} */ name) => process.env[name],
  inspect: String,
  getProcessArgvBin: () => 'aks-egress-lint',
  mainFilename: process.cwd(),
  Parser,
  path: { basename, dirname, extname, relative, resolve, join },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    emitWarning: (/** @type {string} */ warning) => {
      throw new Error(warning);
    },
    execPath: () => process.execPath,
    exit: (/** @type {number} */ code) => {
      throw new Error(`exit ${code} was not expected`);
    },
    nextTick: (/** @type {() => void} */ callback) => {
      process.nextTick(callback);
    },
    stdColumns: null,
  },
  readFileSync,
  readdirSync,
  require: () => {
    throw new Error('No module is loaded by name');
  },
  getCallerFile: () => '',
  stringWidth: (/** @type {string} */ text) => text.length,
  y18n: {
    __: fill,
    __n: (
      /** @type {string} */ one,
      /** @type {string} */ several,
      /** @type {number} */ count,
      /** @type {(string | number)[]} */ ...values
    ) => fill(count === 1 ? one : several, count, ...values),
    getLocale: () => 'en',
    setLocale: () => undefined,
    updateLocale: () => undefined,
  },
};

/** @param {string} text @param {(string | number)[]} values */
function fill(text, ...values) {
  const left = values.values();
  return text.replaceAll(/%[sd]/g, () => String(left.next().value));
}
