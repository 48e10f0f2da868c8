import { isAbsolute, join, relative, resolve } from 'node:path';
import type { LintArguments, OutputTarget } from '../commands/arguments.ts';
import { BICEP_READERS } from '../commands/options.ts';
import { FAIL_ON } from '../commands/threshold.ts';
import { isDate } from '../config/date.ts';
import { UsageError } from '../errors.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import { FORMATS, type Format } from '../reporters/index.ts';
import type { World } from './world.ts';

/**
 * What action.yml says, read from the environment. An input is called like the flag that does the same, so that messages
 * about flags hold for inputs. Empty is the same as not given: the runner cannot tell them apart.
 */
export interface Inputs {
  /** Absolute; what the other paths are relative to. */
  readonly folder: string;
  readonly lint: LintArguments;
  readonly sarifFile: string;
  readonly jsonFile: string;
  /** true: findings that the change brings, or all where nothing is compared. */
  readonly annotations: 'true' | 'all' | 'false';
  readonly summary: boolean;
  readonly changedFilesOnly: boolean;
  /** A commit to compare with; undefined for the one that the event names. */
  readonly base: string | undefined;
}

/** Throws a UsageError that names the input. */
export function readInputs(world: World): Inputs {
  const { env, temp } = world;
  const text = (name: string): string | undefined => {
    const value = env[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
    return value === '' ? undefined : value;
  };
  const lines = (name: string): string[] => listOf(text(name), /\r?\n/);
  const words = (name: string): string[] => listOf(text(name), /[,\r\n]/);
  const choice = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = text(name);
    return value === undefined ? undefined : oneOf(name, value, choices);
  };
  const flag = (name: string, preset: boolean): boolean => {
    const value = text(name)?.toLowerCase();
    return value === undefined ? preset : oneOf(name, value, ['true', 'false']) === 'true';
  };

  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? world.cwd);
  const folder = resolve(workspace, text('working-directory') ?? '.');
  const sarifFile = resolve(folder, text('sarif-file') ?? join(temp, 'aks-egress-lint.sarif'));
  const jsonFile = resolve(folder, text('json-file') ?? join(temp, 'aks-egress-lint.json'));
  const baseline = text('baseline');
  const files = lines('paths');
  if (files.includes('-')) throw wrong('paths', 'an action has no standard input. Name files and folders.');
  const asOf = text('as-of');
  if (asOf !== undefined && !isDate(asOf))
    throw wrong('as-of', `'${asOf}' is no date. Expected YYYY-MM-DD, such as 2026-03-31.`);
  return {
    folder,
    lint: {
      command: 'lint',
      files: files.length === 0 ? ['.'] : files,
      format: choice('format', FORMATS) ?? 'pretty',
      outputs: [
        { format: 'sarif', path: sarifFile },
        { format: 'json', path: jsonFile },
        ...lines('output').map(outputOf),
      ],
      parameters: lines('parameters'),
      basePolicies: lines('base-policy'),
      clusters: lines('cluster'),
      valueFiles: lines('var-file'),
      endpoints: lines('endpoints'),
      serviceTags: text('service-tags'),
      bicep: choice('bicep', BICEP_READERS) ?? 'source',
      bicepCache: text('bicep-cache'),
      sourceRoot: text('source-root'),
      appliance: {
        fromZones: words('from-zone'),
        toZones: words('to-zone'),
        seesDns: flag('sees-dns', false),
      },
      policies: lines('policy'),
      failOn: choice('fail-on', FAIL_ON),
      strict: flag('strict', false),
      quiet: false,
      all: false,
      includeSuppressed: false,
      baseline: baseline === undefined ? undefined : { mode: 'read', path: baseline },
      printConfig: false,
      color: undefined,
      profile: text('profile'),
      cloud: text('cloud'),
      region: text('region'),
      features: words('feature'),
      sources: words('source'),
      asOf,
      config: text('config'),
    },
    sarifFile,
    jsonFile,
    annotations: choice('annotations', ['true', 'all', 'false']) ?? 'true',
    summary: flag('summary', true),
    changedFilesOnly: flag('changed-files-only', false),
    base: text('base'),
  };
}

/** The same question about another copy of the repository, without reports. */
export function inCopy(inputs: LintArguments, from: string, to: string): LintArguments {
  const moved = (path: string): string => {
    const inside = relative(from, path);
    return isAbsolute(path) && !inside.startsWith('..') && !isAbsolute(inside) ? join(to, inside) : path;
  };
  const { config, baseline, sourceRoot, serviceTags } = inputs;
  return {
    ...inputs,
    files: inputs.files.map(moved),
    parameters: inputs.parameters.map(moved),
    basePolicies: inputs.basePolicies.map(moved),
    valueFiles: inputs.valueFiles.map(moved),
    endpoints: inputs.endpoints.map(moved),
    serviceTags: serviceTags === undefined ? undefined : moved(serviceTags),
    sourceRoot: sourceRoot === undefined ? undefined : moved(sourceRoot),
    config: typeof config === 'string' ? moved(config) : config,
    baseline: baseline && { ...baseline, path: moved(baseline.path) },
    outputs: [],
  };
}

function listOf(text: string | undefined, separator: RegExp): string[] {
  return (text ?? '')
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function outputOf(text: string): OutputTarget {
  const at = text.indexOf('=');
  const path = text.slice(at + 1).trim();
  if (at === -1 || path === '')
    throw wrong('output', `'${text}' is no FORMAT=FILE, such as html=egress.html.`);
  const format: Format = oneOf('output', text.slice(0, at).trim(), FORMATS);
  return { format, path };
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found !== undefined) return found;
  throw wrong(name, `unknown value '${text}'. Expected ${choices.join(', ')}.${didYouMean(text, choices)}`);
}

function wrong(name: string, message: string): UsageError {
  return new UsageError(`Input '${name}': ${message}`);
}
