import {
  rulesFor,
  sourcesUnite,
  type ClusterSources,
  type JudgeOptions,
  type SourceSet,
} from '../coverage/index.ts';
import { parseIpRange } from '../model/address.ts';
import { ipSetOf } from '../model/ip-space.ts';
import type { Policy } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import { sourcesFor, type Pool, type Sources } from '../profile/profile.ts';
import type { Requirement } from '../requirements/index.ts';
import type { Cluster } from './pipeline.ts';

/** Sources of a cluster as sets of addresses, by row of the requirements. */
export function clusterSources(sources: Sources): ClusterSources {
  const known = new Map<string, SourceSet>();
  // The walk keeps what it finds by set, so equal rows have to get the very same one.
  const once = (key: string, make: () => SourceSet): SourceSet => {
    const set = known.get(key) ?? make();
    known.set(key, set);
    return set;
  };
  const ofPool = (pool: Pool | 'nodes'): SourceSet => once(pool, () => setOf(sourcesFor(sources, pool)));
  const both = (pool: Pool | 'nodes'): SourceSet =>
    once(`${pool} and proxy`, () => sourcesUnite(ofPool(pool), ofPool('proxy')));
  return {
    all: sources.byPool.proxy === undefined ? ofPool('all') : both('all'),
    of: (row) => {
      switch (wayOf(row, sources)) {
        case 'direct':
          return ofPool(row.pools);
        case 'proxy':
          return ofPool('proxy');
        case 'both':
          return both(row.pools);
      }
    },
  };
}

function setOf(texts: readonly string[]): SourceSet {
  const symbols = texts.filter(hasSymbol).sort();
  return {
    ip: ipSetOf(texts.flatMap((text) => (hasSymbol(text) ? [] : (parseIpRange(text) ?? [])))),
    symbols,
  };
}

/** A row may have names that are reached without the proxy and others. */
function wayOf(row: Requirement, { byPool, direct = [] }: Sources): 'direct' | 'proxy' | 'both' {
  if (byPool.proxy === undefined || !isWeb(row)) return 'direct';
  const ways = new Set(row.targets.map(({ destination }) => isDirect(destination.toLowerCase(), direct)));
  if (ways.size > 1) return 'both';
  return ways.has(true) ? 'direct' : 'proxy';
}

/** HTTP, HTTPS, and the rows by service tag that say the same of names which other rows list. */
function isWeb({ protocol, port, alternativeGroup }: Requirement): boolean {
  return (
    protocol === 'HTTP' ||
    protocol === 'HTTPS' ||
    (protocol === 'TCP' && port === 443 && alternativeGroup !== undefined)
  );
}

/**
 * AKS adds the API server to the exceptions by itself: https://learn.microsoft.com/azure/aks/http-proxy. An exception holds
 * for what is below it too.
 */
function isDirect(destination: string, exceptions: readonly string[]): boolean {
  if (/\.(?:hcp|tun)\./.test(destination)) return true;
  return exceptions.some((exception) => {
    const domain = exception.replace(/^\*?\./, '');
    return exception === '*' || destination === domain || destination.endsWith(`.${domain}`);
  });
}

/**
 * The policies that serve a cluster. Where nothing says which, and its networks are in the input, a policy without any rule
 * for them is for others, as long as there is one that has some.
 */
export function policiesOf(cluster: Cluster, policies: readonly Policy[]): readonly Policy[] {
  const served = policies.filter(cluster.isServedBy);
  const { inferred, profile, mayBeServedByAny } = cluster;
  if (!mayBeServedByAny || inferred === undefined || profile.sources === undefined) return served;
  const { all } = clusterSources(profile.sources);
  const meant = served.filter((policy) =>
    rulesFor(policy, all).some(({ implicit }) => implicit === undefined),
  );
  return meant.length === 0 ? served : meant;
}

/** The networks of the other clusters behind a policy. */
export function neighboursOf(
  cluster: Cluster,
  clusters: readonly Cluster[],
  policy: Policy,
): Pick<JudgeOptions, 'neighbours'> {
  const others = clusters.flatMap((other) => {
    const { sources } = other.profile;
    return other === cluster || sources === undefined || !other.isServedBy(policy)
      ? []
      : [clusterSources(sources).all];
  });
  return others.length === 0 ? {} : { neighbours: others.reduce(sourcesUnite) };
}
