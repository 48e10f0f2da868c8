import { beforeAll, describe, expect, it } from 'vitest';
import { FEATURES, resolveProfile } from '../../src/profile/index.ts';
import type { Cloud } from '../../src/model/policy.ts';
import { requirementsFor, type Requirement, type Target } from '../../src/requirements/index.ts';

/** The article's known errors, each with what the row must say instead. Evidence: the documents that the rows cite. */

const rows = new Map<Cloud, readonly Requirement[]>();

beforeAll(async () => {
  const features = FEATURES.map(({ id }) => id);
  for (const cloud of ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'] as const) {
    const profile = resolveProfile({ flags: { cloud, features } });
    // Before Defender for Cloud retired in China, so that its rows can be seen.
    rows.set(cloud, await requirementsFor(profile, { asOf: '2026-08-01' }));
  }
});

function row(number: string, cloud: Cloud = 'AzureCloud'): Requirement {
  const found = rows.get(cloud)?.find((one) => one.row === number);
  if (found === undefined) throw new Error(`${cloud} has no row ${number}`);
  return found;
}

function byId(id: string, cloud: Cloud = 'AzureCloud'): Requirement | undefined {
  return rows.get(cloud)?.find((one) => one.id === id);
}

function target(requirement: Requirement | undefined, destination: string): Target | undefined {
  return requirement?.targets.find((one) => one.destination === destination);
}

describe('Key Vault', () => {
  it('needs the vaults, not the bare host that the article prints', () => {
    const vault = row('T12.01');
    expect(vault.targets.map(({ destination }) => destination)).toEqual(['*.vault.azure.net']);
    expect(vault.documentedDestinations).toEqual(['vault.azure.net']);
    expect(vault.targets[0]).toMatchObject({ standing: 'required', standsForHosts: true });
    expect(vault.targets[0]?.correction).toMatch(/vault\.azure\.net is no vault/);
  });

  it('has a row for China, which the article lacks', () => {
    const vault = byId('key-vault-csi/vault', 'AzureChinaCloud');
    expect(vault?.row).toBeUndefined();
    expect(vault?.source.url).toContain('key-vault');
    expect(target(vault, '*.vault.azure.cn')).toMatchObject({ standing: 'required' });
  });
});

describe('Microsoft Entra in China', () => {
  it.each(['T11.01', 'T20.02'])(
    'needs login.chinacloudapi.cn in %s and keeps the printed host as a note',
    (number) => {
      const login = row(number, 'AzureChinaCloud');
      expect(login.documentedDestinations).toEqual(['login.microsoftonline.cn']);
      expect(target(login, 'login.chinacloudapi.cn')?.standing).toBe('required');
      expect(target(login, 'login.microsoftonline.cn')?.standing).toBe('documented');
    },
  );

  it('recommends login.partner.microsoftonline.cn', () => {
    const partner = byId('core/entra-login-partner', 'AzureChinaCloud');
    expect(partner).toMatchObject({ necessity: 'recommended', applies: 'yes' });
    expect(target(partner, 'login.partner.microsoftonline.cn')?.standing).toBe('recommended');
  });

  it('is printed rightly in the core and workload identity tables', () => {
    expect(row('T04.06', 'AzureChinaCloud').targets).toHaveLength(1);
    expect(target(row('T10.01', 'AzureChinaCloud'), 'login.chinacloudapi.cn')?.standing).toBe('required');
  });
});

describe('downloads of nodes', () => {
  it.each(['AzureCloud', 'AzureUSGovernment'] as const)(
    'need packages.aks.azure.com in %s, while acs-mirror is only documented',
    (cloud) => {
      const mirror = row(cloud === 'AzureCloud' ? 'T02.07' : 'T06.07', cloud);
      const packages = row(cloud === 'AzureCloud' ? 'T02.08' : 'T06.08', cloud);
      expect(target(mirror, 'acs-mirror.azureedge.net')?.standing).toBe('documented');
      expect(mirror.documentedDestinations).toEqual(['acs-mirror.azureedge.net']);
      expect(target(packages, 'packages.aks.azure.com')?.standing).toBe('required');
    },
  );

  it('need *.azk8s.cn in China, where the outbound check calls gcr.azk8s.cn', () => {
    const packages = row('T04.08', 'AzureChinaCloud');
    expect(target(packages, '*.azk8s.cn')).toMatchObject({ standing: 'required', standsForHosts: false });
    expect(packages.purpose).toContain('gcr.azk8s.cn');
  });

  it('do not need the CNAME target of the registry where names are filtered', () => {
    const data = row('T02.03');
    expect(target(data, '*.data.mcr.microsoft.com')).toMatchObject({
      standing: 'required',
      standsForHosts: false,
    });
    expect(target(data, 'mcr-0001.mcr-msedge.net')?.standing).toBe('documented');
  });

  it('mention the registry host that was seen once as unverified', () => {
    const seen = byId('advisories/mcr-backing-registry');
    expect(target(seen, 'mcrprod.azurecr.io')?.standing).toBe('documented');
    expect(target(seen, 'mcrprod.azurecr.io')?.correction).toMatch(/^Unverified/);
  });
});

