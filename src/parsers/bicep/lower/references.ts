import type { Expression as Arm } from '../../arm/expression.ts';
import type { Expression, ModuleDeclaration, ObjectLiteral } from '../syntax/tree.ts';
import { below, callOf, type At, type ExpressionLowering } from './expressions.ts';
import { findLocal, withLocal, type Locals } from './locals.ts';
import type { DeployedSymbol, FileSymbols } from './symbols.ts';

/** A resource or module that an expression names; of one in a loop, which. */
export interface Reference {
  readonly symbol: DeployedSymbol;
  readonly index: Arm | undefined;
}

/** Where a resource or module is deployed, as its `scope` says. */
export type DeployedScope =
  | { readonly kind: 'own' }
  | { readonly kind: 'resourceGroup'; readonly subscription: Arm | undefined; readonly name: Arm }
  | { readonly kind: 'subscription'; readonly id: Arm }
  | { readonly kind: 'managementGroup'; readonly name: Arm | undefined }
  | { readonly kind: 'tenant' }
  /** Another resource, which it extends. */
  | { readonly kind: 'extension'; readonly id: Arm };

const RESOURCE_GROUP = 'microsoft.resources/resourcegroups';

/** Why an output of a module is not known; undefined where what deploys it says. */
export type MissingOutput = (module: ModuleDeclaration, output: string) => Arm | undefined;

/** Finds what expressions say of the resources and modules of a file: their ids and names, properties and outputs. */
export class References {
  readonly #symbols: FileSymbols;
  readonly #lowering: ExpressionLowering;
  readonly #missingOutput: MissingOutput;

  constructor(symbols: FileSymbols, lowering: ExpressionLowering, missingOutput: MissingOutput) {
    this.#symbols = symbols;
    this.#lowering = lowering;
    this.#missingOutput = missingOutput;
  }

  /** Undefined where the expression names no resource or module. */
  find(written: Expression, at: At): Reference | undefined {
    switch (written.kind) {
      case 'group':
        return this.find(written.inner, at);
      case 'name': {
        if (findLocal(at.locals, written.name) !== undefined) return undefined;
        const symbol = this.#named(written.name, at.inside);
        return symbol && { symbol, index: undefined };
      }
      case 'index': {
        const of = this.find(written.of, at);
        if (of === undefined || of.index !== undefined || loopOf(of.symbol) === undefined) return undefined;
        return { ...of, index: this.#lowering.expression(written.index, below(at, 'index')) };
      }
      case 'nested': {
        const of = this.find(written.of, at);
        const symbol = of && this.#symbols.deployed.get(`${of.symbol.symbol}::${written.name}`);
        return symbol && { symbol, index: of.index };
      }
      default:
        return undefined;
    }
  }

  /** Nested resources are known by their own name to everything inside of the resource around them. */
  #named(name: string, inside: DeployedSymbol | undefined): DeployedSymbol | undefined {
    for (let around = inside; around !== undefined; around = around.around) {
      const nested = this.#symbols.deployed.get(`${around.symbol}::${name}`);
      if (nested !== undefined) return nested;
    }
    return this.#symbols.deployed.get(name);
  }

