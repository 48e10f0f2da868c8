import type { Language, Node, Parser, Tree, TreeCursor } from 'web-tree-sitter';

/** The part of web-tree-sitter that is used, loaded only where there is HCL to read: src/commands/terraform-grammar.ts. */
export interface Grammar {
  readonly parser: Parser;
  readonly language: Language;
}

export type { Language, Node, Tree, TreeCursor };
