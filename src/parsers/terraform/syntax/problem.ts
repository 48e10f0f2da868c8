import { InputError } from '../../../errors.ts';
import { positionAt } from '../../json/value.ts';
import type { Language, Node, Tree } from './grammar.ts';

/** What is wrong with a text that is no HCL: where, what was found, what was expected. */
export function syntaxProblem(path: string, text: string, tree: Tree, language: Language): InputError {
  const broken = firstBroken(tree.rootNode);
  const place = failure(broken, text, language);
  const open = openString(tree.rootNode, place.offset);
  if (open !== undefined) {
    return new InputError(
      path,
      'not HCL: this string does not end in its line; expected a closing quotation mark "',
      positionAt(text, open),
    );
  }
  const isUnset = /=\s*$/.test(text.slice(Math.max(0, place.offset - 1000), place.offset));
  const expected = isUnset ? 'a value or expression' : place.expected;
  const message = `not HCL: found ${found(text, place.offset)}, expected ${expected}`;
  return new InputError(path, message, positionAt(text, place.offset));
}

function firstBroken(node: Node): Node {
  for (const child of node.children) {
    if (child.isError || child.isMissing) return child.isError ? (innerBroken(child) ?? child) : child;
    if (child.hasError) return firstBroken(child);
  }
  return node;
}

/** An error may hold another one that says more exactly where. */
function innerBroken(node: Node): Node | undefined {
  const inner = node.children.find((child) => child.hasError);
  return inner === undefined ? undefined : firstBroken(inner);
}

interface Failure {
  readonly offset: number;
  readonly expected: string;
}

function failure(node: Node, text: string, language: Language): Failure {
  if (node.isMissing) return { offset: skipSpace(text, node.startIndex), expected: describe([node.type]) };
  const leaves = leavesOf(node).filter((leaf) => leaf.endIndex > leaf.startIndex);
  const before = leafBefore(node);
  let last = before;
  for (const leaf of leaves) {
    const next = last === undefined ? undefined : expectedAfter(last, language);
    if (next !== undefined && !next.includes(leaf.type)) {
      return { offset: leaf.startIndex, expected: describe(next) };
    }
    last = leaf;
  }
  const next = last === undefined ? undefined : expectedAfter(last, language);
  return {
    offset: skipSpace(text, leaves.length === 0 ? node.startIndex : (last?.endIndex ?? node.startIndex)),
    expected: describe(next ?? []),
  };
}

function leavesOf(node: Node): Node[] {
  return node.childCount === 0 ? [node] : node.children.flatMap(leavesOf);
}

function leafBefore(node: Node): Node | undefined {
  let previous = node.previousSibling;
  if (previous === null && node.parent !== null) return leafBefore(node.parent);
  while (previous !== null && previous.childCount > 0) previous = previous.lastChild;
  return previous ?? undefined;
}

function expectedAfter(node: Node, language: Language): string[] | undefined {
  if (node.nextParseState === 0) return undefined;
  const iterator = language.lookaheadIterator(node.nextParseState);
  if (iterator === null) return undefined;
  const types = [...iterator];
  iterator.delete();
  return types;
}

/** Kinds of tokens as people call them; the first that apply are named. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^quoted_template_end$/, 'a closing quotation mark'],
  [/^heredoc_identifier$/, 'the end of the heredoc'],
  [/^template_interpolation_end$/, '} to end the interpolation'],
  [/^(?:block_end|object_end)$/, '}'],
  [/^block_start$/, '{'],
  [/^tuple_end$/, ']'],
  [/^_?function_call_end$/, ')'],
  [/^=$/, '='],
  [/^\}$/, '}'],
  [/^\]$/, ']'],
  [/^\)$/, ')'],
  [/^\{$/, '{'],
  [/^,$/, 'a comma'],
  [/^:$/, ':'],
  [/^numeric_lit/, 'a value or expression'],
  [/^identifier$/, 'a name'],
];

function describe(types: readonly string[]): string {
  const isValue = types.some((type) => type.startsWith('numeric_lit'));
  const names = NAMES.filter(([type]) => types.some((one) => type.test(one))).map(([, name]) => name);
  const distinct = isValue
    ? ['a value or expression']
    : [...new Set(names)].filter((name) => types.length < 8 || name !== 'a name').slice(0, 4);
  if (distinct.length === 0) return 'an argument (name = value) or a block (type "label" { … })';
  return distinct.length === 1
    ? (distinct[0] ?? '')
    : `${distinct.slice(0, -1).join(', ')} or ${distinct.at(-1) ?? ''}`;
}

function skipSpace(text: string, offset: number): number {
  const space = /^\s*/.exec(text.slice(offset, offset + 10_000))?.[0].length ?? 0;
  return offset + space < text.length ? offset + space : offset;
}

function found(text: string, offset: number): string {
  const rest = text.slice(offset, offset + 200);
  if (rest.trim() === '') return 'the end of the file';
  const token = /^(?:[\p{L}\p{N}_-]+|\S)/u.exec(rest)?.[0] ?? rest.slice(0, 1);
  return `'${token}'`;
}

/** The start of a quoted string with a line break in it that begins before the offset. */
function openString(root: Node, offset: number): number | undefined {
  const broken = root
    .descendantsOfType(['quoted_template_start'])
    .filter((start) => start.startIndex <= offset)
    .find((start) => {
      const { parent } = start;
      if (parent === null || parent.type === 'ERROR' || parent.type === 'block') {
        const line = root.text.slice(start.endIndex).split('\n', 1)[0] ?? '';
        return !line.includes('"');
      }
      const literal = parent.children.find(({ type }) => type === 'template_literal');
      return literal?.text.includes('\n') === true;
    });
  return broken?.startIndex;
}
