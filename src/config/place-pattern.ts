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
    const isMatch = picomatch(glob, { dot: true });
    const matchesFile = (path: string): boolean => isMatch(nameOf(path));
    return {
      matchesFile,
      matches: (place) => isWithin(place.pointer, pointer) && matchesFile(place.path),
    };
  });
}

/** Whether a JSON pointer is another one or leads below it. */
export function isWithin(pointer: string, ancestor: string): boolean {
  return (
    pointer.startsWith(ancestor) && (pointer.length === ancestor.length || pointer[ancestor.length] === '/')
  );
}
