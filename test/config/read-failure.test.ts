import { expect, it } from 'vitest';
import { readFailure } from '../../src/config/read-failure.ts';

it.each([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder where a file is expected'],
  ['ENOTDIR', 'part of the path is a file, not a folder'],
  ['EWHATEVER', 'boom'],
])('says in words why the file system refused with %s', (code, words) => {
  expect(readFailure(Object.assign(new Error('boom'), { code }))).toBe(words);
});
