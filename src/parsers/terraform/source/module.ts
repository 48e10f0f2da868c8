import { InputError } from '../../../errors.ts';
import type { Place } from '../../../model/place.ts';
import { positionAt } from '../../json/value.ts';
import type { Attribute, Block, Body, Expression } from '../syntax/tree.ts';

export interface Variable {
  readonly name: string;
  readonly place: Place;
  readonly type: Expression | undefined;
  readonly fallback: Expression | undefined;
  readonly isNullable: boolean;
  readonly isSensitive: boolean;
}

/** The configuration of one folder, its files taken together. */
export interface Module {
  readonly folder: string;
  /** Paths of its files. */
  readonly files: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Attribute>;
  /** By `type.name`; data resources by `data.type.name`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly outputs: ReadonlyMap<string, Block>;
  /** It stands for a module whose configuration is absent: it has other outputs than those. */
  readonly isPartial?: true;
}

export interface ModuleFile {
  readonly path: string;
  readonly text: string;
  readonly body: Body;
}

/** https://developer.hashicorp.com/terraform/language/files/override */
const OVERRIDE = /(?:^|[\\/]|_)override\.tf(?:\.json)?$/;

/** Joins the files of a folder. Throws an InputError where two of them define the same thing. */
export function moduleOf(folder: string, files: readonly ModuleFile[]): Module {
  const builder = new ModuleBuilder();
  for (const file of files) if (!OVERRIDE.test(file.path)) builder.add(file, false);
  for (const file of files) if (OVERRIDE.test(file.path)) builder.add(file, true);
  const { variables, locals, resources, calls, outputs } = builder;
  return {
    folder,
    files: new Set(files.map(({ path }) => path)),
    variables,
    locals,
    resources,
    calls,
    outputs,
  };
}

class ModuleBuilder {
  readonly variables = new Map<string, Variable>();
  readonly locals = new Map<string, Attribute>();
  readonly resources = new Map<string, Block>();
  readonly calls = new Map<string, Block>();
  readonly outputs = new Map<string, Block>();
  readonly #variableBlocks = new Map<string, Block>();

  add(file: ModuleFile, overrides: boolean): void {
    for (const block of file.body.blocks) {
      const [first = '', second = ''] = block.labels;
      switch (block.type) {
        case 'variable':
          this.#variable(first, block, file, overrides);
          break;
        case 'locals':
          for (const [name, attribute] of block.body.attributes) {
            this.#once(this.locals, name, attribute, block, file, overrides, attribute.place);
          }
          break;
        case 'resource':
          this.#block(this.resources, `${first}.${second}`, block, file, overrides);
          break;
        case 'data':
          this.#block(this.resources, `data.${first}.${second}`, block, file, overrides);
          break;
        case 'module':
          this.#block(this.calls, first, block, file, overrides);
          break;
        case 'output':
          this.#block(this.outputs, first, block, file, overrides);
          break;
        default:
      }
    }
  }

  /** An override of a variable may leave its type to the original. */
  #variable(name: string, block: Block, file: ModuleFile, overrides: boolean): void {
    const original = overrides ? this.#variableBlocks.get(name) : undefined;
    const whole = original === undefined ? block : merged(original, block);
    this.#variableBlocks.set(name, whole);
    this.#once(this.variables, name, variableOf(whole), block, file, overrides);
  }

  #block(blocks: Map<string, Block>, name: string, block: Block, file: ModuleFile, overrides: boolean): void {
    const known = blocks.get(name);
    this.#once(
      blocks,
      name,
      known !== undefined && overrides ? merged(known, block) : block,
      block,
      file,
      overrides,
    );
  }

  #once<T>(
    items: Map<string, T>,
    name: string,
    item: T,
    block: Block,
    file: ModuleFile,
    overrides: boolean,
    place = block.place,
  ): void {
    if (items.has(name) && !overrides) {
      throw new InputError(
        file.path,
        `${block.type} '${name}' is defined a second time; expected each name once in a folder`,
        place.span && positionAt(file.text, place.span.start),
      );
    }
    items.set(name, item);
  }
}

/** An override's arguments replace those of the same name, and its blocks all of their type. */
function merged(block: Block, override: Block): Block {
  const types = new Set(override.body.blocks.map(blockType));
  return {
    ...block,
    body: {
      ...block.body,
      attributes: new Map([...block.body.attributes, ...override.body.attributes]),
      blocks: [...block.body.blocks.filter((inner) => !types.has(blockType(inner))), ...override.body.blocks],
    },
  };
}

function blockType(block: Block): string {
  return block.type === 'dynamic' ? (block.labels[0] ?? '') : block.type;
}

function variableOf(block: Block): Variable {
  const { attributes } = block.body;
  const nullable = attributes.get('nullable')?.expression;
  return {
    name: block.labels[0] ?? '',
    place: block.place,
    type: attributes.get('type')?.expression,
    fallback: attributes.get('default')?.expression,
    isNullable: !(nullable?.kind === 'literal' && nullable.value === false),
    isSensitive: isTrue(attributes.get('sensitive')) || isTrue(attributes.get('ephemeral')),
  };
}

/** Is `true` or `"true"` written? */
export function isTrue(attribute: Attribute | undefined): boolean {
  const expression = attribute?.expression;
  return expression?.kind === 'literal' && String(expression.value) === 'true';
}
