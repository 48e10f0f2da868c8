import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkRule } from '../parsers/inputs.ts';
import { aks, hosts, policyOf } from './policies.ts';
import { counting, Repository } from './repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

const RULES = [
  aks(),
  hosts('shop', ['shop.example.com', 'pay.example.com']),
  hosts('blog', ['blog.example.com']),
];

function configure(text: string): void {
  repository.write('.aks-egress-lint.yaml', text);
}

async function unneeded(...argv: string[]): Promise<string[]> {
  return counting(await repository.report('hub.json', ...argv), 'unneeded-entry');
}

describe('a suppression of the configuration', () => {
  beforeEach(() => {
    repository.write('hub.json', policyOf(RULES));
  });

  it.each([
    ['an entry', 'entry: aks/app/shop › pay.example.com', ['blog.example.com', 'shop.example.com']],
    [
      'an entry as a keyboard writes it',
      'entry: AKS/app/shop > pay.example.com',
      ['blog.example.com', 'shop.example.com'],
    ],
    ['a whole rule', 'entry: aks/app/shop', ['blog.example.com']],
    [
      'no rule whose name only begins so',
      'entry: aks/app/sho',
      ['blog.example.com', 'pay.example.com', 'shop.example.com'],
    ],
    ['a collection', 'collection: app', []],
    ['a collection of a group', 'collection: aks/App', []],
    [
      'no collection of another group',
      'collection: other/app',
      ['blog.example.com', 'pay.example.com', 'shop.example.com'],
    ],
    ['a file', 'at: "*.json"', []],
    ['a pointer', 'at: "hub.json#/resources/1/properties/ruleCollections/0/rules/1"', ['blog.example.com']],
    [
      'no pointer that only begins so',
      'at: "hub.json#/resources/1/properties/ruleCollections/0/rules/1/targetFqdns/1"',
      ['blog.example.com', 'shop.example.com'],
    ],
    ['no other file', 'at: "infra/**"', ['blog.example.com', 'pay.example.com', 'shop.example.com']],
    [
      'what all selectors name',
      'collection: app\n    at: "**#/resources/1/properties/ruleCollections/0/rules/2"',
      ['pay.example.com', 'shop.example.com'],
    ],
    ['a policy by name', 'collection: app\n    policy: HUB', []],
    [
      'no other policy',
      'collection: app\n    policy: spoke',
      ['blog.example.com', 'pay.example.com', 'shop.example.com'],
    ],
  ])('may name %s', async (_case, selector, left) => {
    configure(`suppressions:\n  - check: unneeded-entry\n    ${selector}\n    reason: known\n`);
    expect(await unneeded()).toEqual(left);
  });

  it('may name a requirement, and leaves the others alone', async () => {
    repository.write(
      'hub.json',
      policyOf([hosts('some', ['mcr.microsoft.com', 'login.microsoftonline.com'])]),
    );
    const before = counting(await repository.report('hub.json', '--no-config'), 'missing-required');
    expect(before).toContain('*.data.mcr.microsoft.com');
    configure(
      'suppressions: [{ check: missing-required, requirement: core/mcr-data, reason: images come through a cache }]\n',
    );
    const report = await repository.report('hub.json');
    expect(counting(report, 'missing-required')).toEqual(
      before.filter((name) => name !== '*.data.mcr.microsoft.com'),
    );
    expect(report.findings.filter(({ suppressed }) => suppressed)).toMatchObject([
      {
        requirement: 'core/mcr-data',
        suppression: { kind: 'config', reason: 'images come through a cache' },
      },
    ]);
    expect(report.summary.suppressed).toBe(1);
    expect(report.summary.error).toBe(before.length - 1);
  });

  it('holds to the end of its last day, and is then said to have lapsed', async () => {
    configure(
      'suppressions:\n  - check: unneeded-entry\n    collection: app\n    reason: until the move\n    until: 2026-03-31\n',
    );
    expect(await unneeded('--as-of', '2026-03-31')).toEqual([]);
    expect(await unneeded('--as-of', '2026-04-01')).toHaveLength(3);
    const { notices } = await repository.report('hub.json', '--as-of', '2026-04-01');
    expect(notices).toContain(
      '.aks-egress-lint.yaml:2:5: the suppression of unneeded-entry lapsed after 2026-03-31. 3 findings count again. Its reason was: until the move',
    );
  });

  it('takes the day from the clock, else from the configuration or the flag', async () => {
    configure('suppressions: [{ check: unneeded-entry, collection: app, reason: r, until: 2026-03-31 }]\n');
    const lapsed = async (today: string, ...argv: string[]): Promise<boolean> =>
      (await repository.runIn({ today }, 'hub.json', ...argv)).stdout.includes('lapsed after 2026-03-31');
    expect(await lapsed('2026-03-31')).toBe(false);
    expect(await lapsed('2026-04-01')).toBe(true);
    expect(await lapsed('2026-04-01', '--as-of', '2026-01-01')).toBe(false);
    configure(
      'asOf: 2026-01-01\nsuppressions: [{ check: unneeded-entry, collection: app, reason: r, until: 2026-03-31 }]\n',
    );
    expect(await lapsed('2026-04-01')).toBe(false);
    expect(await lapsed('2026-01-01', '--as-of', '2026-04-01')).toBe(true);
  });

  it.each(['2026-02-30', '31.03.2026', 'soon', '2026-3-1', ''])(
    'counts as lapsed until %j',
    async (until) => {
      configure(
        `suppressions: [{ check: unneeded-entry, collection: app, reason: r, until: ${JSON.stringify(until)} }]\n`,
      );
      const { notices } = await repository.report('hub.json');
      expect(await unneeded()).toHaveLength(3);
      expect(notices.join('\n')).toContain(`counts as lapsed, since '${until}' is no day (YYYY-MM-DD)`);
    },
  );

  it('is said to have lapsed with --quiet too, and where it matches nothing', async () => {
    configure('suppressions: [{ check: broad-port, collection: app, reason: r, until: 2025-12-31 }]\n');
    const { stdout } = await repository.run('hub.json', '--quiet');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('lapsed after 2025-12-31. It matches nothing.');
  });

  it('is reported where it matches nothing', async () => {
    configure(
      'suppressions:\n  - { check: broad-port, collection: app, reason: r }\n  - { check: broad-port, at: "infra/**", reason: r }\n',
    );
    const { notices } = await repository.report('hub.json');
    expect(notices).toContain(
      '.aks-egress-lint.yaml:2:5: the suppression of broad-port matches nothing; remove it.',
    );
    expect(notices).toContain(
      '1 suppression matches nothing: it is about files that are not in this run (.aks-egress-lint.yaml:3:5).',
    );
  });

  it('leaves findings in JSON, out of the text and the exit code, and out of SARIF unless asked', async () => {
    configure('suppressions: [{ check: unneeded-entry, collection: app, reason: known }]\n');
    const argv = ['hub.json', '--fail-on', 'never'];
    const text = await repository.run(...argv);
    expect(text.stdout).not.toContain('shop.example.com');
    expect(text.stdout).toContain('3 suppressed');
    const json = await repository.report(...argv);
    expect(json.findings.filter(({ suppressed }) => suppressed)).toHaveLength(3);
    expect((await repository.run(...argv, '-f', 'sarif')).stdout).not.toContain('shop.example.com');
    const sarif = await repository.run(...argv, '-f', 'sarif', '--sarif-include-suppressed');
    expect(sarif.stdout).toContain('"kind": "external"');
    expect(sarif.stdout).toContain('"justification": "known"');
  });

  it('settles what --fail-on unknown asks about', async () => {
    repository.write('hub.json', readFileSync('fixtures/cli/registry-from-a-parameter.json', 'utf8'));
    const code = async (): Promise<number> => (await repository.run('hub.json', '--fail-on', 'unknown')).code;
    const { runs } = await repository.report('hub.json');
    const open = runs
      .flatMap(({ requirements }) => requirements)
      .filter(({ verdict }) => verdict === 'unknown');
    // The others are printed by the article, and no cluster needs them as printed.
    expect(open.map(({ id }) => id)).toEqual([
      'core/mcr',
      'core/acs-mirror',
      'advisories/mcr-backing-registry',
    ]);
    expect(await code()).toBe(1);
    configure(
      'suppressions: [{ check: unknown-coverage, requirement: core/mcr, reason: given at deployment }]\n',
    );
    expect(await code()).toBe(0);
  });

  it('may be for one cluster of several', async () => {
    const clusters =
      'clusters: [{ name: prod, sources: [10.240.0.0/24] }, { name: test, sources: [10.240.1.0/24] }]\n';
    repository.write('hub.json', policyOf([hosts('some', ['mcr.microsoft.com'])]));
    configure(
      `${clusters}suppressions: [{ check: missing-required, requirement: core/mcr-data, cluster: test, reason: r }]\n`,
    );
    const { findings } = await repository.report('hub.json');
    const left = findings.filter(
      ({ check, requirement }) => check === 'missing-required' && requirement === 'core/mcr-data',
    );
    expect(left.map(({ clusters: names, suppressed }) => [names, suppressed])).toEqual([
      [['prod'], false],
      [['test'], true],
    ]);
  });
});

