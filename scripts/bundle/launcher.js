#!/usr/bin/env node
// @ts-check
import { compile, start } from './compiled-program.js';

/**
 * dist/cli.js: starts program.cjs with the code that V8 compiled from it when it was built (program.cache). V8 takes
 * compiled code only from the very same version of itself, and compiles the source where it does not. Without the cache,
 * as in the published package, Node 22 and later keep one of their own.
 */
const folder = import.meta.dirname;
const cachedData = readCache();
if (cachedData !== undefined || process.versions.node.startsWith('20.')) {
  start(compile(folder, cachedData), folder);
} else {
  const module = process.getBuiltinModule('node:module');
  /** @type {unknown} */
  const enable = Reflect.get(module, 'enableCompileCache');
  if (typeof enable === 'function') Reflect.apply(enable, module, []);
  const program = `${folder}/program.cjs`;
  module.createRequire(program)(program);
}

function readCache() {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(`${folder}/program.cache`);
  } catch {
    return undefined;
  }
}
