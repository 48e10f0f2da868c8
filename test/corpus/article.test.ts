import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareArticle } from '../../src/requirements/article/compare.ts';
import type { Comparison } from '../../src/requirements/article/difference.ts';
import { readArticle } from '../../src/requirements/article/read.ts';
import { MIRROR, report } from './manifest.ts';

/** Microsoft's article itself, which is not ours to keep: its history, and the page as its text was copied. */
const HISTORY = join(MIRROR ?? '', 'MicrosoftDocs__azure-aks-docs');
const PATH = 'articles/aks/outbound-rules-control-egress.md';
/** The newest one that was read for the catalogue, of 2026-07-02. */
const READ = 'ccbb339ba';
const SEED = join(import.meta.dirname, '../../../shared/seed');

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', HISTORY, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const hasHistory = MIRROR !== undefined && existsSync(HISTORY);

describe.skipIf(!hasHistory)('the article in MicrosoftDocs/azure-aks-docs (needs --mirror)', () => {
  const revisions = hasHistory ? git('log', '--format=%h', '--', PATH).trim().split('\n') : [];
  const textOf = (revision: string): string => git('show', `${revision}:${PATH}`);

  it('does not differ from the catalogue as it was read', () => {
    const { differences, same, notes } = compareArticle(textOf(READ));
    expect({ differences, same, notes }).toEqual({ differences: [], same: 103, notes: [] });
  });

  it.each(revisions)('is understood in full in revision %s', (revision) => {
    const { tables, unread } = readArticle(textOf(revision));
    expect(unread).toEqual([]);
    // From 18 tables with 64 rows in March 2023 to 22 with 103.
    expect(tables.length).toBeGreaterThanOrEqual(18);
    expect(tables.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(64);
  });

  it('comes nearer to the catalogue with every year', () => {
    const count = (revision: string): number => compareArticle(textOf(revision)).differences.length;
    const counts = ['82dbc720e', 'c98d0481a', '2b3bdc98c', READ].map(count);
    report(`differences of 2023, 2024, 2025 and 2026: ${counts.join(', ')}`);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  const after = (change: (text: string) => string): Comparison['differences'] => {
    const text = textOf(READ);
    const changed = change(text);
    expect(changed).not.toBe(text);
    return compareArticle(changed).differences;
  };

  it('shows one change for one that is made', () => {
    expect(
      after((text) =>
        text.replace(
          '**`packages.microsoft.com`**     | **`HTTPS:443`**',
          '**`packages.microsoft.com`**     | **`HTTPS:8443`**',
        ),
      ),
    ).toMatchObject([
      { kind: 'row-changed', row: 'T02.06', changes: [{ what: 'services', new: ['HTTPS 8443'] }] },
    ]);
    expect(after((text) => text.replace('nvidia.github.io', 'nvidia.example.io'))).toMatchObject([
      { kind: 'row-changed', row: 'T08.01', changes: [{ what: 'destinations', new: ['nvidia.example.io'] }] },
    ]);
    expect(after((text) => text.replace(/^\|\*\*`\*\.cloud\.defender.*\n/m, ''))).toMatchObject([
      { kind: 'row-removed', requirements: ['defender/cloud'] },
    ]);
    expect(after((text) => text.replace('**`vault.azure.net`**', '**`*.vault.azure.net`**'))).toMatchObject([
      {
        kind: 'row-changed',
        row: 'T12.01',
        notes: [expect.stringContaining('as a correction of the article') as string],
      },
    ]);
  });

  it('is the same article with its tables of clouds in another order', () => {
    const swapped = after((text) => {
      const [global, china, government] = [
        '### Azure Global required network',
        '### Microsoft Azure operated by 21Vianet required network',
        '### Azure US Government required network',
      ].map((heading) => text.indexOf(heading));
      const end = text.indexOf('## Optional recommended');
      return (
        text.slice(0, global) +
        text.slice(government, end) +
        text.slice(china, government) +
        text.slice(global, china) +
        text.slice(end)
      );
    });
    expect(new Set(swapped.map(({ kind }) => kind))).toEqual(new Set(['table-moved']));
  });
});

describe.skipIf(!existsSync(SEED))('the page in Japanese, as its text was copied in 2025', () => {
  const text = existsSync(SEED)
    ? readdirSync(SEED)
        .filter((name) => name.endsWith('.txt'))
        .map((name) => readFileSync(join(SEED, name), 'utf8'))
        .join('\n')
    : '';

  it('differs in the one row that came since', () => {
    const { differences, same, notes } = compareArticle(text);
    expect(same).toBe(102);
    expect(differences).toMatchObject([
      { kind: 'row-removed', table: 'T11', destinations: ['*.cloud.defender.microsoft.com'] },
    ]);
    expect(notes).toHaveLength(1);
  });

  it('shows a change that is made to it', () => {
    const { differences } = compareArticle(text.replace('security.ubuntu.com ', 'security2.ubuntu.com '));
    expect(differences.find(({ row }) => row === 'T07.01')?.changes).toMatchObject([
      {
        what: 'destinations',
        new: ['security2.ubuntu.com', 'azure.archive.ubuntu.com', 'changelogs.ubuntu.com'],
      },
    ]);
  });
});
