import type { PanNode } from './tree.ts';

/** Where a name is looked for: the rule's own virtual system or device group, then its ancestors, then `shared`. */
export class Scope {
  readonly #nodes: readonly PanNode[];

  constructor(nodes: readonly PanNode[]) {
    this.#nodes = nodes;
  }

  /** The object of a kind, such as `address`, by its name. */
  find(kind: string, name: string): PanNode | undefined {
    for (const node of this.#nodes) {
      const found = node.at(kind, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Of a security profile, such as `url-filtering`. */
  profile(kind: string, name: string): PanNode | undefined {
    for (const node of this.#nodes) {
      const found = node.at('profiles', kind, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  customCategory(name: string): PanNode | undefined {
    return this.profile('custom-url-category', name) ?? this.find('custom-url-category', name);
  }
}
