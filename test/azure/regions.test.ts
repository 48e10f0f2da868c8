import { describe, expect, it } from 'vitest';
import {
  azureCloudTagRegion,
  cloudOfRegion,
  normaliseRegion,
  regionOfAzureCloudTag,
  regionsOf,
} from '../../src/azure/regions.ts';

describe('regions', () => {
  it('are listed by cloud', () => {
    expect(regionsOf('AzureCloud')).toEqual(
      expect.arrayContaining(['westeurope', 'eastus2', 'japaneast', 'centralindia']),
    );
    expect(regionsOf('AzureChinaCloud')).toEqual([
      'chinaeast',
      'chinaeast2',
      'chinaeast3',
      'chinanorth',
      'chinanorth2',
      'chinanorth3',
    ]);
    expect(regionsOf('AzureUSGovernment')).toContain('usgovvirginia');
  });

  it('are in one cloud only, in alphabetical order', () => {
    const clouds = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'] as const;
    const all = clouds.flatMap((cloud) => regionsOf(cloud));
    expect(new Set(all).size).toBe(all.length);
    for (const cloud of clouds) expect(regionsOf(cloud)).toEqual([...regionsOf(cloud)].sort());
  });

  it('tell their cloud', () => {
    expect(cloudOfRegion('westeurope')).toBe('AzureCloud');
    expect(cloudOfRegion('chinaeast2')).toBe('AzureChinaCloud');
    expect(cloudOfRegion('usdodeast')).toBe('AzureUSGovernment');
    expect(cloudOfRegion('moonbase1')).toBeUndefined();
  });

  it('are written in lower case without spaces', () => {
    expect(normaliseRegion('West Europe')).toBe('westeurope');
    expect(normaliseRegion('US Gov Virginia')).toBe('usgovvirginia');
  });

  it('are spelled otherwise by some AzureCloud tags, as Microsoft lists', () => {
    const listed = {
      francecentral: 'centralfrance',
      francesouth: 'southfrance',
      germanywestcentral: 'germanywc',
      germanynorth: 'germanyn',
      norwayeast: 'norwaye',
      norwaywest: 'norwayw',
      switzerlandnorth: 'switzerlandn',
      switzerlandwest: 'switzerlandw',
    };
    for (const [region, tag] of Object.entries(listed)) {
      expect(azureCloudTagRegion(region)).toBe(tag);
      expect(regionOfAzureCloudTag(tag)).toBe(region);
      expect(regionsOf('AzureCloud')).toContain(region);
    }
    // Not on that page, but so in Microsoft's lists of service tags.
    expect(azureCloudTagRegion('brazilsoutheast')).toBe('brazilse');
    expect(azureCloudTagRegion('chilecentral')).toBe('chilec');
    expect(azureCloudTagRegion('westeurope')).toBe('westeurope');
    expect(regionOfAzureCloudTag('WestEurope')).toBe('westeurope');
  });
});
