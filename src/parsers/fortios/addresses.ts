import { parseIpRange, isEveryV4 } from '../../model/address.ts';
import { ipSubtract, knownAddresses, PUBLIC_V4 } from '../../model/ip-space.ts';
import type { Place } from '../../model/place.ts';
import type { Address, Destination } from '../../model/policy.ts';
import type { Report } from '../appliance/reading.ts';
import { addressesOf, anyAddress, nameOf, opaqueAddress, rangeAddress } from '../appliance/rules.ts';
import { wildcardRanges } from '../appliance/wildcard-mask.ts';
import { subnetOf } from './networks.ts';
import { valueOf, valuesOf, type Entry, type Sections, type Word } from './tree.ts';

export interface AddressReading {
  readonly members: readonly Destination[];
  /** What the list leaves out, where it is one group with members that are excluded. */
  readonly except: readonly Destination[];
  readonly countries: readonly string[];
}

interface Collected {
  readonly members: Destination[];
  readonly except: Destination[];
  readonly countries: string[];
}

/** Address objects and groups. https://docs.fortinet.com (FortiGate administration guide: address objects) */
export class Addresses {
  readonly #sections: Sections;
  readonly #interfaces: readonly Entry[];
  readonly #report: Report;
  readonly #seesDns: boolean;

  constructor(sections: Sections, interfaces: readonly Entry[], report: Report, seesDns: boolean) {
    this.#sections = sections;
    this.#interfaces = interfaces;
    this.#report = report;
    this.#seesDns = seesDns;
  }

  read(words: readonly Word[]): AddressReading {
    const all: Collected = { members: [], except: [], countries: [] };
    for (const word of words) this.#member(word.text, word.place, [], all, words.length === 1);
    return all;
  }

  /** A country holds public addresses only, which no network of a cluster has. */
  sources(words: readonly Word[]): { readonly members: readonly Address[]; readonly doubtful: boolean } {
    const { members, except, countries } = this.read(words);
    const addresses = members.flatMap((member): Address[] => {
      if (member.kind === 'name') {
        const reason = `the address of '${member.text}' is not known`;
        return [opaqueAddress(member.text, member.place, reason, 'use addresses for sources')];
      }
      return member.kind === 'fqdn-tag' || member.kind === 'web-category' ? [] : [member];
    });
    const [word] = words;
    if (except.length > 0 && word !== undefined) {
      const reason = `group '${word.text}' leaves out what is not known`;
      return {
        members: [opaqueAddress(word.text, word.place, reason, 'exclude addresses')],
        doubtful: false,
      };
    }
    if (countries.length > 0 && word !== undefined) {
      addresses.push(...addressesOf(PUBLIC_V4, countries.join(', '), word.place));
    }
    return { members: addresses, doubtful: countries.length > 0 };
  }

  #member(name: string, place: Place, path: readonly string[], into: Collected, isAlone: boolean): void {
    if (name === 'none') return;
    const object = this.#find('address', name) ?? this.#find('address6', name);
    if (object !== undefined) {
      this.#object(object, name, place, into);
      return;
    }
    if (name === 'all') {
      into.members.push(anyAddress(place, name));
      return;
    }
    const group = this.#find('addrgrp', name) ?? this.#find('addrgrp6', name);
    if (group !== undefined) {
      this.#group(group, name, place, path, into, isAlone);
      return;
    }
    // Virtual IPs are for traffic from outside.
    if (this.#find('vip', name) !== undefined || this.#find('vipgrp', name) !== undefined) return;
    this.#report.misunderstood(`there is no address or group '${name}'`, place);
    into.members.push(
      opaqueAddress(name, place, `address '${name}' is not defined in the file`, 'export its definition too'),
    );
  }

