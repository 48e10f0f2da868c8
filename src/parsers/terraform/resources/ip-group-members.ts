import { symbolOf } from '../../../model/symbol.ts';
import { textOf } from '../../azure-firewall/fields.ts';
import { parseResourceId } from '../../azure-firewall/resource-ids.ts';
import type { Resource } from '../../resource.ts';
import { array, type ObjectValue, type Value } from '../../value.ts';
import { object } from './rename.ts';
import type { TerraformResource } from './resource.ts';
import { originOf, idOf } from './translate.ts';

/**
 * Members of an IP group may be resources of their own, which add to what the group writes itself:
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/ip_group_cidr
 */
export class IpGroupMembers {
  readonly #byGroup = new Map<string, Value[]>();
  readonly #used = new Set<string>();
  readonly #sample: TerraformResource | undefined;

  constructor(members: readonly TerraformResource[]) {
    [this.#sample] = members;
    for (const one of members) {
      const group = one.attributes.members.get('ip_group_id')?.value;
      const cidr = one.attributes.members.get('cidr')?.value;
      if (group === undefined || cidr === undefined || group.kind === 'null') continue;
      const key = textOf(group).toLowerCase();
      const known = this.#byGroup.get(key) ?? [];
      // A member that may not exist is as good as one that is not known.
      known.push(
        one.conditional === undefined
          ? cidr
          : {
              kind: 'unknown',
              symbol: symbolOf(`member ${one.address}`),
              unknown: one.conditional,
              place: cidr.place,
            },
      );
      this.#byGroup.set(key, known);
    }
  }

  /** The properties of a group, with the members that other resources add. */
  properties(group: TerraformResource): ObjectValue {
    const id = idOf(group);
    const own = group.attributes.members.get('cidrs');
    const further = this.#byGroup.get(id) ?? [];
    this.#used.add(id);
    const value: Value =
      own?.value.kind === 'array' || own === undefined || own.value.kind === 'null'
        ? array(
            [...(own?.value.kind === 'array' ? own.value.items : []), ...further],
            own?.value.place ?? group.place,
          )
        : own.value;
    return object([['ipAddresses', value]], group.place);
  }

  /** Groups that are not in the input but have members there; other members of theirs are not known. */
  withoutGroup(): Resource[] {
    const sample = this.#sample;
    if (sample === undefined) return [];
    return [...this.#byGroup].flatMap(([id, members]) => {
      const parsed = parseResourceId(id);
      if (this.#used.has(id) || parsed === undefined) return [];
      const name = parsed.names.at(-1) ?? '';
      const { place } = sample;
      const why = {
        reason: `IP group '${name}' is not in the input, only members that are added to it`,
        supply: `add the file that defines IP group '${name}'`,
        place,
      };
      const open: Value = {
        kind: 'unknown',
        symbol: `⟦members of ${name}⟧`,
        unknown: why,
        place,
        spread: true,
      };
      const properties = object([['ipAddresses', array([...members, open], place)]], place);
      return [
        {
          type: 'Microsoft.Network/ipGroups',
          name,
          id,
          properties,
          body: object([['properties', properties]], place),
          place,
          ...originOf(sample),
          existing: false,
          dependsOn: [],
        },
      ];
    });
  }
}
