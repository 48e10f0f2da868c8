import { portOf, type Printed } from './cells.ts';
import type { CatalogueRow, CatalogueTable } from './catalogue.ts';

/** A table of the article whose rows were read. */
export interface ReadTable {
  readonly line: number;
  readonly headings: readonly string[];
  readonly rows: readonly ReadRow[];
}

export interface ReadRow extends Printed {
  readonly line: number;
}

export interface Pair<Old, New> {
  readonly old: Old;
  readonly new: New;
}

/** Half of all destinations, or the heading and a fifth of them: less in common is another table. */
const ENOUGH = 0.5;
const ENOUGH_BELOW_ITS_HEADING = 0.2;
/** Or most of the smaller table, where that is more than chance: the other one grew or shrank. */
const ENOUGH_OF_THE_SMALLER = 0.75;
const MORE_THAN_CHANCE = 3;

/**
 * Which table of the article is which of the catalogue: those with the most in common first, among equals those that are
 * nearest in order, since the network rules of clouds differ in their headings only.
 */
export function matchTables(
  old: readonly CatalogueTable[],
  found: readonly ReadTable[],
): Pair<CatalogueTable, ReadTable>[] {
  const candidates = old
    .flatMap((table, oldAt) =>
      found.map((other, newAt) => ({
        old: table,
        new: other,
        score: likeness(table, other),
        distance: Math.abs(oldAt - newAt),
      })),
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.distance - b.distance);
  return takeEach(candidates);
}

function takeEach<Old, New>(candidates: readonly Pair<Old, New>[]): Pair<Old, New>[] {
  const taken = new Set<Old | New>();
  return candidates.filter((pair) => {
    if (taken.has(pair.old) || taken.has(pair.new)) return false;
    taken.add(pair.old).add(pair.new);
    return true;
  });
}

function likeness(table: CatalogueTable, other: ReadTable): number {
  const [ours, theirs] = [table.rows.flatMap(endpointsOf), other.rows.flatMap(endpointsOf)];
  const common = overlap(ours, theirs);
  const isHeading = sameHeading(table.headings.at(-1), other.headings.at(-1));
  const isPath = samePath(table.headings, other.headings);
  const isTold =
    common >= ENOUGH || isPath || (isHeading && common >= ENOUGH_BELOW_ITS_HEADING) || isMostly(ours, theirs);
  if (!isTold) return 0;
  return common + (isHeading ? 0.5 : 0) + (isPath ? 0.5 : 0);
}

function isMostly(a: readonly string[], b: readonly string[]): boolean {
  const right = new Set(b);
  const both = a.filter((one) => right.has(one)).length;
  return both >= MORE_THAN_CHANCE && both >= ENOUGH_OF_THE_SMALLER * Math.min(a.length, b.length);
}

function endpointsOf({ destinations, services }: CatalogueRow | Printed): string[] {
  return destinations.flatMap((name) => services.map((service) => `${name} ${portOf(service)}`));
}

/** Of what two lists hold, the part that both hold. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a), new Set(b)];
  const both = [...left].filter((one) => right.has(one)).length;
  const all = left.size + right.size - both;
  return all === 0 ? 0 : both / all;
}

export function sameHeading(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && plain(a) === plain(b);
}

export function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((heading, at) => sameHeading(heading, b[at]));
}

/** Words alone: marks, links, case and white space say nothing of what a text means. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Which row of a table is which of the catalogue: equal ones, then those with a destination in common, then those that take
 * each other's place between two that are told already.
 */
export function matchRows(
  old: readonly CatalogueRow[],
  found: readonly ReadRow[],
): Pair<CatalogueRow, ReadRow>[] {
  const candidates = old
    .flatMap((row, oldAt) =>
      found.map((other, newAt) => ({
        old: row,
        new: other,
        score: overlap(row.destinations, other.destinations) * 2 + (sameServices(row, other) ? 1 : 0),
        names: overlap(row.destinations, other.destinations),
        distance: Math.abs(oldAt - newAt),
      })),
    )
    .filter(({ names }) => names > 0)
    .sort((a, b) => b.score - a.score || a.distance - b.distance);
  const pairs = takeEach(candidates);
  return [...pairs, ...replacements(old, found, pairs)];
}

/** Without a protocol in print, the port alone counts. */
export function sameServices(a: Pick<Printed, 'services'>, b: Pick<Printed, 'services'>): boolean {
  const within = (some: readonly string[], others: readonly string[]): boolean =>
    some.every((service) => others.some((other) => sameService(service, other)));
  return within(a.services, b.services) && within(b.services, a.services);
}

function sameService(a: string, b: string): boolean {
  return a === b || ((!a.includes(' ') || !b.includes(' ')) && portOf(a) === portOf(b));
}

function replacements(
  old: readonly CatalogueRow[],
  found: readonly ReadRow[],
  pairs: readonly Pair<CatalogueRow, ReadRow>[],
): Pair<CatalogueRow, ReadRow>[] {
  const oldOf = new Map(pairs.map((pair) => [pair.new, pair.old]));
  const newOf = new Map(pairs.map((pair) => [pair.old, pair.new]));
  // Both sides as runs between rows that are told, each run named by the row before it.
  const gone = runs(old, (row) => newOf.get(row));
  const come = runs(found, (row) => (oldOf.has(row) ? row : undefined));
  return [...gone].flatMap(([before, rows]) => {
    const others = come.get(before) ?? [];
    if (rows.length !== others.length) return [];
    return rows.flatMap((row, at) => {
      const other = others[at];
      return other !== undefined && sameServices(row, other) ? [{ old: row, new: other }] : [];
    });
  });
}

function runs<Row>(
  rows: readonly Row[],
  told: (row: Row) => ReadRow | undefined,
): Map<ReadRow | undefined, Row[]> {
  const found = new Map<ReadRow | undefined, Row[]>();
  let before: ReadRow | undefined;
  for (const row of rows) {
    const known = told(row);
    if (known !== undefined) before = known;
    else found.set(before, [...(found.get(before) ?? []), row]);
  }
  return found;
}

/** Of numbers, the most that are in order already; the others are what moved. */
export function inOrder(numbers: readonly number[]): Set<number> {
  const best: number[][] = [];
  for (const number of numbers) {
    const longest = best
      .filter((run) => (run.at(-1) ?? -1) < number)
      .reduce<number[]>((a, b) => (b.length > a.length ? b : a), []);
    best.push([...longest, number]);
  }
  return new Set(best.reduce((a, b) => (b.length > a.length ? b : a), []));
}
