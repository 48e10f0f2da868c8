import data from '../../../rules/articles/aks-outbound-rules.json' with { type: 'json' };
import type { Cloud } from '../../model/policy.ts';
import { RECORDS, sourceOf, type RequirementRecord } from '../records.ts';

/**
 * What the catalogue holds of the article: the rows of rules/requirements as printed there, and from rules/articles the
 * headings of its tables and fingerprints of what it says of each row.
 */
export interface CatalogueTable {
  /** `T02` */
  readonly number: string;
  readonly headings: readonly string[];
  readonly rows: readonly CatalogueRow[];
  /** The only cloud that its rows are about; undefined where they are about several. */
  readonly cloud: Cloud | undefined;
}

export interface CatalogueRow {
  /** `T02.02`, or the id of a row that the article got after its tables were numbered. */
  readonly key: string;
  readonly records: readonly RequirementRecord[];
  /** As printed. */
  readonly destinations: readonly string[];
  /** `HTTPS 443` */
  readonly services: readonly string[];
  /** Whether one of the destinations is enough; undefined where each is another cloud's. */
  readonly isOneOf: boolean | undefined;
  /** Of the purpose that was read. */
  readonly fingerprint: string | undefined;
}

/** rules/articles/aks-outbound-rules.json as written; schemas/article.schema.json is its form, which the tests prove. */
interface ArticleFile {
  readonly source: string;
  readonly date: string;
  readonly download: string;
  readonly includes: readonly string[];
  readonly tables: Readonly<
    Record<string, { readonly headings: readonly string[]; readonly rows: Readonly<Record<string, string>> }>
  >;
}

const ARTICLE: ArticleFile = data;

/** The article that the rows are numbered after. */
export interface CatalogueArticle {
  readonly document: string;
  readonly url: string;
  /** Where its Markdown is, for a browser or curl. */
  readonly download: string;
  /** `YYYY-MM-DD`: its own date, when its tables were compared with the catalogue, and the day of that. */
  readonly date: string;
  readonly read: string;
  /** Files that it includes, and that hold no endpoints. */
  readonly includes: readonly string[];
  readonly tables: readonly CatalogueTable[];
}

export function catalogueArticle(): CatalogueArticle {
  const { source, date, download, includes, tables } = ARTICLE;
  const { document, url, read } = sourceOf({ source });
  return {
    document,
    url,
    download,
    date,
    read,
    includes,
    tables: Object.entries(tables).map(([number, { headings, rows }]) => {
      const found = Object.entries(rows).map(([key, fingerprint]) => rowOf(key, fingerprint));
      const clouds = new Set(found.flatMap(({ records }) => records.flatMap((record) => record.clouds)));
      const [cloud] = clouds;
      return { number, headings, rows: found, cloud: clouds.size === 1 ? cloud : undefined };
    }),
  };
}

function rowOf(key: string, fingerprint: string): CatalogueRow {
  const records = RECORDS.filter(({ row, id }) => (row ?? id) === key);
  const printed = records.map((one) => one.documentedDestinations ?? one.destinations ?? one.anyOf ?? []);
  const isPerCloud = new Set(printed.map((names) => names.join(' '))).size > 1;
  return {
    key,
    records,
    // The article's own slip of the pen: it stands for the placeholder.
    destinations: unique(printed.flat().map((name) => name.replace(/\.Region$/, '.<region>'))),
    services: unique(records.map(({ protocol, port }) => `${protocol} ${port}`)),
    isOneOf: isPerCloud ? undefined : records.some(({ anyOf }) => anyOf !== undefined),
    fingerprint: fingerprint === '' ? undefined : fingerprint,
  };
}

export function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
