import { InputError } from '../errors.ts';
import { decodeText } from './json/decode.ts';
import { readJson } from './json/read.ts';
import { recogniseJson, recogniseSource } from './recognise.ts';
import type { Place } from '../model/place.ts';
import type { Value } from './value.ts';

/** Reads a file of parameters in JSON. Throws an InputError for anything else. */
export function readParameterFile({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): {
  path: string;
  text: string;
  value: Value;
} {
  const text = decodeText(bytes, path);
  const source = recogniseSource(text);
  if (source?.kind === 'unreadable') throw new InputError(path, source.advice);
  const { value } = readJson(path, text);
  const what = recogniseJson(value, text);
  if (value.kind !== 'object' || what.kind === 'template' || what.kind === 'exported') {
    const found =
      what.kind === 'template' ? 'a template' : what.kind === 'exported' ? 'a resource' : `an ${value.kind}`;
    throw new InputError(
      path,
      `not a parameter file: found ${found}, expected {"parameters": {"name": {"value": …}}}`,
    );
  }
  return { path, text, value };
}

/**
 * What is to be said of parameters that no template declares. Azure refuses a value for one; here the default would stand in
 * silence.
 * @param declared names in lower case
 */
export function unusedParameters(
  file: Value,
  declared: ReadonlySet<string>,
): { message: string; place: Place }[] {
  const parameters = file.kind === 'object' ? file.members.get('parameters')?.value : undefined;
  if (parameters?.kind !== 'object') return [];
  return [...parameters.members].flatMap(([key, { name, value }]) =>
    declared.has(key)
      ? []
      : [
          {
            message: `no template here has a parameter '${name}': its value is not used`,
            place: value.place,
          },
        ],
  );
}
