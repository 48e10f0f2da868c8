#!/usr/bin/env node
// @ts-check

/**
 * dist/cli.js: starts program.cjs with the code that V8 compiled from it when it was built (program.cache). V8 takes
 * compiled code only from the very same version of itself, and compiles the source where it does not. Without the cache,
 * as in the published package, Node 22 and later keep one of their own.
 */
const { readFileSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

const folder = import.meta.dirname;
const filename = `${folder}/program.cjs`;
const cachedData = readCache();
if (cachedData === undefined) {
  const module = process.getBuiltinModule('node:module');
  /** @type {unknown} */
  const enable = Reflect.get(module, 'enableCompileCache');
  if (typeof enable === 'function') Reflect.apply(enable, module, []);
  module.createRequire(import.meta.url)(filename);
} else {
  const source = readFileSync(filename, 'utf8');
  const script = new Script(`(function (require, module, exports) {${source}\n})`, { filename, cachedData });
  /** @type {unknown} */
  const program = script.runInThisContext();
  const module = { exports: {} };
  // All but Node's own modules is bundled.
  const require = (/** @type {string} */ name) => process.getBuiltinModule(name);
  if (typeof program === 'function') Reflect.apply(program, undefined, [require, module, module.exports]);
}

function readCache() {
  try {
    return readFileSync(`${folder}/program.cache`);
  } catch {
    return undefined;
  }
}
