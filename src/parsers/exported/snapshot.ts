import type { Place } from '../../model/place.ts';
import { field, textOf, wordOf } from '../azure-firewall/fields.ts';
import { FIREWALL, GROUP, IP_GROUP, POLICY } from '../azure-firewall/resource-ids.ts';
import type { Extraction, Resource, ResourceGap } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import { readExported } from './index.ts';

/** What src/live/snapshot.ts writes. */
const VERSION = 1;

/** Undefined for what is no snapshot, the version for one that this program does not read. */
export function readSnapshot(value: ObjectValue): Extraction | { readonly other: string } | undefined {
  const version = field(value, 'snapshotversion');
  if (version === undefined || field(value, 'value')?.kind !== 'array') return undefined;
  if (version.kind !== 'number' || version.value !== VERSION)
    return { other: version.kind === 'string' ? `'${version.value}'` : textOf(version) };
  const { resources, gaps } = readExported(value) ?? { resources: [], gaps: [] };
  const unread = itemsOf(field(value, 'unread')).map(unreadOf);
  const targets = new Set(textsOf(field(value, 'targets')).map((id) => id.toLowerCase()));
  const isTarget = ({ type, id }: Resource): boolean =>
    ![POLICY, GROUP].includes(type.toLowerCase()) ||
    targets.has(id.replace(/\/rulecollectiongroups\/[^/]*$/, ''));
  return {
    format: 'azure-snapshot',
    resources: resources.filter(isTarget),
    bases: resources.filter((resource) => !isTarget(resource)),
    gaps: [...gaps, ...unread.map(({ gap }) => gap)],
    notes: [...unread.map(({ note }) => note), ...resources.flatMap(unsettled)],
    addresses: new Map([...addressesOf(resources), ...listAddresses(value)]),
  };
}

function textsOf(value: Value | undefined): string[] {
  return value?.kind === 'array' ? value.items.map(textOf) : [];
}

function itemsOf(value: Value | undefined): ObjectValue[] {
  return value?.kind === 'array' ? value.items.filter((item) => item.kind === 'object') : [];
}

/** What Azure did not give may be there all the same. */
function unreadOf(entry: ObjectValue): {
  gap: ResourceGap;
  note: { message: string; place: Place };
} {
  const { place } = entry;
  const text = (name: string): string => textOf(field(entry, name));
  const reason = `${text('what')} could not be read from Azure, which answered ${text('answer')}`;
  const supply = `let it be read, which takes the action ${text('action')}`;
  return {
    gap: { type: text('type'), unknown: { reason, supply, place }, place, of: text('id').toLowerCase() },
    note: { message: `${reason}; what depends on it is not known. To decide it, ${supply}.`, place },
  };
}

/**
 * Azure shows what was asked for, while a change is under way and after it failed too.
 * https://learn.microsoft.com/rest/api/firewallmanager/firewall-policies/get#provisioningstate
 */
function unsettled({ type, properties, name }: Resource): { message: string; place: Place }[] {
  const noun = STATEFUL.get(type.toLowerCase());
  const state = field(properties, 'provisioningstate');
  if (noun === undefined || state === undefined || wordOf(state) === 'succeeded' || textOf(state) === '')
    return [];
  const message = `Azure says that ${noun} '${name.split('/').at(-1) ?? ''}' is in the state ${textOf(state)}: what it enforces may differ from what is judged here. Deploy it again, or wait, until the state is Succeeded.`;
  return [{ message, place: state.place }];
}

const STATEFUL: ReadonlyMap<string, string> = new Map([
  [POLICY, 'firewall policy'],
  [GROUP, 'rule collection group'],
  [FIREWALL, 'firewall'],
  [IP_GROUP, 'IP group'],
]);

function listAddresses(value: ObjectValue): [pointer: string, address: string][] {
  const name = 'outboundNetworkDependenciesEndpoints';
  return itemsOf(field(value, name.toLowerCase())).map((list) => [
    list.place.pointer,
    `${textOf(field(list, 'cluster'))}/${name}`,
  ]);
}

/** Ids as Azure writes them, by the pointer of the resource. */
function addressesOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(resources.map(({ body, place, id }) => [place.pointer, textOf(field(body, 'id')) || id]));
}
