import { posix } from 'node:path';
import { InputError } from '../../errors.ts';
import type { InputFormat } from '../../model/format.ts';
import type { Extraction, Resource, ResourceGap } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import { KnownModules } from './modules/known.ts';
import { translate } from './resources/translate.ts';
import type { TerraformFiles } from './source/files.ts';
import { isConfiguration, Loader, type SourceText } from './source/loader.ts';
import type { Module } from './source/module.ts';
import { evaluateRoot, type RootReading } from './source/root.ts';
import { readState } from './state/read.ts';
import { relocate } from './state/relocate.ts';
import type { Grammar } from './syntax/grammar.ts';

export type { TerraformFiles } from './source/files.ts';
export type { SourceText } from './source/loader.ts';
export type { Grammar } from './syntax/grammar.ts';

export interface SourceFile {
  readonly path: string;
  readonly named: boolean;
}

/** What a run knows of Terraform beside the files to read. */
export interface TerraformRequest {
  /** Of --var-file, in order. */
  readonly valueFiles: readonly string[];
  /** Folders that the user named. */
  readonly folders: readonly string[];
  /** Of --source-root: the folder of the root module that plans and states come from. */
  readonly sourceRoot?: string | undefined;
}

/** One root module with everything that it calls. */
export interface SourceReading {
  readonly folder: string;
  readonly resources: readonly Resource[];
  readonly gaps: readonly ResourceGap[];
  readonly notes: readonly { readonly message: string; readonly place: Resource['place'] }[];
  readonly files: readonly (SourceText & { readonly format: InputFormat })[];
  /** What is marked as sensitive. */
  readonly sensitive: readonly Value[];
  /** Was one of its files named? */
  readonly named: string | undefined;
}

