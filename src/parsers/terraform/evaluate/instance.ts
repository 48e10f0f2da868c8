import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { positionAt } from '../../json/value.ts';
import { string, type Value } from '../../value.ts';
import { Unresolved, type FunctionContext } from '../functions/function.ts';
import { attributeOfResource } from '../resources/attributes.ts';
import { isTrue, type Module, type Variable } from '../source/module.ts';
import type { Block, Expression } from '../syntax/tree.ts';
import { blockTypes, evaluateSafely, mistake } from './body.ts';
import type { Calls, ModuleCall } from './calls.ts';
import { expand, type Instances } from './expand.ts';
import { evaluate, type Scope } from './expression.ts';
import { convert, typeOf } from './types.ts';
import { EvaluationError, LazyObject, unknown } from './values.ts';

/** What all modules of one root share. */
export interface Evaluation {
  readonly calls: Calls;
  /** Path of the root module's folder. */
  readonly root: string;
  /** Tells symbols of several root modules apart; '' where there is one. */
  readonly label: string;
  readonly textOf: (path: string) => string;
  readonly contextFor: (module: Module) => FunctionContext;
}

/** One instance of a resource. */
export interface ResourceInstance {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** `module.hub.azurerm_ip_group.aks["nodes"]` */
  readonly address: string;
  readonly block: Block;
  readonly scope: Scope;
  /** It exists only if a condition holds that could not be evaluated. */
  readonly conditional: Unknown | undefined;
  readonly module: ModuleInstance;
  readonly attribute: (name: string) => Value | undefined;
}

/** The value of a variable as the caller gives it. */
export type Input = () => Value;

/** A module with the values of its variables: what names in it mean. Everything is evaluated when it is asked for. */
export class ModuleInstance {
  readonly module: Module;
  /** `module.hub`, '' for the root. */
  readonly address: string;
  readonly scope: Scope;
  /** The call exists only if a condition holds that could not be evaluated. */
  readonly conditional: Unknown | undefined;
  readonly evaluation: Evaluation;
  readonly #inputs: ReadonlyMap<string, Input>;
  readonly #known = new Map<string, Value>();
  readonly #instances = new Map<string, Instances<ResourceInstance>>();
  readonly #open: string[] = [];

  constructor(
    module: Module,
    address: string,
    inputs: ReadonlyMap<string, Input>,
    evaluation: Evaluation,
    conditional?: Unknown,
  ) {
    this.module = module;
    this.address = address;
    this.evaluation = evaluation;
    this.conditional = conditional;
    this.#inputs = inputs;
    this.scope = {
      names: new Map(),
      resolve: (names, place) => this.#resolve(names, place),
      functions: evaluation.contextFor(module),
    };
  }

