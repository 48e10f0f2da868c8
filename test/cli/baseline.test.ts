import { readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import schema from '../../schemas/baseline.schema.json' with { type: 'json' };
import { aks, hosts, policyOf } from './policies.ts';
import { counting, Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const SHOP = hosts('shop', ['shop.example.com', 'pay.example.com']);
const BLOG = hosts('blog', ['blog.example.com']);
const BASELINE = 'egress-baseline.json';

async function writeBaseline(...files: string[]): Promise<string> {
  const { code, stderr } = await repository.run(...files, '--write-baseline', BASELINE, '--fail-on', 'note');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return repository.read(BASELINE);
}

async function unneeded(...argv: string[]): Promise<string[]> {
  return counting(await repository.report('hub.json', '--baseline', BASELINE, ...argv), 'unneeded-entry');
}

async function notice(...argv: string[]): Promise<string> {
  const { notices } = await repository.report('hub.json', '--baseline', BASELINE, ...argv);
  return notices.filter((text) => text.includes('in the baseline')).join('\n');
}

describe('a baseline', () => {
  it('takes in all that is there, so that nothing of it counts', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    const before = (await repository.report('hub.json')).findings.length;
    const text = await writeBaseline('hub.json');
    const { code, stdout } = await repository.run('hub.json', '--baseline', BASELINE, '--fail-on', 'note');
    expect(code).toBe(0);
    expect(stdout).toContain(`${before} suppressed`);
    expect(stdout).toContain(`${BASELINE}: ${before} in the baseline, 0 no longer occur.`);
    expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1 });
    expect(text).toContain(
      '{"policy":"hub","check":"unneeded-entry","about":"aks/app/shop › shop.example.com › *"}',
    );
    const { findings } = await repository.report('hub.json', '--baseline', BASELINE);
    expect(findings.every(({ suppressed }) => suppressed)).toBe(true);
    expect(findings[0]?.suppression).toEqual({
      kind: 'baseline',
      reason: `It is in the baseline ${BASELINE}.`,
    });
  });

  it('keeps what it knows when lines, order and formatting change', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP, BLOG]));
    await writeBaseline('hub.json');
    repository.write('hub.json', JSON.stringify(policyOf([BLOG, SHOP, aks()])));
    expect(await unneeded()).toEqual([]);
  });

  it('never hides a rule, or an entry of a known rule, that was added to the same collection', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    await writeBaseline('hub.json');
    repository.write('hub.json', policyOf([aks(), BLOG, SHOP]));
    expect(await unneeded()).toEqual(['blog.example.com']);
    repository.write(
      'hub.json',
      policyOf([aks(), hosts('shop', ['shop.example.com', 'pay.example.com', 'new.example.com'])]),
    );
    expect(await unneeded()).toEqual(['new.example.com']);
  });

  it('never hides a second rule of the same name and content', async () => {
    repository.write('hub.json', policyOf([aks(), BLOG]));
    await writeBaseline('hub.json');
    repository.write('hub.json', policyOf([aks(), BLOG, BLOG]));
    const { findings } = await repository.report('hub.json', '--baseline', BASELINE);
    const counted = findings.filter(({ suppressed }) => !suppressed);
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.every(({ location }) => location.pointer.includes('/ruleCollections/0/rules/'))).toBe(
      true,
    );
  });

  it('never hides sources that became wider', async () => {
    const wide = (source: string): object => policyOf([aks({ sourceAddresses: [source] })]);
    repository.write('.aks-egress-lint.yaml', 'sources: [10.240.0.0/22]\n');
    repository.write('hub.json', wide('10.240.0.0/16'));
    await writeBaseline('hub.json');
    expect(counting(await repository.report('hub.json', '--baseline', BASELINE), 'broad-source')).toEqual([]);
    repository.write('hub.json', wide('*'));
    expect(
      counting(await repository.report('hub.json', '--baseline', BASELINE), 'broad-source'),
    ).toHaveLength(1);
  });

  it('never hides what became missing', async () => {
    const withHosts = (...names: string[]): object => policyOf([hosts('some', names)]);
    repository.write('hub.json', withHosts('mcr.microsoft.com', 'login.microsoftonline.com'));
    await writeBaseline('hub.json');
    repository.write('hub.json', withHosts('mcr.microsoft.com'));
    const report = await repository.report('hub.json', '--baseline', BASELINE);
    expect(counting(report, 'missing-required')).toEqual(['login.microsoftonline.com']);
  });

  it('says how much no longer occurs, and --prune-baseline removes that', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP, BLOG]));
    const first = await writeBaseline('hub.json');
    const all = first.split('"check"').length - 1;
    repository.write('hub.json', policyOf([aks(), SHOP]));
    expect(await notice()).toBe(
      `${BASELINE}: ${all - 1} in the baseline, 1 no longer occurs. --prune-baseline removes it.`,
    );
    expect(repository.read(BASELINE)).toBe(first);
    expect(await notice('--prune-baseline')).toBe(
      `${BASELINE}: ${all - 1} in the baseline, 1 no longer occurs and was removed.`,
    );
    const lines = first.split('\n').filter((line) => !line.includes('blog.example.com'));
    expect(repository.read(BASELINE).split('\n').map(withoutComma)).toEqual(lines.map(withoutComma));
    expect(await notice()).toBe(`${BASELINE}: ${all - 1} in the baseline, 0 no longer occur.`);
    repository.write('hub.json', policyOf([aks(), SHOP, BLOG]));
    expect(await unneeded()).toEqual(['blog.example.com']);
  });

  it('is kept for policies that a run does not judge', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    repository.write('spoke.json', policyOf([aks(), BLOG], 'spoke'));
    const both = await writeBaseline('hub.json', 'spoke.json');
    expect(await notice('--prune-baseline')).toMatch(/ 0 no longer occur and were removed\.$/);
    expect(repository.read(BASELINE)).toBe(both);
  });

  it('is the same in every run and whatever the order of the files', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    repository.write('spoke.json', policyOf([aks(), BLOG], 'spoke'));
    const first = await writeBaseline('hub.json', 'spoke.json');
    expect(await writeBaseline('spoke.json', 'hub.json')).toBe(first);
    const lines = first.split('\n').filter((line) => line.includes('"check"'));
    expect(lines).toEqual([...lines].sort());
    expect(readdirSync(repository.root).sort()).toEqual(['.git', BASELINE, 'hub.json', 'spoke.json']);
  });

  it('follows its schema', async () => {
    repository.write('.aks-egress-lint.yaml', 'clusters: [{ name: prod }, { name: test }]\n');
    repository.write('hub.json', policyOf([SHOP, BLOG, BLOG]));
    const data: unknown = JSON.parse(await writeBaseline('hub.json'));
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
  });

  it('knows clusters apart', async () => {
    const clusters = (features: string): string =>
      `clusters:\n  - { name: prod, sources: [10.240.0.0/24] }\n  - { name: test, sources: [10.240.1.0/24], profile: { features: [${features}] } }\n`;
    repository.write('.aks-egress-lint.yaml', clusters(''));
    repository.write('hub.json', policyOf([hosts('some', ['mcr.microsoft.com'])]));
    await writeBaseline('hub.json');
    repository.write('.aks-egress-lint.yaml', clusters('azure-policy'));
    const { findings } = await repository.report('hub.json', '--baseline', BASELINE);
    const fresh = findings.filter(({ suppressed }) => !suppressed);
    expect(fresh.length).toBeGreaterThan(0);
    expect(new Set(fresh.flatMap(({ clusters: names }) => names))).toEqual(new Set(['test']));
  });

  it('leaves to suppressions what they accept', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    repository.write(
      '.aks-egress-lint.yaml',
      'suppressions: [{ check: unneeded-entry, collection: app, reason: known }]\n',
    );
    expect(await writeBaseline('hub.json')).not.toContain('unneeded-entry');
  });

  it('is not written by a run that could not judge all that was named', async () => {
    repository.write('hub.json', policyOf([aks(), SHOP]));
    const { code } = await repository.run('hub.json', 'gone.json', '--write-baseline', BASELINE);
    expect(code).toBe(3);
    expect(readdirSync(repository.root)).not.toContain(BASELINE);
  });
});

