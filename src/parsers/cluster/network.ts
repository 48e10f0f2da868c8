import type { DefaultRoute, FirewallAddresses, Observed } from '../../model/cluster.ts';
import { parseIpRange } from '../../model/address.ts';
import type { Place } from '../../model/place.ts';
import { hasSymbol } from '../../model/symbol.ts';
import { bodyOf, listOf, textOf, unknownOf, wordOf } from '../azure-firewall/fields.ts';
import { FIREWALL, idOf, parseResourceId, POLICY, ResourceIndex } from '../azure-firewall/resource-ids.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import { deniesEgress, egressRule } from './security-rules.ts';
import { at, hidden, objectsIn, propertiesOf, textsIn, undecided } from './values.ts';

export const NETWORK = 'microsoft.network/virtualnetworks';
export const SUBNET = 'microsoft.network/virtualnetworks/subnets';
export const ROUTE_TABLE = 'microsoft.network/routetables';
export const ROUTE = 'microsoft.network/routetables/routes';
export const SECURITY_GROUP = 'microsoft.network/networksecuritygroups';
export const SECURITY_RULE = 'microsoft.network/networksecuritygroups/securityrules';

/** Azure's own resolver. */
const AZURE_DNS = '168.63.129.16';

/** What one or several places of the input say of one thing: a virtual network, a subnet, a route table. */
interface Said {
  readonly name: string;
  readonly place: Place;
  readonly parts: readonly Value[];
  /** False where the input only adds to something that it does not define. */
  isDefined: boolean;
}

/** Virtual networks, subnets, route tables, security groups and firewalls of the input, and what refers to what. */
export class Networks {
  readonly #index = new ResourceIndex<Said & { parts: Value[] }>();
  readonly #children = new Map<string, Resource[]>();
  readonly firewalls: readonly FirewallAddresses[];
  readonly #firewallIndex = new ResourceIndex<FirewallAddresses>();
  /** A virtual hub spreads routes that no route table shows; a firewall that is not known may be in one. */
  readonly #mayHaveVirtualHub: boolean;

  constructor(resources: readonly Resource[], gaps: readonly ResourceGap[] = []) {
    for (const resource of resources) {
      const type = resource.type.toLowerCase();
      if ([NETWORK, SUBNET, ROUTE_TABLE, SECURITY_GROUP].includes(type)) this.#add(resource);
      if (type === NETWORK) this.#addSubnets(resource);
      if (type === ROUTE || type === SECURITY_RULE) {
        const parent = idOf(resource).names.slice(0, -1).join('/');
        const key = `${type} ${parent}`;
        this.#children.set(key, [...(this.#children.get(key) ?? []), resource]);
      }
    }
    const policies = new ResourceIndex<Resource>();
    for (const policy of resources)
      if (!policy.existing && policy.type.toLowerCase() === POLICY)
        policies.add(idOf(policy), policy.place.path, policy);
    const firewalls = resources.filter(({ type, existing }) => !existing && type.toLowerCase() === FIREWALL);
    this.firewalls = firewalls.map((firewall) => {
      const addresses = addressesOf(firewall, policies);
      this.#firewallIndex.add(idOf(firewall), firewall.place.path, addresses);
      return addresses;
    });
    this.#mayHaveVirtualHub =
      gaps.some(({ type, of }) => of !== undefined && type.toLowerCase() === FIREWALL) ||
      firewalls.some((firewall) => at(propertiesOf(firewall), 'virtualhub') !== undefined) ||
      resources.some(({ type }) => /^microsoft\.network\/virtualhubs/i.test(type));
  }

