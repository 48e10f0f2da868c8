import { checksByPlace } from '../config/check-settings.ts';
import { itemsOf, loadConfig, settingOf, valuesOf, type Config } from '../config/config.ts';
import type { Folders } from '../config/place-pattern.ts';
import type { Suppression } from '../config/suppression.ts';
import { InputError, UsageError } from '../errors.ts';
import type { Policy } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import type { InputFile } from '../parsers/index.ts';
import { didYouMean } from '../profile/index.ts';
import { reporters, uriMapper, type Report, type ReportContext } from '../reporters/index.ts';
import type { LintArguments } from './arguments.ts';
import type { AzureArguments } from './azure-arguments.ts';
import type { BaselineUse } from './acceptance.ts';
import { bicepCache, bicepFor } from './bicep.ts';
import {
  companyChecksOf,
  knownChecks,
  resolvedChecks,
  settingsByPlace,
  verifyConfig,
} from './check-settings.ts';
import { clusterPaths, clustersOf, isNamed } from './clusters.ts';
import { EXIT, formatInputError } from './exit.ts';
import type { ShownAt } from './findings.ts';
import { readInputs, readNamedFile, type RawInputs } from './inputs.ts';
import { useColor, type Io } from './io.ts';
import { checkOutputPaths, writeOutputs, type OutputFile, type OutputPath } from './outputs.ts';
import { withHelp } from './parsed-values.ts';
import { announce } from './progress.ts';
import { lintReadable } from './lint-readable.ts';
import type { LintRequest, LintResult } from './pipeline.ts';
import { realPath, repositoryRoot } from './repository.ts';
import { terraformFor } from './terraform.ts';
import { fails, type FailOn } from './threshold.ts';

/** The command that lints. */
export async function lint(args: LintArguments, io: Io): Promise<number> {
  if (args.files.length === 0 && !args.printConfig) {
    throw new UsageError(withHelp('Nothing to lint: name files or folders, or - for standard input.'));
  }
  return lintFrom(filesOf(args, io), args, io);
}

/** Where the inputs of a run come from: files, or what was read elsewhere. */
export interface InputSource {
  /** Present where it is Azure: then files that the configuration names do not belong to the input. */
  readonly azure?: AzureArguments;
  /** What it will write with the reports. */
  readonly outputs: readonly OutputPath[];
  /** Called when flags and configuration are known to be right. */
  readonly read: (config: Config) => Promise<Inputs> | Inputs;
}

export interface Inputs extends RawInputs {
  /** Where a part of the input is shown, if not where it stands. */
  readonly shownAt?: ShownAt | undefined;
  readonly saved?: readonly OutputFile[];
}

function filesOf(args: LintArguments, io: Io): InputSource {
  return { outputs: [], read: () => readInputs(args.files, io) };
}

/** Lints what a source gives. */
export async function lintFrom(source: InputSource, args: LintArguments, io: Io): Promise<number> {
  if (args.printConfig) {
    const { config, company } = await configured(args, io);
    const { printConfig } = await import('./print-config.ts');
    io.stdout.write(await printConfig(args, config, company, io, source.azure));
    return EXIT.ok;
  }
  const analysis = await analyse(args, io, source);
  if (analysis.errors !== undefined) {
    for (const error of analysis.errors) io.stderr.write(`${formatInputError(error)}\n`);
    return EXIT.input;
  }
  await write(analysis, args, io);
  return fails(analysis.report, analysis.failOn) ? EXIT.findings : EXIT.ok;
}

/** What a run found, before any of it is written; or the inputs that could not be judged. */
export type Analysis = Analysed | NotJudged;

export interface NotJudged {
  readonly errors: readonly InputError[];
  /** Everything could be read, and nothing in it was a firewall's. */
  readonly isEmpty: boolean;
}

export interface Analysed extends LintResult {
  readonly errors?: undefined;
  readonly baseline: BaselineUse | undefined;
  readonly failOn: FailOn;
  /** Files to write with the reports. */
  readonly saved: readonly OutputFile[];
}

/**
 * Judges what the arguments name. What the user can get wrong with flags and configuration is judged before any input is
 * read, and there is a result only where everything that was named could be judged.
 */
