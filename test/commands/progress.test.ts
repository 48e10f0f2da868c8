import { expect, it } from 'vitest';
import { announce, ReadingProgress } from '../../src/commands/progress.ts';

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

function reading(isTerminal: boolean, steps: (progress: ReadingProgress) => void): string {
  let text = '';
  const output = { isTerminal, columns: 80, write: (more: string): void => void (text += more) };
  const progress = new ReadingProgress({ stderr: output });
  steps(progress);
  progress.clear();
  return text;
}

const STEPS = (progress: ReadingProgress): void => {
  progress.answered();
  progress.waits(17);
  progress.answered();
};

it('shows on a terminal how far the reading of Azure is and what it waits for, on one line that is cleared', () => {
  expect(reading(true, STEPS).split('\r\u001b[K')).toEqual([
    '',
    'Reading from Azure…',
    'Reading from Azure: 1 answer…',
    'Azure asks to wait 17 s…',
    'Reading from Azure: 2 answers…',
    '',
  ]);
});

it('shows nothing of it where no terminal reads it', () => {
  expect(reading(false, STEPS)).toBe('');
});
