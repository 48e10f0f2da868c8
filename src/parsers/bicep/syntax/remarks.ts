import type { Place } from '../../../model/place.ts';
import { REMARK, type Remark } from '../../../model/remark.ts';
import { positionAt } from '../../json/value.ts';
import type { BicepFile, Expression, ObjectLiteral, Span, Statement } from './tree.ts';

/** What a comment can be about: a declaration, a property, an item of a list. */
interface Part extends Span {
  /** In the order of the text. */
  readonly parts: readonly Part[];
}

/**
 * Remarks in comments, the directives of Bicep's own linter (`#disable-next-line …`) among them. A comment behind
 * something on the same line is about that, a comment on a line of its own about the declaration, property or item that
 * follows in the same object or list. The `description` of a rule is about the rule; decorators such as `@description` are
 * no comments.
 */
export function bicepRemarks({ path, text, statements, comments }: BicepFile): Remark[] {
  if (!text.includes(REMARK)) return [];
  const whole: Part = { start: 0, end: text.length, parts: statements.map(partOfStatement) };
  const described = statements.flatMap((statement) => descriptionsIn(bodyOf(statement), undefined));
  const descriptions = described.map(({ value, about }): Remark => {
    const span = { start: about.start, end: about.end };
    const place: Place = { path, pointer: '', span: { start: value.start, end: value.end } };
    return {
      text: value.value,
      place,
      position: positionAt(text, value.start),
      about: { path, pointer: '', span },
    };
  });
  const remarks = comments.flatMap((comment): Remark[] => {
    const written = textOfComment(text.slice(comment.start, comment.end));
    if (!written.includes(REMARK)) return [];
    const part = partOf(comment, whole, text);
    const position = positionAt(text, comment.start);
    if (part === undefined) {
      return [{ text: written, place: { path, pointer: '' }, position, about: undefined }];
    }
    const place: Place = { path, pointer: '', span: { start: part.start, end: part.end } };
    return [{ text: written, place, position, about: place }];
  });
  return [...remarks, ...descriptions];
}

interface Description {
  readonly value: Expression & { readonly kind: 'string' };
  readonly about: Span;
}

/** Descriptions of objects in lists: rules, and those of classic firewalls in their `properties`. */
function descriptionsIn(expression: Expression | undefined, about: Span | undefined): Description[] {
  if (expression === undefined) return [];
  switch (expression.kind) {
    case 'array':
      return expression.items.flatMap((item) =>
        descriptionsIn(item.kind === 'spread' ? item.of : item, item),
      );
    case 'object':
      return [
        ...expression.properties.flatMap((property): Description[] => {
          if (property.kind === 'spread') return descriptionsIn(property.of, undefined);
          const { key, value } = property;
          const name = key.kind === 'string' ? key.value : '';
          if (name === 'description' && value.kind === 'string' && value.value.includes(REMARK)) {
            return about === undefined ? [] : [{ value, about }];
          }
          return descriptionsIn(value, name === 'properties' ? about : undefined);
        }),
        ...expression.resources.flatMap(({ body }) => descriptionsIn(body, undefined)),
      ];
    case 'call':
      return expression.arguments.flatMap((one) => descriptionsIn(one, one));
    case 'conditional':
      return [expression.then, expression.otherwise].flatMap((one) => descriptionsIn(one, one));
    case 'for':
    case 'lambda':
      return descriptionsIn(expression.body, expression.body);
    case 'group':
      return descriptionsIn(expression.inner, about);
    default:
      return [];
  }
}

function bodyOf(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'resource':
    case 'module':
    case 'func':
      return statement.body;
    case 'var':
    case 'output':
    case 'param':
      return statement.value;
    default:
      return undefined;
  }
}

function textOfComment(comment: string): string {
  if (comment.startsWith('/*')) return comment.slice(2, -2);
  return comment.slice(comment.startsWith('#') ? 1 : 2);
}

function partOf(comment: Span, whole: Part, text: string): Part | undefined {
  let around = whole;
  for (;;) {
    const inner = around.parts.find(({ start, end }) => start < comment.start && comment.end < end);
    if (inner === undefined) break;
    around = inner;
  }
  const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
  if (text.slice(lineStart, comment.start).trim() !== '') {
    const before = around.parts.findLast(({ end }) => end <= comment.start && end > lineStart);
    if (before !== undefined) return before;
    if (around.start >= lineStart && around !== whole) return around;
  }
  return around.parts.find(({ start }) => start >= comment.end);
}

function partOfStatement(statement: Statement): Part {
  const { start, end } = statement;
  switch (statement.kind) {
    case 'resource':
    case 'module':
      return { start, end, parts: partsOfObject(statement.body) };
    case 'var':
    case 'output':
      return { start, end, parts: partsOf(statement.value) };
    case 'param':
      return { start, end, parts: statement.value === undefined ? [] : partsOf(statement.value) };
    case 'func':
      return { start, end, parts: partsOf(statement.body) };
    default:
      return { start, end, parts: [] };
  }
}

function partsOfObject({ properties, resources }: ObjectLiteral): Part[] {
  const parts = [
    ...properties.map((one) => ({
      start: one.start,
      end: one.end,
      parts: partsOf(one.kind === 'property' ? one.value : one.of),
    })),
    ...resources.map(partOfStatement),
  ];
  return parts.sort((a, b) => a.start - b.start);
}

function partsOf(expression: Expression): Part[] {
  switch (expression.kind) {
    case 'array':
      return expression.items.map((item) => ({
        start: item.start,
        end: item.end,
        parts: partsOf(item.kind === 'spread' ? item.of : item),
      }));
    case 'object':
      return partsOfObject(expression);
    case 'call':
      return expression.arguments.flatMap(partsOf);
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise].flatMap(partsOf);
    case 'binary':
      return [expression.left, expression.right].flatMap(partsOf);
    case 'for':
      return [expression.collection, expression.body].flatMap(partsOf);
    case 'lambda':
      return partsOf(expression.body);
    case 'group':
      return partsOf(expression.inner);
    case 'member':
    case 'index':
      return partsOf(expression.of);
    case 'unary':
      return partsOf(expression.operand);
    default:
      return [];
  }
}
