import { number, type Value } from '../../value.ts';
import { reasonOf, toNumber, unknown, whyUnknown, identity } from '../evaluate/values.ts';
import { fn, MANY, Unresolved, type Arguments, type TerraformFunction } from './function.ts';

/** Numbers of the arguments, or of the one list that is given instead. */
function numbers(args: Arguments, values: readonly Value[]): number[] {
  return values.map((value) => {
    const why = whyUnknown(value);
    if (why !== undefined) {
      throw new Unresolved(
        unknown(`${args.name}(${values.map(identity).join(', ')})`, reasonOf(why), args.place),
      );
    }
    return toNumber(value, args.place);
  });
}

/** https://developer.hashicorp.com/terraform/language/functions#numeric-functions */
export const NUMERIC_FUNCTIONS: readonly TerraformFunction[] = [
  fn('abs', 1, 1, (args) => number(Math.abs(args.number(0)), args.place)),
  fn('ceil', 1, 1, (args) => number(Math.ceil(args.number(0)), args.place)),
  fn('floor', 1, 1, (args) => number(Math.floor(args.number(0)), args.place)),
  fn('log', 2, 2, (args) => number(Math.log(args.number(0)) / Math.log(args.number(1)), args.place)),
  fn('pow', 2, 2, (args) => number(args.number(0) ** args.number(1), args.place)),
  fn('signum', 1, 1, (args) => number(Math.sign(args.integer(0)), args.place)),
  fn('max', 1, MANY, (args) => number(Math.max(...numbers(args, args.values)), args.place)),
  fn('min', 1, MANY, (args) => number(Math.min(...numbers(args, args.values)), args.place)),
  fn('sum', 1, 1, (args) => {
    const all = numbers(args, args.items(0));
    if (all.length === 0) throw args.error('the list is empty');
    return number(
      all.reduce((sum, one) => sum + one, 0),
      args.place,
    );
  }),
  fn('parseint', 2, 2, (args) => {
    const [text, base] = [args.text(0), args.integer(1)];
    const digits = text.replace(/^[-+]/, '');
    const isValid =
      Array.from(digits).every((digit) => !Number.isNaN(Number.parseInt(digit, base))) && digits !== '';
    if (!isValid) throw args.error(`'${text}' is no number of base ${base}`);
    return number(Number.parseInt(text, base), args.place);
  }),
];
