// @ts-check

/** What the launcher and scripts/code-cache.js must do alike, since V8 takes compiled code only for equal text and flags. */
const { readFileSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

/**
 * The program as a script whose value is a function.
 *
 * @param {string} folder the one of program.cjs
 * @param {Buffer} [cachedData]
 */
export function compile(folder, cachedData) {
  delayOptimisation();
  const filename = `${folder}/program.cjs`;
  // ASCII by construction.
  const text = `(function (require, module, exports, __dirname) {${readFileSync(filename, 'latin1')}\n})`;
  return new Script(text, cachedData === undefined ? { filename } : { filename, cachedData });
}

/**
 * @param {InstanceType<typeof Script>} script
 * @param {string} folder the one of program.cjs
 */
export function start(script, folder) {
  /** @type {unknown} */
  const program = script.runInThisContext();
  const module = { exports: {} };
  // All but Node's own modules is bundled.
  const require = (/** @type {string} */ name) => process.getBuiltinModule(name);
  if (typeof program === 'function')
    Reflect.apply(program, undefined, [require, module, module.exports, folder]);
}

/**
 * Node 20 optimises functions so early that a run spends a third of its time on code that it then hardly uses; with more
 * patience, runs on 10,000 rules are faster too. Later versions have a cheaper compiler in between, and other flags.
 */
function delayOptimisation() {
  if (!process.versions.node.startsWith('20.')) return;
  process.getBuiltinModule('node:v8').setFlagsFromString('--interrupt-budget=1000000');
}
