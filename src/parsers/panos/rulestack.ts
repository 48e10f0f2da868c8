import type { Policy } from '../../model/policy.ts';
import { hasSymbol } from '../../model/symbol.ts';
import { isRulestack } from '../arm/types.ts';
import { field, listOf, shown, textOf, unknownOf, wordOf } from '../azure-firewall/fields.ts';
import { segmentsOf } from '../azure-firewall/resource-ids.ts';
import { Report, type ApplianceOptions } from '../appliance/reading.ts';
import { appliancePolicy, RuleList } from '../appliance/rules.ts';
import { Zones } from '../appliance/zones.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import { everything, Rulebase } from './rulebase.ts';
import { Scope } from './scope.ts';
import { PanNode, Places } from './tree.ts';

export interface RulestackReading {
  readonly policies: readonly Policy[];
  readonly notes: Report['notes'];
  /** Rules per file. */
  readonly rules: ReadonlyMap<string, number>;
}

/**
 * Reads rulestacks of Cloud NGFW for Azure: their rules and lists as the tree that PAN-OS would write, and that through
 * the same reader. https://learn.microsoft.com/azure/templates/paloaltonetworks.cloudngfw/localrulestacks/localrules
 */
export function readRulestacks(
  resources: readonly Resource[],
  gaps: readonly ResourceGap[],
  options: ApplianceOptions,
): RulestackReading {
  const report = new Report();
  const counts = new Map<string, number>();
  const stacks = new Map<string, Resource[]>();
  for (const resource of resources) {
    if (resource.existing || !isRulestack(resource.type)) continue;
    const name = segmentsOf(resource.name)[0] ?? resource.name;
    stacks.set(name, [...(stacks.get(name) ?? []), resource]);
  }
  const policies = [...stacks].map(([name, own]) => {
    const root = new PanNode('', undefined, 0, 0);
    addLists(root, own);
    const rules = own
      .filter(({ type }) => /\/(?:local|pre|post)?rules$/i.test(type))
      .sort((a, b) => stageOf(a) - stageOf(b) || priorityOf(a) - priorityOf(b));
    for (const rule of rules) {
      addRule(root, rule);
      counts.set(rule.place.path, (counts.get(rule.place.path) ?? 0) + 1);
    }
    const list = new RuleList(shown(name));
    const decryption = new RuleList(shown(name));
    const rulebase = new Rulebase({
      scope: new Scope([root]),
      zones: new Zones([], options, 'zone'),
      places: new Places(''),
      report,
      remarks: [],
      isIntrazone: undefined,
      appendsSlash: true,
      group: shown(name),
    });
    const files = new Set(own.map((one) => one.place.path));
    for (const { type, unknown, place: at } of gaps) {
      if (!isRulestack(type) || !files.has(at.path)) continue;
      list.add({
        ...everything(at),
        name: '',
        group: shown(name),
        collection: '',
        action: 'unknown',
        place: at,
        opaque: unknown,
      });
    }
    const nodes = root.list('rules');
    rulebase.security(nodes, 'localRules', list);
    // The service decrypts by the rule itself.
    rulebase.decryption(
      nodes.filter((node) => node.child('decryption') !== undefined).map(decrypting),
      'localRules',
      decryption,
    );
    const place = (own.find(({ type }) => /rulestacks$/i.test(type)) ?? own[0])?.place ?? {
      path: '',
      pointer: '',
    };
    return appliancePolicy({
      id: shown(name),
      name: shown(name),
      place,
      rules: list.rules,
      decryption: decryption.rules,
    });
  });
  return { policies, notes: report.notes, rules: counts };
}

/** Of a global rulestack, rules before and after the local ones. */
function stageOf({ type }: Resource): number {
  return /prerules$/i.test(type) ? 0 : /postrules$/i.test(type) ? 2 : 1;
}

/** The last segment of a rule's name. */
function priorityOf({ name }: Resource): number {
  const priority = Number(segmentsOf(name).at(-1));
  return Number.isNaN(priority) ? Infinity : priority;
}

/** Lists of addresses and names as address groups. */
function addLists(root: PanNode, resources: readonly Resource[]): void {
  for (const { type, name, properties } of resources) {
    const isNames = /\/fqdnlists$/i.test(type);
    if (!isNames && !/\/prefixlists$/i.test(type)) continue;
    const group = root.add('address-group', 0, 0).add(lastOf(name), 0, 0).add('static', 0, 0);
    for (const value of listOf(field(properties, isNames ? 'fqdnlist' : 'prefixlist'))) {
      const text = textOf(value);
      leaf(group, value);
      if (isNames) leaf(root.add('address', 0, 0).add(text, 0, 0).add('fqdn', 0, 0), value);
    }
  }
}

function lastOf(text: string): string {
  return (segmentsOf(text).at(-1) ?? text).toLowerCase();
}

