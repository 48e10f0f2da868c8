import { InputError, UsageError } from '../errors.ts';
import type { Bicep, BicepRequest } from '../parsers/bicep/index.ts';
import { isBicepSource, type InputFile } from '../parsers/index.ts';
import type { SourceFiles } from '../parsers/source-files.ts';
import type { Io } from './io.ts';
import type { BicepReader } from './options.ts';
import { terraformFiles } from './terraform.ts';

export interface BicepFlags extends Omit<BicepRequest, 'compile'> {
  /** Of --bicep: our own reader, or the compiler on PATH. */
  readonly reader: BicepReader;
}

/** Loads what reads Bicep where one of the files is Bicep, or was compiled from it and its source is asked for. */
export async function bicepFor(
  files: readonly InputFile[],
  { reader, ...request }: BicepFlags,
  { cwd, execute }: Pick<Io, 'cwd' | 'execute'>,
  readable: SourceFiles = terraformFiles(cwd),
): Promise<Bicep | undefined> {
  const paths = files.flatMap(({ path }) => (isBicepSource(path) ? path : []));
  const isSourceWanted = request.sourceRoot !== undefined && files.some(isCompiled);
  if (paths.length === 0 && !isSourceWanted) return undefined;
  const { Bicep: Reader } = await import('../parsers/bicep/index.ts');
  const compile = reader === 'cli' ? (path: string): string => compiled(path, execute) : undefined;
  const bicep = new Reader(readable, { ...request, compile });
  await bicep.prepare(paths);
  return bicep;
}

/** Where the Bicep CLI keeps modules of registries unless it is told otherwise. */
export function bicepCache({ env }: Pick<Io, 'env'>): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === undefined || home === '' ? undefined : `${home}/.bicep`;
}

function isCompiled({ bytes }: InputFile): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('"_generator"');
}

/** The JSON that `bicep build` or `az bicep build` writes. */
function compiled(path: string, execute: Io['execute']): string {
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['bicep', ['build', '--stdout', path]],
    ['az', ['bicep', 'build', '--stdout', '--file', path]],
  ];
  for (const [command, args] of commands) {
    const made = execute?.(command, args);
    if (made === undefined) continue;
    if (made.status === 0) return made.stdout;
    const said = made.stderr.split('\n').find((line) => line.trim() !== '') ?? '';
    throw new InputError(path, `${command} ${args.slice(0, -1).join(' ')} fails: ${said.trim()}`);
  }
  throw new UsageError(
    '--bicep cli: neither bicep nor az is on PATH. Install one of them, or leave the flag out to read the source itself.',
  );
}
