import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import { aks, hosts, policyOf } from './policies.ts';
import { Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
  repository.write('infra/hub.json', policyOf([aks(), hosts('shop', ['shop.example.com'])]));
  repository.write(
    'infra/test/spoke.json',
    policyOf([aks(), hosts('blog', ['blog.example.com']), hosts('pay', ['pay.example.com'])], 'spoke'),
  );
});
afterEach(() => {
  repository.remove();
});

function levels({ findings }: Report): Record<string, string> {
  return Object.fromEntries(
    findings
      .filter(({ check }) => check === 'unneeded-entry')
      .map(({ message, level }) => [/'([a-z]+)\.example/.exec(message)?.[1] ?? message, level]),
  );
}

async function lint(config: string, ...argv: string[]): Promise<Record<string, string>> {
  repository.write('.aks-egress-lint.yaml', config);
  return levels(await repository.report(...(argv.length > 0 ? argv : ['infra'])));
}

describe('an override', () => {
  it('changes the level of checks in the files that its globs name', async () => {
    expect(
      await lint("overrides: [{ files: ['infra/test/**'], checks: { unneeded-entry: error } }]\n"),
    ).toEqual({ shop: 'warning', blog: 'error', pay: 'error' });
    expect(await lint("overrides: [{ files: ['infra/*.json'], checks: { unneeded-entry: off } }]\n")).toEqual(
      {
        blog: 'warning',
        pay: 'warning',
      },
    );
  });

  it('changes it at a JSON pointer and below', async () => {
    const rule = '/resources/1/properties/ruleCollections/0/rules/1';
    expect(
      await lint(`overrides: [{ files: ['**/spoke.json#${rule}'], checks: { unneeded-entry: note } }]\n`),
    ).toEqual({ shop: 'warning', blog: 'note', pay: 'warning' });
  });

  it('switches on what is off elsewhere, and the later one wins', async () => {
    expect(
      await lint(`checks: { unneeded-entry: off }
overrides:
  - { files: ['infra/**'], checks: { unneeded-entry: note } }
  - { files: ['infra/hub.json'], checks: { unneeded-entry: error } }
`),
    ).toEqual({ shop: 'error', blog: 'note', pay: 'note' });
    const { stdout } = await repository.run('infra', '-f', 'sarif');
    expect(stdout).toContain('"id": "unneeded-entry"');
  });

  it('reads globs from the folder of the configuration, wherever the run starts and whichever file holds them', async () => {
    repository.write(
      'org/base.yaml',
      "overrides: [{ files: ['infra/hub.json'], checks: { unneeded-entry: error } }]\n",
    );
    repository.write('.aks-egress-lint.yaml', 'extends: org/base.yaml\n');
    const { stdout } = await repository.runIn(
      { cwd: join(repository.root, 'infra') },
      'hub.json',
      '-f',
      'json',
    );
    expect(levels(JSON.parse(stdout) as Report)).toEqual({ shop: 'error' });
  });

  it('reads globs from the working directory for files outside of the folder of the configuration', async () => {
    mkdirSync(join(repository.root, 'ci'));
    repository.write(
      'ci/lint.yaml',
      "overrides: [{ files: ['infra/hub.json'], checks: { unneeded-entry: error } }]\n",
    );
    const { stdout } = await repository.run('infra/hub.json', '--config', 'ci/lint.yaml', '-f', 'json');
    expect(levels(JSON.parse(stdout) as Report)).toEqual({ shop: 'error' });
  });

  it('may be for standard input', async () => {
    repository.write(
      '.aks-egress-lint.yaml',
      "overrides: [{ files: ['-'], checks: { unneeded-entry: error } }]\n",
    );
    const stdin = repository.read('infra/hub.json');
    const { stdout } = await repository.runIn({ stdin }, '-', '-f', 'json');
    expect(levels(JSON.parse(stdout) as Report)).toEqual({ shop: 'error' });
  });
});

describe('levels of checks', () => {
  it('come from presets and extended files in order, and a level alone keeps the options given before', async () => {
    repository.write(
      'base.yaml',
      "checks: { unneeded-entry: error, broad-port: [error, { acceptedPorts: ['8443'] }] }\n",
    );
    expect(await lint('extends: [audit, base.yaml]\n', 'infra/hub.json')).toEqual({ shop: 'error' });
    expect(await lint('extends: [base.yaml, recommended]\n', 'infra/hub.json')).toEqual({ shop: 'warning' });
    expect(
      await lint(
        'extends: base.yaml\nchecks: { unneeded-entry: note, broad-port: note }\n',
        'infra/hub.json',
      ),
    ).toEqual({
      shop: 'note',
    });
    const { stdout } = await repository.run('--print-config');
    expect(stdout).toContain('  broad-port: [note, { acceptedPorts: ["8443"] }] # .aks-egress-lint.yaml:2:');
  });
});
