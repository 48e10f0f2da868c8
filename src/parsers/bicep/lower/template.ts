import { keyOf, type Place } from '../../../model/place.ts';
import { ParsedExpression, type Expression as Arm } from '../../arm/expression.ts';
import { array, boolean, string, type ObjectValue, type Value } from '../../value.ts';
import type { ObjectLiteral, Span } from '../syntax/tree.ts';
import { below, callOf, type At } from './expressions.ts';
import type { FileScope, TemplateParts } from './file-scope.ts';
import { hiddenRules, moduleProperties } from './modules.ts';
import { object, objectOf, type Part } from './objects.ts';
import { loopOf, propertyOf, text, versionOf, type DeployedScope } from './references.ts';
import { unknownDecorator, type DeployedSymbol } from './symbols.ts';

const SCHEMAS: ReadonlyMap<string, string> = new Map([
  [
    'subscription',
    'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
  ],
  [
    'managementGroup',
    'https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#',
  ],
  ['tenant', 'https://schema.management.azure.com/schemas/2019-08-01/tenantDeploymentTemplate.json#'],
]);
const GROUP_SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

/** Properties of a body that say how it is deployed, and have a form of their own in templates. */
const ABOUT_DEPLOYMENT: ReadonlySet<string> = new Set(['name', 'parent', 'scope', 'dependsOn', 'params']);

/**
 * The template that a Bicep file stands for, as the compiler would write it with symbolic names, but for the parts that
 * nothing here asks for (https://learn.microsoft.com/azure/azure-resource-manager/bicep/compare-template-syntax).
 */
export class TemplateLowering {
  readonly #scope: FileScope;
  readonly #parts: TemplateParts;

