import { array, nothing, number, string, type Member, type ObjectValue, type Value } from '../../value.ts';
import { identity, map, memberOf, sortedNames, toText, whyUnknown } from '../evaluate/values.ts';
import { fn, MANY, open, type Arguments, type TerraformFunction } from './function.ts';

function objectAt(args: Arguments, index: number): ObjectValue {
  const value = args.at(index);
  if (value.kind !== 'object') throw args.error(`argument ${index + 1} is no map or object`);
  return value;
}

function length(args: Arguments): Value {
  const value = args.at(0);
  const why = value.kind === 'string' ? whyUnknown(value) : whyUnknown(value);
  if (why !== undefined) return args.unknown(why);
  switch (value.kind) {
    case 'array':
      return number(value.items.length, args.place);
    case 'object':
      return number(value.members.size, args.place);
    case 'string':
      return number([...new Intl.Segmenter('en').segment(value.value)].length, args.place);
    default:
      throw args.error('expected a list, map or string');
  }
}

function merge(args: Arguments): Value {
  const members = new Map<string, Member>();
  for (const value of args.values) {
    if (value.kind === 'null') continue;
    const why = whyUnknown(value);
    if (why !== undefined) return args.unknown(why);
    if (value.kind !== 'object') throw args.error('expected maps or objects');
    for (const name of value.members.keys()) {
      const member = value.members.get(name);
      if (member !== undefined) members.set(name, member);
    }
  }
  return { kind: 'object', members, place: args.place };
}

function lookup(args: Arguments): Value {
  const found = memberOf(objectAt(args, 0), args.text(1));
  if (found !== undefined) return found;
  if (args.length < 3) throw args.error(`there is no key '${args.text(1)}' in the map`);
  return args.at(2);
}

function zipmap(args: Arguments): Value {
  const [keys, values] = [args.texts(0), args.items(1)];
  if (keys.length !== values.length) {
    throw args.error(`${keys.length} keys for ${values.length} values`);
  }
  return map(
    keys.map((key, at) => [key, values[at] ?? nothing(args.place)] as const),
    args.place,
  );
}

function transpose(args: Arguments): Value {
  const object = objectAt(args, 0);
  const turned = new Map<string, Value[]>();
  for (const name of sortedNames(object)) {
    const value = memberOf(object, name);
    for (const item of value?.kind === 'array' ? value.items : []) {
      const key = toText(item, args.place).value;
      const names = turned.get(key) ?? [];
      names.push(string(name, args.place));
      turned.set(key, names);
    }
  }
  return map(
    [...turned].map(([key, names]) => [key, array(names, args.place)] as const),
    args.place,
  );
}

function matchkeys(args: Arguments): Value {
  const [values, keys, wanted] = [args.items(0), args.items(1), args.items(2)];
  const set = new Set(wanted.map(identity));
  return array(
    values.filter((_, at) => {
      const key = keys[at];
      return key !== undefined && set.has(identity(key));
    }),
    args.place,
  );
}

/** https://developer.hashicorp.com/terraform/language/functions#collection-functions */
export const COLLECTION_FUNCTIONS: readonly TerraformFunction[] = [
  open('length', 1, 1, length),
  open('merge', 0, MANY, merge),
  open('lookup', 2, 3, (args) => {
    const why = whyUnknown(args.at(0)) ?? whyUnknown(args.at(1));
    return why === undefined ? lookup(args) : args.unknown(why);
  }),
  fn('keys', 1, 1, (args) =>
    array(
      sortedNames(objectAt(args, 0)).map((name) =>
        string(name, objectAt(args, 0).members.get(name)?.keyPlace ?? args.place),
      ),
      args.place,
    ),
  ),
  fn('values', 1, 1, (args) => {
    const object = objectAt(args, 0);
    return array(
      sortedNames(object).map((name) => memberOf(object, name) ?? nothing(args.place)),
      args.place,
    );
  }),
  fn('zipmap', 2, 2, zipmap),
  fn('transpose', 1, 1, transpose),
  fn('matchkeys', 3, 3, matchkeys),
];
