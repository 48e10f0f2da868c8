import type { Observed } from '../../model/cluster.ts';
import type { Place } from '../../model/place.ts';
import { listOf, textOf, unknownOf, wordOf } from '../azure-firewall/fields.ts';
import type { Value } from '../value.ts';
import { at, flag, hidden, undecided } from './values.ts';

/** One node pool: https://learn.microsoft.com/rest/api/aks/agent-pools */
export interface Pool {
  readonly name: string;
  /** Its properties. */
  readonly value: Value;
  readonly place: Place;
  /** It may not be deployed. */
  readonly isConditional: boolean;
}

export type NodeOs = 'ubuntu' | 'azure-linux' | 'windows' | 'other';

/** Linux is Ubuntu unless the SKU says otherwise; undefined where the input does not tell. */
export function osOf(pool: Pool, defaultLinux: NodeOs | undefined): NodeOs | undefined {
  const type = at(pool.value, 'ostype');
  const sku = at(pool.value, 'ossku');
  if (unknownOf(type) !== undefined) return undefined;
  if (wordOf(type) === 'windows') return 'windows';
  if (unknownOf(sku) !== undefined) return undefined;
  const word = wordOf(sku);
  if (word === '') return defaultLinux;
  if (word.startsWith('ubuntu')) return 'ubuntu';
  if (word.startsWith('windows')) return 'windows';
  // AzureLinux, AzureLinux3 and the names of the same system before; not AzureContainerLinux, which has no packages.
  return /^(?:azurelinux|cblmariner|mariner)/.test(word) ? 'azure-linux' : 'other';
}

/** Sizes of its nodes; a pool of virtual machines has several. An unknown one stands for any. */
function sizesOf({ value }: Pool): readonly Value[] {
  const size = at(value, 'vmsize');
  const scale = at(value, 'virtualmachinesprofile', 'scale');
  const profiles = [...listOf(at(scale, 'manual')), ...listOf(at(scale, 'autoscale'))];
  return [
    ...(size === undefined ? [] : [size]),
    ...profiles.flatMap((profile) => {
      if (profile.kind === 'unknown') return [profile];
      return [at(profile, 'size') ?? [], ...listOf(at(profile, 'sizes'))].flat();
    }),
  ];
}

export type Accelerator = 'nvidia' | 'amd-ma35d' | 'none' | 'undecided';

/**
 * What a size of nodes has. NC, ND and NV have NVIDIA GPUs but for those of AMD, for which AKS installs no driver:
 * https://learn.microsoft.com/azure/aks/use-amd-gpus. What other N sizes need is not documented.
 */
export function acceleratorOf(size: string): Accelerator {
  const name = /^(?:standard_)?(n[a-z]*)?/i.exec(size)?.[1]?.toLowerCase() ?? '';
  if (name === '') return 'none';
  if (/_ma35d(?:_|$)/i.test(size)) return 'amd-ma35d';
  if (/_(?:mi\d+x|v710)(?:_|$)/i.test(size) || /^(?:standard_)?nv\d+as_v4$/i.test(size)) return 'none';
  return /^n[cdv]/.test(name) ? 'nvidia' : 'undecided';
}

/** Does the pool have NVIDIA GPUs whose driver AKS installs? */
export function hasGpu(pool: Pool): Observed<boolean> {
  const driver = at(pool.value, 'gpuprofile', 'driver');
  if (wordOf(driver) === 'none') return { value: false, place: driver?.place ?? pool.place };
  let doubt: Observed<never> | undefined;
  for (const size of sizesOf(pool)) {
    if (unknownOf(size) !== undefined) {
      doubt ??= hidden(size, pool.place);
      continue;
    }
    const accelerator = acceleratorOf(textOf(size));
    if (accelerator === 'nvidia') {
      if (unknownOf(driver) === undefined) return { value: true, place: size.place };
      doubt ??= hidden(driver, size.place);
    }
    if (accelerator === 'undecided') {
      doubt ??= undecided(size.place, `what nodes of size ${textOf(size)} load is not documented`);
    }
  }
  return doubt ?? { value: false, place: pool.place };
}

export function hasMediaAccelerator(pool: Pool): Observed<boolean> {
  const sizes = sizesOf(pool);
  const found = sizes.find((size) => acceleratorOf(textOf(size)) === 'amd-ma35d');
  if (found !== undefined) return { value: true, place: found.place };
  const unknown = sizes.find((size) => unknownOf(size) !== undefined);
  return unknown === undefined ? { value: false, place: pool.place } : hidden(unknown, pool.place);
}

/**
 * LocalDNS of one pool. Preferred leaves it to AKS, which says in `state` what it did:
 * https://learn.microsoft.com/azure/aks/localdns-custom
 */
export function localDnsOf(pool: Pool): Observed<boolean> | undefined {
  const profile = at(pool.value, 'localdnsprofile');
  if (profile === undefined) return undefined;
  const mode = at(profile, 'mode');
  if (unknownOf(mode) !== undefined) return hidden(mode, profile.place);
  const place = mode?.place ?? profile.place;
  switch (wordOf(mode)) {
    case 'required':
      return { value: true, place };
    case 'disabled':
      return { value: false, place };
    default: {
      const state = wordOf(at(profile, 'state'));
      if (state === 'enabled' || state === 'disabled') return { value: state === 'enabled', place };
      return undecided(place, 'with mode Preferred AKS decides by the Kubernetes version');
    }
  }
}

/** Was the image of its nodes made after March 2021? Undefined where the input names no image. */
export function isRecent({ value }: Pool): Observed<boolean> | undefined {
  const image = at(value, 'nodeimageversion');
  // AKSUbuntu-2204gen2containerd-202501.12.0, before AKSUbuntu-1804-2021.02.24.
  const date = /-(20\d\d)\.?(\d\d)\./.exec(textOf(image));
  if (image === undefined || date === null) return undefined;
  return { value: Number(`${date[1] ?? ''}${date[2] ?? ''}`) > 202103, place: image.place };
}

export function publicIpOf(pool: Pool): Observed<boolean> {
  return flag(at(pool.value, 'enablenodepublicip'), false, pool.place);
}

/**
 * Whether one of the pools has a property: yes where one has, whatever is unseen; not decided where one may have it, or
 * where pools may exist that are not seen.
 */
export function anyPool(
  pools: readonly Pool[],
  unseen: Observed<never> | undefined,
  around: Place,
  has: (pool: Pool) => Observed<boolean>,
): Observed<boolean> {
  let doubt = unseen;
  for (const pool of pools) {
    const answer = has(pool);
    if (answer.value === true && !pool.isConditional) return answer;
    if (answer.value === true)
      doubt ??= undecided(answer.place, `node pool '${pool.name}' may not be deployed`);
    else if (answer.value === undefined)
      doubt ??= undecided(answer.place, answer.why ?? 'its value is not known');
  }
  return doubt ?? { value: false, place: pools[0]?.place ?? around };
}