export async function analyse(
  args: LintArguments,
  io: Io,
  source: InputSource = filesOf(args, io),
): Promise<Analysis> {
  const { config, company } = await configured(args, io);
  const named = source.azure === undefined ? config : { ...config, layers: [] };
  const parameterPaths = [...valuesOf(named, 'parameters'), ...args.parameters];
  const basePaths = [...valuesOf(named, 'basePolicies'), ...args.basePolicies];
  const valuePaths = [...valuesOf(named, 'varFiles'), ...args.valueFiles];
  const clusterFiles = [...clusterPaths(named), ...args.clusters];
  const sourceRoot = args.sourceRoot ?? settingOf(named, 'sourceRoot')?.value;
  clustersOf(args, config, undefined);
  const lists = listPaths(args, named);
  const read = [
    ...[...args.files, ...parameterPaths, ...basePaths, ...valuePaths, ...clusterFiles],
    ...[lists.serviceTags ?? [], ...lists.endpoints.map(({ path }) => path)].flat(),
    ...config.layers.flatMap((layer) => (layer.kind === 'file' ? layer.file.path : [])),
    ...(args.baseline?.mode === 'read' ? [args.baseline.path] : []),
  ];
  checkOutputPaths(
    [...args.outputs.map(reportFile), ...baselineFiles(args), ...source.outputs],
    read,
    io.cwd,
  );
  const asOf = args.asOf ?? settingOf(config, 'asOf')?.value;
  const baseline = await baselineUse(args, io.cwd);

  const inputs = await source.read(config);
  const errors = [...inputs.errors];
  const done = announce(inputs.files, io);
  const folders = { cwd: io.cwd, folder: config.folder };
  const basePolicies = readAll(basePaths, io, errors);
  const clusters = readInputs(clusterFiles, io);
  errors.push(...clusters.errors);
  const valueFiles = readAll(valuePaths, io, errors).map(({ path }) => path);
  const parameters = readAll(parameterPaths, io, errors);
  const request = {
    parameters,
    basePolicies,
    bicep: await bicepFor(
      [...inputs.files, ...basePolicies, ...parameters, ...clusters.files],
      {
        folders: [...inputs.folders, ...clusters.folders],
        sourceRoot,
        reader: args.bicep,
        cache: args.bicepCache ?? bicepCache(io),
      },
      io,
    ),
    clusterFiles: clusters.files,
    terraform: await terraformFor(
      [...inputs.files, ...basePolicies, ...clusters.files],
      { folders: [...inputs.folders, ...clusters.folders], valueFiles, sourceRoot },
      io.cwd,
    ),
    appliance: args.appliance,
    config,
    serviceTags: readAll([lists.serviceTags ?? []].flat(), io, errors)[0],
    endpointLists: lists.endpoints.flatMap(({ path, cluster }) =>
      readAll([path], io, errors).map((file) => ({ file, cluster })),
    ),
    clusters: (...of: Parameters<LintRequest['clusters']>) => clustersOf(args, config, ...of),
    select: (policies: readonly Policy[]) => selectPolicies(policies, args.policies),
    settings: settingsByPlace(
      await checksByPlace(resolvedChecks(args.strict, config, company), config, folders),
      company,
      asOf ?? io.today,
    ),
    accepted: {
      ...knownChecks(company),
      suppressions: await suppressionsOf(config, folders),
      baseline,
      today: asOf ?? io.today,
    },
    declared: valuesOf(config, 'allow').map(({ ports = [], ...rest }) => ({ ...rest, ports })),
    acceptAddressFor: valuesOf(config, 'acceptAddressCoverage'),
    privateNames: valuesOf(config, 'privateNames'),
    asOf,
    all: args.all,
    shownAt: inputs.shownAt,
    drawn: [args.format, ...args.outputs.map(({ format }) => format)].includes('html'),
  };
  const result = await lintReadable(inputs.files, errors, request).finally(done);
  if (result?.report.runs.length === 0 && errors.length === 0)
    return {
      errors: nothingFound(
        source.azure === undefined ? args.files : inputs.files.map(({ path }) => path),
        result,
      ),
      isEmpty: true,
    };
  if (result === undefined || errors.length > 0) return { errors, isEmpty: false };
  const failOn = args.failOn ?? settingOf(config, 'failOn')?.value ?? 'error';
  return { ...result, baseline, failOn, saved: inputs.saved ?? [] };
}

interface ListPaths {
  readonly serviceTags: string | undefined;
  readonly endpoints: readonly { readonly path: string; readonly cluster?: string }[];
}

/** Files with lists of Azure: those of a cluster as the configuration says, the others of the only one. */
function listPaths(args: LintArguments, config: Config): ListPaths {
  const ofClusters = (settingOf(config, 'clusters')?.value ?? []).flatMap(({ name, endpoints = [] }) =>
    endpoints.map((path) => ({ path, cluster: name })),
  );
  const others = [...valuesOf(config, 'endpoints'), ...args.endpoints].map((path) => ({ path }));
  return {
    serviceTags: args.serviceTags ?? settingOf(config, 'serviceTags')?.value,
    endpoints: [...ofClusters, ...others],
  };
}

async function configured(
  args: LintArguments,
  io: Io,
): Promise<{ config: Config; company: Awaited<ReturnType<typeof companyChecksOf>> }> {
  const config = await loadConfig(args.config, io.cwd);
  const company = await companyChecksOf(config, io.cwd);
  verifyConfig(config, company);
  return { config, company };
}

