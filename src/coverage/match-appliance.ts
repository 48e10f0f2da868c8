import {
  ipContains,
  ipIsEmpty,
  ipSubtract,
  knownAddresses,
  NOT_PUBLIC,
  PUBLIC_V4,
} from '../model/ip-space.ts';
import type { Rule } from '../model/policy.ts';
import type { Selector } from './flow.ts';
import { ALL_V4, type Knowledge } from './match.ts';
import { matchRanges, type DestinationMatch } from './match-destination.ts';
import { matchPattern, type NameFlow } from './match-name.ts';

/**
 * How the destinations of an appliance's rule meet a name. One list holds both addresses and names: every address is
 * certain, a private one impossible for a public name, a public one open; names are known as the appliance's parser says.
 */
export function matchNameInApplianceRule(
  rule: Rule,
  name: NameFlow,
  knowledge: Knowledge,
): DestinationMatch[] {
  const all: Selector = { kind: 'all' };
  const isPrivate = knowledge.isPrivateName(name.pattern);
  const addresses = knownAddresses(rule.destinations);
  const sample = rule.destinations.find((member) => member.kind === 'any' || member.kind === 'range');
  if (ipContains(addresses, isPrivate ? ALL_V4 : PUBLIC_V4)) {
    return [{ selector: all, how: 'any', destination: sample }];
  }
  const matches: DestinationMatch[] = [];
  if (!ipIsEmpty(isPrivate ? addresses : ipSubtract(addresses, NOT_PUBLIC))) {
    matches.push(...matchRanges(addresses, sample, name.within));
  }
  for (const destination of rule.destinations) {
    if (destination.kind === 'name') {
      const match = matchPattern(destination, name);
      if (match !== undefined) matches.push(match);
    } else if (destination.kind === 'web-category') {
      if (knowledge.webCategoryMayHold(destination.text))
        matches.push({ selector: all, how: 'any', destination, doubt: 'opaque' });
    } else if (destination.kind === 'symbol' || destination.kind === 'opaque') {
      const { unknown } = destination;
      matches.push({ selector: all, how: 'address', destination, doubt: 'unresolved', unknown });
    }
  }
  return matches;
}
