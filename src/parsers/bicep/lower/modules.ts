import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { ParsedExpression } from '../../arm/expression.ts';
import { unknownValue } from '../../arm/values.ts';
import { string, type ObjectValue, type Value } from '../../value.ts';
import type { Expression, ModuleDeclaration } from '../syntax/tree.ts';
import { below, callOf, type At } from './expressions.ts';
import type { FileScope } from './file-scope.ts';
import { object, objectOf, type Part } from './objects.ts';
import { propertyOf, text } from './references.ts';
import type { DeployedSymbol } from './symbols.ts';

/** The properties of the deployment that a module is: its template, and what that is given. */
export function moduleProperties(scope: FileScope, declaration: ModuleDeclaration, at: At): ObjectValue {
  const place = scope.place(declaration, at.pointer);
  const pathPlace = scope.place(declaration.path, at.pointer);
  const path = declaration.path.kind === 'string' ? declaration.path.value : undefined;
  const template =
    path === undefined
      ? noPath(declaration.name, pathPlace)
      : scope.project.module(scope, path, declaration, pathPlace);
  const written = propertyOf(declaration.body, 'params');
  return objectOf(
    [
      ['mode', string('Incremental', place)],
      ['expressionEvaluationOptions', objectOf([['scope', string('inner', place)]], place)],
      ['parameters', written === undefined ? objectOf([], place) : argumentsOf(scope, written, at)],
      ['template', template],
    ],
    place,
  );
}

function noPath(name: string, place: Place): Value {
  const unknown: Unknown = {
    reason: `the path of module '${name}' is no literal string`,
    supply: 'correct the file',
    place,
    isMistake: true,
  };
  return unknownValue(`module ${name}`, unknown, place);
}

/** `{a: x}` is `{a: {value: x}}`. */
function argumentsOf(scope: FileScope, written: Expression, around: At): Value {
  const at = below(below(around, 'properties'), 'parameters');
  const place = scope.place(written, at.pointer);
  const isPlain =
    written.kind === 'object' &&
    written.properties.every((one) => one.kind === 'property' && one.key.kind === 'string');
  if (!isPlain) {
    const variable = callOf('lambdaVariables', [text('given')], undefined);
    const made = callOf('createObject', [text('value'), variable], undefined);
    const lambda = callOf('lambda', [text('given'), made], undefined);
    const expression = callOf('mapValues', [scope.lowering.expression(written, at), lambda], place);
    return new ParsedExpression(scope.textOf(written), expression, place);
  }
  const members: [string, Value][] = [];
  for (const property of written.properties) {
    if (property.kind !== 'property' || property.key.kind !== 'string') continue;
    const inner = below(at, property.key.value);
    const value = scope.lowering.value(property.value, below(inner, 'value'));
    members.push([property.key.value, objectOf([['value', value]], scope.place(property, inner.pointer))]);
  }
  return objectOf(members, place);
}

/** A module that is not read may hold rules of a policy if it is about rules, or is given one: any number of groups. */
export function hiddenRules(
  scope: FileScope,
  { symbol, declaration }: DeployedSymbol,
  deployed: ObjectValue,
): [string, Value][] {
  if (declaration.kind !== 'module' || !isAboutRules(declaration, scope)) return [];
  const properties = deployed.members.get('properties')?.value;
  const template = properties?.kind === 'object' ? properties.members.get('template')?.value : undefined;
  if (template?.kind !== 'unknown') return [];
  const { place } = deployed;
  const condition = deployed.members.get('condition');
  const copy = objectOf(
    [
      ['name', string(symbol, place)],
      ['count', template],
    ],
    place,
  );
  const parts: Part[] = [
    { name: 'type', value: string('Microsoft.Network/firewallPolicies/ruleCollectionGroups', place) },
    { name: 'name', value: string(symbol, place) },
    { name: 'copy', value: copy },
    ...(condition === undefined ? [] : [condition]),
  ];
  return [[`${symbol} rules`, object(parts, place)]];
}

/** Names that speak of rules, and those of what a firewall itself is made of. */
const RULES = /rule[-_]?collection|firewall[-_]?(?:policy[-_]?)?rules?|firewall-?policy/i;
const FIREWALL = /sku|ip_?config|public_?ip|subnet|diagnostic|log_?analytics/i;

function isAboutRules(declaration: ModuleDeclaration, scope: FileScope): boolean {
  const path = declaration.path.kind === 'string' ? declaration.path.value : '';
  const params = propertyOf(declaration.body, 'params');
  const given = (params?.kind === 'object' ? params.properties : []).flatMap((one) =>
    one.kind === 'property' && one.key.kind === 'string' ? { name: one.key.value, value: one.value } : [],
  );
  if ([path, ...given.map(({ name }) => name)].some((text) => RULES.test(text))) return true;
  if (given.some(({ name }) => FIREWALL.test(name))) return false;
  const policies = [...scope.symbols.deployed.values()].flatMap(({ declaration: one }) =>
    one.kind === 'resource' && one.type.kind === 'string' && /\/firewallPolicies@/i.test(one.type.value)
      ? one.name
      : [],
  );
  return given.some(
    ({ name, value }) =>
      /^(?:azure)?firewallPolicy(?:Id|Name|ResourceId)$/i.test(name) ||
      policies.some((policy) => new RegExp(`\\b${policy}\\b`).test(scope.textOf(value))),
  );
}
