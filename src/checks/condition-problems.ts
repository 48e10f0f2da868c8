import { OPTION } from '../conditions/closed-facts.ts';
import type { Literal } from '../conditions/check-condition.ts';
import { OPERATORS, type FactType, type OperatorName, type ValueKind } from '../conditions/operator-table.ts';
import { valueProblem } from '../conditions/operators.ts';
import { isDay } from '../model/day.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import type { OptionSchema, Problem } from './check.ts';
import type { KnownFact, KnownFacts } from './known-facts.ts';
import { show, token } from './options.ts';

/**
 * Judges conditions before they run. json-rules-engine lets a misspelled path, an empty `any`, a key that it does not know
 * and much else pass in silence; here each is a problem with its place, what is allowed and what may have been meant.
 */
export interface ConditionScope {
  /** "an entry", for messages. */
  readonly target: string;
  readonly facts: KnownFacts;
  /** Facts of other targets, to say where a fact belongs that this target does not have. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
  readonly options: Readonly<Record<string, OptionSchema>>;
  readonly named: Readonly<Record<string, unknown>>;
}

/** Leaves of one check with its named conditions put in place, and levels of nesting. */
const MOST_LEAVES = 500;
const DEEPEST = 20;
const MOST_VALUES = 1000;

const CONNECTIVES = ['all', 'any', 'not', 'condition'] as const;
const LEAF_KEYS = ['fact', 'path', 'params', 'operator', 'value'];

export class ConditionProblems {
  readonly #scope: ConditionScope;
  readonly #problems: Problem[] = [];
  /** Leaves of each named condition, with those that it names in turn; undefined while they are counted. */
  readonly #sizes = new Map<string, number | undefined>();
  /** Conditions that were named somewhere. */
  readonly #used = new Set<string>();

