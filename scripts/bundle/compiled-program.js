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
  tune();
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
 * For a run that is over in a fraction of a second, where Node 20 expects hours:
 * - It optimises functions so early that a third of the time goes to code that is then hardly used. With more patience,
 *   runs on 10,000 rules are faster too. Later versions have a cheaper compiler in between, and other flags.
 * - It doubles the space for new objects again and again, and fresh memory is dearer than used memory: a page fault for
 *   each 4 KB. A space that stays small saves a fifth of a run on 1,000 rules, and costs nothing on 10,000.
 * - It starts to collect old objects in small steps, and young ones on several threads: a run ends before that pays, and
 *   waking the threads costs more than they do.
 */
function tune() {
  if (!process.versions.node.startsWith('20.')) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--interrupt-budget=1000000');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--no-parallel-scavenge');
}
