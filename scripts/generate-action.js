// @ts-check
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { asScript, bundle, bundledModules, grammarFiles, inRoot, jsonPath } from './bundle-parts.js';
import { thirdPartyNotices } from './notices.js';

/**
 * Writes action/dist/, which is committed, since GitHub runs an action as it is in the repository:
 *
 * - index.js, what is written here; packages.js and data.js, which change less often, so that a change adds little to the
 *   history of the repository;
 * - hcl/, the parser of Terraform's language;
 * - THIRD-PARTY-NOTICES.txt, the licences of what was bundled.
 *
 * `--check` writes nothing and fails where what is committed is not what would be written.
 */
const FOLDER = inRoot('action/dist');

/** @param {string} folder */
async function build(folder) {
  const action = await bundle(
    {
      input: { index: 'src/action.ts' },
      transform: { define: asScript },
      resolve: { alias: jsonPath },
    },
    {
      dir: folder,
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      minify: true,
      codeSplitting: {
        groups: [
          { name: 'packages', test: /node_modules|scripts[\\/]bundle/, priority: 3 },
          { name: 'data', test: /(rules|schemas)[\\/][^?]*(\.json|\?)/, priority: 2 },
          { name: 'index', test: /src[\\/]/, priority: 1 },
        ],
      },
    },
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  mkdirSync(join(folder, 'hcl'));
  for (const path of grammarFiles) copyFileSync(inRoot(path), join(folder, 'hcl', basename(path)));
  const modules = [...bundledModules([action]), ...grammarFiles.map(inRoot)];
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(modules));
}

/** @param {string} folder @returns {Map<string, Buffer>} */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [
        relative(folder, join(folder, name)).replaceAll('\\', '/'),
        readFileSync(join(folder, name)),
      ]),
  );
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-action-'));
  try {
    await build(folder);
    const made = filesOf(folder);
    const committed = filesOf(FOLDER);
    const stale = [...new Set([...made.keys(), ...committed.keys()])].filter((name) => {
      const [one, other] = [made.get(name), committed.get(name)];
      return one === undefined || other === undefined || !one.equals(other);
    });
    if (stale.length > 0) {
      console.error(`action/dist is not current: ${stale.join(', ')}. Run 'npm run generate' and commit it.`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await build(FOLDER);
}
