import type { Place } from '../../model/place.ts';
import type { Address, Destination, InvalidValue, Rule, AzureStage } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { ObjectValue, Value } from '../value.ts';
import { destinationAddress, sourceAddress } from './addresses.ts';
import {
  bodyOf,
  booleanOf,
  CUT_OFF,
  describe,
  field,
  firstKey,
  isCutOff,
  keyPlace,
  listAt,
  type List,
  textOf,
  unknownOf,
  wordOf,
  type Report,
} from './fields.ts';
import type { IpGroups } from './ip-groups.ts';
import { categoryDestination, nameDestination, tagDestination, urlDestination } from './names.ts';
import { applicationServices, networkServices, tagServices } from './services.ts';

/** A rule without its place in a policy's order, which its collection, group and policy decide. */
export type RuleReading = Omit<Rule, 'id' | 'policy' | 'group' | 'collection' | 'order' | 'action'>;

export interface RuleReader {
  readonly ipGroups: IpGroups;
  readonly report: Report;
  /** Of a classic firewall, where a rule with FQDN tags need not name protocols. */
  readonly isClassic?: true;
}

/**
 * Reads one rule; undefined for what is no rule at all. `fallback` is the stage of a classic collection, whose rules do
 * not name their type; `priority` is where the collection's priority is written.
 * https://learn.microsoft.com/azure/templates/microsoft.network/firewallpolicies/rulecollectiongroups
 */
export function readRule(
  value: ObjectValue,
  fallback: AzureStage | undefined,
  priority: Place,
  reader: RuleReader,
): RuleReading | 'nat' | undefined {
  const body = bodyOf(value);
  switch (fallback ?? stageOf(body)) {
    case 'network':
      return networkRule(value, body, priority, reader);
    case 'application':
      return applicationRule(value, body, priority, reader);
    case 'nat':
      return 'nat';
    case undefined:
      return undefined;
  }
}

function stageOf(body: ObjectValue): AzureStage | 'nat' | undefined {
  const type = wordOf(field(body, 'ruletype', 'ruleconditiontype'));
  if (type.includes('network')) return 'network';
  if (type.includes('application')) return 'application';
  if (type.includes('nat')) return 'nat';
  if (field(body, 'translatedport', 'translatedaddress', 'translatedfqdn') !== undefined) return 'nat';
  if (field(body, 'ipprotocols', 'destinationports') !== undefined) return 'network';
  if (field(body, 'targetfqdns', 'fqdntags', 'targeturls') !== undefined) return 'application';
  return field(body, 'webcategories') === undefined ? undefined : 'application';
}

const NONE: readonly never[] = [];

function networkRule(
  value: ObjectValue,
  body: ObjectValue,
  priority: Place,
  reader: RuleReader,
): RuleReading {
  const { report, ipGroups } = reader;
  const invalid: InvalidValue[] = [];
  const sources = readSources(body, reader);
  const addresses = listAt(body, 'destinationaddresses');
  const groups = listAt(body, 'destinationipgroups');
  const names = listAt(body, 'destinationfqdns');
  const expanded = ipGroups.expand(groups.items, report);
  const destinations = joined<Destination>(
    addresses.items.map((item) => destinationAddress(item, report)),
    expanded.addresses,
    texts(names, invalid).map((name) => nameDestination(name, 'network-fqdn', report)),
  );
  const empty = sources.empty ?? expanded.empty;
  if (empty !== undefined) noteEmptyGroup(empty, value, report);
  const ports = listAt(body, 'destinationports');
  const written = listAt(body, 'ipprotocols');
  const protocols = written.items.length > 0 ? written : listAt(body, 'protocols');
  return {
    name: nameOf(value, body),
    stage: 'network',
    sources: empty === undefined ? sources.addresses : NONE,
    destinations: empty === undefined ? destinations : NONE,
    services: networkServices(protocols.items, ports.items, report, invalid),
    terminateTls: false,
    description: textOf(field(body, 'description')),
    place: value.place,
    listPlaces: placesOf(
      body,
      sources.lists,
      [addresses, names, groups],
      [ports, written, protocols],
      priority,
    ),
    invalid: noneIfEmpty(invalid),
    ineffective: NONE,
    needsTier:
      names.items.length > 0
        ? [
            {
              feature: 'FQDNs in network rules',
              tier: 'Standard',
              place: listPlace(body, 'destinationfqdns'),
            },
          ]
        : NONE,
  };
}

