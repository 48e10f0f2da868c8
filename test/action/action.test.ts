import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sarifProblems } from '../reporters/sarif-checker.ts';
import { Job, type Step } from './job.ts';

const POLICY = readFileSync(join(import.meta.dirname, '../../fixtures/cli/all-that-aks-needs.json'), 'utf8');
/** `mcr.microsoft.com` is line 48 of the policy, in the list whose key is on line 46. */
const WITHOUT_REGISTRY = POLICY.replace(/ *"mcr\.microsoft\.com",\n/, '');
const LIST = 46;

/** A host that nobody needs, in the last list of the policy. */
const WITH_SHOP = POLICY.replace('"security.ubuntu.com",', '"security.ubuntu.com", "shop.example.com",');

let job = new Job();
beforeEach(() => {
  job.remove();
  job = new Job();
  job.git('init', '--quiet', '--initial-branch', 'main');
});
afterEach(() => {
  job.remove();
});

const SHOP = WITH_SHOP.split('\n').findIndex((line) => line.includes('shop')) + 1;

/** Commits files on main, and others on a branch, where the job then is. */
function change(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(before)) job.write(path, text);
  job.commit('before');
  job.git('checkout', '--quiet', '-b', 'change');
  for (const [path, text] of Object.entries(after)) job.write(path, text);
  job.commit('after');
}

function sarifOf({ outputs }: Step): string {
  return readFileSync(outputs['sarif-file'] ?? '', 'utf8');
}

describe('a pull request', () => {
  it('that removes a host which AKS needs fails with one annotation, on the list that lost it', () => {
    change({ 'infra/policy.json': POLICY }, { 'infra/policy.json': WITHOUT_REGISTRY });
    expect(WITHOUT_REGISTRY.split('\n')[LIST - 1]).toContain('"targetFqdns": [');
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect(step.annotations).toEqual([`error infra/policy.json:${LIST} missing-required`]);
    expect(step.log).toContain("No rule allows 'mcr.microsoft.com' on HTTPS 443");
    expect(step.code).toBe(1);
    expect(step.outputs).toMatchObject({
      errors: '1',
      'new-findings': '1',
      'fixed-findings': '0',
      'exit-code': '1',
    });
    expect(step.summary).toContain('**1 requirement no longer met, 1 new finding**.');
    expect(step.summary).toContain('| `mcr.microsoft.com` HTTPS 443 | core | covered | **missing** |');
  });

  it('that adds a missing host passes, and says what it fixes', () => {
    change({ 'infra/policy.json': WITHOUT_REGISTRY }, { 'infra/policy.json': POLICY });
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect(step.code).toBe(0);
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ errors: '0', 'new-findings': '0', 'fixed-findings': '1' });
    expect(step.summary).toContain('**1 requirement now met, 1 fixed**.');
  });

  it('that changes nothing of consequence says so', () => {
    change({ 'infra/policy.json': POLICY, 'README.md': 'a' }, { 'README.md': 'b' });
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect([step.code, step.annotations]).toEqual([0, []]);
    expect(step.summary).toContain('No requirement changes its verdict, and no finding comes or goes.');
  });

  it('is compared with the newest base, which GitHub has merged it into', () => {
    change({ 'infra/policy.json': POLICY, 'x.txt': '1' }, { 'x.txt': '2' });
    job.git('checkout', '--quiet', 'main');
    job.write('infra/policy.json', WITH_SHOP);
    job.commit('another change, merged meanwhile');
    job.git('checkout', '--quiet', 'change');
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect(step.outputs).toMatchObject({ 'new-findings': '0', warnings: '2' });
  });

  it('that fails for what was there before says why no line is annotated', () => {
    change({ 'infra/policy.json': WITHOUT_REGISTRY, 'x.txt': '1' }, { 'x.txt': '2' });
    const env = job.pullRequest();
    const step = job.run({ paths: 'infra' }, { env });
    expect([step.code, step.annotations]).toEqual([1, ['error : aks-egress-lint']]);
    expect(step.log).toContain('was there before the change');
    const all = job.run({ paths: 'infra', annotations: 'all' }, { env });
    expect(all.annotations).toContain(`error infra/policy.json:${LIST} missing-required`);
  });

  it('that brings the first policy is compared with nothing', () => {
    change({ 'README.md': 'a' }, { 'infra/policy.json': WITHOUT_REGISTRY });
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect(step.code).toBe(1);
    expect(step.summary).toContain('| `mcr.microsoft.com` HTTPS 443 | core | not judged | **missing** |');
  });

  it('that changes the configuration is judged by it, and its base by the old one', () => {
    const config = (base: string): string => `profile: { base: ${base} }\n`;
    change(
      { 'infra/policy.json': POLICY, '.aks-egress-lint.yaml': config('public') },
      { '.aks-egress-lint.yaml': config('network-isolated') },
    );
    const step = job.run({ paths: 'infra' }, { env: job.pullRequest() });
    expect(step.summary).toMatch(/\| `mcr\.microsoft\.com` HTTPS 443 \| core \| covered \| not judged \|/);
  });

  it('from a shallow clone is judged all the same, and the summary says what to fetch', () => {
    change({ 'infra/policy.json': POLICY }, { 'infra/policy.json': WITHOUT_REGISTRY });
    const env = job.pullRequest();
    const shallow = new Job('clone');
    try {
      shallow.git('clone', '--quiet', '--depth', '1', `file://${job.workspace}`, '.');
      const step = shallow.run(
        { paths: 'infra' },
        { env: { ...env, GITHUB_SHA: shallow.git('rev-parse', 'HEAD') } },
      );
      expect(step.code).toBe(1);
      expect(step.annotations).toContain(`error infra/policy.json:${LIST} missing-required`);
      expect(step.summary).toContain(
        'is not in this clone. actions/checkout fetches it with `fetch-depth: 2`',
      );
      expect(step.outputs['new-findings']).toBe('');
    } finally {
      shallow.remove();
    }
  });

  it('leaves the clone and the temporary folder as they were', () => {
    change({ 'infra/policy.json': POLICY }, { 'infra/policy.json': WITHOUT_REGISTRY });
    const env = job.pullRequest();
    const before = job.git('status', '--porcelain=v2', '--branch');
    job.run({ paths: 'infra' }, { env });
    expect(job.git('status', '--porcelain=v2', '--branch')).toBe(before);
    expect(job.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(readdirSync(job.temp).filter((name) => name.startsWith('aks-egress-lint-base'))).toEqual([]);
  });
});

