import type { Rule, Stage, Tie } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { called } from './fields.ts';
import type { CollectionReading, GroupReading } from './collections.ts';

/** The groups of one policy of a chain; root = 0. */
export interface PolicyLevel {
  readonly policy: string;
  readonly groups: readonly GroupReading[];
}

interface Collection {
  readonly depth: number;
  readonly level: PolicyLevel;
  readonly group: GroupReading;
  /** Position of the group in the input: tells groups of one name apart and orders groups of one priority. */
  readonly sequence: number;
  readonly collection: CollectionReading;
  readonly stage: Stage;
}

/**
 * The rules of a chain in the order in which Azure Firewall evaluates them: network before application whatever the
 * priorities, then parents before children, groups and collections by priority, rules as listed.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 *
 * What has no known priority comes first. If a collection of the other action could then be decided wrongly, its rules
 * are conditional: they may or may not come before the others.
 */
export function orderRules(chain: readonly PolicyLevel[]): { rules: Rule[]; ties: Tie[] } {
  const collections = (['network', 'application'] as const).flatMap((stage) =>
    chain.flatMap((level, depth) =>
      level.groups.flatMap((group, sequence) =>
        group.collections
          .filter(({ rules }) => rules.some(({ rule }) => rule.stage === stage))
          .map((collection): Collection => ({ depth, level, group, sequence, collection, stage })),
      ),
    ),
  );
  // The sort is stable, so that equal priorities keep the order of the input.
  const ordered = collections.sort(
    (a, b) =>
      stageNumber(a.stage) - stageNumber(b.stage) ||
      a.depth - b.depth ||
      byPriority(a.group.priority, b.group.priority) ||
      a.sequence - b.sequence ||
      byPriority(a.collection.priority, b.collection.priority),
  );
  const unsettled = isUnsettled(ordered);
  return { rules: withIds(ordered.flatMap((item) => rulesOf(item, unsettled))), ties: tiesOf(ordered) };
}

function stageNumber(stage: Stage): number {
  return stage === 'network' ? 0 : 1;
}

function byPriority(a: number, b: number): number {
  const x = Number.isNaN(a) ? -1 : a;
  const y = Number.isNaN(b) ? -1 : b;
  return x - y;
}

function rulesOf(item: Collection, unsettled: (item: Collection) => boolean): Rule[] {
  const { depth, level, group, collection, stage } = item;
  const conditional = group.conditional ?? (unsettled(item) ? unknownPriority(item) : undefined);
  const prefix = [group.name, collection.name].filter((part) => part !== '').join('/');
  const rules: Rule[] = [];
  for (const { index, rule } of collection.rules) {
    if (rule.stage !== stage) continue;
    const id = prefix === '' || rule.name === '' ? prefix + rule.name || 'rule' : `${prefix}/${rule.name}`;
    const order = [depth, group.priority, collection.priority, index] as const;
    // Member by member: spreading costs several times as much, and there may be thousands.
    const whole: Rule = {
      id,
      name: rule.name,
      collection: collection.name,
      group: group.name,
      policy: level.policy,
      stage,
      action: collection.action,
      order,
      sources: rule.sources,
      destinations: rule.destinations,
      services: rule.services,
      terminateTls: rule.terminateTls,
      description: rule.description,
      place: rule.place,
      listPlaces: rule.listPlaces,
      invalid: rule.invalid,
      ineffective: rule.ineffective,
      needsTier: rule.needsTier,
    };
    rules.push(
      conditional === undefined && rule.opaque === undefined
        ? whole
        : {
            ...whole,
            ...(rule.opaque === undefined ? {} : { opaque: rule.opaque }),
            ...(rule.opaqueKind === undefined ? {} : { opaqueKind: rule.opaqueKind }),
            ...(conditional === undefined ? {} : { conditional }),
          },
    );
  }
  return rules;
}

function unknownPriority({ group, collection }: Collection): Unknown {
  const ofGroup = Number.isNaN(group.priority);
  return {
    reason: `the priority of ${ofGroup ? called('group', group.name) : called('collection', collection.name)} is not known, and other rules have another action`,
    supply: 'give the priority',
    place: ofGroup ? group.priorityPlace : collection.priorityPlace,
  };
}

/** Does the unknown priority of a collection decide between allow and deny? */
function isUnsettled(collections: readonly Collection[]): (item: Collection) => boolean {
  const actions = new Map<string, Set<Rule['action']>>();
  const ofGroup = (item: Collection): string => `${item.stage} ${item.depth} ${item.sequence}`;
  const ofPolicy = (item: Collection): string => `${item.stage} ${item.depth}`;
  for (const item of collections) {
    for (const key of [ofGroup(item), ofPolicy(item)]) {
      const known = actions.get(key);
      if (known === undefined) actions.set(key, new Set([item.collection.action]));
      else known.add(item.collection.action);
    }
  }
  return (item) => {
    if (Number.isNaN(item.group.priority)) return (actions.get(ofPolicy(item))?.size ?? 0) > 1;
    return Number.isNaN(item.collection.priority) && (actions.get(ofGroup(item))?.size ?? 0) > 1;
  };
}

function withIds(rules: Rule[]): Rule[] {
  const taken = new Set<string>();
  for (const { id } of rules) taken.add(id);
  if (taken.size === rules.length) return rules;
  const counts = new Map<string, number>();
  return rules.map((rule) => {
    let count = counts.get(rule.id) ?? 0;
    if (count === 0) {
      counts.set(rule.id, 1);
      return rule;
    }
    let id: string;
    do id = `${rule.id}#${++count}`;
    while (taken.has(id));
    taken.add(id);
    counts.set(rule.id, count);
    return { ...rule, id };
  });
}

/** Neighbours of equal priority and different action; each names one other. `collections` are in order. */
function tiesOf(collections: readonly Collection[]): Tie[] {
  const ties: Tie[] = [];
  const groups = new Map<string, { allow?: GroupReading; deny?: GroupReading }>();
  const members = new Map<string, { allow?: CollectionReading; deny?: CollectionReading }>();
  const reported = new Set<GroupReading>();
  for (const { depth, stage, group, sequence, collection } of collections) {
    const { action } = collection;
    if (action === 'unknown') continue;
    const other = action === 'allow' ? 'deny' : 'allow';

    const peers = entryOf(groups, `${stage} ${depth} ${group.priority}`);
    const rival = peers[other];
    if (rival !== undefined && rival !== group && !Number.isNaN(group.priority) && !reported.has(group)) {
      reported.add(group);
      ties.push(tie(rival, group, rival.name, group.name));
    }
    peers[action] ??= group;

    const siblings = entryOf(members, `${stage} ${depth} ${sequence} ${collection.priority}`);
    const sibling = siblings[other];
    if (sibling !== undefined && !Number.isNaN(collection.priority) && siblings[action] === undefined) {
      ties.push(tie(sibling, collection, pathOf(group, sibling), pathOf(group, collection)));
    }
    siblings[action] ??= collection;
  }
  return ties;
}

function entryOf<T extends object>(map: Map<string, Partial<T>>, key: string): Partial<T> {
  const entry = map.get(key) ?? {};
  map.set(key, entry);
  return entry;
}

function pathOf(group: GroupReading, collection: CollectionReading): string {
  return group.name === '' ? collection.name : `${group.name}/${collection.name}`;
}

function tie(
  a: GroupReading | CollectionReading,
  b: GroupReading | CollectionReading,
  nameA: string,
  nameB: string,
): Tie {
  return { a: nameA, b: nameB, priority: b.priority, place: b.priorityPlace, related: a.priorityPlace };
}
