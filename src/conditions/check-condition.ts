import type { OperatorName } from './operator-table.ts';

/**
 * Conditions of checks: json-rules-engine's grammar with named conditions, paths, parameters and `value: {fact}`, and
 * with values from options. Its priorities and operator decorators are left out.
 */
export type Literal = string | number | boolean;

/** What a condition reads: a fact, or one member of it, or a fact that takes parameters. */
export interface FactReference {
  readonly fact: string;
  /** `$.description`: one member of a fact that has several. */
  readonly path?: string;
  readonly params?: Readonly<Record<string, string>>;
}

export interface OptionReference {
  readonly option: string;
}

export type ResolvedValue = Literal | readonly Literal[] | FactReference;

export interface CheckLeaf<V = ResolvedValue | OptionReference> extends FactReference {
  readonly operator: OperatorName;
  readonly value: V;
}

/** As a check writes it. */
export type CheckCondition =
  | { readonly all: readonly CheckCondition[] }
  | { readonly any: readonly CheckCondition[] }
  | { readonly not: CheckCondition }
  | { readonly condition: string }
  | CheckLeaf;

/** With named conditions and options filled in. */
export type ResolvedCondition =
  | { readonly all: readonly ResolvedCondition[] }
  | { readonly any: readonly ResolvedCondition[] }
  | { readonly not: ResolvedCondition }
  | CheckLeaf<ResolvedValue>;

export type NamedConditions = Readonly<Record<string, CheckCondition>>;
export type OptionValues = Readonly<Record<string, Literal | readonly Literal[]>>;

export function isReference(value: unknown): value is FactReference {
  return typeof value === 'object' && value !== null && 'fact' in value;
}

/**
 * Puts named conditions and the values of options in their places.
 *
 * @throws {Error} where a name does not exist or leads back to itself: src/checks refuses such a check before.
 */
export function resolveCondition(
  condition: CheckCondition,
  named: NamedConditions,
  options: OptionValues,
  open: readonly string[] = [],
): ResolvedCondition {
  const resolve = (part: CheckCondition): ResolvedCondition => resolveCondition(part, named, options, open);
  if ('all' in condition) return { all: condition.all.map(resolve) };
  if ('any' in condition) return { any: condition.any.map(resolve) };
  if ('not' in condition) return { not: resolve(condition.not) };
  if ('condition' in condition) {
    const { condition: name } = condition;
    const meant = Object.hasOwn(named, name) ? named[name] : undefined;
    if (meant === undefined) throw new Error(`There is no condition '${name}'`);
    if (open.includes(name)) throw new Error(`Condition '${name}' leads back to itself`);
    return resolveCondition(meant, named, options, [...open, name]);
  }
  const { value } = condition;
  if (typeof value !== 'object' || !('option' in value)) return { ...condition, value };
  const set = Object.hasOwn(options, value.option) ? options[value.option] : undefined;
  if (set === undefined) throw new Error(`There is no option '${value.option}'`);
  return { ...condition, value: set };
}

/** Everything that a condition reads, the facts that it compares with included, each once, in order of writing. */
export function referencesOf(condition: ResolvedCondition): FactReference[] {
  const found = new Map<string, FactReference>();
  const visit = (part: ResolvedCondition): void => {
    if ('all' in part) part.all.forEach(visit);
    else if ('any' in part) part.any.forEach(visit);
    else if ('not' in part) visit(part.not);
    else {
      found.set(keyOf(part), part);
      if (isReference(part.value)) found.set(keyOf(part.value), part.value);
    }
  };
  visit(condition);
  return [...found.values()].map(({ fact, path, params }) => ({
    fact,
    ...(path === undefined ? {} : { path }),
    ...(params === undefined ? {} : { params }),
  }));
}

/** Equal for two references that read the same. */
export function keyOf({ fact, path = '', params }: FactReference): string {
  // No fact's name begins as a list does.
  if (path === '' && params === undefined) return fact;
  return JSON.stringify([fact, path, Object.entries(params ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Every leaf as a check writes it, those of named conditions left out, in order of writing. */
export function checkLeavesOf(condition: CheckCondition): CheckLeaf[] {
  if ('fact' in condition) return [condition];
  if ('not' in condition) return checkLeavesOf(condition.not);
  if ('condition' in condition) return [];
  return ('all' in condition ? condition.all : condition.any).flatMap(checkLeavesOf);
}

/** `$.description` → `description`. */
export function memberOf(path: string): string {
  return path.replace(/^\$\./, '');
}

const NEVER_OF_NONE: readonly OperatorName[] = [
  ...([
    'in',
    'textMatches',
    'fqdnMatches',
    'fqdnCovers',
    'cidrWithin',
    'cidrOverlaps',
    'portsWithin',
    'hasTag',
  ] as const),
];

/**
 * Without the parts that an empty list settles: an option with exceptions is empty by default, and then the facts that the
 * exceptions are about do not matter.
 *
 * @returns a condition in which no `all` or `any` is empty, or the answer
 */
export function simplify(condition: ResolvedCondition): ResolvedCondition | boolean {
  if ('not' in condition) {
    const inner = simplify(condition.not);
    return typeof inner === 'boolean' ? !inner : { not: inner };
  }
  if ('fact' in condition) {
    const { operator, value } = condition;
    if (typeof value !== 'object' || 'fact' in value || value.length > 0) return condition;
    if (operator === 'notIn') return true;
    return NEVER_OF_NONE.includes(operator) ? false : condition;
  }
  const isAll = 'all' in condition;
  const parts: ResolvedCondition[] = [];
  for (const part of isAll ? condition.all : condition.any) {
    const simple = simplify(part);
    if (simple === !isAll) return simple;
    if (typeof simple !== 'boolean') parts.push(simple);
  }
  if (parts.length === 0) return isAll;
  return isAll ? { all: parts } : { any: parts };
}
