import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  filesOf,
  itemsOf,
  loadConfig,
  settingOf,
  type Config,
  type ConfigData,
} from '../../src/config/config.ts';
import { verifyNames } from '../../src/config/names.ts';
import { ConfigError } from '../../src/config/source.ts';
import { UsageError } from '../../src/errors.ts';

const KNOWN = {
  checks: ['missing-required', 'broad-port', 'broad-source'],
  presets: ['audit', 'recommended', 'strict'],
  notSuppressible: ['broad-source'],
};

async function load(choice: string | false | undefined, cwd = root): Promise<Config> {
  const config = await loadConfig(choice, cwd);
  verifyNames(config, KNOWN);
  return config;
}

/** What the file itself says. */
async function dataOf(choice: string | false | undefined, cwd = root): Promise<ConfigData | undefined> {
  return filesOf(await load(choice, cwd)).at(-1)?.data;
}

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-config-'));
  mkdirSync(join(root, '.git'));
  mkdirSync(join(root, 'infra/hub'), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function problemIn(name: string, text: string | Uint8Array): Promise<ConfigError> {
  write(name, text);
  const error: unknown = await load(undefined, root).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError: ${JSON.stringify(error)}`);
  return error;
}

describe('where a configuration is found', () => {
  it('is the nearest folder upwards, up to the root of the repository', async () => {
    write('.aks-egress-lint.yaml', 'failOn: note\n');
    expect((await dataOf(undefined, join(root, 'infra/hub')))?.failOn).toBe('note');
    write('infra/aks-egress-lint.config.json', '{ "failOn": "never" }');
    const config = await load(undefined, join(root, 'infra/hub'));
    expect(settingOf(config, 'failOn')?.value).toBe('never');
    expect(config.path).toBe('../aks-egress-lint.config.json');
  });

  it('never is a folder above the repository', async () => {
    write('.aks-egress-lint.yaml', 'failOn: note\n');
    mkdirSync(join(root, 'infra/.git'));
    expect((await load(undefined, join(root, 'infra/hub'))).path).toBeUndefined();
  });

  it('is only the working directory where there is no repository', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    write('.aks-egress-lint.yaml', 'failOn: note\n');
    expect((await load(undefined, join(root, 'infra'))).path).toBeUndefined();
    expect((await load(undefined, root)).path).toBe('.aks-egress-lint.yaml');
  });

  it('may be a key of package.json', async () => {
    write('package.json', '{ "name": "hub", "aks-egress-lint": { "failOn": "warning" } }');
    expect((await dataOf(undefined, root))?.failOn).toBe('warning');
  });

  it('passes over a package.json without the key, or that is broken', async () => {
    write('package.json', '{ "name": ');
    expect((await load(undefined, root)).path).toBeUndefined();
  });

  it('is ambiguous where one folder has two', async () => {
    write('.aks-egress-lint.yaml', '');
    write('.aks-egress-lint.json', '{}');
    await expect(load(undefined, root)).rejects.toThrow(
      /several configurations .*: \.aks-egress-lint\.yaml, \.aks-egress-lint\.json\. Keep one/,
    );
  });

  it('is what --config names, whatever lies around', async () => {
    write('.aks-egress-lint.yaml', 'failOn: note\n');
    write('infra/other.yml', 'failOn: never\n');
    expect((await dataOf('infra/other.yml', root))?.failOn).toBe('never');
  });

  it('is nothing with --no-config', async () => {
    write('.aks-egress-lint.yaml', 'nonsense: true\n');
    expect(await load(false)).toEqual({ path: undefined, folder: root, layers: [] });
  });
});

describe('what a configuration says', () => {
  it('reads the same from YAML and from JSON with comments', async () => {
    const expected = {
      profile: 'private',
      sources: { linux: ['10.1.0.0/24'] },
      allow: [{ destinations: ['*.example.com'], ports: [443], protocols: ['HTTPS'], reason: 'shop' }],
      checks: { 'broad-port': 'off' },
      asOf: '2026-01-31',
    };
    write(
      'a.yaml',
      `profile: private
sources: { linux: [10.1.0.0/24] }
allow:
  - { destinations: ["*.example.com"], ports: [443], protocols: [HTTPS], reason: shop }
checks: { broad-port: off }
asOf: 2026-01-31
`,
    );
    write('a.json', `// why\n${JSON.stringify(expected)}`);
    expect(await dataOf('a.yaml', root)).toEqual(expected);
    expect(await dataOf('a.json', root)).toEqual(expected);
  });

  it('names files relative to itself', async () => {
    write(
      'infra/aks-egress-lint.config.yaml',
      'parameters: [prod.json]\nbasePolicies: [../base.json]\nvarFiles: [prod.tfvars]\nsourceRoot: .\n',
    );
    const data = await dataOf(undefined, join(root, 'infra/hub'));
    expect(data).toEqual({
      parameters: ['../prod.json'],
      basePolicies: ['../../base.json'],
      varFiles: ['../prod.tfvars'],
      sourceRoot: '..',
    });
  });

  it('may be empty', async () => {
    write('.aks-egress-lint.yaml', '# nothing yet\n');
    expect(await dataOf(undefined, root)).toEqual({});
  });
});

