import type { Place } from '../../model/place.ts';
import type { Unknown } from '../../model/symbol.ts';

/**
 * A configuration of PAN-OS as its set commands write it: a tree of words. XML comes to the same: an element is a word, an
 * `entry` is its name, a `member` or a text is a leaf. https://docs.paloaltonetworks.com/pan-os/cli
 */
export class PanNode {
  readonly key: string;
  readonly parent: PanNode | undefined;
  /** Offsets in the text of the part that says it. */
  start: number;
  end: number;
  readonly children = new Map<string, PanNode>();
  /** Where it is written, of what is read from resources of Azure. */
  place?: Place;
  /** Why its text is not known. */
  unknown?: Unknown;

  constructor(key: string, parent: PanNode | undefined, start: number, end: number) {
    this.key = key;
    this.parent = parent;
    this.start = start;
    this.end = end;
  }

  child(key: string): PanNode | undefined {
    return this.children.get(key);
  }

  at(...keys: readonly string[]): PanNode | undefined {
    let node: PanNode | undefined = this.children.get(keys[0] ?? '');
    for (const key of keys.slice(1)) node = node?.children.get(key);
    return node;
  }

  /** Named parts in their order. */
  list(...keys: readonly string[]): PanNode[] {
    const node = keys.length === 0 ? this : this.at(...keys);
    return node === undefined ? [] : [...node.children.values()];
  }

  /** The only word below, such as the `allow` of `action allow`; the empty string where there is none. */
  value(...keys: readonly string[]): string {
    return this.list(...keys)[0]?.key ?? '';
  }

  add(key: string, start: number, end: number): PanNode {
    const known = this.children.get(key);
    if (known !== undefined) {
      known.end = Math.max(known.end, end);
      return known;
    }
    const node = new PanNode(key, this, start, end);
    this.children.set(key, node);
    return node;
  }
}

/** Makes places in one file. */
export class Places {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  of(node: PanNode): Place {
    if (node.place !== undefined) return node.place;
    const keys: string[] = [];
    for (let at: PanNode | undefined = node; at.parent !== undefined; at = at.parent) keys.unshift(at.key);
    const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { path: this.path, pointer, span: { start: node.start, end: node.end } };
  }
}

/** A comment, with the node that begins behind it. */
export interface PanComment {
  readonly text: string;
  readonly start: number;
  readonly about: PanNode | undefined;
}

export interface PanTree {
  readonly root: PanNode;
  readonly comments: readonly PanComment[];
  /** As `version` of the configuration says; undefined where nothing does. */
  readonly version: string | undefined;
}
