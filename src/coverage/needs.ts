import {
  NOT_PUBLIC,
  PUBLIC_V4,
  ipContains,
  ipIsEmpty,
  ipOverlaps,
  rangeSet,
  ipSubtract,
  type IpSet,
} from '../model/ip-space.ts';
import { isWildcard, nameContains, nameMayOverlap } from '../model/name.ts';
import { hasSymbol } from '../model/symbol.ts';
import { shapeMeets, type NameShape } from '../model/name-shape.ts';
import type { Destination, Protocol, Rule, Service } from '../model/policy.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import { tagBase, tagContains, type Knowledge } from './match.ts';
import { addressesOfTarget, isWholeRegion, type TagAddresses } from './tag-addresses.ts';
import { NameLookup, parentOf } from './name-lookup.ts';
import { flowOf } from './verdict.ts';
import type { SourceSet } from './flow.ts';

/** A workload endpoint that the configuration declares, so that its rules are not called unneeded. */
export interface DeclaredEndpoint {
  /** Host patterns, CIDRs or service tags. */
  readonly destinations: readonly string[];
  /** Empty for every port. */
  readonly ports: readonly number[];
  /** Every protocol where absent. */
  readonly protocols?: readonly string[];
  readonly reason: string;
}

/** Something that an entry may serve: a requirement's destination, in force or not. */
export interface Need {
  readonly requirement: Requirement;
  readonly target: Target;
  readonly state: 'active' | 'inactive-feature' | 'removable';
  /** The destination in lower case. */
  readonly name: string;
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
        name: target.destination.toLowerCase(),
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
      return destination.shape === undefined
        ? nameMeets(destination.pattern, need)
        : shapedMeets(destination.shape, destination.pattern, need);
    case 'fqdn-tag':
      if (need.target.kind !== 'name') return 'no';
      return knowledge.fqdnTagHolds(destination.tag, need.target.destination) === 'no' ? 'no' : 'inside';
    case 'service-tag':
      return tagMeets(destination.tag, need, knowledge);
    case 'any':
      return need.target.kind === 'any' ? 'inside' : rule.stage === 'application' ? 'no' : 'contains';
    case 'range':
      return rangeMeets(rangeSet(destination.range), need, knowledge);
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
  const wanted = need.name;
  if (nameContains(wanted, pattern)) return 'inside';
  if (nameContains(pattern, wanted)) return 'contains';
  if ((hasSymbol(pattern) || hasSymbol(wanted)) && nameMayOverlap(pattern, wanted)) return 'maybe';
  return 'no';
}

/** A pattern of an appliance: what bounds it tells whether the need holds it, its shape whether it holds the need. */
function shapedMeets(shape: NameShape, bound: string, need: Need): Meeting {
  if (need.target.kind !== 'name') return 'no';
  const meets = shapeMeets(shape, need.name);
  if (meets === 'none') return 'no';
  // A domain with what is below it is no wider than a need of what is below it, but for one name.
  const inner = shape.kind === 'domain' ? `*.${shape.domain}` : bound;
  if (nameContains(need.name, inner)) return 'inside';
  return meets === 'all' ? 'contains' : 'maybe';
}

function tagMeets(tag: string, need: Need, knowledge: Knowledge): Meeting {
  const { kind, destination } = need.target;
  if (kind === 'service-tag') {
    if (tagContains(destination, tag)) return 'inside';
    if (tagContains(tag, destination)) return 'contains';
    const exact = knowledge.tags && tagMeetsByAddress(tag, destination, knowledge.tags);
    if (exact !== undefined) return exact;
    return nameMayOverlap(tag.toLowerCase(), destination.toLowerCase()) ? 'maybe' : 'no';
  }
  // AzureCloud is every address of Azure: it holds what AKS needs there, and everybody else's servers too.
  if (tagBase(tag) === 'azurecloud') {
    const isInAzure = kind === 'name' || kind === 'unknown-address' || need.target.isApiServer === true;
    return isInAzure ? 'contains' : 'no';
  }
  const isPair =
    kind === 'name' && knowledge.tagsOfName(destination).some((set) => set.includes(tagBase(tag)));
  return isPair ? 'inside' : 'no';
}

/** Undefined where the list of service tags does not have both. */
function tagMeetsByAddress(tag: string, wanted: string, tags: TagAddresses): Meeting | undefined {
  const mine = tags.ofTag(tag);
  const theirs = tags.ofTag(wanted);
  if (mine === undefined || theirs === undefined) return undefined;
  if (!ipOverlaps(mine, theirs)) return 'no';
  return ipContains(theirs, mine) ? 'inside' : 'contains';
}

