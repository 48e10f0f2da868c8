import type { Place } from './place.ts';

/**
 * A comment or description that speaks to this program. Each format contributes its own: its parser knows where comments
 * stand and which part of the file they are about.
 */
export interface Remark {
  /** What is written, without the marks of a comment; may have several lines. */
  readonly text: string;
  /** Where it is written: a part of the file, or a position where comments are no part of what is parsed. */
  readonly place: Place;
  readonly position?: { readonly line: number; readonly column: number };
  /** This part of the file and everything below it; undefined where it is about nothing that can be told. */
  readonly about: Place | undefined;
}

/** What every remark contains. Texts without it need not be looked through. */
export const REMARK = 'aks-egress-lint-ignore';