describe('what a configuration extends', () => {
  const layersOf = ({ layers }: Config): string[] =>
    layers.map((layer) => (layer.kind === 'preset' ? layer.id : layer.file.path));

  it('stands before it, in order, chains included', async () => {
    write('.aks-egress-lint.yaml', 'extends: [strict, org/base.yaml, audit]\nfailOn: warning\n');
    write('org/base.yaml', 'extends: ./root.json\nfailOn: note\nasOf: 2026-01-31\n');
    write('org/root.json', '{ "failOn": "error", "privateNames": ["*.internal.example.com"] }');
    const config = await load(undefined);
    expect(layersOf(config)).toEqual([
      'strict',
      'org/root.json',
      'org/base.yaml',
      'audit',
      '.aks-egress-lint.yaml',
    ]);
    expect(settingOf(config, 'failOn')?.value).toBe('warning');
    expect(settingOf(config, 'asOf')).toMatchObject({ value: '2026-01-31', file: { path: 'org/base.yaml' } });
  });

  it('adds to lists and replaces single values', async () => {
    write(
      '.aks-egress-lint.yaml',
      'extends: org/base.yaml\nsources: [10.2.0.0/24]\nprivateNames: [b.example.com]\n',
    );
    write('org/base.yaml', 'sources: [10.1.0.0/24]\nprivateNames: [a.example.com]\n');
    const config = await load(undefined);
    expect(settingOf(config, 'sources')?.value).toEqual(['10.2.0.0/24']);
    expect(itemsOf(config, 'privateNames').map(({ value }) => value)).toEqual([
      'a.example.com',
      'b.example.com',
    ]);
  });

  it('counts once where two files extend the same one', async () => {
    write('.aks-egress-lint.yaml', 'extends: [a.yaml, b.yaml]\n');
    write('a.yaml', 'extends: c.yaml\n');
    write('b.yaml', 'extends: c.yaml\n');
    write('c.yaml', 'privateNames: [c.example.com]\n');
    expect(layersOf(await load(undefined))).toEqual(['c.yaml', 'a.yaml', 'b.yaml', '.aks-egress-lint.yaml']);
  });

  it('names files relative to the file that names them', async () => {
    write('.aks-egress-lint.yaml', 'extends: org/base.yaml\n');
    write('org/base.yaml', 'parameters: [prod.json]\ncheckDirectories: [checks]\n');
    const config = await load(undefined);
    expect(itemsOf(config, 'parameters').map(({ value }) => value)).toEqual(['org/prod.json']);
    expect(itemsOf(config, 'checkDirectories').map(({ value }) => value)).toEqual(['org/checks']);
  });

  it('never leads in a circle', async () => {
    write('a.yaml', 'extends: b.yaml\n');
    write('b.yaml', 'failOn: note\nextends:\n  - a.yaml\n');
    const error: unknown = await load('a.yaml').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      path: 'b.yaml',
      position: { line: 3, column: 5 },
      message: 'extends leads in a circle: a.yaml → b.yaml → a.yaml.',
    });
    write('self.yaml', 'extends: ./self.yaml\n');
    await expect(load('self.yaml')).rejects.toThrow('circle: self.yaml → self.yaml');
  });

  it('is a file that is there and is valid', async () => {
    const gone = await problemIn('.aks-egress-lint.yaml', 'extends:\n  - recommended\n  - ./gone.yaml\n');
    expect(gone.position).toEqual({ line: 3, column: 5 });
    expect(gone.message).toBe("extends 'gone.yaml', which cannot be read: no such file or folder.");
    write('bad.yaml', 'failOn: 3\n');
    const bad = await problemIn('.aks-egress-lint.yaml', 'extends: bad.yaml\n');
    expect([bad.path, bad.position?.line]).toEqual(['bad.yaml', 1]);
  });

  it('is nothing from the network', async () => {
    const error = await problemIn('.aks-egress-lint.yaml', 'extends: https://example.com/base.yaml\n');
    expect(error.message).toContain('is a URL. Expected the name of a preset or a file');
  });
});