  #add(resource: Resource): void {
    const id = idOf(resource);
    const known = this.#index.find(id, resource.place.path);
    if (known === undefined) {
      const said = {
        name: id.names.at(-1) ?? '',
        place: resource.place,
        parts: [propertiesOf(resource)],
        isDefined: !resource.existing,
      };
      this.#index.add(id, resource.place.path, said);
      return;
    }
    known.parts.push(propertiesOf(resource));
    known.isDefined ||= !resource.existing;
  }

  #addSubnets(network: Resource): void {
    const { names, scope } = idOf(network);
    for (const subnet of objectsIn(at(propertiesOf(network), 'subnets')).objects) {
      const name =
        wordOf(at(subnet, 'name')) || (parseResourceId(textOf(at(subnet, 'id')))?.names.at(-1) ?? '');
      if (name === '') continue;
      const id = { type: SUBNET, names: [...names, name], scope };
      const known = this.#index.find(id, network.place.path);
      if (known !== undefined) known.parts.push(bodyOf(subnet));
      else {
        const said = { name, place: subnet.place, parts: [bodyOf(subnet)], isDefined: true };
        this.#index.add(id, network.place.path, said);
      }
    }
  }

  /** The subnet that a node pool names. */
  subnet(reference: Value | undefined): Subnet | undefined {
    const id = parseResourceId(textOf(reference));
    if (reference === undefined || id?.type !== SUBNET) return undefined;
    const said = this.#index.find(id, reference.place.path);
    const network = this.#index.find(
      { type: NETWORK, names: id.names.slice(0, -1), scope: id.scope },
      reference.place.path,
    );
    return { name: id.names.at(-1) ?? '', said, network };
  }

  /** Literal address ranges of the subnet; undefined where they are not known. */
  prefixesOf({ said }: Subnet): { ranges: readonly string[]; place: Place } | undefined {
    const value = written(said, 'addressprefixes') ?? written(said, 'addressprefix');
    const ranges = textsIn(value)?.filter((text) => text !== '');
    if (value === undefined || ranges === undefined || ranges.length === 0) return undefined;
    return ranges.every((text) => parseIpRange(text) !== undefined)
      ? { ranges, place: value.place }
      : undefined;
  }

  /** DNS servers of the subnet's virtual network as written, Azure's own left out; undefined where it is not given. */
  dnsServersOf({ network }: Subnet): Observed<readonly string[]> | undefined {
    if (network === undefined || (!network.isDefined && written(network, 'dhcpoptions') === undefined))
      return undefined;
    const options = written(network, 'dhcpoptions');
    const servers = at(options, 'dnsservers');
    const place = servers?.place ?? network.place;
    if (unknownOf(options) !== undefined) return hidden(options, place);
    if (network.parts.some((part) => part.kind === 'unknown'))
      return undecided(place, 'the properties of the virtual network are not known');
    const items = listOf(servers);
    const unknown = items.find((item) => unknownOf(item) !== undefined && !this.#isFirewall(item));
    if (unknown !== undefined) return hidden(unknown, place);
    return { value: items.map(textOf).filter((text) => text !== AZURE_DNS), place };
  }

  /** The firewall of the input that has the address: as it is written, or as a reference to the firewall. */
  firewallAt(text: string, path: string): FirewallAddresses | undefined {
    const known = this.firewalls.find(({ addresses }) => addresses.includes(text));
    const reference = known === undefined ? REFERENCE.exec(text)?.[1] : undefined;
    if (reference === undefined) return known;
    const id = parseResourceId(reference.includes('/providers/') ? reference : `/providers/${reference}`);
    return id?.type === FIREWALL ? this.#firewallIndex.find(id, path) : undefined;
  }

  /** Is it the private address of a firewall, or that of the default route? */
  isFirewallAddress(text: string, path: string, subnet?: Subnet): boolean {
    if (this.firewallAt(text, path) !== undefined) return true;
    const route = subnet && this.routeOf(subnet)?.value;
    if (route?.to === 'appliance' && route.address === text) return true;
    return hasSymbol(text) && /azurefirewalls|azurerm_firewall\b/i.test(text);
  }

  #isFirewall(item: Value): boolean {
    return this.isFirewallAddress(textOf(item), item.place.path);
  }

  /** The default route of a subnet; undefined where the input does not hold the subnet. */
  routeOf(subnet: Subnet): Observed<DefaultRoute> | undefined {
    const { said } = subnet;
    if (said === undefined) return undefined;
    const { place } = said;
    const table = written(said, 'routetable');
    const id = at(table, 'id') ?? (table?.kind === 'string' ? table : undefined);
    if (unknownOf(table) !== undefined) return hidden(table, place);
    if (textOf(id) === '') {
      if (!said.isDefined || this.#mayHaveVirtualHub || said.parts.some((part) => part.kind === 'unknown'))
        return undefined;
      return { value: { to: 'nowhere', lacks: 'route table' }, place };
    }
    const reference = parseResourceId(textOf(id));
    const known = reference && this.#index.find(reference, id?.place.path ?? place.path);
    if (reference === undefined || known?.isDefined !== true) return undefined;
    return this.#defaultRoute(reference.names.at(-1) ?? '', known);
  }

  #defaultRoute(name: string, table: Said): Observed<DefaultRoute> | undefined {
    const { place } = table;
    const lists = table.parts.map((part) => objectsIn(at(part, 'routes')));
    const routes = [
      ...lists.flatMap(({ objects }) =>
        objects.map((route) => ({ ...readRoute(bodyOf(route)), place: route.place })),
      ),
      ...this.#childrenOf(ROUTE, name).map((child) => ({
        ...readRoute(bodyOf(child.body)),
        place: child.place,
      })),
    ];
    const standing = routes.filter(({ prefix }) => isDefault(prefix));
    const [first] = standing.length > 0 ? standing : halves(routes);
    if (first === undefined) {
      const unseen = lists.find((list) => list.unseen !== undefined)?.unseen;
      const open = unseen ?? routes.find(({ prefix }) => hasSymbol(prefix));
      if (open !== undefined) return undecided(open.place, 'a route of the table is not known');
      // A hub or a route server tells its routes to networks that take them.
      const takes = wordOf(written(table, 'disablebgproutepropagation')) !== 'true';
      if (this.#mayHaveVirtualHub && takes) return undefined;
      return { value: { to: 'nowhere', lacks: 'default route' }, place };
    }
    const { hop, address } = first;
    if (hasSymbol(hop)) return undecided(first.place, 'the next hop is not known');
    if (hop.toLowerCase() !== 'virtualappliance')
      return { value: { to: 'elsewhere', hop }, place: first.place };
    const isWritten = address !== '' && !hasSymbol(address);
    const firewall = this.firewallAt(address, first.place.path);
    return {
      value: { to: 'appliance', address: isWritten ? address : undefined, firewall },
      place: first.place,
    };
  }

  #childrenOf(type: string, parent: string): readonly Resource[] {
    return this.#children.get(`${type} ${parent}`) ?? [];
  }

  /** Outbound rules of the subnet's security group that deny all of the internet or of the network. */
  denialsOf({ said }: Subnet): readonly { group: string; rule: string; place: Place }[] {
    const reference = parseResourceId(textOf(at(written(said, 'networksecuritygroup'), 'id')));
    if (said === undefined || reference === undefined) return [];
    const group = this.#index.find(reference, said.place.path);
    if (group === undefined) return [];
    const name = reference.names.at(-1) ?? '';
    const rules: readonly (readonly [ObjectValue, string, Place])[] = [
      ...group.parts
        .flatMap((part) => objectsIn(at(part, 'securityrules')).objects)
        .map((rule) => [bodyOf(rule), textOf(at(rule, 'name')), rule.place] as const),
      ...this.#childrenOf(SECURITY_RULE, name).map(
        (child) => [bodyOf(child.body), child.name.split('/').at(-1) ?? '', child.place] as const,
      ),
    ];
    const ranges = written(said, 'addressprefixes') ?? written(said, 'addressprefix');
    const all = rules.map(([rule, label, place]) => ({ ...egressRule(rule, textsIn(ranges)), label, place }));
    return all
      .filter((rule) => deniesEgress(rule, all))
      .map(({ label, place }) => ({ group: name, rule: label, place }));
  }
}

