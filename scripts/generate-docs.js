// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from './formats/index.js';
import { formatted, isMain, ROOT, writeOrCheck } from './generated-files.js';
import { readTables } from './generate-schemas.js';
import { levelIn, PRESETS, readChecks } from './generate-presets.js';

/**
 * docs/checks/<id>.md, its index and the table in README.md, from rules/checks/*.json. Pass `--check` to compare only.
 *
 * @import { Check, OptionSchema } from '../src/checks/check.ts'
 * @import { CheckExample } from './formats/index.js'
 * @import { CheckCondition } from '../src/conditions/check-condition.ts'
 */

const TARGETS = {
  requirement: 'a destination that AKS needs',
  entry: 'an entry: one destination and service of an allow rule',
  rule: 'a rule',
  policy: 'a policy',
  cluster: 'a cluster of the input',
  endpoint: 'an endpoint that Azure lists for the cluster',
};

const WORDS = new Map([
  ['equal', 'is'],
  ['in', 'is'],
  ['notEqual', 'is not'],
  ['notIn', 'is not'],
]);

const TABLE = /(<!-- checks:start -->\n)[^]*?(\n<!-- checks:end -->)/;

if (isMain(import.meta.url)) writeOrCheck(await docFiles(readChecks()));

/**
 * @param {readonly Check[]} checks
 * @returns {Promise<Map<string, string>>} text by path
 */
export async function docFiles(checks) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const check of checks) files.set(`docs/checks/${check.id}.md`, page(check));
  files.set(
    'docs/checks/README.md',
    `# Checks\n\nThe levels are those of the preset \`recommended\`. Generated from \`rules/checks\`.\n\n${table(checks, '')}\n`,
  );
  files.set('docs/writing-checks.md', await writingPage());
  const readme = readmeWithTable(checks);
  if (readme !== undefined) files.set('README.md', readme);
  for (const [path, text] of files) files.set(path, await formatted(path, text));
  return files;
}

/** docs/writing-checks.md with what conditions can name, from the tables of src. */
async function writingPage() {
  const { facts, data, parts, openFacts, operators } = await readTables();
  const text = readFileSync(join(ROOT, 'docs/writing-checks.md'), 'utf8');
  const operatorRows = Object.entries(operators).map(
    ([name, { on, about }]) => `| \`${name}\` | ${on.join(', ')} | ${prose(about)} |`,
  );
  const sections = Object.keys(facts).flatMap((target) => [
    `### ${target}`,
    ...(parts[target]?.length === 0
      ? []
      : [`Parts: ${parts[target]?.map((part) => `\`${part}\``).join(', ') ?? ''}.`]),
    table3(
      ['Fact', 'Type', 'Meaning'],
      [
        ...Object.entries(facts[target] ?? {}).map(([fact, values]) => [
          `\`${fact}\``,
          'closed',
          values.map((value) => `\`${value}\``).join(', '),
        ]),
        ...Object.entries(openFacts[target] ?? {}).flatMap(([fact, known]) =>
          'type' in known
            ? [[`\`${fact}\``, known.type, prose(known.about)]]
            : Object.entries(known.paths).map(([member, of]) => [
                `\`${fact}\` \`$.${member}\``,
                of.type,
                prose(of.about),
              ]),
        ),
      ],
    ),
    `Message data: ${data[target]?.map((name) => `\`${name}\``).join(', ') ?? ''}.`,
  ]);
  return text
    .replace(
      /(<!-- operators:start -->\n)[^]*?(<!-- operators:end -->)/,
      (_, start, end) =>
        `${start}\n| Operator | On facts of type | Holds where |\n| --- | --- | --- |\n${operatorRows.join('\n')}\n\n${end}`,
    )
    .replace(
      /(<!-- facts:start -->\n)[^]*?(<!-- facts:end -->)/,
      (_, start, end) => `${start}\n${sections.join('\n\n')}\n\n${end}`,
    );
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table3(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {readonly Check[]} checks */
function readmeWithTable(checks) {
  const path = join(ROOT, 'README.md');
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  return TABLE.test(text)
    ? text.replace(TABLE, (_, start, end) => `${start}\n${table(checks, 'docs/checks/')}\n${end}`)
    : undefined;
}

/** @param {readonly Check[]} checks @param {string} folder */
function table(checks, folder) {
  const rows = checks.map(
    (check) =>
      `| [\`${check.id}\`](${folder}${check.id}.md) | ${levelIn(check, 'recommended')} | ${prose(check.meta.docs.description)} |`,
  );
  return ['| Check | Level | What it reports |', '| --- | --- | --- |', ...rows].join('\n');
}

