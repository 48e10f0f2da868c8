import { ipRanges, knownAddresses, NOT_PUBLIC } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Destination, Rule } from '../../model/policy.ts';
import { REMARK, type Remark } from '../../model/remark.ts';
import type { Unknown } from '../../model/symbol.ts';
import type { Report } from '../appliance/reading.ts';
import {
  addressesOf,
  allBut,
  anyAddress,
  opaqueAddress,
  type RuleDraft,
  type RuleList,
} from '../appliance/rules.ts';
import { anyService } from '../appliance/services.ts';
import type { Zones } from '../appliance/zones.ts';
import { Addresses } from './addresses.ts';
import { Categories } from './categories.ts';
import type { Scope } from './scope.ts';
import { Services } from './services.ts';
import type { PanNode, Places } from './tree.ts';
import { blockedByProfile } from './url-filtering.ts';

/** Parts of a rule that say nothing of what it matches. */
const SILENT = new Set([
  'from', 'to', 'source', 'destination', 'service', 'application', 'category', 'source-user', 'hip-profiles',
  'source-hip', 'destination-hip', 'action', 'negate-source', 'negate-destination', 'disabled', 'rule-type',
  'profile-setting', 'schedule', 'target', 'tag', 'group-tag', 'log-setting', 'log-start', 'log-end', 'description',
  'option', 'qos', 'icmp-unreachable', 'uuid', 'id', 'loc', 'type', 'profile', 'devices', 'log-success', 'log-fail',
  'packet-broker-profile', 'decryption', 'disable-inspect', 'source-imei', 'source-imsi', 'source-nw-slice',
]); // prettier-ignore

export interface RulebaseContext {
  readonly scope: Scope;
  readonly zones: Zones;
  readonly places: Places;
  readonly report: Report;
  readonly remarks: Remark[];
  /** Where the traffic stays within one zone, for rules of the type intrazone. */
  readonly isIntrazone: boolean | undefined;
  readonly appendsSlash: boolean;
  readonly group: string;
}

/** Reads the rules of one rulebase into a policy's list. https://docs.paloaltonetworks.com (Policies > Security) */
export class Rulebase {
  readonly #context: RulebaseContext;
  readonly #addresses: Addresses;
  readonly #services: Services;
  readonly #categories: Categories;

  constructor(context: RulebaseContext) {
    const { scope, places, report, appendsSlash } = context;
    this.#context = context;
    this.#addresses = new Addresses(scope, places, report);
    this.#services = new Services(scope, places, report);
    this.#categories = new Categories(scope, places, report, appendsSlash);
  }

  /** Returns how many rules there are. */
  security(rules: readonly PanNode[], collection: string, into: RuleList): number {
    for (const rule of rules) this.#security(rule, collection, into);
    return rules.length;
  }

  #security(rule: PanNode, collection: string, into: RuleList): void {
    const draft = this.#draft(rule, collection, this.#services.ofRule(rule));
    this.#remember(rule);
    if (draft === undefined) return;
    const action = rule.value('action');
    const known = ACTIONS.get(action);
    const { report, places } = this.#context;
    if (known === undefined)
      report.misunderstood(`action '${action}' of rule '${rule.key}'`, places.of(rule));
    const category = rule.child('category');
    const names = this.#categories.read(category);
    const categorised = names === undefined ? draft : withNames(draft, names, places.of(category ?? rule));
    if (categorised === undefined) return;
    if (known === 'allow') {
      const blocked = blockedByProfile(rule, this.#context, this.#categories);
      for (const { destinations, by, except } of blocked) {
        const denied = withNames(
          categorised,
          destinations ?? [anyAddress(places.of(rule))],
          places.of(rule),
          except,
        );
        if (denied === undefined) continue;
        into.add({
          ...denied,
          // Of the rule's own destinations, some that are not known.
          destinations: destinations === undefined ? categorised.destinations : denied.destinations,
          conditions: by === undefined ? denied.conditions : [...(categorised.conditions ?? []), by],
          name: `${rule.key} (URL filtering)`,
          implicit: 'profile',
          action: 'deny',
        });
      }
    }
    into.add({ ...categorised, action: known ?? 'unknown' });
  }

