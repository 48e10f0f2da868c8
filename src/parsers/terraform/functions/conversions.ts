import { boolean, array, number, string, type Value } from '../../value.ts';
import { convert, type Type } from '../evaluate/types.ts';
import { map, toBoolean, toNumber, toSet, toText, typeName } from '../evaluate/values.ts';
import { fn, open, type Arguments, type TerraformFunction } from './function.ts';

const ANY: Type = { kind: 'any' };

function same(args: Arguments): Value {
  return args.at(0);
}

function toListFunction(args: Arguments): Value {
  const value = args.at(0);
  return value.kind === 'null' ? value : array(args.items(0), value.place);
}

function toSetFunction(args: Arguments): Value {
  const value = args.at(0);
  return value.kind === 'null' ? value : array(toSet(args.items(0)), value.place);
}

function toMapFunction(args: Arguments): Value {
  return convert(args.at(0), { kind: 'map', of: ANY }, args.place);
}

function toStringFunction(args: Arguments): Value {
  const value = args.at(0);
  return value.kind === 'null' ? value : toText(value, args.place);
}

/** https://developer.hashicorp.com/terraform/language/functions#type-conversion-functions */
export const CONVERSION_FUNCTIONS: readonly TerraformFunction[] = [
  open('tostring', 1, 1, toStringFunction),
  fn('tonumber', 1, 1, (args) => {
    const value = args.at(0);
    return value.kind === 'null' ? value : number(toNumber(value, args.place), value.place);
  }),
  fn('tobool', 1, 1, (args) => {
    const value = args.at(0);
    return value.kind === 'null' ? value : boolean(toBoolean(value, args.place), value.place);
  }),
  open('tolist', 1, 1, (args) => (args.at(0).kind === 'unknown' ? args.at(0) : toListFunction(args))),
  open('toset', 1, 1, (args) => (args.at(0).kind === 'unknown' ? args.at(0) : toSetFunction(args))),
  open('tomap', 1, 1, (args) => (args.at(0).kind === 'unknown' ? args.at(0) : toMapFunction(args))),
  open('sensitive', 1, 1, (args) => {
    args.context.conceal(args.at(0));
    return args.at(0);
  }),
  open('nonsensitive', 1, 1, same),
  open('ephemeralasnull', 1, 1, same),
  fn('issensitive', 1, 1, (args) => args.atRunTime()),
  open('type', 1, 1, (args) => string(typeName(args.at(0)), args.place)),
  fn('list', 0, 1000, (args) => array(args.values, args.place)),
  fn('map', 0, 1000, (args) => {
    const entries: [string, Value][] = [];
    for (let at = 0; at + 1 < args.length; at += 2) entries.push([args.text(at), args.at(at + 1)]);
    return map(entries, args.place);
  }),
];
