import { ipRanges, knownAddresses, NOT_PUBLIC } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, Rule } from '../../model/policy.ts';
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
import { allServicesBut, anyService, unknownService } from '../appliance/services.ts';
import type { Zones } from '../appliance/zones.ts';
import type { Addresses } from './addresses.ts';
import { blockedByProfiles, inspectionOf, type Blocked } from './inspection.ts';
import { mayHoldHostsOfAks } from './internet-service.ts';
import type { Services } from './services.ts';
import { SILENT } from './silent-settings.ts';
import { valueOf, valuesOf, type Entry, type Sections, type Word } from './tree.ts';

export interface PolicyContext {
  readonly sections: Sections;
  readonly domain: string;
  readonly addresses: Addresses;
  readonly services: Services;
  readonly zones: Zones;
  readonly report: Report;
  readonly remarks: Remark[];
}

/** Reads `config firewall policy`, and `config firewall security-policy` of devices that decide by policy. */
export class Policies {
  readonly #context: PolicyContext;

  constructor(context: PolicyContext) {
    this.#context = context;
  }

  /** Rules of access. */
  access(policies: readonly Entry[], collection: string, into: RuleList): void {
    for (const policy of policies) {
      this.#remember(policy);
      const draft = this.#draft(policy, collection);
      if (draft === undefined) continue;
      const action = this.#action(policy);
      if (action === 'allow') {
        for (const blocked of blockedByProfiles(policy, this.#context.sections)) {
          into.add({
            ...within(draft, blocked, policy.place),
            action: 'deny',
            name: `${draft.name} (profiles)`,
            implicit: 'profile',
          });
        }
      }
      into.add({ ...draft, action });
    }
  }

  /** What is decrypted, as rules that "allow" it; nothing where no policy decrypts. */
  decryption(policies: readonly Entry[], collection: string, into: RuleList): void {
    const { sections, addresses } = this.#context;
    const inspections = policies.map((policy) => inspectionOf(policy, sections, addresses));
    if (inspections.every(({ decrypts }) => decrypts === 'no')) return;
    policies.forEach((policy, at) => {
      const draft = this.#draft(policy, collection);
      const { decrypts, exempt } = inspections[at] ?? { decrypts: 'no', exempt: [] };
      if (draft === undefined) return;
      if (decrypts !== 'no' && exempt.length > 0) {
        into.add({ ...within(draft, { destinations: exempt, except: [] }, policy.place), action: 'deny' });
      }
      into.add({ ...draft, action: decrypts === 'yes' ? 'allow' : decrypts === 'no' ? 'deny' : 'unknown' });
    });
  }

  /** No action is "deny". */
  #action(policy: Entry): Rule['action'] {
    const action = valueOf(policy, 'action');
    if (action === 'accept') return 'allow';
    if (action === '' || action === 'deny') return 'deny';
    // IPsec policies of old send what they match into a tunnel.
    if (action !== 'ipsec') this.#context.report.misunderstood(`action '${action}'`, policy.place);
    return 'unknown';
  }

  #draft(policy: Entry, collection: string): RuleDraft | undefined {
    if (valueOf(policy, 'status') === 'disable') return undefined;
    const { zones, domain } = this.#context;
    const source = this.#sources(policy);
    const destination = this.#destinations(policy);
    const services = this.#services(policy);
    if (services.length === 0 || source.members.length === 0 || destination.members.length === 0)
      return undefined;
    const zoned = zones.limit({
      from: interfacesOf(policy, 'srcintf'),
      to: interfacesOf(policy, 'dstintf'),
      place: policy.settings.get('srcintf')?.place ?? policy.place,
      sources: source.members,
      destinations: destination.members,
    });
    if (zoned === undefined) return undefined;
    const name = valueOf(policy, 'name');
    return {
      name: name === '' ? policy.key : name,
      group: domain,
      collection,
      action: 'unknown',
      sources: zoned.sources,
      destinations: zoned.destinations,
      services,
      description: valueOf(policy, 'comments'),
      place: policy.place,
      listPlaces: listPlaces(policy),
      conditions: [...this.#conditions(policy), ...zoned.conditions],
      except: [...destination.except, ...zoned.except],
      sourceDoubt: zoned.sourceDoubt ?? source.doubt,
    };
  }

