import type { Cloud } from '../model/policy.ts';
import { textAt, type JsonObject } from './json.ts';

/** What was read of Azure, in the words of its REST interface. Contract: schemas/snapshot.schema.json. */
export interface Snapshot {
  readonly cloud: Cloud;
  /** Ids of the policies and firewalls to judge: others of the resources are their parents, or tell more of them. */
  readonly targets: readonly string[];
  readonly resources: readonly JsonObject[];
  /** Answers of `outboundNetworkDependenciesEndpoints`, by the id of the cluster. */
  readonly endpoints: readonly { readonly cluster: string; readonly value: readonly JsonObject[] }[];
  readonly serviceTags?: JsonObject | undefined;
  readonly unread: readonly Unread[];
}

/** What would have helped and Azure did not give. */
export interface Unread {
  /** Of the resource, such as Microsoft.Network/routeTables. */
  readonly type: string;
  readonly id: string;
  /** A noun: "route table 'nodes'". */
  readonly what: string;
  /** How Azure answered: "403 AuthorizationFailed". */
  readonly answer: string;
  /** What one must be allowed to do to read it. */
  readonly action: string;
}

const SCHEMA =
  'https://raw.githubusercontent.com/aks-egress-lint/aks-egress-lint/main/schemas/snapshot.schema.json';

/** In a fixed order, in whatever order the answers came. */
export function ordered(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    resources: sorted(snapshot.resources, (one) => `${textAt(one, 'type')} ${textAt(one, 'id')}`),
    endpoints: sorted(snapshot.endpoints, ({ cluster }) => cluster),
    unread: sorted(snapshot.unread, ({ type, id }) => `${type} ${id}`),
  };
}

/**
 * The text of a snapshot: the same for the same answers. There is nothing in it but what Azure answered, so no time but those
 * of the answers, and no token.
 */
export function snapshotText({
  cloud,
  targets,
  resources,
  endpoints,
  serviceTags,
  unread,
}: Snapshot): string {
  const snapshot = {
    $schema: SCHEMA,
    snapshotVersion: 1,
    cloud,
    targets,
    value: resources,
    outboundNetworkDependenciesEndpoints: endpoints,
    ...(serviceTags === undefined ? {} : { serviceTags }),
    unread,
  };
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}

function sorted<T>(list: readonly T[], key: (item: T) => string): T[] {
  const keyed = list.map((item) => ({ item, key: key(item).toLowerCase() }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
