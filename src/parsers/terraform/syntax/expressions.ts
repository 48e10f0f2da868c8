import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import { positionAt } from '../../json/value.ts';
import type { Cursor } from './cursor.ts';
import type { Comment } from './parse.ts';
import { hclPlace, token } from './place.ts';
import { readTemplate } from './templates.ts';
import type { Expression, TemplatePart } from './tree.ts';

/** Turns the nodes of expressions into a tree. The cursor stands on the node that a method reads, before and after. */
export class ExpressionReader {
  readonly path: string;
  readonly text: string;
  readonly cursor: Cursor;
  readonly #comments: Comment[];
  readonly #maxDepth: number;
  #depth = 0;

  constructor(path: string, text: string, cursor: Cursor, comments: Comment[], maxDepth: number) {
    this.path = path;
    this.text = text;
    this.cursor = cursor;
    this.#comments = comments;
    this.#maxDepth = maxDepth;
  }

  /** Visits the children of the current node, comments apart. */
  children(visit: () => void): void {
    const { cursor } = this;
    if (!cursor.gotoFirstChild()) return;
    do {
      if (cursor.nodeType === 'comment') {
        this.#comments.push({ start: cursor.startIndex, end: cursor.endIndex });
      } else visit();
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  textHere(): string {
    return this.text.slice(this.cursor.startIndex, this.cursor.endIndex);
  }

  placeHere(pointer: string): Place {
    return hclPlace(this.path, pointer, this.cursor.startIndex, this.cursor.endIndex);
  }

  deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      throw new InputError(
        this.path,
        `blocks and expressions are nested more than ${this.#maxDepth} levels deep; no firewall configuration is`,
        positionAt(this.text, this.cursor.startIndex),
      );
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** An `expression` node: a term with what is applied to it, or a conditional. */
  expression(pointer: string): Expression {
    return this.deeper(() => this.#terms(pointer));
  }

  /** The children of an expression or operation up to its end: a term, then indices, attributes and splats. */
  #terms(pointer: string): Expression {
    const start = this.cursor.startIndex;
    let term: Expression | undefined;
    this.children(() => {
      const next = this.#next(term, pointer, start);
      if (next !== undefined) term = next;
    });
    return term ?? this.#null(pointer);
  }

  #null(pointer: string): Expression {
    return { kind: 'literal', value: null, place: this.placeHere(pointer) };
  }

  /** What the term becomes with the current node; undefined for punctuation. */
  #next(of: Expression | undefined, pointer: string, start: number): Expression | undefined {
    const { cursor } = this;
    if (of !== undefined) {
      const place = hclPlace(this.path, pointer, start, cursor.endIndex);
      switch (cursor.nodeType) {
        case 'get_attr':
          return { kind: 'attribute', of, name: this.#attributeName(), place };
        case 'index':
          return { kind: 'index', of, key: this.#indexKey(pointer), place };
        case 'splat':
          return { kind: 'splat', of, steps: this.#splatSteps(pointer), place };
        default:
          return undefined;
      }
    }
    return this.#term(pointer);
  }

  #term(pointer: string): Expression | undefined {
    const { cursor } = this;
    switch (cursor.nodeType) {
      case 'literal_value':
        return this.#literal(pointer);
      case 'template_expr':
        return this.#template(pointer);
      case 'collection_value':
      case 'for_expr':
      case 'operation':
        return this.#only(pointer);
      case 'tuple':
        return this.#tuple(pointer);
      case 'object':
        return this.#object(pointer);
      case 'for_tuple_expr':
      case 'for_object_expr':
        return this.#for(pointer);
      case 'variable_expr':
        return { kind: 'variable', name: this.textHere(), place: this.placeHere(pointer) };
      case 'function_call':
        return this.#call(pointer);
      case 'unary_operation':
        return this.#unary(pointer);
      case 'binary_operation':
        return this.#binary(pointer);
      case 'conditional':
        return this.#conditional(pointer);
      case 'expression':
        return this.expression(pointer);
      default:
        return undefined;
    }
  }

  #only(pointer: string): Expression {
    let found: Expression | undefined;
    this.deeper(() => {
      this.children(() => {
        found ??= this.#term(pointer);
      });
    });
    return found ?? this.#null(pointer);
  }

  #literal(pointer: string): Expression {
    const place = this.placeHere(pointer);
    let value: string | number | boolean | null = null;
    let template: Expression | undefined;
    this.children(() => {
      const text = this.textHere();
      switch (this.cursor.nodeType) {
        case 'numeric_lit':
          value = Number(text);
          break;
        case 'bool_lit':
          value = text === 'true';
          break;
        case 'string_lit':
          template = this.#quoted(pointer);
          break;
        default:
      }
    });
    return template ?? { kind: 'literal', value, place };
  }

