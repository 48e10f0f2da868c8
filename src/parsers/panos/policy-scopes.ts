import type { PanNode } from './tree.ts';

/** One list of rules, in the order in which the firewall tries them. */
export interface RulebasePart {
  readonly node: PanNode;
  /** The device group or virtual system that owns it. */
  readonly group: string;
  /** `pre-rulebase`, `rulebase` or `post-rulebase`. */
  readonly collection: string;
}

/** What makes up the policy of one virtual system or device group. */
export interface PolicyScope {
  readonly name: string;
  readonly owner: PanNode;
  readonly rulebases: readonly RulebasePart[];
  /** Where objects are looked for, the nearest first. */
  readonly scopes: readonly PanNode[];
  readonly zones: readonly PanNode[];
}

/** Set commands begin at what XML holds in `/config/devices/entry`; both are looked at. */
function homes(root: PanNode): PanNode[] {
  return [root, ...root.list('devices')];
}

/** The node that holds `network` and `deviceconfig`, of Panorama in the only template. */
export function deviceOf(root: PanNode): PanNode | undefined {
  const own = homes(root).find(
    (home) => home.child('network') !== undefined || home.child('deviceconfig') !== undefined,
  );
  if (own?.child('network') !== undefined) return own;
  const templates = homes(root).flatMap((home) => home.list('template'));
  const [only, ...others] = templates.flatMap((template) => template.list('config', 'devices'));
  return others.length === 0 ? (only ?? own) : own;
}

export function policyScopes(root: PanNode): PolicyScope[] {
  const groups = homes(root).flatMap((home) => home.list('device-group'));
  const shared = sharedOf(root);
  if (groups.length > 0) return deviceGroups(root, groups, shared);
  const systems = homes(root).flatMap((home) => home.list('vsys'));
  // Of a firewall with one virtual system, set commands do not name it.
  const own = systems.length > 0 ? systems : [root];
  const policies = own.map((system) => virtualSystem(root, system, shared));
  const hasShared = shared.some(
    (node) => partsOf(node, 'shared', ['pre-rulebase', 'post-rulebase']).length > 0,
  );
  if (systems.length === 0 && root.child('rulebase') === undefined && hasShared)
    return [sharedOnly(root, shared)];
  return policies;
}

/** `shared` and what Panorama has pushed to a firewall. */
function sharedOf(root: PanNode): PanNode[] {
  return [root.child('shared'), root.child('panorama')].filter((node) => node !== undefined);
}

function virtualSystem(root: PanNode, system: PanNode, shared: readonly PanNode[]): PolicyScope {
  const name = system === root ? 'vsys1' : system.key;
  const pushed = [root.child('panorama'), root.at('panorama', 'vsys', name)].filter(
    (node) => node !== undefined,
  );
  return {
    name,
    owner: system === root ? (root.child('rulebase') ?? root) : system,
    rulebases: [
      ...pushed.flatMap((node) => partsOf(node, 'panorama', ['pre-rulebase'])),
      ...partsOf(system, name, ['rulebase']),
      ...pushed.flatMap((node) => partsOf(node, 'panorama', ['post-rulebase'])),
    ],
    scopes: [system, ...pushed, ...shared],
    zones: system.list('zone'),
  };
}

function deviceGroups(root: PanNode, groups: readonly PanNode[], shared: readonly PanNode[]): PolicyScope[] {
  const parents = parentsOf(root, groups);
  const isParent = new Set(parents.values());
  const byName = new Map(groups.map((group) => [group.key, group]));
  const zones = templateZones(root);
  return groups
    .filter(({ key }) => !isParent.has(key))
    .map((leaf) => {
      // From the leaf to the root of the hierarchy.
      const chain: PanNode[] = [];
      for (let at: PanNode | undefined = leaf; at !== undefined && !chain.includes(at);) {
        chain.push(at);
        at = byName.get(parents.get(at.key) ?? '');
      }
      const rootFirst = [...chain].reverse();
      return {
        name: leaf.key,
        owner: leaf,
        rulebases: [
          ...shared.flatMap((node) => partsOf(node, 'shared', ['pre-rulebase'])),
          ...rootFirst.flatMap((node) => partsOf(node, node.key, ['pre-rulebase'])),
          ...chain.flatMap((node) => partsOf(node, node.key, ['post-rulebase'])),
          ...shared.flatMap((node) => partsOf(node, 'shared', ['post-rulebase'])),
        ],
        scopes: [...chain, ...shared],
        zones,
      };
    });
}

/** Panorama keeps the hierarchy in `readonly`, exports of the interface in the device group itself. */
function parentsOf(root: PanNode, groups: readonly PanNode[]): Map<string, string> {
  const parents = new Map<string, string>();
  const kept = [root.child('readonly'), ...homes(root).map((home) => home.child('readonly'))].flatMap(
    (node) => (node === undefined ? [] : homes(node).flatMap((home) => home.list('device-group'))),
  );
  for (const node of [...groups, ...kept]) {
    const parent = node.value('parent-dg');
    if (parent !== '') parents.set(node.key, parent);
  }
  return parents;
}

/** Zones of the only template; of several it is not known which one a device has. */
function templateZones(root: PanNode): PanNode[] {
  const templates = homes(root).flatMap((home) => home.list('template'));
  if (templates.length !== 1) return [];
  return templates
    .flatMap((template) => template.list('config', 'devices'))
    .flatMap((device) => device.list('vsys'))
    .flatMap((system) => system.list('zone'));
}

function sharedOnly(root: PanNode, shared: readonly PanNode[]): PolicyScope {
  return {
    name: 'shared',
    owner: shared[0] ?? root,
    rulebases: [
      ...shared.flatMap((node) => partsOf(node, 'shared', ['pre-rulebase'])),
      ...shared.flatMap((node) => partsOf(node, 'shared', ['post-rulebase'])),
    ],
    scopes: shared,
    zones: [],
  };
}

function partsOf(node: PanNode, group: string, collections: readonly string[]): RulebasePart[] {
  return collections.flatMap((collection) => {
    const rulebase = node.child(collection);
    return rulebase === undefined ? [] : [{ node: rulebase, group, collection }];
  });
}
