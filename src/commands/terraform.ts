import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { Language, Parser } from 'web-tree-sitter';
import { declaresTemplate, isTerraformSource, type InputFile } from '../parsers/index.ts';
import type { Grammar, Terraform, TerraformFiles } from '../parsers/terraform/index.ts';
import { realPath, repositoryRoot } from './repository.ts';

interface WebTreeSitter {
  readonly Parser: typeof Parser;
  readonly Language: typeof Language;
}

const GRAMMAR = 'tree-sitter-terraform.wasm';

export interface TerraformFlags {
  readonly folders: readonly string[];
  readonly valueFiles: readonly string[];
  readonly sourceRoot?: string | undefined;
}

/** Loads what reads Terraform where one of the files is Terraform's. */
export async function terraformFor(
  files: readonly InputFile[],
  flags: TerraformFlags,
  cwd: string,
  readable: TerraformFiles = terraformFiles(cwd, files),
): Promise<Terraform | undefined> {
  const hasSource = files.some(({ path }) => isTerraformSource(path));
  if (!hasSource && !files.some(isStateOrPlan)) return undefined;
  const needsGrammar = hasSource || flags.sourceRoot !== undefined;
  const [{ Terraform: Reader }, grammar] = await Promise.all([
    import('../parsers/terraform/index.ts'),
    needsGrammar ? loadGrammar() : undefined,
  ]);
  return new Reader(grammar, readable, flags);
}

/** Enough for the first member. */
const HEAD = 300;

function isStateOrPlan({ bytes }: InputFile): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (declaresTemplate(text.toString('latin1', 0, HEAD))) return false;
  return ['"terraform_version"', '"lineage"', '"format_version"'].some((mark) => text.includes(mark));
}

/**
 * Loads the parser of HCL: WebAssembly that the build puts beside the program, since a run without Terraform should not
 * even read it.
 */
export async function loadGrammar(): Promise<Grammar> {
  const folder = grammarFolder(import.meta.dirname);
  const load = createRequire(join(folder, 'web-tree-sitter.cjs'));
  const { Parser: TreeParser, Language: TreeLanguage } = load('./web-tree-sitter.cjs') as WebTreeSitter;
  await TreeParser.init({ wasmBinary: readFileSync(join(folder, 'web-tree-sitter.wasm')) });
  const language = await TreeLanguage.load(readFileSync(join(folder, GRAMMAR)));
  const parser = new TreeParser();
  parser.setLanguage(language);
  return { parser, language };
}

/** dist/hcl, from the program, from the library below dist/lib, or from the sources. */
function grammarFolder(from: string): string {
  for (const candidate of [join(from, 'hcl'), join(from, 'dist/hcl')]) {
    if (existsSync(join(candidate, GRAMMAR))) return candidate;
  }
  const parent = dirname(from);
  if (parent === from) throw new Error(`${GRAMMAR} is missing beside the program: install it again`);
  return grammarFolder(parent);
}

/** Files as configurations ask for them, relative to the working directory; each is read once. */
export function terraformFiles(cwd: string, read: readonly InputFile[] = []): TerraformFiles {
  const known = new Map(read.map(({ path, bytes }) => [resolve(cwd, path), bytes]));
  return {
    read: (path) => {
      const absolute = resolve(cwd, path);
      try {
        const bytes = known.get(absolute) ?? readFileSync(absolute);
        known.set(absolute, bytes);
        return bytes;
      } catch {
        return undefined;
      }
    },
    list: (folder) => {
      try {
        const at = realPath(folder, cwd);
        return readdirSync(at, { withFileTypes: true })
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .flatMap((entry) =>
            entry.isSymbolicLink()
              ? linkedFile(join(at, entry.name), entry.name, at)
              : [{ name: entry.name, isFolder: entry.isDirectory() }],
          );
      } catch {
        return undefined;
      }
    },
    real: (path) => {
      try {
        return realpathSync(realPath(path, cwd));
      } catch {
        return undefined;
      }
    },
    repository: (folder) => repositoryRoot(realPath(folder, cwd)),
  };
}

/** A link to a file is that file if it is in the same repository; links to folders could lead in circles. */
function linkedFile(path: string, name: string, folder: string): ReturnType<TerraformFiles['list']> & object {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const boundary = realpathSync(repositoryRoot(folder) ?? folder);
  const isInside = realpathSync(path).startsWith(`${boundary}${sep}`);
  return [isInside ? { name, isFolder: false } : { name, isFolder: false, leadsOut: true }];
}
