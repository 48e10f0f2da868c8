import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import type { Expression as Arm } from '../../arm/expression.ts';
import { unknownValue } from '../../arm/values.ts';
import { nothing, type Value } from '../../value.ts';
import type { Declaration, Expression, ModuleDeclaration, Span, TypeExpression } from '../syntax/tree.ts';
import { below, callOf, ExpressionLowering, type At } from './expressions.ts';
import { withLocal, type Locals } from './locals.ts';
import type { Names } from './names.ts';
import { baseValues } from './parameters.ts';
import type { Project } from './project.ts';
import { References, text } from './references.ts';
import { unknownDecorator, type FileSymbols, type Imported } from './symbols.ts';

/** Variables and functions of one template, made where something needs them: its own, and what it imports. */
export interface TemplateParts {
  readonly variables: Map<string, { readonly name: string; readonly value: Value }>;
  readonly functions: Map<string, { readonly parameters: readonly string[]; readonly output: Value }>;
  /** Files that are imported, by path, with the prefix that their names get. */
  readonly imported: Map<string, FileScope>;
}

const NAMESPACES: ReadonlySet<string> = new Set(['az', 'sys']);

/** What the names of one file mean in the template that it is, or that imports from it. */
export class FileScope implements Names {
  readonly symbols: FileSymbols;
  readonly lowering: ExpressionLowering;
  readonly references: References;
  readonly project: Project;
  readonly #parts: TemplateParts;
  readonly #prefix: string;
  /** Where everything is said to stand, for files that are not the user's. */
  readonly #fixed: Place | undefined;

  constructor(init: {
    symbols: FileSymbols;
    project: Project;
    parts: TemplateParts;
    prefix: string;
    fixed: Place | undefined;
  }) {
    this.symbols = init.symbols;
    this.project = init.project;
    this.#parts = init.parts;
    this.#prefix = init.prefix;
    this.#fixed = init.fixed;
    this.lowering = new ExpressionLowering(this);
    this.references = new References(init.symbols, this.lowering, (module, output) =>
      this.#missingOutput(module, output),
    );
  }

