import { basename } from 'node:path';
import { InputError, UsageError } from '../errors.ts';
import { spanOf } from '../parsers/json/pointers.ts';
import { readJson } from '../parsers/json/read.ts';
import { positionAt } from '../parsers/json/value.ts';
import type { Value } from '../parsers/value.ts';
import { PACKAGE_KEY } from './find.ts';

/** Offsets in UTF-16 code units, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A configuration that cannot be used, with its place. */
export class ConfigError extends UsageError {
  readonly path: string;
  readonly position: Position | undefined;

  constructor(path: string, message: string, position?: Position) {
    super(message);
    this.path = path;
    this.position = position;
  }
}

/** Offsets in a text, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A configuration file as data, and where each part of it stands. */
export interface ConfigSource {
  readonly data: unknown;
  /** `key` asks for the member's name instead of its value. */
  readonly spanOf: (pointer: string, key?: boolean) => Span | undefined;
  /** One-based; `key` asks for the member's name instead of its value. */
  readonly positionOf: (pointer: string, key?: boolean) => Position | undefined;
}

/**
 * Reads YAML, or JSON with comments where the name ends in `.json` or the caller says so.
 * @param path for messages
 */
export async function readConfigText(path: string, text: string, format?: 'json'): Promise<ConfigSource> {
  if (format === 'json' || path.endsWith('.json')) return jsonSource(path, text);
  // Half as long to load as all of the rest, so only where there is YAML.
  const { LineCounter, isNode, isPair, isMap, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined)
    throw new ConfigError(path, `is no valid YAML: ${problem.message}`, at(problem.pos[0]));

  function dataOf(): unknown {
    try {
      // Aliases that stand for aliases could make a few lines into gigabytes.
      return document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      throw new ConfigError(
        path,
        `is no valid YAML: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  function at(offset: number): Position {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }

  function spanOf(pointer: string, key = false): Span | undefined {
    const tokens = tokensOf(pointer);
    const parent: unknown = document.getIn(tokens.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === tokens.at(-1))
      : undefined;
    const node: unknown = key && pair !== undefined ? pair.key : document.getIn(tokens, true);
    return isNode(node) && node.range ? { start: node.range[0], end: node.range[1] } : undefined;
  }

  return {
    data: dataOf(),
    spanOf,
    positionOf(pointer, key) {
      const span = spanOf(pointer, key);
      return span === undefined ? undefined : at(span.start);
    },
  };
}

function jsonSource(path: string, text: string): ConfigSource {
  const prefix = basename(path) === 'package.json' ? `/${PACKAGE_KEY}` : '';
  try {
    const whole = plain(readJson(path, text).value);
    const spanIn: ConfigSource['spanOf'] = (pointer, key) => {
      const span = spanOf(text, prefix + pointer, key);
      return span === undefined ? undefined : { start: span.offset, end: span.end };
    };
    return {
      data: prefix === '' ? whole : memberOf(whole, PACKAGE_KEY),
      spanOf: spanIn,
      positionOf(pointer, key) {
        const span = spanIn(pointer, key);
        return span === undefined ? undefined : positionAt(text, span.start);
      },
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { line, column } = error;
    const position = line === undefined || column === undefined ? undefined : { line, column };
    throw new ConfigError(path, error.message, position);
  }
}

function memberOf(value: unknown, key: string): unknown {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []).get(key) ?? {};
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'array':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries(
        [...value.members.values()].map((member) => [member.name, plain(member.value)]),
      );
    case 'string':
    case 'number':
    case 'boolean':
      return value.value;
    case 'null':
    case 'unknown':
      return null;
  }
}

function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
