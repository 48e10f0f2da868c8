import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compareReports } from '../../../src/reporters/comparison.ts';
import { htmlPage } from '../../../src/reporters/html/index.ts';
import { grouped, html } from '../../../src/reporters/html/markup.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf, withDrawing } from '../fixture.ts';

/** The page without its style and script, which have files of their own. */
function skeleton(page: string): string {
  return page
    .replace(/<style>.*<\/style>/s, '<style></style>')
    .replace(/<script>.*<\/script>/s, '<script></script>')
    .replaceAll(/sha256-[\w+/=]+/g, 'sha256-…');
}

describe('an HTML report', () => {
  test('of findings of every kind is written as reviewed', () => {
    const page = htmlPage(withDrawing('findings-of-every-kind'), contextWith());
    expect(skeleton(page)).toBe(readText('expected/findings-of-every-kind.html'));
  });

  test.each(['nothing-to-report', 'several-runs'])('of %s is written as reviewed', (name) => {
    expect(skeleton(htmlPage(loadReport(name), contextWith()))).toBe(readText(`expected/${name}.html`));
  });

  test('carries everything inside, and lets nothing else run or load', () => {
    const page = htmlPage(withDrawing('findings-of-every-kind'), contextWith());
    const policy =
      /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    expect(policy).toMatch(/^default-src 'none'; /);
    for (const [element, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ] as const) {
      const [, text = ''] = new RegExp(`<${element}>(.*)</${element}>`, 's').exec(page) ?? [];
      const hash = createHash('sha256').update(text).digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(page).not.toMatch(/ (?:src|srcset|style|on\w+)=/);
    expect(page).not.toMatch(/<link|@import|url\((?!#)/);
  });

  test('is the same for the same report', () => {
    const once = htmlPage(withDrawing('findings-of-every-kind'), contextWith());
    expect(htmlPage(withDrawing('findings-of-every-kind'), contextWith())).toBe(once);
  });

  test('shows what a change does, where it is compared', () => {
    const comparison = compareReports('main', loadReport('nothing-to-report'), loadReport('several-runs'));
    const page = htmlPage(loadReport('several-runs'), contextWith({ comparison }));
    expect(page).toMatch(/<h2 id="change-title">\s*What this change does/);
    expect(page).toContain('Compared with <code>main</code>');
  });

  test('takes any text for text', () => {
    const evil = `</script><img src=x onerror=alert(1)> & "quoted" 'single' \u202Etxt.exe`;
    const location = at(`${evil}.json`, 1);
    const report = reportOf([findingAt(location, { message: evil, related: [{ text: evil, location }] })], {
      notices: [evil],
    });
    const page = htmlPage(report, contextWith({ textOf: () => evil, urlOf: () => `https://x/?a="b"` }));
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u202E');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;');
    expect(page).toContain('href="https://x/?a=&quot;b&quot;"');
  });

  test('marks the right part of a line, and cuts lines that are too long around it', () => {
    const text = `{"a": "${'x'.repeat(5000)}needle${'y'.repeat(5000)}"}`;
    const from = text.indexOf('needle') + 1;
    const findings = [findingAt(at('min.json', 1, from, from + 6))];
    const page = htmlPage(reportOf(findings), contextWith({ textOf: () => text }));
    expect(page).toMatch(/…x{40}<mark>needle<\/mark>y{114}…/);
  });

  test('quotes the neighbours of a line without common indentation', () => {
    const text = ['{', '    "a": [', '        "b",', '        "c"', '    ]', '}'].join('\n');
    const page = htmlPage(reportOf([findingAt(at('a.json', 3, 9, 12))]), contextWith({ textOf: () => text }));
    const lines = [...page.matchAll(/<span class="line[^"]*"><i>(\d+)<\/i>(.*?)<\/span>/g)];
    expect(lines.map(([, number, content]) => [number, content])).toEqual([
      ['1', '{'],
      ['2', '    &quot;a&quot;: ['],
      ['3', '        <mark>&quot;b&quot;</mark>,'],
      ['4', '        &quot;c&quot;'],
      ['5', '    ]'],
    ]);
  });
});

describe('markup', () => {
  test('escapes what is put in, and joins lists', () => {
    expect(html`<b title="${'"'}">${['<', html`<i>${'&'}</i>`, undefined, 1]}</b>`.text).toBe(
      '<b title="&quot;">&lt;<i>&amp;</i>1</b>',
    );
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [65_535, '65,535'],
    [4_294_967_296, '4,294,967,296'],
  ])('groups digits: %d', (count, expected) => {
    expect(grouped(count)).toBe(expected);
  });
});