  constructor(scope: ConditionScope) {
    this.#scope = scope;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Named conditions, and those that no case names. To be called after the cases. */
  checkNamed(): void {
    for (const [name, condition] of Object.entries(this.#scope.named)) {
      this.#condition(condition, `/conditions/${token(name)}`, 1);
    }
    for (const name of Object.keys(this.#scope.named)) {
      if (this.#sizeOfNamed(name) === undefined)
        this.#add(`/conditions/${token(name)}`, `condition '${name}' leads back to itself.`, true);
      else if (!this.#used.has(name))
        this.#add(`/conditions/${token(name)}`, `nothing names condition '${name}'.`, true);
    }
  }

  /** The conditions of a case. */
  check(condition: unknown, pointer: string): void {
    if (isRecord(condition) && 'fact' in condition && !CONNECTIVES.some((key) => key in condition)) {
      this.#add(pointer, 'a single condition stands in a list: { "all": [ … ] }.');
      return;
    }
    this.#condition(condition, pointer, 1);
    if ((this.#sizeOf(condition) ?? 0) > MOST_LEAVES)
      this.#add(pointer, `more than ${MOST_LEAVES} conditions, named ones counted wherever they are named.`);
  }

  /** A fact that message data is made from. */
  checkReference(reference: unknown, pointer: string): void {
    this.#reference(reference, pointer);
  }

  #condition(condition: unknown, pointer: string, depth: number): void {
    if (!isRecord(condition)) {
      this.#add(pointer, `found ${show(condition)}, expected a condition: all, any, not, condition or fact.`);
      return;
    }
    if (depth > DEEPEST) {
      this.#add(pointer, `more than ${DEEPEST} conditions inside each other.`);
      return;
    }
    const kinds = [...CONNECTIVES, 'fact'].filter((key) => key in condition);
    const [kind] = kinds;
    if (kind === undefined) {
      this.#unknownKeys(condition, [...CONNECTIVES, ...LEAF_KEYS], pointer);
      if (Object.keys(condition).every((key) => LEAF_KEYS.includes(key)))
        this.#add(pointer, 'no fact is named. Expected all, any, not, condition or fact.');
      return;
    }
    if (kinds.length > 1) {
      this.#add(pointer, `'${kinds.join("' and '")}' stand side by side. Put one into the other.`);
      return;
    }
    if (kind === 'fact') {
      this.#leaf(condition, pointer);
      return;
    }
    this.#unknownKeys(condition, [kind], pointer);
    const inner = condition[kind];
    if (kind === 'not') this.#condition(inner, `${pointer}/not`, depth + 1);
    else if (kind === 'condition') this.#name(inner, `${pointer}/condition`);
    else if (!Array.isArray(inner) || inner.length === 0)
      this.#add(`${pointer}/${kind}`, `found ${show(inner)}, expected a list of at least one condition.`);
    else {
      for (const [at, part] of inner.entries()) this.#condition(part, `${pointer}/${kind}/${at}`, depth + 1);
    }
  }

  #name(name: unknown, pointer: string): void {
    const names = Object.keys(this.#scope.named);
    if (typeof name === 'string' && Object.hasOwn(this.#scope.named, name)) {
      this.#used.add(name);
      return;
    }
    const expected = names.length === 0 ? "The check has no 'conditions'." : `Expected ${names.join(', ')}.`;
    const hint = typeof name === 'string' ? didYouMean(name, names) : '';
    this.#add(pointer, `there is no condition ${show(name)}. ${expected}${hint}`);
  }

  #leaf(leaf: Readonly<Record<string, unknown>>, pointer: string): void {
    this.#unknownKeys(leaf, LEAF_KEYS, pointer);
    const fact = this.#reference(leaf, pointer, true);
    const operator = this.#operator(leaf['operator'], fact, pointer);
    if (!('value' in leaf)) this.#add(pointer, "'value' is missing.");
    else if (fact !== undefined && operator !== undefined)
      this.#value(leaf['value'], OPERATORS[operator].value, fact, `${pointer}/value`);
  }

  #unknownKeys(object: Readonly<Record<string, unknown>>, known: readonly string[], pointer: string): void {
    for (const key of Object.keys(object)) {
      if (known.includes(key)) continue;
      const expected = `Expected ${known.join(', ')}.${didYouMean(key, known)}`;
      this.#add(`${pointer}/${token(key)}`, `unknown key '${key}'. ${expected}`, true);
    }
  }

  /** What a reference to a fact, one of its members or an option means. */
  #reference(reference: unknown, pointer: string, isLeaf = false): KnownFact | undefined {
    if (!isRecord(reference)) {
      this.#add(pointer, `found ${show(reference)}, expected { "fact": … } or { "option": … }.`);
      return undefined;
    }
    if (!isLeaf) this.#unknownKeys(reference, ['fact', 'path', 'params'], pointer);
    const { fact, path, params } = reference;
    if (fact === OPTION) return this.#optionFact(reference, pointer);
    if (params !== undefined)
      this.#add(`${pointer}/params`, `only the fact 'option' takes params, as in { "name": … }.`, true);
    const known = typeof fact === 'string' ? this.#scope.facts.get(fact) : undefined;
    if (known === undefined || typeof fact !== 'string') {
      const names = [...this.#scope.facts.keys(), OPTION];
      const others = typeof fact === 'string' ? (this.#scope.elsewhere.get(fact) ?? []) : [];
      const hint =
        others.length > 0
          ? ` It is a fact of ${others.join(' and ')}.`
          : typeof fact === 'string'
            ? didYouMean(fact, names)
            : '';
      this.#add(
        `${pointer}/fact`,
        `${this.#scope.target} has no fact ${show(fact)}. Expected ${names.join(', ')}.${hint}`,
      );
      return undefined;
    }
    if (!('paths' in known)) {
      if (path !== undefined)
        this.#add(`${pointer}/path`, `fact '${fact}' is one value: leave the path out.`, true);
      return known;
    }
    const paths = [...known.paths.keys()];
    const member = typeof path === 'string' ? known.paths.get(path) : undefined;
    if (member === undefined) {
      const hint = typeof path === 'string' ? didYouMean(path, paths) : '';
      const found = path === undefined ? 'has several members: name one by a path' : `has no ${show(path)}`;
      this.#add(
        path === undefined ? pointer : `${pointer}/path`,
        `fact '${fact}' ${found}. Expected ${paths.join(', ')}.${hint}`,
      );
    }
    return member;
  }

  #optionFact(reference: Readonly<Record<string, unknown>>, pointer: string): KnownFact | undefined {
    const { path, params } = reference;
    if (path !== undefined) this.#add(`${pointer}/path`, "fact 'option' takes params, no path.", true);
    const name = isRecord(params) && Object.keys(params).length === 1 ? params['name'] : undefined;
    if (typeof name !== 'string') {
      this.#add(pointer, `fact 'option' needs the option's name: "params": { "name": … }.`);
      return undefined;
    }
    const schema = this.#option(name, `${pointer}/params/name`);
    if (schema === undefined) return undefined;
    if (schema.type === 'array') return { type: 'texts' };
    if (schema.type !== 'string') return { type: schema.type === 'boolean' ? 'boolean' : 'number' };
    return schema.enum === undefined ? { type: 'text' } : { type: 'closed', values: schema.enum.map(String) };
  }

  #option(name: unknown, pointer: string): OptionSchema | undefined {
    const { options } = this.#scope;
    if (typeof name === 'string' && Object.hasOwn(options, name)) return options[name];
    const names = Object.keys(options);
    const expected = names.length === 0 ? "The check has no 'meta.schema'." : `Expected ${names.join(', ')}.`;
    const hint = typeof name === 'string' ? didYouMean(name, names) : '';
    this.#add(pointer, `there is no option ${show(name)}. ${expected}${hint}`);
    return undefined;
  }

  #operator(operator: unknown, fact: KnownFact | undefined, pointer: string): OperatorName | undefined {
    if (operator === undefined) {
      this.#add(pointer, "'operator' is missing.");
      return undefined;
    }
    const all = operatorNames();
    const name = all.find((candidate) => candidate === operator);
    const allowed = fact === undefined ? all : all.filter((candidate) => takes(candidate, fact.type));
    if (name !== undefined && allowed.includes(name)) return name;
    const problem =
      name === undefined
        ? `there is no operator ${show(operator)}.`
        : `operator '${name}' is not for facts of this type.`;
    const hint = name === undefined && typeof operator === 'string' ? didYouMean(operator, all) : '';
    this.#add(`${pointer}/operator`, `${problem} Expected ${allowed.join(', ')}.${hint}`);
    return undefined;
  }

  #value(value: unknown, kind: ValueKind, fact: KnownFact, pointer: string): void {
    if (isRecord(value) && 'option' in value) {
      this.#unknownKeys(value, ['option'], pointer);
      const schema = this.#option(value['option'], `${pointer}/option`);
      if (schema === undefined) return;
      const wrong = optionTypeProblem(schema, kind, fact);
      if (wrong !== undefined) this.#add(`${pointer}/option`, wrong);
    } else if (isRecord(value)) {
      const other = this.#reference(value, pointer);
      if (other === undefined) return;
      const wrong = factTypeProblem(other, kind, fact);
      if (wrong !== undefined) this.#add(pointer, wrong);
    } else this.#literal(value, kind, fact, pointer);
  }

