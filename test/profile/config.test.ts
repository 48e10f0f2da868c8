import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import {
  profileFromConfig,
  resolveProfile,
  type Profile,
  type ProfilePart,
} from '../../src/profile/index.ts';

function fixture(name: string): unknown {
  const path = fileURLToPath(new URL(`../../fixtures/profile/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8'));
}

const part = (raw: unknown): ProfilePart =>
  profileFromConfig(raw, { path: 'lint.yaml', pointer: '/profile' });
const profile = (raw: unknown): Profile => resolveProfile({ config: [part(raw)] });

function messageOf(raw: unknown): string {
  try {
    part(raw);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('profileFromConfig', () => {
  it('reads the name of a profile', () => {
    expect(part('private')).toEqual({
      base: { value: 'private', from: 'config', path: 'lint.yaml', pointer: '/profile' },
      facts: new Map(),
    });
  });

  it('reads facts, each with its place', () => {
    const { facts, region, customDnsServers } = profile(fixture('private-with-features'));
    const place = (key: string): object => ({
      from: 'config',
      path: 'lint.yaml',
      pointer: `/profile/${key}`,
    });
    expect(facts.get('privateCluster')).toEqual({ value: true, ...place('base') });
    expect(facts.get('localDns')).toEqual({ value: true, ...place('localDns') });
    expect(region).toEqual({ value: 'westeurope', ...place('region') });
    expect(customDnsServers).toEqual({ value: ['10.0.0.4'], ...place('customDnsServers') });
    expect(facts.get('customDns')).toEqual({ value: true, ...place('customDnsServers') });
  });

  it('takes a list of node operating systems for all there are', () => {
    const { facts } = profile(fixture('private-with-features'));
    expect(facts.get('ubuntuNodes')?.value).toBe(false);
    expect(facts.get('azureLinuxNodes')?.value).toBe(true);
    expect(facts.get('windowsNodes')?.value).toBe(true);
  });

  it('knows that no cluster is without a Linux pool, whatever the list leaves out', () => {
    const { facts } = profile({ nodeOs: ['windows'] });
    expect(facts.get('windowsNodes')?.value).toBe(true);
    expect(facts.get('ubuntuNodes')).toMatchObject({ value: undefined, from: 'config' });
    expect(facts.get('azureLinuxNodes')).toMatchObject({ value: undefined, from: 'config' });
  });

  it('understands aliases and groups of features, and takes a feature that is not named for off', () => {
    const { facts } = profile(fixture('private-with-features'));
    const value = (
      feature:
        | 'defender'
        | 'container-insights'
        | 'managed-prometheus'
        | 'app-insights'
        | 'key-vault-csi'
        | 'azure-policy',
    ): unknown => facts.get(`features.${feature}`)?.value;
    for (const on of [
      'defender',
      'container-insights',
      'managed-prometheus',
      'app-insights',
      'key-vault-csi',
    ] as const)
      expect(value(on), on).toBe(true);
    expect(value('azure-policy')).toBe(false);
    expect(facts.get('features.azure-policy')).toMatchObject({
      from: 'config',
      pointer: '/profile/features',
    });
    expect(facts.get('features.key-vault-csi')).toMatchObject({ pointer: '/profile/features/2' });
  });

  it('leaves a fact open that is said to be unknown, even where it has a default', () => {
    const { facts } = profile(fixture('china-with-open-facts'));
    expect(facts.get('konnectivity')).toMatchObject({ value: undefined, from: 'config' });
    expect(facts.get('customDns')).toMatchObject({ value: undefined, from: 'config' });
    expect(facts.get('nodeOsUpgradeChannel')).toMatchObject({ value: undefined, from: 'config' });
    expect(facts.get('podsCallApiServerByIp')).toMatchObject({ value: false, from: 'config' });
  });

  it('reads an empty list of DNS servers as Azure DNS', () => {
    expect(profile({ customDnsServers: [] }).facts.get('customDns')).toMatchObject({
      value: false,
      from: 'config',
    });
  });

  it('reads the API server’s host out of a URL', () => {
    expect(profile({ apiServerFqdn: 'https://Foo.hcp.westeurope.azmk8s.io:443/' }).apiServerFqdn?.value).toBe(
      'foo.hcp.westeurope.azmk8s.io',
    );
  });
});

describe('a wrong profile in the configuration', () => {
  it('names an unknown fact, its place, what was meant and what there is', () => {
    const message = messageOf(fixture('misspelled-fact'));
    expect(message).toMatch(
      /^lint\.yaml: \/profile\/privatCluster: the profile has no fact 'privatCluster'\./,
    );
    expect(message).toContain("Did you mean 'privateCluster'?");
    expect(message).toContain('nodeOsUpgradeChannel');
  });

  it('names an unknown feature', () => {
    const message = messageOf(fixture('misspelled-feature'));
    expect(message).toMatch(/^lint\.yaml: \/profile\/features\/1: there is no feature 'azure-polcy'\./);
    expect(message).toContain("Did you mean 'azure-policy'?");
    expect(message).toContain('workload-identity');
  });

  it('names an unknown profile and service', () => {
    expect(messageOf('pubic')).toBe(
      "lint.yaml: /profile: there is no profile 'pubic'. Did you mean 'public'? Expected public, private, network-isolated.",
    );
    expect(messageOf({ reachedPrivately: ['keyvault'] })).toContain("Did you mean 'key-vault'?");
  });

  it('refuses an address that is none', () => {
    expect(messageOf(fixture('invalid-dns-server'))).toBe(
      "lint.yaml: /profile/customDnsServers/1: '10.1.2.300' is no IP address. Expected one such as 10.0.0.4.",
    );
  });

  it('refuses a host of the cluster that is none, with its place', () => {
    expect(messageOf({ hosts: ['contoso.vault.azure.net', '*.azurecr.io'] })).toBe(
      "lint.yaml: /profile/hosts/1: '*.azurecr.io' is no host name. Expected one such as contoso.vault.azure.net.",
    );
  });

  it.each(['foo bar', 'contoso', '*.hcp.westeurope.azmk8s.io', '203.0.113.7', 'https://'])(
    'refuses %j as the API server’s name',
    (apiServerFqdn) => {
      expect(messageOf({ apiServerFqdn })).toBe(
        `lint.yaml: /profile/apiServerFqdn: '${apiServerFqdn}' is no host name. Expected one such as contoso-1a2b3c4d.hcp.westeurope.azmk8s.io.`,
      );
    },
  );

  it.each([
    [
      fixture('fact-of-wrong-type'),
      "/profile/privateCluster: privateCluster: found 'yes', expected true, false, unknown.",
    ],
    [
      { base: 'privat' },
      "found 'privat', expected public, private, network-isolated. Did you mean 'private'?",
    ],
    [{ nodeOs: ['debian'] }, "nodeOs.0: found 'debian', expected ubuntu, azure-linux, windows."],
    [{ features: 'defender' }, "features: found 'defender', expected a list."],
    [{ region: 5 }, '/profile/region: region: found 5, expected text.'],
    [{ cloud: 'Azure' }, "cloud: found 'Azure', expected AzureCloud, AzureChinaCloud, AzureUSGovernment."],
    [7, '/profile: expected the name of a profile or an object of facts.'],
    [null, '/profile: expected the name of a profile or an object of facts.'],
    [['private'], '/profile: expected the name of a profile or an object of facts.'],
    [{ region: '' }, "/profile/region: region: found '', which must match pattern"],
  ])('says what was expected instead of %j', (raw, expected) => {
    const message = messageOf(raw);
    expect(message).toContain(expected);
    expect(message).toMatch(/^lint\.yaml: \/profile/);
  });

  it('is not misled by keys of objects in general', () => {
    const raw: unknown = JSON.parse('{ "__proto__": { "privateCluster": true } }');
    expect(messageOf(raw)).toContain("no fact '__proto__'");
    expect(messageOf({ constructor: true })).toContain("no fact 'constructor'");
  });

  it('lets the configuration point at the line', () => {
    const errorAt = (pointer: string, message: string): UsageError =>
      new UsageError(`lint.yaml:3:5 ${pointer} ${message}`);
    const read = (): unknown =>
      profileFromConfig({ features: ['x'] }, { path: 'lint.yaml', pointer: '/clusters/0/profile', errorAt });
    expect(read).toThrow(/^lint\.yaml:3:5 \/clusters\/0\/profile\/features\/0 there is no feature 'x'/);
  });
});
