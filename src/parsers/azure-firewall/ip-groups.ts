import type { Address } from '../../model/policy.ts';
import { isSymbol, symbolOf, type Unknown } from '../../model/symbol.ts';
import type { Resource } from '../resource.ts';
import type { Value } from '../value.ts';
import { sourceAddress } from './addresses.ts';
import { bodyOf, field, listOf, shown, textOf, unknownOf, type Report } from './fields.ts';
import { idOf, IP_GROUP, parseResourceId, ResourceIndex, segmentsOf } from './resource-ids.ts';

interface IpGroup {
  readonly members: readonly Address[];
  readonly unknowns: readonly Unknown[];
}

interface Expansion {
  readonly addresses: readonly Address[];
  readonly empty: string | undefined;
}
const NO_GROUPS: Expansion = { addresses: [], empty: undefined };

/** The IP groups of the input, expanded once each however many rules use them. */
export class IpGroups {
  readonly #index = new ResourceIndex<Resource>();
  readonly #read = new Map<Resource, IpGroup>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      if (resource.type.toLowerCase() === IP_GROUP && !resource.existing) {
        this.#index.add(idOf(resource), resource.place.path, resource);
      }
    }
  }

  /**
   * The members of the groups that a list of ids names, placed where the groups write them. `empty` is the name of a
   * group without members: Azure skips a rule that uses one (https://learn.microsoft.com/azure/firewall/ip-groups).
   */
  expand(ids: readonly Value[], report: Report): Expansion {
    if (ids.length === 0) return NO_GROUPS;
    const addresses: Address[] = [];
    let empty: string | undefined;
    for (const id of ids) {
      const group = this.#resolve(id, report);
      if (group === undefined) {
        addresses.push(unresolved(id, report));
      } else {
        group.unknowns.forEach((unknown) => {
          report.unknown(unknown);
        });
        addresses.push(...group.members);
        if (group.members.length === 0) empty ??= lastSegment(referenceText(id));
      }
    }
    return { addresses, empty };
  }

  #resolve(value: Value, report: Report): IpGroup | undefined {
    const id = parseResourceId(referenceText(value));
    const resource = id && this.#index.find(id, value.place.path);
    if (resource === undefined) return undefined;
    let group = this.#read.get(resource);
    if (group === undefined) {
      group = readMembers(resource, report);
      this.#read.set(resource, group);
    }
    return group;
  }
}

function readMembers(resource: Resource, report: Report): IpGroup {
  const unknowns: Unknown[] = [];
  const within: Report = {
    note: (message, place) => {
      report.note(message, place);
    },
    unknown: (unknown) => unknowns.push(unknown),
  };
  const properties = resource.body.members.get('properties')?.value;
  const list =
    properties?.kind === 'unknown' ? properties : field(bodyOf(resource.properties), 'ipaddresses');
  return { members: listOf(list).map((value) => sourceAddress(value, within)), unknowns };
}

/** Rules name IP groups by id; some tools wrap it as `{id}`. */
function referenceText(value: Value): string {
  return textOf(value.kind === 'object' ? field(value, 'id') : value);
}

function unresolved(value: Value, report: Report): Address {
  const { place } = value;
  const text = referenceText(value);
  const name = lastSegment(text);
  const reason = unknownOf(value.kind === 'object' ? field(value, 'id') : value);
  const unknown: Unknown =
    reason !== undefined && isSymbol(text)
      ? reason
      : {
          reason: `IP group '${shown(name)}' is not in the input`,
          supply: `add the file that defines IP group '${shown(name)}'`,
          place,
        };
  report.unknown(unknown);
  return {
    kind: 'symbol',
    symbol: isSymbol(text) ? text : symbolOf(text.toLowerCase()),
    text,
    place,
    unknown,
  };
}

function lastSegment(id: string): string {
  return segmentsOf(id).at(-1) ?? id;
}