  constructor(scope: FileScope, parts: TemplateParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  template(): ObjectValue {
    const { symbols } = this.#scope;
    const whole = this.#scope.place({ start: 0, end: 0 }, '');
    const schema = SCHEMAS.get(symbols.targetScope) ?? GROUP_SCHEMA;
    const parameters = this.#parameters(whole);
    const resources = this.#resources(whole);
    const outputs = this.#outputs(whole);
    const functions: ObjectValue = { kind: 'object', members: new Map(), place: whole };
    const made = objectOf(
      [
        ['$schema', string(schema, whole)],
        ['parameters', parameters],
        ['variables', { kind: 'object', members: this.#parts.variables, place: whole }],
        ['functions', this.#functions(whole) ?? functions],
        ['resources', resources],
        ['outputs', outputs],
      ],
      whole,
    );
    return made;
  }

  #parameters(place: Place): ObjectValue {
    const members: [string, Value][] = [];
    for (const [name, declaration] of this.#scope.symbols.parameters) {
      const at = this.#scope.place(declaration.nameSpan, `/parameters/${name}`);
      const { value } = declaration;
      const parts: [string, Value][] = [];
      if (value !== undefined) {
        const pointer = `/parameters/${name}/defaultValue`;
        parts.push(['defaultValue', this.#scope.lowering.value(value, { pointer, locals: undefined })]);
      }
      if (this.#scope.isNullable(declaration.type)) parts.push(['nullable', boolean(true, at)]);
      members.push([name, objectOf(parts, at)]);
    }
    return objectOf(members, place);
  }

  #outputs(place: Place): ObjectValue {
    const members: [string, Value][] = [];
    for (const [name, declaration] of this.#scope.symbols.outputs) {
      const at: At = { pointer: `/outputs/${name}/value`, locals: undefined };
      const value = this.#scope.lowering.value(declaration.value, at);
      members.push([name, objectOf([['value', value]], this.#scope.place(declaration, `/outputs/${name}`))]);
    }
    return objectOf(members, place);
  }

  #functions(place: Place): Value | undefined {
    if (this.#parts.functions.size === 0) return undefined;
    const members = [...this.#parts.functions].map(([name, { parameters, output }]): [string, Value] => [
      name,
      objectOf(
        [
          [
            'parameters',
            array(
              parameters.map((parameter) => objectOf([['name', string(parameter, place)]], place)),
              place,
            ),
          ],
          ['output', objectOf([['value', output]], place)],
        ],
        place,
      ),
    ]);
    const space = objectOf(
      [
        ['namespace', string('__bicep', place)],
        ['members', objectOf(members, place)],
      ],
      place,
    );
    return array([space], place);
  }

  #resources(place: Place): ObjectValue {
    const members: [string, Value][] = [];
    for (const symbol of this.#scope.symbols.deployed.values()) {
      const deployed = this.#deployed(symbol);
      members.push([symbol.symbol, deployed], ...hiddenRules(this.#scope, symbol, deployed));
    }
    return objectOf(members, place);
  }

  #deployed(symbol: DeployedSymbol): ObjectValue {
    const { declaration } = symbol;
    const { references } = this.#scope;
    const pointer = `/resources/${symbol.symbol}`;
    const place = this.#scope.place(declaration, pointer);
    const at: At = { pointer, locals: references.localsOf(symbol, undefined), inside: symbol };
    const parts: Part[] = [
      { name: 'type', value: string(references.typeOf(symbol), place) },
      { name: 'apiVersion', value: string(versionOf(symbol), place) },
      { name: 'name', value: this.#name(symbol, at) },
      ...this.#conditions(symbol, at),
      ...this.#loop(symbol, place),
      ...this.#deployedTo(references.scopeOf(symbol, undefined), place),
      ...this.#dependsOn(declaration.body, at),
    ];
    if (declaration.kind === 'module')
      parts.push({ name: 'properties', value: moduleProperties(this.#scope, declaration, at) });
    else {
      if (declaration.existing) parts.push({ name: 'existing', value: boolean(true, place) });
      parts.push(...this.#body(declaration.body, at));
    }
    return object(parts, place);
  }

  #expression(made: Arm, place: Place, written: Span | undefined): Value {
    const shown = written === undefined ? '…' : this.#scope.textOf(written);
    return new ParsedExpression(shown, made, place);
  }

  #name(symbol: DeployedSymbol, at: At): Value {
    const { references } = this.#scope;
    const { declaration } = symbol;
    const written = propertyOf(declaration.body, 'name');
    const segments = references.nameSegments({ symbol, index: undefined });
    const span = written ?? declaration;
    const place = this.#scope.place(span, `${at.pointer}/name`);
    const isOwn = references.parentOf(symbol, undefined) === undefined;
    if (written !== undefined && isOwn) {
      return this.#scope.lowering.value(written, { ...at, pointer: `${at.pointer}/name` });
    }
    if (declaration.kind === 'module') return this.#moduleName(symbol, place);
    const format = segments.map((_, position) => `{${position}}`).join('/');
    return this.#expression(callOf('format', [text(format), ...segments], place), place, span);
  }

  /** A module without a name gets one from the compiler. */
  #moduleName(symbol: DeployedSymbol, place: Place): Value {
    if (symbol.declaration.loop === undefined) return string(symbol.symbol, place);
    const index = callOf('copyIndex', [text(symbol.symbol)], undefined);
    return this.#expression(
      callOf('format', [text(`${symbol.symbol}-{0}`), index], place),
      place,
      symbol.declaration.nameSpan,
    );
  }

  /** Its own condition, those of the resources around it, and what hangs on an unknown decorator. */
  #conditions(symbol: DeployedSymbol, at: At): Part[] {
    const conditions: Value[] = [];
    for (let one: DeployedSymbol | undefined = symbol; one !== undefined; one = one.around) {
      const { declaration } = one;
      const { condition } = declaration;
      const pointer = `${at.pointer}/condition`;
      if (condition !== undefined) {
        conditions.push(this.#scope.lowering.value(condition, { ...at, pointer }));
      }
      const decorator = unknownDecorator(declaration);
      if (decorator !== undefined) {
        const place = this.#scope.place(decorator, pointer);
        conditions.push(this.#scope.decoratorUnknown(declaration.name, decorator.name, place));
      }
    }
    const [only] = conditions;
    if (only === undefined) return [];
    if (conditions.length === 1) return [{ name: 'condition', value: only }];
    const all = conditions.map((value): Arm => ({ kind: 'value', value }));
    const { place } = only;
    return [{ name: 'condition', value: this.#expression(callOf('and', all, place), place, undefined) }];
  }

  #loop(symbol: DeployedSymbol, place: Place): Part[] {
    const loop = loopOf(symbol);
    if (loop === undefined) return [];
    const pointer = `/resources/${symbol.symbol}/copy/count`;
    const collection = this.#scope.lowering.expression(loop.collection, {
      ...{ pointer, locals: undefined, inside: symbol },
    });
    const at = this.#scope.place(loop.collection, pointer);
    const count = this.#expression(callOf('length', [collection], at), at, loop.collection);
    const copy = objectOf(
      [
        ['name', string(symbol.symbol, place)],
        ['count', count],
      ],
      this.#scope.place(loop.collection, `/resources/${symbol.symbol}/copy`),
    );
    return [{ name: 'copy', value: copy }];
  }

  #deployedTo(scope: DeployedScope, place: Place): Part[] {
    const part = (name: string, made: Arm): Part => ({
      name,
      value: this.#expression(made, place, undefined),
    });
    switch (scope.kind) {
      case 'own':
        return [];
      case 'resourceGroup':
        return [
          ...(scope.subscription === undefined ? [] : [part('subscriptionId', scope.subscription)]),
          part('resourceGroup', scope.name),
        ];
      case 'subscription':
        return [part('subscriptionId', scope.id)];
      case 'managementGroup':
        return scope.name === undefined
          ? []
          : [
              part(
                'scope',
                callOf(
                  'format',
                  [text('/providers/Microsoft.Management/managementGroups/{0}'), scope.name],
                  place,
                ),
              ),
            ];
      case 'tenant':
        return [{ name: 'scope', value: string('/', place) }];
      case 'extension':
        return [part('scope', scope.id)];
    }
  }

  #dependsOn(body: ObjectLiteral, at: At): Part[] {
    const written = propertyOf(body, 'dependsOn');
    if (written?.kind !== 'array') return [];
    const place = this.#scope.place(written, `${at.pointer}/dependsOn`);
    const names = written.items.flatMap((item) => {
      const reference = item.kind === 'spread' ? undefined : this.#scope.references.find(item, at);
      return reference === undefined ? [] : [string(reference.symbol.symbol, place)];
    });
    return [{ name: 'dependsOn', value: array(names, place) }];
  }

  #body(body: ObjectLiteral, at: At): Part[] {
    return body.properties.flatMap((property) => {
      if (property.kind !== 'property' || property.key.kind !== 'string') return [];
      const { key, value } = property;
      const name = property.key.value;
      if (ABOUT_DEPLOYMENT.has(name)) return [];
      const inner = below(at, name);
      return [
        {
          name,
          value: this.#scope.lowering.value(value, inner),
          keyPlace: keyOf(this.#scope.place(key, inner.pointer)),
        },
      ];
    });
  }
}
