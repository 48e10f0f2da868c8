import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { PACKAGES } from '../../src/live/packages.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/program');
const SAMPLE = join(ROOT, 'fixtures/sample/hub-firewall-policy.json');

/** What stands in the code of the clients and of what uses them, and nowhere else. */
const MARKS = ['NetworkManagementClient', 'ContainerServiceClient', 'AsyncLocalStorage', 'Retry-After'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-installed-'));
  // As an installed package has it: nothing but what is bundled is beside it.
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...argv: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: folder, HOME: folder };
  const options = { cwd: folder, env, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [join(folder, 'dist/cli.js'), ...argv], options);
}

const POLICY = '/subscriptions/1/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub';

describe("Microsoft's clients", () => {
  it('are optional for users, and for tests of the version that users are told to install', () => {
    const told: Record<string, string> = {};
    for (const one of PACKAGES)
      told[one.slice(0, one.lastIndexOf('@'))] = one.slice(one.lastIndexOf('@') + 1);
    const { devDependencies, peerDependencies, peerDependenciesMeta } = manifest;
    expect(devDependencies).toMatchObject(told);
    for (const [name, version] of Object.entries(peerDependencies))
      expect(version).toBe(`^${told[name] ?? ''}`);
    expect(Object.keys(peerDependencies).sort()).toEqual(Object.keys(told).sort());
    expect(Object.values(peerDependenciesMeta)).toEqual(PACKAGES.map(() => ({ optional: true })));
  });

  it('are asked for with the line that installs them where they are not there', () => {
    const { status, stdout, stderr } = run('azure', '--firewall-policy', POLICY);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      '  npm install @azure/arm-network@36.0.0 @azure/arm-containerservice@25.3.0 @azure/identity@4.13.1\n',
    );
    expect(stderr).toContain('  npm install --global aks-egress-lint @azure/arm-network@36.0.0 ');
    expect(stderr).toContain('  npx -p aks-egress-lint -p @azure/arm-network@36.0.0 ');
    expect(stderr).toContain('142 MB');
    expect(stderr).not.toMatch(/Require stack|at Module|ERR_MODULE/);
  });

  it('are asked for only when flags and configuration are right', () => {
    const { status, stderr } = run('azure');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^aks-egress-lint: Which firewall\? Name it with --firewall-policy or --firewall/);
    expect(run('azure', '--firewall-policy', POLICY, '--save', 'no/such/folder.json').stderr).toContain(
      "--save: 'no/such/folder.json' cannot be written",
    );
  });
});

describe('the configuration', () => {
  it('is where its own mistakes are named', () => {
    writeFileSync(
      join(folder, '.aks-egress-lint.yaml'),
      `azure:\n  firewallPolicy: ${POLICY.replace('firewallPolicies', 'ipGroups')}\n`,
    );
    const { status, stderr } = run('azure');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^\.aks-egress-lint\.yaml:2:19: '\/subscriptions\/.*' is no id of a firewall policy\. Expected /,
    );
  });

  it('does not say where tokens go, since it may come from a stranger', () => {
    writeFileSync(
      join(folder, '.aks-egress-lint.yaml'),
      'azure:\n  armEndpoint: https://elsewhere.invalid\n',
    );
    const { status, stderr } = run('azure', '--firewall-policy', POLICY);
    expect(status).toBe(2);
    expect(stderr).toContain(".aks-egress-lint.yaml:2:3: azure: unknown key 'armEndpoint'.");
    expect(
      run('azure', '--firewall-policy', POLICY, '--no-config', '--arm-endpoint', 'http://localhost').stderr,
    ).toBe(
      "aks-egress-lint: --arm-endpoint: 'http://localhost' is no address of the form https://management.example.com.\n",
    );
  });
});

describe('a run on files', () => {
  it('holds nothing of what reads from Azure in the file that every run loads', () => {
    const main = readFileSync(join(PROGRAM, 'main.cjs'), 'utf8');
    const live = readFileSync(join(PROGRAM, 'azure.cjs'), 'utf8');
    expect(MARKS.filter((mark) => main.includes(mark))).toEqual([]);
    expect(MARKS.filter((mark) => !live.includes(mark))).toEqual([]);
    expect(main).not.toMatch(/require\(["']@azure/);
  });

  it('needs no more than before: it is the same without that file', () => {
    const whole = run(SAMPLE, '--no-config');
    unlinkSync(join(folder, 'dist/program/azure.cjs'));
    const without = run(SAMPLE, '--no-config');
    expect([without.status, without.stdout, without.stderr]).toEqual([1, whole.stdout, '']);
  });

  it('is what the action does, which holds nothing of it either', () => {
    const bundle = join(ROOT, 'action/dist');
    const texts = readdirSync(bundle)
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(join(bundle, name), 'utf8'));
    expect(texts.length).toBeGreaterThan(0);
    expect(MARKS.filter((mark) => texts.some((text) => text.includes(mark)))).toEqual([]);
    expect(texts.filter((text) => text.includes('@azure/'))).toEqual([]);
  });
});