function applicationRule(
  value: ObjectValue,
  body: ObjectValue,
  priority: Place,
  reader: RuleReader,
): RuleReading {
  const { report } = reader;
  const invalid: InvalidValue[] = [];
  const { addresses, lists, empty } = readSources(body, reader);
  if (empty !== undefined) noteEmptyGroup(empty, value, report);
  const protocols = listAt(body, 'protocols');
  const tags = listAt(body, 'fqdntags');
  const isImplied = reader.isClassic === true && protocols.items.length === 0 && tags.items.length > 0;
  if (protocols.items.length === 0 && !isImplied) {
    report.note(
      'this application rule has no protocols: Azure does not accept it, so it allows nothing',
      value.place,
    );
  }
  const names = listAt(body, 'targetfqdns');
  const urls = listAt(body, 'targeturls');
  const categories = listAt(body, 'webcategories');
  const destinations = joined(
    texts(names, invalid).map((name) => nameDestination(name, 'fqdn', report)),
    texts(tags, invalid).map((tag) => tagDestination(tag, report)),
    texts(urls, invalid).map((url) => urlDestination(url, report)),
    texts(categories, invalid).map((category) => categoryDestination(category, report)),
  );
  const listPlaces = placesOf(body, lists, [names, tags, urls, categories], [protocols], priority);
  const terminateTls = keyPlace(body, 'terminatetls');
  if (terminateTls !== undefined) listPlaces.terminateTls = terminateTls;
  return {
    name: nameOf(value, body),
    stage: 'application',
    sources: empty === undefined ? addresses : NONE,
    destinations,
    services: isImplied
      ? tagServices(keyPlace(body, 'fqdntags') ?? value.place)
      : applicationServices(protocols.items, report, invalid),
    terminateTls: readTerminateTls(body, report),
    description: textOf(field(body, 'description')),
    place: value.place,
    listPlaces,
    invalid: noneIfEmpty(invalid),
    ineffective: ineffectiveFields(body),
    needsTier: applicationTiers(body, urls.items.length > 0, categories.items.length > 0),
  };
}

/** Lists as one. Mostly one of them has all, and a list that grew by pushing keeps room for more. */
function joined<T>(...lists: readonly (readonly T[])[]): readonly T[] {
  let only: readonly T[] = NONE;
  for (let at = 0; at < lists.length; at += 1) {
    const list = lists[at] ?? NONE;
    if (list.length === 0) continue;
    if (only.length > 0) return lists.flat();
    only = list;
  }
  return only;
}

function noneIfEmpty(invalid: readonly InvalidValue[]): readonly InvalidValue[] {
  return invalid.length === 0 ? NONE : invalid;
}

/** The members of a list of texts; an object among them is left out and added to `invalid`. */
function texts({ name = '', items }: List, invalid: InvalidValue[]): readonly Value[] {
  if (!items.some(isObject)) return items;
  return items.filter((item) => {
    if (!isObject(item)) return true;
    invalid.push({ problem: `expected a text in ${name}, found ${describe(item)}`, place: item.place });
    return false;
  });
}

function isObject({ kind }: Value): boolean {
  return kind === 'object';
}

function nameOf(value: ObjectValue, body: ObjectValue): string {
  return textOf(field(value, 'name') ?? field(body, 'name'));
}

