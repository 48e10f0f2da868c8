import { posix } from 'node:path';
import { InputError } from '../../errors.ts';
import type { Place } from '../../model/place.ts';
import type { Cloud } from '../../model/policy.ts';
import { evaluateAlone } from '../arm/template.ts';
import { readJson } from '../json/read.ts';
import { isBicepSource, type SourceFiles } from '../source-files.ts';
import type { ObjectValue, Value } from '../value.ts';
import { lowerParameters } from './lower/parameters.ts';
import { Project } from './lower/project.ts';
import { FileSymbols, isLocal } from './lower/symbols.ts';
import { Loader, type SourceText } from './source/loader.ts';
import { Registry } from './source/registry.ts';

export type { SourceText } from './source/loader.ts';

export interface BicepFileInput {
  readonly path: string;
  readonly named: boolean;
}

/** What a run knows of Bicep beside the files to read. */
export interface BicepRequest {
  /** Folders that the user named. */
  readonly folders: readonly string[];
  /** The folder in which `bicep restore` keeps modules of registries: `~/.bicep`. */
  readonly cache?: string | undefined;
  /** Runs the compiler: the JSON of a template. Throws an InputError. */
  readonly compile?: ((path: string) => string) | undefined;
  /** Of --source-root: where the source of compiled templates is. */
  readonly sourceRoot?: string | undefined;
}

/** One file that is deployed, with everything that it deploys. */
export interface BicepRoot {
  /** The file that the user gave, or that was met: a template, or its file of parameters. */
  readonly path: string;
  /** Was it, or its file of parameters, named? */
  readonly named: boolean;
  /** As the compiler would write it; places lead to the source. */
  readonly template: ObjectValue;
  /** What the compiler made of it, where it was asked. */
  readonly compiled: ObjectValue | undefined;
  /** Of its file of parameters. */
  readonly parameters: readonly Value[];
  /** Everything that was read for it. */
  readonly files: () => readonly SourceText[];
  readonly positionOf: (place: Place) => { line: number; column: number } | undefined;
}

