// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { formatted, isMain, ROOT, writeOrCheck } from './generated-files.js';

/**
 * schemas/check.schema.json from the facts of src/coverage and the operators of src/conditions: a condition can name only
 * facts that exist, with operators that they have and values that they can have. Pass `--check` to compare only.
 *
 * @typedef {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>} Facts closed facts by target
 * @typedef {Readonly<Record<string, readonly string[]>>} Data message data by target
 * @typedef {{ type: string, about: string }} OpenFact
 * @typedef {Readonly<Record<string, Readonly<Record<string, OpenFact | { paths: Readonly<Record<string, OpenFact>> }>>>>} OpenFacts
 * @typedef {Readonly<Record<string, { on: readonly string[], value: string, about: string }>>} Operators
 * @typedef {{ facts: Facts, data: Data, parts: Data, openFacts: OpenFacts, operators: Operators }} Tables
 */

const PATH = 'schemas/check.schema.json';
const LEVELS = ['error', 'warning', 'note'];
const NAME = {
  description: 'a name that begins with a small letter, of letters and digits, such as allowedHosts',
  pattern: '^[a-z][A-Za-z0-9]*$',
};
const SENTENCE = {
  description: 'a sentence that ends with a full stop',
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  pattern: '\\.$',
};
const URL = { description: 'an address that begins with https://', type: 'string', pattern: '^https://' };
const TEXT = { type: 'string', minLength: 1 };
const HOST =
  '^(\\*|(\\*\\.?)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*)$';

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const V4 = `${OCTET}(\\.${OCTET}){3}`;
const V6 = '[0-9A-Fa-f]*:[0-9A-Fa-f:.]+';
const CIDR = `${V4}(/([0-9]|[12][0-9]|3[0-2])|-${V4})?|${V6}(/[0-9]+|-${V6})?`;
const TEMPLATE = {
  description: 'one line without back-quotes, which GitHub swallows',
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  pattern: '^[^`\\n\\r]+$',
};
const VALUE = { oneOf: [{ type: 'string', maxLength: 1000 }, { type: 'number' }, { type: 'boolean' }] };
const SCALARS = new Map([
  ['number', { type: 'number' }],
  ['boolean', { type: 'boolean' }],
  // Empty where none is known.
  ['day', { type: 'string', pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$' }],
]);

const OPTION_REFERENCE = {
  type: 'object',
  additionalProperties: false,
  required: ['option'],
  properties: { option: { description: 'An option of meta.schema.', type: 'string' } },
};
const OPTION_FACT = {
  type: 'object',
  additionalProperties: false,
  required: ['fact', 'params'],
  properties: { fact: { const: 'option' }, params: optionParams() },
};

/** A tie is between two collections and belongs to no rule: a part of its own, with closed facts only. */
const TIE = 'tie';
const TIE_SCOPE = {
  if: { required: ['target', 'part'], properties: { target: { const: 'rule' }, part: { const: TIE } } },
  then: factsNamed(TIE),
};

/** What operators take besides values of the fact itself. */
const VALUES = {
  patterns: oneOrMore({ type: 'string', minLength: 1, maxLength: 200 }),
  fqdns: oneOrMore({ type: 'string', maxLength: 253, pattern: HOST }),
  cidrs: oneOrMore({ type: 'string', pattern: `^(\\*|${CIDR})$` }),
  ports: oneOrMore({
    oneOf: [
      { type: 'integer', minimum: 0, maximum: 65_535 },
      { type: 'string', pattern: '^(\\*|[0-9]{1,5}(-[0-9]{1,5})?)$' },
    ],
  }),
  tags: oneOrMore({ type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_.-]*$' }),
  age: { type: 'string', pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,5} days?)$' },
};

if (isMain(import.meta.url)) writeOrCheck(await schemaFiles(await readTables()));

/**
 * @param {Tables} tables
 * @returns {Promise<Map<string, string>>} text by path
 */
export async function schemaFiles(tables) {
  return new Map([[PATH, await formatted(PATH, JSON.stringify(checkSchema(tables)))]]);
}

/** @returns {Promise<Tables>} */
export async function readTables() {
  const { FACTS, DATA, PARTS } = await moduleOf('src/coverage/facts.ts');
  const { OPEN_FACTS } = await moduleOf('src/coverage/open-facts.ts');
  const { OPERATORS } = await moduleOf('src/conditions/operator-table.ts');
  const tables = { facts: FACTS, data: DATA, parts: PARTS, openFacts: OPEN_FACTS, operators: OPERATORS };
  return /** @type {Tables} */ (tables);
}

/**
 * Node runs no TypeScript before 22.18, and these files have nothing but types to strip.
 *
 * @param {string} path
 * @returns {Promise<Readonly<Record<string, unknown>>>}
 */
async function moduleOf(path) {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, path), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  /** @type {unknown} */
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return /** @type {Readonly<Record<string, unknown>>} */ (module);
}

/** @param {Tables} tables */
function checkSchema({ facts, data, parts, openFacts, operators }) {
  const targets = Object.keys(facts);
  const scopes = targets.flatMap((target) =>
    target === 'rule' ? [scope('rule', { not: { const: TIE } }), TIE_SCOPE] : [scope(target)],
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://raw.githubusercontent.com/aks-egress-lint/aks-egress-lint/main/schemas/check.schema.json',
    title: 'A check of aks-egress-lint',
    description: 'Generated from src/coverage and src/conditions by scripts/generate-schemas.js.',
    type: 'object',
    additionalProperties: false,
    required: ['id', 'target', 'meta', 'cases'],
    properties: {
      $schema: { type: 'string' },
      id: {
        description: 'small letters, digits and hyphens, such as no-public-storage; it never changes',
        type: 'string',
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        maxLength: 60,
      },
      target: { description: 'The kind of subject that the check judges.', enum: targets },
      part: {
        description: 'Judges these parts of subjects, each with its own place, instead of wholes.',
        enum: Object.values(parts).flat(),
      },
      meta: { $ref: '#/$defs/meta' },
      conditions: {
        description: 'Conditions by name, for { "condition": name }.',
        type: 'object',
        maxProperties: 50,
        propertyNames: NAME,
        additionalProperties: { type: 'object' },
      },
      data: {
        description: 'Message data besides that of the target: facts and options by name.',
        type: 'object',
        maxProperties: 50,
        propertyNames: NAME,
        additionalProperties: { type: 'object' },
      },
      cases: {
        description: 'The first case whose conditions hold gives the message.',
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['messageId', 'conditions'],
          properties: { messageId: { type: 'string' }, conditions: { type: 'object' } },
        },
      },
    },
    allOf: [
      ...targets.map((target) => ({
        if: { required: ['target'], properties: { target: { const: target } } },
        then: {
          properties: {
            ...(parts[target]?.length === 0 ? { part: false } : { part: { enum: parts[target] } }),
            meta: { properties: { messages: { description: `Data: ${data[target]?.join(', ') ?? ''}.` } } },
          },
        },
      })),
      ...scopes,
    ],
    $defs: definitions(
      { ...facts, rule: without(facts['rule'] ?? {}, TIE), [TIE]: facts['rule'] ?? {} },
      { ...openFacts, [TIE]: {} },
      operators,
    ),
  };
}