  #sources(policy: Entry): { members: readonly Address[]; doubt: Rule['sourceDoubt'] } {
    const place = policy.settings.get('srcaddr')?.place ?? policy.place;
    if (valueOf(policy, 'internet-service-src') === 'enable') {
      const reason = 'the policy is for an Internet service as source';
      return {
        members: [opaqueAddress('internet-service-src', place, reason, 'use addresses')],
        doubt: undefined,
      };
    }
    const { members, doubtful } = this.#context.addresses.sources([
      ...valuesOf(policy, 'srcaddr'),
      ...valuesOf(policy, 'srcaddr6'),
    ]);
    if (valueOf(policy, 'srcaddr-negate') !== 'enable') {
      const unknown = {
        reason: 'which addresses belong to a country is not known',
        supply: 'use addresses',
        place,
      };
      return { members, doubt: doubtful ? { sure: ipRanges(NOT_PUBLIC), unknown } : undefined };
    }
    if (members.some(({ kind }) => kind === 'any')) return { members: [], doubt: undefined };
    if (members.every(({ kind }) => kind === 'range') && !doubtful) {
      return { members: addressesOf(allBut(knownAddresses(members)), 'negated', place), doubt: undefined };
    }
    const reason = 'the policy is for all sources but some that are not known';
    return { members: [opaqueAddress('negated', place, reason, 'use addresses')], doubt: undefined };
  }

  #destinations(policy: Entry): { members: readonly Destination[]; except: readonly Destination[] } {
    const place = policy.settings.get('dstaddr')?.place ?? policy.place;
    // Then neither dstaddr nor service counts.
    if (valueOf(policy, 'internet-service') === 'enable') {
      const members = internetServices(policy);
      return valueOf(policy, 'internet-service-negate') === 'enable'
        ? { members: [anyAddress(place, 'negated')], except: members }
        : { members, except: [] };
    }
    const words = [...valuesOf(policy, 'dstaddr'), ...valuesOf(policy, 'dstaddr6')];
    const { members, except, countries } = this.#context.addresses.read(words);
    const all = [
      ...members,
      ...countries.map((country) =>
        opaqueAddress(
          country,
          place,
          `which addresses belong to '${country}' is not known`,
          'put a policy for the destination before it',
        ),
      ),
    ];
    if (valueOf(policy, 'dstaddr-negate') !== 'enable') return { members: all, except };
    if (except.length === 0) return { members: [anyAddress(place, 'negated')], except: all };
    const reason = 'the policy is for all destinations but a group that leaves some out';
    return {
      members: [opaqueAddress('negated', place, reason, 'negate a group without exclusions')],
      except: [],
    };
  }

  #services(policy: Entry): RuleDraft['services'] {
    const place = policy.settings.get('service')?.place ?? policy.place;
    if (valueOf(policy, 'internet-service') === 'enable')
      return [anyService(place, 'of the Internet service')];
    const services = this.#context.services.read(valuesOf(policy, 'service'));
    if (valueOf(policy, 'service-negate') !== 'enable') return services;
    const others = allServicesBut(services, 'negated', place);
    if (others !== undefined) return others;
    const reason = 'the policy is for all services but some that are not known';
    return [unknownService('negated', { reason, supply: 'name the services', place }, place)];
  }

  #conditions(policy: Entry): Unknown[] {
    const found: Unknown[] = [];
    const add = (key: string, reason: string, supply: string): void => {
      const setting = policy.settings.get(key);
      if (setting !== undefined) found.push({ reason, supply, place: setting.place });
    };
    if (!['', 'always'].includes(valueOf(policy, 'schedule')))
      add('schedule', 'the policy holds at some times only', "use the schedule 'always'");
    for (const key of ['groups', 'users', 'fsso-groups'])
      add(key, 'the policy is for some users only', 'use a policy without users');
    for (const key of ['application', 'app-category', 'url-category', 'app-group'])
      add(key, `the policy is limited by ${key}`, 'name the hosts');
    for (const key of ['src-vendor-mac', 'ztna-ems-tag'])
      add(key, 'the policy is for some devices only', 'use a policy for addresses');
    if (valueOf(policy, 'policy-expiry') === 'enable')
      add('policy-expiry', 'the policy ends on a day', 'take its expiry away');
    if (!['', '0'].includes(valueOf(policy, 'reputation-minimum')))
      add('reputation-minimum', 'the policy depends on the reputation of an address', 'take it away');
    for (const setting of policy.settings.values()) {
      if (SILENT.test(setting.key)) continue;
      this.#context.report.misunderstood(`'set ${setting.key}'`, setting.place);
      const reason = `'set ${setting.key}' is not understood`;
      found.push({ reason, supply: 'take it away', place: setting.place });
    }
    return found;
  }

  #remember(policy: Entry): void {
    const [comment] = valuesOf(policy, 'comments');
    if (comment?.text.includes(REMARK) !== true) return;
    this.#context.remarks.push({ text: comment.text, place: comment.place, about: policy.place });
  }
}

function interfacesOf(policy: Entry, key: string): readonly string[] | undefined {
  const names = valuesOf(policy, key).map(({ text }) => text);
  return names.length === 0 || names.includes('any') ? undefined : names;
}

const INTERNET_SERVICES = [
  'internet-service-name',
  'internet-service-id',
  'internet-service-group',
  'internet-service-custom',
  'internet-service-custom-group',
] as const;

/** Fortinet's database of addresses, which the file does not hold. */
function internetServices(policy: Entry): Destination[] {
  const words: Word[] = INTERNET_SERVICES.flatMap((key) => valuesOf(policy, key));
  return words
    .filter(({ text }) => mayHoldHostsOfAks(text))
    .map(({ text, place }) =>
      opaqueAddress(
        text,
        place,
        `which addresses the Internet service '${text}' holds is not in the file`,
        'put a policy that names the destination before it',
      ),
    );
}

/** The part of a rule that is about these destinations. Where it is limited to others too, that is not certain. */
function within(draft: RuleDraft, { destinations, except }: Blocked, place: Place): RuleDraft {
  const isEverywhere = draft.destinations.some(({ kind }) => kind === 'any');
  const both: Unknown = {
    reason: 'which of the hosts are at the addresses of the policy is not known',
    supply: 'use a policy for the hosts',
    place,
  };
  const own = draft.destinations.filter(({ kind }) => kind === 'name');
  const shared = destinations.filter(
    (member) =>
      member.kind === 'name' && own.some((one) => one.kind === 'name' && one.pattern === member.pattern),
  );
  const isShared = !isEverywhere && shared.length > 0;
  return {
    ...draft,
    destinations: isShared ? shared : destinations,
    except: [...(draft.except ?? []), ...except],
    conditions: [...(draft.conditions ?? []), ...(isEverywhere || isShared ? [] : [both])],
  };
}

function listPlaces(policy: Entry): Rule['listPlaces'] {
  const sources = policy.settings.get('srcaddr')?.place;
  const destinations = policy.settings.get('dstaddr')?.place;
  const services = policy.settings.get('service')?.place;
  return {
    ...(sources === undefined ? {} : { sources }),
    ...(destinations === undefined ? {} : { destinations }),
    ...(services === undefined ? {} : { services }),
  };
}
