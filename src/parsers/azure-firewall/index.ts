import type { Place } from '../../model/place.ts';
import type { Policy } from '../../model/policy.ts';
import { hasSymbol, type Unknown } from '../../model/symbol.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import { opaqueCollection, readClassicCollections, readGroup, type GroupReading } from './collections.ts';
import { bodyOf, called, field, listOf, shown, textOf, unknownOf, type Report } from './fields.ts';
import { Firewalls } from './firewalls.ts';
import { IpGroups } from './ip-groups.ts';
import { PolicyGraph, type PolicyNode } from './policy-graph.ts';
import { GROUP, segmentsOf } from './resource-ids.ts';
import { orderRules, type PolicyLevel } from './rule-order.ts';
import type { RuleReader } from './rules.ts';
import { readSettings, strictest, unknownSettings, type Settings } from './settings.ts';

export interface FirewallInput {
  /** Of all files together. */
  readonly resources: readonly Resource[];
  readonly gaps: readonly ResourceGap[];
  /** Of the files given with --base-policy. */
  readonly bases: readonly Resource[];
}

export interface FirewallReading {
  readonly policies: readonly Policy[];
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  /** Per file: network and application rules, and values in rules that could not be evaluated. */
  readonly counts: ReadonlyMap<string, { readonly rules: number; readonly unresolved: number }>;
  /** Ids of policies that firewalls of the input use and that the input does not hold. */
  readonly missingPolicies: readonly string[];
}

/**
 * Azure Firewall policies and classic firewalls as the model sees them: one Policy for each leaf policy, with its
 * parents' rules, and for each firewall that holds its rules itself.
 */
export function readAzureFirewall(input: FirewallInput): FirewallReading {
  return new FirewallReader(input).read();
}

/** What one policy of a chain contributes. */
interface NodeReading {
  readonly groups: readonly GroupReading[];
  readonly settings: Settings;
  readonly unknowns: readonly Unknown[];
}

class FirewallReader {
  readonly #notes: { message: string; place: Place }[] = [];
  readonly #counts = new Map<string, { rules: number; unresolved: number }>();
  readonly #nodes = new Map<PolicyNode, NodeReading>();
  readonly #gaps: readonly ResourceGap[];
  readonly #ipGroups: IpGroups;
  readonly #graph: PolicyGraph;
  readonly #firewalls: Firewalls;

  constructor({ resources, gaps, bases }: FirewallInput) {
    const { own, given } = this.#distinct(resources, bases);
    this.#gaps = gaps;
    this.#ipGroups = new IpGroups([...own, ...given]);
    this.#graph = new PolicyGraph(own, given, this.#reportTo([]));
    this.#firewalls = new Firewalls(own, this.#graph, gaps);
  }