describe('the filter on changed files', () => {
  const files = { 'a/policy.json': WITHOUT_REGISTRY, 'b/policy.json': POLICY.replaceAll('egress', 'other') };

  it('shows what is in them, and counts everything', () => {
    change(files, { 'b/policy.json': WITH_SHOP.replaceAll('egress', 'other') });
    const step = job.run(
      { paths: '.', 'changed-files-only': 'true', annotations: 'all' },
      { env: job.pullRequest() },
    );
    expect(step.annotations.filter((line) => line.includes('a/policy.json'))).toEqual([]);
    expect(step.annotations).toContain(`warning b/policy.json:${SHOP} unneeded-entry`);
    expect(step.summary).toContain('findings in files that this change does not touch are not shown here');
    expect(step.summary).not.toContain('`a/policy.json');
    expect(step.outputs['errors']).toBe('1');
    expect(step.code).toBe(1);
    expect(sarifOf(step)).toContain('a/policy.json');
  });

  it('shows what a change brings in other files', () => {
    const template = POLICY.replace(
      /"targetFqdns": \[[^\]]*hcp[^\]]*\]/,
      `"targetFqdns": "[parameters('hosts')]"`,
    ).replace('"resources": [', '"parameters": { "hosts": { "type": "array" } }, "resources": [');
    const hosts = [...POLICY.matchAll(/"([^"]*(?:azmk8s|microsoft|msedge|azure)[^" ]*\.(?:com|io|net))"/g)]
      .map(([, host = '']) => host)
      .filter((host) => !host.includes('archive'));
    const values = (list: readonly string[]): string =>
      JSON.stringify({
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
        contentVersion: '1.0.0.0',
        parameters: { hosts: { value: list } },
      });
    change(
      { 'main.json': template, 'prod.json': values(hosts) },
      { 'prod.json': values(hosts.filter((host) => host !== 'mcr.microsoft.com')) },
    );
    const step = job.run(
      { paths: 'main.json', parameters: 'prod.json', 'changed-files-only': 'true' },
      { env: job.pullRequest() },
    );
    expect(step.code).toBe(1);
    expect(step.annotations.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('without a base to compare with warns and shows everything', () => {
    job.write('policy.json', WITHOUT_REGISTRY);
    job.commit('only');
    const step = job.run({ paths: '.', base: 'nowhere', 'changed-files-only': 'true' });
    expect(step.annotations).toContain('warning : aks-egress-lint');
    expect(step.annotations).toContain(`error policy.json:${LIST} missing-required`);
    expect(step.log).toContain("Input 'base': there is no commit 'nowhere' in this clone");
  });

  it('keeps what the job itself has made, which git does not know', () => {
    job.write('x.txt', '1');
    job.commit('before');
    job.write('made.json', WITHOUT_REGISTRY);
    const step = job.run({ paths: 'made.json', base: 'HEAD', 'changed-files-only': 'true' });
    expect(step.annotations).toContain(`error made.json:${LIST} missing-required`);
    expect(step.summary).toContain('are not part of the repository');
  });
});

describe('a base', () => {
  it('may be a branch of the remote', () => {
    change({ 'policy.json': POLICY }, { 'policy.json': WITHOUT_REGISTRY });
    job.git('update-ref', 'refs/remotes/origin/release', 'main');
    const step = job.run({ paths: '.', base: 'release' });
    expect(step.summary).toMatch(/compared with `release \([0-9a-f]{7}\)`/);
    expect(step.outputs['new-findings']).toBe('1');
  });

  it('is where the branches parted, not what happened since', () => {
    change({ 'policy.json': POLICY }, { 'policy.json': WITHOUT_REGISTRY });
    job.git('checkout', '--quiet', 'main');
    job.write('policy.json', WITHOUT_REGISTRY);
    job.commit('the same on main');
    job.git('checkout', '--quiet', 'change');
    expect(job.run({ paths: '.', base: 'main' }).outputs['new-findings']).toBe('1');
  });

  it('cannot be an option of git', () => {
    job.write('policy.json', POLICY);
    job.commit('only');
    const step = job.run({ paths: '.', base: '--output=pwned' });
    expect(step.annotations).toContain('warning : aks-egress-lint');
    expect(existsSync(join(job.workspace, 'pwned'))).toBe(false);
  });
});

describe('a run without pull request', () => {
  it('writes SARIF that code scanning takes, JSON, outputs and a summary before it fails', () => {
    job.write('infra/policy.json', WITHOUT_REGISTRY);
    job.commit('only');
    const step = job.run({ paths: 'infra' });
    expect(step.code).toBe(1);
    expect(step.stderr).toBe('');
    const textOf = (uri: string): string => readFileSync(join(job.workspace, uri), 'utf8');
    expect(sarifProblems(sarifOf(step), { textOf })).toEqual([]);
    expect(JSON.parse(readFileSync(step.outputs['json-file'] ?? '', 'utf8'))).toMatchObject({
      schemaVersion: 1,
      summary: { error: 1, warning: 1, note: 2 },
    });
    expect(step.outputs).toMatchObject({
      findings: '4',
      errors: '1',
      warnings: '1',
      notes: '2',
      suppressed: '0',
    });
    expect(step.outputs['sarif-file']).toBe(join(job.temp, 'aks-egress-lint.sarif'));
    const commit = job.git('rev-parse', 'HEAD');
    expect(step.summary).toMatch(/^## ❌ 1 error, 1 warning, 2 notes\n/);
    expect(step.summary).toContain('| core | 7 |');
    expect(step.summary).toContain(
      `[\`infra/policy.json:${LIST}\`](<https://github.com/contoso/network/blob/${commit}/infra/policy.json#L${LIST}>)`,
    );
    expect(step.summary).not.toContain('compared with');
  });

  it('writes the same SARIF twice, and every report that is asked for', () => {
    job.write('policy.json', WITHOUT_REGISTRY);
    const inputs = {
      'sarif-file': 'a.sarif',
      'json-file': 'a.json',
      output: 'junit=a.xml\n markdown = a.md',
    };
    // What a run writes is below the folder that it reads.
    const first = job.run({ paths: 'policy.json', ...inputs });
    const text = sarifOf(first);
    expect(sarifOf(job.run({ paths: 'policy.json', ...inputs }))).toBe(text);
    expect(first.outputs['sarif-file']).toBe(join(job.workspace, 'a.sarif'));
    for (const name of ['a.json', 'a.xml', 'a.md']) expect(existsSync(join(job.workspace, name))).toBe(true);
  });

  it('obeys fail-on', () => {
    job.write('policy.json', POLICY);
    expect(job.run({}).code).toBe(0);
    expect(job.run({ 'fail-on': 'warning' }).code).toBe(1);
    job.write('policy.json', WITHOUT_REGISTRY);
    expect(job.run({ 'fail-on': 'never' }).code).toBe(0);
  });

  it('takes the cluster and the parameters from inputs', () => {
    job.write('policy.json', WITHOUT_REGISTRY);
    const inputs = { profile: 'network-isolated', region: 'westeurope', source: '10.240.0.0/22' };
    expect(job.run(inputs).outputs['errors']).toBe('0');
    const other = job.run({ ...inputs, profile: 'public', feature: 'azure-policy, defender' });
    const report = readFileSync(other.outputs['json-file'] ?? '', 'utf8');
    expect(report).toContain('"feature": "azure-policy"');
    expect(report).toContain('"feature": "defender"');
    expect(report).toContain('"sourcesFrom": "flag"');
  });

  it('leaves out what a baseline holds', () => {
    job.write('policy.json', WITHOUT_REGISTRY);
    const cli = join(import.meta.dirname, '../../dist/cli.js');
    spawnSync(process.execPath, [cli, 'policy.json', '--write-baseline', 'baseline.json'], {
      cwd: job.workspace,
    });
    const step = job.run({ paths: 'policy.json', baseline: 'baseline.json' });
    expect([step.code, step.annotations, step.outputs['suppressed']]).toEqual([0, [], '4']);
  });

  it('annotates nothing and summarises nothing where it is told so', () => {
    job.write('policy.json', WITHOUT_REGISTRY);
    const step = job.run({ annotations: 'false', summary: 'false' });
    expect([step.code, step.annotations, step.summary]).toEqual([1, [], '']);
    expect(step.log).toContain('error[missing-required]');
  });

  it('works in a folder of the workspace, with names relative to the repository', () => {
    job.write('network team/hub ü/policy.json', WITHOUT_REGISTRY);
    job.commit('only');
    const step = job.run({ 'working-directory': 'network team/hub ü', paths: 'policy.json' });
    expect(step.annotations).toContain(`error network team/hub ü/policy.json:${LIST} missing-required`);
    expect(sarifOf(step)).toContain('"network%20team/hub%20%C3%BC/policy.json"');
    expect(step.summary).toContain(`/network%20team/hub%20%C3%BC/policy.json#L${LIST}>)`);
  });

  it('works in a clone below the workspace', () => {
    const outer = new Job('work');
    try {
      outer.write('clone/infra/policy.json', WITHOUT_REGISTRY);
      spawnSync('git', ['init', '--quiet'], { cwd: join(outer.workspace, 'clone') });
      const step = outer.run({ 'working-directory': 'clone', paths: 'infra' });
      expect(step.annotations).toContain(`error infra/policy.json:${LIST} missing-required`);
    } finally {
      outer.remove();
    }
  });

  it('needs no git, where a checkout was a download', () => {
    const plain = new Job('work');
    try {
      plain.write('infra/policy.json', WITHOUT_REGISTRY);
      const env = { PATH: '', GITHUB_SHA: '1a2b3c4' };
      const step = plain.run({ 'working-directory': 'infra', paths: 'policy.json' }, { env });
      expect(step.code).toBe(1);
      expect(step.annotations).toContain(`error infra/policy.json:${LIST} missing-required`);
      expect(step.summary).toContain('/blob/1a2b3c4/infra/policy.json#L');
    } finally {
      plain.remove();
    }
  });

  it('reads Terraform', () => {
    const source = join(import.meta.dirname, '../../fixtures/terraform/equivalent/source/main.tf');
    job.write('infra/main.tf', readFileSync(source, 'utf8'));
    const step = job.run({ paths: 'infra' });
    expect(step.log).toContain('infra/main.tf');
    expect(step.outputs['exit-code']).toMatch(/^[01]$/);
  });
});

describe('text of a policy', () => {
  it('is no workflow command, whatever it says', () => {
    const evil = '::error::x\n::add-mask::y\n##[set-output name=a]b';
    job.write('policy.json', WITH_SHOP.replaceAll('node-updates', JSON.stringify(evil).slice(1, -1)));
    const step = job.run({ format: 'pretty' });
    expect(step.annotations.filter((line) => !/ policy\.json:\d+ [a-z-]+$/.test(line))).toEqual([]);
    expect(step.annotations).toContain(`warning policy.json:${SHOP} unneeded-entry`);
  });

  it('cannot end what stops commands, since nobody knows the word', () => {
    job.write('policy.json', POLICY);
    const word = (): string | undefined => /::stop-commands::(\S+)/.exec(job.run({}).log)?.[1];
    const first = word();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(word()).not.toBe(first);
  });
});

describe('what cannot be judged', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string, string]>([
    [
      'a wrong level',
      {},
      { 'fail-on': 'eror' },
      '2',
      "Input 'fail-on': unknown value 'eror'. Expected error, warning, note, unknown, never. Did you mean 'error'?",
    ],
    ['a wrong switch', {}, { summary: 'yes' }, '2', "Input 'summary': unknown value 'yes'"],
    ['a wrong feature', {}, { feature: 'azure-polcy' }, '2', "Input 'feature': "],
    ['a wrong output', {}, { output: 'report.xml' }, '2', "Input 'output': 'report.xml' is no FORMAT=FILE"],
    ['standard input', {}, { paths: '-' }, '2', "Input 'paths': an action has no standard input"],
    ['a date that is none', {}, { 'as-of': 'today' }, '2', "Input 'as-of': 'today' is no date"],
    ['a file that is not there', {}, { paths: 'gone.json' }, '3', 'cannot be read'],
    [
      'a folder without firewall',
      { 'infra/x.json': '{}' },
      { paths: 'infra' },
      '3',
      'no firewall configuration was found here',
    ],
  ])('ends with an annotation and outputs that say so: %s', (_case, files, inputs, code, message) => {
    job.write('policy.json', POLICY);
    for (const [path, text] of Object.entries(files)) job.write(path, text);
    const step = job.run({ paths: 'policy.json', ...inputs });
    expect(String(step.code)).toBe(code);
    expect(step.log).toContain(message);
    expect(step.log).not.toContain('--help');
    expect(step.annotations).toHaveLength(1);
    expect(step.outputs).toMatchObject({ 'sarif-file': '', 'json-file': '', 'exit-code': code });
    expect(existsSync(join(job.temp, 'aks-egress-lint.sarif'))).toBe(false);
    if (inputs['summary'] === undefined) expect(step.summary).toContain('## ❌ Nothing was judged');
  });

  it('is annotated where it is wrong', () => {
    job.write('infra/policy.json', '{ "resources": [');
    expect(job.run({ paths: 'infra/policy.json' }).annotations).toEqual([
      expect.stringMatching(/^error infra\/policy\.json:1 aks-egress-lint$/),
    ]);
    job.write('infra/policy.json', POLICY);
    job.write('infra/.aks-egress-lint.yaml', 'profile:\n  base: publik\n');
    expect(job.run({ 'working-directory': 'infra' }).annotations).toEqual([
      'error infra/.aks-egress-lint.yaml:2 aks-egress-lint',
    ]);
  });
});

/** Files of other versions of Node, as .ci/run finds them; the tests above run on the one of the test itself. */
const others = (process.env['OTHER_NODES'] ?? '').split(delimiter).filter((path) => existsSync(path));

describe.skipIf(others.length === 0)('another Node', () => {
  it.each(others)('runs the action just the same: %s', (node) => {
    const source = join(import.meta.dirname, '../../fixtures/terraform/equivalent/source/main.tf');
    const terraform = { 'hub/main.tf': readFileSync(source, 'utf8') };
    change({ 'infra/policy.json': POLICY, ...terraform }, { 'infra/policy.json': WITHOUT_REGISTRY });
    const env = job.pullRequest();
    const inputs = { paths: 'infra\nhub', output: 'html=report.html' };
    const mine = job.run(inputs, { env });
    const page = readFileSync(join(job.workspace, 'report.html'), 'utf8');
    const its = job.run(inputs, { env, node });
    expect(its.annotations).toEqual([`error infra/policy.json:${LIST} missing-required`]);
    expect([its.code, its.stderr, its.summary, its.outputs]).toEqual([1, '', mine.summary, mine.outputs]);
    expect(readFileSync(join(job.workspace, 'report.html'), 'utf8')).toBe(page);
  });
});
