import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMATS, type Report } from '../../src/reporters/index.ts';
import { runIn, type Outcome, type World } from '../commands/io.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/cli');

/** A repository with the fixtures in its root. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-cli-'));
  mkdirSync(join(root, '.git'));
  cpSync(FIXTURES, root, { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function lint(...argv: string[]): Promise<Outcome> {
  return lintIn({}, ...argv);
}

async function lintIn(world: Partial<World>, ...argv: string[]): Promise<Outcome> {
  return runIn({ cwd: root, ...world }, ...argv);
}

async function report(...argv: string[]): Promise<Report> {
  const { stdout } = await lint(...argv, '--format', 'json');
  return JSON.parse(stdout) as Report;
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const COMPLETE = 'all-that-aks-needs.json';
const MISSING = 'no-registry.json';
const UNDECIDED = 'registry-from-a-parameter.json';
const NO_FIREWALL = 'virtual-network.json';

describe('the exit code', () => {
  it.each([
    [0, 'nothing is an error', [COMPLETE]],
    [1, 'something is an error', [MISSING]],
    [0, 'nothing shall fail', [MISSING, '--fail-on', 'never']],
    [1, 'a warning shall fail', [COMPLETE, '--fail-on', 'warning']],
    [1, 'a note shall fail', [COMPLETE, '--fail-on', 'note']],
    [0, 'an undecided requirement is a warning', [UNDECIDED]],
    [1, 'what is undecided shall fail', [UNDECIDED, '--fail-on', 'unknown']],
    [0, 'what is undecided shall fail and all is decided', [COMPLETE, '--fail-on', 'unknown']],
    [1, 'the strict preset makes an error of it', [UNDECIDED, '--strict']],
    [2, 'a flag is wrong', [MISSING, '--fromat', 'json']],
    [2, 'no file is named', []],
    [3, 'a file is not there', ['gone.json']],
    [3, 'a named file holds no firewall', [NO_FIREWALL]],
    [3, 'one of several named files holds no firewall, though another has errors', [MISSING, NO_FIREWALL]],
    [2, 'a flag is wrong and a file is not there', ['gone.json', '--profile', 'publik']],
    [2, 'the configuration is wrong and a file is not there', ['gone.json', '--config', 'gone.yaml']],
  ])('is %i where %s', async (code, _case, argv) => {
    expect((await lint(...argv)).code).toBe(code);
  });

  it.each(FORMATS)('is the same in the format %s', async (format) => {
    expect((await lint(MISSING, '--format', format)).code).toBe(1);
    expect((await lint(COMPLETE, '--format', format)).code).toBe(0);
  });

  it('follows the configuration, and a flag wins over it', async () => {
    write('.aks-egress-lint.yaml', 'failOn: never\n');
    expect((await lint(MISSING)).code).toBe(0);
    expect((await lint(MISSING, '--fail-on', 'error')).code).toBe(1);
    expect((await lint(MISSING, '--no-config')).code).toBe(1);
  });
});

describe('standard output and standard error', () => {
  it('hold the report, and nothing', async () => {
    const { stdout, stderr } = await lint(MISSING);
    expect(stdout).toContain("No rule allows 'mcr.microsoft.com' on HTTPS 443");
    expect(stderr).toBe('');
  });

  it('hold nothing, and the error', async () => {
    const { stdout, stderr } = await lint('gone.json');
    expect(stdout).toBe('');
    expect(stderr).toBe('gone.json: cannot be read: no such file or folder\n');
  });

  it('hold JSON and SARIF that parse', async () => {
    expect(await report(MISSING)).toMatchObject({ schemaVersion: 1, summary: { error: 1 } });
    const sarif: unknown = JSON.parse((await lint(MISSING, '-f', 'sarif')).stdout);
    expect(sarif).toMatchObject({ version: '2.1.0' });
  });

  it('show errors only with --quiet, and count everything all the same', async () => {
    const { stdout } = await lint(MISSING, '--quiet');
    expect(stdout).toContain('missing-required');
    expect(stdout).not.toContain('missing-if-applicable');
    expect(stdout).toMatch(/1 error, 1 warning/);
    expect((await report(MISSING, '--quiet')).findings.length).toBeGreaterThan(1);
  });

  it('are the same in every run', async () => {
    const first = await lint(MISSING, UNDECIDED, COMPLETE, '--format', 'json');
    const again = await lint(MISSING, UNDECIDED, COMPLETE, '--format', 'json');
    expect(again).toEqual(first);
  });
});

describe('colours', () => {
  const ESCAPE = String.fromCharCode(27);
  const colored = async (world: Partial<World>, ...argv: string[]): Promise<boolean> =>
    (await lintIn(world, MISSING, ...argv)).stdout.includes(ESCAPE);

  it('are for terminals', async () => {
    expect(await colored({})).toBe(false);
    expect(await colored({ terminal: 100 })).toBe(true);
    expect(await colored({ terminal: 100, env: { TERM: 'dumb' } })).toBe(false);
  });

  it('follow NO_COLOR, then FORCE_COLOR', async () => {
    expect(await colored({ terminal: 100, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await colored({ terminal: 100, env: { NO_COLOR: '' } })).toBe(true);
    expect(await colored({ env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await colored({ terminal: 100, env: { FORCE_COLOR: '0' } })).toBe(false);
    expect(await colored({ env: { NO_COLOR: '1', FORCE_COLOR: '1' } })).toBe(false);
  });

  it('follow the flags before all', async () => {
    expect(await colored({ env: { NO_COLOR: '1' } }, '--color')).toBe(true);
    expect(await colored({ terminal: 100, env: { FORCE_COLOR: '1' } }, '--no-color')).toBe(false);
  });

  it('never are in files', async () => {
    await lintIn({ terminal: 100 }, MISSING, '-o', 'pretty=report.txt');
    expect(readFileSync(join(root, 'report.txt'), 'utf8')).not.toContain(ESCAPE);
  });
});

describe('output files', () => {
  it('are written beside the text on standard output, several in one run', async () => {
    const { code, stdout } = await lint(MISSING, '-o', 'sarif=out.sarif', '-o', 'json=out.json');
    expect(code).toBe(1);
    expect(stdout).toContain('missing-required');
    expect(readFileSync(join(root, 'out.sarif'), 'utf8')).toContain('"version": "2.1.0"');
    expect(JSON.parse(readFileSync(join(root, 'out.json'), 'utf8'))).toEqual(await report(MISSING));
  });

  it.each([
    ['a wrong flag', [MISSING, '--profile', 'publik']],
    ['a folder that is not there', [MISSING, '-o', 'json=gone/out.json']],
    ['a policy that is not there', [MISSING, '--policy', 'spoke']],
    ['an input that is not there', [MISSING, 'gone.json']],
    ['an input without a firewall', [NO_FIREWALL]],
  ])('are not written after %s', async (_case, argv) => {
    const before = readdirSync(root);
    const { code, stdout } = await lint(...argv, '-o', 'sarif=out.sarif');
    expect(code).toBeGreaterThanOrEqual(2);
    expect(stdout).toBe('');
    expect(readdirSync(root)).toEqual(before);
  });

  it('name files relative to the root of the repository in SARIF, wherever the run starts', async () => {
    mkdirSync(join(root, 'network team/hub'), { recursive: true });
    cpSync(join(FIXTURES, MISSING), join(root, 'network team/hub/policy.json'));
    const { stdout } = await lintIn({ cwd: join(root, 'network team/hub') }, 'policy.json', '-f', 'sarif');
    expect(stdout).toContain('"uri": "network%20team/hub/policy.json"');
    expect(stdout).not.toContain(root);
  });

  it('may replace a report, never an input', async () => {
    write('out.json', 'old');
    await lint(MISSING, '-o', 'json=out.json');
    expect(readFileSync(join(root, 'out.json'), 'utf8')).toContain('schemaVersion');
    const { code, stderr } = await lint(MISSING, '-o', `json=./${MISSING}`);
    expect(code).toBe(2);
    expect(stderr).toContain('is an input too');
  });
});

describe('inputs', () => {
  it('may come from standard input', async () => {
    const stdin = readFileSync(join(FIXTURES, MISSING));
    const outcome = await lintIn({ stdin }, '-', '--format', 'json');
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ inputs: [{ path: '-' }] });
    const broken = await lintIn({ stdin: '{' }, '-');
    expect(broken.code).toBe(3);
    expect(broken.stderr).toMatch(/^<stdin>:1:2: not JSON/);
  });

  it('are found below a folder, but not in node_modules, .git or behind links', async () => {
    rmSync(join(root, UNDECIDED));
    for (const folder of ['infra/hub', 'node_modules/other', '.git/hooks', 'infra/node_modules/deep']) {
      write(`${folder}/policy.json`, readFileSync(join(FIXTURES, MISSING)));
    }
    write('infra/README.md', '# not JSON');
    symlinkSync(root, join(root, 'infra/loop'));
    symlinkSync(join(root, MISSING), join(root, 'infra/link.json'));
    expect((await report('infra')).inputs.map(({ path }) => path)).toEqual(['infra/hub/policy.json']);
  });

  it('below a folder may be anything else, which is counted', async () => {
    write('infra/policy.json', readFileSync(join(FIXTURES, MISSING)));
    write('infra/broken.json', '{');
    write('infra/package.json', '{"name": "infra"}');
    const { inputs, notices } = await report('infra');
    expect(inputs).toHaveLength(1);
    expect(notices.join(' ')).toMatch(/skipped/);
  });

  it('are read once, however often they are named', async () => {
    expect(
      (await report(MISSING, `./${MISSING}`, '.')).inputs.filter(({ path }) => path.includes(MISSING)),
    ).toHaveLength(1);
  });

  it('need parameters, which settle what was open', async () => {
    expect((await report(UNDECIDED)).runs[0]?.summary.unknown).toBeGreaterThan(0);
    const args = [UNDECIDED, '--parameters', 'registry.parameters.json'];
    expect((await report(...args)).runs[0]?.summary.unknown).toBe(0);
    write('.aks-egress-lint.yaml', 'parameters: [registry.parameters.json]\n');
    expect((await report(UNDECIDED)).runs[0]?.summary.unknown).toBe(0);
  });

  it('with several policies give a run each, and --policy chooses', async () => {
    write('hub.json', readFileSync(join(FIXTURES, MISSING), 'utf8').replaceAll('egress', 'hub'));
    const both = await report(COMPLETE, 'hub.json');
    expect(both.runs.map(({ policy }) => policy).sort()).toEqual(['egress', 'hub']);
    expect((await report(COMPLETE, 'hub.json', '--policy', 'EGRESS')).summary.error).toBe(0);
    const { code, stderr } = await lint(COMPLETE, 'hub.json', '--policy', 'egres');
    expect(code).toBe(2);
    expect(stderr).toContain("the input has no policy 'egres'. Did you mean 'egress'?");
  });
});

describe('inputs that cannot be judged', () => {
  it.each([
    ['is empty', '', 'the file is empty'],
    ['is no JSON', 'hello', 'not JSON'],
    ['is cut off', '{"resources": [', 'is the file complete?'],
    ['is JSON without a firewall', '{"name": "x"}', 'not recognised'],
    ['is a list', '[]', ''],
  ])('name the file that %s', async (_case, text, message) => {
    write('policy.json', text);
    const { code, stdout, stderr } = await lint('policy.json');
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^policy\.json(:\d+:\d+)?: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('are all named in one run', async () => {
    write('broken.json', '{');
    const { stderr } = await lint('gone.json', 'broken.json', NO_FIREWALL, MISSING);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => line.replace(/:.*/, '')),
    ).toEqual(['gone.json', 'broken.json', NO_FIREWALL]);
  });

  it('are folders without a firewall, and empty folders', async () => {
    mkdirSync(join(root, 'empty'));
    write('app/package.json', '{"name": "app"}');
    for (const folder of ['empty', 'app']) {
      const { code, stderr } = await lint(folder);
      expect(code).toBe(3);
      expect(stderr).toMatch(new RegExp(`^${folder}: no firewall configuration was found`));
    }
  });

  it('are links that lead in a circle', async () => {
    symlinkSync('b.json', join(root, 'a.json'));
    symlinkSync('a.json', join(root, 'b.json'));
    const { code, stderr } = await lint('a.json');
    expect(code).toBe(3);
    expect(stderr).toBe('a.json: cannot be read: its symbolic links lead in a circle\n');
  });

  it('are paths through a file', async () => {
    const { code, stderr } = await lint(`${MISSING}/policy.json`);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot be read');
  });

  it('are parameter and base policy files that are not there', async () => {
    for (const flag of ['--parameters', '--base-policy']) {
      const { code, stderr } = await lint(MISSING, flag, 'gone.json');
      expect(code).toBe(3);
      expect(stderr).toBe('gone.json: cannot be read: no such file or folder\n');
    }
  });

  it('may have been meant as a command', async () => {
    expect((await lint('requirments')).stderr).toContain("is the command 'requirements' meant?");
  });
});