  #find(kind: string, name: string): Entry | undefined {
    return this.#sections.get(`firewall ${kind}`)?.entries.get(name);
  }

  #object(object: Entry, name: string, place: Place, into: Collected): void {
    const type = valueOf(object, 'type') || 'ipmask';
    switch (type) {
      case 'ipmask': {
        const words = valuesOf(object, 'subnet');
        const six = valueOf(object, 'ip6');
        const range = six === '' ? subnetOf(words) : parseIpRange(six);
        if (words.length === 0 && six === '') into.members.push(anyAddress(place, name));
        else if (range === undefined) this.#unread(object, name, place, into);
        else if (isEveryV4(range)) into.members.push(anyAddress(place, name));
        else into.members.push(rangeAddress(range, name, place));
        return;
      }
      case 'iprange': {
        const from = valueOf(object, 'start-ip') || '0.0.0.0';
        const range = parseIpRange(`${from}-${valueOf(object, 'end-ip') || '0.0.0.0'}`);
        if (range === undefined) this.#unread(object, name, place, into);
        else into.members.push(rangeAddress(range, name, place));
        return;
      }
      case 'wildcard': {
        const [address, mask] = valuesOf(object, 'wildcard');
        const ranges = wildcardRanges(address?.text ?? '0.0.0.0', mask?.text ?? '0.0.0.0', 'compared');
        if (ranges === undefined) this.#unread(object, name, place, into);
        else into.members.push(...ranges.map((range) => rangeAddress(range, name, place)));
        return;
      }
      case 'fqdn':
        this.#name(valueOf(object, 'fqdn'), name, place, into);
        return;
      case 'wildcard-fqdn':
        this.#name(valueOf(object, 'wildcard-fqdn'), name, place, into);
        return;
      case 'geography':
        into.countries.push(name);
        return;
      case 'interface-subnet': {
        const named = this.#interfaces.find(({ key }) => key === valueOf(object, 'interface'));
        const range = subnetOf(valuesOf(object, 'subnet')) ?? subnetOf(valuesOf(named, 'ip'));
        if (range !== undefined) into.members.push(rangeAddress(range, name, place));
        else
          this.#opaque(
            name,
            place,
            `the subnet of '${name}' is not in the file`,
            'write it as a subnet',
            into,
          );
        return;
      }
      case 'dynamic':
      case 'mac':
      case 'device':
      case 'template':
      case 'route-tag':
        this.#opaque(
          name,
          place,
          `what the ${type} address '${name}' holds is not in the file`,
          'use a subnet in its place',
          into,
        );
        return;
      default:
        this.#report.misunderstood(`type '${type}' of address '${name}'`, object.place);
        this.#opaque(
          name,
          place,
          `the type '${type}' of address '${name}' is not understood`,
          'use a subnet or FQDN',
          into,
        );
    }
  }

  /** A wildcard holds no address until an answer to a client's DNS query passes the device. */
  #name(text: string, name: string, place: Place, into: Collected): void {
    const pattern = text.toLowerCase();
    const shown = name === text ? text : `${name} (${text})`;
    if (pattern === '' || pattern.slice(1).includes('*')) {
      const reason = `'${text}' of address '${name}' is no name and no wildcard at its beginning`;
      this.#report.misunderstood(reason, place);
      this.#opaque(name, place, reason, 'write it as *.example.com', into);
    } else if (pattern.startsWith('*') && !this.#seesDns) {
      const reason = `wildcard '${text}' holds only addresses that FortiGate has seen in answers to DNS queries, and whether those of the cluster pass it is not known`;
      const supply = 'say --sees-dns if DNS answers for the cluster pass the FortiGate';
      into.members.push(nameOf(pattern, shown, place, { unknown: { reason, supply, place } }));
    } else into.members.push(nameOf(pattern, shown, place));
  }

  #group(
    group: Entry,
    name: string,
    place: Place,
    path: readonly string[],
    into: Collected,
    isAlone: boolean,
  ): void {
    if (path.includes(name)) {
      this.#report.misunderstood(`address group '${name}' holds itself`, group.place);
      this.#opaque(name, place, `address group '${name}' holds itself`, 'take it out of itself', into);
      return;
    }
    const inside = [...path, name];
    if (valueOf(group, 'exclude') !== 'enable') {
      for (const word of valuesOf(group, 'member'))
        this.#member(word.text, word.place, inside, into, isAlone);
      return;
    }
    const own: Collected = { members: [], except: [], countries: [] };
    const left: Collected = { members: [], except: [], countries: [] };
    for (const word of valuesOf(group, 'member')) this.#member(word.text, word.place, inside, own, false);
    for (const word of valuesOf(group, 'exclude-member'))
      this.#member(word.text, word.place, inside, left, false);
    const isPlain = [...own.members, ...left.members].every(({ kind }) => kind === 'range' || kind === 'any');
    const hasCountries = own.countries.length + left.countries.length > 0;
    if (isPlain && !hasCountries) {
      const set = ipSubtract(knownAddresses(own.members), knownAddresses(left.members));
      into.members.push(...addressesOf(set, name, place));
    } else if (isAlone && path.length === 0 && !hasCountries) {
      into.members.push(...own.members);
      into.except.push(...left.members);
    } else {
      this.#opaque(
        name,
        place,
        `group '${name}' leaves out what is not known`,
        'exclude addresses only',
        into,
      );
    }
  }

  #unread(object: Entry, name: string, place: Place, into: Collected): void {
    this.#report.misunderstood(`the addresses of '${name}'`, object.place);
    this.#opaque(
      name,
      place,
      `the addresses of '${name}' are not understood`,
      'write them as a subnet',
      into,
    );
  }

  #opaque(name: string, place: Place, reason: string, supply: string, into: Collected): void {
    into.members.push(opaqueAddress(name, place, reason, supply));
  }
}
