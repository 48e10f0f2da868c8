import { isWildcard } from '../model/name.ts';
import { ipSetOf, rangeSet, PUBLIC_V4, ipContains } from '../model/ip-space.ts';
import { parseIpRange } from '../model/address.ts';
import type { Destination, Policy, Rule, Service } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import { hasEveryPort } from '../model/ports.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Subject } from './facts.ts';
import { EntryView } from './open-views.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import { endpointOf, formOf, type Endpoint } from './entry-endpoint.ts';
import { isWholeRegion } from './tag-addresses.ts';
import { beyondTags, staleAddress } from './stale-address.ts';
import type { Knowledge } from './match.ts';
import { tagBase } from './match.ts';
import {
  destinationMeets,
  isDeclared,
  isPrivate,
  serviceMeets,
  type DeclaredEndpoint,
  type Meeting,
  type Need,
  type Needs,
} from './needs.ts';
import type { EntryFate, Redundancy } from './redundancy.ts';
import { entryId } from './verdict.ts';

export interface EntryContext {
  readonly needs: Needs;
  readonly declared: readonly DeclaredEndpoint[];
  readonly knowledge: Knowledge;
  readonly endpoints: EndpointFacts;
  readonly redundancy: Redundancy;
  /** The regions that were judged; empty where none is known. */
  readonly regions: ReadonlySet<string>;
  readonly policy: Policy;
}

type EntryFacts = FactsOf<'entry'>;

interface Met {
  readonly need: Need;
  readonly meeting: Exclude<Meeting, 'no'>;
}

/** One subject per destination of an allow rule, and one per service that reaches beyond what its rule's needs ask for. */
export function entrySubjects(rule: Rule, context: EntryContext): Subject<'entry'>[] {
  const perDestination = rule.destinations.map((destination) => ({
    destination,
    met: needsMet(rule, destination, rule.services, context),
  }));
  const services = rule.services.flatMap(
    (service) => serviceSubject(rule, service, perDestination, context) ?? [],
  );
  const widest = {
    portBreadth: widestOf(services.map(({ facts }) => facts.portBreadth)),
    protocolBreadth: widestOf(services.map(({ facts }) => facts.protocolBreadth)),
  };
  return [
    ...perDestination.map(({ destination, met }) =>
      destinationSubject(rule, destination, met, widest, context),
    ),
    ...services,
  ];
}

/** How far the services of a rule reach beyond what its destinations need. */
type ServiceBreadth = Pick<EntryFacts, 'portBreadth' | 'protocolBreadth'>;

const AS_NEEDED: ServiceBreadth = { portBreadth: 'exact', protocolBreadth: 'exact' };

function widestOf<B extends EntryFacts['portBreadth']>(breadths: readonly B[]): B | 'exact' {
  return breadths.find((one) => one === 'any') ?? breadths.find((one) => one === 'wider') ?? 'exact';
}

function needsMet(
  rule: Rule,
  destination: Destination,
  services: readonly Service[],
  context: EntryContext,
): Met[] {
  const met: Met[] = [];
  for (const need of context.needs.near(destination)) {
    const meeting = destinationMeets(destination, rule, need, context.knowledge);
    // What the article prints and nobody is known to need excuses an entry that names it, nothing that is wider.
    const isExcuse = need.target.standing !== 'documented' || (meeting === 'inside' && isNamed(destination));
    if (meeting === 'no' || !isExcuse) continue;
    const { protocol, port } = need.requirement;
    if (services.some((service) => serviceMeets(service, rule, protocol, port))) met.push({ need, meeting });
  }
  return met;
}

function isNamed({ kind }: Destination): boolean {
  return kind === 'name' || kind === 'fqdn-tag' || kind === 'any';
}

