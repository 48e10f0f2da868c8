import { describe, expect, it } from 'vitest';
import { fqdnTag, fqdnTagHolds, fqdnTags } from '../../src/azure/fqdn-tags.ts';
import { serviceTag, serviceTagNames, tagsForName } from '../../src/azure/service-tags.ts';

describe('FQDN tags', () => {
  it('are found without regard to case, in ARM’s spelling', () => {
    expect(fqdnTag('azurekubernetesservice')).toBe('AzureKubernetesService');
    expect(fqdnTag('hdinsight')).toBe('HDInsight');
    expect(fqdnTag('office365.exchange.optimize')).toBe('Office365.Exchange.Optimize');
    expect(fqdnTag('Azure Kubernetes Service')).toBeUndefined();
    expect(fqdnTag('AzureCloud')).toBeUndefined();
  });

  it('are listed once each', () => {
    const lower = fqdnTags().map((tag) => tag.toLowerCase());
    expect(new Set(lower).size).toBe(lower.length);
  });

  const AKS = 'AzureKubernetesService';
  const holds = (tag: string, host: Parameters<typeof fqdnTagHolds>[1]): string =>
    fqdnTagHolds(tag, host).holds;

  it('hold the core tables for sure', () => {
    expect(holds(AKS, { pattern: 'mcr.microsoft.com', row: 'T02.02' })).toBe('yes');
    expect(holds(AKS, { pattern: '*.azk8s.cn', row: 'T04.08' })).toBe('yes');
    expect(holds('azurekubernetesservice', { pattern: 'login.microsoftonline.us', row: 'T06.05' })).toBe(
      'yes',
    );
  });

  it('hold the tables of add-ons perhaps, and say who disputes it', () => {
    const answer = fqdnTagHolds(AKS, { pattern: 'data.policy.core.windows.net', row: 'T17.01' });
    expect(answer.holds).toBe('maybe');
    expect(answer.evidence).toContain('Azure/AKS#2215');
    for (const row of [
      'T07.01',
      'T08.01',
      'T09.02',
      'T10.01',
      'T11.02',
      'T12.01',
      'T14.01',
      'T21.01',
      'T22.01',
    ])
      expect(holds(AKS, { pattern: 'x.example.com', row }), row).toBe('maybe');
    expect(holds(AKS, { pattern: '*.cloud.defender.microsoft.com' })).toBe('maybe');
  });

  it('hold nothing of network tables, nothing that clusters were denied, nothing unheard of', () => {
    expect(holds(AKS, { pattern: 'ntp.ubuntu.com', row: 'T01.03' })).toBe('no');
    expect(holds(AKS, { pattern: 'mcrprod.azurecr.io' })).toBe('no');
    expect(holds(AKS, { pattern: '*.azurecr.io', feature: 'acr' })).toBe('no');
    expect(holds('WindowsUpdate', { pattern: 'mcr.microsoft.com', row: 'T02.02' })).toBe('no');
  });

  it('other than AKS’s may hold what their services need', () => {
    expect(holds('WindowsUpdate', { pattern: 'ctldl.windowsupdate.com', row: 'T09.02' })).toBe('maybe');
    expect(holds('AzureBackup', { pattern: '*.core.windows.net', feature: 'azure-backup' })).toBe('maybe');
  });
});

