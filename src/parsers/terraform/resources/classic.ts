import type { Place } from '../../../model/place.ts';
import { textOf } from '../../azure-firewall/fields.ts';
import type { Resource } from '../../resource.ts';
import { array, type Member, type ObjectValue, type Value } from '../../value.ts';
import { memberValue, object } from './rename.ts';
import type { TerraformResource } from './resource.ts';
import { classicCollection, type RuleKind } from './rules.ts';
import { nameOf, originOf } from './translate.ts';

const KINDS: ReadonlyMap<string, RuleKind> = new Map([
  ['azurerm_firewall_application_rule_collection', 'application'],
  ['azurerm_firewall_network_rule_collection', 'network'],
]);

interface Collection {
  readonly kind: RuleKind;
  readonly value: Value;
  readonly resource: TerraformResource;
}

/**
 * Collections of classic firewalls are resources that name their firewall and its resource group; Azure keeps them in the
 * firewall.
 */
export class Classic {
  readonly #byFirewall = new Map<string, Collection[]>();
  readonly #used = new Set<string>();
  readonly #note: (message: string, place: Place) => void;

  constructor(all: readonly TerraformResource[], note: (message: string, place: Place) => void) {
    this.#note = note;
    for (const resource of all) {
      const kind = KINDS.get(resource.type);
      if (kind === undefined) continue;
      const key = firewallKey(resource.attributes, 'azure_firewall_name');
      const known = this.#byFirewall.get(key) ?? [];
      known.push({ kind, value: collectionValue(resource, kind), resource });
      this.#byFirewall.set(key, known);
    }
  }

  /** The firewall's properties with the collections that name it. */
  properties(firewall: TerraformResource, properties: ObjectValue): ObjectValue {
    const key = firewallKey(firewall.attributes, 'name');
    const collections = this.#byFirewall.get(key) ?? [];
    this.#used.add(key);
    const [first] = collections;
    if (first !== undefined && properties.members.has('firewallpolicy')) {
      this.#note(
        `firewall '${nameOf(firewall.attributes)}' takes its rules from a firewall policy, so its classic rule collections are not in force`,
        first.value.place,
      );
    }
    return withCollections(properties, collections);
  }

  /** Collections whose firewall is not in the input: it may still be judged by them. */
  withoutFirewall(): Resource[] {
    return [...this.#byFirewall].flatMap(([key, collections]) => {
      const [first] = collections;
      if (this.#used.has(key) || first === undefined) return [];
      const { place, attributes } = first.resource;
      const properties = withCollections(object([], place), collections);
      return [
        {
          type: 'Microsoft.Network/azureFirewalls',
          name: textOf(memberValue(attributes, 'azure_firewall_name')),
          id: '',
          properties,
          body: object([['properties', properties]], place),
          place: first.value.place,
          ...originOf({ ...first.resource, conditional: undefined }),
          existing: false,
          dependsOn: [],
        },
      ];
    });
  }
}

function firewallKey(attributes: ObjectValue, nameAttribute: string): string {
  const part = (name: string): string => textOf(memberValue(attributes, name)).toLowerCase();
  return `${part('resource_group_name')}\n${part(nameAttribute)}`;
}

function collectionValue(resource: TerraformResource, kind: RuleKind): Value {
  const { conditional } = resource;
  const value = classicCollection(resource.attributes, kind);
  if (conditional === undefined) return value;
  return { kind: 'unknown', symbol: `⟦${resource.address}⟧`, unknown: conditional, place: value.place };
}

function withCollections(properties: ObjectValue, collections: readonly Collection[]): ObjectValue {
  const members = new Map<string, Member>(properties.members);
  for (const kind of ['network', 'application'] as const) {
    const items = collections.filter((one) => one.kind === kind).map(({ value }) => value);
    if (items.length === 0) continue;
    const name = `${kind}RuleCollections`;
    members.set(name.toLowerCase(), { name, value: array(items, properties.place) });
  }
  return { kind: 'object', members, place: properties.place };
}
