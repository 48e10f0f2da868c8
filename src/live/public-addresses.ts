import { isEveryV4, parseIpRange } from '../model/address.ts';
import { ipIsEmpty, ipSubtract, NOT_PUBLIC, rangeSet } from '../model/ip-space.ts';
import { stringsIn, type JsonObject } from './json.ts';

/** Of rules and of IP groups. */
const MEMBERS = new Set(['destinationAddresses', 'ipAddresses']);

/** Does a rule, or an IP group, name public addresses by hand? The whole Internet is none in particular. */
export function holdsPublicAddress(resource: JsonObject): boolean {
  for (const { name, text } of stringsIn(resource)) {
    const range = MEMBERS.has(name) ? parseIpRange(text) : undefined;
    if (range === undefined || isEveryV4(range)) continue;
    if (!ipIsEmpty(ipSubtract(rangeSet(range), NOT_PUBLIC))) return true;
  }
  return false;
}