  /** What decryption rules say: "allow" for what is decrypted. */
  decryption(rules: readonly PanNode[], collection: string, into: RuleList): void {
    for (const rule of rules) {
      const type = rule.list('type')[0]?.key ?? 'ssl-forward-proxy';
      const action = rule.value('action');
      // Inbound inspection and SSH are not what AKS sends.
      if (action !== 'no-decrypt' && type !== 'ssl-forward-proxy') continue;
      const draft = this.#draft(rule, collection, this.#services.ofDecryption(rule));
      if (draft === undefined) continue;
      const category = rule.child('category');
      const names = this.#categories.read(category);
      const categorised =
        names === undefined ? draft : withNames(draft, names, this.#context.places.of(category ?? rule));
      if (categorised !== undefined)
        into.add({ ...categorised, action: action === 'no-decrypt' ? 'deny' : 'allow' });
    }
  }

  #draft(rule: PanNode, collection: string, services: RuleDraft['services']): RuleDraft | undefined {
    if (rule.value('disabled') === 'yes' || services.length === 0) return undefined;
    const { zones, places, group } = this.#context;
    const place = places.of(rule);
    if (!this.#isOfType(rule)) return undefined;
    const source = this.#sources(rule, place);
    const destination = this.#destinations(rule);
    const zoned = zones.limit({
      from: limitOf(rule.child('from')),
      to: limitOf(rule.child('to')),
      place: places.of(rule.child('from') ?? rule),
      sources: source.members,
      destinations: destination.members,
    });
    if (zoned === undefined) return undefined;
    return {
      name: rule.key,
      group,
      collection,
      action: 'unknown',
      sources: zoned.sources,
      destinations: zoned.destinations,
      services,
      description: rule.value('description'),
      place,
      listPlaces: listPlaces(rule, places),
      conditions: [...this.#conditions(rule), ...zoned.conditions],
      except: [...destination.except, ...zoned.except],
      sourceDoubt: zoned.sourceDoubt ?? source.doubt,
    };
  }

  /** Rules of the type intrazone see traffic within a zone only, those of the type interzone between zones. */
  #isOfType(rule: PanNode): boolean {
    const type = rule.value('rule-type');
    const { isIntrazone } = this.#context;
    if (type === 'intrazone') return isIntrazone === true;
    if (type === 'interzone') return isIntrazone !== true;
    return true;
  }

  #sources(rule: PanNode, place: Place): { members: RuleDraft['sources']; doubt: Rule['sourceDoubt'] } {
    const { members, doubtful } = this.#addresses.sources(rule.child('source'));
    if (rule.value('negate-source') !== 'yes') {
      const unknown: Unknown = {
        reason: 'which addresses belong to a country is not known',
        supply: 'use addresses for sources',
        place,
      };
      return { members, doubt: doubtful ? { sure: ipRanges(NOT_PUBLIC), unknown } : undefined };
    }
    if (members.every(({ kind }) => kind === 'range')) {
      return { members: addressesOf(allBut(knownAddresses(members)), 'negated', place), doubt: undefined };
    }
    if (members.some(({ kind }) => kind === 'any')) return { members: [], doubt: undefined };
    const reason = `rule '${rule.key}' is for all sources but some that are not known`;
    return {
      members: [opaqueAddress('negated', place, reason, 'define those sources in the file')],
      doubt: undefined,
    };
  }

