import { posix } from 'node:path';
import { InputError } from '../../../errors.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { positionAt } from '../../json/value.ts';
import type { Value } from '../../value.ts';
import type { KnownModules } from '../modules/known.ts';
import { isWithin } from '../source/files.ts';
import type { Loader } from '../source/loader.ts';
import type { Module } from '../source/module.ts';
import type { Block } from '../syntax/tree.ts';
import { evaluateSafely } from './body.ts';
import { expand, type Instances } from './expand.ts';
import { ModuleInstance, type Input } from './instance.ts';
import { LazyObject, unknown } from './values.ts';

/** One instance of a module call: the module, or why it is not there. */
export interface ModuleCall {
  readonly name: string;
  readonly block: Block;
  readonly instance: ModuleInstance | undefined;
  /** What stands for the outputs, and why it is not known; with `instance` undefined. */
  readonly missing: Unknown | undefined;
}

/** The instances of one call, and what its name means to the caller. */
type Call = Instances<ModuleCall> & { readonly value: Value };

/** Sources that are folders beside the caller. */
const LOCAL = /^\.\.?(?:\/|$)/;

/** How deep modules may call each other; a module that calls itself is found long before. */
const MAX_DEPTH = 50;

/** Follows module blocks to their configuration: below the same root, downloaded by terraform init, or known by name. */
export class Calls {
  readonly #loader: Loader;
  readonly #root: string;
  readonly #boundary: string | undefined;
  readonly #known: KnownModules;
  readonly #downloaded: ReadonlyMap<string, string>;
  readonly #callers = new Map<ModuleInstance, ModuleInstance>();
  readonly #made = new Map<ModuleInstance, Map<string, Call>>();

  /** `boundary` is the absolute path of a folder that local modules may not lie outside of. */
  constructor(loader: Loader, root: string, boundary: string | undefined, known: KnownModules) {
    this.#loader = loader;
    this.#root = root;
    this.#boundary = boundary;
    this.#known = known;
    this.#downloaded = loader.downloaded(root);
  }

  of(caller: ModuleInstance, name: string, block: Block): Call {
    const calls = this.#made.get(caller) ?? new Map<string, Call>();
    this.#made.set(caller, calls);
    let call = calls.get(name);
    if (call === undefined) {
      const target = this.#target(caller, name, block);
      const instances = expand(block, caller.scope, (suffix, scope, conditional) => {
        const address = caller.within(`module.${name}${suffix}`);
        if (!('module' in target)) return { name, block, instance: undefined, missing: target };
        const inputs = new Map<string, Input>();
        for (const [argument, { expression }] of block.body.attributes) {
          inputs.set(argument, () => evaluateSafely(expression, scope));
        }
        const { module } = target;
        const why = conditional ?? caller.conditional;
        const instance = new ModuleInstance(module, address, inputs, caller.evaluation, why);
        this.#callers.set(instance, caller);
        return { name, block, instance, missing: undefined };
      });
      const value = instances.wrap(
        instances.all.map((one) => outputs(one, caller)),
        block.place,
      );
      call = { ...instances, value };
      calls.set(name, call);
    }
    return call;
  }

  /** False for a local module that cannot have to do with a firewall or the network of a cluster. */
  isRelevant(caller: ModuleInstance, block: Block): boolean {
    const source = block.body.attributes.get('source')?.expression;
    const written = source?.kind === 'literal' && typeof source.value === 'string' ? source.value : '';
    if (!LOCAL.test(written)) return true;
    const folder = posix.join(caller.module.folder, written);
    return this.#loader.files.list(folder) === undefined || this.#loader.isRelevant(folder, true);
  }

  /** As path.module has it: relative to the root module. */
  relativePath(folder: string): string {
    const path = posix.relative(this.#root, folder);
    return path === '' ? '.' : path;
  }

  #target(caller: ModuleInstance, name: string, block: Block): { module: Module } | Unknown {
    const source = block.body.attributes.get('source')?.expression;
    const { place } = block;
    const written = source?.kind === 'literal' && typeof source.value === 'string' ? source.value : undefined;
    if (written === undefined) return missing(name, 'has no source', 'give its source as a string', place);
    if (caller.address.split('module.').length > MAX_DEPTH) throw this.#cycle(block, [caller.module.folder]);
    const known = this.#known.find(written, place);
    if (LOCAL.test(written)) return this.#local(caller, name, block, written);
    const key = [...caller.address.matchAll(/module\.([^.[]+)/g)].map(([, part]) => part);
    const folder = this.#downloaded.get([...key, name].join('.'));
    const module = folder === undefined ? undefined : this.#loader.module(folder);
    if (module !== undefined) return { module };
    if (known !== undefined) return { module: known };
    return missing(
      name,
      `comes from ${written}, which is not in the input`,
      'run terraform init, so that it is in .terraform/modules, or lint the plan',
      place,
    );
  }

  #local(caller: ModuleInstance, name: string, block: Block, written: string): { module: Module } | Unknown {
    const folder = posix.join(caller.module.folder, written);
    const { place } = block;
    const real = this.#loader.files.real(folder);
    if (real !== undefined && this.#boundary !== undefined && !isWithin(this.#boundary, real)) {
      return missing(
        name,
        `'${written}' lies outside of the repository, so it is not read`,
        'lint the plan',
        place,
      );
    }
    const module = real === undefined ? undefined : this.#loader.module(folder);
    if (module === undefined) {
      return missing(
        name,
        `has its source in '${written}', where there is no configuration`,
        'add that folder',
        place,
      );
    }
    for (let at: ModuleInstance | undefined = caller; at !== undefined; at = this.#callers.get(at)) {
      if (at.module === module) throw this.#cycle(block, [caller.module.folder, folder]);
    }
    return { module };
  }

  #cycle({ place }: Block, folders: readonly string[]): InputError {
    return new InputError(
      place.path,
      `a cycle: this module calls itself (${folders.join(' → ')}); expected modules that do not lead back`,
      place.span && positionAt(this.#loader.text(place.path), place.span.start),
    );
  }
}

function missing(name: string, problem: string, supply: string, place: Unknown['place']): Unknown {
  return { reason: `module '${name}' ${problem}`, supply, place };
}

function outputs({ name, block, instance, missing: why }: ModuleCall, caller: ModuleInstance): Value {
  if (instance === undefined) {
    const reason = why ?? { reason: `module '${name}' is not known`, supply: 'add it', place: block.place };
    return unknown(caller.identity(`module.${name}`), reason, block.place);
  }
  const names = (): string[] => [...instance.module.outputs.keys()];
  return new LazyObject(block.place, names, (output) => {
    const value = instance.output(output);
    if (value !== undefined || !instance.module.isPartial) return value;
    const reason = {
      reason: `output '${output}' of module '${name}' is not known from its inputs`,
      supply: 'run terraform init, so that the module is in .terraform/modules, or lint the plan',
      place: block.place,
    };
    return unknown(caller.identity(`module.${name}.${output}`), reason, block.place);
  });
}
