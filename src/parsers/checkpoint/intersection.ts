import {
  ipContains,
  ipIntersect,
  ipIsEmpty,
  ipSetOf,
  knownAddresses,
  NOT_PUBLIC,
} from '../../model/ip-space.ts';
import { nameContains } from '../../model/name.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, Service } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { hasEveryPort } from '../../model/ports.ts';
import { addressesOf, type NameDestination, type RuleDraft } from '../appliance/rules.ts';

/**
 * A rule of an inline layer within the rule that leads to it: what both match. Undefined where that is certainly nothing.
 * What cannot be told of the two together is a condition.
 */
export function within(outer: RuleDraft, inner: RuleDraft): RuleDraft | undefined {
  const conditions: Unknown[] = [...(outer.conditions ?? []), ...(inner.conditions ?? [])];
  const unsure = (what: string, place: Place): void => {
    conditions.push({
      reason: `whether the ${what} of '${outer.name}' are those of '${inner.name}' too is not known`,
      supply: 'limit one of the two rules only',
      place,
    });
  };
  const sources = commonSources(outer.sources, inner.sources, () => {
    unsure('sources', inner.place);
  });
  const destinations = commonDestinations(outer.destinations, inner.destinations, () => {
    unsure('destinations', inner.place);
  });
  const services = inner.services.flatMap((one) =>
    outer.services.flatMap((other) => commonService(other, one) ?? []),
  );
  if (sources.length === 0 || destinations.length === 0 || services.length === 0) return undefined;
  const except = [...(outer.except ?? []), ...(inner.except ?? [])];
  const sourceDoubt = inner.sourceDoubt ?? outer.sourceDoubt;
  return { ...inner, sources, destinations, services, conditions, except, sourceDoubt };
}

function commonSources(
  outer: readonly Address[],
  inner: readonly Address[],
  unsure: () => void,
): readonly Address[] {
  if (outer.some(isAny)) return inner;
  if (inner.some(isAny)) return outer;
  if (![...outer, ...inner].every(({ kind }) => kind === 'range')) {
    unsure();
    return inner;
  }
  const set = knownAddresses(outer);
  return inner.flatMap((member) => commonRange(member, set));
}

function commonRange(member: Address, set: ReturnType<typeof ipSetOf>): Address[] {
  if (member.kind !== 'range') return [];
  const own = ipSetOf([member.range]);
  const common = ipIntersect(own, set);
  return ipIsEmpty(common) ? [] : addressesOf(common, member.text, member.place);
}

function commonDestinations(
  outer: readonly Destination[],
  inner: readonly Destination[],
  unsure: () => void,
): readonly Destination[] {
  if (outer.some(isAny)) return inner;
  if (inner.some(isAny)) return outer;
  const untold: Destination[] = [];
  const common = inner.flatMap((member) =>
    outer.flatMap((other): readonly Destination[] => {
      const both = commonPair(other, member);
      if (both === undefined) untold.push(member);
      return both ?? [member];
    }),
  );
  if (untold.length > 0) unsure();
  return common;
}

/** What two members have in common; undefined where that is not known. A public name is at no private address. */
function commonPair(outer: Destination, inner: Destination): readonly Destination[] | undefined {
  if (outer.kind === 'range' && inner.kind === 'range') return commonRange(inner, ipSetOf([outer.range]));
  if (isPlainName(outer) && isPlainName(inner)) {
    if (nameContains(outer.pattern, inner.pattern)) return [inner];
    return nameContains(inner.pattern, outer.pattern) ? [outer] : [];
  }
  const range = outer.kind === 'range' ? outer : inner.kind === 'range' ? inner : undefined;
  const isNamed = outer.kind === 'name' || inner.kind === 'name';
  return range !== undefined && isNamed && ipContains(NOT_PUBLIC, ipSetOf([range.range])) ? [] : undefined;
}

function isPlainName(destination: Destination): destination is NameDestination {
  return destination.kind === 'name' && destination.shape === undefined;
}

function isAny({ kind }: { readonly kind: string }): boolean {
  return kind === 'any';
}

function commonService(outer: Service, inner: Service): Service | undefined {
  if (isEvery(outer)) return inner;
  if (isEvery(inner)) return outer;
  if (outer.protocol === 'unknown' || inner.protocol === 'unknown') return { ...inner, portsKnown: false };
  if (outer.protocol !== inner.protocol && outer.protocol !== 'Any' && inner.protocol !== 'Any')
    return undefined;
  const from = Math.max(outer.from, inner.from);
  const to = Math.min(outer.to, inner.to);
  if (from > to) return undefined;
  const { protocol } = inner.protocol === 'Any' ? outer : inner;
  const unknown = inner.unknown ?? outer.unknown;
  return {
    ...inner,
    protocol,
    from,
    to,
    portsKnown: inner.portsKnown && outer.portsKnown,
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function isEvery(service: Service): boolean {
  return service.protocol === 'Any' && hasEveryPort(service) && service.portsKnown;
}