  #missingOutput(module: ModuleDeclaration, output: string): Arm | undefined {
    const place = this.place(module, `/resources/${module.name}`);
    const value = this.project.missingOutput(this, module, output, place);
    return value && { kind: 'constant', value };
  }

  place({ start, end }: Span, pointer: string): Place {
    return this.#fixed ?? { path: this.symbols.file.path, pointer, span: { start, end } };
  }

  textOf({ start, end }: Span): string {
    return this.symbols.file.text.slice(start, end);
  }

  named(written: Expression & { readonly kind: 'name' }, at: At): Arm {
    const { name } = written;
    const { symbols } = this;
    const place = this.place(written, at.pointer);
    const parameter = symbols.parameters.get(name);
    if (parameter !== undefined) return this.#parameter(parameter, place);
    const variable = symbols.variables.get(name);
    if (variable !== undefined) return this.variable(name, place);
    const reference = this.references.find(written, at);
    if (reference !== undefined) return this.references.whole(reference, at);
    const imported = symbols.imports.get(name);
    if (imported !== undefined) return this.#imported(imported, place);
    if (name === 'base' && symbols.extended !== undefined)
      return baseValues(this.project, this, this.#parts, place);
    return this.lowering.mistake(
      `there is no parameter, variable, resource or module '${name}' in this file`,
      place,
    );
  }

  #parameter(declaration: Declaration & { readonly name: string }, place: Place): Arm {
    const wrong = this.#undecorated(declaration, place);
    if (wrong !== undefined) return wrong;
    if (this.project.isParameterFile(this)) return this.variable(declaration.name, place);
    return callOf('parameters', [text(declaration.name)], place);
  }

  /** What hangs on a decorator that is not known is not known either. */
  #undecorated(declaration: Declaration, place: Place): Arm | undefined {
    const decorator = unknownDecorator(declaration);
    if (decorator === undefined) return undefined;
    return { kind: 'value', value: this.decoratorUnknown(declaration.name, decorator.name, place) };
  }

  decoratorUnknown(declared: string, decorator: string, place: Place): Value {
    const unknown: Unknown = {
      reason: `'${declared}' has a decorator @${decorator}() that is not known`,
      supply: 'correct the file',
      place,
      isMistake: true,
    };
    return unknownValue(`${this.symbols.file.path}: @${decorator} ${declared}`, unknown, place);
  }

  /** A variable of the file, or in a file of parameters one of those. */
  variable(name: string, place: Place): Arm {
    const key = `${this.#prefix}${name}`;
    const declaration = this.symbols.variables.get(name) ?? this.symbols.parameters.get(name);
    if (declaration === undefined) {
      return this.lowering.mistake(`${this.symbols.file.path} has no variable '${name}'`, place);
    }
    const wrong = this.#undecorated(declaration, place);
    if (wrong !== undefined) return wrong;
    const { variables } = this.#parts;
    const lowerCase = key.toLowerCase();
    if (!variables.has(lowerCase)) {
      // Known before it is made, for those that need themselves.
      variables.set(lowerCase, { name: key, value: nothing(place) });
      const { value } = declaration;
      const pointer = `/variables/${name}`;
      const made =
        value === undefined
          ? nothing(this.place(declaration, pointer))
          : this.lowering.value(value, { pointer, locals: undefined });
      variables.set(lowerCase, { name: key, value: made });
    }
    return callOf('variables', [text(key)], place);
  }

  #imported({ path, name }: Imported, place: Place): Arm {
    const scope = this.project.importedScope(this, this.#parts, path, place);
    if (!(scope instanceof FileScope)) return { kind: 'value', value: scope };
    if (name === undefined) return this.lowering.mistake('a file is no value; name something in it', place);
    return scope.variable(name, place);
  }

  called(written: Expression & { readonly kind: 'call' }, at: At): Arm | undefined {
    const { of, name } = written;
    const place = this.place(written, at.pointer);
    if (of !== undefined) return this.#calledOn(of, written, at, place);
    const own = this.symbols.functions.get(name);
    if (own !== undefined) return this.#functionCall(this, name, written.arguments, at, place);
    const imported = this.symbols.imports.get(name);
    if (imported?.name !== undefined) {
      const scope = this.project.importedScope(this, this.#parts, imported.path, place);
      if (!(scope instanceof FileScope)) return { kind: 'value', value: scope };
      return this.#functionCall(scope, imported.name, written.arguments, at, place);
    }
    return this.#builtIn(written, at, place);
  }

  #calledOn(
    of: Expression,
    { name, arguments: written }: Expression & { readonly kind: 'call' },
    at: At,
    place: Place,
  ): Arm {
    if (of.kind === 'name' && NAMESPACES.has(of.name) && !this.#isDeclared(of.name)) {
      const { start, end } = of;
      return this.lowering.expression(
        { kind: 'call', of: undefined, name, arguments: written, start, end },
        at,
      );
    }
    const imported = of.kind === 'name' ? this.symbols.imports.get(of.name) : undefined;
    if (imported !== undefined) {
      const scope = this.project.importedScope(this, this.#parts, imported.path, place);
      if (!(scope instanceof FileScope)) return { kind: 'value', value: scope };
      return this.#functionCall(scope, name, written, at, place);
    }
    const reference = this.references.find(of, at);
    if (reference === undefined)
      return this.lowering.mistake(`there is no function ${name}() of that`, place);
    const args = written.map((one, position) => this.lowering.expression(one, below(at, position)));
    return callOf(name, [this.references.id(reference), ...args], place);
  }

  #isDeclared(name: string): boolean {
    const { parameters, variables, deployed, imports } = this.symbols;
    return parameters.has(name) || variables.has(name) || deployed.has(name) || imports.has(name);
  }

  #functionCall(scope: FileScope, name: string, written: readonly Expression[], at: At, place: Place): Arm {
    const args = written.map((one, position) => this.lowering.expression(one, below(at, position)));
    const known = scope.declareFunction(name);
    if (known === undefined) {
      return this.lowering.mistake(`${scope.symbols.file.path} has no function ${name}()`, place);
    }
    return callOf(known, args, place);
  }

  /** Makes a function of the file one of the template. */
  declareFunction(name: string): string | undefined {
    const declaration = this.symbols.functions.get(name);
    if (declaration === undefined) return undefined;
    const key = `${this.#prefix}${name}`;
    const { functions } = this.#parts;
    if (!functions.has(key)) {
      const { parameters, body } = declaration;
      const pointer = `/functions/0/members/${name}/output/value`;
      functions.set(key, { parameters, output: nothing(this.place(declaration, pointer)) });
      let locals: Locals | undefined;
      for (const parameter of parameters) {
        locals = withLocal(locals, parameter, callOf('parameters', [text(parameter)], undefined));
      }
      functions.set(key, { parameters, output: this.lowering.value(body, { pointer, locals }) });
    }
    return `__bicep.${key}`;
  }

  #builtIn(written: Expression & { readonly kind: 'call' }, at: At, place: Place): Arm | undefined {
    const [first, second] = written.arguments;
    switch (written.name) {
      case 'nameof': {
        const name = first === undefined ? undefined : lastName(first);
        return name === undefined ? undefined : { kind: 'string', value: name };
      }
      case 'loadJsonContent':
      case 'loadYamlContent':
      case 'loadTextContent':
      case 'loadFileAsBase64': {
        const constant = (one: Expression | undefined): string | undefined =>
          one === undefined ? undefined : this.project.constantText(this, one);
        const value = this.project.load(this, written.name, constant(first), constant(second), place);
        return { kind: 'constant', value };
      }
      case 'readEnvironmentVariable':
        if (second !== undefined) return this.lowering.expression(second, below(at, 1));
        return { kind: 'value', value: this.#environmentVariable(first, place) };
      default:
        return undefined;
    }
  }

  #environmentVariable(name: Expression | undefined, place: Place): Value {
    const written = name?.kind === 'string' ? name.value : '';
    const unknown: Unknown = {
      reason: `the environment variable '${written}' is read where it is deployed and has no default here`,
      supply: 'give the value of the parameter with --parameters',
      place,
    };
    return unknownValue(`readEnvironmentVariable('${written}')`, unknown, place);
  }

  ofResource(
    written: Expression & { readonly kind: 'member' | 'index' | 'nested' },
    at: At,
  ): Arm | undefined {
    const { of } = written;
    if (written.kind === 'member' && of.kind === 'name') {
      const imported = this.symbols.imports.get(of.name);
      if (imported !== undefined && imported.name === undefined) {
        const place = this.place(written, at.pointer);
        return this.#imported({ ...imported, name: written.name }, place);
      }
    }
    return this.references.property(written, at);
  }

  /** `type?`, or a type that is declared so. */
  isNullable(type: TypeExpression | undefined): boolean {
    return type !== undefined && this.#isNullable(type, 0);
  }

  #isNullable(type: TypeExpression, depth: number): boolean {
    if (depth > 20) return false;
    switch (type.kind) {
      case 'nullable':
        return true;
      case 'named': {
        const declared = this.symbols.types.get(type.name);
        if (declared !== undefined) return this.#isNullable(declared.type, depth + 1);
        const imported = this.symbols.imports.get(type.name);
        return imported?.name !== undefined && this.#importedNullable(imported.path, imported.name, depth);
      }
      case 'member': {
        const imported = type.of.kind === 'named' ? this.symbols.imports.get(type.of.name) : undefined;
        if (imported !== undefined) return this.#importedNullable(imported.path, type.name, depth);
        const of = type.of.kind === 'named' ? this.symbols.types.get(type.of.name)?.type : type.of;
        const property =
          of?.kind === 'object' ? of.properties.find(({ name }) => name === type.name) : undefined;
        return property !== undefined && this.#isNullable(property.type, depth + 1);
      }
      default:
        return false;
    }
  }

  #importedNullable(path: string, name: string, depth: number): boolean {
    const scope = this.project.importedScope(this, this.#parts, path, this.place({ start: 0, end: 0 }, ''));
    const type = scope instanceof FileScope ? scope.symbols.types.get(name)?.type : undefined;
    return type !== undefined && scope instanceof FileScope && scope.#isNullable(type, depth + 1);
  }
}

function lastName(of: Expression): string | undefined {
  switch (of.kind) {
    case 'name':
    case 'member':
    case 'nested':
      return of.name;
    case 'index':
      return of.index.kind === 'string' ? of.index.value : undefined;
    default:
      return undefined;
  }
}
