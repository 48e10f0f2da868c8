import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { docFiles } from '../../scripts/generate-docs.js';
import { presetFiles, readChecks } from '../../scripts/generate-presets.js';
import { readTables, schemaFiles } from '../../scripts/generate-schemas.js';
import { CHECKS, checkDocs } from '../../src/checks/catalogue.ts';
import type { Check } from '../../src/checks/check.ts';
import { MessageTemplate } from '../../src/checks/message.ts';
import { parseCheck } from '../../src/checks/parse-check.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const filesIn = (folder: string): string[] => readdirSync(join(ROOT, folder)).sort();

/** Named by the project's own list of what it must find. */
const PROMISED = [
  ...['missing-required', 'missing-if-applicable', 'missing-recommended', 'missing-documented'],
  ...['covered-only-by-address', 'may-be-denied-by-address', 'partially-covered', 'denied-by-earlier-rule'],
  ...['unknown-coverage', 'allowed-but-broken-tls-inspection', 'fqdn-rule-needs-dns-proxy'],
  ...['unsupported-wildcard', 'dotless-wildcard', 'apex-not-covered', 'broad-destination'],
  ...['broad-service-tag', 'broad-port', 'broad-protocol', 'broad-source', 'unneeded-entry'],
  ...['feature-not-enabled', 'retired-endpoint', 'redundant-entry', 'shadowed-rule', 'wrong-cloud-endpoint'],
  ...['wrong-region-endpoint', 'misspelled-endpoint', 'ambiguous-priority', 'ineffective-field'],
  ...['sku-mismatch', 'policy-not-attached', 'unresolved-expression'],
];

const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
}).compile(JSON.parse(read('schemas/check.schema.json')) as object);

