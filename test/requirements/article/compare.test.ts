import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type {
  CatalogueArticle,
  CatalogueRow,
  CatalogueTable,
} from '../../../src/requirements/article/catalogue.ts';
import { compareArticle, WrongArticle } from '../../../src/requirements/article/compare.ts';
import type { Comparison, Difference } from '../../../src/requirements/article/difference.ts';
import type { Cloud } from '../../../src/model/policy.ts';
import type { RequirementRecord } from '../../../src/requirements/records.ts';

/** By hand: the words of "For images." are "for images". */
const sha = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 12);

interface Row {
  readonly key: string;
  readonly cell: string;
  readonly destinations: readonly string[];
  readonly service?: string;
  readonly cloud?: Cloud;
  readonly corrected?: string;
}

function catalogueRow({
  key,
  destinations,
  service = 'HTTPS 443',
  cloud = 'AzureCloud',
  corrected,
}: Row): CatalogueRow {
  const record: RequirementRecord = {
    id: `core/${key.toLowerCase().replace('.', '-')}`,
    row: key,
    feature: 'core',
    clouds: [cloud],
    necessity: 'required',
    ...(corrected === undefined
      ? { destinations }
      : { destinations: [corrected], documentedDestinations: destinations }),
    protocol: 'HTTPS',
    port: 443,
    purpose: 'images',
    condition: { all: [] },
    source: 'aks-outbound-rules',
  };
  return {
    key,
    records: [record],
    destinations,
    services: [service],
    isOneOf: false,
    fingerprint: sha('for images'),
  };
}

const NETWORK: readonly Row[] = [
  { key: 'T01.01', cell: '**`CustomDNSIP:53`**', destinations: ['<custom-dns-ip>'], service: 'UDP 53' },
  { key: 'T01.02', cell: '**`*:123`**', destinations: ['*'], service: 'UDP 123' },
];
const HOSTS: readonly Row[] = [
  { key: 'T02.01', cell: '**`*.hcp.<location>.example.io`**', destinations: ['*.hcp.<region>.example.io'] },
  { key: 'T02.02', cell: '**`mcr.example.com`**', destinations: ['mcr.example.com'] },
  {
    key: 'T02.03',
    cell: '**`vault.example.com`**',
    destinations: ['vault.example.com'],
    corrected: '*.vault.example.com',
  },
  {
    key: 'T02.04',
    cell: '**`a.example.com`**, `b.example.com`',
    destinations: ['a.example.com', 'b.example.com'],
  },
];
const CHINA: readonly Row[] = [
  { key: 'T03.01', cell: '`mcr.example.cn`', destinations: ['mcr.example.cn'], cloud: 'AzureChinaCloud' },
  { key: 'T03.02', cell: '`login.example.cn`', destinations: ['login.example.cn'], cloud: 'AzureChinaCloud' },
];
const ADD_ONS: readonly Row[] = [
  { key: 'T04.01', cell: '`one.example.com`', destinations: ['one.example.com'] },
  { key: 'T04.02', cell: '`two.example.com`', destinations: ['two.example.com'] },
];

const PLACES: readonly (readonly [string, readonly string[], readonly Row[], Cloud | undefined])[] = [
  ['T01', ['Required', 'Global network rules'], NETWORK, undefined],
  ['T02', ['Required', 'Global rules'], HOSTS, 'AzureCloud'],
  ['T03', ['Required', '21Vianet rules'], CHINA, 'AzureChinaCloud'],
  ['T04', ['Features', 'Add-on'], ADD_ONS, undefined],
];

const CATALOGUE: CatalogueArticle = {
  document: 'Rules',
  url: 'https://learn.example.com/rules',
  download: 'https://raw.example.com/rules.md',
  date: '2026-06-18',
  read: '2026-11-24',
  includes: ['includes/known.md'],
  tables: PLACES.map(([number, headings, rows, cloud]): CatalogueTable => ({
    number,
    headings,
    rows: rows.map(catalogueRow),
    cloud,
  })),
};

function line({ cell, service = 'HTTPS 443' }: Row): string {
  return `| ${cell} | **\`${service.replace(' ', ':')}\`** | For images. |`;
}

function tableOf(rows: readonly Row[]): string {
  return ['| Destination | Port | Use |', '|---|---|---|', ...rows.map(line)].join('\n');
}

/** The article as the catalogue has it: rows of T02 are on the lines 18 to 21. */
const ARTICLE = [
  '# Rules',
  '',
  '[!INCLUDE [known](includes/known.md)]',
  '',
  '## Required',
  '',
  '### Global network rules',
  '',
  tableOf(NETWORK),
  '',
  '### Global rules',
  '',
  tableOf(HOSTS),
  '',
  '### 21Vianet rules',
  '',
  tableOf(CHINA),
  '',
  '## Features',
  '',
  '### Add-on',
  '',
  tableOf(ADD_ONS),
  '',
].join('\n');

