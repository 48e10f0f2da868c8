import { valuesOf, type Config } from '../config/config.ts';
import type { Cloud } from '../model/policy.ts';
import { parseInputs, settleCloud } from '../parsers/index.ts';
import type { ProfileArguments } from './arguments.ts';
import type { ClusterFileArguments } from './cluster-arguments.ts';
import { bicepCache, bicepFor } from './bicep.ts';
import { clusterPaths, clustersOf } from './clusters.ts';
import { inferClusters } from './inferred-clusters.ts';
import { readInputs, readNamedFile } from './inputs.ts';
import type { Io } from './io.ts';
import type { Cluster } from './pipeline.ts';
import { terraformFor } from './terraform.ts';

/**
 * The clusters of flags, configuration and the files that hold some, without a firewall.
 *
 * @throws {InputError} for what cannot be read, or holds no cluster
 */
export async function clustersOfFiles(
  args: ClusterFileArguments & ProfileArguments,
  config: Config,
  io: Io,
): Promise<readonly Cluster[]> {
  const { files, folders, errors } = readInputs([...clusterPaths(config), ...args.clusters], io);
  const [error] = errors;
  if (error !== undefined) throw error;
  const parameters = [...valuesOf(config, 'parameters'), ...args.parameters].map((path) =>
    readNamedFile(path, io),
  );
  const valueFiles = [...valuesOf(config, 'varFiles'), ...args.valueFiles];
  const cache = args.bicepCache ?? bicepCache(io);
  const bicep = await bicepFor(
    [...files, ...parameters],
    { folders, sourceRoot: undefined, reader: args.bicep, cache },
    io,
  );
  const terraform = await terraformFor(files, { folders, valueFiles }, io.cwd);
  const hint = settleCloud([...files, ...parameters]);
  const [first] = clustersOf(args, config, hint);
  const cloud: Cloud = first?.profile.cloud ?? 'AzureCloud';
  const parsed = parseInputs([], { cloud, parameters, basePolicies: [], clusters: files, terraform, bicep });
  return clustersOf(args, config, hint, inferClusters(parsed));
}
