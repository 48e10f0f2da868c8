import { describe, expect, test } from 'vitest';
import { endpointFacts, knowledgeFor } from '../../src/coverage/knowledge.ts';
import { symbolOf } from '../../src/model/symbol.ts';
import { row } from './rows.ts';

const facts = endpointFacts('AzureCloud');
const rows = [
  row('core/mcr', ['mcr.microsoft.com'], { row: 'T02.02' }),
  row('azure-policy/data', ['data.policy.core.windows.net'], { row: 'T17.01' }),
];
const knowledge = knowledgeFor(rows, { cloud: 'AzureCloud', privateNames: ['*.contoso.internal'] });

describe('tags', () => {
  test.each([
    'AzureCloud.*',
    'AzureKubernetesService',
    'AzureMonitr',
    'Azure Cloud',
    'AzureCloud.westeruope',
  ])('%s is no service tag', (tag) => {
    expect(facts.isNoServiceTag(tag)).toBe(true);
  });

  test.each([
    'AzureCloud',
    'azurecloud.WestEurope',
    'AzureFrontDoor.FirstParty',
    'Storage.EastUS2',
    'Storage.eastus9',
    'AzureCloud.germanywc',
    'AzureCloud.atlantis',
    `AzureCloud.${symbolOf("parameters('location')")}`,
    'QuantumTeleportationGateway',
  ])('%s may be one', (tag) => {
    expect(facts.isNoServiceTag(tag)).toBe(false);
  });

  test('an FQDN tag of another kind or spelling is none', () => {
    expect(facts.isNoFqdnTag('AzureMonitor')).toBe(true);
    expect(facts.isNoFqdnTag('AzureKubernetesServices')).toBe(true);
    expect(facts.isNoFqdnTag('azurekubernetesservice')).toBe(false);
  });

  test('the AKS tag holds the core tables; of the others that is disputed; of strangers nothing', () => {
    expect(knowledge.fqdnTagHolds('AzureKubernetesService', 'mcr.microsoft.com')).toBe('yes');
    expect(knowledge.fqdnTagHolds('AzureKubernetesService', 'data.policy.core.windows.net')).toBe('maybe');
    expect(knowledge.fqdnTagHolds('AzureKubernetesService', 'example.com')).toBe('no');
    expect(knowledge.fqdnTagHolds('WindowsUpdate', 'mcr.microsoft.com')).toBe('no');
  });

  test('AzureCloud may hold any name, AzureMonitor only those that it is documented to hold', () => {
    expect(knowledge.tagMayHold('AzureCloud.westeurope', 'packages.aks.azure.com')).toBe(true);
    expect(knowledge.tagMayHold('AzureMonitor', 'packages.aks.azure.com')).toBe(false);
    expect(knowledge.tagMayHold('AzureCloud.*', 'packages.aks.azure.com')).toBe(false);
    expect(knowledge.tagsOfName('mcr.microsoft.com')).toEqual([
      ['microsoftcontainerregistry', 'azurefrontdoor.firstparty'],
    ]);
  });
});

describe('hosts', () => {
  test('a host of another cloud has a counterpart here', () => {
    expect(facts.otherCloud('login.microsoftonline.us')).toEqual({
      cloud: 'AzureUSGovernment',
      counterpart: 'login.microsoftonline.com',
    });
    expect(facts.otherCloud('mcr.microsoft.com')).toBeUndefined();
  });

  test('a name that never was a host is not called retired', () => {
    expect(facts.retired('acs-mirror.azureedge.net')?.replacement).toBe('packages.aks.azure.com');
    expect(facts.retired('vault.azure.net')).toBeUndefined();
  });

  test('private names and plausible web categories', () => {
    expect(knowledge.isPrivateName('git.contoso.internal')).toBe(true);
    expect(knowledge.isPrivateName('mcr.microsoft.com')).toBe(false);
    expect(knowledge.webCategoryMayHold('ComputersAndTechnology')).toBe(true);
    expect(knowledge.webCategoryMayHold('Gambling')).toBe(false);
  });
});