export interface BicepReading {
  readonly roots: readonly BicepRoot[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Words without which Bicep has nothing to do with firewalls. */
const RELEVANT = /firewall|ip_?group|ruleCollection|managedClusters/i;

/** Reads Bicep without its compiler: every file becomes the template that it stands for. */
export class Bicep {
  readonly #loader: Loader;
  readonly #request: BicepRequest;

  constructor(files: SourceFiles, request: BicepRequest) {
    this.#loader = new Loader(files);
    this.#request = request;
  }

  /** Loads what only some files need. */
  async prepare(paths: readonly string[]): Promise<void> {
    const texts = [...this.#closure(paths)].map((path) => this.#loader.source(path)?.text ?? '');
    if (!texts.some((text) => text.includes('loadYamlContent'))) return;
    const { readYaml } = await import('./source/yaml.ts');
    this.#loader.readYaml = readYaml;
  }

  /** Those files and what they lead to, as far as it can be read. */
  #closure(paths: readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>();
    const pending = [...paths];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (seen.has(path) || !isBicepSource(path)) continue;
      seen.add(path);
      const symbols = this.#symbols(path);
      pending.push(
        ...(symbols?.references ?? []),
        ...(symbols?.template === undefined ? [] : [symbols.template]),
      );
    }
    return seen;
  }

  /** Undefined where the file is broken or missing; whoever reads it for good says so. */
  #symbols(path: string): FileSymbols | undefined {
    try {
      return this.#loader.exists(path) ? new FileSymbols(this.#loader.bicep(path)) : undefined;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** The roots among files: those that no other one deploys, or that are named. */
  read(files: readonly BicepFileInput[], cloud: Cloud): BicepReading {
    return new SourceReader(this.#loader, this.#request, cloud).read(files);
  }

  /** The source of a template that was compiled from Bicep, below the folder of --source-root or that file itself. */
  sourceOf(path: string, cloud: Cloud): BicepRoot | undefined {
    const { sourceRoot } = this.#request;
    if (sourceRoot === undefined) return undefined;
    const name = posix.basename(path).replace(/\.jsonc?$/i, '.bicep');
    const candidates = isBicepSource(sourceRoot)
      ? [sourceRoot]
      : [posix.join(sourceRoot, name), posix.join(sourceRoot, 'main.bicep')];
    const source = candidates.find((candidate) => this.#loader.exists(candidate));
    if (source === undefined) {
      throw new InputError(sourceRoot, `--source-root: there is no ${name} to find the places of ${path} in`);
    }
    return this.read([{ path: source, named: true }], cloud).roots[0];
  }

  /** The values of a file of parameters, for any template. Throws an InputError. */
  parameters(path: string, cloud: Cloud): { value: Value; files: readonly SourceText[] } {
    const reader = new SourceReader(this.#loader, this.#request, cloud);
    return reader.parameters(path);
  }
}

function isParameters(path: string): boolean {
  return /\.bicepparam$/i.test(path);
}

class SourceReader {
  readonly #loader: Loader;
  readonly #request: BicepRequest;
  readonly #cloud: Cloud;
  readonly #skipped: { path: string; reason: string }[] = [];
  readonly #registry: Registry;

  constructor(loader: Loader, request: BicepRequest, cloud: Cloud) {
    this.#loader = loader;
    this.#request = request;
    this.#cloud = cloud;
    this.#registry = new Registry(loader, request.cache);
  }

  read(files: readonly BicepFileInput[]): BicepReading {
    const symbols = new Map<string, FileSymbols>();
    for (const file of files) {
      const own = this.#guarded(file, () => new FileSymbols(this.#loader.bicep(file.path)));
      if (own !== undefined) symbols.set(file.path, own);
    }
    const used = new Set([...symbols.values()].flatMap(({ references }) => [...references]));
    const values = this.#parameterFiles(files, symbols, used);
    const roots = files.flatMap((file): BicepRoot[] => {
      const { path, named } = file;
      if (!symbols.has(path) || isParameters(path) || (used.has(path) && !named)) return [];
      if (values.has(path)) return [];
      return this.#guarded(file, () => this.#root(file, path, undefined)) ?? [];
    });
    for (const [template, file] of values) {
      roots.push(...(this.#guarded(file, () => this.#root(file, template, file.path)) ?? []));
    }
    return { roots, skipped: this.#skipped };
  }

  /** The file of parameters that each template gets. */
  #parameterFiles(
    files: readonly BicepFileInput[],
    symbols: ReadonlyMap<string, FileSymbols>,
    used: ReadonlySet<string>,
  ): ReadonlyMap<string, BicepFileInput> {
    const byTemplate = new Map<string, BicepFileInput[]>();
    for (const file of files) {
      const own = symbols.get(file.path);
      if (own === undefined || !isParameters(file.path)) continue;
      const template = this.#templateOf(own);
      if (template === undefined) {
        if (file.named || !used.has(file.path))
          this.#refuse(
            file,
            'a file of parameters without a template (using none): give the template too, and this file with --parameters',
          );
      } else if (own.template !== undefined && !this.#loader.exists(template)) {
        this.#refuse(file, `its 'using' names ${template}, and there is no such file`);
      } else byTemplate.set(template, [...(byTemplate.get(template) ?? []), file]);
    }
    const chosen = new Map<string, BicepFileInput>();
    for (const [template, all] of byTemplate) {
      const named = all.filter((file) => file.named);
      const [first, second] = named.length > 0 ? named : all;
      if (first === undefined) continue;
      if (second === undefined) {
        chosen.set(template, first);
        continue;
      }
      const names = all.map(({ path }) => posix.basename(path)).join(', ');
      for (const file of all) {
        this.#refuse(
          file,
          `one of several files of parameters for ${template} (${names}): lint them one at a time`,
        );
      }
    }
    return chosen;
  }

  #templateOf(symbols: FileSymbols): string | undefined {
    const { using } = symbols;
    return symbols.template ?? (using?.kind === 'string' ? using.value : undefined);
  }

  #refuse({ path, named }: BicepFileInput, reason: string): void {
    if (named) throw new InputError(path, reason);
    this.#skipped.push({ path, reason });
  }

  #root(file: BicepFileInput, template: string, values: string | undefined): BicepRoot[] {
    const isOwn = isLocal(template);
    const project = this.#project(isOwn ? template : file.path);
    if (isOwn && isBicepSource(template)) project.refuseCircles(template);
    if (!file.named && ![...project.files].some((path) => RELEVANT.test(this.#loader.text(path)))) {
      this.#refuse(file, 'not recognised: Bicep without a firewall');
      return [];
    }
    const parameters = values === undefined ? [] : [this.#values(project, values)];
    return [
      {
        path: file.path,
        named: file.named,
        compiled: isOwn && isBicepSource(template) ? this.#compiled(template) : undefined,
        template: isOwn
          ? templateAt(project, template, file.path)
          : this.#registryTemplate(project, template, file.path),
        parameters,
        files: () => [...project.files].sort().flatMap((path) => this.#loader.source(path) ?? []),
        positionOf: (place) => project.positionOf(place),
      },
    ];
  }

  #compiled(path: string): ObjectValue | undefined {
    const { compile } = this.#request;
    if (compile === undefined) return undefined;
    const { value } = readJson(path, compile(path));
    if (value.kind === 'object') return value;
    throw new InputError(path, `the Bicep compiler wrote a ${value.kind}, expected an ARM template`);
  }

  #registryTemplate(project: Project, reference: string, from: string): ObjectValue {
    const template = project.registryTemplate(reference, from, { path: from, pointer: '' });
    if (template !== undefined) return template;
    throw new InputError(
      from,
      `takes its template from ${reference}, which is not in the local cache; run 'bicep restore' and give the folder of the cache with --bicep-cache`,
    );
  }

  #project(root: string): Project {
    return new Project(root, {
      loader: this.#loader,
      folders: this.#request.folders,
      registry: this.#registry,
    });
  }

  #values(project: Project, path: string): Value {
    const { template, values } = lowerParameters(project, path);
    return evaluateAlone(template, values, this.#cloud, `${path}: `);
  }

  parameters(path: string): { value: Value; files: readonly SourceText[] } {
    const project = this.#project(path);
    const value = this.#values(project, path);
    return { value, files: [...project.files].sort().flatMap((file) => this.#loader.source(file) ?? []) };
  }

  /** A broken file that nobody named and that speaks of no firewall is skipped. */
  #guarded<T>(file: BicepFileInput, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError) || file.named) throw error;
      const bytes = this.#loader.files.read(file.path);
      const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
      if (/firewallPolicies|azureFirewalls|ruleCollection/i.test(text)) throw error;
      this.#skipped.push({ path: error.path, reason: error.message });
      return undefined;
    }
  }
}

/** What `using` names may be a template that is compiled already. */
function templateAt(project: Project, path: string, from: string): ObjectValue {
  if (!/\.jsonc?$/i.test(path)) return project.template(path);
  const value = project.json(path);
  if (value.kind === 'object') return value;
  throw new InputError(from, `takes its template from ${path}, which is no object; expected an ARM template`);
}