  read(): FirewallReading {
    const leaves = new Set(this.#graph.leaves());
    const judged = this.#graph.nodes.filter(
      (node) => !node.given && (leaves.has(node) || this.#firewalls.isAttached(node)),
    );
    const policies = judged.map((node) => this.#policy(node));
    for (const firewall of this.#firewalls.classic(policies.length > 0)) {
      policies.push(this.#classic(firewall));
    }
    return {
      policies: withUniqueIds(policies),
      notes: this.#notes,
      counts: this.#counts,
      missingPolicies: this.#firewalls.missingPolicies(),
    };
  }

  /** A resource that two files hold is read once. */
  #distinct(
    resources: readonly Resource[],
    bases: readonly Resource[],
  ): { own: Resource[]; given: Resource[] } {
    const seen = new Map<string, Resource>();
    const isFirst = (resource: Resource): boolean => {
      if (resource.existing || resource.conditional !== undefined) return true;
      if (resource.id === '' || hasSymbol(resource.id)) return true;
      const first = seen.get(resource.id);
      if (first === undefined) seen.set(resource.id, resource);
      else if (first.place.path !== resource.place.path) {
        const message = `'${shown(resource.name)}' is also defined in ${first.place.path}, which is the one that is read`;
        this.#notes.push({ message, place: resource.place });
      }
      return first === undefined;
    };
    return { own: resources.filter(isFirst), given: bases.filter(isFirst) };
  }

  #reportTo(unknowns: Unknown[]): Report {
    return {
      note: (message, place) => this.#notes.push({ message, place }),
      unknown: (unknown) => {
        unknowns.push(unknown);
        if (unknown.isMistake === true) this.#notes.push({ message: unknown.reason, place: unknown.place });
      },
    };
  }

  #policy(leaf: PolicyNode): Policy {
    const chain = this.#graph.chain(leaf);
    const readings = chain.map((node) => this.#node(node));
    const levels: PolicyLevel[] = chain.map((node, index) => ({
      policy: node.name,
      groups: readings[index]?.groups ?? [],
    }));
    const unknowns: Unknown[] = [];
    const root = chain[0] && this.#graph.base(chain[0]);
    if (root?.kind === 'missing') {
      levels.unshift({
        policy: root.name,
        groups: [opaqueGroup(root.name, root.unknown, root.unknown.place, 'base-policy')],
      });
      unknowns.push(root.unknown);
    }
    const own = this.#node(leaf);
    if (leaf.resource === undefined) unknowns.push(policyNotGiven(leaf));
    if (leaf.resource?.conditional !== undefined) unknowns.push(leaf.resource.conditional);
    unknowns.push(...readings.flatMap((reading) => reading.unknowns));
    return {
      id: leaf.id === '' ? nameOf(leaf) : leaf.id,
      name: nameOf(leaf),
      kind: 'firewallPolicy',
      place: leaf.place,
      ...own.settings,
      threatIntel: strictest(readings.map(({ settings }) => settings.threatIntel)),
      attached: this.#firewalls.attachment(leaf),
      chain: levels.map(({ policy }) => policy),
      ...orderRules(levels),
      unknowns: distinctUnknowns(unknowns),
    };
  }

  #classic(firewall: Resource): Policy {
    const unknowns: Unknown[] = [];
    const report = this.#reportTo(unknowns);
    const collections = readClassicCollections(firewall, { ipGroups: this.#ipGroups, report });
    const name = segmentsOf(firewall.name).at(-1) ?? firewall.name;
    const { place } = firewall;
    const condition = this.#firewalls.policyCondition(firewall);
    const group: GroupReading = {
      name: '',
      priority: 0,
      place,
      priorityPlace: place,
      collections,
      ...(condition === undefined ? {} : { conditional: condition }),
    };
    this.#count(place.path, [group], unknowns.length);
    const groups = [group];
    for (const { unknown } of this.#hidden([place.path], [firewall], groups)) {
      unknowns.push(unknown);
      groups.push(opaqueGroup('', unknown, unknown.place));
    }
    const settings = readSettings(firewall, report);
    if (firewall.conditional !== undefined) unknowns.push(firewall.conditional);
    if (condition !== undefined) unknowns.push(condition);
    return {
      id: firewall.id === '' || hasSymbol(firewall.id) ? name : firewall.id,
      name,
      kind: 'azureFirewall',
      place,
      ...settings,
      attached: 'yes',
      chain: [name],
      ...orderRules([{ policy: name, groups }]),
      unknowns: distinctUnknowns(unknowns),
    };
  }

  #node(node: PolicyNode): NodeReading {
    let reading = this.#nodes.get(node);
    if (reading === undefined) {
      reading = this.#readNode(node);
      this.#nodes.set(node, reading);
    }
    return reading;
  }

  #readNode(node: PolicyNode): NodeReading {
    const unknowns: Unknown[] = [];
    const report = this.#reportTo(unknowns);
    const settings =
      node.resource === undefined ? unknownSettings(node.place) : readSettings(node.resource, report);
    const groups = node.groups.map((resource) =>
      this.#group(resource, node, { ipGroups: this.#ipGroups, report }),
    );
    const paths = [node.place.path, ...node.groups.map(({ place }) => place.path)];
    for (const { name, unknown } of [
      ...missingGroups(node, groups),
      ...this.#hidden(paths, node.groups, groups),
    ]) {
      unknowns.push(unknown);
      groups.push(opaqueGroup(name, unknown, unknown.place));
    }
    return { groups, settings, unknowns };
  }

