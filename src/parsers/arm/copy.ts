import type { Place } from '../../model/place.ts';
import { array, number, type Member, type ObjectValue, type Value } from '../value.ts';
import { EvaluatedMember, evaluateValue } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import type { CopyLoop, Scope } from './scope.ts';
import { canonical, spreadOf, unknownIn, unknownValue } from './values.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-resources#copy-limits */
const MAX_COPIES = 800;

/** The count of a copy loop; a Value where it is not known. Throws a fatal ExpressionError for a count beyond Azure's. */
export function copyCount(count: Value | undefined, scope: Scope): number | Value {
  if (count === undefined) throw new ExpressionError("the copy loop has no 'count'");
  const value = evaluateValue(count, scope);
  if (value.kind === 'unknown') return value;
  const copies = value.kind === 'string' ? Number(value.value) : value.kind === 'number' ? value.value : NaN;
  if (!Number.isInteger(copies) || copies < 0) {
    throw new ExpressionError("the 'count' of the copy loop is not a whole number of 0 or more");
  }
  if (copies > MAX_COPIES) {
    throw new ExpressionError(
      `the copy loop asks for ${copies.toLocaleString('en')} copies; Azure makes at most ${MAX_COPIES}`,
      true,
    );
  }
  scope.evaluation.grow(copies);
  return copies;
}

export function inLoop(scope: Scope, name: string, index: Value): Scope {
  const loop: CopyLoop = { name: name.toLowerCase(), index, outer: scope.copies };
  return { ...scope, copies: loop };
}

/**
 * The members that `copy` in an object stands for: one array per loop. Undefined where `copy` is an ordinary property
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties).
 */
export function copyMembers(copy: Value, scope: Scope): Member[] | undefined {
  if (copy.kind !== 'array') return undefined;
  const members: Member[] = [];
  for (const loop of copy.items) {
    if (loop.kind !== 'object') return undefined;
    const name = loop.members.get('name')?.value;
    const input = loop.members.get('input')?.value;
    if (name?.kind !== 'string' || input === undefined) return undefined;
    members.push(
      new EvaluatedMember(name.value, loop.place, scope, () => copyValues(loop, name.value, input, scope)),
    );
  }
  return members;
}

/** The array that one loop makes. */
export function copyValues(loop: ObjectValue, name: string, input: Value, scope: Scope): Value {
  const count = copyCount(loop.members.get('count')?.value, scope);
  const place = input.place;
  if (typeof count !== 'number') return array([anyNumberOf(count, name, input, scope)], place);
  const items = Array.from({ length: count }, (_, index) =>
    evaluateValue(input, inLoop(scope, name, number(index, place))),
  );
  return array(items, place);
}

/** The items of a loop whose count is unknown: equal to those of a loop with equal count and input. */
function anyNumberOf(count: Value, name: string, input: Value, scope: Scope): Value {
  const unknown = unknownIn(count) ?? unknownLoop(input.place);
  const index = unknownValue(`copyIndex('${name}')`, unknown, input.place);
  const item = evaluateValue(input, inLoop(scope, name, index));
  return spreadOf(unknownValue(`copy(${canonical(count)},${canonical(item)})`, unknown, input.place));
}

function unknownLoop(place: Place): { reason: string; supply: string; place: Place } {
  return {
    reason: 'the count of the copy loop is not known',
    supply: 'give its value with --parameters',
    place,
  };
}