function withoutComma(line: string): string {
  return line.replace(/,$/, '');
}

describe('a baseline that cannot be used', () => {
  beforeEach(() => {
    repository.write('hub.json', policyOf([aks()]));
  });

  it.each([
    [
      'that is not there',
      undefined,
      /^base\.json: the baseline cannot be read: no such file.*--write-baseline/,
    ],
    ['that is empty', '', /^base\.json: the file is empty/],
    ['with marks of a merge', '{\n<<<<<<< ours\n', /^base\.json:2:1: not JSON/],
    ['without a version', '{ "findings": [] }', /^base\.json:1:1: 'schemaVersion' is missing/],
    [
      'of a later version',
      '{ "schemaVersion": 2 }',
      /^base\.json:1:20: is a baseline of version 2, and this program reads version 1\. Update/,
    ],
    ['that is something else', '[]', /^base\.json:1:1: found a list, expected keys with values/],
    [
      'with an entry of another form',
      '{ "schemaVersion": 1,\n  "findings": [\n    { "policy": "hub", "check": "a", "abuot": "b" } ] }',
      /base\.json:3:\d+: findings\[0\]: unknown key 'abuot'.*Did you mean 'about'\?/,
    ],
  ])('is an error: one %s', async (_case, text, message) => {
    if (text !== undefined) repository.write('base.json', text);
    const { code, stdout, stderr } = await repository.run('hub.json', '--baseline', 'base.json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  it.each([
    [['--prune-baseline'], '--prune-baseline needs --baseline FILE'],
    [['--baseline', 'a', '--write-baseline', 'b'], '--write-baseline and --baseline contradict'],
    [['--write-baseline', 'b', '--prune-baseline'], '--write-baseline and --prune-baseline contradict'],
    [['--write-baseline', 'gone/b.json'], "--write-baseline: 'gone/b.json' cannot be written"],
    [['--write-baseline', 'hub.json'], "--write-baseline: 'hub.json' is an input too"],
    [['--write-baseline', 'a.json', '-o', 'json=a.json'], "'a.json' is given twice"],
  ])('is an error: %j', async (argv, message) => {
    const { code, stderr } = await repository.run('hub.json', ...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