  #template(pointer: string): Expression {
    let found: Expression | undefined;
    this.children(() => {
      found ??= this.#quoted(pointer);
    });
    return found ?? this.#null(pointer);
  }

  /** A string or heredoc; one without interpolation is a literal. */
  #quoted(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const parts: readonly TemplatePart[] = readTemplate(this, pointer);
    const [only] = parts;
    if (parts.length === 0) return { kind: 'literal', value: '', place };
    if (parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only, place };
    return { kind: 'template', parts, place };
  }

  #tuple(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const items: Expression[] = [];
    this.children(() => {
      if (this.cursor.nodeType === 'expression') items.push(this.expression(pointer + token(items.length)));
    });
    return { kind: 'tuple', items, place };
  }

  #object(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const items: { key: Expression; value: Expression }[] = [];
    this.children(() => {
      if (this.cursor.nodeType !== 'object_elem') return;
      let key: Expression | undefined;
      let value: Expression | undefined;
      this.children(() => {
        if (this.cursor.nodeType !== 'expression') return;
        if (key === undefined) key = this.#key(pointer);
        else value = this.expression(key.place.pointer);
      });
      if (key !== undefined && value !== undefined) items.push({ key, value });
    });
    return { kind: 'object', items, place };
  }

  /** A bare name is a key by that name; `(name)` and anything longer is an expression. */
  #key(pointer: string): Expression {
    const text = this.textHere();
    const isName = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(text);
    const known = isName ? text : /^"([^"\\$%]*)"$/.exec(text)?.[1];
    const place = this.placeHere(known === undefined ? pointer : pointer + token(known));
    if (isName) return { kind: 'literal', value: text, place };
    return { ...this.expression(place.pointer), place };
  }

  #for(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const names: string[] = [];
    const results: Expression[] = [];
    let collection: Expression | undefined;
    let condition: Expression | undefined;
    let group = false;
    this.children(() => {
      switch (this.cursor.nodeType) {
        case 'for_intro':
          this.children(() => {
            if (this.cursor.nodeType === 'identifier') names.push(this.textHere());
            else if (this.cursor.nodeType === 'expression') collection = this.expression(pointer);
          });
          break;
        case 'expression':
          results.push(this.expression(pointer));
          break;
        case 'ellipsis':
          group = true;
          break;
        case 'for_cond':
          this.children(() => {
            if (this.cursor.nodeType === 'expression') condition = this.expression(pointer);
          });
          break;
        default:
      }
    });
    const nothing: Expression = { kind: 'literal', value: null, place };
    return {
      kind: 'for',
      key: names.length > 1 ? names[0] : undefined,
      value: names.at(-1) ?? '',
      collection: collection ?? nothing,
      resultKey: results.length > 1 ? results[0] : undefined,
      result: results.at(-1) ?? nothing,
      group,
      condition,
      place,
    };
  }

  #call(pointer: string): Expression {
    const place = this.placeHere(pointer);
    let name = '';
    let expand = false;
    const args: Expression[] = [];
    this.children(() => {
      if (this.cursor.nodeType === 'identifier') name = this.textHere();
      else if (this.cursor.nodeType === 'function_arguments') {
        this.children(() => {
          if (this.cursor.nodeType === 'expression') args.push(this.expression(pointer + token(args.length)));
          else if (this.cursor.nodeType === 'ellipsis') expand = true;
        });
      }
    });
    return { kind: 'call', name, arguments: args, expand, place };
  }

  #attributeName(): string {
    let name = '';
    this.children(() => {
      if (this.cursor.nodeType === 'identifier') name = this.textHere();
    });
    return name;
  }

  /** `[expression]`, or the old `.0`. */
  #indexKey(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const old = /^\.\s*(\d+)$/.exec(this.textHere())?.[1];
    if (old !== undefined) return { kind: 'literal', value: Number(old), place };
    let key: Expression | undefined;
    this.children(() => {
      this.children(() => {
        if (this.cursor.nodeType === 'expression') key = this.expression(pointer);
      });
    });
    return key ?? { kind: 'literal', value: null, place };
  }

  #splatSteps(pointer: string): (string | Expression)[] {
    const steps: (string | Expression)[] = [];
    this.children(() => {
      this.children(() => {
        if (this.cursor.nodeType === 'get_attr') steps.push(this.#attributeName());
        else if (this.cursor.nodeType === 'index') steps.push(this.#indexKey(pointer));
      });
    });
    return steps;
  }

  #unary(pointer: string): Expression {
    const { operators, operands, place } = this.#operation(pointer);
    return {
      kind: 'unary',
      operator: operators[0] ?? '',
      operand: operands[0] ?? this.#null(pointer),
      place,
    };
  }

  #binary(pointer: string): Expression {
    const { operators, operands, place } = this.#operation(pointer);
    const [left = this.#null(pointer), right = this.#null(pointer)] = operands;
    return { kind: 'binary', operator: operators[0] ?? '', left, right, place };
  }

  /** Terms stand in an operation without a node around them, so each is gathered up to the next operator. */
  #operation(pointer: string): { operators: string[]; operands: Expression[]; place: Place } {
    const place = this.placeHere(pointer);
    const operators: string[] = [];
    const terms: { expression: Expression; readonly start: number; readonly after: number }[] = [];
    this.deeper(() => {
      this.children(() => {
        const { nodeType, startIndex } = this.cursor;
        if (OPERATORS.has(nodeType)) {
          operators.push(nodeType);
          return;
        }
        const last = terms.at(-1);
        const current = last?.after === operators.length ? last : undefined;
        const next = this.#next(current?.expression, pointer, current?.start ?? startIndex);
        if (next === undefined) return;
        if (current !== undefined) current.expression = next;
        else terms.push({ expression: next, start: startIndex, after: operators.length });
      });
    });
    return { operators, operands: terms.map(({ expression }) => expression), place };
  }

  #conditional(pointer: string): Expression {
    const place = this.placeHere(pointer);
    const found: Expression[] = [];
    const texts: string[] = [];
    this.children(() => {
      if (this.cursor.nodeType !== 'expression') return;
      texts.push(this.textHere());
      found.push(this.expression(pointer));
    });
    const isWrapped = texts[0]?.startsWith('(') === true;
    const [condition = this.#null(pointer), then = condition, otherwise = condition] = found;
    // The grammar takes `a ? b : c ? d : e` for `(a ? b : c) ? d : e`; the language means the other.
    if (condition.kind === 'conditional' && !isWrapped) {
      const inner: Expression = {
        kind: 'conditional',
        condition: condition.otherwise,
        then,
        otherwise,
        place,
      };
      return { ...condition, otherwise: inner, place };
    }
    return { kind: 'conditional', condition, then, otherwise, place };
  }
}

const OPERATORS: ReadonlySet<string> = new Set([
  ...['-', '!', '*', '/', '%', '+', '>', '>=', '<', '<=', '==', '!=', '&&', '||'],
]);
