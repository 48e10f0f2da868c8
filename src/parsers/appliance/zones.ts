import {
  ALL_ADDRESSES,
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipRanges,
  ipSetOf,
  ipSubtract,
  ipUnite,
  knownAddresses,
  NO_ADDRESS,
  PUBLIC_V4,
  type IpSet,
} from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, IpRange, Rule } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { isEveryV4 } from '../../model/address.ts';
import type { ApplianceOptions } from './reading.ts';
import { addressesOf } from './rules.ts';

/** A network that lies behind an interface, by its address or by a route. */
export interface Network {
  readonly range: IpRange;
  /** The interface and the zones that it is in. */
  readonly names: ReadonlySet<string>;
}

/** What a rule's interfaces or zones mean for its sources and destinations. */
export interface Zoned {
  readonly sources: readonly Address[];
  readonly destinations: readonly Destination[];
  readonly except: readonly Destination[];
  readonly sourceDoubt: Rule['sourceDoubt'];
  readonly conditions: readonly Unknown[];
}

export interface ZoneLimits {
  /** Undefined for every zone or interface. */
  readonly from: readonly string[] | undefined;
  readonly to: readonly string[] | undefined;
  readonly place: Place;
  readonly sources: readonly Address[];
  readonly destinations: readonly Destination[];
}

/**
 * Where networks lie, as interfaces and routes of the export tell: the longest prefix wins. Where traffic comes in is only
 * told by networks of their own, not by a default route; where it leaves to the Internet, by the default route.
 */
export class Zones {
  readonly #networks: readonly Network[];
  readonly #options: ApplianceOptions;
  readonly #what: string;
  readonly #internet: ReadonlySet<string> | undefined;
  readonly #specific: readonly Network[];
  readonly #behind = new Map<string, IpSet>();
  readonly #known: IpSet;

  /** `what` is what the vendor has rules for: zone or interface. */
  constructor(networks: readonly Network[], options: ApplianceOptions, what: 'zone' | 'interface') {
    this.#options = options;
    this.#what = what;
    this.#networks = networks;
    this.#internet = networks.find(({ range }) => isEveryV4(range))?.names;
    this.#specific = networks
      .filter(({ range }) => !isEveryV4(range))
      .sort((a, b) => sizeOf(a.range) - sizeOf(b.range));
    this.#known = this.#specific.reduce((set, { range }) => ipUnite(set, ipSetOf([range])), NO_ADDRESS);
  }

  /** The zone by which traffic to the Internet leaves; undefined where nothing tells. */
  get internet(): ReadonlySet<string> | undefined {
    return this.#options.toZones.length > 0 ? new Set(this.#options.toZones) : this.#internet;
  }

  get hasNetworks(): boolean {
    return this.#networks.length > 0;
  }

  /** Undefined for a rule that sees nothing of the traffic in question. */
  limit({ from, to, place, sources, destinations }: ZoneLimits): Zoned | undefined {
    const incoming = this.#incoming(from, sources, place);
    const outgoing = this.#outgoing(to, destinations, place);
    return incoming && outgoing && { ...incoming, ...outgoing };
  }

  #incoming(
    from: readonly string[] | undefined,
    sources: readonly Address[],
    place: Place,
  ): Pick<Zoned, 'sources' | 'sourceDoubt'> | undefined {
    const { fromZones } = this.#options;
    if (from === undefined) return { sources, sourceDoubt: undefined };
    if (fromZones.length > 0) {
      return from.some((name) => fromZones.includes(name)) ? { sources, sourceDoubt: undefined } : undefined;
    }
    const sure = this.#behindAny(from);
    const elsewhere = ipSubtract(this.#known, sure);
    const left = without(sources, elsewhere);
    if (left.length === 0 && sources.length > 0) return undefined;
    const isSure = left.every(({ kind }) => kind === 'range') && ipContains(sure, knownAddresses(left));
    if (isSure) return { sources: left, sourceDoubt: undefined };
    const unknown: Unknown = {
      reason: `whether the cluster's traffic comes in by ${this.#named(from)} is not known`,
      supply: `name the ${this.#what} by which it comes in with --from-zone`,
      place,
    };
    return { sources: left, sourceDoubt: { sure: ipRanges(sure), unknown } };
  }

  #outgoing(
    to: readonly string[] | undefined,
    destinations: readonly Destination[],
    place: Place,
  ): Pick<Zoned, 'destinations' | 'except' | 'conditions'> | undefined {
    const asWritten = { destinations, except: [], conditions: [] };
    if (to === undefined) return asWritten;
    const { internet } = this;
    if (internet === undefined) {
      const unknown: Unknown = {
        reason: `whether the traffic leaves by ${this.#named(to)} is not known`,
        supply: `name the ${this.#what} by which it leaves with --to-zone`,
        place,
      };
      return { ...asWritten, conditions: [unknown] };
    }
    if (to.some((name) => internet.has(name))) {
      if (this.#options.toZones.length > 0) return asWritten;
      // Networks that lie elsewhere leave elsewhere.
      const elsewhere = ipSubtract(this.#known, this.#behindAny(to));
      const met = ipIntersect(knownAddresses(destinations), elsewhere);
      return ipIsEmpty(met) ? asWritten : { ...asWritten, except: addressesOf(met, 'other networks', place) };
    }
    if (this.#options.toZones.length > 0) return undefined;
    const inside = this.#behindAny(to);
    const left = destinations.flatMap((member): Destination[] => {
      if (member.kind !== 'any' && member.kind !== 'range')
        return ipContains(inside, PUBLIC_V4) ? [member] : [];
      return addressesOf(ipIntersect(knownAddresses([member]), inside), member.text, member.place);
    });
    return left.length === 0 ? undefined : { destinations: left, except: [], conditions: [] };
  }

  #named(names: readonly string[]): string {
    const plural = names.length > 1 ? `one of the ${this.#what}s` : this.#what;
    return `${plural} ${names.map((name) => `'${name}'`).join(', ')}`;
  }

  #behindAny(names: readonly string[]): IpSet {
    return names.reduce((set, name) => ipUnite(set, this.#behindOne(name)), NO_ADDRESS);
  }

  #behindOne(name: string): IpSet {
    const known = this.#behind.get(name);
    if (known !== undefined) return known;
    let taken = NO_ADDRESS;
    let set = NO_ADDRESS;
    for (const { range, names } of this.#specific) {
      const own = ipSetOf([range]);
      if (names.has(name)) set = ipUnite(set, ipSubtract(own, taken));
      taken = ipUnite(taken, own);
    }
    this.#behind.set(name, set);
    return set;
  }
}

function sizeOf({ from, to }: IpRange): number {
  return Number(to) - Number(from);
}

/** The members without addresses that come in elsewhere; what is not known stays. */
function without(members: readonly Address[], elsewhere: IpSet): Address[] {
  if (ipIsEmpty(elsewhere)) return [...members];
  return members.flatMap((member): Address[] => {
    if (member.kind !== 'any' && member.kind !== 'range') return [member];
    const set = member.kind === 'any' ? ALL_ADDRESSES : ipSetOf([member.range]);
    const left = ipSubtract(set, elsewhere);
    return ipContains(left, set) ? [member] : addressesOf(left, member.text, member.place);
  });
}