describe('service tags', () => {
  it('are found without regard to case', () => {
    expect(serviceTag('AZURECLOUD')).toMatchObject({ name: 'AzureCloud', regional: true, firewall: true });
    expect(serviceTag('Internet')).toMatchObject({ name: 'Internet', firewall: false });
  });

  it('are split from their region', () => {
    expect(serviceTag('Storage.WestEurope')).toMatchObject({ name: 'Storage', region: 'westeurope' });
    expect(serviceTag('AzureCloud.centralfrance')).toMatchObject({
      name: 'AzureCloud',
      region: 'centralfrance',
    });
  });

  it('may have a dot in their name', () => {
    const tag = serviceTag('azurefrontdoor.firstparty');
    expect(tag).toMatchObject({ name: 'AzureFrontDoor.FirstParty' });
    expect(tag).not.toHaveProperty('region');
  });

  it.each([
    'AzureKubernetesService',
    'AzureFrontDoor',
    'Azure',
    'AzureMonitor.westeurope',
    'AzureCloud.',
    '',
    '.',
  ])('do not include %j', (text) => {
    expect(serviceTag(text)).toBeUndefined();
  });

  it('are listed once each', () => {
    const lower = serviceTagNames().map((tag) => tag.toLowerCase());
    expect(new Set(lower).size).toBe(lower.length);
  });
});

describe('tagsForName', () => {
  const sets = (name: string, cloud: Parameters<typeof tagsForName>[1] = 'AzureCloud'): string[] =>
    tagsForName(name, cloud)
      .filter(({ certainty }) => certainty === 'documented')
      .map(({ tags }) => tags.join(' + '));

  it('needs two tags together for Microsoft Artifact Registry', () => {
    expect(sets('mcr.microsoft.com')).toEqual(['MicrosoftContainerRegistry + AzureFrontDoor.FirstParty']);
    expect(sets('*.data.mcr.microsoft.com')).toEqual([
      'MicrosoftContainerRegistry + AzureFrontDoor.FirstParty',
    ]);
  });

  it.each([
    ['login.microsoftonline.com', 'AzureCloud', 'AzureActiveDirectory'],
    ['login.chinacloudapi.cn', 'AzureChinaCloud', 'AzureActiveDirectory'],
    ['login.microsoftonline.us', 'AzureUSGovernment', 'AzureActiveDirectory'],
    ['management.azure.com', 'AzureCloud', 'AzureResourceManager'],
    ['management.usgovcloudapi.net', 'AzureUSGovernment', 'AzureResourceManager'],
    ['*.ods.opinsights.azure.com', 'AzureCloud', 'AzureMonitor'],
    ['westeurope.handler.control.monitor.azure.com', 'AzureCloud', 'AzureMonitor'],
    ['*.metrics.ingest.monitor.azure.cn', 'AzureChinaCloud', 'AzureMonitor'],
    ['*.vault.azure.net', 'AzureCloud', 'AzureKeyVault'],
    ['contoso.vault.azure.net', 'AzureCloud', 'AzureKeyVault'],
    ['*.blob.core.windows.net', 'AzureCloud', 'Storage'],
    ['*.azurecr.io', 'AzureCloud', 'AzureContainerRegistry'],
    ['*.hcp.westeurope.azmk8s.io', 'AzureCloud', 'AzureCloud'],
  ] as const)('knows the tag of %s in %s', (name, cloud, tag) => {
    expect(sets(name, cloud)).toContain(tag);
  });

  it('does not know a tag for a name of another cloud, nor for a pattern wider than the documented one', () => {
    expect(sets('login.microsoftonline.com', 'AzureChinaCloud')).toEqual([]);
    expect(sets('*.azure.com')).toEqual([]);
    expect(sets('packages.aks.azure.com')).toEqual([]);
    expect(sets('packages.microsoft.com')).toEqual([]);
  });

  it('names only tags that exist', () => {
    for (const name of [
      'mcr.microsoft.com',
      '*.vault.azure.net',
      'westeurope.dp.kubernetesconfiguration.azure.com',
    ])
      for (const { tags } of tagsForName(name, 'AzureCloud'))
        for (const tag of tags) expect(serviceTag(tag)?.name).toBe(tag);
  });

  it('marks what is only likely', () => {
    expect(tagsForName('westeurope.dp.kubernetesconfiguration.azure.com', 'AzureCloud')).toMatchObject([
      { tags: ['AzureArcInfrastructure'], certainty: 'likely' },
    ]);
  });
});
