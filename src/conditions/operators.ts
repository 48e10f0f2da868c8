import { parseIpRange } from '../model/address.ts';
import { dayBefore, isDay } from '../model/day.ts';
import { ALL_ADDRESSES, ipContains, ipIsEmpty, ipOverlaps, ipSetOf, type IpSet } from '../model/ip-space.ts';
import { isSupportedPattern, nameContains, nameMayOverlap } from '../model/name.ts';
import { contains, normalise, type Span, type Spans } from '../model/spans.ts';
import { hasSymbol } from '../model/symbol.ts';
import { MAX_PORT, portRange } from '../model/ports.ts';
import type { Literal } from './check-condition.ts';
import type { OperatorName, ValueKind } from './operator-table.ts';
import { textPattern } from './text-pattern.ts';

/**
 * What a fact is for one subject; undefined where nothing is known of it. Texts and members of lists may hold symbols
 * (src/model/symbol.ts), which stand for what is not known.
 */
export type FactValue = Literal | readonly string[] | undefined;

/** Holds, does not hold, or, where the fact is not known well enough, undefined. */
export type Test = (found: FactValue) => boolean | undefined;

type Value = Literal | readonly Literal[];

/** One operator with one value, prepared once and asked for many facts. `asOf` is the day of the run. */
export function prepareTest(operator: OperatorName, value: Value, asOf: string): Test {
  const test = PREPARE[operator](value, asOf);
  return (found) => (found === undefined || Number.isNaN(found) ? undefined : test(found));
}

type Known = Exclude<FactValue, undefined>;
type Prepare = (value: Value, asOf: string) => (found: Known) => boolean | undefined;

const PREPARE: Readonly<Record<OperatorName, Prepare>> = {
  equal: (value) => (found) => (isOpen(found) ? undefined : found === value),
  notEqual: (value) => (found) => (isOpen(found) ? undefined : found !== value),
  in: (value) => {
    const values = new Set(listOf(value));
    return (found) => (isOpen(found) ? undefined : values.has(scalar(found)));
  },
  notIn: (value) => {
    const values = new Set(listOf(value));
    return (found) => (isOpen(found) ? undefined : !values.has(scalar(found)));
  },
  contains: (value) => anyOf((member) => (hasSymbol(member) ? undefined : member === value)),
  doesNotContain: (value) => {
    const test = anyOf((member) => (hasSymbol(member) ? undefined : member === value));
    return (found) => negate(test(found));
  },
  lessThan: (value) => (found) => found < value,
  lessThanInclusive: (value) => (found) => found <= value,
  greaterThan: (value) => (found) => found > value,
  greaterThanInclusive: (value) => (found) => found >= value,
  textMatches: (value) => {
    const patterns = texts(value).map(textPattern);
    return anyOf((text) => some(patterns, (pattern) => pattern(text)));
  },
  fqdnMatches: (value) => {
    const patterns = texts(value).map((text) => text.toLowerCase());
    return anyOf((host) => some(patterns, (pattern) => nameContains(pattern, host) || maybe(host, pattern)));
  },
  fqdnCovers: (value) => {
    const names = texts(value).map((text) => text.toLowerCase());
    return anyOf((host) =>
      some(names, (name) => isHost(host) && (nameContains(host, name) || maybe(host, name))),
    );
  },
  cidrWithin: (value) => {
    const ranges = addressSet(texts(value));
    return (found) => {
      const known = addressSet(texts(found));
      if (!ipContains(ranges, known)) return false;
      return texts(found).some(hasSymbol) ? undefined : !ipIsEmpty(known);
    };
  },
  cidrOverlaps: (value) => {
    const ranges = addressSet(texts(value));
    return (found) => {
      if (ipOverlaps(ranges, addressSet(texts(found)))) return true;
      return texts(found).some(hasSymbol) ? undefined : false;
    };
  },
  portsWithin: (value) => {
    const ports = portSet(listOf(value));
    // A policy has thousands of services and few ports.
    const known = new Map<string, 'inside' | 'outside' | 'no port'>();
    const placeOf = (text: string): 'inside' | 'outside' | 'no port' => {
      let place = known.get(text);
      if (place === undefined) {
        const own = portSet([text]);
        place = own.length === 0 ? 'no port' : contains(ports, own) ? 'inside' : 'outside';
        known.set(text, place);
      }
      return place;
    };
    return (found) => {
      const members = texts(found);
      if (members.some((text) => placeOf(text) === 'outside')) return false;
      return members.some(hasSymbol) ? undefined : members.some((text) => placeOf(text) === 'inside');
    };
  },
  hasTag: (value) => {
    const wanted = texts(value).map((tag) => tag.toLowerCase());
    return anyOf((member) => {
      const tag = member.toLowerCase();
      if (wanted.some((name) => tag === name || tag.startsWith(`${name}.`))) return true;
      return hasSymbol(tag) ? undefined : false;
    });
  },
  olderThan: (value, asOf) => {
    const age = /^(\d+) days?$/.exec(String(value));
    const day = age === null ? String(value) : dayBefore(asOf, Number(age[1]));
    return (found) => (isDay(String(found)) ? String(found) < day : false);
  },
};

