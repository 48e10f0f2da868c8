import type { Value } from '../value.ts';

/** Questions about resource types as they are written; types compare without case. */

export function isDeployment(type: string): boolean {
  return type.toLowerCase() === 'microsoft.resources/deployments';
}

export function isFirewall(type: string): boolean {
  return (
    /^microsoft\.network\/(?:firewallpolicies|azurefirewalls|ipgroups)(?:\/|$)/i.test(type) ||
    isRulestack(type)
  );
}

/** Of Palo Alto Networks' firewall as a service: rules, and the lists that they name. */
export function isRulestack(type: string): boolean {
  return /^paloaltonetworks\.cloudngfw\/(?:local|global)rulestacks(?:\/|$)/i.test(type);
}

/**
 * The types of the resources that a nested deployment makes, each once, read without evaluation; that of the deployment
 * itself where its template is not in sight.
 */
export function typesInside(deployment: Value): readonly string[] {
  const types = new Map<string, string>();
  collectTypes(deployment, types, 0);
  return [...types.values()];
}

function collectTypes(resource: Value, types: Map<string, string>, depth: number): void {
  if (resource.kind !== 'object' || depth > 50) return;
  const written = memberOf(resource, 'type');
  const type = written?.kind === 'string' ? written.value : '';
  const template = memberOf(memberOf(resource, 'properties'), 'template');
  const inner = isDeployment(type) && template?.kind === 'object' ? template : undefined;
  if (inner === undefined) types.set(type.toLowerCase(), type);
  const list = memberOf(inner ?? resource, 'resources');
  const children =
    list?.kind === 'array'
      ? list.items
      : list?.kind === 'object'
        ? [...list.members.values()].map(({ value }) => value)
        : [];
  for (const child of children) collectTypes(child, types, depth + 1);
}

function memberOf(value: Value | undefined, name: string): Value | undefined {
  return value?.kind === 'object' ? value.members.get(name)?.value : undefined;
}
