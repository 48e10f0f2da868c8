import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import {
  profileForReport,
  profileFromConfig,
  resolveProfile,
  type FactName,
  type ProfileFact,
  type ProfileFlags,
  type ProfilePart,
} from '../../src/profile/index.ts';

const config = (raw: unknown, pointer = '/profile'): ProfilePart =>
  profileFromConfig(raw, { path: 'lint.yaml', pointer });

function inferred(facts: Partial<Record<FactName, ProfileFact['value']>>): ProfilePart {
  const known = Object.entries(facts) as [FactName, ProfileFact['value']][];
  return {
    facts: new Map(
      known.map(([name, value]) => [name, { value, from: 'inferred', path: 'aks.json', pointer: '/x' }]),
    ),
  };
}

describe('resolveProfile', () => {
  it('is a public AzureCloud cluster with Ubuntu nodes and no feature where nothing is said', () => {
    const profile = resolveProfile();
    expect(profile).toMatchObject({ base: 'public', given: false, cloud: 'AzureCloud', notes: [] });
    expect(profile.region).toBeUndefined();
    expect(profile.sources).toBeUndefined();
    const values = Object.fromEntries([...profile.facts].map(([name, { value }]) => [name, value]));
    expect(values).toMatchObject({
      privateCluster: false,
      vnetIntegration: false,
      networkIsolated: false,
      konnectivity: true,
      customDns: false,
      ubuntuNodes: true,
      azureLinuxNodes: false,
      windowsNodes: false,
      gpuNodes: false,
      nodeOsUpgradeChannel: 'NodeImage',
      nodesSinceMarch2021: true,
    });
    const on = Object.entries(values).filter(([name, value]) => name.includes('.') && value !== false);
    expect(on).toEqual([]);
    expect([...profile.facts.values()].every(({ from }) => from === 'default')).toBe(true);
  });

  it('leaves open by default exactly what has no safe default', () => {
    const open = (flags: ProfileFlags): string[] =>
      [...resolveProfile({ flags }).facts]
        .filter(([, { value }]) => value === undefined)
        .map(([name]) => name);
    const always = ['podsCallApiServerByIp', 'localDns', 'keyVaultCertificates'];
    expect(open({})).toEqual(always);
    expect(open({ cloud: 'AzureChinaCloud' })).toEqual(['konnectivity', ...always]);
    expect(open({ cloud: 'AzureUSGovernment' })).toEqual(['konnectivity', ...always]);
    expect(open({ profile: 'network-isolated' })).toEqual([
      ...always,
      'reachedPrivately.key-vault',
      'reachedPrivately.monitor',
      'reachedPrivately.storage',
    ]);
  });

  it('has named profiles', () => {
    const value = (name: string, fact: FactName): unknown =>
      resolveProfile({ flags: { profile: name } }).facts.get(fact)?.value;
    expect(value('public', 'privateCluster')).toBe(false);
    expect(value('private', 'privateCluster')).toBe(true);
    expect(value('private', 'networkIsolated')).toBe(false);
    expect(value('network-isolated', 'networkIsolated')).toBe(true);
    expect(value('network-isolated', 'reachedPrivately.acr')).toBe(true);
  });

  it('lets flags win over the configuration, that over what the input shows, that over defaults', () => {
    const seen = inferred({ privateCluster: true, gpuNodes: true, konnectivity: false, ubuntuNodes: false });
    const { facts } = resolveProfile({
      flags: { features: ['gpu'] },
      config: [config({ privateCluster: false, gpuNodes: false, nodeOs: ['ubuntu'] })],
      inferred: seen,
    });
    expect(facts.get('gpuNodes')).toEqual({ value: true, from: 'flag' });
    expect(facts.get('privateCluster')).toMatchObject({ value: false, from: 'config' });
    expect(facts.get('konnectivity')).toMatchObject({ value: false, from: 'inferred', path: 'aks.json' });
    expect(facts.get('localDns')).toEqual({ value: undefined, from: 'default' });
  });

  it('lets a profile named by flag win over facts of the configuration, and facts beside a name over the name', () => {
    const flag = resolveProfile({
      flags: { profile: 'private' },
      config: [config({ privateCluster: false })],
    });
    expect(flag.facts.get('privateCluster')).toMatchObject({ value: true, from: 'flag' });
    const beside = resolveProfile({ config: [config({ base: 'private', privateCluster: 'unknown' })] });
    expect(beside.facts.get('privateCluster')).toMatchObject({ value: undefined, from: 'config' });
    expect(beside.base).toBe('private');
  });

  it('lets a profile named by flag replace one that the configuration names', () => {
    const { base, facts } = resolveProfile({
      flags: { profile: 'public' },
      config: [config({ base: 'network-isolated', region: 'westeurope' })],
    });
    expect(base).toBe('public');
    expect(facts.get('networkIsolated')).toEqual({ value: false, from: 'flag' });
    expect(facts.get('reachedPrivately.mcr')).toEqual({ value: false, from: 'default' });
    expect(facts.get('reachedPrivately.key-vault')).toEqual({ value: false, from: 'default' });
  });

  it('lets the profile that a cluster names replace the one for all clusters', () => {
    const cluster = config({ base: 'private' }, '/clusters/0/profile');
    const { facts } = resolveProfile({ config: [cluster, config('network-isolated')] });
    expect(facts.get('privateCluster')?.value).toBe(true);
    expect(facts.get('networkIsolated')?.value).toBe(false);
    expect(facts.get('reachedPrivately.acr')?.value).toBe(false);
  });

  it('leaves open what a named profile leaves open only where nobody says it', () => {
    const reachedPrivately = ['key-vault', 'monitor'];
    for (const input of [
      { flags: { profile: 'network-isolated' }, config: [config({ reachedPrivately })] },
      { config: [config({ base: 'network-isolated', reachedPrivately })] },
      { config: [config({ reachedPrivately }, '/clusters/0/profile'), config('network-isolated')] },
    ]) {
      const { facts } = resolveProfile(input);
      expect(facts.get('reachedPrivately.key-vault')).toMatchObject({ value: true, from: 'config' });
      expect(facts.get('reachedPrivately.monitor')).toMatchObject({ value: true, from: 'config' });
      expect(facts.get('reachedPrivately.storage')).toMatchObject({ value: false, from: 'config' });
    }
  });

  it('adds the services that are reached privately to those that the named profile settles', () => {
    const { facts } = resolveProfile({
      config: [config({ base: 'network-isolated', reachedPrivately: ['key-vault'] })],
    });
    const said = { value: true, from: 'config', path: 'lint.yaml', pointer: '/profile/base' };
    expect(facts.get('reachedPrivately.mcr')).toEqual(said);
    expect(facts.get('reachedPrivately.acr')).toEqual(said);
  });

  it('lets a cluster’s own part win over the part for all clusters', () => {
    const cluster = config({ gpuNodes: true }, '/clusters/0/profile');
    const all = config({ gpuNodes: false, region: 'westeurope' });
    const profile = resolveProfile({ config: [cluster, all] });
    expect(profile.facts.get('gpuNodes')).toMatchObject({
      value: true,
      pointer: '/clusters/0/profile/gpuNodes',
    });
    expect(profile.region?.value).toBe('westeurope');
  });

  it('adds features of flags to those of the configuration', () => {
    const profile = resolveProfile({
      flags: { features: ['azure-policy, defender', 'windows'] },
      config: [config({ features: ['acr'] })],
    });
    for (const id of ['azure-policy', 'defender', 'acr'] as const)
      expect(profile.facts.get(`features.${id}`)?.value).toBe(true);
    expect(profile.facts.get('features.istio')).toMatchObject({ value: false, from: 'config' });
    expect(profile.facts.get('windowsNodes')?.value).toBe(true);
    expect(profile.facts.get('ubuntuNodes')?.value).toBe(true);
  });

  it('keeps a feature that the input shows where flags name others', () => {
    const seen = inferred({ 'features.defender': true });
    const profile = resolveProfile({ flags: { features: ['azure-policy'] }, inferred: seen });
    expect(profile.facts.get('features.defender')).toMatchObject({ value: true, from: 'inferred' });
  });

  it('knows whether anybody gave a profile', () => {
    expect(resolveProfile({ inferred: inferred({ privateCluster: true }) }).given).toBe(false);
    expect(resolveProfile({ flags: { profile: 'public' } }).given).toBe(true);
    expect(resolveProfile({ config: [config({})] }).given).toBe(false);
    expect(resolveProfile({ config: [config({ region: 'westeurope' })] }).given).toBe(true);
  });
});

