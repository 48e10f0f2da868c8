import { describe, expect, it } from 'vitest';
import { placePatterns } from '../../src/config/place-pattern.ts';
import { cpuTimeOf } from '../cpu-time.ts';

async function matches(text: string, path: string, pointer = ''): Promise<boolean> {
  const [pattern] = await placePatterns([text], { cwd: '/repo/infra', folder: '/repo' });
  return pattern?.matches({ path, pointer }) ?? false;
}

describe('a pattern for places', () => {
  it.each([
    ['infra/hub.json', 'hub.json', true],
    ['./infra/hub.json', 'hub.json', true],
    ['hub.json', 'hub.json', false],
    ['infra/*.json', 'hub/policy.json', false],
    ['infra/**', 'hub/policy.json', true],
    ['**/policy.json', 'hub/policy.json', true],
    ['**/*.{json,tf}', 'hub/.hidden/main.tf', true],
    ['infra/[a-h]ub.json', 'hub.json', true],
    ['infra/h?b.json', 'hub.json', true],
    ['INFRA/hub.json', 'hub.json', false],
    ['other.json', '../other.json', true],
    ['infra/hub.json', '/repo/infra/hub.json', true],
    ['-', '-', true],
    ['**', '-', true],
    ['**/**/infra/**/**', 'a/b/c', true],
    ['**/b/**/d/*', 'a/b/c/d/e', true],
    ['**/b/**/d', 'a/b/c/d/e', false],
    // Outside of the folder of the configuration: from the working directory.
    ['../../elsewhere/a.json', '../../elsewhere/a.json', true],
  ])('%s, seen from infra, names %s: %s', async (glob, path, expected) => {
    expect(await matches(glob, path)).toBe(expected);
  });

  it.each([
    ['', false],
    ['/a', true],
    ['/a/b', true],
    ['/ab', false],
    ['/b', false],
  ])('with the pointer /a names what stands at %j: %s', async (pointer, expected) => {
    expect(await matches('**#/a', 'hub.json', pointer)).toBe(expected);
    expect(await matches('**', 'hub.json', pointer)).toBe(true);
  });

  it('is matched in a CPU time that does not grow out of bounds', async () => {
    const name = `${'a'.repeat(250)}/`.repeat(15);
    const spent = await cpuTimeOf(async () => {
      expect(await matches('**/*a*/**/*a*/**/*a*/**/*a*/**/{a,aa}{a,aa}*b/c', `${name}x`)).toBe(false);
    });
    expect(spent).toBeLessThan(5_000);
  });
});
