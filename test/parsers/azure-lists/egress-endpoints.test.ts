import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import {
  readEgressEndpoints,
  type EgressEndpoints,
} from '../../../src/parsers/azure-lists/egress-endpoints.ts';

const FILE = join(import.meta.dirname, '../../../fixtures/azure-lists/endpoints-az.json');

function read(content: unknown): EgressEndpoints {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return readEgressEndpoints({ path: 'endpoints.json', bytes: new TextEncoder().encode(text), named: true });
}

function errorOf(content: unknown): InputError {
  try {
    read(content);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const lines = ({ endpoints }: EgressEndpoints): string[] =>
  endpoints.map(
    ({ category, destination, protocol, port }) => `${category} ${destination} ${protocol} ${port}`,
  );

function category(name: string, domainName: unknown, ...endpointDetails: readonly unknown[]): object {
  return { category: name, endpoints: [{ domainName, endpointDetails }] };
}

const IMAGES = category('images', 'mcr.microsoft.com', { port: 443, protocol: 'Https' });

describe('a list of egress endpoints', () => {
  it('is read as az prints it, a bare array', () => {
    const list = readEgressEndpoints({ path: FILE, bytes: readFileSync(FILE), named: true });
    expect(lines(list)).toEqual([
      'azure-resource-management management.azure.com HTTPS 443',
      'azure-resource-management login.microsoftonline.com HTTPS 443',
      'images mcr.microsoft.com HTTPS 443',
      'images *.data.mcr.microsoft.com HTTPS 443',
      'artifacts packages.microsoft.com HTTPS 443',
      'artifacts acs-mirror.azureedge.net HTTPS 443',
      'time-sync ntp.ubuntu.com UDP 123',
      'ubuntu-optional security.ubuntu.com HTTP 80',
      'ubuntu-optional azure.archive.ubuntu.com HTTP 80',
      'ubuntu-optional changelogs.ubuntu.com HTTP 80',
      'apiserver aks0b1f-idb7vuoi.hcp.westeurope.azmk8s.io HTTPS 443',
      'addon-new ingest.new-addon.example.com HTTPS 443',
    ]);
    expect(list.endpoints.at(-1)?.description).toBe('telemetry of the new add-on');
    expect(list.endpoints[1]?.place).toEqual({ path: FILE, pointer: '/0/endpoints/1' });
    expect(list.isPage).toBe(false);
  });

  it('is read as REST answers it, with places in `value`', () => {
    const list = read({ value: [IMAGES] });
    expect(lines(list)).toEqual(['images mcr.microsoft.com HTTPS 443']);
    expect(list.endpoints[0]?.place.pointer).toBe('/value/0/endpoints/0');
  });

  it('may be several pages in one array; the last one says whether there are more', () => {
    const more = category('artifacts', 'packages.microsoft.com', { port: 443, protocol: 'https' });
    const pages = [{ value: [IMAGES], nextLink: 'https://management.azure.com/2' }, { value: [more] }];
    expect(lines(read(pages))).toEqual([
      'images mcr.microsoft.com HTTPS 443',
      'artifacts packages.microsoft.com HTTPS 443',
    ]);
    expect(read(pages).isPage).toBe(false);
    expect(read(pages.slice(0, 1)).isPage).toBe(true);
  });

  it('is read as PowerShell writes it: capitals, no plurals, a list of one as its member', () => {
    const objects = {
      Category: 'images',
      Endpoint: [
        {
          DomainName: 'mcr.microsoft.com',
          EndpointDetail: { Port: 443, Protocol: 'Https', IPAddress: null },
        },
      ],
    };
    expect(lines(read(objects))).toEqual(['images mcr.microsoft.com HTTPS 443']);
    expect(read(objects).endpoints[0]?.place.pointer).toBe('/Endpoint/0');
    expect(lines(read([objects, IMAGES]))).toEqual(['images mcr.microsoft.com HTTPS 443']);
  });

  it('may write protocols in any case, ports as texts, names with a dot behind and empty members as null', () => {
    const list = read([
      category('a', 'One.Example.com.', {
        port: '8080',
        protocol: 'tcp',
        description: null,
        ipAddress: null,
      }),
      category('b', null, { port: 1194, protocol: 'Udp', ipAddress: '203.0.113.7' }),
      { category: 'c', endpoints: null },
      category('d', '*', { port: 123, protocol: 'UDP' }),
    ]);
    expect(lines(list)).toEqual(['a one.example.com TCP 8080', 'b 203.0.113.7 UDP 1194', 'd * UDP 123']);
  });

  it('gives each endpoint and port once', () => {
    expect(lines(read([IMAGES, IMAGES]))).toHaveLength(1);
    const both = category(
      'x',
      'one.example.com',
      { port: 80, protocol: 'Http' },
      { port: 443, protocol: 'Https' },
    );
    expect(lines(read([both]))).toEqual(['x one.example.com HTTP 80', 'x one.example.com HTTPS 443']);
  });

  it('tells hosts without a port apart, of which nothing can be judged', () => {
    const list = read([category('x', 'one.example.com'), IMAGES]);
    expect(list.withoutPort).toEqual(['one.example.com']);
    expect(lines(list)).toEqual(['images mcr.microsoft.com HTTPS 443']);
  });
});

describe('what is no list of endpoints is refused, with what was found and what was expected', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', '', /empty/],
    ['no JSON', 'Category  Endpoint', /JSON/],
    ['an empty list', [], /lists no endpoints; expected a cluster’s list/],
    ['an empty page', { value: [] }, /lists no endpoints/],
    [
      'a firewall policy',
      { type: 'Microsoft.Network/firewallPolicies', properties: {} },
      /a firewall’s file/,
    ],
    [
      'service tags',
      { changeNumber: 1, cloud: 'Public', values: [] },
      /a list of service tags, which belongs to --service-tags; expected a cluster’s list of egress endpoints/,
    ],
    ['another object', { a: 1 }, /^an object with "a"; expected/],
    ['a number', '7', /^a number; expected/],
    ['an array of something else', [{ a: 1 }], /no category of endpoints here; expected/],
    ['an endpoint without a name', [category('x', '', { port: 1, protocol: 'TCP' })], /no domainName here/],
    [
      'a name that is none',
      [category('x', 'https://one.example.com/', { port: 1, protocol: 'TCP' })],
      /is no host name/,
    ],
    [
      'a protocol that is none',
      [category('x', 'a.example.com', { port: 1, protocol: 'SCTP' })],
      /the protocol is "SCTP"; expected HTTP, HTTPS, TCP, UDP/,
    ],
    ['no protocol', [category('x', 'a.example.com', { port: 1 })], /the protocol is missing/],
    [
      'a port that is none',
      [category('x', 'a.example.com', { port: 70_000, protocol: 'TCP' })],
      /the port is 70000; expected a number from 1 to 65535/,
    ],
    ['no port', [category('x', 'a.example.com', { protocol: 'TCP' })], /the port is missing/],
    [
      'endpoints that PowerShell cut off',
      [{ Category: 'images', Endpoint: ['mcr.microsoft.com', '*.data.mcr.microsoft.com'] }],
      /ConvertTo-Json -Depth 5/,
    ],
    [
      'details that PowerShell cut off',
      [{ Category: 'x', Endpoint: [{ DomainName: 'a.example.com', EndpointDetail: ['@{Port=443}'] }] }],
      /ConvertTo-Json -Depth 5/,
    ],
    ['endpoints as one text', [{ Category: 'x', Endpoint: 'System.Object[]' }], /ConvertTo-Json -Depth 5/],
  ])('%s', (_, content, message) => {
    const error = errorOf(content);
    expect(error.message).toMatch(message);
    expect(error.path).toBe('endpoints.json');
  });

  it('with the line of what is wrong', () => {
    const content = [IMAGES, category('x', 'a.example.com', { port: 1, protocol: 'SCTP' })];
    const { line } = errorOf(content);
    const text = JSON.stringify(content, null, 2).split('\n');
    expect(text.slice((line ?? 0) - 1, (line ?? 0) + 2).join('')).toContain('"port": 1,');
  });
});
