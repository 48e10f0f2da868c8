import type { Place } from '../../../model/place.ts';

/** A place in HCL: the pointer is the one that the same thing would have in Terraform's JSON syntax. */
export function hclPlace(path: string, pointer: string, start: number, end: number): Place {
  return { path, pointer, span: { start, end } };
}

export function token(name: string | number): string {
  return typeof name === 'number'
    ? `/${name}`
    : `/${name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`;
}
