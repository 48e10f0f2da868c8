import type { CheckResult } from '../checks/run.ts';
import { lineStarts, locate } from '../locate/index.ts';
import { literalPattern } from '../model/literal-pattern.ts';
import type { Place } from '../model/place.ts';
import type { Policy } from '../model/policy.ts';
import { hasSymbol } from '../model/symbol.ts';
import type { Value } from '../parsers/value.ts';
import type { Run } from '../reporters/report.ts';

const HIDDEN = '(sensitive)';

/** Shorter texts are hidden only where they are the whole value: they occur in every second word. */
const SHORTEST_PART = 4;

/** Words that every rule is made of; a reader of rules learns nothing from them. */
const COMMON = /^(?:https?|mssql|tcp|udp|icmp|any|allow|deny|dnat|alert|off|true|false|\*)$/i;

/** Data of requirements that comes from the tables of AKS. */
const PUBLIC: ReadonlySet<string> = new Set(['destination', 'service', 'alternatives']);

/** What separates the parts of an identity: rule, destination and service of an entry. */
const SEPARATOR = ' › ';

/**
 * Keeps values that are marked as sensitive out of reports. A value is known by its place and by its text, since both may
 * come back alone: the text in a name that was built from it, the place in what a function decoded.
 */
export class Concealment {
  /** Lower case. */
  readonly #texts = new Set<string>();
  readonly #places = new Map<string, Place[]>();
  readonly #values = new Map<string, string>();
  readonly #parts: Occurrences;
  readonly #unquoted: Occurrences;

