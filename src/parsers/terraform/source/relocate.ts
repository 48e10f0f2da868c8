import type { Place } from '../../../model/place.ts';

/** A tree that says of each part that it is written at one place: what a module's call stands for. */
export function relocated<T>(node: T, place: Place): T {
  return move(node, place) as T;
}

function move(node: unknown, place: Place): unknown {
  if (Array.isArray(node)) return node.map((item) => move(item, place));
  if (node instanceof Map) return new Map([...node].map(([key, value]) => [key, move(value, place)]));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'place' ? place : move(value, place)]),
  );
}
