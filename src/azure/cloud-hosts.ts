import data from '../../rules/azure/cloud-hosts.json' with { type: 'json' };
import type { Cloud } from '../model/policy.ts';

interface Family {
  readonly id: string;
  /** Host suffixes of the service per cloud; the first is the one to write. */
  readonly suffixes: Readonly<Partial<Record<Cloud, readonly string[]>>>;
  /** Clouds that use another cloud's hosts too. */
  readonly alsoUsedIn?: Readonly<Partial<Record<Cloud, readonly string[]>>>;
}

const CLOUDS = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'] as const satisfies readonly Cloud[];

interface Suffix {
  readonly text: string;
  /** What a host inside it ends with. */
  readonly ending: string;
  readonly cloud: Cloud;
  readonly family: Family;
}

/** Longest first: `policy.core.windows.net` is another service than `core.windows.net`. */
const SUFFIXES: readonly Suffix[] = data.families
  .flatMap((family: Family) =>
    CLOUDS.flatMap((cloud) =>
      (family.suffixes[cloud] ?? []).map((text) => ({ text, ending: `.${text}`, cloud, family })),
    ),
  )
  .sort((a, b) => b.text.length - a.text.length);

export interface CloudHost {
  readonly cloud: Cloud;
  /** The same host in each other cloud that has one; what stands before the suffix is kept, the region too. */
  readonly counterparts: Readonly<Partial<Record<Cloud, string>>>;
  /** Clouds in which the host is used: its own, and those without one of their own. */
  readonly usedIn: readonly Cloud[];
}

/** The cloud that a host or pattern belongs to; undefined for hosts of all clouds and of nobody. */
export function cloudOfHost(pattern: string): CloudHost | undefined {
  const plain = pattern.toLowerCase();
  const found = SUFFIXES.find(({ text, ending }) => plain.endsWith(ending) || plain === text);
  if (found === undefined) return undefined;
  const { cloud, family } = found;
  const head = plain.slice(0, plain.length - found.text.length);
  const counterparts: Partial<Record<Cloud, string>> = {};
  for (const other of CLOUDS) {
    const [suffix] = family.suffixes[other] ?? [];
    if (other !== cloud && suffix !== undefined) counterparts[other] = head + suffix;
  }
  const also = CLOUDS.filter((other) => family.alsoUsedIn?.[cloud]?.includes(other));
  return { cloud, counterparts, usedIn: [cloud, ...also] };
}
