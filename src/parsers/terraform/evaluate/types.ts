import type { Place } from '../../../model/place.ts';
import { boolean, array, nothing, number, type Member, type Value } from '../../value.ts';
import type { Expression } from '../syntax/tree.ts';
import {
  EvaluationError,
  memberOf,
  sortedNames,
  toBoolean,
  toNumber,
  toSet,
  toText,
  typeName,
  whyUnknown,
} from './values.ts';

/** https://developer.hashicorp.com/terraform/language/expressions/type-constraints */
export type Type =
  | { readonly kind: 'any' | 'string' | 'number' | 'bool' }
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: Type }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | {
      readonly kind: 'object';
      readonly attributes: ReadonlyMap<
        string,
        { readonly type: Type; readonly isOptional: boolean; readonly fallback: Expression | undefined }
      >;
    };

const ANY: Type = { kind: 'any' };

/** Reads what stands after `type =`; undefined parts count as any type. */
export function typeOf(expression: Expression | undefined): Type {
  if (expression === undefined) return ANY;
  if (expression.kind === 'variable' || expression.kind === 'literal') {
    const name = expression.kind === 'variable' ? expression.name : String(expression.value);
    switch (name) {
      case 'string':
      case 'number':
      case 'bool':
        return { kind: name };
      case 'list':
      case 'set':
      case 'map':
        return { kind: name, of: ANY };
      default:
        return ANY;
    }
  }
  if (expression.kind !== 'call') return ANY;
  const [argument] = expression.arguments;
  switch (expression.name) {
    case 'list':
    case 'set':
    case 'map':
      return { kind: expression.name, of: typeOf(argument) };
    case 'tuple':
      return { kind: 'tuple', items: argument?.kind === 'tuple' ? argument.items.map(typeOf) : [] };
    case 'object':
      return argument?.kind === 'object' ? objectType(argument) : ANY;
    case 'optional':
      return typeOf(argument);
    default:
      return ANY;
  }
}

function objectType(expression: Extract<Expression, { kind: 'object' }>): Type {
  return {
    kind: 'object',
    attributes: new Map(
      expression.items.flatMap(({ key, value }) => {
        if (key.kind !== 'literal') return [];
        const isOptional = value.kind === 'call' && value.name === 'optional';
        const fallback = isOptional ? value.arguments[1] : undefined;
        return [[String(key.value), { type: typeOf(value), isOptional, fallback }] as const];
      }),
    ),
  };
}

/** Evaluates the default of an optional attribute, which may call functions and nothing else. */
export type Fallback = (expression: Expression) => Value;

const NO_FALLBACK: Fallback = (expression) => nothing(expression.place);

/** The value as the type wants it. Throws an EvaluationError where Terraform would refuse it. */
export function convert(value: Value, type: Type, place: Place, fallback: Fallback = NO_FALLBACK): Value {
  if (value.kind === 'null' || value.kind === 'unknown' || type.kind === 'any') return value;
  switch (type.kind) {
    case 'string':
      return toText(value, place);
    case 'number':
      return whyUnknown(value) === undefined ? number(toNumber(value, place), value.place) : value;
    case 'bool':
      return whyUnknown(value) === undefined ? boolean(toBoolean(value, place), value.place) : value;
    case 'list':
    case 'set': {
      if (value.kind !== 'array') throw mismatch('a list', value, place);
      const items = value.items.map((item) => convert(item, type.of, place, fallback));
      return array(type.kind === 'set' ? toSet(items) : items, value.place);
    }
    case 'tuple': {
      if (value.kind !== 'array') throw mismatch('a list', value, place);
      return array(
        value.items.map((item, at) => convert(item, type.items[at] ?? ANY, place, fallback)),
        value.place,
      );
    }
    case 'map': {
      if (value.kind !== 'object') throw mismatch('a map', value, place);
      const members = new Map<string, Member>();
      for (const name of sortedNames(value)) {
        const member = value.members.get(name);
        if (member === undefined) continue;
        members.set(name, { ...member, value: convert(member.value, type.of, place, fallback) });
      }
      return { kind: 'object', members, place: value.place };
    }
    case 'object':
      return toObjectType(value, type, place, fallback);
  }
}

function toObjectType(
  value: Value,
  type: Extract<Type, { kind: 'object' }>,
  place: Place,
  fallback: Fallback,
): Value {
  if (value.kind !== 'object') throw mismatch('an object', value, place);
  const members = new Map<string, Member>();
  for (const [name, attribute] of type.attributes) {
    const given = memberOf(value, name);
    if (given === undefined && !attribute.isOptional) {
      throw new EvaluationError(`attribute '${name}' is required and missing`, value.place);
    }
    const isMissing = given === undefined || given.kind === 'null';
    const made =
      isMissing && attribute.fallback !== undefined
        ? convert(fallback(attribute.fallback), attribute.type, place, fallback)
        : given === undefined
          ? nothing(value.place)
          : convert(given, attribute.type, place, fallback);
    const keyPlace = value.members.get(name)?.keyPlace;
    members.set(name, { name, value: made, ...(keyPlace === undefined ? {} : { keyPlace }) });
  }
  return { kind: 'object', members, place: value.place };
}

function mismatch(expected: string, value: Value, place: Place): EvaluationError {
  return new EvaluationError(
    `expected ${expected}, found ${typeName(value)}`,
    value.place.path === '' ? place : value.place,
  );
}
