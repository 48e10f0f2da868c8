import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { array, type Member, type ObjectValue, type Value } from '../../value.ts';
import { Unresolved } from '../functions/function.ts';
import type { Block, Body, Expression } from '../syntax/tree.ts';
import { entriesOf, evaluate, withNames, type Scope } from './expression.ts';
import { EvaluationError, identity, inner, map, unknown, whyUnknown, reasonOf } from './values.ts';

/** Arguments and blocks that Terraform itself takes; a provider never sees them. */
const META: ReadonlySet<string> = new Set([
  ...['count', 'for_each', 'provider', 'providers', 'depends_on', 'lifecycle', 'connection', 'provisioner'],
]);

/** Evaluates an expression; what Terraform would refuse is a value that is not known because of a mistake. */
export function evaluateSafely(expression: Expression, scope: Scope): Value {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    if (error instanceof Unresolved) return error.value;
    if (!(error instanceof EvaluationError)) throw error;
    const { place } = expression;
    return unknown(`${place.path} ${place.pointer.slice(1).replaceAll('/', '.')}`, mistake(error), place);
  }
}

export function mistake(error: EvaluationError): Unknown {
  return {
    reason: error.message,
    supply: 'correct the expression',
    place: error.place.path === '' ? { path: '', pointer: '' } : error.place,
    isMistake: true,
  };
}

/** A block as an object: arguments by name, and for each type of block inside it a list. */
export function bodyValue(body: Body, scope: Scope, place: Place): ObjectValue {
  const members = new Map<string, Member>();
  for (const [name, { expression, place: keyPlace }] of body.attributes) {
    if (META.has(name)) continue;
    members.set(name, { name, value: evaluateSafely(expression, scope), keyPlace });
  }
  for (const name of blockTypes(body)) {
    const first = body.blocks.find((block) => blockType(block) === name);
    const keyPlace = first?.place ?? place;
    members.set(name, { name, value: array(blockValues(body, name, scope), keyPlace), keyPlace });
  }
  return { kind: 'object', members, place };
}

export function blockTypes(body: Body): string[] {
  return [...new Set(body.blocks.map(blockType))].filter((name) => !META.has(name));
}

function blockType(block: Block): string {
  return block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type;
}

/** The blocks of one type, those of `dynamic` in their place. */
export function blockValues(body: Body, type: string, scope: Scope): Value[] {
  return body.blocks
    .filter((block) => blockType(block) === type)
    .flatMap((block) =>
      block.type === 'dynamic' ? dynamicBlocks(block, scope) : [bodyValue(block.body, scope, block.place)],
    );
}

/** https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks */
function dynamicBlocks(block: Block, scope: Scope): Value[] {
  const { attributes, blocks } = block.body;
  const each = attributes.get('for_each')?.expression;
  const content = blocks.find(({ type }) => type === 'content');
  if (each === undefined || content === undefined) return [];
  const collection = evaluateSafely(each, scope);
  const why = whyUnknown(collection);
  if (collection.kind === 'unknown' || (why !== undefined && collection.kind !== 'array')) {
    const reason = why ?? whyUnknown(collection, true);
    if (reason === undefined) return [];
    return [
      unknown(
        `${block.labels[0] ?? ''} for ${identity(collection)}`,
        reasonOf(reason),
        collection.place,
        true,
      ),
    ];
  }
  if (collection.kind === 'null') return [];
  const iterator = attributes.get('iterator')?.expression;
  const name = iterator?.kind === 'variable' ? iterator.name : (block.labels[0] ?? '');
  let entries: (readonly [Value, Value])[];
  try {
    entries = entriesOf(collection, each.place);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return [unknown(`error ${each.place.path}${each.place.pointer}`, mistake(error), each.place, true)];
  }
  return entries.map(([key, value]) => {
    if (value.kind === 'unknown' && value.spread === true) {
      return unknown(`${name} for ${inner(value.symbol)}`, value.unknown, value.place, true);
    }
    const item = map(
      [
        ['key', key],
        ['value', value],
      ],
      value.place,
    );
    return bodyValue(content.body, withNames(scope, [[name, item]]), placeOf(value, block));
  });
}

/** Where a generated block is written: the element that it was made for, where that says more. */
function placeOf(value: Value, block: Block): Place {
  return value.kind === 'object' ? value.place : block.place;
}
