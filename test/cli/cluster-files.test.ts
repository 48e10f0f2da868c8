import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import type { RequirementListRow } from '../../src/requirements/index.ts';
import { runIn, type Outcome } from '../commands/io.ts';
import { cluster, inSubnet, network } from './azure.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const POLICY = 'all-that-aks-needs.json';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-cluster-files-'));
  mkdirSync(join(root, '.git'));
  cpSync(join(FIXTURES, 'cli', POLICY), join(root, POLICY));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<Outcome> => runIn({ cwd: root }, ...argv);

function write(path: string, content: object | string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function lint(...argv: string[]): Promise<Report> {
  const { stdout, stderr } = await run(POLICY, ...argv, '--format', 'json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

describe('the list of requirements', () => {
  const list = async (...argv: string[]): Promise<(RequirementListRow & { cluster?: string })[]> => {
    const { stdout, stderr } = await run('requirements', '--format', 'json', ...argv);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as (RequirementListRow & { cluster?: string })[];
  };
  const withPolicy = { addonProfiles: { azurepolicy: { enabled: true } } };

  it('is that of the cluster in a file', async () => {
    const rows = await list('--cluster', write('aks.json', cluster('aks', withPolicy)));
    expect(new Set(rows.map((row) => row.cluster))).toEqual(new Set(['aks']));
    expect(rows.map(({ feature }) => feature)).toContain('azure-policy');
    // The cluster is private.
    expect(rows.map(({ id }) => id)).not.toContain('core/api-server');
  });

  it('is one for each of several clusters', async () => {
    write('aks.json', [cluster('one'), cluster('two', withPolicy)]);
    const rows = await list('--cluster', 'aks.json');
    const clusters = rows.flatMap((row) => (row.feature === 'azure-policy' ? row.cluster : []));
    expect(new Set(clusters)).toEqual(new Set(['two']));
  });

  it('follows flags, and says where the cluster contradicts them', async () => {
    write('aks.json', cluster('aks'));
    const { stdout, stderr } = await run('requirements', '--cluster', 'aks.json', '--profile', 'public');
    expect(stdout).toContain('core/api-server');
    expect(stderr).toContain(
      "According to the flags, the cluster is not private; according to the definition of cluster 'aks', the cluster is private. The list follows the flags.",
    );
  });

  it('reads Terraform, and values of its variables', async () => {
    write(
      'main.tf',
      `variable "policy" { type = bool }
resource "azurerm_kubernetes_cluster" "aks" {
  name                    = "aks"
  location                = "westeurope"
  resource_group_name     = "rg"
  private_cluster_enabled = true
  azure_policy_enabled    = var.policy
  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }
}
`,
    );
    const applies = async (...more: string[]): Promise<string | undefined> =>
      (await list('--cluster', '.', ...more)).find(({ id }) => id === 'azure-policy/data')?.applies;
    expect(await applies()).toBe('unknown');
    expect(await applies('--var-file', write('prod.tfvars', 'policy = true\n'))).toBe('yes');
    expect(await applies('--var-file', write('test.tfvars', 'policy = false\n'))).toBeUndefined();
  });

  it('reads Bicep', async () => {
    write(
      'aks.bicep',
      `resource aks 'Microsoft.ContainerService/managedClusters@2025-05-01' = {
  name: 'aks'
  location: 'westeurope'
  properties: { addonProfiles: { azurepolicy: { enabled: true } } }
}
`,
    );
    expect((await list('--cluster', 'aks.bicep')).map(({ feature }) => feature)).toContain('azure-policy');
  });

  it('needs a cluster in the file', async () => {
    const { code, stderr } = await run('requirements', '--cluster', write('network.json', network({})));
    expect(code).toBe(3);
    expect(stderr).toMatch(/network\.json: no cluster in it/);
  });

  it('needs the file', async () => {
    const { code, stderr } = await run('requirements', '--cluster', 'gone.json');
    expect(code).toBe(3);
    expect(stderr).toMatch(/gone\.json: cannot be read/);
  });
});

describe('files of clusters that the configuration names', () => {
  it('are read as those of --cluster are, relative to the configuration', async () => {
    write('spokes/aks.json', [inSubnet(), network({})]);
    write('config/egress.yaml', 'clusterFiles: [../spokes]\n');
    const [run, ...others] = (await lint('--config', 'config/egress.yaml')).runs;
    expect(others).toEqual([]);
    expect(run?.cluster).toBe('aks');
    expect(run?.sources).toEqual(['10.240.0.0/22']);
    expect(run?.profile['privateCluster']).toMatchObject({ value: true, path: 'spokes/aks.json' });
  });

  it('tell the cluster that names them, whatever it is called in them', async () => {
    write('blue.json', cluster('aks-weu-01'));
    write('green.json', cluster('aks-weu-02', { apiServerAccessProfile: null }));
    write(
      '.aks-egress-lint.yaml',
      'clusters:\n  - { name: blue, files: [blue.json] }\n  - { name: green, files: [green.json] }\n',
    );
    const { runs } = await lint();
    expect(runs.map((run) => [run.cluster, run.profile['privateCluster']?.value])).toEqual([
      ['blue', true],
      ['green', false],
    ]);
  });

  it('may hold several clusters, of which one has the name', async () => {
    write('both.json', [cluster('blue'), cluster('green', { apiServerAccessProfile: null })]);
    write(
      '.aks-egress-lint.yaml',
      'clusters:\n  - { name: green, files: [both.json] }\n  - { name: blue, files: [both.json] }\n',
    );
    const { runs } = await lint();
    expect(runs.map((run) => [run.cluster, run.profile['privateCluster']?.value])).toEqual([
      ['green', false],
      ['blue', true],
    ]);
  });

  it('must hold the one that they are named for', async () => {
    write('both.json', [cluster('one'), cluster('two')]);
    write('.aks-egress-lint.yaml', 'clusters:\n  - name: blue\n    files: [both.json]\n');
    const { code, stderr } = await run(POLICY);
    expect(code).toBe(2);
    expect(stderr).toBe(
      ".aks-egress-lint.yaml:3:12: its files hold the clusters one, two, and none is called 'blue'.\n",
    );
  });

  it('are shown by --print-config with what they tell', async () => {
    write('aks.json', cluster('aks'));
    write('.aks-egress-lint.yaml', 'clusters:\n  - { name: blue, files: [aks.json] }\n');
    const { stdout } = await run('--print-config');
    expect(stdout).toContain('files: [aks.json] # .aks-egress-lint.yaml:2:5\n');
    expect(stdout).toContain(
      'privateCluster: true # taken from aks.json#/apiServerAccessProfile/enablePrivateCluster\n',
    );
    expect(stdout).toContain('clusterFiles: [] # default\n');
  });
});
