import type { Value } from '../../value.ts';
import { collectTexts } from '../evaluate/values.ts';
import { itemsOf, memberOf, textOf } from './instances.ts';

/**
 * Collects texts that are marked as sensitive: by a tree of the same form with `true` where something is
 * (https://developer.hashicorp.com/terraform/internals/json-format), or by the paths of a raw state, each a list of steps.
 */
export function collectSensitive(value: Value, mark: Value | undefined, texts: Set<string>): void {
  if (mark?.kind === 'boolean' && mark.value) collectTexts(value, texts);
  else if (mark?.kind === 'object' && value.kind === 'object') {
    for (const [name, { value: inner }] of mark.members) {
      const member = memberOf(value, name);
      if (member !== undefined) collectSensitive(member, inner, texts);
    }
  } else if (mark?.kind === 'array' && value.kind === 'array') {
    value.items.forEach((item, at) => {
      collectSensitive(item, mark.items[at], texts);
    });
  } else if (mark?.kind === 'array') {
    for (const path of mark.items) collectAtPath(value, itemsOf(path), texts);
  }
}

function collectAtPath(value: Value, steps: readonly Value[], texts: Set<string>): void {
  let found: Value | undefined = value;
  for (const step of steps) {
    const key = memberOf(step, 'value');
    const index = key?.kind === 'object' ? memberOf(key, 'value') : key;
    found =
      index?.kind === 'number' && found?.kind === 'array'
        ? found.items[index.value]
        : memberOf(found, textOf(index));
  }
  if (found !== undefined) collectTexts(found, texts);
}
