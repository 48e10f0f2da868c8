import { hasSymbol, isSymbol, type Unknown } from '../../model/symbol.ts';
import type { Place } from '../../model/place.ts';
import type { Resource } from '../resource.ts';
import type { Value } from '../value.ts';
import { called, field, shown, textOf, unknownOf, type Report } from './fields.ts';
import {
  GROUP,
  idOf,
  parseResourceId,
  POLICY,
  ResourceIndex,
  segmentsOf,
  type ResourceId,
} from './resource-ids.ts';

/** A firewall policy of the input, or one that only its rule collection groups tell of. */
export interface PolicyNode {
  readonly resource: Resource | undefined;
  readonly name: string;
  /** Resource id where it is known, else ''. */
  readonly id: string;
  readonly place: Place;
  readonly groups: Resource[];
  /** Given with --base-policy: never judged itself. */
  readonly given: boolean;
}

/** The base of a policy: a policy of the input, one that is missing, or none. */
export type Base =
  | { readonly kind: 'none' }
  | { readonly kind: 'policy'; readonly node: PolicyNode }
  | { readonly kind: 'missing'; readonly name: string; readonly unknown: Unknown };

/** Policies with their rule collection groups and bases, joined over all files of a run. */
export class PolicyGraph {
  readonly nodes: PolicyNode[] = [];
  readonly #index = new ResourceIndex<PolicyNode>();
  readonly #bases = new Map<PolicyNode, Base>();

  constructor(resources: readonly Resource[], given: readonly Resource[], report: Report) {
    for (const [list, isGiven] of [
      [resources, false],
      [given, true],
    ] as const) {
      for (const resource of list) if (isType(resource, POLICY)) this.#addPolicy(resource, isGiven);
    }
    for (const resource of resources) if (isType(resource, GROUP)) this.#join(resource, false);
    for (const resource of given) if (isType(resource, GROUP)) this.#join(resource, true);
    this.#link(report);
  }

  base(node: PolicyNode): Base {
    return this.#bases.get(node) ?? { kind: 'none' };
  }

  /** The policy that an id means, written in the file `path`. */
  find(id: string, path: string): PolicyNode | undefined {
    const parsed = parseResourceId(id);
    return parsed?.type === POLICY ? this.#index.find(parsed, path) : undefined;
  }

  /** Policies from root to the given one, without a base that is missing. */
  chain(node: PolicyNode): PolicyNode[] {
    const chain = [node];
    for (let base = this.base(node); base.kind === 'policy'; base = this.base(base.node)) {
      chain.unshift(base.node);
    }
    return chain;
  }

  /** The policies that no other policy builds on. */
  leaves(): PolicyNode[] {
    const inherited = new Set(
      [...this.#bases.values()].flatMap((base) => (base.kind === 'policy' ? base.node : [])),
    );
    return this.nodes.filter((node) => !inherited.has(node));
  }

  #addPolicy(resource: Resource, given: boolean): void {
    const id = idOf(resource);
    const node: PolicyNode = {
      resource,
      name: segmentsOf(resource.name).at(-1) ?? resource.name,
      id: hasSymbol(resource.id) ? '' : resource.id,
      place: resource.place,
      groups: [],
      given,
    };
    this.#add(node, id, resource.place.path);
  }

