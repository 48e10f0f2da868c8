import { parseIpRange } from '../../model/address.ts';
import type { Network } from '../appliance/zones.ts';
import type { PanNode } from './tree.ts';

/**
 * Networks behind the zones of a virtual system: addresses of interfaces and static routes. `device` holds `network`;
 * `zones` is the list of zones with their interfaces.
 */
export function networksOf(device: PanNode | undefined, zones: readonly PanNode[]): Network[] {
  const zoneOf = new Map<string, string>();
  for (const zone of zones) {
    for (const kind of zone.list('network')) for (const { key } of kind.list()) zoneOf.set(key, zone.key);
  }
  const found: Network[] = [];
  const add = (text: string, name: string): void => {
    const range = parseIpRange(text);
    const zone = zoneOf.get(name);
    if (range !== undefined && zone !== undefined) found.push({ range, names: new Set([zone]) });
  };
  for (const node of interfacesOf(device)) {
    for (const { key } of node.list('ip')) add(key, node.name);
    // The address comes from Azure, and with it the route to the Internet.
    const dhcp = node.at('dhcp-client');
    const isEnabled = dhcp !== undefined && dhcp.value('enable') !== 'no';
    if (isEnabled && dhcp.value('create-default-route') !== 'no') add('0.0.0.0/0', node.name);
  }
  for (const router of [...(device?.list('network', 'virtual-router') ?? []), ...logicalRouters(device)]) {
    for (const route of router.list('routing-table', 'ip', 'static-route')) {
      const destination = route.value('destination');
      const name = route.value('interface');
      if (name !== '') add(destination, name);
    }
  }
  return found;
}

function logicalRouters(device: PanNode | undefined): PanNode[] {
  return (device?.list('network', 'logical-router') ?? []).flatMap((router) => router.list('vrf'));
}

interface Interface {
  readonly name: string;
  list(...keys: readonly string[]): PanNode[];
  at(...keys: readonly string[]): PanNode | undefined;
}

/** Layer 3 interfaces of every kind, with their units. */
function interfacesOf(device: PanNode | undefined): Interface[] {
  const found: Interface[] = [];
  const visit = (name: string, node: PanNode | undefined): void => {
    if (node === undefined) return;
    found.push({ name, list: (...keys) => node.list(...keys), at: (...keys) => node.at(...keys) });
    for (const unit of node.list('units')) visit(unit.key, unit);
  };
  for (const kind of ['ethernet', 'aggregate-ethernet']) {
    for (const node of device?.list('network', 'interface', kind) ?? [])
      visit(node.key, node.child('layer3'));
  }
  for (const kind of ['loopback', 'tunnel', 'vlan']) {
    visit(kind, device?.at('network', 'interface', kind));
  }
  return found;
}
