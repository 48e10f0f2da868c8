import type { Place } from '../../../model/place.ts';
import { REMARK, type Remark } from '../../../model/remark.ts';
import { positionAt } from '../../json/value.ts';
import { partOf, partsIn, type Part } from './comment-parts.ts';
import type { HclFile } from './parse.ts';
import type { Block, Body, Expression } from './tree.ts';

/**
 * Remarks in HCL: in its comments, and in the `description` of a block or object. A comment behind something on the same
 * line is about that, a comment on a line of its own about the block, argument or item that follows in the same block or
 * list.
 */
export function hclRemarks({ path, text, body, comments }: HclFile): Remark[] {
  if (!text.includes(REMARK)) return [];
  const descriptions: Remark[] = [];
  const parts = new PartReader(path, text, descriptions).ofBody(body);
  const whole = partsIn(path, text, parts);
  const remarks = comments.flatMap((comment): Remark[] => {
    const written = textOfComment(text.slice(comment.start, comment.end));
    if (!written.includes(REMARK)) return [];
    const part = partOf(comment, whole, text);
    return [
      {
        text: written,
        place: part?.place ?? whole.place,
        position: positionAt(text, comment.start),
        about: part === undefined || part === whole ? undefined : part.place,
      },
    ];
  });
  return [...remarks, ...descriptions];
}

function textOfComment(comment: string): string {
  if (comment.startsWith('/*')) return comment.slice(2, -2);
  return comment.slice(comment.startsWith('#') ? 1 : 2);
}

class PartReader {
  readonly #path: string;
  readonly #text: string;
  readonly #descriptions: Remark[];

  constructor(path: string, text: string, descriptions: Remark[]) {
    this.#path = path;
    this.#text = text;
    this.#descriptions = descriptions;
  }

  ofBody({ attributes, blocks }: Body): Part[] {
    const parts = [
      ...[...attributes.values()].map(({ place, expression }) =>
        this.#part(place, place, expression.place, this.#ofExpression(expression)),
      ),
      ...blocks.map((block) => this.#ofBlock(block)),
    ];
    return parts.sort((a, b) => a.start - b.start);
  }

  #ofBlock({ place, body }: Block): Part {
    const part = this.#part(place, place, body.place, this.ofBody(body));
    this.#describe(body.attributes.get('description')?.expression, part.place);
    return part;
  }

  #ofExpression(expression: Expression): Part[] {
    switch (expression.kind) {
      case 'tuple':
        return expression.items.map((item) => this.#ofItem(item.place, item));
      case 'object':
        return expression.items.map(({ key, value }) => this.#ofItem(key.place, value));
      case 'call':
        return expression.arguments.flatMap((argument) => this.#ofExpression(argument));
      case 'conditional':
        return [expression.condition, expression.then, expression.otherwise].flatMap((one) =>
          this.#ofExpression(one),
        );
      case 'for':
        return [expression.collection, expression.result].flatMap((one) => this.#ofExpression(one));
      case 'binary':
        return [expression.left, expression.right].flatMap((one) => this.#ofExpression(one));
      case 'attribute':
      case 'index':
      case 'splat':
        return this.#ofExpression(expression.of);
      case 'unary':
        return this.#ofExpression(expression.operand);
      default:
        return [];
    }
  }

  #ofItem(from: Place, value: Expression): Part {
    const part = this.#part(from, from, value.place, this.#ofExpression(value));
    const described = value.kind === 'object' ? value.items.find(({ key }) => isDescription(key)) : undefined;
    this.#describe(described?.value, part.place);
    return part;
  }

  #part({ pointer }: Place, first: Place, last: Place, parts: readonly Part[]): Part {
    const start = first.span?.start ?? 0;
    const end = last.span?.end ?? start;
    return { place: { path: this.#path, pointer, span: { start, end } }, start, end, parts };
  }

  /** A text that speaks of what it is written in. */
  #describe(written: Expression | undefined, about: Place): void {
    const texts =
      written?.kind === 'template' ? written.parts : written?.kind === 'literal' ? [written.value] : [];
    const text = texts.filter((part) => typeof part === 'string').join('');
    if (written === undefined || !text.includes(REMARK)) return;
    const position = positionAt(this.#text, written.place.span?.start ?? 0);
    this.#descriptions.push({ text, place: written.place, position, about });
  }
}

function isDescription(key: Expression): boolean {
  return key.kind === 'literal' && key.value === 'description';
}