  /** `resource.id`, `module.outputs.x` and their like. */
  property(written: Expression & { kind: 'member' | 'index' | 'nested' }, at: At): Arm | undefined {
    if (written.kind === 'nested') {
      const reference = this.find(written, at);
      return reference && this.whole(reference, at);
    }
    const own = written.kind === 'index' ? this.find(written, at) : undefined;
    if (own !== undefined) return this.whole(own, at);
    const name = nameOf(written);
    if (name === undefined) return undefined;
    const { of } = written;
    const reference = this.find(of, at);
    if (reference !== undefined) return this.#member(reference, name, at);
    const isOutput = (of.kind === 'member' && of.name === 'outputs') || nameOf(of) === 'outputs';
    const module =
      isOutput && (of.kind === 'member' || of.kind === 'index') ? this.find(of.of, at) : undefined;
    if (module?.symbol.declaration.kind !== 'module') return undefined;
    const missing = this.#missingOutput(module.symbol.declaration, name);
    if (missing !== undefined) return missing;
    const outputs = memberOf(this.#live(module), 'outputs');
    return memberOf(memberOf(outputs, name, written.safe), 'value', written.safe);
  }

  #member(reference: Reference, name: string, at: At): Arm {
    const { symbol } = reference;
    if (symbol.declaration.kind === 'module') {
      if (name === 'name') return this.#ownName(reference, at);
      return memberOf(this.#live(reference), name);
    }
    switch (name) {
      case 'id':
        return this.id(reference);
      case 'name':
        return this.#ownName(reference, at);
      case 'type':
        return { kind: 'string', value: this.typeOf(symbol) };
      case 'apiVersion':
        return { kind: 'string', value: versionOf(symbol) };
      case 'properties':
        return this.#live(reference);
      default:
        return memberOf(this.#live(reference, 'full'), name);
    }
  }

  /** A resource as a value; all copies of one in a loop. */
  whole(reference: Reference, at: At): Arm {
    const { symbol, index } = reference;
    if (loopOf(symbol) !== undefined && index === undefined) {
      return callOf('references', [text(symbol.symbol), text('full')], undefined);
    }
    const live = this.#live(reference, 'full');
    if (symbol.declaration.kind === 'module') return live;
    const known = callOf(
      'createObject',
      [text('id'), this.id(reference), text('name'), this.#ownName(reference, at)],
      undefined,
    );
    return callOf('union', [live, known], undefined);
  }

  #live({ symbol, index }: Reference, ...rest: readonly string[]): Arm {
    const name =
      index === undefined
        ? text(symbol.symbol)
        : callOf('format', [text(`${symbol.symbol}[{0}]`), index], undefined);
    // reference(name, apiVersion, 'full')
    const full = rest.length === 0 ? [] : [text(versionOf(symbol)), ...rest.map(text)];
    return callOf('reference', [name, ...full], undefined);
  }

  /** The full resource type, without version. */
  typeOf({ declaration, around }: DeployedSymbol): string {
    if (declaration.kind === 'module') return 'Microsoft.Resources/deployments';
    const written = declaration.type.kind === 'string' ? declaration.type.value : '';
    // `az:Microsoft.…` names the extension.
    const type = (written.split('@', 1)[0] ?? '').replace(/^\w+:(?!:)/, '');
    if (around === undefined) return type;
    const outer = this.typeOf(around);
    return type.toLowerCase().startsWith(`${outer.toLowerCase()}/`) ? type : `${outer}/${type}`;
  }

  /** What the names of the loop mean for one copy. */
  localsOf(symbol: DeployedSymbol, index: Arm | undefined): Locals | undefined {
    const loop = loopOf(symbol);
    if (loop === undefined) return undefined;
    const number = index ?? callOf('copyIndex', [text(symbol.symbol)], undefined);
    const at: At = { pointer: `/resources/${symbol.symbol}/copy`, locals: undefined, inside: symbol };
    const collection = this.#lowering.expression(loop.collection, at);
    const item = withLocal(undefined, loop.item, {
      kind: 'index',
      of: collection,
      index: number,
      safe: false,
    });
    return loop.index === undefined ? item : withLocal(item, loop.index, number);
  }

  /** The name with those of the resources around it or of its `parent`, each a segment. */
  nameSegments(reference: Reference): Arm[] {
    const { symbol, index } = reference;
    const at = this.#atName(symbol, index);
    const own = propertyOf(symbol.declaration.body, 'name');
    const parent = this.parentOf(symbol, index);
    if (parent === undefined) {
      const segments = this.typeOf(symbol).split('/').length - 1;
      return own === undefined ? [text('')] : this.#split(own, segments, at);
    }
    const around = this.nameSegments(parent);
    const segments = this.typeOf(symbol).split('/').length - 1 - around.length;
    return [...around, ...(own === undefined ? [text('')] : this.#split(own, segments, at))];
  }

  #atName(symbol: DeployedSymbol, index: Arm | undefined): At {
    const locals = this.localsOf(symbol, index);
    return { pointer: `/resources/${symbol.symbol}/name`, locals, inside: symbol };
  }

  parentOf(symbol: DeployedSymbol, index: Arm | undefined): Reference | undefined {
    if (symbol.around !== undefined) {
      const own = index ?? callOf('copyIndex', [text(symbol.symbol)], undefined);
      return { symbol: symbol.around, index: loopOf(symbol.around) === undefined ? undefined : own };
    }
    const parent = propertyOf(symbol.declaration.body, 'parent');
    return parent && this.find(parent, this.#atName(symbol, index));
  }

  /** `'a/b'` and `'${policy}/b'` as two expressions each; of other ones, what split() makes of them. */
  #split(written: Expression, count: number, at: At): Arm[] {
    const whole = this.#lowering.expression(written, at);
    if (count <= 1) return [whole];
    const parts =
      written.kind === 'string' ? [written.value] : written.kind === 'interpolation' ? written.parts : [];
    const segments: (string | Expression)[][] = [[]];
    for (const part of parts) {
      const pieces = typeof part === 'string' ? part.split('/') : [part];
      pieces.forEach((piece, at) => {
        if (at > 0) segments.push([]);
        if (piece !== '') segments.at(-1)?.push(piece);
      });
    }
    if (segments.length === count) {
      return segments.map((segment, position) => {
        const [first] = segment;
        if (segment.length === 1 && typeof first === 'object') {
          return this.#lowering.expression(first, below(at, position));
        }
        const { start, end } = written;
        return this.#lowering.expression({ kind: 'interpolation', parts: segment, start, end }, at);
      });
    }
    return Array.from({ length: count }, (_, position) => ({
      kind: 'index' as const,
      of: callOf('split', [whole, text('/')], undefined),
      index: { kind: 'number' as const, value: position },
      safe: false,
    }));
  }

  #ownName(reference: Reference, at: At): Arm {
    const { symbol, index } = reference;
    const own = propertyOf(symbol.declaration.body, 'name');
    if (own === undefined) return text(symbol.declaration.name);
    const locals = this.localsOf(symbol, index);
    return this.#lowering.expression(own, { pointer: at.pointer, locals, inside: symbol });
  }

  id(reference: Reference): Arm {
    const { symbol, index } = reference;
    const type = text(this.typeOf(symbol));
    const scope = this.scopeOf(symbol, index);
    const names = this.nameSegments(reference);
    if (this.typeOf(symbol).toLowerCase() === RESOURCE_GROUP) return groupId(scope, names);
    switch (scope.kind) {
      case 'extension':
        return callOf('extensionResourceId', [scope.id, type, ...names], undefined);
      case 'resourceGroup': {
        const subscription = scope.subscription === undefined ? [] : [scope.subscription];
        return callOf('resourceId', [...subscription, scope.name, type, ...names], undefined);
      }
      case 'subscription':
        return callOf('subscriptionResourceId', [scope.id, type, ...names], undefined);
      case 'managementGroup': {
        const group = scope.name === undefined ? [] : [scope.name];
        return callOf('managementGroupResourceId', [...group, type, ...names], undefined);
      }
      case 'tenant':
        return callOf('tenantResourceId', [type, ...names], undefined);
      case 'own':
        return callOf(
          ID_FUNCTIONS.get(this.#symbols.targetScope) ?? 'resourceId',
          [type, ...names],
          undefined,
        );
    }
  }

  scopeOf(symbol: DeployedSymbol, index: Arm | undefined): DeployedScope {
    const written = propertyOf(symbol.declaration.body, 'scope');
    if (written !== undefined) {
      const locals = this.localsOf(symbol, index);
      return this.#scope(written, { pointer: `/resources/${symbol.symbol}/scope`, locals, inside: symbol });
    }
    const parent = this.parentOf(symbol, index);
    return parent === undefined ? { kind: 'own' } : this.scopeOf(parent.symbol, parent.index);
  }

  #scope(written: Expression, at: At): DeployedScope {
    if (written.kind === 'group') return this.#scope(written.inner, at);
    if (written.kind === 'call') {
      const args = written.arguments.map((one, position) =>
        this.#lowering.expression(one, below(at, position)),
      );
      const [first, second] = args;
      switch (written.name) {
        case 'resourceGroup':
          if (first === undefined) return { kind: 'own' };
          return second === undefined
            ? { kind: 'resourceGroup', subscription: undefined, name: first }
            : { kind: 'resourceGroup', subscription: first, name: second };
        case 'subscription': {
          const own = memberOf(callOf('subscription', [], undefined), 'subscriptionId');
          return { kind: 'subscription', id: first ?? own };
        }
        case 'managementGroup':
          return { kind: 'managementGroup', name: first };
        case 'tenant':
          return { kind: 'tenant' };
        default:
      }
    }
    const reference = this.find(written, at);
    if (reference === undefined) {
      return { kind: 'extension', id: this.#lowering.expression(written, at) };
    }
    if (this.typeOf(reference.symbol).toLowerCase() !== RESOURCE_GROUP) {
      return { kind: 'extension', id: this.id(reference) };
    }
    const around = this.scopeOf(reference.symbol, reference.index);
    const [name] = this.nameSegments(reference);
    const subscription = around.kind === 'subscription' ? around.id : undefined;
    return { kind: 'resourceGroup', subscription, name: name ?? text('') };
  }
}

/** The id of a resource group, which has no provider in it. */
function groupId(scope: DeployedScope, names: readonly Arm[]): Arm {
  const own = memberOf(callOf('subscription', [], undefined), 'subscriptionId');
  const subscription = scope.kind === 'subscription' ? scope.id : own;
  return callOf('format', [text('/subscriptions/{0}/resourceGroups/{1}'), subscription, ...names], undefined);
}

const ID_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['subscription', 'subscriptionResourceId'],
  ['managementGroup', 'managementGroupResourceId'],
  ['tenant', 'tenantResourceId'],
]);

/** The loop that makes a resource, its own or that of the resource around it. */
export function loopOf(symbol: DeployedSymbol): DeployedSymbol['declaration']['loop'] {
  return symbol.declaration.loop ?? (symbol.around === undefined ? undefined : loopOf(symbol.around));
}

export function versionOf({ declaration }: DeployedSymbol): string {
  if (declaration.kind === 'module') return '2022-09-01';
  return declaration.type.kind === 'string' ? (declaration.type.value.split('@')[1] ?? '') : '';
}

export function propertyOf(body: ObjectLiteral, name: string): Expression | undefined {
  for (const property of body.properties) {
    if (property.kind === 'property' && property.key.kind === 'string' && property.key.value === name) {
      return property.value;
    }
  }
  return undefined;
}

function nameOf(written: Expression): string | undefined {
  if (written.kind === 'member') return written.name;
  return written.kind === 'index' && written.index.kind === 'string' ? written.index.value : undefined;
}

function memberOf(of: Arm, name: string, safe = false): Arm {
  return { kind: 'index', of, index: text(name), safe };
}

export function text(value: string): Arm {
  return { kind: 'string', value };
}