/**
 * The facts that a check of a target can name.
 *
 * @param {string} target
 * @param {object} [part] of which parts
 */
function scope(target, part) {
  const properties = { target: { const: target }, ...(part === undefined ? {} : { part }) };
  return { if: { required: ['target'], properties }, then: factsNamed(target) };
}

/** @param {string} name of the definitions */
function factsNamed(name) {
  return {
    properties: {
      conditions: { additionalProperties: { $ref: `#/$defs/${name}Condition` } },
      data: { additionalProperties: { oneOf: [OPTION_REFERENCE, { $ref: `#/$defs/${name}Fact` }] } },
      cases: { items: { properties: { conditions: { $ref: `#/$defs/${name}Conditions` } } } },
    },
  };
}

/** @param {Readonly<Record<string, readonly string[]>>} facts @param {string} name */
function without(facts, name) {
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => fact !== name));
}

/**
 * @param {Facts} facts
 * @param {OpenFacts} openFacts
 * @param {Operators} operators
 * @returns {Record<string, unknown>}
 */
function definitions(facts, openFacts, operators) {
  /** @type {Record<string, unknown>} */
  const definitions = { meta: metaSchema(), options: optionsSchema(), option: OPTION_REFERENCE, ...VALUES };
  for (const target of Object.keys(facts)) {
    const conditions = `${target}Conditions`;
    const known = factsOf(facts[target] ?? {}, openFacts[target] ?? {});
    definitions[conditions] = conditionsSchema(target);
    definitions[`${target}Fact`] = { oneOf: [...known.map(referenceSchema), OPTION_FACT] };
    for (const type of new Set(known.map((fact) => fact.type))) {
      if (type !== 'closed')
        definitions[`${target}-${type}`] = operatorsOf(type, undefined, target, operators);
    }
    definitions[`${target}Condition`] = {
      oneOf: [
        { $ref: `#/$defs/${conditions}` },
        ...known.map((fact) => leafSchema(fact, target, operators)),
        optionLeaf(target, operators),
      ],
    };
  }
  return definitions;
}

