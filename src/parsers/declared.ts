import type { Place } from '../model/place.ts';
import { field, listOf, textOf, wordOf } from './azure-firewall/fields.ts';
import { isRulestack } from './arm/types.ts';
import { FIREWALL, GROUP, POLICY } from './azure-firewall/resource-ids.ts';
import type { ObjectValue, Value } from './value.ts';

/** What a template writes about firewalls, whether or not it deploys it with the parameter values at hand. */
export interface Declared {
  /** A firewall policy, rule collection group or classic firewall. */
  readonly firewall: boolean;
  /** Rules that hang on an expression: a condition or loop around them, or a list that is one. */
  readonly rulesByExpression: Place | undefined;
}

/** Looks through the template as written, nested deployments included. */
export function declaredIn(template: ObjectValue): Declared {
  const found: { firewall: boolean; rulesByExpression: Place | undefined } = {
    firewall: false,
    rulesByExpression: undefined,
  };
  visit(template, '', undefined, found);
  return found;
}

function visit(
  holder: ObjectValue,
  parentType: string,
  guard: Place | undefined,
  found: { firewall: boolean; rulesByExpression: Place | undefined },
): void {
  for (const resource of resourcesOf(field(holder, 'resources'))) {
    const written = wordOf(field(resource, 'type'));
    const type = parentType === '' || /^[^/]+\.[^/]+\//.test(written) ? written : `${parentType}/${written}`;
    const around = guard ?? guardOf(resource);
    if (type === POLICY || type === GROUP || type === FIREWALL || isRulestack(type)) found.firewall = true;
    if (type === GROUP || type === FIREWALL) found.rulesByExpression ??= around ?? expressionIn(resource);
    visit(resource, type, around, found);
    const properties = field(resource, 'properties');
    const template = properties?.kind === 'object' ? field(properties, 'template') : undefined;
    if (template?.kind === 'object') visit(template, '', around, found);
  }
}

function resourcesOf(value: Value | undefined): ObjectValue[] {
  if (value?.kind === 'object') {
    return [...value.members.values()].flatMap(({ value: item }) => (item.kind === 'object' ? item : []));
  }
  return value?.kind === 'array' ? value.items.filter((item) => item.kind === 'object') : [];
}

function guardOf(resource: ObjectValue): Place | undefined {
  const condition = field(resource, 'condition');
  if (condition !== undefined && isExpression(condition)) return condition.place;
  return field(resource, 'copy')?.place;
}

const LISTS = ['rulecollections', 'networkrulecollections', 'applicationrulecollections'] as const;

/** The first list of collections or rules that is an expression. */
function expressionIn(resource: ObjectValue): Place | undefined {
  const properties = field(resource, 'properties');
  if (properties?.kind !== 'object') {
    return properties !== undefined && isExpression(properties) ? properties.place : undefined;
  }
  for (const name of LISTS) {
    for (const collection of listOf(field(properties, name))) {
      if (isExpression(collection)) return collection.place;
      if (collection.kind !== 'object') continue;
      const inner = field(collection, 'properties');
      const rules = listOf(field(inner?.kind === 'object' ? inner : collection, 'rules'));
      const open = rules.find(isExpression);
      if (open !== undefined) return open.place;
    }
  }
  return undefined;
}

function isExpression(value: Value): boolean {
  return value.kind === 'string' && /^\[(?!\[)/.test(textOf(value));
}
