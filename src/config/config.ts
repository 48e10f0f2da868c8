import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import validate from '../../schemas/config.schema.json?validator';
import { withCompanyChecks } from '../checks/catalogue.ts';
import type { Check, LevelSetting } from '../checks/check.ts';
import { resolveOptions } from '../checks/options.ts';
import type { OptionValues } from '../conditions/check-condition.ts';
import { UsageError } from '../errors.ts';
import { decodeText } from '../parsers/json/decode.ts';
import { loadCompanyChecks } from './company-checks.ts';
import { isDate } from './date.ts';
import { findConfig } from './find.ts';
import { readFailure } from './read-failure.ts';
import { problemOf, type SchemaError } from './schema-error.ts';
import { ConfigError, readConfigText, type ConfigSource } from './source.ts';
import { didYouMean } from '../profile/did-you-mean.ts';

/** Address ranges, or ranges by kind of pool. */
export type ConfigSources = readonly string[] | Readonly<Partial<Record<string, readonly string[]>>>;

/** A profile's name, or facts; src/profile knows them. */
export type ConfigProfile = string | Readonly<Record<string, unknown>>;

export interface ConfigCluster {
  readonly name: string;
  readonly profile?: ConfigProfile;
  readonly sources?: ConfigSources;
  readonly policies?: readonly string[];
}

export interface AllowedEndpoint {
  readonly destinations: readonly string[];
  readonly ports?: readonly number[];
  readonly protocols?: readonly ('TCP' | 'UDP' | 'ICMP' | 'HTTP' | 'HTTPS' | 'MSSQL')[];
  readonly reason: string;
}

/** A level, or a level with options. */
export type CheckSetting = LevelSetting | readonly [LevelSetting, Readonly<Record<string, unknown>>];

/** Contract of schemas/config.schema.json. */
export interface ConfigData {
  readonly profile?: ConfigProfile;
  readonly sources?: ConfigSources;
  readonly clusters?: readonly ConfigCluster[];
  readonly allow?: readonly AllowedEndpoint[];
  readonly acceptAddressCoverage?: readonly string[];
  readonly privateNames?: readonly string[];
  readonly preset?: string;
  readonly checks?: Readonly<Record<string, CheckSetting>>;
  readonly checkDirectories?: readonly string[];
  readonly failOn?: 'error' | 'warning' | 'note' | 'unknown' | 'never';
  readonly asOf?: string;
  readonly parameters?: readonly string[];
  readonly basePolicies?: readonly string[];
}

export interface Config {
  /** As messages name it; undefined where there is no configuration. */
  readonly path: string | undefined;
  /** `parameters` and `basePolicies` relative to the working directory. */
  readonly data: ConfigData;
  /** The organisation's checks, in order of id. */
  readonly companyChecks: readonly Check[];
  /** Options that `data.checks` gives, completed by the defaults. */
  readonly checkOptions: ReadonlyMap<string, OptionValues>;
  /** A ConfigError about a place in the file, for what only later stages can judge. */
  readonly errorAt: (pointer: string, message: string) => UsageError;
}

export interface KnownNames {
  readonly checks: readonly string[];
  readonly presets: readonly string[];
}

const NONE: Config = {
  path: undefined,
  data: {},
  companyChecks: [],
  checkOptions: new Map(),
  errorAt: (_pointer, message) => new UsageError(message),
};

/**
 * The configuration for a working directory.
 * @param choice a path, `false` for none, undefined to look for one
 */
