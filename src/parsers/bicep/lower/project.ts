import { posix } from 'node:path';
import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { positionAt } from '../../json/value.ts';
import { fromPlain, unknownValue } from '../../arm/values.ts';
import { isWithin } from '../../source-files.ts';
import { string, type Member, type ObjectValue, type Value } from '../../value.ts';
import type { Loader } from '../source/loader.ts';
import type { Registry } from '../source/registry.ts';
import type { Expression, ModuleDeclaration, Span } from '../syntax/tree.ts';
import { FileScope, type TemplateParts } from './file-scope.ts';
import { FileSymbols, isLocal } from './symbols.ts';
import { TemplateLowering } from './template.ts';

export interface ProjectOptions {
  readonly loader: Loader;
  /** Folders that `load…()` may read from, besides those of the root and of the file that asks. */
  readonly folders: readonly string[];
  readonly registry: Registry;
  /** Reads YAML. */
  readonly parseYaml: (text: string) => unknown;
}

/** The files that one root deploys, and what each of them is as a template. */
export class Project {
  readonly #options: ProjectOptions;
  readonly #symbols = new Map<string, FileSymbols>();
  readonly #templates = new Map<string, ObjectValue>();
  /** Absolute paths of the folders that may be read from. */
  readonly #allowed: readonly string[];
  readonly #boundary: string | undefined;
  /** Every file that was read for the root. */
  readonly files = new Set<string>();

  constructor(root: string, options: ProjectOptions) {
    this.#options = options;
    const { files } = options.loader;
    const folder = posix.dirname(root);
    this.#allowed = [folder, ...options.folders].flatMap((one) => files.real(one) ?? []);
    this.#boundary = files.repository(folder);
  }

  symbols(path: string): FileSymbols {
    let symbols = this.#symbols.get(path);
    if (symbols === undefined) {
      const file = this.#options.loader.bicep(path);
      symbols = new FileSymbols(file);
      const { repeated } = symbols;
      if (repeated !== undefined) {
        const where = positionAt(file.text, repeated.nameSpan.start);
        throw new InputError(
          path,
          `'${repeated.name}' is declared a second time; expected names of their own`,
          where,
        );
      }
      this.#symbols.set(path, symbols);
    }
    this.files.add(path);
    return symbols;
  }

  /** The template that a file is; a file that leads back to itself throws an InputError before. */
  template(path: string): ObjectValue {
    let template = this.#templates.get(path);
    if (template === undefined) {
      template = this.lower(this.symbols(path), undefined);
      this.#templates.set(path, template);
    }
    return template;
  }

  lower(symbols: FileSymbols, fixed: Place | undefined): ObjectValue {
    const parts: TemplateParts = { variables: new Map(), functions: new Map(), imported: new Map() };
    const scope = new FileScope({ symbols, project: this, parts, prefix: '', fixed });
    return new TemplateLowering(scope, parts).template();
  }

  /** A template that is compiled already. */
  json(path: string): Value {
    this.files.add(path);
    return this.#options.loader.json(path);
  }