function readSources(
  body: ObjectValue,
  { report, ipGroups }: RuleReader,
): { addresses: readonly Address[]; lists: readonly List[]; empty: string | undefined } {
  const written = listAt(body, 'sourceaddresses');
  const groups = listAt(body, 'sourceipgroups');
  const selectors = listAt(body, 'sourcekubeselectorgroups');
  const expanded = ipGroups.expand(groups.items, report);
  const addresses = joined(
    written.items.map((item) => sourceAddress(item, report)),
    expanded.addresses,
    selectors.items.map((item) => selectorGroup(item, report)),
  );
  return { addresses, lists: [written, groups, selectors], empty: expanded.empty };
}

/** Pods chosen by labels: https://learn.microsoft.com/powershell/module/az.network/new-azfirewallpolicykubeselectorgroup */
function selectorGroup(value: Value, report: Report): Address {
  const id = value.kind === 'object' ? field(value, 'id') : value;
  const unknown: Unknown = unknownOf(id) ?? {
    reason: 'the source is a Kubernetes selector group, whose members only the running cluster knows',
    supply: 'write the source as addresses or as an IP group if it must be judged before deployment',
    place: value.place,
  };
  report.unknown(unknown);
  return { kind: 'opaque', text: textOf(id), place: value.place, unknown };
}

function noteEmptyGroup(name: string, rule: ObjectValue, report: Report): void {
  report.note(`IP group '${name}' has no members: Azure skips this rule`, rule.place);
}

function readTerminateTls(body: ObjectValue, report: Report): boolean | 'unknown' {
  const value = field(body, 'terminatetls');
  const unknown = unknownOf(value);
  if (unknown !== undefined) report.unknown(unknown);
  return booleanOf(value) ?? false;
}

/** The API takes destinationAddresses of an application rule and the firewall ignores them. */
function ineffectiveFields(body: ObjectValue): RuleReading['ineffective'] {
  const name = 'destinationaddresses';
  return listAt(body, name).items.length === 0
    ? NONE
    : [{ field: 'destinationAddresses', place: listPlace(body, name) }];
}

/** https://learn.microsoft.com/azure/firewall/features-by-sku */
function applicationTiers(
  body: ObjectValue,
  hasUrls: boolean,
  hasCategories: boolean,
): RuleReading['needsTier'] {
  const inspects = booleanOf(field(body, 'terminatetls')) === true;
  if (!inspects && !hasUrls && !hasCategories) return NONE;
  const tiers: RuleReading['needsTier'][number][] = [];
  if (inspects) {
    tiers.push({ feature: 'TLS inspection', tier: 'Premium', place: listPlace(body, 'terminatetls') });
  }
  if (hasUrls)
    tiers.push({ feature: 'URL filtering', tier: 'Premium', place: listPlace(body, 'targeturls') });
  if (hasCategories) {
    tiers.push({ feature: 'web categories', tier: 'Standard', place: listPlace(body, 'webcategories') });
  }
  return tiers;
}

function listPlace(body: ObjectValue, name: string): Place {
  return keyPlace(body, name) ?? body.place;
}

type ListPlaces = { -readonly [K in keyof RuleReading['listPlaces']]: RuleReading['listPlaces'][K] };

function placesOf(
  body: ObjectValue,
  sourceLists: readonly List[],
  destinationLists: readonly List[],
  serviceLists: readonly List[],
  priority: Place,
): ListPlaces {
  const places: ListPlaces = { priority };
  const sources = firstKey(body, sourceLists);
  if (sources !== undefined) places.sources = sources;
  const destinations = firstKey(body, destinationLists);
  if (destinations !== undefined) places.destinations = destinations;
  const services = firstKey(body, serviceLists);
  if (services !== undefined) places.services = services;
  return places;
}

/** What a rule list holds that is neither a rule nor unknown. */
export function notARule(value: Value): string {
  if (isCutOff(textOf(value))) return CUT_OFF;
  return value.kind === 'object'
    ? 'a rule without ruleType, protocols and destinations; expected ruleType NetworkRule or ApplicationRule'
    : `expected a rule, found ${describe(value)}`;
}
