import { parseIpRange } from '../../model/address.ts';
import { PUBLIC_V4 } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination, IpRange } from '../../model/policy.ts';
import { isSymbol, symbolOf } from '../../model/symbol.ts';
import type { Report } from '../appliance/reading.ts';
import { addressesOf, anyAddress, nameOf, opaqueAddress, rangeAddress } from '../appliance/rules.ts';
import { wildcardRanges } from '../appliance/wildcard-mask.ts';
import type { Scope } from './scope.ts';
import type { PanNode, Places } from './tree.ts';

/** Members of a source or destination list. */
export interface AddressReading {
  readonly members: readonly Destination[];
  /** Countries among them: whether an address is in one is not known. */
  readonly regions: readonly string[];
}

/** Lists that Palo Alto Networks keeps, of hosts that attack: Microsoft's are in none of them. */
const THREAT_LISTS = /^panw-(?:highrisk|known|bulletproof|torexit|auth-portal)/;

export class Addresses {
  readonly #scope: Scope;
  readonly #places: Places;
  readonly #report: Report;

  constructor(scope: Scope, places: Places, report: Report) {
    this.#scope = scope;
    this.#places = places;
    this.#report = report;
  }

  /** Of `source` or `destination`. */
  read(list: PanNode | undefined): AddressReading {
    const members: Destination[] = [];
    const regions: string[] = [];
    for (const node of list?.list() ?? []) this.#node(node, [], members, regions);
    return { members, regions };
  }

  /** Of `source`, where a country can only hold public addresses. */
  sources(list: PanNode | undefined): { readonly members: readonly Address[]; readonly doubtful: boolean } {
    const { members, regions } = this.read(list);
    const addresses = members.flatMap((member): Address[] => {
      if (member.kind === 'name') {
        const reason = `the address of '${member.text}' is not known`;
        return [opaqueAddress(member.text, member.place, reason, 'use addresses for sources')];
      }
      return member.kind === 'fqdn-tag' || member.kind === 'web-category' ? [] : [member];
    });
    const [place] = list?.list() ?? [];
    if (regions.length > 0 && place !== undefined) {
      addresses.push(...addressesOf(PUBLIC_V4, regions.join(', '), this.#places.of(place)));
    }
    return { members: addresses, doubtful: regions.length > 0 };
  }

  /** A value that could not be evaluated is a network of its own. */
  #node(node: PanNode, path: readonly string[], members: Destination[], regions: string[]): void {
    const { key, unknown } = node;
    const place = this.#places.of(node);
    if (unknown === undefined) this.#member(key, place, path, members, regions);
    else
      members.push({
        kind: 'symbol',
        symbol: isSymbol(key) ? key : symbolOf(key),
        text: key,
        place,
        unknown,
      });
  }

  #member(
    name: string,
    place: Place,
    path: readonly string[],
    members: Destination[],
    regions: string[],
  ): void {
    if (name === 'any') {
      members.push(anyAddress(place));
      return;
    }
    const object = this.#scope.find('address', name);
    if (object !== undefined) {
      members.push(...this.#object(object, name, place));
      return;
    }
    const group = this.#scope.find('address-group', name);
    if (group !== undefined) {
      this.#group(group, name, place, path, members, regions);
      return;
    }
    const range = parseIpRange(name);
    if (range !== undefined) members.push(rangeAddress(range, name, place));
    else if (THREAT_LISTS.test(name)) return;
    else if (this.#scope.find('external-list', name) !== undefined) {
      members.push(
        opaqueAddress(
          name,
          place,
          `the external dynamic list '${name}' is not in the file`,
          `use an address group in its place, or put a rule for the destination before it`,
        ),
      );
    } else if (/^[A-Z][A-Z0-9]$/.test(name) || this.#scope.find('region', name) !== undefined)
      regions.push(name);
    else {
      this.#report.misunderstood(`there is no address object or group '${name}'`, place);
      members.push(
        opaqueAddress(
          name,
          place,
          `address '${name}' is not defined in the file`,
          `export its definition too`,
        ),
      );
    }
  }

  #object(object: PanNode, name: string, place: Place): Destination[] {
    for (const kind of object.list()) {
      const text = kind.value();
      const ranges = rangesOf(kind.key, text);
      if (ranges !== undefined) return ranges.map((range) => rangeAddress(range, name, place));
      if (kind.key === 'fqdn') return [nameOf(text, name === text ? text : `${name} (${text})`, place)];
      if (ADDRESS_KINDS.has(kind.key)) {
        this.#report.misunderstood(`'${text}' of address '${name}' is no ${kind.key}`, this.#places.of(kind));
      }
    }
    const reason = `address '${name}' holds nothing that is understood`;
    return [opaqueAddress(name, place, reason, 'write it as ip-netmask, ip-range or fqdn')];
  }

  #group(
    group: PanNode,
    name: string,
    place: Place,
    path: readonly string[],
    members: Destination[],
    regions: string[],
  ): void {
    if (path.includes(name)) {
      this.#report.misunderstood(`address group '${name}' holds itself`, this.#places.of(group));
      members.push(
        opaqueAddress(name, place, `address group '${name}' holds itself`, 'take it out of itself'),
      );
      return;
    }
    if (group.child('dynamic') !== undefined) {
      members.push(
        opaqueAddress(
          name,
          place,
          `what the dynamic address group '${name}' holds is not in the file`,
          'use a static group in its place',
        ),
      );
      return;
    }
    // Members of a group are entries of the rule that names the group, each with its own text.
    for (const member of group.list('static')) {
      this.#node(member, [...path, name], members, regions);
    }
  }
}

const ADDRESS_KINDS = new Set(['ip-netmask', 'ip-range', 'ip-wildcard', 'fqdn']);

function rangesOf(kind: string, text: string): readonly IpRange[] | undefined {
  switch (kind) {
    case 'ip-netmask':
    case 'ip-range': {
      const range = parseIpRange(text.replace(/\s*-\s*/, '-'));
      return range && [range];
    }
    case 'ip-wildcard': {
      const [address = '', mask = ''] = text.split('/');
      return wildcardRanges(address, mask, 'ignored');
    }
    default:
      return undefined;
  }
}
