import type { Content } from './markup.ts';

/** A part of the page, with its entry in the table of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** How many things it shows; absent where that says nothing. */
  readonly count?: number;
  readonly body: Content;
}
