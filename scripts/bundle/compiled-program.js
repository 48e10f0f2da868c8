// @ts-check

/** What the launcher and scripts/code-cache.js must do alike, since V8 takes compiled code only for equal text and flags. */
const { closeSync, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

/**
 * The files of the program, each with the code that V8 compiled from it before, where that was kept beside it.
 */
export class CompiledProgram {
  /** @type {string} */
  #folder;
  /** By name of the file, such as `main.cjs`. @type {Map<string, Loaded>} */
  #loaded = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    tune();
  }

  start() {
    this.#load('main.cjs');
  }

  /** @param {string} from @param {string} name @returns {unknown} */
  #installed(from, name) {
    return process.getBuiltinModule('node:module').createRequire(from)(name);
  }

  /** The compiled code of each file that was loaded, by name. @returns {[file: string, code: Buffer][]} */
  code() {
    return [...this.#loaded].map(([file, { script }]) => [file, script.createCachedData()]);
  }

  /** @param {string} file @returns {unknown} */
  #load(file) {
    const known = this.#loaded.get(file);
    if (known !== undefined) return known.exports;
    const filename = `${this.#folder}/${file}`;
    const text = functionIn(filename);
    const cachedData = codeOf(filename);
    const script = new Script(text, cachedData === undefined ? { filename } : { filename, cachedData });
    /** @type {{ exports: unknown }} */
    const module = { exports: {} };
    const loaded = { script, exports: module.exports };
    // Before it runs, since two files may need each other.
    this.#loaded.set(file, loaded);
    /** @type {unknown} */
    const run = script.runInThisContext();
    // All but Node's own modules is bundled, or a package that the user installs beside the program.
    const require = (/** @type {string} */ name) =>
      name.startsWith('./')
        ? this.#load(name.slice(2))
        : (process.getBuiltinModule(name) ?? this.#installed(filename, name));
    if (typeof run === 'function')
      Reflect.apply(run, undefined, [require, module, module.exports, this.#folder]);
    loaded.exports = module.exports;
    return loaded.exports;
  }
}

/**
 * Memory for reading files. One piece serves all of them one after the other, since each page of a fresh one costs a page
 * fault, and no file is needed any more once V8 has its text or its code.
 */
let memory = Buffer.alloc(0);

/**
 * Fills the memory with a file between a head and a tail; undefined where there is no such file.
 *
 * @param {string} filename
 * @param {string} head
 * @param {string} tail
 */
function bytesOf(filename, head, tail) {
  let file;
  try {
    file = openSync(filename, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    const end = head.length + size + tail.length;
    if (end > memory.length) memory = Buffer.allocUnsafeSlow(2 * end);
    memory.write(head, 'latin1');
    readSync(file, memory, head.length, size, 0);
    memory.write(tail, head.length + size, 'latin1');
    return memory.subarray(0, end);
  } finally {
    closeSync(file);
  }
}

const HEAD = '(function (require, module, exports, __dirname) {';
const TAIL = '\n})';

/** The file as a function; joining strings of this size would copy them. @param {string} filename */
function functionIn(filename) {
  const bytes = bytesOf(filename, HEAD, TAIL);
  if (bytes === undefined) throw new Error(`${filename} is missing: install aks-egress-lint again`);
  // ASCII by construction.
  return bytes.toString('latin1');
}

/** @param {string} filename */
function codeOf(filename) {
  return bytesOf(filename.replace(/\.cjs$/, '.cache'), '', '');
}

/**
 * For a run that is over in a fraction of a second, where Node 20 expects hours:
 * - It optimises functions so early, small ones at once, that a third of the time goes to code that is then hardly used.
 *   With more patience, runs on 10,000 rules are as fast. Later versions have a cheaper compiler in between, and other flags.
 * - It starts to collect old objects in small steps, and young ones on several threads: a run ends before that pays, and
 *   waking the threads costs more than they do.
 * - It doubles the space for new objects again and again, and fresh memory is dearer than used memory: a page fault for each
 *   4 KB. For tens of thousands of rules the larger space would be the better one.
 */
function tune() {
  if (!process.versions.node.startsWith('20.')) return;
  const setFlagsFromString = flagSetter();
  setFlagsFromString('--ticks-before-optimization=45');
  setFlagsFromString('--max-bytecode-size-for-early-opt=0');
  setFlagsFromString('--no-incremental-marking');
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * What node:v8 exports too; but loading that loads all of Node's streams, which a run does well without. Node wants nobody to
 * use the binding and warns of it. It lasts as long as Node 20, and where it is out of reach, as under a permission model,
 * there is node:v8.
 *
 * @returns {(flag: string) => void}
 */
function flagSetter() {
  const silenced = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  try {
    // Node makes it read-only where it is told so itself.
    if (silenced?.writable !== false) process.noDeprecation = true;
    const { binding } = /** @type {{ binding: (name: string) => typeof import('node:v8') }} */ (
      /** @type {unknown} */ (process)
    );
    const { setFlagsFromString } = binding('v8');
    if (typeof setFlagsFromString === 'function') return setFlagsFromString;
  } catch {
    // Then the other way.
  } finally {
    if (silenced === undefined) Reflect.deleteProperty(process, 'noDeprecation');
    else if (silenced.writable !== false) Object.defineProperty(process, 'noDeprecation', silenced);
  }
  return process.getBuiltinModule('node:v8').setFlagsFromString;
}

/** @typedef {{ script: InstanceType<typeof Script>, exports: unknown }} Loaded */
