import { cloudOfHost } from '../azure/cloud-hosts.ts';
import { cloudOfRegion, normaliseRegion, regionsOf } from '../azure/regions.ts';
import type { FactValue } from '../conditions/grammar.ts';
import { UsageError } from '../errors.ts';
import type { Cloud } from '../model/policy.ts';
import { didYouMean } from './did-you-mean.ts';
import { CLOUDS } from './facts.ts';
import { originOf, type OpenFact, type ProfileFact } from './profile.ts';

/** Where a cluster is, of all that is said about it. */
export interface Location {
  readonly cloud: ProfileFact & { readonly value: Cloud };
  readonly region?: OpenFact<string>;
  /** Finished sentences. */
  readonly notes: readonly string[];
}

/**
 * The cloud that was named; else the one that region or API server is in; else what the input shows; else the default. The
 * region that was named; else the one in the API server's name.
 *
 * @throws {UsageError} where they contradict each other, or the region is no name of one
 */
export function settleLocation(
  said: ProfileFact | undefined,
  named: OpenFact<string> | undefined,
  apiServer: OpenFact<string> | undefined,
): Location {
  const server = locationOfApiServer(apiServer);
  const region = named === undefined ? server?.region : { ...named, value: normaliseRegion(named.value) };
  const home = region === undefined ? undefined : cloudOfRegion(region.value);
  const cloud = cloudOf(said, home === undefined ? undefined : region, server);
  const where = `The API server ${apiServer?.value ?? ''}${placeOf(apiServer)} is in`;
  if (server !== undefined && server.cloud.value !== cloud.value) {
    throw new UsageError(
      `${where} ${server.cloud.value}, but the cloud is ${cloud.value}${placeOf(cloud)}. Correct one of them.`,
    );
  }
  if (region === undefined) return { cloud, notes: [] };
  if (home !== undefined && home !== cloud.value) {
    throw new UsageError(
      `The region ${region.value}${placeOf(region)} is in ${home}, but the cloud is ${cloud.value}${placeOf(cloud)}. Correct one of them.`,
    );
  }
  if (!/^[a-z0-9]+$/.test(region.value)) {
    throw new UsageError(
      `'${region.value}'${placeOf(region)} is no region. Expected a name such as ${regionsOf(cloud.value)[0] ?? ''}.`,
    );
  }
  if (server?.region !== undefined && server.region.value !== region.value) {
    throw new UsageError(
      `${where} ${server.region.value}, but the region is ${region.value}${placeOf(region)}. Correct one of them.`,
    );
  }
  if (home !== undefined) return { cloud, region, notes: [] };
  const hint = didYouMean(region.value, regionsOf(cloud.value));
  const note = `The region ${region.value} is not among those of ${cloud.value} that this version knows.${hint}`;
  return { cloud, region, notes: [note] };
}

/** What the input shows yields to what a flag or the configuration says of the region or the API server. */
function cloudOf(
  said: ProfileFact | undefined,
  region: OpenFact<string> | undefined,
  server: ApiServerLocation | undefined,
): Location['cloud'] {
  const name = CLOUDS.find((known) => known === said?.value);
  if (name !== undefined && said?.from !== 'inferred') return { ...originOf(said), value: name };
  const home = region === undefined ? undefined : cloudOfRegion(region.value);
  if (region !== undefined && home !== undefined) return { ...originOf(region), value: home };
  if (server !== undefined) return server.cloud;
  return { ...originOf(said), value: name ?? CLOUDS[0] };
}

export interface ApiServerLocation {
  readonly cloud: Location['cloud'];
  readonly region?: OpenFact<string>;
}

/** `name.hcp.<region>.<suffix of the cloud>`, for private clusters `name.<id>.privatelink.<region>.<suffix>`. */
export function locationOfApiServer(apiServer: OpenFact<string> | undefined): ApiServerLocation | undefined {
  const cloud = apiServer === undefined ? undefined : cloudOfHost(apiServer.value)?.cloud;
  if (apiServer === undefined || cloud === undefined) return undefined;
  const region = /\.(?:hcp|privatelink)\.([a-z0-9]+)\./.exec(apiServer.value)?.[1];
  const origin = originOf(apiServer);
  return {
    cloud: { ...origin, value: cloud },
    ...(region === undefined ? {} : { region: { ...origin, value: region } }),
  };
}

function placeOf(fact: OpenFact<FactValue | undefined> | ProfileFact | undefined): string {
  if (fact === undefined) return '';
  const { from, path, pointer } = fact;
  if (from === 'flag') return ' (from a flag)';
  return path === undefined ? '' : ` (${path}${pointer === undefined ? '' : `, ${pointer}`})`;
}
