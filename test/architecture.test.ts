import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../src/version.ts';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** A folder imports itself and what stands before it. Files directly in src may be imported by all, but cli.ts. */
const LAYERS = [
  'model',
  'azure',
  'conditions',
  'parsers',
  'profile',
  'live',
  'requirements',
  'coverage',
  'checks',
  'config',
  'locate',
  'reporters',
  'commands',
  'action',
  'testing',
];

/** Small files that everything may import, and that import nothing of ours. */
const COMMON = ['errors.ts', 'version.ts'];

/** Longer than 400 lines, with the reason. */
const LONG_FILES = new Map<string, string>([]);

interface SourceFile {
  /** Relative to src. */
  readonly path: string;
  readonly text: string;
}

const files: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }));

function importsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
}

/** Relative to src; undefined for packages, and for data outside of src. */
function target(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = relative(SRC, join(SRC, dirname(file.path), specifier));
  return path.startsWith('..') ? undefined : path;
}

function layerOf(path: string): number {
  const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
  if (folder !== '') return LAYERS.indexOf(folder);
  return COMMON.includes(path) ? -1 : LAYERS.length;
}

describe('the one way through the house', () => {
  it('knows every folder of src', () => {
    const folders = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.filter((name) => !LAYERS.includes(name))).toEqual([]);
  });

  it('lets a folder import only what stands before it', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .map((specifier) => target(file, specifier))
        .filter((path) => path !== undefined && layerOf(path) > layerOf(file.path))
        .map((path) => `${file.path} imports ${path ?? ''}`),
    );
    expect(wrong).toEqual([]);
  });

  it('imports nothing in the common files', () => {
    const common = files.filter((file) => COMMON.includes(file.path));
    expect(common.flatMap(importsOf)).toEqual([]);
  });

  it('has no import that leads nowhere, and none without its ending', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => {
          const [path = ''] = specifier.split('?');
          return (
            !existsSync(join(SRC, dirname(file.path), path)) ||
            !/\.(ts|json)$|\?(directory|texts|asset|validator|shape)$/.test(specifier)
          );
        })
        .map((specifier) => `${file.path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('touches files in config, commands and the action only', () => {
    const wrong = files
      .filter((file) => !/^(config|commands|action)\/|^(cli|action)\.ts$/.test(file.path))
      .filter((file) =>
        importsOf(file).some((name) => /^(node:)?(fs|http|https|net|child_process)\b/.test(name)),
      );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});

describe('the size of files', () => {
  const lengths = new Map(files.map(({ path, text }) => [path, text.split('\n').length - 1]));

  it('is at most 400 lines, or has a reason', () => {
    const long = [...lengths].filter(([path, lines]) => lines > 400 && !LONG_FILES.has(path));
    expect(long).toEqual([]);
  });

  it('needs no reason where it is less', () => {
    const short = [...LONG_FILES.keys()].filter((path) => (lengths.get(path) ?? 0) <= 400);
    expect(short).toEqual([]);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    dependencies?: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };

  it('says why it has each dependency, and why not another', () => {
    const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const section = text.slice(text.indexOf('## Dependencies'));
    const cells = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const explained = cells.map(([, name = '']) => name.replaceAll('`', ''));
    expect(explained.sort()).toEqual(Object.keys(dependencies).sort());
    for (const [, name, why = '', whyNot = ''] of cells) {
      expect([why, whyNot], name).not.toContain('');
    }
  });

  it('imports no package that it does not name itself', () => {
    const folders = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    );
    const undeclared = [...folders, ...readdirSync(ROOT)]
      .filter((path) => /\.[jt]s$/.test(path))
      .flatMap((path) =>
        importsOf({ path, text: readFileSync(join(ROOT, path), 'utf8') })
          .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
          .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
          .filter((name) => !(name in dependencies) && !(`@types/${name}` in dependencies))
          .map((name) => `${path}: ${name}`),
      );
    expect(undeclared).toEqual([]);
  });

  it('pins exact versions', () => {
    const loose = Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  it('needs nothing at run time but what is bundled', () => {
    expect(manifest.dependencies).toBeUndefined();
  });

  it('names its version once more in the program', () => {
    expect(VERSION).toBe(manifest.version);
  });
});