describe('cloud and region', () => {
  it('takes the cloud from the region where nobody names one', () => {
    const profile = resolveProfile({ flags: { region: 'usgovvirginia' } });
    expect(profile.cloud).toBe('AzureUSGovernment');
    expect(profile.facts.get('cloud')).toEqual({ value: 'AzureUSGovernment', from: 'flag' });
    expect(profile.facts.get('konnectivity')?.value).toBeUndefined();
  });

  it('refuses a region of another cloud than the one that was named', () => {
    expect(() => resolveProfile({ flags: { cloud: 'AzureCloud', region: 'chinaeast2' } })).toThrow(
      'The region chinaeast2 (from a flag) is in AzureChinaCloud, but the cloud is AzureCloud (from a flag). Correct one of them.',
    );
    expect(() =>
      resolveProfile({ flags: { region: 'westeurope' }, config: [config({ cloud: 'AzureChinaCloud' })] }),
    ).toThrow('the cloud is AzureChinaCloud (lint.yaml, /profile/cloud)');
  });

  it('takes the cloud from a region that was named rather than from what the input shows', () => {
    const profile = resolveProfile({
      flags: { region: 'chinaeast2' },
      inferred: inferred({ cloud: 'AzureCloud' }),
    });
    expect(profile.cloud).toBe('AzureChinaCloud');
    expect(profile.facts.get('cloud')).toEqual({ value: 'AzureChinaCloud', from: 'flag' });
  });

  it.each([
    ['contoso-1a2b3c4d.hcp.westeurope.azmk8s.io', 'AzureCloud', 'westeurope'],
    ['contoso-1a2b3c4d.hcp.chinaeast2.cx.prod.service.azk8s.cn', 'AzureChinaCloud', 'chinaeast2'],
    [
      'contoso-1a2b3c4d.hcp.usgovvirginia.cx.aks.containerservice.azure.us',
      'AzureUSGovernment',
      'usgovvirginia',
    ],
    ['contoso-1a2b.0f9e8d7c.privatelink.westus3.azmk8s.io', 'AzureCloud', 'westus3'],
  ] as const)('takes cloud and region from the API server’s name %s', (apiServerFqdn, cloud, region) => {
    const profile = resolveProfile({ config: [config({ apiServerFqdn })] });
    const origin = { from: 'config', path: 'lint.yaml', pointer: '/profile/apiServerFqdn' };
    expect(profile.cloud).toBe(cloud);
    expect(profile.facts.get('cloud')).toEqual({ value: cloud, ...origin });
    expect(profile.region).toEqual({ value: region, ...origin });
  });

  it('takes nothing from an API server’s name of a domain of one’s own', () => {
    const profile = resolveProfile({ config: [config({ apiServerFqdn: 'api.aks.contoso.example' })] });
    expect(profile.region).toBeUndefined();
    expect(profile.facts.get('cloud')).toEqual({ value: 'AzureCloud', from: 'default' });
  });

  it('refuses an API server of another cloud or region than the one that was named', () => {
    const apiServerFqdn = 'contoso-1a2b3c4d.hcp.eastus.azmk8s.io';
    expect(() => resolveProfile({ config: [config({ apiServerFqdn, region: 'westeurope' })] })).toThrow(
      'The API server contoso-1a2b3c4d.hcp.eastus.azmk8s.io (lint.yaml, /profile/apiServerFqdn) is in eastus, but the region is westeurope (lint.yaml, /profile/region). Correct one of them.',
    );
    expect(() =>
      resolveProfile({ flags: { cloud: 'AzureChinaCloud' }, config: [config({ apiServerFqdn })] }),
    ).toThrow('is in AzureCloud, but the cloud is AzureChinaCloud (from a flag). Correct one of them.');
  });

  it('accepts a region that is newer than the data and says so', () => {
    const profile = resolveProfile({ flags: { region: 'westeurop' } });
    expect(profile.region?.value).toBe('westeurop');
    expect(profile.notes).toEqual([
      "The region westeurop is not among those of AzureCloud that this version knows. Did you mean 'westeurope'?",
    ]);
  });

  it('refuses what can be no region', () => {
    expect(() => resolveProfile({ flags: { region: 'west.europe' } })).toThrow(UsageError);
  });

  it('reads the display name of a region', () => {
    expect(resolveProfile({ flags: { region: 'West Europe' } }).region?.value).toBe('westeurope');
  });
});

