import {
  ALL_ADDRESSES,
  NOT_PUBLIC,
  ipContains,
  ipIsEmpty,
  ipOverlaps,
  ipSetOf,
  ipSubtract,
  type IpSet,
} from '../model/ip-space.ts';
import { nameContains, nameMayOverlap } from '../model/name.ts';
import { hasSymbol } from '../model/symbol.ts';
import type { Destination, Protocol, Rule, Service } from '../model/policy.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import { tagBase, tagContains, type Knowledge } from './match.ts';
import { flowOf } from './verdict.ts';
import type { SourceSet } from './flow.ts';

/** A workload endpoint that the configuration declares, so that its rules are not called unneeded. */
export interface DeclaredEndpoint {
  /** Host patterns, CIDRs or service tags. */
  readonly destinations: readonly string[];
  /** Empty for every port. */
  readonly ports: readonly number[];
  readonly reason: string;
}

/** Something that an entry may serve: a requirement's destination, in force or not. */
export interface Need {
  readonly requirement: Requirement;
  readonly target: Target;
  readonly state: 'active' | 'inactive-feature' | 'removable';
  readonly address: IpSet | undefined;
}

/** How one destination × service meets one need. */
export type Meeting = 'inside' | 'contains' | 'maybe' | 'no';

export function needsOf(requirements: readonly Requirement[]): readonly Need[] {
  const active = new Set(requirements.filter((row) => row.applies !== 'no').map((row) => row.feature));
  return requirements.flatMap((requirement) => {
    const state = needState(requirement, active);
    const targets = requirement.targets.filter(
      (target) => state === 'active' || !isSweeping(target.destination),
    );
    return targets.map((target) => {
      const { destination } = flowOf(requirement, target, NO_SOURCE, '');
      return {
        requirement,
        target,
        state,
        address: destination.kind === 'address' ? destination.set : undefined,
      };
    });
  });
}

/**
 * `*.azure.com` and its like, which Azure Backup asks for: while that is off, they say nothing about the hosts below.
 */
function isSweeping(destination: string): boolean {
  return destination.startsWith('*') && destination.split('.').length <= 3;
}

const NO_SOURCE: SourceSet = { ip: { v4: [], v6: [] }, symbols: [] };

function needState(row: Requirement, active: ReadonlySet<string>): Need['state'] {
  if (row.applies !== 'no') return 'active';
  return row.feature === 'core' || active.has(row.feature) ? 'removable' : 'inactive-feature';
}

export function serviceMeets(service: Service, rule: Rule, protocol: Protocol, port: number): boolean {
  if (service.protocol === 'unknown' || !service.portsKnown) return true;
  if (port < service.from || service.to < port) return false;
  if (rule.stage === 'application') return service.protocol === protocol;
  const transport = protocol === 'HTTP' || protocol === 'HTTPS' ? 'TCP' : protocol;
  return service.protocol === 'Any' || service.protocol === transport;
}

export function destinationMeets(
  destination: Destination,
  rule: Rule,
  need: Need,
  knowledge: Knowledge,
): Meeting {
  switch (destination.kind) {
    case 'name':
      return nameMeets(destination.pattern, need);
    case 'fqdn-tag':
      if (need.target.kind !== 'name') return 'no';
      return knowledge.fqdnTagHolds(destination.tag, need.target.destination) === 'no' ? 'no' : 'inside';
    case 'service-tag':
      return tagMeets(destination.tag, need, knowledge);
    case 'any':
      return need.target.kind === 'any' ? 'inside' : rule.stage === 'network' ? 'contains' : 'no';
    case 'range':
      return rangeMeets(ipSetOf([destination.range]), need);
    case 'symbol':
    case 'opaque':
      return 'maybe';
    case 'web-category':
    case 'invalid':
      return 'no';
  }
}

function nameMeets(pattern: string, need: Need): Meeting {
  if (need.target.kind !== 'name') return 'no';
  const wanted = need.target.destination.toLowerCase();
  if (nameContains(wanted, pattern)) return 'inside';
  if (nameContains(pattern, wanted)) return 'contains';
  if ((hasSymbol(pattern) || hasSymbol(wanted)) && nameMayOverlap(pattern, wanted)) return 'maybe';
  return 'no';
}

function tagMeets(tag: string, need: Need, knowledge: Knowledge): Meeting {
  const { kind, destination } = need.target;
  if (kind === 'service-tag') {
    if (tagContains(destination, tag)) return 'inside';
    if (tagContains(tag, destination)) return 'contains';
    return nameMayOverlap(tag.toLowerCase(), destination.toLowerCase()) ? 'maybe' : 'no';
  }
  if (kind === 'name' && knowledge.tagsOfName(destination).some((set) => set.includes(tagBase(tag))))
    return 'inside';
  // AzureCloud is every address of Azure: it holds what AKS needs there, and everybody else's servers too.
  return tagBase(tag) === 'azurecloud' && (kind === 'name' || kind === 'unknown-address') ? 'contains' : 'no';
}

function rangeMeets(range: IpSet, need: Need): Meeting {
  if (ipContains(range, ALL_ADDRESSES)) return need.target.kind === 'any' ? 'inside' : 'contains';
  if (need.address !== undefined && need.target.kind === 'address') {
    if (ipContains(need.address, range)) return 'inside';
    return ipOverlaps(range, need.address) ? 'contains' : 'no';
  }
  if (need.target.kind === 'unknown-address') return isPrivate(range) ? 'no' : 'maybe';
  return 'no';
}

/** Nothing public in it: traffic inside the network, which is not egress. */
export function isPrivate(set: IpSet): boolean {
  return ipIsEmpty(ipSubtract(set, NOT_PUBLIC));
}

export function isDeclared(
  destination: Destination,
  service: Service,
  declared: readonly DeclaredEndpoint[],
  parse: (text: string) => IpSet | undefined,
): boolean {
  return declared.some(({ destinations, ports }) => {
    const portsFit = ports.length === 0 || ports.some((port) => service.from === port && service.to === port);
    return portsFit && destinations.some((text) => holdsDestination(text, destination, parse));
  });
}

function holdsDestination(
  text: string,
  destination: Destination,
  parse: (text: string) => IpSet | undefined,
): boolean {
  const set = parse(text);
  if (destination.kind === 'range') return set !== undefined && ipContains(set, ipSetOf([destination.range]));
  if (destination.kind === 'name')
    return set === undefined && nameContains(text.toLowerCase(), destination.pattern);
  if (destination.kind === 'service-tag') return tagContains(text, destination.tag);
  if (destination.kind === 'fqdn-tag') return text.toLowerCase() === destination.tag.toLowerCase();
  return destination.text === text;
}

/** Names that one could have meant: targets in force first. */
export function namesNeeded(needs: readonly Need[]): readonly string[] {
  const names = needs
    .filter((need) => need.target.kind === 'name')
    .map((need) => need.target.destination.toLowerCase());
  return [...new Set(names)];
}