function leaf(parent: PanNode, value: Value, text = textOf(value)): PanNode {
  const node = parent.add(text, 0, 0);
  node.place = value.place;
  const unknown = unknownOf(value);
  // Of an id that is known in part, the name of a list is enough.
  if (unknown !== undefined && (text === textOf(value) || hasSymbol(text))) node.unknown = unknown;
  return node;
}

function addRule(root: PanNode, resource: Resource): void {
  const { properties, place } = resource;
  const name = textOf(field(properties, 'rulename')) || lastOf(resource.name);
  const list = root.add('rules', 0, 0);
  const rule = list.add(list.child(name) === undefined ? name : `${name}#${list.children.size}`, 0, 0);
  rule.place = place;
  if (resource.conditional !== undefined) rule.unknown = resource.conditional;
  const set = (key: string, text: string, from: string): void => {
    const value = field(properties, from);
    const node = rule.add(key, 0, 0);
    node.place = value?.place ?? place;
    node.add(text, 0, 0).place = value?.place ?? place;
  };
  if (wordOf(field(properties, 'rulestate')) === 'disabled') set('disabled', 'yes', 'rulestate');
  for (const side of ['source', 'destination'] as const) {
    if (wordOf(field(properties, `negate${side}`)) === 'true') set(`negate-${side}`, 'yes', `negate${side}`);
    addSide(root, rule, side, field(properties, side));
  }
  const applications = listOf(field(properties, 'applications'));
  for (const value of applications) leaf(rule.add('application', 0, 0), value);
  addServices(root, rule, properties);
  addCategory(root, rule, name, field(properties, 'category'));
  const action = wordOf(field(properties, 'actiontype'));
  set('action', action === 'allow' ? 'allow' : action.startsWith('deny') ? 'deny' : action, 'actiontype');
  if (wordOf(field(properties, 'decryptionruletype')) === 'ssloutboundinspection')
    set('decryption', 'yes', 'decryptionruletype');
  const description = textOf(field(properties, 'description'));
  if (description !== '') set('description', description, 'description');
}

function addSide(
  root: PanNode,
  rule: PanNode,
  side: 'source' | 'destination',
  value: Value | undefined,
): void {
  const node = rule.add(side, 0, 0);
  if (value === undefined) return;
  node.place = value.place;
  const members = (key: string): readonly Value[] =>
    value.kind === 'object' ? listOf(field(value, key)) : [];
  for (const cidr of members('cidrs')) leaf(node, cidr);
  for (const country of members('countries')) leaf(node, country);
  for (const key of ['fqdnlists', 'prefixlists'])
    for (const named of members(key)) leaf(node, named, lastOf(textOf(named)));
  for (const feed of members('feeds')) {
    root.add('external-list', 0, 0).add(textOf(feed), 0, 0);
    leaf(node, feed);
  }
  // Countries are written in two letters or as names.
  for (const country of members('countries')) root.add('region', 0, 0).add(textOf(country), 0, 0);
}

/** `application-default`, `TCP:443`, or several of the latter. */
function addServices(root: PanNode, rule: PanNode, properties: ObjectValue): void {
  const node = rule.add('service', 0, 0);
  const list = listOf(field(properties, 'protocolportlist'));
  const one = field(properties, 'protocol');
  const values = list.length > 0 ? list : one === undefined ? [] : [one];
  for (const value of values) {
    const text = textOf(value);
    const [, protocol, port] = /^(tcp|udp):([\d,-]+)$/i.exec(text) ?? [];
    leaf(node, value, text === '' || text.toLowerCase() === 'any' ? 'any' : text);
    if (protocol !== undefined && port !== undefined) {
      const service = root.add('service', 0, 0).add(text, 0, 0);
      service.add('protocol', 0, 0).add(protocol.toLowerCase(), 0, 0).add('port', 0, 0).add(port, 0, 0);
    }
  }
}

/** URLs that stand in the rule itself are a category of their own. */
function addCategory(root: PanNode, rule: PanNode, name: string, value: Value | undefined): void {
  if (value?.kind !== 'object') return;
  const urls = listOf(field(value, 'urlcustom'));
  const feeds = listOf(field(value, 'feeds'));
  const node = rule.add('category', 0, 0);
  node.place = value.place;
  if (urls.length > 0) {
    const own = `${name} urlCustom`;
    leaf(node, value, own);
    const category = root.add('custom-url-category', 0, 0).add(own, 0, 0);
    const list = category.add('list', 0, 0);
    for (const url of urls) leaf(list, url);
  }
  for (const feed of feeds) {
    root.add('external-list', 0, 0).add(textOf(feed), 0, 0);
    leaf(node, feed);
  }
}

/** The rule as one of the decryption rulebase. */
function decrypting(rule: PanNode): PanNode {
  const node = new PanNode(rule.key, undefined, 0, 0);
  if (rule.place !== undefined) node.place = rule.place;
  for (const [key, child] of rule.children) if (key !== 'action') node.children.set(key, child);
  node.add('action', 0, 0).add('decrypt', 0, 0);
  return node;
}
