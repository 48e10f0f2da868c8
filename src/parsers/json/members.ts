import type { Member, Value } from '../value.ts';

/**
 * How the keys of a document are spelled, by lower-case name; undefined for a name that is spelled in two ways. Objects of
 * one kind share their keys, so that an object with hundreds of sisters finds a member without lowering all its keys.
 */
export class Spellings {
  readonly #lowered = new Map<string, string>();
  readonly #written = new Map<string, string | undefined>();

  /** Takes note of an object's keys. */
  add(raw: Readonly<Record<string, unknown>>): void {
    for (const written of Object.keys(raw)) {
      if (this.#lowered.has(written)) continue;
      const name = written.toLowerCase();
      this.#lowered.set(written, name);
      this.#written.set(name, this.#written.has(name) ? undefined : written);
    }
  }

  has(name: string): boolean {
    return this.#written.has(name);
  }

  of(name: string): string | undefined {
    return this.#written.get(name);
  }
}

/** The members of one object of a document, by lower-case name. Each is made when somebody asks for it. */
export class JsonMembers implements ReadonlyMap<string, Member> {
  readonly #raw: Readonly<Record<string, unknown>>;
  readonly #spellings: Spellings;
  readonly #valueOf: (written: string, raw: unknown) => Value;
  readonly #made = new Map<string, Member>();
  #all: ReadonlyMap<string, Member> | undefined;

  constructor(
    raw: Readonly<Record<string, unknown>>,
    spellings: Spellings,
    valueOf: (written: string, raw: unknown) => Value,
  ) {
    spellings.add(raw);
    this.#raw = raw;
    this.#spellings = spellings;
    this.#valueOf = valueOf;
  }

  get(name: string): Member | undefined {
    if (this.#all !== undefined) return this.#all.get(name);
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const written = this.#spellings.of(name);
    if (written === undefined) return this.#spellings.has(name) ? this.#whole().get(name) : undefined;
    if (!Object.hasOwn(this.#raw, written)) return undefined;
    const member = { name: written, value: this.#valueOf(written, this.#raw[written]) };
    this.#made.set(name, member);
    return member;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    return this.#whole().size;
  }

  keys(): MapIterator<string> {
    return this.#whole().keys();
  }

  values(): MapIterator<Member> {
    return this.#whole().values();
  }

  entries(): MapIterator<[string, Member]> {
    return this.#whole().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Member]> {
    return this.entries();
  }

  forEach(
    callback: (member: Member, name: string, map: ReadonlyMap<string, Member>) => void,
    thisArg?: unknown,
  ): void {
    this.#whole().forEach(callback, thisArg);
  }

  /** All of them, in order; of keys that differ in case only, the last one counts. */
  #whole(): ReadonlyMap<string, Member> {
    if (this.#all === undefined) {
      const all = new Map<string, Member>();
      for (const [written, raw] of Object.entries(this.#raw)) {
        const name = written.toLowerCase();
        const made = this.#made.get(name);
        all.set(name, made?.name === written ? made : { name: written, value: this.#valueOf(written, raw) });
      }
      this.#all = all;
    }
    return this.#all;
  }
}
