// @ts-check
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { asScript, bundle, bundledModules, grammarFiles, inRoot, jsonPath, root } from './bundle-parts.js';
import { thirdPartyNotices } from './notices.js';

/**
 * Writes dist/:
 * - program/, the command line, and cli.js, which starts it: main.cjs is what nearly every run needs, further files are
 *   what some runs import dynamically (Terraform, Bicep, YAML, shapes of checks), and *.cache is their compiled code;
 * - lib/index.js, the library, and lib/types/;
 * - hcl/, the parser of Terraform's language as WebAssembly, read only by runs on Terraform;
 * - THIRD-PARTY-NOTICES.txt, the licences of what was bundled.
 *
 * A run takes a tenth of a second, and a good part of that is reading code. So what few runs need is imported dynamically
 * in src, some modules are replaced by lighter ones (scripts/bundle), and the compiled code is kept.
 *
 * `--no-types` leaves the declarations out: they take longer than everything else and no test of the program reads them.
 */
rmSync(inRoot('dist'), { recursive: true, force: true });

/** What stays out of main.cjs. */
const RARE = [
  // Of formats, those other than Azure's own JSON; but every file is asked whether it is an appliance's.
  /\/src\/parsers\/(?!arm\/|azure-firewall\/|exported\/|json\/|appliance\/(?:detect|files|load|reading)\.ts$)[^/]+\//,
  /\/rules\/(?:terraform|bicep)-modules/,
  /\/src\/config\/(?:baseline|check-shape|company-checks|config-suppressions|load|schema-error)\.ts$/,
  /\/src\/checks\/(?:condition-problems|parse-check)\.ts$/,
  /\/src\/(?:live\/|commands\/azure\.ts$)/,
  /\/src\/commands\/(?:azure-lists|checks|cluster-files|inferred-clusters|init|print-config|requirements|starting-config)\.ts$/,
  /\/src\/(?:profile\/inferred|coverage\/(?:cluster-subjects|listed-endpoints))\.ts$/,
  /\/schemas\/(?:baseline|check|config)\.schema\.json/,
  /\/node_modules\/(?:picomatch|saxes|xmlchars|yaml)\//,
  // The comparison with Microsoft's article, which its maintainers run.
  /\/src\/requirements\/article\//,
  /\/src\/commands\/requirements-diff\.ts$/,
  /\/src\/reporters\/article-differences\.ts$/,
  /\/rules\/articles\//,
  /\/node_modules\/(?:markdown-it|entities|linkify-it|mdurl|punycode\.js|uc\.micro)\//,
  // Of reports, those that people do not read on a terminal, but for SARIF.
  /\/src\/reporters\/(?:html\/|markdown|github|json\.|junit|gitlab|object-forms|quoted-names|comparison)/,
  /\/src\/commands\/report-drawing\.ts$/,
];

/** Modules of Node that take longer to load than what a package needs of them. */
const STAND_INS = new Map([
  ['yargs:node:module', 'node-module.js'],
  ['yargs:./argsert.js', 'argsert.js'],
  ['lilconfig:fs', 'lilconfig-fs.js'],
  ['lilconfig:os', 'lilconfig-os.js'],
]);

const program = await bundle(
  {
    input: { main: 'src/cli.ts' },
    preserveEntrySignatures: false,
    transform: { define: asScript },
    resolve: { alias: { ...jsonPath, 'string-width': inRoot('scripts/bundle/string-width.js') } },
    plugins: [
      {
        name: 'stand-ins',
        resolveId(source, importer) {
          if (source === './lib/platform-shims/esm.mjs') return inRoot('scripts/bundle/yargs-platform.js');
          const by = /node_modules\/(yargs|lilconfig)/.exec(importer ?? '')?.[1];
          const stand = STAND_INS.get(`${by}:${source}`);
          return stand === undefined ? undefined : inRoot(`scripts/bundle/${stand}`);
        },
      },
    ],
  },
  {
    dir: 'dist/program',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    // Scripts that are started with their compiled code cannot import, and these packages load faster so.
    dynamicImportInCjs: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      // Rolldown puts the group into the file of the entry, main.cjs.
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

mkdirSync(inRoot('dist/hcl'));
for (const path of grammarFiles) copyFileSync(inRoot(path), inRoot(`dist/hcl/${basename(path)}`));

const modules = [...bundledModules([program, library]), ...grammarFiles.map(inRoot)];
writeFileSync(inRoot('dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(modules));

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
