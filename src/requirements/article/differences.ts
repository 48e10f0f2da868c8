import { createHash } from 'node:crypto';
import { unique, type CatalogueArticle, type CatalogueRow, type CatalogueTable } from './catalogue.ts';
import type { Change, Difference, DifferenceKind } from './difference.ts';
import {
  inOrder,
  matchRows,
  plain,
  sameHeading,
  samePath,
  sameServices,
  type Pair,
  type ReadRow,
  type ReadTable,
} from './match.ts';
import type { ReadArticle, Unread } from './read.ts';
import { correctionNotes, knownNotes, printedOnlyNotes } from './remarks.ts';
import type { HiddenPart } from './tables.ts';

/** What a purpose says, whatever its marks: of texts that are not ours the data keeps no more than this. */
export function fingerprintOf(purpose: string): string {
  return createHash('sha256').update(plain(purpose)).digest('hex').slice(0, 12);
}

interface Placed {
  /** Line by which it is sorted. */
  readonly at: number;
  readonly difference: Difference;
}

/** Finds what differs, from pairs of tables. */
export class Differences {
  same = 0;
  readonly #placed: Placed[] = [];
  readonly #catalogue: CatalogueArticle;
  readonly #article: ReadArticle;
  /** Files whose content nobody has judged. */
  readonly #includes: readonly HiddenPart[];
  readonly #pairs: readonly Pair<CatalogueTable, ReadTable>[];
  readonly #isOurLanguage: boolean;
  /** What the catalogue has of rows that were not understood. */
  readonly #unreadRows = new Map<Unread, Pick<Difference, 'table' | 'row' | 'requirements'>>();

  constructor(
    catalogue: CatalogueArticle,
    article: ReadArticle,
    pairs: readonly Pair<CatalogueTable, ReadTable>[],
    isOurLanguage: boolean,
  ) {
    this.#catalogue = catalogue;
    this.#article = article;
    this.#includes = article.includes.filter(({ text }) => !catalogue.includes.includes(text));
    this.#pairs = pairs;
    this.#isOurLanguage = isOurLanguage;
    this.#moved();
    for (const pair of pairs) this.#rows(pair);
    this.#newTables();
    this.#goneTables();
    for (const unread of article.unread) this.#unread(unread);
    for (const { line, headings, text } of this.#includes) {
      const why = `${text} is included here, which is another file and may hold tables: read it.`;
      this.#unread({ line, headings, why });
    }
  }

  /** Rows that went to another table are one difference each, not two. */
  inOrder(): Difference[] {
    const sorted = this.#placed.toSorted((a, b) => a.at - b.at).map(({ difference }) => difference);
    return joinMoved(sorted);
  }

