import type { Place } from '../../../model/place.ts';
import type { Expression as Arm } from '../../arm/expression.ts';
import { ParsedExpression } from '../../arm/expression.ts';
import type { ObjectValue, Value } from '../../value.ts';
import { callOf } from './expressions.ts';
import { FileScope, type TemplateParts } from './file-scope.ts';
import type { Project } from './project.ts';
import { text } from './references.ts';
import { objectOf } from './objects.ts';

/** A file of parameters, brought to the form of a template: `values` stand alone but for its variables. */
export interface LoweredParameters {
  readonly template: ObjectValue;
  /** As a parameter file in JSON has them: `{"parameters": {"name": {"value": …}}}`. */
  readonly values: ObjectValue;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/parameter-files */
export function lowerParameters(project: Project, path: string): LoweredParameters {
  const parts: TemplateParts = { variables: new Map(), functions: new Map(), imported: new Map() };
  const symbols = project.symbols(path);
  const scope = new FileScope({ symbols, project, parts, prefix: '', fixed: undefined });
  const whole = scope.place({ start: 0, end: 0 }, '');
  const members = [...valuesOf(project, scope, parts, 0)].map(([name, { place, value }]): [string, Value] => [
    name,
    objectOf([['value', new ParsedExpression(name, value, place)]], place),
  ]);
  const values = objectOf([['parameters', objectOf(members, whole)]], whole);
  const variables: ObjectValue = { kind: 'object', members: parts.variables, place: whole };
  return { template: objectOf([['variables', variables]], whole), values };
}

interface Given {
  readonly place: Place;
  readonly value: Arm;
}

/** Its own values, and those of the file that it extends. */
export function valuesOf(
  project: Project,
  scope: FileScope,
  parts: TemplateParts,
  depth: number,
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  const { extended } = scope.symbols;
  if (extended !== undefined && depth < 10) {
    const base = project.extendedScope(scope, parts, extended);
    if (base !== undefined) {
      for (const [name, value] of valuesOf(project, base, parts, depth + 1)) given.set(name, value);
    }
  }
  for (const [name, declaration] of scope.symbols.parameters) {
    const place = scope.place(declaration, `/parameters/${name}/value`);
    given.set(name, { place, value: scope.variable(name, place) });
  }
  return given;
}

/** `base` in a file that extends another one: the values of that one. */
export function baseValues(project: Project, scope: FileScope, parts: TemplateParts, place: Place): Arm {
  const { extended } = scope.symbols;
  const base = extended === undefined ? undefined : project.extendedScope(scope, parts, extended);
  if (base === undefined) return scope.lowering.mistake("'base' is used, and no file is extended", place);
  const args = [...valuesOf(project, base, parts, 1)].flatMap(([name, { value }]) => [text(name), value]);
  return callOf('createObject', args, place);
}
