import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { LintArguments } from '../commands/arguments.ts';
import type { Io } from '../commands/io.ts';
import { analyse } from '../commands/lint.ts';
import { InputError, UsageError } from '../errors.ts';
import { compareReports, type Comparison } from '../reporters/comparison.ts';
import type { Report } from '../reporters/index.ts';
import { inCopy, type Inputs } from './inputs.ts';
import type { Base, NoBase, Repository } from './repository.ts';

/**
 * What the change does: the files of its base are judged too, by the configuration that they have there.
 * @param temp where the base is written, and removed again
 */
export async function compareWithBase(
  report: Report,
  base: Base,
  inputs: Inputs,
  repository: Repository,
  ioIn: (folder: string) => Io,
  temp: string,
): Promise<Comparison | NoBase> {
  const folder = mkdtempSync(join(temp, 'aks-egress-lint-base-'));
  try {
    const tree = join(folder, 'tree');
    if (!repository.copy(base.commit, tree)) return notShown('its base cannot be checked out by git');
    const cwd = join(tree, relative(repository.root, inputs.folder));
    const args = presentIn(cwd, inCopy(inputs.lint, repository.root, tree));
    if (args.files.length > 0) return await judged(report, base, args, ioIn(cwd));
    // Either the change brings the files, or the job made them.
    return areTracked(inputs, repository)
      ? compareReports(base.name, nothing(report), report)
      : notShown('the files that are judged are not part of the repository, so its base does not have them');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judged(report: Report, base: Base, args: LintArguments, io: Io): Promise<Comparison | NoBase> {
  try {
    const before = await analyse(args, io);
    if (before.errors === undefined) return compareReports(base.name, before.report, report);
    if (before.isEmpty) return compareReports(base.name, nothing(report), report);
    throw before.errors[0] ?? new UsageError('nothing could be read');
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof InputError)) throw error;
    return notShown(`its base cannot be judged: ${error.message}`);
  }
}

function notShown(why: string): NoBase {
  return { reason: `What this change does is not shown: ${why}.`, isWrong: false };
}

function nothing(report: Report): Report {
  const summary = { error: 0, warning: 0, note: 0, suppressed: 0 };
  return { ...report, inputs: [], runs: [], summary, findings: [], notices: [] };
}

/** Without what the base does not have. */
function presentIn(cwd: string, args: LintArguments): LintArguments {
  const isThere = (path: string): boolean => existsSync(resolve(cwd, path));
  const { config, baseline, sourceRoot } = args;
  return {
    ...args,
    files: args.files.filter(isThere),
    parameters: args.parameters.filter(isThere),
    basePolicies: args.basePolicies.filter(isThere),
    valueFiles: args.valueFiles.filter(isThere),
    sourceRoot: sourceRoot !== undefined && isThere(sourceRoot) ? sourceRoot : undefined,
    config: typeof config === 'string' && !isThere(config) ? undefined : config,
    baseline: baseline !== undefined && isThere(baseline.path) ? baseline : undefined,
  };
}

function areTracked({ folder, lint }: Inputs, repository: Repository): boolean {
  const tracked = [...repository.tracked()];
  return lint.files.some((file) => {
    const path = relative(repository.root, resolve(folder, file)).replaceAll('\\', '/').normalize('NFC');
    return tracked.some((name) => name === path || path === '' || name.startsWith(`${path}/`));
  });
}