describe('optional and Windows and GPU rows', () => {
  it('call onegetcdn dead and keep the rest of its row', () => {
    const windows = row('T09.01');
    expect(target(windows, 'onegetcdn.azureedge.net')).toMatchObject({
      standing: 'documented',
      printedOnly: true,
    });
    expect(target(windows, 'go.microsoft.com')).not.toHaveProperty('printedOnly');
    expect(target(windows, 'go.microsoft.com')?.standing).toBe('required');
    expect(row('T09.02').targets.map(({ standing }) => standing)).toEqual([
      'required',
      'required',
      'required',
    ]);
  });

  it.each(['T08.01', 'T08.02', 'T08.03'])(
    'recommend the GPU host of %s, which node code does not name',
    (number) => {
      const gpu = row(number);
      expect(gpu.necessity).toBe('required');
      expect(gpu.targets.map(({ standing }) => standing)).toEqual(['recommended']);
    },
  );

  it('are recommended for Ubuntu', () => {
    expect(row('T07.01')).toMatchObject({ necessity: 'recommended', protocol: 'HTTP', port: 80 });
    expect(row('T07.01').targets.map(({ standing }) => standing)).toEqual([
      'recommended',
      'recommended',
      'recommended',
    ]);
  });
});

describe('the tunnel and time', () => {
  it.each([
    ['T01.01', 'AzureCloud', 'UDP', 1194],
    ['T01.02', 'AzureCloud', 'TCP', 9000],
    ['T03.01', 'AzureChinaCloud', 'UDP', 1194],
    ['T03.02', 'AzureChinaCloud', 'TCP', 9000],
    ['T03.03', 'AzureChinaCloud', 'TCP', 22],
    ['T05.01', 'AzureUSGovernment', 'UDP', 1194],
    ['T05.02', 'AzureUSGovernment', 'TCP', 9000],
  ] as const)('say in %s what decides whether the port is still needed', (number, cloud, protocol, port) => {
    const tunnel = row(number, cloud);
    expect(tunnel).toMatchObject({ protocol, port, mode: 'any' });
    expect(tunnel.targets.map(({ destination, kind }) => [destination, kind])).toEqual([
      ['*', 'any'],
      ['AzureCloud.<region>', 'service-tag'],
      ['<region-cidrs>', 'unknown-address'],
      ['<api-server-ip>', 'unknown-address'],
    ]);
    expect(tunnel.targets.every(({ correction }) => correction?.includes('konnectivity'))).toBe(true);
  });

  it('keep the typing error of T03.01 as printed', () => {
    expect(row('T03.01', 'AzureChinaCloud').documentedDestinations).toContain('AzureCloud.Region');
  });

  describe.each([
    ['T03.04', 'AzureChinaCloud'],
    ['T05.03', 'AzureUSGovernment'],
  ] as const)('of %s', (number, cloud) => {
    const ntp = async (nodesSinceMarch2021: boolean | undefined): Promise<Requirement | undefined> => {
      const facts = new Map([
        ['nodesSinceMarch2021', { value: nodesSinceMarch2021, from: 'config' }],
      ] as const);
      const profile = resolveProfile({ flags: { cloud }, config: [{ facts }] });
      return (await requirementsFor(profile)).find((one) => one.row === number);
    };

    it('comes from the host since March 2021, which is inferred for this cloud', () => {
      expect(row(number, cloud).applies).toBe('yes');
      expect(row(number, cloud).targets.map(({ standing }) => standing)).toEqual([
        'documented',
        'documented',
      ]);
      expect(row(number, cloud).targets[0]?.correction).toContain('inferred');
    });

    it('comes from the network for older nodes', async () => {
      const old = await ntp(false);
      expect(old).toMatchObject({ applies: 'yes', necessity: 'required' });
      expect(old?.targets.map(({ standing }) => standing)).toEqual(['required', 'required']);
      expect(old).not.toHaveProperty('corrections');
    });

    it('is a question where the age of the nodes is not known', async () => {
      const open = await ntp(undefined);
      expect(open).toMatchObject({
        applies: 'unknown',
        why: 'it is not known whether all nodes date from after March 2021',
        supply: 'give nodesSinceMarch2021 in the profile',
      });
      expect(open?.targets.map(({ standing }) => standing)).toEqual(['required', 'required']);
    });
  });
});

