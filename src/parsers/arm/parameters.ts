import type { Value } from '../value.ts';

/** What a parameter is given: a value, or where it is kept. */
export type Argument =
  | { readonly kind: 'value'; readonly value: Value }
  /** In a key vault, which is not read. */
  | { readonly kind: 'reference'; readonly value: Value }
  /** Computed when the file is used, from what the tool that deploys is given: `externalInput()` of Bicep. */
  | { readonly kind: 'expression'; readonly value: Value };

/**
 * The parameters of parameter files, names in lower case; of files that name the same parameter the later one wins.
 * A file is `{"parameters": {"name": {"value": …}}}`, or the inner object alone
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/parameter-files).
 */
export function readArguments(files: readonly Value[]): ReadonlyMap<string, Argument> {
  const given = new Map<string, Argument>();
  for (const file of files) {
    if (file.kind !== 'object') continue;
    const inner = file.members.get('parameters')?.value;
    const parameters = inner?.kind === 'object' ? inner : file;
    for (const [name, { value }] of parameters.members) {
      const argument = argumentOf(value);
      if (argument !== undefined) given.set(name, argument);
    }
  }
  return given;
}

/** True for a file that holds parameters and nothing to deploy. */
export function isParameterFile(root: Value): boolean {
  if (root.kind !== 'object' || root.members.has('resources')) return false;
  const schema = root.members.get('$schema')?.value;
  if (schema?.kind === 'string' && /\/deploymentParameters\.json/i.test(schema.value)) return true;
  const parameters = root.members.get('parameters')?.value;
  const entries = [...(parameters?.kind === 'object' ? parameters : root).members.values()];
  return entries.length > 0 && entries.every(({ value }) => argumentOf(value) !== undefined);
}

/** `{"value": …}`, `{"reference": {"keyVault": …}}` or `{"expression": "[externalInputs(…)]"}`. */
export function argumentOf(entry: Value): Argument | undefined {
  if (entry.kind !== 'object') return undefined;
  const value = entry.members.get('value')?.value;
  if (value !== undefined) return { kind: 'value', value };
  const reference = entry.members.get('reference')?.value;
  if (reference !== undefined) return { kind: 'reference', value: reference };
  const expression = entry.members.get('expression')?.value;
  return expression === undefined ? undefined : { kind: 'expression', value: expression };
}
