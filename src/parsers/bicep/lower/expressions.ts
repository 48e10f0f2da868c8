import type { Place } from '../../../model/place.ts';
import { child, keyOf } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { ParsedExpression, type Expression as Arm } from '../../arm/expression.ts';
import { unknownValue } from '../../arm/values.ts';
import { array, boolean, nothing, number, string, type Member, type Value } from '../../value.ts';
import type { Expression, ObjectLiteral, Property, Span, Spread } from '../syntax/tree.ts';
import { findLocal, withLocal, type Locals } from './locals.ts';
import type { Names } from './names.ts';
import type { DeployedSymbol } from './symbols.ts';

/** Functions that templates have for what Bicep writes otherwise. */
const NOT_BICEP: ReadonlySet<string> = new Set([
  'add',
  'and',
  'copyIndex',
  'createArray',
  'createObject',
  'div',
  'equals',
  'greater',
  'greaterOrEquals',
  'if',
  'indexFromEnd',
  'lambda',
  'lambdaVariables',
  'less',
  'lessOrEquals',
  'mod',
  'mul',
  'not',
  'or',
  'parameters',
  'references',
  'sub',
  'tryGet',
  'tryIndexFromEnd',
  'variables',
]);

const BINARY: ReadonlyMap<string, string> = new Map([
  ['*', 'mul'],
  ['/', 'div'],
  ['%', 'mod'],
  ['+', 'add'],
  ['-', 'sub'],
  ['>', 'greater'],
  ['>=', 'greaterOrEquals'],
  ['<', 'less'],
  ['<=', 'lessOrEquals'],
  ['==', 'equals'],
  ['&&', 'and'],
  ['||', 'or'],
  ['??', 'coalesce'],
]);

/** Where an expression stands: the pointer that it has in the template, and what local names mean. */
export interface At {
  readonly pointer: string;
  readonly locals: Locals | undefined;
  /** The resource in whose body it is, whose nested resources have names here. */
  readonly inside?: DeployedSymbol | undefined;
}

export function below({ pointer, locals, inside }: At, token: string | number): At {
  return { pointer: child({ path: '', pointer }, token).pointer, locals, inside };
}

/**
 * Brings expressions to those of templates: what an operator or a function does is written there once. Every value keeps
 * the place where it is written.
 */
export class ExpressionLowering {
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  place(span: Span, pointer: string): Place {
    return this.#names.place(span, pointer);
  }

