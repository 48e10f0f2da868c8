import type { Place } from '../../../model/place.ts';
import type { Expression as Arm } from '../../arm/expression.ts';
import type { Expression, Span } from '../syntax/tree.ts';
import type { At } from './expressions.ts';

/** What the names of one file mean. */
export interface Names {
  place(span: Span, pointer: string): Place;
  /** The text that is written there. */
  textOf(span: Span): string;
  /** A name that is no local one. */
  named(written: Expression & { readonly kind: 'name' }, at: At): Arm;
  /** A call of something else than a function of templates. */
  called(written: Expression & { readonly kind: 'call' }, at: At): Arm | undefined;
  /** A property of a resource, module or namespace. */
  ofResource(written: Expression & { readonly kind: 'member' | 'index' | 'nested' }, at: At): Arm | undefined;
}
