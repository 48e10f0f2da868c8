// @ts-check
/**
 * Examples of checks as configurations of Terraform, laid out as `terraform fmt` does.
 *
 * @import { Example, Format } from './index.js'
 *
 * @typedef {string | number | boolean | readonly string[]} Value
 * @typedef {{ readonly raw: string }} Raw an expression
 * @typedef {readonly (readonly [name: string, value: Value | Raw | undefined])[]} Arguments
 */

/** @type {Format} */
export const terraform = {
  id: 'terraform',
  title: 'Terraform',
  language: 'hcl',
  fileName: 'main.tf',
  file: (example) =>
    `${[...variables(example), ...policy(example), ...group(example), ...firewall(example), ...beside(example)].join('\n')}\n`,
  snippet: (example) => shown(example).join('\n'),
};

/** Arguments of a rule under the provider's names, which differ by the kind of rule. */
const RULE_ARGUMENTS = {
  ApplicationRule: {
    name: 'name',
    sourceAddresses: 'source_addresses',
    destinationAddresses: 'destination_addresses',
    targetFqdns: 'destination_fqdns',
    fqdnTags: 'destination_fqdn_tags',
    terminateTLS: 'terminate_tls',
  },
  NetworkRule: {
    name: 'name',
    ipProtocols: 'protocols',
    sourceAddresses: 'source_addresses',
    destinationAddresses: 'destination_addresses',
    destinationFqdns: 'destination_fqdns',
    destinationPorts: 'destination_ports',
  },
};

/** A parameter of a template is a variable. */
const PARAMETER = /^\[parameters\('(\w+)'\)\]$/;

/** @param {Example} example */
function variables({ collections }) {
  const texts = collections.flatMap(({ rules }) => rules.flatMap((rule) => Object.values(rule).flat()));
  const names = texts.flatMap((text) => PARAMETER.exec(String(text))?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => [
    ...block(`variable "${snakeCase(name)}"`, args([['type', { raw: 'string' }]])),
    '',
  ]);
}

