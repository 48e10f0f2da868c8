import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { formatIpRange } from '../../../src/model/address.ts';
import { ipRanges } from '../../../src/model/ip-space.ts';
import { readServiceTags, type ServiceTags } from '../../../src/parsers/azure-lists/service-tags.ts';

const FILE = join(import.meta.dirname, '../../../fixtures/azure-lists/ServiceTags_Public_20261123.json');

function fileOf(content: unknown): { path: string; bytes: Uint8Array; named: boolean } {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return { path: 'tags.json', bytes: new TextEncoder().encode(text), named: true };
}

const read = (content: unknown): ServiceTags => readServiceTags(fileOf(content));

function errorOf(content: unknown, use: (tags: ServiceTags) => unknown = () => undefined): InputError {
  try {
    use(read(content));
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function tag(name: string, addressPrefixes: unknown, region = ''): object {
  return { name, id: name, properties: { region, addressPrefixes, networkFeatures: null } };
}

const list = (values: readonly unknown[], more: object = {}): object => ({
  changeNumber: 7,
  cloud: 'Public',
  values,
  ...more,
});

function blocks(tags: ServiceTags, name: string): string[] | undefined {
  const set = tags.addresses(name);
  return set && ipRanges(set).map(formatIpRange);
}

describe('a list of service tags', () => {
  const file = readServiceTags({ path: 'tags.json', bytes: readFileSync(FILE), named: true });

  it('is read as Microsoft publishes it every week', () => {
    expect(file.cloud).toBe('AzureCloud');
    expect(file.change).toBe('401');
    expect(blocks(file, 'MicrosoftContainerRegistry')).toEqual(['192.0.2.128/26']);
    expect(blocks(file, 'AzureFrontDoor.FirstParty')).toEqual(['198.18.1.0/24', '2001:db8:f::/48']);
  });

  it('unites blocks that touch, and compares names without case', () => {
    // 198.51.100.0/26 and 198.51.100.64/27 touch.
    expect(blocks(file, 'azurecloud.WESTEUROPE')).toEqual([
      '192.0.2.0/25',
      '198.51.100.0-198.51.100.95',
      '2001:db8:1::/48',
    ]);
    expect(file.has('storage.westeurope')).toBe(true);
  });

  it('has no addresses of a tag that it does not have', () => {
    expect(file.addresses('AzureCloud.francecentral')).toBeUndefined();
    expect(file.has('Office365.Exchange.Optimize')).toBe(false);
  });

  it('tells how AzureCloud tags spell a region, by the properties of other tags of the region', () => {
    expect(file.spellingOf('FranceCentral')).toBe('centralfrance');
    expect(file.spellingOf('brazilsoutheast')).toBe('brazilse');
    expect(file.spellingOf('westeurope')).toBe('westeurope');
    expect(file.spellingOf('moonbase1')).toBeUndefined();
  });

  it('names the regional tags of a tag, as it writes them', () => {
    expect(file.regional('storage')).toEqual([
      'Storage.WestEurope',
      'Storage.FranceCentral',
      'Storage.BrazilSoutheast',
    ]);
  });

  it('is read as REST and az answer it, with texts for numbers and a link that is null', () => {
    const answer = list([tag('Storage', ['198.51.100.0/24'])], {
      name: 'public',
      id: '/subscriptions/1/providers/Microsoft.Network/serviceTags/public',
      type: 'Microsoft.Network/serviceTags',
      changeNumber: '63',
      nextLink: null,
    });
    expect(read(answer).change).toBe('63');
    expect(blocks(read(answer), 'Storage')).toEqual(['198.51.100.0/24']);
  });

  it('is read as PowerShell writes it', () => {
    const answer = {
      ChangeNumber: '63',
      Cloud: 'AzureGovernment',
      Values: [{ Name: 'Storage', Properties: { AddressPrefixes: ['198.51.100.0/24'], Region: '' } }],
    };
    expect(read(answer)).toMatchObject({ cloud: 'AzureUSGovernment', change: '63' });
    expect(blocks(read(answer), 'Storage')).toEqual(['198.51.100.0/24']);
  });

  it.each([
    ['Public', 'AzureCloud'],
    ['China', 'AzureChinaCloud'],
    ['AzureGovernment', 'AzureUSGovernment'],
  ])('of the cloud %s is of %s', (cloud, expected) => {
    expect(read(list([tag('Storage', [])], { cloud })).cloud).toBe(expected);
  });

  it('may have a byte order mark, UTF-16 and comments', () => {
    const text = JSON.stringify(list([tag('Storage', ['198.51.100.0/24'])]));
    expect(blocks(read(`\uFEFF${text}`), 'Storage')).toEqual(['198.51.100.0/24']);
    expect(blocks(read(`// of Monday\n${text}`), 'Storage')).toEqual(['198.51.100.0/24']);
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const tags = readServiceTags({ path: 'tags.json', bytes, named: true });
    expect(blocks(tags, 'Storage')).toEqual(['198.51.100.0/24']);
  });

  it('may name a tag twice with the same addresses', () => {
    const twice = read(list([tag('Storage', ['198.51.100.0/24']), tag('storage', ['198.51.100.0/24'])]));
    expect(blocks(twice, 'Storage')).toEqual(['198.51.100.0/24']);
  });

  it('may write them in another order the second time', () => {
    const [one, other] = ['198.51.100.0/24', '192.0.2.0/24'];
    const twice = read(list([tag('Storage', [one, other]), tag('Storage', [other, one])]));
    expect(blocks(twice, 'Storage')).toEqual([other, one]);
  });

  it('keeps names of the language apart from names of tags', () => {
    const odd = read(
      '{"changeNumber":1,"cloud":"Public","values":[{"name":"__proto__","properties":{"addressPrefixes":["198.51.100.0/24"]}}]}',
    );
    expect(odd.has('constructor')).toBe(false);
    expect(blocks(odd, '__proto__')).toEqual(['198.51.100.0/24']);
  });
});

describe('what is no list of service tags is refused, with what was found and what was expected', () => {
  const POLICY = { type: 'Microsoft.Network/firewallPolicies', name: 'hub', properties: {} };

  it.each<[string, unknown, RegExp]>([
    ['nothing', '', /empty/],
    ['no JSON', 'AzureCloud: 192.0.2.0/24', /JSON/],
    ['a broken end', '{"changeNumber": 1, "cloud": "Public", "values": [', /expected/],
    [
      'a firewall policy',
      POLICY,
      /a firewall’s file, which is named without a flag; expected Microsoft’s list/,
    ],
    [
      'a template',
      {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        resources: [],
      },
      /a firewall’s file/,
    ],
    [
      'egress endpoints',
      [{ category: 'images', endpoints: [] }],
      /egress endpoints, which belongs to --endpoints/,
    ],
    ['another object', { a: 1, b: 2 }, /^an object with "a", "b"; expected Microsoft’s list of service tags/],
    ['an empty array', [], /^an empty array; expected/],
    ['a list around a list', [list([])], /^an array around a list of service tags; expected/],
    ['a text', '"Public"', /^a string; expected/],
    ['null', 'null', /^null; expected/],
    ['an empty list', list([]), /the list of service tags is empty/],
    ['values that are no list', { ...list([]), values: {} }, /expected Microsoft’s list/],
    [
      'another cloud',
      list([tag('Storage', [])], { cloud: 'Moon' }),
      /the cloud is 'Moon'; expected Public, China or AzureGovernment/,
    ],
    ['no cloud', { changeNumber: 1, values: [tag('Storage', [])] }, /the cloud is missing/],
    ['a page', list([tag('Storage', [])], { nextLink: 'https://management.azure.com/x' }), /only a page/],
    ['a tag without a name', list([{ properties: { addressPrefixes: [] } }]), /a service tag has no name/],
    ['a member that is no tag', list([null]), /a service tag has no name/],
    [
      'one tag twice',
      list([tag('Storage', ['192.0.2.0/24']), tag('Sql', []), tag('STORAGE', ['198.51.100.0/24'])]),
      /'STORAGE' stands here a second time, with other addresses than in values\[0\]/,
    ],
  ])('%s', (_, content, message) => {
    const error = errorOf(content);
    expect(error.message).toMatch(message);
    expect(error.path).toBe('tags.json');
  });

  it('with the line of what is wrong', () => {
    const error = errorOf(list([tag('Storage', [])], { cloud: 'Moon' }));
    expect([error.line, error.column]).toEqual([3, 12]);
  });

  it.each<[string, unknown]>([
    ['a name', 'storage.example.com'],
    ['too long a prefix', '192.0.2.0/33'],
    ['an octet too large', '192.0.2.256/32'],
    ['a number', 7],
    ['nothing', ''],
  ])('an address block that is none, %s, when its tag is asked for', (_, prefix) => {
    const content = list([tag('Sql', ['192.0.2.0/24']), tag('Storage', ['192.0.2.0/24', prefix])]);
    expect(blocks(read(content), 'Sql')).toEqual(['192.0.2.0/24']);
    const error = errorOf(content, (tags) => tags.addresses('Storage'));
    expect(error.message).toContain(
      `${JSON.stringify(prefix)} of the service tag 'Storage' is no address block`,
    );
    expect(error.line).toBe(
      JSON.stringify(content, null, 2)
        .split('\n')
        .findIndex((line) => line.trim() === JSON.stringify(prefix)) + 1,
    );
  });

  it('a tag without a list of addresses, when it is asked for', () => {
    const error = errorOf(list([{ name: 'Storage' }]), (tags) => tags.addresses('Storage'));
    expect(error.message).toContain("the service tag 'Storage' has no list of addressPrefixes");
  });
});

describe('a list as long as the real ones', () => {
  it('of five megabytes is read at once, and only the tags that are asked for are looked into', () => {
    const prefixes = (seed: number): string[] =>
      Array.from({ length: 80 }, (_, at) => `${(seed % 200) + 1}.${at}.${seed % 256}.0/24`);
    const values = Array.from({ length: 3000 }, (_, at) => tag(`Tag${at}`, prefixes(at)));
    const text = JSON.stringify(list([...values, tag('Broken', ['x'])]));
    expect(text.length).toBeGreaterThan(4_000_000);
    const started = performance.now();
    const tags = read(text);
    expect(tags.addresses('Tag17')?.v4).toHaveLength(80);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
