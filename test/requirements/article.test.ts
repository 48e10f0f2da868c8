import { describe, expect, it } from 'vitest';
import { RECORDS, type RequirementRecord } from '../../src/requirements/records.ts';
import { articleIsThere, articleRows, printedDestinations, printedService } from './article.ts';

const recordsOf = (row: string): RequirementRecord[] => RECORDS.filter((record) => record.row === row);

/** What the record says that the article prints. */
function documented(record: RequirementRecord): readonly string[] {
  return record.documentedDestinations ?? record.destinations ?? record.anyOf ?? [];
}

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
