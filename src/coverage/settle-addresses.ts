import { ipUnite, type IpSet } from '../model/ip-space.ts';
import { nameOverlaps } from '../model/name.ts';
import { sourcesIntersect, sourcesEmpty, split, type DestinationPart, type Flow, type Part } from './flow.ts';
import { outcomeOf, type Cell, type Maybe } from './walk.ts';

/** The last word on flows whose destination has one of some addresses, as a list of service tags tells. */

function withinOf(part: DestinationPart): IpSet | undefined {
  return part.kind === 'address' ? undefined : part.within;
}

/** Cells of a flow, and the addresses of its destination that the rules leave out although they let others through. */
export interface Settled {
  readonly cells: readonly Cell[];
  readonly leftOut: IpSet | undefined;
}

/**
 * Which of its possible addresses a name has is not known: where only some of them get through, whether it does is not
 * known either. Such a cell of denied addresses becomes one that the rule for the others may allow; where an address rule
 * denies what a rule by name allows, one that the address rule may deny.
 */
export function settleAddresses(cells: readonly Cell[], flow: Flow): Settled {
  const { destination } = flow;
  if (destination.kind === 'address') return { cells, leftOut: undefined };
  if (destination.kind === 'service-tag' || destination.within === undefined)
    return { cells, leftOut: undefined };
  const through = cells.filter((cell) => outcomeOf(cell) !== 'deny');
  const settled: Cell[] = [];
  let leftOut: IpSet | undefined;
  for (const cell of cells) {
    if (outcomeOf(cell) !== 'deny') {
      settled.push(cell);
      continue;
    }
    let rest: readonly Part[] = [cell.part];
    for (const other of through) {
      if (!meets(cell.part, other.part)) continue;
      const region = {
        sources: other.part.sources,
        destination: { kind: 'all' },
        ports: other.part.ports,
      } as const;
      rest = rest.flatMap((part) => {
        const { hit, rest: left } = split(part, region);
        if (hit === undefined) return [part];
        settled.push(either(hit, cell, other));
        const within = withinOf(hit.destination);
        if (within !== undefined) leftOut = leftOut === undefined ? within : ipUnite(leftOut, within);
        return left;
      });
    }
    for (const part of rest) settled.push({ ...cell, part });
  }
  return { cells: settled, leftOut };
}

/** Do the parts have sources and names in common? Their addresses never overlap. */
function meets(a: Part, b: Part): boolean {
  if (sourcesEmpty(sourcesIntersect(a.sources, b.sources))) return false;
  if (a.destination.kind !== 'name' || b.destination.kind !== 'name') return true;
  return nameOverlaps(a.destination.set.base, b.destination.set.base);
}

/** The cell of addresses that are denied, when others of the same name get through. */
function either(part: Part, denied: Cell, through: Cell): Cell {
  const { decision } = through;
  const denier = denied.decision.rule;
  const isByName = decision.how !== 'address' && decision.how !== 'service-tag';
  if (decision.action === 'allow' && isByName && denier !== undefined && isByAddress(denied)) {
    const deny: Maybe = { ...maybeOf(denied, denier), action: 'deny' };
    return { part, maybes: [...through.maybes, deny], decision };
  }
  const allow =
    decision.action === 'allow' && decision.rule !== undefined ? [maybeOf(through, decision.rule)] : [];
  return { part, maybes: [...denied.maybes, ...through.maybes, ...allow], decision: denied.decision };
}

function isByAddress({ decision: { how } }: Cell): boolean {
  return how === 'address' || how === 'service-tag';
}

function maybeOf({ decision }: Cell, rule: Maybe['rule']): Maybe {
  return {
    rule,
    action: decision.action,
    doubt: 'address',
    how: decision.how ?? 'address',
    destination: decision.destination,
    unknown: undefined,
  };
}
