import type { CatalogueArticle } from './catalogue.ts';

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