export interface Subnet {
  readonly name: string;
  /** Undefined where the input does not hold it. */
  readonly said: Said | undefined;
  readonly network: Said | undefined;
}

/** What the last of several places says. */
function written(said: Said | undefined, name: string): Value | undefined {
  const values = said?.parts.map((part) => (part.kind === 'object' ? at(part, name) : undefined)) ?? [];
  return values.findLast(
    (value) => value !== undefined && !(value.kind === 'array' && value.items.length === 0),
  );
}

function readRoute(route: ObjectValue): { prefix: string; hop: string; address: string } {
  return {
    prefix: wordOf(at(route, 'addressprefix')),
    hop: textOf(at(route, 'nexthoptype')).trim(),
    address: textOf(at(route, 'nexthopipaddress')),
  };
}

function isDefault(prefix: string): boolean {
  return prefix === '0.0.0.0/0' || prefix === 'internet';
}

/** Two halves of everything, which some write so that no default route is replaced. */
function halves<T extends { readonly prefix: string }>(routes: readonly T[]): readonly T[] {
  const found = ['0.0.0.0/1', '128.0.0.0/1'].map((half) => routes.find(({ prefix }) => prefix === half));
  return found.every((route) => route !== undefined) ? found : [];
}

/** `reference(…)` of a firewall, as it is written where Azure alone knows the address. */
const REFERENCE =
  /reference\('([^']+)'(?:,'full')?\)\.(?:properties\.)?(?:ipconfigurations\[\d+\]\.properties|hubipaddresses)\.privateipaddress/i;

/** https://learn.microsoft.com/rest/api/virtualnetwork/azure-firewalls: in a virtual network, or in a virtual hub. */
function addressesOf(firewall: Resource, policies: ResourceIndex<Resource>): FirewallAddresses {
  const properties = propertiesOf(firewall);
  const values = [
    ...listOf(at(properties, 'ipconfigurations')).map((configuration) =>
      at(configuration.kind === 'object' ? bodyOf(configuration) : configuration, 'privateipaddress'),
    ),
    at(properties, 'hubipaddresses', 'privateipaddress'),
  ];
  const addresses = values.map(textOf).filter((text) => hasSymbol(text) || parseIpRange(text) !== undefined);
  return { name: firewall.name, addresses, policy: policyOf(firewall, policies) };
}

function policyOf(firewall: Resource, policies: ResourceIndex<Resource>): FirewallAddresses['policy'] {
  const written = at(propertiesOf(firewall), 'firewallpolicy');
  const text = textOf(at(written, 'id') ?? written);
  if (text === '') return firewall.place;
  const id = parseResourceId(text);
  const known = id && policies.find(id, firewall.place.path);
  if (known !== undefined) return known.place;
  return id === undefined || id.names.some(hasSymbol) ? undefined : text.toLowerCase();
}
