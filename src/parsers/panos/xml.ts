import { SaxesParser } from 'saxes';
import { InputError } from '../../errors.ts';
import { REMARK } from '../../model/remark.ts';
import { positionAt } from '../json/value.ts';
import { PanNode, type PanTree } from './tree.ts';

/** Deeper than any configuration, which has about twenty levels. */
const DEEPEST = 200;

/**
 * Reads a configuration in XML. Throws an InputError for broken XML, with its position, and for a document type or entity
 * declaration: no device writes one, and they make a reader fetch files or fill its memory.
 */
export function readXml(path: string, text: string): PanTree {
  const declaration = /<!(?:DOCTYPE|ENTITY)\b/i.exec(text);
  if (declaration !== null) {
    throw new InputError(
      path,
      `it has a ${declaration[0].slice(2)} declaration, which is not read; expected the XML of a PAN-OS configuration, which has none`,
      positionAt(text, declaration.index),
    );
  }
  const offset = text.startsWith('\uFEFF') ? 1 : 0;
  const root = new PanNode('', undefined, offset, text.length);
  const open: { readonly node: PanNode; words: string; wordsAt: number }[] = [
    { node: root, words: '', wordsAt: 0 },
  ];
  const comments: { text: string; start: number; about: PanNode | undefined }[] = [];
  let pending: { text: string; start: number; about: PanNode | undefined }[] = [];
  let version: string | undefined;

  const parser = new SaxesParser<{ position: true; xmlns: false }>({ position: true, xmlns: false });
  const here = (): number => parser.position + offset;
  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    throw new InputError(path, `the XML is broken: ${message}`, positionAt(text, Math.max(0, here() - 1)));
  });
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    const start = text.lastIndexOf('<', here() - 1);
    const around = open.at(-1)?.node ?? root;
    if (open.length > DEEPEST) {
      throw new InputError(
        path,
        `elements are nested more than ${DEEPEST} deep; expected the XML of a PAN-OS configuration`,
        positionAt(text, start),
      );
    }
    if (around === root && name === 'config') version ??= attributes['version'];
    const isMember = name === 'member';
    // The outermost elements are wrappers of what the set commands begin with.
    const isWrapper = around === root && ['config', 'response', 'result'].includes(name);
    const key = name === 'entry' ? (attributes['name'] ?? '') : name;
    const node = isMember || isWrapper ? around : around.add(key, start, here());
    if (!isMember && !isWrapper) {
      for (const comment of pending) comment.about = node;
      pending = [];
    }
    open.push({ node, words: '', wordsAt: here() });
    if (isSelfClosing) node.end = Math.max(node.end, here());
  });
  parser.on('text', (words) => {
    const top = open.at(-1);
    if (top !== undefined) top.words += words;
  });
  parser.on('cdata', (words) => {
    const top = open.at(-1);
    if (top !== undefined) top.words += words;
  });
  parser.on('comment', (words) => {
    if (!words.includes(REMARK)) return;
    // XML allows no two dashes in a comment, so that one is enough before the reason.
    const comment = {
      text: words.trim().replace(/\s[-–—]\s/, ' -- '),
      start: text.lastIndexOf('<!--', here() - 1),
      about: undefined,
    };
    comments.push(comment);
    pending.push(comment);
  });
  parser.on('closetag', ({ name }) => {
    const top = open.pop();
    if (top === undefined) return;
    const end = here();
    const words = top.words.trim();
    if (words !== '') {
      const closing = text.lastIndexOf('</', end);
      top.node.add(words, top.wordsAt, closing > top.wordsAt ? closing : end);
    }
    if (name !== 'member') {
      top.node.end = Math.max(top.node.end, end);
      // A comment at the end of an element is about nothing behind it.
      pending = [];
    }
  });
  parser.write(offset === 0 ? text : text.slice(1)).close();
  return { root, comments: comments, version };
}
