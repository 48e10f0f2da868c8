import { nothing, type Value } from '../../value.ts';
import { memberOf, numberText, sortedNames } from '../evaluate/values.ts';

/** JSON as jsonencode() writes it: keys in order, and <, > and & escaped. Unknown parts are written as their symbols. */
export function jsonText(value: Value): string {
  switch (value.kind) {
    case 'string':
      return quoted(value.value);
    case 'number':
      return numberText(value.value);
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'unknown':
      return quoted(value.symbol);
    case 'array':
      return `[${value.items.map(jsonText).join(',')}]`;
    case 'object':
      return `{${sortedNames(value)
        .map((name) => `${quoted(name)}:${jsonText(memberOf(value, name) ?? nothing(value.place))}`)
        .join(',')}}`;
  }
}

function quoted(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
