import { describe, expect, it } from 'vitest';
import { RECORDS, type RequirementRecord } from '../../src/requirements/records.ts';
import type { Cloud } from '../../src/model/policy.ts';
import {
  articleIsThere,
  articleRows,
  printedDestinations,
  printedDestinationsByCloud,
  printedService,
} from './article.ts';

const recordsOf = (row: string): RequirementRecord[] => RECORDS.filter((record) => record.row === row);

/** What the record says that the article prints. */
function documented(record: RequirementRecord): readonly string[] {
  return record.documentedDestinations ?? record.destinations ?? record.anyOf ?? [];
}

const ALL: readonly Cloud[] = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'];

/** By the headings of the tables; hosts of tables that name no cloud are the public cloud's, other rows concern all. */
const CLOUDS: Readonly<Record<string, readonly Cloud[]>> = {
  T01: ['AzureCloud'],
  T02: ['AzureCloud'],
  T03: ['AzureChinaCloud'],
  T04: ['AzureChinaCloud'],
  T05: ['AzureUSGovernment'],
  T06: ['AzureUSGovernment'],
  T07: ALL,
  T08: ALL,
  T09: ALL,
  T10: ALL,
  T11: ALL,
  'T12.01': ['AzureCloud'],
  'T12.02': ['AzureUSGovernment'],
  T13: ALL,
  T14: ['AzureCloud'],
  T15: ['AzureChinaCloud'],
  T16: ['AzureUSGovernment'],
  T17: ['AzureCloud'],
  T18: ['AzureChinaCloud'],
  T19: ['AzureUSGovernment'],
  T20: ALL,
  T21: ['AzureCloud'],
  T22: ['AzureUSGovernment'],
};

describe.skipIf(!articleIsThere())('the data against the article', () => {
  const rows = articleIsThere() ? articleRows() : [];

  it('has a record for each of the 102 rows, and no other numbers', () => {
    expect(rows).toHaveLength(102);
    const numbers = new Set(RECORDS.flatMap(({ row }) => (row === undefined ? [] : [row])));
    expect([...numbers].sort()).toEqual(rows.map(({ row }) => row).sort());
  });

  it.each(rows.map((row) => [row.row, row] as const))(
    'prints the same destinations in row %s',
    (number, row) => {
      const expected = printedDestinations(row);
      expect(expected.length).toBeGreaterThan(0);
      const found = [...new Set(recordsOf(number).flatMap(documented))].sort();
      expect(found).toEqual(expected);
    },
  );

  it.each(rows.map(({ row }) => row))('has row %s in the clouds of its table', (number) => {
    const found = recordsOf(number).flatMap(({ clouds }) => clouds);
    expect(found.sort()).toEqual([...(CLOUDS[number] ?? CLOUDS[number.slice(0, 3)] ?? [])].sort());
  });

  it.each(
    rows
      .filter(({ row }) => /^T(10|11|20)/.test(row))
      .flatMap((row) => ALL.map((cloud) => [row.row, cloud, row] as const)),
  )('prints in row %s the host of %s', (number, cloud, row) => {
    const records = recordsOf(number).filter(({ clouds }) => clouds.includes(cloud));
    expect(records.flatMap(documented)).toEqual([printedDestinationsByCloud(row)[cloud]]);
  });

  it.each(rows.map((row) => [row.row, row] as const))(
    'has the protocol and port of row %s',
    (number, row) => {
      const services = recordsOf(number).map(({ protocol, port }) => `${protocol} ${port.toFixed()}`);
      expect(new Set(services)).toEqual(new Set([printedService(row)]));
    },
  );

  it('reads "or" between network destinations as one of them, everything else as all of them', () => {
    const oneOf = rows
      .filter(
        ({ cells }) => /又は|または \*|\bor\b/.test(cells[0] ?? '') || (cells[0] ?? '').startsWith('*:'),
      )
      .map(({ row }) => row);
    const anyOf = RECORDS.filter((record) => record.anyOf !== undefined && record.row !== undefined);
    expect([...new Set(anyOf.map(({ row }) => row))].sort()).toEqual(oneOf.sort());
  });
});