/** @param {string} name */
function snakeCase(name) {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** @param {Example} example */
function policy(example) {
  return block('resource "azurerm_firewall_policy" "hub"', [
    ...args([
      ['name', 'hub-policy'],
      ['resource_group_name', 'hub'],
      ['location', 'westeurope'],
    ]),
    ...policyArguments({
      sku: { tier: 'Premium' },
      threatIntelMode: 'Alert',
      dnsSettings: { enableProxy: true },
      ...example.policy,
    }),
  ]);
}

/** @param {Readonly<Record<string, unknown>>} properties */
function policyArguments({ sku, threatIntelMode, dnsSettings, ...others }) {
  refuse(Object.keys(others));
  const { tier } = /** @type {{ tier?: string }} */ (sku ?? {});
  const dns = /** @type {{ enableProxy: boolean } | undefined} */ (dnsSettings);
  return [
    ...args([
      ['sku', tier],
      ['threat_intelligence_mode', /** @type {string | undefined} */ (threatIntelMode)],
    ]),
    ...(dns === undefined ? [] : block('dns', args([['proxy_enabled', dns.enableProxy]]))),
  ];
}

/** @param {Example} example */
function group({ collections }) {
  if (collections.length === 0) return [];
  return [
    '',
    ...block('resource "azurerm_firewall_policy_rule_collection_group" "egress"', [
      ...args([
        ['name', 'egress'],
        ['firewall_policy_id', { raw: 'azurerm_firewall_policy.hub.id' }],
        ['priority', 200],
      ]),
      ...collectionBlocks(collections),
    ]),
  ];
}

/** A collection of the provider holds rules of one kind. @param {Example['collections']} collections */
function collectionBlocks(collections) {
  return collections.flatMap(({ name, priority, action, rules }) => {
    const kinds = [...new Set(rules.map(({ ruleType }) => String(ruleType)))];
    const [kind = ''] = kinds;
    if (kinds.length > 1) throw new Error(`collection ${name} has rules of several kinds`);
    return [
      '',
      ...block(kind === 'NetworkRule' ? 'network_rule_collection' : 'application_rule_collection', [
        ...args([
          ['name', name],
          ['priority', priority],
          ['action', action],
        ]),
        ...rules.flatMap((rule) => ['', ...block('rule', ruleArguments(rule))]),
      ]),
    ];
  });
}

/** @param {Readonly<Record<string, unknown>>} rule */
function ruleArguments({ ruleType, protocols, ...rule }) {
  const names = Object.entries(
    RULE_ARGUMENTS[ruleType === 'NetworkRule' ? 'NetworkRule' : 'ApplicationRule'],
  );
  refuse(Object.keys(rule).filter((name) => !names.some(([azure]) => azure === name)));
  const blocks = /** @type {readonly { protocolType: string, port: number }[]} */ (protocols ?? []);
  return [
    ...args(names.map(([azure, name]) => [name, /** @type {Value | undefined} */ (rule[azure])])),
    ...blocks.flatMap(({ protocolType, port }) => [
      '',
      ...block(
        'protocols',
        args([
          ['type', protocolType],
          ['port', port],
        ]),
      ),
    ]),
  ];
}

/** @param {Example} example */
function firewall(example) {
  if (example.firewall === undefined) return [];
  return [
    '',
    ...block('resource "azurerm_firewall" "hub"', [
      ...args([
        ['name', 'hub-firewall'],
        ['resource_group_name', 'hub'],
        ['location', 'westeurope'],
        ['sku_name', 'AZFW_VNet'],
        ['sku_tier', 'Premium'],
      ]),
      ...attachment(example.firewall),
    ]),
  ];
}

/** @param {string} name of the policy */
function attachment(name) {
  const other = `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/${name}`;
  return args([
    ['firewall_policy_id', name === 'hub-policy' ? { raw: 'azurerm_firewall_policy.hub.id' } : other],
  ]);
}

/** @param {Example} example */
function beside(example) {
  return example.beside === undefined ? [] : ['', ...example.beside.terraform];
}

/** The parts that an example is about. @param {Example} example */
function shown(example) {
  if (example.beside !== undefined) return example.beside.terraform;
  const parts = [
    ...(example.policy === undefined
      ? []
      : [block('resource "azurerm_firewall_policy" "hub"', ['# …', ...policyArguments(example.policy)])]),
    ...(example.firewall === undefined
      ? []
      : [block('resource "azurerm_firewall" "hub"', ['# …', ...attachment(example.firewall)])]),
    ...(example.collections.length === 0
      ? []
      : [
          block('resource "azurerm_firewall_policy_rule_collection_group" "egress"', [
            '# …',
            ...collectionBlocks(example.collections),
          ]),
        ]),
  ];
  return parts.flatMap((part, at) => (at === 0 ? part : ['', ...part]));
}

/** @param {string} head @param {readonly string[]} body */
function block(head, body) {
  const lines = body[0] === '' ? body.slice(1) : body;
  return [`${head} {`, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '}'];
}

/** @param {Arguments} all */
function args(all) {
  const given = all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, text: textOf(value) }]));
  const width = Math.max(...given.map(({ name }) => name.length));
  return given.map(({ name, text }) => `${name.padEnd(width)} = ${text}`);
}

/** @param {Value | Raw} value @returns {string} */
function textOf(value) {
  if (typeof value === 'object' && 'raw' in value) return value.raw;
  if (typeof value === 'object') return `[${value.map(textOf).join(', ')}]`;
  const parameter = PARAMETER.exec(String(value))?.[1];
  return parameter === undefined ? JSON.stringify(value) : `var.${snakeCase(parameter)}`;
}

/** What the examples do not have yet has no translation. @param {readonly string[]} names */
function refuse(names) {
  if (names.length > 0) throw new Error(`scripts/formats/terraform.js does not know ${names.join(', ')}`);
}
