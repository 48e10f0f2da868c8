import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FEATURES, PRIVATE_SERVICES, profileFromConfig, sourcesFromConfig } from '../../src/profile/index.ts';
import { UsageError } from '../../src/errors.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const page = read('docs/profile.md');
const schema = JSON.parse(read('schemas/profile.schema.json')) as { properties: Record<string, unknown> };

describe('docs/profile.md', () => {
  it('names every fact that the configuration may hold', () => {
    for (const fact of Object.keys(schema.properties)) expect(page).toContain(`\`${fact}\``);
  });

  it('names every service that may be reached privately, and every feature that brings another', () => {
    for (const service of PRIVATE_SERVICES) expect(page).toContain(`\`${service}\``);
    for (const { id, includes } of FEATURES) if (includes.length > 0) expect(page).toContain(`\`${id}\``);
  });

  it('has an example that is valid', () => {
    const [, example = ''] = /```yaml\n([^`]*)```/.exec(page) ?? [];
    const { profile, sources } = parse(example) as { profile: unknown; sources: Record<string, string[]> };
    const errorAt = (pointer: string, message: string): UsageError => new UsageError(`${pointer} ${message}`);
    expect(profileFromConfig(profile, { path: 'docs/profile.md', pointer: '/profile' }).base?.value).toBe(
      'private',
    );
    const place = { path: 'docs/profile.md', pointer: '/sources' };
    expect(sourcesFromConfig(sources, place, errorAt).byPool.windows).toEqual(['10.240.4.0/24']);
  });
});