  /** Throws an InputError for modules that lead back to themselves. */
  refuseCircles(path: string, around: readonly string[] = []): void {
    const from = around.indexOf(path);
    const symbols = this.symbols(path);
    if (from >= 0) {
      const circle = [...around.slice(from), path].join(' → ');
      throw new InputError(
        path,
        `modules lead in a circle: ${circle}; expected modules that do not lead back`,
      );
    }
    for (const { declaration } of symbols.deployed.values()) {
      if (declaration.kind !== 'module' || declaration.path.kind !== 'string') continue;
      const written = declaration.path.value;
      const target = symbols.resolve(written);
      if (!isLocal(written) || !/\.bicep$/i.test(target) || !this.#options.loader.exists(target)) continue;
      if (this.#leadsOut(target)) continue;
      this.refuseCircles(target, [...around, path]);
    }
  }

  /** What a module deploys: a template, or an unknown value that says why there is none. */
  module(scope: FileScope, path: string, declaration: ModuleDeclaration, place: Place): Value {
    const { name } = declaration;
    const missing = (reason: string, supply: string): Value => {
      const unknown: Unknown = { reason: `module '${name}' ${reason}`, supply, place };
      return unknownValue(`module('${path}')`, unknown, place);
    };
    if (!isLocal(path)) {
      return (
        this.#ofRegistry(path, scope.symbols.file.path, place) ??
        missing(
          `comes from ${path}, which is not in the local cache`,
          "run 'bicep restore' and give the folder of the cache with --bicep-cache, or lint the compiled template",
        )
      );
    }
    const target = scope.symbols.resolve(path);
    if (!this.#options.loader.exists(target)) {
      return missing(`is '${path}', where there is no file`, 'add that file');
    }
    if (this.#leadsOut(target)) {
      return missing(
        `is '${path}', which lies outside of the repository, so it is not read`,
        'add that file',
      );
    }
    if (/\.jsonc?$/i.test(target)) return this.json(target);
    return new LazyTemplate(() => this.template(target), place);
  }

  /** A module of a registry: as it was restored, else by what its inputs become. */
  #ofRegistry(reference: string, from: string, place: Place): Value | undefined {
    const { registry, loader } = this.#options;
    const address = registry.address(reference, from);
    if (address === undefined) return undefined;
    const cached = registry.cached(address);
    if (cached !== undefined) {
      this.files.add(cached);
      return loader.json(cached);
    }
    const known = registry.known(address);
    return known && new LazyTemplate(() => this.lower(known, place), place);
  }

  /** What is known of a module by its inputs only need not tell every output. */
  missingOutput(
    scope: FileScope,
    { name, path }: ModuleDeclaration,
    output: string,
    place: Place,
  ): Value | undefined {
    const { registry } = this.#options;
    const reference = path.kind === 'string' && !isLocal(path.value) ? path.value : undefined;
    const address =
      reference === undefined ? undefined : registry.address(reference, scope.symbols.file.path);
    if (address === undefined || registry.cached(address) !== undefined) return undefined;
    const known = registry.known(address);
    if (known === undefined || known.outputs.has(output)) return undefined;
    const unknown: Unknown = {
      reason: `output '${output}' of module '${name}' is not known from its inputs`,
      supply: "run 'bicep restore' and give the folder of the cache with --bicep-cache",
      place,
    };
    return unknownValue(`module('${reference ?? ''}').${name}.${output}`, unknown, place);
  }

  /** The template that `using` of a file of parameters names in a registry. */
  registryTemplate(reference: string, from: string, place: Place): ObjectValue | undefined {
    const found = this.#ofRegistry(reference, from, place);
    return found?.kind === 'object' ? found : undefined;
  }

  #leadsOut(path: string): boolean {
    const real = this.#options.loader.files.real(path);
    return this.#boundary !== undefined && real !== undefined && !isWithin(this.#boundary, real);
  }

