import { readFileSync } from 'node:fs';
import { formatIpRange } from '../../src/model/address.ts';
import type { Address, Destination, Policy, Rule } from '../../src/model/policy.ts';
import { parseInputs, type InputFile, type Parsed, type ParseOptions } from '../../src/parsers/index.ts';

/** A file of a test: a path of the project, or a name with its content. */
export type Source = string | readonly [path: string, content: object | string];

export function file(source: Source, named = true): InputFile {
  if (typeof source === 'string') return { path: source, bytes: readFileSync(source), named };
  const [path, content] = source;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { path, bytes: new TextEncoder().encode(text), named };
}

export interface Also {
  readonly parameters?: readonly Source[];
  readonly bases?: readonly Source[];
  /** As if the files were met in a directory. */
  readonly walked?: boolean;
}

export function parse(
  sources: readonly Source[],
  { parameters = [], bases = [], walked = false }: Also = {},
): Parsed {
  const options: ParseOptions = {
    cloud: 'AzureCloud',
    parameters: parameters.map((source) => file(source)),
    basePolicies: bases.map((source) => file(source)),
  };
  return parseInputs(
    sources.map((source) => file(source, !walked)),
    options,
  );
}

/** The only policy of the files. */
export function policyOf(sources: readonly Source[], also?: Also): Policy {
  const { policies } = parse(sources, also);
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error(`${policies.length} policies, not one`);
  return policy;
}

export function ruleNamed(policy: Policy, name: string): Rule {
  const rule = policy.rules.find((candidate) => candidate.name === name);
  if (rule === undefined)
    throw new Error(`no rule '${name}' among ${policy.rules.map((r) => r.name).join(', ')}`);
  return rule;
}

/** `kind:text`, with ranges in their shortest form. */
export function showAddress(member: Address | Destination): string {
  switch (member.kind) {
    case 'range':
      return formatIpRange(member.range);
    case 'any':
      return '*';
    case 'name':
      return `${member.via}:${member.pattern}${member.url ?? ''}`;
    case 'service-tag':
    case 'fqdn-tag':
      return `${member.kind}:${member.tag}`;
    case 'symbol':
      return `symbol:${member.symbol}`;
    default:
      return `${member.kind}:${member.text}`;
  }
}

/** A rule in one line, for comparing whole policies. */
export function showRule(rule: Rule): string {
  const services = rule.services.map(
    ({ protocol, from, to }) => `${protocol} ${from}${from === to ? '' : `-${to}`}`,
  );
  return [
    `${rule.stage} ${rule.action} ${rule.id}`,
    rule.sources.map(showAddress).join(' '),
    rule.destinations.map(showAddress).join(' '),
    services.join(' '),
  ].join(' | ');
}

/** A rule collection group in a template, the policy beside it. */
export function template(resources: readonly object[], more: object = {}): object {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources,
    ...more,
  };
}

export function policyResource(name: string, properties: object = {}, more: object = {}): object {
  return { type: 'Microsoft.Network/firewallPolicies', apiVersion: '2024-05-01', name, properties, ...more };
}

export function groupResource(
  name: string,
  priority: unknown,
  ruleCollections: unknown,
  more: object = {},
): object {
  return {
    type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
    apiVersion: '2024-05-01',
    name,
    properties: { priority, ruleCollections },
    ...more,
  };
}

export function collection(name: string, priority: unknown, action: unknown, rules: unknown): object {
  return {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name,
    priority,
    action: { type: action },
    rules,
  };
}

export function networkRule(name: string, more: object = {}): object {
  return {
    ruleType: 'NetworkRule',
    name,
    ipProtocols: ['TCP'],
    sourceAddresses: ['10.240.0.0/22'],
    destinationAddresses: ['20.1.0.0/24'],
    destinationPorts: ['443'],
    ...more,
  };
}

export function applicationRule(name: string, more: object = {}): object {
  return {
    ruleType: 'ApplicationRule',
    name,
    protocols: [{ protocolType: 'Https', port: 443 }],
    sourceAddresses: ['10.240.0.0/22'],
    targetFqdns: ['mcr.microsoft.com'],
    ...more,
  };
}

/** A policy with one group of one collection that holds the rules. */
export function policyWith(rules: readonly object[], policy: object = {}): Policy {
  return policyOf([
    [
      'policy.json',
      template([
        policyResource('hub', policy),
        groupResource('hub/group', 200, [collection('rules', 100, 'Allow', rules)]),
      ]),
    ],
  ]);
}
