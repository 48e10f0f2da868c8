import type { ClusterFact, Observed, PrivatelyReached } from '../../model/cluster.ts';
import { hasSymbol } from '../../model/symbol.ts';
import { textOf } from '../azure-firewall/fields.ts';
import { idOf, parseResourceId } from '../azure-firewall/resource-ids.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import { at, propertiesOf, undecided } from './values.ts';

const ZONE = 'microsoft.network/privatednszones';
const LINK = 'microsoft.network/privatednszones/virtualnetworklinks';

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const SERVICES: readonly (readonly [RegExp, PrivatelyReached])[] = [
  [/^privatelink\.azurecr\.(?:io|cn|us)$/, 'acr'],
  [/^privatelink\.azure\.com$/, 'arm'],
  [/^privatelink\.vaultcore\.(?:azure\.(?:net|cn)|usgovcloudapi\.net)$/, 'key-vault'],
  [/^privatelink\.monitor\.azure\.(?:com|cn|us)$/, 'monitor'],
  [/^privatelink\.blob\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/, 'storage'],
];

/** Is a zone of this name one that decides how the cluster reaches a service? */
export function isServiceZone(name: string): boolean {
  return SERVICES.some(([pattern]) => pattern.test(name.toLowerCase()));
}

/**
 * Services whose private zone the cluster's network uses. A zone leads to those resources that have a private endpoint and
 * no others, so whether what the cluster needs is among them cannot be decided; nor where zones could not be read.
 */
export function* privateServices(
  { resources, gaps }: { readonly resources: readonly Resource[]; readonly gaps: readonly ResourceGap[] },
  network: string | undefined,
): Generator<readonly [ClusterFact, Observed<boolean>]> {
  const gap = gaps.find(({ type }) => type.toLowerCase() === ZONE);
  if (gap !== undefined) {
    for (const [, service] of SERVICES)
      yield [`reachedPrivately.${service}`, undecided(gap.place, gap.unknown.reason)];
  }
  for (const zone of resources) {
    if (zone.type.toLowerCase() !== ZONE) continue;
    const name = zone.name.toLowerCase();
    const service = SERVICES.find(([pattern]) => pattern.test(name))?.[1];
    if (service === undefined || !mayBeUsed(zone, resources, network)) continue;
    const why = `the private zone ${zone.name} leads to the resources that have a private endpoint`;
    yield [`reachedPrivately.${service}`, undecided(zone.place, why)];
  }
}

/** False where all links of the zone are known and none is to the network. */
function mayBeUsed(zone: Resource, resources: readonly Resource[], network: string | undefined): boolean {
  const links = resources.filter((resource) => resource.type.toLowerCase() === LINK && isOf(resource, zone));
  if (links.length === 0 || network === undefined) return true;
  return links.some((link) => {
    const linked = at(propertiesOf(link), 'virtualnetwork');
    const name = parseResourceId(textOf(at(linked, 'id') ?? linked))?.names.at(-1);
    return name === undefined || hasSymbol(name) || hasSymbol(network) || name === network.toLowerCase();
  });
}

/** By their ids where both have one: zones of one name stand in several resource groups. */
function isOf(link: Resource, zone: Resource): boolean {
  return link.id === '' || zone.id === ''
    ? idOf(link).names[0] === zone.name.toLowerCase()
    : link.id.startsWith(`${zone.id}/`);
}
