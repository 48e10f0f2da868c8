import { PUBLIC_V4, ipSetOf, ipUnite, type IpSet } from '../model/ip-space.ts';
import { parseIpRange } from '../model/address.ts';
import type { Destination, Policy, Rule, Service } from '../model/policy.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import type { FactsOf } from './facts.ts';
import type { Flow, FlowProtocol, Part, SourceSet } from './flow.ts';
import type { How, Knowledge } from './match.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { settleAddresses } from './settle-addresses.ts';
import { outcomeOf, walk, type Cell, type Maybe } from './walk.ts';

/** The verdict on one destination of one requirement, with the cells that prove it. */

export type VerdictName = 'covered' | 'partial' | 'denied' | 'missing' | 'unknown';

export type RequirementDoubt =
  | 'none'
  | 'address-allow'
  | 'address-deny'
  | 'tag-contents'
  | 'which-host'
  | 'unresolved'
  | 'base-policy'
  | 'source'
  | 'opaque'
  | 'tie';

export interface Verdict {
  readonly verdict: VerdictName;
  readonly works: FactsOf<'requirement'>['works'];
  /** The rule that decrypts the flow or may decrypt it, where that is why it does not work. */
  readonly inspectedBy: Rule | undefined;
  readonly how: 'none' | How;
  readonly doubt: RequirementDoubt;
  /** Entries that allow a part, in order; for an unknown verdict, those that may. */
  readonly allowedBy: readonly {
    rule: Rule;
    destination: Destination | undefined;
    service: Service | undefined;
  }[];
  /** The rule that denies, where the verdict is denied or partial by one. */
  readonly deniedBy: Rule | undefined;
  /** The parts of the flow, each with what decides it and what may. */
  readonly cells: readonly Cell[];
  /** What decides an unknown verdict. */
  readonly maybes: readonly Maybe[];
  /** Earlier rules that may deny by address, whatever else decides. */
  readonly mayDeny: readonly Maybe[];
  /** What is certainly not allowed; empty for covered. */
  readonly remainder: readonly Part[];
  /** Addresses of the destination that are not allowed though others of it are; where a list of service tags tells them. */
  readonly leftOut?: IpSet | undefined;
  readonly flow: Flow;
}

/** `region` as AzureCloud tags spell it; '' where nobody knows it. */
export function flowOf(requirement: Requirement, target: Target, sources: SourceSet, region: string): Flow {
  return {
    sources,
    destination: flowDestination(target, region),
    protocol: requirement.protocol as FlowProtocol,
    ports: [[requirement.port, requirement.port + 1]],
  };
}

function flowDestination(target: Target, region: string): Flow['destination'] {
  switch (target.kind) {
    case 'name':
      return {
        kind: 'name',
        pattern: target.destination.toLowerCase(),
        standsForHosts: target.standsForHosts,
      };
    case 'service-tag':
      return { kind: 'service-tag', tag: target.destination };
    case 'any':
      return { kind: 'address', set: PUBLIC_V4 };
    case 'address': {
      const range = parseIpRange(target.destination);
      return range === undefined
        ? { kind: 'unknown-address', region }
        : {
            kind: 'address',
            set: ipSetOf([range]),
            ...(target.isApiServer === true ? { apiServerRegion: region } : {}),
          };
    }
    case 'unknown-address':
      return { kind: 'unknown-address', region };
  }
}