function destinationSubject(
  rule: Rule,
  destination: Destination,
  met: readonly Met[],
  services: ServiceBreadth,
  context: EntryContext,
): Subject<'entry'> {
  const fate = context.redundancy.entry(rule, destination);
  const active = met.filter(({ need }) => need.state === 'active');
  const declared = rule.services.some((service) =>
    isDeclared(destination, service, context.declared, parseSet),
  );
  const form = formOf(destination, context.endpoints);
  const endpoint =
    staleAddress(rule, destination, met, context) ?? endpointOf(destination, met.length > 0, context);
  const serving = active.length > 0 ? active : met;
  const breadth = active.length > 0 ? breadthOf(destination, active) : wideAsSuch(destination);
  const usage = usageOf(destination, met, declared, fate);
  const excess = breadth === 'exact' ? '' : excessOf(destination, breadth, serving, context.knowledge);
  const facts: EntryFacts = {
    usage,
    need: needOf(destination, met, endpoint),
    kind: kindOf(destination),
    stage: rule.stage,
    destinationBreadth: declared ? 'exact' : breadth,
    ...(active.length > 0 && fate.usage === 'used' ? services : AS_NEEDED),
    form,
    endpoint: endpoint.fact,
    ruleUsage: context.redundancy.rule(rule).usage,
  };
  const requirement = serving[0]?.need.requirement.id ?? null;
  return {
    target: 'entry',
    facts,
    class: classOf('entry', facts),
    open: new EntryView(rule, destination, rule.services, requirement, destination.place, context.policy),
    data: {
      destination: showSymbols(destination.text),
      service: rule.services.map((service) => service.text).join(', ') || 'no service',
      rule: `'${rule.name}'`,
      needed: names(serving),
      excess,
      by: fate.usage === 'used' ? '' : fate.by.map((other) => `'${other.name}'`).join(', '),
      belongs: endpoint.belongs !== '' ? endpoint.belongs : features(closest(met)),
      instead: endpoint.instead === '' ? '' : `'${endpoint.instead}'`,
      evidence:
        endpoint.evidence !== ''
          ? endpoint.evidence
          : usage === 'unneeded'
            ? reasonNotNeeded(closest(met))
            : '',
    },
    identity: entryId(rule, destination, undefined),
    requirement,
    entry: entryId(rule, destination, rule.services.length === 1 ? rule.services[0] : undefined),
    rule: rule.id,
    place: destination.place,
    related:
      fate.usage === 'used'
        ? []
        : fate.by.slice(0, 3).map((by) => ({ text: `rule '${by.name}' decides it`, place: by.place })),
  };
}

function parseSet(text: string): ReturnType<typeof ipSetOf> | undefined {
  const range = parseIpRange(text);
  return range === undefined ? undefined : ipSetOf([range]);
}

function usageOf(
  destination: Destination,
  met: readonly Met[],
  declared: boolean,
  fate: EntryFate,
): EntryFacts['usage'] {
  if (fate.usage !== 'used') return fate.usage;
  if (met.some(({ need, meeting }) => need.state === 'active' && meeting !== 'maybe')) return 'required';
  if (declared) return 'declared';
  // Traffic inside the network is not egress; a cluster's workloads may need it and no article lists it.
  if (destination.kind === 'range' && isPrivate(rangeSet(destination.range)) && met.length === 0)
    return 'declared';
  if (destination.kind === 'symbol' || destination.kind === 'opaque') return 'unknown';
  if (met.some(({ need, meeting }) => need.state === 'active' && meeting === 'maybe')) return 'unknown';
  return 'unneeded';
}

function needOf(destination: Destination, met: readonly Met[], endpoint: Endpoint): EntryFacts['need'] {
  if (met.some(({ need, meeting }) => need.state === 'active' && meeting !== 'maybe')) return 'active';
  if (endpoint.fact === 'wrong-cloud') return 'other-cloud';
  if (endpoint.fact === 'wrong-region') return 'other-region';
  if (met.some(({ need }) => need.state === 'removable')) return 'removable';
  if (met.some((one) => isForInactiveFeature(destination, one))) return 'inactive-feature';
  return met.some(({ meeting }) => meeting === 'maybe') ? 'unknown' : 'none';
}

/**
 * Does the entry say no more than a feature asks for that is off? A wildcard around such a host says more, and
 * `*.blob.core.windows.net`, everybody's storage, says more than its feature needs: only the article's own patterns count.
 */
