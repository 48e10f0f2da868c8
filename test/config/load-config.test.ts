import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/source.ts';
import { UsageError } from '../../src/errors.ts';

const KNOWN = {
  checks: ['missing-required', 'broad-port'],
  presets: ['audit', 'recommended', 'strict'],
};

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
  const error: unknown = await loadConfig(undefined, root, KNOWN).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`no ConfigError: ${JSON.stringify(error)}`);
  return error;
}

describe('where a configuration is found', () => {
  it('is the nearest folder upwards, up to the root of the repository', async () => {
    write('.aks-egress-lint.yaml', 'preset: strict\n');
    expect((await loadConfig(undefined, join(root, 'infra/hub'), KNOWN)).data.preset).toBe('strict');
    write('infra/aks-egress-lint.config.json', '{ "preset": "audit" }');
    const config = await loadConfig(undefined, join(root, 'infra/hub'), KNOWN);
    expect(config.data.preset).toBe('audit');
    expect(config.path).toBe('../aks-egress-lint.config.json');
  });

  it('never is a folder above the repository', async () => {
    write('.aks-egress-lint.yaml', 'preset: strict\n');
    mkdirSync(join(root, 'infra/.git'));
    expect((await loadConfig(undefined, join(root, 'infra/hub'), KNOWN)).path).toBeUndefined();
  });

  it('is only the working directory where there is no repository', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    write('.aks-egress-lint.yaml', 'preset: strict\n');
    expect((await loadConfig(undefined, join(root, 'infra'), KNOWN)).path).toBeUndefined();
    expect((await loadConfig(undefined, root, KNOWN)).path).toBe('.aks-egress-lint.yaml');
  });

  it('may be a key of package.json', async () => {
    write('package.json', '{ "name": "hub", "aks-egress-lint": { "failOn": "warning" } }');
    expect((await loadConfig(undefined, root, KNOWN)).data.failOn).toBe('warning');
  });

  it('passes over a package.json without the key, or that is broken', async () => {
    write('package.json', '{ "name": ');
    expect((await loadConfig(undefined, root, KNOWN)).path).toBeUndefined();
  });

  it('is ambiguous where one folder has two', async () => {
    write('.aks-egress-lint.yaml', '');
    write('.aks-egress-lint.json', '{}');
    await expect(loadConfig(undefined, root, KNOWN)).rejects.toThrow(
      /several configurations .*: \.aks-egress-lint\.yaml, \.aks-egress-lint\.json\. Keep one/,
    );
  });

  it('is what --config names, whatever lies around', async () => {
    write('.aks-egress-lint.yaml', 'preset: strict\n');
    write('infra/other.yml', 'preset: audit\n');
    expect((await loadConfig('infra/other.yml', root, KNOWN)).data.preset).toBe('audit');
  });

  it('is nothing with --no-config', async () => {
    write('.aks-egress-lint.yaml', 'nonsense: true\n');
    expect((await loadConfig(false, root, KNOWN)).data).toEqual({});
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
    expect((await loadConfig('a.yaml', root, KNOWN)).data).toEqual(expected);
    expect((await loadConfig('a.json', root, KNOWN)).data).toEqual(expected);
  });

  it('names files relative to itself', async () => {
    write('infra/aks-egress-lint.config.yaml', 'parameters: [prod.json]\nbasePolicies: [../base.json]\n');
    const { data } = await loadConfig(undefined, join(root, 'infra/hub'), KNOWN);
    expect(data).toEqual({ parameters: ['../prod.json'], basePolicies: ['../../base.json'] });
  });

  it('may be empty', async () => {
    write('.aks-egress-lint.yaml', '# nothing yet\n');
    expect((await loadConfig(undefined, root, KNOWN)).data).toEqual({});
  });
});

describe('what is wrong with a configuration', () => {
  it('says where an unknown key stands, what is allowed and what may be meant', async () => {
    const error = await problemIn('.aks-egress-lint.yaml', 'preset: strict\nsource: [10.0.0.0/8]\n');
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
    ['an unknown preset', 'preset: strikt', "Did you mean 'strict'?"],
    ['a day that does not exist', 'asOf: 2026-02-30', "'2026-02-30' is no date"],
    ['a list where keys belong', '- preset', 'found a list, expected keys with values'],
    ['a key given twice', 'preset: strict\npreset: audit', 'is no valid YAML: Map keys must be unique'],
    ['broken YAML', 'allow: [', 'is no valid YAML'],
    ['an unknown YAML tag', 'preset: !secret x', 'is no valid YAML: Unresolved tag'],
    ['two clusters of one name', 'clusters: [{ name: a }, { name: a }]', "two clusters are named 'a'"],
    ['__proto__', '"__proto__": { "preset": "audit" }', "unknown key '__proto__'"],
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
    await expect(loadConfig('gone.yaml', root, KNOWN)).rejects.toThrow(UsageError);
    await expect(loadConfig('gone.yaml', root, KNOWN)).rejects.toThrow(/cannot be read: no such file/);
  });
});