export function verdictOf(index: RuleIndex, flow: Flow, knowledge: Knowledge): Verdict {
  const { cells, leftOut } = settleAddresses(settledCells(index, flow, knowledge), flow);
  const allowed = cells.filter((cell) => outcomeOf(cell) === 'allow');
  const denied = cells.filter((cell) => outcomeOf(cell) === 'deny');
  const open = cells.filter((cell) => outcomeOf(cell) === 'unknown');

  let verdict: VerdictName;
  // A deny only hides an allow where there is one behind it; a final deny-all changes nothing.
  const deniedBy = denied.find(({ decision, part }) => {
    const isRule = decision.rule !== undefined && decision.rule.implicit !== 'default';
    return isRule && allowsWithoutDenies(index, flowWithin(flow, part), knowledge);
  })?.decision.rule;
  if (denied.length === 0) {
    verdict = open.length === 0 ? 'covered' : 'unknown';
  } else if (allowed.length > 0 || open.length > 0) {
    verdict = 'partial';
  } else {
    verdict = deniedBy === undefined ? 'missing' : 'denied';
  }

  const first = allowed[0] ?? open[0];
  const doubt = verdict === 'unknown' ? doubtOf(open) : 'none';
  return {
    verdict,
    ...worksOf(index, flow, [...allowed, ...open], knowledge),
    how: howOf(verdict, first),
    doubt,
    allowedBy: allowersOf([...allowed, ...open]),
    deniedBy,
    cells,
    maybes: undecided(open).filter((maybe) => doubt === 'none' || requirementDoubt(maybe) === doubt),
    mayDeny: open
      .flatMap((cell) => cell.maybes)
      .filter((maybe) => requirementDoubt(maybe) === 'address-deny'),
    remainder: denied.map((cell) => cell.part),
    leftOut: verdict === 'partial' && isTag(flow) ? addressesOf(denied) : leftOut,
    flow,
  };
}

function isTag({ destination }: Flow): boolean {
  return destination.kind === 'address' && destination.tag !== undefined;
}

function addressesOf(cells: readonly Cell[]): IpSet | undefined {
  const sets = cells.flatMap(({ part: { destination } }) =>
    destination.kind === 'address' ? [destination.set] : [],
  );
  return sets.length === 0 ? undefined : sets.reduce(ipUnite);
}

/**
 * Where the DNS proxy is not on, a name in a network rule may or may not match; that does no harm where other rules allow
 * all of the flow, whichever happens.
 */
function settledCells(index: RuleIndex, flow: Flow, knowledge: Knowledge): readonly Cell[] {
  const cells = walk(index, flow, knowledge);
  const { works } = worksOf(index, flow, cells, knowledge);
  if (works !== 'no-dns-proxy' && works !== 'unknown-dns-proxy') return cells;
  const others = walk(index, flow, knowledge, {
    skipDestination: (rule, { kind }) =>
      rule.stage === 'network' && rule.action === 'allow' && kind === 'name',
  });
  return others.every((cell) => outcomeOf(cell) === 'allow') ? others : cells;
}

/** The part of the flow as a flow of its own; what is cut out of a wildcard is in it again. */
function flowWithin(flow: Flow, { sources, destination, ports }: Part): Flow {
  const within = { ...flow, sources, ports };
  const whole = flow.destination;
  if (destination.kind === 'address') {
    const kept = whole.kind === 'address' ? whole : { kind: 'address' as const };
    return { ...within, destination: { ...kept, set: destination.set } };
  }
  const some = destination.within === undefined ? {} : { within: destination.within };
  if (whole.kind === 'unknown-address') return { ...within, destination: { ...whole, ...some } };
  if (destination.kind === 'atom' || whole.kind !== 'name') return within;
  return { ...within, destination: { ...whole, ...some, pattern: destination.set.base } };
}

function allowsWithoutDenies(index: RuleIndex, flow: Flow, knowledge: Knowledge): boolean {
  return walk(index, flow, knowledge, { skip: (rule) => rule.action === 'deny' }).some(
    (cell) => outcomeOf(cell) === 'allow',
  );
}

function howOf(verdict: VerdictName, cell: Cell | undefined): Verdict['how'] {
  if (cell === undefined || verdict === 'missing' || verdict === 'denied') return 'none';
  if (cell.decision.action === 'allow') return cell.decision.how ?? 'none';
  return cell.maybes.find((maybe) => maybe.action === 'allow')?.how ?? 'none';
}

function worksOf(
  index: RuleIndex,
  flow: Flow,
  cells: readonly Cell[],
  knowledge: Knowledge,
): Pick<Verdict, 'works' | 'inspectedBy'> {
  const { dnsProxy, decryption } = index.policy;
  if (decryption !== undefined) {
    const isHttps = flow.protocol === 'HTTPS' && cells.length > 0;
    return (isHttps ? decryptionOf(decryption, flow, knowledge) : undefined) ?? WORKS;
  }
  const inspected = flow.protocol === 'HTTPS' ? inspectionOf(cells) : undefined;
  if (inspected?.works === 'no-tls-inspection') return inspected;
  for (const { decision } of cells) {
    if (decision.action !== 'allow' || decision.rule === undefined) continue;
    const byNetworkName = decision.rule.stage === 'network' && decision.how === 'exact';
    if (!byNetworkName || dnsProxy === 'on') continue;
    if (dnsProxy === 'off') return { works: 'no-dns-proxy', inspectedBy: undefined };
    return inspected ?? { works: 'unknown-dns-proxy', inspectedBy: undefined };
  }
  return inspected ?? WORKS;
}

