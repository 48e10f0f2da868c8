import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import type { Value } from '../../value.ts';
import type { Block } from '../syntax/tree.ts';
import { evaluateSafely } from './body.ts';
import { entriesOf, withNames, type Scope } from './expression.ts';
import {
  EvaluationError,
  list,
  map,
  number,
  reasonOf,
  text,
  toNumber,
  toText,
  unknown,
  whyUnknown,
} from './values.ts';

/** Azure Firewall has room for far fewer; more would only be slow. */
const MOST_INSTANCES = 10_000;

/** The instances of a resource or module, and the value that its name has for what they are. */
export interface Instances<T> {
  readonly all: readonly T[];
  readonly wrap: (values: readonly Value[], place: Place) => Value;
}

type Make<T> = (suffix: string, scope: Scope, conditional: Unknown | undefined) => T;

/**
 * https://developer.hashicorp.com/terraform/language/meta-arguments/count and for_each. Where the number of instances is
 * not known there is one, which may exist.
 */
export function expand<T>(block: Block, scope: Scope, make: Make<T>): Instances<T> {
  const count = block.body.attributes.get('count')?.expression;
  const each = block.body.attributes.get('for_each')?.expression;
  if (count !== undefined) return counted(evaluateSafely(count, scope), scope, make);
  if (each !== undefined) return forEach(evaluateSafely(each, scope), each.place, scope, make);
  return { all: [make('', scope, undefined)], wrap: ([value], place) => value ?? list([], place) };
}

function counted<T>(count: Value, scope: Scope, make: Make<T>): Instances<T> {
  const { place } = count;
  const at = (index: Value): Scope => withNames(scope, [['count', map([['index', index]], place)]]);
  const why = whyUnknown(count);
  if (why !== undefined) {
    const all = [make('[0]', at(number(0, place)), reasonOf(why))];
    return { all, wrap: (values, where) => list(values, where) };
  }
  const total = Math.max(0, Math.trunc(safeNumber(count)));
  const all = Array.from({ length: Math.min(total, MOST_INSTANCES) }, (_, index) =>
    make(`[${index}]`, at(number(index, place)), undefined),
  );
  const rest = total > MOST_INSTANCES ? [tooMany(total, place)] : [];
  return { all, wrap: (values, where) => list([...values, ...rest], where) };
}

function safeNumber(value: Value): number {
  try {
    return value.kind === 'null' ? 0 : toNumber(value);
  } catch (error) {
    if (error instanceof EvaluationError) return 0;
    throw error;
  }
}

function tooMany(total: number, place: Place): Value {
  const why = {
    reason: `${total} instances are more than the ${MOST_INSTANCES} that are evaluated`,
    supply: 'lint the plan or the state instead',
    place,
  };
  return unknown(`instances beyond ${MOST_INSTANCES}`, why, place, true);
}

function forEach<T>(collection: Value, place: Place, scope: Scope, make: Make<T>): Instances<T> {
  const at = (key: Value, value: Value): Scope =>
    withNames(scope, [
      [
        'each',
        map(
          [
            ['key', key],
            ['value', value],
          ],
          value.place,
        ),
      ],
    ]);
  const why = whyUnknown(collection);
  if (why !== undefined || (collection.kind !== 'array' && collection.kind !== 'object')) {
    const reason = why === undefined ? wrong(place) : reasonOf(why);
    const open = (name: string): Value =>
      unknown(`${name} ${place.path}${place.pointer}`, reason, collection.place);
    const all = [make('[*]', at(open('each.key'), open('each.value')), reason)];
    return { all, wrap: () => unknown(`instances ${place.path}${place.pointer}`, reason, place) };
  }
  const entries = entriesOf(collection, place).map(([key, value]) => {
    // The members of a set are their own keys.
    const name = collection.kind === 'array' ? toText(value) : toText(key);
    return {
      name: name.value,
      key: collection.kind === 'array' ? value : text(name.value, key.place),
      value,
    };
  });
  const all = entries
    .slice(0, MOST_INSTANCES)
    .map(({ name, key, value }) => make(`["${name}"]`, at(key, value), undefined));
  return {
    all,
    wrap: (values, where) =>
      map(
        values.map((value, index) => [entries[index]?.name ?? '', value] as const),
        where,
      ),
  };
}

function wrong(place: Place): Unknown {
  return {
    reason: 'for_each is neither a map nor a set',
    supply: 'correct the expression',
    place,
    isMistake: true,
  };
}
