import { describe, expect, it } from 'vitest';
import { cloudOfHost } from '../../src/azure/cloud-hosts.ts';
import { retiredAddress, retiredEndpoint } from '../../src/azure/retired-endpoints.ts';

describe('cloudOfHost', () => {
  it.each([
    ['management.azure.com', 'AzureCloud', 'AzureChinaCloud', 'management.chinacloudapi.cn'],
    ['login.microsoftonline.com', 'AzureCloud', 'AzureUSGovernment', 'login.microsoftonline.us'],
    ['login.partner.microsoftonline.cn', 'AzureChinaCloud', 'AzureCloud', 'login.microsoftonline.com'],
    [
      '*.hcp.chinaeast2.cx.prod.service.azk8s.cn',
      'AzureChinaCloud',
      'AzureCloud',
      '*.hcp.chinaeast2.azmk8s.io',
    ],
    [
      '*.hcp.eastus.azmk8s.io',
      'AzureCloud',
      'AzureUSGovernment',
      '*.hcp.eastus.cx.aks.containerservice.azure.us',
    ],
    ['*.vault.azure.net', 'AzureCloud', 'AzureChinaCloud', '*.vault.azure.cn'],
    ['data.policy.core.windows.net', 'AzureCloud', 'AzureUSGovernment', 'data.policy.azure.us'],
    ['*.blob.core.windows.net', 'AzureCloud', 'AzureUSGovernment', '*.blob.core.usgovcloudapi.net'],
    ['*.ods.opinsights.azure.us', 'AzureUSGovernment', 'AzureCloud', '*.ods.opinsights.azure.com'],
    [
      'westeurope.dp.kubernetesconfiguration.azure.com',
      'AzureCloud',
      'AzureUSGovernment',
      'westeurope.dp.kubernetesconfiguration.azure.us',
    ],
  ] as const)('knows that %s is of %s, and its counterpart in %s', (host, cloud, other, counterpart) => {
    const found = cloudOfHost(host);
    expect(found?.cloud).toBe(cloud);
    expect(found?.usedIn).toEqual([cloud]);
    expect(found?.counterparts[other]).toBe(counterpart);
    expect(found?.counterparts[cloud]).toBeUndefined();
  });

  it('compares without case', () => {
    expect(cloudOfHost('Management.Azure.COM')?.cloud).toBe('AzureCloud');
  });

  it('has no counterpart where a service exists in one cloud only', () => {
    expect(cloudOfHost('mcr.azure.cn')).toEqual({
      cloud: 'AzureChinaCloud',
      counterparts: {},
      usedIn: ['AzureChinaCloud'],
    });
  });

  it('knows hosts of the public cloud that others use too', () => {
    expect(cloudOfHost('*.in.applicationinsights.azure.com')?.usedIn).toEqual([
      'AzureCloud',
      'AzureChinaCloud',
      'AzureUSGovernment',
    ]);
  });

  it.each([
    'mcr.microsoft.com',
    'packages.aks.azure.com',
    'dc.services.visualstudio.com',
    'evilmanagement.azure.com',
    '*',
    'example.com',
  ])('assigns %s to no cloud', (host) => {
    expect(cloudOfHost(host)).toBeUndefined();
  });
});

describe('retiredEndpoint', () => {
  it.each([
    ['onegetcdn.azureedge.net', 'retired', 'cdn.oneget.org'],
    ['ONEGETCDN.azureedge.net', 'retired', 'cdn.oneget.org'],
    ['*.cdn.mscr.io', 'retired', '*.data.mcr.microsoft.com'],
    ['*cdn.mscr.io', 'retired', '*.data.mcr.microsoft.com'],
    ['eus2mr1.cdn.mscr.io', 'retired', '*.data.mcr.microsoft.com'],
    ['*.tun.eastus2.azmk8s.io', 'retired', '*.hcp.eastus2.azmk8s.io'],
    ['*.tun.<region>.azmk8s.io', 'retired', '*.hcp.<region>.azmk8s.io'],
    ['apt.dockerproject.org', 'retired', 'download.docker.com'],
    ['aksrepos.azurecr.io', 'retired', 'mcr.microsoft.com'],
    ['gov-prod-policy-data.trafficmanager.net', 'retired', 'data.policy.core.windows.net'],
    ['acs-mirror.azureedge.net', 'superseded', 'packages.aks.azure.com'],
    ['vault.azure.net', 'never', '*.vault.azure.net'],
  ])('knows %s', (pattern, kind, replacement) => {
    expect(retiredEndpoint(pattern, 'AzureCloud')).toMatchObject({ kind, replacement });
  });

  it('fills the region into the evidence', () => {
    expect(retiredEndpoint('*.tun.eastus2.azmk8s.io', 'AzureCloud')?.evidence).toContain(
      '*.hcp.eastus2.azmk8s.io',
    );
  });

  it.each([
    ['*.tun.chinaeast2.cx.prod.service.azk8s.cn', 'AzureChinaCloud'],
    ['acs-mirror.azureedge.net', 'AzureChinaCloud'],
    ['mcr.microsoft.com', 'AzureCloud'],
    ['contoso.vault.azure.net', 'AzureCloud'],
    ['*.vault.azure.net', 'AzureCloud'],
    ['*.azmk8s.io', 'AzureCloud'],
    ['*.mscr.io', 'AzureCloud'],
    ['evilcdn.mscr.io', 'AzureCloud'],
    ['xonegetcdn.azureedge.net', 'AzureCloud'],
    ['*', 'AzureCloud'],
  ] as const)('does not call %s retired in %s', (pattern, cloud) => {
    expect(retiredEndpoint(pattern, cloud)).toBeUndefined();
  });
});

describe('literal addresses', () => {
  it('of ntp.ubuntu.com are recognised, with or without a prefix', () => {
    expect(retiredAddress('91.189.89.198')).toMatchObject({
      was: 'ntp.ubuntu.com',
      replacement: 'ntp.ubuntu.com',
    });
    expect(retiredAddress('91.189.94.4/32')?.was).toBe('ntp.ubuntu.com');
    expect(retiredAddress('91.189.89.0/24')).toBeUndefined();
    expect(retiredAddress('8.8.8.8')).toBeUndefined();
  });
});
