import type { Place } from '../../model/place.ts';
import { REMARK, type Remark } from '../../model/remark.ts';
import { walkPointers } from './pointers.ts';
import { positionAt } from './value.ts';

/** The part of the file that a comment behind it, on the same line, is about. */
interface Token {
  readonly pointer: string;
  readonly end: number;
  /** It begins an object, so that a comment on a line of its own is about the object too. */
  readonly opens: 'object' | 'array' | undefined;
}

/**
 * Remarks in a JSON file that was read before. JSON has no comments of its own, so besides the comments that Azure's
 * tools accept, the texts count that people write as such: `description`, all of `metadata` and `comments`
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#comments-and-metadata), and `//` of Terraform
 * (https://developer.hashicorp.com/terraform/language/syntax/json#comment-properties).
 *
 * A comment behind something on the same line is about that; a comment on a line of its own is about what follows, and
 * about the whole object where it stands first in it.
 */
export function jsonRemarks(path: string, file: string): Remark[] {
  if (!file.includes(REMARK)) return [];
  const text = file.startsWith('\uFEFF') ? ` ${file.slice(1)}` : file;
  const remarks: Remark[] = [];
  let pending: { offset: number; text: string }[] = [];
  let last: Token | undefined;
  const add = (offset: number, comment: string, pointer: string | undefined): void => {
    remarks.push({
      text: comment,
      place: { path, pointer: pointer ?? '' },
      position: positionAt(text, offset),
      about: pointer === undefined ? undefined : { path, pointer },
    });
  };
  const settle = (pointer: string | undefined): void => {
    for (const comment of pending) add(comment.offset, comment.text, pointer);
    pending = [];
  };
  walkPointers(text, {
    open(pointer, offset, kind) {
      settle(pointer);
      last = { pointer, end: offset + 1, opens: kind };
    },
    key(pointer, _name, offset) {
      settle(pointer);
      last = { pointer, end: offset, opens: undefined };
    },
    value(pointer, offset, end, scalar) {
      // A scalar begins here, a container ends: nothing follows in it that a comment could be about.
      settle(scalar === undefined ? undefined : pointer);
      last = { pointer, end, opens: undefined };
      if (typeof scalar !== 'string' || !scalar.includes(REMARK)) return;
      remarks.push({
        text: scalar,
        place: { path, pointer },
        position: positionAt(text, offset),
        about: describedBy({ path, pointer }),
      });
    },
    comment(offset, end) {
      const comment = textOfComment(text.slice(offset, end));
      if (!comment.includes(REMARK)) return;
      const sameLine = last !== undefined && !/[\r\n]/.test(text.slice(last.end, offset));
      if (last !== undefined && (sameLine || last.opens === 'object')) add(offset, comment, last.pointer);
      else pending.push({ offset, text: comment });
    },
  });
  settle(undefined);
  return remarks;
}

function textOfComment(comment: string): string {
  return comment.startsWith('//') ? comment.slice(2) : comment.slice(2, -2);
}

/** What a text describes: the object whose `description`, `metadata`, `comments` or `//` it is in, but never the whole file. */
function describedBy({ path, pointer }: Place): Place | undefined {
  const object = /^(.*?)(?:\/properties)?\/(?:metadata(?:\/.*)?|comments|description|~1~1)$/i.exec(
    pointer,
  )?.[1];
  return object === undefined || object === '' ? undefined : { path, pointer: object };
}
