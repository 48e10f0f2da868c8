import { InputError, UsageError } from '../errors.ts';
import {
  differencesAsJson,
  differencesAsMarkdown,
  differencesAsText,
} from '../reporters/article-differences.ts';
import { painter } from '../reporters/paint.ts';
import { catalogueArticle } from '../requirements/article/catalogue.ts';
import { compareArticle, WrongArticle } from '../requirements/article/compare.ts';
import type { Comparison } from '../requirements/article/difference.ts';
import type { RequirementsArguments } from './arguments.ts';
import { EXIT } from './exit.ts';
import { readNamedFile } from './inputs.ts';
import { useColor, type Io } from './io.ts';
import { withHelp } from './parsed-values.ts';

/** `requirements --diff`: compares the catalogue with a copy of the article; it exits with 1 where the two differ. */
export function requirementsDiff(path: string, args: RequirementsArguments, io: Io): number {
  refuseFlagsOfTheList(args);
  const { format } = args;
  if (format !== 'pretty' && format !== 'json' && format !== 'markdown')
    throw new UsageError(withHelp(`--diff has the forms pretty, json and markdown, not '${format}'.`));
  const comparison = compared(path, io);
  io.stdout.write(textOf(path, comparison, format, args, io));
  return comparison.differences.length === 0 ? EXIT.ok : EXIT.findings;
}

/** They choose rows for one cluster, and a comparison with less than everything would hide what changed. */
function refuseFlagsOfTheList(args: RequirementsArguments): void {
  const given = [
    args.profile !== undefined && '--profile',
    args.cloud !== undefined && '--cloud',
    args.region !== undefined && '--region',
    args.features.length > 0 && '--feature',
    args.sources.length > 0 && '--source',
    args.asOf !== undefined && '--as-of',
    args.all && '--all',
  ].filter((flag) => flag !== false);
  if (given.length === 0) return;
  throw new UsageError(
    withHelp(
      `--diff compares the whole catalogue, for every cluster and cloud: leave out ${given.join(' and ')}.`,
    ),
  );
}

function compared(path: string, io: Io): Comparison {
  const { download } = catalogueArticle();
  const help = `Download it as Markdown: curl -fsSLO ${download}`;
  if (/^https?:\/\//i.test(path))
    throw new UsageError(`--diff reads a file or standard input (-), and '${path}' is an address. ${help}`);
  const text = textFrom(path, help, io);
  if (/^\s*(?:<!doctype html|<html|<\?xml|<head)\b/i.test(text))
    throw new InputError(path, `is a page in HTML, and the article is compared as Markdown. ${help}`);
  if (/^\s*[[{]/.test(text) && isJson(text))
    throw new InputError(path, `is JSON, and the article is compared as Markdown. ${help}`);
  try {
    return compareArticle(text);
  } catch (error) {
    if (!(error instanceof WrongArticle)) throw error;
    throw new InputError(path, `is no copy of the article that can be compared: ${error.message} ${help}`);
  }
}

function textFrom(path: string, help: string, io: Io): string {
  const { bytes } = readNamedFile(path, io);
  if (bytes.length === 0) throw new InputError(path, `is empty. ${help}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(path, `is no text in UTF-8. ${help}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function textOf(
  path: string,
  comparison: Comparison,
  format: 'pretty' | 'json' | 'markdown',
  args: RequirementsArguments,
  io: Io,
): string {
  switch (format) {
    case 'json':
      return differencesAsJson(path, comparison);
    case 'markdown':
      return differencesAsMarkdown(comparison);
    case 'pretty': {
      const paint = painter(useColor(args.color, io.env, io.stdout));
      const width = io.stdout.columns > 0 ? Math.min(Math.max(io.stdout.columns, 40), 120) : 100;
      return differencesAsText(path, comparison, paint, width);
    }
  }
}
