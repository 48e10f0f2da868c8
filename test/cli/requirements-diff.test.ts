import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { runIn, type Outcome } from '../commands/io.ts';

const ARTICLES = join(import.meta.dirname, '../../fixtures/articles');
const DOWNLOAD =
  'Download it as Markdown: curl -fsSLO https://raw.githubusercontent.com/MicrosoftDocs/azure-aks-docs/main/articles/aks/outbound-rules-control-egress.md';

const folder = mkdtempSync(join(tmpdir(), 'article-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function diff(path: string, ...argv: string[]): Promise<Outcome> {
  return runIn({ cwd: ARTICLES }, 'requirements', '--diff', path, ...argv);
}

interface Report {
  readonly article: { readonly path: string; readonly date: string | null };
  readonly summary: Readonly<Record<string, number>>;
  readonly differences: readonly {
    readonly kind: string;
    readonly line: number | null;
    readonly table: string | null;
    readonly row: string | null;
    readonly destinations: readonly string[];
    readonly changes: readonly {
      readonly what: string;
      readonly old: readonly string[];
      readonly new: readonly string[];
    }[];
    readonly notes: readonly string[];
  }[];
}

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(ARTICLES, '../../schemas/article-differences.schema.json'), 'utf8')) as object,
);

describe('requirements --diff', () => {
  it('prints JSON as its schema says', async () => {
    const { stdout } = await diff('changed.md', '--format', 'json');
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...(JSON.parse(stdout) as object), schemaVersion: 2 })).toBe(false);
  });

  it('shows as JSON what is new, gone, changed and not understood, with lines', async () => {
    const { code, stdout, stderr } = await diff('changed.md', '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { article, differences, summary } = JSON.parse(stdout) as Report;
    expect(article).toEqual({ path: 'changed.md', date: '2026-11-02' });
    const text = readFileSync(join(ARTICLES, 'changed.md'), 'utf8').split('\n');
    const lineOf = (part: string): number => text.findIndex((line) => line.includes(part)) + 1;
    const about = (host: string): Report['differences'] =>
      differences.filter(
        ({ destinations, notes }) => destinations.includes(host) || notes.join().includes(host),
      );

    expect(about('mcr.microsoft.com').find(({ row }) => row === 'T02.02')).toMatchObject({
      kind: 'row-changed',
      line: lineOf('`mcr.microsoft.com`'),
      changes: [{ what: 'services', old: ['HTTPS 443'], new: ['HTTPS 8443'] }, { what: 'purpose' }],
    });
    expect(about('*.data.mcr.microsoft.com').find(({ row }) => row === 'T02.03')?.changes[0]).toEqual({
      what: 'destinations',
      old: ['*.data.mcr.microsoft.com', 'mcr-0001.mcr-msedge.net'],
      new: ['*.data.mcr.microsoft.com'],
    });
    expect(about('acs-mirror.azureedge.net').find(({ row }) => row === 'T02.07')).toMatchObject({
      kind: 'row-removed',
      line: null,
      notes: [expect.stringContaining('The catalogue has it as printed only: Nodes download from') as string],
    });
    expect(about('registry.<region>.example.microsoft.com')).toMatchObject([
      { kind: 'row-added', line: lineOf('registry.<region>'), table: 'T02', row: null },
    ]);
    expect(about('mirror.example.microsoft.com')).toMatchObject([
      { kind: 'not-understood', line: lineOf('mirror.example') },
    ]);
    expect(differences.filter(({ kind }) => kind === 'table-removed').map(({ table }) => table)).toHaveLength(
      20,
    );
    // What the GPU table prints is as it was, but for its words.
    expect(
      differences
        .filter(({ table }) => table === 'T08')
        .flatMap(({ changes }) => changes.map(({ what }) => what)),
    ).toEqual(['purpose', 'purpose', 'purpose']);
    expect(summary).toMatchObject({ rowsAdded: 1, tablesAdded: 0, tablesRemoved: 20, notUnderstood: 1 });
  });

  it('prints text with places that a terminal can open', async () => {
    const { code, stdout } = await diff('changed.md', '--no-color');
    expect(code).toBe(1);
    expect(stdout).toContain('changed.md:15  T02.02 core/mcr  mcr.microsoft.com  HTTPS 8443  changed');
    expect(stdout).toContain('services: HTTPS 443 → HTTPS 8443');
    expect(stdout).toContain('- T02.07 core/acs-mirror  acs-mirror.azureedge.net  HTTPS 443  removed');
    expect(stdout).toMatch(/\? changed\.md:22 {2}mirror\.example\.microsoft\.com {2}not understood/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /The article of 2026-11-02 against the catalogue, which was read on \d{4}-\d{2}-\d{2}: 1 row added, 93 rows removed, 10 rows changed, 20 tables removed, 1 part not understood, to be read by a person; 0 rows as they were\./,
    );
    expect(stdout).not.toContain('Zones');
  });

  it('prints Markdown in which nothing of the article is a mention, a link or HTML', async () => {
    const { code, stdout } = await diff('changed.md', '--format', 'markdown');
    expect(code).toBe(1);
    expect(stdout).toContain(
      '- **added** (line 21): `registry.<region>.example.microsoft.com`, `registry.example.microsoft.com` HTTPS 443',
    );
    expect(stdout).toContain(String.raw`A registry \@that nobody knows.`);
    expect(stdout).toContain('- **not understood** (line 22)');
  });

  it('reads standard input', async () => {
    const stdin = readFileSync(join(ARTICLES, 'changed.md'));
    const argv = ['requirements', '--diff', '-', '--no-color'];
    const { code, stdout } = await runIn({ cwd: '/', stdin }, ...argv);
    expect(code).toBe(1);
    expect(stdout).toContain('<stdin>:15  T02.02');
  });

  it('prints the same bytes on any day', async () => {
    const on = async (today: string): Promise<Outcome> =>
      runIn({ cwd: ARTICLES, today }, 'requirements', '--diff', 'changed.md');
    expect(await on('2030-01-01')).toEqual(await on('2026-11-24'));
  });

  it('needs no configuration, and reads none', async () => {
    writeFileSync(join(folder, '.aks-egress-lint.yaml'), 'failOn: sometimes\n');
    writeFileSync(join(folder, 'article.md'), readFileSync(join(ARTICLES, 'changed.md')));
    const { code, stderr } = await runIn({ cwd: folder }, 'requirements', '--diff', 'article.md');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });
});