  #moved(): void {
    const pairs = this.#pairs.toSorted((a, b) => a.new.line - b.new.line);
    const numbers = pairs.map(({ old }) => this.#catalogue.tables.indexOf(old));
    const kept = inOrder(numbers);
    const told = new Set<string>();
    pairs.forEach((pair, at) => {
      const changes: Change[] = [];
      const renamed = this.#isOurLanguage ? this.#renamed(pair) : [];
      if (renamed === undefined)
        changes.push({ what: 'heading', old: pair.old.headings, new: pair.new.headings });
      const number = numbers[at] ?? 0;
      if (!kept.has(number)) {
        const before = this.#catalogue.tables[number - 1]?.headings.at(-1);
        changes.push({
          what: 'order',
          old: placeAfter(before),
          new: placeAfter(pairs[at - 1]?.new.headings.at(-1)),
        });
      }
      if (changes.length > 0) this.#add(pair.new.line, 'table-moved', { ...tableOf(pair), changes });
      for (const level of renamed ?? []) {
        const headings = pair.new.headings.slice(0, level + 1);
        const change: Change = {
          what: 'heading',
          old: pair.old.headings.slice(level, level + 1),
          new: headings.slice(level),
        };
        // The heading of a section is one change, however many tables stand below it.
        const identity = JSON.stringify([level, change.old, headings]);
        if (told.has(identity)) continue;
        told.add(identity);
        const isOwn = level === pair.new.headings.length - 1;
        this.#add(pair.new.line, 'heading-changed', {
          ...(isOwn ? tableOf(pair) : { line: pair.new.line, headings }),
          changes: [change],
        });
      }
    });
  }

  /** The levels on which headings over a table have other words; undefined where it stands in another section. */
  #renamed({ old, new: found }: Pair<CatalogueTable, ReadTable>): number[] | undefined {
    if (old.headings.length !== found.headings.length) return undefined;
    const levels = old.headings.flatMap((heading, level) =>
      sameHeading(heading, found.headings[level]) ? [] : [level],
    );
    const isLeft = levels.some((level) =>
      this.#article.tables.some(
        ({ headings }) => headings.length > level + 1 && sameHeading(headings[level], old.headings[level]),
      ),
    );
    return isLeft ? undefined : levels;
  }

  #rows(pair: Pair<CatalogueTable, ReadTable>): void {
    const matched = matchRows(pair.old.rows, pair.new.rows);
    for (const { old, new: found } of matched) {
      const changes = this.#changesOf(old, found);
      if (changes.length === 0) this.same++;
      else {
        this.#add(found.line, 'row-changed', {
          ...rowOf(pair, old),
          line: found.line,
          destinations: found.destinations,
          services: found.services,
          changes,
          notes: correctionNotes(old, found),
        });
      }
    }
    for (const row of pair.new.rows) {
      if (!matched.some((one) => one.new === row)) this.#added(row, pair.new.headings, pair.old.number);
    }
    for (const row of pair.old.rows) {
      if (matched.some((one) => one.old === row)) continue;
      if (this.#isUnread(row, pair.new.headings, pair.old.number)) continue;
      this.#removed(row, tableOf(pair), pair.new.line + pair.new.rows.length + 1);
    }
  }

  #changesOf(old: CatalogueRow, found: ReadRow): Change[] {
    const changes: Change[] = [];
    const isListed = (a: readonly string[], b: readonly string[]): boolean =>
      a.every((one) => b.includes(one));
    if (!isListed(old.destinations, found.destinations) || !isListed(found.destinations, old.destinations))
      changes.push({ what: 'destinations', old: old.destinations, new: found.destinations });
    else if (old.isOneOf !== undefined && found.destinations.length > 1 && old.isOneOf !== found.isOneOf)
      changes.push({ what: 'alternatives', old: [howMany(old.isOneOf)], new: [howMany(found.isOneOf)] });
    if (!sameServices(old, found)) changes.push({ what: 'services', old: old.services, new: found.services });
    for (const [destination, cloud] of found.clouds) {
      const clouds = unique(
        old.records
          .filter((record) => printedIn(record).includes(destination))
          .flatMap((record) => record.clouds),
      );
      if (clouds.length > 0 && !clouds.includes(cloud))
        changes.push({
          what: 'clouds',
          old: [`${destination}: ${clouds.join(', ')}`],
          new: [`${destination}: ${cloud}`],
        });
    }
    const fingerprint = fingerprintOf(found.purpose);
    if (this.#isOurLanguage && old.fingerprint !== undefined && old.fingerprint !== fingerprint) {
      const own = unique(old.records.map(({ purpose }) => purpose));
      changes.push({ what: 'purpose', old: own, new: [found.purpose], fingerprint });
    }
    return changes;
  }

  #added(row: ReadRow, headings: readonly string[], table: string | null): void {
    this.#add(row.line, 'row-added', {
      line: row.line,
      headings,
      table,
      destinations: row.destinations,
      services: row.services,
      ...(row.purpose === '' ? {} : { changes: [{ what: 'purpose', old: [], new: [row.purpose] }] }),
      notes: knownNotes(row),
    });
  }

  #removed(row: CatalogueRow, table: Pick<Difference, 'headings' | 'table'>, at: number): void {
    this.#add(at, 'row-removed', {
      ...table,
      ...namesOf(row),
      line: null,
      destinations: row.destinations,
      services: row.services,
      notes: printedOnlyNotes(row),
    });
  }

  #newTables(): void {
    for (const table of this.#article.tables) {
      if (this.#pairs.some((pair) => pair.new === table)) continue;
      this.#add(table.line, 'table-added', { line: table.line, headings: table.headings });
      for (const row of table.rows) this.#added(row, table.headings, null);
    }
  }

  #goneTables(): void {
    this.#catalogue.tables.forEach((table, index) => {
      if (this.#pairs.some((pair) => pair.old === table)) return;
      const before = this.#pairs.filter((pair) => this.#catalogue.tables.indexOf(pair.old) < index);
      const at = Math.max(0, ...before.map(({ new: found }) => found.line + found.rows.length + 1));
      const where = { headings: table.headings, table: table.number };
      const include = this.#includes.find(({ headings }) =>
        table.headings.some((heading) => sameHeading(heading, headings.at(-1))),
      );
      const notes =
        include === undefined
          ? []
          : [`Line ${include.line} includes ${include.text}, which may hold it now.`];
      const gone = table.rows.filter((row) => !this.#isUnread(row, table.headings, table.number));
      if (gone.length === 0) return;
      this.#add(at, 'table-removed', { ...where, line: null, notes });
      for (const row of gone) this.#removed(row, where, at);
    });
  }

  #unread(unread: Unread): void {
    const { line, headings, destinations = [], why } = unread;
    const subject = this.#unreadRows.get(unread);
    this.#add(line, 'not-understood', { line, headings, destinations, ...subject, notes: [why] });
  }

  /** Whether a row that seems gone stands there and was not understood, which is another answer. */
  #isUnread(row: CatalogueRow, headings: readonly string[], table: string): boolean {
    const unread = this.#article.unread.find(
      (one) =>
        samePath(one.headings, headings) &&
        (one.destinations ?? []).some((name) => row.destinations.includes(name)),
    );
    if (unread !== undefined) this.#unreadRows.set(unread, { table, ...namesOf(row) });
    return unread !== undefined;
  }

  #add(at: number, kind: DifferenceKind, given: Partial<Difference>): void {
    const nothing = {
      line: null,
      headings: [],
      table: null,
      row: null,
      requirements: [],
      destinations: [],
      services: [],
      changes: [],
      notes: [],
    };
    this.#placed.push({ at, difference: { kind, ...nothing, ...given } });
  }
}

