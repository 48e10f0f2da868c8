import { child, type Place } from '../../model/place.ts';
import type { Unknown } from '../../model/symbol.ts';
import { nothing, type ObjectValue, type Value } from '../value.ts';
import { copyValues } from './copy.ts';
import { attempt, evaluateValue } from './evaluate.ts';
import { ExpressionError } from './expression.ts';
import type { Argument } from './parameters.ts';
import type { Evaluation, Frame, Scope, Siblings, Target, UserFunction } from './scope.ts';
import { unknownValue } from './values.ts';

export interface FrameOptions {
  readonly evaluation: Evaluation;
  readonly template: ObjectValue;
  /** See Frame.label. */
  readonly label: string;
  readonly name: Value;
  readonly location?: () => Value | undefined;
  readonly target: Target;
  /** What a parameter is given; asked at most once for each. */
  readonly argument: (name: string) => Argument | undefined;
  readonly siblings: Siblings;
}

/** One template with its arguments. Parameters and variables are evaluated when they are asked for, and once. */
export class TemplateFrame implements Frame {
  readonly label: string;
  readonly name: Value;
  readonly target: Target;
  readonly template: ObjectValue;
  /** Everything at the top level of the template sees this. */
  readonly scope: Scope;
  readonly #argument: FrameOptions['argument'];
  readonly #location: FrameOptions['location'];
  readonly #values = new Map<string, Value>();
  readonly #running: string[] = [];
  #functions: Map<string, UserFunction> | undefined;

  constructor({ evaluation, template, label, name, location, target, argument, siblings }: FrameOptions) {
    this.#location = location;
    this.label = label;
    this.name = name;
    this.target = target;
    this.template = template;
    this.#argument = argument;
    this.scope = {
      evaluation,
      frame: this,
      siblings,
      copies: undefined,
      lambdas: undefined,
      arguments: undefined,
    };
  }

  get location(): Value | undefined {
    return this.#location?.();
  }

  parameter(name: string): Value {
    return this.#once(`parameter '${name}'`, () => this.#parameter(name));
  }

  variable(name: string): Value {
    return this.#once(`variable '${name}'`, () => this.#variable(name));
  }

  /** Memory for both, and the guard against those that need themselves. */
  #once(title: string, run: () => Value): Value {
    const key = title.toLowerCase();
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const from = this.#running.findIndex((running) => running.toLowerCase() === key);
    if (from >= 0) {
      const circle = [...this.#running.slice(from), title].join(' → ');
      throw new ExpressionError(`${title} refers to itself: ${circle}`, true);
    }
    this.#running.push(title);
    try {
      const value = run();
      this.#values.set(key, value);
      return value;
    } finally {
      this.#running.pop();
    }
  }

  #parameter(name: string): Value {
    const declared = sectionMember(this.template, 'parameters', name);
    if (declared === undefined) throw new ExpressionError(`the template has no parameter '${name}'`);
    const declaration = declared.kind === 'object' ? declared : undefined;
    const fallback = declaration?.members.get('defaultvalue')?.value;
    const given = this.#argument(name.toLowerCase());
    if (given?.kind === 'reference' || given?.kind === 'expression') {
      return this.#noValue(name, declared.place, {
        reason:
          given.kind === 'reference'
            ? `parameter '${name}' is kept in a key vault`
            : `parameter '${name}' is computed from external inputs when it is deployed`,
        supply: 'give its value with --parameters',
        place: given.value.place,
      });
    }
    // Null stands for "not given" where there is a default.
    if (given !== undefined && (given.value.kind !== 'null' || fallback === undefined)) return given.value;
    if (fallback !== undefined) return evaluateValue(fallback, this.scope);
    if (declaration !== undefined && this.#nullable(declaration, 0)) return nothing(declared.place);
    return this.#noValue(name, declared.place, {
      reason: `parameter '${name}' has no value`,
      supply: 'give its value with --parameters',
      place: declared.place,
    });
  }

  #noValue(name: string, place: Place, unknown: Unknown): Value {
    return unknownValue(`${this.label}parameters('${name}')`, unknown, place);
  }

  /** `nullable` of the parameter or of the type it names. */
  #nullable(declaration: ObjectValue, depth: number): boolean {
    const nullable = declaration.members.get('nullable')?.value;
    if (nullable?.kind === 'boolean') return nullable.value;
    const reference = declaration.members.get('$ref')?.value;
    if (reference?.kind !== 'string' || depth > 20) return false;
    const name = reference.value.replace(/^#\/definitions\//, '');
    const definition = sectionMember(this.template, 'definitions', name);
    return definition?.kind === 'object' && this.#nullable(definition, depth + 1);
  }

  #variable(name: string): Value {
    const declared = sectionMember(this.template, 'variables', name);
    if (declared !== undefined && name.toLowerCase() !== 'copy') return evaluateValue(declared, this.scope);
    const loops = sectionMember(this.template, 'variables', 'copy');
    const loop = loops?.kind === 'array' ? loops.items.find((item) => isNamed(item, name)) : undefined;
    if (loop?.kind !== 'object') throw new ExpressionError(`the template has no variable '${name}'`);
    const input = loop.members.get('input')?.value ?? nothing(loop.place);
    return attempt(() => copyValues(loop, name, input, this.scope), this.scope, loop.place);
  }

  userFunction(name: string): UserFunction | undefined {
    this.#functions ??= readFunctions(this.template);
    return this.#functions.get(name.toLowerCase());
  }
}

function sectionMember(template: ObjectValue, section: string, name: string): Value | undefined {
  const members = template.members.get(section)?.value;
  return members?.kind === 'object' ? members.members.get(name.toLowerCase())?.value : undefined;
}

function isNamed(item: Value, name: string): boolean {
  const written = item.kind === 'object' ? item.members.get('name')?.value : undefined;
  return written?.kind === 'string' && written.value.toLowerCase() === name.toLowerCase();
}

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/user-defined-functions */
function readFunctions(template: ObjectValue): Map<string, UserFunction> {
  const functions = new Map<string, UserFunction>();
  const namespaces = template.members.get('functions')?.value;
  for (const space of namespaces?.kind === 'array' ? namespaces.items : []) {
    const namespace = memberOf(space, 'namespace');
    const members = memberOf(space, 'members');
    if (namespace?.kind !== 'string' || members?.kind !== 'object') continue;
    for (const { name, value } of members.members.values()) {
      const parameters = memberOf(value, 'parameters');
      const output = memberOf(memberOf(value, 'output'), 'value');
      const names =
        parameters?.kind === 'array' ? parameters.items.map((item) => memberOf(item, 'name')) : [];
      const full = `${namespace.value}.${name}`;
      functions.set(full.toLowerCase(), {
        name: full,
        parameters: names.map((item) => (item?.kind === 'string' ? item.value.toLowerCase() : '')),
        output: output ?? nothing(child(value.place, 'output')),
      });
    }
  }
  return functions;
}

function memberOf(value: Value | undefined, name: string): Value | undefined {
  return value?.kind === 'object' ? value.members.get(name)?.value : undefined;
}
