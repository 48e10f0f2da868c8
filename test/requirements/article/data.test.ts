import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogueArticle } from '../../../src/requirements/article/catalogue.ts';
import { RECORDS } from '../../../src/requirements/records.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8'));

describe('rules/articles/aks-outbound-rules.json', () => {
  it('has the form of its schema', () => {
    const validate = new Ajv2020({ allErrors: true, strictTypes: true }).compile(
      read('schemas/article.schema.json') as object,
    );
    validate(read('rules/articles/aks-outbound-rules.json'));
    expect(validate.errors ?? []).toEqual([]);
  });

  const rows = catalogueArticle().tables.flatMap(({ number, rows: ofTable }) =>
    ofTable.map((row) => ({ number, ...row })),
  );

  it('has every row of the catalogue that the article prints, each in its table', () => {
    const article = new URL(catalogueArticle().url).pathname;
    const expected = RECORDS.filter(
      ({ row, source }) => row !== undefined || source === 'aks-outbound-rules-2026',
    );
    expect(article).toBe('/azure/aks/outbound-rules-control-egress');
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(expected.map(({ row, id }) => row ?? id)));
    for (const { key, number, records } of rows) {
      expect(records.length, key).toBeGreaterThan(0);
      if (/^T\d/.test(key)) expect(key.slice(0, 3)).toBe(number);
    }
  });

  it('has one service for each row, and takes what is printed where a correction has another host', () => {
    for (const { key, services } of rows) expect(services, key).toHaveLength(1);
    const printed = new Map(rows.map(({ key, destinations }) => [key, destinations]));
    expect(printed.get('T12.01')).toEqual(['vault.azure.net']);
    expect(printed.get('T09.01')).toEqual(['onegetcdn.azureedge.net', 'go.microsoft.com']);
    expect(printed.get('T10.01')).toEqual([
      'login.microsoftonline.com',
      'login.chinacloudapi.cn',
      'login.microsoftonline.us',
    ]);
  });

  it('knows which tables are one cloud’s', () => {
    const clouds = new Map(catalogueArticle().tables.map(({ number, cloud }) => [number, cloud]));
    expect(['T02', 'T04', 'T06', 'T10', 'T12'].map((number) => clouds.get(number))).toEqual([
      'AzureCloud',
      'AzureChinaCloud',
      'AzureUSGovernment',
      undefined,
      undefined,
    ]);
  });
});
