import type { Place } from '../../model/place.ts';
import type { Address, Destination, Rule, Stage } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { ObjectValue, Value } from '../value.ts';
import { destinationAddress, sourceAddress } from './addresses.ts';
import {
  bodyOf,
  booleanOf,
  describe,
  field,
  keyPlace,
  listOf,
  textOf,
  unknownOf,
  wordOf,
  type Report,
} from './fields.ts';
import type { IpGroups } from './ip-groups.ts';
import { categoryDestination, nameDestination, tagDestination, urlDestination } from './names.ts';
import { applicationServices, networkServices } from './services.ts';

/** A rule without its place in a policy's order, which its collection, group and policy decide. */
export type RuleReading = Omit<Rule, 'id' | 'policy' | 'group' | 'collection' | 'order' | 'action'>;

export interface RuleReader {
  readonly ipGroups: IpGroups;
  readonly report: Report;
}

/**
 * Reads one rule; undefined for a DNAT rule and for what is no rule at all, which is noted. `fallback` is the stage of
 * a classic collection, whose rules do not name their type.
 * https://learn.microsoft.com/azure/templates/microsoft.network/firewallpolicies/rulecollectiongroups
 */
export function readRule(
  value: ObjectValue,
  fallback: Stage | undefined,
  reader: RuleReader,
): RuleReading | 'nat' | undefined {
  const body = bodyOf(value);
  const stage = fallback ?? stageOf(body);
  switch (stage) {
    case 'network':
      return networkRule(value, body, reader);
    case 'application':
      return applicationRule(value, body, reader);
    case 'nat':
      return 'nat';
    case undefined:
      return undefined;
  }
}

function stageOf(body: ObjectValue): Stage | 'nat' | undefined {
  const type = wordOf(field(body, 'ruletype', 'ruleconditiontype'));
  if (type.includes('network')) return 'network';
  if (type.includes('application')) return 'application';
  if (type.includes('nat')) return 'nat';
  if (field(body, 'translatedport', 'translatedaddress', 'translatedfqdn') !== undefined) return 'nat';
  if (field(body, 'ipprotocols', 'destinationports') !== undefined) return 'network';
  if (field(body, 'targetfqdns', 'fqdntags', 'targeturls', 'webcategories') !== undefined)
    return 'application';
  return undefined;
}

function networkRule(value: ObjectValue, body: ObjectValue, reader: RuleReader): RuleReading {
  const { report } = reader;
  const sources = readSources(body, reader);
  const groups = reader.ipGroups.expand(listOf(field(body, 'destinationipgroups')), report);
  const names = listOf(field(body, 'destinationfqdns')).map((name) =>
    nameDestination(name, 'network-fqdn', report),
  );
  const destinations: Destination[] = [
    ...listOf(field(body, 'destinationaddresses')).map((item) => destinationAddress(item, report)),
    ...groups.addresses,
    ...names,
  ];
  const empty = sources.empty ?? groups.empty;
  if (empty !== undefined) noteEmptyGroup(empty, value, report);
  const protocols = field(body, 'ipprotocols', 'protocols');
  return {
    ...common(value, body, 'network'),
    sources: empty === undefined ? sources.addresses : [],
    destinations: empty === undefined ? destinations : [],
    services: networkServices(protocols, field(body, 'destinationports'), report),
    terminateTls: false,
    listPlaces: {
      ...places(body),
      ...placed('destinations', body, 'destinationaddresses', 'destinationfqdns', 'destinationipgroups'),
      ...placed('services', body, 'destinationports', 'ipprotocols', 'protocols'),
    },
    ineffective: [],
    needsTier:
      names.length > 0
        ? [
            {
              feature: 'FQDNs in network rules',
              tier: 'Standard',
              place: listPlace(body, 'destinationfqdns'),
            },
          ]
        : [],
  };
}

