import type { LevelSetting } from '../checks/check.ts';
import type { UsageError } from '../errors.ts';
import type { Place } from '../model/place.ts';
import { findConfig } from './find.ts';
import type { ConfigError, Position } from './source.ts';

/** Address ranges, or ranges by kind of pool. */
export type ConfigSources = readonly string[] | Readonly<Partial<Record<string, readonly string[]>>>;

/** A profile's name, or facts; src/profile knows them. */
export type ConfigProfile = string | Readonly<Record<string, unknown>>;

export interface ConfigCluster {
  readonly name: string;
  readonly profile?: ConfigProfile;
  readonly sources?: ConfigSources;
  /** Relative to the working directory, as all paths. */
  readonly files?: readonly string[];
  readonly policies?: readonly string[];
  readonly endpoints?: readonly string[];
}

export interface AllowedEndpoint {
  readonly destinations: readonly string[];
  readonly ports?: readonly number[];
  readonly protocols?: readonly ('TCP' | 'UDP' | 'ICMP' | 'HTTP' | 'HTTPS' | 'MSSQL')[];
  readonly reason: string;
  readonly owner?: string;
}

/** A level, or a level with the check's own options. */
export type CheckSetting = LevelSetting | readonly [LevelSetting, Readonly<Record<string, unknown>>];

export type CheckSettingsById = Readonly<Record<string, CheckSetting>>;

export interface Override {
  /** `glob` or `glob#pointer`. */
  readonly files: readonly string[];
  readonly checks: CheckSettingsById;
}

/** At least one of `requirement`, `entry`, `collection` and `at`; all that are given have to fit. */
export interface ConfigSuppression {
  readonly check: string;
  readonly requirement?: string;
  readonly entry?: string;
  readonly collection?: string;
  /** `glob` or `glob#pointer`. */
  readonly at?: string;
  readonly policy?: string;
  readonly cluster?: string;
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`; as written, since what is no day has lapsed. */
  readonly until?: string;
}

/** What is read from Azure: ids or names. Not where Azure is: a configuration may come from a stranger, and tokens go there. */
export interface ConfigAzure {
  readonly firewallPolicy?: string;
  readonly firewall?: string;
  readonly cluster?: string | readonly string[];
  readonly subscription?: string;
}

export type FailOn = 'error' | 'warning' | 'note' | 'unknown' | 'never';

/** Contract of schemas/config.schema.json. */
export interface ConfigData {
  readonly extends?: string | readonly string[];
  readonly profile?: ConfigProfile;
  readonly sources?: ConfigSources;
  readonly clusters?: readonly ConfigCluster[];
  readonly clusterFiles?: readonly string[];
  readonly allow?: readonly AllowedEndpoint[];
  readonly acceptAddressCoverage?: readonly string[];
  readonly privateNames?: readonly string[];
  readonly checks?: CheckSettingsById;
  readonly checkDirectories?: readonly string[];
  readonly overrides?: readonly Override[];
  readonly suppressions?: readonly ConfigSuppression[];
  readonly failOn?: FailOn;
  readonly asOf?: string;
  readonly parameters?: readonly string[];
  readonly basePolicies?: readonly string[];
  readonly varFiles?: readonly string[];
  readonly sourceRoot?: string;
  readonly endpoints?: readonly string[];
  readonly serviceTags?: string;
  readonly azure?: ConfigAzure;
}

/** One file of a configuration and what it says itself. */
export interface ConfigFile {
  /** As messages name it. */
  readonly path: string;
  /** Paths in it are relative to the working directory. */
  readonly data: ConfigData;
  /** For findings that lead to it. */
  readonly placeOf: (pointer: string) => Place;
  /** One-based; `key` asks for the member's name instead of its value. */
  readonly positionOf: (pointer: string, key?: boolean) => Position | undefined;
  /** For reports that quote it. */
  readonly text: string;
  /** For what only later stages can judge. */
  readonly errorAt: (pointer: string, message: string, key?: boolean) => ConfigError;
}

/** A preset, named by `extends` of a file, or a file. */
export type ConfigLayer =
  | { readonly kind: 'preset'; readonly id: string; readonly place: ConfigPlaceOf }
  | { readonly kind: 'file'; readonly file: ConfigFile };

export interface ConfigPlaceOf {
  readonly file: ConfigFile;
  readonly pointer: string;
}

/** A value with the place that says it. */
export interface Setting<T> extends ConfigPlaceOf {
  readonly value: T;
}

export interface Config {
  /** Of the file that was found or named, as messages name it; undefined where there is none. */
  readonly path: string | undefined;
  /** Absolute: globs are relative to it, those of extended files too. */
  readonly folder: string;
  /** The most general first: what a file extends stands before it. */
  readonly layers: readonly ConfigLayer[];
}

/**
 * The configuration for a working directory, its form checked; names of checks and presets are left to verifyNames().
 * @param choice a path, `false` for none, undefined to look for one
 */
export async function loadConfig(choice: string | false | undefined, cwd: string): Promise<Config> {
  const path = choice ?? findConfig(cwd);
  if (path === undefined || path === false) return { path: undefined, folder: cwd, layers: [] };
  // The rest is for those who have one.
  const { readConfig } = await import('./load.ts');
  return readConfig(path, cwd);
}

/** Files of a configuration, the most general first. */
export function filesOf({ layers }: Config): readonly ConfigFile[] {
  return layers.flatMap((layer) => (layer.kind === 'file' ? [layer.file] : []));
}

/** What the files say of a key, the most general first. */
export function settingsOf<K extends keyof ConfigData>(
  config: Config,
  key: K,
): readonly Setting<NonNullable<ConfigData[K]>>[] {
  return filesOf(config).flatMap((file) => {
    const value = file.data[key];
    return value === undefined ? [] : [{ value, file, pointer: `/${key}` }];
  });
}

/** The value that counts of a key that one file replaces as a whole. */
export function settingOf<K extends keyof ConfigData>(
  config: Config,
  key: K,
): Setting<NonNullable<ConfigData[K]>> | undefined {
  return settingsOf(config, key).at(-1);
}

type ListKey = {
  [K in keyof ConfigData]-?: NonNullable<ConfigData[K]> extends readonly unknown[] ? K : never;
}[keyof ConfigData];

type ItemOf<K extends ListKey> = NonNullable<ConfigData[K]>[number];

/** The members of a list to which every file adds. */
export function itemsOf<K extends ListKey>(config: Config, key: K): readonly Setting<ItemOf<K>>[] {
  return settingsOf(config, key).flatMap(({ value, file, pointer }) =>
    Array.from<ItemOf<K>, Setting<ItemOf<K>>>(value, (item, at) => ({
      value: item,
      file,
      pointer: `${pointer}/${at}`,
    })),
  );
}

/** The members of such a list, for those who need no place of them. */
export function valuesOf<K extends ListKey>(config: Config, key: K): ItemOf<K>[] {
  return itemsOf(config, key).map(({ value }) => value);
}

/** A UsageError about a setting, with its place. */
export function errorAt({ file, pointer }: ConfigPlaceOf, message: string): UsageError {
  return file.errorAt(pointer, message);
}
