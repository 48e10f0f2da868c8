import { parseIpRange } from '../../model/address.ts';
import { ipSubtract, knownAddresses } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Destination, IpRange } from '../../model/policy.ts';
import { field, listOf, textOf, wordOf } from '../azure-firewall/fields.ts';
import type { Report } from '../appliance/reading.ts';
import { addressesOf, anyAddress, nameOf, opaqueAddress, rangeAddress } from '../appliance/rules.ts';
import { netmaskRange, wildcardRanges } from '../appliance/wildcard-mask.ts';
import type { ObjectValue, Value } from '../value.ts';

/** Members of a source or destination column. */
export interface ColumnReading {
  readonly members: readonly Destination[];
  /** What a group leaves out, where the column is that group alone. */
  readonly except: readonly Destination[];
  /** Security zones among them. */
  readonly zones: readonly string[];
}

interface Collected {
  readonly members: Destination[];
  readonly except: Destination[];
  readonly zones: string[];
}

/** Network objects by their identifiers. https://sc1.checkpoint.com/documents/latest/APIs (network objects) */
export class Objects {
  readonly #objects: ReadonlyMap<string, ObjectValue>;
  readonly #report: Report;

  constructor(objects: ReadonlyMap<string, ObjectValue>, report: Report) {
    this.#objects = objects;
    this.#report = report;
  }

  /** The object that a member of a column is, or names by its identifier. */
  of(value: Value): ObjectValue | undefined {
    return value.kind === 'object' ? value : this.#objects.get(textOf(value));
  }

  nameOf(value: Value): string {
    const object = this.of(value);
    return (object && textOf(field(object, 'name'))) || textOf(value);
  }

  column(values: readonly Value[]): ColumnReading {
    const all: Collected = { members: [], except: [], zones: [] };
    for (const value of values) this.#member(value, value.place, [], all, values.length === 1);
    return all;
  }

  #member(value: Value, place: Place, path: readonly string[], into: Collected, isAlone: boolean): void {
    const object = this.of(value);
    const add = (...members: readonly Destination[]): void => void into.members.push(...members);
    if (object === undefined) {
      const uid = textOf(value);
      this.#report.misunderstood(`there is no object '${uid}'`, place);
      add(
        opaqueAddress(
          uid,
          place,
          `object '${uid}' is not in the files`,
          'add the file that holds the objects',
        ),
      );
      return;
    }
    const name = textOf(field(object, 'name'));
    const type = wordOf(field(object, 'type'));
    const ranges = rangesOf(object, type);
    if (ranges !== undefined) {
      add(...ranges.map((range) => rangeAddress(range, name, place)));
      return;
    }
    switch (type) {
      case 'cpmianyobject':
        add(anyAddress(place, name));
        return;
      case 'internet':
        add(anyAddress(place, name));
        return;
      case 'group':
        this.#group(object, name, place, path, into, isAlone);
        return;
      case 'group-with-exclusion':
        this.#exclusion(object, name, place, path, into, isAlone);
        return;
      case 'dns-domain':
        add(domain(object, name, place));
        return;
      case 'security-zone':
        into.zones.push(name);
        return;
      default: {
        const known = OPEN.has(type);
        if (!known) this.#report.misunderstood(`type '${type}' of object '${name}'`, place);
        const reason = `what the ${type} '${name}' holds is not in the files`;
        add(opaqueAddress(name, place, reason, 'put a rule that names the destination before it'));
      }
    }
  }

  #group(
    group: ObjectValue,
    name: string,
    place: Place,
    path: readonly string[],
    into: Collected,
    isAlone: boolean,
  ): void {
    const uid = textOf(field(group, 'uid'));
    if (path.includes(uid)) {
      this.#report.misunderstood(`group '${name}' holds itself`, group.place);
      into.members.push(opaqueAddress(name, place, `group '${name}' holds itself`, 'take it out of itself'));
      return;
    }
    for (const member of listOf(field(group, 'members'))) {
      this.#member(member, member.place, [...path, uid], into, isAlone);
    }
  }

  #exclusion(
    group: ObjectValue,
    name: string,
    place: Place,
    path: readonly string[],
    into: Collected,
    isAlone: boolean,
  ): void {
    const inside = [...path, textOf(field(group, 'uid'))];
    const part = (key: string): Collected => {
      const found: Collected = { members: [], except: [], zones: [] };
      const value = field(group, key);
      if (value !== undefined) this.#member(value, value.place, inside, found, false);
      return found;
    };
    const own = part('include');
    const left = part('except');
    const isPlain = [...own.members, ...left.members].every(({ kind }) => kind === 'range' || kind === 'any');
    if (isPlain) {
      into.members.push(
        ...addressesOf(ipSubtract(knownAddresses(own.members), knownAddresses(left.members)), name, place),
      );
    } else if (isAlone && path.length === 0) {
      into.members.push(...own.members);
      into.except.push(...left.members);
    } else {
      into.members.push(
        opaqueAddress(name, place, `group '${name}' leaves out what is not known`, 'exclude addresses only'),
      );
    }
  }
}

/** Objects whose content other systems decide. */
const OPEN = new Set([
  'updatable-object',
  'dynamic-object',
  'access-role',
  'data-center-object',
  'data-center-query',
  'network-feed',
  'external-feed',
  'identity-tag',
  'tag',
  'lsv-profile',
  'opsec-application',
]);

function rangesOf(object: ObjectValue, type: string): IpRange[] | undefined {
  const text = (key: string): string => textOf(field(object, key));
  const one = (range: IpRange | undefined): IpRange[] => (range === undefined ? [] : [range]);
  switch (type) {
    case 'network': {
      const found = [
        ...one(parseIpRange(`${text('subnet4')}/${text('mask-length4')}`)),
        ...one(parseIpRange(`${text('subnet6')}/${text('mask-length6')}`)),
        ...one(text('mask-length4') === '' ? netmaskRange(text('subnet4'), text('subnet-mask')) : undefined),
      ];
      return found.length === 0 ? undefined : found;
    }
    case 'address-range':
    case 'multicast-address-range': {
      const found = [
        ...one(parseIpRange(`${text('ipv4-address-first')}-${text('ipv4-address-last')}`)),
        ...one(parseIpRange(`${text('ipv6-address-first')}-${text('ipv6-address-last')}`)),
      ];
      return found.length === 0 ? undefined : found;
    }
    case 'wildcard':
      return wildcardRanges(text('ipv4-address'), text('ipv4-mask-wildcard'), 'ignored');
    default: {
      // Hosts, gateways, clusters and servers have an address of their own.
      const found = [...one(parseIpRange(text('ipv4-address'))), ...one(parseIpRange(text('ipv6-address')))];
      return found.length === 0 ? undefined : found;
    }
  }
}

/**
 * `.example.com`: that name alone, or the domain with everything below it. The latter is found by asking for the names of
 * addresses, which need not have any. https://sc1.checkpoint.com/documents (Security Management: domains)
 */
function domain(object: ObjectValue, name: string, place: Place): Destination {
  const host = name.replace(/^\./, '').toLowerCase();
  if (wordOf(field(object, 'is-sub-domain')) !== 'true') return nameOf(host, name, place);
  const reason = `domain '${name}' with what is below it is found by reverse DNS, which need not know an address`;
  const supply = `allow the names by a custom application or site, or by domains in FQDN mode`;
  return nameOf(`*${host}`, name, place, {
    shape: { kind: 'domain', domain: host },
    unknown: { reason, supply, place },
  });
}
