import { describe, expect, it } from 'vitest';
import { markdownTables } from '../../../src/requirements/article/markdown.ts';
import { pageTextTables } from '../../../src/requirements/article/page-text.ts';
import { readArticle } from '../../../src/requirements/article/read.ts';

const table = (...rows: readonly string[]): string =>
  ['| Destination FQDN | Port | Use |', '|---|:---|---:|', ...rows].join('\n');

/** The first cell of the only row. */
function cell(written: string): string {
  const { tables } = markdownTables(table(`| ${written} | **\`HTTPS:443\`** | Images. |`));
  return tables[0]?.rows[0]?.cells[0] ?? '';
}

describe('a cell in Markdown', () => {
  it.each([
    ['code in bold', '**`mcr.example.com`**', 'mcr.example.com'],
    ['a placeholder in code', '**`*.hcp.<location>.example.io`**', '*.hcp.<location>.example.io'],
    ['a placeholder that HTML would take for a tag', '<region>.dp.example.com', '<region>.dp.example.com'],
    ['an escaped placeholder', String.raw`\<region\>.dp.example.com`, '<region>.dp.example.com'],
    ['an HTML entity', '&lt;region&gt;.dp.example.com', '<region>.dp.example.com'],
    ['an HTML entity in code', '`&lt;region&gt;.dp.example.com`', '<region>.dp.example.com'],
    [
      'line breaks',
      '`a.example.com` <br/> `b.example.com`<br>`c.example.com`',
      'a.example.com \n b.example.com\nc.example.com',
    ],
    ['a link', '[ServiceTag](/azure/tags#x) - **`AzureMonitor:443`**', 'ServiceTag - AzureMonitor:443'],
    ['two wildcards without code', '*.a.example.com, *.b.example.com', '*.a.example.com, *.b.example.com'],
    ['a reference to a footnote', '`a.example.com`[^1]', 'a.example.com'],
    ['a raised number', 'a.example.com<sup>1</sup>', 'a.example.com'],
    [
      'a list in HTML',
      '<ul><li>a.example.com</li><li>b.example.com</li></ul>',
      'a.example.com\n\nb.example.com',
    ],
    ['a comment', '<!-- keep -->a.example.com', 'a.example.com'],
    ['an escaped pipe', String.raw`a.example.com \| b.example.com`, 'a.example.com | b.example.com'],
  ])('is the text of %s', (_case, written, expected) => {
    expect(cell(written)).toBe(expected);
  });
});

describe('a page in Markdown', () => {
  const page = [
    '---',
    'title: Rules # of clusters',
    'ms.date: 06/08/2026',
    '# Customer intent: "As an operator, I want rules."',
    '---',
    '',
    '# Rules',
    '',
    '[!INCLUDE [retirement](./includes/retirement.md)]',
    '',
    '## Required',
    '',
    ':::zone pivot="linux"',
    '',
    '### Cloud `one`',
    '',
    '# [Azure CLI](#tab/azure-cli)',
    '',
    table('| a.example.com | HTTPS:443 | A. |', '| b.example.com | HTTPS:443 | B. |'),
    '',
    '# [Azure portal](#tab/azure-portal)',
    '',
    table('| a.example.com | HTTPS:443 | A. |', '| c.example.com | HTTPS:443 | C. |'),
    '',
    '---',
    '',
    ':::zone-end',
    '',
    '## Optional',
    '',
    table('| d.example.com | HTTP:80 | D. |'),
    '',
    '> [!NOTE]',
    '> | Region | Zones |',
    '> |---|---|',
    '> | westeurope | 3 |',
  ].join('\n');

  it('keeps the lines of tables and rows, below its front matter', () => {
    const { tables } = markdownTables(page);
    expect(tables.map(({ line, rows }) => [line, rows.map((row) => row.line)])).toEqual([
      [19, [21, 22]],
      [26, [28, 29]],
      [37, [39]],
      [42, [44]],
    ]);
    expect(page.split('\n')[20]).toContain('a.example.com');
  });

  it('knows its date, its title, and what it includes', () => {
    const { date, title, hidden } = markdownTables(page);
    expect({ date, title }).toEqual({ date: '2026-06-08', title: 'Rules' });
    expect(hidden).toEqual([{ line: 9, headings: [], kind: 'include', text: './includes/retirement.md' }]);
  });

  it('has the headings over a table, without its title and without tabs', () => {
    expect(markdownTables(page).tables.map(({ headings }) => headings)).toEqual([
      ['Required', 'Cloud one'],
      ['Required', 'Cloud one'],
      ['Optional'],
      ['Optional'],
    ]);
  });

  it('is one table where tabs print the same one twice', () => {
    const { tables, unread } = readArticle(page);
    expect(tables.map(({ rows }) => rows.flatMap(({ destinations }) => destinations))).toEqual([
      ['a.example.com', 'b.example.com', 'c.example.com'],
      ['d.example.com'],
    ]);
    expect(unread).toEqual([]);
  });

  it('is read with Windows’ line ends too', () => {
    expect(markdownTables(page.replaceAll('\n', '\r\n'))).toEqual(markdownTables(page));
  });

  it('is read without front matter, and with one that is no YAML', () => {
    const [, , , , , ...rest] = page.split('\n');
    expect(markdownTables(rest.join('\n')).tables).toHaveLength(4);
    expect(markdownTables(`---\na: [\n---\n${rest.join('\n')}`)).toMatchObject({ tables: { length: 4 } });
  });
});

