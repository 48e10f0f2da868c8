import { hasSymbol } from '../../model/symbol.ts';
import type { Resource } from '../resource.ts';

/** What a resource id says, compared without case. Segments may hold symbols. */
export interface ResourceId {
  /** Lower case: microsoft.network/firewallpolicies/rulecollectiongroups. */
  readonly type: string;
  readonly names: readonly string[];
  /** Everything before `providers`, lower case: subscription and resource group. */
  readonly scope: readonly string[];
}

export const POLICY = 'microsoft.network/firewallpolicies';
export const GROUP = 'microsoft.network/firewallpolicies/rulecollectiongroups';
export const FIREWALL = 'microsoft.network/azurefirewalls';
export const IP_GROUP = 'microsoft.network/ipgroups';

/** Splits at `/` outside symbols, whose text may hold any character. */
export function segmentsOf(text: string): string[] {
  if (!hasSymbol(text)) return text.split('/');
  const segments: string[] = [''];
  for (const part of text.match(/⟦[^⟧]*⟧|[^⟦]+/g) ?? []) {
    const pieces = part.startsWith('⟦') ? [part] : part.split('/');
    segments.push((segments.pop() ?? '') + (pieces[0] ?? ''), ...pieces.slice(1));
  }
  return segments;
}

/** Reads `/subscriptions/…/providers/<namespace>/<type>/<name>[/<type>/<name>…]`; undefined for anything else. */
export function parseResourceId(id: string): ResourceId | undefined {
  const segments = segmentsOf(id.toLowerCase()).filter((segment) => segment !== '');
  const at = segments.lastIndexOf('providers');
  const tail = segments.slice(at + 1);
  if (at < 0 || tail.length < 3 || tail.length % 2 === 0) return undefined;
  const types = tail.filter((_, index) => index === 0 || index % 2 === 1);
  const names = tail.filter((_, index) => index > 0 && index % 2 === 0);
  return { type: types.join('/'), names, scope: segments.slice(0, at) };
}

export function idOf(resource: Resource): ResourceId {
  const scope = parseResourceId(resource.id)?.scope ?? [];
  return { type: resource.type.toLowerCase(), names: segmentsOf(resource.name.toLowerCase()), scope };
}

/** Can the two scopes be one? A scope that is not written fits every other, a symbol fits every segment. */
function scopesFit(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  if (a.length !== b.length) return a.some(hasSymbol) || b.some(hasSymbol);
  return a.every((segment, index) => {
    const other = b[index] ?? '';
    return segment === other || hasSymbol(segment) || hasSymbol(other);
  });
}

/** Resources by type and name, to follow references between files that need not agree on subscription and group. */
export class ResourceIndex<T> {
  readonly #byName = new Map<
    string,
    { readonly id: ResourceId; readonly path: string; readonly item: T }[]
  >();

  add(id: ResourceId, path: string, item: T): void {
    const key = keyOf(id);
    const entries = this.#byName.get(key);
    if (entries === undefined) this.#byName.set(key, [{ id, path, item }]);
    else entries.push({ id, path, item });
  }

  /**
   * The resource that `id` means when it is written in the file `path`: same type and names, a scope that fits, and of
   * several the one nearest in the directory tree. A symbol means something in its own file only; those of Terraform and
   * Bicep, where many files are deployed together, are unique among all of them.
   */
  find(id: ResourceId, path: string): T | undefined {
    const fitting = (this.#byName.get(keyOf(id)) ?? []).filter(
      (entry) =>
        scopesFit(entry.id.scope, id.scope) &&
        (entry.path === path || !id.names.some(hasSymbol) || (isSource(entry.path) && isSource(path))),
    );
    // Root modules may deploy the same names to several subscriptions, each of which is a symbol of its own.
    const isTold = isSource(path) || !id.scope.some(hasSymbol);
    const exact = fitting.filter((entry) => isTold && entry.id.scope.join('/') === id.scope.join('/'));
    let best: { readonly item: T; readonly shared: number } | undefined;
    for (const entry of exact.length > 0 ? exact : fitting) {
      const shared = entry.path === path ? Infinity : sharedFolders(entry.path, path);
      if (best === undefined || shared > best.shared) best = { item: entry.item, shared };
    }
    return best?.item;
  }
}

function isSource(path: string): boolean {
  return /\.(?:tf(?:vars)?(?:\.json)?|bicep(?:param)?)$/i.test(path);
}

function keyOf({ type, names }: ResourceId): string {
  return `${type} ${names.join('/')}`;
}

function sharedFolders(a: string, b: string): number {
  const x = a.split(/[\\/]/).slice(0, -1);
  const y = b.split(/[\\/]/).slice(0, -1);
  const differs = x.findIndex((folder, index) => folder !== y[index]);
  return differs < 0 ? x.length : differs;
}
