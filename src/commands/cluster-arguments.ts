import { BICEP_READERS, type BicepReader } from './options.ts';
import type { ParsedValues } from './parsed-values.ts';

/** What may hold a cluster, and what it takes to read it. */
export interface ClusterFileArguments {
  /** Files and folders of --cluster. */
  readonly clusters: readonly string[];
  readonly parameters: readonly string[];
  /** Of --var-file, in order. */
  readonly valueFiles: readonly string[];
  readonly bicep: BicepReader;
  readonly bicepCache: string | undefined;
}

export function clusterFileArguments(values: ParsedValues): ClusterFileArguments {
  return {
    clusters: values.many('cluster'),
    parameters: values.many('parameters'),
    valueFiles: values.many('var-file'),
    bicep: values.choice('bicep', BICEP_READERS) ?? 'source',
    bicepCache: values.one('bicep-cache'),
  };
}