const WORKS: Pick<Verdict, 'works' | 'inspectedBy'> = { works: 'yes', inspectedBy: undefined };

/** By rules of their own: the flow is decrypted where they allow any part of it. */
function decryptionOf(
  policy: Policy,
  flow: Flow,
  knowledge: Knowledge,
): Pick<Verdict, 'works' | 'inspectedBy'> | undefined {
  const cells = walk(indexRules(policy, flow.sources), flow, knowledge);
  const surely = cells.find((cell) => outcomeOf(cell) === 'allow');
  if (surely !== undefined) return { works: 'no-tls-inspection', inspectedBy: surely.decision.rule };
  const perhaps = cells.find((cell) => outcomeOf(cell) === 'unknown');
  const by = perhaps?.maybes.find(({ action }) => action === 'allow')?.rule ?? perhaps?.decision.rule;
  return perhaps && { works: 'unknown-tls-inspection', inspectedBy: by };
}

/**
 * Is the flow decrypted on its way? Not known where the rule that allows it leaves that open, or where a rule that may
 * come into play before would decrypt. Rules that cannot be read at all are not suspected of it.
 */
function inspectionOf(cells: readonly Cell[]): Pick<Verdict, 'works' | 'inspectedBy'> | undefined {
  const deciders = cells.flatMap(({ decision: { action, rule } }) =>
    action === 'allow' && rule !== undefined ? [rule] : [],
  );
  const surely = deciders.find(({ terminateTls }) => terminateTls === true);
  if (surely !== undefined) return { works: 'no-tls-inspection', inspectedBy: surely };
  const before = cells.flatMap(({ maybes }) =>
    maybes.flatMap(({ action, rule }) => (action === 'allow' && rule.opaque === undefined ? [rule] : [])),
  );
  const perhaps = [...deciders, ...before].find(({ terminateTls }) => terminateTls !== false);
  return perhaps && { works: 'unknown-tls-inspection', inspectedBy: perhaps };
}

function allowersOf(cells: readonly Cell[]): Verdict['allowedBy'] {
  const seen = new Set<string>();
  const result: { rule: Rule; destination: Destination | undefined; service: Service | undefined }[] = [];
  for (const { decision, maybes } of cells) {
    const allowers =
      decision.action === 'allow' && decision.rule !== undefined
        ? [{ rule: decision.rule, destination: decision.destination, service: decision.service }]
        : maybes
            .filter((maybe) => maybe.action === 'allow')
            .map(({ rule, destination }) => ({ rule, destination, service: undefined }));
    for (const allower of allowers) {
      const key = entryId(allower.rule, allower.destination, allower.service);
      if (!seen.has(key)) result.push(allower);
      seen.add(key);
    }
  }
  return result;
}

/** What may decide otherwise than the rule that surely does. */
function undecided(open: readonly Cell[]): Maybe[] {
  return open.flatMap(({ maybes, decision }) => maybes.filter(({ action }) => action !== decision.action));
}

function requirementDoubt({ doubt, action }: Maybe): RequirementDoubt {
  if (doubt !== 'address') return doubt;
  return action === 'allow' ? 'address-allow' : 'address-deny';
}

/** Why nothing better than "unknown" can be said; what is weakest is named last, so that the user hears the real gap. */
function doubtOf(open: readonly Cell[]): RequirementDoubt {
  const doubts = new Set(undecided(open).map(requirementDoubt));
  const order: readonly RequirementDoubt[] = [
    'base-policy',
    'opaque',
    'unresolved',
    'source',
    'which-host',
    'tag-contents',
    'address-deny',
    'address-allow',
  ];
  return order.find((doubt) => doubts.has(doubt)) ?? 'none';
}

/** Identity of an entry: one destination × service of a rule. */
export function entryId(
  rule: Rule,
  destination: Destination | undefined,
  service: Service | undefined,
): string {
  return [rule.id, destination?.text ?? '*', service?.text ?? '*'].join(' › ');
}
