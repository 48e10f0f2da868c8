import type { Config } from '../config/config.ts';
import type { ProfileArguments } from './arguments.ts';
import type { ClusterFileArguments } from './cluster-arguments.ts';
import { clusterPaths, clustersOf } from './clusters.ts';
import type { Io } from './io.ts';
import type { Cluster } from './pipeline.ts';

/** The clusters of flags and configuration, and of the files that these name; without a firewall. */
export async function describedClusters(
  args: ClusterFileArguments & ProfileArguments,
  config: Config,
  io: Io,
): Promise<readonly Cluster[]> {
  const clusters = clustersOf(args, config, undefined);
  if (args.clusters.length === 0 && clusterPaths(config).length === 0) return clusters;
  // What reads files is for those who name some.
  const { clustersOfFiles } = await import('./cluster-files.ts');
  return clustersOfFiles(args, config, io);
}
