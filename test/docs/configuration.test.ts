import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import configSchema from '../../schemas/config.schema.json' with { type: 'json' };
import profileSchema from '../../schemas/profile.schema.json' with { type: 'json' };
import { parseJson } from '../../src/parsers/json/read.ts';
import { firstDifference, runSection, sectionsOf } from './runnable-page.ts';

const [head, ...sections] = sectionsOf(readFileSync('docs/configuration.md', 'utf8'));

describe('docs/configuration.md', () => {
  it.each(sections.filter(({ blocks }) => blocks.some(({ language }) => language === 'console')))(
    'shows under "$title" what the program prints',
    async (section) => {
      const commands = await runSection(head, section);
      expect(commands.length).toBeGreaterThan(0);
      expect(
        commands.flatMap((command) => {
          const difference = firstDifference(command);
          return difference === undefined ? [] : [`${command.line}: ${difference}`];
        }),
      ).toEqual([]);
    },
  );

  it('has a line for each key of the schema', () => {
    const text = readFileSync('docs/configuration.md', 'utf8');
    const table = text.slice(text.indexOf('## All keys'));
    const keys = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    expect(keys).toEqual(Object.keys(configSchema.properties).filter((key) => key !== '$schema'));
  });

  it('shows configurations that are valid in an editor, but for the one that is wrong', () => {
    const validate = new Ajv2020({ strict: false, schemas: [profileSchema] }).compile(configSchema);
    const wrong = sections.flatMap(({ title, blocks }) =>
      blocks
        .filter(({ lines }) => /^(?:#|\/\/) \.aks-egress-lint\.\w+$/.test(lines[0] ?? ''))
        .filter(({ language, lines }) => {
          const text = lines.join('\n');
          return !validate(language === 'yaml' ? parse(text) : parseJson(text));
        })
        .map(() => title),
    );
    expect(wrong).toEqual(['What is wrong with it']);
  });
});
