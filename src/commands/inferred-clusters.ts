import { clusterSubjects } from '../coverage/cluster-subjects.ts';
import type { Subject } from '../coverage/index.ts';
import { enforces, type ClusterReading, type FirewallAddresses } from '../model/cluster.ts';
import type { Place } from '../model/place.ts';
import type { Policy } from '../model/policy.ts';
import type { Parsed } from '../parsers/index.ts';
import { hasSymbol } from '../model/symbol.ts';
import { readClusters } from '../parsers/cluster/index.ts';
import { partOfCluster, sourcesOfCluster } from '../profile/inferred.ts';
import type { Origin, Profile, ProfilePart, Sources } from '../profile/profile.ts';

/** A cluster of the input. */
export interface InferredCluster {
  readonly reading: ClusterReading;
  readonly part: ProfilePart;
  readonly sources: Sources | undefined;
  readonly firewalls: readonly FirewallAddresses[];
  /** Does its route lead to a firewall with this policy? Absent where that is not known. */
  readonly isServedBy: ((policy: Policy) => boolean) | undefined;
  /** `saidAt` finds what a configuration says. */
  readonly subjectsFor: (
    policy: Policy,
    profile: Profile,
    told: { readonly isFirst: boolean; readonly saidAt: (origin: Origin) => Place | undefined },
  ) => readonly Subject[];
}

/** The clusters that the input holds. */
export function inferClusters({ surroundings, policies }: Parsed): readonly InferredCluster[] {
  const { clusters, firewalls } = readClusters(surroundings);
  return clusters.map((reading) => ({
    reading,
    part: partOfCluster(reading),
    sources: sourcesOfCluster(reading),
    firewalls,
    isServedBy: servingPolicies(reading, policies),
    subjectsFor: (policy, { contradictions, sources }, { isFirst, saidAt }) => {
      const disagreements = contradictions.map(({ saidBy, ...rest }) => ({
        ...rest,
        by: saidBy.from === 'flag' ? 'the flags' : 'the configuration',
        saidAt: saidAt(saidBy),
      }));
      const proxySources = (sources?.byPool.proxy ?? []).filter((text) => !hasSymbol(text));
      return clusterSubjects(policy, { reading, firewalls, disagreements, proxySources, isFirst });
    },
  }));
}

/**
 * Where the default route names a firewall of the input, that firewall's policy serves the cluster and no
 * other one; where it leads to something that is not in the input, that is not known.
 */
function servingPolicies(
  { egress }: ClusterReading,
  policies: readonly Policy[],
): ((policy: Policy) => boolean) | undefined {
  const reached = egress.routes.map(({ value }) => (value?.to === 'appliance' ? value.firewall : undefined));
  const isKnown = reached.length > 0 && reached.every((firewall) => firewall?.policy !== undefined);
  const serves = (policy: Policy): boolean =>
    reached.some((firewall) => firewall !== undefined && enforces(firewall, policy));
  return isKnown && policies.some(serves) ? serves : undefined;
}
