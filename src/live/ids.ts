/** A resource as Azure names it: `/subscriptions/…/resourceGroups/…/providers/<namespace>/<type>/<name>`. */
export interface ArmId {
  /** As written. */
  readonly id: string;
  readonly subscription: string;
  readonly group: string;
  /** Lower case, such as microsoft.network/firewallpolicies. */
  readonly type: string;
  readonly name: string;
}

/** Of what stands directly in a resource group; undefined for anything else. */
export function parseArmId(text: string): ArmId | undefined {
  const parts = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/i;
  const found = parts.exec(text.replace(/\/+$/, ''));
  if (found === null) return undefined;
  const [id = '', subscription = '', group = '', namespace = '', type = '', name = ''] = found;
  return { id, subscription, group, type: `${namespace}/${type}`.toLowerCase(), name };
}

/** The id of what stands around a child: of a subnet its virtual network. */
export function parentId(id: string): string {
  return id.split('/').slice(0, -2).join('/');
}

/** Distinct without case, as Azure compares ids; the first spelling stays. */
export function distinct<T extends { readonly id: string }>(resources: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const one of resources) if (!seen.has(one.id.toLowerCase())) seen.set(one.id.toLowerCase(), one);
  return [...seen.values()];
}

export function distinctIds(ids: readonly string[]): string[] {
  return distinct(ids.map((id) => ({ id }))).map(({ id }) => id);
}
