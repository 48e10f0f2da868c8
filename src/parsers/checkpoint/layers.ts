import { knownAddresses } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, Rule } from '../../model/policy.ts';
import { REMARK, type Remark } from '../../model/remark.ts';
import type { Unknown } from '../../model/symbol.ts';
import { field, listOf, textOf, wordOf } from '../azure-firewall/fields.ts';
import type { Report } from '../appliance/reading.ts';
import { addressesOf, allBut, anyAddress, opaqueAddress, type RuleDraft } from '../appliance/rules.ts';
import { allServicesBut, anyService, unknownService } from '../appliance/services.ts';
import type { Zones } from '../appliance/zones.ts';
import type { ObjectValue, Value } from '../value.ts';
import { cleanupOf, type Exports, type LayerText } from './exports.ts';
import { within } from './intersection.ts';
import { Objects } from './objects.ts';
import { Services, webServices } from './services.ts';

export interface LayerContext {
  readonly exports: Exports;
  readonly zones: Zones;
  readonly report: Report;
  readonly remarks: Remark[];
  readonly group: string;
}

/** Deeper than inline layers are nested. */
const DEEPEST = 16;

/**
 * Reads a layer into rules, with the inline layers in the places of the rules that lead to them: what the outer rule
 * matches is decided in there, and no rule behind it is tried.
 * https://sc1.checkpoint.com/documents (Security Management: ordered layers and inline layers)
 */
export class Layers {
  readonly #context: LayerContext;
  readonly #objects: Objects;
  readonly #services: Services;

  constructor(context: LayerContext) {
    this.#context = context;
    this.#objects = new Objects(context.exports.objects, context.report);
    this.#services = new Services(this.#objects, context.report);
  }

  /** The rules, the implicit cleanup included. */
  read(layer: LayerText, number: number | undefined): RuleDraft[] {
    const drafts = this.#layer(layer, []);
    return number === undefined ? drafts : drafts.map((draft) => ({ ...draft, layer: number }));
  }

  #layer(layer: LayerText, path: readonly LayerText[]): RuleDraft[] {
    const drafts = layer.rules.flatMap((rule) => this.#rule(rule, layer, [...path, layer]));
    if (layer.total > layer.rules.length) drafts.push(this.#furtherPages(layer));
    return [...drafts, ...this.#cleanup(layer)];
  }

  #rule(rule: ObjectValue, layer: LayerText, path: readonly LayerText[]): RuleDraft[] {
    this.#remember(rule);
    if (wordOf(field(rule, 'enabled')) === 'false') return [];
    const outer = this.#drafts(rule, layer);
    const inline = field(rule, 'inline-layer');
    if (inline === undefined || inline.kind === 'null') {
      const action = this.#action(rule);
      return outer.map((draft) => ({ ...draft, action }));
    }
    return outer.flatMap((draft) => this.#inline(draft, inline, path));
  }

  #inline(outer: RuleDraft, inline: Value, path: readonly LayerText[]): RuleDraft[] {
    const uid = inline.kind === 'object' ? textOf(field(inline, 'uid')) : textOf(inline);
    const layer = this.#context.exports.layers.find(
      (one) => one.uid === uid || (uid !== '' && one.name === uid),
    );
    if (layer === undefined || path.includes(layer) || path.length > DEEPEST) {
      const isCircle = layer !== undefined;
      const name = layer?.name ?? uid;
      const reason = isCircle
        ? `inline layer '${name}' leads to itself`
        : `inline layer '${name}' of rule '${outer.name}' is not in the files`;
      const supply = isCircle ? 'take it out of itself' : 'add the pages of that layer';
      if (isCircle) this.#context.report.misunderstood(reason, outer.place);
      const unknown: Unknown = { reason, supply, place: outer.place };
      return [{ ...outer, action: 'unknown', conditions: [...(outer.conditions ?? []), unknown] }];
    }
    return this.#layer(layer, path).flatMap((inner) => within(outer, inner) ?? []);
  }

