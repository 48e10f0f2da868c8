import type { ResourceEntry } from './entry.ts';
import { segmentsOf } from './ids.ts';

/**
 * Finds resources of one template by symbolic name, id or name. Only resources that may be meant are named for it: the
 * name of another one may need what is being looked for.
 */
export class EntryIndex {
  readonly #entries: () => readonly ResourceEntry[];
  /** False as long as the list of resources is being made. */
  readonly #isComplete: () => boolean;
  #symbols: ReadonlyMap<string, ResourceEntry> | undefined;
  /** By type in lower case; '' is all of them. */
  readonly #keys = new Map<string, ReadonlyMap<string, readonly ResourceEntry[]>>();

  constructor(entries: () => readonly ResourceEntry[], isComplete: () => boolean) {
    this.#entries = entries;
    this.#isComplete = isComplete;
  }

  /** `key` is in lower case. Resources that are not deployed are not found, and definitions before `existing` ones. */
  find(key: string): ResourceEntry | undefined {
    const symbol = this.#bySymbol().get(key);
    if (symbol !== undefined && symbol.condition !== false) return symbol;
    const type = typeOf(key);
    const entries =
      this.#ofType(type).get(key) ?? (key.startsWith('/') ? undefined : this.#ofType('').get(key));
    return entries?.find(({ existing }) => !existing) ?? entries?.[0];
  }

  #bySymbol(): ReadonlyMap<string, ResourceEntry> {
    if (this.#symbols !== undefined) return this.#symbols;
    const symbols = new Map<string, ResourceEntry>();
    for (const entry of this.#entries()) {
      const { symbolicName, copyIndex } = entry;
      if (symbolicName === undefined) continue;
      symbols.set(copyIndex === undefined ? symbolicName : `${symbolicName}[${copyIndex}]`, entry);
    }
    if (this.#isComplete()) this.#symbols = symbols;
    return symbols;
  }

  #ofType(type: string): ReadonlyMap<string, readonly ResourceEntry[]> {
    const known = this.#keys.get(type);
    if (known !== undefined) return known;
    const keys = new Map<string, ResourceEntry[]>();
    let complete = true;
    const add = (key: string, entry: ResourceEntry): void => {
      const before = keys.get(key);
      if (before === undefined) keys.set(key, [entry]);
      else before.push(entry);
    };
    for (const entry of this.#entries()) {
      if (type !== '' && entry.type.toLowerCase() !== type) continue;
      if (entry.isBeingNamed) {
        complete = false;
        continue;
      }
      if (entry.condition === false) continue;
      add(entry.id, entry);
      add(entry.name.text.toLowerCase(), entry);
      // `Microsoft.Network/publicIPAddresses/name`, the older form.
      add(entry.id.replace(/^.*\/providers\//, ''), entry);
    }
    if (complete && this.#isComplete()) this.#keys.set(type, keys);
    return keys;
  }
}

/** The type that an id speaks of; '' for a name. */
function typeOf(key: string): string {
  const provider = key.lastIndexOf('/providers/');
  const [space = '', ...segments] = segmentsOf(
    provider < 0 ? key : key.slice(provider + '/providers/'.length),
  );
  if (!space.includes('.')) return '';
  return [space, ...segments.filter((_, at) => at % 2 === 0)].join('/');
}
