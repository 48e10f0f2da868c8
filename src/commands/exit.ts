import type { InputError, InterruptedError } from '../errors.ts';

/** Exit codes, the same for every format; 2 beats 3 beats 1. */
export const EXIT = { ok: 0, findings: 1, usage: 2, input: 3 } as const;

/** As shells report a program that a signal ended: 128 and the number of the signal. */
export function interruptedExit({ signal }: InterruptedError): number {
  return signal === 'SIGINT' ? 130 : 143;
}

/** `path:line:column: message`, which editors and terminals turn into a link. */
export function formatInputError({ path, line, column = 1, message }: InputError): string {
  return `${formatPlace(path, line === undefined ? undefined : { line, column })}: ${message}`;
}

export function formatPlace(path: string, position: { line: number; column: number } | undefined): string {
  const name = path === '-' ? '<stdin>' : path;
  return position === undefined ? name : `${name}:${position.line}:${position.column}`;
}