  #furtherPages(layer: LayerText): RuleDraft {
    const reason = `${layer.total - layer.rules.length} of the ${layer.total} rules of layer '${layer.name}' are on pages that are not in the files`;
    return {
      ...this.#everything(layer),
      name: 'further pages',
      action: 'unknown',
      conditions: [{ reason, supply: 'add the other pages of show-access-rulebase', place: layer.place }],
    };
  }

  /** What no rule of the layer matches is dropped, or accepted where its implicit cleanup says so. */
  #cleanup(layer: LayerText): RuleDraft[] {
    const action = cleanupOf(layer, this.#context.exports);
    const draft = { ...this.#everything(layer), name: `implicit cleanup of ${layer.name}` };
    if (action !== '') return [{ ...draft, action: action === 'accept' ? 'allow' : 'deny' }];
    const unknown: Unknown = {
      reason: `what layer '${layer.name}' does with what none of its rules matches is not in the files`,
      supply: 'add the answer of show-access-layer, or a last rule for everything',
      place: layer.place,
    };
    return [
      { ...draft, action: 'allow', conditions: [unknown] },
      { ...draft, action: 'deny' },
    ];
  }

  #everything(layer: LayerText): Omit<RuleDraft, 'name' | 'action'> {
    const { place, name } = layer;
    return {
      group: this.#context.group,
      collection: name,
      sources: [anyAddress(place, 'Any')],
      destinations: [anyAddress(place, 'Any')],
      services: [anyService(place, 'Any')],
      place,
      implicit: 'default',
    };
  }

  #action(rule: ObjectValue): Rule['action'] {
    const value = field(rule, 'action');
    const name = value === undefined ? '' : this.#objects.nameOf(value);
    switch (name.toLowerCase()) {
      case 'accept':
        return 'allow';
      case 'drop':
      case 'reject':
        return 'deny';
      case 'ask':
      case 'inform':
      case 'user auth':
      case 'client auth':
        // Somebody has to answer a page first, or does not.
        return 'unknown';
      default:
        this.#context.report.misunderstood(`action '${name}'`, value?.place ?? rule.place);
        return 'unknown';
    }
  }

  /** A rule for services and sites matches where either does: it is two rules here. */
  #drafts(rule: ObjectValue, layer: LayerText): RuleDraft[] {
    const service = listOf(field(rule, 'service'));
    const place = field(rule, 'service')?.place ?? rule.place;
    const { services, sites } = this.#services.column(service);
    const draft = this.#draft(rule, layer);
    if (draft === undefined) return [];
    if (wordOf(field(rule, 'service-negate')) === 'true') {
      const others = sites.length > 0 ? undefined : allServicesBut(services, 'negated', place);
      const reason = `rule '${draft.name}' is for all services but some that are not known`;
      return [
        {
          ...draft,
          services: others ?? [
            unknownService('negated', { reason, supply: 'name the services', place }, place),
          ],
        },
      ];
    }
    const found: RuleDraft[] = services.length === 0 ? [] : [{ ...draft, services }];
    if (sites.length > 0) {
      const web = within(draft, {
        ...draft,
        destinations: sites,
        services: webServices(place),
        except: [],
        conditions: [],
      });
      if (web !== undefined) found.push(web);
    }
    return found;
  }

  #draft(rule: ObjectValue, layer: LayerText): RuleDraft | undefined {
    const { place } = rule;
    const number = textOf(field(rule, 'rule-number'));
    const name = textOf(field(rule, 'name')) || `rule ${number}`;
    const source = this.#objects.column(listOf(field(rule, 'source')));
    const destination = this.#objects.column(listOf(field(rule, 'destination')));
    const sources = this.#sources(rule, source, name);
    const destinations = this.#destinations(rule, destination);
    const zoned = this.#context.zones.limit({
      from: source.zones.length > 0 && source.members.length === 0 ? source.zones : undefined,
      to: destination.zones.length > 0 && destination.members.length === 0 ? destination.zones : undefined,
      place: field(rule, 'source')?.place ?? place,
      sources,
      destinations: destinations.members,
    });
    if (zoned === undefined || zoned.sources.length === 0 || zoned.destinations.length === 0)
      return undefined;
    const listPlaces = {
      ...placed('sources', field(rule, 'source')),
      ...placed('destinations', field(rule, 'destination')),
      ...placed('services', field(rule, 'service')),
    };
    return {
      name,
      group: this.#context.group,
      collection: layer.name,
      action: 'unknown',
      sources: zoned.sources,
      destinations: zoned.destinations,
      services: [anyService(place, 'Any')],
      description: textOf(field(rule, 'comments')),
      place,
      listPlaces,
      conditions: [...this.#conditions(rule, name), ...zoned.conditions],
      except: [...destinations.except, ...zoned.except],
      sourceDoubt: zoned.sourceDoubt,
    };
  }

  #sources(
    rule: ObjectValue,
    { members, except, zones }: ReturnType<Objects['column']>,
    name: string,
  ): Address[] {
    const place = field(rule, 'source')?.place ?? rule.place;
    const addresses = members.flatMap((member): Address[] => {
      if (member.kind === 'name') {
        const reason = `the address of '${member.text}' is not known`;
        return [opaqueAddress(member.text, member.place, reason, 'use addresses for sources')];
      }
      return member.kind === 'fqdn-tag' || member.kind === 'web-category' ? [] : [member];
    });
    if (zones.length > 0) {
      if (members.length === 0) return [anyAddress(place, zones.join(', '))];
      const reason = `rule '${name}' is for addresses or for the zone '${zones.join("', '")}'`;
      addresses.push(opaqueAddress(zones.join(', '), place, reason, 'use addresses for sources'));
    }
    if (wordOf(field(rule, 'source-negate')) !== 'true' && except.length === 0) return addresses;
    if (wordOf(field(rule, 'source-negate')) === 'true' && except.length === 0) {
      if (addresses.some(({ kind }) => kind === 'any')) return [];
      if (addresses.every(({ kind }) => kind === 'range'))
        return addressesOf(allBut(knownAddresses(addresses)), 'negated', place);
    }
    const reason = `rule '${name}' is for all sources but some that are not known`;
    return [opaqueAddress('negated', place, reason, 'use addresses for sources')];
  }

  #destinations(
    rule: ObjectValue,
    { members, except, zones }: ReturnType<Objects['column']>,
  ): { members: readonly Destination[]; except: readonly Destination[] } {
    const place = field(rule, 'destination')?.place ?? rule.place;
    const own = zones.length > 0 && members.length === 0 ? [anyAddress(place, zones.join(', '))] : members;
    if (wordOf(field(rule, 'destination-negate')) !== 'true') return { members: own, except };
    if (except.length === 0 && zones.length === 0)
      return { members: [anyAddress(place, 'negated')], except: members };
    const reason = 'the rule is for all destinations but some that are not known';
    return { members: [opaqueAddress('negated', place, reason, 'negate plain objects')], except: [] };
  }

  #conditions(rule: ObjectValue, name: string): Unknown[] {
    const found: Unknown[] = [];
    const limit = (key: string, reason: string, supply: string): void => {
      const value = field(rule, key);
      const members = listOf(value).filter((member) => !isEverything(this.#objects.nameOf(member)));
      if (value !== undefined && members.length > 0) found.push({ reason, supply, place: value.place });
    };
    limit('vpn', `rule '${name}' is for traffic of a VPN`, 'use a rule for any traffic');
    limit('time', `rule '${name}' holds at some times only`, 'take its time away');
    limit('content', `rule '${name}' is for some content only`, 'use a rule for any content');
    limit('install-on', `rule '${name}' is for some gateways only`, 'install it on all policy targets');
    for (const { name: key, value } of rule.members.values()) {
      if (KNOWN.has(key) || key.startsWith('custom-')) continue;
      this.#context.report.misunderstood(`'${key}' of rule '${name}'`, value.place);
      found.push({
        reason: `'${key}' of rule '${name}' is not understood`,
        supply: 'take it away',
        place: value.place,
      });
    }
    return found;
  }

  #remember(rule: ObjectValue): void {
    const comments = field(rule, 'comments');
    const text = textOf(comments);
    if (comments !== undefined && text.includes(REMARK)) {
      this.#context.remarks.push({ text, place: comments.place, about: rule.place });
    }
  }
}

/** Of time, content, VPN and installation: no limit. */
function isEverything(name: string): boolean {
  return [
    'Any',
    'Policy Targets',
    'All_GwToGw',
    '97aeb369-9aea-11d5-bd16-0090272ccb30',
    '6c488338-8eec-4103-ad21-cd461ac2c476',
  ].includes(name);
}

const KNOWN = new Set([
  'uid', 'name', 'type', 'domain', 'rule-number', 'track', 'source', 'source-negate', 'destination',
  'destination-negate', 'service', 'service-negate', 'service-resource', 'vpn', 'action', 'action-settings', 'content',
  'content-negate', 'content-direction', 'time', 'meta-info', 'comments', 'enabled', 'install-on', 'inline-layer',
  'user-check', 'layer', 'hits', 'tags', 'icon', 'color', 'read-only', 'available-actions', 'ignore-warnings',
  'ignore-errors', 'details-level', 'expiration', 'filter-match-details', 'custom', 'package', 'groups', 'available-actions',
]); // prettier-ignore

function placed(
  key: 'sources' | 'destinations' | 'services',
  value: Value | undefined,
): Partial<Record<typeof key, Place>> {
  return value === undefined ? {} : { [key]: value.place };
}