const compare = (text: string): Comparison => compareArticle(text, CATALOGUE);

/** What differs after a change that must change the text. */
function after(from: string, to: string): readonly Difference[] {
  expect(ARTICLE).toContain(from);
  return compare(ARTICLE.replace(from, to)).differences;
}

const lineOf = (text: string, article = ARTICLE): number =>
  article.split('\n').findIndex((one) => one.includes(text)) + 1;

describe('an article that is as it was', () => {
  it('has no difference', () => {
    expect(compare(ARTICLE)).toEqual({
      catalogue: {
        document: 'Rules',
        url: 'https://learn.example.com/rules',
        download: 'https://raw.example.com/rules.md',
        date: '2026-06-18',
        read: '2026-11-24',
      },
      same: 10,
      differences: [],
      notes: [],
    });
  });

  it.each([
    ['marks of code', '**`mcr.example.com`**', 'mcr.example.com'],
    ['another placeholder for the region', '<location>', '<cluster-region-name>'],
    ['an escaped placeholder', '`*.hcp.<location>.example.io`', '*.hcp.&lt;location&gt;.example.io'],
    ['the order of hosts', '**`a.example.com`**, `b.example.com`', '`b.example.com` <br/> `a.example.com`'],
    ['a space in the service', '`HTTPS:443`', '`HTTPS: 443`'],
    ['marks, case and links in a purpose', 'For images.', '*For* [Images](images.md)'],
    ['a service without its protocol', '**`HTTPS:443`**', '443'],
    ['the marks of a heading', '### Global rules', '### **Global** rules:'],
    [
      'a table about something else',
      '## Features',
      '| Region | Zones |\n|---|---|\n| westeurope | 3 |\n\n## Features',
    ],
    [
      'the order of rows',
      `${line(HOSTS[1] as Row)}\n${line(HOSTS[2] as Row)}`,
      `${line(HOSTS[2] as Row)}\n${line(HOSTS[1] as Row)}`,
    ],
  ])('has none for %s', (_case, from, to) => {
    expect(after(from, to)).toEqual([]);
  });
});