  #literal(value: unknown, kind: ValueKind, fact: KnownFact, pointer: string): void {
    const isList = Array.isArray(value);
    if (kind === 'list' && !isList) {
      this.#add(pointer, `found ${show(value)}, expected a list of values.`);
      return;
    }
    if (isList && (kind === 'same' || kind === 'member' || kind === 'age')) {
      this.#add(pointer, 'found a list, expected one value.');
      return;
    }
    const items: readonly unknown[] = isList ? value : [value];
    if (items.length === 0) this.#add(pointer, 'the list is empty.');
    if (items.length > MOST_VALUES) {
      this.#add(pointer, `found ${items.length} values, expected at most ${MOST_VALUES}.`);
      return;
    }
    if (new Set(items).size < items.length) this.#add(pointer, 'a value is there twice.');
    for (const [at, item] of items.entries()) {
      const place = isList ? `${pointer}/${at}` : pointer;
      const wrong = literalProblem(item, kind, fact);
      if (wrong !== undefined) this.#add(place, `found ${show(item)}, ${wrong}`);
    }
  }

  #add(pointer: string, message: string, key = false): void {
    this.#problems.push({ pointer, key, message });
  }

  /** Leaves with named conditions put in place; undefined where they lead back to themselves. */
  #sizeOf(condition: unknown, depth = 0): number | undefined {
    if (!isRecord(condition) || depth > DEEPEST) return 0;
    if ('fact' in condition) return 1;
    if ('not' in condition) return this.#sizeOf(condition['not'], depth + 1);
    if (typeof condition['condition'] === 'string') return this.#sizeOfNamed(condition['condition']);
    const parts: unknown = condition['all'] ?? condition['any'];
    let size: number | undefined = 0;
    for (const part of Array.isArray(parts) ? parts : []) {
      const one = this.#sizeOf(part, depth + 1);
      size = size === undefined || one === undefined ? undefined : size + one;
    }
    return size;
  }

  #sizeOfNamed(name: string): number | undefined {
    if (this.#sizes.has(name)) return this.#sizes.get(name);
    if (!Object.hasOwn(this.#scope.named, name)) return 0;
    this.#sizes.set(name, undefined);
    const size = this.#sizeOf(this.#scope.named[name]);
    this.#sizes.set(name, size);
    return size;
  }
}

function operatorNames(): OperatorName[] {
  return Object.keys(OPERATORS).filter((name): name is OperatorName => name in OPERATORS);
}

function takes(operator: OperatorName, type: FactType): boolean {
  const types: readonly FactType[] = OPERATORS[operator].on;
  return types.includes(type);
}

function literalProblem(item: unknown, kind: ValueKind, fact: KnownFact): string | undefined {
  if (!isLiteral(item)) return 'expected a value.';
  if (kind !== 'same' && kind !== 'list' && kind !== 'member') {
    const wrong = valueProblem(kind, item);
    return wrong === undefined ? undefined : `${wrong}.`;
  }
  if (kind === 'member') return typeof item === 'string' ? undefined : 'expected text.';
  switch (fact.type) {
    case 'closed': {
      const values = fact.values ?? [];
      if (typeof item === 'string' && values.includes(item)) return undefined;
      return `expected ${values.join(', ')}.${typeof item === 'string' ? didYouMean(item, values) : ''}`;
    }
    case 'number':
      return typeof item === 'number' ? undefined : 'expected a number.';
    case 'boolean':
      return typeof item === 'boolean' ? undefined : 'expected true or false.';
    case 'day':
      return typeof item === 'string' && (item === '' || isDay(item))
        ? undefined
        : 'expected a day, such as 2026-01-31.';
    default:
      return typeof item === 'string' ? undefined : 'expected text.';
  }
}

function optionTypeProblem(schema: OptionSchema, kind: ValueKind, fact: KnownFact): string | undefined {
  const isList = schema.type === 'array';
  if (kind === 'list' && !isList) return 'the option is one value, expected a list.';
  if (isList && (kind === 'same' || kind === 'member' || kind === 'age'))
    return 'the option is a list, expected one value.';
  const item = isList ? schema.items : schema;
  const isNumber = item.type === 'integer' || item.type === 'number';
  if (kind === 'ports')
    return isNumber || item.type === 'string' ? undefined : 'expected an option of ports.';
  if (kind === 'same' || kind === 'list') {
    if (fact.type === 'number') return isNumber ? undefined : 'expected an option that is a number.';
    if (fact.type === 'boolean')
      return item.type === 'boolean' ? undefined : 'expected an option that is true or false.';
    if (fact.type === 'closed') {
      const values = fact.values ?? [];
      const isWithin = item.enum?.every((one) => typeof one === 'string' && values.includes(one)) ?? false;
      return isWithin ? undefined : `expected an option whose enum has only ${values.join(', ')}.`;
    }
  }
  return item.type === 'string' ? undefined : 'expected an option that is text.';
}

/** Types of facts that may stand on the right side, where it is not the type of the left one. */
const RIGHT: Readonly<Partial<Record<ValueKind, readonly FactType[]>>> = {
  fqdns: ['host', 'hosts'],
  cidrs: ['addresses'],
  ports: ['ports'],
  tags: ['tags'],
};
const MEMBER: Readonly<Partial<Record<FactType, FactType>>> = { texts: 'text', hosts: 'host' };
const LIST: Readonly<Partial<Record<FactType, FactType>>> = { text: 'texts', host: 'hosts' };

function factTypeProblem(other: KnownFact, kind: ValueKind, fact: KnownFact): string | undefined {
  if (kind === 'same' && other.type === fact.type) {
    const common = fact.values?.some((value) => other.values?.includes(value)) ?? true;
    return common ? undefined : 'the two facts have no value in common.';
  }
  const fits =
    (kind === 'member' && MEMBER[fact.type] === other.type) ||
    (kind === 'list' && LIST[fact.type] === other.type) ||
    (RIGHT[kind]?.includes(other.type) ?? false);
  return fits ? undefined : 'the operator does not compare with a fact of this type.';
}

function isLiteral(value: unknown): value is Literal {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
