import type { ObjectValue, Value } from '../../value.ts';
import { eachBlock, renamed, type Names } from './rename.ts';

/**
 * Rules of the provider under Azure's names:
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/firewall_policy_rule_collection_group
 */

const COLLECTION: Names = { name: 'name', priority: 'priority', action: 'action' };

const SHARED: Names = {
  name: 'name',
  description: 'description',
  source_addresses: 'sourceAddresses',
  source_ip_groups: 'sourceIpGroups',
};

const APPLICATION_RULE: Names = {
  ...SHARED,
  protocols: 'protocols',
  destination_addresses: 'destinationAddresses',
  destination_fqdns: 'targetFqdns',
  destination_urls: 'targetUrls',
  destination_fqdn_tags: 'fqdnTags',
  web_categories: 'webCategories',
  terminate_tls: 'terminateTLS',
};

const NETWORK_RULE: Names = {
  ...SHARED,
  protocols: 'ipProtocols',
  destination_addresses: 'destinationAddresses',
  destination_ip_groups: 'destinationIpGroups',
  destination_fqdns: 'destinationFqdns',
  destination_ports: 'destinationPorts',
};

const CLASSIC_APPLICATION_RULE: Names = {
  ...SHARED,
  protocol: 'protocols',
  target_fqdns: 'targetFqdns',
  fqdn_tags: 'fqdnTags',
};

export type RuleKind = 'application' | 'network';

function collection(block: ObjectValue, ruleNames: Names): ObjectValue {
  const rules = block.members.get('rule');
  const extra =
    rules === undefined
      ? []
      : ([
          [
            'rules',
            { ...rules, value: eachBlock(rules.value, (rule) => renamed(rule, ruleNames)) ?? rules.value },
          ],
        ] as const);
  return renamed(block, COLLECTION, extra);
}

/** The collections of a rule collection group. */
export function policyCollections(value: Value | undefined, kind: RuleKind): Value | undefined {
  const names = kind === 'application' ? APPLICATION_RULE : NETWORK_RULE;
  return eachBlock(value, (block) => collection(block, names));
}

/** A collection of a classic firewall, which is a resource of its own. */
export function classicCollection(attributes: ObjectValue, kind: RuleKind): ObjectValue {
  return collection(attributes, kind === 'application' ? CLASSIC_APPLICATION_RULE : NETWORK_RULE);
}
