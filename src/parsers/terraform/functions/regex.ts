import { array, nothing, string, type Value } from '../../value.ts';
import { map } from '../evaluate/values.ts';
import type { Arguments } from './function.ts';

/** Terraform's patterns are RE2's, which are JavaScript's but for flags and names of groups. */
export function regexOf(pattern: string, args: Arguments, flags: string): RegExp {
  let source = pattern.replaceAll('(?P<', '(?<').replaceAll('\\z', '$').replaceAll('\\A', '^');
  let allFlags = `${flags}u`;
  const prefix = /^\(\?([ims]+)\)/.exec(source);
  if (prefix !== null) {
    allFlags += prefix[1] ?? '';
    source = source.slice(prefix[0].length);
  }
  source = source.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => CLASSES.get(name) ?? whole);
  for (const attempt of [allFlags, allFlags.replace('u', '')]) {
    try {
      return new RegExp(source, [...new Set(attempt)].join(''));
    } catch {
      // Without the flag u JavaScript allows needless escapes, as RE2 does.
    }
  }
  throw args.error(`'${pattern}' is no regular expression`);
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a-zA-Z'],
  ['digit', '0-9'],
  ['alnum', 'a-zA-Z0-9'],
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['space', '\\s'],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['xdigit', '0-9a-fA-F'],
]);

/** The match; with groups a list of theirs, with named groups a map. */
export function regexResult(match: RegExpExecArray | RegExpMatchArray, args: Arguments): Value {
  const place = args.from(1);
  const captured = (value: string | undefined): Value =>
    value === undefined ? nothing(place) : string(value, place);
  if (match.groups !== undefined) {
    return map(
      Object.entries(match.groups).map(([name, value]) => [name, captured(value)] as const),
      place,
    );
  }
  return match.length === 1 ? string(match[0], place) : array(match.slice(1).map(captured), place);
}
