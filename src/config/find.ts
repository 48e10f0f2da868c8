import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';

/** Names that a configuration file may have, in the folder of the repository that it is for or above it. */
export const CONFIG_NAMES = [
  '.aks-egress-lint.yaml',
  '.aks-egress-lint.yml',
  '.aks-egress-lint.json',
  'aks-egress-lint.config.yaml',
  'aks-egress-lint.config.yml',
  'aks-egress-lint.config.json',
] as const;

/** Member of package.json that holds a configuration. */
export const PACKAGE_KEY = 'aks-egress-lint';

/**
 * The configuration for a folder: in it or in the nearest folder above, up to the root of the repository. Outside of a
 * repository only the folder itself counts, so that nothing stray in a home or temporary folder is taken.
 *
 * @returns an absolute path, or undefined
 */
export function findConfig(folder: string): string | undefined {
  const folders = [resolve(folder)];
  for (let at = resolve(folder); !existsSync(join(at, '.git'));) {
    const parent = dirname(at);
    if (parent === at) {
      folders.length = 1;
      break;
    }
    folders.push(parent);
    at = parent;
  }
  for (const at of folders) {
    const found: string[] = CONFIG_NAMES.filter((name) => existsSync(join(at, name)));
    if (hasPackageKey(join(at, 'package.json'))) found.push('package.json');
    if (found.length > 1) {
      throw new UsageError(
        `There are several configurations in ${at}: ${found.join(', ')}. Keep one, or choose with --config.`,
      );
    }
    const [name] = found;
    if (name !== undefined) return join(at, name);
  }
  return undefined;
}

function hasPackageKey(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof manifest === 'object' && manifest !== null && Object.hasOwn(manifest, PACKAGE_KEY);
  } catch {
    // Someone else's file, and not for us to complain about.
    return false;
  }
}
