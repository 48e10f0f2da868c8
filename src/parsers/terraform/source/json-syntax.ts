import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import { keyOf } from '../../../model/place.ts';
import { readJson } from '../../json/read.ts';
import type { Member, ObjectValue, Value } from '../../value.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { parseHcl, parseTemplateText } from '../syntax/parse.ts';
import type { Attribute, Block, Body, Expression } from '../syntax/tree.ts';
import { relocated } from './relocate.ts';

/** Blocks at the top of a configuration, with the number of labels that each has. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['variable', 1],
  ['output', 1],
  ['module', 1],
  ['provider', 1],
  ['locals', 0],
  ['terraform', 0],
]);

/**
 * Reads a configuration in JSON: https://developer.hashicorp.com/terraform/language/syntax/json. Without the provider's
 * schema an argument and a block look alike; both are read as arguments, which evaluate to the same.
 */
export function parseJsonConfiguration(path: string, text: string, grammar: Grammar): Body {
  const { value } = readJson(path, text);
  return new JsonSyntax(path, grammar).file(value);
}

/** Values of variables in JSON, as they are: nothing in them is a template. */
export function parseJsonValues(path: string, text: string): ReadonlyMap<string, Attribute> {
  const { value } = readJson(path, text);
  if (value.kind !== 'object') {
    throw new InputError(path, `not a file of variables: found a ${value.kind}, expected an object`);
  }
  return new Map(
    membersOf(value).map((member) => [member.name, attributeOf(member, plain(member.value), value)]),
  );
}

function membersOf(value: ObjectValue): Member[] {
  return [...value.members.values()];
}

function attributeOf({ name }: Member, expression: Expression, holder: ObjectValue): Attribute {
  const { path, pointer } = holder.place;
  return { name, place: keyOf({ path, pointer: `${pointer}/${name}` }), expression };
}

function plain(value: Value): Expression {
  const { place } = value;
  switch (value.kind) {
    case 'array':
      return { kind: 'tuple', items: value.items.map(plain), place };
    case 'object':
      return {
        kind: 'object',
        items: membersOf(value).map((member) => ({
          key: keyLiteral(member, value),
          value: plain(member.value),
        })),
        place,
      };
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: 'literal', value: value.value, place };
    default:
      return { kind: 'literal', value: null, place };
  }
}

function keyLiteral(member: Member, holder: ObjectValue): Expression {
  const { path, pointer } = holder.place;
  return {
    kind: 'literal',
    value: member.name,
    place: keyOf({ path, pointer: `${pointer}/${member.name}` }),
  };
}

class JsonSyntax {
  readonly #path: string;
  readonly #grammar: Grammar;

  constructor(path: string, grammar: Grammar) {
    this.#path = path;
    this.#grammar = grammar;
  }

  file(value: Value): Body {
    const blocks = objects(value).flatMap((top) =>
      membersOf(top).flatMap(({ name, value: member }) => {
        const labels = LABELS.get(name);
        return labels === undefined ? [] : this.#blocks(name, [], member, labels);
      }),
    );
    return { attributes: new Map(), blocks, place: value.place };
  }

  #blocks(type: string, labels: readonly string[], value: Value, missing: number): Block[] {
    if (missing === 0) {
      return objects(value).map((body) => ({
        type,
        labels,
        place: body.place,
        body: this.#body(body, type),
      }));
    }
    return objects(value).flatMap((holder) =>
      membersOf(holder).flatMap(({ name, value: member }) =>
        this.#blocks(type, [...labels, name], member, missing - 1),
      ),
    );
  }

  #body(value: ObjectValue, type: string): Body {
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    for (const member of membersOf(value)) {
      if (member.name === '//') continue;
      if (member.name === 'dynamic') blocks.push(...this.#dynamic(member.value));
      else if (member.name === 'lifecycle' || holdsDynamic(member.value)) {
        blocks.push(...this.#blocks(member.name, [], member.value, 0));
      } else {
        attributes.set(member.name, attributeOf(member, this.#argument(member, type), value));
      }
    }
    return { attributes, blocks, place: value.place };
  }

  #dynamic(value: Value): Block[] {
    return objects(value).flatMap((holder) =>
      membersOf(holder).flatMap(({ name, value: member }) =>
        objects(member).map((body): Block => {
          const attributes = new Map<string, Attribute>();
          const blocks: Block[] = [];
          for (const inner of membersOf(body)) {
            if (inner.name === 'content') blocks.push(...this.#blocks('content', [], inner.value, 0));
            else attributes.set(inner.name, attributeOf(inner, this.#argument(inner, 'dynamic'), body));
          }
          return {
            type: 'dynamic',
            labels: [name],
            place: body.place,
            body: { attributes, blocks, place: body.place },
          };
        }),
      ),
    );
  }

  #argument({ name, value }: Member, block: string): Expression {
    if (block === 'variable' && name === 'default') return plain(value);
    const isCode =
      (block === 'variable' && name === 'type') ||
      name === 'iterator' ||
      name === 'depends_on' ||
      name === 'ignore_changes';
    return isCode ? this.#code(value) : this.#expression(value);
  }

  /** Names and types are written as strings. */
  #code(value: Value): Expression {
    if (value.kind === 'array') {
      return { kind: 'tuple', items: value.items.map((item) => this.#code(item)), place: value.place };
    }
    if (value.kind !== 'string') return plain(value);
    const { body } = parseHcl(this.#path, `code = ${value.value}\n`, this.#grammar);
    const code = body.attributes.get('code')?.expression;
    return code === undefined ? plain(value) : relocated(code, value.place);
  }

  #expression(value: Value): Expression {
    const { place } = value;
    switch (value.kind) {
      case 'string':
        return this.#template(value.value, place);
      case 'array':
        return { kind: 'tuple', items: value.items.map((item) => this.#expression(item)), place };
      case 'object':
        return {
          kind: 'object',
          items: membersOf(value).map((member) => ({
            key: { ...this.#template(member.name, place), place: keyLiteral(member, value).place },
            value: this.#expression(member.value),
          })),
          place,
        };
      default:
        return plain(value);
    }
  }

  #template(text: string, place: Place): Expression {
    if (!text.includes('${') && !text.includes('%{')) return { kind: 'literal', value: text, place };
    return relocated(parseTemplateText(this.#path, text, this.#grammar), place);
  }
}

function objects(value: Value): ObjectValue[] {
  if (value.kind === 'object') return [value];
  return value.kind === 'array' ? value.items.flatMap(objects) : [];
}

function holdsDynamic(value: Value): boolean {
  return objects(value).some(
    (object) =>
      object.members.has('dynamic') || membersOf(object).some(({ value: member }) => holdsDynamic(member)),
  );
}