  /** A value of the template; expressions in it are evaluated when somebody asks. */
  value(written: Expression, at: At): Value {
    const place = this.place(written, at.pointer);
    switch (written.kind) {
      case 'string':
        return string(escaped(written.value), place);
      case 'number':
        return number(written.value, place);
      case 'boolean':
        return boolean(written.value, place);
      case 'null':
        return nothing(place);
      case 'group':
        return this.value(written.inner, at);
      case 'array':
        if (written.items.some(({ kind }) => kind === 'spread')) break;
        return array(
          written.items.map((item, index) => this.value(item as Expression, below(at, index))),
          place,
        );
      case 'object':
        if (!written.properties.every(isPlain)) break;
        return this.object(written.properties, withName(place, written), at);
      default:
    }
    return new ParsedExpression(this.#names.textOf(written), this.expression(written, at), place);
  }

  object(properties: readonly Property[], place: Place, at: At): Value & { readonly kind: 'object' } {
    const members = new Map<string, Member>();
    for (const { key, value } of properties) {
      const name = key.kind === 'string' ? key.value : '';
      const inner = below(at, name);
      members.set(name.toLowerCase(), {
        name: escaped(name),
        value: this.value(value, inner),
        keyPlace: keyOf(this.place(key, inner.pointer)),
      });
    }
    return { kind: 'object', members, place };
  }

  expression(written: Expression, at: At): Arm {
    const place = this.place(written, at.pointer);
    const call = (name: string, ...args: readonly Arm[]): Arm => callOf(name, args, place);
    switch (written.kind) {
      case 'group':
        return this.expression(written.inner, at);
      case 'array':
        return written.items.some(({ kind }) => kind === 'spread')
          ? this.#spreadArray(written.items, at, place)
          : { kind: 'value', value: this.value(written, at) };
      case 'object':
        return written.properties.every(isPlain)
          ? { kind: 'value', value: this.value(written, at) }
          : this.#computedObject(written, at, place);
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        return { kind: 'value', value: this.value(written, at) };
      case 'interpolation':
        return this.#interpolation(written.parts, at, place);
      case 'name':
        return findLocal(at.locals, written.name) ?? this.#names.named(written, at);
      case 'call':
        return this.#call(written, at, place);
      case 'member':
      case 'index':
      case 'nested':
        return this.#names.ofResource(written, at) ?? this.#access(written, at, place);
      case 'unary':
        return this.#unary(written, at, call);
      case 'binary':
        return this.#binary(written, at, call);
      case 'conditional':
        return call(
          'if',
          this.expression(written.condition, below(at, 0)),
          this.expression(written.then, below(at, 1)),
          this.expression(written.otherwise, below(at, 2)),
        );
      case 'lambda':
        return this.#lambda(written.parameters, written.body, at, place);
      case 'for': {
        const variables = [written.item, ...(written.index === undefined ? [] : [written.index])];
        const body = this.#lambda(variables, written.body, at, place);
        return call('map', this.expression(written.collection, below(at, 'in')), body);
      }
    }
  }

  /** An unknown value for what is wrong with the file. */
  mistake(reason: string, place: Place): Arm {
    const unknown: Unknown = { reason, supply: 'correct the file', place, isMistake: true };
    return { kind: 'value', value: unknownValue(`${place.path}: ${reason}`, unknown, place) };
  }

  #unary(
    { operator, operand }: Expression & { kind: 'unary' },
    at: At,
    call: (name: string, ...args: readonly Arm[]) => Arm,
  ): Arm {
    const inner = this.expression(operand, below(at, 0));
    if (operator === '!') return call('not', inner);
    return operator === '-' ? call('sub', { kind: 'number', value: 0 }, inner) : inner;
  }