export interface SourceReadings {
  readonly roots: readonly SourceReading[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

export interface StatePlanReading {
  readonly extraction: Extraction;
  /** Texts of the configuration that places lead to. */
  readonly texts: readonly SourceText[];
  /** What to say where no firewall is in it. */
  readonly empty: string;
}

/**
 * Evaluates Terraform configurations without Terraform, providers or credentials. Every folder with a configuration that
 * no other one calls is a root module; a file that is named stands for its folder.
 */
export class Terraform {
  /** Undefined where only states and plans are read, without their configuration. */
  readonly #grammar: Grammar | undefined;
  readonly #files: TerraformFiles;
  readonly #request: TerraformRequest;

  constructor(grammar: Grammar | undefined, files: TerraformFiles, request: TerraformRequest) {
    this.#grammar = grammar;
    this.#files = files;
    this.#request = request;
  }

  /** Reads configurations and files of values of variables. */
  readSources(files: readonly SourceFile[]): SourceReadings {
    return new SourceReader(this.#loader(), this.#request).read(files);
  }

  /** Reads a state or plan. Throws an InputError for a format that is not known. */
  readState(path: string, root: ObjectValue): StatePlanReading {
    const reading = readState(path, root);
    const { sourceRoot } = this.#request;
    let { resources } = reading;
    let texts: StatePlanReading['texts'] = [];
    let { sensitive } = reading;
    if (sourceRoot !== undefined) {
      const loader = this.#loader();
      const module = loader.module(sourceRoot);
      if (module === undefined)
        throw new InputError(sourceRoot, '--source-root: no Terraform configuration is there');
      const source = new SourceReader(loader, this.#request).evaluate(module, '', this.#request.valueFiles);
      resources = relocate(resources, source.resources);
      sensitive = [...sensitive, ...source.sensitive];
      texts = [...source.files].sort().flatMap((file) => loader.texts.get(file) ?? []);
    }
    const { resources: translated, notes } = translate(resources);
    const addresses = new Map(reading.resources.map(({ place, address }) => [place.pointer, address]));
    const { format, empty } = reading;
    const extraction = {
      format,
      resources: translated,
      gaps: reading.gaps,
      notes: [...reading.notes, ...notes],
      addresses,
      sensitive,
    };
    return { extraction, texts, empty };
  }

  #loader(): Loader {
    if (this.#grammar === undefined) throw new Error('Terraform configurations without their grammar');
    return new Loader(this.#grammar, this.#files);
  }
}

class SourceReader {
  readonly #loader: Loader;
  readonly #request: TerraformRequest;
  readonly #known: KnownModules;
  readonly #skipped: { path: string; reason: string }[] = [];

  constructor(loader: Loader, request: TerraformRequest) {
    this.#loader = loader;
    this.#request = request;
    this.#known = new KnownModules(loader.grammar);
  }

  read(files: readonly SourceFile[]): SourceReadings {
    const folders = new Map<string, SourceFile[]>();
    for (const file of files.filter(({ path }) => isConfiguration(path))) {
      const folder = posix.dirname(file.path);
      folders.set(folder, [...(folders.get(folder) ?? []), file]);
    }
    const values = files.filter(({ path }) => !isConfiguration(path));
    const hasCluster = [...folders.keys()].some((folder) => this.#loader.mentionsCluster(folder));
    const relevant = [...folders].filter(
      ([folder, own]) => own.some(({ named }) => named) || this.#loader.isRelevant(folder, hasCluster),
    );
    const roots = this.#roots(relevant);
    const shared = commonFolder(roots.map(({ folder }) => folder));
    const readings = roots.flatMap(({ folder, module, own }) => {
      const label = roots.length > 1 ? posix.relative(shared, folder) || '.' : '';
      const named = own.find((file) => file.named)?.path;
      const beside = values.filter(({ path, named: isNamed }) => isNamed && posix.dirname(path) === folder);
      return (
        this.#guarded(own, () =>
          this.#root(
            folder,
            module,
            label,
            beside.map(({ path }) => path),
            named,
          ),
        ) ?? []
      );
    });
    const alone = values.filter(({ path }) => !folders.has(posix.dirname(path)));
    readings.push(...this.#valuesOnly(alone));
    this.#unusedValues(
      values.filter((file) => !alone.includes(file)),
      readings,
    );
    return { roots: readings, skipped: this.#skipped };
  }

  /** Folders that no other one of the input calls; a named one is a root whoever calls it. */
  #roots(folders: readonly (readonly [string, readonly SourceFile[]])[]): {
    folder: string;
    module: Module;
    own: readonly SourceFile[];
  }[] {
    const modules = folders.flatMap(([folder, own]) => {
      const module = this.#guarded(own, () => this.#loader.module(folder));
      return module === undefined ? [] : [{ folder, module, own }];
    });
    const called = new Set(modules.flatMap(({ folder, module }) => localCalls(folder, module)));
    const roots = modules.filter(({ folder, own }) => !called.has(folder) || own.some(({ named }) => named));
    // Folders that call each other in a circle have no root; evaluating one of them tells so.
    return roots.length > 0 ? roots : modules.slice(0, 1);
  }

  #root(
    folder: string,
    module: Module,
    label: string,
    beside: readonly string[],
    named: string | undefined,
  ): SourceReading {
    const reading = this.evaluate(module, label, [...beside, ...this.#request.valueFiles]);
    const { resources, notes } = translate(reading.resources);
    return {
      folder,
      resources,
      gaps: reading.gaps,
      notes: [...reading.notes, ...notes],
      sensitive: reading.sensitive,
      files: [...reading.files].sort().flatMap((path) => {
        const known = this.#loader.texts.get(path);
        return known === undefined ? [] : [{ ...known, format: formatOf(path) }];
      }),
      named,
    };
  }

  evaluate(module: Module, label: string, valueFiles: readonly string[]): RootReading {
    return evaluateRoot({
      loader: this.#loader,
      known: this.#known,
      module,
      label,
      valueFiles,
      folders: this.#request.folders,
      boundary: this.#loader.files.repository(module.folder),
    });
  }

  /** Values for a configuration that is elsewhere: understood where their names are those of a known module. */
  #valuesOnly(files: readonly SourceFile[]): SourceReading[] {
    if (files.length === 0) return [];
    const first = files[0]?.path ?? '';
    const names = files.flatMap(({ path, named }) => [
      ...(
        this.#guarded([{ path, named }], () => this.#loader.values(path)) ?? new Map<string, unknown>()
      ).keys(),
    ]);
    const module = this.#known.withVariables(names, { path: first, pointer: '' });
    if (module === undefined) {
      for (const file of files) {
        this.#refuse(
          file,
          'holds values of variables: give the configuration that declares them too, and this file with --var-file',
        );
      }
      return [];
    }
    const folder = posix.dirname(first);
    const reading = this.#root(
      folder,
      { ...module, folder },
      '',
      files.map(({ path }) => path),
      files.find(({ named }) => named)?.path,
    );
    return [reading];
  }

  #unusedValues(files: readonly SourceFile[], readings: readonly SourceReading[]): void {
    const used = new Set(readings.flatMap((reading) => reading.files.map(({ path }) => path)));
    for (const { path } of files) {
      if (used.has(path)) continue;
      const reason = 'a file of variables that Terraform does not load by itself; give it with --var-file';
      this.#skipped.push({ path, reason });
    }
  }

  #refuse({ path, named }: SourceFile, reason: string): void {
    if (named) throw new InputError(path, reason);
    this.#skipped.push({ path, reason });
  }

  /** A broken configuration that nobody named and that speaks of no firewall is skipped. */
  #guarded<T>(own: readonly SourceFile[], read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError) || own.some(({ named }) => named)) throw error;
      const speaks = own.some(({ path }) => {
        const bytes = this.#loader.files.read(path);
        return (
          bytes !== undefined &&
          /azurerm_firewall|firewallPolicies|rule_collection/i.test(Buffer.from(bytes).toString('latin1'))
        );
      });
      if (speaks) throw error;
      this.#skipped.push({ path: error.path, reason: error.message });
      return undefined;
    }
  }
}

/** The folder that holds all of them; their paths from there tell them apart. */
function commonFolder(folders: readonly string[]): string {
  const [first = '.', ...others] = folders;
  const segments = first.split('/');
  let length = segments.length;
  for (const other of others) {
    const compared = other.split('/');
    const differs = segments.findIndex((segment, at) => segment !== compared[at]);
    length = Math.min(length, differs < 0 ? segments.length : differs);
  }
  return segments.slice(0, length).join('/') || (posix.isAbsolute(first) ? '/' : '.');
}

function localCalls(folder: string, module: Module): string[] {
  return [...module.calls.values()].flatMap((block) => {
    const source = block.body.attributes.get('source')?.expression;
    return source?.kind === 'literal' &&
      typeof source.value === 'string' &&
      /^\.\.?(?:\/|$)/.test(source.value)
      ? [posix.join(folder, source.value)]
      : [];
  });
}

function formatOf(path: string): InputFormat {
  if (isConfiguration(path)) return 'terraform';
  return /\.tfvars(?:\.json)?$/.test(path) ? 'terraform-values' : 'terraform-data';
}
