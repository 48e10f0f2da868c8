import { didYouMean } from '../profile/did-you-mean.ts';
import { UsageError } from '../errors.ts';
import type { OptionTable } from './options.ts';

/** yargs drops a lone `-`, so it goes through under another name. */
const STDIN = '\0stdin';

export function hideStdin(word: string): string {
  return word === '-' ? STDIN : word;
}

export function withHelp(message: string): string {
  return `${message}\nTry 'aks-egress-lint --help'.`;
}

export function dashed(flag: string): string {
  return flag.length === 1 ? `-${flag}` : `--${flag}`;
}

/** What yargs read for one command, with the checks that yargs leaves out or words badly. */
export class ParsedValues {
  readonly #parsed: Readonly<Record<string, unknown>>;
  /** Words that are no flags. */
  readonly words: readonly string[];

  constructor(command: string, table: OptionTable, parsed: Readonly<Record<string, unknown>>) {
    this.#parsed = parsed;
    const aliases = Object.values(table).flatMap(({ alias }) => (typeof alias === 'string' ? [alias] : []));
    const positional = command === 'lint' ? 'files' : 'check';
    const known = new Set([...Object.keys(table), ...aliases]);
    for (const key of Object.keys(parsed)) {
      if (key === '_' || key === '$0' || key === positional || known.has(key)) continue;
      throw new UsageError(withHelp(`Unknown flag ${dashed(key)}.${suggestFlag(key, Object.keys(table))}`));
    }
    // The first words of `_` are the command's own.
    const rest = strings(parsed['_']).slice(command === 'lint' ? 0 : 1);
    this.words = [...strings(parsed['files']), ...rest].map(restoreStdin);
    if (command !== 'lint' && rest.length > 0) {
      throw new UsageError(withHelp(`Unexpected argument '${restoreStdin(rest[0] ?? '')}'.`));
    }
  }

  flag(name: string): boolean {
    const found = this.#parsed[name];
    return Array.isArray(found) ? found.at(-1) === true : found === true;
  }

  /** The values of a repeatable flag; empty ones are errors. */
  many(name: string): string[] {
    return strings(this.#parsed[name]).map((text) => {
      if (text.trim() === '') throw new UsageError(withHelp(`${dashed(name)} needs a value.`));
      return restoreStdin(text);
    });
  }

  one(name: string, hint = ''): string | undefined {
    const [first, ...others] = this.many(name);
    if (others.length > 0) {
      throw new UsageError(
        withHelp(`${dashed(name)} is given ${others.length + 1} times: give it once.${hint}`),
      );
    }
    return first;
  }

  choice<T extends string>(name: string, choices: readonly T[], hint = ''): T | undefined {
    const text = this.one(name, hint);
    return text === undefined ? undefined : oneOf(dashed(name), text, choices);
  }
}

function strings(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' ? [value] : [];
}

function restoreStdin(text: string): string {
  return text === STDIN ? '-' : text;
}

function suggestFlag(key: string, flags: readonly string[]): string {
  const found = didYouMean(key, flags);
  return found.replace("'", "'--");
}

export function oneOf<T extends string>(what: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(
    withHelp(`${what}: unknown value '${text}'. Expected ${choices.join(', ')}.${didYouMean(text, choices)}`),
  );
}
