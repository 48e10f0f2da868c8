import {
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipOverlaps,
  ipSubtract,
  ipUnite,
  type IpSet,
} from '../model/ip-space.ts';
import { nameIntersect, nameSubtract, type NameSet } from '../model/name.ts';
import { contains, intersect, subtract, type Spans } from '../model/spans.ts';

/**
 * Flows as sets. A part is a product of sources, destinations and ports; cutting a rule's region out of a part leaves at
 * most three smaller parts, so the walk through a policy is exact and never enumerates addresses.
 */

/** Addresses plus symbols: unresolved sources, each equal to itself and taken to be a network of its own. */
export interface SourceSet {
  readonly ip: IpSet;
  /** Sorted. */
  readonly symbols: readonly string[];
}

export type FlowProtocol = 'HTTP' | 'HTTPS' | 'MSSQL' | 'TCP' | 'UDP' | 'ICMP';

/** What application rules see. Anything else is decided by network rules alone. */
export function isSeenByApplicationRules(protocol: FlowProtocol): boolean {
  return protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'MSSQL';
}

export type FlowDestination =
  /**
   * A host name or wildcard. `standsForHosts`: the wildcard means one or few hosts that only the user knows. `within`: all
   * addresses that it may have, where service tags tell.
   */
  | {
      readonly kind: 'name';
      readonly pattern: string;
      readonly standsForHosts: boolean;
      readonly within?: IpSet;
    }
  /**
   * `tag`: the set is what this service tag holds. `apiServerRegion`: the set is an API server's, in the region as AzureCloud
   * tags spell it. `everyPart`: no part of the destination is too small to count, as for what a rule decides; a need of the
   * Internet or of a tag is one of the whole.
   */
  | {
      readonly kind: 'address';
      readonly set: IpSet;
      readonly tag?: string;
      readonly apiServerRegion?: string;
      readonly everyPart?: boolean;
    }
  | { readonly kind: 'service-tag'; readonly tag: string; readonly everyPart?: boolean }
  /**
   * An address that exists but is not known: the API server's public IP, in the region as AzureCloud tags spell it; one of
   * `within`, where service tags tell.
   */
  | { readonly kind: 'unknown-address'; readonly region: string; readonly within?: IpSet };

export interface Flow {
  readonly sources: SourceSet;
  readonly destination: FlowDestination;
  readonly protocol: FlowProtocol;
  readonly ports: Spans;
}

/**
 * The destinations of a part. A service tag or an unknown address is an atom: matched whole or not at all. What is known to
 * have one of some addresses is split by them too: each part is the case that its address lies there.
 */
export type DestinationPart =
  | { readonly kind: 'name'; readonly set: NameSet; readonly within?: IpSet | undefined }
  | { readonly kind: 'address'; readonly set: IpSet }
  | { readonly kind: 'atom'; readonly within?: IpSet | undefined };

export interface Part {
  readonly sources: SourceSet;
  readonly destination: DestinationPart;
  readonly ports: Spans;
}

/** What of the destination dimension a rule's destination selects. */
export type Selector =
  | { readonly kind: 'all' }
  | { readonly kind: 'name'; readonly pattern: string }
  | { readonly kind: 'address'; readonly set: IpSet };

export function wholePart(flow: Flow): Part {
  const { destination } = flow;
  const part: DestinationPart =
    destination.kind === 'name'
      ? { kind: 'name', set: { base: destination.pattern, except: [] }, within: destination.within }
      : destination.kind === 'address'
        ? { kind: 'address', set: destination.set }
        : { kind: 'atom', within: destination.kind === 'unknown-address' ? destination.within : undefined };
  return { sources: flow.sources, destination: part, ports: flow.ports };
}

export function sourcesEmpty(set: SourceSet): boolean {
  return set.symbols.length === 0 && ipIsEmpty(set.ip);
}

export function sourcesOverlap(a: SourceSet, b: SourceSet): boolean {
  return ipOverlaps(a.ip, b.ip) || a.symbols.some((symbol) => b.symbols.includes(symbol));
}

export function sourcesIntersect(a: SourceSet, b: SourceSet): SourceSet {
  return { ip: ipIntersect(a.ip, b.ip), symbols: a.symbols.filter((symbol) => b.symbols.includes(symbol)) };
}

export function sourcesSubtract(a: SourceSet, b: SourceSet): SourceSet {
  return { ip: ipSubtract(a.ip, b.ip), symbols: a.symbols.filter((symbol) => !b.symbols.includes(symbol)) };
}

export function sourcesUnite(a: SourceSet, b: SourceSet): SourceSet {
  return { ip: ipUnite(a.ip, b.ip), symbols: [...new Set([...a.symbols, ...b.symbols])].sort() };
}

export function sourcesContain(a: SourceSet, b: SourceSet): boolean {
  return ipContains(a.ip, b.ip) && b.symbols.every((symbol) => a.symbols.includes(symbol));
}

function destinationIntersect(part: DestinationPart, selector: Selector): DestinationPart | undefined {
  if (selector.kind === 'all') return part;
  if (part.kind === 'name' && selector.kind === 'name') {
    const set = nameIntersect(part.set, selector.pattern);
    return set && { ...part, set };
  }
  if (part.kind === 'address' && selector.kind === 'address') {
    const set = ipIntersect(part.set, selector.set);
    return ipIsEmpty(set) ? undefined : { kind: 'address', set };
  }
  if (part.kind !== 'address' && part.within !== undefined && selector.kind === 'address') {
    const within = ipIntersect(part.within, selector.set);
    return ipIsEmpty(within) ? undefined : { ...part, within };
  }
  return undefined;
}

function destinationSubtract(part: DestinationPart, selector: Selector): DestinationPart | undefined {
  if (selector.kind === 'all') return undefined;
  if (part.kind === 'name' && selector.kind === 'name') {
    const set = nameSubtract(part.set, selector.pattern);
    return set && { ...part, set };
  }
  if (part.kind === 'address' && selector.kind === 'address') {
    const set = ipSubtract(part.set, selector.set);
    return ipIsEmpty(set) ? undefined : { kind: 'address', set };
  }
  if (part.kind !== 'address' && part.within !== undefined && selector.kind === 'address') {
    const within = ipSubtract(part.within, selector.set);
    return ipIsEmpty(within) ? undefined : { ...part, within };
  }
  return part;
}

/** The region of a rule in the space of one flow: a product, like a part. */
export interface Region {
  readonly sources: SourceSet;
  readonly destination: Selector;
  readonly ports: Spans;
}

/** Splits a part along a region: what lies inside, and what is left as at most three disjoint parts. */
export function split(part: Part, region: Region): { hit: Part | undefined; rest: readonly Part[] } {
  const destination = destinationIntersect(part.destination, region.destination);
  if (destination === undefined) return { hit: undefined, rest: [part] };
  const ports = intersect(part.ports, region.ports);
  if (ports.length === 0) return { hit: undefined, rest: [part] };
  const sources = sourcesIntersect(part.sources, region.sources);
  if (sourcesEmpty(sources)) return { hit: undefined, rest: [part] };

  const rest: Part[] = [];
  const otherSources = sourcesSubtract(part.sources, region.sources);
  if (!sourcesEmpty(otherSources)) rest.push({ ...part, sources: otherSources });
  const otherDestination = destinationSubtract(part.destination, region.destination);
  if (otherDestination !== undefined)
    rest.push({ sources, destination: otherDestination, ports: part.ports });
  if (!contains(region.ports, part.ports)) {
    rest.push({ sources, destination, ports: subtract(part.ports, region.ports) });
  }
  return { hit: { sources, destination, ports }, rest };
}
