import { relative, resolve } from 'node:path';
import type { Place } from '../model/place.ts';

/** `infra/**` or `infra/hub.json#/resources/2`: files, or what is written at a JSON pointer in them and below it. */
export interface PlacePattern {
  readonly matchesFile: (path: string) => boolean;
  readonly matches: (place: Pick<Place, 'path' | 'pointer'>) => boolean;
}

export interface Folders {
  /** That paths of the input are relative to; absolute. */
  readonly cwd: string;
  /** Of the configuration; absolute. */
  readonly folder: string;
}

/**
 * Compiles patterns of `overrides` and `suppressions`, as many as were given, in order. A glob is matched with the path
 * relative to the folder of the configuration, or to the working directory for a file outside of that folder. Standard
 * input is `-`.
 */
export async function placePatterns(
  texts: readonly string[],
  { cwd, folder }: Folders,
): Promise<readonly PlacePattern[]> {
  if (texts.length === 0) return [];
  const { default: picomatch } = await import('picomatch');
  const names = new Map<string, string>();
  const nameOf = (path: string): string => {
    let name = names.get(path);
    if (name === undefined) {
      const inFolder = relative(folder, resolve(cwd, path));
      const outside = /^\.\.(?:[\\/]|$)/.test(inFolder);
      name =
        path === '-' ? path : (outside ? relative(cwd, resolve(cwd, path)) : inFolder).replaceAll('\\', '/');
      names.set(path, name);
    }
    return name;
  };
  return texts.map((text) => {
    const hash = text.indexOf('#');
    const glob = (hash === -1 ? text : text.slice(0, hash)).replace(/^\.\//, '');
    const pointer = hash === -1 ? '' : text.slice(hash + 1);
    const segments = glob
      .split('/')
      .map((segment) =>
        segment === '**'
          ? ('any' as const)
          : picomatch(segment, { dot: true, noextglob: true, nonegate: true }),
      );
    const known = new Map<string, boolean>();
    const matchesFile = (path: string): boolean => {
      let answer = known.get(path);
      if (answer === undefined) {
        answer = matchSegments(segments, nameOf(path).split('/'));
        known.set(path, answer);
      }
      return answer;
    };
    return {
      matchesFile,
      matches: (place) => isWithin(place.pointer, pointer) && matchesFile(place.path),
    };
  });
}

/**
 * One regular expression for several `**` can take longer than the age of the world, and a configuration may come with a
 * pull request. Segment by segment, the cost is that of every pair of segments at most.
 */
function matchSegments(
  glob: readonly ('any' | ((name: string) => boolean))[],
  names: readonly string[],
): boolean {
  // Whether the first names, as many as the index says, are matched by what was read of the glob.
  let matched = [true, ...names.map(() => false)];
  for (const segment of glob) {
    const before = matched;
    if (segment === 'any') {
      const first = before.indexOf(true);
      matched = before.map((_, at) => first !== -1 && at >= first);
    } else {
      matched = [false, ...names.map((name, at) => before[at] === true && segment(name))];
    }
  }
  return matched.at(-1) === true;
}

const LONGEST_GLOB = 300;

/** What is wrong with a glob whose segments could take long to match; undefined for one that is fine. */
export function problemWithPattern(text: string): string | undefined {
  const [glob = ''] = text.split('#');
  const stars = Math.max(...glob.split('/').map((segment) => segment.match(/\*+/g)?.length ?? 0));
  if (glob.length > LONGEST_GLOB) return `the glob has more than ${LONGEST_GLOB} characters.`;
  if (/[()|]/.test(glob))
    return `'${glob}' has groups, which are not read. Expected *, **, ?, [a-z] and {a,b}.`;
  if (/\{[^}]*\//.test(glob)) return `'${glob}' has a slash in braces. Write a pattern for each instead.`;
  if (stars > 2 || (glob.match(/\{/g)?.length ?? 0) > 2) {
    return `'${glob}' has too many wildcards. Expected at most two * between slashes, and two {…}.`;
  }
  return undefined;
}

/** Whether a JSON pointer is another one or leads below it. */
export function isWithin(pointer: string, ancestor: string): boolean {
  return (
    pointer.startsWith(ancestor) && (pointer.length === ancestor.length || pointer[ancestor.length] === '/')
  );
}