describe('wrong flags', () => {
  it.each([
    [
      { profile: 'privat' },
      "--profile: there is no profile 'privat'. Did you mean 'private'? Expected public, private, network-isolated.",
    ],
    [
      { cloud: 'AzureChina' },
      "--cloud: there is no cloud 'AzureChina'. Expected AzureCloud, AzureChinaCloud, AzureUSGovernment.",
    ],
  ])('are named with what was meant and what there is: %j', (flags, message) => {
    expect(() => resolveProfile({ flags })).toThrow(message.split(' Expected')[0]);
    expect(() => resolveProfile({ flags })).toThrow(UsageError);
  });

  it('include features', () => {
    expect(() => resolveProfile({ flags: { features: ['azure-policy,defendr'] } })).toThrow(
      "--feature: there is no feature 'defendr'. Did you mean 'defender'?",
    );
    expect(() => resolveProfile({ flags: { features: ['defender,'] } })).toThrow("there is no feature ''");
  });
});

describe('profileForReport', () => {
  it('shows facts by the names of the configuration, unknown ones as such, features as a list', () => {
    const report = profileForReport(
      resolveProfile({ flags: { region: 'westeurope', features: ['defender', 'azure-policy'] } }),
    );
    expect(report).toMatchObject({
      cloud: { value: 'AzureCloud', from: 'flag' },
      region: { value: 'westeurope', from: 'flag' },
      privateCluster: { value: false, from: 'default' },
      localDns: { value: 'unknown', from: 'default' },
      features: { value: ['defender', 'azure-policy'], from: 'flag' },
      reachedPrivately: { value: [], from: 'default' },
    });
  });
});
