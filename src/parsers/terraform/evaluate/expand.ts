import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import { array, number, string, type Value } from '../../value.ts';
import type { Block } from '../syntax/tree.ts';
import { evaluateSafely } from './body.ts';
import { entriesOf, withNames, type Scope } from './expression.ts';
import { EvaluationError, map, reasonOf, toNumber, toText, unknown, whyUnknown } from './values.ts';

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
  return { all: [make('', scope, undefined)], wrap: ([value], place) => value ?? array([], place) };
}

function counted<T>(count: Value, scope: Scope, make: Make<T>): Instances<T> {
  const { place } = count;
  const at = (index: Value): Scope => withNames(scope, [['count', map([['index', index]], place)]]);
  const wrap: Instances<T>['wrap'] = (values, where) => array(values, where);
  const why = whyUnknown(count);
  const total = why === undefined ? numberOf(count) : undefined;
  if (total === undefined) {
    const reason = why === undefined ? wrong('count is no number', place) : reasonOf(why);
    return { all: [make('[0]', at(number(0, place)), reason)], wrap };
  }
  const all = Array.from({ length: Math.min(total, MOST_INSTANCES) }, (_, index) =>
    make(`[${index}]`, at(number(index, place)), undefined),
  );
  if (total <= MOST_INSTANCES) return { all, wrap };
  const reason = tooMany(total, place);
  const rest = unknown(`instances beyond ${MOST_INSTANCES}`, reason, place, true);
  const index = unknown(`count.index ${place.path}${place.pointer}`, reason, place);
  return {
    all: [...all, make('[*]', at(index), reason)],
    wrap: (values, where) => array([...values.slice(0, MOST_INSTANCES), rest], where),
  };
}

function numberOf(value: Value): number | undefined {
  try {
    return Math.max(0, Math.trunc(toNumber(value)));
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function tooMany(total: number, place: Place): Unknown {
  return {
    reason: `${total} instances are more than the ${MOST_INSTANCES} that are evaluated`,
    supply: 'lint the plan or the state instead',
    place,
  };
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
  /** One instance that stands for those that are not known. */
  const rest = (reason: Unknown): T => {
    const open = (name: string): Value =>
      unknown(`${name} ${place.path}${place.pointer}`, reason, collection.place);
    return make('[*]', at(open('each.key'), open('each.value')), reason);
  };
  const why = whyUnknown(collection);
  const entries = why === undefined ? instanceKeys(collection, place) : undefined;
  if (entries === undefined) {
    const reason =
      why === undefined ? wrong('for_each is neither a map nor a set of strings', place) : reasonOf(why);
    return {
      all: [rest(reason)],
      wrap: () => unknown(`instances ${place.path}${place.pointer}`, reason, place),
    };
  }
  const all = entries
    .slice(0, MOST_INSTANCES)
    .map(({ name, key, value }) => make(`["${name}"]`, at(key, value), undefined));
  if (entries.length > MOST_INSTANCES) all.push(rest(tooMany(entries.length, place)));
  return {
    all,
    wrap: (values, where) =>
      map(
        entries.slice(0, MOST_INSTANCES).flatMap(({ name }, at) => {
          const value = values[at];
          return value === undefined ? [] : [[name, value] as const];
        }),
        where,
      ),
  };
}

/** Undefined for what Terraform refuses in for_each. */
function instanceKeys(
  collection: Value,
  place: Place,
): { name: string; key: Value; value: Value }[] | undefined {
  try {
    return entriesOf(collection, place).map(([key, value]) => {
      // The members of a set are their own keys.
      const own = collection.kind === 'array' ? value : key;
      const name = toText(own).value;
      return { name, key: collection.kind === 'array' ? value : string(name, key.place), value };
    });
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function wrong(reason: string, place: Place): Unknown {
  return {
    reason,
    supply: 'correct the expression',
    place,
    isMistake: true,
  };
}
