// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';

/**
 * Three kinds of imports that are settled when the bundle is built (and, in the tests, when a module is loaded):
 *
 * - `'…/rules/checks?directory'`: every JSON file of a folder, in order of file name, as one array. Adding a file is all
 *   that a new check or requirement needs.
 * - `'…/rules/terraform-modules?texts'`: every .tf or .bicep file of a folder, in order of file name, as one array of texts.
 * - `'…/schemas/config.schema.json?validator'`: the schema compiled to a function, so that Ajv itself, whose import costs
 *   as much as the rest of a run, is never loaded for it.
 * - `'…/schemas/check.schema.json?shape'`: the same without `allOf`, in which that schema has what depends on a check's
 *   target. src/checks judges that itself, with better words; for editors it has to be in the schema.
 *
 * @returns {{ name: string, enforce: 'pre', resolveId: (source: string, importer?: string) => string | null, load: (id: string) => string | null }}
 */
export function dataPlugin() {
  return {
    name: 'aks-egress-lint-data',
    // For Vite, whose own resolver would otherwise take the schema for a script.
    enforce: 'pre',
    resolveId(source, importer) {
      if (!/\?(directory|texts|validator|shape)$/.test(source) || importer === undefined) return null;
      return `\0${resolve(dirname(importer), source)}`;
    },
    load(id) {
      if (!id.startsWith('\0')) return null;
      const [path = '', query] = id.slice(1).split('?');
      if (query === 'directory') return directoryModule(path);
      if (query === 'texts') return textsModule(path);
      if (query === 'validator') return validatorModule(schemaOf(path), path);
      if (query === 'shape') return validatorModule(withoutAllOf(schemaOf(path)), path);
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

/** @param {string} folder */
function textsModule(folder) {
  const files = readdirSync(folder)
    .filter((name) => /\.(?:tf|bicep)$/.test(name))
    .sort();
  return `export default ${JSON.stringify(files.map((name) => readFileSync(join(folder, name), 'utf8')))};`;
}

/** @param {string} path @returns {import('ajv').AnySchemaObject} */
function schemaOf(path) {
  /** @type {unknown} */
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  return /** @type {import('ajv').AnySchemaObject} */ (schema);
}

/** @param {import('ajv').AnySchemaObject} schema @returns {import('ajv').AnySchemaObject} */
function withoutAllOf(schema) {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== 'allOf'));
}

/** @param {import('ajv').AnySchema} schema @param {string} path */
function validatorModule(schema, path) {
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
    ajv.addSchema(schemaOf(neighbour));
  }
  const validate = ajv.compile(schema);
  return standaloneCode.default(ajv, validate);
}
