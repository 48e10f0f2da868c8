import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstDifference, runSection, sectionsOf } from './runnable-page.ts';

describe('docs/bicep.md', () => {
  const sections = sectionsOf(readFileSync('docs/bicep.md', 'utf8')).filter(({ blocks }) =>
    blocks.some(({ lines }) => lines[0] === '// main.bicep'),
  );

  it('shows a template with its values and what the program prints about it', async () => {
    expect(sections).toHaveLength(1);
    const [section] = sections;
    if (section === undefined) return;
    const commands = await runSection(undefined, section);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.flatMap((command) => firstDifference(command) ?? [])).toEqual([]);
  });
});