describe('a row', () => {
  it('that is new is reported with its line, heading, port and purpose', () => {
    const [one, ...others] = after(
      line(HOSTS[1] as Row),
      `${line(HOSTS[1] as Row)}\n| \`new.example.com\` | \`HTTPS:8443\` | For news. |`,
    );
    expect(others).toEqual([]);
    expect(one).toEqual({
      kind: 'row-added',
      line: lineOf('mcr.example.com') + 1,
      headings: ['Required', 'Global rules'],
      table: 'T02',
      row: null,
      requirements: [],
      destinations: ['new.example.com'],
      services: ['HTTPS 8443'],
      changes: [{ what: 'purpose', old: [], new: ['For news.'] }],
      notes: [],
    });
  });

  it('that is gone is reported with its number and ids', () => {
    expect(after(`${line(HOSTS[1] as Row)}\n`, '')).toMatchObject([
      {
        kind: 'row-removed',
        line: null,
        headings: ['Required', 'Global rules'],
        row: 'T02.02',
        requirements: ['core/t02-02'],
        destinations: ['mcr.example.com'],
        services: ['HTTPS 443'],
      },
    ]);
  });

  it.each([
    [
      'destination',
      '**`mcr.example.com`**',
      '`mcr2.example.com`',
      'destinations',
      ['mcr.example.com'],
      ['mcr2.example.com'],
    ],
    [
      'further destination',
      '`b.example.com`',
      '`b.example.com`, `c.example.com`',
      'destinations',
      ['a.example.com', 'b.example.com'],
      ['a.example.com', 'b.example.com', 'c.example.com'],
    ],
    ['protocol', '`UDP:123`', '`TCP:123`', 'services', ['UDP 123'], ['TCP 123']],
    [
      'meaning of its commas',
      '**`a.example.com`**, `b.example.com`',
      '`a.example.com` or `b.example.com`',
      'alternatives',
      ['all of them'],
      ['one of them'],
    ],
  ])('with another %s is changed', (_case, from, to, what, old, found) => {
    const differences = after(from, to);
    expect(differences).toMatchObject([{ kind: 'row-changed', changes: [{ what, old, new: found }] }]);
    expect(differences[0]?.line).toBe(lineOf(from));
  });

  it('with another port is changed, and the destination tells which one it is', () => {
    const wrong = ARTICLE.replace(
      line(HOSTS[1] as Row),
      '| `mcr.example.com` | `HTTPS:8443` | For images. |',
    );
    expect(compare(wrong).differences).toMatchObject([
      {
        kind: 'row-changed',
        row: 'T02.02',
        changes: [{ what: 'services', old: ['HTTPS 443'], new: ['HTTPS 8443'] }],
      },
    ]);
  });

  it('with a purpose in other words is changed, with the fingerprint that accepts it', () => {
    const wrong = ARTICLE.replace(
      line(HOSTS[1] as Row),
      '| `mcr.example.com` | `HTTPS:443` | For images, but not for private clusters. |',
    );
    expect(compare(wrong).differences).toMatchObject([
      {
        kind: 'row-changed',
        row: 'T02.02',
        changes: [
          {
            what: 'purpose',
            old: ['images'],
            new: ['For images, but not for private clusters.'],
            fingerprint: sha('for images but not for private clusters'),
          },
        ],
      },
    ]);
  });

  it('that went to another table moved, and is neither new nor gone', () => {
    const moved = ARTICLE.replace(`${line(HOSTS[1] as Row)}\n`, '').replace(
      line(ADD_ONS[1] as Row),
      `${line(ADD_ONS[1] as Row)}\n${line(HOSTS[1] as Row)}`,
    );
    expect(compare(moved).differences).toMatchObject([
      {
        kind: 'row-moved',
        row: 'T02.02',
        line: lineOf('mcr.example.com', moved),
        changes: [{ what: 'table', old: ['Required', 'Global rules'], new: ['Features', 'Add-on'] }],
      },
    ]);
  });

  it('that prints at last what a correction asks for says so', () => {
    expect(after('**`vault.example.com`**', '**`*.vault.example.com`**')).toMatchObject([
      {
        kind: 'row-changed',
        row: 'T02.03',
        changes: [{ what: 'destinations', old: ['vault.example.com'], new: ['*.vault.example.com'] }],
        notes: ["The catalogue asks for '*.vault.example.com' already, as a correction of the article."],
      },
    ]);
  });

  it('that was not understood is neither as it was nor gone without a word', () => {
    const broken = '| `mcr.example.com` | see below | For images. |';
    const found = compare(ARTICLE.replace(line(HOSTS[1] as Row), broken)).differences;
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: 'not-understood',
      table: 'T02',
      row: 'T02.02',
      requirements: ['core/t02-02'],
      destinations: ['mcr.example.com'],
      line: lineOf('mcr.example.com'),
      headings: ['Required', 'Global rules'],
      notes: ["The row 'mcr.example.com | see below | For images.' was not understood: it names no port."],
    });
  });

  it('that was not understood like every other one of its table leaves the table where it is', () => {
    const broken = tableOf(ADD_ONS).replaceAll('`HTTPS:443`', 'see below');
    const found = compare(ARTICLE.replace(tableOf(ADD_ONS), broken)).differences;
    expect(found.map(({ kind, row }) => [kind, row])).toEqual([
      ['not-understood', 'T04.01'],
      ['not-understood', 'T04.02'],
    ]);
  });

  it('that names another cloud for a host is changed', () => {
    const [one] = after('`mcr.example.cn`', '`mcr.example.cn` (Azure Government)');
    expect(one?.changes).toEqual([
      {
        what: 'clouds',
        old: ['mcr.example.cn: AzureChinaCloud'],
        new: ['mcr.example.cn: AzureUSGovernment'],
      },
    ]);
  });
});

