import type { Place } from '../../../model/place.ts';
import type { Value } from '../../value.ts';
import { EvaluationError, unknown, whyUnknown, identity } from '../evaluate/values.ts';
import { CIDR_FUNCTIONS } from './cidr.ts';
import { COLLECTION_FUNCTIONS } from './collections.ts';
import { CONVERSION_FUNCTIONS } from './conversions.ts';
import { DATE_FUNCTIONS } from './dates.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { FILE_FUNCTIONS } from './files.ts';
import { Arguments, Unresolved, type FunctionContext, type TerraformFunction } from './function.ts';
import { HASH_FUNCTIONS } from './hashes.ts';
import { LIST_FUNCTIONS } from './lists.ts';
import { NUMERIC_FUNCTIONS } from './numeric.ts';
import { STRING_FUNCTIONS } from './strings.ts';

export type { FunctionContext } from './function.ts';

const FUNCTIONS: ReadonlyMap<string, TerraformFunction> = new Map(
  [
    ...NUMERIC_FUNCTIONS,
    ...STRING_FUNCTIONS,
    ...COLLECTION_FUNCTIONS,
    ...LIST_FUNCTIONS,
    ...CONVERSION_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...FILE_FUNCTIONS,
    ...CIDR_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...HASH_FUNCTIONS,
  ].map((one) => [one.name, one]),
);

/** Calls a function. Throws an EvaluationError where Terraform would report an error. */
export function callFunction(
  name: string,
  values: readonly Value[],
  place: Place,
  context: FunctionContext,
): Value {
  const found = FUNCTIONS.get(name);
  if (found === undefined) {
    if (!name.startsWith('provider::')) throw new EvaluationError(`there is no function ${name}()`, place);
    const why = {
      reason: `${name}() is a function of a provider, which is not run`,
      supply: 'lint the plan or the state instead',
      place,
    };
    return unknown(`${name}(${values.map(identity).join(', ')})`, why, place);
  }
  const args = new Arguments(name, values, place, context);
  const [least, most] = found.arity;
  if (values.length < least || values.length > most) {
    const expected = least === most ? `${least}` : most > 100 ? `at least ${least}` : `${least} to ${most}`;
    throw args.error(`takes ${expected} arguments, found ${values.length}`);
  }
  if (found.takesUnknown !== true) {
    for (const value of values) {
      const why = whyUnknown(value);
      if (why !== undefined) return args.unknown(why);
    }
  }
  try {
    return found.call(args);
  } catch (error) {
    if (error instanceof Unresolved) return error.value;
    throw error;
  }
}
