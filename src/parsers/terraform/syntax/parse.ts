import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import { positionAt } from '../../json/value.ts';
import { Cursor } from './cursor.ts';
import { ExpressionReader } from './expressions.ts';
import type { Grammar } from './grammar.ts';
import { hclPlace, token } from './place.ts';
import { syntaxProblem } from './problem.ts';
import type { Attribute, Block, Body, Expression } from './tree.ts';

/** What recursion bears; tree-sitter itself has no limit. */
const MAX_DEPTH = 250;

export interface Comment {
  readonly start: number;
  readonly end: number;
}

export interface HclFile {
  readonly path: string;
  readonly text: string;
  readonly body: Body;
  readonly comments: readonly Comment[];
}

/**
 * Parses HCL: a configuration or a file of variable values. Throws an InputError with line, column, what was found and
 * what was expected.
 */
export function parseHcl(path: string, text: string, grammar: Grammar): HclFile {
  const comments: Comment[] = [];
  // A byte order mark is no part of the text, but counts in offsets.
  const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tree = grammar.parser.parse(source);
  if (tree === null) throw new InputError(path, 'not HCL: the parser gave up');
  try {
    if (tree.rootNode.hasError) throw syntaxProblem(path, source, tree, grammar.language);
    const cursor = tree.walk();
    try {
      const body = new FileReader(path, source, new Cursor(cursor), comments).file();
      return { path, text, body, comments };
    } finally {
      cursor.delete();
    }
  } finally {
    tree.delete();
  }
}

/** One expression, such as a template that a file holds. */
export function parseTemplateText(path: string, text: string, grammar: Grammar): Expression {
  const name = heredocName(text);
  const { body } = parseHcl(path, `template = <<${name}\n${text}\n${name}\n`, grammar);
  const expression = body.attributes.get('template')?.expression;
  if (expression === undefined) throw new InputError(path, 'not a template');
  return withoutLastBreak(expression);
}

/** A heredoc needs a line break before its end that the text does not have. */
function withoutLastBreak(expression: Expression): Expression {
  if (expression.kind === 'literal' && typeof expression.value === 'string') {
    return { ...expression, value: expression.value.slice(0, -1) };
  }
  if (expression.kind !== 'template') return expression;
  const last = expression.parts.at(-1);
  if (typeof last !== 'string') return expression;
  const rest = expression.parts.slice(0, -1);
  return { ...expression, parts: last === '\n' ? rest : [...rest, last.slice(0, -1)] };
}

function heredocName(text: string): string {
  let name = 'EOT';
  while (text.includes(name)) name += 'T';
  return name;
}

class FileReader extends ExpressionReader {
  constructor(path: string, text: string, cursor: Cursor, comments: Comment[]) {
    super(path, text, cursor, comments, MAX_DEPTH);
  }

  file(): Body {
    let body: Body | undefined;
    this.children(() => {
      if (this.cursor.nodeType === 'body') body = this.#body('');
      else if (this.cursor.nodeType === 'object') throw this.#isJson();
    });
    return body ?? { attributes: new Map(), blocks: [], place: hclPlace(this.path, '', 0, 0) };
  }

  #isJson(): InputError {
    return new InputError(
      this.path,
      'holds JSON; expected HCL, or a name that ends in .tf.json or .tfvars.json',
    );
  }

  /** @param braces with what is between them, of a block */
  #body(pointer: string, braces?: Place): Body {
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    const counts = new Map<string, number>();
    const place = braces ?? this.placeHere(pointer);
    this.children(() => {
      if (this.cursor.nodeType === 'attribute') {
        const attribute = this.#attribute(pointer);
        if (attributes.has(attribute.name)) throw this.#repeated(attribute);
        attributes.set(attribute.name, attribute);
      } else if (this.cursor.nodeType === 'block') {
        blocks.push(this.#block(pointer, counts));
      }
    });
    return { attributes, blocks, place };
  }

  #repeated({ name, place }: Attribute): InputError {
    return new InputError(
      this.path,
      `'${name}' is set a second time; expected each argument once in a block`,
      positionAt(this.text, place.span?.start ?? 0),
    );
  }

  #attribute(pointer: string): Attribute {
    let name = '';
    let place = this.placeHere(pointer);
    let expression: Expression | undefined;
    this.children(() => {
      if (this.cursor.nodeType === 'identifier') {
        name = this.textHere();
        place = this.placeHere(pointer + token(name));
      } else if (this.cursor.nodeType === 'expression') {
        expression = this.expression(pointer + token(name));
      }
    });
    return { name, place, expression: expression ?? { kind: 'literal', value: null, place } };
  }

  #block(parent: string, counts: Map<string, number>): Block {
    let type = '';
    const labels: string[] = [];
    const start = this.cursor.startIndex;
    const last = this.cursor.endIndex;
    let end = start;
    let pointer = parent;
    let braces = hclPlace(this.path, parent, start, last);
    let body: Body | undefined;
    this.children(() => {
      switch (this.cursor.nodeType) {
        case 'identifier':
          if (type === '') type = this.textHere();
          else labels.push(this.textHere());
          end = this.cursor.endIndex;
          break;
        case 'string_lit':
          labels.push(this.textHere().slice(1, -1));
          end = this.cursor.endIndex;
          break;
        case 'block_start':
          pointer =
            parent + [type, ...labels].map(token).join('') + this.#number(parent, type, labels, counts);
          braces = hclPlace(this.path, pointer, this.cursor.startIndex, last);
          break;
        case 'body':
          body = this.deeper(() => this.#body(pointer, braces));
          break;
        default:
      }
    });
    const place = hclPlace(this.path, pointer, start, end);
    return { type, labels, place, body: body ?? { attributes: new Map(), blocks: [], place: braces } };
  }

  /** Blocks inside a resource may be there several times, like the items of a list. */
  #number(parent: string, type: string, labels: readonly string[], counts: Map<string, number>): string {
    const key = [type, ...labels].join(' ');
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return parent === '' && count === 0 ? '' : token(count);
  }
}