  #add(node: PolicyNode, id: ResourceId, path: string): void {
    this.nodes.push(node);
    this.#index.add(id, path, node);
  }

  /** A group belongs to the policy that its name or id says, else to one that it depends on. */
  #join(group: Resource, given: boolean): void {
    const { path } = group.place;
    const parent = parentOf(group);
    const node =
      (parent && this.#index.find(parent, path)) ??
      (parent?.names.some((name) => !isSymbol(name)) === true ? undefined : this.#dependency(group));
    if (node !== undefined) {
      node.groups.push(group);
      return;
    }
    const name = parent === undefined ? '' : (segmentsOf(group.name).at(-2) ?? parent.names.at(-1) ?? '');
    const marker = group.id.toLowerCase().indexOf('/rulecollectiongroups/');
    const alone: PolicyNode = {
      resource: undefined,
      name,
      id: marker < 0 || hasSymbol(group.id) ? '' : group.id.slice(0, marker),
      place: group.place,
      groups: [group],
      given,
    };
    this.#add(alone, parent ?? { type: POLICY, names: [name], scope: [] }, path);
  }

  #dependency(group: Resource): PolicyNode | undefined {
    const { path } = group.place;
    const named = group.dependsOn.flatMap((text) => {
      const id = parseResourceId(text) ?? {
        type: POLICY,
        names: [segmentsOf(text).at(-1) ?? text],
        scope: [],
      };
      const node = id.type === POLICY ? this.#index.find(id, path) : undefined;
      return node ?? [];
    });
    if (named[0] !== undefined) return named[0];
    const inFile = this.nodes.filter((node) => node.resource !== undefined && node.place.path === path);
    return inFile.length === 1 ? inFile[0] : undefined;
  }

  #link(report: Report): void {
    for (const node of this.nodes) this.#bases.set(node, this.#findBase(node, report));
    for (const node of this.nodes) {
      const seen = new Set<PolicyNode>();
      for (let at = node; !seen.has(at);) {
        seen.add(at);
        const base = this.base(at);
        if (base.kind !== 'policy') break;
        if (seen.has(base.node)) {
          report.note(
            `${called('policy', at.name)} is its own ancestor: its basePolicy is left out`,
            at.place,
          );
          this.#bases.set(at, { kind: 'none' });
        }
        at = base.node;
      }
    }
  }

  #findBase(node: PolicyNode, report: Report): Base {
    const sole = node.given ? undefined : this.#soleGiven();
    if (node.resource === undefined)
      return sole === undefined ? { kind: 'none' } : { kind: 'policy', node: sole };
    const reference = baseReference(node.resource);
    if (reference === undefined) return { kind: 'none' };
    const text = textOf(reference);
    const found = this.find(text, node.resource.place.path);
    if (found !== undefined && found !== node) return { kind: 'policy', node: found };
    const name = parseResourceId(text) === undefined ? '' : (segmentsOf(text).at(-1) ?? '');
    if (sole !== undefined && (name === '' || hasSymbol(name))) return { kind: 'policy', node: sole };
    if (sole !== undefined) {
      report.note(
        `${called('policy', node.name)} builds on '${shown(name)}', but --base-policy gives '${shown(sole.name)}', which is not used`,
        reference.place,
      );
    }
    const what = called('base policy', isSymbol(name) ? '' : name);
    const why = name === '' || hasSymbol(name) ? unknownOf(reference)?.reason : undefined;
    const unknown: Unknown = {
      reason: `${what} of ${called('policy', node.name)} is not in the input${why === undefined ? '' : ` (${why})`}`,
      supply: `give the file of ${what}, and of its rule collection groups, with --base-policy`,
      place: reference.place,
    };
    report.unknown(unknown);
    return { kind: 'missing', name: name === '' ? 'base policy' : name, unknown };
  }

  /** The one policy that was given with --base-policy and that no other given one builds on. */
  #soleGiven(): PolicyNode | undefined {
    const given = this.nodes.filter((node) => node.given);
    const inherited = given.map((node) => {
      const reference = node.resource && baseReference(node.resource);
      return reference && this.find(textOf(reference), node.place.path);
    });
    const leaves = given.filter((node) => !inherited.includes(node));
    return leaves.length === 1 ? leaves[0] : undefined;
  }
}

function isType(resource: Resource, type: string): boolean {
  return !resource.existing && resource.type.toLowerCase() === type;
}

/** The policy of a group as its name (`policy/group`) or its id says. */
function parentOf(group: Resource): ResourceId | undefined {
  const id = parseResourceId(group.id);
  const names = segmentsOf(group.name.toLowerCase());
  if (names.length > 1) return { type: POLICY, names: names.slice(0, -1), scope: id?.scope ?? [] };
  if (id?.type === GROUP) return { type: POLICY, names: id.names.slice(0, -1), scope: id.scope };
  return undefined;
}

/** The id in `basePolicy`, or what stands for it where it could not be evaluated. */
function baseReference(resource: Resource): Value | undefined {
  const whole = resource.body.members.get('properties')?.value;
  if (whole?.kind === 'unknown') return whole;
  const value = field(resource.properties, 'basepolicy');
  const id = value?.kind === 'object' ? field(value, 'id') : value;
  return textOf(id) === '' ? undefined : id;
}