describe('flags and configuration that make no sense', () => {
  it.each([
    [['--profile', 'privat'], "there is no profile 'privat'. Did you mean 'private'?"],
    [['--cloud', 'AzureChina'], 'there is no cloud'],
    [['--feature', 'defendr'], "Did you mean 'defender'?"],
    [['--region', 'chinaeast2', '--cloud', 'AzureCloud'], 'The region chinaeast2'],
    [['--source', '10.1.2.300'], "'10.1.2.300' is no address range"],
    [['--source', 'linx=10.0.0.0/24'], "there is no kind of pool 'linx'. Did you mean 'linux'?"],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await lint(MISSING, ...argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('have a place in the configuration', async () => {
    write('.aks-egress-lint.yaml', 'profile:\n  features: [defendr]\n');
    const { code, stderr } = await lint(MISSING);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\.aks-egress-lint\.yaml:2:14: .*'defendr'/);
  });
});

describe('profile and configuration', () => {
  it('decide what is judged', async () => {
    const { runs } = await report(
      MISSING,
      '--region',
      'West Europe',
      '--source',
      'linux=10.240.0.0/24',
      '--profile',
      'private',
    );
    expect(runs).toMatchObject([{ region: 'westeurope', sources: ['10.240.0.0/24'], sourcesFrom: 'flag' }]);
    expect(runs[0]?.profile['privateCluster']).toEqual({ value: true, from: 'flag' });
  });

  it('judge each cluster of a configuration by itself', async () => {
    write(
      '.aks-egress-lint.yaml',
      `clusters:
  - { name: prod, profile: { region: westeurope }, sources: [10.240.0.0/24] }
  - { name: test, profile: { region: westeurope, features: [azure-policy] }, sources: { linux: [10.240.1.0/24] } }
  - { name: other, policies: [elsewhere] }
`,
    );
    const { runs, findings, notices } = await report(COMPLETE);
    expect(runs.map(({ cluster, sources }) => [cluster, sources])).toEqual([
      ['prod', ['10.240.0.0/24']],
      ['test', ['10.240.1.0/24']],
    ]);
    const errors = findings.filter(({ level }) => level === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every(({ run }) => run === 1)).toBe(true);
    expect(notices).toContain("No policy of the input serves cluster 'other', so it was not judged.");
  });

  it('are named by every finding, in text and SARIF too, and an entry names all that it concerns', async () => {
    const text = readFileSync(join(FIXTURES, COMPLETE), 'utf8');
    write('policy.json', text.replace('"mcr.microsoft.com"', '"mcr.microsoft.com", "shop.example.com"'));
    write(
      '.aks-egress-lint.yaml',
      `profile: { region: westeurope }
clusters:
  - { name: prod, sources: [10.240.0.0/24] }
  - { name: test, sources: [10.240.1.0/24], profile: { features: [azure-policy] } }
`,
    );
    const { findings } = await report('policy.json');
    const namesOf = (check: string): unknown[] =>
      findings.filter((finding) => finding.check === check).map(({ clusters }) => clusters);
    expect(namesOf('unneeded-entry')).toEqual([['prod', 'test']]);
    expect(namesOf('missing-required').length).toBeGreaterThan(0);
    expect(new Set(namesOf('missing-required').flat())).toEqual(new Set(['test']));
    expect((await lint('policy.json')).stdout).toContain("= in: policy 'egress', cluster 'test'");
    const sarif = (await lint('policy.json', '-f', 'sarif')).stdout;
    expect(sarif).toContain("For clusters 'prod', 'test'.");
    expect(sarif).toContain("For cluster 'test'.");
  });

  it('must leave something to judge', async () => {
    write('.aks-egress-lint.yaml', 'clusters: [{ name: prod, policies: [elsewhere] }]\n');
    const { code, stdout, stderr } = await lint(COMPLETE);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("No policy of the input serves cluster 'prod'");
  });

  it('call nothing unneeded that one of several clusters needs', async () => {
    const text = readFileSync(join(FIXTURES, COMPLETE), 'utf8');
    write(
      'policy.json',
      text.replace('"mcr.microsoft.com"', '"mcr.microsoft.com", "data.policy.core.windows.net"'),
    );
    const unneeded = async (): Promise<number> =>
      (await report('policy.json')).findings.filter(({ message }) =>
        message.includes('data.policy.core.windows.net'),
      ).length;
    write('.aks-egress-lint.yaml', 'clusters: [{ name: a }, { name: b }]\n');
    expect(await unneeded()).toBe(1);
    write(
      '.aks-egress-lint.yaml',
      'clusters: [{ name: a }, { name: b, profile: { features: [azure-policy] } }]\n',
    );
    expect(
      (await report('policy.json')).findings.filter(({ check }) => check === 'feature-not-enabled'),
    ).toEqual([]);
  });

  it('accept what is declared, and leave out checks that are off', async () => {
    const text = readFileSync(join(FIXTURES, COMPLETE), 'utf8');
    write('policy.json', text.replace('"mcr.microsoft.com"', '"mcr.microsoft.com", "shop.example.com"'));
    const checks = async (): Promise<string[]> =>
      (await report('policy.json')).findings.map(({ check }) => check);
    expect(await checks()).toContain('unneeded-entry');
    write('.aks-egress-lint.yaml', 'allow: [{ destinations: [shop.example.com], reason: shop }]\n');
    expect(await checks()).not.toContain('unneeded-entry');
    write(
      '.aks-egress-lint.yaml',
      'allow: [{ destinations: [shop.example.com], protocols: [HTTP], ports: [443], reason: shop }]\n',
    );
    expect(await checks()).toContain('unneeded-entry');
    write('.aks-egress-lint.yaml', 'checks: { unneeded-entry: off }\n');
    expect(await checks()).not.toContain('unneeded-entry');
    write('.aks-egress-lint.yaml', 'checks: { unneeded-entry: error }\n');
    expect((await report('policy.json')).summary.error).toBe(1);
  });

  it('count pods with subnets of their own to the cluster', async () => {
    write(
      '.aks-egress-lint.yaml',
      'sources: { linux: [10.240.0.0/23], pods: [10.240.2.0/23] }\nprofile: { podsCallApiServerByIp: false }\n',
    );
    const policy = readFileSync(join(FIXTURES, COMPLETE), 'utf8');
    const found = async (): Promise<string[]> =>
      (await report('policy.json')).findings.map(({ check, message }) => `${check}: ${message}`);
    write('policy.json', policy);
    expect((await found()).filter((one) => one.startsWith('broad-source'))).toEqual([]);

    // The API server is called by name from nodes and from pods of kube-system; images are pulled by nodes.
    write('policy.json', policy.replaceAll('10.240.0.0/22', '10.240.0.0/23'));
    expect((await found()).filter((one) => one.startsWith('partially-covered'))).toEqual([
      expect.stringContaining("AKS needs '*.hcp.westeurope.azmk8s.io' on HTTPS 443"),
    ]);

    write('policy.json', policy.replace('"mcr.microsoft.com"', '"mcr.microsoft.com", "shop.example.com"'));
    expect((await found()).filter((one) => one.startsWith('unneeded-entry'))).toHaveLength(1);
  });

  it('judge a rule for single hosts once the hosts of the cluster are known', async () => {
    const text = readFileSync(join(FIXTURES, COMPLETE), 'utf8');
    write(
      'policy.json',
      text.replace('"mcr.microsoft.com"', '"mcr.microsoft.com", "contoso.vault.azure.net"'),
    );
    const found = async (...hosts: string[]): Promise<string[]> => {
      const list = hosts.length === 0 ? '' : `, hosts: [${hosts.join(', ')}]`;
      write('.aks-egress-lint.yaml', `profile: { features: [key-vault-csi]${list} }\n`);
      return (await report('policy.json')).findings
        .filter(({ message }) => message.includes('vault'))
        .map(({ check, message }) => `${check}: ${message}`);
    };
    expect(await found()).toEqual([
      expect.stringMatching(
        /^unknown-coverage: .* To decide it, list the hosts that the cluster uses there as hosts in the profile\.$/,
      ),
    ]);
    expect(await found('contoso.vault.azure.net')).toEqual([]);
    expect(await found('fabrikam.vault.azure.net')).toEqual(
      expect.arrayContaining([
        expect.stringContaining("missing-required: No rule allows 'fabrikam.vault.azure.net'"),
        expect.stringContaining("unneeded-entry: 'contoso.vault.azure.net'"),
      ]),
    );
  });

  it('show rows that do not apply with --all', async () => {
    const rows = async (...flags: string[]): Promise<Set<string>> =>
      new Set((await report(COMPLETE, ...flags)).runs[0]?.requirements.map(({ applies }) => applies));
    expect(await rows()).toEqual(new Set(['yes', 'unknown']));
    expect(await rows('--all')).toEqual(new Set(['yes', 'unknown', 'no']));
  });
});

describe('a SARIF file', () => {
  it('has the same bytes twice, and whatever the order of the files', async () => {
    write('a/policy.json', readFileSync(join(FIXTURES, MISSING), 'utf8'));
    write('b/policy.json', readFileSync(join(FIXTURES, MISSING), 'utf8').replaceAll('egress', 'other'));
    write('c/policy.json', readFileSync(join(FIXTURES, COMPLETE), 'utf8').replaceAll('egress', 'third'));
    const files = ['a', 'b', 'c'].map((folder) => `${folder}/policy.json`);
    const sarif = async (...argv: string[]): Promise<string> =>
      (await lint(...argv, '--format', 'sarif', '--fail-on', 'never')).stdout;
    const first = await sarif(...files);
    expect(first).toContain('"b/policy.json"');
    expect(await sarif(...files)).toBe(first);
    expect(await sarif(...[...files].reverse())).toBe(first);
    expect(await sarif('c', 'b/policy.json', 'a', 'b')).toBe(first);
  });
});
