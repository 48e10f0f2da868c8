#!/usr/bin/env node
// @ts-check
import { existsSync } from 'node:fs';
import { CompiledProgram } from './compiled-program.js';

/**
 * dist/cli.js: starts the program with the code that V8 compiled from it when it was built (program/*.cache). V8 takes
 * compiled code only from the very same version of itself, and compiles the source where it does not. Without it, as in the
 * published package, Node 22 and later keep some of their own.
 */
const folder = `${import.meta.dirname}/program`;
if (process.versions.node.startsWith('20.') || existsSync(`${folder}/main.cache`)) {
  new CompiledProgram(folder).start();
} else {
  const module = process.getBuiltinModule('node:module');
  /** @type {unknown} */
  const enable = Reflect.get(module, 'enableCompileCache');
  if (typeof enable === 'function') Reflect.apply(enable, module, []);
  const program = `${folder}/main.cjs`;
  module.createRequire(program)(program);
}
