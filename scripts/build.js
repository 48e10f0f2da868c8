// @ts-check
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { dataPlugin } from './data-plugin.js';
import { thirdPartyNotices } from './notices.js';

/**
 * Writes dist/: the command line (cli.js), the library (index.js with types/), their shared chunks, and the licences
 * of what was bundled. What only some runs need (YAML, the tolerant JSON reader, each reporter) is imported
 * dynamically in src and so stays in chunks of its own.
 *
 * `--no-types` leaves the declarations out: they take longer than everything else and no test of the program reads them.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
/** @param {string} path */
const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(inRoot('dist'), { recursive: true, force: true });

const bundle = await rolldown({
  cwd: root,
  input: { cli: 'src/cli.ts', index: 'src/index.ts' },
  platform: 'node',
  plugins: [
    dataPlugin(),
    {
      name: 'yargs-platform',
      resolveId: (source) =>
        source === './lib/platform-shims/esm.mjs' ? inRoot('scripts/bundle/yargs-platform.js') : undefined,
    },
  ],
  resolve: {
    alias: {
      'jsonpath-plus': inRoot('scripts/bundle/no-json-path.js'),
      'string-width': inRoot('scripts/bundle/string-width.js'),
      module: inRoot('scripts/bundle/module.js'),
      'node:module': inRoot('scripts/bundle/module.js'),
      util: inRoot('scripts/bundle/util.js'),
      'node:util': inRoot('scripts/bundle/util.js'),
      // Its build for Node is CommonJS.
      yaml: inRoot('node_modules/yaml/browser/index.js'),
    },
  },
  onLog(level, log) {
    // A build that warns is a build that may ship something else than was meant.
    if (level === 'warn') throw new Error(log.message);
  },
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'esm',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // Licences go to THIRD-PARTY-NOTICES.txt.
  comments: { legal: false },
});
chmodSync(inRoot('dist/cli.js'), 0o755);

const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
writeFileSync(inRoot('dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(modules));

if (!process.argv.includes('--no-types')) {
  const tsc = spawnSync(
    process.execPath,
    [inRoot('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  process.exitCode = tsc.status ?? 1;
}
