import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstDifference, runSection, sectionsOf } from './runnable-page.ts';

describe('docs/catalogue.md', () => {
  const sections = sectionsOf(readFileSync('docs/catalogue.md', 'utf8')).filter(({ blocks }) =>
    blocks.some(({ language }) => language === 'console'),
  );

  it('shows commands in three sections', () => {
    expect(sections).toHaveLength(3);
  });

  it.each(sections.map((section) => [section.title, section] as const))(
    'shows what the program prints: %s',
    async (_title, section) => {
      const commands = await runSection(undefined, section);
      expect(commands.length).toBeGreaterThan(0);
      expect(commands.flatMap((command) => firstDifference(command) ?? [])).toEqual([]);
    },
  );
});
