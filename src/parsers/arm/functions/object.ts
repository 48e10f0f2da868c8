import { array, nothing, string, type Value } from '../../value.ts';
import { parseJson } from '../../json/read.ts';
import { ExpressionError } from '../expression.ts';
import { isLive } from '../members.ts';
import { fromPlain, isUnknown, object, textOf } from '../values.ts';
import {
  arrayAt,
  objectAt,
  partial,
  strict,
  stringAt,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-object */
export const objectFunctions: FunctionTable = {
  createObject: partial(0, Infinity, createObject),
  items: partial(1, 1, (args, call) => {
    const [arg] = args;
    if (arg?.kind === 'unknown' || (arg !== undefined && isLive(arg))) return symbolicCall(call, args);
    return array(
      sortedMembers(args, call).map(({ name, value }) =>
        object(
          [
            ['key', string(name, call.place)],
            ['value', value],
          ],
          call.place,
        ),
      ),
      call.place,
    );
  }),
  json: strict(1, 1, (args, call) => {
    const text = stringAt(args, 0, call);
    const raw = parseJson(text);
    if (raw !== undefined) return fromPlain(raw, call.place);
    throw new ExpressionError(`json() is given text that is not JSON: ${JSON.stringify(text.slice(0, 40))}`);
  }),
  null: strict(0, 0, (_args, call) => nothing(call.place)),
  objectKeys: partial(1, 1, (args, call) => {
    const [arg] = args;
    if (arg?.kind === 'unknown' || (arg !== undefined && isLive(arg))) return symbolicCall(call, args);
    return array(
      sortedMembers(args, call).map(({ name }) => string(name, call.place)),
      call.place,
    );
  }),
  shallowMerge: partial(1, 1, (args, call) => {
    const [list] = args;
    if (list?.kind === 'unknown') return symbolicCall(call, args);
    const { items } = arrayAt(args, 0, call);
    if (items.some((item) => item.kind === 'unknown')) return symbolicCall(call, args);
    const entries = items.flatMap((item) =>
      item.kind === 'object'
        ? [...item.members.values()]
        : wrongArgument(call, 0, 'an array of objects', item),
    );
    return object(
      entries.map(({ name, value }) => [name, value]),
      call.place,
    );
  }),
};

function createObject(args: readonly Value[], call: Call): Value {
  if (args.length % 2 !== 0) {
    throw new ExpressionError(
      'createObject() takes names and values in pairs, found an odd number of arguments',
    );
  }
  const entries: [string, Value][] = [];
  for (let index = 0; index < args.length; index += 2) {
    const [name, value] = [args[index], args[index + 1]];
    if (name === undefined || value === undefined) continue;
    const text = name.kind === 'string' || isUnknown(name) ? textOf(name)?.text : undefined;
    entries.push([text ?? wrongArgument(call, index, 'a property name', name), value]);
  }
  return object(entries, call.place);
}

/** items() and objectKeys() go by name, whatever order the object is written in. */
function sortedMembers(args: readonly Value[], call: Call): readonly { name: string; value: Value }[] {
  const { members } = objectAt(args, 0, call);
  return [...members.values()].sort((a, b) => compareNames(a.name.toLowerCase(), b.name.toLowerCase()));
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