function applicationRule(value: ObjectValue, body: ObjectValue, reader: RuleReader): RuleReading {
  const { report } = reader;
  const { addresses, empty } = readSources(body, reader);
  if (empty !== undefined) noteEmptyGroup(empty, value, report);
  const protocols = field(body, 'protocols');
  if (listOf(protocols).length === 0) {
    report.note(
      'this application rule has no protocols: Azure does not accept it, so it allows nothing',
      value.place,
    );
  }
  const destinations: Destination[] = [
    ...listOf(field(body, 'targetfqdns')).map((name) => nameDestination(name, 'fqdn', report)),
    ...listOf(field(body, 'fqdntags')).map((tag) => tagDestination(tag, report)),
    ...listOf(field(body, 'targeturls')).map((url) => urlDestination(url, report)),
    ...listOf(field(body, 'webcategories')).map((category) => categoryDestination(category, report)),
  ];
  return {
    ...common(value, body, 'application'),
    sources: empty === undefined ? addresses : [],
    destinations,
    services: applicationServices(protocols, report),
    terminateTls: readTerminateTls(body, report),
    listPlaces: {
      ...places(body),
      ...placed('destinations', body, 'targetfqdns', 'fqdntags', 'targeturls', 'webcategories'),
      ...placed('services', body, 'protocols'),
      ...placed('terminateTls', body, 'terminatetls'),
    },
    ineffective: ineffectiveFields(body),
    needsTier: applicationTiers(body),
  };
}

function common(
  value: ObjectValue,
  body: ObjectValue,
  stage: Stage,
): Pick<RuleReading, 'name' | 'stage' | 'description' | 'place'> {
  return {
    name: textOf(field(value, 'name') ?? field(body, 'name')),
    stage,
    description: textOf(field(body, 'description')),
    place: value.place,
  };
}

function readSources(
  body: ObjectValue,
  reader: RuleReader,
): { addresses: Address[]; empty: string | undefined } {
  const { report } = reader;
  const groups = reader.ipGroups.expand(listOf(field(body, 'sourceipgroups')), report);
  const addresses: Address[] = [
    ...listOf(field(body, 'sourceaddresses')).map((item) => sourceAddress(item, report)),
    ...groups.addresses,
    ...listOf(field(body, 'sourcekubeselectorgroups')).map((item) => selectorGroup(item, report)),
  ];
  return { addresses, empty: groups.empty };
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
  const place = keyPlace(body, 'destinationaddresses');
  return place !== undefined && listOf(field(body, 'destinationaddresses')).length > 0
    ? [{ field: 'destinationAddresses', place }]
    : [];
}

/** https://learn.microsoft.com/azure/firewall/features-by-sku */
function applicationTiers(body: ObjectValue): RuleReading['needsTier'] {
  const tiers: RuleReading['needsTier'][number][] = [];
  if (booleanOf(field(body, 'terminatetls')) === true) {
    tiers.push({ feature: 'TLS inspection', tier: 'Premium', place: listPlace(body, 'terminatetls') });
  }
  if (listOf(field(body, 'targeturls')).length > 0) {
    tiers.push({ feature: 'URL filtering', tier: 'Premium', place: listPlace(body, 'targeturls') });
  }
  if (listOf(field(body, 'webcategories')).length > 0) {
    tiers.push({ feature: 'web categories', tier: 'Standard', place: listPlace(body, 'webcategories') });
  }
  return tiers;
}

function listPlace(body: ObjectValue, name: string): Place {
  return keyPlace(body, name) ?? body.place;
}

function places(body: ObjectValue): RuleReading['listPlaces'] {
  return placed('sources', body, 'sourceaddresses', 'sourceipgroups', 'sourcekubeselectorgroups');
}

/** The key of the first list that has members, else of the first that is written at all. */
function placed(
  list: keyof RuleReading['listPlaces'],
  body: ObjectValue,
  ...names: readonly string[]
): RuleReading['listPlaces'] {
  const filled = names.filter((name) => listOf(field(body, name)).length > 0);
  const place = keyPlace(body, ...filled, ...names);
  return place === undefined ? {} : { [list]: place };
}

/** What a rule list holds that is neither a rule nor unknown. */
export function notARule(value: Value): string {
  const text = textOf(value);
  // ConvertTo-Json writes what lies deeper than -Depth (2 by default) as type names or joined text.
  if (/^(?:Microsoft\.Azure\.|System\.|@\{)/.test(text)) {
    return 'PowerShell cut this export off; repeat it with ConvertTo-Json -Depth 100';
  }
  return value.kind === 'object'
    ? 'a rule without ruleType, protocols and destinations; expected ruleType NetworkRule or ApplicationRule'
    : `expected a rule, found ${describe(value)}`;
}