function isForInactiveFeature(
  destination: Destination,
  { need: { requirement, state }, meeting }: Met,
): boolean {
  const isPattern = destination.kind === 'name' && isWildcard(destination.pattern);
  const isEverybodys = isPattern && requirement.row === undefined;
  const isWithin = meeting === 'inside' || (meeting === 'contains' && destination.kind === 'service-tag');
  return state === 'inactive-feature' && isWithin && !isEverybodys;
}

function kindOf(destination: Destination): EntryFacts['kind'] {
  switch (destination.kind) {
    case 'name':
      if (destination.via === 'url') return 'url';
      if (destination.pattern === '*') return 'any';
      return isWildcard(destination.pattern) ? 'wildcard' : 'name';
    case 'range':
      return ipContains(rangeSet(destination.range), PUBLIC_V4) ? 'any' : 'address';
    case 'symbol':
    case 'opaque':
      return 'unresolved';
    case 'fqdn-tag':
    case 'service-tag':
    case 'web-category':
    case 'any':
    case 'invalid':
      return destination.kind;
  }
}

function breadthOf(destination: Destination, met: readonly Met[]): EntryFacts['destinationBreadth'] {
  const isExact = ({ meeting, need }: Met): boolean =>
    meeting === 'inside' || (meeting === 'maybe' && !isOneAmongMany(destination, need));
  if (isOpenEnded(destination)) return 'wider';
  if (met.some(isExact)) return 'exact';
  return kindOf(destination) === 'any' ? 'any' : 'wider';
}

/** A pattern that further labels may follow: `example.com` holds `example.com.evil.example` too. */
function isOpenEnded(destination: Destination): boolean {
  return destination.kind === 'name' && destination.shape?.kind === 'labels' && destination.shape.isOpen;
}

/** An API server has one address; a range that may hold it holds others for sure. Those of a region are another matter. */
function isOneAmongMany(destination: Destination, { target }: Need): boolean {
  if (destination.kind !== 'range' || isWholeRegion(target)) return false;
  return destination.range.from !== destination.range.to;
}

/** Of an entry that serves no need: only "everything" is a breadth of its own. */
function wideAsSuch(destination: Destination): EntryFacts['destinationBreadth'] {
  return kindOf(destination) === 'any' ? 'any' : 'exact';
}

function excessOf(
  destination: Destination,
  breadth: 'wider' | 'any',
  serving: readonly Met[],
  knowledge: Knowledge,
): string {
  if (breadth === 'any') return 'every destination on the Internet';
  if (destination.kind === 'service-tag') {
    return tagBase(destination.tag) === 'azurecloud'
      ? 'every server in Azure that the tag holds, of any customer'
      : 'every address of the tag';
  }
  if (isOpenEnded(destination)) {
    return `hosts that go on behind it, such as '${showSymbols(destination.text).replace('*', 'www')}.example.net', as it does not end in a slash`;
  }
  if (destination.kind === 'range') {
    const beyond = beyondTags(
      rangeSet(destination.range),
      serving.map(({ need }) => need),
      knowledge,
    );
    return beyond ?? `every address of ${destination.text}`;
  }
  return `every host under '${showSymbols(destination.text)}'`;
}

