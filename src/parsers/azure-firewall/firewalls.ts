import type { Policy } from '../../model/policy.ts';
import { hasSymbol, type Unknown } from '../../model/symbol.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import type { Value } from '../value.ts';
import { field, listOf, textOf, unknownOf } from './fields.ts';
import type { PolicyGraph, PolicyNode } from './policy-graph.ts';
import { FIREWALL, parseResourceId } from './resource-ids.ts';

/** The firewalls of the input: which policy each enforces, and which hold their rules themselves. */
export class Firewalls {
  readonly #firewalls: readonly Resource[];
  readonly #attached = new Set<PolicyNode>();
  readonly #graph: PolicyGraph;
  /** A firewall, or the policy of one, could not be evaluated. */
  #isUncertain: boolean;

  constructor(resources: readonly Resource[], graph: PolicyGraph, gaps: readonly ResourceGap[]) {
    this.#graph = graph;
    this.#firewalls = resources.filter(
      (resource) => !resource.existing && resource.type.toLowerCase() === FIREWALL,
    );
    this.#isUncertain = gaps.some(({ type }) => type.toLowerCase() === FIREWALL);
    for (const firewall of this.#firewalls) {
      const reference = policyReference(firewall);
      if (reference === undefined) continue;
      const node = graph.find(textOf(reference), firewall.place.path);
      if (node !== undefined) this.#attached.add(node);
      else if (!isDefinite(textOf(reference))) this.#isUncertain = true;
    }
    for (const node of graph.nodes) {
      if (node.resource !== undefined && listOf(field(node.resource.properties, 'firewalls')).length > 0) {
        this.#attached.add(node);
      }
    }
  }

  isAttached(node: PolicyNode): boolean {
    return this.#attached.has(node);
  }

  /** A firewall of the input that enforces a parent or child of the policy leaves the question open. */
  attachment(node: PolicyNode): Policy['attached'] {
    if (this.#attached.has(node)) return 'yes';
    const beside = this.#firewalls.some(({ unit }) => unit === node.resource?.unit);
    const isElsewhere = node.resource === undefined && hasSymbol(node.name);
    if (!beside || isElsewhere || this.#isUncertain) return 'unknown';
    const ancestors = new Set(this.#graph.chain(node));
    const isRelative = [...this.#attached].some(
      (other) => ancestors.has(other) || this.#graph.chain(other).includes(node),
    );
    return isRelative ? 'unknown' : 'no';
  }

  /**
   * Firewalls whose own collections are in force: a firewall with a policy takes its rules from there. One without any
   * collection denies everything, which is worth judging only where nothing else is.
   */
  classic(hasPolicies: boolean): Resource[] {
    const candidates = this.#firewalls.filter(
      (firewall) => policyReference(firewall) === undefined || isOpen(firewall),
    );
    const withRules = candidates.filter(hasCollections);
    return withRules.length > 0 || hasPolicies
      ? withRules
      : candidates.filter((firewall) => policyReference(firewall) === undefined);
  }

  /** Why it is not known whether the firewall's own collections are in force. */
  policyCondition(firewall: Resource): Unknown | undefined {
    const reference = policyReference(firewall);
    return reference !== undefined && isOpen(firewall) ? unknownOf(reference) : undefined;
  }

  /** Ids of policies that firewalls of the input use and that the input does not hold. */
  missingPolicies(): readonly string[] {
    return this.#firewalls.flatMap((firewall) => {
      const text = textOf(policyReference(firewall));
      return text === '' || this.#graph.find(text, firewall.place.path) !== undefined ? [] : text;
    });
  }
}

/** True for an id whose names are known; subscription and resource group of a template never are. */
function isDefinite(reference: string): boolean {
  return parseResourceId(reference)?.names.some(hasSymbol) === false;
}

/** True where the reference may turn out empty: it is unknown as a whole, not an id with an unknown part. */
function isOpen(firewall: Resource): boolean {
  const reference = policyReference(firewall);
  return unknownOf(reference) !== undefined && parseResourceId(textOf(reference)) === undefined;
}

function hasCollections({ body, properties }: Resource): boolean {
  return (
    body.members.get('properties')?.value.kind === 'unknown' ||
    listOf(field(properties, 'networkrulecollections')).length > 0 ||
    listOf(field(properties, 'applicationrulecollections')).length > 0
  );
}

function policyReference({ properties }: Resource): Value | undefined {
  const policy = field(properties, 'firewallpolicy');
  const id = policy?.kind === 'object' ? field(policy, 'id') : policy;
  return textOf(id) === '' ? undefined : id;
}