/**
 * Addresses that a need has by its service tags; undefined where no list of them tells. AzureCloud holds everybody's servers,
 * so that an address in it is none of a host that is there.
 */
export function tagAddressesOf({ target, name }: Need, knowledge: Knowledge): IpSet | undefined {
  const { tags } = knowledge;
  if (tags === undefined || (target.kind === 'name' && knowledge.isPrivateName(name))) return undefined;
  const isShared = target.kind === 'name' && tags.tagsOfName(name).some(isCloud);
  return isShared ? undefined : addressesOfTarget(target, tags);
}

function isCloud(tag: string): boolean {
  return tagBase(tag) === 'azurecloud';
}

function rangeMeets(range: IpSet, need: Need, knowledge: Knowledge): Meeting {
  // 0.0.0.0/0 is what others write as an asterisk.
  if (ipContains(range, PUBLIC_V4)) return need.target.kind === 'any' ? 'inside' : 'contains';
  if (need.address !== undefined && need.target.kind === 'address') {
    if (ipContains(need.address, range)) return 'inside';
    return ipOverlaps(range, need.address) ? 'contains' : 'no';
  }
  const within = range.v6.length > 0 ? undefined : tagAddressesOf(need, knowledge);
  if (within !== undefined) {
    if (!ipOverlaps(range, within)) return 'no';
    // One address of many, and nobody knows which.
    if (need.target.kind === 'unknown-address' && !isWholeRegion(need.target)) return 'maybe';
    return ipContains(within, range) ? 'inside' : 'contains';
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
  return declared.some(({ destinations, ports, protocols }) => {
    const carried = service.protocol === 'Any' ? ['TCP', 'UDP'] : [service.protocol];
    if (protocols !== undefined && !carried.every((one) => protocols.includes(one))) return false;
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
  if (destination.kind === 'range') return set !== undefined && ipContains(set, rangeSet(destination.range));
  if (destination.kind === 'name')
    return set === undefined && nameContains(text.toLowerCase(), destination.pattern);
  if (destination.kind === 'service-tag') return tagContains(text, destination.tag);
  if (destination.kind === 'fqdn-tag') return text.toLowerCase() === destination.tag.toLowerCase();
  return destination.text === text;
}

/** The needs of a policy's runs, found by name. */
export class Needs {
  readonly all: readonly Need[];
  /** To find what a name that serves no need was meant to be. */
  readonly lookup: NameLookup<Need>;
  /** The same by the names without their first label, which a writer may leave out: archieve.ubuntu.com. */
  readonly parents: NameLookup<Need>;
  readonly #named: readonly Need[];
  readonly #exact = new Map<string, Need[]>();
  readonly #suffix = new Map<string, Need[]>();
  /** How long the suffixes are: far fewer lengths than a name has ends. */
  readonly #lengths = new Set<number>();

  constructor(all: readonly Need[], regions: ReadonlySet<string>) {
    this.all = all;
    this.#named = all.filter(({ target }) => target.kind === 'name');
    this.lookup = new NameLookup(
      this.#named.map((need) => [need.name, need] as const),
      regions,
    );
    this.parents = new NameLookup(
      this.#named.flatMap((need) => {
        const parent = parentOf(need.name);
        return parent === undefined ? [] : [[parent, need] as const];
      }),
      regions,
    );
    for (const need of this.#named) {
      const [map, text] = isWildcard(need.name)
        ? [this.#suffix, need.name.slice(1)]
        : [this.#exact, need.name];
      const known = map.get(text);
      if (known === undefined) map.set(text, [need]);
      else known.push(need);
      if (map === this.#suffix) this.#lengths.add(text.length);
    }
  }

  /** Needs that the destination could meet, in no particular order; a superset. */
  near(destination: Destination): readonly Need[] {
    if (destination.kind !== 'name') return this.all;
    const { pattern } = destination;
    if (isWildcard(pattern) || hasSymbol(pattern)) return this.#named;
    const found = [...(this.#exact.get(pattern) ?? [])];
    for (const length of this.#lengths) {
      const needs =
        length > pattern.length ? undefined : this.#suffix.get(pattern.slice(pattern.length - length));
      if (needs !== undefined) found.push(...needs);
    }
    return found;
  }
}
