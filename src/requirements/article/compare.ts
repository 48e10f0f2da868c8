import { createHash } from 'node:crypto';
import type { Cloud } from '../../model/policy.ts';
import { CLOUDS } from '../../profile/facts.ts';
import { RECORDS } from '../records.ts';
import {
  catalogueArticle,
  unique,
  type CatalogueArticle,
  type CatalogueRow,
  type CatalogueTable,
} from './catalogue.ts';
import {
  inOrder,
  matchRows,
  matchTables,
  plain,
  sameHeading,
  sameServices,
  type Pair,
  type ReadRow,
  type ReadTable,
} from './match.ts';
import { readArticle, type ReadArticle, type Unread } from './read.ts';
import type { HiddenPart } from './tables.ts';

export type DifferenceKind =
  | 'row-added'
  | 'row-removed'
  | 'row-changed'
  | 'row-moved'
  | 'table-added'
  | 'table-removed'
  | 'table-moved'
  | 'heading-changed'
  | 'not-understood';

/** One difference between the catalogue and a copy of the article. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Of the article, one-based; null for what it no longer prints. */
  readonly line: number | null;
  /** Over the table: in the article, or where it stood. */
  readonly headings: readonly string[];
  /** `T02`; null for a table that the catalogue does not have. */
  readonly table: string | null;
  /** `T02.02`; null for a row that the catalogue does not have, or has without a number. */
  readonly row: string | null;
  /** Ids of the catalogue's rows that are concerned. */
  readonly requirements: readonly string[];
  /** As printed, or as they were. */
  readonly destinations: readonly string[];
  readonly services: readonly string[];
  readonly changes: readonly Change[];
  /** Finished sentences that help to judge it. */
  readonly notes: readonly string[];
}

export interface Change {
  readonly what:
    'destinations' | 'services' | 'alternatives' | 'clouds' | 'purpose' | 'heading' | 'order' | 'table';
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** Of a purpose: what rules/articles holds once it is judged. */
  readonly fingerprint?: string;
}

export interface Comparison {
  /** `YYYY-MM-DD`; absent where the copy has none. */
  readonly date?: string;
  readonly catalogue: Pick<CatalogueArticle, 'document' | 'url' | 'date' | 'read' | 'download'>;
  /** Rows that are as the catalogue has them. */
  readonly same: number;
  /** In the order of the article; what is gone stands where it was. */
  readonly differences: readonly Difference[];
  /** What was not compared, and why: finished sentences. */
  readonly notes: readonly string[];
}

/** Why a text is no copy of the article that can be compared; finished sentences. */
export class WrongArticle extends Error {
  override readonly name = 'WrongArticle';
}

/** Compares a copy of the article with the catalogue. Throws a WrongArticle for a text that is something else. */
export function compareArticle(text: string): Comparison {
  const catalogue = catalogueArticle();
  const article = readArticle(text);
  const pairs = matchTables(catalogue.tables, article.tables);
  refuseOthers(article, catalogue, pairs);
  const isOurLanguage =
    pairs.filter((pair) => sameHeading(pair.old.headings.at(-1), pair.new.headings.at(-1))).length * 4 >=
    pairs.length;
  const found = new Differences(catalogue, article, pairs, isOurLanguage);
  const { document, url, date, read, download } = catalogue;
  return {
    ...(article.date === undefined ? {} : { date: article.date }),
    catalogue: { document, url, date, read, download },
    same: found.same,
    differences: found.inOrder(),
    notes: notesOf(article, date, isOurLanguage),
  };
}

