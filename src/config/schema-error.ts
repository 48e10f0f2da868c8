import { didYouMean } from '../profile/did-you-mean.ts';
import { ConfigError, type Position } from './source.ts';

/** The part of Ajv's error object that is read here; `data` and `parentSchema` come with its option `verbose`. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly data?: unknown;
  readonly parentSchema?: unknown;
}

export interface Problem {
  readonly pointer: string;
  /** True where the member's name is meant, not its value. */
  readonly key: boolean;
  readonly message: string;
}

/** All that is wrong with a file in one error, a line each, in the order of the file. */
export function schemaErrorIn(
  path: string,
  source: { readonly positionOf: (pointer: string, key?: boolean) => Position | undefined },
  errors: readonly SchemaError[],
): ConfigError {
  const problems = errors.filter(isOwnProblem).map((error) => {
    const { pointer, key, message } = problemOf(error);
    return { message, position: source.positionOf(pointer, key) };
  });
  problems.sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
  const [first, ...others] = problems;
  const rest = others.map(
    ({ position, message }) =>
      `\n${path}${position === undefined ? '' : `:${position.line}:${position.column}`}: ${message}`,
  );
  return new ConfigError(path, `${first?.message ?? 'is not valid'}${rest.join('')}`, first?.position);
}

/** What a branch of `anyOf` or `if` misses is said by the keyword as a whole, or by the branch that was taken. */
function isOwnProblem({ keyword, schemaPath }: SchemaError): boolean {
  return keyword !== 'if' && !/\/anyOf\//.test(schemaPath);
}

/** What is wrong in the words of the configuration: where, what was found, what is allowed. */
export function problemOf(error: SchemaError): Problem {
  const { instancePath, keyword, params } = error;
  const where = instancePath === '' ? '' : `${dotted(instancePath)}: `;
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const allowed = allowedNames(error.parentSchema);
    return {
      pointer: `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      key: true,
      message: `${where}unknown key '${name}'. Expected ${allowed.join(', ')}.${didYouMean(name, allowed)}`,
    };
  }
  return { pointer: instancePath, key: false, message: where + clauseOf(error) };
}

function clauseOf({ keyword, params, data, message, parentSchema }: SchemaError): string {
  const found = `found ${show(data)}`;
  switch (keyword) {
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      const hint = typeof data === 'string' ? didYouMean(data, allowed) : '';
      return `${found}, expected ${allowed.join(', ')}.${hint}`;
    }
    case 'type':
      return `${found}, expected ${[params['type']].flat().map(nameOfType).join(' or ')}.`;
    case 'required':
      return `'${String(params['missingProperty'])}' is missing.`;
    case 'const':
      return `${found}, expected ${show(params['allowedValue'])}.`;
    case 'pattern':
      return `${found}, expected ${exampleIn(parentSchema)}.`;
    case 'anyOf':
      return `expected one of ${requiredNames(parentSchema).join(', ')} beside it.`;
    case 'minItems':
      return params['limit'] === 1
        ? 'the list is empty: leave it out, or name at least one.'
        : `the list is too short, expected ${String(params['limit'])} members.`;
    case 'maxItems':
      return `the list is too long, expected ${String(params['limit'])} members.`;
    case 'minimum':
    case 'maximum':
      return `${found}, expected a number ${String(params['comparison'])} ${String(params['limit'])}.`;
    default:
      return `${found}, which ${message ?? 'is not valid'}.`;
  }
}

function allowedNames(schema: unknown): string[] {
  const properties =
    typeof schema === 'object' && schema !== null && 'properties' in schema ? schema.properties : undefined;
  return typeof properties === 'object' && properties !== null
    ? Object.keys(properties).filter((name) => name !== '$schema')
    : [];
}

/** The names that the branches of an `anyOf` require. */
function requiredNames(schema: unknown): string[] {
  const branches =
    typeof schema === 'object' && schema !== null && 'anyOf' in schema ? [schema.anyOf].flat() : [];
  return branches.flatMap((branch: unknown) =>
    typeof branch === 'object' && branch !== null && 'required' in branch
      ? [branch.required].flat().map(String)
      : [],
  );
}

/** A pattern alone says little to people: the schema's own examples, where it has some. */
function exampleIn(schema: unknown): string {
  const examples =
    typeof schema === 'object' && schema !== null && 'examples' in schema ? [schema.examples].flat() : [];
  return examples.length === 0 ? 'some text' : `something like ${examples.map(String).join(' or ')}`;
}

/** `/allow/0/ports` → `allow[0].ports`. */
function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token, at) => (/^\d+$/.test(token) ? `[${token}]` : `${at === 0 ? '' : '.'}${token}`))
    .join('');
}

function nameOfType(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'keys with values',
    string: 'text',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return names[String(type)] ?? String(type);
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}
