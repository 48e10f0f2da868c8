import data from '../../rules/azure/regions.json' with { type: 'json' };
import type { Cloud } from '../model/policy.ts';

const TAG_REGIONS = new Map([
  ...Object.entries(data.azureCloudTagRegions.names),
  ...Object.entries(data.azureCloudTagRegionsInLists.names),
]);
const REGIONS_OF_TAGS = new Map([...TAG_REGIONS].map(([region, tag]) => [tag, region]));

/** Names of the cloud's regions as ARM writes them, in alphabetical order. New regions appear after the data was read. */
export function regionsOf(cloud: Cloud): readonly string[] {
  return data.regions[cloud];
}

/** The cloud that has the region; undefined for a region that this version does not know. */
export function cloudOfRegion(region: string): Cloud | undefined {
  const clouds = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'] as const satisfies readonly Cloud[];
  return clouds.find((cloud) => data.regions[cloud].includes(region));
}

/** "West Europe" and "westeurope" are the same region; ARM writes the second. */
export function normaliseRegion(text: string): string {
  return text.toLowerCase().replaceAll(/\s/g, '');
}

/**
 * A region as the regional AzureCloud tags spell it: `francecentral` is `AzureCloud.centralfrance`.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview#discover-service-tags-by-using-downloadable-json-files
 */
export function azureCloudTagRegion(region: string): string {
  return TAG_REGIONS.get(region) ?? region;
}

/** The region that a suffix of the AzureCloud tag means; the suffix itself where it is spelled like the region. */
export function regionOfAzureCloudTag(suffix: string): string {
  const plain = suffix.toLowerCase();
  return REGIONS_OF_TAGS.get(plain) ?? plain;
}
