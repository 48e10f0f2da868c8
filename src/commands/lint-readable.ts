import { InputError } from '../errors.ts';
import type { InputFile } from '../parsers/index.ts';
import { lintFiles, type LintRequest, type LintResult } from './pipeline.ts';

/** How many broken files are named before the rest is left for the next run. */
const MOST_ERRORS = 10;

/** Lints, and where a file cannot be judged, looks for others of that kind, so that one run names them all. */
export async function lintReadable(
  files: readonly InputFile[],
  errors: InputError[],
  request: Omit<LintRequest, 'files'>,
): Promise<LintResult | undefined> {
  let left = files;
  while (errors.length < MOST_ERRORS) {
    try {
      return await lintFiles({ ...request, files: left });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(error);
      const others = left.filter(({ path }) => path !== error.path);
      if (others.length === left.length || others.length === 0) return undefined;
      left = others;
    }
  }
  return undefined;
}