describe('a suppression inline', () => {
  const IGNORE = 'aks-egress-lint-ignore unneeded-entry -- the shop';

  it('may stand in the description of a rule, for all that the rule allows', async () => {
    repository.write(
      'hub.json',
      policyOf([
        aks(),
        hosts('shop', ['shop.example.com'], { description: `Shop. ${IGNORE}` }),
        hosts('blog', ['blog.example.com']),
      ]),
    );
    expect(await unneeded()).toEqual(['blog.example.com']);
    const { findings } = await repository.report('hub.json');
    expect(findings.find(({ suppressed }) => suppressed)?.suppression).toEqual({
      kind: 'inline',
      reason: 'the shop',
    });
  });

  it('covers what its rule takes from an IP group', async () => {
    const group = {
      type: 'Microsoft.Network/ipGroups',
      apiVersion: '2024-05-01',
      name: 'partners',
      properties: { ipAddresses: ['20.1.2.0/24'] },
    };
    const rule = (description: string): object =>
      networkRule('partners', {
        description,
        destinationAddresses: [],
        destinationPorts: ['8443'],
        destinationIpGroups: ["[resourceId('Microsoft.Network/ipGroups', 'partners')]"],
      });
    const withRule = (description: string): object => {
      const policy = policyOf([aks(), rule(description)]) as { resources: object[] };
      return { ...policy, resources: [group, ...policy.resources] };
    };
    repository.write('hub.json', withRule(''));
    expect(await unneeded()).toEqual(['20.1.2.0/24']);
    repository.write('hub.json', withRule(IGNORE));
    expect(await unneeded()).toEqual([]);
  });

  it.each([
    ['metadata', { metadata: { note: IGNORE } }],
    ['comments', { comments: IGNORE }],
  ])('may stand in the %s of a resource', async (_case, more) => {
    const policy = policyOf([aks(), hosts('shop', ['shop.example.com'])]) as { resources: object[] };
    const [first, group] = policy.resources;
    repository.write('hub.json', { ...policy, resources: [first, { ...group, ...more }] });
    expect(await unneeded()).toEqual([]);
  });

  it('may stand in a comment before, behind or at the head of what it is about', async () => {
    const json = JSON.stringify(
      policyOf([
        aks(),
        hosts('shop', ['BEFORE.example.com', 'BEHIND.example.com', 'left.example.com']),
        hosts('HEAD', ['head.example.com']),
      ]),
      null,
      2,
    );
    const text = json
      .replace('"BEFORE.', `// ${IGNORE}\n"before.`)
      .replace('"BEHIND.example.com",', `"behind.example.com", /* ${IGNORE} */`)
      .replace(/\{\s*"ruleType": "ApplicationRule",\s*"name": "HEAD"/, (head) =>
        head.replace('{', `{ // ${IGNORE}\n`),
      );
    repository.write('hub.json', text);
    expect(await unneeded()).toEqual(['left.example.com']);
  });

  it('may name several checks, and lapses on the day that it names', async () => {
    const description = 'aks-egress-lint-ignore broad-port, unneeded-entry -- the shop until 2026-03-31.';
    repository.write('hub.json', policyOf([aks(), hosts('shop', ['shop.example.com'], { description })]));
    expect(await unneeded('--as-of', '2026-03-31')).toEqual([]);
    expect(await unneeded('--as-of', '2026-04-01')).toEqual(['shop.example.com']);
    const { notices } = await repository.report('hub.json', '--as-of', '2026-03-31');
    expect(notices.join('\n')).toMatch(/hub\.json:\d+:\d+: the suppression of broad-port matches nothing/);
  });

  it.each(['2026-02-30', '2026-13-01', 'Friday'])('counts as lapsed until %j, and says so', async (until) => {
    const description = `${IGNORE} until ${until}`;
    repository.write('hub.json', policyOf([aks(), hosts('shop', ['shop.example.com'], { description })]));
    expect(await unneeded('--as-of', '2026-01-01')).toEqual(['shop.example.com']);
    const { notices } = await repository.report('hub.json', '--as-of', '2026-01-01');
    expect(notices.join('\n')).toContain(`counts as lapsed, since '${until}' is no day (YYYY-MM-DD)`);
  });

  it.each([
    ['without a reason', 'aks-egress-lint-ignore unneeded-entry', 'has no reason'],
    ['with an empty reason', 'aks-egress-lint-ignore unneeded-entry -- ', 'has no reason'],
    ['without a check', 'aks-egress-lint-ignore -- because', 'names no check'],
    ['with an unknown check', 'aks-egress-lint-ignore unneded-entry -- r', "Did you mean 'unneeded-entry'?"],
    ['in other words', 'aks-egress-lint-ignore the shop needs it -- r', "found 'the shop needs it'"],
  ])('suppresses nothing %s, and says so', async (_case, description, problem) => {
    repository.write('hub.json', policyOf([aks(), hosts('shop', ['shop.example.com'], { description })]));
    expect(await unneeded()).toEqual(['shop.example.com']);
    const { notices } = await repository.report('hub.json');
    expect(notices.join('\n')).toContain(problem);
    expect(notices.join('\n')).toMatch(/hub\.json:\d+:\d+: aks-egress-lint-ignore /);
  });

  it('suppresses nothing where it is about nothing, or about the whole file', async () => {
    const policy = policyOf([aks(), hosts('shop', ['shop.example.com'])]);
    repository.write('hub.json', {
      ...policy,
      metadata: { note: IGNORE },
      outputs: { note: { type: 'string', value: IGNORE } },
    });
    expect(await unneeded()).toEqual(['shop.example.com']);
    const { notices } = await repository.report('hub.json');
    expect(notices.filter((notice) => notice.includes('stands where it is about nothing'))).toHaveLength(2);
  });
});
