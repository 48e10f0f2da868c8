import { describe, expect, test } from 'vitest';
import { compareReports } from '../../src/reporters/comparison.ts';
import { code, message, words } from '../../src/reporters/markdown-text.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf } from './fixture.ts';

describe('a Markdown report', () => {
  test.each(['findings-of-every-kind', 'nothing-to-report', 'several-runs'])(
    'of %s is written as reviewed',
    (name) => {
      expect(markdown(loadReport(name), contextWith())).toBe(readText(`expected/${name}.md`));
    },
  );

  test('links findings to their lines where these have an address', () => {
    const urlOf = ({ path, startLine }: { path: string; startLine: number }): string =>
      `https://github.com/o/r/blob/1a2b/${path}#L${startLine}`;
    const text = markdown(loadReport('findings-of-every-kind'), contextWith({ urlOf }));
    expect(text).toContain(
      '- [`infra/ip-groups.json:5`](<https://github.com/o/r/blob/1a2b/infra/ip-groups.json#L5>): ',
    );
  });

  test('says what a change does before anything else', () => {
    const comparison = compareReports('main', loadReport('nothing-to-report'), loadReport('several-runs'));
    const text = markdown(loadReport('several-runs'), contextWith({ comparison }));
    expect(text).toContain(
      [
        '### What this change does, compared with `main`',
        '',
        '**2 requirements no longer met, 1 new requirement not met, 3 new findings**.',
        '',
        '| requirement | feature | of | before | now |',
        '| --- | --- | --- | --- | --- |',
        '| `mcr.microsoft.com` HTTPS 443 | core | `hub-policy`, `prod` | covered | **missing** |',
        '| `*.data.mcr.microsoft.com` HTTPS 443 | core | `hub-policy`, `prod` | covered | **missing** |',
        '| `mcr.microsoft.com` HTTPS 443 | core | `hub-policy`, `test` | not judged | **missing** |',
      ].join('\n'),
    );
    expect(text.indexOf('compared with')).toBeLessThan(text.indexOf('Requirements of'));
  });

  test('names what a change fixes without a link, since its line is gone', () => {
    const urlOf = (): string => 'https://example.com/line';
    const comparison = compareReports('main', loadReport('several-runs'), loadReport('nothing-to-report'));
    const text = markdown(loadReport('nothing-to-report'), contextWith({ comparison, urlOf }));
    expect(text).toContain('**2 requirements now met, 3 fixed**.');
    expect(text).toContain(
      'Fixed findings:\n\n- ❌ missing-required, `infra/hub-policy.json:47`: Nothing allows',
    );
    expect(text).not.toContain('example.com/line');
  });

  test('says that a change changes nothing', () => {
    const report = loadReport('several-runs');
    const comparison = compareReports('main', report, report);
    expect(markdown(report, contextWith({ comparison }))).toContain(
      'No requirement changes its verdict, and no finding comes or goes.',
    );
  });

  test('fits into a job summary of GitHub, keeps the most severe and counts the rest', () => {
    const findings = Array.from({ length: 20_000 }, (_, i) =>
      findingAt(at(`infra/${i}.json`, i + 1), {
        level: i % 2 === 0 ? 'note' : 'error',
        message: `Nothing allows ü${i}. ${'It is long. '.repeat(8)}`,
        fingerprint: `f${i}`,
      }),
    );
    const comparison = compareReports('main', reportOf([]), reportOf(findings));
    const text = markdown(reportOf(findings), contextWith({ comparison }));
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(800_000);
    expect(text.includes('### ℹ️ Notes')).toBe(false);
    const shown = text.slice(text.indexOf('### ❌ Errors')).match(/^- `infra/gm)?.length ?? 0;
    expect(text.slice(-100)).toContain(`And ${20_000 - shown} more findings, which do not fit here.`);
  });
});

test('a Markdown report of very many runs and notices fits too', () => {
  const [run] = loadReport('several-runs').runs;
  if (run === undefined) throw new Error('no run');
  const runs = Array.from({ length: 5_000 }, (_, i) => ({ ...run, cluster: `cluster-${i}` }));
  const notices = Array.from({ length: 5_000 }, (_, i) => `Something about the file ${i}.json, at length.`);
  const findings = [findingAt(at('a.json', 1))];
  const text = markdown(reportOf(findings, { runs, notices }), contextWith());
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text.match(/And \d+ more (runs|notices), which do not fit here/g)).toHaveLength(2);
  expect(text.includes('### ❌ Errors')).toBe(true);
});

describe('texts in Markdown', () => {
  test.each([
    ['a table edge', 'a | b', String.raw`a \| b`],
    ['HTML', '<img src=x>', String.raw`\<img src=x\>`],
    ['a link', '[a](http://x)', String.raw`\[a\](http://x)`],
    ['emphasis', '*.a_b*', String.raw`\*.a\_b\*`],
    ['a line break', 'a\n# b', String.raw`a \# b`],
    ['a mention', '@team', String.raw`\@team`],
  ])('are no markup: %s', (_name, text, expected) => {
    expect(words(text)).toBe(expected);
  });

  test.each([
    ['*.mcr.microsoft.com', '`*.mcr.microsoft.com`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a|b', String.raw`\`a\|b\``.replaceAll('\\`', '`')],
    ['', '`  `'],
  ])('set %j in code type as %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test.each([
    ["Rule 'a' allows '*.b' here.", 'Rule `a` allows `*.b` here.'],
    ["The clusters' rule 'a' and the cluster's.", "The clusters' rule `a` and the cluster's."],
    ["('a', 'b')", '(`a`, `b`)'],
    ["Tag 'AzureCloud.[parameters('location')]' here.", "Tag `AzureCloud.[parameters('location')]` here."],
    ['Write `a`, not b.', 'Write `a`, not b.'],
  ])('set the names that a message quotes in code type: %s', (text, expected) => {
    expect(message(text)).toBe(expected);
  });
});
