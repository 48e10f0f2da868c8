import type { Place } from '../../../model/place.ts';
import { boolean, number, type Value } from '../../value.ts';
import {
  equals,
  EvaluationError,
  identity,
  reasonOf,
  toBoolean,
  toNumber,
  typeName,
  unknown,
  whyUnknown,
} from './values.ts';

/** https://developer.hashicorp.com/terraform/language/expressions/operators */
export function binary(operator: string, left: Value, right: Value, place: Place): Value {
  if (operator === '==' || operator === '!=') {
    const equal = equals(left, right);
    if (equal === undefined) return open(operator, left, right, place);
    return boolean(equal === (operator === '=='), place);
  }
  if (operator === '&&' || operator === '||') {
    const decisive = operator === '||';
    for (const side of [left, right]) {
      if (whyUnknown(side) === undefined && toBoolean(side, place) === decisive)
        return boolean(decisive, place);
    }
    if (whyUnknown(left) !== undefined || whyUnknown(right) !== undefined)
      return open(operator, left, right, place);
    return boolean(!decisive, place);
  }
  if (whyUnknown(left) !== undefined || whyUnknown(right) !== undefined)
    return open(operator, left, right, place);
  const a = operand(left, operator, place);
  const b = operand(right, operator, place);
  switch (operator) {
    case '+':
      return number(a + b, place);
    case '-':
      return number(a - b, place);
    case '*':
      return number(a * b, place);
    case '/':
      if (b === 0) throw new EvaluationError('division by zero', place);
      return number(a / b, place);
    case '%':
      if (b === 0) throw new EvaluationError('division by zero', place);
      return number(a % b, place);
    case '>':
      return boolean(a > b, place);
    case '>=':
      return boolean(a >= b, place);
    case '<':
      return boolean(a < b, place);
    default:
      return boolean(a <= b, place);
  }
}

export function unary(operator: string, value: Value, place: Place): Value {
  const why = whyUnknown(value);
  if (why !== undefined) return unknown(`${operator}${identity(value)}`, reasonOf(why), place);
  if (operator === '!') return boolean(!toBoolean(value, place), place);
  const result = -toNumber(value, place);
  return number(result === 0 ? 0 : result, place);
}

function operand(value: Value, operator: string, place: Place): number {
  if (value.kind === 'null' || value.kind === 'boolean') {
    throw new EvaluationError(`expected a number beside ${operator}, found ${typeName(value)}`, place);
  }
  return toNumber(value, place);
}

function open(operator: string, left: Value, right: Value, place: Place): Value {
  const why = whyUnknown(left, true) ?? whyUnknown(right, true);
  if (why === undefined) throw new EvaluationError('the operands cannot be compared', place);
  return unknown(`(${identity(left)} ${operator} ${identity(right)})`, reasonOf(why), place);
}