/** A service that is wider than the needs of its rule's destinations, or that none of them asks for. */
function serviceSubject(
  rule: Rule,
  service: Service,
  perDestination: readonly { destination: Destination; met: readonly Met[] }[],
  context: EntryContext,
): Subject<'entry'> | undefined {
  if (service.protocol === 'unknown' || !service.portsKnown || service.implied === true) return undefined;
  const serving = perDestination.filter(
    ({ destination, met }) =>
      met.some(({ need }) => need.state === 'active') &&
      context.redundancy.entry(rule, destination).usage === 'used',
  );
  const isFor = (one: Service, { destination }: { destination: Destination }): boolean =>
    isDeclared(destination, one, context.declared, parseSet);
  // A single port that a declaration asks for is asked for, whichever destination of the rule it is for.
  const asking = service.from === service.to ? perDestination : serving;
  if (context.declared.length > 0 && asking.some((one) => isFor(service, one))) return undefined;
  // Where the rule is for declared workloads only, a service that no declaration has.
  const workloads =
    serving.length > 0 || context.declared.length === 0
      ? []
      : perDestination.filter((one) => rule.services.some((other) => isFor(other, one)));
  const reached = serving.length > 0 ? serving : workloads;
  if (reached.length === 0) return undefined;
  const active = serving.flatMap(({ met }) => met).filter(({ need }) => need.state === 'active');
  const asked = active.filter(({ need }) =>
    serviceMeets(service, rule, need.requirement.protocol, need.requirement.port),
  );
  const ports = [...new Set(asked.map(({ need }) => need.requirement.port))].sort((a, b) => a - b);
  const width = service.to - service.from + 1;
  const portBreadth = hasEveryPort(service) ? 'any' : width > ports.length ? 'wider' : 'exact';
  const transports = new Set(asked.map(({ need }) => (need.requirement.protocol === 'UDP' ? 'UDP' : 'TCP')));
  const protocolBreadth = service.protocol === 'Any' && transports.size === 1 ? 'wider' : 'exact';
  if (portBreadth === 'exact' && protocolBreadth === 'exact') return undefined;
  // A port that nothing in the rule asks for is reported once, at the port.
  const onlyProtocol = portBreadth === 'exact';
  const needed = [...new Set(active.map(({ need }) => neededService(rule, need)))].sort();
  const facts: EntryFacts = {
    usage: serving.length > 0 ? 'required' : 'declared',
    need: serving.length > 0 ? 'active' : 'none',
    kind: 'any',
    stage: rule.stage,
    destinationBreadth: 'exact',
    portBreadth,
    protocolBreadth,
    form: 'ok',
    endpoint: 'ok',
    ruleUsage: context.redundancy.rule(rule).usage,
  };
  const place = onlyProtocol ? service.protocolPlace : service.portPlace;
  return {
    target: 'entry',
    part: 'service',
    facts,
    class: classOf('entry', facts),
    open: new EntryView(rule, undefined, [service], null, place, context.policy),
    data: {
      destination: shorten(reached.map(({ destination }) => showSymbols(destination.text))),
      service: service.text,
      rule: `'${rule.name}'`,
      needed: needed.join(', '),
      excess: portExcess(service, portBreadth),
      by: '',
      belongs: '',
      instead: needed.join(', '),
      evidence: '',
    },
    identity: entryId(rule, undefined, service),
    requirement: null,
    entry: entryId(rule, undefined, service),
    rule: rule.id,
    place,
    related: [],
  };
}

/** A need in the words of the rule's stage: a network rule writes TCP where the article writes HTTPS. */
function neededService(rule: Rule, { requirement: { protocol, port } }: Need): string {
  const isWeb = protocol === 'HTTP' || protocol === 'HTTPS';
  return `${rule.stage !== 'application' && isWeb ? 'TCP' : protocol} ${port}`;
}

function portExcess(service: Service, breadth: EntryFacts['portBreadth']): string {
  if (breadth === 'any') return 'all 65,535 ports';
  if (service.from === service.to) return `port ${service.from}`;
  return `ports ${service.from}-${service.to}`;
}

/** Of several needs that an entry meets, those that name it most closely. */
function closest(met: readonly Met[]): readonly Met[] {
  const longest = Math.max(0, ...met.map(({ need }) => need.target.destination.length));
  return met.filter(({ need }) => need.target.destination.length === longest);
}

function names(met: readonly Met[]): string {
  return summarise([...new Set(met.map(({ need }) => showSymbols(need.target.destination)))]);
}

function features(met: readonly Met[]): string {
  return [...new Set(met.map(({ need }) => need.requirement.feature))].join(', ');
}

function reasonNotNeeded(met: readonly Met[]): string {
  const why = met.find(({ need }) => need.state !== 'active')?.need.requirement.why ?? '';
  return why === '' ? '' : `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
}

function summarise(items: readonly string[]): string {
  return shorten(items.map((item) => `'${item}'`));
}

function shorten(items: readonly string[]): string {
  const shown = items.slice(0, 3).join(', ');
  return items.length > 3 ? `${shown} and ${items.length - 3} more` : shown;
}