function metaSchema() {
  const preset = { enum: [...LEVELS, 'off'] };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['docs', 'messages'],
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
        description:
          'a number from "0.1" to "10.0" as text, for checks of exposure only, as code scanning wants it',
        type: 'string',
        pattern: '^(10\\.0|[1-9]\\.[0-9]|0\\.[1-9])$',
      },
      tags: {
        description: 'Code scanning keeps ten.',
        type: 'array',
        minItems: 1,
        maxItems: 10,
        uniqueItems: true,
        items: {
          description: 'small letters and hyphens',
          type: 'string',
          pattern: '^[a-z]+(-[a-z]+)*$',
        },
      },
      docs: {
        type: 'object',
        additionalProperties: false,
        required: ['description', 'rationale', 'fix'],
        properties: {
          description: SENTENCE,
          rationale: SENTENCE,
          fix: SENTENCE,
          whenNotToUse: SENTENCE,
          url: URL,
          references: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['title', 'url'],
              properties: { title: TEXT, url: URL },
            },
          },
        },
      },
      messages: {
        description:
          'Templates: {{name}}, {{#name}}kept where not empty{{/name}}, {{^name}}kept where empty{{/name}}.',
        type: 'object',
        minProperties: 1,
        maxProperties: 50,
        propertyNames: { description: 'a name of letters, such as noTicket', pattern: '^[a-z][A-Za-z]*$' },
        additionalProperties: TEMPLATE,
      },
      schema: { $ref: '#/$defs/options' },
      defaultOptions: {
        description: 'The value of each option where a configuration gives none.',
        type: 'object',
        additionalProperties: { oneOf: [VALUE, { type: 'array', items: VALUE, maxItems: 1000 }] },
      },
      many: TEMPLATE,
    },
    if: { required: ['securitySeverity'] },
    then: { properties: { tags: { type: 'array', contains: { const: 'security' } } } },
    else: { properties: { tags: { not: { type: 'array', contains: { const: 'security' } } } } },
  };
}

/** The options, in the few keywords of JSON Schema that a stranger's check may use. */
function optionsSchema() {
  const whole = { type: 'integer', minimum: 0, maximum: 1000 };
  const description = { type: 'string', minLength: 1, maxLength: 1024 };
  const value = {
    type: 'object',
    additionalProperties: false,
    required: ['type'],
    properties: {
      type: { enum: ['string', 'integer', 'number', 'boolean'] },
      description,
      enum: { type: 'array', minItems: 1, maxItems: 100, uniqueItems: true, items: VALUE },
      minimum: { type: 'number' },
      maximum: { type: 'number' },
      minLength: whole,
      maxLength: whole,
    },
  };
  const list = {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'items'],
    properties: {
      type: { const: 'array' },
      description,
      items: value,
      minItems: whole,
      maxItems: whole,
      uniqueItems: { type: 'boolean' },
    },
  };
  return {
    description: 'JSON Schema of the options. Each option is a value or a list of values and has a default.',
    type: 'object',
    additionalProperties: false,
    required: ['type', 'properties'],
    properties: {
      type: { const: 'object' },
      additionalProperties: { const: false },
      properties: {
        type: 'object',
        minProperties: 1,
        maxProperties: 50,
        propertyNames: NAME,
        additionalProperties: {
          type: 'object',
          required: ['type'],
          if: { properties: { type: { const: 'array' } } },
          then: list,
          else: value,
        },
      },
    },
  };
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
      {
        type: 'object',
        additionalProperties: false,
        required: ['condition'],
        properties: { condition: { description: "A name of 'conditions'.", type: 'string' } },
      },
    ],
  };
}

