import { InputError } from '../errors.ts';
import { isFirewall, whyNone } from './no-firewall.ts';
import type { Extraction, Resource, ResourceGap } from './resource.ts';

/** Clusters, and what decides how their traffic leaves: of use beside a firewall, if the input holds a cluster. */
const TYPES =
  /^microsoft\.(?:containerservice\/managedclusters|kubernetesconfiguration|network\/(?:virtualnetworks|virtualhubs|routetables|networksecuritygroups|privatednszones))(?:\/|$)/i;

export function isBesideFirewall({ type }: Resource): boolean {
  return TYPES.test(type);
}

/** What a file is kept for that holds no firewall. */
export interface Kept {
  /** Whom to name and what to say where there is no cluster; of files that are read together, the first says it. */
  readonly onlyWithCluster?: { readonly path: string; readonly problem: string } | 'said';
}

/** A file that holds no firewall and something beside one. */
export function keptFor(
  extraction: Extraction,
  { path, named }: { readonly path: string; readonly named: boolean },
): Kept {
  const { resources } = extraction;
  if (resources.some(isFirewall) || !resources.some(isBesideFirewall)) return {};
  return { onlyWithCluster: { path, problem: whyNone(extraction, named) } };
}

export const TERRAFORM_ALONE = 'not recognised: Terraform without a firewall';

/** The same of a root module. */
export function keptRoot(named: string | undefined, folder: string): Kept {
  const problem = 'no firewall policy, rule collection group or classic firewall in it';
  const said = named === undefined ? { path: folder, problem: TERRAFORM_ALONE } : { path: named, problem };
  return { onlyWithCluster: said };
}

/** For the further files of what is read together. */
export function alike({ onlyWithCluster }: Kept): Kept {
  return onlyWithCluster === undefined ? {} : { onlyWithCluster: 'said' };
}

/** Splits what was read: what can be used, and what to say of the rest. */
export function usable<T extends Kept>(
  reads: readonly T[],
  hasCluster: boolean,
  refuse: (read: T, path: string, problem: string) => void,
): readonly T[] {
  return reads.filter((read) => {
    const { onlyWithCluster } = read;
    if (onlyWithCluster === undefined || hasCluster) return true;
    if (onlyWithCluster !== 'said') refuse(read, onlyWithCluster.path, onlyWithCluster.problem);
    return false;
  });
}

export function holdsCluster({ extraction }: { readonly extraction: Extraction }): boolean {
  return extraction.resources.some(
    ({ type, existing }) => !existing && type.toLowerCase() === 'microsoft.containerservice/managedclusters',
  );
}

export function noCluster(path: string): InputError {
  return new InputError(
    path,
    'no cluster in it; --cluster takes the file of a Microsoft.ContainerService/managedClusters: a template, the output of az aks show, Bicep or Terraform',
  );
}

/** Everything of the files, for reading clusters from it. */
export interface Surroundings {
  readonly resources: readonly Resource[];
  readonly gaps: readonly ResourceGap[];
}

/** Empty where there is no cluster. */
export function surroundingsOf(reads: readonly { readonly extraction: Extraction }[]): Surroundings {
  const all = reads.some(holdsCluster) ? reads : [];
  return {
    resources: all.flatMap(({ extraction }) => extraction.resources),
    gaps: all.flatMap(({ extraction }) => extraction.gaps),
  };
}

/** Policies that are there for others: of files given as bases, and parents in snapshots. */
export function neverJudged(
  bases: readonly { readonly extraction: Extraction }[],
  reads: readonly { readonly extraction: Extraction }[],
): readonly Resource[] {
  return [
    ...bases.flatMap(({ extraction }) => extraction.resources),
    ...reads.flatMap(({ extraction }) => extraction.bases ?? []),
  ];
}