/** Loaded where there are some: most runs have none. */
async function suppressionsOf(config: Config, folders: Folders): Promise<readonly Suppression[]> {
  if (itemsOf(config, 'suppressions').length === 0) return [];
  const { configSuppressions } = await import('../config/config-suppressions.ts');
  return configSuppressions(config, folders);
}

async function baselineUse(args: LintArguments, cwd: string): Promise<BaselineUse | undefined> {
  if (args.baseline === undefined) return undefined;
  const { Baseline, readBaseline } = await import('../config/baseline.ts');
  const { mode, path } = args.baseline;
  return { mode, path, baseline: mode === 'write' ? new Baseline() : await readBaseline(path, cwd) };
}

function reportFile({ path }: { readonly path: string }): OutputPath {
  return { path, flag: '--output' };
}

/** The baseline where the run writes it. */
function baselineFiles({ baseline }: LintArguments): OutputPath[] {
  if (baseline === undefined || baseline.mode === 'read') return [];
  const flag = baseline.mode === 'write' ? '--write-baseline' : '--prune-baseline';
  return [{ path: baseline.path, flag }];
}

function readAll(paths: readonly string[], io: Io, errors: InputError[]): InputFile[] {
  return paths.flatMap((path) => {
    try {
      return [readNamedFile(path, io)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(error);
      return [];
    }
  });
}

function selectPolicies(policies: readonly Policy[], names: readonly string[]): readonly Policy[] {
  if (names.length === 0) return policies;
  const known = policies.map((policy) => showSymbols(policy.name));
  const wrong = names.find((name) => !policies.some((policy) => isNamed(policy, name)));
  if (wrong !== undefined && policies.length > 0) {
    throw new UsageError(
      `--policy: the input has no policy '${wrong}'.${didYouMean(wrong, known)} It has ${known.join(', ')}.`,
    );
  }
  return policies.filter((policy) => names.some((name) => isNamed(policy, name)));
}

/**
 * A run that judged nothing must not pass. Named files without a firewall were refused before, so either folders hold none,
 * or the clusters of the configuration have none of their policies here.
 */
function nothingFound(paths: readonly string[], { report }: LintResult): InputError[] {
  if (report.inputs.some(({ rules }) => rules > 0)) {
    throw new UsageError(
      `Nothing was judged. ${report.notices.join(' ')} Name its policies in the configuration as the input does.`,
    );
  }
  const hints = report.notices.filter((notice) => notice.includes(' was skipped: '));
  const hint = hints.length === 0 ? '' : `. ${hints.join(' ')}`;
  return paths.map(
    (path) =>
      new InputError(
        path,
        `no firewall configuration was found here; expected an Azure Firewall policy as Bicep, ARM template, exported JSON or Terraform${hint}`,
      ),
  );
}

async function write(analysis: Analysed, args: LintArguments, io: Io): Promise<void> {
  const { report, lastingNotices } = analysis;
  const root = repositoryRoot(io.cwd) ?? io.cwd;
  const context = contextOf(analysis, args, root, io.cwd);
  const files = [...(await outputsOf(analysis, context, args)), ...analysis.saved];
  const reporter = await reporters[args.format]();
  const forTerminal = {
    ...context,
    color: useColor(args.color, io.env, io.stdout),
    width: io.stdout.columns,
  };
  const isShort = args.quiet && args.format === 'pretty';
  const text = reporter(isShort ? errorsOnly(report, lastingNotices) : report, forTerminal);
  writeOutputs(files, io.cwd);
  io.stdout.write(text);
}

/** @param root the folder that URIs are relative to */
export function contextOf(
  { textOf, checks }: Analysed,
  { includeSuppressed }: LintArguments,
  root: string,
  cwd: string,
): ReportContext {
  return {
    textOf,
    uriOf: uriMapper(realPath(root, cwd), (path) => realPath(path, cwd)),
    checks,
    includeSuppressed,
    color: false,
    width: 0,
  };
}

/** The files that the arguments ask for: reports, and the baseline where the run writes one. */
export async function outputsOf(
  { report, baseline, policies }: Analysed,
  context: ReportContext,
  args: LintArguments,
): Promise<OutputFile[]> {
  const files: OutputFile[] = [];
  for (const output of args.outputs) {
    const reporter = await reporters[output.format]();
    files.push({ ...reportFile(output), text: reporter(report, context) });
  }
  for (const file of baselineFiles(args)) {
    const kept = baseline?.mode === 'prune' ? baseline.baseline.pruned(policies) : baseline?.baseline;
    if (kept !== undefined) files.push({ ...file, text: kept.text() });
  }
  return files;
}

/** The summary still counts everything: quiet is about reading, not about judging. */
function errorsOnly(report: Report, notices: readonly string[]): Report {
  return { ...report, findings: report.findings.filter(({ level }) => level === 'error'), notices };
}
