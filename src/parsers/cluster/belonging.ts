import { hasSymbol } from '../../model/symbol.ts';
import { textOf } from '../azure-firewall/fields.ts';
import { idOf, parseResourceId, segmentsOf } from '../azure-firewall/resource-ids.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import { at } from './values.ts';

export const CLUSTER = 'microsoft.containerservice/managedclusters';
const POOL = 'microsoft.containerservice/managedclusters/agentpools';

export function isPool({ type, existing }: Resource): boolean {
  return !existing && type.toLowerCase() === POOL;
}

/**
 * The cluster that a pool, an extension or the like belongs to: the one that its id, its scope or its name says; the only
 * one of the input where that is not known; undefined where it is none of the input.
 */
export function ownerOf(resource: Resource, clusters: readonly Resource[]): Resource | undefined {
  // Two clusters may have one name, in two resource groups.
  const around = clusters.find(({ id }) => id !== '' && resource.id.toLowerCase().startsWith(`${id}/`));
  if (around !== undefined) return around;
  const name = clusterNameOf(resource);
  const [only, ...others] = clusters;
  if (name !== undefined && !hasSymbol(name)) {
    const named = clusters.filter((cluster) => nameOf(cluster) === name);
    return named.find(({ unit }) => unit === resource.unit) ?? named[0];
  }
  const same = name === undefined ? undefined : clusters.find((cluster) => nameOf(cluster) === name);
  if (same !== undefined) return same;
  const depended = clusters.find(({ id, name: own }) =>
    resource.dependsOn.some((one) => one === id || one === own.toLowerCase()),
  );
  return depended ?? (others.length === 0 ? only : undefined);
}

/** Is what is not known a part of this cluster, as far as the gap tells? */
export function concerns({ of }: ResourceGap, cluster: Resource): boolean {
  return of === undefined || cluster.id === '' || of === cluster.id;
}

function nameOf(cluster: Resource): string {
  return idOf(cluster).names.at(-1) ?? '';
}

function clusterNameOf(resource: Resource): string | undefined {
  const scope = textOf(at(resource.body, 'scope'));
  const written = parseResourceId(scope);
  if (written?.type === CLUSTER) return written.names[0];
  const type = resource.type.toLowerCase();
  // `aks/pool`, and for extensions the older form `aks/Microsoft.KubernetesConfiguration/flux`.
  if (type.startsWith(`${CLUSTER}/`)) return segmentsOf(resource.name.toLowerCase())[0];
  const segments = segmentsOf(resource.id.toLowerCase());
  const position = segments.indexOf('managedclusters');
  return position < 0 ? undefined : segments[position + 1];
}
