import { OPTION } from '../conditions/closed-facts.ts';
import type { FactReference } from '../conditions/check-condition.ts';
import type { FactType } from '../conditions/operator-table.ts';
import { FACTS, type Part, type TargetKind } from '../coverage/facts.ts';
import { OPEN_FACTS, type OpenFact } from '../coverage/open-facts.ts';

/** One fact, or one member of a fact, as conditions can name it. */
export interface KnownFact {
  readonly type: FactType;
  /** Of a closed fact. */
  readonly values?: readonly string[];
}

/** A fact is one value, or has members that a path names. */
export type KnownFacts = ReadonlyMap<string, KnownFact | { readonly paths: ReadonlyMap<string, KnownFact> }>;

/** Everything that conditions on this target and part can name, besides the fact `option`. */
export function knownFacts(target: TargetKind, part: Part | undefined): KnownFacts {
  const closed: Readonly<Record<string, readonly string[]>> = FACTS[target];
  const open: Readonly<Record<string, OpenFact | { readonly paths: Readonly<Record<string, OpenFact>> }>> =
    OPEN_FACTS[target];
  const facts = new Map<string, KnownFact | { readonly paths: ReadonlyMap<string, KnownFact> }>();
  for (const [fact, values] of Object.entries(closed)) {
    // A tie is between two collections and belongs to no rule.
    if (fact !== 'tie' || part === 'tie') facts.set(fact, { type: 'closed', values });
  }
  if (part === 'tie') return facts;
  for (const [fact, known] of Object.entries(open)) {
    if ('type' in known) facts.set(fact, known);
    else {
      const members = Object.entries(known.paths).map(([member, of]) => [`$.${member}`, of] as const);
      facts.set(fact, { paths: new Map(members) });
    }
  }
  return facts;
}

/** Is the fact one of enumerated values, so that its subjects fall into classes? */
export function isClosed({ fact }: FactReference, target: TargetKind): boolean {
  return fact === OPTION || Object.hasOwn(FACTS[target], fact);
}
