import type { TreeCursor } from './grammar.ts';

/** A cursor that asks the grammar once for what it stands on: each question crosses into WebAssembly and back. */
export class Cursor {
  readonly #cursor: TreeCursor;
  #nodeType: string | undefined;
  #startIndex: number | undefined;
  #endIndex: number | undefined;

  constructor(cursor: TreeCursor) {
    this.#cursor = cursor;
  }

  get nodeType(): string {
    this.#nodeType ??= this.#cursor.nodeType;
    return this.#nodeType;
  }

  get startIndex(): number {
    this.#startIndex ??= this.#cursor.startIndex;
    return this.#startIndex;
  }

  get endIndex(): number {
    this.#endIndex ??= this.#cursor.endIndex;
    return this.#endIndex;
  }

  gotoFirstChild(): boolean {
    return this.#moved(this.#cursor.gotoFirstChild());
  }

  gotoNextSibling(): boolean {
    return this.#moved(this.#cursor.gotoNextSibling());
  }

  gotoParent(): boolean {
    return this.#moved(this.#cursor.gotoParent());
  }

  #moved(hasMoved: boolean): boolean {
    if (hasMoved) {
      this.#nodeType = undefined;
      this.#startIndex = undefined;
      this.#endIndex = undefined;
    }
    return hasMoved;
  }
}
