import { InputError } from '../../errors.ts';
import { REMARK } from '../../model/remark.ts';
import { PanNode, type PanTree } from './tree.ts';

/**
 * Reads set commands, one a line: `set <path> <value>`, `delete <path>` and `move <path> top|bottom|before X|after X`.
 * Values in brackets are several. Throws an InputError for a quotation mark or bracket that is not closed.
 * https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-cli-quick-start/use-the-cli/change-cli-modes
 */
export function readSetCommands(path: string, text: string): PanTree {
  const root = new PanNode('', undefined, 0, text.length);
  const comments: { text: string; start: number; about: PanNode | undefined }[] = [];
  let pending: (typeof comments)[number][] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 0;
  while (at < text.length) {
    line += 1;
    const start = at;
    const words: Word[] = [];
    at = wordsOf(path, text, at, line, words);
    line += countBreaks(text, start, at) - 1;
    const [command, ...rest] = words;
    if (command === undefined) continue;
    if (command.text.startsWith('#')) {
      const written = text.slice(command.start, at).replace(/^#+/, '').trim();
      if (written.includes(REMARK)) {
        const comment = { text: written, start: command.start, about: undefined };
        comments.push(comment);
        pending.push(comment);
      }
    } else if (command.text === 'set') {
      const node = set(root, rest, command.start);
      for (const comment of pending) comment.about = node;
      pending = [];
    } else if (command.text === 'delete') {
      const node = find(root, rest);
      node?.parent?.children.delete(node.key);
    } else if (command.text === 'move') {
      move(root, rest);
    }
  }
  return { root, comments: comments, version: undefined };
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly bracket?: '[' | ']';
}

/** Words of one line, which a quoted word may carry on to the next; returns the offset behind the line. */
function wordsOf(path: string, text: string, from: number, line: number, words: Word[]): number {
  let at = from;
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at += 1;
    const first = text[at];
    if (first === undefined || first === '\n') return at + 1;
    if (words.length === 0 && first === '#') {
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end;
      words.push({ text: '#', start: at, end: stop });
      return stop + 1;
    }
    const start = at;
    if (first === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) {
        const column = start - text.lastIndexOf('\n', start);
        throw new InputError(path, 'a quotation mark is not closed; expected another one behind the value', {
          line,
          column,
        });
      }
      words.push({ text: text.slice(at + 1, end).replaceAll('\\"', '"'), start, end: end + 1 });
      at = end + 1;
    } else {
      while (at < text.length && !/\s/.test(text.charAt(at))) at += 1;
      const word = text.slice(start, at);
      words.push(
        word === '[' || word === ']'
          ? { text: word, start, end: at, bracket: word }
          : { text: word, start, end: at },
      );
    }
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    if (text[at - 1] !== '\\') return at;
  }
  return -1;
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return Math.max(1, count);
}

/** The last words are values where they stand in brackets, else a further step on the path. */
function set(root: PanNode, words: readonly Word[], start: number): PanNode {
  let node = root;
  let values: Word[] | undefined;
  for (const word of words) {
    if (word.bracket === '[') values = [];
    else if (word.bracket === ']') {
      for (const value of values ?? []) node.add(value.text, value.start, value.end);
      values = undefined;
    } else if (values !== undefined) values.push(word);
    else node = node.add(word.text, isLast(words, word) ? word.start : start, word.end);
  }
  for (const value of values ?? []) node.add(value.text, value.start, value.end);
  return node;
}

function isLast(words: readonly Word[], word: Word): boolean {
  return words.at(-1) === word;
}

function find(root: PanNode, words: readonly Word[]): PanNode | undefined {
  let node: PanNode | undefined = root;
  for (const { text } of words) node = node?.child(text);
  return node === root ? undefined : node;
}

/** Rules of a list in another order. */
function move(root: PanNode, words: readonly Word[]): void {
  const texts = words.map(({ text }) => text);
  const at = texts.findIndex(
    (text, index) => index > 0 && ['top', 'bottom', 'before', 'after'].includes(text),
  );
  const node = find(root, words.slice(0, at));
  const list = node?.parent?.children;
  if (at < 0 || node === undefined || list === undefined) return;
  const others = [...list.values()].filter((one) => one !== node);
  const where = texts[at];
  const target = others.findIndex(({ key }) => key === texts[at + 1]);
  const to =
    where === 'top'
      ? 0
      : where === 'bottom' || target < 0
        ? others.length
        : where === 'before'
          ? target
          : target + 1;
  others.splice(to, 0, node);
  list.clear();
  for (const one of others) list.set(one.key, one);
}
