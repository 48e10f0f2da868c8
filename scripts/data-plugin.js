// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';

/**
 * Two kinds of imports that are settled when the bundle is built (and, in the tests, when a module is loaded):
 *
 * - `'…/rules/checks?directory'`: every JSON file of a folder, in order of file name, as one array. Adding a file is all
 *   that a new check or requirement needs.
 * - `'…/schemas/config.schema.json?validator'`: the schema compiled to a function, so that Ajv itself, whose import costs
 *   as much as the rest of a run, is never loaded for it.
 *
 * @returns {{ name: string, enforce: 'pre', resolveId: (source: string, importer?: string) => string | null, load: (id: string) => string | null }}
 */
export function dataPlugin() {
  return {
    name: 'aks-egress-lint-data',
    // For Vite, whose own resolver would otherwise take the schema for a script.
    enforce: 'pre',
    resolveId(source, importer) {
      if (!/\?(directory|validator)$/.test(source) || importer === undefined) return null;
      return `\0${resolve(dirname(importer), source)}`;
    },
    load(id) {
      if (!id.startsWith('\0')) return null;
      const [path = '', query] = id.slice(1).split('?');
      if (query === 'directory') return directoryModule(path);
      if (query === 'validator') return validatorModule(path);
      return null;
    },
  };
}

/** @param {string} folder */
function directoryModule(folder) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  const items = files.map((name) => JSON.stringify(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  // JSON.parse of one string starts faster than an object literal of this size.
  return `export default JSON.parse(${JSON.stringify(`[${items.join(',')}]`)});`;
}

/** @param {string} path */
function validatorModule(path) {
  const ajv = new Ajv2020({
    code: { source: true, esm: true },
    allErrors: true,
    // Errors carry the value that was found and the schema's allowed names, for messages.
    verbose: true,
    unicodeRegExp: false,
    // With `unicode` (the default) a minLength would require() Ajv's runtime. Switching it off is deprecated, which Ajv
    // says on every build; hence no logger, and what it would log about types is an error.
    unicode: false,
    logger: false,
    strictTypes: true,
    strictTuples: true,
    allowUnionTypes: true,
  });
  // A schema may refer to its neighbours.
  for (const name of readdirSync(dirname(path)).filter((name) => name.endsWith('.schema.json'))) {
    const neighbour = join(dirname(path), name);
    if (neighbour === path) continue;
    /** @type {unknown} */
    const schema = JSON.parse(readFileSync(neighbour, 'utf8'));
    ajv.addSchema(/** @type {object} */ (schema));
  }
  const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
  return standaloneCode.default(ajv, validate);
}