function refuseOthers(
  article: ReadArticle,
  { document, tables }: CatalogueArticle,
  pairs: readonly Pair<CatalogueTable, ReadTable>[],
): void {
  if (article.tables.length === 0 && article.unread.length === 0)
    throw new WrongArticle('it has no table that names hosts and ports.');
  const title = article.title === undefined ? '' : ` It calls itself '${article.title}'.`;
  if (pairs.length === 0) {
    const count = article.tables.length;
    throw new WrongArticle(
      `none of its ${count === 1 ? 'tables' : `${count} tables`} about endpoints is one of '${document}'.${title}`,
    );
  }
  const share = (cloud: Cloud): number => {
    const own = tables.filter((table) => table.cloud === cloud);
    return own.filter((table) => pairs.some((pair) => pair.old === table)).length / own.length;
  };
  const [others] = CLOUDS.filter((cloud) => cloud !== 'AzureCloud' && share(cloud) >= 0.5);
  // The network rules of the clouds look alike, so that one table of the public cloud may seem to be there.
  if (others !== undefined && share('AzureCloud') <= 0.25) {
    throw new WrongArticle(
      `it is an edition for ${others}: the tables of AzureCloud are missing, and the catalogue follows the edition that has those of every cloud.${title}`,
    );
  }
}

function notesOf(article: ReadArticle, known: string, isOurLanguage: boolean): string[] {
  return [
    ...(article.date === undefined || article.date >= known
      ? []
      : [
          `The copy is of ${article.date}, older than the one of ${known} that the catalogue follows: what seems removed or changed may be what came since.`,
        ]),
    ...(isOurLanguage
      ? []
      : [
          'The headings are not those of the English article, so tables were told by their content and order, and headings and purposes were not compared.',
        ]),
  ];
}

/** What a purpose says, whatever its marks: of texts that are not ours the data keeps no more than this. */
export function fingerprintOf(purpose: string): string {
  return createHash('sha256').update(plain(purpose)).digest('hex').slice(0, 12);
}

interface Placed {
  /** Line by which it is sorted. */
  readonly at: number;
  readonly difference: Difference;
}

class Differences {
  same = 0;
  readonly #placed: Placed[] = [];
  readonly #catalogue: CatalogueArticle;
  readonly #article: ReadArticle;
  /** Files whose content nobody has judged. */
  readonly #includes: readonly HiddenPart[];
  readonly #pairs: readonly Pair<CatalogueTable, ReadTable>[];
  readonly #isOurLanguage: boolean;

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
      this.#add(at, 'table-removed', { ...where, line: null, notes });
      for (const row of table.rows) this.#removed(row, where, at);
    });
  }

  #unread({ line, headings, why }: Unread): void {
    this.#add(line, 'not-understood', { line, headings, notes: [why] });
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

/** Where the article now prints what a correction asks for. */
function correctionNotes({ records, destinations }: CatalogueRow, found: ReadRow): string[] {
  const right = found.destinations.filter(
    (name) =>
      !destinations.includes(name) &&
      records.some((one) => (one.destinations ?? one.anyOf ?? []).includes(name)),
  );
  return right.map((name) => `The catalogue asks for '${name}' already, as a correction of the article.`);
}

/** Where the catalogue never needed what is gone. */
function printedOnlyNotes({ records, destinations }: CatalogueRow): string[] {
  const evidence = records.map(({ corrections = [] }) =>
    corrections.find(
      (one) =>
        one.standing === 'documented' &&
        one.condition === undefined &&
        destinations.every((name) => one.destinations.includes(name)),
    ),
  );
  if (evidence.includes(undefined)) return [];
  return [
    `The catalogue has it as printed only: ${unique(evidence.map((one) => one?.evidence ?? '')).join(' ')}`,
  ];
}

/** What the catalogue has of a new row already. */
function knownNotes({ destinations, services }: ReadRow): string[] {
  const known = RECORDS.filter(
    (record) =>
      (record.destinations ?? record.anyOf ?? []).some(
        (name) => name !== '*' && destinations.includes(name),
      ) && sameServices({ services }, { services: [`${record.protocol} ${record.port}`] }),
  );
  const ids = unique(known.map(({ id }) => id));
  return ids.length === 0 ? [] : [`The catalogue names it elsewhere: ${ids.join(', ')}.`];
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