  #destinations(rule: PanNode): { members: readonly Destination[]; except: readonly Destination[] } {
    const { members, regions } = this.#addresses.read(rule.child('destination'));
    const places = this.#context.places;
    const countries = regions.map((region) =>
      opaqueAddress(
        region,
        places.of(rule.child('destination')?.child(region) ?? rule),
        `which addresses belong to '${region}' is not known`,
        'put a rule for the destination before it',
      ),
    );
    const all = [...members, ...countries];
    if (rule.value('negate-destination') !== 'yes') return { members: all, except: [] };
    return { members: [anyAddress(places.of(rule.child('destination') ?? rule), 'negated')], except: all };
  }

  #conditions(rule: PanNode): Unknown[] {
    const { places, report } = this.#context;
    const found: Unknown[] = rule.unknown === undefined ? [] : [rule.unknown];
    const add = (key: string, reason: string, supply: string): void => {
      const node = rule.child(key);
      const values = node?.list().map((value) => value.key) ?? [];
      if (node === undefined || values.length === 0 || values.every((value) => value === 'any')) return;
      found.push({ reason, supply, place: places.of(node) });
    };
    add('source-user', `rule '${rule.key}' is for some users only`, 'take any user for the traffic of AKS');
    add('schedule', `rule '${rule.key}' holds at some times only`, 'take its schedule away');
    for (const key of [
      'hip-profiles',
      'source-hip',
      'destination-hip',
      'source-imei',
      'source-imsi',
      'source-nw-slice',
    ])
      add(key, `rule '${rule.key}' is for some devices only`, 'take any device for the traffic of AKS');
    const target = rule.child('target');
    if (target !== undefined && (target.list('devices').length > 0 || target.list('tags').length > 0)) {
      const reason = `rule '${rule.key}' is for some firewalls only`;
      found.push({ reason, supply: 'export the firewall itself', place: places.of(target) });
    }
    for (const part of rule.list()) {
      if (SILENT.has(part.key)) continue;
      const message = `'${part.key}' of rule '${rule.key}'`;
      report.misunderstood(message, places.of(part));
      found.push({ reason: `${message} is not understood`, supply: 'take it away', place: places.of(part) });
    }
    return found;
  }

  #remember(rule: PanNode): void {
    const node = rule.child('description');
    const text = rule.value('description');
    if (node === undefined || !text.includes(REMARK)) return;
    const { places, remarks } = this.#context;
    remarks.push({ text, place: places.of(node), about: places.of(rule) });
  }
}

const ACTIONS = new Map<string, Rule['action']>([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['drop', 'deny'],
  ['reset-client', 'deny'],
  ['reset-server', 'deny'],
  ['reset-both', 'deny'],
]);

function limitOf(list: PanNode | undefined): readonly string[] | undefined {
  const names = list?.list().map(({ key }) => key) ?? [];
  return names.length === 0 || names.includes('any') ? undefined : names;
}

function listPlaces(rule: PanNode, places: Places): Rule['listPlaces'] {
  const at = (key: string): Place | undefined => {
    const node = rule.child(key);
    return node && places.of(node);
  };
  const sources = at('source');
  const destinations = at('category') ?? at('destination');
  const services = at('service');
  return {
    ...(sources === undefined ? {} : { sources }),
    ...(destinations === undefined ? {} : { destinations }),
    ...(services === undefined ? {} : { services }),
  };
}

/**
 * The part of a rule that is about these names. Host names are seen in web traffic only; undefined where the rule has none.
 * A rule that is limited to addresses as well holds where both do, which nobody knows of a name.
 */
export function withNames(
  draft: RuleDraft,
  names: readonly Destination[],
  place: Place,
  except: readonly Destination[] = [],
): RuleDraft | undefined {
  const services = draft.services.flatMap((one) => {
    if (one.protocol === 'UDP' || one.protocol === 'ICMP') return [];
    return one.protocol === 'Any' ? [{ ...one, protocol: 'TCP' as const }] : [one];
  });
  if (services.length === 0) return undefined;
  const isEverywhere = draft.destinations.some(({ kind }) => kind === 'any');
  const shared = isEverywhere ? names : common(draft.destinations, names);
  const both: Unknown = {
    reason: `rule '${draft.name}' is for some hosts at some addresses, and which hosts have those is not known`,
    supply: 'limit it by one of the two',
    place,
  };
  return {
    ...draft,
    services,
    destinations: shared ?? names,
    except: [...(draft.except ?? []), ...except],
    conditions: [...(draft.conditions ?? []), ...(shared === undefined ? [both] : [])],
  };
}

/** Names that both lists hold, where both are lists of names; undefined where that cannot be told. */
function common(
  own: readonly Destination[],
  names: readonly Destination[],
): readonly Destination[] | undefined {
  if (!own.every(({ kind }) => kind === 'name') || !names.every(({ kind }) => kind === 'name'))
    return undefined;
  const isNamed = (pattern: string): boolean =>
    own.some((one) => one.kind === 'name' && one.pattern === pattern);
  const shared = names.filter((name) => name.kind === 'name' && isNamed(name.pattern));
  return shared.length > 0 ? shared : undefined;
}

/** Every service, for rules that make up a default. */
export function everything(place: Place): Pick<RuleDraft, 'sources' | 'destinations' | 'services'> {
  return { sources: [anyAddress(place)], destinations: [anyAddress(place)], services: [anyService(place)] };
}