/**
 * The example of a check: what it fires on, and how that is corrected.
 *
 * @param {string} id
 * @returns {CheckExample}
 */
export function exampleOf(id) {
  /** @type {unknown} */
  const example = JSON.parse(readFileSync(join(ROOT, `fixtures/checks/${id}.json`), 'utf8'));
  return /** @type {CheckExample} */ (example);
}

/**
 * What Azure says beside the rules, where the example needs it.
 *
 * @param {CheckExample} example
 */
function lists({ incorrect, correct }) {
  /** @type {readonly (readonly [title: string, flag: string, list: object | undefined])[]} */
  const all = [
    ['Azure lists these endpoints', '--endpoints', incorrect.endpoints],
    [
      'Where it is silent, Azure lists these',
      '--endpoints',
      differing(incorrect.endpoints, correct.endpoints),
    ],
    ['These are the service tags', '--service-tags', incorrect.serviceTags],
  ];
  return all.flatMap(([title, flag, list]) =>
    list === undefined ? [] : [`${title} (\`${flag}\`):`, block('json', JSON.stringify(list, null, 2))],
  );
}

/**
 * @param {object | undefined} one
 * @param {object | undefined} other
 */
function differing(one, other) {
  return JSON.stringify(one) === JSON.stringify(other) ? undefined : other;
}

/** @param {Check} check */
function page(check) {
  const { docs, messages, precision, securitySeverity, tags } = check.meta;
  const severity = securitySeverity === undefined ? '' : ` · security severity ${securitySeverity}`;
  const used = factsOf(check);
  const example = exampleOf(check.id);
  const parts = [
    `# ${check.id}`,
    prose(docs.description),
    '## Why',
    prose(docs.rationale),
    '## How to fix',
    prose(docs.fix),
    ...FORMATS.flatMap((format) => [
      `### In ${format.title}`,
      'It fires on this:',
      block(format.language, format.snippet(example.incorrect)),
      'It is silent on this:',
      block(format.language, format.snippet(example.correct)),
    ]),
    ...lists(example),
    `Judged with \`${example.flags.join(' ')}\`.`,
    '## When not to use it',
    prose(docs.whenNotToUse ?? ''),
    '## Options',
    ...optionParts(check),
    '## What it reports',
    `It judges ${TARGETS[check.target]}${check.part === undefined ? '' : `, by its part \`${check.part}\``}. The first message whose conditions hold is the one that is reported.`,
    ...check.cases.map(
      ({ messageId, conditions }) => `- \`${messageId}\` where ${phrase(check, conditions, true)}`,
    ),
    '## Messages',
    ...Object.entries(messages).map(([id, template]) => `- \`${id}\`: ${prose(readable(template))}`),
    '## Level',
    [
      '| Preset | Level |',
      '| --- | --- |',
      ...[...PRESETS.keys()].map((id) => `| ${id} | ${levelIn(check, id)} |`),
    ].join('\n'),
    `Precision ${precision}${severity} · tags: ${tags.join(', ')}.`,
    '## Facts it looks at',
    ...used.map((fact) => `- \`${fact}\``),
  ];
  if (docs.references !== undefined) {
    parts.push('## References', ...docs.references.map(({ title, url }) => `- [${title}](${url})`));
  }
  return `${joinBlocks(parts)}\n`;
}

