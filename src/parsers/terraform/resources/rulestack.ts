import { textOf } from '../../azure-firewall/fields.ts';
import { segmentsOf } from '../../azure-firewall/resource-ids.ts';
import type { Resource } from '../../resource.ts';
import { boolean, type ObjectValue, type Value } from '../../value.ts';
import { memberValue, object, onlyBlock } from './rename.ts';
import type { TerraformResource } from './resource.ts';
import { idOf, nameOf, originOf, placeOf } from './translate.ts';

/** Parts of a rulestack of Cloud NGFW for Azure, and Azure's types for them. */
export const RULESTACK_PARTS = {
  azurerm_palo_alto_local_rulestack_rule: 'localRules',
  azurerm_palo_alto_local_rulestack_fqdn_list: 'fqdnlists',
  azurerm_palo_alto_local_rulestack_prefix_list: 'prefixlists',
} as const;

/** https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/palo_alto_local_rulestack_rule */
export function rulestackPart(one: TerraformResource): Resource {
  const { attributes, place } = one;
  const isRule = one.type === 'azurerm_palo_alto_local_rulestack_rule';
  const kind = RULESTACK_PARTS[one.type as keyof typeof RULESTACK_PARTS];
  const stack = segmentsOf(textOf(memberValue(attributes, 'rulestack_id'))).at(-1) ?? '';
  const own = isRule ? textOf(memberValue(attributes, 'priority')) : nameOf(attributes);
  const properties = isRule
    ? ruleProperties(attributes, one)
    : object(
        [
          ['fqdnList', memberValue(attributes, 'fully_qualified_domain_names')],
          ['prefixList', memberValue(attributes, 'prefix_list')],
        ],
        place,
      );
  return {
    type: `PaloAltoNetworks.Cloudngfw/localRulestacks/${kind}`,
    name: `${stack}/${own}`,
    id: isRule ? '' : idOf(one),
    properties,
    body: object([['properties', properties]], place),
    place: placeOf(one),
    ...originOf(one),
    existing: false,
    dependsOn: [],
  };
}

function ruleProperties(attributes: ObjectValue, { place }: TerraformResource): ObjectValue {
  const of = (name: string): Value | undefined => memberValue(attributes, name);
  const enabled = of('enabled');
  const isDisabled = enabled?.kind === 'boolean' && !enabled.value;
  const category = onlyBlock(of('category'));
  return object(
    [
      ['ruleName', of('name')],
      ['ruleState', isDisabled ? { kind: 'string', value: 'DISABLED', place: enabled.place } : undefined],
      ['description', of('description')],
      ['source', side(onlyBlock(of('source')))],
      ['negateSource', of('negate_source') ?? boolean(false, place)],
      ['destination', side(onlyBlock(of('destination')))],
      ['negateDestination', of('negate_destination') ?? boolean(false, place)],
      ['applications', of('applications')],
      ['protocol', of('protocol')],
      ['protocolPortList', of('protocol_ports')],
      [
        'category',
        category &&
          object(
            [
              ['urlCustom', memberValue(category, 'custom_urls')],
              ['feeds', memberValue(category, 'feeds')],
            ],
            category.place,
          ),
      ],
      ['actionType', of('action')],
      ['decryptionRuleType', of('decryption_rule_type')],
    ],
    place,
  );
}

function side(block: Value | undefined): Value | undefined {
  if (block?.kind !== 'object') return block;
  const of = (name: string): Value | undefined => memberValue(block, name);
  return object(
    [
      ['cidrs', of('cidrs')],
      ['countries', of('countries')],
      ['feeds', of('feeds')],
      ['fqdnLists', of('local_rulestack_fqdn_list_ids')],
      ['prefixLists', of('local_rulestack_prefix_list_ids')],
    ],
    block.place,
  );
}