describe('rules/checks', () => {
  it('holds every check that the project promises', () => {
    expect(CHECKS.map((check) => check.id)).toEqual(expect.arrayContaining(PROMISED));
  });

  it('is loaded completely, in alphabetical order, each check under its own id', () => {
    expect(CHECKS.map((check) => `${check.id}.json`)).toEqual(filesIn('rules/checks'));
  });

  it.each(CHECKS.map((check) => [check.id, check] as const))('%s is valid under its schema', (_, check) => {
    validate(check);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(CHECKS.map((check) => [check.id, check] as const))(
    '%s names only facts, values, data and options that exist, and uses each of its messages and conditions',
    (_, check) => {
      expect(parseCheck(check).problems).toEqual([]);
    },
  );

  it.each(CHECKS.map((check) => [check.id, check] as const))(
    '%s leaves nothing to defaults, and says when not to use it',
    (_, { meta }) => {
      expect(Object.keys(meta)).toEqual(
        expect.arrayContaining(['type', 'level', 'precision', 'tags', 'docs', 'messages', 'many']),
      );
      expect(meta.docs.whenNotToUse).toMatch(/^[A-Z].*[.]$/);
      expect(meta.docs.url).toBeUndefined();
    },
  );

  it.each(CHECKS.map((check) => [check.id, check] as const))(
    '%s says its messages in finished sentences of plain text',
    (_, check) => {
      for (const template of [...Object.values(check.meta.messages), check.meta.many]) {
        const names = new MessageTemplate(template).names;
        const data = { ...Object.fromEntries(names.map((name) => [name, 'X'])), ...SENTENCES };
        const optional = names.filter((name) => template.includes(`{{#${name}}}`));
        const full = new MessageTemplate(template).render(data);
        const bare = new MessageTemplate(template).render({
          ...data,
          ...Object.fromEntries(optional.map((name) => [name, ''])),
        });
        for (const message of [full, bare]) {
          expect(message).toMatch(/^[A-Z'].*[.]$/);
          expect(message).not.toMatch(/`|\n|\{|\}| {2}|\.\.| \.| ,/);
        }
        if (template === check.meta.many) {
          expect(template).toContain('{{count}}');
          expect(template).toContain('{{items}}');
        }
      }
    },
  );

  it('has no message that differs from another one of its check in nothing', () => {
    for (const check of CHECKS) {
      const templates = Object.values(check.meta.messages);
      expect(new Set(templates).size).toBe(templates.length);
    }
  });

  it('gives the three levels their meaning: what breaks a cluster is an error, what is exposed a warning', () => {
    const levelOf = (id: string): string | undefined => CHECKS.find((check) => check.id === id)?.meta.level;
    expect(['missing-required', 'partially-covered', 'denied-by-earlier-rule'].map(levelOf)).toEqual(
      Array(3).fill('error'),
    );
    expect(['broad-destination', 'unneeded-entry', 'dotless-wildcard'].map(levelOf)).toEqual(
      Array(3).fill('warning'),
    );
    expect(['redundant-entry', 'missing-documented', 'policy-not-attached'].map(levelOf)).toEqual(
      Array(3).fill('note'),
    );
  });

  it('rates the security of openings only, never of what is missing', () => {
    const rated = CHECKS.filter((check) => check.meta.securitySeverity !== undefined);
    for (const check of rated) expect(check.target).not.toBe('requirement');
    expect(rated.map((check) => check.id)).toContain('broad-destination');
  });
});

/** Data that is a finished sentence by contract. */
const SENTENCES = {
  nearMiss: 'A sentence.',
  correction: 'A sentence.',
  evidence: 'A sentence.',
};

describe('the schema of checks', () => {
  const [first] = CHECKS.filter((check) => check.id === 'missing-required');
  const changed = (change: (check: Check) => unknown): boolean => {
    if (first === undefined) throw new Error('no missing-required');
    return validate(change(structuredClone(first)));
  };
  const withConditions = (conditions: unknown): boolean =>
    changed((check) => ({ ...check, cases: [{ messageId: 'missing', conditions }] }));
  const leaf = { fact: 'verdict', operator: 'equal', value: 'missing' };
  const problemsWith = (messages: Record<string, string>): readonly string[] => {
    if (first === undefined) throw new Error('no missing-required');
    return parseCheck({ ...first, meta: { ...first.meta, messages } }).problems.map(({ message }) => message);
  };

  it('accepts a check that differs in its conditions', () => {
    expect(withConditions({ any: [leaf, { not: { all: [leaf] } }] })).toBe(true);
    expect(withConditions({ all: [{ ...leaf, operator: 'in', value: ['missing', 'denied'] }] })).toBe(true);
  });

  it.each([
    ['an empty any, which json-rules-engine lets pass', { any: [] }],
    ['all beside any, of which json-rules-engine ignores one', { all: [leaf], any: [leaf] }],
    ['a bare leaf, which json-rules-engine refuses as a root', leaf],
    ['a fact of another target', { all: [{ ...leaf, fact: 'usage' }] }],
    ['a fact that does not exist', { all: [{ ...leaf, fact: 'verdicts' }] }],
    ['a value that the fact does not have', { all: [{ ...leaf, value: 'mising' }] }],
    [
      'notEqual with a value that the fact does not have',
      { all: [{ ...leaf, operator: 'notEqual', value: 'no' }] },
    ],
    ['in with a single value', { all: [{ ...leaf, operator: 'in' }] }],
    ['equal with a list', { all: [{ ...leaf, value: ['missing'] }] }],
    ['an operator that closed facts do not have', { all: [{ ...leaf, operator: 'greaterThan' }] }],
    ['a path', { all: [{ ...leaf, path: '$.x' }] }],
    ['a priority', { all: [{ ...leaf, priority: 2 }] }],
  ])('refuses %s', (_, conditions) => {
    expect(withConditions(conditions)).toBe(false);
  });

  it.each([
    ['a back-quote, which GitHub swallows', 'No rule for `{{destination}}`.'],
    ['a line break', 'No rule.\nNone.'],
  ])('refuses a message with %s', (_, missing) => {
    expect(changed((check) => ({ ...check, meta: { ...check.meta, messages: { missing } } }))).toBe(false);
  });

  it('is not all that a message is held against: its data must exist', () => {
    expect(problemsWith({ missing: 'No rule for {{usage}}.' })).toEqual([
      expect.stringContaining("there is no data 'usage'"),
    ]);
    expect(problemsWith({ missing: 'No rule for {{destination}.' })).toEqual([
      expect.stringContaining('Malformed tag'),
    ]);
  });

  it('refuses a security severity without the tag security, which code scanning would ignore', () => {
    expect(changed((check) => ({ ...check, meta: { ...check.meta, securitySeverity: '5.0' } }))).toBe(false);
  });
});

describe('CHANGELOG.md', () => {
  it('names every check in a line that starts with "Check", since a new one can fail a build', () => {
    const entries = read('CHANGELOG.md').split(/\n(?=- |#)/);
    const announced = entries.filter((entry) => entry.startsWith('- Check:')).join('\n');
    expect(CHECKS.map(({ id }) => id).filter((id) => !announced.includes(`\`${id}\``))).toEqual([]);
  });
});

describe('generated files', () => {
  const current = (files: ReadonlyMap<string, string>): void => {
    for (const [path, text] of files) expect(read(path), `${path}: run npm run generate`).toBe(text);
  };

  it('schemas/check.schema.json follows the closed facts', async () => {
    current(await schemaFiles(await readTables()));
  });

  it('rules/presets follows the levels of the checks', async () => {
    const files = await presetFiles(readChecks());
    current(files);
    expect([...files.keys()]).toEqual(filesIn('rules/presets').map((name) => `rules/presets/${name}`));
  });

  it('docs/checks has one current page per check and no other page', async () => {
    const files = await docFiles(readChecks());
    current(files);
    const pages = [...files.keys()].filter((path) => path.startsWith('docs/checks/'));
    expect(pages.sort()).toEqual(filesIn('docs/checks').map((name) => `docs/checks/${name}`));
  });
});

describe('checkDocs', () => {
  it('gives SARIF a PascalCase name and an address that exists for every check', () => {
    const docs = checkDocs();
    expect(docs.map((doc) => doc.id)).toEqual(CHECKS.map((check) => check.id));
    const [doc] = docs.filter(({ id }) => id === 'fqdn-rule-needs-dns-proxy');
    expect(doc?.name).toBe('FqdnRuleNeedsDnsProxy');
    for (const { url } of docs) {
      expect(url).toMatch(
        /^https:\/\/github\.com\/aks-egress-lint\/aks-egress-lint\/blob\/main\/docs\/checks\//,
      );
      expect(existsSync(join(ROOT, url?.split('/blob/main/')[1] ?? 'none'))).toBe(true);
    }
  });
});
