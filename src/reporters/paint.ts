import { styleText } from 'node:util';
import type { Level } from './report.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it alone where the user wants no colour. */
export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  // Whether the stream takes colours was decided by the caller; styleText would look at the environment again.
  return color
    ? (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }))
    : (_style, text) => text;
}

export const LEVEL_STYLE = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  note: ['blue', 'bold'],
} as const satisfies Record<Level, readonly string[]>;

export function paintLevel(paint: Paint, level: Level, text: string): string {
  return paint([...LEVEL_STYLE[level]], text);
}

/** "3 errors", "1 note". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
