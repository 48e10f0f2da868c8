import type { Bicep, BicepRequest } from '../parsers/bicep/index.ts';
import { isBicepSource, type InputFile } from '../parsers/index.ts';
import { terraformFiles } from './terraform.ts';

/** Loads what reads Bicep where one of the files is Bicep. */
export async function bicepFor(
  files: readonly InputFile[],
  request: BicepRequest,
  cwd: string,
): Promise<Bicep | undefined> {
  const paths = files.flatMap(({ path }) => (isBicepSource(path) ? path : []));
  if (paths.length === 0) return undefined;
  const { Bicep: Reader } = await import('../parsers/bicep/index.ts');
  const bicep = new Reader(terraformFiles(cwd), request);
  await bicep.prepare(paths);
  return bicep;
}
