import { dirname, relative } from 'node:path';
import { checksByPlace } from '../config/check-settings.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { CONFIG_NAMES, findConfig } from '../config/find.ts';
import { UsageError, type InputError } from '../errors.ts';
import { bicepCache, bicepFor } from './bicep.ts';
import { knownChecks, resolvedChecks, settingsByPlace } from './check-settings.ts';
import { clustersOf } from './clusters.ts';
import { EXIT, formatInputError } from './exit.ts';
import { readInputs } from './inputs.ts';
import type { Io } from './io.ts';
import { lintReadable } from './lint-readable.ts';
import { writeOutputs } from './outputs.ts';
import type { LintRequest, LintResult } from './pipeline.ts';
import { startingConfig, type Found } from './starting-config.ts';
import { terraformFor } from './terraform.ts';

/** Where the configuration goes, in the working directory. */
const PATH = CONFIG_NAMES[0];

/**
 * The command that writes a commented configuration to start from, with what the policies below the working directory show
 * of the clusters. Never overwrites one.
 */
export async function init(io: Io): Promise<number> {
  const existing = findConfig(io.cwd);
  if (existing !== undefined) {
    const name = relative(io.cwd, existing);
    throw new UsageError(
      `There is a configuration already: ${name}. It is left as it is; 'aks-egress-lint --print-config' shows what it comes to.`,
    );
  }
  const errors: InputError[] = [];
  const found = await look(io, errors);
  writeOutputs([{ path: PATH, text: startingConfig(found), flag: 'init' }], io.cwd);
  io.stdout.write(summaryOf(found, errors));
  return EXIT.ok;
}

/** What the files below the working directory say when they are linted without any configuration. */
async function look(io: Io, errors: InputError[]): Promise<Found> {
  const config = await loadConfig(false, io.cwd);
  const { files, folders, errors: unreadable } = readInputs(['.'], io);
  errors.push(...unreadable);
  const terraform = await terraformFor(files, { folders, valueFiles: [] }, io.cwd);
  const bicep = await bicepFor(files, { folders, reader: 'source', cache: bicepCache(io) }, io);
  const result = await lintReadable(files, errors, { ...(await requestFor(config, io)), terraform, bicep });
  const inputs = result?.report.inputs ?? [];
  return {
    files: inputs.filter(({ rules }) => rules > 0),
    folders: terraformFolders(inputs.flatMap(({ path, format }) => (format === 'terraform' ? [path] : []))),
    parameters: skippedFiles(result, 'a parameter file'),
    values: skippedFiles(result, 'a file of variables'),
    runs: result?.report.runs ?? [],
  };
}

async function requestFor(config: Config, io: Io): Promise<Omit<LintRequest, 'files'>> {
  const none: readonly never[] = [];
  const flags = { profile: undefined, cloud: undefined, region: undefined, features: none, sources: none };
  return {
    parameters: none,
    basePolicies: none,
    clusters: (hint, found) => clustersOf({ ...flags, asOf: undefined, config: false }, config, hint, found),
    select: (policies) => policies,
    settings: settingsByPlace(
      await checksByPlace(resolvedChecks(false, config, none), config, { cwd: io.cwd, folder: io.cwd }),
      none,
      io.today,
    ),
    accepted: { ...knownChecks(none), suppressions: none, baseline: undefined, today: io.today },
    declared: none,
    acceptAddressFor: none,
    privateNames: none,
    asOf: undefined,
    all: false,
  };
}

function skippedFiles(result: LintResult | undefined, what: string): readonly string[] {
  return (result?.skipped ?? []).filter(({ reason }) => reason.startsWith(what)).map(({ path }) => path);
}

/** The folders of configurations, without those that lie in another one: modules are linted with what calls them. */
function terraformFolders(paths: readonly string[]): string[] {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  return folders.filter(
    (folder) => !folders.some((other) => other === '.' || folder.startsWith(`${other}/`)) || folder === '.',
  );
}

function summaryOf(found: Found, errors: readonly InputError[]): string {
  const paths = pathsOf(found);
  const next =
    paths.length === 0
      ? 'No firewall configuration was found below this folder, so it holds examples only.'
      : `Next: aks-egress-lint ${paths.length > 3 ? '.' : paths.map(quoted).join(' ')}`;
  const failed = errors.map((error) => `Left out: ${formatInputError(error)}\n`).join('');
  return `Wrote ${PATH}.\n${failed}${next}\n`;
}

/**
 * What to lint next. Which of several folders of Terraform is a root module, or which file of Bicep deploys the others, is
 * found out below the folder that holds them.
 */
function pathsOf({ files, folders }: Found): string[] {
  if (files.some(({ format }) => format === 'bicep')) return ['.'];
  const others = files.flatMap(({ path, format }) => (format.startsWith('terraform') ? [] : [path]));
  return folders.length > 1 ? ['.'] : [...folders, ...others];
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