  constructor(marked: readonly Value[], policies: readonly Policy[] = []) {
    for (const value of marked) this.#add(value);
    for (const { rules } of this.#places.size === 0 ? [] : policies) {
      for (const { sources, destinations } of rules) {
        for (const { text, place } of [...sources, ...destinations])
          if (this.#holds(place)) this.#addText(text);
      }
    }
    const parts = [...this.#texts].filter((text) => text.length >= SHORTEST_PART);
    this.#parts = new Occurrences(parts, '', '');
    // A text of letters alone is a word that our own sentences may have; where it is a value, it stands in quotes.
    const unlikeWords = parts.filter((text) => !/^\p{L}+$/u.test(text));
    this.#unquoted = new Occurrences(unlikeWords, '(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])');
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** A finding's message. What AKS needs is no secret, so the destination of a requirement stays. */
  ofMessage({ message, data, subject }: CheckResult): string {
    if (this.isEmpty) return message;
    const isPublic = (name: string): boolean => subject.target === 'requirement' && PUBLIC.has(name);
    const values = Object.entries(data).flatMap(([name, text]) => (isPublic(name) ? [] : text));
    let shown = message;
    for (const text of values.sort((a, b) => b.length - a.length)) {
      const concealed = this.of(text);
      if (concealed !== text) shown = shown.replaceAll(text, concealed);
    }
    return shown;
  }

  /** A sentence or clause whose values stand in quotes, or a value alone. */
  of(text: string): string {
    if (this.isEmpty) return text;
    if (!/[ ']/.test(text)) return this.#ofValue(text);
    const quoted = text.replaceAll(/'([^']*)'/g, (_whole, value: string) => `'${this.#ofValue(value)}'`);
    return this.#unquoted.replaced(quoted, () => HIDDEN);
  }

  ofIdentity(identity: string): string {
    return identity
      .split(SEPARATOR)
      .map((part) => this.of(part))
      .join(SEPARATOR);
  }

  ofRun(run: Run): Run {
    if (this.isEmpty) return run;
    const { policy, region, sources, profile, requirements } = run;
    return {
      ...run,
      policy: this.of(policy),
      region: this.of(region),
      sources: sources.map((source) => this.of(source)),
      profile: Object.fromEntries(
        Object.entries(profile).map(([name, fact]) => {
          const { value } = fact;
          if (typeof value === 'boolean') return [name, fact];
          return [
            name,
            { ...fact, value: typeof value === 'string' ? this.of(value) : value.map((one) => this.of(one)) },
          ];
        }),
      ),
      requirements: requirements.map((row) => ({
        ...row,
        coveredBy: row.coveredBy.map((entry) => this.ofIdentity(entry)),
        note: this.of(row.note),
      })),
    };
  }

  /** A file's text for quoting: as long as it is, so that columns stay. */
  ofFile(path: string, text: string): string {
    if (this.isEmpty) return text;
    const places = this.#places.get(path) ?? [];
    if (places.some(({ pointer, span }) => pointer === '' && span === undefined)) return masked(text);
    let shown = '';
    let done = 0;
    for (const { start, end } of spansOf(text, places)) {
      if (end <= done) continue;
      const from = Math.max(start, done);
      shown += text.slice(done, from) + masked(text.slice(from, end));
      done = end;
    }
    shown += text.slice(done);
    return this.#parts.replaced(shown, masked);
  }

  #ofValue(value: string): string {
    const known = this.#values.get(value) ?? this.#concealed(value);
    this.#values.set(value, known);
    return known;
  }

  #concealed(value: string): string {
    const lowered = value.toLowerCase();
    if (this.#texts.has(lowered)) return HIDDEN;
    const isPart = value.length >= SHORTEST_PART && !COMMON.test(value);
    if (isPart && [...this.#texts].some((text) => text.includes(lowered))) return HIDDEN;
    return this.#parts.replaced(value, () => HIDDEN);
  }

  #add(value: Value): void {
    switch (value.kind) {
      case 'array':
        for (const item of value.items) this.#add(item);
        return;
      case 'object':
        for (const { value: member } of value.members.values()) this.#add(member);
        return;
      case 'string':
        this.#addText(value.value);
        break;
      case 'number':
        this.#addText(String(value.value));
        break;
      case 'boolean':
        break;
      default:
        return;
    }
    const { path } = value.place;
    const known = this.#places.get(path);
    if (known === undefined) this.#places.set(path, [value.place]);
    else known.push(value.place);
  }

  #addText(text: string): void {
    if (text !== '' && !hasSymbol(text) && !COMMON.test(text)) this.#texts.add(text.toLowerCase());
  }

  #holds({ path, pointer, span }: Place): boolean {
    return (this.#places.get(path) ?? []).some((marked) =>
      marked.span === undefined || span === undefined
        ? pointer === marked.pointer || pointer.startsWith(`${marked.pointer}/`)
        : span.start >= marked.span.start && span.end <= marked.span.end,
    );
  }
}

/** An expression of all texts can be larger than engines take: a kubeconfig alone has tens of thousands of letters. */
const LONGEST_PATTERN = 4000;

/** Texts wherever they occur, case not counting, the longest first. */
class Occurrences {
  readonly #patterns: readonly RegExp[];
  /** Too long for a pattern, lower case. */
  readonly #long: readonly string[];

  constructor(texts: readonly string[], before: string, after: string) {
    const longestFirst = [...texts].sort((a, b) => b.length - a.length);
    this.#long = longestFirst.filter((text) => text.length > LONGEST_PATTERN);
    const groups: string[] = [];
    for (const text of longestFirst.slice(this.#long.length)) {
      const escaped = literalPattern(text);
      const last = groups.at(-1);
      if (last !== undefined && last.length + escaped.length < 2 * LONGEST_PATTERN)
        groups[groups.length - 1] = `${last}|${escaped}`;
      else groups.push(escaped);
    }
    this.#patterns = groups.map((group) => new RegExp(`${before}(?:${group})${after}`, 'giu'));
  }

  replaced(text: string, replacement: (found: string) => string): string {
    let shown = text;
    for (const long of this.#long) {
      const at = shown.toLowerCase().indexOf(long);
      if (at < 0) continue;
      const end = at + long.length;
      shown = shown.slice(0, at) + replacement(shown.slice(at, end)) + shown.slice(end);
    }
    for (const pattern of this.#patterns) shown = shown.replaceAll(pattern, replacement);
    return shown;
  }
}

/** Where places stand, in order. */
function spansOf(text: string, places: readonly Place[]): { start: number; end: number }[] {
  const starts = lineStarts(text);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column - 1;
  const pointers = places.filter(({ span }) => span === undefined);
  return [
    ...places.flatMap(({ span }) => span ?? []),
    ...locate(text, pointers).map((region) => ({
      start: offset(region.startLine, region.startColumn),
      end: offset(region.endLine, region.endColumn),
    })),
  ].sort((a, b) => a.start - b.start);
}

function masked(text: string): string {
  return text.replaceAll(/[^\r\n"]/g, '•');
}