describe('what is wrong with a configuration', () => {
  it('says where an unknown key stands, what is allowed and what may be meant', async () => {
    const error = await problemIn('.aks-egress-lint.yaml', 'failOn: note\nsource: [10.0.0.0/8]\n');
    expect(error.position).toEqual({ line: 2, column: 1 });
    expect(error.message).toMatch(/^unknown key 'source'\. Expected .*sources.*\. Did you mean 'sources'\?$/);
  });

  it('says what was found and what is expected, for JSON too', async () => {
    const error = await problemIn('.aks-egress-lint.json', '{\n  "failOn": "warnin"\n}');
    expect(error.position).toEqual({ line: 2, column: 13 });
    expect(error.message).toBe(
      "failOn: found 'warnin', expected error, warning, note, unknown, never. Did you mean 'warning'?",
    );
  });

  it('points into package.json', async () => {
    const error = await problemIn('package.json', '{\n  "aks-egress-lint": {\n    "failOn": 3 }\n}');
    expect(error.position).toEqual({ line: 3, column: 15 });
  });

  it('lists every problem in the order of the file', async () => {
    const error = await problemIn(
      '.aks-egress-lint.yaml',
      'failOn: 1\nallow:\n  - destinations: []\n    ports: [70000]\n',
    );
    expect(error.position?.line).toBe(1);
    expect(error.message.split('\n').slice(1)).toEqual([
      ".aks-egress-lint.yaml:3:5: allow[0]: 'reason' is missing.",
      '.aks-egress-lint.yaml:3:19: allow[0].destinations: the list is empty: leave it out, or name at least one.',
      '.aks-egress-lint.yaml:4:13: allow[0].ports[0]: found 70000, expected a number <= 65535.',
    ]);
  });

  it.each([
    [
      'an unknown check',
      'checks: { missing-requird: off }',
      "there is no check 'missing-requird'. Did you mean 'missing-required'?",
    ],
    ['an unknown level', 'checks: { broad-port: warn }', "found 'warn', expected error, warning, note, off"],
    ['an unknown level before options', 'checks: { broad-port: [warn, {}] }', "found 'warn', expected error"],
    ['options that are none', 'checks: { broad-port: [note, 3] }', 'found 3, expected keys with values'],
    ['a list without options', 'checks: { broad-port: [note] }', 'too short, expected 2 members'],
    [
      'an unknown check of an override',
      'overrides: [{ files: [a.json], checks: { broad-prt: off } }]',
      "there is no check 'broad-prt'. Did you mean 'broad-port'?",
    ],
    ['an override without files', 'overrides: [{ checks: {} }]', "overrides[0]: 'files' is missing"],
    [
      'a suppression without a reason',
      'suppressions: [{ check: broad-port, collection: a }]',
      "suppressions[0]: 'reason' is missing",
    ],
    [
      'a suppression with an empty reason',
      'suppressions: [{ check: broad-port, collection: a, reason: " " }]',
      "found ' ', expected some text",
    ],
    [
      'a suppression of everything',
      'suppressions: [{ check: broad-port, reason: r }]',
      'suppressions[0]: expected one of requirement, entry, collection, at beside it.',
    ],
    [
      'a suppression of an unknown check',
      'suppressions: [{ check: broad-prt, collection: a, reason: r }]',
      "there is no check 'broad-prt'. Did you mean 'broad-port'?",
    ],
    [
      'a suppression of a check that cannot be suppressed',
      'suppressions: [{ check: broad-source, collection: a, reason: r }]',
      "the check 'broad-source' cannot be suppressed",
    ],
    [
      'a suppression for an unknown cluster',
      'clusters: [{ name: prod }]\nsuppressions: [{ check: broad-port, collection: a, cluster: prd, reason: r }]',
      "there is no cluster 'prd'. Did you mean 'prod'? Expected prod.",
    ],
    [
      'a place that is none',
      'suppressions: [{ check: broad-port, at: "a.json#x", reason: r }]',
      "found 'a.json#x', expected something like infra/**/*.json or infra/hub.json#/resources/2",
    ],
    [
      'a glob with groups',
      "overrides: [{ files: ['+(a|a)+(a|a)b'], checks: {} }]",
      "'+(a|a)+(a|a)b' has groups, which are not read",
    ],
    [
      'a glob that could take forever',
      "suppressions: [{ check: broad-port, at: '*a*a*a*a*a*b', reason: r }]",
      "'*a*a*a*a*a*b' has too many wildcards",
    ],
    ['an unknown fact', 'profile: { regoin: x }', "profile: unknown key 'regoin'"],
    ['an unknown profile', 'profile: publik', "Did you mean 'public'?"],
    ['an unknown preset', 'extends: strikt', "Did you mean 'strict'?"],
    ['a day that does not exist', 'asOf: 2026-02-30', "'2026-02-30' is no date"],
    ['a list where keys belong', '- preset', 'found a list, expected keys with values'],
    ['a key given twice', 'failOn: note\nfailOn: never', 'is no valid YAML: Map keys must be unique'],
    ['broken YAML', 'allow: [', 'is no valid YAML'],
    ['an unknown YAML tag', 'preset: !secret x', 'is no valid YAML: Unresolved tag'],
    ['two clusters of one name', 'clusters: [{ name: a }, { name: a }]', "two clusters are named 'a'"],
    ['__proto__', '"__proto__": { "failOn": "never" }', "unknown key '__proto__'"],
  ])('rejects %s', async (_case, text, message) => {
    expect((await problemIn('.aks-egress-lint.yaml', text)).message).toContain(message);
  });

  it('rejects aliases that grow without bound', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => {
        const before = 'abcdefg'.charAt(at);
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect((await problemIn('.aks-egress-lint.yaml', bomb)).message).toMatch(/alias/i);
  });

  it('rejects JSON with __proto__ and broken JSON, with a place', async () => {
    const unknown = await problemIn('.aks-egress-lint.json', '{ "__proto__": {} }');
    expect(unknown.message).toContain("unknown key '__proto__'");
    const broken = await problemIn('.aks-egress-lint.json', '{\n  "preset": \n}');
    expect(broken.position?.line).toBe(3);
  });

  it('rejects bytes that are no text', async () => {
    const error = await problemIn('.aks-egress-lint.yaml', Uint8Array.of(0x61, 0xff, 0x62));
    expect(error.message).toContain('not valid UTF-8');
  });

  it('says that the file of --config is not there', async () => {
    await expect(load('gone.yaml', root)).rejects.toThrow(UsageError);
    await expect(load('gone.yaml', root)).rejects.toThrow(/cannot be read: no such file/);
  });
});
