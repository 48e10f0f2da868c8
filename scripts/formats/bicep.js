// @ts-check
/**
 * Examples of checks as Bicep, laid out as `bicep format` does.
 *
 * @import { Example, Format } from './index.js'
 */

/** @type {Format} */
export const bicep = {
  id: 'bicep',
  title: 'Bicep',
  language: 'bicep',
  fileName: 'main.bicep',
  file: (example) =>
    `${[...parameters(example), ...policy(example), ...group(example), ...firewall(example), ...separated(beside(example))].join('\n')}\n`,
  snippet: (example) => shown(example).join('\n'),
};

const POLICIES = 'Microsoft.Network/firewallPolicies';
const VERSION = '2024-05-01';

/** A parameter of a template. */
const PARAMETER = /^\[parameters\('(\w+)'\)\]$/;

const EXPRESSION = /^\[(?!\[)(.*)\]$/;

/** @param {Example} example */
function parameters({ collections }) {
  const texts = collections.flatMap(({ rules }) => rules.flatMap((rule) => Object.values(rule).flat()));
  const names = texts.flatMap((text) => PARAMETER.exec(String(text))?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => [`param ${name} string`, '']);
}

/** @param {Example} example */
function policy({ policy: properties }) {
  return resource('policy', POLICIES, {
    name: 'hub-policy',
    location: 'westeurope',
    properties: {
      sku: { tier: 'Premium' },
      threatIntelMode: 'Alert',
      dnsSettings: { enableProxy: true },
      ...properties,
    },
  });
}

/** @param {Example} example */
function group({ collections }) {
  if (collections.length === 0) return [];
  return [
    '',
    ...resource('egress', `${POLICIES}/ruleCollectionGroups`, {
      parent: { raw: 'policy' },
      name: 'egress',
      properties: { priority: 200, ruleCollections: collections.map(collection) },
    }),
  ];
}

/** @param {Example['collections'][number]} collection */
function collection({ name, priority, action, rules }) {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: action },
    rules,
  };
}

/** @param {Example} example */
function firewall(example) {
  if (example.firewall === undefined) return [];
  return [
    '',
    ...resource('firewall', 'Microsoft.Network/azureFirewalls', {
      name: 'hub-firewall',
      location: 'westeurope',
      properties: { firewallPolicy: { id: attachment(example.firewall) } },
    }),
  ];
}

/** @param {string} name of the policy */
function attachment(name) {
  return { raw: name === 'hub-policy' ? 'policy.id' : `resourceId('${POLICIES}', '${name}')` };
}

/** @param {Example} example */
function beside(example) {
  const resources = example.beside?.['arm-template'] ?? [];
  return resources.flatMap(({ type, apiVersion, ...body }, at) => {
    const symbol = String(type).split('/').at(-1) ?? '';
    return [...(at === 0 ? [] : ['']), ...resource(symbol, String(type), body, String(apiVersion))];
  });
}

/** @param {readonly string[]} lines */
function separated(lines) {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The parts that an example is about. @param {Example} example */
function shown(example) {
  if (example.beside !== undefined) return beside(example);
  const { policy: properties, collections, firewall: attached } = example;
  const parts = {
    ...(properties === undefined ? {} : { properties }),
    ...(attached === undefined ? {} : { firewallPolicy: { id: attachment(attached) } }),
    ...(collections.length === 0 && properties !== undefined
      ? {}
      : { ruleCollections: collections.map(collection) }),
  };
  return members(parts);
}

/** @param {string} name @param {string} type @param {object} body */
function resource(name, type, body, version = VERSION) {
  return [`resource ${name} '${type}@${version}' = {`, ...indented(members(body)), '}'];
}

/** @param {object} object */
function members(object) {
  return Object.entries(object).flatMap(([name, value]) => withHead(`${name}: `, linesOf(value)));
}

/** @param {string} head @param {readonly string[]} lines */
function withHead(head, [first = '', ...others]) {
  return [`${head}${first}`, ...others];
}

/** @param {unknown} value @returns {string[]} */
function linesOf(value) {
  if (typeof value === 'object' && value !== null) {
    if ('raw' in value) return [String(value.raw)];
    const inner = Array.isArray(value) ? value.flatMap(linesOf) : members(value);
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    if (inner.length === 0) return [`${open}${close}`];
    const isFlat = !Object.values(value).some((part) => typeof part === 'object' && !('raw' in part));
    const line = Array.isArray(value) ? `[${inner.join(', ')}]` : `{ ${inner.join(', ')} }`;
    return isFlat && line.length <= 60 ? [line] : [open, ...indented(inner), close];
  }
  if (typeof value !== 'string') return [String(value)];
  return [
    PARAMETER.exec(value)?.[1] ??
      EXPRESSION.exec(value)?.[1] ??
      `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
  ];
}

/** @param {readonly string[]} lines */
function indented(lines) {
  return lines.map((line) => `  ${line}`);
}