describe('Defender for Containers', () => {
  it('needs its new host in AzureCloud and keeps the workspace path as documented', () => {
    const host = byId('defender/cloud');
    expect(host?.row).toBeUndefined();
    expect(target(host, '*.cloud.defender.microsoft.com')?.standing).toBe('required');
    expect(row('T11.02').targets[0]?.standing).toBe('documented');
    expect(row('T11.03').targets[0]?.standing).toBe('documented');
  });

  it('leaves open whether other clouds use the new host, and keeps their workspace path required', () => {
    expect(byId('defender/cloud', 'AzureUSGovernment')?.targets[0]?.standing).toBe('documented');
    expect(row('T11.02', 'AzureUSGovernment').targets[0]).toMatchObject({
      destination: '*.ods.opinsights.azure.us',
      standing: 'required',
    });
  });

  it('retired in China on 2026-08-18', async () => {
    const profile = resolveProfile({ flags: { cloud: 'AzureChinaCloud', features: ['defender'] } });
    const on = async (asOf: string): Promise<string[]> =>
      (await requirementsFor(profile, { asOf }))
        .filter(({ feature, applies }) => feature === 'defender' && applies === 'yes')
        .flatMap(({ row: number }) => number ?? []);
    expect(await on('2026-08-17')).toEqual(['T11.01', 'T11.02', 'T11.03']);
    expect(await on('2026-08-18')).toEqual([]);
  });
});

describe('Azure Monitor', () => {
  it.each([
    ['T15.04', 'AzureChinaCloud', '*.in.applicationinsights.azure.cn'],
    ['T16.04', 'AzureUSGovernment', '*.in.applicationinsights.azure.us'],
  ] as const)(
    'takes the public cloud’s host in %s for a copy and needs the cloud’s own',
    (number, cloud, own) => {
      const ingestion = row(number, cloud);
      expect(ingestion.documentedDestinations).toEqual(['*.in.applicationinsights.azure.com']);
      expect(target(ingestion, '*.in.applicationinsights.azure.com')).toMatchObject({
        standing: 'documented',
        printedOnly: true,
      });
      expect(target(ingestion, own)).toMatchObject({ standing: 'required', standsForHosts: true });
    },
  );

  it('is one group of alternatives by tag and by name, without the Entra host that the tag does not hold', () => {
    for (const [cloud, table, count] of [
      ['AzureCloud', 'T14', 10],
      ['AzureChinaCloud', 'T15', 8],
      ['AzureUSGovernment', 'T16', 8],
    ] as const) {
      const names = rows.get(cloud)?.filter((one) => one.row?.startsWith(table)) ?? [];
      expect(names).toHaveLength(count);
      const outside = names.filter((one) => one.alternativeGroup !== 'azure-monitor');
      expect(outside.map(({ row: number }) => number)).toEqual(cloud === 'AzureCloud' ? ['T14.06'] : []);
      expect(row('T13.01', cloud)).toMatchObject({
        alternativeGroup: 'azure-monitor',
        protocol: 'TCP',
        port: 443,
      });
      expect(row('T13.01', cloud).targets).toMatchObject([
        { destination: 'AzureMonitor', kind: 'service-tag' },
      ]);
    }
  });
});

describe('custom DNS', () => {
  it('needs TCP 53 too where LocalDNS is on', async () => {
    const facts = new Map([
      ['customDns', { value: true, from: 'config' }],
      ['localDns', { value: true, from: 'config' }],
    ] as const);
    const profile = resolveProfile({ config: [{ facts }] });
    const dns = (await requirementsFor(profile)).filter(
      ({ port, applies }) => port === 53 && applies === 'yes',
    );
    expect(dns.map(({ id, protocol }) => [id, protocol])).toEqual([
      ['core/custom-dns', 'UDP'],
      ['core/custom-dns-tcp', 'TCP'],
    ]);
  });
});

describe('what a node needs to boot', () => {
  it.each([
    [
      'AzureCloud',
      [
        'mcr.microsoft.com',
        '*.data.mcr.microsoft.com',
        'management.azure.com',
        'login.microsoftonline.com',
        'packages.microsoft.com',
        'packages.aks.azure.com',
        '*.hcp.<region>.azmk8s.io',
      ],
    ],
    [
      'AzureChinaCloud',
      [
        'mcr.microsoft.com',
        '*.data.mcr.microsoft.com',
        'management.chinacloudapi.cn',
        'login.chinacloudapi.cn',
        'packages.microsoft.com',
        '*.azk8s.cn',
        '*.hcp.<region>.cx.prod.service.azk8s.cn',
        '*.tun.<region>.cx.prod.service.azk8s.cn',
        'mcr.azure.cn',
        '*.data.mcr.azure.cn',
      ],
    ],
    [
      'AzureUSGovernment',
      [
        'mcr.microsoft.com',
        '*.data.mcr.microsoft.com',
        'management.usgovcloudapi.net',
        'login.microsoftonline.us',
        'packages.microsoft.com',
        'packages.aks.azure.com',
        '*.hcp.<region>.cx.aks.containerservice.azure.us',
      ],
    ],
  ] as const)('is required in %s, and nothing else is', async (cloud, hosts) => {
    const profile = resolveProfile({ flags: { cloud } });
    const required = (await requirementsFor(profile))
      .filter(({ applies, protocol }) => applies === 'yes' && protocol === 'HTTPS')
      .flatMap(({ targets }) => targets.filter(({ standing }) => standing === 'required'))
      .map(({ destination }) => destination);
    expect(required.sort()).toEqual([...hosts].sort());
  });
});