function howMany(isOneOf: boolean): string {
  return isOneOf ? 'one of them' : 'all of them';
}

function placeAfter(heading: string | undefined): string[] {
  return [heading === undefined ? 'first of all tables' : `after '${heading}'`];
}

function tableOf({
  old,
  new: found,
}: Pair<CatalogueTable, ReadTable>): Pick<Difference, 'headings' | 'table' | 'line'> {
  return { headings: found.headings, table: old.number, line: found.line };
}

function rowOf(
  pair: Pair<CatalogueTable, ReadTable>,
  row: CatalogueRow,
): Pick<Difference, 'headings' | 'table' | 'row' | 'requirements'> {
  return { headings: pair.new.headings, table: pair.old.number, ...namesOf(row) };
}

function namesOf({ key, records }: CatalogueRow): Pick<Difference, 'row' | 'requirements'> {
  return { row: /^T\d/.test(key) ? key : null, requirements: unique(records.map(({ id }) => id)) };
}

function printedIn(record: CatalogueRow['records'][number]): readonly string[] {
  return record.documentedDestinations ?? record.destinations ?? record.anyOf ?? [];
}

/** A row that one table lost and another one got, equal in destinations and services, moved. */
function joinMoved(differences: readonly Difference[]): Difference[] {
  const identity = ({ destinations, services }: Difference): string =>
    `${destinations.toSorted().join(' ')} ${services.map((one) => one.slice(one.lastIndexOf(' ') + 1)).join(' ')}`;
  const gone = differences.filter(({ kind }) => kind === 'row-removed');
  const come = differences.filter(({ kind }) => kind === 'row-added');
  const moves = new Map<Difference, Difference>();
  for (const one of come) {
    const fits = gone.filter(
      (other) => identity(other) === identity(one) && ![...moves.values()].includes(other),
    );
    const [from] = fits;
    // Several that look alike may be anything.
    if (
      from !== undefined &&
      fits.length === 1 &&
      come.filter((other) => identity(other) === identity(one)).length === 1
    )
      moves.set(one, from);
  }
  const moved = new Set(moves.values());
  return differences
    .filter((one) => !moved.has(one))
    .map((one) => {
      const from = moves.get(one);
      if (from === undefined) return one;
      const { row, requirements } = from;
      const change: Change = { what: 'table', old: from.headings, new: one.headings };
      return { ...one, kind: 'row-moved', row, requirements, changes: [change], notes: [] };
    });
}
