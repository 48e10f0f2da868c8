// @ts-check
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dataPlugin } from './data-plugin.js';
import { thirdPartyNotices } from './notices.js';

/**
 * Writes dist/:
 * - program/, the command line, and cli.js, which starts it: core.cjs is what nearly every run needs, further files are
 *   what some runs import dynamically (Terraform, Bicep, YAML, shapes of checks), and *.cache is their compiled code;
 * - lib/index.js, the library, and lib/types/;
 * - hcl/, the parser of Terraform's language as WebAssembly, read only by runs on Terraform;
 * - THIRD-PARTY-NOTICES.txt, the licences of what was bundled.
 *
 * A run takes a tenth of a second, and a good part of that is reading code. So what few runs need is imported dynamically
 * in src, some modules are replaced by lighter ones (scripts/bundle), and the compiled code is kept.
 *
 * `--no-types` leaves the declarations out: they take longer than everything else and no test of the program reads them.
 *
 * @import { InputOptions, OutputOptions, RolldownOutput } from 'rolldown'
 */
const root = fileURLToPath(new URL('..', import.meta.url));
/** @param {string} path */
const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** @param {InputOptions} input @param {OutputOptions} output @returns {Promise<RolldownOutput>} */
async function bundle(input, output) {
  const made = await rolldown({
    cwd: root,
    platform: 'node',
    onLog(level, log) {
      // yargs asks for the path of its module to find files that the bundle does not have.
      if (log.code === 'EMPTY_IMPORT_META' && log.id?.includes('node_modules/yargs')) return;
      // A build that warns may ship something else than was meant.
      if (level === 'warn') throw new Error(log.message);
    },
    ...input,
    plugins: [dataPlugin(), ...(Array.isArray(input.plugins) ? input.plugins : [])],
  });
  // Licences go to THIRD-PARTY-NOTICES.txt.
  return made.write({ dir: 'dist', comments: { legal: false }, ...output });
}

rmSync(inRoot('dist'), { recursive: true, force: true });

/** What stays out of core.cjs. */
const RARE = [
  // Of formats, those other than Azure's own JSON.
  /\/src\/parsers\/(?!arm\/|azure-firewall\/|exported\/|json\/)[^/]+\//,
  /\/rules\/(?:terraform|bicep)-modules/,
  /\/src\/config\/(?:baseline|check-shape|company-checks|config-suppressions|load|schema-error)\.ts$/,
  /\/src\/checks\/(?:condition-problems|parse-check)\.ts$/,
  /\/src\/commands\/(?:checks|init|print-config|starting-config)\.ts$/,
  /\/schemas\/(?:baseline|check|config)\.schema\.json/,
  /\/node_modules\/(?:picomatch|yaml)\//,
];

const jsonPath = { 'jsonpath-plus': inRoot('scripts/bundle/no-json-path.js') };
const program = await bundle(
  {
    input: { main: 'src/cli.ts' },
    preserveEntrySignatures: false,
    // Asked for by yargs-parser only.
    transform: { define: { 'import.meta.url': '"file:///"', 'import.meta.dirname': '__dirname' } },
    resolve: { alias: { ...jsonPath, 'string-width': inRoot('scripts/bundle/string-width.js') } },
    plugins: [
      {
        name: 'yargs-platform',
        resolveId(source, importer) {
          if (source === './lib/platform-shims/esm.mjs') return inRoot('scripts/bundle/yargs-platform.js');
          const isYargs = importer?.includes('node_modules/yargs') === true;
          return source === 'node:module' && isYargs ? inRoot('scripts/bundle/node-module.js') : undefined;
        },
      },
    ],
  },
  {
    dir: 'dist/program',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'core', test: (id) => !RARE.some((pattern) => pattern.test(id)) }],
    },
    // Less to read and to compile. Functions keep their names, for the stack trace of a defect.
    minify: { compress: false, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
  },
);
for (const { fileName } of program.output) asciiOnly(`dist/program/${fileName}`);
await bundle({ input: { cli: 'scripts/bundle/launcher.js' } }, { format: 'cjs' });
// Node needs longer to start a module than a CommonJS script.
writeFileSync(inRoot('dist/package.json'), '{ "type": "commonjs" }\n');
chmodSync(inRoot('dist/cli.js'), 0o755);

const library = await bundle(
  { input: { index: 'src/index.ts' }, resolve: { alias: jsonPath } },
  { dir: 'dist/lib', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' },
);
writeFileSync(inRoot('dist/lib/package.json'), '{ "type": "module" }\n');

// The packages' own install scripts, which would build native code, are not needed for these.
const copied = [
  'node_modules/web-tree-sitter/web-tree-sitter.cjs',
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'node_modules/@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
];
mkdirSync(inRoot('dist/hcl'));
for (const path of copied)
  copyFileSync(inRoot(path), inRoot(`dist/hcl/${path.slice(path.lastIndexOf('/') + 1)}`));

const modules = [program, library].flatMap(({ output }) =>
  output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : [])),
);
writeFileSync(inRoot('dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices([...modules, ...copied.map(inRoot)]));

const inputs = [
  'sample/hub-firewall-policy.json',
  'terraform/equivalent/source',
  'bicep/equivalent/main.bicep',
];
for (const input of inputs) run('scripts/code-cache.js', input);
if (!process.argv.includes('--no-types')) run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');

/**
 * Escapes all other characters, so that V8 keeps the text with one byte per character and need not decode it.
 *
 * @param {string} path
 */
function asciiOnly(path) {
  const text = readFileSync(inRoot(path), 'utf8');
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(text))
    throw new Error(`${path}: an escape would change a raw string`);
  const escape = (/** @type {string} */ unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(inRoot(path), text.replaceAll(/[^\0-\x7f]/g, escape));
}

/** @param {readonly string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${args.join(' ')} failed`);
}
