import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { serviceTag } from '../../src/azure/service-tags.ts';
import serviceTags from '../../rules/azure/service-tags.json' with { type: 'json' };

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path(name), 'utf8')) as Record<string, unknown>;

describe('rules/azure', () => {
  const files = readdirSync(path('schemas/azure')).map((name) => name.replace('.schema.json', ''));

  it.each(files)('%s.json has the form of its schema', (name) => {
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: true }).compile(
      read(`schemas/azure/${name}.schema.json`),
    );
    validate(read(`rules/azure/${name}.json`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(files)('%s.json names its schema, for editors', (name) => {
    const reference = read(`rules/azure/${name}.json`).$schema;
    expect(reference).toBe(`../../schemas/azure/${name}.schema.json`);
    expect(existsSync(path(`rules/azure/${String(reference)}`))).toBe(true);
  });

  it('pairs names only with tags that it lists', () => {
    const tags = serviceTags.names.flatMap(({ tags: sets }) => sets.flat());
    expect(tags.filter((tag) => serviceTag(tag)?.name !== tag)).toEqual([]);
  });
});