/**
 * Closed facts, each with its values, then open ones, those of one type together.
 *
 * @typedef {{ facts: readonly string[], paths?: readonly string[], type: string, values?: readonly string[] }} KnownFacts
 * @param {Readonly<Record<string, readonly string[]>>} closed
 * @param {OpenFacts[string]} open
 * @returns {KnownFacts[]}
 */
function factsOf(closed, open) {
  /** @type {Map<string, { facts: string[], type: string }>} */
  const single = new Map();
  /** @type {KnownFacts[]} */
  const members = [];
  for (const [fact, known] of Object.entries(open)) {
    if ('type' in known) {
      const alike = single.get(known.type) ?? { facts: [], type: known.type };
      single.set(known.type, { ...alike, facts: [...alike.facts, fact] });
      continue;
    }
    for (const type of new Set(Object.values(known.paths).map((member) => member.type))) {
      const paths = Object.entries(known.paths).flatMap(([member, of]) =>
        of.type === type ? [`$.${member}`] : [],
      );
      members.push({ facts: [fact], paths, type });
    }
  }
  const enumerated = Object.entries(closed).map(([fact, values]) => ({
    facts: [fact],
    type: 'closed',
    values,
  }));
  return [...enumerated, ...single.values(), ...members];
}

/** @param {KnownFacts} known */
function referenceSchema(known) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['fact', ...(known.paths === undefined ? [] : ['path'])],
    properties: referenceProperties(known),
  };
}

/** @param {KnownFacts} known */
function referenceProperties({ facts, paths }) {
  return { fact: { enum: facts }, ...(paths === undefined ? {} : { path: { enum: paths } }) };
}

/** @param {KnownFacts} known @param {string} target @param {Operators} operators */
function leafSchema(known, target, operators) {
  const { paths, type, values } = known;
  return {
    type: 'object',
    additionalProperties: false,
    required: ['fact', ...(paths === undefined ? [] : ['path']), 'operator', 'value'],
    properties: { ...referenceProperties(known), operator: { type: 'string' }, value: true },
    ...(values === undefined
      ? { $ref: `#/$defs/${target}-${type}` }
      : operatorsOf(type, values, target, operators)),
  };
}

/**
 * The operators of a type of fact, those that take alike values together.
 *
 * @param {string} type
 * @param {readonly string[] | undefined} values of a closed fact
 * @param {string} target
 * @param {Operators} operators
 */
function operatorsOf(type, values, target, operators) {
  /** @type {Map<string, string[]>} */
  const byValue = new Map();
  for (const [name, { on, value }] of Object.entries(operators)) {
    if (on.includes(type)) byValue.set(value, [...(byValue.get(value) ?? []), name]);
  }
  const oneOf = [...byValue].map(([kind, names]) => ({
    properties: {
      operator: { enum: names },
      value: {
        oneOf: [
          literalSchema(kind, type, values),
          { $ref: '#/$defs/option' },
          { $ref: `#/$defs/${target}Fact` },
        ],
      },
    },
  }));
  return { oneOf };
}

/** @param {string} kind @param {string} type @param {readonly string[] | undefined} values */
function literalSchema(kind, type, values) {
  if (kind in VALUES) return { $ref: `#/$defs/${kind}` };
  const scalar = values === undefined ? (SCALARS.get(type) ?? { type: 'string' }) : { enum: [...values] };
  return kind === 'list'
    ? { type: 'array', minItems: 1, maxItems: 1000, uniqueItems: true, items: scalar }
    : scalar;
}

/**
 * A condition on an option itself; which values it has is for the check's own schema.
 *
 * @param {string} target
 * @param {Operators} operators
 */
function optionLeaf(target, operators) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['fact', 'params', 'operator', 'value'],
    properties: {
      fact: { const: 'option' },
      params: optionParams(),
      operator: { enum: Object.keys(operators) },
      value: {
        oneOf: [
          VALUE,
          { type: 'array', minItems: 1, maxItems: 1000, items: VALUE },
          { $ref: '#/$defs/option' },
          { $ref: `#/$defs/${target}Fact` },
        ],
      },
    },
  };
}

function optionParams() {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { description: 'An option of meta.schema.', type: 'string' } },
  };
}

/** @param {object} item */
function oneOrMore(item) {
  return { oneOf: [item, { type: 'array', minItems: 1, maxItems: 1000, uniqueItems: true, items: item }] };
}
