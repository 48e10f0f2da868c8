import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aks, hosts, policyOf } from './policies.ts';
import { counting, Repository } from './repository.ts';

const CHECK = `id: no-public-storage
target: entry
meta:
  level: error
  suppressible: false
  docs:
    description: An entry opens storage accounts.
    rationale: They are a way out for data.
    fix: Name the storage account.
  messages: { opened: "'{{destination}}' opens storage accounts." }
cases:
  - messageId: opened
    conditions: { all: [{ fact: host, operator: fqdnMatches, value: '*.blob.core.windows.net' }] }
`;
const STORAGE = '*.blob.core.windows.net';

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
  repository.write('checks/no-public-storage.yaml', CHECK);
  configure('');
  write({ description: '' });
});
afterEach(() => {
  repository.remove();
});

function configure(more: string): void {
  repository.write('.aks-egress-lint.yaml', `checkDirectories: [checks]\n${more}`);
}

function write(rule: object, group: object = {}): void {
  const policy = policyOf([aks(), hosts('backup', [STORAGE], rule)]) as { resources: object[] };
  const [first, second] = policy.resources;
  repository.write('hub.json', { ...policy, resources: [first, { ...second, ...group }] });
}

async function opened(...argv: string[]): Promise<string[]> {
  return counting(await repository.report('hub.json', ...argv), 'no-public-storage');
}

describe('a check of an organisation that is not suppressible', () => {
  it('fires', async () => {
    expect(await opened()).toEqual([STORAGE]);
    expect((await repository.run('hub.json')).code).toBe(1);
  });

  it.each(['collection: app', 'entry: aks/app/backup', 'at: "**"'])(
    'makes a suppression of the configuration by %s an error with its line, and nothing is judged',
    async (selector) => {
      configure(`suppressions:\n  - check: no-public-storage\n    ${selector}\n    reason: please\n`);
      const { code, stdout, stderr } = await repository.run('hub.json');
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(
        ".aks-egress-lint.yaml:3:12: the check 'no-public-storage' cannot be suppressed",
      );
    },
  );

  it.each([
    ['a description', { description: 'aks-egress-lint-ignore no-public-storage -- please' }, {}],
    [
      'a description that names other checks too',
      { description: 'aks-egress-lint-ignore unneeded-entry, no-public-storage -- please' },
      {},
    ],
    ['metadata', {}, { metadata: { note: 'aks-egress-lint-ignore no-public-storage -- please' } }],
  ])('counts in spite of %s, and the report says why', async (_case, rule, group) => {
    write(rule, group);
    expect(await opened()).toEqual([STORAGE]);
    const { notices } = await repository.report('hub.json');
    expect(notices.join('\n')).toMatch(
      /hub\.json:\d+:\d+: .*the check 'no-public-storage' cannot be suppressed/,
    );
  });

  it('counts in spite of a comment, and the report says why', async () => {
    const text = repository
      .read('hub.json')
      .replace(`"${STORAGE}"`, `/* aks-egress-lint-ignore no-public-storage -- please */ "${STORAGE}"`);
    repository.write('hub.json', text);
    expect(await opened()).toEqual([STORAGE]);
    const { notices } = await repository.report('hub.json');
    expect(notices.join('\n')).toContain("the check 'no-public-storage' cannot be suppressed");
  });

  it('is not written into a baseline and counts beside it, though the baseline takes the rest', async () => {
    const written = await repository.run('hub.json', '--write-baseline', 'baseline.json');
    expect(written.code).toBe(1);
    expect(repository.read('baseline.json')).toContain('unneeded-entry');
    expect(repository.read('baseline.json')).not.toContain('no-public-storage');
    const { findings } = await repository.report('hub.json', '--baseline', 'baseline.json');
    expect(findings.filter(({ suppressed }) => !suppressed).map(({ check }) => check)).toEqual([
      'no-public-storage',
    ]);
  });

  it('counts beside a baseline from before, and --prune-baseline takes it out', async () => {
    repository.write(
      'checks/no-public-storage.yaml',
      CHECK.replace('suppressible: false', 'suppressible: true'),
    );
    await repository.run('hub.json', '--write-baseline', 'baseline.json');
    expect(repository.read('baseline.json')).toContain('no-public-storage');
    expect(await opened('--baseline', 'baseline.json')).toEqual([]);
    repository.write('checks/no-public-storage.yaml', CHECK);
    expect(await opened('--baseline', 'baseline.json', '--prune-baseline')).toEqual([STORAGE]);
    expect(repository.read('baseline.json')).not.toContain('no-public-storage');
    expect(repository.read('baseline.json')).toContain('unneeded-entry');
  });
});
