import { expect, it } from 'vitest';
import { announce } from '../../src/commands/progress.ts';

function written(isTerminal: boolean, count: number): string[] {
  const texts: string[] = [];
  const output = { isTerminal, columns: 80, write: (text: string): void => void texts.push(text) };
  const files = Array.from({ length: count }, () => ({ bytes: new Uint8Array(10) }));
  announce(files, {
    cwd: '/',
    env: {},
    stdout: output,
    stderr: output,
    today: '2026-01-31',
    readStdin: () => new Uint8Array(),
  })();
  return texts;
}

it('shows a line on a terminal while a long run is at work, and clears it', () => {
  expect(written(true, 1000)).toEqual(['Judging 1000 files (0.0 MB)…', '\r\u001b[K']);
});

it('shows nothing for a short run, or where no terminal reads it', () => {
  expect(written(true, 10)).toEqual([]);
  expect(written(false, 1000)).toEqual([]);
});
