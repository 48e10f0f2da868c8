import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import validate from '../../schemas/baseline.schema.json?validator';
import { decodeText } from '../parsers/json/decode.ts';
import { readFailure } from './read-failure.ts';
import { schemaErrorIn } from './schema-error.ts';
import { ConfigError, readConfigText } from './source.ts';

/** A finding without its line: the same after the file was reordered. */
export interface BaselineKey {
  readonly check: string;
  readonly policy: string;
  readonly cluster: string | null;
  readonly network: string;
  /** Requirement, destination and service, or the rule or entry. */
  readonly about: string;
}

/** Contract of schemas/baseline.schema.json. */
interface BaselineData {
  readonly schemaVersion: 1;
  readonly findings: readonly BaselineEntry[];
}

interface BaselineEntry {
  readonly policy: string;
  readonly cluster?: string;
  readonly network?: string;
  readonly check: string;
  readonly about: string;
  readonly count?: number;
}

const SCHEMA =
  'https://raw.githubusercontent.com/aks-egress-lint/aks-egress-lint/main/schemas/baseline.schema.json';
const VERSION = 1;

/**
 * Findings by what they are about, with how often: of a thing that the baseline holds once, a second finding is new.
 */
export class Baseline {
  readonly #entries = new Map<string, { entry: BaselineEntry; known: number; seen: number }>();

  constructor(entries: readonly BaselineEntry[] = []) {
    for (const entry of entries) this.#of(entry).known += entry.count ?? 1;
  }

  /** Adds a finding that is accepted from now on. */
  add(key: BaselineKey): void {
    const one = this.#of(entryOf(key));
    one.known += 1;
    one.seen += 1;
  }

  /** Whether a finding was there before; each call counts as one finding. */
  knows(key: BaselineKey): boolean {
    const one = this.#entries.get(idOf(entryOf(key)));
    if (one === undefined) return false;
    one.seen += 1;
    return one.seen <= one.known;
  }

  /**
   * How many findings of the baseline occurred, and how many no longer do. What is about policies that were not judged
   * is neither.
   */
  counts(judged: ReadonlySet<string>): { readonly present: number; readonly gone: number } {
    let present = 0;
    let gone = 0;
    for (const { entry, known, seen } of this.#entries.values()) {
      present += Math.min(known, seen);
      if (judged.has(entry.policy)) gone += Math.max(0, known - seen);
    }
    return { present, gone };
  }

  /** The same without what no longer occurs in the policies that were judged. */
  pruned(judged: ReadonlySet<string>): Baseline {
    return new Baseline(
      [...this.#entries.values()].flatMap(({ entry, known, seen }) => {
        const count = judged.has(entry.policy) ? Math.min(known, seen) : known;
        return count === 0 ? [] : [{ ...entry, count }];
      }),
    );
  }

  /** In a fixed order with a line for each finding, so that a change of one is a change of one line. */
  text(): string {
    const lines = [...this.#entries.values()]
      .map(({ entry: { policy, cluster, network, check, about }, known }): BaselineEntry => ({
        policy,
        ...(cluster === undefined ? {} : { cluster }),
        ...(network === undefined ? {} : { network }),
        check,
        about,
        ...(known === 1 ? {} : { count: known }),
      }))
      .sort(byMeaning)
      .map((entry) => `    ${JSON.stringify(entry)}`);
    const findings = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
    return `{\n  "$schema": ${JSON.stringify(SCHEMA)},\n  "schemaVersion": ${VERSION},\n  "findings": ${findings}\n}\n`;
  }

  #of(entry: BaselineEntry): { entry: BaselineEntry; known: number; seen: number } {
    const id = idOf(entry);
    let one = this.#entries.get(id);
    if (one === undefined) {
      one = { entry, known: 0, seen: 0 };
      this.#entries.set(id, one);
    }
    return one;
  }
}

/**
 * Reads a baseline file.
 * @throws {ConfigError} where it cannot be read or is none
 */
export async function readBaseline(path: string, cwd: string): Promise<Baseline> {
  const source = await readConfigText(path, textOf(path, cwd), 'json');
  const { data } = source;
  if (typeof data === 'object' && data !== null && 'schemaVersion' in data) {
    const { schemaVersion } = data;
    if (typeof schemaVersion === 'number' && schemaVersion > VERSION) {
      throw new ConfigError(
        path,
        `is a baseline of version ${schemaVersion}, and this program reads version ${VERSION}. Update aks-egress-lint, or write the baseline anew with --write-baseline.`,
        source.positionOf('/schemaVersion'),
      );
    }
  }
  if (!isBaseline(data)) throw schemaErrorIn(path, source, validate.errors ?? []);
  return new Baseline(data.findings);
}

function isBaseline(data: unknown): data is BaselineData {
  return validate(data);
}

function textOf(path: string, cwd: string): string {
  try {
    return decodeText(readFileSync(resolve(cwd, path)), path);
  } catch (error) {
    throw new ConfigError(
      path,
      `the baseline cannot be read: ${readFailure(error)}. --write-baseline writes one.`,
    );
  }
}

function entryOf({ policy, cluster, network, check, about }: BaselineKey): BaselineEntry {
  return {
    policy,
    ...(cluster === null ? {} : { cluster }),
    ...(network === '' ? {} : { network }),
    check,
    about,
  };
}

function idOf({ policy, cluster = '', network = '', check, about }: BaselineEntry): string {
  return [policy, cluster, network, check, about].join('\n');
}

function byMeaning(a: BaselineEntry, b: BaselineEntry): number {
  const [one, two] = [idOf(a), idOf(b)];
  return one < two ? -1 : one > two ? 1 : 0;
}