describe('what is no copy of the article', () => {
  async function given(text: string | Uint8Array): Promise<Outcome> {
    writeFileSync(join(folder, 'copy'), text);
    return runIn({ cwd: folder }, 'requirements', '--diff', 'copy');
  }

  it.each([
    ['a page in HTML', '<!DOCTYPE html>\n<html lang="en-us"><body>…', 'is a page in HTML'],
    ['JSON', '{"requirements": []}', 'is JSON'],
    ['empty', '', 'is empty'],
    ['no text', Uint8Array.of(0xff, 0xfe, 0x00, 0x80), 'is no text in UTF-8'],
    ['prose', '# Hello\n\nNothing here.\n', 'it has no table that names hosts and ports'],
    [
      'another article',
      '---\ntitle: Arc\n---\n| FQDN | Port |\n|---|---|\n| `gbl.his.arc.azure.com` | 443 |\n',
      "none of its tables about endpoints is one of 'Outbound network and FQDN rules for Azure Kubernetes Service (AKS) clusters'. It calls itself 'Arc'.",
    ],
  ])('is refused with what to download: %s', async (_case, text, message) => {
    const { code, stdout, stderr } = await given(text);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^copy: /);
    expect(stderr.trimEnd().endsWith(DOWNLOAD)).toBe(true);
  });

  it('is refused where it is the edition for another cloud', async () => {
    const rows = (hosts: readonly string[]): string =>
      ['| FQDN | Port |', '|---|---|', ...hosts.map((host) => `| \`${host}\` | HTTPS:443 |`), ''].join('\n');
    const china = [
      rows([
        '*.ods.opinsights.azure.cn',
        '*.oms.opinsights.azure.cn',
        'global.handler.control.monitor.azure.cn',
        '<region>.handler.control.monitor.azure.cn',
        '*.ingest.monitor.azure.cn',
        '*.metrics.ingest.monitor.azure.cn',
      ]),
      rows(['data.policy.azure.cn', 'store.policy.azure.cn']),
      rows([
        '*.hcp.<location>.cx.prod.service.azk8s.cn',
        '*.tun.<location>.cx.prod.service.azk8s.cn',
        'mcr.microsoft.com',
        '*.data.mcr.microsoft.com',
        'management.chinacloudapi.cn',
        'login.chinacloudapi.cn',
        '*.azk8s.cn',
      ]),
    ].join('\n');
    const { code, stderr } = await given(`# 规则\n\n${china}`);
    expect(code).toBe(3);
    expect(stderr).toContain('it is an edition for AzureChinaCloud');
  });

  it('is a file that is not there', async () => {
    const { code, stderr } = await diff('gone.md');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^gone\.md: cannot be read: /);
  });

  it('is an address, which is not fetched', async () => {
    const { code, stderr } = await diff(
      'https://learn.microsoft.com/azure/aks/outbound-rules-control-egress',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--diff reads a file or standard input');
    expect(stderr).toContain(DOWNLOAD);
  });
});

describe('flags beside --diff', () => {
  it.each([
    [['--region', 'westeurope'], '--region'],
    [['--all'], '--all'],
    [['--as-of', '2026-01-01', '--feature', 'defender'], '--feature and --as-of'],
  ])('that choose rows of one cluster are refused: %j', async (argv, named) => {
    const { code, stderr } = await diff('changed.md', ...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `--diff compares the whole catalogue, for every cluster and cloud: leave out ${named}.`,
    );
  });

  it('choose no form for an appliance', async () => {
    const { code, stderr } = await diff('changed.md', '--format', 'panos');
    expect(code).toBe(2);
    expect(stderr).toContain("--diff has the forms pretty, json and markdown, not 'panos'.");
  });

  it('need a file', async () => {
    const { code, stderr } = await runIn({ cwd: ARTICLES }, 'requirements', '--diff');
    expect(code).toBe(2);
    expect(stderr).toContain('--diff needs a value');
  });

  it('are explained, with an example and exit codes', async () => {
    const help = await runIn({ cwd: ARTICLES }, 'requirements', '--help');
    const stdout = help.stdout.replaceAll(/\s+/g, ' ');
    expect(stdout).toContain('--diff');
    expect(stdout).toContain("requirements --diff article.md Show what Microsoft's article changed");
    expect(stdout).toContain('with --diff, differences, or parts that were not understood');
  });
});
