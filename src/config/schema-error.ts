import { didYouMean } from '../profile/did-you-mean.ts';

/** The part of Ajv's error object that is read here; `data` and `parentSchema` come with its option `verbose`. */
export interface SchemaError {
  readonly instancePath: string;
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

function clauseOf({ keyword, params, data, message }: SchemaError): string {
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
    case 'pattern':
      return `${found}, expected some text.`;
    case 'minItems':
      return 'the list is empty: leave it out, or name at least one.';
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