describe('a table', () => {
  it('that is new is reported, with its rows', () => {
    const added = '### Preview\n\n| FQDN | Port |\n|---|---|\n| `x.example.com` | 443 |\n\n## Features';
    expect(after('## Features', added)).toMatchObject([
      { kind: 'table-added', table: null, headings: ['Required', 'Preview'] },
      { kind: 'row-added', table: null, destinations: ['x.example.com'], services: ['443'] },
    ]);
  });

  it('that is gone is reported, with its rows', () => {
    const found = after(`### Add-on\n\n${tableOf(ADD_ONS)}\n`, '');
    expect(found).toMatchObject([
      { kind: 'table-removed', table: 'T04', line: null, headings: ['Features', 'Add-on'], notes: [] },
      { kind: 'row-removed', row: 'T04.01' },
      { kind: 'row-removed', row: 'T04.02' },
    ]);
  });

  it('that may have gone into a file that is included is reported with it', () => {
    const include = '### Add-on\n\n[!INCLUDE [rules](includes/rules.md)]\n';
    const found = after(`### Add-on\n\n${tableOf(ADD_ONS)}\n`, include);
    expect(found.find(({ kind }) => kind === 'table-removed')?.notes).toEqual([
      `Line ${lineOf('### Add-on') + 2} includes includes/rules.md, which may hold it now.`,
    ]);
  });

  it('that stands in another section moved', () => {
    const moved = ARTICLE.replace(`### Global rules\n\n${tableOf(HOSTS)}\n`, '').replace(
      '### Add-on',
      `### Global rules\n\n${tableOf(HOSTS)}\n\n### Add-on`,
    );
    expect(compare(moved).differences).toMatchObject([
      {
        kind: 'table-moved',
        table: 'T02',
        changes: [
          { what: 'heading', old: ['Required', 'Global rules'], new: ['Features', 'Global rules'] },
          { what: 'order', old: ["after 'Global network rules'"], new: ["after '21Vianet rules'"] },
        ],
      },
    ]);
  });

  it('below a heading with other words is the same one, and a section’s heading is one change', () => {
    expect(after('### Add-on', '### Optional add-on')).toMatchObject([
      {
        kind: 'heading-changed',
        table: 'T04',
        changes: [{ what: 'heading', old: ['Add-on'], new: ['Optional add-on'] }],
      },
    ]);
    expect(after('## Required', '## Recommended')).toMatchObject([
      {
        kind: 'heading-changed',
        table: null,
        headings: ['Recommended'],
        changes: [{ what: 'heading', old: ['Required'], new: ['Recommended'] }],
      },
    ]);
  });
});

describe('a file that is included', () => {
  it('is no silence: nobody has read it', () => {
    expect(after('includes/known.md', 'includes/new.md')).toMatchObject([
      {
        kind: 'not-understood',
        line: 3,
        notes: ['includes/new.md is included here, which is another file and may hold tables: read it.'],
      },
    ]);
  });
});

describe('a copy in another language', () => {
  const translated = ARTICLE.replace('## Required', '## Erforderlich')
    .replace('### Global network rules', '### Netzwerkregeln')
    .replace('### Global rules', '### Regeln')
    .replace('### 21Vianet rules', '### Regeln von 21Vianet')
    .replace('### Add-on', '### Zusatz')
    .replaceAll('For images.', 'Für Abbilder.');

  it('is compared by content, and says that its words were not', () => {
    const { differences, same, notes } = compare(translated);
    expect({ differences, same }).toEqual({ differences: [], same: 10 });
    expect(notes.join()).toContain('headings and purposes were not compared');
  });

  it('shows changed rows all the same', () => {
    const { differences } = compare(translated.replace('mcr.example.com', 'mcr3.example.com'));
    expect(differences.map(({ kind, row }) => [kind, row])).toEqual([['row-changed', 'T02.02']]);
  });
});

describe('an older copy', () => {
  it('says that it is older', () => {
    const { date, notes } = compare(`---\nms.date: 06/17/2026\n---\n${ARTICLE}`);
    expect(date).toBe('2026-06-17');
    expect(notes).toEqual([
      'The copy is of 2026-06-17, older than the one of 2026-06-18 that the catalogue follows: what seems removed or changed may be what came since.',
    ]);
    expect(compare(`---\nms.date: 06/18/2026\n---\n${ARTICLE}`).notes).toEqual([]);
  });
});

describe('a text that is something else', () => {
  const reason = (text: string): string => {
    try {
      compare(text);
    } catch (error) {
      if (error instanceof WrongArticle) return error.message;
      throw error;
    }
    return '';
  };

  it('is refused without a table', () => {
    expect(reason('# Rules\n\nNo table.\n')).toBe('it has no table that names hosts and ports.');
    expect(reason('<table><tr><td>a.example.com</td></tr></table>\n')).toBe(
      'it has no table that names hosts and ports. Something on line 1 looks like one: A table in HTML names hosts here, and only tables in Markdown are read.',
    );
    expect(reason('| Region | Zones |\n|---|---|\n| westeurope | 3 |\n')).toContain('no table');
  });

  it('is refused where none of its tables is one of the article', () => {
    const other = '---\ntitle: Other rules\n---\n| FQDN | Port |\n|---|---|\n| `arc.example.com` | 443 |\n';
    expect(reason(other)).toBe(
      "none of its tables about endpoints is one of 'Rules'. It calls itself 'Other rules'.",
    );
  });

  it('is refused where it is the edition for another cloud', () => {
    const china = ['# Rules', '', '## Required', '', '### 21Vianet rules', '', tableOf(CHINA), ''].join('\n');
    expect(reason(china)).toContain('it is an edition for AzureChinaCloud');
  });
});
