import type { Cloud } from '../../../src/model/policy.ts';
import { evaluateTemplate } from '../../../src/parsers/arm/template.ts';
import { readJson } from '../../../src/parsers/json/read.ts';
import type { Extraction, Resource } from '../../../src/parsers/resource.ts';
import type { ObjectValue, Value } from '../../../src/parsers/value.ts';

export const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

export interface Given {
  readonly parameters?: object;
  readonly variables?: object;
  readonly functions?: unknown[];
  readonly resources?: object;
  readonly cloud?: Cloud;
  readonly files?: readonly object[];
  /** Anything else at the top level. */
  readonly more?: object;
}

export function evaluate(
  { cloud = 'AzureCloud', files = [], more = {}, ...sections }: Given,
  outputs = {},
): Extraction {
  const template = {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    resources: [],
    ...sections,
    outputs,
    ...more,
  };
  return evaluateTemplate({
    path: 'template.json',
    root: readJson('template.json', JSON.stringify(template)).value,
    parameters: files.map((file, index) => readJson(`p${index}.json`, JSON.stringify(file)).value),
    cloud,
  });
}

/** What one expression yields, as a Value. */
export function valueOf(expression: string, given: Given = {}): Value {
  const { outputs } = evaluate(given, { it: { type: 'object', value: expression } });
  return memberAt(outputs, 'it', 'value');
}

/** What one expression yields, as plain JSON; a symbol where it is unknown. */
export function resultOf(expression: string, given: Given = {}): unknown {
  return plain(valueOf(expression, given));
}

/** Why an expression has no value. */
export function reasonOf(expression: string, given: Given = {}): string {
  const value = valueOf(expression, given);
  return value.kind === 'unknown' ? value.unknown.reason : `it has a value: ${JSON.stringify(plain(value))}`;
}

export function memberAt(value: Value | undefined, ...path: string[]): Value {
  let at = value;
  for (const name of path) at = at?.kind === 'object' ? at.members.get(name.toLowerCase())?.value : undefined;
  if (at === undefined) throw new Error(`nothing at ${path.join('.')}`);
  return at;
}

export function plain(value: Value): unknown {
  switch (value.kind) {
    case 'array':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries(
        [...value.members.values()].map(({ name, value: member }) => [name, plain(member)]),
      );
    case 'null':
      return null;
    case 'unknown':
      return value.spread === true ? `...${value.symbol}` : value.symbol;
    default:
      return value.value;
  }
}

export function named(extraction: Extraction, name: string): Resource {
  const found = extraction.resources.find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(
      `no resource ${name}: ${extraction.resources.map((resource) => resource.name).join(', ')}`,
    );
  }
  return found;
}

export function propertiesOf(extraction: Extraction, name: string): unknown {
  const properties: ObjectValue = named(extraction, name).properties;
  return plain(properties);
}
