import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import validate from '../../schemas/config.schema.json?validator';
import { decodeText } from '../parsers/json/decode.ts';
import type { Config, ConfigCluster, ConfigData, ConfigFile, ConfigLayer, ConfigPlaceOf } from './config.ts';
import { isDate } from './date.ts';
import { problemWithPattern } from './place-pattern.ts';
import { readFailure } from './read-failure.ts';
import { schemaErrorIn } from './schema-error.ts';
import { ConfigError, readConfigText } from './source.ts';

/**
 * Reads a configuration file and everything that it extends. Nothing is executed and nothing is fetched.
 * @param choice absolute, or as the user named it
 */
export async function readConfig(choice: string, cwd: string): Promise<Config> {
  const absolute = resolve(cwd, choice);
  const path = absolute === choice ? displayed(absolute, cwd) : choice;
  const layers = await new ConfigReader(cwd).read({ path, absolute, from: undefined, ancestors: [] });
  return { path, folder: dirname(absolute), layers };
}

interface Reference {
  /** As messages name it. */
  readonly path: string;
  readonly absolute: string;
  /** The `extends` that names it. */
  readonly from: ConfigPlaceOf | undefined;
  /** Files that lead to it. */
  readonly ancestors: readonly { readonly path: string; readonly real: string }[];
}

class ConfigReader {
  readonly #cwd: string;
  /** Several files may extend the same one; it counts once, where it comes first. */
  readonly #seen = new Set<string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  async read(reference: Reference): Promise<ConfigLayer[]> {
    const { path, absolute, from, ancestors } = reference;
    const real = realPathOf(reference);
    const cycle = ancestors.findIndex((ancestor) => ancestor.real === real);
    if (from !== undefined && cycle >= 0) {
      const chain = [...ancestors.slice(cycle).map((ancestor) => ancestor.path), path].join(' → ');
      throw from.file.errorAt(from.pointer, `extends leads in a circle: ${chain}.`);
    }
    if (this.#seen.has(real)) return [];
    this.#seen.add(real);
    const file = await this.#file(reference);
    const layers: ConfigLayer[] = [];
    const names = [file.data.extends ?? []].flat();
    for (const [at, name] of names.entries()) {
      const place = { file, pointer: Array.isArray(file.data.extends) ? `/extends/${at}` : '/extends' };
      if (isPreset(name)) {
        layers.push({ kind: 'preset', id: name, place });
        continue;
      }
      if (/^[a-z]+:\/\//i.test(name)) {
        throw file.errorAt(
          place.pointer,
          `'${name}' is a URL. Expected the name of a preset or a file: nothing is fetched.`,
        );
      }
      const target = resolve(dirname(absolute), name);
      layers.push(
        ...(await this.read({
          path: displayed(target, this.#cwd),
          absolute: target,
          from: place,
          ancestors: [...ancestors, { path, real }],
        })),
      );
    }
    return [...layers, { kind: 'file', file }];
  }

  async #file({ path, absolute, from }: Reference): Promise<ConfigFile> {
    const text = textOf(absolute, path, from);
    const source = await readConfigText(path, text);
    if (!isConfigData(source.data)) throw schemaErrorIn(path, source, validate.errors ?? []);
    const errorAt: ConfigFile['errorAt'] = (pointer, message, key = false) =>
      new ConfigError(path, message, source.positionOf(pointer, key));
    checkForm(source.data, errorAt);
    const fromHere = (file: string): string => displayed(join(dirname(absolute), file), this.#cwd);
    const {
      clusters,
      clusterFiles,
      endpoints,
      serviceTags,
      parameters,
      basePolicies,
      varFiles,
      sourceRoot,
      checkDirectories,
    } = source.data;
    const fromHereIn = ({ files, endpoints: lists, ...cluster }: ConfigCluster): ConfigCluster => ({
      ...cluster,
      ...(files === undefined ? {} : { files: files.map(fromHere) }),
      ...(lists === undefined ? {} : { endpoints: lists.map(fromHere) }),
    });
    const data: ConfigData = {
      ...source.data,
      ...(clusters === undefined ? {} : { clusters: clusters.map(fromHereIn) }),
      ...(clusterFiles === undefined ? {} : { clusterFiles: clusterFiles.map(fromHere) }),
      ...(parameters === undefined ? {} : { parameters: parameters.map(fromHere) }),
      ...(basePolicies === undefined ? {} : { basePolicies: basePolicies.map(fromHere) }),
      ...(varFiles === undefined ? {} : { varFiles: varFiles.map(fromHere) }),
      ...(sourceRoot === undefined
        ? {}
        : { sourceRoot: relative(this.#cwd, join(dirname(absolute), sourceRoot)) || '.' }),
      ...(endpoints === undefined ? {} : { endpoints: endpoints.map(fromHere) }),
      ...(serviceTags === undefined ? {} : { serviceTags: fromHere(serviceTags) }),
      ...(checkDirectories === undefined ? {} : { checkDirectories: checkDirectories.map(fromHere) }),
    };
    const placeOf: ConfigFile['placeOf'] = (pointer) => {
      const span = source.spanOf(pointer);
      return { path, pointer, ...(span === undefined ? {} : { span }) };
    };
    return { path, data, text, placeOf, positionOf: source.positionOf, errorAt };
  }
}

/** Presets are plain words; a file has an ending or a folder. */
function isPreset(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

function displayed(absolute: string, cwd: string): string {
  return relative(cwd, absolute) || absolute;
}

function realPathOf({ absolute }: Reference): string {
  try {
    return realpathSync(absolute);
  } catch {
    // Reading it says why it is not there.
    return absolute;
  }
}

function textOf(absolute: string, path: string, from: ConfigPlaceOf | undefined): string {
  try {
    return decodeText(readFileSync(absolute), path);
  } catch (error) {
    const problem = readFailure(error);
    if (from === undefined) throw new ConfigError(path, `the configuration cannot be read: ${problem}`);
    throw from.file.errorAt(from.pointer, `extends '${path}', which cannot be read: ${problem}.`);
  }
}

function isConfigData(data: unknown): data is ConfigData {
  return validate(data);
}

function* patternsIn(data: ConfigData): Generator<{ pointer: string; text: string }> {
  for (const [at, { files }] of (data.overrides ?? []).entries()) {
    for (const [index, text] of files.entries()) yield { pointer: `/overrides/${at}/files/${index}`, text };
  }
  for (const [at, suppression] of (data.suppressions ?? []).entries()) {
    if (suppression.at !== undefined) yield { pointer: `/suppressions/${at}/at`, text: suppression.at };
  }
}

/** What the schema cannot say. */
function checkForm(data: ConfigData, errorAt: ConfigFile['errorAt']): void {
  if (data.asOf !== undefined && !isDate(data.asOf)) {
    throw errorAt('/asOf', `'${data.asOf}' is no date. Expected YYYY-MM-DD, such as 2026-03-31.`);
  }
  for (const { pointer, text } of patternsIn(data)) {
    const problem = problemWithPattern(text);
    if (problem !== undefined) throw errorAt(pointer, problem);
  }
  const names = (data.clusters ?? []).map((cluster) => cluster.name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice !== -1) {
    throw errorAt(`/clusters/${twice}/name`, `two clusters are named '${names[twice] ?? ''}'.`);
  }
}