describe('tables of a page', () => {
  const read = (
    columns: readonly string[],
    ...rows: readonly (readonly string[])[]
  ): ReturnType<typeof readArticle> =>
    readArticle(
      [
        '## Head',
        '',
        columns.join(' | '),
        columns.map(() => '---').join(' | '),
        ...rows.map((row) => row.join(' | ')),
      ].join('\n'),
    );

  it('are left alone where they are about something else', () => {
    for (const found of [
      read(['Region', 'Zones'], ['westeurope', '3']),
      read(['Version', 'Date'], ['1.30.2', '2026-01-01']),
      read(['Annotation', 'Meaning'], ['kubernetes.azure.com/set-kube-service-host-fqdn', 'FQDN']),
      read(['Parameter', 'Description'], ['outboundType', 'where egress goes']),
    ])
      expect(found).toMatchObject({ tables: [], unread: [] });
  });

  it('are reported where they look like endpoints and have no port', () => {
    const { tables, unread } = read(['FQDN', 'Use'], ['a.example.com', 'Images']);
    expect(tables).toEqual([]);
    expect(unread).toEqual([
      {
        line: 5,
        headings: ['Head'],
        destinations: ['a.example.com'],
        why: "The row 'a.example.com | Images' was not understood: it names no port.",
      },
    ]);
  });

  it('are reported where their heads speak of endpoints and no cell names one', () => {
    const { unread } = read(['Endpoint', 'Port', 'Use'], ['your registry', '443', 'Images']);
    expect(unread).toEqual([
      {
        line: 3,
        headings: ['Head'],
        why: "The table 'Endpoint | Port | Use' has no column whose cells are hosts, tags or addresses.",
      },
    ]);
  });

  it('are reported row by row, and what is understood is compared', () => {
    const { tables, unread } = read(
      ['FQDN', 'Port'],
      ['a.example.com', '443'],
      ['b.example.com', 'see below'],
      ['c.example.com', '443'],
    );
    expect(tables[0]?.rows.map(({ line }) => line)).toEqual([5, 7]);
    expect(unread.map(({ line }) => line)).toEqual([6]);
  });

  it('are reported where they are HTML that names hosts', () => {
    const { unread } = readArticle('## Head\n\n<table><tr><td>a.example.com</td></tr></table>\n');
    expect(unread).toEqual([
      {
        line: 3,
        headings: ['Head'],
        why: 'A table in HTML names hosts here, and only tables in Markdown are read.',
      },
    ]);
    expect(readArticle('<table><tr><td>two words</td></tr></table>\n').unread).toEqual([]);
  });

  it('are found in any column order', () => {
    const { tables } = read(['Port', 'Use', 'Endpoint'], ['443', 'Images', 'a.example.com']);
    expect(tables[0]?.rows[0]).toMatchObject({
      destinations: ['a.example.com'],
      services: ['443'],
      purpose: 'Images',
    });
  });
});

describe('a page as its text is copied', () => {
  const text = [
    'この記事',
    'ネットワーク規則',
    '宛先エンドポイント | プロトコル | 港 / ポート | 用途 |',
    '---|---|---|---|',
    '*:9000 又は APIServerPublicIP:9000 |',
    'TCP | 九千 | トンネル |',
    'CustomDNSIP:53 |',
    'UDP(ユーザー・データグラム・プロトコル) | 53 | DNS |',
    'アプリケーション規則',
    '送信先 FQDN | 港 / ポート | 用途 |',
    '---|---|---|',
    'a.example.com 、b.example.com |',
    'HTTPS: 443 |',
    'イメージ |',
  ].join('\n');

  it('has rows over several lines, and ends a table with the first line of prose', () => {
    expect(
      pageTextTables(text).tables.map(({ line, headings, rows }) => [
        line,
        headings,
        rows.map((row) => row.line),
      ]),
    ).toEqual([
      [3, ['ネットワーク規則'], [5, 7]],
      [10, ['アプリケーション規則'], [12]],
    ]);
  });

  it('is understood in a machine’s translation', () => {
    const rows = readArticle(text).tables.flatMap((one) => one.rows);
    expect(rows.map(({ destinations, services, isOneOf }) => ({ destinations, services, isOneOf }))).toEqual([
      { destinations: ['*', '<api-server-ip>'], services: ['TCP 9000'], isOneOf: true },
      { destinations: ['<custom-dns-ip>'], services: ['UDP 53'], isOneOf: false },
      { destinations: ['a.example.com', 'b.example.com'], services: ['HTTPS 443'], isOneOf: false },
    ]);
  });
});
