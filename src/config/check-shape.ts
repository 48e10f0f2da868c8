import validate from '../../schemas/check.schema.json?shape';
import type { Check, Problem } from '../checks/check.ts';
import { parseCheck, type CheckData } from '../checks/parse-check.ts';
import { problemOf, type SchemaError } from './schema-error.ts';

/** Imported only where an organisation has checks: the shape of a file, then what src/checks has to say of it. */
export function checkFromData(data: unknown): {
  readonly check?: Check;
  readonly problems: readonly Problem[];
} {
  return hasShape(data) ? parseCheck(data) : { problems: shapeProblems() };
}

function hasShape(data: unknown): data is CheckData {
  return validate(data);
}

/** Keywords that only say that another one failed. */
const ECHOES = ['oneOf', 'if', 'then', 'else', 'propertyNames'];

function shapeProblems(): Problem[] {
  const errors: readonly SchemaError[] = validate.errors ?? [];
  return errors
    .filter(({ keyword }) => !ECHOES.includes(keyword))
    .map((error) => {
      const problem = problemOf(error);
      const { keyword, parentSchema, data } = error;
      const expected = keyword === 'pattern' ? descriptionOf(parentSchema) : undefined;
      if (expected === undefined || typeof data !== 'string') return problem;
      return { ...problem, message: `found '${data}', expected: ${expected}` };
    });
}

function descriptionOf(schema: unknown): string | undefined {
  const isDescribed = typeof schema === 'object' && schema !== null && 'description' in schema;
  return isDescribed && typeof schema.description === 'string' ? schema.description : undefined;
}
