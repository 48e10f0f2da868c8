// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { formatted, isMain, ROOT, writeOrCheck } from './generated-files.js';

/**
 * schemas/check.schema.json from src/coverage/facts.ts: a condition can name only facts that exist with values that they
 * can have, and a message only data that its target has. Pass `--check` to compare only.
 *
 * @typedef {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>} Facts closed facts by target
 * @typedef {Readonly<Record<string, readonly string[]>>} Data message data by target
 */

const PATH = 'schemas/check.schema.json';
const LEVELS = ['error', 'warning', 'note'];
const TEXT = { type: 'string', minLength: 1 };

if (isMain(import.meta.url)) {
  const { FACTS, DATA } = await readFacts();
  writeOrCheck(await schemaFiles(FACTS, DATA));
}

/**
 * @param {Facts} facts
 * @param {Data} data
 * @returns {Promise<Map<string, string>>} text by path
 */
export async function schemaFiles(facts, data) {
  return new Map([[PATH, await formatted(PATH, JSON.stringify(checkSchema(facts, data)))]]);
}

/**
 * Node runs no TypeScript before 22.18, and facts.ts has nothing but types to strip.
 *
 * @returns {Promise<{FACTS: Facts, DATA: Data}>}
 */
async function readFacts() {
  const source = readFileSync(join(ROOT, 'src/coverage/facts.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  /** @type {unknown} */
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return /** @type {{FACTS: Facts, DATA: Data}} */ (module);
}

/**
 * @param {Facts} facts
 * @param {Data} data
 */
function checkSchema(facts, data) {
  const targets = Object.keys(facts);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://raw.githubusercontent.com/aks-egress-lint/aks-egress-lint/main/schemas/check.schema.json',
    title: 'A check of aks-egress-lint',
    description: 'Generated from src/coverage/facts.ts by scripts/generate-schemas.js.',
    type: 'object',
    additionalProperties: false,
    required: ['id', 'target', 'meta', 'cases'],
    properties: {
      $schema: { type: 'string' },
      id: {
        description: 'Kebab-case and the name of the file; never changes.',
        type: 'string',
        pattern: '^[a-z]+(-[a-z]+)*$',
      },
      target: { description: 'The kind of subject that the check judges.', enum: targets },
      meta: { $ref: '#/$defs/meta' },
      cases: {
        description: 'The first case whose conditions hold gives the message.',
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['messageId', 'conditions'],
          properties: { messageId: { type: 'string' }, conditions: { type: 'object' } },
        },
      },
    },
    allOf: targets.map((target) => ({
      if: { required: ['target'], properties: { target: { const: target } } },
      then: {
        properties: {
          meta: {
            properties: { messages: { additionalProperties: { pattern: templatePattern(data[target]) } } },
          },
          cases: { items: { properties: { conditions: { $ref: `#/$defs/${target}Conditions` } } } },
        },
      },
    })),
    $defs: definitions(facts),
  };
}

/**
 * @param {Facts} facts
 * @returns {Record<string, unknown>}
 */
function definitions(facts) {
  /** @type {Record<string, unknown>} */
  const definitions = { meta: metaSchema() };
  for (const target of Object.keys(facts)) {
    const conditions = `${target}Conditions`;
    definitions[conditions] = conditionsSchema(target);
    definitions[`${target}Condition`] = {
      oneOf: [{ $ref: `#/$defs/${conditions}` }, ...leafSchemas(facts[target])],
    };
  }
  return definitions;
}

function metaSchema() {
  const preset = { enum: [...LEVELS, 'off'] };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'level', 'precision', 'tags', 'docs', 'messages', 'many'],
    properties: {
      type: { enum: ['problem', 'suggestion'] },
      level: {
        description: 'error: a cluster that will break; warning: exposure, or not decidable; note: tidiness.',
        enum: LEVELS,
      },
      presets: {
        description: 'Presets in which the level is another one.',
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: { recommended: preset, strict: preset, audit: preset },
      },
      suppressible: {
        description: 'False where neither configuration nor comment nor baseline may suppress it.',
        type: 'boolean',
      },
      precision: { enum: ['very-high', 'high', 'medium', 'low'] },
      securitySeverity: {
        description: 'Checks of exposure only: 0.1 to 10.0, as code scanning wants it.',
        type: 'string',
        pattern: '^(10\\.0|[1-9]\\.[0-9]|0\\.[1-9])$',
      },
      tags: {
        description: 'Code scanning keeps ten.',
        type: 'array',
        minItems: 1,
        maxItems: 10,
        uniqueItems: true,
        items: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
      },
      docs: {
        type: 'object',
        additionalProperties: false,
        required: ['description', 'rationale', 'fix'],
        properties: {
          description: { ...TEXT, maxLength: 1024, pattern: '\\.$' },
          rationale: { ...TEXT, maxLength: 1024, pattern: '\\.$' },
          fix: { ...TEXT, maxLength: 1024, pattern: '\\.$' },
          references: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['title', 'url'],
              properties: { title: TEXT, url: { type: 'string', pattern: '^https://' } },
            },
          },
        },
      },
      messages: {
        description:
          'Templates: {{name}}, {{#name}}kept where not empty{{/name}}, {{^name}}kept where empty{{/name}}.',
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: '^[a-z][A-Za-z]*$' },
        additionalProperties: TEXT,
      },
      many: {
        description: 'One sentence for several findings on one line.',
        type: 'string',
        pattern: templatePattern(['count', 'items']),
      },
    },
    if: { required: ['securitySeverity'] },
    then: { properties: { tags: { contains: { const: 'security' } } } },
    else: { properties: { tags: { not: { contains: { const: 'security' } } } } },
  };
}

/** One line without back-quotes, whose tags name data that exists. @param {readonly string[] | undefined} names */
function templatePattern(names = []) {
  return `^([^{}\`\\n\\r]|\\{\\{[#^/]?(${names.join('|')})\\}\\})+$`;
}

/** @param {string} target */
function conditionsSchema(target) {
  const condition = { $ref: `#/$defs/${target}Condition` };
  // json-rules-engine lets an empty `any` pass and ignores `all` beside `any`.
  const list = { type: 'array', minItems: 1, items: condition };
  return {
    oneOf: [
      { type: 'object', additionalProperties: false, required: ['all'], properties: { all: list } },
      { type: 'object', additionalProperties: false, required: ['any'], properties: { any: list } },
      { type: 'object', additionalProperties: false, required: ['not'], properties: { not: condition } },
    ],
  };
}

/** @param {Readonly<Record<string, readonly string[]>> | undefined} facts */
function leafSchemas(facts = {}) {
  return Object.entries(facts).map(([fact, values]) => ({
    type: 'object',
    additionalProperties: false,
    required: ['fact', 'operator', 'value'],
    properties: {
      fact: { const: fact },
      operator: { enum: ['equal', 'notEqual', 'in', 'notIn'] },
      value: true,
    },
    if: { properties: { operator: { enum: ['in', 'notIn'] } } },
    then: {
      properties: { value: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: [...values] } } },
    },
    else: { properties: { value: { enum: [...values] } } },
  }));
}
