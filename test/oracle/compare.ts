import type { Flow } from '../../src/coverage/flow.ts';
import { matchSources, type Knowledge } from '../../src/coverage/match.ts';
import { indexEveryRule, indexRules, type RuleIndex } from '../../src/coverage/rule-index.ts';
import { outcomeOf, walk, type Cell } from '../../src/coverage/walk.ts';
import { ipSetOf } from '../../src/model/ip-space.ts';
import type { Policy } from '../../src/model/policy.ts';
import { normalise } from '../../src/model/spans.ts';
import { packetOf, packetsOf, samplePoints, type FlowSpec, type Points } from './sample.ts';
import { isOneOf, simulate, type Facts, type Packet } from './simulator.ts';

/** Drawn from each flow, besides one from each cell. */
const PACKETS = 16;

/**
 * Everything in which the walk of a policy and the simulator disagree about a flow, as sentences. `cautious` takes
 * "unknown" for no disagreement: the walk may know less than the simulator, and never anything else.
 */
export function disagreements(
  policy: Policy,
  spec: FlowSpec,
  facts: Facts,
  agreement: 'exact' | 'cautious' = 'exact',
): string[] {
  const flow = flowOf(spec);
  const knowledge = knowledgeOf(facts);
  const index = indexRules(policy, flow.sources);
  const cells = walk(index, flow, knowledge);
  const points = samplePoints(policy, spec);
  const found: string[] = [];

  const packets = packetsOf(points, spec, PACKETS);
  for (const cell of cells) {
    const packet = packetIn(cell, points, spec);
    if (packet === undefined) found.push(`no packet can be in the cell ${show(cell.part)}`);
    else packets.push(packet);
  }

  const others: readonly [string, readonly Cell[]][] = [
    ['a walk past every rule', walk(everyRule(policy, flow), flow, knowledge)],
    ['a walk on the index of all sources', walk(indexEveryRule(policy), flow, knowledge)],
  ];
  for (const packet of packets) {
    const outcome = outcomeIn(cells, packet);
    const expected = nameOf(simulate(policy, packet, facts));
    const isCautious = agreement === 'cautious' && outcome === 'unknown';
    if (outcome !== expected && !isCautious)
      found.push(`${show(packet)}: the walk says ${outcome}, the simulator ${expected}`);
    for (const [which, walked] of others) {
      const other = outcomeIn(walked, packet);
      if (other !== outcome) found.push(`${show(packet)}: the walk says ${outcome}, ${which} ${other}`);
    }
  }
  return found;
}

export function flowOf({ sources, destination, protocol, ports }: FlowSpec): Flow {
  return {
    sources: {
      ip: ipSetOf(sources.filter((source) => typeof source !== 'string')),
      symbols: [...new Set(sources.filter((source) => typeof source === 'string'))].sort(),
    },
    destination:
      'name' in destination
        ? { kind: 'name', pattern: destination.name, standsForHosts: destination.standsForHosts }
        : 'tag' in destination
          ? { kind: 'service-tag', tag: destination.tag }
          : 'apiServerIn' in destination
            ? { kind: 'unknown-address', region: destination.apiServerIn }
            : { kind: 'address', set: ipSetOf(destination.addresses) },
    protocol,
    ports: normalise(ports.map(([from, to]) => [from, to + 1] as const)),
  };
}

export function knowledgeOf(facts: Facts): Knowledge {
  return {
    fqdnTagHolds(tag) {
      const holds = facts.fqdnTagHolds(tag);
      return holds === 'unknown' ? 'maybe' : holds ? 'yes' : 'no';
    },
    tagsOfName: facts.tagsOfName,
    tagMayHold: facts.serviceTagMayHold,
    isServiceTag: facts.isServiceTag,
    webCategoryMayHold: facts.webCategoryMayHold,
    isPrivateName: facts.isPrivateName,
  };
}

/** The index as it would be without any searching: every rule of the policy is a candidate for every flow. */
function everyRule(policy: Policy, { sources }: Flow): RuleIndex {
  const rules = policy.rules.map((rule, position) => ({
    rule,
    position,
    sources: matchSources(rule, sources),
  }));
  return { policy, sources, rules, candidates: () => rules };
}

/** What the cell that holds the packet comes to; the cells are disjoint and leave nothing out. */
function outcomeIn(cells: readonly Cell[], packet: Packet): string {
  const holding = cells.filter((cell) => cellHolds(cell, packet));
  const [only] = holding;
  return only !== undefined && holding.length === 1 ? outcomeOf(only) : `${holding.length} cells`;
}

function nameOf(actions: ReadonlySet<string>): string {
  return actions.size === 1 ? [...actions].join() : 'unknown';
}

function packetIn({ part }: Cell, points: Points, spec: FlowSpec): Packet | undefined {
  const source = points.sources.find((one) => holdsSource(part, one));
  const destination = points.destinations.find((one) => holdsDestination(part, one));
  const port = points.ports.find((one) => holdsNumber(part.ports, one));
  if (source === undefined || destination === undefined || port === undefined) return undefined;
  return packetOf(spec, source, destination, port);
}

function cellHolds({ part }: Cell, packet: Packet): boolean {
  return (
    holdsSource(part, packet.source) &&
    holdsDestination(part, packet.destination) &&
    holdsNumber(part.ports, packet.port)
  );
}

function holdsSource({ sources }: Cell['part'], source: Packet['source']): boolean {
  return typeof source === 'string' ? sources.symbols.includes(source) : holdsNumber(sources.ip.v4, source);
}

function holdsDestination({ destination }: Cell['part'], target: Packet['destination']): boolean {
  if (destination.kind === 'atom') return 'tag' in target || 'apiServerIn' in target;
  if (destination.kind === 'name' && 'name' in target) {
    const { base, except } = destination.set;
    return isOneOf(target.name, base) && !except.some((pattern) => isOneOf(target.name, pattern));
  }
  return (
    destination.kind === 'address' && 'address' in target && holdsNumber(destination.set.v4, target.address)
  );
}

function holdsNumber(spans: readonly (readonly [number, number])[], value: number): boolean {
  return spans.some(([from, end]) => from <= value && value < end);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