  output(name: string): Value | undefined {
    const block = this.module.outputs.get(name);
    const expression = block?.body.attributes.get('value')?.expression;
    if (expression === undefined) return undefined;
    return this.#once(`output.${name}`, expression.place, () => {
      const value = evaluateSafely(expression, this.scope);
      if (isTrue(block?.body.attributes.get('sensitive'))) this.scope.functions.conceal(value);
      return value;
    });
  }

  /** Every instance of the managed resources. */
  *resources(types: (type: string) => boolean): Iterable<ResourceInstance> {
    for (const [key, block] of this.module.resources) {
      if (block.type === 'resource' && types(block.labels[0] ?? '')) yield* this.instancesOf(key, block).all;
    }
  }

  /** The modules that this one calls, one instance after the other. */
  *children(): Iterable<ModuleCall> {
    const { calls } = this.evaluation;
    for (const [name, block] of this.module.calls) {
      if (calls.isRelevant(this, block)) yield* calls.of(this, name, block).all;
    }
  }

  /** Addresses as Terraform writes them. */
  within(address: string): string {
    return this.address === '' ? address : `${this.address}.${address}`;
  }

  /** What a symbol is called: the same in every module, and in one root only. */
  identity(address: string): string {
    const { label } = this.evaluation;
    return label === '' ? this.within(address) : `${label}: ${this.within(address)}`;
  }

  instancesOf(key: string, block: Block): Instances<ResourceInstance> {
    let instances = this.#instances.get(key);
    if (instances === undefined) {
      const [type = '', name = ''] = block.labels;
      instances = this.#guarded(key, block.place, () =>
        expand(block, this.scope, (suffix, scope, conditional) =>
          this.#instance(block, type, name, `${key}${suffix}`, scope, conditional),
        ),
      );
      this.#instances.set(key, instances);
    }
    return instances;
  }

  #instance(
    block: Block,
    type: string,
    name: string,
    key: string,
    scope: Scope,
    conditional: Unknown | undefined,
  ): ResourceInstance {
    const address = this.within(key);
    const known = new Map<string, Value | undefined>();
    const instance: ResourceInstance = {
      mode: block.type === 'data' ? 'data' : 'managed',
      type,
      name,
      address,
      block,
      scope,
      conditional: conditional ?? this.conditional,
      module: this,
      attribute: (attribute) => {
        if (known.has(attribute)) return known.get(attribute);
        const value = this.#guarded(`${key}.${attribute}`, block.place, () =>
          attributeOfResource(instance, attribute),
        );
        known.set(attribute, value);
        return value;
      },
    };
    return instance;
  }

  #resolve(names: readonly string[], place: Place): Value | undefined {
    const [root = '', name = '', third = ''] = names;
    switch (root) {
      case 'var':
        return this.#variable(name);
      case 'local': {
        const local = this.module.locals.get(name);
        return (
          local &&
          this.#once(`local.${name}`, local.place, () => evaluateSafely(local.expression, this.scope))
        );
      }
      case 'module': {
        const block = this.module.calls.get(name);
        return block && this.evaluation.calls.of(this, name, block).value;
      }
      case 'path':
        return this.#path(name, place);
      case 'terraform':
        return this.#atRunTime(`terraform.${name}`, place);
      case 'data':
        return this.#resource(`data.${name}.${third}`);
      default:
        return this.#resource(`${root}.${name}`);
    }
  }

  #variable(name: string): Value | undefined {
    const variable = this.module.variables.get(name);
    if (variable === undefined) return undefined;
    return this.#once(`var.${name}`, variable.place, () => {
      const value = this.#variableValue(variable);
      if (variable.isSensitive) this.scope.functions.conceal(value);
      return value;
    });
  }

  #variableValue(variable: Variable): Value {
    const { name, place, fallback, isNullable } = variable;
    const input = this.#inputs.get(name);
    let value = input?.();
    if (value?.kind === 'null' && !isNullable && fallback !== undefined) value = undefined;
    if (value === undefined) {
      if (fallback === undefined) return this.#withoutValue(variable);
      value = evaluateSafely(fallback, this.scope);
    }
    try {
      return convert(value, typeOf(variable.type), place, (expression: Expression) =>
        evaluate(expression, { ...this.scope, resolve: () => undefined }),
      );
    } catch (error) {
      if (error instanceof Unresolved) return error.value;
      if (!(error instanceof EvaluationError)) throw error;
      const wrong = new EvaluationError(`variable '${name}': ${error.message}`, error.place);
      return unknown(this.identity(`var.${name}`), mistake(wrong), value.place);
    }
  }

  #withoutValue({ name, place }: Variable): Value {
    const isRoot = this.address === '';
    const why: Unknown = isRoot
      ? {
          reason: `variable '${name}' has no value`,
          supply: `give variable '${name}' a value in a file of variables, with --var-file`,
          place,
        }
      : {
          reason: `${this.address} does not set variable '${name}'`,
          supply: `set '${name}' in the block of ${this.address}`,
          place,
        };
    return unknown(this.identity(`var.${name}`), why, place);
  }

  #path(name: string, place: Place): Value | undefined {
    switch (name) {
      case 'module':
        return string(this.evaluation.calls.relativePath(this.module.folder), place);
      case 'root':
      case 'cwd':
        return string('.', place);
      default:
        return undefined;
    }
  }

  #atRunTime(name: string, place: Place): Value {
    const why = {
      reason: `${name} is known when Terraform runs`,
      supply: 'lint the plan or the state instead',
      place,
    };
    return unknown(this.evaluation.label === '' ? name : `${this.evaluation.label}: ${name}`, why, place);
  }

  #resource(key: string): Value | undefined {
    const block = this.module.resources.get(key);
    if (block === undefined) return undefined;
    const { all, wrap } = this.instancesOf(key, block);
    return wrap(
      all.map((instance) => resourceValue(instance)),
      block.place,
    );
  }

  /** Evaluates a named thing once, and notices where it needs itself. */
  #once(key: string, place: Place, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = this.#guarded(key, place, make);
    this.#known.set(key, value);
    return value;
  }

  #guarded<T>(key: string, place: Place, make: () => T): T {
    if (this.#open.includes(key)) {
      const cycle = [...this.#open.slice(this.#open.indexOf(key)), key].map((name) => this.within(name));
      throw new InputError(
        place.path,
        `a cycle: ${cycle.join(' → ')}; expected values that do not need themselves`,
        place.span && positionAt(this.evaluation.textOf(place.path), place.span.start),
      );
    }
    this.#open.push(key);
    try {
      return make();
    } finally {
      this.#open.pop();
    }
  }
}

/** A resource as expressions see it. */
function resourceValue(instance: ResourceInstance): Value {
  const { block, attribute } = instance;
  const names = (): string[] => [...block.body.attributes.keys(), ...blockTypes(block.body)];
  return new LazyObject(block.place, names, attribute);
}
