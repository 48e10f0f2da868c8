import { isSupportedPattern, isWildcard, nameContains, nameMayOverlap, nameOverlaps } from '../model/name.ts';
import { shapeMeets, type NameShape } from '../model/name-shape.ts';
import type { Destination } from '../model/policy.ts';
import type { Flow } from './flow.ts';
import type { How } from './match.ts';
import type { DestinationMatch } from './match-destination.ts';

/** How a name that a rule writes meets the name of a flow. */

export type NameFlow = Extract<Flow['destination'], { kind: 'name' }>;
type NameMember = Extract<Destination, { kind: 'name' }>;

export function matchPattern(destination: NameMember, name: NameFlow): DestinationMatch | undefined {
  if (destination.via === 'appliance') return matchOfAppliance(destination, name);
  const { pattern } = destination;
  if (!isSupportedPattern(pattern)) return undefined;
  // A URL below a path decides single requests, never the whole host.
  if (destination.via === 'url' && !['', '/', '/*'].includes(destination.url ?? '')) return undefined;
  return matchPlain(destination, name);
}

function matchPlain(destination: NameMember, name: NameFlow): DestinationMatch | undefined {
  const { pattern } = destination;
  const how: How = destination.via === 'url' ? 'url' : isWildcard(pattern) ? 'wildcard' : 'exact';
  if (nameContains(pattern, name.pattern))
    return { selector: { kind: 'all' }, how: pattern === '*' ? 'any' : how, destination };
  if (nameOverlaps(pattern, name.pattern)) {
    if (name.standsForHosts) return { selector: { kind: 'all' }, how, destination, doubt: 'which-host' };
    return { selector: { kind: 'name', pattern }, how, destination };
  }
  if (nameMayOverlap(pattern, name.pattern))
    return { selector: { kind: 'all' }, how, destination, doubt: 'unresolved' };
  return undefined;
}

/** What an appliance may not recognise is doubtful as a whole, whichever part of the flow it is. */
function matchOfAppliance(destination: NameMember, name: NameFlow): DestinationMatch | undefined {
  const { shape, unknown } = destination;
  const match = shape === undefined ? matchPlain(destination, name) : matchShape(destination, shape, name);
  return match === undefined || unknown === undefined || match.doubt !== undefined
    ? match
    : { ...match, doubt: 'unresolved', unknown };
}

function matchShape(destination: NameMember, shape: NameShape, name: NameFlow): DestinationMatch | undefined {
  const meets = shapeMeets(shape, name.pattern);
  if (meets === 'none') return undefined;
  const match = { selector: { kind: 'all' }, how: 'wildcard', destination } as const;
  return meets === 'all' ? match : { ...match, doubt: 'which-host' };
}
