// @ts-check
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dataPlugin } from './data-plugin.js';

/**
 * What the bundles of the program, the library and the action have in common.
 *
 * @import { InputOptions, OutputOptions, RolldownOutput } from 'rolldown'
 */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} path */
export const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Stands in for a package of which nothing is used. */
export const jsonPath = { 'jsonpath-plus': inRoot('scripts/bundle/no-json-path.js') };

/** What says where a module is, in a CommonJS script. */
export const asScript = { 'import.meta.url': '"file:///"', 'import.meta.dirname': '__dirname' };

/**
 * The parser of Terraform's language, which goes into a folder `hcl` beside a bundle. The packages' own install scripts,
 * which would build native code, are not needed for these.
 */
export const grammarFiles = [
  'node_modules/web-tree-sitter/web-tree-sitter.cjs',
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
  'node_modules/@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
];

/** @param {InputOptions} input @param {OutputOptions} output @returns {Promise<RolldownOutput>} */
export async function bundle(input, output) {
  const made = await rolldown({
    cwd: root,
    platform: 'node',
    // Optional peers: whoever reads from Azure installs them.
    external: /^@azure\//,
    onLog(level, log) {
      // yargs asks for the path of its module to find files that the bundle does not have.
      if (log.code === 'EMPTY_IMPORT_META' && log.id?.includes('node_modules/yargs')) return;
      // Where a bundle has few parts, so that what is loaded late in another one is not here.
      if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
      // A build that warns may ship something else than was meant.
      if (level === 'warn') throw new Error(log.message);
    },
    ...input,
    plugins: [dataPlugin(), ...(Array.isArray(input.plugins) ? input.plugins : [])],
  });
  // Licences go to THIRD-PARTY-NOTICES.txt.
  return made.write({ dir: 'dist', comments: { legal: false }, ...output });
}

/** @param {readonly RolldownOutput[]} made @returns {string[]} */
export function bundledModules(made) {
  return made.flatMap(({ output }) =>
    output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : [])),
  );
}
