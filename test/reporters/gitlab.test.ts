import { expect, test } from 'vitest';
import { gitlab } from '../../src/reporters/gitlab.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf } from './fixture.ts';

interface Item {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: {
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

function itemsOf(text: string): Item[] {
  return JSON.parse(text) as Item[];
}

test.each(['findings-of-every-kind', 'nothing-to-report', 'several-runs'])(
  'a Code Quality report of %s is written as reviewed',
  (name) => {
    expect(gitlab(loadReport(name), contextWith())).toBe(readText(`expected/${name}.gitlab.json`));
  },
);

test('every item has what GitLab requires, and a fingerprint of its own', () => {
  const items = itemsOf(gitlab(loadReport('findings-of-every-kind'), contextWith()));
  for (const item of items) {
    expect(item.description).toMatch(/\.$/);
    expect(item.severity).toMatch(/^(info|minor|major|critical|blocker)$/);
    expect(item.location.path).not.toMatch(/^\.?\//);
    expect(item.location.lines.begin).toBeGreaterThan(0);
  }
  expect(new Set(items.map(({ fingerprint }) => fingerprint)).size).toBe(items.length);
});

test('what is suppressed is left out', () => {
  const findings = [findingAt(at('a.json', 1), { suppressed: true })];
  expect(gitlab(reportOf(findings), contextWith())).toBe('[]\n');
});

test('paths are those of the repository, without the escapes of URIs', () => {
  const context = contextWith({ uriOf: () => 'infra/a%20b%23%C3%A9.json' });
  const [item] = itemsOf(gitlab(reportOf([findingAt(at('..\\a b#é.json', 1))]), context));
  expect(item?.location.path).toBe('infra/a b#é.json');
});

test('a finding names the clusters that it concerns', () => {
  const findings = [findingAt(at('a.json', 1), { clusters: ['prod', 'test'] })];
  expect(itemsOf(gitlab(reportOf(findings), contextWith()))[0]?.description).toBe(
    "Nothing allows it. For clusters 'prod', 'test'.",
  );
});
