import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../scripts/formats/index.js';
import { exampleOf } from '../../scripts/generate-docs.js';
import { CHECKS } from '../../src/checks/catalogue.ts';
import { findingsOfCheck } from '../../src/testing/check-tester.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/checks');

it('every check has an example, and every example a check', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(CHECKS.map(({ id }) => `${id}.json`));
});

describe.each(FORMATS)('the examples of the check pages in $title', (format) => {
  it.each(CHECKS.map(({ id }) => id))('%s: it fires on the first and is silent on the second', async (id) => {
    const { flags, incorrect, correct } = exampleOf(id);
    const messagesOn = async (example: typeof correct): Promise<string[]> => {
      const { endpoints, serviceTags } = example;
      const lists = { ...(endpoints && { endpoints }), ...(serviceTags && { serviceTags }) };
      const policy = format.file(example);
      return findingsOfCheck(id, { name: id, policy, file: format.fileName, flags, ...lists });
    };
    expect(await messagesOn(incorrect)).not.toEqual([]);
    expect(await messagesOn(correct)).toEqual([]);
    // What the page shows is part of what was linted.
    const words = format.snippet(incorrect).match(/[\w.*/-]{4,}/g) ?? [];
    expect(words.filter((word) => !format.file(incorrect).includes(word))).toEqual([]);
  });
});
