import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Policy, Rule } from '../../src/model/policy.ts';
import { parse, policyOf, ruleNamed, showAddress } from './inputs.ts';

const CORPUS = '../shared/corpus';
const names = (policy: Policy): string[] => policy.rules.map(({ name }) => name);
const sources = (rule: Rule): string[] => rule.sources.map(showAddress);
const destinations = (rule: Rule): string[] => rule.destinations.map(showAddress);
const services = (rule: Rule): string[] => rule.services.map(({ text }) => text);

describe.skipIf(!existsSync(CORPUS))('templates of public repositories', () => {
  const files = ['arm-json', 'bicep-compiled'].flatMap((folder) =>
    existsSync(`${CORPUS}/${folder}`)
      ? readdirSync(`${CORPUS}/${folder}`).map((name) => `${folder}/${name}`)
      : [],
  );

  test.each(files)('%s is read, or refused with a reason', (name) => {
    try {
      const { policies } = parse([`${CORPUS}/${name}`]);
      expect(policies.length).toBeGreaterThan(0);
      for (const { rules } of policies) expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
    }
  });

  test.each([
    [
      'arm-json/ahems__AKS-Landing-Zone-Accelerator__aks-eslz-firewall.parameters.json',
      'a parameter file: give the template',
    ],
    [
      'arm-json/ahems__AKS-Landing-Zone-Accelerator__bicep-03-parameters-main.json',
      'a parameter file that holds rule collections: give the template',
    ],
    ['arm-json/Azure__Enterprise-Scale__hubspoke-connectivity.json', 'deploys no firewall policy'],
    ['bicep-compiled/Azure__AKS-Construction__compiled-main.json', 'deploys no firewall policy'],
    [
      'bicep-compiled/Azure__bicep-registry-modules__avm-hub-networking-main.json',
      'deploys no firewall policy',
    ],
  ])('%s: %s', (name, message) => {
    expect(() => parse([`${CORPUS}/${name}`])).toThrow(message);
  });

  test('aks-baseline: a policy with its base in one file, comments and all', () => {
    const policy = policyOf([`${CORPUS}/arm-json/mspnp__aks-baseline__hub-regionA.json`]);
    expect(policy).toMatchObject({
      name: 'fw-policies-eastus2',
      chain: ['fw-policies-base', 'fw-policies-eastus2'],
      tier: 'Standard',
      dnsProxy: 'on',
      threatIntel: 'Deny',
      attached: 'yes',
      ties: [],
    });
    expect(names(policy)).toEqual([
      'DNS',
      'pod-to-api-server',
      'azure-monitor-addon',
      'azure-policy-addon',
      'service-requirements',
      'flux-to-github',
      'flux-addon-runtime-requirements',
    ]);
    expect(sources(ruleNamed(policy, 'DNS'))).toEqual(['*']);
    expect(destinations(ruleNamed(policy, 'pod-to-api-server'))).toEqual(['service-tag:AzureCloud.eastus2']);
    expect(destinations(ruleNamed(policy, 'azure-monitor-addon'))).toEqual([
      'fqdn:*.ods.opinsights.azure.com',
      'fqdn:*.oms.opinsights.azure.com',
      'fqdn:eastus2.monitoring.azure.com',
    ]);
    expect(destinations(ruleNamed(policy, 'flux-addon-runtime-requirements'))).toEqual([
      'fqdn:eastus2.dp.kubernetesconfiguration.azure.com',
      'fqdn:mcr.microsoft.com',
      'fqdn:management.azure.com',
      'fqdn:login.microsoftonline.com',
      'fqdn:*.blob.core.windows.net',
      'fqdn:azurearcfork8s.azurecr.io',
      'fqdn:*.docker.io',
      'fqdn:*.docker.com',
    ]);
    // The node subnets come from a parameter, so every AKS rule has the same unknown source.
    const aks = policy.rules.slice(1).map(sources);
    expect(aks[0]).toEqual([expect.stringMatching(/^symbol:/)]);
    expect(aks.every((list) => list.join() === aks[0]?.join())).toBe(true);
  });

  test('aks-secure-baseline: a classic firewall', () => {
    const policy = policyOf([`${CORPUS}/arm-json/mspnp__aks-secure-baseline__hub-regionA.json`]);
    expect(policy).toMatchObject({
      kind: 'azureFirewall',
      name: 'fw-eastus2',
      attached: 'yes',
      dnsProxy: 'on',
    });
    expect(names(policy)).toEqual([
      'DNS',
      'ntp',
      'tunnelfront-pod-tcp',
      'tunnelfront-pod-udp',
      'pod-to-api-server',
      'nodes-to-api-server',
      'microsoft-container-registry',
      'management-plane',
      'aad-auth',
      'apt-get',
      'cluster-binaries',
      'ubuntu-security-patches',
      'azure-monitor-addon',
      'azure-policy-addon',
      'flux-to-github',
      'pull-flux-images',
    ]);
    expect(destinations(ruleNamed(policy, 'nodes-to-api-server'))).toEqual(['fqdn:*.hcp.eastus2.azmk8s.io']);
  });

  test('AKS landing zone: a rule for any HTTPS before every name, registries from a parameter', () => {
    const path = `${CORPUS}/arm-json/ahems__AKS-Landing-Zone-Accelerator__aks-eslz-firewall.template.json`;
    const policy = policyOf([path]);
    expect(names(policy).slice(0, 8)).toEqual([
      'dns',
      'anyHTTPS',
      'ntp',
      'tunnel-front-pod-tcp',
      'tunnel-front-pod-udp',
      'managed-k8s-api-tcp-443',
      'azure-keyvault',
      'azure-monitor',
    ]);
    expect(policy.rules).toHaveLength(19);
    const https = ruleNamed(policy, 'anyHTTPS');
    expect([sources(https), destinations(https), services(https)]).toEqual([['*'], ['*'], ['TCP 443']]);
    expect(services(ruleNamed(policy, 'tunnel-front-pod-tcp'))).toEqual(['TCP 22', 'TCP 9000']);
    expect(destinations(ruleNamed(policy, 'acr-server-registries'))).toEqual(['fqdn:*.azurecr.io']);

    // Its parameter file names no subnets: the IP group is empty and Azure skips the rules that use it.
    const parameters = [path.replace('template.json', 'parameters.json')];
    const given = parse([path], { parameters });
    expect(given.policies.map(({ unknowns }) => unknowns)).toEqual([[]]);
    const skipped = given.policies[0]?.rules
      .filter((rule) => rule.sources.length === 0)
      .map(({ name }) => name);
    expect(skipped).toHaveLength(16);
    expect(given.notes.filter(({ message }) => message.includes('Azure skips this rule'))).toHaveLength(16);
  });

  test('a small policy by Bicep: KMS by name in a network rule, Windows Update by tag', () => {
    const policy = policyOf([`${CORPUS}/bicep-compiled/Azure__bicep__azfwpolicy.json`]);
    expect(policy).toMatchObject({
      tier: 'Standard',
      dnsProxy: 'on',
      threatIntel: 'Alert',
      attached: 'unknown',
    });
    expect(policy.rules.map(({ id, order }) => [id, order])).toEqual([
      ['Platform-Rules/Allow-Azure-KMS/Azure-KMS-Service', [0, 100, 100, 0]],
      ['Platform-Rules/Allow-Windows-Update/Http', [0, 100, 200, 0]],
      ['Platform-Rules/Allow-Windows-Update/Https', [0, 100, 200, 1]],
    ]);
    expect(destinations(ruleNamed(policy, 'Azure-KMS-Service'))).toEqual([
      'network-fqdn:kms.core.windows.net',
    ]);
  });

  test('a classic firewall by Bicep', () => {
    const policy = policyOf([`${CORPUS}/bicep-compiled/Azure__bicep__azfw-zones-main.json`]);
    expect(policy.rules.map(({ stage, name }) => `${stage} ${name}`)).toEqual([
      'network netRule1',
      'application appRule1',
    ]);
    expect(services(ruleNamed(policy, 'netRule1'))).toEqual(['TCP 8000-8999']);
    expect(sources(ruleNamed(policy, 'appRule1'))).toEqual(['10.0.0.0/24']);
  });

  test('Windows Virtual Desktop: URLs need Premium, network group before application group', () => {
    const policy = policyOf([`${CORPUS}/arm-json/Azure__Azure-Network-Security__wvd-azuredeploy.json`]);
    expect(names(policy)).toEqual([
      'AllowADDNS',
      'AllowAzureKMS',
      'AllowWindowsNTP',
      'AllowWVDTag',
      'AllowWVDServicebus',
      'AllowWVDBlob',
      'AllowWVDTable',
      'AllowWVDQueue',
    ]);
    expect(policy.tier).toBe('Premium');
    expect(destinations(ruleNamed(policy, 'AllowWVDBlob'))[0]).toBe(
      'url:gsmuniquestringxt.blob.core.windows.net/*',
    );
    expect(ruleNamed(policy, 'AllowWVDBlob').needsTier.map(({ feature }) => feature)).toContain(
      'URL filtering',
    );
  });

  test.each([
    'Azure__bicep-registry-modules__avm-firewall-policy-main.json',
    'Azure__bicep-registry-modules__avm-rcg-main.json',
    'Azure__bicep-registry-modules__avm-azure-firewall-main.json',
    'Azure__ResourceModules__carml-azure-firewall-main.json',
  ])('%s has no rules without parameters, and asks for them', (name) => {
    const policy = policyOf([`${CORPUS}/bicep-compiled/${name}`]);
    expect(policy.rules.map(({ stage, opaque }) => [stage, opaque?.supply])).toEqual([
      ['network', 'give the parameter values with --parameters'],
      ['application', 'give the parameter values with --parameters'],
    ]);
  });
});