export async function loadConfig(
  choice: string | false | undefined,
  cwd: string,
  known: KnownNames,
): Promise<Config> {
  if (choice === false) return NONE;
  const absolute = choice === undefined ? findConfig(cwd) : resolve(cwd, choice);
  if (absolute === undefined) return NONE;
  const path = choice ?? (relative(cwd, absolute) || absolute);
  const source = await readConfigText(path, textOf(absolute, path));
  if (!isConfigData(source.data)) throw invalid(path, source);
  const data = source.data;
  const errorAt = (pointer: string, message: string, key = false): ConfigError =>
    new ConfigError(path, message, source.positionOf(pointer, key));
  const companyChecks = await loadCompanyChecks(
    (data.checkDirectories ?? []).map((folder) => {
      const target = join(dirname(absolute), folder);
      return { path: target, shown: relative(cwd, target) || target };
    }),
  );
  checkNames(data, { ...known, checks: [...known.checks, ...companyChecks.map(({ id }) => id)] }, errorAt);
  const fromHere = (file: string): string => {
    const target = join(dirname(absolute), file);
    return relative(cwd, target) || target;
  };
  return {
    path,
    data: {
      ...data,
      ...(data.parameters === undefined ? {} : { parameters: data.parameters.map(fromHere) }),
      ...(data.basePolicies === undefined ? {} : { basePolicies: data.basePolicies.map(fromHere) }),
    },
    companyChecks,
    checkOptions: checkOptions(data, withCompanyChecks(companyChecks), errorAt),
    errorAt,
  };
}

type ErrorAt = (pointer: string, message: string, key?: boolean) => ConfigError;

/** @throws {ConfigError} for the first option that its check does not have or that has another form */
function checkOptions(
  data: ConfigData,
  checks: readonly Check[],
  errorAt: ErrorAt,
): ReadonlyMap<string, OptionValues> {
  const resolved = new Map<string, OptionValues>();
  for (const [id, setting] of Object.entries(data.checks ?? {})) {
    const check = checks.find((candidate) => candidate.id === id);
    if (check === undefined || typeof setting === 'string') continue;
    const { options, problems } = resolveOptions(check, setting[1]);
    const [problem] = problems;
    if (problem !== undefined)
      throw errorAt(`/checks/${id}/1${problem.pointer}`, `check '${id}': ${problem.message}`, problem.key);
    resolved.set(id, options);
  }
  return resolved;
}

function textOf(absolute: string, path: string): string {
  try {
    return decodeText(readFileSync(absolute), path);
  } catch (error) {
    throw new ConfigError(path, `the configuration cannot be read: ${readFailure(error)}`);
  }
}

function isConfigData(data: unknown): data is ConfigData {
  return validate(data);
}

/** All problems in one error, a line each, in the order of the file. */
function invalid(path: string, source: ConfigSource): ConfigError {
  const problems = (validate.errors ?? []).map((error: SchemaError) => {
    const { pointer, key, message } = problemOf(error);
    return { message, position: source.positionOf(pointer, key) };
  });
  problems.sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
  const [first, ...others] = problems;
  const rest = others.map(
    ({ position, message }) =>
      `\n${path}${position === undefined ? '' : `:${position.line}:${position.column}`}: ${message}`,
  );
  return new ConfigError(
    path,
    `${first?.message ?? 'is no valid configuration'}${rest.join('')}`,
    first?.position,
  );
}

function checkNames(data: ConfigData, known: KnownNames, errorAt: ErrorAt): void {
  for (const id of Object.keys(data.checks ?? {})) {
    if (known.checks.includes(id)) continue;
    throw errorAt(
      `/checks/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      `there is no check '${id}'.${didYouMean(id, known.checks)} 'aks-egress-lint checks' lists them.`,
      true,
    );
  }
  if (data.preset !== undefined && !known.presets.includes(data.preset)) {
    throw errorAt(
      '/preset',
      `there is no preset '${data.preset}'. Expected ${known.presets.join(', ')}.${didYouMean(data.preset, known.presets)}`,
    );
  }
  if (data.asOf !== undefined && !isDate(data.asOf)) {
    throw errorAt('/asOf', `'${data.asOf}' is no date. Expected YYYY-MM-DD, such as 2026-03-31.`);
  }
  const names = (data.clusters ?? []).map((cluster) => cluster.name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice !== -1) {
    throw errorAt(`/clusters/${twice}/name`, `two clusters are named '${names[twice] ?? ''}'.`);
  }
}
