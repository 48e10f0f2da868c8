import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstDifference, runSection, sectionsOf } from './runnable-page.ts';

const sections = sectionsOf(readFileSync('docs/appliances.md', 'utf8')).filter(({ blocks }) =>
  blocks.some(({ language }) => language === 'console'),
);

it('docs/appliances.md has an example for each vendor', () => {
  expect(sections.map(({ title }) => title)).toEqual([
    'PAN-OS',
    'FortiGate',
    'Check Point',
    'Cisco ASA',
    'What AKS needs as objects',
  ]);
});

describe('docs/appliances.md', () => {
  it.each(sections.map((section) => [section.title, section] as const))(
    'shows what the program prints for %s',
    async (_, section) => {
      const commands = await runSection(undefined, section);
      expect(commands.length).toBeGreaterThan(0);
      expect(commands.flatMap((command) => firstDifference(command) ?? [])).toEqual([]);
    },
  );
});
