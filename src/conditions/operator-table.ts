/**
 * The operators of conditions: on which types of facts each is allowed, and what it takes as its value. The schema of
 * checks and the validation of checks are made from this table; operators.ts has what they do.
 */

/** `closed`: one of enumerated values. A `hosts`, `addresses`, `ports`, `tags` or `texts` fact is a list, maybe an empty one. */
export type FactType =
  | 'closed'
  | 'text'
  | 'texts'
  | 'host'
  | 'hosts'
  | 'addresses'
  | 'ports'
  | 'tags'
  | 'number'
  | 'day'
  | 'boolean';

/** What the value must be; `same` is the type of the fact, `list` a list of it. */
export type ValueKind =
  'same' | 'list' | 'member' | 'patterns' | 'fqdns' | 'cidrs' | 'ports' | 'tags' | 'age';

export interface OperatorType {
  readonly on: readonly FactType[];
  readonly value: ValueKind;
  readonly about: string;
}

export const OPERATORS = {
  equal: {
    on: ['closed', 'text', 'host', 'number', 'day', 'boolean'],
    value: 'same',
    about: 'The fact is the value.',
  },
  notEqual: {
    on: ['closed', 'text', 'host', 'number', 'day', 'boolean'],
    value: 'same',
    about: 'The fact is not the value.',
  },
  in: { on: ['closed', 'text', 'host', 'number'], value: 'list', about: 'The fact is one of the values.' },
  notIn: {
    on: ['closed', 'text', 'host', 'number'],
    value: 'list',
    about: 'The fact is none of the values.',
  },
  contains: {
    on: ['texts', 'hosts', 'addresses', 'ports', 'tags'],
    value: 'member',
    about: 'The list has the value, letter by letter.',
  },
  doesNotContain: {
    on: ['texts', 'hosts', 'addresses', 'ports', 'tags'],
    value: 'member',
    about: 'The list does not have the value.',
  },
  lessThan: { on: ['number'], value: 'same', about: 'The number is less than the value.' },
  lessThanInclusive: { on: ['number'], value: 'same', about: 'The number is at most the value.' },
  greaterThan: { on: ['number'], value: 'same', about: 'The number is more than the value.' },
  greaterThanInclusive: { on: ['number'], value: 'same', about: 'The number is at least the value.' },
  textMatches: {
    on: ['text', 'texts'],
    value: 'patterns',
    about:
      'The whole text, or one of the list, matches one of the patterns: * is any text, ? any character, # a digit. Case does not count.',
  },
  fqdnMatches: {
    on: ['host', 'hosts'],
    value: 'fqdns',
    about: 'Every name of the host, or of one of the hosts, is matched by one of the patterns.',
  },
  fqdnCovers: {
    on: ['host', 'hosts'],
    value: 'fqdns',
    about: 'The host, or one of the hosts, matches every name of one of the patterns.',
  },
  cidrWithin: {
    on: ['addresses'],
    value: 'cidrs',
    about: 'There are addresses, and all of them lie in the ranges.',
  },
  cidrOverlaps: { on: ['addresses'], value: 'cidrs', about: 'An address lies in one of the ranges.' },
  portsWithin: { on: ['ports'], value: 'ports', about: 'There are ports, and all of them are among these.' },
  hasTag: {
    on: ['tags'],
    value: 'tags',
    about:
      'One of the tags is there. AzureCloud also means its regional forms, such as AzureCloud.westeurope. Case does not count.',
  },
  olderThan: {
    on: ['day'],
    value: 'age',
    about:
      'The day lies before the value: a day (2026-01-31), or so many days before the day of the run ("90 days").',
  },
} as const satisfies Record<string, OperatorType>;

export type OperatorName = keyof typeof OPERATORS;