/** @param {string} language @param {string} text */
function block(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** @param {Check} check */
function optionParts({ id, meta }) {
  if (meta.schema === undefined) return ['It has none.'];
  const list = Object.entries(meta.schema.properties).map(([name, schema]) => {
    const fallback = JSON.stringify(meta.defaultOptions?.[name]);
    return `- \`${name}\` (${typeName(schema)}, default \`${fallback}\`): ${prose(schema.description ?? '')}`;
  });
  const level = meta.level;
  const options = Object.entries(meta.schema.properties).map(([name]) => `${name}: …`);
  return [
    ...list,
    'In the configuration:',
    block('yaml', `checks:\n  ${id}: [${level}, { ${options.join(', ')} }]`),
  ];
}

/** @param {OptionSchema} schema @returns {string} */
function typeName(schema) {
  if (schema.type === 'array') return `list of ${typeName(schema.items)}`;
  return schema.type === 'string' ? 'text' : schema.type;
}

/** Blank lines between blocks, none between the items of a list. @param {readonly string[]} parts */
function joinBlocks(parts) {
  return parts
    .map((part, at) => {
      if (at === 0) return part;
      return (part.startsWith('- ') && parts[at - 1]?.startsWith('- ') ? '\n' : '\n\n') + part;
    })
    .join('');
}

/** Asterisks, underscores and angle brackets are meant as such. @param {string} text */
function prose(text) {
  return text.replaceAll(/[*_<>[\]|]/g, '\\$&');
}

/** Values as words in braces. Of two alternative sections the first is the usual one. @param {string} template */
function readable(template) {
  return template
    .replaceAll(/\{\{[#^](\w+)\}\}([^]*?)\{\{\/\1\}\}\{\{[#^]\1\}\}[^]*?\{\{\/\1\}\}/g, '$2')
    .replaceAll(/\{\{[#^/]\w+\}\}/g, '')
    .replaceAll(/\{\{(\w+)\}\}/g, '{$1}');
}

/**
 * Facts by name, or by name and member.
 *
 * @param {Check} check
 */
function factsOf(check) {
  /** @type {Set<string>} */
  const facts = new Set();
  /** @param {CheckCondition} condition */
  const visit = (condition) => {
    if ('fact' in condition) facts.add(factName(condition));
    else if ('not' in condition) visit(condition.not);
    else if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
  };
  for (const { conditions } of check.cases) visit(conditions);
  Object.values(check.conditions ?? {}).forEach(visit);
  return [...facts];
}

/** @param {{ fact: string, path?: string }} reference */
function factName({ fact, path }) {
  return path === undefined ? fact : `${fact}.${path.replace('$.', '')}`;
}

/** @param {Check} check @param {CheckCondition} condition @param {boolean} top @returns {string} */
function phrase(check, condition, top) {
  if ('fact' in condition) return leafPhrase(condition);
  if ('not' in condition) return `not (${phrase(check, condition.not, true)})`;
  if ('condition' in condition) {
    const named = check.conditions?.[condition.condition];
    return named === undefined ? '' : phrase(check, named, top);
  }
  const both = 'all' in condition;
  const text = (both ? condition.all : condition.any)
    .map((part) => phrase(check, part, false))
    .join(both ? ', and ' : ', or ');
  return top ? text : `(${text})`;
}

/** @param {import('../src/conditions/check-condition.ts').CheckLeaf} leaf */
function leafPhrase(leaf) {
  const { operator, value } = leaf;
  const verb = WORDS.get(operator) ?? operator;
  return `${factName(leaf)} ${verb} ${valuePhrase(value)}`;
}

/** @param {import('../src/conditions/check-condition.ts').CheckLeaf['value']} value */
function valuePhrase(value) {
  if (typeof value !== 'object') return `\`${String(value)}\``;
  if ('option' in value) return `option \`${value.option}\``;
  if ('fact' in value) return `the fact ${factName(value)}`;
  return value.map((one) => `\`${String(one)}\``).join(' or ');
}