  /** The file that another one imports from, as part of that one's template. */
  importedScope(from: FileScope, parts: TemplateParts, path: string, place: Place): FileScope | Value {
    const known = parts.imported.get(path);
    if (known !== undefined) return known;
    const missing = (reason: string): Value => {
      const unknown: Unknown = { reason, supply: 'add that file', place };
      return unknownValue(`import('${path}')`, unknown, place);
    };
    if (!isLocal(path) || !/\.bicep$/i.test(path))
      return missing(`what is imported from '${path}' is not read`);
    if (!this.#options.loader.exists(path)) {
      return missing(`'${path}' is imported from, and there is no such file`);
    }
    if (this.#leadsOut(path)) return missing(`'${path}' lies outside of the repository, so it is not read`);
    const symbols = this.symbols(path);
    const prefix = `_${parts.imported.size + 1}.`;
    const fixed = from.place({ start: 0, end: 0 }, '').path === from.symbols.file.path ? undefined : place;
    const scope = new FileScope({ symbols, project: this, parts, prefix, fixed });
    parts.imported.set(path, scope);
    return scope;
  }

  isParameterFile(scope: FileScope): boolean {
    return /\.bicepparam$/i.test(scope.symbols.file.path);
  }

  /** The file of parameters that another one extends; undefined where it is not there. */
  extendedScope(from: FileScope, parts: TemplateParts, path: string): FileScope | undefined {
    const known = parts.imported.get(path);
    if (known !== undefined) return known;
    if (!this.#options.loader.exists(path) || this.#leadsOut(path)) {
      throw new InputError(
        from.symbols.file.path,
        `extends '${path}', where there is no file; expected a file of parameters in the same repository`,
      );
    }
    const prefix = `_${parts.imported.size + 1}.`;
    const scope = new FileScope({
      symbols: this.symbols(path),
      project: this,
      parts,
      prefix,
      fixed: undefined,
    });
    parts.imported.set(path, scope);
    return scope;
  }

  /** A text that the compiler must know; undefined where it is none. */
  constantText(scope: FileScope, written: Expression, depth = 0): string | undefined {
    if (depth > 20) return undefined;
    switch (written.kind) {
      case 'string':
        return written.value;
      case 'group':
        return this.constantText(scope, written.inner, depth + 1);
      case 'interpolation': {
        const parts = written.parts.map((part) =>
          typeof part === 'string' ? part : this.constantText(scope, part, depth + 1),
        );
        return parts.includes(undefined) ? undefined : parts.join('');
      }
      case 'name': {
        const value = scope.symbols.variables.get(written.name)?.value;
        return value === undefined ? undefined : this.constantText(scope, value, depth + 1);
      }
      default:
        return undefined;
    }
  }

  /** What `loadJsonContent()` and its like yield. */
  load(
    scope: FileScope,
    name: string,
    path: string | undefined,
    option: string | undefined,
    place: Place,
  ): Value {
    const unknown = (reason: string, supply: string): Value =>
      unknownValue(`${name}('${path ?? ''}')`, { reason, supply, place }, place);
    if (path === undefined) return unknown(`${name}() takes a literal path`, 'correct the file');
    const target = scope.symbols.resolve(path);
    const { loader } = this.#options;
    const real = loader.files.real(target);
    if (real !== undefined && !this.#mayRead(real, scope)) {
      return unknown(
        `'${path}' lies outside of the folders that are linted, so it is not read`,
        'name a folder that holds both, or write the value out',
      );
    }
    const bytes = real === undefined ? undefined : loader.files.read(target);
    if (bytes === undefined) return unknown(`there is no file '${path}'`, 'add that file');
    if (name === 'loadFileAsBase64') return string(Buffer.from(bytes).toString('base64'), place);
    try {
      return this.#content(name, target, option, place);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return unknown(`'${path}' cannot be loaded: ${error.message}`, 'correct that file');
    }
  }

  #mayRead(real: string, scope: FileScope): boolean {
    const own = this.#options.loader.files.real(posix.dirname(scope.symbols.file.path));
    return [...this.#allowed, ...(own === undefined ? [] : [own])].some((folder) => isWithin(folder, real));
  }

  #content(name: string, target: string, path: string | undefined, place: Place): Value {
    const { loader, parseYaml } = this.#options;
    if (name === 'loadTextContent') {
      return string(withoutSymbols(loader.text(target, 'text')), place);
    }
    if (name === 'loadYamlContent') {
      const raw = parseYaml(withoutSymbols(loader.text(target, 'YAML')));
      return selected(fromPlain(raw, place), path, target);
    }
    this.files.add(target);
    return selected(loader.json(target), path, target);
  }

  /** One-based line and column of a place in a file of the project. */
  positionOf({ path, span }: { path: string; span?: Span }): { line: number; column: number } | undefined {
    return span === undefined || !this.files.has(path)
      ? undefined
      : positionAt(this.#options.loader.text(path), span.start);
  }
}

/** A template that is lowered when somebody looks into it. */
class LazyTemplate implements ObjectValue {
  readonly kind = 'object';
  readonly place: Place;
  readonly #make: () => ObjectValue;

  constructor(make: () => ObjectValue, place: Place) {
    this.#make = make;
    this.place = place;
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#make().members;
  }
}

/** The byte order mark is no part of a text; two signs mark symbols in evaluated texts. */
function withoutSymbols(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/[⟦⟧]/g, '?');
}

/**
 * The part that a JSON path names: members and items only, `.a.b[0]`, `$['a']`. Throws an InputError for anything else, and
 * where there is nothing of that name (https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-files#loadjsoncontent).
 */
function selected(value: Value, path: string | undefined, file: string): Value {
  if (path === undefined) return value;
  const steps = [...path.replace(/^\$/, '').matchAll(/\.?([\w-]+)|\[(\d+)\]|\['([^']*)'\]/gy)];
  if (steps.map(([step]) => step).join('') !== path.replace(/^\$/, '')) {
    throw new InputError(file, `the path '${path}' is more than names and numbers`);
  }
  let at: Value | undefined = value;
  for (const [, name, item, quoted] of steps) {
    if (item !== undefined) at = at.kind === 'array' ? at.items[Number(item)] : undefined;
    else at = at.kind === 'object' ? at.members.get((name ?? quoted ?? '').toLowerCase())?.value : undefined;
    if (at === undefined) throw new InputError(file, `there is nothing at the path '${path}'`);
  }
  return at;
}
