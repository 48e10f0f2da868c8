import { describe, expect, it } from 'vitest';
import { cpuTimeOf } from '../../cpu-time.ts';
import { readDestinations, readRow, readService } from '../../../src/requirements/article/cells.ts';

const destinations = (cell: string): readonly string[] => readDestinations(cell).destinations;

describe('the cell that names destinations', () => {
  it.each([
    ['one host', 'mcr.microsoft.com', ['mcr.microsoft.com']],
    ['a wildcard', '*.data.mcr.microsoft.com', ['*.data.mcr.microsoft.com']],
    ['hosts with commas', '*.a.example.com, b.example.com', ['*.a.example.com', 'b.example.com']],
    ['hosts with an ideographic comma', 'a.example.com 、b.example.com', ['a.example.com', 'b.example.com']],
    ['hosts on lines of their own', 'a.example.com \n b.example.com', ['a.example.com', 'b.example.com']],
    ['a host in capitals', 'Login.Example.com', ['login.example.com']],
    ['an address as a link would be written', 'https://go.example.com/path?a=b', ['go.example.com']],
    ['a wildcard inside a label', 'umsa*.blob.core.windows.net', ['umsa*.blob.core.windows.net']],
    ['an address', '20.1.2.0/24', ['20.1.2.0/24']],
    ['a wildcard that lost its star, as it is printed', '.data.example.com', ['.data.example.com']],
    ['a host twice', 'a.example.com, a.example.com', ['a.example.com']],
  ])('reads %s', (_case, cell, expected) => {
    expect(readDestinations(cell)).toMatchObject({ destinations: expected, rest: '' });
  });

  it.each(['<region>', '<Region>', '<location>', '<cluster-region-name>', '<your_region>', '{region}'])(
    'takes %s for the region',
    (placeholder) => {
      expect(destinations(`*.hcp.${placeholder}.azmk8s.io`)).toEqual(['*.hcp.<region>.azmk8s.io']);
      expect(destinations(`${placeholder}.dp.example.com`)).toEqual(['<region>.dp.example.com']);
    },
  );

  it('keeps other placeholders apart', () => {
    expect(destinations('<Vault-Name>.vault.azure.net')).toEqual(['<vault-name>.vault.azure.net']);
  });

  it('reads the alternatives of network rules, with their ports', () => {
    expect(
      readDestinations(
        '*:1194 \n Or \n ServiceTag - AzureCloud.<Region>:1194 \n Or \n Regional CIDRs - RegionCIDRs:1194 \n Or \n APIServerPublicIP:1194 (only known after cluster creation)',
      ),
    ).toEqual({
      destinations: ['*', 'AzureCloud.<region>', '<region-cidrs>', '<api-server-ip>'],
      isOneOf: true,
      clouds: new Map(),
      ports: ['1194'],
      rest: '',
    });
    expect(destinations('*:123 or ntp.ubuntu.com:123 (if using Azure Firewall network rules)')).toEqual([
      '*',
      'ntp.ubuntu.com',
    ]);
    expect(destinations('CustomDNSIP:53 (if using custom DNS servers)')).toEqual(['<custom-dns-ip>']);
    expect(destinations('ServiceTag - AzureMonitor:443')).toEqual(['AzureMonitor']);
  });

  it('takes a placeholder that lost its brackets for the region too', () => {
    expect(destinations('AzureCloud.Region:1194')).toEqual(['AzureCloud.<region>']);
  });

  it('reads the clouds of hosts that name theirs', () => {
    const { clouds } = readDestinations(
      'login.example.com \n login.example.us (Azure Government) \n login.example.cn (Azure operated by 21Vianet)',
    );
    expect([...clouds]).toEqual([
      ['login.example.us', 'AzureUSGovernment'],
      ['login.example.cn', 'AzureChinaCloud'],
    ]);
  });

  it.each([
    ['a wildcard that is no host', '*.example.com, **'],
    ['a variable', 'a.example.com, $REGION'],
    ['a number', 'a.example.com 42'],
  ])('does not pass over %s', (_case, cell) => {
    expect(readDestinations(cell).rest).not.toBe('');
  });
});

describe('cells of services', () => {
  it.each([
    ['HTTPS:443', ['HTTPS 443']],
    ['HTTPS: 443', ['HTTPS 443']],
    ['UDP:1194', ['UDP 1194']],
    ['443/TCP', ['TCP 443']],
    ['TCP, UDP: 53', ['TCP 53', 'UDP 53']],
    ['HTTPS:443, HTTP:80', ['HTTPS 443', 'HTTP 80']],
    ['TCP 443, 10250', ['TCP 443', 'TCP 10250']],
    ['443 (HTTPS)', ['HTTPS 443']],
  ])('reads %s', (cell, pairs) => {
    expect(readService(cell)?.pairs).toEqual(pairs);
  });

  it.each(['', 'Data ingestion', 'Required on port 443', '九千', '-'])('takes %j for no service', (cell) => {
    expect(readService(cell)).toBeUndefined();
  });
});

describe('cells of thousands of characters', () => {
  it.each(['1', '1.', 'a', 'a.', '*', '<a>.', '1,', 'HTTPS', '$'])(
    'of %j are read in no time',
    async (part) => {
      const long = `${part.repeat(20_000)}!`;
      const time = await cpuTimeOf(() => [readDestinations(long), readService(long)]);
      expect(time).toBeLessThan(2_000);
    },
  );
});

describe('a row', () => {
  it('joins a protocol and a port in columns of their own', () => {
    expect(readRow(['*:9000', 'TCP', '9000', 'The tunnel.'], 0)).toMatchObject({
      services: ['TCP 9000'],
      purpose: 'The tunnel.',
    });
  });

  it('knows a purpose before the port', () => {
    expect(readRow(['a.example.com', 'Data ingestion', '443'], 0)).toMatchObject({
      services: ['443'],
      purpose: 'Data ingestion',
    });
  });

  it('takes the port beside the destination where its column has none that is one', () => {
    expect(readRow(['*:9000', 'TCP(伝送)', '九千', '接続'], 0)).toMatchObject({ services: ['TCP 9000'] });
  });

  it.each([
    ['a port that contradicts the destination', ['*:1194', 'UDP', '1195', ''], 'port 1194 beside'],
    ['no port', ['a.example.com', 'Images'], 'names no port'],
    ['no destination', ['see the other page', 'HTTPS:443', ''], 'names no destination'],
  ])('is not understood with %s', (_case, cells, why) => {
    expect(readRow(cells, 0)).toMatchObject({ why: expect.stringContaining(why) as string });
  });
});