  #binary(
    { operator, left, right }: Expression & { kind: 'binary' },
    at: At,
    call: (name: string, ...args: readonly Arm[]) => Arm,
  ): Arm {
    const sides = [this.expression(left, below(at, 0)), this.expression(right, below(at, 1))];
    const lowered = (): Arm[] => sides.map((side) => call('toLower', side));
    switch (operator) {
      case '!=':
        return call('not', call('equals', ...sides));
      case '=~':
        return call('equals', ...lowered());
      case '!~':
        return call('not', call('equals', ...lowered()));
      default:
        return call(BINARY.get(operator) ?? operator, ...sides);
    }
  }

  #interpolation(parts: readonly (string | Expression)[], at: At, place: Place): Arm {
    let format = '';
    const values: Arm[] = [];
    for (const part of parts) {
      if (typeof part === 'string') {
        format += part.replaceAll(/[{}]/g, '$&$&');
      } else {
        format += `{${values.length}}`;
        values.push(this.expression(part, below(at, values.length)));
      }
    }
    return callOf('format', [{ kind: 'string', value: format }, ...values], place);
  }

  #lambda(names: readonly string[], body: Expression, at: At, place: Place): Arm {
    let { locals } = at;
    for (const name of names) {
      const variable = callOf('lambdaVariables', [{ kind: 'string', value: name }], undefined);
      locals = withLocal(locals, name, variable);
    }
    const inner = this.expression(body, { ...below(at, 'for'), locals });
    return callOf('lambda', [...names.map((name): Arm => ({ kind: 'string', value: name })), inner], place);
  }

  /** `[a, ...b]` is concat([a], b). */
  #spreadArray(items: readonly (Expression | Spread)[], at: At, place: Place): Arm {
    const lists: Arm[] = [];
    let own: Value[] = [];
    const close = (): void => {
      if (own.length > 0 || lists.length === 0) lists.push({ kind: 'value', value: array(own, place) });
      own = [];
    };
    items.forEach((item, index) => {
      const inner = below(at, index);
      if (item.kind !== 'spread') {
        own.push(this.value(item, inner));
        return;
      }
      close();
      lists.push(this.expression(item.of, inner));
    });
    if (own.length > 0) close();
    return callOf('concat', lists, place);
  }

  /** `{a: 1, ...b}` is shallowMerge([{a: 1}, b]); names that are computed make an object of their own. */
  #computedObject({ properties }: ObjectLiteral, at: At, place: Place): Arm {
    const objects: Value[] = [];
    let own: Property[] = [];
    const close = (): void => {
      if (own.length > 0) objects.push(this.object(own, place, at));
      own = [];
    };
    const made = (written: Span, expression: Arm, pointer: string): void => {
      close();
      objects.push(
        new ParsedExpression(this.#names.textOf(written), expression, this.place(written, pointer)),
      );
    };
    properties.forEach((property, index) => {
      const inner = below(at, index);
      if (property.kind === 'spread') {
        made(property, this.expression(property.of, inner), inner.pointer);
      } else if (property.key.kind === 'string') {
        own.push(property);
      } else {
        const key = this.expression(property.key, inner);
        const value = this.expression(property.value, inner);
        made(
          property,
          callOf('createObject', [key, value], this.place(property, inner.pointer)),
          inner.pointer,
        );
      }
    });
    close();
    return callOf('shallowMerge', [{ kind: 'value', value: array(objects, place) }], place);
  }

  #access(written: Expression & { kind: 'member' | 'index' | 'nested' }, at: At, place: Place): Arm {
    if (written.kind === 'nested') {
      return this.mistake(`'${this.#names.textOf(written)}' is no resource of this file`, place);
    }
    const of = this.expression(written.of, at);
    const safe = written.safe || isSafe(written.of);
    if (written.kind === 'member') {
      return { kind: 'index', of, index: { kind: 'string', value: written.name }, safe, place };
    }
    const index = this.expression(written.index, below(at, 'index'));
    if (!written.fromEnd) return { kind: 'index', of, index, safe, place };
    return callOf(safe ? 'tryIndexFromEnd' : 'indexFromEnd', [of, index], place);
  }

  #call(written: Expression & { kind: 'call' }, at: At, place: Place): Arm {
    const special = this.#names.called(written, at);
    if (special !== undefined) return special;
    const { name } = written;
    const args = written.arguments.map((one, index) => this.expression(one, below(at, index)));
    if (name === 'any' && args[0] !== undefined) return args[0];
    if (NOT_BICEP.has(name)) return this.mistake(`there is no function ${name}()`, place);
    return callOf(name, args, place);
  }
}

export function callOf(name: string, args: readonly Arm[], place: Place | undefined): Arm {
  const call = { kind: 'call', name: name.toLowerCase(), written: name, args } as const;
  return place === undefined ? call : { ...call, place };
}

/** An object is shown by the value of its own name. */
function withName(place: Place, { properties }: ObjectLiteral): Place {
  if (place.span === undefined) return place;
  for (const property of properties) {
    if (property.kind !== 'property' || property.key.kind !== 'string' || property.key.value !== 'name')
      continue;
    const { start, end } = property.value;
    return { ...place, shown: { start, end } };
  }
  return place;
}

/** In templates a text in brackets is an expression. */
export function escaped(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

function isPlain(property: Property | Spread): property is Property {
  return property.kind === 'property' && property.key.kind === 'string';
}

/** Behind `.?` everything up to the end of the chain is null where something is missing. */
function isSafe(of: Expression): boolean {
  return (of.kind === 'member' || of.kind === 'index') && (of.safe || isSafe(of.of));
}