  #group(resource: Resource, node: PolicyNode, reader: RuleReader): GroupReading {
    let unresolved = 0;
    const report: Report = {
      note: (message, place) => {
        reader.report.note(message, place);
      },
      unknown: (unknown) => {
        unresolved += 1;
        reader.report.unknown(unknown);
      },
    };
    const { conditional, ...group } = readGroup(resource, { ...reader, report });
    this.#count(resource.place.path, [group], unresolved);
    // A policy is judged as if it were deployed; a condition that it shares with its groups then holds.
    if (conditional === undefined || conditional.reason === node.resource?.conditional?.reason) return group;
    reader.report.unknown(conditional);
    return { ...group, conditional };
  }

  /** Rules that the same files may hold: in a loop, a further page, a linked template, a parameter. */
  #hidden(
    paths: readonly string[],
    resources: readonly Resource[],
    groups: readonly GroupReading[],
  ): { name: string; unknown: Unknown }[] {
    const files = new Set(paths);
    // A resource whose properties are unknown is there already, as one without known collections.
    const seen = new Set(
      resources.flatMap(({ body }) => {
        const properties = body.members.get('properties')?.value;
        return properties?.kind === 'unknown' ? properties.place.pointer : [];
      }),
    );
    return this.#gaps
      .filter((gap) => concerns(gap, files) && !seen.has(gap.place.pointer))
      .filter(({ type }) => mayHoldRules(type, groups))
      .map(({ unknown }) => ({ name: '', unknown }));
  }

  #count(path: string, groups: readonly GroupReading[], unresolved: number): void {
    const before = this.#counts.get(path) ?? { rules: 0, unresolved: 0 };
    const rules = groups
      .flatMap(({ collections }) => collections.flatMap((collection) => collection.rules))
      .filter(({ rule }) => rule.opaque === undefined).length;
    this.#counts.set(path, { rules: before.rules + rules, unresolved: before.unresolved + unresolved });
  }
}

function concerns({ place, files }: ResourceGap, paths: ReadonlySet<string>): boolean {
  return files === undefined ? paths.has(place.path) : [...paths].some((path) => files.has(path));
}

/** A gap of unknown kind counts only where no rule was found: most linked templates have nothing to do with rules. */
function mayHoldRules(type: string, groups: readonly GroupReading[]): boolean {
  const kind = type.toLowerCase();
  if (kind === GROUP) return true;
  const hasRules = groups.some(({ collections }) => collections.some(({ rules }) => rules.length > 0));
  return (kind === '' || kind === 'microsoft.resources/deployments') && !hasRules;
}

function nameOf(node: PolicyNode): string {
  return node.name === '' ? 'unnamed policy' : node.name;
}

function opaqueGroup(
  name: string,
  unknown: Unknown,
  place: Place,
  kind?: 'base-policy' | 'rules',
): GroupReading {
  return {
    name,
    priority: NaN,
    place,
    priorityPlace: place,
    collections: [opaqueCollection('', unknown, place, undefined, kind)],
  };
}

/** A policy as Azure returns it lists its groups by id only: https://learn.microsoft.com/rest/api/virtualnetwork/firewall-policies/get */
function missingGroups(
  node: PolicyNode,
  groups: readonly GroupReading[],
): { name: string; unknown: Unknown }[] {
  if (node.resource === undefined) return [];
  const known = new Set(groups.map(({ name }) => name.toLowerCase()));
  return listOf(field(bodyOf(node.resource.properties), 'rulecollectiongroups', 'rulegroups')).flatMap(
    (value) => {
      const id = value.kind === 'object' ? field(value, 'id') : value;
      const name = segmentsOf(textOf(id)).at(-1) ?? '';
      if (unknownOf(id) !== undefined || name === '' || known.has(name.toLowerCase())) return [];
      const unknown: Unknown = {
        reason: `rule collection group '${name}' of ${called('policy', node.name)} is not in the input`,
        supply: `add the file that holds rule collection group '${name}'`,
        place: value.place,
      };
      return [{ name, unknown }];
    },
  );
}

function policyNotGiven(node: PolicyNode): Unknown {
  const policy = called('policy', node.name);
  return {
    reason: `${policy} itself is not in the input: its tier, DNS proxy, base policy and other rule collection groups are not known`,
    supply: `add the file that defines ${policy}`,
    place: node.place,
  };
}

/** Many rules may use one missing group: it is told once for each file, at the first place. */
function distinctUnknowns(unknowns: readonly Unknown[]): Unknown[] {
  const distinct = new Map<string, Unknown>();
  for (const unknown of unknowns) {
    const key = `${unknown.place.path}\n${unknown.reason}`;
    if (!distinct.has(key)) distinct.set(key, unknown);
  }
  return [...distinct.values()];
}

function withUniqueIds(policies: readonly Policy[]): Policy[] {
  const taken = new Set<string>();
  return policies.map((policy) => {
    let id = policy.id;
    for (let count = 2; taken.has(id); count += 1) id = `${policy.id}#${count}`;
    taken.add(id);
    return { ...policy, id };
  });
}