/** What is wrong with a value as an operator's value: a clause with what is expected; undefined where it is right. */
export function valueProblem(kind: ValueKind, value: Literal): string | undefined {
  switch (kind) {
    case 'fqdns':
      return isHostPattern(value)
        ? undefined
        : 'expected a host name, or a name that begins with *. such as *.blob.core.windows.net';
    case 'cidrs':
      return value === '*' || (typeof value === 'string' && parseIpRange(value) !== undefined)
        ? undefined
        : 'expected an address, a CIDR block or a range, such as 10.0.0.0/8, or * for all';
    case 'ports':
      return portSpan(value) === undefined
        ? 'expected a port or a range of ports, such as 443 or "8000-8100"'
        : undefined;
    case 'patterns':
      return typeof value === 'string' && value !== '' && value.length <= LONGEST_PATTERN
        ? undefined
        : `expected a pattern of 1 to ${LONGEST_PATTERN} characters, such as "*CHG-####*"`;
    case 'tags':
      return typeof value === 'string' && /^[A-Za-z][\w.-]*$/.test(value)
        ? undefined
        : 'expected a tag, such as AzureCloud';
    case 'age':
      return typeof value === 'string' && (isDay(value) || /^\d{1,5} days?$/.test(value))
        ? undefined
        : 'expected a day or a number of days, such as 2026-01-31 or "90 days"';
    case 'same':
    case 'list':
    case 'member':
      return undefined;
  }
}

const LONGEST_PATTERN = 200;

/** Labels of letters, digits, hyphens and underscores, with `*` at the head only, where Azure lets it match. */
function isHostPattern(value: Literal): boolean {
  return (
    typeof value === 'string' &&
    value.length <= 253 &&
    isSupportedPattern(value.toLowerCase()) &&
    /^(\*|(\*\.?)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*)$/i.test(value)
  );
}

function isOpen(found: Known): boolean {
  return typeof found === 'string' && hasSymbol(found);
}

/** Of an entry that is no host the host is empty, and matches nothing. */
function isHost(host: string): boolean {
  return host !== '';
}

/** Could they meet, if the host's symbols had other values? */
function maybe(host: string, pattern: string): boolean | undefined {
  return hasSymbol(host) && nameMayOverlap(pattern, host) ? undefined : false;
}

function negate(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

/** Asks each member of a list, or the one value; a certain yes wins, then doubt. */
function anyOf(test: (member: string) => boolean | undefined): (found: Known) => boolean | undefined {
  return (found) => (typeof found === 'string' ? test(found) : some(texts(found), test));
}

function some<T>(items: readonly T[], test: (item: T) => boolean | undefined): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const item of items) {
    const one = test(item);
    if (one === true) return true;
    if (one === undefined) answer = undefined;
  }
  return answer;
}

function scalar(found: Known): Literal {
  return isList(found) ? '' : found;
}

function listOf(value: Value): readonly Literal[] {
  return isList(value) ? value : [value];
}

function isList<T>(value: Literal | readonly T[]): value is readonly T[] {
  return typeof value === 'object';
}

function texts(value: Value): readonly string[] {
  if (!isList(value)) return [String(value)];
  return value.every((item) => typeof item === 'string') ? value : value.map(String);
}

/** The lists of a model are shared by the entries of a rule. Symbols are no addresses, and are left out. */
const SETS = new WeakMap<readonly string[], IpSet>();

function addressSet(list: readonly string[]): IpSet {
  const known = SETS.get(list);
  if (known !== undefined) return known;
  const set = list.includes('*') ? ALL_ADDRESSES : ipSetOf(list.flatMap((text) => parseIpRange(text) ?? []));
  SETS.set(list, set);
  return set;
}

function portSet(list: readonly Literal[]): Spans {
  return normalise(list.map(portSpan).filter((span) => span !== undefined));
}

/** `443`, `"443"`, `"8000-8100"` or `"*"` as an interval. */
function portSpan(port: Literal): Span | undefined {
  if (port === '*') return [0, MAX_PORT + 1];
  const range = portRange(String(port));
  return range && [range[0], range[1] + 1];
}
