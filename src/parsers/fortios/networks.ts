import type { IpRange } from '../../model/policy.ts';
import { parseIpRange, EVERY_V4 } from '../../model/address.ts';
import { netmaskRange } from '../appliance/wildcard-mask.ts';
import type { Network } from '../appliance/zones.ts';
import { entriesOf, valueOf, valuesOf, type Entry, type Sections, type Word } from './tree.ts';

/**
 * Networks behind interfaces: addresses and static routes. Interfaces of a device with virtual domains are global and
 * name their domain; `domain` is '' where there are none.
 */
export function networksOf(sections: Sections, global: Sections, domain: string): Network[] {
  const namesOf = zoneNames(sections, global);
  const found: Network[] = [];
  const add = (range: IpRange | undefined, name: string): void => {
    if (range !== undefined && name !== '') found.push({ range, names: namesOf(name) });
  };
  for (const entry of interfaces(sections, global, domain)) {
    add(subnetOf(valuesOf(entry, 'ip')), entry.key);
    // Azure gives the address, and with it the route to the Internet.
    if (valueOf(entry, 'mode') === 'dhcp' && valueOf(entry, 'defaultgw') !== 'disable')
      add(EVERY_V4, entry.key);
  }
  for (const route of entriesOf(sections, 'router static')) {
    if (valueOf(route, 'status') === 'disable' || valueOf(route, 'blackhole') === 'enable') continue;
    const range = routeRange(route, sections);
    add(range, valueOf(route, 'device'));
    for (const { text } of valuesOf(route, 'sdwan-zone')) add(range, text);
    if (valueOf(route, 'virtual-wan-link') === 'enable' || valueOf(route, 'sdwan') === 'enable') {
      add(range, 'virtual-wan-link');
    }
  }
  return found;
}

function routeRange(route: Entry, sections: Sections): IpRange | undefined {
  const named = valueOf(route, 'dstaddr');
  if (named !== '') return subnetOf(valuesOf(sections.get('firewall address')?.entries.get(named), 'subnet'));
  const written = valuesOf(route, 'dst');
  return written.length === 0 ? EVERY_V4 : subnetOf(written);
}

/** `10.9.0.0 255.255.252.0` or `10.9.0.0/22`. */
export function subnetOf(words: readonly Word[]): IpRange | undefined {
  const [address, mask] = words;
  if (address === undefined) return undefined;
  return mask === undefined ? parseIpRange(address.text) : netmaskRange(address.text, mask.text);
}

export function interfaces(sections: Sections, global: Sections, domain: string): Entry[] {
  const all = [...entriesOf(global, 'system interface'), ...entriesOf(sections, 'system interface')];
  const own = all.filter((entry) => domain === '' || [domain, ''].includes(valueOf(entry, 'vdom')));
  return [...new Set(own)];
}

/** An interface, and the zones that hold it, by any of which rules may name it. */
function zoneNames(sections: Sections, global: Sections): (name: string) => ReadonlySet<string> {
  const zones = new Map<string, Set<string>>();
  const join = (name: string, zone: string): void => {
    const known = zones.get(name) ?? new Set([name]);
    known.add(zone);
    zones.set(name, known);
  };
  for (const where of [global, sections]) {
    for (const zone of entriesOf(where, 'system zone')) {
      for (const { text } of valuesOf(zone, 'interface')) join(text, zone.key);
    }
    for (const name of ['system sdwan', 'system virtual-wan-link']) {
      for (const member of where.get(name)?.own.sections.get('members')?.entries.values() ?? []) {
        join(valueOf(member, 'interface'), valueOf(member, 'zone') || 'virtual-wan-link');
      }
    }
  }
  return (name) => zones.get(name) ?? new Set([name]);
}
